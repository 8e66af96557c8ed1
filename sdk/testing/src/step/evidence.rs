//! When, where and with what evidence.

use super::Step;
use marque_primitives::bounded::Text;
use marque_primitives::detail::{Document, Fact, FactValue, Place, Sensor};
use marque_primitives::{Decimal, TimeMs};

impl Step<'_> {
    /// Where a party's location was: the read point.
    ///
    /// ```
    /// # use marque_testing::{World, compile_example};
    /// # let mut world = World::new();
    /// # let rules = world.by("alice").deploy(&compile_example("marque-sdk", "smallest"), &()).contract();
    /// let drill = world.product("alice", "Drill", rules);
    /// let made = world.by("alice").commission([drill.items(1, 10)]).at("bob").happens();
    /// assert_eq!(made.events[0].detail.place, Some(world.party("bob").place()));
    /// ```
    pub fn at(mut self, party: &str) -> Self {
        self.detail.place = Some(self.world.party(party).place());
        self
    }

    /// Where it is thereafter: a party's location.
    ///
    /// ```
    /// # use marque_testing::{World, compile_example};
    /// # let mut world = World::new();
    /// # let rules = world.by("alice").deploy(&compile_example("marque-sdk", "smallest"), &()).contract();
    /// let drill = world.product("alice", "Drill", rules);
    /// world.by("alice").commission([drill.items(1, 10)]).then_at("bob").happens();
    /// let (record, _) = world.standing(&drill.item(1)).unwrap();
    /// assert_eq!(record.place, Some(world.party("bob").place()));
    /// ```
    pub fn then_at(mut self, party: &str) -> Self {
        self.detail.location = Some(self.world.party(party).place());
        self
    }

    /// Where it is thereafter: any place.
    ///
    /// ```
    /// # use marque_testing::{World, compile_example};
    /// # let mut world = World::new();
    /// # let rules = world.by("alice").deploy(&compile_example("marque-sdk", "smallest"), &()).contract();
    /// use marque_primitives::detail::Place;
    ///
    /// let (drill, site) = (world.product("alice", "Drill", rules), "geo:50.08,14.42");
    /// let site = Place::Uri(site.try_into()?);
    /// world.by("alice").commission([drill.items(1, 10)]).then_at_place(site.clone()).happens();
    /// assert_eq!(world.standing(&drill.item(1)).unwrap().0.place, Some(site));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn then_at_place(mut self, place: Place) -> Self {
        self.detail.location = Some(place);
        self
    }

    /// At the location of who does it, before and thereafter.
    ///
    /// ```
    /// # use marque_testing::{World, compile_example};
    /// # let mut world = World::new();
    /// # let rules = world.by("alice").deploy(&compile_example("marque-sdk", "smallest"), &()).contract();
    /// let drill = world.product("alice", "Drill", rules);
    /// let made = world.by("alice").commission([drill.items(1, 10)]).here().happens();
    /// let (home, detail) = (Some(world.party("alice").place()), &made.events[0].detail);
    /// assert!(detail.place == home && detail.location == home);
    /// ```
    pub fn here(mut self) -> Self {
        self.detail.place = Some(self.party.place());
        self.detail.location = Some(self.party.place());
        self
    }

    /// The time of the block that it will be in.
    ///
    /// ```
    /// use marque_testing::World;
    ///
    /// let mut world = World::new();
    /// let now = world.now();
    /// assert_eq!(world.by("alice").now().0, now.0 + 1_000, "the block behind that of her registration");
    /// ```
    pub fn now(&self) -> TimeMs {
        self.world.now()
    }

    /// When it happened; the block's time if not said.
    ///
    /// ```
    /// # use marque_testing::{World, compile_example};
    /// # let mut world = World::new();
    /// # let rules = world.by("alice").deploy(&compile_example("marque-sdk", "smallest"), &()).contract();
    /// let (drill, time) = (world.product("alice", "Drill", rules), world.now());
    /// world.wait(86_400_000);
    /// let made = world.by("alice").commission([drill.items(1, 10)]).on(time).captured().happens();
    /// assert_eq!(made.events[0].detail.time, Some(time));
    /// ```
    pub fn on(mut self, time: TimeMs) -> Self {
        self.detail.time = Some(time);
        self
    }

    /// The CBV business step.
    ///
    /// ```
    /// # use marque_testing::{World, compile_example};
    /// # let mut world = World::new();
    /// # let rules = world.by("alice").deploy(&compile_example("marque-sdk", "smallest"), &()).contract();
    /// let drill = world.product("alice", "Drill", rules);
    /// let made = world.by("alice").commission([drill.items(1, 10)]).step("commissioning").happens();
    /// assert_eq!(made.events[0].detail.step.as_deref(), Some("commissioning"));
    /// ```
    pub fn step(mut self, step: &str) -> Self {
        self.detail.step = Some(Text::new(step).expect("a step"));
        self
    }

    /// The CBV disposition.
    ///
    /// ```
    /// # use marque_testing::{World, compile_example};
    /// # let mut world = World::new();
    /// # let rules = world.by("alice").deploy(&compile_example("marque-sdk", "smallest"), &()).contract();
    /// let drill = world.product("alice", "Drill", rules);
    /// world.by("alice").commission([drill.items(1, 10)]).disposition("active").happens();
    /// let (record, _) = world.standing(&drill.item(1)).unwrap();
    /// assert_eq!(record.disposition.as_deref(), Some("active"));
    /// ```
    pub fn disposition(mut self, disposition: &str) -> Self {
        self.detail.disposition = Some(Text::new(disposition).expect("a disposition"));
        self
    }

    /// A document that it belongs to: CBV type and URI.
    ///
    /// ```
    /// # use marque_testing::{World, compile_example};
    /// # let mut world = World::new();
    /// # let rules = world.by("alice").deploy(&compile_example("marque-sdk", "smallest"), &()).contract();
    /// let drill = world.product("alice", "Drill", rules);
    /// let made = world.by("alice").commission([drill.items(1, 10)]).document("prodorder", "urn:x:1").happens();
    /// let evidence = made.events[0].detail.open().unwrap();
    /// assert_eq!(&*evidence.documents[0].kind, "prodorder");
    /// ```
    pub fn document(mut self, kind: &str, id: &str) -> Self {
        let document = Document {
            kind: Text::new(kind).expect("a type"),
            id: Text::new(id).expect("a URI"),
        };
        self.evidence
            .documents
            .push(document)
            .expect("at most 64 documents");
        self
    }

    /// A fact in words.
    ///
    /// ```
    /// # use marque_testing::{World, compile_example};
    /// # let mut world = World::new();
    /// # let rules = world.by("alice").deploy(&compile_example("marque-sdk", "smallest"), &()).contract();
    /// let drill = world.product("alice", "Drill", rules);
    /// let made = world.by("alice").commission([drill.items(1, 10)]).fact("colour", "green").happens();
    /// let evidence = made.events[0].detail.open().unwrap();
    /// assert!(evidence.facts.get("colour").is_some() && evidence.facts.get("color").is_none());
    /// ```
    pub fn fact(mut self, name: &str, words: &str) -> Self {
        self.facts.push(Fact {
            name: Text::new(name).expect("a name"),
            value: FactValue::Text(Text::new(words).expect("words")),
        });
        self
    }

    /// A sensor report.
    ///
    /// ```
    /// # use marque_testing::{World, compile_example};
    /// # let mut world = World::new();
    /// # let rules = world.by("alice").deploy(&compile_example("marque-sdk", "smallest"), &()).contract();
    /// use marque_primitives::detail::Sensor;
    ///
    /// let drill = world.product("alice", "Drill", rules);
    /// let humid = Sensor { kind: "Humidity".try_into()?, ..Sensor::default() };
    /// let made = world.by("alice").commission([drill.items(1, 10)]).sensor(humid.clone()).happens();
    /// assert_eq!(made.events[0].detail.open().unwrap().sensors.first(), Some(&humid));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn sensor(mut self, sensor: Sensor) -> Self {
        self.evidence
            .sensors
            .push(sensor)
            .expect("at most 256 sensors");
        self
    }

    /// A temperature in degrees of `unit` (CEL, FAH, KEL) over a span.
    ///
    /// ```
    /// # use marque_testing::{World, compile_example};
    /// # let mut world = World::new();
    /// # let rules = world.by("alice").deploy(&compile_example("marque-sdk", "smallest"), &()).contract();
    /// let (glue, now) = (world.product("alice", "Glue", rules), world.now());
    /// let made = world.by("alice").commission([glue.items(1, 10)]);
    /// let made = made.temperature("21.5", "CEL", now, now).happens();
    /// let evidence = made.events[0].detail.open().unwrap();
    /// assert_eq!(evidence.sensors[0].max, marque_primitives::Decimal::parse("21.5").ok());
    /// ```
    pub fn temperature(self, warmest: &str, unit: &str, from: TimeMs, to: TimeMs) -> Self {
        self.sensor(Sensor {
            kind: Text::new("Temperature").expect("a property"),
            unit: Some(Text::new(unit).expect("a unit")),
            max: Some(Decimal::parse(warmest).expect("a number")),
            from: Some(from),
            to: Some(to),
            ..Sensor::default()
        })
    }

    /// A sensor's alarm.
    ///
    /// ```
    /// # use marque_testing::{World, compile_example};
    /// # let mut world = World::new();
    /// # let rules = world.by("alice").deploy(&compile_example("marque-sdk", "smallest"), &()).contract();
    /// let glue = world.product("alice", "Glue", rules);
    /// let made = world.by("alice").commission([glue.items(1, 10)]).alarm("Temperature").happens();
    /// assert!(made.events[0].detail.open().unwrap().sensors[0].alarm);
    /// ```
    pub fn alarm(self, property: &str) -> Self {
        self.sensor(Sensor {
            kind: Text::new(property).expect("a property"),
            alarm: true,
            ..Sensor::default()
        })
    }

    /// It is reported, not intended: a captured event about something past.
    ///
    /// ```
    /// # use marque_testing::{World, compile_example};
    /// # let mut world = World::new();
    /// # let rules = world.by("alice").deploy(&compile_example("marque-sdk", "smallest"), &()).contract();
    /// let drill = world.product("alice", "Drill", rules);
    /// world.by("alice").commission([drill.items(1, 10)]).happens();
    /// // It has happened, against the rule: what is known of it stays.
    /// let sold = world.by("alice").release([drill.items(1, 1)]).captured().happens();
    /// sold.is_observed("ProfessionalUse");
    /// ```
    pub fn captured(mut self) -> Self {
        self.captured = true;
        self
    }
}
