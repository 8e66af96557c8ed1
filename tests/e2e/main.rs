//! The binary as its users meet it: started, typed at, killed, and started again.

mod first_command;
mod node;
mod pallet;
