//! A manufacturer (alice) with one product, a wholesaler (bob), a pharmacy (carol), a
//! repackager's product, an inspector (grace), and mallory without a licence.

use marque_pharmaceuticals::pharmaceuticals;
use marque_primitives::date::Date;
use marque_primitives::{Address, Decimal};
use marque_testing::{Code, Done, Product, World, contract};
use parity_scale_codec::Encode;

pub const DAY: u64 = 24 * 60 * 60 * 1000;
pub const EXPIRY: &str = "2026-08-31";

/// A licence's role, as the message takes it.
#[derive(Clone, Copy, Encode)]
pub enum Role {
    Trade,
    Repackage,
    Inspect,
    Attest,
}

pub struct Scene {
    pub world: World,
    pub rules: Address,
    pub pills: Product,
    pub doses: Product,
}

/// The contract, in wasm and natively.
pub fn code() -> Code {
    contract!(pharmaceuticals)
}

pub fn day(text: &str) -> Date {
    Date::parse(text).expect("a day")
}

pub fn scene() -> Scene {
    let mut world = World::new();
    let rules = world.by("alice").deploy(code(), &()).contract();
    let pills = world.product("alice", "Pills, 20", rules);
    let doses = world.product("alice", "Pills, 5", rules);
    let mut scene = Scene {
        world,
        rules,
        pills,
        doses,
    };
    scene.license(Role::Trade, "bob", "2026-06-30");
    scene.license(Role::Trade, "carol", "2027-06-30");
    scene.license(Role::Inspect, "grace", "2027-06-30");
    let range = (
        Some(Decimal::from_integer(2)),
        Decimal::from_integer(8),
        30u32,
    );
    scene.tell("alice", "setRange", &(pills.gtin, range));
    scene
}

impl Scene {
    pub fn license(&mut self, role: Role, name: &str, until: &str) {
        let account = self.world.address(name);
        self.tell("alice", "license", &(role, account, day(until)));
    }

    #[track_caller]
    pub fn tell(&mut self, by: &str, message: &str, args: &impl Encode) -> Done {
        self.world.by(by).tell(self.rules, message, args).happens()
    }

    /// 100 packs of lot L7, commissioned by the manufacturer.
    pub fn commissioned() -> Self {
        let mut scene = scene();
        let packs = [scene.pills.items(1, 100)];
        let step = scene.world.by("alice").commission(packs).lot("L7");
        step.expiry(EXPIRY).here().happens().without_notes();
        scene
    }

    /// The same, and bob has them.
    pub fn received() -> Self {
        let mut scene = Self::commissioned();
        let packs = [scene.pills.items(1, 100)];
        let offer = scene.world.by("alice").offer(packs.clone(), "bob");
        offer.here().happens().without_notes();
        let accept = scene.world.by("bob").accept(packs);
        accept.here().happens().without_notes();
        scene
    }

    pub fn is_lot_held(&self) -> bool {
        self.world.is_lot_held(&self.pills.lot("L7"))
    }

    pub fn is_free(&self, number: u64) -> bool {
        self.world.is_free(&self.pills.item(number))
    }

    /// What the contract emitted, in words.
    pub fn emitted(&self, done: &Done) -> String {
        let interface = self.world.interface(self.rules);
        format!("{:?}", done.emitted(&interface))
    }
}
