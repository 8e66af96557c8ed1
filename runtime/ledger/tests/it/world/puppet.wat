;; A contract that does what its storage says: each rule runs the program stored under its
;; own name, `message` stores programs (or runs one, if it is called "run"), and `query`,
;; `init` and `migrate` run their arguments.
;;
;; A step of a program is [op u8][n u32][a u32][b u32][a bytes][b bytes]; puppet.rs names
;; the ops.
(module
  (import "marque" "input" (func $input (param i32 i32) (result i32)))
  (import "marque" "output" (func $output (param i32 i32)))
  (import "marque" "answer" (func $answer (param i32 i32 i32) (result i32)))
  (import "marque" "refuse" (func $refuse (param i32 i32)))
  (import "marque" "panicked" (func $panicked (param i32 i32)))
  (import "marque" "storage_read" (func $storage_read (param i32 i32 i32 i32) (result i64)))
  (import "marque" "storage_write" (func $storage_write (param i32 i32 i32 i32)))
  (import "marque" "storage_remove" (func $storage_remove (param i32 i32) (result i32)))
  (import "marque" "storage_after" (func $storage_after (param i32 i32 i32 i32 i32) (result i64)))
  (import "marque" "emit" (func $emit (param i32 i32)))
  (import "marque" "log" (func $log (param i32 i32)))
  (import "marque" "read" (func $read (param i32 i32 i32 i32 i32) (result i64)))
  (import "marque" "command" (func $command (param i32 i32 i32 i32) (result i64)))
  (import "marque" "call" (func $call (param i32 i32 i32 i64 i32 i32) (result i64)))
  (memory (export "memory") 16)
  (global $input_len (mut i32) (i32.const 0))
  ;; 0x400: the rules' names, 32 bytes each; 0x8000: a program; 0x18000: an answer's code and
  ;; bytes; 0x20000: the input.
  (data (i32.const 0x400) "{NAMES}")

  (func $take_input
    (global.set $input_len (call $input (i32.const 0x20000) (i32.const 0xe0000))))

  ;; Hands over a host call's code and answer as the puppet's own answer.
  (func $relay (param $code i64)
    (local $len i32)
    (i64.store (i32.const 0x18000) (local.get $code))
    (local.set $len (call $answer (i32.const 0) (i32.const 0x18008) (i32.const 0x7ff8)))
    (if (i32.gt_u (local.get $len) (i32.const 0x3000))
      (then (local.set $len (i32.const 0x3000))))
    (call $output (i32.const 0x18000) (i32.add (local.get $len) (i32.const 8))))

  (func $same (param $x i32) (param $y i32) (param $len i32) (result i32)
    (block $different
      (loop $next
        (if (i32.eqz (local.get $len)) (then (return (i32.const 1))))
        (br_if $different (i32.ne (i32.load8_u (local.get $x)) (i32.load8_u (local.get $y))))
        (local.set $x (i32.add (local.get $x) (i32.const 1)))
        (local.set $y (i32.add (local.get $y) (i32.const 1)))
        (local.set $len (i32.sub (local.get $len) (i32.const 1)))
        (br $next)))
    (i32.const 0))

  ;; Whether the input contains some bytes.
  (func $contains (param $ptr i32) (param $len i32) (result i32)
    (local $at i32) (local $last i32)
    (if (i32.gt_u (local.get $len) (global.get $input_len)) (then (return (i32.const 0))))
    (local.set $at (i32.const 0x20000))
    (local.set $last (i32.add (local.get $at) (i32.sub (global.get $input_len) (local.get $len))))
    (loop $next
      (if (call $same (local.get $at) (local.get $ptr) (local.get $len)) (then (return (i32.const 1))))
      (local.set $at (i32.add (local.get $at) (i32.const 1)))
      (br_if $next (i32.le_u (local.get $at) (local.get $last))))
    (i32.const 0))

  (func $dive (param $n i32) (result i32)
    (i32.add (call $dive (i32.add (local.get $n) (i32.const 1))) (i32.const 1)))

  (func $digit (param $to i32) (param $nibble i32)
    (i32.store8 (local.get $to) (i32.add (local.get $nibble)
      (select (i32.const 48) (i32.const 87) (i32.lt_u (local.get $nibble) (i32.const 10))))))

  ;; Logs the input in hexadecimal.
  (func $log_input
    (local $at i32)
    (i32.store16 (i32.const 0x80000) (i32.const 0x7830))
    (block $done
      (loop $next
        (br_if $done (i32.ge_u (local.get $at) (global.get $input_len)))
        (call $digit
          (i32.add (i32.const 0x80002) (i32.shl (local.get $at) (i32.const 1)))
          (i32.shr_u (i32.load8_u (i32.add (i32.const 0x20000) (local.get $at))) (i32.const 4)))
        (call $digit
          (i32.add (i32.const 0x80003) (i32.shl (local.get $at) (i32.const 1)))
          (i32.and (i32.load8_u (i32.add (i32.const 0x20000) (local.get $at))) (i32.const 15)))
        (local.set $at (i32.add (local.get $at) (i32.const 1)))
        (br $next)))
    (call $log (i32.const 0x80000)
      (i32.add (i32.const 2) (i32.shl (global.get $input_len) (i32.const 1)))))

  (func $interpret (param $at i32) (param $end i32)
    (local $op i32) (local $n i32) (local $a i32) (local $b i32) (local $p i32) (local $q i32)
    (loop $next
      (if (i32.ge_u (local.get $at) (local.get $end)) (then (return)))
      (local.set $op (i32.load8_u (local.get $at)))
      (local.set $n (i32.load offset=1 (local.get $at)))
      (local.set $a (i32.load offset=5 (local.get $at)))
      (local.set $b (i32.load offset=9 (local.get $at)))
      (local.set $p (i32.add (local.get $at) (i32.const 13)))
      (local.set $q (i32.add (local.get $p) (local.get $a)))
      (local.set $at (i32.add (local.get $q) (local.get $b)))
      (if (i32.eq (local.get $op) (i32.const 1))
        (then (call $output (local.get $p) (local.get $a))))
      (if (i32.eq (local.get $op) (i32.const 2))
        (then (call $refuse (local.get $p) (local.get $a))))
      (if (i32.eq (local.get $op) (i32.const 3))
        (then (call $storage_write (local.get $p) (local.get $a) (local.get $q) (local.get $b))))
      (if (i32.eq (local.get $op) (i32.const 4)) (then unreachable))
      (if (i32.eq (local.get $op) (i32.const 5)) (then (loop $forever (br $forever))))
      (if (i32.eq (local.get $op) (i32.const 6))
        (then (loop $again
          (call $emit (local.get $p) (local.get $a))
          (local.set $n (i32.sub (local.get $n) (i32.const 1)))
          (br_if $again (i32.gt_s (local.get $n) (i32.const 0))))))
      (if (i32.eq (local.get $op) (i32.const 7))
        (then (call $relay (call $command (local.get $p) (local.get $a) (i32.const 0x18008) (i32.const 0)))))
      (if (i32.eq (local.get $op) (i32.const 8))
        (then (call $relay (call $call (local.get $p) (local.get $q) (local.get $b)
          (i64.extend_i32_u (local.get $n)) (i32.const 0x18008) (i32.const 0)))))
      (if (i32.eq (local.get $op) (i32.const 9))
        (then (call $relay (call $read (local.get $n) (local.get $p) (local.get $a) (i32.const 0x18008) (i32.const 0)))))
      (if (i32.eq (local.get $op) (i32.const 10))
        (then (if (i32.eqz (call $contains (local.get $p) (local.get $a))) (then (return)))))
      (if (i32.eq (local.get $op) (i32.const 11))
        (then (call $relay (call $storage_read (local.get $p) (local.get $a) (i32.const 0x18008) (i32.const 0)))))
      (if (i32.eq (local.get $op) (i32.const 12))
        (then (drop (call $storage_remove (local.get $p) (local.get $a)))))
      (if (i32.eq (local.get $op) (i32.const 13))
        (then (call $relay (call $storage_after (local.get $p) (local.get $a) (local.get $n) (i32.const 0x18008) (i32.const 0)))))
      (if (i32.eq (local.get $op) (i32.const 14)) (then (call $log (local.get $p) (local.get $a))))
      (if (i32.eq (local.get $op) (i32.const 15)) (then (call $panicked (local.get $p) (local.get $a))))
      (if (i32.eq (local.get $op) (i32.const 16))
        (then (call $output (i32.const 0x20000) (global.get $input_len))))
      (if (i32.eq (local.get $op) (i32.const 17)) (then (drop (call $dive (i32.const 0)))))
      (if (i32.eq (local.get $op) (i32.const 18)) (then (call $log_input)))
      (br $next)))

  (func $rule (param $name i32) (param $len i32)
    (local $n i64)
    (local.set $n (call $storage_read (local.get $name) (local.get $len) (i32.const 0x8000) (i32.const 0x10000)))
    (if (i64.lt_s (local.get $n) (i64.const 0)) (then (return)))
    (call $take_input)
    (call $interpret (i32.const 0x8000) (i32.add (i32.const 0x8000) (i32.wrap_i64 (local.get $n)))))

  ;; The place after an invocation's name, where its arguments' length stands.
  (func $args_at (result i32)
    (i32.add (i32.const 0x20061) (i32.shr_u (i32.load8_u (i32.const 0x20060)) (i32.const 2))))

  (func $run_args (param $store i32)
    (local $at i32) (local $mode i32) (local $len i32)
    (local.set $at (call $args_at))
    (local.set $mode (i32.and (i32.load8_u (local.get $at)) (i32.const 3)))
    (if (i32.eq (local.get $mode) (i32.const 0))
      (then
        (local.set $len (i32.shr_u (i32.load8_u (local.get $at)) (i32.const 2)))
        (local.set $at (i32.add (local.get $at) (i32.const 1)))))
    (if (i32.eq (local.get $mode) (i32.const 1))
      (then
        (local.set $len (i32.shr_u (i32.load16_u (local.get $at)) (i32.const 2)))
        (local.set $at (i32.add (local.get $at) (i32.const 2)))))
    (if (i32.eq (local.get $mode) (i32.const 2))
      (then
        (local.set $len (i32.shr_u (i32.load (local.get $at)) (i32.const 2)))
        (local.set $at (i32.add (local.get $at) (i32.const 4)))))
    (if (local.get $store)
      (then (call $storage_write (i32.const 0x20061)
        (i32.shr_u (i32.load8_u (i32.const 0x20060)) (i32.const 2)) (local.get $at) (local.get $len)))
      (else (call $interpret (local.get $at) (i32.add (local.get $at) (local.get $len))))))

  (func $arguments (call $take_input) (call $run_args (i32.const 0)))
  (func (export "init") (call $arguments))
  (func (export "migrate") (call $arguments))
  (func (export "query") (call $arguments))
  (func (export "message")
    (call $take_input)
    ;; "run": 3 bytes.
    (call $run_args (i32.ne (i32.load (i32.const 0x20060)) (i32.const 0x6e75720c))))
  {RULES}
)
