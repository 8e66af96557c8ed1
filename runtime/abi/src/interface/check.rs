//! Whether the types of an interface that came from outside can be walked.

use super::{Interface, InterfaceError, Type};
use alloc::vec;
use alloc::vec::Vec;

/// Levels of types within types.
const MAX_HEIGHT: u8 = 16;

/// Every named type is there, none holds itself, and none is nested too deep.
pub(super) fn types(interface: &Interface) -> Result<(), InterfaceError> {
    let mut heights = Heights {
        interface,
        known: vec![None; interface.types.len()],
    };
    interface
        .all_types()
        .try_for_each(|ty| heights.of(ty, 0).map(drop))
}

/// How deep each named type is, once known.
struct Heights<'i> {
    interface: &'i Interface,
    known: Vec<Option<u8>>,
}

impl Heights<'_> {
    /// The height of a type that stands `depth` levels deep: a cycle grows beyond all depth.
    fn of(&mut self, ty: &Type, depth: u8) -> Result<u8, InterfaceError> {
        if depth > MAX_HEIGHT {
            return Err(InterfaceError::Nesting);
        }
        let below = depth.saturating_add(1);
        let height = match ty {
            Type::Builtin(_) | Type::Text(_) | Type::Bytes(_) => 0,
            Type::Option(inner) | Type::List(inner, _) | Type::Array(inner, _) => {
                self.of(inner, below)?
            }
            Type::Tuple(items) => self.highest(items.iter(), below)?,
            Type::Named(number) => {
                let missing = InterfaceError::UnknownType(*number);
                let at = usize::try_from(*number).map_err(|_| missing)?;
                match self.known.get(at).ok_or(missing)? {
                    Some(height) => *height,
                    None => {
                        let def = self.interface.types.get(at).ok_or(missing)?;
                        let fields = def.fields();
                        let height = self.highest(fields.iter().map(|field| &field.ty), below)?;
                        if let Some(known) = self.known.get_mut(at) {
                            *known = Some(height);
                        }
                        height
                    }
                }
            }
        };
        let height = height.saturating_add(1);
        if depth.saturating_add(height) > MAX_HEIGHT {
            return Err(InterfaceError::Nesting);
        }
        Ok(height)
    }

    fn highest<'t>(
        &mut self,
        types: impl Iterator<Item = &'t Type>,
        depth: u8,
    ) -> Result<u8, InterfaceError> {
        let mut highest = 0;
        for ty in types {
            highest = self.of(ty, depth)?.max(highest);
        }
        Ok(highest)
    }
}
