//! The macros that make a module of rules into a contract. `marque-sdk` re-exports them and
//! is what their expansions name.
//!
//! **Knows nothing about** what types mean: descriptions of types are put together by the
//! compiler (`marque_abi::interface`), so an alias or an import never misleads a macro.
//! Every misuse is an error at the place of the mistake that says what to write instead;
//! `tests/ui` holds them.
//!
//! Start reading at [`macro@contract`]; `contract/` reads the module and writes the entries,
//! one file each for the other attributes.

mod contract;
mod data;
mod event;
mod fields;
mod refusals;
mod storage;
mod text;

use proc_macro::TokenStream;
use proc_macro2::Span;

/// Makes a module into a contract.
///
/// The module holds one `#[storage]` struct with an impl of its entries, and whatever else
/// the rules need: `#[refusals]` enums, `#[event]` structs, `#[data]` types, functions.
/// `use super::*` is understood.
///
/// | on a method | is |
/// |---|---|
/// | `#[init]` | what deployment runs: `fn(args…) -> Self`; without it the storage begins as its `Default` |
/// | `#[rule]` | the rule for the movement that the method is named after (`offer`, `accept`, …), or for those in `#[rule(offer, accept)]`; takes `&self` or `&mut self` and, if it wants, `&Movement` |
/// | `#[message]` | what accounts can tell the contract: takes `&mut self` and arguments |
/// | `#[query]` | what anyone can ask it: takes `&self` and arguments, changes nothing |
/// | `#[migrate]` | what an upgrade runs: `fn(old: FormerStorage, args…) -> Self`, or `&mut self` where the layout stays |
///
/// The contract is named after the module (`fresh_food` is `fresh-food`), or
/// `#[contract(name = "…")]`; its version is the package's.
///
/// Its interface lists the module's own `#[refusals]`. Those that a library declares and the
/// contract raises stand beside them with `#[contract(refusals(library::Refuse, …))]`, under the
/// library's names and codes; two of one name or code do not compile.
///
/// ```
/// use marque_sdk::native::{Memory, given};
/// use marque_sdk::{codec::Encode as _, prelude::*};
///
/// #[contract]
/// pub mod dealers {
///     #[storage]
///     #[derive(Default)]
///     pub struct Dealers {
///         listed: Set<Address>,
///     }
///
///     #[refusals]
///     pub enum Refuse {
///         /// The receiver is not a listed dealer.
///         NotListed,
///     }
///
///     impl Dealers {
///         #[rule]
///         fn offer(&self, movement: &Movement) -> Result {
///             let listed = movement.to().is_some_and(|to| self.listed.contains(&to));
///             ensure!(listed, Refuse::NotListed);
///             Ok(())
///         }
///
///         #[message]
///         fn list(&mut self, dealer: Address) -> Result {
///             only_brand()?;
///             self.listed.insert(&dealer);
///             Ok(())
///         }
///     }
/// }
/// # fn main() {
/// let dealer = Address([7; 20]);
/// let mut offer = given::movement(Kind::Offer);
/// offer.to = Some(dealer);
/// let mut memory = Memory { caller: Memory::BRAND, ..Memory::new() };
/// memory.enter(&dealers::CONTRACT, "init", "", &());
/// let judged = memory.run(&dealers::CONTRACT, "rule_offer", &offer.encode());
/// assert_eq!(judged.refusal().unwrap().name.as_str(), "NotListed");
/// memory.enter(&dealers::CONTRACT, "message", "list", &dealer);
/// let judged = memory.run(&dealers::CONTRACT, "rule_offer", &offer.encode());
/// assert_eq!(judged.answer(), Some(()));
/// # }
/// ```
#[proc_macro_attribute]
pub fn contract(args: TokenStream, item: TokenStream) -> TokenStream {
    done(contract::expand(args.into(), item.into()))
}

/// The struct of what a contract keeps; see `marque_sdk::storage`.
///
/// ```
/// use marque_sdk::native::Memory;
/// use marque_sdk::prelude::*;
///
/// #[contract]
/// pub mod crates {
///     /// Fields that stand together elsewhere too.
///     #[storage]
///     #[derive(Default)]
///     pub struct Counted {
///         out: u32,
///         back: u32,
///     }
///
///     #[storage]
///     #[derive(Default)]
///     pub struct Crates {
///         of: Map<Address, u32>,
///         all: Counted,
///     }
///
///     impl Crates {
///         #[message]
///         fn hand_out(&mut self, to: Address, crates: u32) -> (u32, u32) {
///             let held = self.of.get(&to).unwrap_or(0) + crates;
///             self.of.insert(&to, &held);
///             self.all.out += crates;
///             (held, self.all.out)
///         }
///     }
/// }
/// # fn main() {
/// let mut memory = Memory::new();
/// memory.enter(&crates::CONTRACT, "init", "", &());
/// let mut hand_out = |to, crates: u32| {
///     memory.enter(&crates::CONTRACT, "message", "handOut", &(Address([to; 20]), crates))
/// };
/// hand_out(7, 12);
/// assert_eq!(hand_out(8, 30).answer(), Some((30u32, 42u32)));
/// # }
/// ```
#[proc_macro_attribute]
pub fn storage(args: TokenStream, item: TokenStream) -> TokenStream {
    done(text::no_args(args, "storage").and_then(|()| storage::expand(item.into())))
}

