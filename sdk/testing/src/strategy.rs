//! Property tests: proptest's strategies for identifiers, things and movements. They shrink
//! to the least that fails.
//!
//! ```
//! use marque_testing::proptest::prelude::*;
//! use marque_testing::{World, compile_example, strategy};
//!
//! proptest! {
//!     #![proptest_config(ProptestConfig::with_cases(4))]
//!     # fn whatever_is_tried(
//!     #     moves in strategy::movements(vec![strategy::first_product()], vec!["alice", "bob"], 1..12),
//!     # ) { tried(moves)?; }
//! }
//! # use marque_primitives::action::Operation;
//! // In a test: fn consumers_get_none(moves in strategy::movements(…)) {
//! fn tried(moves: Vec<(String, Operation)>) -> Result<(), TestCaseError> {
//!     let mut world = World::new();
//!     let code = compile_example("marque-sdk", "smallest");
//!     let rules = world.by("alice").deploy(&code, &()).contract();
//!     let drill = world.product("alice", "Drill", rules);
//!     prop_assert_eq!(drill, strategy::first_product());
//!     for (who, operation) in moves {
//!         let release = matches!(operation, Operation::Release { .. });
//!         let ended = world.by(&who).operate(operation).ends();
//!         prop_assert!(!(release && ended.is_ok()));
//!     }
//!     Ok(())
//! }
//! # whatever_is_tried();
//! ```

use crate::goods::{Pallet, Product, amount};
use core::ops::Range;
use marque_primitives::action::{Operation, PartyRef, Right, Things};
use marque_primitives::bounded::List;
use marque_primitives::gs1::{Gln, Gtin, LotNumber, Serial, Sscc};
use marque_primitives::thing::{LotId, Thing};
use marque_primitives::{Address, Amount, Decimal};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

/// Serials that things are made of: few, so that movements meet.
const SERIALS: Range<u64> = 1..40;
const LOTS: [&str; 2] = ["A", "B"];

/// A GTIN of 13 digits and its check digit.
///
/// ```
/// use marque_primitives::gs1::Gtin;
/// use marque_testing::proptest::prelude::*;
/// use marque_testing::strategy;
///
/// proptest!(|(gtin in strategy::gtin())| {
///     prop_assert!(Gtin::new(&gtin.to_string()).is_ok());
/// });
/// ```
pub fn gtin() -> impl Strategy<Value = Gtin> {
    (0..10_000_000_000_000u64).prop_map(|body| Gtin::from_body(body).expect("thirteen digits"))
}

/// A GLN.
///
/// ```
/// use marque_testing::proptest::prelude::*;
/// use marque_testing::strategy;
///
/// proptest!(|(gln in strategy::gln())| {
///     prop_assert_eq!(gln.to_string().len(), 13);
/// });
/// ```
pub fn gln() -> impl Strategy<Value = Gln> {
    (0..1_000_000_000_000u64).prop_map(|body| Gln::from_body(body).expect("twelve digits"))
}

/// An SSCC.
///
/// ```
/// use marque_testing::proptest::prelude::*;
/// use marque_testing::strategy;
///
/// proptest!(|(sscc in strategy::sscc())| {
///     prop_assert_eq!(sscc.to_string().len(), 18);
/// });
/// ```
pub fn sscc() -> impl Strategy<Value = Sscc> {
    let bodies = 0..100_000_000_000_000_000u64;
    bodies.prop_map(|body| Sscc::from_body(body).expect("seventeen digits"))
}

/// A serial: of one to twenty digits, or text.
///
/// ```
/// use marque_testing::proptest::prelude::*;
/// use marque_testing::strategy;
///
/// proptest!(|(serial in strategy::serial())| {
///     prop_assert!((1..=20).contains(&serial.as_str().len()));
/// });
/// ```
pub fn serial() -> impl Strategy<Value = Serial> {
    let text = "[A-Za-z0-9!%*/_-]{1,20}";
    let text = text.prop_map(|text| Serial::new(&text).expect("a serial"));
    let digits = "[0-9]{1,20}".prop_map(|text| Serial::new(&text).expect("a serial"));
    prop_oneof![digits, text]
}

/// A lot number.
///
/// ```
/// use marque_testing::proptest::prelude::*;
/// use marque_testing::strategy;
///
/// proptest!(|(lot in strategy::lot_number())| {
///     prop_assert!((1..=20).contains(&lot.as_str().len()));
/// });
/// ```
pub fn lot_number() -> impl Strategy<Value = LotNumber> {
    "[A-Za-z0-9!%*/_-]{1,20}".prop_map(|text| LotNumber::new(&text).expect("a lot number"))
}

/// A lot.
///
/// ```
/// use marque_primitives::gs1::Gtin;
/// use marque_testing::proptest::prelude::*;
/// use marque_testing::strategy;
///
/// proptest!(|(lot in strategy::lot())| {
///     prop_assert!(Gtin::new(&lot.gtin.to_string()).is_ok());
/// });
/// ```
pub fn lot() -> impl Strategy<Value = LotId> {
    (gtin(), lot_number()).prop_map(|(gtin, lot)| LotId { gtin, lot })
}

/// An account's address.
///
/// ```
/// use marque_testing::proptest::prelude::*;
/// use marque_testing::strategy;
///
/// proptest!(|(address in strategy::address())| {
///     prop_assert_eq!(address.to_string().parse(), Ok(address));
/// });
/// ```
pub fn address() -> impl Strategy<Value = Address> {
    any::<[u8; 20]>().prop_map(Address)
}

