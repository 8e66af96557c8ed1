//! The state transition: a block's transactions, one after the other, each all or nothing.

use crate::LedgerError;
use crate::gas;
use crate::kernel::{Acting, Kernel, new_receipt};
use crate::machine::Machine;
use crate::outcome::{BlockInfo, DryRun, Execution, Invalid, Mode};
use crate::scope;
use crate::state::State;
use crate::stop::{Do, Stop};
use crate::validity::{self, fault, parameters};
use marque_abi::Meter;
use marque_primitives::action::{Action, Scope};
use marque_primitives::bounded::{Bytes, Text};
use marque_primitives::detail::Detail;
use marque_primitives::genesis::Genesis;
use marque_primitives::receipt::{ActionReceipt, Receipt, Status};
use marque_primitives::record::{Counters, Parameters};
use marque_primitives::refusal::Refusal;
use marque_primitives::transaction::{Body, Transaction};
use marque_primitives::{Address, Gas, Hash, key};
use marque_state::{Changes, View};
use marque_vm::Vm;
use parity_scale_codec::Encode;

/// Gas of a query from outside.
const QUERY_GAS: u64 = 10_000_000_000;

/// The transition and the machine that runs its rules. Shared between threads by reference.
#[derive(Debug)]
pub struct Ledger<M = Vm> {
    machine: M,
}

impl Ledger {
    /// The leaves of the first state.
    pub fn genesis(genesis: &Genesis) -> Changes {
        let parameters = Parameters {
            chain_id: genesis.chain_id,
            registrar: genesis.registrar,
            block_gas: genesis.block_gas,
            contract_delay: genesis.contract_delay,
            quota: genesis.quota,
        };
        let mut changes = Changes::new();
        changes.insert(key::parameters(), Some(parameters.encode()));
        changes.insert(key::counters(), Some(Counters::default().encode()));
        changes
    }
}

impl<M: Machine> Ledger<M> {
    /// A ledger whose rules run on `machine`.
    pub fn new(machine: M) -> Self {
        Self { machine }
    }

    /// What it runs on.
    pub fn machine(&self) -> &M {
        &self.machine
    }

    /// What it ran on, with what that has seen.
    pub fn into_machine(self) -> M {
        self.machine
    }

    /// The virtual machine, for checking code before it is sent.
    pub fn vm(&self) -> &Vm {
        self.machine.vm()
    }

    /// Executes transactions in order on `view`, the state after the parent block. Their
    /// signatures were checked before.
    ///
    /// # Errors
    /// When the node fails, or in [`Mode::Validate`] when a transaction is invalid.
    pub fn execute(
        &self,
        view: &dyn View,
        block: BlockInfo,
        genesis: Hash,
        transactions: &[&Transaction],
        mode: Mode,
    ) -> Result<Execution, LedgerError> {
        let mut state = State::new(view)?;
        let mut gas_left = fault(parameters(&mut state))?.block_gas;
        let mut receipts = Vec::with_capacity(transactions.len());
        let mut included = Vec::with_capacity(transactions.len());
        let mut left_out = Vec::new();
        for (at, transaction) in transactions.iter().enumerate() {
            state.meter = Meter::new(u64::MAX);
            let may = validity::check(&mut state, block, genesis, gas_left, transaction.body())?;
            let may = match (may, mode) {
                (Ok(may), _) => may,
                (Err(cause), Mode::Propose) => {
                    left_out.push((at, cause));
                    continue;
                }
                (Err(cause), Mode::Validate) => {
                    return Err(LedgerError::InvalidBlock { index: at, cause });
                }
            };
            let (body, id) = (transaction.body(), transaction.id());
            let next = body.nonce.next().ok_or(LedgerError::Overflow)?;
            fault(state.put(&key::nonce(&body.account, &body.key, body.lane), &next))?;
            let index = u32::try_from(receipts.len()).map_err(|_| LedgerError::Overflow)?;
            let scope = may.key.map(|key| key.scope);
            state.meter = Meter::new(body.gas_limit.0);
            let receipt =
                self.transaction(&mut state, block, body, id, index, scope.as_ref(), None)?;
            if let Some(allowance) = may.allowance {
                state.meter = Meter::new(u64::MAX);
                fault(allowance.spend(&mut state, receipt.gas_used.0))?;
            }
            gas_left = gas_left.saturating_sub(receipt.gas_used.0);
            receipts.push(receipt);
            included.push(at);
        }
        let (changes, entries, events) = state.finish();
        Ok(Execution {
            changes,
            receipts,
            included,
            left_out,
            entries,
            events,
        })
    }

    /// The receipt that a body would get now, whatever its nonce; nothing is kept. Or why no
    /// block could hold it.
    ///
    /// # Errors
    /// When the node fails.
    pub fn dry_run(
        &self,
        view: &dyn View,
        block: BlockInfo,
        genesis: Hash,
        body: &Body,
    ) -> Result<Result<DryRun, Invalid>, LedgerError> {
        let key = validity::authority(&mut State::new(view)?, block, genesis, body)?;
        let scope = match key {
            Ok(key) => key.map(|key| key.scope),
            Err(invalid) => return Ok(Err(invalid)),
        };
        self.tried(view, block, body, scope.as_ref()).map(Ok)
    }

    /// The same with all rights of the account, whichever keys it has: what it could do.
    ///
    /// # Errors
    /// When the node fails.
    pub fn dry_run_for_account(
        &self,
        view: &dyn View,
        block: BlockInfo,
        body: &Body,
    ) -> Result<DryRun, LedgerError> {
        self.tried(view, block, body, None)
    }