/// An enum of named refusals.
///
/// A variant's doc comment is its message: `{field}` stands for the field's value.
/// `#[refusal(field = "…", expected = "…", remedy = "…")]` says what was at fault and what
/// to do; `code = 5123` fixes a number where two names' numbers meet.
///
/// ```
/// use marque_sdk::prelude::*;
///
/// #[refusals]
/// pub enum Refuse {
///     /// {lot} was good until {expiry}.
///     #[refusal(field = "expiry", expected = "a day to come", remedy = "destroy it")]
///     Expired { lot: Words, expiry: Date },
/// }
/// let refuse = Refuse::Expired { lot: "L7".into(), expiry: Date::from_ymd(2026, 4, 30).unwrap() };
/// let refusal = Refused::from(refuse).refusal().unwrap();
/// assert_eq!(refusal.message.as_str(), "L7 was good until 2026-04-30.");
/// assert_eq!(refusal.remedy.as_deref(), Some("destroy it"));
/// ```
#[proc_macro_attribute]
pub fn refusals(args: TokenStream, item: TokenStream) -> TokenStream {
    done(text::no_args(args, "refusals").and_then(|()| refusals::expand(item.into())))
}

/// A struct that the contract emits; readers search by the fields marked `#[indexed]`.
///
/// ```
/// use marque_sdk::native::Memory;
/// use marque_sdk::{codec::Encode as _, prelude::*};
///
/// /// A laboratory's word on a lot.
/// #[event]
/// pub struct Tested {
///     #[indexed]
///     pub laboratory: Address,
///     pub clean: bool,
/// }
/// let (mut memory, laboratory) = (Memory::new(), Address([9; 20]));
/// memory.call(|| emit(Tested { laboratory, clean: true }));
/// assert_eq!(memory.events, [("Tested", laboratory, true).encode()]);
/// ```
#[proc_macro_attribute]
pub fn event(args: TokenStream, item: TokenStream) -> TokenStream {
    done(text::no_args(args, "event").and_then(|()| event::expand(item.into())))
}

/// A struct or enum that can be stored, sent and answered: encoded in SCALE, described in
/// the contract's interface.
///
/// ```
/// use marque_sdk::codec::{Decode as _, Encode as _};
/// use marque_sdk::prelude::*;
///
/// #[data]
/// #[derive(Clone, PartialEq, Debug)]
/// pub enum Grade {
///     First,
///     Second { reason: Words },
/// }
/// let second = Grade::Second { reason: "small".into() };
/// assert_eq!(second.encode()[0], 1, "variants are numbered in order");
/// assert_eq!(Grade::decode(&mut &*second.encode()), Ok(second));
/// ```
#[proc_macro_attribute]
pub fn data(args: TokenStream, item: TokenStream) -> TokenStream {
    done(text::no_args(args, "data").and_then(|()| data::expand(item.into())))
}

