//! How a step ended.

use crate::trace::Trace;
use marque_abi::interface::Interface;
use marque_primitives::Address;
use marque_primitives::history::Event;
use marque_primitives::receipt::{ActionReceipt, Outcome, Receipt};
use marque_primitives::refusal::Refusal;

/// What was applied.
///
/// ```
/// use marque_testing::{World, compile_example};
/// let mut world = World::new();
/// let deployed = world.by("alice").deploy(&compile_example("marque-sdk", "dealers"), &());
/// let rules = deployed.contract();
/// let watch = world.product("alice", "Watch", rules);
/// let done = world.by("alice").commission([watch.items(1, 10)]).happens();
/// let done = done.without_notes().is_accepted();
/// assert_eq!(done.events.len(), 1);
/// assert!(done.gas() > 0 && done.emitted(&world.interface(rules)).is_empty());
/// // A fact that a rule refuses is kept, and custody does not follow it.
/// let offer = world.by("alice").offer([watch.items(1, 1)], "mallory").captured();
/// offer.happens().is_observed("NotListed");
/// ```
#[derive(Clone, Debug)]
pub struct Done {
    /// The transaction's receipt.
    pub receipt: Receipt,
    /// The ledger's events that it wrote.
    pub events: Vec<Event>,
    /// What contracts did in it.
    pub trace: Trace,
}

impl Done {
    /// What the one action left.
    ///
    /// ```
    /// # use marque_testing::{World, compile_example};
    /// # let mut world = World::new();
    /// # let rules = world.by("alice").deploy(&compile_example("marque-sdk", "smallest"), &()).contract();
    /// let drill = world.product("alice", "Drill", rules);
    /// let done = world.by("alice").commission([drill.items(1, 10)]).happens();
    /// assert!(done.action().notes.is_empty() && done.action().contract.is_none());
    /// ```
    ///
    /// # Panics
    /// Never: an applied transaction has an action.
    pub fn action(&self) -> &ActionReceipt {
        self.receipt.actions.first().expect("an action")
    }

    /// The contract that was deployed.
    ///
    /// ```
    /// use marque_testing::{World, compile_example};
    ///
    /// let mut world = World::new();
    /// let done = world.by("alice").deploy(&compile_example("marque-sdk", "smallest"), &());
    /// assert!(world.interface(done.contract()).messages.is_empty());
    /// ```
    ///
    /// # Panics
    /// When none was.
    #[track_caller]
    pub fn contract(&self) -> Address {
        self.action().contract.expect("a contract was deployed")
    }

    /// Gas used.
    ///
    /// ```
    /// # use marque_testing::{World, compile_example};
    /// # let mut world = World::new();
    /// # let rules = world.by("alice").deploy(&compile_example("marque-sdk", "smallest"), &()).contract();
    /// let drill = world.product("alice", "Drill", rules);
    /// let ten = world.by("alice").commission([drill.items(1, 10)]).happens().gas();
    /// let two_runs = world.by("alice").commission([drill.items(21, 5), drill.items(31, 5)]).happens().gas();
    /// assert!(0 < ten && ten < two_runs);
    /// ```
    pub fn gas(&self) -> u64 {
        self.receipt.gas_used.0
    }

    /// The notes of the rules that let it happen.
    ///
    /// ```
    /// # use marque_testing::{World, compile_example};
    /// # let mut world = World::new();
    /// # let rules = world.by("alice").deploy(&compile_example("marque-sdk", "smallest"), &()).contract();
    /// let drill = world.product("alice", "Drill", rules);
    /// let done = world.by("alice").commission([drill.items(1, 10)]).happens();
    /// assert_eq!(done.notes(), [""; 0]);
    /// ```
    pub fn notes(&self) -> Vec<&str> {
        self.action()
            .notes
            .iter()
            .map(|note| note.as_str())
            .collect()
    }

