//! Random movements at a contract, and what must hold after each.

mod attempt;
mod kernel;
mod seeded;
mod told;
mod yard;

use crate::goods::Product;
use crate::step::Step;
use crate::world::World;
use marque_primitives::Address;
use marque_primitives::bounded::Bytes;
use parity_scale_codec::Encode;
pub use seeded::Random;
pub use told::{Attempt, Summary};
use yard::Yard;

/// The longest time that passes between two movements.
const HOUR: u64 = 3_600_000;

/// Random movements: parties commission, offer, accept, pack, recall and so on, what they may
/// and what they may not, as intents and as captured facts.
///
/// After each the kernel's invariants are checked, and the author's own. The seed decides
/// everything; a failure names it, and the movement.
///
/// ```
/// use marque_testing::{Movements, World, compile_example};
/// let mut world = World::new();
/// let rules = world.by("alice").deploy(&compile_example("marque-sdk", "smallest"), &()).contract();
/// let drill = world.product("alice", "Drill", rules);
/// let summary = Movements::new(50)
///     .parties(["alice", "bob", "carol"])
///     .products("alice", [drill])
///     .always("consumers get none", |world, attempt| {
///         let gone = |event: &marque_primitives::history::Event| {
///             event.kind == marque_primitives::action::Kind::Release && event.withheld.is_none()
///         };
///         match attempt.done().is_some_and(|done| done.events.iter().any(gone)) {
///             true => Err("something was handed to a consumer".into()),
///             false => Ok(()),
///         }
///     })
///     .run(&mut world);
/// assert!(summary.happened() > 0);
/// ```
///
/// `MARQUE_MOVEMENTS` runs another number of them, `MARQUE_SEED` another seed.
#[must_use = "movements are made by run()"]
pub struct Movements<'t> {
    count: u64,
    seed: u64,
    parties: Vec<String>,
    products: Vec<(String, Product)>,
    papers: Papers<'t>,
    messages: Vec<Telling<'t>>,
    always: Vec<(String, Claim<'t>)>,
}

type Papers<'t> = Box<dyn for<'w> Fn(Step<'w>, &mut Random) -> Step<'w> + 't>;
type Claim<'t> = Box<dyn Fn(&World, &Attempt) -> Result<(), String> + 't>;
type Arguments<'t> = Box<dyn Fn(&mut Random) -> Vec<u8> + 't>;

struct Telling<'t> {
    by: String,
    contract: Address,
    name: String,
    args: Arguments<'t>,
}

fn number_of(variable: &str) -> Option<u64> {
    let text = std::env::var(variable).ok()?;
    let number = text.replace('_', "").parse();
    Some(number.unwrap_or_else(|_| panic!("{variable} is a number, not {text:?}")))
}

impl<'t> Movements<'t> {
    /// So many movements, unless `MARQUE_MOVEMENTS` says otherwise.
    ///
    /// ```
    /// # use marque_testing::{Movements, World, compile_example};
    /// # let mut world = World::new();
    /// # let rules = world.by("alice").deploy(&compile_example("marque-sdk", "smallest"), &()).contract();
    /// let drill = world.product("alice", "Drill", rules);
    /// let summary = Movements::new(20).parties(["alice", "bob"]).products("alice", [drill]).run(&mut world);
    /// let tried = summary.happened() + summary.refused.values().sum::<u64>();
    /// assert_eq!(tried, 20);
    /// ```
    pub fn new(count: u64) -> Self {
        Self {
            count: number_of("MARQUE_MOVEMENTS").unwrap_or(count),
            seed: number_of("MARQUE_SEED").unwrap_or(1),
            parties: Vec::new(),
            products: Vec::new(),
            papers: Box::new(|step, random| match random.one_in(16) {
                true => step,
                false => step.here().document("desadv", "urn:x:1"),
            }),
            messages: Vec::new(),
            always: Vec::new(),
        }
    }

