//! A host in memory.

use super::{Contract, Ended, Frame, given, stop, within};
use crate::Movement;
use crate::buf::Buf;
use crate::context::{CONTEXT, Context};
use crate::shared::shared;
use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;
use core::ops::Bound;
use marque_abi::invocation::{Invocation, Read};
use marque_abi::{Host, HostFault, Meter, Reply};
use marque_primitives::bounded::Bytes;
use marque_primitives::refusal::Refusal;
use marque_primitives::{Address, Height, TimeMs};
use parity_scale_codec::Encode;

/// A host in memory, for unit tests of the functions that rules and messages are made of: it
/// stores, keeps what it is told, and knows of the ledger what the test says. It judges
/// nothing: whole contracts are tested on the real ledger, with `marque-testing`. Each host
/// call takes one unit of gas.
///
/// ```
/// use marque_sdk::native::{Memory, given};
/// use marque_sdk::prelude::*;
///
/// /// A helper of a rule: the giver waits with what is not a day old.
/// fn has_rested(movement: &Movement) -> bool {
///     movement.lines().all(|line| line.moved().plus(24 * 60 * 60 * 1000) <= now())
/// }
/// let mut offer = given::movement(Kind::Offer);
/// offer.lines = vec![given::line(&given::lot("09506000134352", "L7"), 12)];
/// let mut memory = Memory::new();
/// assert!(!memory.judge(&offer, has_rested));
/// offer.now = Memory::NOW.plus(24 * 60 * 60 * 1000);
/// assert!(memory.judge(&offer, has_rested));
/// ```
#[derive(Clone, Debug)]
pub struct Memory {
    /// Who calls: [`Memory::CALLER`] until a test says otherwise.
    pub caller: Address,
    /// The key that signs: the caller's own until a test says otherwise.
    pub signer: Address,
    /// The block's height.
    pub height: Height,
    /// The block's time.
    pub now: TimeMs,
    /// What the contract stores, by its keys.
    pub storage: BTreeMap<Vec<u8>, Vec<u8>>,
    /// What the ledger knows, by [`Read`] and encoded id; see [`Memory::know`].
    pub records: BTreeMap<(u32, Vec<u8>), Vec<u8>>,
    /// What other contracts answer, encoded. One that is not here is absent.
    pub answers: BTreeMap<Address, Vec<u8>>,
    /// What the ledger says to the next command, if no.
    pub refuse: Option<Refusal>,
    /// What was emitted, encoded: the name, then the fields.
    pub events: Vec<Vec<u8>>,
    /// What the ledger was commanded: encoded [`marque_abi::invocation::Command`]s.
    pub commands: Vec<Vec<u8>>,
    /// What other contracts were asked: the query's name and its encoded arguments, encoded.
    pub asked: Vec<(Address, Vec<u8>)>,
    /// What was logged.
    pub lines: Vec<String>,
}

impl Default for Memory {
    fn default() -> Self {
        Self {
            caller: Self::CALLER,
            signer: Self::CALLER,
            height: Self::HEIGHT,
            now: Self::NOW,
            storage: BTreeMap::new(),
            records: BTreeMap::new(),
            answers: BTreeMap::new(),
            refuse: None,
            events: Vec::new(),
            commands: Vec::new(),
            asked: Vec::new(),
            lines: Vec::new(),
        }
    }
}

impl Memory {
    /// The contract's own address.
    pub const CONTRACT: Address = Address([1; 20]);
    /// The brand that deployed it.
    pub const BRAND: Address = Address([2; 20]);
    /// Who calls.
    pub const CALLER: Address = Address([3; 20]);
    /// The block's height.
    pub const HEIGHT: Height = Height(7);
    /// The block's time: 2026-05-01T08:00:00Z.
    pub const NOW: TimeMs = TimeMs(1_777_622_400_000);

    /// Nothing stored, nothing known.
    ///
    /// ```
    /// use marque_sdk::{native::Memory, prelude::*};
    ///
    /// let mut memory = Memory::new();
    /// assert_eq!(memory.call(|| product(Gtin::new("09506000134352").unwrap())), None);
    /// ```
    pub fn new() -> Self {
        Self::default()
    }

