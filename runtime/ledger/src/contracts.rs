//! Deploying, upgrading and messaging contracts.

use crate::callee::Callee;
use crate::gas;
use crate::host::Access;
use crate::kernel::Kernel;
use crate::state::decode;
use crate::stop::{Do, Stop, overflow, refuse};
use crate::validity::parameters;
use marque_abi::entry::RULE_PREFIX;
use marque_abi::invocation::Invocation;
use marque_abi::{Entry, Meta};
use marque_primitives::action::{CodeSource, ContractAction, Kind, MAX_CODE};
use marque_primitives::bounded::{Bytes, Text};
use marque_primitives::hash::keccak256;
use marque_primitives::record::{Code, Contract, rule_bit};
use marque_primitives::refusal::{Invariant, Refusal};
use marque_primitives::{Address, Hash, Height, key};
use marque_vm::VmError;
use parity_scale_codec::Encode;

impl Kernel<'_, '_> {
    pub(crate) fn contract(&mut self, action: &ContractAction) -> Do<()> {
        match action {
            ContractAction::Store { code } => self.store_code(code).map(drop),
            ContractAction::Deploy { code, salt, args } => self.deploy(code, *salt, args.clone()),
            ContractAction::Upgrade {
                contract,
                code,
                args,
            } => self.upgrade(*contract, code, args.clone()),
            ContractAction::Message {
                contract,
                name,
                args,
            } => self.message(*contract, name, args.clone()),
        }
    }

    fn deploy(&mut self, code: &CodeSource, salt: u64, args: Bytes<65536>) -> Do<()> {
        let account = self.account();
        let address = Address::of_contract(account, salt);
        if self.state.bytes(&key::contract(&address))?.is_some() {
            let message =
                format!("the account has a contract of salt {salt} already, at {address}");
            return Err(Refusal::kernel(Invariant::Taken, &message)
                .field("salt")
                .into());
        }
        let (hash, meta) = self.take_code(code)?;
        let record = Contract {
            brand: account,
            name: meta.name.clone(),
            code: hash,
            version: 1,
            rules: rules_of(&meta),
        };
        self.state.put(&key::contract(&address), &record)?;
        self.receipt.contract = Some(address);
        self.run_once(address, record, Entry::Init, args)
    }

    /// The new code's `migrate` moves the storage; if it fails, the old code stays in force.
    fn upgrade(&mut self, address: Address, code: &CodeSource, args: Bytes<65536>) -> Do<()> {
        let Some(before) = self
            .state
            .get::<Contract>("contract", &key::contract(&address))?
        else {
            return refuse(
                Invariant::UnknownContract,
                &format!("there is no contract {address}"),
            );
        };
        if before.brand != self.account() {
            return refuse(
                Invariant::NotBrand,
                &format!("the contract is {}'s", before.brand),
            );
        }
        let (hash, meta) = self.take_code(code)?;
        let record = Contract {
            name: meta.name.clone(),
            code: hash,
            version: before.version.checked_add(1).ok_or_else(overflow)?,
            rules: rules_of(&meta),
            ..before
        };
        self.state.put(&key::contract(&address), &record)?;
        self.receipt.contract = Some(address);
        self.run_once(address, record, Entry::Migrate, args)
    }

    /// Code that a contract may have from now on, and what it says of itself.
    fn take_code(&mut self, source: &CodeSource) -> Do<(Hash, Meta)> {
        let (hash, stored, meta) = match source {
            CodeSource::Inline(code) => self.store_code(code)?,
            CodeSource::Known { hash } => {
                let Some(known) = self.code_of(hash)? else {
                    let message = format!("the ledger has no code {hash}");
                    return Err(Refusal::kernel(Invariant::CodeNotReady, &message)
                        .field("code")
                        .into());
                };
                (*hash, known.stored, self.check_code(&known.wasm)?)
            }
        };
        let delay = parameters(self.state)?.contract_delay;
        let ready = stored.0.saturating_add(delay);
        if ready > self.acting.block.height.0 {
            let message = format!("code {hash} can be deployed from block {ready} on");
            return Err(Refusal::kernel(Invariant::CodeNotReady, &message)
                .field("code")
                .expected(&format!("a block from {ready} on"))
                .into());
        }
        Ok((hash, meta))
    }