    /// A note of a rule names `words`.
    ///
    /// ```
    /// # use marque_primitives::{Address, Decimal};
    /// # let (mut world, nobody) = (marque_testing::World::new(), Vec::<Address>::new());
    /// # let args = (Decimal::from_integer(5), 30u32, nobody.clone(), nobody);
    /// let code = marque_testing::compile("marque-fresh-food");
    /// let rules = world.by("alice").deploy(&code, &args).contract();
    /// let spinach = world.product("alice", "Spinach", rules);
    /// let packing = world.by("alice").commission([spinach.items(1, 100)]).lot("L7").here();
    /// packing.captured().happens();
    /// let seen = world.by("alice").observe([spinach.items(1, 1)]).alarm("Temperature").happens();
    /// assert_eq!(seen.notes_that("SensorAlarm").notes().len(), 1);
    /// ```
    ///
    /// # Panics
    /// When none does.
    #[track_caller]
    pub fn notes_that(self, words: &str) -> Self {
        let notes = self.notes();
        assert!(
            notes.iter().any(|note| note.contains(words)),
            "no note names {words:?}; there are {notes:?}\n{}",
            self.trace
        );
        self
    }

    /// Nothing was noted.
    ///
    /// ```
    /// # use marque_testing::{World, compile_example};
    /// # let mut world = World::new();
    /// # let rules = world.by("alice").deploy(&compile_example("marque-sdk", "smallest"), &()).contract();
    /// let drill = world.product("alice", "Drill", rules);
    /// let done = world.by("alice").commission([drill.items(1, 10)]).happens().without_notes();
    /// assert_eq!(done.events.len(), 1);
    /// ```
    ///
    /// # Panics
    /// When something was.
    #[track_caller]
    pub fn without_notes(self) -> Self {
        assert_eq!(
            self.notes(),
            [""; 0],
            "nothing was to be noted\n{}",
            self.trace
        );
        self
    }

    /// A rule held what moved.
    ///
    /// ```
    /// # use marque_primitives::{Address, Decimal};
    /// # let (mut world, nobody) = (marque_testing::World::new(), Vec::<Address>::new());
    /// # let args = (Decimal::from_integer(5), 30u32, nobody.clone(), nobody);
    /// let code = marque_testing::compile("marque-fresh-food");
    /// let rules = world.by("alice").deploy(&code, &args).contract();
    /// let spinach = world.product("alice", "Spinach", rules);
    /// let packing = world.by("alice").commission([spinach.items(1, 100)]).lot("L7").here();
    /// packing.captured().happens();
    /// let seen = world.by("alice").observe([spinach.items(1, 1)]).alarm("Temperature").happens();
    /// seen.is_held();
    /// assert!(world.is_lot_held(&spinach.lot("L7")));
    /// ```
    ///
    /// # Panics
    /// When none did.
    #[track_caller]
    pub fn is_held(self) -> Self {
        let held = self
            .events
            .iter()
            .flat_map(|event| &event.decided)
            .any(|rule| rule.held);
        assert!(held, "nothing was held: {:?}\n{}", self.events, self.trace);
        self
    }

    /// Custody moved or structure changed.
    ///
    /// ```
    /// # use marque_testing::{World, compile_example};
    /// # let mut world = World::new();
    /// # let rules = world.by("alice").deploy(&compile_example("marque-sdk", "smallest"), &()).contract();
    /// let drill = world.product("alice", "Drill", rules);
    /// let reported = world.by("alice").commission([drill.items(1, 10)]).captured().happens().is_accepted();
    /// assert_eq!(reported.events.len(), 1);
    /// ```
    ///
    /// # Panics
    /// When it was only observed or known before.
    #[track_caller]
    pub fn is_accepted(self) -> Self {
        assert_eq!(self.action().outcome, Outcome::Accepted, "{}", self.trace);
        self
    }

    /// It stayed an observation, withheld by this name.
    ///
    /// ```
    /// # use marque_testing::{World, compile_example};
    /// # let mut world = World::new();
    /// # let rules = world.by("alice").deploy(&compile_example("marque-sdk", "smallest"), &()).contract();
    /// let drill = world.product("alice", "Drill", rules);
    /// world.by("alice").commission([drill.items(1, 10)]).happens();
    /// let sold = world.by("alice").release([drill.items(1, 1)]).captured().happens();
    /// sold.is_observed("ProfessionalUse");
    /// assert_eq!(world.custodian(&drill.item(1)), Some(world.address("alice")));
    /// ```
    ///
    /// # Panics
    /// When it moved custody, or for another reason.
    #[track_caller]
    pub fn is_observed(self, name: &str) -> Self {
        match &self.action().outcome {
            Outcome::Observed(Some(refusal)) => {
                assert_eq!(refusal.name.as_str(), name, "{refusal}\n{}", self.trace);
            }
            other => panic!("not withheld for {name}: {other:?}\n{}", self.trace),
        }
        self
    }

