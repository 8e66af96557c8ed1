//! The contracts of `tests/contracts`, natively.

#[path = "../../../../tests/contracts/examples/asking.rs"]
pub mod asking;
#[path = "../../../../tests/contracts/examples/failing.rs"]
pub mod failing;
#[path = "../../../../tests/contracts/examples/leaky.rs"]
pub mod leaky;
#[path = "../../../../tests/contracts/examples/width.rs"]
pub mod width;
