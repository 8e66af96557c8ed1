//! The refusals that every contract has, 5000 to 5009: their texts stand here, and in no
//! contract's interface.

use super::describe::{FieldPart, Shape};
use super::parts::RefusalPart;

/// All of them, by number.
pub const OWN: &[RefusalPart] = &[
    own(
        5000,
        "NoSuchMessage",
        "nothing of that name",
        Some("{name}"),
        "see the contract's interface",
        &[text("name")],
    ),
    own(
        5001,
        "BadArgument",
        "an argument is missing, too many, or of another type",
        Some("{argument}"),
        "see the contract's interface",
        &[text("argument")],
    ),
    own(
        5002,
        "StorageMismatch",
        "the stored fields are not those of the new code",
        None,
        "write #[migrate]",
        &[],
    ),
    own(
        5003,
        "NotAllowed",
        "this account may not send this message",
        None,
        "send it from the account that the contract names",
        &[],
    ),
    own(
        5004,
        "NothingThere",
        "the ledger knows nothing of what the contract named",
        None,
        "check the lot or item",
        &[],
    ),
    own(
        5005,
        "CallFailed",
        "{cause}",
        None,
        "check the address and the interface of the contract that was asked",
        &[text("cause")],
    ),
];

const fn text(name: &'static str) -> FieldPart {
    FieldPart {
        name,
        docs: "",
        shape: Shape::Text(0),
    }
}

const fn own(
    code: u32,
    name: &'static str,
    message: &'static str,
    field: Option<&'static str>,
    remedy: &'static str,
    fields: &'static [FieldPart],
) -> RefusalPart {
    RefusalPart {
        code,
        name,
        message,
        field,
        expected: None,
        remedy: Some(remedy),
        fields,
    }
}

/// The one of this code, as readers of an interface have it.
#[cfg(feature = "host")]
pub(super) fn refusal(code: u32) -> Option<super::RefusalDef> {
    let part = OWN.iter().find(|part| part.code == code)?;
    let field = |field: &FieldPart| super::Field {
        name: field.name.into(),
        docs: field.docs.into(),
        // They have no other.
        ty: super::Type::Text(0),
    };
    Some(super::RefusalDef {
        code,
        name: part.name.into(),
        message: part.message.into(),
        field: part.field.map(Into::into),
        expected: part.expected.map(Into::into),
        remedy: part.remedy.map(Into::into),
        fields: part.fields.iter().map(field).collect(),
    })
}
