//! The boundary of wasm: imports, memory, the panic handler. The one file with `unsafe`.
#![allow(
    unsafe_code,
    reason = "pointers to the host and the allocator have no safe form; each block says why it holds"
)]
#![allow(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_possible_wrap,
    reason = "wasm32: addresses and lengths are 32 bits wide, and the host counts them unsigned"
)]

use crate::buf::Buf;
use crate::command::Reply;
use core::alloc::{GlobalAlloc, Layout};
use core::cell::UnsafeCell;
use core::cmp::Ordering;
use core::ptr::NonNull;
use marque_abi::calls;

mod imports {
    marque_abi::guest_imports!();
}

/// A pointer as the host counts it. wasm32 addresses are 32 bits wide.
macro_rules! ptr {
    ($bytes:expr) => {
        $bytes.as_ptr() as usize as i32
    };
}

/// The same, of bytes that the host writes.
macro_rules! room {
    ($bytes:expr) => {
        $bytes.as_mut_ptr() as usize as i32
    };
}

fn len(bytes: &[u8]) -> i32 {
    bytes.len() as i32
}

/// Bytes that most results fit in at the first call.
const ROOM: usize = 256;

/// Calls `fill` with room for a result, and fetches the rest if it was longer.
/// `fill` answers the whole length, or a negative number, which is passed on.
fn filled(fill: impl FnOnce(i32, i32) -> i64) -> Result<Buf, i64> {
    let mut held = Room::held(ROOM);
    let whole = fill(room!(held.bytes), ROOM as i32);
    if whole < 0 {
        return Err(whole);
    }
    held.len = whole as usize;
    if held.len > held.bytes.len() {
        held = Room::held(held.len);
        held.len = held.bytes.len();
        // SAFETY: the host writes no more than the room's length.
        unsafe { imports::answer(0, room!(held.bytes), len(held.bytes)) };
    }
    Ok(Buf::of(Room::of(held)))
}

// SAFETY of every call below: each pointer comes with the length of the slice or vector
// that it points into, which outlives the call; the host reads or writes no more than that.

pub(crate) fn input() -> Buf {
    // SAFETY: no room is given, so nothing is written.
    let whole = unsafe { imports::input(0, 0) } as usize;
    let mut held = Room::held(whole);
    held.len = held.bytes.len();
    // SAFETY: the host writes no more than the room's length.
    unsafe { imports::input(room!(held.bytes), len(held.bytes)) };
    Buf::of(Room::of(held))
}

pub(crate) fn output(data: &[u8]) {
    // SAFETY: see above.
    unsafe { imports::output(ptr!(data), len(data)) }
}

pub(crate) fn refuse(refusal: &[u8]) -> ! {
    // SAFETY: see above.
    unsafe { imports::refuse(ptr!(refusal), len(refusal)) }
}

/// A refusal's texts, filled; the host has them from the interface.
pub(crate) fn refusal(code: u32, values: &[u8]) -> Buf {
    let refusal = filled(|out, cap| {
        // SAFETY: see below; `filled` gives the room that it states.
        i64::from(unsafe { imports::refusal(code as i32, ptr!(values), len(values), out, cap) })
    });
    refusal.unwrap_or_default()
}

/// A text that the ledger encoded, which it keeps as UTF-8 only.
pub(crate) fn trusted(text: &[u8]) -> &str {
    // SAFETY: a `Text` or GS1 text of the ledger cannot hold anything but UTF-8.
    unsafe { core::str::from_utf8_unchecked(text) }
}

/// A call cannot go on, by a mistake of the contract's author.
pub(crate) fn stop(message: &'static str) -> ! {
    // SAFETY: see above.
    unsafe { imports::panicked(ptr!(message), len(message.as_bytes())) }
}

pub(crate) fn keccak256(data: &[u8]) -> [u8; 32] {
    let mut out = [0; 32];
    // SAFETY: see above; `out` has the 32 bytes that are written.
    unsafe { imports::keccak256(ptr!(data), len(data), room!(out)) };
    out
}

