;; Wide signatures, many locals, deep operands.
(module
  (type $wide (func (param i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64) (result i64)))
  (memory (export "memory") 1)
  (func $wide (type $wide) (local i32 i32 i64 i64 i32) (local.get 23))
  (func (export "query") (local i64 i64 i32)
    (local.get 0) (local.get 0) (local.get 0) (local.get 0) (local.get 0) (local.get 0)
    (local.get 1) (local.get 1) (local.get 1) (local.get 1) (local.get 1) (local.get 1)
    (local.get 0) (local.get 0) (local.get 0) (local.get 0) (local.get 0) (local.get 0)
    (local.get 1) (local.get 1) (local.get 1) (local.get 1) (local.get 1) (local.get 1)
    (call $wide) (local.set 0)))
