//! The host calls that the ledger serves, linked from the table.

use super::view::{View, serve};
use super::{Call, Stop, lent};
use marque_abi::{HostCall, HostFault, IMPORT_MODULE};
use wasmtime::{Caller, Linker};

/// An argument as it comes in: checked and paid for.
macro_rules! load {
    ($view:ident, bytes, $ptr:ident, $len:ident) => {
        $view.bytes($ptr, $len)?
    };
    ($view:ident, array20, $ptr:ident) => {
        $view.array::<20>($ptr)?
    };
    ($view:ident, word, $value:ident) => {
        $value.cast_unsigned()
    };
    ($view:ident, wide, $value:ident) => {
        $value.cast_unsigned()
    };
}

/// An argument as the host gets it.
macro_rules! lend {
    ($memory:ident, bytes, $span:ident) => {
        $span.of($memory)?
    };
    ($memory:ident, array20, $array:ident) => {
        &$array
    };
    ($memory:ident, word, $value:ident) => {
        $value
    };
    ($memory:ident, wide, $value:ident) => {
        $value
    };
}

/// The place for a result, found before the host is asked.
macro_rules! place {
    ($view:ident, nothing) => {
        ()
    };
    ($view:ident, flag) => {
        ()
    };
    ($view:ident, $kind:ident, $ptr:ident, $cap:ident) => {
        $view.span($ptr, $cap.cast_unsigned())?
    };
}

/// The host's result as the contract gets it.
macro_rules! give {
    ($view:ident, nothing, $answer:ident, $place:ident) => {{
        let ((), ()) = ($answer, $place);
        Ok(())
    }};
    ($view:ident, flag, $answer:ident, $place:ident) => {{
        let () = $place;
        Ok(i32::from($answer))
    }};
    ($view:ident, maybe, $answer:ident, $place:ident) => {
        $view.maybe($answer, &$place)
    };
    ($view:ident, reply, $answer:ident, $place:ident) => {
        $view.reply($answer, &$place)
    };
}

macro_rules! result_type {
    () => {
        ()
    };
    ($one:ty) => {
        $one
    };
}

macro_rules! link_rows {
    (
        { $linker:ident }
        vm { $($vm:tt)* }
        host { $( $(#[$doc:meta])* $row:ident = $name:ident ( $( $arg:ident : $kind:ident ( $($p:ident : $t:ty),* ) ),* ) -> $result:ident ( $($o:ident : $ot:ty),* ) $(=> $ret:ty)? ; )* }
    ) => {
        $(
            $linker.func_wrap(
                IMPORT_MODULE,
                HostCall::$row.name(),
                |caller: Caller<'_, Call>, $( $( $p: $t, )* )* $( $o: $ot ),*| -> wasmtime::Result<result_type!($($ret)?)> {
                    serve(caller, HostCall::$row, |view: &mut View<'_, '_>| {
                        $( let $arg = load!(view, $kind, $($p),*); )*
                        let place = place!(view, $result $(, $o)*);
                        let (memory, meter) = view.parts();
                        $( let $arg = lend!(memory, $kind, $arg); )*
                        let answer = asked(lent::with(|host| host.$name(meter $(, $arg)*)))?;
                        give!(view, $result, answer, place)
                    })
                },
            )?;
        )*
    };
}

/// Links the table's `host` rows.
pub(super) fn link(linker: &mut Linker<Call>) -> wasmtime::Result<()> {
    marque_abi::host_calls!(link_rows, { linker });
    Ok(())
}

fn asked<R>(answer: Option<Result<R, HostFault>>) -> Result<R, Stop> {
    let answer = answer.ok_or_else(|| Stop::Node("a host call outside of a call".to_owned()))?;
    Ok(answer?)
}
