;; Every kind of control flow that is taken.
(module
  (type $unary (func (param i64) (result i64)))
  (memory (export "memory") 1)
  (table 4 funcref)
  (elem (i32.const 1) $one $two)
  (global $g (mut i64) (i64.const 5))
  (func $one (type $unary) (i64.add (local.get 0) (i64.const 1)))
  (func $two (type $unary)
    (if (i64.eqz (local.get 0)) (then (return (i64.const 2))))
    (if (result i64) (i64.lt_s (local.get 0) (i64.const 9)) (then (i64.const 3)) (else (local.get 0))))
  (func (export "query") (local $i i32) (local $x i64)
    (loop $l
      (block $out (block $b (block $a
        (br_table $a $b $out (i32.and (local.get $i) (i32.const 3))))
        (local.set $x (call_indirect (type $unary) (local.get $x) (i32.const 1))) (br $out))
        (local.set $x (select (local.get $x) (global.get $g) (local.get $i))))
      (global.set $g (i64.rotl (local.get $x) (i64.const 3)))
      (local.set $i (i32.add (local.get $i) (i32.const 1)))
      (br_if $l (i32.lt_u (local.get $i) (i32.const 10))))))
