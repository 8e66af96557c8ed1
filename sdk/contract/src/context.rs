//! Who calls, and when: known everywhere in a contract, passed nowhere.

use crate::Movement;
use crate::buf::Buf;
use crate::bytes::Reader;
use crate::host::stop;
use crate::shared::Shared;
use marque_primitives::{Address, Height, TimeMs};

/// What the running entry was called with.
#[derive(Clone)]
pub(crate) enum Context {
    /// A rule: the movement that it judges.
    Rule(Movement),
    /// Any other entry: its encoded `Invocation`.
    Call(Shared<Buf>),
}

#[cfg(target_arch = "wasm32")]
pub(crate) static CONTEXT: crate::wasm::Local<Option<Context>> = crate::wasm::Local::new(None);

#[cfg(not(target_arch = "wasm32"))]
std::thread_local! {
    static OF_THREAD: core::cell::RefCell<Option<Context>> = const { core::cell::RefCell::new(None) };
}
#[cfg(not(target_arch = "wasm32"))]
pub(crate) static CONTEXT: crate::native::Local<Option<Context>> =
    crate::native::Local::new(&OF_THREAD);

/// Where the fields of `Invocation` begin: contract, brand, caller and signer of 20 bytes,
/// height and time of 8.
const CONTRACT: usize = 0;
const BRAND: usize = 20;
const CALLER: usize = 40;
const SIGNER: usize = 60;
const HEIGHT: usize = 80;
const NOW: usize = 88;
/// Behind them name and arguments.
pub(crate) const NAME: usize = 96;

fn field<const N: usize>(invocation: &[u8], at: usize) -> [u8; N] {
    Reader::at(invocation, at).array()
}

fn get<T, const N: usize>(
    rule: impl FnOnce(&Movement) -> T,
    at: usize,
    of: impl FnOnce([u8; N]) -> T,
) -> T {
    match CONTEXT.get() {
        Some(Context::Rule(movement)) => rule(&movement),
        Some(Context::Call(invocation)) => of(field(&invocation, at)),
        None => stop("no call is running: caller and time are known inside entries"),
    }
}

fn number(bytes: [u8; 8]) -> u64 {
    u64::from_le_bytes(bytes)
}

/// Who asks: the account behind the transaction, the calling contract, or in a rule the
/// account whose movement it is. Zero in a query from outside.
///
/// ```
/// use marque_sdk::native::{Memory, given};
/// use marque_sdk::prelude::*;
///
/// let mut memory = Memory::new();
/// memory.caller = Address([7; 20]);
/// assert_eq!(memory.call(caller), Address([7; 20]));
/// let mut offer = given::movement(Kind::Offer);
/// offer.account = Address([8; 20]);
/// assert_eq!(memory.judge(&offer, |_| caller()), Address([8; 20]));
/// ```
pub fn caller() -> Address {
    get(Movement::account, CALLER, Address)
}

/// The key that signed; the caller where nothing was signed.
///
/// ```
/// use marque_sdk::{native::Memory, prelude::*};
///
/// // The scanner in the warehouse signs with a key of its own.
/// let scanner = Address([8; 20]);
/// let mut memory = Memory { signer: scanner, ..Memory::new() };
/// assert_eq!(memory.call(|| (caller(), signer())), (Memory::CALLER, scanner));
/// ```
pub fn signer() -> Address {
    get(Movement::signer, SIGNER, Address)
}

/// The block's time.
///
/// ```
/// use marque_sdk::{native::Memory, prelude::*};
///
/// fn is_past(last_good_day: Date) -> bool {
///     now() > last_good_day.end()
/// }
/// let mut memory = Memory::new();
/// let today = Date::of(memory.now);
/// assert!(!memory.call(|| is_past(today)));
/// memory.now = memory.now.plus(24 * 60 * 60 * 1000);
/// assert!(memory.call(|| is_past(today)));
/// ```
pub fn now() -> TimeMs {
    get(Movement::now, NOW, |bytes| TimeMs(number(bytes)))
}

/// The block's height.
///
/// ```
/// use marque_sdk::{native::Memory, prelude::*};
///
/// let mut memory = Memory { height: Height(120), ..Memory::new() };
/// assert_eq!(memory.call(height), Height(120));
/// ```
pub fn height() -> Height {
    get(Movement::height, HEIGHT, |bytes| Height(number(bytes)))
}

/// The contract's own address. Not known in a rule.
///
/// ```
/// use marque_sdk::{native::Memory, prelude::*};
///
/// // A message that only the contract itself may send, by way of another one.
/// let mut memory = Memory::new();
/// assert!(memory.call(|| only(contract_address())).is_err());
/// memory.caller = Memory::CONTRACT;
/// assert!(memory.call(|| only(contract_address())).is_ok());
/// ```
///
/// # Panics
/// In a rule.
pub fn contract_address() -> Address {
    get(
        |_| stop("a rule is not told the contract's address"),
        CONTRACT,
        Address,
    )
}

/// The account that deployed the contract. Not known in a rule, where `product(gtin)` names
/// a line's brand.
///
/// ```
/// use marque_sdk::{native::Memory, prelude::*};
///
/// let mut memory = Memory::new();
/// assert_eq!(memory.call(brand), Memory::BRAND);
/// assert!(!memory.call(|| caller() == brand()), "someone else calls");
/// ```
///
/// # Panics
/// In a rule.
pub fn brand() -> Address {
    get(
        |_| stop("a rule is not told the brand: read it from the product"),
        BRAND,
        Address,
    )
}
