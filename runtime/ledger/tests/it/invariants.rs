//! Each of the kernel's refusals by name: every one can happen, with its code and remedy.

use crate::world::names::*;
use crate::world::ops::*;
use crate::world::puppet::{self, Program, reply};
use crate::world::{Tx, World, intent, product, tx};
use marque_abi::invocation::{Command, Target};
use marque_primitives::action::{
    Action, CodeSource, ContractAction, LicenceKey, Operation, PartyRef, RecallTarget,
    Registration, Report, Right, Scope,
};
use marque_primitives::bounded::{Bytes, List};
use marque_primitives::detail::Place;
use marque_primitives::gs1::{CompanyPrefix, Gtin};
use marque_primitives::refusal::{Invariant, Refusal};
use marque_primitives::thing::{Line, Thing};
use marque_primitives::{Address, Hash, TimeMs};
use parity_scale_codec::DecodeAll;

/// A world with a little of everything, and the account that an attempt is made for.
fn world() -> World {
    let mut world = World::new();
    let lot_a = Some(lot_number("A"));
    world.done(
        DAIRY,
        commission_in(things([run(cheese(), 0, 20)]), lot_a, None),
    );
    world.done(
        DAIRY,
        commission(things([run(milk(), 0, 20), pieces(cheese(), "Q", 50)])),
    );
    world
}

fn item() -> marque_primitives::action::Things {
    things([one(cheese(), 0)])
}

fn register_by(world: &mut World, who: Address, registration: Registration) -> Refusal {
    world.refuses(tx(who, vec![register(registration)]))
}

fn credential(from: Option<TimeMs>, until: Option<TimeMs>) -> Registration {
    Registration::IssueCredential {
        subject: PartyRef::Account(SHOP),
        kind: "food-facility".parse().unwrap(),
        number: "1".parse().unwrap(),
        from,
        until,
    }
}

