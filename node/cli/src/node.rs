//! The node that a command talks to.

use crate::failure::Failure;
use clap::Args;
use marque_client::api::Method;
use marque_client::{Client, ClientError, api};
use marque_primitives::Address;
use std::cell::OnceCell;

/// Items that are asked for at a time.
pub const PAGE: u32 = 1_000;

/// Which node.
#[derive(Args, Clone, Debug)]
pub struct NodeArgs {
    /// The node's JSON-RPC
    #[arg(
        long,
        value_name = "URL",
        env = "MARQUE_RPC",
        default_value = "http://127.0.0.1:9944",
        help_heading = "Node"
    )]
    pub rpc: String,
}

/// A connection to a node, for a command that does one thing after the other.
pub struct Node {
    client: Client,
    url: String,
    runtime: tokio::runtime::Runtime,
    info: OnceCell<api::Info>,
}

impl Node {
    /// Nothing is sent yet.
    pub fn new(args: &NodeArgs) -> Result<Self, Failure> {
        let url = match args.rpc.contains("://") {
            true => args.rpc.clone(),
            false => format!("http://{}", args.rpc),
        };
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(|error| Failure::new(format!("no thread to work on: {error}"), ""))?;
        let client = runtime.block_on(async { Client::new(&url) })?;
        Ok(Self {
            client,
            url,
            runtime,
            info: OnceCell::new(),
        })
    }

    /// The typed client, for work that goes on beside other work.
    pub fn client(&self) -> &Client {
        &self.client
    }

    /// Waits for an answer.
    pub fn wait<T>(
        &self,
        answer: impl Future<Output = Result<T, ClientError>>,
    ) -> Result<T, Failure> {
        self.runtime
            .block_on(answer)
            .map_err(|error| self.failure(error))
    }

    /// The same, and nothing where the node does not know what was asked for (3xxx).
    pub fn find<T>(
        &self,
        answer: impl Future<Output = Result<T, ClientError>>,
    ) -> Result<Option<T>, Failure> {
        match self.runtime.block_on(answer) {
            Ok(value) => Ok(Some(value)),
            Err(ClientError::Node {
                code: 3_000..=3_999,
                ..
            }) => Ok(None),
            Err(error) => Err(self.failure(error)),
        }
    }

    /// Calls a method.
    pub fn call<M: Method>(&self, method: &M) -> Result<M::Output, Failure> {
        self.wait(self.client.call(method))
    }

    /// Calls a method about something that need not be there.
    pub fn look_up<M: Method>(&self, method: &M) -> Result<Option<M::Output>, Failure> {
        self.find(self.client.call(method))
    }

    /// All of a list, page after page; `page` makes the call that goes on at a cursor.
    pub fn all<M, T>(&self, page: impl Fn(Option<String>) -> M) -> Result<Vec<T>, Failure>
    where
        M: Method<Output = api::Page<T>>,
    {
        let (mut items, mut cursor) = (Vec::new(), None);
        loop {
            let next = self.call(&page(cursor))?;
            items.extend(next.items);
            match next.cursor {
                Some(more) => cursor = Some(more),
                None => return Ok(items),
            }
        }
    }

    /// What the node is; asked for once.
    pub fn info(&self) -> Result<&api::Info, Failure> {
        if let Some(info) = self.info.get() {
            return Ok(info);
        }
        let info = self.wait(self.client.info())?;
        Ok(self.info.get_or_init(|| info))
    }

    /// The party behind a location, party number or account, if it is registered.
    pub fn party(&self, name: &str) -> Result<Option<api::Party>, Failure> {
        self.look_up(&api::RegistryParty { party: name.into() })
    }

    /// An account named by its address, a registered GLN or PGLN, or the name of a
    /// development account.
    pub fn account(&self, name: &str) -> Result<Address, Failure> {
        if let Some(account) = crate::signing::development(self, name)? {
            return Ok(account.address());
        }
        if name.starts_with("0x") {
            return name.parse().map_err(|error| {
                Failure::usage(format!("{name}: {error}"), "copy the address whole")
            });
        }
        match self.party(name)? {
            Some(party) => Ok(party.address),
            None => Err(Failure::new(
                format!("no party is registered with {name}"),
                "see `marque party list`, or name it by its account's address",
            )),
        }
    }

    fn failure(&self, error: ClientError) -> Failure {
        match &error {
            ClientError::Transport(cause) => Failure::new(
                format!("no node answers at {}: {cause}", self.url),
                "start one with `marque dev`, or name another with --rpc",
            ),
            _ => error.into(),
        }
    }
}

impl From<ClientError> for Failure {
    fn from(error: ClientError) -> Self {
        match error {
            ClientError::Node {
                code,
                message,
                data: Some(data),
            } => {
                let expected = data
                    .expected
                    .map_or_else(String::new, |expected| format!(" (expected {expected})"));
                Self::new(
                    format!("{message}{expected} [{} {code}]", data.name),
                    data.remedy.unwrap_or_default(),
                )
            }
            other => Self::new(other.to_string(), ""),
        }
    }
}
