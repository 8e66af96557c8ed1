//! Pharmaceuticals: product identifiers, licensed partners, decommissioning and its undoing,
//! investigations and the cold chain, after EU 2016/161, DSCSA section 582 and GDP
//! 2013/C 343/01.
//!
//! As an intent, what breaks a rule is refused by name. As a captured fact it is kept and
//! held, since the pack has moved.
//!
//! What the ledger itself keeps: a pack is decommissioned once (EU 2016/161 Art. 22), a
//! recalled one goes back to its collectors only, a held one does not move. What no rule
//! here can say: a report that names a pack under another lot in the identifier itself stays
//! an observation of the ledger's (`OtherLot`), which no rule is asked about, so that the
//! pack is held only by `verify` or by a lot stated as a fact; nor are the serials of a
//! repackaging paired one by one, since a transformation links all that went in with all
//! that came out.
//!
//! Start reading at [`pharmaceuticals`] (the rules); `undo` says when a decommission is
//! undone, `case` what an investigation keeps.
#![cfg_attr(target_arch = "wasm32", no_std)]

mod case;
mod undo;

use case::{Case, NOTICE};
use marque_sdk::identity;
use marque_sdk::prelude::*;
use marque_trade::cold::{self, Exposure, Finding, Range};
use marque_trade::licence::{self, Licence, Unlicensed};
use marque_trade::{expiry, seen_before};

/// What an account is licensed for.
#[data]
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Role {
    /// Trading (DSCSA 581(2), (23)): manufacturers, wholesalers, dispensers.
    Trade,
    /// Repackaging (DSCSA 581(16), 582(e)).
    Repackage,
    /// Investigating.
    Inspect,
    /// Licensing others by credentials (GDP 5.2).
    Attest,
}

/// What an authority's credential of an authorised trading partner is called (DSCSA 581(2)).
const PARTNER: &str = "authorised-trading-partner";

/// What a pack that came back is until it is verified (CBV).
const RETURNED: &str = "returned";
/// What it is thereafter (CBV).
const SALEABLE: &str = "sellable_accessible";

/// Serialised packs from the manufacturer to the pharmacy.
#[contract(refusals(cold::Refuse))]
pub mod pharmaceuticals {
    /// What the contract keeps.
    #[storage]
    pub struct Pharmaceuticals {
        /// Who is licensed for what, beside the brand.
        licences: Map<(Role, Address), Licence>,
        /// At which temperatures a product keeps.
        ranges: Map<Gtin, Range>,
        /// How long a lot was outside them.
        exposures: Map<LotId, Exposure>,
        /// The investigation of a lot.
        cases: Map<LotId, Case>,
    }

