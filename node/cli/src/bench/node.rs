//! The node under load: one that runs already, or a child of its own with a folder that is
//! removed afterwards.

use super::failed;
use crate::failure::Failure;
use serde::Deserialize;
use std::net::{SocketAddr, ToSocketAddrs as _};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

/// A node that answers.
pub struct Node {
    address: SocketAddr,
    own: Option<(Child, PathBuf)>,
}

#[derive(Deserialize)]
struct Ready {
    rpc: String,
}

impl Node {
    /// A node that runs already.
    pub fn at(url: &str) -> Result<Self, Failure> {
        let host = url.trim_start_matches("http://").trim_end_matches('/');
        // A name may stand for several addresses; a node listens on IPv4 unless told otherwise.
        let found = host.to_socket_addrs().map(Iterator::collect::<Vec<_>>);
        let found = found.unwrap_or_default();
        let address = found.iter().find(|address| address.is_ipv4());
        match address.or(found.first()) {
            Some(address) => Ok(Self {
                address: *address,
                own: None,
            }),
            None => Err(Failure::usage(
                format!("{url} is not the address of a node"),
                "write it as http://127.0.0.1:9944",
            )),
        }
    }

    /// Starts a development node without its sample on a free port.
    pub async fn start() -> Result<Self, Failure> {
        let folder = std::env::temp_dir().join(format!("marque-bench-{}", std::process::id()));
        std::fs::create_dir_all(&folder).map_err(failed)?;
        let ready = folder.join("ready.json");
        let child = Command::new(std::env::current_exe().map_err(failed)?)
            .args(["dev", "--no-sample", "--rpc", "127.0.0.1:0", "--data"])
            .arg(folder.join("data"))
            .arg("--ready-file")
            .arg(&ready)
            .stdout(Stdio::null())
            .stderr(Stdio::inherit())
            .spawn()
            .map_err(failed)?;
        let mut node = Self {
            address: SocketAddr::from(([127, 0, 0, 1], 0)),
            own: Some((child, folder)),
        };
        for _ in 0..600 {
            if let Ok(bytes) = std::fs::read(&ready) {
                let ready: Ready = serde_json::from_slice(&bytes).map_err(failed)?;
                node.address = Self::at(&ready.rpc)?.address;
                return Ok(node);
            }
            if let Some((child, _)) = &mut node.own
                && let Some(status) = child.try_wait().map_err(failed)?
            {
                return Err(Failure::new(
                    format!("the node ended with {status}"),
                    "see what it wrote above",
                ));
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        Err(Failure::new(
            "the node did not answer within a minute",
            "see what it wrote above",
        ))
    }

    /// Where it answers.
    pub fn address(&self) -> SocketAddr {
        self.address
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        if let Some((child, folder)) = &mut self.own {
            // A child that ended already cannot be killed, and its folder may be gone.
            let _ = child.kill();
            let _ = child.wait();
            let _ = std::fs::remove_dir_all(folder);
        }
    }
}
