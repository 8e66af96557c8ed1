//! Fresh food: complete traceability records (FSMA 204: 21 CFR Part 1, Subpart S) and a
//! cold chain.
//!
//! As an intent, what breaks a rule is refused by name. As a captured fact it is kept,
//! since the truck has left: as incomplete, with the missing elements in the note, or held.
//!
//! Start reading at [`fresh_food`] (the rules); `cte` says what the regulation asks for at
//! each critical tracking event, `marque_trade::cold` what a thermometer's report means.
#![cfg_attr(target_arch = "wasm32", no_std)]

mod cte;

use cte::{Cte, Origin, Stage};
use marque_sdk::prelude::*;
use marque_trade::cold::{self, Exposure, Finding, Range};
use marque_trade::{expiry, seen_before};

/// Food on the Food Traceability List, from the farm or the vessel to the shop.
#[contract(refusals(cold::Refuse))]
pub mod fresh_food {
    /// What the contract keeps.
    #[storage]
    pub struct FreshFood {
        /// The warmest that the food may be, in degrees Celsius.
        limit: Decimal,
        /// How long it may be warmer, in minutes, summed over a lot's life.
        tolerance: u32,
        /// Who may receive, beside the brand.
        receivers: Set<Address>,
        /// Who may release what is held, beside the brand.
        inspectors: Set<Address>,
        /// At which critical tracking event a product's lots begin.
        stages: Map<Gtin, Stage>,
        /// Where a lot was harvested and its code assigned.
        origins: Map<LotId, Origin>,
        /// How long a lot was too warm.
        warmth: Map<LotId, Exposure>,
    }

