//! Typed storage: fields, maps, sets, lists and values, pages, grouping, migration.

use crate::host::{Asked as _, answer, refusal};
use marque_sdk::native::{Ended, Memory};
use marque_sdk::primitives::Address;

mod first {
    use marque_sdk::prelude::*;

    #[contract(name = "shelf")]
    pub mod shelf {
        /// A group of fields.
        #[storage]
        #[derive(Default)]
        pub struct Log {
            pub lines: List<Words>,
            pub written: u32,
        }

        #[data]
        #[derive(Clone, PartialEq, Debug)]
        pub enum Mark {
            None,
            Of(u8),
            Named { name: Words, by: Address },
        }

        #[storage]
        pub struct Shelf {
            pub limit: Decimal,
            pub owner: Option<Address>,
            pub members: Set<Address>,
            pub ages: Map<Words, u32>,
            pub pairs: Map<(u8, u16), Mark>,
            pub large: Value<Words>,
            pub log: Log,
        }

        impl Shelf {
            #[init]
            fn new(limit: Decimal, members: Set<Address>) -> Self {
                let mut ages = Map::new();
                ages.insert(&"ann".into(), &7);
                ages.insert(&"ben".into(), &8);
                ages.insert(&"ann".into(), &9);
                ages.remove(&"ben".into());
                Self {
                    limit,
                    owner: None,
                    members,
                    ages,
                    pairs: Map::new(),
                    large: Value::from(Words::from("a long text")),
                    log: Log::default(),
                }
            }

            #[message]
            fn grow(&mut self, by: Decimal) -> Decimal {
                self.limit = self.limit.checked_add(by).unwrap_or(self.limit);
                self.owner = Some(caller());
                self.log.written += 1;
                self.log.lines.push(&"grown".into());
                self.limit
            }

            #[message]
            fn look(&mut self) -> u32 {
                self.log.written
            }

            #[message]
            fn mark(&mut self, at: (u8, u16), mark: Mark) {
                self.pairs.insert(&at, &mark);
            }

            #[message]
            fn clear(&mut self, member: Address) -> (bool, bool) {
                (self.members.remove(&member), self.large.clear())
            }

            #[query]
            fn members(&self, after: Option<Address>, limit: u32) -> Page<Address> {
                self.members.page(after.as_ref(), limit)
            }

            #[query]
            fn age(&self, name: Words) -> Option<u32> {
                self.ages.get(&name)
            }

            #[query]
            fn marked(&self, first: u8, after: Option<u16>, limit: u32) -> Page<(u16, Mark)> {
                self.pairs.page_of(&first, after.as_ref(), limit)
            }

            #[query]
            fn all(&self) -> (Decimal, Option<Address>, Option<Words>, u32) {
                (
                    self.limit,
                    self.owner,
                    self.large.get(),
                    self.log.lines.len(),
                )
            }

            #[query]
            fn lines(&self, from: u32, limit: u32) -> Page<Words> {
                self.log.lines.page(from, limit)
            }
        }
    }
}

mod second {
    use marque_sdk::prelude::*;

    #[contract(name = "shelf")]
    pub mod shelf {
        /// The shelf of the first release.
        #[storage]
        pub struct Former {
            pub limit: Decimal,
            pub owner: Option<Address>,
            pub members: Set<Address>,
            pub ages: Map<Words, u32>,
            pub pairs: Map<(u8, u16), super::super::first::shelf::Mark>,
            pub large: Value<Words>,
            pub log: super::super::first::shelf::Log,
        }

        #[storage]
        pub struct Shelf {
            pub members: Set<Address>,
            pub limits: List<Decimal>,
        }

        impl Shelf {
            #[init]
            fn new() -> Self {
                Self {
                    members: Set::new(),
                    limits: List::new(),
                }
            }

            #[migrate]
            fn migrate(former: Former, more: Decimal) -> Self {
                let limits = [former.limit, more].into_iter().collect();
                Self {
                    members: former.members,
                    limits,
                }
            }

            #[query]
            fn limits(&self) -> Page<Decimal> {
                self.limits.page(0, 10)
            }

