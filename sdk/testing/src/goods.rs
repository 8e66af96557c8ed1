//! Products, items, lots and pallets, written short.

use marque_primitives::gs1::{Gtin, LotNumber, Serial, Sscc};
use marque_primitives::thing::{Line, LotId, Run, Thing, ThingId};
use marque_primitives::{Amount, Decimal};

/// Digits of the serials that [`Product::items`] names.
const DIGITS: u8 = 6;

/// A product.
///
/// ```
/// use marque_testing::{Pallet, strategy::first_product};
/// let product = first_product();
/// let ten = product.items(1, 10);
/// assert_ne!(ten, product.items(2, 10));
/// assert_eq!(product.items(7, 1).id(), Some(product.item(7)));
/// // Counted, or in a unit.
/// let cases = product.quantity("L1", "2", None);
/// let milk = product.quantity("L1", "12.5", Some("LTR"));
/// assert_ne!(cases, milk);
/// assert_eq!(product.lot("L1").gtin, product.gtin);
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Product {
    /// Its key.
    pub gtin: Gtin,
}

impl Product {
    /// `count` items from serial `first` on, six digits each.
    ///
    /// ```
    /// use marque_testing::strategy::first_product;
    ///
    /// let ten = first_product().items(1, 10);
    /// assert!(ten.id().is_none(), "ten, and not one");
    /// assert_eq!(first_product().items(7, 1).id(), Some(first_product().item(7)));
    /// ```
    pub fn items(&self, first: u64, count: u64) -> Thing {
        let serial = serial(first);
        let run = Run::new(Line::Product(self.gtin), serial, count);
        Thing::Run {
            run: run.expect("serials of six digits"),
            lot: None,
        }
    }

    /// The item of a serial of six digits.
    ///
    /// ```
    /// use marque_testing::strategy::first_product;
    ///
    /// let product = first_product();
    /// assert_ne!(product.item(1), product.item(2));
    /// ```
    pub fn item(&self, number: u64) -> ThingId {
        ThingId::Item {
            line: Line::Product(self.gtin),
            serial: serial(number),
        }
    }

    /// A lot.
    ///
    /// ```
    /// use marque_testing::strategy::first_product;
    ///
    /// let lot = first_product().lot("L7");
    /// assert_eq!((lot.gtin, lot.lot.as_str()), (first_product().gtin, "L7"));
    /// ```
    pub fn lot(&self, lot: &str) -> LotId {
        LotId {
            gtin: self.gtin,
            lot: LotNumber::new(lot).expect("a lot number"),
        }
    }

    /// A quantity of a lot; of things counted, no unit.
    ///
    /// ```
    /// use marque_primitives::thing::Thing;
    /// use marque_testing::strategy::first_product;
    ///
    /// let milk = first_product().quantity("L7", "12.5", Some("LTR"));
    /// let Thing::Lot { amount, .. } = milk else { panic!("of a lot") };
    /// assert_eq!(amount.value, marque_primitives::Decimal::from_integer(12_500), "in millilitres");
    /// ```
    pub fn quantity(&self, lot: &str, value: &str, unit: Option<&str>) -> Thing {
        Thing::Lot {
            id: self.lot(lot),
            amount: amount(value, unit),
        }
    }
}

/// A serial of six digits.
pub(crate) fn serial(number: u64) -> Serial {
    Serial::from_numeric(DIGITS, u128::from(number)).expect("six digits")
}

/// An amount from its digits.
pub(crate) fn amount(value: &str, unit: Option<&str>) -> Amount {
    let value = Decimal::parse(value).expect("a number");
    Amount::new(value, unit).expect("a unit")
}

/// A logistic unit.
///
/// ```
/// use marque_testing::Pallet;
/// let pallet = Pallet::new(1);
/// assert_eq!(pallet.thing().id(), Some(pallet.id()));
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Pallet {
    /// Its key.
    pub sscc: Sscc,
}

impl Pallet {
    /// Pallet number `number` of whoever labels it.
    ///
    /// ```
    /// use marque_testing::Pallet;
    ///
    /// assert_eq!(Pallet::new(1), Pallet::new(1));
    /// assert_ne!(Pallet::new(1).sscc, Pallet::new(2).sscc);
    /// ```
    pub fn new(number: u64) -> Self {
        let body = 9_506_999_000_000_000 + number;
        Self {
            sscc: Sscc::from_body(body).expect("seventeen digits"),
        }
    }

    /// As a parent.
    ///
    /// ```
    /// use marque_primitives::thing::ThingId;
    /// use marque_testing::Pallet;
    ///
    /// assert_eq!(Pallet::new(1).id(), ThingId::Unit(Pallet::new(1).sscc));
    /// ```
    pub fn id(&self) -> ThingId {
        ThingId::Unit(self.sscc)
    }

    /// As what moves.
    ///
    /// ```
    /// use marque_testing::Pallet;
    ///
    /// assert_eq!(Pallet::new(1).thing().id(), Some(Pallet::new(1).id()));
    /// ```
    pub fn thing(&self) -> Thing {
        Thing::Unit(self.sscc)
    }
}
