//! The contracts of `contracts/cookbook`, natively.

#[path = "../../../../contracts/cookbook/examples/by_weight.rs"]
pub mod by_weight;
#[path = "../../../../contracts/cookbook/examples/complaints.rs"]
pub mod complaints;
#[path = "../../../../contracts/cookbook/examples/dealers_by_day.rs"]
pub mod dealers_by_day;
#[path = "../../../../contracts/cookbook/examples/dealers_by_terms.rs"]
pub mod dealers_by_terms;
#[path = "../../../../contracts/cookbook/examples/inspected.rs"]
pub mod inspected;
#[path = "../../../../contracts/cookbook/examples/one_region.rs"]
pub mod one_region;
#[path = "../../../../contracts/cookbook/examples/printed.rs"]
pub mod printed;
#[path = "../../../../contracts/cookbook/examples/quota.rs"]
pub mod quota;
#[path = "../../../../contracts/cookbook/examples/shared_list.rs"]
pub mod shared_list;
#[path = "../../../../contracts/cookbook/examples/warranty.rs"]
pub mod warranty;
