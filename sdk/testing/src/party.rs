//! Parties, by their names.

use marque_primitives::Address;
use marque_primitives::detail::Place;
use marque_primitives::gs1::Gln;
use marque_primitives::hash::keccak256;
use marque_primitives::signature::SecretKey;

/// A registered party: its account signs with a key made of its name, and one location
/// stands for it.
///
/// ```
/// use marque_testing::World;
/// let mut world = World::new();
/// let bob = world.party("bob");
/// assert_eq!(bob.account, World::new().address("bob"), "a name has one account everywhere");
/// let place = bob.place();
/// # let _ = place;
/// ```
#[derive(Clone, Debug)]
pub struct Party {
    /// Its name in the test.
    pub name: String,
    /// Its account.
    pub account: Address,
    /// The location that stands for it.
    pub gln: Gln,
    pub(crate) key: SecretKey,
}

impl Party {
    /// The `number`th party of a world.
    pub(crate) fn new(name: &str, number: u64) -> Self {
        let key = key(name);
        Self {
            name: name.into(),
            account: key.address(),
            // The locations of tests: nobody's prefix is licensed for them.
            gln: Gln::from_body(950_699_900_000 + number).expect("twelve digits"),
            key,
        }
    }

    /// Its location as a place.
    ///
    /// ```
    /// use marque_primitives::detail::Place;
    /// use marque_testing::World;
    ///
    /// let bob = World::new().party("bob");
    /// assert_eq!(bob.place(), Place::Gln { gln: bob.gln, extension: None });
    /// ```
    pub fn place(&self) -> Place {
        Place::Gln {
            gln: self.gln,
            extension: None,
        }
    }
}

/// The key of a name; any digest below the curve's order is one, which fails once in 2^128.
pub(crate) fn key(name: &str) -> SecretKey {
    let digest = keccak256(&[b"marque/testing/", name.as_bytes()]);
    SecretKey::from_bytes(&digest.0).expect("a digest below the curve's order")
}
