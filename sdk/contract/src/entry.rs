//! The way in and out of a contract: what the exports made by `#[contract]` call.

use crate::buf::Buf;
use crate::bytes::{Reader, encoded};
use crate::context::{CONTEXT, Context, NAME};
use crate::refusal::{Refused, Result};
use crate::shared::{Shared, again, shared};
use crate::storage::{self, Storage};
use crate::verdict::Answer;
use crate::{Movement, host};
use marque_abi::interface::Returns;
use parity_scale_codec::{Decode, Encode};

/// An entry: its answer's bytes, or why there is none.
pub type Handler = fn() -> Result<Buf>;

/// The body of an export.
#[cfg(target_arch = "wasm32")]
pub fn export(handler: Handler) {
    end(handler());
}

/// The body of a rule's export: the one function behind all rules, and which of them it is.
#[cfg(target_arch = "wasm32")]
pub fn export_rule(judge: fn(usize) -> Result<Buf>, rule: usize) {
    end(judge(rule));
}

#[cfg(target_arch = "wasm32")]
fn end(result: Result<Buf>) {
    match result {
        Ok(answer) => host::output(&answer),
        Err(refused) => host::refuse(refused.encoded()),
    }
}

/// The movement that is the call's input.
pub fn movement() -> Movement {
    let movement = Movement::new(host::input());
    CONTEXT.set(Some(Context::Rule(movement.clone())));
    movement
}

/// What a rule answered.
///
/// # Errors
/// Its refusal.
pub fn answer(answer: impl Answer) -> Result<Buf> {
    answer.answer()
}

/// What a message, query, init or migration is called with.
pub struct Call(Shared<Buf>);

/// Reads the call's input.
pub fn call() -> Call {
    let input = shared(host::input());
    CONTEXT.set(Some(Context::Call(again(&input))));
    Call(input)
}

impl Call {
    /// Which of `names` the message's or query's name is, and its arguments. Ends the call with
    /// `NoSuchMessage` (5000) if it is none of them.
    pub fn parts(&self, names: &[&str]) -> (usize, Args<'_>) {
        let mut reader = Reader::at(&self.0, NAME);
        let name = reader.sized();
        match names.iter().position(|known| known.as_bytes() == name) {
            Some(at) => (at, Args(Reader(reader.sized()))),
            None => unknown(name),
        }
    }

    /// The arguments.
    pub fn args(&self) -> Args<'_> {
        let mut reader = Reader::at(&self.0, NAME);
        reader.sized();
        Args(Reader(reader.sized()))
    }
}

/// Arguments, one after the other. What is wrong with one ends the call at once, before
/// anything is done: a way back through each entry would be code for every argument.
pub struct Args<'c>(Reader<'c>);

impl Args<'_> {
    /// The next argument, or a refusal that names it (`BadArgument`, 5001).
    pub fn next<T: Decode>(&mut self, name: &'static str) -> T {
        match T::decode(&mut self.0) {
            Ok(value) => value,
            Err(_) => bad_argument(name),
        }
    }

    /// All of them were taken; else a refusal (`BadArgument`, 5001).
    pub fn end(&self) {
        if !self.0.0.is_empty() {
            bad_argument("args");
        }
    }
}

/// No message or query has the name.
#[cold]
#[inline(never)]
fn unknown(name: &[u8]) -> ! {
    host::refuse(Refused::own(5000, Some(name)).encoded())
}

#[cold]
#[inline(never)]
fn bad_argument(name: &str) -> ! {
    host::refuse(Refused::own(5001, Some(name.as_bytes())).encoded())
}

/// Runs `f` on the stored fields; what it changed is kept if it succeeds.
///
/// # Errors
/// Those of `f`.
pub fn change<S: Storage>(f: &mut dyn FnMut(&mut S) -> Result<Buf>) -> Result<Buf> {
    let (mut storage, before) = storage::load::<S>();
    let answer = f(&mut storage)?;
    storage::save(&storage, &before);
    Ok(answer)
}

/// Runs `f` on the stored fields, which it cannot change.
///
/// # Errors
/// Those of `f`.
pub fn look<S: Storage>(f: &mut dyn FnMut(&S) -> Result<Buf>) -> Result<Buf> {
    f(&storage::load::<S>().0)
}

/// The answer's bytes.
///
/// # Errors
/// The refusal.
pub fn reply<R: Returns>(returned: R) -> Result<Buf>
where
    R::Value: Encode,
    R::Refusal: Into<Refused>,
{
    returned
        .split()
        .map(|value| encoded(&value))
        .map_err(Into::into)
}

/// What `init` and `migrate` return: the storage, or a result of it.
pub trait IntoStorage {
    /// Writes it, or passes the refusal on.
    ///
    /// # Errors
    /// The refusal.
    fn store(self) -> Result<Buf>;
}

impl<S: Storage> IntoStorage for S {
    fn store(mut self) -> Result<Buf> {
        storage::create(&mut self);
        Ok(Buf::new())
    }
}

impl<S: Storage, E: Into<Refused>> IntoStorage for core::result::Result<S, E> {
    fn store(self) -> Result<Buf> {
        self.map_err(Into::into)?.store()
    }
}

/// Loads the storage of the code before an upgrade.
///
/// # Errors
/// `StorageMismatch` (5002) if the running contract's storage is not `S`.
pub fn before<S: Storage>() -> Result<S> {
    same_layout::<S>()?;
    Ok(storage::load::<S>().0)
}

/// An upgrade without a migration: the storage must be the same.
///
/// # Errors
/// `StorageMismatch` (5002) if it is not.
pub fn same_layout<S: Storage>() -> Result {
    if storage::stored_layout() == Some(S::FINGERPRINT) {
        return Ok(());
    }
    Err(Refused::own(5002, None))
}
