//! A small generator of random numbers, the same on every machine.

/// Random numbers from a seed: SplitMix64 (Steele, Lea, Flood: "Fast splittable pseudorandom
/// number generators", 2014).
///
/// ```
/// use marque_testing::Random;
/// let (mut one, mut other) = (Random::new(7), Random::new(7));
/// assert_eq!(one.below(1_000), other.below(1_000));
/// assert!(["a", "b"].contains(one.of(&["a", "b"]).unwrap()));
/// ```
#[derive(Clone, Debug)]
pub struct Random(u64);

impl Random {
    /// From a seed.
    ///
    /// ```
    /// use marque_testing::Random;
    ///
    /// assert_eq!(Random::new(7).number(), Random::new(7).number());
    /// assert_ne!(Random::new(7).number(), Random::new(8).number());
    /// ```
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// Any number.
    ///
    /// ```
    /// use marque_testing::Random;
    ///
    /// let mut random = Random::new(7);
    /// assert_ne!(random.number(), random.number());
    /// ```
    pub fn number(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below `end`; 0 where that is 0.
    ///
    /// ```
    /// use marque_testing::Random;
    ///
    /// let mut random = Random::new(7);
    /// assert!((0..100).all(|_| random.below(6) < 6));
    /// assert_eq!(random.below(0), 0);
    /// ```
    pub fn below(&mut self, end: u64) -> u64 {
        self.number().checked_rem(end).unwrap_or(0)
    }

    /// True once in so many times.
    ///
    /// ```
    /// use marque_testing::Random;
    ///
    /// let mut random = Random::new(7);
    /// let rainy = (0..1_000).filter(|_| random.one_in(4)).count();
    /// assert!((200..300).contains(&rainy), "{rainy}");
    /// ```
    pub fn one_in(&mut self, times: u64) -> bool {
        self.below(times) == 0
    }

    /// One of them; nothing of nothing.
    ///
    /// ```
    /// use marque_testing::Random;
    ///
    /// let mut random = Random::new(7);
    /// assert!(["rail", "road"].contains(random.of(&["rail", "road"]).unwrap()));
    /// assert_eq!(random.of::<u8>(&[]), None);
    /// ```
    pub fn of<'t, T>(&mut self, all: &'t [T]) -> Option<&'t T> {
        let at = self.below(u64::try_from(all.len()).unwrap_or(u64::MAX));
        all.get(usize::try_from(at).unwrap_or(0))
    }
}