    /// What the contract emitted, as its interface names it: event and fields as JSON text.
    ///
    /// ```
    /// # use marque_testing::{World, compile_example};
    /// # let mut world = World::new();
    /// # let rules = world.by("alice").deploy(&compile_example("marque-sdk", "dealers"), &()).contract();
    /// let bob = world.address("bob");
    /// let done = world.by("alice").tell(rules, "list", &bob).happens();
    /// assert!(done.emitted(&world.interface(rules)).is_empty());
    /// ```
    ///
    /// # Panics
    /// When the bytes are not of the interface.
    pub fn emitted(&self, interface: &Interface) -> Vec<(String, String)> {
        let decode = |data: &[u8]| {
            let (event, fields) = marque_abi::interface::json::decode_event(interface, data)
                .expect("an event of the interface");
            let fields = fields.iter().map(|(name, value)| format!("{name}={value}"));
            (event.name.clone(), fields.collect::<Vec<_>>().join(" "))
        };
        self.action()
            .emitted
            .iter()
            .map(|event| decode(&event.data))
            .collect()
    }
}

/// What was refused, and why.
///
/// ```
/// use marque_testing::{World, compile_example};
/// let mut world = World::new();
/// let code = compile_example("marque-sdk", "dealers");
/// let rules = world.by("alice").deploy(&code, &()).contract();
/// let watch = world.product("alice", "Watch", rules);
/// world.by("alice").commission([watch.items(1, 10)]).happens();
/// let refused = world.by("alice").offer([watch.items(1, 1)], "mallory").is_refused("NotListed");
/// let refused = refused.saying("not a listed dealer").at_field("to");
/// assert_eq!(refused.refusal.contract, Some(rules));
/// ```
#[derive(Clone, Debug)]
pub struct Refused {
    /// The transaction's receipt.
    pub receipt: Receipt,
    /// Why.
    pub refusal: Refusal,
    /// What contracts did before it was refused.
    pub trace: Trace,
}

impl Refused {
    /// The message names `words`.
    ///
    /// ```
    /// # use marque_testing::{World, compile_example};
    /// # let mut world = World::new();
    /// # let rules = world.by("alice").deploy(&compile_example("marque-sdk", "smallest"), &()).contract();
    /// let drill = world.product("alice", "Drill", rules);
    /// world.by("alice").commission([drill.items(1, 10)]).happens();
    /// let refused = world.by("alice").release([drill.items(1, 1)]).is_refused("ProfessionalUse");
    /// assert_eq!(refused.saying("professional use").refusal.contract, Some(rules));
    /// ```
    ///
    /// # Panics
    /// When it does not.
    #[track_caller]
    pub fn saying(self, words: &str) -> Self {
        assert!(
            self.refusal.message.contains(words),
            "the refusal does not say {words:?}: {}\n{}",
            self.refusal,
            self.trace
        );
        self
    }

    /// The field at fault is this one.
    ///
    /// ```
    /// # use marque_testing::{World, compile_example};
    /// # let mut world = World::new();
    /// # let rules = world.by("alice").deploy(&compile_example("marque-sdk", "dealers"), &()).contract();
    /// let watch = world.product("alice", "Watch", rules);
    /// world.by("alice").commission([watch.items(1, 10)]).happens();
    /// let refused = world.by("alice").offer([watch.items(1, 1)], "mallory").is_refused("NotListed");
    /// assert_eq!(refused.at_field("to").refusal.contract, Some(rules));
    /// ```
    ///
    /// # Panics
    /// When it is not.
    #[track_caller]
    pub fn at_field(self, field: &str) -> Self {
        assert_eq!(
            self.refusal.field.as_deref(),
            Some(field),
            "{}\n{}",
            self.refusal,
            self.trace
        );
        self
    }
}

impl core::fmt::Display for Refused {
    /// The refusal with the things that it names, and the trace below.
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "{} {}", self.refusal.code, self.refusal)?;
        if let Some(field) = &self.refusal.field {
            write!(f, "; at {field}")?;
        }
        for item in &self.refusal.items {
            write!(f, "; {item:?}")?;
        }
        write!(f, "\n{}", self.trace)
    }
}
