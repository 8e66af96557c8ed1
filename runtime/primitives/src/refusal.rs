//! Why something was not done: one code, one name, and what to do about it.

use crate::Address;
use crate::bounded::{List, Text};
use crate::thing::Thing;
use parity_scale_codec::{Decode, Encode};

/// The most ranges that a refusal names.
pub const MAX_RANGES: usize = 16;

/// A refusal by the kernel (4xxx), by a contract's rule (5xxx), or of code by the static
/// check (6xxx), as callers see it in receipts and RPC errors, unchanged.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode)]
#[cfg_attr(feature = "host", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "host", serde(rename_all = "camelCase"))]
pub struct Refusal {
    /// Its stable number.
    pub code: u32,
    /// Its stable name, such as `NotCustodian`.
    pub name: Text<64>,
    /// What happened, with the values that decided.
    pub message: Text<512>,
    /// The field at fault.
    pub field: Option<Text<128>>,
    /// What the field should have been.
    pub expected: Option<Text<255>>,
    /// What to do.
    pub remedy: Option<Text<512>>,
    /// The contract that refused, if one did.
    pub contract: Option<Address>,
    /// The things at fault, as ranges.
    pub items: List<Thing, MAX_RANGES>,
}

impl Refusal {
    /// A refusal by the kernel.
    pub fn kernel(invariant: Invariant, message: &str) -> Self {
        Self::new(
            invariant.code(),
            invariant.name(),
            message,
            invariant.remedy(),
        )
    }

    /// A refusal of any other number.
    pub fn new(code: u32, name: &str, message: &str, remedy: &str) -> Self {
        Self {
            code,
            name: Text::truncated(name),
            message: Text::truncated(message),
            field: None,
            expected: None,
            remedy: Some(Text::truncated(remedy)),
            contract: None,
            items: List::default(),
        }
    }

    /// With the field at fault.
    pub fn field(mut self, field: &str) -> Self {
        self.field = Some(Text::truncated(field));
        self
    }

    /// With what the field should have been.
    pub fn expected(mut self, expected: &str) -> Self {
        self.expected = Some(Text::truncated(expected));
        self
    }

    /// With a thing at fault, as long as there is room.
    pub fn item(mut self, thing: Thing) -> Self {
        let _ = self.items.push(thing);
        self
    }

    /// Whether this is the kernel's refusal of that kind.
    pub fn is(&self, invariant: Invariant) -> bool {
        self.code == invariant.code()
    }
}

impl core::fmt::Display for Refusal {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "{}: {}", self.name, self.message)?;
        if let Some(remedy) = &self.remedy {
            write!(f, " ({remedy})")?;
        }
        Ok(())
    }
}

macro_rules! invariants {
    ($(#[doc = $doc:literal] $name:ident = $code:literal, $remedy:literal;)*) => {
        /// What the kernel never allows, whatever a contract says. Gaps between the numbers mean
        /// nothing.
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
        #[repr(u32)]
        pub enum Invariant { $(#[doc = $doc] $name = $code,)* }

        impl Invariant {
            /// Every one, for documentation and tests.
            pub const ALL: &[Self] = &[$(Self::$name,)*];

            /// Its stable number.
            pub fn code(self) -> u32 {
                match self { $(Self::$name => $code,)* }
            }

            /// Its stable name.
            pub fn name(self) -> &'static str {
                match self { $(Self::$name => stringify!($name),)* }
            }

            /// What it means.
            pub fn meaning(self) -> &'static str {
                match self { $(Self::$name => $doc.trim_ascii(),)* }
            }

            /// What to do about it.
            pub fn remedy(self) -> &'static str {
                match self { $(Self::$name => $remedy,)* }
            }
        }
    };
}