    /// Lets the ledger know a record of this kind; the id's and the record's types are those
    /// that [`Read`] names.
    ///
    /// ```
    /// use marque_sdk::abi::invocation::Read;
    /// use marque_sdk::{native::Memory, prelude::*};
    ///
    /// let (dock, warehouse) = (Gln::new("9506000134352").unwrap(), Address([7; 20]));
    /// let mut memory = Memory::new();
    /// memory.know(Read::Location, &dock, &warehouse);
    /// assert_eq!(memory.call(|| location(dock)), Some(warehouse));
    /// ```
    pub fn know(&mut self, kind: Read, id: &impl Encode, record: &impl Encode) {
        let id = (kind as u32, id.encode());
        self.records.insert(id, record.encode());
    }

    /// Runs code as in a message: the functions of the SDK reach this host, and a panic passes
    /// through.
    ///
    /// ```
    /// use marque_sdk::{native::Memory, prelude::*};
    ///
    /// let mut memory = Memory::new();
    /// let (brand, time) = memory.call(|| (brand(), now()));
    /// assert_eq!((brand, time), (Memory::BRAND, Memory::NOW));
    /// ```
    pub fn call<T>(&mut self, code: impl FnOnce() -> T) -> T {
        let input = Buf::from(self.invocation("", &()));
        self.within(Context::Call(shared(input)), code)
    }

    /// Runs code as in a rule that judges this movement.
    ///
    /// ```
    /// use marque_sdk::native::{Memory, given};
    /// use marque_sdk::prelude::*;
    ///
    /// let mut offer = given::movement(Kind::Offer);
    /// offer.now = TimeMs(1_000);
    /// let judged = Memory::new().judge(&offer, |movement| (movement.kind(), now()));
    /// assert_eq!(judged, (Kind::Offer, TimeMs(1_000)), "a rule's time is its movement's");
    /// ```
    pub fn judge<T>(
        &mut self,
        movement: &marque_abi::movement::Movement,
        rule: impl FnOnce(&Movement) -> T,
    ) -> T {
        let movement = given::read(movement);
        self.within(Context::Rule(movement.clone()), || rule(&movement))
    }

    fn within<T>(&mut self, context: Context, code: impl FnOnce() -> T) -> T {
        let mut frame = Frame {
            host: self,
            meter: Meter::new(u64::MAX),
            input: Vec::new(),
            interface: None,
        };
        let ended = within(&mut frame, || {
            CONTEXT.set(Some(context));
            code()
        });
        ended.unwrap_or_else(|payload| std::panic::resume_unwind(payload))
    }

    /// Runs an entry that is called: `init`, `message`, `query` or `migrate`. `name` is the
    /// message's or query's, in the interface's spelling; `args` a tuple, or the one argument.
    ///
    /// ```
    /// use marque_sdk::{native::Memory, prelude::*};
    ///
    /// #[contract]
    /// pub mod crates {
    ///     #[storage]
    ///     #[derive(Default)]
    ///     pub struct Crates {
    ///         handed_out: u32,
    ///     }
    ///
    ///     impl Crates {
    ///         #[message]
    ///         fn hand_out(&mut self, crates: u32) -> u32 {
    ///             self.handed_out += crates;
    ///             self.handed_out
    ///         }
    ///     }
    /// }
    /// # fn main() {
    /// let mut memory = Memory::new();
    /// memory.enter(&crates::CONTRACT, "init", "", &());
    /// memory.enter(&crates::CONTRACT, "message", "handOut", &12u32);
    /// let all = memory.enter(&crates::CONTRACT, "message", "handOut", &30u32);
    /// assert_eq!(all.answer(), Some(42u32));
    /// # }
    /// ```
    ///
    /// # Panics
    /// When the name or the arguments are longer than a call's.
    pub fn enter(
        &mut self,
        contract: &Contract,
        entry: &str,
        name: &str,
        args: &impl Encode,
    ) -> Ended {
        let input = self.invocation(name, args);
        self.run(contract, entry, &input)
    }

