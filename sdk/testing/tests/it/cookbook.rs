//! The contracts of `contracts/cookbook`, natively.

#[path = "../../../../contracts/cookbook/examples/dealers_by_day.rs"]
pub mod dealers_by_day;
#[path = "../../../../contracts/cookbook/examples/inspected.rs"]
pub mod inspected;
#[path = "../../../../contracts/cookbook/examples/quota.rs"]
pub mod quota;
#[path = "../../../../contracts/cookbook/examples/shared_list.rs"]
pub mod shared_list;
#[path = "../../../../contracts/cookbook/examples/warranty.rs"]
pub mod warranty;
