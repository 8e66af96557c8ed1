//! What a running contract may ask of the ledger: its own storage, records of its own
//! products, other contracts' queries, and, in a message, commands on its own products.

use crate::callee::{Callee, from_contract};
use crate::kernel::Kernel;
use crate::kernel::slices::Slice;
use crate::state::State;
use crate::stop::{Do, Stop};
use marque_abi::invocation::{Command, Invocation, Read};
use marque_abi::{Entry, Host, HostFault, Meter, Reply};
use marque_primitives::bounded::Bytes;
use marque_primitives::credential::CredentialKind;
use marque_primitives::gs1::{Gln, Gtin};
use marque_primitives::receipt::ContractEvent;
use marque_primitives::record::Contents;
use marque_primitives::refusal::Invariant;
use marque_primitives::thing::{Line, LotId, ThingId};
use marque_primitives::{Address, key};
use parity_scale_codec::Encode;

/// Bytes of a storage key at most.
const MAX_STORAGE_KEY: usize = 256;
/// Bytes of a stored value at most.
const MAX_STORAGE_VALUE: usize = 65_536;
/// Events that the contracts of one action emit at most.
const MAX_EMITTED: usize = 256;

/// What a call may do beside reading.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Access {
    /// Nothing: queries, and calls from other contracts.
    Read,
    /// Its own storage and events: rules, `init` and `migrate`.
    Write,
    /// Also commands on its own products: messages.
    Command,
}

/// The ledger, as one running contract sees it.
pub(crate) struct ContractHost<'h, 'k, 's> {
    kernel: &'h mut Kernel<'k, 's>,
    contract: Address,
    access: Access,
}

impl<'h, 'k, 's> ContractHost<'h, 'k, 's> {
    pub(crate) fn new(kernel: &'h mut Kernel<'k, 's>, callee: &Callee, access: Access) -> Self {
        Self {
            kernel,
            contract: callee.address,
            access,
        }
    }

    /// Does the ledger's work on the call's meter.
    fn metered<T>(
        &mut self,
        meter: &mut Meter,
        limit: u64,
        work: impl FnOnce(&mut Kernel<'k, 's>) -> Do<T>,
    ) -> Result<Do<T>, HostFault> {
        let given = meter.left().min(limit);
        let own = core::mem::replace(&mut self.kernel.state.meter, Meter::new(given));
        let done = work(self.kernel);
        let left = core::mem::replace(&mut self.kernel.state.meter, own).left();
        meter.charge(given.saturating_sub(left))?;
        match done {
            Err(Stop::Fault(error)) => Err(HostFault::Node(error.to_string())),
            done => Ok(done),
        }
    }

    /// As [`Self::metered`], where the only refusal can be an empty meter.
    fn reading<T>(
        &mut self,
        meter: &mut Meter,
        work: impl FnOnce(&mut Kernel<'k, 's>) -> Do<T>,
    ) -> Result<T, HostFault> {
        self.metered(meter, u64::MAX, work)?
            .map_err(|_| HostFault::OutOfGas)
    }

    fn check_write(&self) -> Result<(), HostFault> {
        if self.access == Access::Read {
            return Err(denied(
                "writeInQuery",
                "a query reads and never writes; use a message",
            ));
        }
        Ok(())
    }

    fn storage_key(&self, own: &[u8]) -> Result<Vec<u8>, HostFault> {
        if own.len() > MAX_STORAGE_KEY {
            return Err(denied(
                "storageKeyTooLong",
                "a storage key has at most 256 bytes; hash longer ones",
            ));
        }
        Ok(key::storage(&self.contract, own))
    }
}

fn denied(name: &'static str, message: &str) -> HostFault {
    HostFault::Denied {
        name,
        message: message.into(),
    }
}

