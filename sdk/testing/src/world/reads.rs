//! What is on the ledger.

use super::{STEP, World};
use marque_abi::interface::Interface;
use marque_abi::meta::Meta;
use marque_ledger::{BlockInfo, Standing, read};
use marque_primitives::bounded::{Bytes, Text};
use marque_primitives::record::{LotRecord, Record, Status};
use marque_primitives::refusal::Refusal;
use marque_primitives::thing::{LotId, ThingId};
use marque_primitives::{Address, Decimal, Height, TimeMs};
use marque_state::State;
use parity_scale_codec::{Decode, Encode};

impl World {
    /// The time of the next block.
    pub fn now(&self) -> TimeMs {
        TimeMs(self.time + STEP)
    }

    /// A question to a contract.
    ///
    /// # Errors
    /// The contract's refusal.
    ///
    /// # Panics
    /// When the answer is no `T`, or native and wasm differ.
    #[track_caller]
    pub fn query<T: Decode>(
        &self,
        contract: Address,
        name: &str,
        args: &impl Encode,
    ) -> Result<T, Box<Refusal>> {
        let name = Text::new(name).expect("a name");
        let args = Bytes::new(args.encode()).expect("arguments");
        let block = self.next();
        let answer = self.ledger.query(&self.state, block, contract, &name, args);
        self.watched();
        let bytes = answer.expect("a working node").map_err(Box::new)?;
        Ok(T::decode(&mut &*bytes).expect("an answer of the type"))
    }

    /// What a contract says of itself.
    ///
    /// # Panics
    /// When there is no such contract.
    pub fn interface(&self, contract: Address) -> Interface {
        let record = read::contract(&self.state, &contract).expect("memory");
        let code = read::code(&self.state, &record.expect("a contract").code).expect("memory");
        let code = code.expect("its code").wasm;
        let checked = marque_vm::check(&code).expect("taken code");
        let meta: &Meta = checked.meta();
        Interface::read(&meta.interface).expect("an interface")
    }

    /// The state after the last block, for the ledger's own reading functions.
    pub fn state(&self) -> &State {
        &self.state
    }

    /// A thing's record and how it stands; `None` if nothing is known of it.
    pub fn standing(&self, id: &ThingId) -> Option<(Record, Standing)> {
        read::standing(&self.state, id).expect("memory")
    }

    /// Who has a thing.
    pub fn custodian(&self, id: &ThingId) -> Option<Address> {
        self.standing(id)?.1.custodian
    }

    /// Whether a thing moves freely, its lot and parents counted in.
    pub fn is_free(&self, id: &ThingId) -> bool {
        let standing = self.standing(id).expect("a known thing").1;
        standing.judgement.status == marque_ledger::Effective::Active
    }

    /// A lot's record.
    pub fn lot(&self, id: &LotId) -> Option<LotRecord> {
        read::lot(&self.state, id).expect("memory")
    }

    /// Whether a party has a credential that holds in the next block.
    pub fn has_credential(&mut self, issuer: &str, subject: &str, kind: &str) -> bool {
        let (issuer, subject) = (self.address(issuer), self.address(subject));
        let kind = kind.parse().expect("a kind of credential");
        let now = self.now();
        read::credential(&self.state, &subject, &issuer, &kind)
            .expect("memory")
            .is_some_and(|credential| credential.valid_at(now))
    }

    /// Whether a lot is held as a whole.
    pub fn is_lot_held(&self, id: &LotId) -> bool {
        self.lot(id)
            .is_some_and(|lot| lot.status == Status::Quarantined)
    }

    /// What an account has of a lot, packed or not.
    pub fn quantity(&self, account: Address, id: &LotId) -> Decimal {
        let balances = read::balances(&self.state, id).expect("memory");
        let own = balances
            .iter()
            .filter(|b| b.holding.custodian == Some(account));
        own.fold(Decimal::ZERO, |sum, b| {
            sum.checked_add(b.value).expect("a sum")
        })
    }

    pub(super) fn next(&self) -> BlockInfo {
        BlockInfo {
            height: Height(self.height + 1),
            time: self.now(),
        }
    }
}
