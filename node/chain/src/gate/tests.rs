use super::{FOR_BLOCKS, Gate};
use std::sync::atomic::{AtomicUsize, Ordering};

#[test]
fn readers_wait_so_that_blocks_have_room() {
    let gate = Gate::of(FOR_BLOCKS + 2);
    let (inside, most) = (AtomicUsize::new(0), AtomicUsize::new(0));
    std::thread::scope(|threads| {
        for _ in 0..8 {
            threads.spawn(|| {
                for _ in 0..100 {
                    let _room = gate.enter();
                    most.fetch_max(inside.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                    std::thread::yield_now();
                    inside.fetch_sub(1, Ordering::SeqCst);
                }
            });
        }
    });
    assert!((1..=2).contains(&most.into_inner()));
}

#[test]
fn a_small_machine_lets_one_reader_in() {
    let gate = Gate::of(1);
    drop(gate.enter());
    drop(gate.enter());
}