/// The refusal of an attempt at what the kernel forbids; none for what is found before any
/// state is asked.
fn provoke(invariant: Invariant) -> Option<Refusal> {
    let mut world = world();
    let world = &mut world;
    let unit = pallet(1);
    Some(match invariant {
        Invariant::NotCustodian => world.refused(SHOP, offer(item(), DEALER)),
        Invariant::NotOwner => {
            world.hand_over(DAIRY, SHOP, item());
            world.refused(SHOP, release(item()))
        }
        Invariant::NotOffered => world.refused(SHOP, accept(item())),
        Invariant::OfferOpen => {
            world.done(DAIRY, offer(item(), SHOP));
            world.refused(DAIRY, offer(item(), DEALER))
        }
        Invariant::OfferExpired => {
            let soon = world.next().time.0 + 1;
            world.done(DAIRY, offer_until(item(), SHOP, soon));
            world.refused(SHOP, accept(item()))
        }
        Invariant::Decommissioned => {
            world.done(DAIRY, decommission(item()));
            world.refused(DAIRY, offer(item(), SHOP))
        }
        Invariant::Quarantined => {
            let hold = puppet::hold(false);
            world.program("rule_observe", Program::new().decide(hold));
            world.done(DAIRY, observe(things([one(milk(), 0)])));
            world.refused(DAIRY, offer(things([one(milk(), 0)]), SHOP))
        }
        Invariant::Recalled => {
            world.done(DAIRY, recall(RecallTarget::Product(cheese())));
            world.refused(DAIRY, offer(item(), SHOP))
        }
        Invariant::Unknown => world.refused(DAIRY, offer(things([one(cheese(), 99)]), SHOP)),
        Invariant::AlreadyExists => world.refused(DAIRY, commission(item())),
        Invariant::NotLicensed => world.refused(SHOP, commission(things([one(cheese(), 99)]))),
        Invariant::UnknownProduct => world.refused(DAIRY, commission(things([one(butter(), 0)]))),
        Invariant::UnknownParty => world.refused(
            DAIRY,
            Operation::Offer {
                items: item(),
                to: PartyRef::Location(gln(99)),
                what: Right::Possession,
                deadline: None,
            },
        ),
        Invariant::InsufficientBalance => {
            world.refused(DAIRY, offer(things([pieces(cheese(), "Q", 51)]), SHOP))
        }
        Invariant::UnitMismatch => world.refused(
            DAIRY,
            offer(things([measured(cheese(), "Q", "1", "KGM")]), SHOP),
        ),
        Invariant::Mismatch => {
            let Thing::Run { run, .. } = run(cheese(), 0, 1) else {
                panic!("a run");
            };
            let lot = Some(lot_number("B"));
            world.refused(DAIRY, offer(things([Thing::Run { run, lot }]), SHOP))
        }
        Invariant::Packed => {
            world.done(DAIRY, pack(unit.clone(), item()));
            world.refused(DAIRY, pack(unit, item()))
        }
        Invariant::NotPacked => {
            world.done(DAIRY, pack(unit.clone(), item()));
            world.refused(DAIRY, unpack(unit, things([one(cheese(), 1)])))
        }
        Invariant::Cycle => {
            world.done(DAIRY, pack(unit.clone(), item()));
            world.refused(DAIRY, pack(unit.clone(), things([unit])))
        }
        Invariant::TooDeep => {
            world.done(DAIRY, pack(pallet(1), item()));
            for number in 2..=8 {
                world.done(DAIRY, pack(pallet(number), things([pallet(number - 1)])));
            }
            world.refused(DAIRY, pack(pallet(9), things([pallet(8)])))
        }
        Invariant::TooMixed => {
            let lots: Vec<Thing> = (0..65)
                .map(|at| pieces(cheese(), &format!("L{at}"), 1))
                .collect();
            world.done(DAIRY, commission(things(lots.clone())));
            world.refused(DAIRY, pack(unit, things(lots)))
        }
        Invariant::InFuture => {
            let late = world.time + 3_600_000;
            world.refuses(tx(DAIRY, vec![Action::Intent(observe(item()), at(late))]))
        }
        Invariant::OutOfOrder => {
            let early = crate::world::START;
            world.refuses(tx(
                DAIRY,
                vec![Action::Intent(offer(item(), SHOP), at(early))],
            ))
        }
        Invariant::EventIdReused => {
            let with_id = |hash| Report {
                capture: capture(hash, Some("urn:uuid:1")),
                ..report(hash, item(), vec![])
            };
            world.captured(DAIRY, with_id(1));
            world.refuses(tx(DAIRY, vec![Action::Fact(with_id(2))]))
        }
        Invariant::UnknownEvent => world.refused(
            DAIRY,
            Operation::DeclareError {
                event: marque_primitives::Hash([7; 32]),
                event_id: None,
                reason: None,
                corrective: List::default(),
            },
        ),
        Invariant::NotRecalling => world.refused(DAIRY, lift(1)),
        Invariant::NotRegistrar => register_by(
            world,
            DAIRY,
            Registration::License {
                brand: DAIRY,
                key: LicenceKey::Product(foreign()),
            },
        ),
        Invariant::LicenceOverlap => register_by(
            world,
            REGISTRAR,
            Registration::License {
                brand: PHARMA,
                key: LicenceKey::Prefix(CompanyPrefix::new(DAIRY_PREFIX).unwrap()),
            },
        ),
        Invariant::LocationTaken => register_by(
            world,
            REGISTRAR,
            Registration::RegisterParty {
                account: SHOP,
                name: "Shop".try_into().unwrap(),
                locations: vec![dealers_dock()].try_into().unwrap(),
            },
        ),
        Invariant::OutOfScope => {
            let key = Address([101; 20]);
            let places = vec![gln(20)].try_into().unwrap();
            let scope = Scope {
                places: Some(places),
                ..Scope::default()
            };
            world.act(DAIRY, register(Registration::AuthorizeKey { key, scope }));
            let elsewhere = marque_primitives::detail::Detail {
                place: Some(Place::Uri("geo:1,1".try_into().unwrap())),
                ..Default::default()
            };
            world.refuses(Tx {
                key,
                ..tx(DAIRY, vec![Action::Intent(observe(item()), elsewhere)])
            })
        }
        Invariant::KeyUnknown => register_by(
            world,
            DAIRY,
            Registration::RevokeKey {
                key: Address([101; 20]),
            },
        ),
        Invariant::UnknownContract => {
            world.refuses(tx(DAIRY, vec![message(Address([99; 20]), "run", &[])]))
        }
        Invariant::NotBrand => {
            let contract = world.dairy_contract;
            world.refuses(tx(PHARMA, vec![upgrade(contract, &puppet::CODE, &[])]))
        }
        Invariant::NotGoverned => {
            let hold = Command::Quarantine {
                target: Target::Lot(lot(cheese(), "A")),
                note: "x".try_into().unwrap(),
            };
            replied(world, Program::new().command(&hold))
        }
        Invariant::Reentered => {
            let own = world.dairy_contract;
            replied(world, Program::new().call(own, u32::MAX, &Program::new()))
        }
        Invariant::CodeNotReady => {
            let unknown = ContractAction::Deploy {
                code: CodeSource::Known {
                    hash: Hash([9; 32]),
                },
                salt: 7,
                args: Bytes::default(),
            };
            world.refuses(tx(DAIRY, vec![Action::Contract(unknown)]))
        }
        Invariant::Retroactive => {
            let from = Some(TimeMs(1));
            register_by(world, DAIRY, credential(from, None))
        }
        Invariant::InvalidPeriod => {
            let until = Some(TimeMs(1));
            register_by(world, DAIRY, credential(None, until))
        }
        Invariant::UnknownCredential => register_by(
            world,
            DAIRY,
            Registration::RevokeCredential {
                subject: PartyRef::Account(SHOP),
                kind: "food-facility".parse().unwrap(),
            },
        ),
        Invariant::CallDepth => crate::depth::too_deep(world),
        Invariant::NotApplicable => world.refused(DAIRY, reinstate(item())),
        Invariant::Overflow => {
            let zeros = "0".repeat(20);
            let most = |gtin| run_of(Line::Product(gtin), &zeros, u64::MAX);
            let goods = things([most(milk()), most(cheese())]);
            world.done(DAIRY, commission(goods.clone()));
            world.refused(DAIRY, offer(goods, SHOP))
        }
        Invariant::Repeated => world.refused(
            DAIRY,
            offer(things([run(cheese(), 0, 2), run(cheese(), 1, 2)]), SHOP),
        ),
        Invariant::Shape => world.refused(DAIRY, offer(List::default(), SHOP)),
        Invariant::OutOfGas => world.refuses(Tx {
            gas: 2_000_000,
            ..tx(DAIRY, vec![intent(offer(item(), SHOP)); 9])
        }),
        Invariant::Trapped => {
            world.program("rule_offer", Program::new().trap());
            world.refused(DAIRY, offer(things([one(milk(), 0)]), SHOP))
        }
        Invariant::Empty => {
            world.done(DAIRY, pack(unit.clone(), item()));
            world.done(DAIRY, unpack_all(unit.clone()));
            world.refused(DAIRY, unpack_all(unit))
        }
        Invariant::NotReinstatable => {
            world.done(DAIRY, decommission(item()));
            world.refused(DAIRY, reinstate(item()))
        }
        Invariant::Taken => world.refuses(tx(DAIRY, vec![deploy(&puppet::CODE, 0, &[])])),
        Invariant::RestrictedGtin => {
            let store = Gtin::from_body(200_000_000_001).unwrap();
            world.refuses(tx(DAIRY, vec![product(store, None)]))
        }
        // A person's number is no `Thing`: reading it is where it is refused.
        Invariant::Personal => return None,
    })
}

/// The refusal that a host call answers a message with.
fn replied(world: &mut World, program: Program) -> Refusal {
    let answer = world.run(program);
    let (code, bytes) = reply(&answer);
    assert_eq!(code, -2);
    Refusal::decode_all(&mut &*bytes).unwrap()
}

#[test]
fn every_refusal_of_the_kernel_happens_and_says_what_to_do() {
    let mut silent = Vec::new();
    for invariant in Invariant::ALL {
        let Some(refusal) = provoke(*invariant) else {
            silent.push(*invariant);
            continue;
        };
        assert!(refusal.is(*invariant), "{invariant:?}: {refusal}");
        assert_eq!(refusal.name.as_str(), invariant.name());
        assert!((4_000..5_000).contains(&refusal.code));
        assert!(!refusal.message.is_empty());
        assert_eq!(refusal.remedy.as_deref(), Some(invariant.remedy()));
    }
    assert_eq!(silent, [Invariant::Personal]);
}
