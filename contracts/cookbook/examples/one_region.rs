//! Goods arrive in one region only: at places that the brand lists and the receiver has.
#![cfg_attr(target_arch = "wasm32", no_std)]
use marque_sdk::prelude::*;

/// Lets goods be taken over at listed places alone.
#[contract]
pub mod one_region {
    /// What the contract keeps.
    #[storage]
    #[derive(Default)]
    pub struct Region {
        /// Where goods may be taken over.
        places: Set<Gln>,
    }

    /// Why it refuses.
    #[refusals]
    pub enum Refuse {
        /// It does not say where the goods are taken over.
        #[refusal(field = "place", remedy = "name the place by its GLN")]
        NoPlace,
        /// {place} is outside of the region.
        #[refusal(
            field = "place",
            remedy = "take the goods over at a place that the brand lists"
        )]
        Outside {
            /// Where they were to be taken over.
            place: Gln,
        },
        /// {place} is another party's.
        #[refusal(
            field = "place",
            remedy = "name a place that the receiver has registered"
        )]
        NotYours {
            /// Where they were to be taken over.
            place: Gln,
        },
    }

    impl Region {
        /// Whoever takes goods over does so at a place of his own within the region.
        #[rule(accept, claim)]
        fn taken_over(&self, movement: &Movement) -> Result {
            let Some(Place::Gln { gln: place, .. }) = movement.place() else {
                return Err(Refuse::NoPlace.into());
            };
            ensure!(self.places.contains(&place), Refuse::Outside { place });
            let own = location(place) == Some(movement.account());
            ensure!(own, Refuse::NotYours { place });
            Ok(())
        }

        /// The brand lists a place.
        #[message]
        fn list(&mut self, place: Gln) -> Result {
            only_brand()?;
            self.places.insert(&place);
            Ok(())
        }
    }
}
