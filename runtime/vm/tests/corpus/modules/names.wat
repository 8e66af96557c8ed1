;; Several exports, custom sections and compilers' helpers.
(module
  (@custom "producers" "\00")
  (memory (export "memory") 2)
  (global (export "__data_end") i32 (i32.const 1024))
  (global (export "__heap_base") i32 (i32.const 2048))
  (func (export "memcpy") (param i32 i32 i32) (result i32) (local.get 0))
  (func (export "query") unreachable)
  (@custom "name" "\01\02\00\00"))
