//! What several owners keep until the call ends.

/// Natively counted, so that tests do not gather memory.
#[cfg(not(target_arch = "wasm32"))]
pub(crate) type Shared<T> = alloc::rc::Rc<T>;

/// In wasm never dropped: the instance is thrown away whole, and code that drops is larger
/// than what it frees.
#[cfg(target_arch = "wasm32")]
pub(crate) type Shared<T> = &'static T;

#[cfg(not(target_arch = "wasm32"))]
pub(crate) fn shared<T>(value: T) -> Shared<T> {
    Shared::new(value)
}

#[cfg(target_arch = "wasm32")]
pub(crate) fn shared<T>(value: T) -> Shared<T> {
    alloc::boxed::Box::leak(alloc::boxed::Box::new(value))
}

/// Another owner.
#[cfg(not(target_arch = "wasm32"))]
pub(crate) fn again<T>(value: &Shared<T>) -> Shared<T> {
    Shared::clone(value)
}

#[cfg(target_arch = "wasm32")]
pub(crate) fn again<T>(value: &Shared<T>) -> Shared<T> {
    value
}
