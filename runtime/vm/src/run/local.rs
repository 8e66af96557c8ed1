//! The host calls that the virtual machine serves itself.

use super::view::{serve, too_long};
use super::{Call, Stop};
use crate::limits::{MAX_ANSWER, MAX_PANIC};
use crate::outcome::TrapKind;
use marque_abi::{HostCall, IMPORT_MODULE};
use marque_primitives::hash::{Hash, keccak256, sha256};
use marque_primitives::signature::Signature;
use parity_scale_codec::Encode as _;
use wasmtime::{Caller, Linker};

/// Links the table's `vm` rows. A row that is missing or has another type than the table's
/// does not pass the test that links a module importing every row.
pub(super) fn link(linker: &mut Linker<Call>) -> wasmtime::Result<()> {
    linker.func_wrap(
        IMPORT_MODULE,
        HostCall::Input.name(),
        |caller: Caller<'_, Call>, out: i32, cap: i32| {
            serve(caller, HostCall::Input, |view| {
                let out = view.span(out, cap.cast_unsigned())?;
                view.copy(|call| &call.input, 0, &out)
            })
        },
    )?;
    linker.func_wrap(
        IMPORT_MODULE,
        HostCall::Output.name(),
        |caller: Caller<'_, Call>, ptr: i32, len: i32| {
            serve(caller, HostCall::Output, |view| {
                answer_fits(len)?;
                let span = view.bytes(ptr, len)?;
                view.data().output = view.get(&span)?.to_vec();
                Ok(())
            })
        },
    )?;
    linker.func_wrap(
        IMPORT_MODULE,
        HostCall::Answer.name(),
        |caller: Caller<'_, Call>, offset: i32, out: i32, cap: i32| {
            serve(caller, HostCall::Answer, |view| {
                let out = view.span(out, cap.cast_unsigned())?;
                let offset = usize::try_from(offset.cast_unsigned()).unwrap_or(usize::MAX);
                view.copy(|call| &call.answer, offset, &out)
            })
        },
    )?;
    linker.func_wrap(
        IMPORT_MODULE,
        HostCall::Refuse.name(),
        |caller: Caller<'_, Call>, ptr: i32, len: i32| {
            serve(caller, HostCall::Refuse, |view| -> Result<(), Stop> {
                answer_fits(len)?;
                let span = view.bytes(ptr, len)?;
                Err(Stop::Refused(view.get(&span)?.to_vec()))
            })
        },
    )?;
    linker.func_wrap(
        IMPORT_MODULE,
        HostCall::Panicked.name(),
        |caller: Caller<'_, Call>, ptr: i32, len: i32| {
            serve(caller, HostCall::Panicked, |view| -> Result<(), Stop> {
                let span = view.bytes(ptr, len)?;
                Err(Stop::Trap(TrapKind::Panicked, panic_text(view.get(&span)?)))
            })
        },
    )?;
    link_refusal(linker)?;
    link_digests(linker)
}

fn link_refusal(linker: &mut Linker<Call>) -> wasmtime::Result<()> {
    linker.func_wrap(
        IMPORT_MODULE,
        HostCall::Refusal.name(),
        |caller: Caller<'_, Call>, code: i32, ptr: i32, len: i32, out: i32, cap: i32| {
            serve(caller, HostCall::Refusal, |view| {
                let values = view.bytes(ptr, len)?;
                let out = view.span(out, cap.cast_unsigned())?;
                let interface = view.module().interface();
                let raised = interface.raised(code.cast_unsigned(), view.get(&values)?);
                let refusal = raised
                    .map_err(|why| Stop::Trap(TrapKind::Denied(why.name()), why.to_string()))?;
                let len = view.answer(refusal.encode(), &out)?;
                i32::try_from(len).map_err(|_| Stop::Node("a refusal of 2 GiB".to_owned()))
            })
        },
    )?;
    Ok(())
}

fn link_digests(linker: &mut Linker<Call>) -> wasmtime::Result<()> {
    linker.func_wrap(
        IMPORT_MODULE,
        HostCall::Keccak256.name(),
        |caller: Caller<'_, Call>, ptr: i32, len: i32, out: i32| {
            serve(caller, HostCall::Keccak256, |view| {
                let span = view.bytes(ptr, len)?;
                let out = view.span(out, 32)?;
                let digest = keccak256(&[view.get(&span)?]);
                view.put(&digest.0, &out)
            })
        },
    )?;
    linker.func_wrap(
        IMPORT_MODULE,
        HostCall::Sha256.name(),
        |caller: Caller<'_, Call>, ptr: i32, len: i32, out: i32| {
            serve(caller, HostCall::Sha256, |view| {
                let span = view.bytes(ptr, len)?;
                let out = view.span(out, 32)?;
                let digest = sha256(&[view.get(&span)?]);
                view.put(&digest.0, &out)
            })
        },
    )?;
    linker.func_wrap(
        IMPORT_MODULE,
        HostCall::Recover.name(),
        |caller: Caller<'_, Call>, digest: i32, signature: i32, out: i32| {
            serve(caller, HostCall::Recover, |view| {
                let digest = Hash(view.array(digest)?);
                let signature = Signature(view.array(signature)?);
                let out = view.span(out, 20)?;
                match signature.recover(&digest) {
                    Ok(address) => view.put(&address.0, &out).map(|()| 1),
                    Err(_) => Ok(0),
                }
            })
        },
    )?;
    Ok(())
}

fn answer_fits(len: i32) -> Result<(), Stop> {
    let len = len.cast_unsigned();
    if len > MAX_ANSWER {
        Err(too_long(len, MAX_ANSWER))
    } else {
        Ok(())
    }
}

/// A panic's message: as much as is kept, what is no UTF-8 replaced.
fn panic_text(message: &[u8]) -> String {
    let kept = usize::try_from(MAX_PANIC).unwrap_or(0).min(message.len());
    String::from_utf8_lossy(message.get(..kept).unwrap_or_default()).into_owned()
}