    /// Why a movement is refused, or held or noted if it has happened.
    #[refusals]
    pub enum Refuse {
        /// The record of {event} lacks {elements} (21 CFR {section}).
        #[refusal(
            field = "{field}",
            remedy = "add the missing key data elements and send it again"
        )]
        MissingElements {
            /// The critical tracking event.
            event: &'static str,
            /// What is missing.
            elements: Words,
            /// The section that asks for it.
            section: &'static str,
            /// Where the first of them goes.
            field: &'static str,
        },
        /// {receiver} is not on the brand's list of receivers.
        #[refusal(
            field = "to",
            remedy = "ask the brand to list the receiver, or send the food to one who is"
        )]
        NotListed {
            /// Who was to receive.
            receiver: Address,
        },
        /// Lot {lot} was good until {expiry}.
        #[refusal(
            field = "expiry",
            expected = "{today} or later",
            remedy = "take it out of the shipment and dispose of it"
        )]
        Expired {
            /// The lot; empty if it has none.
            lot: Words,
            /// Its last good day.
            expiry: Date,
            /// The day of the movement.
            today: Date,
        },
        /// A sensor raised an alarm for {property}.
        #[refusal(
            field = "sensors",
            remedy = "observe the alarm, which holds the lot, and have it inspected"
        )]
        SensorAlarm {
            /// What the sensor watches.
            property: Words,
        },
        /// The food was above {limit} °C for {minutes} minutes.
        #[refusal(
            field = "sensors",
            expected = "at most {tolerance} minutes",
            remedy = "observe the temperature, which holds the lot, and have it inspected"
        )]
        TooWarm {
            /// For how long, over the lot's life.
            minutes: u64,
            /// The limit in degrees Celsius.
            limit: Decimal,
            /// How long is tolerated.
            tolerance: u32,
        },
        /// Lots of this product begin with {event}, not with other food.
        #[refusal(
            field = "outputs",
            remedy = "name the product that it became, or have the brand set its stage"
        )]
        BeginsOtherwise {
            /// The critical tracking event.
            event: &'static str,
        },
        /// This account neither is the brand nor inspects for it.
        #[refusal(remedy = "ask the brand to appoint the account as an inspector")]
        NotInspector,
    }

    /// An inspector found the food good.
    #[event]
    pub struct Released {
        /// Of which lot.
        #[indexed]
        pub lot: LotId,
        /// Who inspected.
        #[indexed]
        pub by: Address,
        /// What was found.
        pub finding: Words,
    }

    impl FreshFood {
        /// A cold chain of `limit` degrees Celsius, warmer for at most `tolerance` minutes.
        #[init]
        fn new(
            limit: Decimal,
            tolerance: u32,
            receivers: Set<Address>,
            inspectors: Set<Address>,
        ) -> Self {
            Self {
                limit,
                tolerance,
                receivers,
                inspectors,
                stages: Map::new(),
                origins: Map::new(),
                warmth: Map::new(),
            }
        }

        /// A lot begins with the record of its harvest, landing or packing; with that of its
        /// packing, which asks for most, where the brand did not say.
        #[rule]
        fn commission(&mut self, movement: &Movement) -> Decision {
            movement.judge(|line| {
                let mut findings = Findings::new();
                let cte = self.stage(line).unwrap_or(Stage::Packed).event();
                let origin = self.begin(cte, movement, line);
                self.complete(cte, movement, line, origin, &mut findings);
                self.warm(movement, line, &mut findings);
                findings.verdict(movement)
            })
        }

        /// Inputs become a new lot with the record of its packing or transformation.
        #[rule]
        fn transform(&mut self, movement: &Movement) -> Decision {
            movement.judge(|line| {
                let mut findings = Findings::new();
                self.warm(movement, line, &mut findings);
                if line.part() == Part::Output {
                    let mut cte = self.stage(line).unwrap_or(Stage::Made).event();
                    if matches!(cte, Cte::Harvesting | Cte::FirstLandBasedReceiving) {
                        findings.note(Refuse::BeginsOtherwise { event: cte.name() });
                        cte = Cte::Transformation;
                    }
                    let origin = self.begin(cte, movement, line);
                    self.complete(cte, movement, line, origin, &mut findings);
                } else {
                    self.good(movement, line, &mut findings);
                    if !line.has_lot() {
                        self.complete(Cte::Transformation, movement, line, None, &mut findings);
                    }
                }
                findings.verdict(movement)
            })
        }

        /// Food ships to listed receivers, within its expiry and its cold chain, with the
        /// record of the shipment.
        #[rule]
        fn offer(&mut self, movement: &Movement) -> Decision {
            movement.judge(|line| {
                let mut findings = Findings::new();
                self.listed_receiver(movement.to(), line, &mut findings);
                self.good(movement, line, &mut findings);
                self.warm(movement, line, &mut findings);
                if movement.what() != Some(Right::Ownership) {
                    let origin = self.origin_of(line);
                    self.complete(Cte::Shipping, movement, line, origin, &mut findings);
                }
                findings.verdict(movement)
            })
        }

        /// Listed receivers take it, with the record of the receipt. Of food whose sender is
        /// exempt, and gave it no code, the receiver assigns it (1.1345(b)).
        #[rule(accept, claim)]
        fn receive(&mut self, movement: &Movement) -> Decision {
            movement.judge(|line| {
                let mut findings = Findings::new();
                let receiver = movement.to().unwrap_or(movement.account());
                self.listed_receiver(Some(receiver), line, &mut findings);
                self.warm(movement, line, &mut findings);
                if movement.what() != Some(Right::Ownership) {
                    let origin = match movement.has_fact("exemptSource") {
                        true => self.begin(Cte::Receiving, movement, line),
                        false => self.origin_of(line),
                    };
                    self.complete(Cte::Receiving, movement, line, origin, &mut findings);
                }
                findings.verdict(movement)
            })
        }

        /// What goes to a consumer is within its expiry.
        #[rule]
        fn release(&self, movement: &Movement) -> Decision {
            movement.judge(|line| {
                let mut findings = Findings::new();
                self.good(movement, line, &mut findings);
                findings.verdict(movement)
            })
        }

        /// Temperatures and alarms are always written down, and hold the lot if they are bad;
        /// the record of cooling is complete.
        #[rule]
        fn observe(&mut self, movement: &Movement) -> Decision {
            movement.judge(|line| {
                let mut findings = Findings::new();
                if cte::is_cooling(movement) {
                    let origin = self.origin_of(line);
                    self.complete(Cte::Cooling, movement, line, origin, &mut findings);
                    if !movement.captured() && !findings.is_empty() {
                        return findings.verdict(movement);
                    }
                }
                self.warm(movement, line, &mut findings);
                Ok(findings.kept())
            })
        }

        /// What is packed keeps its cold chain.
        #[rule(pack, unpack)]
        fn handle(&mut self, movement: &Movement) -> Decision {
            movement.judge(|line| {
                let mut findings = Findings::new();
                self.warm(movement, line, &mut findings);
                findings.verdict(movement)
            })
        }

        /// Ends the hold of a whole lot after inspection; its warm time begins anew.
        #[message]
        fn release_lot(&mut self, lot: LotId, finding: Words) -> Result {
            self.warmth.remove(&lot);
            self.free(&Target::lot(&lot), lot, finding)
        }

        /// Ends the hold of some of a lot's items after inspection: `count` serials from
        /// `first` on.
        #[message]
        fn release_items(
            &mut self,
            lot: LotId,
            first: Serial,
            count: u64,
            finding: Words,
        ) -> Result {
            self.free(&Target::items(lot.gtin, first, count), lot, finding)
        }

        /// Ends the hold of a quantity of a lot that `holder` has, after inspection.
        #[message]
        fn release_quantity(
            &mut self,
            lot: LotId,
            amount: Quantity,
            holder: Address,
            finding: Words,
        ) -> Result {
            self.free(&Target::quantity(&lot, &amount, holder), lot, finding)
        }

        /// Holds a lot until an inspector releases it.
        #[message]
        fn hold_lot(&mut self, lot: LotId, reason: Words) -> Result {
            self.inspector()?;
            hold(&Target::lot(&lot), reason.as_str())
        }

        /// The brand lists a receiver.
        #[message]
        fn list(&mut self, receiver: Address) -> Result {
            only_brand()?;
            self.receivers.insert(&receiver);
            Ok(())
        }

        /// The brand takes a receiver off the list.
        #[message]
        fn unlist(&mut self, receiver: Address) -> Result {
            only_brand()?;
            self.receivers.remove(&receiver);
            Ok(())
        }

        /// The brand appoints an inspector.
        #[message]
        fn appoint(&mut self, inspector: Address) -> Result {
            only_brand()?;
            self.inspectors.insert(&inspector);
            Ok(())
        }

        /// The brand dismisses an inspector.
        #[message]
        fn dismiss(&mut self, inspector: Address) -> Result {
            only_brand()?;
            self.inspectors.remove(&inspector);
            Ok(())
        }

        /// The brand says at which critical tracking event a product's lots begin.
        #[message]
        fn set_stage(&mut self, product: Gtin, stage: Stage) -> Result {
            only_brand()?;
            self.stages.insert(&product, &stage);
            Ok(())
        }

        /// The brand sets the cold chain.
        #[message]
        fn set_limit(&mut self, limit: Decimal, tolerance: u32) -> Result {
            only_brand()?;
            self.limit = limit;
            self.tolerance = tolerance;
            Ok(())
        }

        /// Whether an account may receive, the brand aside.
        #[query]
        fn listed(&self, receiver: Address) -> bool {
            self.receivers.contains(&receiver)
        }

        /// The listed receivers, in pages.
        #[query]
        fn receivers(&self, after: Option<Address>, limit: u32) -> Page<Address> {
            self.receivers.page(after.as_ref(), limit)
        }

        /// The cold chain: the limit in degrees Celsius and the tolerance in minutes.
        #[query]
        fn cold_chain(&self) -> (Decimal, u32) {
            (self.limit, self.tolerance)
        }

        /// Where a lot was harvested and its code assigned.
        #[query]
        fn origin(&self, lot: LotId) -> Option<Origin> {
            self.origins.get(&lot)
        }

        /// How long a lot was too warm.
        #[query]
        fn too_warm(&self, lot: LotId) -> Exposure {
            self.warmth_of(&lot)
        }
    }

    impl FreshFood {
        /// At which event the line's product begins.
        fn stage(&self, line: &Line) -> Option<Stage> {
            self.stages.get(&line.product()?)
        }

        /// The brand and its inspectors alone.
        fn inspector(&self) -> Result {
            let inspects = caller() == brand() || self.inspectors.contains(&caller());
            ensure!(inspects, Refuse::NotInspector);
            Ok(())
        }

        /// Ends a hold after inspection; refused, nothing else of the message stays either.
        fn free(&self, target: &Target, lot: LotId, finding: Words) -> Result {
            self.inspector()?;
            marque_sdk::release(target, finding.as_str())?;
            emit(Released {
                lot,
                by: caller(),
                finding,
            });
            Ok(())
        }

        fn warmth_of(&self, lot: &LotId) -> Exposure {
            self.warmth.get(lot).unwrap_or_default()
        }

        /// What is remembered of the beginning of the line's lot.
        fn origin_of(&self, line: &Line) -> Option<Origin> {
            self.origins.get(&line.lot()?)
        }

        /// Every key data element of the event is there. Nothing is asked of the way from the
        /// harvest to the packer.
        fn complete(
            &self,
            cte: Cte,
            movement: &Movement,
            line: &Line,
            origin: Option<Origin>,
            findings: &mut Findings,
        ) {
            let unpacked = origin.as_ref().is_some_and(|origin| !origin.coded);
            if unpacked && matches!(cte, Cte::Shipping | Cte::Receiving) {
                return;
            }
            let harvested = self.harvest_known(movement);
            let missing = cte::missing(cte, movement, line, origin.as_ref(), harvested);
            if let Some((elements, field)) = missing {
                findings.note(Refuse::MissingElements {
                    event: cte.name(),
                    elements,
                    section: cte.section(),
                    field,
                });
            }
        }

        /// Whether the farm of all that is packed is known from its own record.
        fn harvest_known(&self, movement: &Movement) -> bool {
            let mut known = false;
            for line in movement.lines().filter(|line| line.part() == Part::Input) {
                let origin = self.origin_of(&line);
                known = origin.is_some_and(|origin| origin.farm.is_some());
                if !known {
                    break;
                }
            }
            known
        }

        /// Remembers where a new lot began, and once where its code was assigned.
        fn begin(&mut self, cte: Cte, movement: &Movement, line: &Line) -> Option<Origin> {
            let lot = line.lot()?;
            let mut origin = Origin::of(cte, movement);
            if let Some(known) = self.origins.get(&lot) {
                if known.source.is_some() || !origin.coded {
                    return Some(known);
                }
                origin.farm = known.farm;
                origin.began = known.began;
            }
            self.origins.insert(&lot, &origin);
            Some(origin)
        }

        /// The receiver is the brand or on its list.
        fn listed_receiver(&self, receiver: Option<Address>, line: &Line, findings: &mut Findings) {
            let Some(receiver) = receiver else { return };
            let brand = line.product().and_then(brand_of);
            if brand != Some(receiver) && !self.receivers.contains(&receiver) {
                findings.hold(Refuse::NotListed { receiver });
            }
        }

        /// The line is within its expiry.
        fn good(&self, movement: &Movement, line: &Line, findings: &mut Findings) {
            if let Some(passed) = expiry::check(line.expiry(), movement.time()) {
                findings.hold(Refuse::Expired {
                    lot: Words::from(line.lot_number()),
                    expiry: passed.expiry,
                    today: passed.today,
                });
            }
        }

        /// No alarm, and not too long above the limit. The lines of one lot share its sensors:
        /// the first of them answers.
        fn warm(&mut self, movement: &Movement, line: &Line, findings: &mut Findings) {
            if seen_before(movement, line) {
                return;
            }
            let lot = line.lot();
            let mut warmth = lot
                .as_ref()
                .map(|lot| self.warmth_of(lot))
                .unwrap_or_default();
            let (limit, tolerance) = (self.limit, self.tolerance);
            let range = Range {
                low: None,
                high: limit,
                tolerance,
            };
            let measured = warmth.follow(movement, Some(&range), &mut |finding| match finding {
                Finding::Alarm(property) => findings.hold_lot(Refuse::SensorAlarm {
                    property: property.into(),
                }),
                Finding::Unreadable(unit) => {
                    findings.note(cold::Refuse::UnreadableTemperature { unit: unit.into() });
                }
                Finding::Outside { minutes } => findings.hold_lot(Refuse::TooWarm {
                    minutes,
                    limit,
                    tolerance,
                }),
            });
            if let Some(lot) = lot.filter(|_| measured) {
                self.warmth.insert(&lot, &warmth);
            }
        }
    }
}
