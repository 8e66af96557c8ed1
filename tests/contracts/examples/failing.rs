//! A contract that ends its rule in each way that a rule can end, by the movement's business
//! step.
#![cfg_attr(target_arch = "wasm32", no_std)]
use marque_sdk::prelude::*;

/// Refusals of a library, which the contract's interface does not include.
pub mod library {
    use marque_sdk::prelude::*;

    /// Why the library refuses.
    #[refusals]
    pub enum Refuse {
        /// It is odd.
        Odd,
    }
}

/// Fails as it is told.
#[contract]
pub mod failing {
    /// How often it was asked.
    #[storage]
    #[derive(Default)]
    pub struct Failing {
        asked: u8,
    }

    /// Why it refuses.
    #[refusals]
    pub enum Refuse {
        /// {step} is refused.
        #[refusal(field = "step", remedy = "take another step")]
        Refused {
            /// The business step.
            step: Words,
        },
    }

    impl Failing {
        /// Fails by the business step.
        #[rule]
        fn observe(&mut self, movement: &Movement) -> Result {
            self.asked = 255;
            match movement.step() {
                "panicking" => assert!(movement.captured(), "nothing was captured"),
                "overflowing" => self.asked += u8::from(!movement.captured()),
                "endless" => while !movement.captured() {},
                "deep" => self.asked = deep(movement, 0),
                "refusing" => {
                    let step = movement.step().into();
                    return Err(Refuse::Refused { step }.into());
                }
                "unlisted" => return Err(super::library::Refuse::Odd.into()),
                _ => {}
            }
            Ok(())
        }
    }

    /// Calls itself until the counted stack is used up. Nothing of it stands in memory, where
    /// its 64 KiB would end first.
    fn deep(movement: &Movement, depth: u8) -> u8 {
        if movement.captured() {
            return depth;
        }
        let deeper = deep(movement, depth.wrapping_add(1));
        deeper.rotate_left(1) ^ depth
    }
}
