//! The one table of host calls. The guest's `extern` declarations, the [`Host`] trait and
//! the VM's linker are all generated from it, so they cannot disagree.
//!
//! A row reads `Row = import(argument: kind(wasm parameters)) -> kind(wasm parameters) => wasm result`.
//!
//! | argument kind | in wasm | on the host |
//! |---|---|---|
//! | `bytes` | pointer, length | `&[u8]` |
//! | `array20`, `array32`, `array65` | pointer | `&[u8; N]` |
//! | `word` | i32 | `u32` |
//! | `wide` | i64 | `u64` |
//!
//! | result kind | in wasm | on the host |
//! |---|---|---|
//! | `nothing` | – | `()` |
//! | `flag` | i32, 0 or 1 | `bool` |
//! | `maybe` | out pointer, out capacity; i64: [`ABSENT`] or the whole length | `Option<Vec<u8>>` |
//! | `reply` | out pointer, out capacity; i64: the whole length or [`ABSENT`], [`REFUSED`], [`TRAPPED`] | [`Reply`] |
//!
//! A result of unknown length is copied as far as the capacity goes, and the call says the
//! whole length; the rest is fetched with `answer`, which repeats nothing. Addresses are
//! unsigned 32-bit; a range that leaves the memory ends the call as a trap.
//!
//! [`Host`]: crate::Host
//! [`Reply`]: crate::Reply

/// The module name that every import of a contract has.
pub const IMPORT_MODULE: &str = "marque";

/// The version of this table. It changes when a row changes or goes; a row that is added
/// keeps it, since a contract imports only what it uses.
pub const ABI_VERSION: u16 = 1;

/// There is no such value, record or contract.
pub const ABSENT: i64 = -1;
/// The other side refused; the refusal's bytes are the answer.
pub const REFUSED: i64 = -2;
/// The called contract trapped; the trap's name and message (UTF-8) are the answer.
pub const TRAPPED: i64 = -3;

/// Calls `callback!` with the whole table; see the module's text for how a row reads.
///
/// `vm` rows are served by the virtual machine itself, `host` rows by the ledger through
/// [`Host`](crate::Host).
#[macro_export]
macro_rules! host_calls {
    ($callback:path $(, { $($extra:tt)* })?) => {
        $callback! {
            $({ $($extra)* })?
            vm {
                /// The call's input; answers its whole length.
                Input = input() -> filled(out_ptr: i32, out_cap: i32) => i32;
                /// The call's answer. A later one replaces an earlier one.
                Output = output(data: bytes(ptr: i32, len: i32)) -> nothing();
                /// The bytes from `offset` on of the last variable-length result (of `storage_read`,
                /// `storage_after`, `read`, `refusal`, `command` or `call`); answers its whole length.
                Answer = answer(offset: word(offset: i32)) -> filled(out_ptr: i32, out_cap: i32) => i32;
                /// Ends the call with a named refusal, whose bytes reach the caller unchanged.
                Refuse = refuse(refusal: bytes(ptr: i32, len: i32)) -> never() => !;
                /// Ends the call as a trap with the panic's message (UTF-8).
                Panicked = panicked(message: bytes(ptr: i32, len: i32)) -> never() => !;
                /// The refusal of this code, encoded: the interface's texts filled with the values of its
                /// fields, which come encoded one after the other. Answers its whole length. A code that
                /// the interface does not list, or values that are not its fields', trap.
                Refusal = refusal(code: word(code: i32), values: bytes(ptr: i32, len: i32)) -> filled(out_ptr: i32, out_cap: i32) => i32;
                /// Keccak-256, 32 bytes.
                Keccak256 = keccak256(data: bytes(ptr: i32, len: i32)) -> filled(out_ptr: i32);
                /// SHA-256, 32 bytes.
                Sha256 = sha256(data: bytes(ptr: i32, len: i32)) -> filled(out_ptr: i32);
                /// The 20-byte address whose secp256k1 key signed the 32-byte digest with the
                /// 65-byte signature; 0 if the signature is not valid.
                Recover = recover(digest: array32(digest_ptr: i32), signature: array65(signature_ptr: i32)) -> filled(out_ptr: i32) => i32;
            }
            host {
                /// The contract's own stored value.
                StorageRead = storage_read(key: bytes(key_ptr: i32, key_len: i32)) -> maybe(out_ptr: i32, out_cap: i32) => i64;
                /// Stores a value under a key; a query that writes traps.
                StorageWrite = storage_write(key: bytes(key_ptr: i32, key_len: i32), value: bytes(value_ptr: i32, value_len: i32)) -> nothing();
                /// Removes a value; says whether there was one.
                StorageRemove = storage_remove(key: bytes(key_ptr: i32, key_len: i32)) -> flag() => i32;
                /// The first live key above `key` that begins with `key`'s first `prefix_len` bytes
                /// (with all of `key`, where that is shorter).
                StorageAfter = storage_after(key: bytes(key_ptr: i32, key_len: i32), prefix_len: word(prefix_len: i32)) -> maybe(out_ptr: i32, out_cap: i32) => i64;
                /// Emits one of the contract's events.
                Emit = emit(event: bytes(ptr: i32, len: i32)) -> nothing();
                /// A line for the developer: shown by dry runs and tests, dropped by a chain, at one price.
                Log = log(line: bytes(ptr: i32, len: i32)) -> nothing();
                /// A record of the ledger that the contract may read; `kind` says of what, `id` which.
                Read = read(kind: word(kind: i32), id: bytes(id_ptr: i32, id_len: i32)) -> maybe(out_ptr: i32, out_cap: i32) => i64;
                /// What a message may do to the contract's own products: set a status, release.
                Command = command(command: bytes(ptr: i32, len: i32)) -> reply(out_ptr: i32, out_cap: i32) => i64;
                /// Asks another contract's `query`, which may not write, with at most `gas_limit` of
                /// what gas is left.
                Call = call(address: array20(address_ptr: i32), input: bytes(in_ptr: i32, in_len: i32), gas_limit: wide(gas_limit: i64)) -> reply(out_ptr: i32, out_cap: i32) => i64;
            }
        }
    };
}

