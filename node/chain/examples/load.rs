//! Load on a chain in this process: `cargo run --release -p marque-chain --example load -- FOLDER
//! [TRANSFERS] [ITEMS] [IN_FLIGHT]`. A brand offers items to sixteen shops, which accept them:
//! two signed transactions for each transfer, ITEMS serials in each. Signing is done before and
//! not counted; checking signatures, executing, proving, indexing and durable commits are.

use std::error::Error;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use ed25519_dalek::SigningKey;
use marque_chain::{Chain, Config, SystemClock};
use marque_ledger::Ledger;
use marque_primitives::action::{Action, LicenceKey, Operation, PartyRef, Registration, Right};
use marque_primitives::bounded::List;
use marque_primitives::detail::Detail;
use marque_primitives::genesis::{Genesis, Validator};
use marque_primitives::gs1::{CompanyPrefix, Gtin, Serial};
use marque_primitives::signature::SecretKey;
use marque_primitives::thing::{Line, Run, Thing};
use marque_primitives::transaction::{Body, Expiry, Transaction, Version};
use marque_primitives::{Gas, Hash, Lane, Nonce, TimeMs};
use marque_store::{Options, RedbStore};
use marque_vm::{Vm, VmConfig};

type Failure = Box<dyn Error + Send + Sync>;

const SHOPS: u8 = 16;
const LANES: u8 = 16;

struct Load {
    genesis: Hash,
    gtin: Gtin,
    transfers: u64,
    items: u64,
}

fn main() -> Result<(), Failure> {
    let mut arguments = std::env::args().skip(1);
    let folder = arguments.next().ok_or("name a folder for the data")?;
    let mut number = |usual: u64| arguments.next().map_or(Ok(usual), |text| text.parse());
    let (transfers, items, in_flight) = (number(20_000)?, number(1)?, number(512)?);
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()?;
    runtime.block_on(run(
        folder.as_ref(),
        transfers,
        items,
        usize::try_from(in_flight)?,
    ))
}

async fn run(folder: &Path, transfers: u64, items: u64, in_flight: usize) -> Result<(), Failure> {
    let validator = SigningKey::from_bytes(&[3; 32]);
    let registrar = secret(1)?;
    let brand = secret(2)?;
    let genesis = Genesis {
        chain_id: 1,
        seed: Hash([4; 32]),
        time: TimeMs(0),
        registrar: registrar.address(),
        validators: vec![Validator {
            key: Hash(validator.verifying_key().to_bytes()),
            power: 1,
        }],
        block_gas: u64::MAX,
        contract_delay: 0,
        heartbeat: 0,
        development: false,
        quota: Default::default(),
    };
    let store = Arc::new(RedbStore::open(folder, &Options::default())?);
    let ledger = Arc::new(Ledger::new(Vm::new(&VmConfig::default())?));
    let chain = Chain::open(
        store,
        genesis.clone(),
        ledger,
        Arc::new(SystemClock),
        validator,
        Config::default(),
    )?;
    let load = Load {
        genesis: genesis.hash(),
        gtin: Gtin::new("09521234543213")?,
        transfers,
        items,
    };

    let key = LicenceKey::Prefix(CompanyPrefix::new("9521234")?);
    let licence = Registration::License {
        brand: brand.address(),
        key,
    };
    let product = Registration::RegisterProduct {
        gtin: load.gtin,
        name: "oil".try_into()?,
        contract: None,
    };
    send(
        &chain,
        load.sign(&registrar, 0, 0, Action::Registry(licence))?,
    )
    .await?;
    send(&chain, load.sign(&brand, 0, 0, Action::Registry(product))?).await?;
    let all = load.items(0, transfers.saturating_mul(items))?;
    let commission = Operation::Commission {
        items: List::new(vec![all])?,
        lot: None,
        expiry: None,
        owner: None,
    };
    send(&chain, load.sign(&brand, 0, 1, intent(commission))?).await?;

    let [offers, accepts] = load.transfers(&brand)?;
    phase(&chain, "offers", offers, in_flight, items).await?;
    phase(&chain, "accepts", accepts, in_flight, items).await?;
    chain.shutdown();
    Ok(())
}

impl Load {
    fn items(&self, first: u64, count: u64) -> Result<Thing, Failure> {
        let first = Serial::from_numeric(12, first.into())?;
        let run =
            Run::new(Line::Product(self.gtin), first, count).ok_or("the serials don't fit")?;
        Ok(Thing::Run { run, lot: None })
    }