    /// Why a movement is refused, or held if it has happened.
    #[refusals]
    pub enum Refuse {
        /// The {element} was commissioned as {known}, not {given} (EU 2016/161 Art. 24).
        #[refusal(
            field = "evidence.facts.{element}",
            remedy = "keep the pack apart and report it as suspect"
        )]
        Mismatch {
            /// Which part of the product identifier.
            element: &'static str,
            /// As commissioned.
            known: Words,
            /// As read from the pack.
            given: Words,
        },
        /// {account} is no licensed partner of the brand (DSCSA 582(c)(3)).
        #[refusal(field = "to", remedy = "ask the brand to record the partner's licence")]
        NotPartner {
            /// Who takes part.
            account: Address,
        },
        /// The licence of {account} ended after {until} (DSCSA 582(c)(3)).
        #[refusal(field = "to", remedy = "ask the brand to record the renewed licence")]
        LicenceLapsed {
            /// Whose.
            account: Address,
            /// Its last day.
            until: Date,
        },
        /// Lot {lot} was good until {expiry}.
        #[refusal(
            field = "expiry",
            expected = "{today} or later",
            remedy = "return it to the brand, or decommission it for destruction"
        )]
        Expired {
            /// The lot.
            lot: Words,
            /// Its last good day.
            expiry: Date,
            /// The day of the movement.
            today: Date,
        },
        /// Only who has a pack decommissions it (EU 2016/161 Art. 16, 25).
        #[refusal(field = "account", remedy = "have its custodian decommission it")]
        NotHolder,
        /// It was decommissioned under another authorisation (EU 2016/161 Art. 13(1)(a)).
        #[refusal(
            field = "account",
            remedy = "have the account that decommissioned it undo it"
        )]
        OtherAuthorisation,
        /// It was decommissioned at other premises (EU 2016/161 Art. 13(1)(a)).
        #[refusal(
            field = "place",
            remedy = "undo it where it was done, and name the place"
        )]
        OtherPremises,
        /// It was decommissioned more than ten days ago (EU 2016/161 Art. 13(1)(b)).
        #[refusal(field = "items", remedy = "keep it decommissioned and dispose of it")]
        TenDaysOver,
        /// It is recalled (EU 2016/161 Art. 13(1)(d)).
        #[refusal(field = "items", remedy = "send it back as the recall says")]
        Recalled,
        /// It ended as {disposition}, which is final (EU 2016/161 Art. 13(1)(d), (e)).
        #[refusal(field = "items", remedy = "keep it decommissioned")]
        FinalEnd {
            /// Its disposition (CBV).
            disposition: Words,
        },
        /// A returned pack is not saleable before it is verified (DSCSA 582(c)(4)(D)).
        #[refusal(
            field = "items",
            remedy = "verify each pack's product identifier, or return it with the disposition returned"
        )]
        NotVerified,
        /// Repackaging names the packs on both sides, with a lot (DSCSA 582(e)(2)).
        #[refusal(
            field = "outputs",
            remedy = "name the serials that went in and those that came out, and the new lot"
        )]
        Unlinked,
        /// A sensor raised an alarm for {property} (GDP 2013/C 343/01 9.2).
        #[refusal(
            field = "sensors",
            remedy = "observe the alarm, which holds the lot, and have it inspected"
        )]
        SensorAlarm {
            /// What the sensor watches.
            property: Words,
        },
        /// It was outside its temperatures for {minutes} minutes (GDP 2013/C 343/01 9.2).
        #[refusal(
            field = "sensors",
            remedy = "observe the readings, which holds the lot, and have it inspected"
        )]
        OutOfRange {
            /// For how long, over the lot's life.
            minutes: u64,
        },
        /// This account has no licence for that, or it has ended.
        #[refusal(remedy = "ask the brand to record the account's licence")]
        NotLicensedHere,
        /// There is no such investigation.
        #[refusal(field = "lot", remedy = "report the lot as suspect first")]
        NoCase,
        /// The lot is under investigation or illegitimate (DSCSA 582(c)(4)).
        #[refusal(
            field = "lot",
            remedy = "end the investigation with releaseLot; what is illegitimate stays held"
        )]
        UnderInvestigation,
    }

    /// A product identifier did not match (EU 2016/161 Art. 24, 37(d)).
    #[event]
    pub struct Alert {
        /// The pack's product.
        #[indexed]
        pub product: Gtin,
        /// Its serial.
        pub serial: Serial,
        /// What did not match.
        pub element: &'static str,
    }

    /// A lot came under investigation, or out of it.
    #[event]
    pub struct Investigated {
        /// Which.
        #[indexed]
        pub lot: LotId,
        /// Who says so.
        #[indexed]
        pub by: Address,
        /// Whether it is suspect still.
        pub suspect: bool,
        /// What was found.
        pub finding: Words,
    }

    /// A lot was found illegitimate: partners and authority are to be told.
    #[event]
    pub struct Illegitimate {
        /// Which.
        #[indexed]
        pub lot: LotId,
        /// Until when.
        pub deadline: TimeMs,
    }

    /// Partners and authority were told.
    #[event]
    pub struct Notified {
        /// Of which lot.
        #[indexed]
        pub lot: LotId,
        /// Whether it took more than 24 hours.
        pub late: bool,
        /// The notice, such as the number of a Form FDA 3911.
        pub reference: Words,
    }

    impl Pharmaceuticals {
        /// No licence yet, beside the brand itself.
        #[init]
        fn new() -> Self {
            Self {
                licences: Map::new(),
                ranges: Map::new(),
                exposures: Map::new(),
                cases: Map::new(),
            }
        }

        /// Packs begin in their temperatures.
        #[rule]
        fn commission(&mut self, movement: &Movement) -> Decision {
            movement.judge(|line| {
                let mut findings = Findings::new();
                self.cold(movement, line, &mut findings);
                findings.verdict(movement)
            })
        }

        /// Repackaging is licensed, and keeps the packs linked (DSCSA 582(e)).
        #[rule]
        fn transform(&mut self, movement: &Movement) -> Decision {
            movement.judge(|line| {
                let mut findings = Findings::new();
                self.licensed(Role::Repackage, movement.account(), line, &mut findings);
                let output = line.part() == Part::Output;
                if line.count().is_none() || (output && !line.has_lot()) {
                    findings.hold(Refuse::Unlinked);
                }
                if line.part() == Part::Input {
                    self.check(movement, line, &mut findings);
                    good(movement, line, &mut findings);
                    verified(line, &mut findings);
                }
                findings.verdict(movement)
            })
        }

        /// Licensed partners trade what is good, matched, kept cold and, if it came back,
        /// verified. A return goes back unverified, and what is past its expiry to the brand.
        #[rule]
        fn offer(&mut self, movement: &Movement) -> Decision {
            movement.judge(|line| {
                let mut findings = Findings::new();
                self.licensed(Role::Trade, movement.account(), line, &mut findings);
                if let Some(to) = movement.to() {
                    self.licensed(Role::Trade, to, line, &mut findings);
                }
                self.check(movement, line, &mut findings);
                if movement.to().is_none() || movement.to() != line.product().and_then(brand_of) {
                    good(movement, line, &mut findings);
                }
                if movement.disposition() != RETURNED {
                    verified(line, &mut findings);
                }
                settled(movement, line, findings)
            })
        }

        /// Licensed partners take what matches.
        #[rule(accept, claim)]
        fn receive(&mut self, movement: &Movement) -> Decision {
            movement.judge(|line| {
                let mut findings = Findings::new();
                let receiver = movement.to().unwrap_or(movement.account());
                self.licensed(Role::Trade, receiver, line, &mut findings);
                self.check(movement, line, &mut findings);
                settled(movement, line, findings)
            })
        }

        /// What goes to a patient is good, and comes from a licensed dispenser.
        #[rule]
        fn release(&mut self, movement: &Movement) -> Decision {
            movement.judge(|line| {
                let mut findings = Findings::new();
                self.licensed(Role::Trade, movement.account(), line, &mut findings);
                self.check(movement, line, &mut findings);
                good(movement, line, &mut findings);
                verified(line, &mut findings);
                findings.verdict(movement)
            })
        }

        /// Only who has a pack ends it, whatever else may be wrong with it: expired and
        /// returned packs end too (EU 2016/161 Art. 16, 22, 25).
        #[rule]
        fn decommission(&mut self, movement: &Movement) -> Decision {
            movement.judge(|line| {
                let mut findings = Findings::new();
                if line.custodian() != Some(movement.account()) {
                    findings.hold(Refuse::NotHolder);
                }
                identify(movement, line, &mut findings);
                findings.verdict(movement)
            })
        }

        /// A decommission is undone (EU 2016/161 Art. 13). Only an intent can ask for it.
        #[rule]
        fn reinstate(&mut self, movement: &Movement) -> Decision {
            movement.judge(|line| {
                let mut findings = Findings::new();
                ensure!(
                    line.custodian() == Some(movement.account()),
                    Refuse::OtherAuthorisation
                );
                ensure!(undo::same_premises(line, movement), Refuse::OtherPremises);
                ensure!(!undo::too_late(line, movement), Refuse::TenDaysOver);
                ensure!(!line.recalled(), Refuse::Recalled);
                let disposition = line.disposition();
                if undo::is_final(disposition) {
                    let disposition = disposition.into();
                    return Err(Refuse::FinalEnd { disposition }.into());
                }
                self.licensed(Role::Trade, movement.account(), line, &mut findings);
                good(movement, line, &mut findings);
                settled(movement, line, findings)
            })
        }

        /// What is seen is written down in any case, and holds what it shows to be wrong.
        #[rule]
        fn observe(&mut self, movement: &Movement) -> Decision {
            movement.judge(|line| {
                let mut findings = Findings::new();
                self.check(movement, line, &mut findings);
                Ok(stays(movement, line, findings.kept()))
            })
        }

        /// What is packed keeps its identity and its temperatures.
        #[rule(pack, unpack)]
        fn handle(&mut self, movement: &Movement) -> Decision {
            movement.judge(|line| {
                let mut findings = Findings::new();
                self.check(movement, line, &mut findings);
                settled(movement, line, findings)
            })
        }

        /// Compares a pack's product identifier with what was commissioned (EU 2016/161
        /// Art. 11; DSCSA 582(c)(4)(D)). What does not match raises an alert and is held; a
        /// returned pack that matches is saleable again.
        #[message]
        fn verify(
            &mut self,
            product: Gtin,
            serial: Serial,
            number: LotNumber,
            expiry: Date,
        ) -> Result {
            self.may(Role::Trade)?;
            let known = identity(product, &serial).filter(|known| !known.external);
            let element = match &known {
                None => "serial",
                Some(known) if known.ended => "status",
                Some(known) if known.lot.as_str().as_bytes() != number.as_bytes() => "lotNumber",
                Some(known) if known.expiry != Some(expiry) => "itemExpirationDate",
                Some(known) => {
                    if known.disposition.as_str() == RETURNED {
                        dispose(&Target::items(product, serial, 1), SALEABLE)?;
                    }
                    return Ok(());
                }
            };
            if known.is_some_and(|known| !known.ended) {
                hold(&Target::items(product, serial, 1), element)?;
            }
            alert(product, serial, element);
            Ok(())
        }

        /// A partner or inspector suspects a lot: it is held and investigated (DSCSA
        /// 582(c)(4)(A)).
        #[message]
        fn suspect(&mut self, lot: LotId, reason: Words) -> Result {
            self.may_report()?;
            hold(&Target::lot(&lot), reason.as_str())?;
            if !self.cases.contains(&lot) {
                self.cases.insert(&lot, &Case::new());
            }
            investigated(lot, true, reason)
        }

        /// An inspector clears a lot: its investigation ends, and so does its hold. What was
        /// found illegitimate stays.
        #[message]
        fn release_lot(&mut self, lot: LotId, finding: Words) -> Result {
            self.may(Role::Inspect)?;
            let case = self.cases.get(&lot);
            let illegitimate = case.is_some_and(|case| case.deadline.is_some());
            ensure!(!illegitimate, Refuse::UnderInvestigation);
            self.cases.remove(&lot);
            self.exposures.remove(&lot);
            marque_sdk::release(&Target::lot(&lot), finding.as_str())?;
            investigated(lot, false, finding)
        }

        /// An inspector ends the hold of a pack, as after an alert; not while its lot is
        /// under investigation.
        #[message]
        fn release_pack(&mut self, product: Gtin, serial: Serial, finding: Words) -> Result {
            self.may(Role::Inspect)?;
            let number = identity(product, &serial)
                .and_then(|known| LotNumber::try_bytes(known.lot.as_str().as_bytes()));
            let lot = number.map(|lot| LotId { gtin: product, lot });
            let open = lot.is_some_and(|lot| self.cases.contains(&lot));
            ensure!(!open, Refuse::UnderInvestigation);
            marque_sdk::release(&Target::items(product, serial, 1), finding.as_str())
        }

        /// An inspector finds a suspect lot illegitimate: it stays held, and partners and
        /// authority are told within 24 hours (DSCSA 582(c)(4)(B)).
        #[message]
        fn illegitimate(&mut self, lot: LotId) -> Result {
            self.may(Role::Inspect)?;
            let mut case = self.cases.get(&lot).ok_or(Refuse::NoCase)?;
            let deadline = *case.deadline.get_or_insert(now().plus(NOTICE));
            self.cases.insert(&lot, &case);
            emit(Illegitimate { lot, deadline });
            Ok(())
        }

        /// A partner or inspector says that partners and authority were told; the first
        /// notice counts.
        #[message]
        fn notify(&mut self, lot: LotId, reference: Words) -> Result {
            self.may_report()?;
            let mut case = self.cases.get(&lot).ok_or(Refuse::NoCase)?;
            ensure!(case.deadline.is_some(), Refuse::NoCase);
            case.notified = case.notified.or(Some(now()));
            self.cases.insert(&lot, &case);
            emit(Notified {
                lot,
                late: case.late(now()),
                reference,
            });
            Ok(())
        }

        /// The brand records a licence.
        #[message]
        fn license(&mut self, role: Role, account: Address, until: Date) -> Result {
            only_brand()?;
            self.licences.insert(&(role, account), &Licence { until });
            Ok(())
        }

        /// The brand takes a licence off the list.
        #[message]
        fn unlicense(&mut self, role: Role, account: Address) -> Result {
            only_brand()?;
            self.licences.remove(&(role, account));
            Ok(())
        }

        /// The brand says at which temperatures a product keeps (GDP 2013/C 343/01 9.2).
        #[message]
        fn set_range(&mut self, product: Gtin, range: Range) -> Result {
            only_brand()?;
            self.ranges.insert(&product, &range);
            Ok(())
        }

        /// An account's licence.
        #[query]
        fn licence(&self, role: Role, account: Address) -> Option<Licence> {
            self.licences.get(&(role, account))
        }

        /// The investigation of a lot.
        #[query]
        fn case(&self, lot: LotId) -> Option<Case> {
            self.cases.get(&lot)
        }

        /// Whether the notice of an illegitimate lot is or was late.
        #[query]
        fn overdue(&self, lot: LotId) -> bool {
            self.cases.get(&lot).is_some_and(|case| case.late(now()))
        }

        /// How long a lot was outside its temperatures.
        #[query]
        fn exposure(&self, lot: LotId) -> Exposure {
            self.exposures.get(&lot).unwrap_or_default()
        }
    }

    fn investigated(lot: LotId, suspect: bool, finding: Words) -> Result {
        emit(Investigated {
            lot,
            by: caller(),
            suspect,
            finding,
        });
        Ok(())
    }

    fn alert(product: Gtin, serial: Serial, element: &'static str) {
        emit(Alert {
            product,
            serial,
            element,
        });
    }

    /// The line is within its expiry.
    fn good(movement: &Movement, line: &Line, findings: &mut Findings) {
        if let Some(passed) = expiry::check(line.expiry(), movement.now()) {
            findings.hold(Refuse::Expired {
                lot: line.lot_number().into(),
                expiry: passed.expiry,
                today: passed.today,
            });
        }
    }

    /// It did not come back, or was verified since.
    fn verified(line: &Line, findings: &mut Findings) {
        if line.disposition() == RETURNED {
            findings.hold(Refuse::NotVerified);
        }
    }

    /// What came back stays so until it is verified, whatever a movement claims.
    fn stays(movement: &Movement, line: &Line, verdict: Verdict) -> Verdict {
        let claims = !movement.disposition().is_empty();
        match claims && line.disposition() == RETURNED && !verdict.is_refusal() {
            true => verdict.disposition(RETURNED),
            false => verdict,
        }
    }

    fn settled(movement: &Movement, line: &Line, findings: Findings) -> Result<Verdict> {
        let verdict = findings.verdict(movement)?;
        Ok(stays(movement, line, verdict))
    }

    /// Lot and expiry, where the movement states them, are those of the commission
    /// (EU 2016/161 Art. 24; DSCSA 581(14)).
    fn identify(movement: &Movement, line: &Line, findings: &mut Findings) {
        matches("lotNumber", line.lot_number(), movement, line, findings);
        let expiry = line.expiry().map(Words::from).unwrap_or_default();
        let element = "itemExpirationDate";
        matches(element, expiry.as_str(), movement, line, findings);
    }

    /// One element of the identifier, as commissioned and as the movement states it.
    fn matches(
        element: &'static str,
        known: &str,
        movement: &Movement,
        line: &Line,
        findings: &mut Findings,
    ) {
        let given = match movement.fact(element) {
            Some(Fact::Text(given) | Fact::Id(given)) if given != known => given,
            _ => return,
        };
        let (known, given) = (known.into(), given.into());
        findings.hold(Refuse::Mismatch {
            element,
            known,
            given,
        });
        if let (Some(product), Some(serial)) = (line.product(), line.first_serial()) {
            alert(product, serial, element);
        }
    }

    impl Pharmaceuticals {
        /// What the brand's list says against an account in a role.
        fn unlisted(&self, role: Role, account: Address) -> Option<Unlicensed> {
            let licence = self.licences.get(&(role, account));
            licence::check(licence.as_ref(), Date::of(now()))
        }

        /// What keeps an account from a role, the brand aside: it is not on the brand's list, and
        /// for trading has no credential of an issuer that is.
        fn unlicensed(&self, role: Role, account: Address) -> Option<Unlicensed> {
            let mut why = self.unlisted(role, account)?;
            let mut last = None;
            while role == Role::Trade
                && let Some(issuer) = self.licences.next_of(&Role::Attest, last.as_ref())
            {
                last = Some(issuer);
                if self.unlisted(Role::Attest, issuer).is_none() {
                    let issued = licence::check_issued(account, issuer, PARTNER, now())?;
                    if why == Unlicensed::Unknown {
                        why = issued;
                    }
                }
            }
            Some(why)
        }

        /// The caller is the brand or licensed for the role.
        fn may(&self, role: Role) -> Result {
            let licensed = self.unlicensed(role, caller()).is_none();
            ensure!(licensed || caller() == brand(), Refuse::NotLicensedHere);
            Ok(())
        }

        /// The caller trades or inspects.
        fn may_report(&self) -> Result {
            self.may(Role::Trade).or_else(|_| self.may(Role::Inspect))
        }

        /// An account takes part with a licence that is good at block time.
        fn licensed(&self, role: Role, account: Address, line: &Line, findings: &mut Findings) {
            if line.product().and_then(brand_of) == Some(account) {
                return;
            }
            match self.unlicensed(role, account) {
                None => {}
                Some(Unlicensed::Unknown) => findings.hold(Refuse::NotPartner { account }),
                Some(Unlicensed::Lapsed { until }) => {
                    findings.hold(Refuse::LicenceLapsed { account, until });
                }
            }
        }

        /// It matches, and was kept in its temperatures.
        fn check(&mut self, movement: &Movement, line: &Line, findings: &mut Findings) {
            identify(movement, line, findings);
            self.cold(movement, line, findings);
        }

        /// No alarm, and not too long outside the product's temperatures.
        fn cold(&mut self, movement: &Movement, line: &Line, findings: &mut Findings) {
            if seen_before(movement, line) {
                return;
            }
            let lot = line.lot();
            let before = lot.as_ref().and_then(|lot| self.exposures.get(lot));
            let mut exposure = before.unwrap_or_default();
            let range = line.product().and_then(|product| self.ranges.get(&product));
            let measured =
                exposure.follow(movement, range.as_ref(), &mut |finding| match finding {
                    Finding::Alarm(property) => findings.hold_lot(Refuse::SensorAlarm {
                        property: property.into(),
                    }),
                    Finding::Unreadable(unit) => {
                        findings
                            .hold_lot(cold::Refuse::UnreadableTemperature { unit: unit.into() });
                    }
                    Finding::Outside { minutes } => {
                        findings.hold_lot(Refuse::OutOfRange { minutes });
                    }
                });
            if let Some(lot) = lot.filter(|_| measured) {
                self.exposures.insert(&lot, &exposure);
            }
        }
    }
}
