//! The binary as its users meet it: started, typed at, killed, and started again.

#![allow(clippy::unwrap_used, clippy::panic)]

mod capture;
mod crash;
mod credential;
mod db;
mod descriptors;
mod endings;
mod export;
mod first_command;
mod full;
mod handbook;
mod hostile;
mod inbox;
mod keys;
mod made;
mod node;
mod pallet;
mod readonly;
mod run;
mod scaffold;
mod shell;
mod trial;
mod verify;
mod widget;