    /// What is offered, one transaction after the other, and what accepts it.
    fn transfers(&self, brand: &SecretKey) -> Result<[Vec<Vec<u8>>; 2], Failure> {
        let shops: Vec<SecretKey> = (0..SHOPS)
            .map(|shop| secret(shop.wrapping_add(10)))
            .collect::<Result<_, _>>()?;
        let mut nonces = vec![[0_u64; LANES as usize]; shops.len()];
        let (mut offers, mut accepts) = (Vec::new(), Vec::new());
        for transfer in 0..self.transfers {
            // Neighbours go to different shops, so that every transfer splits a run.
            let at = usize::try_from(transfer)? % shops.len();
            let shop = shops.get(at).ok_or("no shop")?;
            let lane = u8::try_from(transfer / u64::from(SHOPS) % u64::from(LANES))?;
            let things = List::new(vec![
                self.items(transfer.saturating_mul(self.items), self.items)?,
            ])?;
            let to = PartyRef::Account(shop.address());
            let offer = Operation::Offer {
                items: things.clone(),
                to,
                what: Right::Both,
                deadline: None,
            };
            // The brand's first lane was used twice before.
            let own = u8::try_from(transfer % u64::from(LANES))?;
            let nonce = (transfer / u64::from(LANES)).saturating_add(if own == 0 { 2 } else { 0 });
            offers.push(self.sign(brand, own, nonce, intent(offer))?);
            let count = nonces
                .get_mut(at)
                .and_then(|shop| shop.get_mut(usize::from(lane)))
                .ok_or("no lane")?;
            accepts.push(self.sign(
                shop,
                lane,
                *count,
                intent(Operation::Accept { items: things }),
            )?);
            *count = count.saturating_add(1);
        }
        Ok([offers, accepts])
    }

    fn sign(
        &self,
        key: &SecretKey,
        lane: u8,
        nonce: u64,
        action: Action,
    ) -> Result<Vec<u8>, Failure> {
        let body = Body {
            version: Version::V1,
            chain_id: 1,
            genesis: self.genesis,
            account: key.address(),
            key: key.address(),
            lane: Lane(lane),
            nonce: Nonce(nonce),
            expiry: Expiry::NEVER,
            gas_limit: Gas(10_000_000_000),
            actions: List::new(vec![action])?,
        };
        Ok(Transaction::sign(body, key)?.bytes().to_vec())
    }
}

async fn phase(
    chain: &Chain,
    name: &str,
    transactions: Vec<Vec<u8>>,
    in_flight: usize,
    items: u64,
) -> Result<(), Failure> {
    let count = u64::try_from(transactions.len())?;
    let before = chain.status().height.0;
    let processor = processor_time()?;
    let start = Instant::now();
    let mut slowest = Duration::ZERO;
    let mut waiting = std::collections::VecDeque::new();
    for bytes in transactions {
        if waiting.len() >= in_flight {
            slowest = slowest.max(receipt(waiting.pop_front()).await?);
        }
        let chain = chain.clone();
        let sent = Instant::now();
        waiting.push_back(tokio::spawn(async move {
            let receipt = chain.submit_and_wait(bytes).await?;
            match &receipt.status {
                marque_primitives::receipt::Status::Applied => Ok::<_, Failure>(sent.elapsed()),
                marque_primitives::receipt::Status::Refused { refusal, .. } => {
                    Err(refusal.to_string().into())
                }
            }
        }));
    }
    while !waiting.is_empty() {
        slowest = slowest.max(receipt(waiting.pop_front()).await?);
    }
    let seconds = start.elapsed().as_secs_f64();
    let used = processor_time()?.saturating_sub(processor).as_secs_f64();
    let blocks = chain.status().height.0.saturating_sub(before);
    println!(
        "{name}: {:.0} transactions/s, {:.0} items/s, {blocks} blocks of {:.0}, {:.0} µs of processor each, slowest {} ms",
        count as f64 / seconds,
        count.saturating_mul(items) as f64 / seconds,
        count as f64 / blocks as f64,
        used / count as f64 * 1e6,
        slowest.as_millis()
    );
    Ok(())
}

type Waiting = tokio::task::JoinHandle<Result<Duration, Failure>>;

async fn receipt(waiting: Option<Waiting>) -> Result<Duration, Failure> {
    waiting.ok_or("nothing waits")?.await?
}

async fn send(chain: &Chain, bytes: Vec<u8>) -> Result<(), Failure> {
    let receipt = chain.submit_and_wait(bytes).await?;
    match &receipt.status {
        marque_primitives::receipt::Status::Applied => Ok(()),
        marque_primitives::receipt::Status::Refused { refusal, .. } => {
            Err(refusal.to_string().into())
        }
    }
}

fn intent(operation: Operation) -> Action {
    Action::Intent(operation, Detail::default())
}

fn secret(byte: u8) -> Result<SecretKey, Failure> {
    SecretKey::from_bytes(&[byte; 32]).ok_or_else(|| "no key".into())
}

/// Processor time of all threads of this process, in the kernel's ticks of 10 ms.
fn processor_time() -> Result<Duration, Failure> {
    let stat = std::fs::read_to_string("/proc/self/stat")?;
    let (_, fields) = stat.rsplit_once(')').ok_or("no process")?;
    let ticks = fields
        .split_whitespace()
        .skip(11)
        .take(2)
        .map(str::parse::<u64>);
    let ticks = ticks.sum::<Result<u64, _>>()?;
    Ok(Duration::from_millis(ticks.saturating_mul(10)))
}