pub(crate) fn sha256(data: &[u8]) -> [u8; 32] {
    let mut out = [0; 32];
    // SAFETY: see above; `out` has the 32 bytes that are written.
    unsafe { imports::sha256(ptr!(data), len(data), room!(out)) };
    out
}

pub(crate) fn recover(digest: &[u8; 32], signature: &[u8; 65]) -> Option<[u8; 20]> {
    let mut out = [0; 20];
    // SAFETY: see above; `out` has the 20 bytes that are written.
    let found = unsafe { imports::recover(ptr!(digest), ptr!(signature), room!(out)) };
    (found != 0).then_some(out)
}

pub(crate) fn storage_read(key: &[u8]) -> Option<Buf> {
    // SAFETY: see above; `filled` gives the room that it states.
    filled(|out, cap| unsafe { imports::storage_read(ptr!(key), len(key), out, cap) }).ok()
}

pub(crate) fn storage_has(key: &[u8]) -> bool {
    // SAFETY: see above; no room is given, so nothing is written.
    unsafe { imports::storage_read(ptr!(key), len(key), 0, 0) >= 0 }
}

pub(crate) fn storage_write(key: &[u8], value: &[u8]) {
    // SAFETY: see above.
    unsafe { imports::storage_write(ptr!(key), len(key), ptr!(value), len(value)) }
}

pub(crate) fn storage_remove(key: &[u8]) -> bool {
    // SAFETY: see above.
    unsafe { imports::storage_remove(ptr!(key), len(key)) != 0 }
}

pub(crate) fn storage_after(key: &[u8], prefix_len: usize) -> Option<Buf> {
    // SAFETY: see above; `filled` gives the room that it states.
    filled(|out, cap| unsafe {
        imports::storage_after(ptr!(key), len(key), prefix_len as i32, out, cap)
    })
    .ok()
}

pub(crate) fn emit(event: &[u8]) {
    // SAFETY: see above.
    unsafe { imports::emit(ptr!(event), len(event)) }
}

pub(crate) fn log(line: &str) {
    // SAFETY: see above.
    unsafe { imports::log(ptr!(line), len(line.as_bytes())) }
}

pub(crate) fn read(kind: u32, id: &[u8]) -> Option<Buf> {
    // SAFETY: see above; `filled` gives the room that it states.
    filled(|out, cap| unsafe { imports::read(kind as i32, ptr!(id), len(id), out, cap) }).ok()
}

/// The bytes of a reply that `filled` was told of by a negative number.
fn reply(result: Result<Buf, i64>) -> Reply {
    let answer = || {
        filled(|out, cap| {
            // SAFETY: `filled` gives the room that it states.
            i64::from(unsafe { imports::answer(0, out, cap) })
        })
        .unwrap_or_default()
    };
    match result {
        Ok(bytes) => Reply::Returned(bytes),
        Err(calls::REFUSED) => Reply::Refused(answer()),
        Err(calls::TRAPPED) => Reply::Trapped(answer()),
        Err(_) => Reply::Absent,
    }
}

pub(crate) fn command(command: &[u8]) -> Reply {
    // SAFETY: see above; `filled` gives the room that it states.
    reply(filled(|out, cap| unsafe {
        imports::command(ptr!(command), len(command), out, cap)
    }))
}

pub(crate) fn call(address: &[u8; 20], input: &[u8], gas: u64) -> Reply {
    // SAFETY: see above; `filled` gives the room that it states.
    reply(filled(|out, cap| unsafe {
        imports::call(ptr!(address), ptr!(input), len(input), gas as i64, out, cap)
    }))
}

/// A value of the one thread that wasm has.
pub(crate) struct Local<T>(UnsafeCell<T>);

// SAFETY: the contract's wasm has no threads: the chain takes none of their instructions.
unsafe impl<T> Sync for Local<T> {}

impl<T> Local<T> {
    pub const fn new(value: T) -> Self {
        Self(UnsafeCell::new(value))
    }

