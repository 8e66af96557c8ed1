//! The table of commands as clap's commands, and what was typed as JSON fields.

use super::Common;
use super::detail::DetailArgs;
use super::things;
use super::verbs::{Field, Form, VERBS, Verb};
use crate::node::NodeArgs;
use crate::signing::SigningArgs;
use clap::error::ErrorKind;
use clap::{Arg, ArgAction, ArgGroup, ArgMatches, Args as _, Command, FromArgMatches, Subcommand};
use serde_json::{Map, Value};

/// A one-action command as it was typed.
#[derive(Debug)]
pub struct Act {
    /// Which.
    pub verb: &'static Verb,
    /// The action's fields.
    pub fields: Map<String, Value>,
    /// Who signs.
    pub signing: SigningArgs,
    /// The node.
    pub node: NodeArgs,
    /// Whether it is only tried.
    pub dry_run: bool,
}

impl Subcommand for Act {
    fn augment_subcommands(command: Command) -> Command {
        command.subcommands(VERBS.iter().map(command_of))
    }

    fn augment_subcommands_for_update(command: Command) -> Command {
        Self::augment_subcommands(command)
    }

    fn has_subcommand(name: &str) -> bool {
        VERBS.iter().any(|verb| verb.name == name)
    }
}

impl FromArgMatches for Act {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let missing = || clap::Error::raw(ErrorKind::MissingSubcommand, "no command is named\n");
        let (name, matches) = matches.subcommand().ok_or_else(missing)?;
        let verb = VERBS.iter().find(|verb| verb.name == name);
        let verb = verb.ok_or_else(missing)?;
        let mut fields = Map::new();
        for field in verb.fields {
            if let Some(value) = value_of(field, matches).map_err(|words| wrong(field, &words))? {
                put(&mut fields, field.json, value);
            }
        }
        let detail = DetailArgs::from_arg_matches(matches)?;
        fields.extend(detail.fields().map_err(|words| raw(&words))?);
        let common = Common::from_arg_matches(matches)?;
        Ok(Self {
            verb,
            fields,
            signing: common.signing,
            node: common.node,
            dry_run: common.dry_run,
        })
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

fn command_of(verb: &'static Verb) -> Command {
    let command = Command::new(verb.name).args(verb.fields.iter().map(arg_of));
    let choices: Vec<&str> = verb
        .fields
        .iter()
        .filter(|field| field.choice)
        .map(|field| field.json)
        .collect();
    let command = match choices.is_empty() {
        true => command,
        false => command.group(ArgGroup::new("target").args(choices).required(true)),
    };
    // What is said of the groups of arguments is not said of the command.
    Common::augment_args(DetailArgs::augment_args(command))
        .about(verb.about)
        .long_about(None)
        .after_help(format!("Example:\n  {}", verb.example))
        .arg_required_else_help(true)
}

fn arg_of(field: &'static Field) -> Arg {
    let action = match field.form.is_list() {
        true => ArgAction::Append,
        false => ArgAction::Set,
    };
    let arg = Arg::new(field.json)
        .value_name(field.value)
        .help(field.help)
        .required(field.required)
        .action(action);
    match field.flag {
        Some(flag) => arg.long(flag),
        None if field.form.is_list() => arg.num_args(1..),
        None => arg,
    }
}

fn value_of(field: &Field, matches: &ArgMatches) -> Result<Option<Value>, String> {
    let given = matches.get_many::<String>(field.json);
    let Some(texts) = given.filter(|texts| texts.len() > 0) else {
        return Ok(None);
    };
    let mut texts = texts.map(String::as_str);
    Ok(Some(match field.form {
        Form::Things => texts
            .map(things::read)
            .collect::<Result<Vec<_>, _>>()?
            .into(),
        Form::Texts | Form::Parties => texts.collect(),
        Form::Number => {
            let text = texts.next().unwrap_or_default();
            let number = text.parse::<u64>();
            number.map_err(|_| format!("{text} is no number"))?.into()
        }
        Form::Text | Form::Party => texts.next().map(text_of).into(),
    }))
}

/// The CBV writes event hashes as named information; the ledger's JSON has their bytes.
fn text_of(text: &str) -> String {
    let hash = marque_epcis::EventHash::parse(text).filter(|_| text.starts_with("ni:"));
    match hash {
        Some(hash) => marque_primitives::Hash(hash.0).to_string(),
        None => text.to_string(),
    }
}

/// Puts a value under a path of names.
fn put(fields: &mut Map<String, Value>, path: &str, value: Value) {
    match path.split_once('.') {
        None => {
            fields.insert(path.into(), value);
        }
        Some((outer, inner)) => {
            let object = fields.entry(outer).or_insert_with(|| Map::new().into());
            if let Some(object) = object.as_object_mut() {
                put(object, inner, value);
            }
        }
    }
}

fn wrong(field: &Field, words: &str) -> clap::Error {
    let name = match field.flag {
        Some(flag) => format!("--{flag}"),
        None => field.value.to_string(),
    };
    raw(&format!("{name}: {words}"))
}

fn raw(words: &str) -> clap::Error {
    clap::Error::raw(ErrorKind::ValueValidation, format!("{words}\n"))
}