            #[query]
            fn is_member(&self, who: Address) -> bool {
                self.members.contains(&who)
            }
        }
    }
}

use first::shelf::{CONTRACT as SHELF, Mark};
use marque_sdk::prelude::{Decimal, Words};
use second::shelf::CONTRACT as NEXT;

fn who(byte: u8) -> Address {
    Address([byte; 20])
}

fn shelf() -> Memory {
    let mut memory = Memory::default();
    let members: Vec<Address> = (1..=5).rev().map(who).collect();
    let args = (Decimal::from_integer(4), members);
    assert_eq!(
        memory.enter(&SHELF, "init", "", &args),
        Ended::Returned(Vec::new())
    );
    memory
}

type All = (Decimal, Option<Address>, Option<String>, u32);

#[test]
fn what_init_made_is_kept_under_the_fields_names() {
    let mut memory = shelf();
    let all: All = memory.ask(&SHELF, "all", &());
    assert_eq!(
        all,
        (
            Decimal::from_integer(4),
            None,
            Some("a long text".into()),
            0
        )
    );
    let keys: Vec<String> = memory
        .storage
        .keys()
        .map(|key| String::from_utf8_lossy(key).into_owned())
        .collect();
    assert_eq!(keys[0], "\0", "the root record");
    assert!(keys.contains(&"\u{4}ages\u{c}ann".into()), "{keys:?}");
    assert!(keys.contains(&"\u{5}large".into()), "{keys:?}");
    assert_eq!(
        keys.iter()
            .filter(|key| key.starts_with("\u{7}members"))
            .count(),
        5
    );
    assert_eq!(
        memory.ask::<Option<u32>>(&SHELF, "age", &"ann"),
        Some(9),
        "the later value"
    );
    assert_eq!(
        memory.ask::<Option<u32>>(&SHELF, "age", &"ben"),
        None,
        "taken out again"
    );
}

#[test]
fn changed_fields_are_written_back_and_unchanged_ones_are_not() {
    let mut memory = shelf();
    let root = memory.storage[&vec![0u8]].clone();
    assert_eq!(memory.tell::<u32>(&SHELF, "look", &()), 0);
    assert_eq!(memory.storage[&vec![0u8]], root);
    let limit: Decimal = memory.tell(&SHELF, "grow", &Decimal::from_integer(3));
    assert_eq!(limit, Decimal::from_integer(7));
    assert_ne!(memory.storage[&vec![0u8]], root);
    let all: All = memory.ask(&SHELF, "all", &());
    assert_eq!(
        all,
        (limit, Some(Memory::CALLER), Some("a long text".into()), 1)
    );
    // A group's fields stand under the group's name.
    let line = [b"\x03log\x05lines".as_slice(), &0u32.to_be_bytes()].concat();
    assert!(
        memory.storage.contains_key(&line),
        "{:?}",
        memory.storage.keys()
    );
}

#[test]
fn pages_are_bounded_and_go_on_behind_the_last() {
    let mut memory = shelf();
    let page = |memory: &mut Memory, after: Option<u8>, limit: u32| -> (Vec<Address>, bool) {
        memory.ask(&SHELF, "members", &(after.map(who), limit))
    };
    assert_eq!(page(&mut memory, None, 2), (vec![who(1), who(2)], true));
    assert_eq!(
        page(&mut memory, Some(2), 3),
        (vec![who(3), who(4), who(5)], false)
    );
    assert_eq!(page(&mut memory, Some(5), 3), (vec![], false));
    assert_eq!(
        page(&mut memory, None, 0).0.len(),
        1,
        "a page has at least one item"
    );
}

#[test]
fn a_page_holds_at_most_256_items() {
    let mut memory = shelf();
    let limit = Decimal::from_integer(0);
    for _ in 0..300 {
        memory.tell::<Decimal>(&SHELF, "grow", &limit);
    }
    let (lines, more): (Vec<String>, bool) = memory.ask(&SHELF, "lines", &(0u32, 1000u32));
    assert_eq!((lines.len(), more), (256, true));
    let (lines, more): (Vec<String>, bool) = memory.ask(&SHELF, "lines", &(256u32, 1000u32));
    assert_eq!((lines.len(), more), (44, false));
}