    /// Keeps code, once however often it is stored, with the block in which it first was.
    fn store_code(&mut self, code: &Bytes<MAX_CODE>) -> Do<(Hash, Height, Meta)> {
        let meta = self.check_code(code)?;
        let hash = keccak256(&[code]);
        if let Some(known) = self.code_of(&hash)? {
            return Ok((hash, known.stored, meta));
        }
        let stored = self.acting.block.height;
        let wasm = code.clone();
        self.state.put(&key::code(&hash), &Code { stored, wasm })?;
        Ok((hash, stored, meta))
    }

    /// Its bytes are not charged for reading: the check of them is.
    fn code_of(&mut self, hash: &Hash) -> Do<Option<Code>> {
        let leaf = self.state.unmetered(&key::code(hash));
        let leaf = leaf.map_err(VmError::NodeFault)?;
        Ok(leaf.map(|leaf| decode("code", &leaf)).transpose()?)
    }

    /// What code says of itself, if the chain takes it: its bytes alone decide.
    fn check_code(&mut self, code: &[u8]) -> Do<Meta> {
        let bytes = u64::try_from(code.len()).unwrap_or(u64::MAX);
        self.state.charge(bytes.saturating_mul(gas::CODE_BYTE))?;
        let checked = marque_vm::check(code).map_err(|rejection| {
            // The rejection's own words come from a parser and stay out of receipts.
            let message = format!(
                "{} found in the {} section at offset {}",
                rejection.found, rejection.section, rejection.offset
            );
            let (code, name) = (rejection.code().into(), rejection.name());
            let refusal = Refusal::new(code, name, &message, rejection.remedy()).field("code");
            Stop::from(if rejection.allowed() > 0 {
                refusal.expected(&format!("at most {}", rejection.allowed()))
            } else {
                refusal
            })
        })?;
        Ok(checked.meta().clone())
    }

    fn run_once(
        &mut self,
        address: Address,
        record: Contract,
        entry: Entry<'_>,
        args: Bytes<65536>,
    ) -> Do<()> {
        let module = self.module(&record)?;
        let callee = Callee {
            address,
            record,
            module,
        };
        if !callee.module.has(entry) {
            if args.is_empty() {
                return Ok(());
            }
            let refusal = callee.refusal(
                Invariant::Shape,
                &format!("{} has no {entry} to take arguments", callee.name()),
            );
            return Err(refusal.field("args").into());
        }
        let input = self.invocation(&callee, Text::default(), args);
        self.enter(&callee, entry, input.encode(), Access::Write)
            .map(drop)
    }

    fn message(&mut self, address: Address, name: &Text<64>, args: Bytes<65536>) -> Do<()> {
        let Some(callee) = self.callee(address)? else {
            return refuse(
                Invariant::UnknownContract,
                &format!("there is no contract {address}"),
            );
        };
        let input = self.invocation(&callee, name.clone(), args);
        let answer = self.enter(&callee, Entry::Message, input.encode(), Access::Command)?;
        let Ok(output) = Bytes::new(answer) else {
            return Err(callee
                .refusal(
                    Invariant::Trapped,
                    "the message's answer is longer than 16,384 bytes",
                )
                .into());
        };
        self.receipt.output = output;
        Ok(())
    }

    /// A question to a contract; nothing is written.
    pub(crate) fn query(
        &mut self,
        address: Address,
        name: &Text<64>,
        args: Bytes<65536>,
    ) -> Do<Vec<u8>> {
        let Some(callee) = self.callee(address)? else {
            return refuse(
                Invariant::UnknownContract,
                &format!("there is no contract {address}"),
            );
        };
        let input = self.invocation(&callee, name.clone(), args);
        self.enter(&callee, Entry::Query, input.encode(), Access::Read)
    }

    fn invocation(&self, callee: &Callee, name: Text<64>, args: Bytes<65536>) -> Invocation {
        Invocation {
            contract: callee.address,
            brand: callee.record.brand,
            caller: self.acting.account,
            signer: self.acting.signer,
            height: self.acting.block.height,
            now: self.acting.block.time,
            name,
            args,
        }
    }
}

/// The bits of the kinds that the code has rules for.
fn rules_of(meta: &Meta) -> u32 {
    let has = |kind: &Kind| {
        meta.entries
            .iter()
            .any(|entry| entry.strip_prefix(RULE_PREFIX) == Some(kind.name()))
    };
    Kind::ALL
        .into_iter()
        .filter(|kind| kind.has_rule() && has(kind))
        .fold(0, |bits, kind| bits | rule_bit(kind))
}
