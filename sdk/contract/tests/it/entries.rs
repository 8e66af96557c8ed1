//! Messages, queries, rules, events and refusals, and who calls.

use crate::host::{Asked as _, answer, refusal};
use crate::random;
use marque_sdk::abi::decision::{Decision, Verdict};
use marque_sdk::abi::interface::{Builtin, Interface, Type};
use marque_sdk::codec::{Decode, Encode};
use marque_sdk::native::{Ended, Memory};
use marque_sdk::primitives::refusal::{Invariant, Refusal};
use marque_sdk::primitives::{Address, TimeMs};

mod desk {
    use marque_sdk::prelude::*;

    /// What a desk does.
    ///
    /// And more.
    #[contract]
    pub mod front_desk {
        #[storage]
        #[derive(Default)]
        pub struct Desk {
            /// How often it was rung.
            pub rings: u32,
        }

        #[refusals]
        pub enum Refuse {
            /// {guest} rang {times} times, {times} too many.
            #[refusal(
                field = "guest.{times}",
                expected = "at most {most}",
                remedy = "ring less"
            )]
            TooOften {
                guest: Address,
                times: u32,
                most: u32,
            },
            /// Nobody is there.
            #[refusal(code = 5999)]
            Closed,
        }

        /// The bell rang.
        #[event]
        pub struct Rang {
            #[indexed]
            pub by: Address,
            pub times: u32,
        }

        impl Desk {
            /// Rings the bell.
            #[message]
            fn ring(&mut self, hard_times: u32) -> Result<u32> {
                ensure!(hard_times > 0, Refuse::Closed);
                if hard_times > 3 {
                    self.rings = 999;
                    return Err(Refuse::TooOften {
                        guest: caller(),
                        times: hard_times,
                        most: 3,
                    }
                    .into());
                }
                self.rings += hard_times;
                emit(Rang {
                    by: caller(),
                    times: hard_times,
                });
                Ok(self.rings)
            }

            #[message]
            fn overflow(&mut self) -> u32 {
                self.rings = u32::MAX;
                self.rings += 1;
                self.rings
            }

            #[message]
            fn hold(&mut self, lot: LotId) -> Result {
                only_brand()?;
                marque_sdk::hold(&Target::lot(&lot), "odd")
            }

            #[query]
            fn context(&self) -> (Address, Address, Address, Address, Height, TimeMs) {
                (
                    contract_address(),
                    brand(),
                    caller(),
                    signer(),
                    height(),
                    now(),
                )
            }

            #[query]
            fn other(&self, address: Address) -> Result<u32> {
                Ok(query_of(address, "size", &(1u8, 2u8), 1000)?)
            }

            #[rule(offer, accept)]
            fn moves(&mut self, movement: &Movement) -> Result<Decision> {
                self.rings += 1;
                ensure!(movement.to().is_some(), Refuse::Closed);
                Ok(movement.judge(|line| {
                    let odd = line.index() % 2 == 1;
                    if odd {
                        Ok(quarantine("odd").disposition("damaged"))
                    } else {
                        Ok(allow())
                    }
                }))
            }

            #[rule]
            fn pack(&self, movement: &Movement) {
                assert_eq!(caller(), movement.account());
                assert_eq!(now(), movement.now());
            }

            #[rule]
            fn unpack(&self) -> Verdict {
                allow().note("fine").deadline(TimeMs(5))
            }

            #[rule]
            fn observe(&self) {
                let _ = brand();
            }
        }
    }
}

use desk::front_desk::CONTRACT as DESK;

fn open() -> Memory {
    let mut memory = Memory::default();
    assert_eq!(
        memory.enter(&DESK, "init", "", &()),
        Ended::Returned(Vec::new())
    );
    memory
}

#[test]
fn messages_answer_and_emit() {
    let mut memory = open();
    assert_eq!(memory.tell::<u32>(&DESK, "ring", &2u32), 2);
    assert_eq!(memory.tell::<u32>(&DESK, "ring", &3u32), 5);
    assert_eq!(
        memory.events,
        [
            ("Rang", Memory::CALLER, 2u32).encode(),
            ("Rang", Memory::CALLER, 3u32).encode()
        ]
    );
}

#[test]
fn refusals_carry_their_values_and_undo() {
    let mut memory = open();
    let refused = refusal(&memory.enter(&DESK, "message", "ring", &4u32));
    let expected = Refusal {
        code: 5010,
        name: "TooOften".try_into().unwrap(),
        message: format!("{} rang 4 times, 4 too many.", Memory::CALLER)
            .try_into()
            .unwrap(),
        field: Some("guest.4".try_into().unwrap()),
        expected: Some("at most 3".try_into().unwrap()),
        remedy: Some("ring less".try_into().unwrap()),
        contract: None,
        items: Default::default(),
    };
    let code = marque_sdk::abi::interface::names::refusal_code("TooOften");
    assert_eq!(refused, Refusal { code, ..expected });
    assert_eq!(
        refusal(&memory.enter(&DESK, "message", "ring", &0u32)).code,
        5999
    );
    assert_eq!(
        memory.tell::<u32>(&DESK, "ring", &1u32),
        1,
        "nothing stayed of the refused ones"
    );
}

#[test]
fn an_overflow_is_a_panic_with_its_cause() {
    match open().enter(&DESK, "message", "overflow", &()) {
        Ended::Panicked(message) => assert_eq!(message, "attempt to add with overflow"),
        other => panic!("no overflow: {other:?}"),
    }
}

