//! Strategies make what the ledger takes, and shrink to the least that fails.

use crate::trials::leaky::leaky::CONTRACT;
use crate::{says, trial};
use marque_primitives::action::Operation;
use marque_primitives::gs1::{Gln, Gtin, LotNumber, Serial, Sscc};
use marque_testing::proptest::prelude::*;
use marque_testing::proptest::test_runner::{RngAlgorithm, TestError, TestRng, TestRunner};
use marque_testing::{World, strategy};

proptest! {
    #[test]
    fn identifiers_are_read_back(
        gtin in strategy::gtin(),
        gln in strategy::gln(),
        sscc in strategy::sscc(),
        serial in strategy::serial(),
        lot in strategy::lot_number(),
    ) {
        prop_assert_eq!(Gtin::new(&gtin.to_string()), Ok(gtin));
        prop_assert_eq!(Gln::new(&gln.to_string()), Ok(gln));
        prop_assert_eq!(Sscc::new(&sscc.to_string()), Ok(sscc));
        prop_assert_eq!(Serial::new(serial.as_str()), Ok(serial));
        prop_assert_eq!(LotNumber::new(lot.as_str()), Ok(lot));
    }

    #[test]
    fn quantities_are_positive(amount in strategy::quantity()) {
        prop_assert!(amount.value.is_positive());
    }
}

/// Nothing may be released, which the contract does not forbid.
fn nothing_is_released(moves: Vec<(String, Operation)>) -> Result<(), TestCaseError> {
    let mut world = World::new();
    let rules = world
        .by("alice")
        .deploy(trial("leaky", CONTRACT), &())
        .contract();
    world.product("alice", "Watch", rules);
    for (who, operation) in moves {
        let release = matches!(operation, Operation::Release { .. });
        let ended = world.by(&who).operate(operation).ends();
        prop_assert!(!(release && ended.is_ok()), "something was released");
    }
    Ok(())
}

#[test]
fn what_fails_is_shrunk_to_the_least() {
    let rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    let config = ProptestConfig {
        failure_persistence: None,
        ..ProptestConfig::with_cases(64)
    };
    let products = vec![strategy::first_product()];
    let moves = strategy::movements(products, vec!["alice", "bob"], 1..40);
    let failed = TestRunner::new_with_rng(config, rng).run(&moves, nothing_is_released);
    let Err(TestError::Fail(reason, least)) = failed else {
        panic!("it fails: {failed:?}");
    };
    says(&reason.to_string(), &["something was released"]);
    let kinds: Vec<&str> = least
        .iter()
        .map(|(_, operation)| operation.kind().name())
        .collect();
    assert_eq!(kinds, ["commission", "release"], "nothing more is needed");
}
