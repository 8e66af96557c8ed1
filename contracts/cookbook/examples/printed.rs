//! Only serials that a printer was given labels for come into being.
#![cfg_attr(target_arch = "wasm32", no_std)]
use marque_sdk::prelude::*;

/// Ties serial numbers to the labels that were printed.
#[contract]
pub mod printed {
    /// The labels of a product: all numbers up to the last, each with as many digits.
    #[data]
    #[derive(Clone, Copy)]
    pub struct Labels {
        /// How many digits a number has, zeros in front.
        pub digits: u8,
        /// The last number.
        pub last: u64,
    }

    /// What the contract keeps.
    #[storage]
    #[derive(Default)]
    pub struct Printed {
        /// What was printed for each product.
        labels: Map<Gtin, Labels>,
    }

    /// Why it refuses.
    #[refusals]
    pub enum Refuse {
        /// No such label was printed.
        #[refusal(field = "items", remedy = "use serials that labels were printed for")]
        NotPrinted,
        /// Labels that were printed stay printed.
        #[refusal(
            field = "labels",
            remedy = "name as many digits, and a last number that is higher"
        )]
        FewerThanBefore,
    }

    impl Printed {
        /// What is made has a label. A run is judged by its last serial: they are neighbours.
        #[rule]
        fn commission(&self, movement: &Movement) -> Decision {
            movement.judge(|line| {
                let run = line.run().ok_or(Refuse::NotPrinted)?;
                let product = line.product().ok_or(Refuse::NotPrinted)?;
                let labels = self.labels.get(&product).ok_or(Refuse::NotPrinted)?;
                let (digits, first) = run.first().numeric().ok_or(Refuse::NotPrinted)?;
                let last = first.saturating_add(u128::from(run.count()) - 1);
                let printed = digits == labels.digits && last <= u128::from(labels.last);
                ensure!(printed, Refuse::NotPrinted);
                Ok(allow())
            })
        }

        /// The brand has had labels printed.
        #[message]
        fn print(&mut self, product: Gtin, labels: Labels) -> Result {
            only_brand()?;
            if let Some(before) = self.labels.get(&product) {
                let more = before.digits == labels.digits && before.last <= labels.last;
                ensure!(more, Refuse::FewerThanBefore);
            }
            self.labels.insert(&product, &labels);
            Ok(())
        }
    }
}