macro_rules! inside_a_contract {
    ($($(#[$doc:meta])* $name:ident)*) => {$(
        $(#[$doc])*
        #[proc_macro_attribute]
        pub fn $name(_: TokenStream, _: TokenStream) -> TokenStream {
            let message = concat!(
                "#[", stringify!($name), "] stands on a method of the storage's impl, inside a `#[contract] mod`"
            );
            done(Err(syn::Error::new(Span::call_site(), message)))
        }
    )*};
}
inside_a_contract! {
    /// What deployment runs, on a method of the storage's impl inside a `#[contract]` module; see
    /// [`macro@contract`].
    ///
    /// ```
    /// use marque_sdk::native::Memory;
    /// use marque_sdk::prelude::*;
    ///
    /// #[contract]
    /// pub mod crates {
    ///     #[storage]
    ///     pub struct Crates {
    ///         most: u32,
    ///     }
    ///
    ///     impl Crates {
    ///         #[init]
    ///         fn new(most: u32) -> Self {
    ///             Self { most }
    ///         }
    ///
    ///         #[query]
    ///         fn most(&self) -> u32 {
    ///             self.most
    ///         }
    ///     }
    /// }
    /// # fn main() {
    /// let mut memory = Memory::new();
    /// memory.enter(&crates::CONTRACT, "init", "", &80u32);
    /// let most = memory.enter(&crates::CONTRACT, "query", "most", &());
    /// assert_eq!(most.answer(), Some(80u32));
    /// # }
    /// ```
    init

    /// What judges movements, on a method of the storage's impl inside a `#[contract]` module; see
    /// [`macro@contract`].
    ///
    /// ```
    /// use marque_sdk::native::{Memory, given};
    /// use marque_sdk::{codec::Encode as _, prelude::*};
    ///
    /// #[contract]
    /// pub mod fresh {
    ///     #[storage]
    ///     #[derive(Default)]
    ///     pub struct Fresh;
    ///
    ///     #[refusals]
    ///     pub enum Refuse {
    ///         /// {lot} has expired.
    ///         Expired { lot: Words },
    ///     }
    ///
    ///     impl Fresh {
    ///         #[rule(offer, accept)]
    ///         fn moves(&self, movement: &Movement) -> Decision {
    ///             movement.judge(|line| {
    ///                 let past = line.expiry().is_some_and(|day| day.end() < now());
    ///                 ensure!(!past, Refuse::Expired { lot: line.lot_number().into() });
    ///                 Ok(allow())
    ///             })
    ///         }
    ///     }
    /// }
    /// # fn main() {
    /// let mut accept = given::movement(Kind::Accept);
    /// accept.lines = vec![given::line(&given::lot("09506000134352", "L7"), 12)];
    /// let judge = |movement: Vec<u8>| Memory::new().run(&fresh::CONTRACT, "rule_accept", &movement);
    /// let allowed = judge(accept.encode());
    /// accept.lines[0].expiry = Date::from_ymd(2026, 4, 30);
    /// assert_ne!(judge(accept.encode()), allowed);
    /// # }
    /// ```
    rule

    /// What accounts can tell the contract, on a method of the storage's impl inside a
    /// `#[contract]` module; see [`macro@contract`].
    ///
    /// ```
    /// use marque_sdk::native::Memory;
    /// use marque_sdk::prelude::*;
    ///
    /// #[contract]
    /// pub mod dealers {
    ///     #[storage]
    ///     #[derive(Default)]
    ///     pub struct Dealers {
    ///         listed: Set<Address>,
    ///     }
    ///
    ///     impl Dealers {
    ///         /// The brand lists a dealer; whether he is a new one.
    ///         #[message]
    ///         fn list_dealer(&mut self, dealer: Address) -> Result<bool> {
    ///             only_brand()?;
    ///             Ok(self.listed.insert(&dealer))
    ///         }
    ///     }
    /// }
    /// # fn main() {
    /// let mut memory = Memory::new();
    /// memory.enter(&dealers::CONTRACT, "init", "", &());
    /// let refused = memory.enter(&dealers::CONTRACT, "message", "listDealer", &Address([7; 20]));
    /// assert_eq!(refused.refusal().unwrap().name.as_str(), "NotAllowed");
    /// memory.caller = Memory::BRAND;
    /// let listed = memory.enter(&dealers::CONTRACT, "message", "listDealer", &Address([7; 20]));
    /// assert_eq!(listed.answer(), Some(true));
    /// # }
    /// ```
    message

    /// What anyone can ask the contract, on a method of the storage's impl inside a `#[contract]`
    /// module; see [`macro@contract`].
    ///
    /// ```
    /// use marque_sdk::native::Memory;
    /// use marque_sdk::prelude::*;
    ///
    /// #[contract]
    /// pub mod dealers {
    ///     #[storage]
    ///     pub struct Dealers {
    ///         listed: Set<Address>,
    ///     }
    ///
    ///     impl Dealers {
    ///         #[init]
    ///         fn new(listed: Set<Address>) -> Self {
    ///             Self { listed }
    ///         }
    ///
    ///         #[query]
    ///         fn dealers(&self, after: Option<Address>) -> Page<Address> {
    ///             self.listed.page(after.as_ref(), 2)
    ///         }
    ///     }
    /// }
    /// # fn main() {
    /// let dealers = [7, 8, 9].map(|byte| Address([byte; 20]));
    /// let mut memory = Memory::new();
    /// memory.enter(&dealers::CONTRACT, "init", "", &dealers.to_vec());
    /// let rest = memory.enter(&dealers::CONTRACT, "query", "dealers", &Some(dealers[1]));
    /// assert_eq!(rest.answer(), Some((vec![dealers[2]], false)));
    /// # }
    /// ```
    query

    /// What an upgrade runs, on a method of the storage's impl inside a `#[contract]` module; see
    /// [`macro@contract`].
    ///
    /// ```
    /// use marque_sdk::native::Memory;
    /// use marque_sdk::prelude::*;
    ///
    /// #[contract]
    /// pub mod crates {
    ///     #[storage]
    ///     #[derive(Default)]
    ///     pub struct Crates {
    ///         most: u32,
    ///     }
    ///
    ///     impl Crates {
    ///         /// The layout stays, and what is stored gets a value that it lacked.
    ///         #[migrate]
    ///         fn bound(&mut self, most: u32) {
    ///             self.most = most;
    ///         }
    ///
    ///         #[query]
    ///         fn most(&self) -> u32 {
    ///             self.most
    ///         }
    ///     }
    /// }
    /// # fn main() {
    /// let mut memory = Memory::new();
    /// memory.enter(&crates::CONTRACT, "init", "", &());
    /// memory.enter(&crates::CONTRACT, "migrate", "", &80u32);
    /// let most = memory.enter(&crates::CONTRACT, "query", "most", &());
    /// assert_eq!(most.answer(), Some(80u32));
    /// # }
    /// ```
    migrate
}

fn done(result: syn::Result<proc_macro2::TokenStream>) -> TokenStream {
    result
        .unwrap_or_else(|error| error.to_compile_error())
        .into()
}
