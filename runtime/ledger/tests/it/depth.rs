//! How deep contracts call one another.

use crate::world::World;
use crate::world::names::*;
use crate::world::ops::*;
use crate::world::puppet::{self, Program, reply};
use marque_ledger::Ledger;
use marque_primitives::Address;
use marque_primitives::refusal::{Invariant, Refusal};
use marque_vm::limits::MAX_CALL_DEPTH;
use marque_vm::{Vm, VmConfig};
use parity_scale_codec::DecodeAll;

/// A program that calls each contract from within the one before it.
fn relay(contracts: &[Address]) -> Program {
    let end = Program::new().output(b"end");
    let inside_out = contracts.iter().rev();
    inside_out.fold(end, |inner, next| {
        Program::new().call(*next, u32::MAX, &inner)
    })
}

/// Contracts that call one another, beside the dairy's own.
fn others(world: &mut World) -> Vec<Address> {
    let salts = 100..100 + MAX_CALL_DEPTH as u64;
    let deploy = |salt| world.act(DAIRY, deploy(&puppet::CODE, salt, &[]));
    salts
        .map(deploy)
        .map(|done| done.contract.unwrap())
        .collect()
}

/// What the last of `calls` calls within one another is answered.
fn innermost(world: &mut World, contracts: &[Address], calls: usize) -> Vec<u8> {
    let mut answer = world.run(relay(contracts));
    for _ in 0..calls {
        let (code, inner) = reply(&answer);
        assert!(code > 0);
        answer = inner.to_vec();
    }
    answer
}

/// The refusal of a call that is one too deep.
pub fn too_deep(world: &mut World) -> Refusal {
    let others = others(world);
    let answer = innermost(world, &others, MAX_CALL_DEPTH - 1);
    let (_, refusal) = reply(&answer);
    Refusal::decode_all(&mut &*refusal).unwrap()
}

#[test]
fn contracts_call_one_another_to_a_depth_that_no_nodes_room_decides() {
    let mut world = World::new();
    let refusal = too_deep(&mut world);
    assert!(refusal.is(Invariant::CallDepth), "{refusal}");
    // The first of eight is the message's own.
    let mut world = World::new();
    let contracts = others(&mut world);
    let calls = MAX_CALL_DEPTH - 1;
    let answer = innermost(&mut world, &contracts[..calls], calls);
    assert_eq!(answer, b"end");
    let small = VmConfig {
        instances: 1,
        ..VmConfig::default()
    };
    world.replay(&Ledger::new(Vm::new(&small).unwrap()));
}