#[test]
fn keys_of_two_parts_are_walked_by_the_first() {
    let mut memory = shelf();
    let marks = [
        ((1u8, 5u16), Mark::None),
        ((1, 6), Mark::Of(3)),
        (
            (2, 1),
            Mark::Named {
                name: "x".into(),
                by: who(9),
            },
        ),
    ];
    for (at, mark) in &marks {
        memory.tell::<()>(&SHELF, "mark", &(at, mark));
    }
    let (found, more): (Vec<(u16, Mark)>, bool) =
        memory.ask(&SHELF, "marked", &(1u8, None::<u16>, 9u32));
    assert_eq!(
        (found, more),
        (vec![(5, Mark::None), (6, Mark::Of(3))], false)
    );
    let (found, _): (Vec<(u16, Mark)>, bool) =
        memory.ask(&SHELF, "marked", &(1u8, Some(5u16), 9u32));
    assert_eq!(found, [(6, Mark::Of(3))]);
    let (found, _): (Vec<(u16, Mark)>, bool) =
        memory.ask(&SHELF, "marked", &(2u8, None::<u16>, 9u32));
    assert_eq!(found.len(), 1);
}

#[test]
fn members_and_values_are_removed() {
    let mut memory = shelf();
    assert_eq!(
        memory.tell::<(bool, bool)>(&SHELF, "clear", &who(2)),
        (true, true)
    );
    assert_eq!(
        memory.tell::<(bool, bool)>(&SHELF, "clear", &who(2)),
        (false, false)
    );
    let all: All = memory.ask(&SHELF, "all", &());
    assert_eq!(all.2, None);
}

#[test]
fn a_migration_moves_fields_and_keeps_collections() {
    let mut memory = shelf();
    let more = Decimal::from_integer(9);
    assert_eq!(
        memory.enter(&NEXT, "migrate", "", &more),
        Ended::Returned(Vec::new())
    );
    let (limits, _): (Vec<Decimal>, bool) = memory.ask(&NEXT, "limits", &());
    assert_eq!(limits, [Decimal::from_integer(4), more]);
    assert!(memory.ask::<bool>(&NEXT, "isMember", &who(3)));
}

#[test]
fn code_for_another_layout_neither_migrates_nor_runs() {
    let mut memory = Memory::default();
    assert_eq!(
        memory.enter(&NEXT, "init", "", &()),
        Ended::Returned(Vec::new())
    );
    // The first release has no migration: only the same layout fits.
    let mismatch = refusal(&memory.enter(&SHELF, "migrate", "", &()));
    assert_eq!(
        (mismatch.code, mismatch.name.as_str()),
        (5002, "StorageMismatch")
    );
    // Nor does the second migrate from itself.
    let mismatch = refusal(&memory.enter(&NEXT, "migrate", "", &Decimal::ZERO));
    assert_eq!(mismatch.code, 5002);
    match memory.enter(&SHELF, "message", "look", &()) {
        Ended::Panicked(message) => assert!(message.contains("another layout"), "{message}"),
        other => panic!("it ran on another's storage: {other:?}"),
    }
}

#[test]
fn nothing_runs_before_init() {
    match Memory::default().enter(&SHELF, "message", "look", &()) {
        Ended::Panicked(message) => assert!(message.contains("init did not run"), "{message}"),
        other => panic!("it ran without storage: {other:?}"),
    }
}

#[test]
fn text_is_utf8_or_a_bad_argument() {
    let mut memory = shelf();
    for bad in [
        &[0xffu8][..],
        &[0xc0, 0x80],
        &[0xed, 0xa0, 0x80],
        &[0xf4, 0x90, 0x80, 0x80],
        &[0xe2, 0x82],
    ] {
        let ended = memory.enter(&SHELF, "query", "age", &bad);
        let refused = refusal(&ended);
        assert_eq!(
            (refused.code, refused.field.as_deref()),
            (5001, Some("name"))
        );
    }
    let age: Option<u32> = answer(&memory.enter(&SHELF, "query", "age", &"žluťoučký 馬 🐴"));
    assert_eq!(age, None);
    assert_eq!(Words::from("馬").as_str(), "馬");
}