invariants! {
    /// The account does not have the things.
    NotCustodian = 4001, "only the custodian can do this; ask them, or have the things offered to you first";
    /// The account does not own the things.
    NotOwner = 4002, "only the owner can offer ownership; offer possession alone, or ask the owner";
    /// An offer is open to someone else, or none is open.
    NotOffered = 4003, "nothing is offered to this account; ask the custodian to offer it";
    /// An offer is open on the things.
    OfferOpen = 4004, "wait for the receiver to accept or reject, or withdraw the offer";
    /// The offer's deadline has passed.
    OfferExpired = 4005, "the offer can only be withdrawn now; ask for a new one";
    /// The things have ended.
    Decommissioned = 4006, "what is decommissioned takes no movement; observe it, or reinstate it where the contract allows";
    /// The things are held until their contract releases them.
    Quarantined = 4007, "ask the brand to inspect and release it";
    /// The things are recalled.
    Recalled = 4008, "recalled things go back to the brand or to a collector that the recall names";
    /// No record of the things.
    Unknown = 4009, "check the identifier, or commission the thing first";
    /// A record exists already.
    AlreadyExists = 4010, "each serial is commissioned once; check whether the label was printed twice";
    /// The key is not licensed to, nor commissioning appointed to, the account.
    NotLicensed = 4011, "only the licensee or a commissioner that it appointed can do this; ask the registrar for the licence";
    /// The product is not registered.
    UnknownProduct = 4012, "register the product first";
    /// The party is not registered.
    UnknownParty = 4013, "register the party, or name it by its account's address";
    /// More than the balance.
    InsufficientBalance = 4015, "check the quantity against the balance";
    /// The unit of measure is not that of the lot's balance.
    UnitMismatch = 4016, "use a unit of the same dimension as the lot's balance";
    /// The lot or expiry is not that of the record.
    Mismatch = 4017, "compare the label with the record; a mismatch may mean a counterfeit";
    /// The things are packed in something else.
    Packed = 4018, "unpack it first, or move what holds it";
    /// The things are not in that parent.
    NotPacked = 4019, "check which parent holds it";
    /// A unit would hold itself.
    Cycle = 4020, "a unit cannot hold itself or what holds it";
    /// More than eight units inside one another.
    TooDeep = 4021, "units nest at most eight deep; pack flatter";
    /// More than 64 kinds of contents.
    TooMixed = 4022, "a unit's contents have at most 64 products and lots; use more units";
    /// The event is dated after block time and ten minutes.
    InFuture = 4023, "check the device's clock and time zone";
    /// The event is dated before the thing's last change of custody.
    OutOfOrder = 4024, "a change of custody dated before the last one is kept as an observation only";
    /// The eventID was used for another event.
    EventIdReused = 4025, "give each event its own eventID";
    /// No recorded event has that hash.
    UnknownEvent = 4026, "declare the error with the same content as the recorded event";
    /// The recall is not open, or not the account's.
    NotRecalling = 4027, "only the brand that opened a recall can lift it, once";
    /// The registrar alone may do this.
    NotRegistrar = 4028, "ask the registrar that the genesis names";
    /// The licence overlaps another's.
    LicenceOverlap = 4029, "the prefix or key is licensed already";
    /// The location stands for another party.
    LocationTaken = 4030, "a GLN stands for one party";
    /// The key may not sign this for the account.
    OutOfScope = 4031, "use a key whose scope covers the action, or have the scope widened by an administer key";
    /// The key is not authorised, or no more.
    KeyUnknown = 4032, "authorise the key first";
    /// There is no such contract.
    UnknownContract = 4033, "deploy the contract first and use its address";
    /// The contract is another account's.
    NotBrand = 4034, "only the account that deployed a contract can change it";
    /// The things are none of the contract's products.
    NotGoverned = 4035, "a contract governs the products that name it, and no others";
    /// A contract on the call stack was called again.
    Reentered = 4036, "a contract cannot be entered while it is running";
    /// The thing cannot take this operation at all.
    NotApplicable = 4038, "see which things the operation takes";
    /// A count or sum passed its range.
    Overflow = 4039, "split the action";
    /// The same thing stands twice in one action.
    Repeated = 4040, "name each thing once in an action";
    /// The action names more than it may, or nothing.
    Shape = 4041, "see the action's limits";
    /// The gas limit was reached.
    OutOfGas = 4042, "raise the gas limit, or do less in one transaction";
    /// The contract stopped by a fault of its own.
    Trapped = 4043, "the contract's author has to mend it; the message says where it stopped";
    /// The parent holds nothing that can come out.
    Empty = 4044, "nothing is packed in it";
    /// Ended things are not reinstated without a rule that allows it.
    NotReinstatable = 4045, "only a contract's rule can allow a decommission to be undone";
    /// The name stands for someone else already.
    Taken = 4046, "choose another address, salt or name";
    /// A person's number cannot be the subject of a record.
    Personal = 4048, "no personal data on the ledger; leave the GSRN out";
    /// Restricted-circulation numbers mean something else in every shop.
    RestrictedGtin = 4049, "use a GTIN that is unique worldwide";
    /// Contracts called one another too deep.
    CallDepth = 4051, "contracts call one another at most eight deep; call fewer in a row";
    /// The code is unknown, or was stored too lately.
    CodeNotReady = 4052, "store the code; it can be deployed once the blocks that genesis names have passed";
    /// What is said of a party would hold in the past.
    Retroactive = 4053, "leave `from` out to begin with block time, or name a later moment";
    /// The credential ends before it begins, or replacing the one in force would leave a gap.
    InvalidPeriod = 4054, "let it end after it begins, and renew under the same number from no later than the end of the one in force; revoke that first to begin anew";
    /// The account has issued no such credential that could be revoked.
    UnknownCredential = 4055, "only its issuer revokes a credential, once and before it ends; list the party's credentials";
}