    pub fn set(&self, value: T) {
        // SAFETY: no reference to the content leaves this type.
        unsafe { *self.0.get() = value }
    }
}

impl<T: Clone> Local<T> {
    pub fn get(&self) -> T {
        // SAFETY: no reference to the content leaves this type; `clone` of what is kept here
        // does not come back to this cell.
        unsafe { (*self.0.get()).clone() }
    }
}

/// Memory of one's own, never taken back; nothing as long as it is empty, and one pointer
/// wide, so that what holds it stays small.
pub(crate) struct Room(Option<&'static mut Held>);

struct Held {
    bytes: &'static mut [u8],
    len: usize,
}

impl Room {
    pub const fn new() -> Self {
        Self(None)
    }

    fn held(size: usize) -> Held {
        let start = reach(free(), size);
        // SAFETY: `size` bytes from `start` on belong to nobody else, for good. Memory that
        // wasm adds is zero, and what lies in front of it was never handed out.
        let bytes = unsafe { core::slice::from_raw_parts_mut(start.as_ptr(), size) };
        Held { bytes, len: 0 }
    }

    fn of(held: Held) -> Self {
        Self(Some(alloc::boxed::Box::leak(alloc::boxed::Box::new(held))))
    }

    pub fn extend_from_slice(&mut self, more: &[u8]) {
        let held = match &mut self.0 {
            Some(held) => held,
            None => {
                *self = Self::of(Self::held(more.len().max(48)));
                return self.extend_from_slice(more);
            }
        };
        let end = held.len.wrapping_add(more.len());
        if end > held.bytes.len() {
            let mut larger = Self::held(end.wrapping_mul(2));
            // SAFETY: the new room is larger than the old one's content, and apart from it.
            unsafe {
                let old = held.bytes.as_ptr();
                core::ptr::copy_nonoverlapping(old, larger.bytes.as_mut_ptr(), held.len);
            }
            larger.len = held.len;
            **held = larger;
        }
        // SAFETY: the room ends at `end` or behind it, and is borrowed by nobody else.
        unsafe {
            let place = held.bytes.as_mut_ptr().add(held.len);
            core::ptr::copy_nonoverlapping(more.as_ptr(), place, more.len());
        }
        held.len = end;
    }
}

impl core::ops::Deref for Room {
    type Target = [u8];
    fn deref(&self) -> &[u8] {
        match &self.0 {
            Some(held) => held.bytes.get(..held.len).unwrap_or_default(),
            None => &[],
        }
    }
}

impl Clone for Room {
    fn clone(&self) -> Self {
        let mut copy = Self::new();
        copy.extend_from_slice(self);
        copy
    }
}

impl Default for Room {
    fn default() -> Self {
        Self::new()
    }
}

impl PartialEq for Room {
    fn eq(&self, other: &Self) -> bool {
        **self == **other
    }
}

impl Eq for Room {}

impl PartialOrd for Room {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Room {
    fn cmp(&self, other: &Self) -> Ordering {
        (**self).cmp(&**other)
    }
}

impl core::fmt::Debug for Room {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        (**self).fmt(f)
    }
}

/// Hands out memory from the end of the static data upwards and takes nothing back: a call
/// is short, and its instance is thrown away whole. What grows at the end grows in place.
struct Bump;

const PAGE: usize = 65_536;

/// The first free byte, and the end of the memory; 0 before the first allocation.
static FREE: Local<(usize, usize)> = Local::new((0, 0));

#[global_allocator]
static ALLOCATOR: Bump = Bump;

unsafe extern "C" {
    /// The linker's mark behind the static data.
    static __heap_base: u8;
}

/// Where memory is free.
fn free() -> usize {
    match FREE.get() {
        (0, _) => core::ptr::addr_of!(__heap_base) as usize,
        (free, _) => free,
    }
}

/// Makes room from `start` on; where there is none, the call ends.
#[inline(never)]
fn reach(start: usize, size: usize) -> NonNull<u8> {
    let (_, mut limit) = FREE.get();
    if limit == 0 {
        limit = core::arch::wasm32::memory_size::<0>().wrapping_mul(PAGE);
    }
    // Neither sum can pass 2^32: memory ends at 16 MiB, and layouts at 2 GiB.
    let end = start.wrapping_add(size);
    if end > limit {
        let pages = end.wrapping_sub(limit).div_ceil(PAGE);
        if core::arch::wasm32::memory_grow::<0>(pages) == usize::MAX {
            stop("out of memory");
        }
        limit = limit.wrapping_add(pages.wrapping_mul(PAGE));
    }
    FREE.set((end, limit));
    match NonNull::new(start as *mut u8) {
        Some(room) => room,
        None => stop("out of memory"),
    }
}

// SAFETY: what is handed out lies between the static data and the memory's end, is aligned,
// and is never handed out again.
unsafe impl GlobalAlloc for Bump {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let mask = layout.align().wrapping_sub(1);
        reach(free().wrapping_add(mask) & !mask, layout.size()).as_ptr()
    }

    unsafe fn dealloc(&self, _: *mut u8, _: Layout) {}

    unsafe fn realloc(&self, ptr: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        let start = ptr as usize;
        if start.wrapping_add(layout.size()) == free() {
            return reach(start, size).as_ptr();
        }
        // SAFETY: the caller's promises are those of `alloc`; the old and the new block do
        // not overlap, and both have at least the smaller size.
        unsafe {
            let moved = self.alloc(Layout::from_size_align_unchecked(size, layout.align()));
            core::ptr::copy_nonoverlapping(ptr, moved, layout.size().min(size));
            moved
        }
    }
}