/// A number of up to nine fraction digits, negative ones too.
///
/// ```
/// use marque_testing::proptest::prelude::*;
/// use marque_testing::strategy;
///
/// proptest!(|(decimal in strategy::decimal())| {
///     prop_assert_eq!(decimal.to_string().parse(), Ok(decimal));
/// });
/// ```
pub fn decimal() -> impl Strategy<Value = Decimal> {
    any::<i64>().prop_map(|value| Decimal(value.into()))
}

/// A positive quantity, counted, weighed or measured.
///
/// ```
/// use marque_testing::proptest::prelude::*;
/// use marque_testing::strategy;
///
/// proptest!(|(quantity in strategy::quantity())| {
///     prop_assert!(quantity.value.is_positive());
/// });
/// ```
pub fn quantity() -> impl Strategy<Value = Amount> {
    let units = select(vec![None, Some("KGM"), Some("GRM"), Some("LTR")]);
    (1..1_000_000u64, units).prop_map(|(value, unit)| amount(&value.to_string(), unit))
}

/// Items, a quantity of a lot, or a pallet; few, so that movements meet.
///
/// ```
/// use marque_primitives::thing::Thing;
/// use marque_testing::proptest::prelude::*;
/// use marque_testing::strategy;
///
/// proptest!(|(thing in strategy::thing(vec![strategy::first_product()]))| {
///     prop_assert!(!matches!(thing, Thing::Opaque(_)));
/// });
/// ```
pub fn thing(products: Vec<Product>) -> impl Strategy<Value = Thing> {
    let of = select(products);
    let items = (of.clone(), SERIALS, 1..6u64).prop_map(|(of, from, count)| of.items(from, count));
    let quantities = (of, select(LOTS.to_vec()), 1..20u64);
    let quantities = quantities.prop_map(|(of, lot, value)| {
        let value = value.to_string();
        of.quantity(lot, &value, None)
    });
    let pallets = (1..4u64).prop_map(|number| Pallet::new(number).thing());
    prop_oneof![6 => items, 2 => quantities, 2 => pallets]
}

fn things(products: &[Product]) -> impl Strategy<Value = Things> + use<> {
    vec(thing(products.to_vec()), 1..3).prop_map(|things| List::new(things).expect("few things"))
}

/// The product that the first brand of a new world registers first: known before the world
/// is, as a strategy needs it.
///
/// ```
/// # use marque_testing::{World, compile_example};
/// # let mut world = World::new();
/// # let rules = world.by("alice").deploy(&compile_example("marque-sdk", "smallest"), &()).contract();
/// assert_eq!(world.product("alice", "Drill", rules), marque_testing::strategy::first_product());
/// ```
pub fn first_product() -> Product {
    Product {
        gtin: Gtin::from_body(950_610_000_001).expect("thirteen digits"),
    }
}

/// The account that a party of this name has in every world.
fn account(name: &str) -> Address {
    crate::party::key(name).address()
}

/// A movement of products among parties, and who tries it.
///
/// ```
/// use marque_testing::proptest::prelude::*;
/// use marque_testing::strategy;
///
/// proptest!(|((who, operation) in strategy::movement(vec![strategy::first_product()], vec!["alice", "bob"]))| {
///     prop_assert!((who == "alice" || who == "bob") && operation.kind().has_rule());
/// });
/// ```
pub fn movement(
    products: Vec<Product>,
    parties: Vec<&'static str>,
) -> impl Strategy<Value = (String, Operation)> {
    let things = things(&products);
    let (right, to) = (right(), select(parties.clone()));
    let lots = select(vec![Some("A"), Some("B"), None]);
    let operation = (0..11u8, things, to, right, lots, 1..4u64).prop_map(
        |(verb, items, to, what, lot, pallet)| {
            let parent = Pallet::new(pallet).id();
            match verb {
                0..=2 => Operation::Commission {
                    items,
                    lot: lot.map(|lot| LotNumber::new(lot).expect("a lot number")),
                    expiry: None,
                    owner: None,
                },
                3..=4 => Operation::Offer {
                    items,
                    to: PartyRef::Account(account(to)),
                    what,
                    deadline: None,
                },
                5..=6 => Operation::Accept { items },
                7 => Operation::Pack {
                    parent,
                    children: items,
                },
                8 => Operation::Unpack {
                    parent,
                    children: Things::default(),
                },
                9 => Operation::Release { items },
                _ => Operation::Claim { items, what },
            }
        },
    );
    (select(parties), operation).prop_map(|(who, operation)| (who.to_owned(), operation))
}

/// Several movements, one after the other.
///
/// ```
/// use marque_testing::proptest::prelude::*;
/// use marque_testing::strategy;
///
/// proptest!(|(moves in strategy::movements(vec![strategy::first_product()], vec!["alice", "bob"], 1..12))| {
///     prop_assert!((1..12).contains(&moves.len()));
/// });
/// ```
pub fn movements(
    products: Vec<Product>,
    parties: Vec<&'static str>,
    count: Range<usize>,
) -> impl Strategy<Value = Vec<(String, Operation)>> {
    vec(movement(products, parties), count)
}

fn right() -> impl Strategy<Value = Right> {
    select(vec![Right::Possession, Right::Ownership, Right::Both])
}