    fn tried(
        &self,
        view: &dyn View,
        block: BlockInfo,
        body: &Body,
        scope: Option<&Scope>,
    ) -> Result<DryRun, LedgerError> {
        let mut state = State::new(view)?;
        let block_gas = fault(parameters(&mut state))?.block_gas;
        state.meter = Meter::new(body.gas_limit.0.min(block_gas));
        let mut log = Vec::new();
        let id = body.id();
        let receipt = self.transaction(&mut state, block, body, id, 0, scope, Some(&mut log))?;
        Ok(DryRun { receipt, log })
    }

    /// Whether a body could be part of the next block.
    ///
    /// # Errors
    /// When the node fails.
    pub fn validate(
        &self,
        view: &dyn View,
        block: BlockInfo,
        genesis: Hash,
        body: &Body,
    ) -> Result<Result<(), Invalid>, LedgerError> {
        let mut state = State::new(view)?;
        Ok(validity::check(&mut state, block, genesis, u64::MAX, body)?.map(drop))
    }

    /// A contract's answer to a query, encoded by its ABI; or why there is none.
    ///
    /// # Errors
    /// When the node fails.
    pub fn query(
        &self,
        view: &dyn View,
        block: BlockInfo,
        contract: Address,
        name: &Text<64>,
        args: Bytes<65536>,
    ) -> Result<Result<Vec<u8>, Refusal>, LedgerError> {
        let mut state = State::new(view)?;
        state.meter = Meter::new(QUERY_GAS);
        let acting = Acting {
            block,
            transaction: Hash::ZERO,
            action: 0,
            signer: Address::default(),
            account: Address::default(),
        };
        match self
            .kernel(&mut state, acting, None)
            .query(contract, name, args)
        {
            Ok(answer) => Ok(Ok(answer)),
            Err(Stop::Refused(refusal)) => Ok(Err(*refusal)),
            Err(Stop::Fault(error)) => Err(error),
        }
    }

    fn kernel<'k, 's>(
        &'k self,
        state: &'k mut State<'s>,
        acting: Acting,
        log: Option<&'k mut Vec<(Address, String)>>,
    ) -> Kernel<'k, 's> {
        Kernel {
            state,
            machine: &self.machine,
            acting,
            capture: None,
            detail: Detail::default(),
            completes: None,
            late: false,
            decided: Vec::new(),
            emitted: Vec::new(),
            stack: Vec::new(),
            receipt: new_receipt(),
            log,
        }
    }

    /// One transaction, on a fresh meter: its gas is used in any case, the rest happens
    /// together or not at all.
    #[allow(clippy::too_many_arguments)] // each is a different thing, and the callers are two
    fn transaction(
        &self,
        state: &mut State<'_>,
        block: BlockInfo,
        body: &Body,
        id: Hash,
        index: u32,
        scope: Option<&Scope>,
        log: Option<&mut Vec<(Address, String)>>,
    ) -> Result<Receipt, LedgerError> {
        let (gas, start) = (state.meter.left(), state.checkpoint());
        let acting = Acting {
            block,
            transaction: id,
            action: 0,
            signer: body.key,
            account: body.account,
        };
        let (status, actions) = match self.actions(state, acting, body, scope, log) {
            Ok(actions) => (Status::Applied, actions),
            Err((action, Stop::Refused(refusal))) => {
                state.undo(start);
                let refusal = *refusal;
                (Status::Refused { action, refusal }, Vec::new())
            }
            Err((_, Stop::Fault(error))) => return Err(error),
        };
        Ok(Receipt {
            transaction: id,
            height: block.height,
            index,
            status,
            gas_used: Gas(gas.saturating_sub(state.meter.left())),
            actions,
        })
    }

    /// All actions of a body, or which one stopped it.
    fn actions(
        &self,
        state: &mut State<'_>,
        acting: Acting,
        body: &Body,
        scope: Option<&Scope>,
        mut log: Option<&mut Vec<(Address, String)>>,
    ) -> Result<Vec<ActionReceipt>, (u32, Stop)> {
        state
            .charge(gas::intrinsic(body))
            .map_err(|stop| (0, stop))?;
        let mut receipts = Vec::with_capacity(body.actions.len());
        for (at, action) in (0..).zip(&body.actions) {
            let acting = Acting {
                action: at,
                ..acting
            };
            let done = self.action(state, acting, action, scope, log.as_deref_mut());
            receipts.push(done.map_err(|stop| (at, stop))?);
        }
        Ok(receipts)
    }

    fn action(
        &self,
        state: &mut State<'_>,
        acting: Acting,
        action: &Action,
        scope: Option<&Scope>,
        log: Option<&mut Vec<(Address, String)>>,
    ) -> Do<ActionReceipt> {
        state.charge(gas::ACTION)?;
        if let Some(scope) = scope {
            scope::check(state, scope, action)?;
        }
        let mut kernel = self.kernel(state, acting, log);
        match action {
            Action::Intent(operation, detail) => {
                kernel.detail = detail.clone();
                kernel.perform(operation)?;
            }
            Action::Fact(report) => {
                kernel.detail = report.detail.clone();
                kernel.capture = Some(report.capture.clone());
                kernel.report(report)?;
            }
            Action::Registry(registration) => kernel.register(registration, scope)?,
            Action::Contract(action) => kernel.contract(action)?,
        }
        let mut receipt = kernel.receipt;
        receipt.emitted = kernel.emitted;
        Ok(receipt)
    }
}
