//! A brand with its rules, one harvested product, a packed one, one landed and one made.

use marque_fresh_food::fresh_food;
use marque_primitives::detail::Place;
use marque_primitives::{Address, Decimal, TimeMs};
use marque_testing::{Code, Product, Step, World, contract};
use parity_scale_codec::{Decode, Encode};

/// Degrees Celsius.
pub const LIMIT: u64 = 5;
/// Minutes.
pub const TOLERANCE: u32 = 30;

/// The products of the brand, by the event that their lots begin with.
pub struct Scene {
    pub world: World,
    pub rules: Address,
    pub spinach: Product,
    pub tuna: Product,
    pub bags: Product,
    pub salad: Product,
}

/// The stage of a product, as the message takes it.
#[derive(Encode)]
enum Stage {
    Harvested,
    Landed,
    Packed,
    Made,
}

/// The contract, in wasm and natively.
pub fn code() -> Code {
    contract!(fresh_food)
}

pub fn scene() -> Scene {
    let mut world = World::new();
    let receivers = vec![world.address("bob"), world.address("carol")];
    let inspectors = vec![world.address("grace")];
    let args = (
        Decimal::from_integer(LIMIT),
        TOLERANCE,
        receivers,
        inspectors,
    );
    let rules = world.by("alice").deploy(code(), &args).contract();
    let mut product = |name: &str, stage: Stage| {
        let product = world.product("alice", name, rules);
        let args = (product.gtin, stage);
        world.by("alice").tell(rules, "setStage", &args).happens();
        product
    };
    let spinach = product("Spinach", Stage::Harvested);
    let tuna = product("Tuna loin", Stage::Landed);
    let bags = product("Baby spinach, 250 g", Stage::Packed);
    let salad = product("Tuna salad", Stage::Made);
    Scene {
        world,
        rules,
        spinach,
        tuna,
        bags,
        salad,
    }
}

/// The field where it grew.
pub fn field() -> Place {
    Place::Uri("geo:44.1,-121.3".try_into().expect("a URI"))
}

/// A reference document of the step.
pub fn with_document(step: Step<'_>) -> Step<'_> {
    step.document("prodorder", "https://valley.example/po/1")
}

/// alice's 100 items of a lot begin where she is, good until 2026-05-09, with a document.
fn begun<'w>(world: &'w mut World, product: &Product, lot: &str) -> Step<'w> {
    let items = [product.items(1, 100)];
    let step = world.by("alice").commission(items).lot(lot);
    with_document(step.expiry("2026-05-09").at("alice"))
}

/// A complete record of harvesting.
pub fn harvest<'w>(world: &'w mut World, product: &Product, lot: &str) -> Step<'w> {
    begun(world, product, lot).then_at_place(field())
}

/// What is known of the harvest of food that others packed.
pub fn with_harvest(step: Step<'_>) -> Step<'_> {
    step.fact("farmLocation", "0860009999060")
        .fact("harvestDate", "2026-04-17")
}

/// What the contract remembers of a lot's beginning.
#[derive(Decode)]
pub struct Origin {
    pub coded: bool,
    pub source: Option<String>,
    pub farm: Option<String>,
    pub began: TimeMs,
}

/// The origin of a lot of spinach (L…) or of bags (B…).
pub fn origin(scene: &Scene, lot: &str) -> Origin {
    let product = match lot.starts_with('L') {
        true => &scene.spinach,
        false => &scene.bags,
    };
    let origin: Option<Origin> = scene
        .world
        .query(scene.rules, "origin", &product.lot(lot))
        .expect("an answer");
    origin.expect("an origin")
}

/// A complete record of packing what others harvested.
pub fn pack<'w>(world: &'w mut World, product: &Product, lot: &str) -> Step<'w> {
    with_harvest(begun(world, product, lot))
}

impl Scene {
    /// 100 items of spinach of lot L7, harvested.
    pub fn harvested() -> Self {
        let mut scene = scene();
        harvest(&mut scene.world, &scene.spinach, "L7")
            .happens()
            .without_notes();
        scene
    }

    /// 100 bags of lot B1, packed.
    pub fn packed() -> Self {
        let mut scene = scene();
        pack(&mut scene.world, &scene.bags, "B1")
            .happens()
            .without_notes();
        scene
    }

    /// The same, and bob has them.
    pub fn received() -> Self {
        let mut scene = Self::packed();
        let items = scene.bags.items(1, 100);
        with_document(
            scene
                .world
                .by("alice")
                .offer([items.clone()], "bob")
                .at("alice"),
        )
        .happens()
        .without_notes();
        with_document(scene.world.by("bob").accept([items]).at("bob"))
            .happens()
            .without_notes();
        scene
    }
}
