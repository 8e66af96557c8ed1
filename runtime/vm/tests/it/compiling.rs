//! No module that passes the check takes a compiler long.

use crate::attacks::{FAMILIES, largest, module};
use crate::cpu::thread_cpu_ms;
use marque_vm::{OptLevel, Vm, VmConfig};

/// The measured bound is a second; the rest is for slower machines and busy caches.
const MOST_MS: u64 = 3_000;

#[test]
fn the_worst_of_each_family_compiles_in_time() {
    let settings = VmConfig {
        opt_level: OptLevel::Speed,
        parallel_compilation: false,
        ..VmConfig::default()
    };
    let vm = Vm::new(&settings).unwrap();
    for family in FAMILIES {
        // The examples measure every number of locals; most are the dearest.
        for &locals in family.locals.iter().rev().take(1) {
            // A size that a body of any number of locals can have; the copies fill the module.
            let size = largest(|n| module(family, n, locals, 1)).min(250);
            if size == 0 {
                continue;
            }
            let copies = largest(|copies| module(family, size, locals, copies));
            let code = module(family, size, locals, copies);
            let start = thread_cpu_ms();
            vm.compile(&code).unwrap();
            let took = thread_cpu_ms() - start;
            assert!(
                took < MOST_MS,
                "{} with {locals} locals took {took} ms",
                family.name
            );
        }
    }
}
