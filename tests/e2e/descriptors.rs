//! The limit on open files: connections are refused before the store lacks a file.

use crate::made::{Made, Running};
use crate::node::address;
use crate::run::load;
use marque_client::api::ChainHead;
use std::net::TcpStream;
use std::time::{Duration, Instant};

/// A node may have so many files open; the least that it starts with is 48.
const FILES: u32 = 64;
/// Connections that someone opens.
const FLOOD: usize = 300;

fn open_files(node: &Running) -> Option<usize> {
    let files = std::fs::read_dir(format!("/proc/{}/fd", node.id())).ok()?;
    Some(files.count())
}

/// Time on a processor, in hundredths of a second.
fn spent(node: &Running) -> Option<u64> {
    let line = std::fs::read_to_string(format!("/proc/{}/stat", node.id())).ok()?;
    let (_, fields) = line.rsplit_once(')')?;
    let fields: Vec<&str> = fields.split_whitespace().collect();
    Some(fields.get(11)?.parse::<u64>().ok()? + fields.get(12)?.parse::<u64>().ok()?)
}

fn with_few_files(engine: &str) {
    let made = Made::with(&["--registrar", &address("judy").to_string()]);
    let arguments = ["--store", engine];
    let limit = format!("ulimit -n {FILES}");
    let mut node = Running::start(&made, made.limited(&limit, &arguments));
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let lanes: Vec<_> = (0..3)
        .map(|lane| runtime.spawn(load(node.client(), lane)))
        .collect();
    std::thread::sleep(Duration::from_secs(1));
    let before = height(&node, &runtime);
    let host = node.url.trim_start_matches("http://").to_owned();
    let begin = Instant::now();
    let mut flood = Vec::new();
    while begin.elapsed() < Duration::from_secs(3) {
        if flood.len() < FLOOD {
            flood.extend(TcpStream::connect(&host));
        } else {
            std::thread::sleep(Duration::from_millis(20));
        }
        if let Some(files) = open_files(&node) {
            assert!(files < FILES as usize, "{files} files are open");
        }
    }
    assert!(node.runs(), "{}", node.said());
    for lane in &lanes {
        assert!(
            !lane.is_finished(),
            "who was served is served on: {}",
            node.said()
        );
    }
    drop(flood);
    let begin = Instant::now();
    while height_now(&node, &runtime).is_none_or(|now| now <= before) {
        assert!(begin.elapsed() < Duration::from_secs(20), "{}", node.said());
        std::thread::sleep(Duration::from_millis(100));
    }
    assert!(!node.said().contains("panicked"), "{}", node.said());
    assert!(node.said().lines().count() < 100, "{}", node.said());
    node.signal("TERM");
    let (status, said) = node.ends();
    assert!(status.success(), "{said}");
    let mut acknowledged = Vec::new();
    for lane in lanes {
        acknowledged.extend(runtime.block_on(lane).unwrap());
    }
    assert!(acknowledged.len() > 20, "{}", acknowledged.len());
    let node = made.run(&arguments);
    let client = node.client();
    for id in &acknowledged {
        let receipt = runtime.block_on(client.receipt(*id)).unwrap();
        assert!(receipt.is_some(), "{id} was acknowledged and is lost");
    }
    println!("{} acknowledged, none lost", acknowledged.len());
}

fn height_now(node: &Running, runtime: &tokio::runtime::Runtime) -> Option<u64> {
    let client = node.client();
    let head = runtime.block_on(client.call(&ChainHead {})).ok()?;
    Some(head.height.0)
}

fn height(node: &Running, runtime: &tokio::runtime::Runtime) -> u64 {
    height_now(node, runtime).unwrap_or_else(|| panic!("no answer: {}", node.said()))
}

#[test]
fn a_node_on_redb_with_few_files_refuses_connections_and_goes_on() {
    with_few_files("redb");
}

#[test]
fn a_node_on_sled_with_few_files_refuses_connections_and_goes_on() {
    with_few_files("sled");
}

#[test]
fn an_idle_node_that_refuses_connections_does_not_spin() {
    let made = Made::new();
    let node = Running::start(&made, made.limited(&format!("ulimit -n {FILES}"), &[]));
    let host = node.url.trim_start_matches("http://").to_owned();
    let _flood: Vec<_> = (0..FLOOD).map(|_| TcpStream::connect(&host)).collect();
    std::thread::sleep(Duration::from_secs(1));
    let Some(before) = spent(&node) else {
        println!("not measured: the system does not say what a process has spent");
        return;
    };
    std::thread::sleep(Duration::from_secs(2));
    let spent = spent(&node).unwrap() - before;
    assert!(spent < 60, "{spent} hundredths of a second in two");
    assert!(node.terminate().0.success());
}

#[test]
fn with_too_few_files_a_start_says_what_to_raise() {
    let made = Made::new();
    for files in [47, 24, 12] {
        let mut command = made.limited(&format!("ulimit -n {files}"), &[]);
        let output = command.output().unwrap();
        let error = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(1), "{error}");
        let says = format!("may open {files} files, and a node needs 48; raise the limit");
        assert!(error.contains(&says), "{error}");
        assert!(!made.path("node/data").exists(), "nothing is begun");
    }
    let enough = made.limited("ulimit -n 48", &[]);
    assert!(Running::start(&made, enough).terminate().0.success());
}
