//! EPCIS documents as fixtures.

use crate::goods::Product;
use crate::outcome::{Done, Refused};
use crate::party::Party;
use crate::world::World;
use marque_epcis::{Document, Limits, map, merge, signer};
use marque_primitives::Address;
use marque_primitives::action::{Action, LicenceKey, Registration};
use marque_primitives::bounded::Text;
use marque_primitives::gs1::{Gln, Gtin};

/// An event of a document, captured.
///
/// ```
/// # use marque_testing::{World, compile_example};
/// # let mut world = World::new();
/// # let rules = world.by("alice").deploy(&compile_example("marque-sdk", "smallest"), &()).contract();
/// use marque_testing::Reported;
///
/// let drill = world.product("alice", "Drill", rules);
/// world.by("alice").commission([drill.items(1, 10)]).happens();
/// let ended = world.by("alice").release([drill.items(1, 1)]).ends();
/// let sold = Reported { by: "alice".into(), ended };
/// assert_eq!(sold.ended.unwrap_err().refusal.name.as_str(), "ProfessionalUse");
/// ```
#[derive(Debug)]
#[must_use = "say how it is to end: happens() or is_refused(…)"]
pub struct Reported {
    /// Who answered for it: the first registered party that it names.
    pub by: String,
    /// How its transaction ended.
    pub ended: Result<Done, Box<Refused>>,
}

impl Reported {
    /// It was applied.
    ///
    /// ```
    /// # use marque_testing::{World, compile_example};
    /// # let mut world = World::new();
    /// # let rules = world.by("alice").deploy(&compile_example("marque-sdk", "smallest"), &()).contract();
    /// use marque_testing::Reported;
    ///
    /// let drill = world.product("alice", "Drill", rules);
    /// let ended = world.by("alice").commission([drill.items(1, 10)]).ends();
    /// let made = Reported { by: "alice".into(), ended }.happens();
    /// assert_eq!(made.events.len(), 1);
    /// ```
    ///
    /// # Panics
    /// When it was refused: with the refusal and the trace.
    #[track_caller]
    pub fn happens(self) -> Done {
        match self.ended {
            Ok(done) => done,
            Err(refused) => panic!("{}'s event was refused, {refused}", self.by),
        }
    }
}

impl World {
    /// A party whose location is the one that documents name.
    ///
    /// ```
    /// use marque_testing::World;
    ///
    /// let mut world = World::new();
    /// let shed = world.party_at("shed", "9506000134352");
    /// assert_eq!(shed.gln.to_string(), "9506000134352");
    /// ```
    ///
    /// # Panics
    /// When it is no GLN, or the party is there already.
    #[track_caller]
    pub fn party_at(&mut self, name: &str, gln: &str) -> Party {
        self.register(name, Some(Gln::new(gln).expect("a GLN")))
    }

    /// A product with the GTIN that documents name; the brand gets a licence for it alone.
    ///
    /// ```
    /// # use marque_testing::{World, compile_example};
    /// # let mut world = World::new();
    /// # let rules = world.by("alice").deploy(&compile_example("marque-sdk", "smallest"), &()).contract();
    /// let watch = world.product_of("alice", "Watch", "09506000134352", rules);
    /// assert_eq!(watch.gtin.to_string(), "09506000134352");
    /// world.by("alice").commission([watch.items(1, 10)]).happens();
    /// ```
    ///
    /// # Panics
    /// When it is no GTIN, or another brand has it.
    #[track_caller]
    pub fn product_of(&mut self, brand: &str, name: &str, gtin: &str, rules: Address) -> Product {
        let gtin = Gtin::new(gtin).expect("a GTIN of 14 digits");
        let brand_account = self.address(brand);
        self.registrar(Registration::License {
            brand: brand_account,
            key: LicenceKey::Product(gtin),
        });
        let registration = Registration::RegisterProduct {
            gtin,
            name: Text::truncated(name),
            contract: Some(rules),
        };
        self.by(brand).act(Action::Registry(registration)).happens();
        Product { gtin }
    }

    /// Captures an EPCIS 2.0 document: its events in the order of their times, each signed by
    /// the first party that it names and the world knows.
    ///
    /// ```
    /// use marque_testing::{World, compile_example};
    /// let mut world = World::new();
    /// let code = compile_example("marque-sdk", "dealers");
    /// let rules = world.by("alice").deploy(&code, &()).contract();
    /// world.party_at("shed", "9506000134352");
    /// let watch = world.product_of("shed", "Watch", "09506000134352", rules);
    /// let events = world.capture(r#"{
    ///   "@context": ["https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"],
    ///   "type": "EPCISDocument", "schemaVersion": "2.0",
    ///   "creationDate": "2026-04-30T10:00:00Z",
    ///   "epcisBody": { "eventList": [{
    ///     "type": "ObjectEvent", "action": "ADD", "bizStep": "commissioning",
    ///     "eventTime": "2026-04-30T09:00:00Z", "eventTimeZoneOffset": "+00:00",
    ///     "epcList": ["https://id.gs1.org/01/09506000134352/21/000001"],
    ///     "readPoint": {"id": "https://id.gs1.org/414/9506000134352"}
    ///   }] }
    /// }"#);
    /// assert_eq!(events.len(), 1);
    /// for event in events {
    ///     event.happens().is_accepted();
    /// }
    /// assert_eq!(world.custodian(&watch.item(1)), Some(world.address("shed")));
    /// ```
    ///
    /// # Panics
    /// When it is no such document, an event cannot be read, or nobody known answers for it.
    #[track_caller]
    pub fn capture(&mut self, document: &str) -> Vec<Reported> {
        let read = Document::read(document.as_bytes(), &Limits::default());
        let events = read.unwrap_or_else(|error| panic!("{error}")).events;
        let order = merge::order([&events]);
        let events = order.iter().filter_map(|(_, at)| events.get(*at));
        events.map(|event| self.capture_one(event)).collect()
    }

    #[track_caller]
    fn capture_one(&mut self, captured: &marque_epcis::Captured) -> Reported {
        let at = captured.index;
        let report = map::map(captured).unwrap_or_else(|error| panic!("event {at}: {error}"));
        let event = captured.event.as_ref();
        let event = event.unwrap_or_else(|error| panic!("event {at}: {error}"));
        let named =
            signer::candidates(event, None).unwrap_or_else(|error| panic!("event {at}: {error}"));
        let known = |gln: Gln| self.party_of(gln);
        let by = named.iter().find_map(|candidate| known(candidate.gln));
        let Some(by) = by else {
            let named: Vec<String> = named.iter().map(|named| named.gln.to_string()).collect();
            panic!(
                "event {at} names {}, and no party is there: world.party_at(name, gln)",
                named.join(", ")
            );
        };
        let ended = self.by(&by).act(Action::Fact(report)).ends();
        Reported { by, ended }
    }
}