#[test]
fn commands_refused_by_the_ledger_pass_through_unchanged() {
    let mut memory = open();
    let lot = (9_506_000_134_352u64, 2u8, *b"L7");
    let refused = refusal(&memory.enter(&DESK, "message", "hold", &lot));
    assert_eq!((refused.code, refused.name.as_str()), (5003, "NotAllowed"));
    memory.caller = Memory::BRAND;
    let kernel = Refusal::kernel(Invariant::NotGoverned, "not yours");
    memory.refuse = Some(kernel.clone());
    assert_eq!(
        refusal(&memory.enter(&DESK, "message", "hold", &lot)),
        kernel
    );
    memory.tell::<()>(&DESK, "hold", &lot);
    assert_eq!(memory.commands.len(), 2);
}

#[test]
fn who_calls_and_when_is_known_everywhere() {
    let mut memory = open();
    type Context = (Address, Address, Address, Address, u64, TimeMs);
    let context: Context = memory.ask(&DESK, "context", &());
    assert_eq!(
        context,
        (
            Memory::CONTRACT,
            Memory::BRAND,
            Memory::CALLER,
            Memory::CALLER,
            7,
            Memory::NOW
        )
    );
}

#[test]
fn other_contracts_are_asked_by_name() {
    let mut memory = open();
    memory.answers.insert(Memory::BRAND, 9u32.encode());
    assert_eq!(memory.ask::<u32>(&DESK, "other", &Memory::BRAND), 9);
    // The name with its length, the arguments with theirs.
    let input = ("size", (1u8, 2u8).encode()).encode();
    assert_eq!(memory.asked, [(Memory::BRAND, input)]);
    let refused = refusal(&memory.enter(&DESK, "query", "other", &Memory::CALLER));
    assert_eq!((refused.code, refused.name.as_str()), (5005, "CallFailed"));
}

#[test]
fn rules_judge_line_by_line() {
    let mut memory = open();
    let mut movement = random::movement(7);
    movement.to = Some(Memory::CALLER);
    movement.lines = (0..5)
        .map(|seed| random::line(&mut random::Rng(seed + 11)))
        .collect();
    let bytes: Vec<u8> = match memory.run(&DESK, "rule_offer", &movement.encode()) {
        Ended::Returned(bytes) => bytes,
        other => panic!("{other:?}"),
    };
    let decision = Decision::decode(&mut &*bytes).unwrap();
    assert_eq!(decision.verdict, Verdict::Allow(Default::default()));
    let lines: Vec<u32> = decision
        .exceptions
        .iter()
        .map(|exception| exception.line)
        .collect();
    assert_eq!(lines, [1, 3]);
    for exception in &decision.exceptions {
        let Verdict::Quarantine {
            whole_lot: false,
            note,
            terms,
        } = &exception.verdict
        else {
            panic!("{exception:?}");
        };
        assert_eq!(note.as_str(), "odd");
        assert_eq!(terms.disposition.as_deref(), Some("damaged"));
        assert_eq!(terms.note, None);
    }
    movement.to = None;
    assert_eq!(
        refusal(&memory.run(&DESK, "rule_accept", &movement.encode())).code,
        5999
    );
}

#[test]
fn rules_may_answer_nothing_or_one_verdict() {
    let mut memory = open();
    let movement = random::movement(3).encode();
    assert_eq!(
        memory.run(&DESK, "rule_pack", &movement),
        Ended::Returned(Vec::new())
    );
    let decision: Decision = answer(&memory.run(&DESK, "rule_unpack", &movement));
    let Verdict::Allow(terms) = decision.verdict else {
        panic!("not allowed")
    };
    assert_eq!(terms.note.as_deref(), Some("fine"));
    assert_eq!(terms.deadline, Some(TimeMs(5)));
    assert_eq!(memory.run(&DESK, "rule_claim", &movement), Ended::NoEntry);
    match memory.run(&DESK, "rule_observe", &movement) {
        Ended::Panicked(message) => {
            assert!(message.contains("read it from the product"), "{message}")
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn the_interface_says_all_of_it() {
    let interface = Interface::read(DESK.interface).unwrap();
    assert_eq!(
        (DESK.name, interface.docs.as_str()),
        ("front-desk", "What a desk does.\nAnd more.")
    );
    let names = |functions: &[marque_sdk::abi::interface::Function]| -> Vec<String> {
        functions
            .iter()
            .map(|function| function.name.clone())
            .collect()
    };
    assert_eq!(names(&interface.messages), ["ring", "overflow", "hold"]);
    assert_eq!(names(&interface.queries), ["context", "other"]);
    let ring = interface.message("ring").unwrap();
    assert_eq!(
        (ring.docs.as_str(), ring.args[0].name.as_str()),
        ("Rings the bell.", "hardTimes")
    );
    assert_eq!(ring.returns, Type::Builtin(Builtin::U32));
    let kinds: Vec<&str> = interface
        .rules
        .iter()
        .map(|rule| rule.kind.as_str())
        .collect();
    assert_eq!(kinds, ["offer", "accept", "pack", "unpack", "observe"]);
    let event = interface.event("Rang").unwrap();
    let indexed: Vec<bool> = event.fields.iter().map(|field| field.indexed).collect();
    assert_eq!(indexed, [true, false]);
    let refusal = interface.refusal(5999).unwrap();
    assert_eq!(
        (refusal.name.as_str(), refusal.message.as_str()),
        ("Closed", "Nobody is there.")
    );
    assert_eq!(interface.storage[0].docs, "How often it was rung.");
    let entries: Vec<&str> = DESK.entries.iter().map(|(name, _)| *name).collect();
    assert!(entries.is_sorted(), "{entries:?}");
}
