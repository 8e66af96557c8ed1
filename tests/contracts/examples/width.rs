//! A contract whose answers depend on how wide a pointer is: 32 bits in wasm, 64 in most
//! tests. It is the difference that running both ways is to catch.
#![cfg_attr(target_arch = "wasm32", no_std)]
use marque_sdk::prelude::*;

/// Answers, keeps, emits and refuses by the width of a pointer.
#[contract]
pub mod width {
    /// The last width that was kept.
    #[storage]
    #[derive(Default)]
    pub struct Width {
        kept: u32,
        noted: Map<u32, bool>,
    }

    /// Why it refuses.
    #[refusals]
    pub enum Refuse {
        /// Pointers are narrow.
        Narrow,
    }

    /// A width, said.
    #[event]
    pub struct Said {
        /// The width.
        pub bits: u32,
    }

    impl Width {
        /// Refuses where pointers are narrow.
        #[rule]
        fn offer() -> Result {
            ensure!(usize::BITS > 32, Refuse::Narrow);
            Ok(())
        }

        /// Keeps the width among the plain fields.
        #[message]
        fn keep(&mut self) {
            self.kept = usize::BITS;
        }

        /// Keeps the width under a key.
        #[message]
        fn note(&mut self) {
            self.noted.insert(&usize::BITS, &true);
        }

        /// Says the width.
        #[message]
        fn say(&mut self) {
            emit(Said { bits: usize::BITS });
        }

        /// Tells its developer the width, which nobody else sees.
        #[message]
        fn tell(&mut self) {
            log(if usize::BITS > 32 { "wide" } else { "narrow" });
        }

        /// Panics where pointers are narrower.
        #[message]
        fn insist(&mut self, width: u32) {
            assert!(usize::BITS >= width);
        }

        /// Answers the width.
        #[query]
        fn bits(&self) -> u32 {
            usize::BITS
        }
    }
}