/// Copies eight bytes at a time: shorter, and less gas, than the compiler's own, which
/// takes care of alignment that wasm does not need.
///
/// # Safety
/// As C's `memcpy`. LLVM leaves loops in a function of this name as they are.
#[unsafe(no_mangle)]
unsafe extern "C" fn memcpy(to: *mut u8, from: *const u8, count: usize) -> *mut u8 {
    let mut at = 0usize;
    // SAFETY: `at` stays below `count`, for which the caller vouches.
    unsafe {
        while count.wrapping_sub(at) >= 8 {
            let word = from.add(at).cast::<u64>().read_unaligned();
            to.add(at).cast::<u64>().write_unaligned(word);
            at = at.wrapping_add(8);
        }
        while at < count {
            to.add(at).write(from.add(at).read());
            at = at.wrapping_add(1);
        }
    }
    to
}

/// As [`memcpy`], for filling.
///
/// # Safety
/// As C's `memset`.
#[unsafe(no_mangle)]
unsafe extern "C" fn memset(to: *mut u8, value: i32, count: usize) -> *mut u8 {
    let mut at = 0usize;
    let byte = value as u8;
    let word = u64::from(byte).wrapping_mul(0x0101_0101_0101_0101);
    // SAFETY: `at` stays below `count`, for which the caller vouches.
    unsafe {
        while count.wrapping_sub(at) >= 8 {
            to.add(at).cast::<u64>().write_unaligned(word);
            at = at.wrapping_add(8);
        }
        while at < count {
            to.add(at).write(byte);
            at = at.wrapping_add(1);
        }
    }
    to
}

/// Tells the host what went wrong and where. The message is what needs no formatting: the
/// machinery for the rest would be larger than many contracts.
#[panic_handler]
fn panic(info: &core::panic::PanicInfo<'_>) -> ! {
    let mut text = crate::words::Words::default();
    text.text(
        info.message()
            .as_str()
            .unwrap_or("a panic whose message has values in it"),
    );
    if let Some(place) = info.location() {
        text.text(" at ");
        text.text(place.file());
        text.text(":");
        text.padded(u64::from(place.line()), 1);
    }
    // SAFETY: the text outlives the call, which does not return.
    unsafe { imports::panicked(ptr!(text.0), len(&text.0)) }
}
