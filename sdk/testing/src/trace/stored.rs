//! Storage keys and values in the words of the contract's interface.

use marque_abi::interface::{Field, Function, Interface, Layout, Slot, Type, json};
use marque_primitives::hash::to_hex;

/// Bytes of the layout's number in front of the root record's fields.
const LAYOUT: usize = 8;

/// A value of a type as JSON; hex where it is none.
pub(super) fn value(interface: &Interface, ty: &Type, bytes: &[u8]) -> String {
    let function = Function {
        name: String::new(),
        docs: String::new(),
        args: Vec::new(),
        returns: ty.clone(),
    };
    json::decode_result(interface, &function, bytes)
        .map_or_else(|_| hex(bytes), |value| plain(&value.to_string()))
}

/// Arguments as JSON.
pub(super) fn arguments(interface: &Interface, args: &[Field], bytes: &[u8]) -> String {
    if args.is_empty() {
        return String::new();
    }
    let types = args.iter().map(|arg| arg.ty.clone()).collect();
    let shown = value(interface, &Type::Tuple(types), bytes);
    let inner = shown.strip_prefix('[').and_then(|s| s.strip_suffix(']'));
    inner.map_or(shown.clone(), Into::into)
}

/// A text by itself needs no quotes.
fn plain(json: &str) -> String {
    let inner = json.strip_prefix('"').and_then(|s| s.strip_suffix('"'));
    match inner {
        Some(text) if !text.contains(['"', '\\']) => text.into(),
        _ => json.into(),
    }
}

pub(super) fn hex(bytes: &[u8]) -> String {
    /// Bytes that are shown whole.
    const WHOLE: usize = 64;
    if bytes.len() <= WHOLE {
        return to_hex(bytes);
    }
    let head = bytes.get(..WHOLE / 2).unwrap_or_default();
    format!("{}… ({} bytes)", to_hex(head), bytes.len())
}

/// A storage key as field and key, and the type of what stands there.
pub(super) fn key(interface: &Interface, key: &[u8]) -> (String, Stands) {
    if key == [0] {
        return ("fields".into(), Stands::Fields);
    }
    within(interface, &interface.storage, "", key).unwrap_or_else(|| (hex(key), Stands::Unknown))
}

/// What stands under a key.
pub(super) enum Stands {
    /// The root record.
    Fields,
    Value(Type),
    /// Nothing but that the key is there.
    Mark,
    Unknown,
}

impl Stands {
    pub fn shown(&self, interface: &Interface, bytes: &[u8]) -> String {
        match self {
            Self::Fields => fields(interface, bytes),
            Self::Value(ty) => value(interface, ty, bytes),
            Self::Mark => "member".into(),
            Self::Unknown => hex(bytes),
        }
    }
}

fn within(
    interface: &Interface,
    slots: &[Slot],
    path: &str,
    key: &[u8],
) -> Option<(String, Stands)> {
    let (len, rest) = key.split_first()?;
    let (name, rest) = rest.split_at_checked(usize::from(*len))?;
    let slot = slots.iter().find(|slot| slot.name.as_bytes() == name)?;
    let path = format!("{path}{}", slot.name);
    let entry = |ty: &Type| format!("{path}[{}]", value(interface, ty, rest));
    Some(match &slot.layout {
        Layout::Plain(_) => return None,
        Layout::Value(ty) => (path, Stands::Value(ty.clone())),
        Layout::Map(of, ty) if !rest.is_empty() => (entry(of), Stands::Value(ty.clone())),
        Layout::Set(of) if !rest.is_empty() => (entry(of), Stands::Mark),
        Layout::List(ty) if !rest.is_empty() => {
            let at = <[u8; 4]>::try_from(rest).ok()?;
            let at = u32::from_be_bytes(at);
            (format!("{path}[{at}]"), Stands::Value(ty.clone()))
        }
        Layout::Group(slots) => return within(interface, slots, &format!("{path}."), rest),
        Layout::Map(..) | Layout::Set(_) | Layout::List(_) => (path, Stands::Unknown),
    })
}

/// The root record: the plain fields, in their order.
fn fields(interface: &Interface, bytes: &[u8]) -> String {
    fn plain<'s>(slots: &'s [Slot], path: &str, out: &mut Vec<(String, &'s Type)>) {
        for slot in slots {
            let path = format!("{path}{}", slot.name);
            match &slot.layout {
                Layout::Plain(ty) => out.push((path, ty)),
                Layout::Group(slots) => plain(slots, &format!("{path}."), out),
                _ => {}
            }
        }
    }
    let mut all = Vec::new();
    plain(&interface.storage, "", &mut all);
    let types = all.iter().map(|(_, ty)| (*ty).clone()).collect();
    let Some(bytes) = bytes.get(LAYOUT..) else {
        return hex(bytes);
    };
    let names: Vec<&str> = all.iter().map(|(name, _)| name.as_str()).collect();
    format!(
        "({}) = {}",
        names.join(", "),
        value(interface, &Type::Tuple(types), bytes)
    )
}