    /// Runs an entry on its encoded input, as a rule (`rule_offer`) on a movement's. What it
    /// stored and emitted is undone unless it returned.
    ///
    /// ```
    /// use marque_sdk::native::{Memory, given};
    /// use marque_sdk::{codec::Encode as _, prelude::*};
    ///
    /// #[contract]
    /// pub mod nothing_moves {
    ///     #[storage]
    ///     #[derive(Default)]
    ///     pub struct NothingMoves;
    ///
    ///     #[refusals]
    ///     pub enum Refuse {
    ///         /// It stays where it is.
    ///         Stays,
    ///     }
    ///
    ///     impl NothingMoves {
    ///         #[rule]
    ///         fn offer(&self) -> Result {
    ///             Err(Refuse::Stays.into())
    ///         }
    ///     }
    /// }
    /// # fn main() {
    /// let offer = given::movement(Kind::Offer).encode();
    /// let judged = Memory::new().run(&nothing_moves::CONTRACT, "rule_offer", &offer);
    /// assert_eq!(judged.refusal().unwrap().name.as_str(), "Stays");
    /// # }
    /// ```
    pub fn run(&mut self, contract: &Contract, entry: &str, input: &[u8]) -> Ended {
        let before = (self.storage.clone(), self.events.clone());
        let (ended, _) = contract.run(entry, input, self, u64::MAX);
        if !matches!(ended, Ended::Returned(_)) {
            (self.storage, self.events) = before;
        }
        ended
    }

    fn invocation(&self, name: &str, args: &impl Encode) -> Vec<u8> {
        let Ok(name) = name.try_into() else {
            stop("a name has at most 64 bytes")
        };
        let Ok(args) = Bytes::new(args.encode()) else {
            stop("arguments have at most 65536 bytes")
        };
        let invocation = Invocation {
            contract: Self::CONTRACT,
            brand: Self::BRAND,
            caller: self.caller,
            signer: self.signer,
            height: self.height,
            now: self.now,
            name,
            args,
        };
        invocation.encode()
    }
}

impl Host for Memory {
    fn storage_read(
        &mut self,
        meter: &mut Meter,
        key: &[u8],
    ) -> Result<Option<Vec<u8>>, HostFault> {
        meter.charge(1)?;
        Ok(self.storage.get(key).cloned())
    }

    fn storage_write(
        &mut self,
        meter: &mut Meter,
        key: &[u8],
        value: &[u8],
    ) -> Result<(), HostFault> {
        meter.charge(1)?;
        self.storage.insert(key.into(), value.into());
        Ok(())
    }

    fn storage_remove(&mut self, meter: &mut Meter, key: &[u8]) -> Result<bool, HostFault> {
        meter.charge(1)?;
        Ok(self.storage.remove(key).is_some())
    }

    fn storage_after(
        &mut self,
        meter: &mut Meter,
        key: &[u8],
        prefix_len: u32,
    ) -> Result<Option<Vec<u8>>, HostFault> {
        meter.charge(1)?;
        let len = usize::try_from(prefix_len).unwrap_or(usize::MAX);
        let prefix = key.get(..len).unwrap_or(key);
        let above = (Bound::Excluded(key), Bound::Unbounded);
        let next = self.storage.range::<[u8], _>(above).next();
        Ok(next
            .map(|(key, _)| key.clone())
            .filter(|key| key.starts_with(prefix)))
    }

    fn emit(&mut self, meter: &mut Meter, event: &[u8]) -> Result<(), HostFault> {
        meter.charge(1)?;
        self.events.push(event.into());
        Ok(())
    }

    fn log(&mut self, meter: &mut Meter, line: &[u8]) -> Result<(), HostFault> {
        meter.charge(1)?;
        self.lines.push(String::from_utf8_lossy(line).into_owned());
        Ok(())
    }

    fn read(
        &mut self,
        meter: &mut Meter,
        kind: u32,
        id: &[u8],
    ) -> Result<Option<Vec<u8>>, HostFault> {
        meter.charge(1)?;
        Ok(self.records.get(&(kind, id.into())).cloned())
    }

    fn command(&mut self, meter: &mut Meter, command: &[u8]) -> Result<Reply, HostFault> {
        meter.charge(1)?;
        self.commands.push(command.into());
        Ok(match self.refuse.take() {
            Some(refusal) => Reply::Refused(refusal.encode()),
            None => Reply::Returned(Vec::new()),
        })
    }

    fn call(
        &mut self,
        meter: &mut Meter,
        address: &[u8; 20],
        input: &[u8],
        _: u64,
    ) -> Result<Reply, HostFault> {
        meter.charge(1)?;
        let address = Address(*address);
        self.asked.push((address, input.into()));
        let answer = self.answers.get(&address).cloned();
        Ok(answer.map_or(Reply::Absent, Reply::Returned))
    }
}
