//! Names of things, places and parties.

use super::schemas;
use crate::action::{Anchor, LicenceKey, PartyRef};
use crate::credential::{CredentialKind, CredentialNumber};
use crate::detail::Place;
use crate::gs1::{CompanyPrefix, Gln, Gtin, LotNumber, Serial};
use crate::thing::{Line, LotId, ThingId};
use alloc::borrow::Cow;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};

schemas! {
    Gtin, "Gtin",
        {"description": "A product as its Digital Link", "type": "string", "pattern": r"^https://id\.gs1\.org/01/[0-9]{14}$"},
        {"description": "A product, in any form of its GTIN", "type": "string", "minLength": 1};
    Gln, "Gln",
        {"description": "A location as its Digital Link", "type": "string", "pattern": r"^https://id\.gs1\.org/414/[0-9]{13}$"},
        {"description": "A location or party, in any form of its GLN", "type": "string", "minLength": 1};
    Line, "Line",
        {"description": "A product or type of returnable asset as its Digital Link", "type": "string", "pattern": r"^https://id\.gs1\.org/(01/[0-9]{14}|8003/[0-9]{14})$"},
        {"description": "A product or type of returnable asset, in any form", "type": "string", "minLength": 1};
    LotId, "LotId",
        {"description": "A lot of a product as its Digital Link", "type": "string", "pattern": r"^https://id\.gs1\.org/01/[0-9]{14}/10/.+$"},
        {"description": "A lot of a product, in any form of GTIN and lot number", "type": "string", "minLength": 1};
    ThingId, "ThingId",
        {"description": "A thing as its Digital Link, or as the URI that it is known by", "type": "string", "minLength": 1},
        {"description": "A thing, in any form of its identifier", "type": "string", "minLength": 1};
    Place, "Place",
        {"description": "A place as its Digital Link, or as the URI that it is known by", "type": "string", "minLength": 1},
        {"description": "A place, in any form of its identifier", "type": "string", "minLength": 1};
    PartyRef, "PartyRef",
        {"description": "A party: its account, or the Digital Link of its party number", "type": "string", "pattern": r"^(0x[0-9a-fA-F]{40}|https://id\.gs1\.org/417/[0-9]{13})$"},
        {"description": "A party: its account, or any form of its GLN or PGLN", "type": "string", "minLength": 1};
    LotNumber, "LotNumber",
        {"description": "A lot's number of its own, with no product", "type": "string", "minLength": 1, "maxLength": 20},
        {"description": "A lot's number of its own, with no product", "type": "string", "minLength": 1, "maxLength": 20};
    Serial, "Serial",
        {"description": "A serial number", "type": "string", "minLength": 1, "maxLength": 20},
        {"description": "A serial number", "type": "string", "minLength": 1, "maxLength": 20};
    CredentialKind, "CredentialKind",
        {"description": "What a credential is, such as wholesale-distribution", "type": "string", "pattern": "^[a-z][a-z0-9]*(-[a-z0-9]+)*$", "maxLength": 48},
        {"description": "What a credential is, such as wholesale-distribution", "type": "string", "pattern": "^[a-z][a-z0-9]*(-[a-z0-9]+)*$", "maxLength": 48};
    CredentialNumber, "CredentialNumber",
        {"description": "What its issuer knows a credential by", "type": "string", "pattern": "^[!-~]+( [!-~]+)*$", "maxLength": 64},
        {"description": "What its issuer knows a credential by", "type": "string", "pattern": "^[!-~]+( [!-~]+)*$", "maxLength": 64};
    CompanyPrefix, "CompanyPrefix",
        {"description": "A GS1 Company Prefix", "type": "string", "pattern": "^[0-9]{4,12}$"},
        {"description": "A GS1 Company Prefix", "type": "string", "pattern": "^[0-9]{4,12}$"};
}

impl JsonSchema for LicenceKey {
    fn schema_name() -> Cow<'static, str> {
        "LicenceKey".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let prefix = generator.subschema_for::<CompanyPrefix>();
        json_schema!({
            "description": "What is licensed: a company prefix, or one product, asset type or asset",
            "anyOf": [
                {
                    "type": "object",
                    "properties": {"prefix": prefix},
                    "required": ["prefix"],
                    "additionalProperties": false,
                },
                {"type": "string", "minLength": 1},
            ],
        })
    }
}

impl JsonSchema for Anchor {
    fn schema_name() -> Cow<'static, str> {
        "Anchor".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let thing = generator.subschema_for::<ThingId>();
        let place = generator.subschema_for::<Place>();
        let tagged = |tag: &str, schema| {
            json_schema!({
                "type": "object",
                "properties": {tag: schema},
                "required": [tag],
                "additionalProperties": false,
            })
        };
        json_schema!({
            "description": "What something is attached to: a name, tagged where the name alone could be either",
            "anyOf": [{"type": "string", "minLength": 1}, tagged("thing", thing), tagged("place", place)],
        })
    }
}
