//! The counted stack ends every recursion, at the same depth everywhere, before the native
//! stack could.

use crate::{contract, trap, vm};
use marque_abi::{Entry, Host, HostFault, Meter, Reply};
use marque_vm::{OptLevel, TrapKind, VmError, limits};

/// A host that writes down how deep the native stack was at each `log`.
#[derive(Default)]
struct Depth {
    calls: u64,
    first: usize,
    last: usize,
}

impl Host for Depth {
    fn storage_read(&mut self, _: &mut Meter, _: &[u8]) -> Result<Option<Vec<u8>>, HostFault> {
        Ok(None)
    }
    fn storage_write(&mut self, _: &mut Meter, _: &[u8], _: &[u8]) -> Result<(), HostFault> {
        Ok(())
    }
    fn storage_remove(&mut self, _: &mut Meter, _: &[u8]) -> Result<bool, HostFault> {
        Ok(false)
    }
    fn storage_after(
        &mut self,
        _: &mut Meter,
        _: &[u8],
        _: u32,
    ) -> Result<Option<Vec<u8>>, HostFault> {
        Ok(None)
    }
    fn emit(&mut self, _: &mut Meter, _: &[u8]) -> Result<(), HostFault> {
        Ok(())
    }
    fn log(&mut self, _: &mut Meter, _: &[u8]) -> Result<(), HostFault> {
        let here = 0u8;
        self.last = std::ptr::from_ref(&here).addr();
        if self.calls == 0 {
            self.first = self.last;
        }
        self.calls += 1;
        Ok(())
    }
    fn read(&mut self, _: &mut Meter, _: u32, _: &[u8]) -> Result<Option<Vec<u8>>, HostFault> {
        Ok(None)
    }
    fn command(&mut self, _: &mut Meter, _: &[u8]) -> Result<Reply, HostFault> {
        Ok(Reply::Absent)
    }
    fn call(&mut self, _: &mut Meter, _: &[u8; 20], _: &[u8], _: u64) -> Result<Reply, HostFault> {
        Ok(Reply::Absent)
    }
}

/// Recursions of every kind; each logs before it goes deeper.
fn recursions() -> Vec<(&'static str, String)> {
    let params = |count: usize| "i64 ".repeat(count);
    let gets = |count: usize| {
        (0..count)
            .map(|at| format!("(local.get {at})"))
            .collect::<String>()
    };
    // Sums that a compiler may compute once and keep across the call.
    let kept = |count: u32| {
        (0..count)
            .map(|at| {
                format!(
                    "(i64.store (i32.const 8) (i64.mul (local.get 0) (i64.add (local.get 0) (i64.const {}))))",
                    u64::from(at) * 0x1234_5679 + 3
                )
            })
            .collect::<String>()
    };
    // Values loaded before the call and needed after it, on the operand stack.
    let held = |count: u32| {
        let loads: String = (0..count)
            .map(|at| format!("(i64.load (i32.const {at}))"))
            .collect();
        let sum = "i64.xor ".repeat(count as usize - 1);
        format!("(i32.const 8) {loads} (call $f (local.get 0)) {sum} i64.store")
    };
    vec![
        ("direct", "(func $f (param i64) LOG (call $f (local.get 0)))".into()),
        (
            "mutual",
            "(func $f (param i64) LOG (call $g (local.get 0))) (func $g (param i64) (call $f (local.get 0)))".into(),
        ),
        (
            "indirect",
            "(table 1 funcref) (elem (i32.const 0) $f)
             (func $f (param i64) LOG (call_indirect (param i64) (local.get 0) (i32.const 0)))"
                .into(),
        ),
        (
            "wide",
            format!(
                "(func $f (param i64) LOG (call $w (local.get 0) {}))
                 (func $w (param {}) (call $f (local.get 23)))",
                "(i64.const 1)".repeat(23),
                params(24)
            ),
        ),
        (
            "wide to itself",
            format!(
                "(func $f (param i64) (call $w (local.get 0) {})) (func $w (param {}) LOG (call $w {}))",
                "(i64.const 1)".repeat(23),
                params(24),
                gets(24)
            ),
        ),
        ("many locals", "(func $f (param i64) (local i64 i64 i64 i64 i64 i64 i64 i64) LOG (call $f (local.get 0)))".into()),
        ("values held on the operand stack", format!("(func $f (param i64) LOG {})", held(200))),
        (
            "subexpressions kept across the call",
            format!("(func $f (param i64) LOG {0} (call $f (local.get 0)) {0})", kept(700)),
        ),
        (
            "fewer subexpressions kept across the call",
            format!("(func $f (param i64) LOG {0} (call $f (local.get 0)) {0})", kept(40)),
        ),
        (
            "in a loop",
            "(func $f (param i64) (loop LOG (call $f (local.get 0)) (br 0)))".into(),
        ),
    ]
}

#[test]
fn recursion_ends_at_the_same_depth_everywhere_and_before_the_native_stack() {
    let vms = [vm(OptLevel::None), vm(OptLevel::Speed)];
    for (name, functions) in recursions() {
        let code = contract(&format!(
            r#"(module (import "marque" "log" (func $log (param i32 i32)))
                (memory (export "memory") 1) {}
                (func (export "query") (call $f (i64.const 3))))"#,
            functions.replace("LOG", "(call $log (i32.const 0) (i32.const 0))")
        ));
        let mut depths = Vec::new();
        for vm in &vms {
            let module = vm.compile(&code).unwrap();
            let mut host = Depth::default();
            let outcome = vm
                .run(&module, Entry::Query, Vec::new(), 1 << 40, &mut host)
                .unwrap();
            assert_eq!(trap(&outcome), TrapKind::StackOverflow, "{name}");
            let native = host.first.abs_diff(host.last);
            println!(
                "{name}: {} deep, {native} bytes of native stack",
                host.calls
            );
            // Three quarters of the native stack are the margin for compilers to come.
            assert!(native < 4 << 20, "{name}: {native} bytes");
            depths.push((host.calls, outcome.gas_used));
        }
        assert_eq!(depths[0], depths[1], "{name}");
        assert!(depths[0].0 > 1, "{name}");
    }
    assert_eq!(limits::STACK_BYTES, 1 << 20);
}

#[test]
fn a_thread_with_a_small_stack_still_runs_a_deep_contract() {
    let vm = vm(OptLevel::Speed);
    let code = contract(
        r#"(module (memory (export "memory") 1) (func $f (call $f)) (func (export "query") (call $f)))"#,
    );
    let module = vm.compile(&code).unwrap();
    let outcome = std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().stack_size(128 * 1024);
        let run = || {
            vm.run(
                &module,
                Entry::Query,
                Vec::new(),
                1 << 40,
                &mut Depth::default(),
            )
        };
        thread.spawn_scoped(scope, run).unwrap().join().unwrap()
    });
    assert_eq!(trap(&outcome.unwrap()), TrapKind::StackOverflow);
    let missing = vm.run(&module, Entry::Init, Vec::new(), 1, &mut Depth::default());
    assert_eq!(missing, Err(VmError::NoEntry("init".into())));
}
