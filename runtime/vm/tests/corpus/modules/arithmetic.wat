;; Every operator on integers that can trap or narrow.
(module
  (memory (export "memory") 1)
  (func (export "query") (local $a i32) (local $b i64)
    (local.set $b (i64.div_s (i64.load (i32.const 0)) (i64.or (i64.load32_s (i32.const 8)) (i64.const 1))))
    (local.set $a (i32.rem_u (i32.load8_u (i32.const 3)) (i32.or (i32.load16_s (i32.const 5)) (i32.const 1))))
    (i64.store8 (local.get $a) (i64.shr_u (local.get $b) (i64.extend_i32_s (local.get $a))))
    (i32.store16 offset=40 (i32.const 1) (i32.popcnt (i32.wrap_i64 (local.get $b))))
    (i64.store32 offset=60000 (i32.clz (local.get $a)) (i64.ctz (local.get $b)))))