impl Host for ContractHost<'_, '_, '_> {
    fn storage_read(
        &mut self,
        meter: &mut Meter,
        key: &[u8],
    ) -> Result<Option<Vec<u8>>, HostFault> {
        let key = self.storage_key(key)?;
        self.reading(meter, |kernel| kernel.state.bytes(&key))
    }

    fn storage_write(
        &mut self,
        meter: &mut Meter,
        key: &[u8],
        value: &[u8],
    ) -> Result<(), HostFault> {
        self.check_write()?;
        let key = self.storage_key(key)?;
        if value.len() > MAX_STORAGE_VALUE {
            return Err(denied(
                "storageValueTooLong",
                "a stored value has at most 65,536 bytes; split it over keys",
            ));
        }
        self.reading(meter, |kernel| kernel.state.put_bytes(&key, value.to_vec()))
    }

    fn storage_remove(&mut self, meter: &mut Meter, key: &[u8]) -> Result<bool, HostFault> {
        self.check_write()?;
        let key = self.storage_key(key)?;
        self.reading(meter, |kernel| {
            let present = kernel.state.bytes(&key)?.is_some();
            if present {
                kernel.state.remove(&key)?;
            }
            Ok(present)
        })
    }

    fn storage_after(
        &mut self,
        meter: &mut Meter,
        key: &[u8],
        prefix_len: u32,
    ) -> Result<Option<Vec<u8>>, HostFault> {
        let prefix = usize::try_from(prefix_len)
            .unwrap_or(usize::MAX)
            .min(key.len());
        let prefix = self.storage_key(key.get(..prefix).unwrap_or_default())?;
        let key = self.storage_key(key)?;
        let own = key::storage(&self.contract, &[]).len();
        let found = self.reading(meter, |kernel| kernel.state.after(&prefix, &key))?;
        Ok(found.and_then(|(key, _)| key.get(own..).map(<[u8]>::to_vec)))
    }

    fn emit(&mut self, meter: &mut Meter, event: &[u8]) -> Result<(), HostFault> {
        self.check_write()?;
        if self.kernel.emitted.len() >= MAX_EMITTED {
            return Err(denied(
                "tooManyEvents",
                "the contracts of one action emit at most 256 events",
            ));
        }
        let Ok(data) = Bytes::new(event.to_vec()) else {
            return Err(denied("eventTooLong", "an event has at most 16,384 bytes"));
        };
        let bytes = u64::try_from(event.len()).unwrap_or(u64::MAX);
        meter.charge(bytes.saturating_mul(crate::gas::BYTE_WRITTEN))?;
        self.kernel.emitted.push(ContractEvent {
            contract: self.contract,
            data,
        });
        Ok(())
    }

    fn log(&mut self, _: &mut Meter, line: &[u8]) -> Result<(), HostFault> {
        self.kernel.log(self.contract, line);
        Ok(())
    }

    fn read(
        &mut self,
        meter: &mut Meter,
        kind: u32,
        id: &[u8],
    ) -> Result<Option<Vec<u8>>, HostFault> {
        let Some(kind) = Read::from_u32(kind) else {
            return Err(denied(
                "unknownRead",
                "there is no such kind of record; build with the SDK of this version",
            ));
        };
        let contract = self.contract;
        let found = self.reading(meter, |kernel| read(kernel.state, contract, kind, id))?;
        match found {
            Some(found) => Ok(found),
            None => Err(denied(
                "malformedId",
                "the id does not have the encoding of its kind",
            )),
        }
    }

    fn command(&mut self, meter: &mut Meter, command: &[u8]) -> Result<Reply, HostFault> {
        if self.access != Access::Command {
            return Err(denied(
                "commandOutsideMessage",
                "only a message changes the status of things; a rule answers with a verdict",
            ));
        }
        let Some(command) = from_contract::<Command>(command) else {
            return Err(denied(
                "malformedCommand",
                "the command does not have its encoding",
            ));
        };
        let contract = self.contract;
        let done = self.metered(meter, u64::MAX, |kernel| {
            let checkpoint = kernel.state.checkpoint();
            let event = kernel.receipt.event;
            let done = kernel.govern(contract, &command);
            if done.is_err() {
                kernel.state.undo(checkpoint);
                kernel.receipt.event = event;
            }
            done
        })?;
        reply(done.map(|()| Reply::Returned(Vec::new())))
    }

    fn call(
        &mut self,
        meter: &mut Meter,
        address: &[u8; 20],
        input: &[u8],
        gas_limit: u64,
    ) -> Result<Reply, HostFault> {
        let Some((name, args)) = from_contract(input) else {
            return Err(denied(
                "malformedCall",
                "a call's input is the query's name and its arguments",
            ));
        };
        let caller = self.contract;
        let address = Address(*address);
        let done = self.metered(meter, gas_limit, |kernel| {
            let Some(callee) = kernel.callee(address)? else {
                return Ok(Reply::Absent);
            };
            let block = kernel.acting.block;
            let invocation = Invocation {
                contract: callee.address,
                brand: callee.record.brand,
                caller,
                signer: kernel.acting.signer,
                height: block.height,
                now: block.time,
                name,
                args,
            };
            kernel.call(&callee, Entry::Query, invocation.encode(), Access::Read)
        })?;
        reply(done)
    }
}