/// The guest's declarations of every host call; for the SDK alone.
///
/// Expands to one `extern "C"` block whose functions are unsafe to call: the caller owes
/// pointers that are valid for the lengths beside them.
#[macro_export]
macro_rules! guest_imports {
    () => { $crate::host_calls!($crate::guest_imports); };
    (
        vm { $( $(#[$vdoc:meta])* $vrow:ident = $vname:ident ( $( $va:ident : $vk:ident ( $($vp:ident : $vt:ty),* ) ),* ) -> $vrk:ident ( $($vo:ident : $vot:ty),* ) $(=> $vret:ty)? ; )* }
        host { $( $(#[$hdoc:meta])* $hrow:ident = $hname:ident ( $( $ha:ident : $hk:ident ( $($hp:ident : $ht:ty),* ) ),* ) -> $hrk:ident ( $($ho:ident : $hot:ty),* ) $(=> $hret:ty)? ; )* }
    ) => {
        #[link(wasm_import_module = "marque")]
        unsafe extern "C" {
            $( $(#[$vdoc])* pub fn $vname( $( $( $vp: $vt, )* )* $( $vo: $vot, )* ) $(-> $vret)?; )*
            $( $(#[$hdoc])* pub fn $hname( $( $( $hp: $ht, )* )* $( $ho: $hot, )* ) $(-> $hret)?; )*
        }
    };
}

/// A wasm value type; the table uses no others.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum WasmType {
    /// 32-bit integer.
    I32,
    /// 64-bit integer.
    I64,
}

macro_rules! wasm_type {
    (i32) => {
        WasmType::I32
    };
    (i64) => {
        WasmType::I64
    };
}

macro_rules! wasm_result {
    () => {
        None
    };
    (!) => {
        None
    };
    ($one:tt) => {
        Some(wasm_type!($one))
    };
}

macro_rules! declare_enum {
    (
        vm { $( $(#[$vdoc:meta])* $vrow:ident = $vname:ident ( $( $va:ident : $vk:ident ( $($vp:ident : $vt:tt),* ) ),* ) -> $vrk:ident ( $($vo:ident : $vot:tt),* ) $(=> $vret:tt)? ; )* }
        host { $( $(#[$hdoc:meta])* $hrow:ident = $hname:ident ( $( $ha:ident : $hk:ident ( $($hp:ident : $ht:tt),* ) ),* ) -> $hrk:ident ( $($ho:ident : $hot:tt),* ) $(=> $hret:tt)? ; )* }
    ) => {
        /// One row of the table.
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
        pub enum HostCall {
            $( $(#[$vdoc])* $vrow, )*
            $( $(#[$hdoc])* $hrow, )*
        }

        impl HostCall {
            /// Every row, in the table's order.
            pub const ALL: &'static [Self] = &[ $( Self::$vrow, )* $( Self::$hrow, )* ];

            /// The import's name.
            pub const fn name(self) -> &'static str {
                match self {
                    $( Self::$vrow => stringify!($vname), )*
                    $( Self::$hrow => stringify!($hname), )*
                }
            }

            /// The types of the import's parameters.
            pub const fn params(self) -> &'static [WasmType] {
                match self {
                    $( Self::$vrow => &[ $( $( wasm_type!($vt), )* )* $( wasm_type!($vot), )* ], )*
                    $( Self::$hrow => &[ $( $( wasm_type!($ht), )* )* $( wasm_type!($hot), )* ], )*
                }
            }

            /// The type of the import's result, if it has one.
            pub const fn result(self) -> Option<WasmType> {
                match self {
                    $( Self::$vrow => wasm_result!($($vret)?), )*
                    $( Self::$hrow => wasm_result!($($hret)?), )*
                }
            }

            /// The row of this name.
            pub fn by_name(name: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|row| row.name() == name)
            }
        }
    };
}
host_calls!(declare_enum);

#[cfg(test)]
mod tests;
