//! The commands that do one thing: `marque offer …`. Each is a row of [`verbs`]: its
//! arguments become the JSON of one action, which is read as `marque submit` reads it.

mod arguments;
mod detail;
pub mod things;
mod verbs;

#[cfg(test)]
mod tests;

pub use arguments::Act;

use crate::failure::Failure;
use crate::node::Node;
use crate::output::Output;
use crate::signing::SigningArgs;
use crate::submit::{self, Sending};
use marque_primitives::action::Action;
use serde_json::Value;

/// One action, signed and sent.
pub fn run(act: &Act, output: &Output) -> Result<(), Failure> {
    let node = Node::new(&act.node)?;
    let mut fields = act.fields.clone();
    for name in act.verb.parties() {
        resolve(&mut fields, name, &node)?;
    }
    let action = action(act.verb.action, fields)?;
    let sending = Sending {
        signing: &act.signing,
        dry_run: act.dry_run,
    };
    submit::send(vec![action], &sending, &node, output)
}

/// Development accounts go by their names, which the ledger does not know.
fn resolve(
    fields: &mut serde_json::Map<String, Value>,
    name: &str,
    node: &Node,
) -> Result<(), Failure> {
    let resolved = |text: &str| -> Result<Option<Value>, Failure> {
        match crate::dev::accounts::is_named(text) {
            true => Ok(Some(node.account(text)?.to_string().into())),
            false => Ok(None),
        }
    };
    let Some(named) = at(fields, name) else {
        return Ok(());
    };
    match named {
        Value::String(text) => {
            if let Some(address) = resolved(text)? {
                *named = address;
            }
        }
        Value::Array(list) => {
            for item in list {
                if let Some(address) = item.as_str().map(resolved).transpose()?.flatten() {
                    *item = address;
                }
            }
        }
        _ => {}
    }
    Ok(())
}

/// The value under a path of names.
fn at<'f>(fields: &'f mut serde_json::Map<String, Value>, path: &str) -> Option<&'f mut Value> {
    let mut names = path.split('.');
    let mut at = fields.get_mut(names.next()?)?;
    for name in names {
        at = at.get_mut(name)?;
    }
    Some(at)
}

/// The action that `{"name": {fields}}` stands for.
pub fn action(name: &str, fields: serde_json::Map<String, Value>) -> Result<Action, Failure> {
    let tagged = std::iter::once((name.to_string(), Value::Object(fields))).collect();
    serde_json::from_value(Value::Object(tagged)).map_err(|error| {
        Failure::usage(error.to_string(), "see --help for the forms that are taken")
    })
}

/// What a command that acts has in common with others.
#[derive(clap::Args, Clone, Debug)]
pub struct Common {
    #[command(flatten)]
    pub signing: SigningArgs,
    #[command(flatten)]
    pub node: crate::node::NodeArgs,
    /// Only say what would happen
    #[arg(long)]
    pub dry_run: bool,
}