    /// Another seed than 1, unless `MARQUE_SEED` says otherwise.
    ///
    /// ```
    /// # use marque_testing::{Movements, World, compile_example};
    /// # let mut world = World::new();
    /// # let rules = world.by("alice").deploy(&compile_example("marque-sdk", "smallest"), &()).contract();
    /// let drill = world.product("alice", "Drill", rules);
    /// let movements = Movements::new(20).seed(7).parties(["alice", "bob"]).products("alice", [drill]);
    /// assert_eq!(movements.run(&mut world).seed, 7);
    /// ```
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = number_of("MARQUE_SEED").unwrap_or(seed);
        self
    }

    /// Who moves things.
    ///
    /// ```
    /// # use marque_testing::{Movements, World, compile_example};
    /// # let mut world = World::new();
    /// # let rules = world.by("alice").deploy(&compile_example("marque-sdk", "smallest"), &()).contract();
    /// let drill = world.product("alice", "Drill", rules);
    /// let movements = Movements::new(20).parties(["alice", "bob"]).products("alice", [drill]);
    /// let movements = movements.always("of these two", |_, attempt| match attempt.by.as_str() {
    ///     "alice" | "bob" => Ok(()),
    ///     other => Err(other.into()),
    /// });
    /// assert_eq!(movements.run(&mut world).seed, 1);
    /// ```
    pub fn parties<S: Into<String>>(mut self, names: impl IntoIterator<Item = S>) -> Self {
        self.parties.extend(names.into_iter().map(Into::into));
        self
    }

    /// Products of a brand that are moved.
    ///
    /// ```
    /// # use marque_testing::{Movements, World, compile_example};
    /// # let mut world = World::new();
    /// # let rules = world.by("alice").deploy(&compile_example("marque-sdk", "smallest"), &()).contract();
    /// let drill = world.product("alice", "Drill", rules);
    /// let saw = world.product("alice", "Saw", rules);
    /// let movements = Movements::new(20).parties(["alice", "bob"]).products("alice", [drill, saw]);
    /// assert!(movements.run(&mut world).happened() > 0);
    /// ```
    pub fn products(mut self, brand: &str, products: impl IntoIterator<Item = Product>) -> Self {
        let products = products.into_iter().map(|product| (brand.into(), product));
        self.products.extend(products);
        self
    }

    /// What comes with a movement: place, documents, facts. Unless said, most say where they
    /// were and name a document.
    ///
    /// ```
    /// # use marque_testing::{Movements, World, compile_example};
    /// # let mut world = World::new();
    /// # let rules = world.by("alice").deploy(&compile_example("marque-sdk", "smallest"), &()).contract();
    /// let drill = world.product("alice", "Drill", rules);
    /// let movements = Movements::new(20).parties(["alice", "bob"]).products("alice", [drill]);
    /// let movements = movements.papers(|step, random| match random.one_in(2) {
    ///     true => step.here().fact("weather", "rain"),
    ///     false => step,
    /// });
    /// assert!(movements.run(&mut world).happened() > 0);
    /// ```
    pub fn papers(
        mut self,
        papers: impl for<'w> Fn(Step<'w>, &mut Random) -> Step<'w> + 't,
    ) -> Self {
        self.papers = Box::new(papers);
        self
    }

    /// Once in a while a party tells a contract something.
    ///
    /// ```
    /// # use marque_testing::{Movements, World, compile_example};
    /// # let mut world = World::new();
    /// # let rules = world.by("alice").deploy(&compile_example("marque-sdk", "dealers"), &()).contract();
    /// let watch = world.product("alice", "Watch", rules);
    /// let dealers = [world.address("bob"), world.address("carol")];
    /// let movements = Movements::new(50).parties(["alice", "bob"]).products("alice", [watch]);
    /// let dealer = |random: &mut marque_testing::Random| *random.of(&dealers).unwrap();
    /// let summary = movements.message("alice", rules, "list", dealer).run(&mut world);
    /// assert!(summary.applied.contains_key("message"), "{summary}");
    /// ```
    pub fn message<A: Encode>(
        mut self,
        by: &str,
        contract: Address,
        name: &str,
        args: impl Fn(&mut Random) -> A + 't,
    ) -> Self {
        self.messages.push(Telling {
            by: by.into(),
            contract,
            name: name.into(),
            args: Box::new(move |random| args(random).encode()),
        });
        self
    }

    /// What must hold after each movement; an error says how it does not.
    ///
    /// ```
    /// # use marque_testing::{Movements, World, compile_example};
    /// # let mut world = World::new();
    /// # let rules = world.by("alice").deploy(&compile_example("marque-sdk", "smallest"), &()).contract();
    /// let drill = world.product("alice", "Drill", rules);
    /// let movements = Movements::new(20).parties(["alice", "bob"]).products("alice", [drill]);
    /// let movements = movements.always("nothing is held", move |world, _| {
    ///     match world.is_lot_held(&drill.lot("A")) {
    ///         true => Err("lot A is held".into()),
    ///         false => Ok(()),
    ///     }
    /// });
    /// assert!(movements.run(&mut world).happened() > 0);
    /// ```
    pub fn always(
        mut self,
        name: &str,
        claim: impl Fn(&World, &Attempt) -> Result<(), String> + 't,
    ) -> Self {
        self.always.push((name.into(), Box::new(claim)));
        self
    }

    /// Makes them.
    ///
    /// ```
    /// # use marque_testing::{Movements, World, compile_example};
    /// # let mut world = World::new();
    /// # let rules = world.by("alice").deploy(&compile_example("marque-sdk", "smallest"), &()).contract();
    /// let drill = world.product("alice", "Drill", rules);
    /// let run = |world: &mut World| {
    ///     Movements::new(20).parties(["alice", "bob"]).products("alice", [drill]).run(world).happened()
    /// };
    /// assert!(run(&mut world) > 0);
    /// ```
    ///
    /// # Panics
    /// When an invariant is broken: with its name, the movement, its trace, and how to run
    /// the same again.
    #[track_caller]
    pub fn run(self, world: &mut World) -> Summary {
        assert!(!self.parties.is_empty(), "movements need parties");
        assert!(!self.products.is_empty(), "movements need products");
        // A panic of the world itself leaves this in the test's output.
        println!("{} random movements from seed {}", self.count, self.seed);
        let mut random = Random::new(self.seed);
        let mut yard = Yard::new(&self.parties, &self.products);
        let mut summary = Summary {
            seed: self.seed,
            ..Summary::default()
        };
        for number in 1..=self.count {
            let (attempt, broken) = self.one(world, &mut yard, &mut random, number);
            if let Some(broken) = broken {
                // The harness names a test's thread by the test.
                let thread = std::thread::current();
                let told = format!(
                    "movement {number} from seed {seed} breaks: {broken}\n{attempt}\n\
                     again: MARQUE_SEED={seed} MARQUE_MOVEMENTS={number} cargo test {}",
                    thread.name().unwrap_or_default(),
                    seed = self.seed,
                );
                panic!("{}", world.named(&told));
            }
            summary.add(&attempt);
        }
        println!("{summary}");
        summary
    }

    /// One movement or message, and what it broke.
    fn one(
        &self,
        world: &mut World,
        yard: &mut Yard<'_>,
        random: &mut Random,
        number: u64,
    ) -> (Attempt, Option<String>) {
        world.wait(random.below(HOUR));
        let told = random
            .one_in(8)
            .then(|| random.of(&self.messages))
            .flatten();
        let (by, operation) = match told {
            Some(told) => (told.by.clone(), None),
            None => {
                let (by, operation) = yard.attempt(world, random);
                (by, Some(operation))
            }
        };
        let captured = operation.is_some() && random.one_in(5);
        let account = world.address(&by);
        let before = world.state().clone();
        let mut step = world.by(&by);
        step = match (&operation, told) {
            (Some(operation), _) => (self.papers)(step.operate(operation.clone()), random),
            (None, Some(told)) => step.tell_encoded(
                told.contract,
                &told.name,
                Bytes::new((told.args)(random)).expect("arguments that fit"),
            ),
            (None, None) => step,
        };
        let captured = captured && operation.as_ref().is_some_and(attempt::can_be_captured);
        let sent = if captured { step.captured() } else { step }.sent();
        let attempt = Attempt {
            number,
            by,
            account,
            operation,
            message: told.map(|told| told.name.clone()),
            captured,
            ended: sent.clone().ended(),
        };
        let broken = kernel::check(world, &before, &attempt, &sent)
            .map_err(|how| format!("the kernel's invariant that {how}"))
            .and_then(|()| {
                self.always.iter().try_for_each(|(name, claim)| {
                    claim(world, &attempt).map_err(|how| format!("{name}: {how}"))
                })
            })
            .err();
        yard.note(world, &attempt);
        (attempt, broken)
    }
}
