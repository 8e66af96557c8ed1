//! What the ledger calls in a contract: exports without parameters or results, whose input
//! and answer pass through the host calls `input` and `output`.

/// The memory every contract exports, for the host to copy bytes in and out.
pub const MEMORY: &str = "memory";

/// What a rule's export begins with; the rest names the movement that it judges.
pub const RULE_PREFIX: &str = "rule_";

/// The longest export name, in bytes.
pub const MAX_NAME: usize = 48;

/// An entry of a contract.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Entry<'a> {
    /// Runs once, when the contract is put on the chain.
    Init,
    /// Runs once after an upgrade, on the old code's storage.
    Migrate,
    /// A message from an account.
    Message,
    /// A question; writes nothing.
    Query,
    /// The rule for one kind of movement, by the kind's name (`offer` for `rule_offer`).
    /// A contract without the rule is not asked.
    Rule(&'a str),
}

impl<'a> Entry<'a> {
    /// The entry that an export of this name is, if it is one.
    pub fn from_export(name: &'a str) -> Option<Self> {
        match name {
            "init" => Some(Self::Init),
            "migrate" => Some(Self::Migrate),
            "message" => Some(Self::Message),
            "query" => Some(Self::Query),
            _ => {
                let kind = name.strip_prefix(RULE_PREFIX)?;
                let plain = kind
                    .bytes()
                    .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
                (plain && !kind.is_empty() && name.len() <= MAX_NAME).then_some(Self::Rule(kind))
            }
        }
    }

    /// Whether `name` is this entry's export.
    pub fn is_export(self, name: &str) -> bool {
        match self {
            Self::Init => name == "init",
            Self::Migrate => name == "migrate",
            Self::Message => name == "message",
            Self::Query => name == "query",
            Self::Rule(kind) => name.strip_prefix(RULE_PREFIX) == Some(kind),
        }
    }
}

impl core::fmt::Display for Entry<'_> {
    /// The export's name.
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::Init => f.write_str("init"),
            Self::Migrate => f.write_str("migrate"),
            Self::Message => f.write_str("message"),
            Self::Query => f.write_str("query"),
            Self::Rule(kind) => write!(f, "{RULE_PREFIX}{kind}"),
        }
    }
}