/// A refusal is an answer that the calling contract can act on; an empty meter is not.
fn reply(done: Do<Reply>) -> Result<Reply, HostFault> {
    match done {
        Ok(reply) => Ok(reply),
        Err(Stop::Refused(refusal)) if refusal.is(Invariant::OutOfGas) => {
            Ok(Reply::Trapped(refusal.message.as_str().into()))
        }
        Err(Stop::Refused(refusal)) => Ok(Reply::Refused(refusal.encode())),
        Err(Stop::Fault(error)) => Err(HostFault::Node(error.to_string())),
    }
}

/// A record for a contract: `None` if the id is malformed, `Some(None)` if there is no such
/// record or it is not one of the contract's products.
fn read(
    state: &mut State<'_>,
    contract: Address,
    kind: Read,
    id: &[u8],
) -> Do<Option<Option<Vec<u8>>>> {
    match kind {
        Read::Record => {
            let Some(id) = from_contract::<ThingId>(id) else {
                return Ok(None);
            };
            if !governs_thing(state, contract, &id)? {
                return Ok(Some(None));
            }
            Ok(Some(
                state
                    .slice(&id)?
                    .map(|Slice { record, .. }| record.encode()),
            ))
        }
        Read::Lot => {
            let Some(id) = from_contract::<LotId>(id) else {
                return Ok(None);
            };
            if !governs(state, contract, id.gtin)? {
                return Ok(Some(None));
            }
            state.bytes(&key::lot(&id)).map(Some)
        }
        Read::Product => {
            let Some(gtin) = from_contract::<Gtin>(id) else {
                return Ok(None);
            };
            if !governs(state, contract, gtin)? {
                return Ok(Some(None));
            }
            state.bytes(&key::product(gtin)).map(Some)
        }
        Read::Party => {
            let Some(account) = from_contract::<Address>(id) else {
                return Ok(None);
            };
            state.bytes(&key::party(&account)).map(Some)
        }
        Read::Location => {
            let Some(gln) = from_contract::<Gln>(id) else {
                return Ok(None);
            };
            state.bytes(&key::location(&gln)).map(Some)
        }
        Read::Credential => {
            let Some((subject, issuer, kind)) =
                from_contract::<(Address, Address, CredentialKind)>(id)
            else {
                return Ok(None);
            };
            state
                .bytes(&key::credential(&subject, &issuer, &kind))
                .map(Some)
        }
        Read::Contents => {
            let Some(id) = from_contract::<ThingId>(id) else {
                return Ok(None);
            };
            let Some(contents) = state.get::<Contents>("contents", &key::contents(&id))? else {
                return Ok(Some(None));
            };
            // Other brands' goods in the same unit are none of this contract's business.
            let mut own = Contents {
                lines: Default::default(),
                held: 0,
                height: contents.height,
            };
            for line in &contents.lines {
                if let Line::Product(gtin) = line.line
                    && governs(state, contract, gtin)?
                {
                    let _ = own.lines.push(line.clone());
                }
            }
            Ok(Some((!own.lines.is_empty()).then(|| own.encode())))
        }
    }
}

/// Whether a product names the contract.
pub(crate) fn governs(state: &mut State<'_>, contract: Address, gtin: Gtin) -> Do<bool> {
    Ok(state
        .product(gtin)?
        .is_some_and(|product| product.contract == Some(contract)))
}

fn governs_thing(state: &mut State<'_>, contract: Address, id: &ThingId) -> Do<bool> {
    match id {
        ThingId::Item {
            line: Line::Product(gtin),
            ..
        } => governs(state, contract, *gtin),
        _ => Ok(false),
    }
}
