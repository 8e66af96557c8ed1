//! Marque on the command line: one binary that runs a chain, writes to it, and reads it.
//!
//! **Knows nothing about** custody: a command builds the JSON of an action, signs it and
//! prints what the node answers; the rules live in the ledger and in contracts.
//!
//! Start reading at [`args`] (what can be typed), then `output` (how it is answered) and
//! `failure` (how it says no); each command is the module of its name.

mod act;
mod args;
mod bench;
mod capture;
mod config;
mod contract;
mod db;
mod dev;
mod export;
mod failure;
mod genesis;
mod identify;
mod inbox;
mod init;
mod keys;
mod names;
mod node;
mod output;
mod ready;
mod receipt;
mod registry;
mod run;
mod secrecy;
mod signing;
mod submit;
mod trace;
mod words;

use args::{Args, Command};
use clap::Parser as _;
use failure::Failure;
use output::Output;
use std::process::ExitCode;

fn main() -> ExitCode {
    secrecy::keep();
    let args = Args::parse();
    if let Command::CompileChild = args.command {
        return contract::compile_child();
    }
    let output = Output::new(args.json);
    match command(args.command, &output) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => failure.report(&output),
    }
}

fn command(command: Command, output: &Output) -> Result<(), Failure> {
    match command {
        Command::Dev(args) => dev::run(&args, output),
        Command::Init(args) => init::run(&args, output),
        Command::Run(args) => run::run(&args, output),
        Command::Id(args) => identify::run(&args, output),
        Command::Key(args) => keys::run(&args, output),
        Command::Brand(args) => registry::run_brand(&args, output),
        Command::Party(args) => registry::run_party(&args, output),
        Command::Credential(args) => registry::run_credential(&args, output),
        Command::Product(args) => registry::run_product(&args, output),
        Command::Trace(args) => trace::run(&args, output),
        Command::Inbox(args) => inbox::run(&args, output),
        Command::Capture(args) => capture::run(&args, output),
        Command::Export(args) => export::run(&args, output),
        Command::Contract(args) => contract::run(&args, output),
        Command::Db(args) => db::run(&args, output),
        Command::Submit(args) => submit::run(&args, output),
        Command::Act(act) => act::run(&act, output),
        // Its exit codes are its answer: see `main`.
        Command::CompileChild => Ok(()),
        Command::Bench(args) => bench::run(&args, output),
    }
}
