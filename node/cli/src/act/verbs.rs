//! The table of one-action commands.

/// A command that does one thing.
#[derive(Debug, PartialEq)]
pub struct Verb {
    /// As it is typed.
    pub name: &'static str,
    /// As it stands in JSON.
    pub action: &'static str,
    /// What it does.
    pub about: &'static str,
    /// Its own arguments, beside those that all share.
    pub fields: &'static [Field],
    /// How it may be typed.
    pub example: &'static str,
}

/// One argument, and the JSON field that it becomes.
#[derive(Debug, PartialEq)]
pub struct Field {
    /// The JSON field, a path where a field stands in another.
    pub json: &'static str,
    /// How it is typed: in place, or as `--flag`.
    pub flag: Option<&'static str>,
    /// What stands for the value in help.
    pub value: &'static str,
    /// What it is read as.
    pub form: Form,
    /// Whether it must be given.
    pub required: bool,
    /// Whether it is one of several, of which exactly one is given.
    pub choice: bool,
    /// What it is.
    pub help: &'static str,
}

/// How an argument becomes JSON.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Form {
    /// Things: one or more items, ranges, quantities.
    Things,
    /// A text, read by the action's own parser.
    Text,
    /// A party; development accounts by their names.
    Party,
    /// Parties.
    Parties,
    /// Texts.
    Texts,
    /// An integer.
    Number,
}

impl Form {
    /// Whether more than one may be given.
    pub fn is_list(self) -> bool {
        matches!(self, Self::Things | Self::Parties | Self::Texts)
    }
}

impl Verb {
    /// The fields that name parties.
    pub fn parties(&self) -> impl Iterator<Item = &'static str> {
        let party = |field: &&Field| matches!(field.form, Form::Party | Form::Parties);
        self.fields.iter().filter(party).map(|field| field.json)
    }
}

const fn items(required: bool) -> Field {
    Field {
        json: "items",
        flag: None,
        value: "ITEM",
        form: Form::Things,
        required,
        choice: false,
        help: "Items, ranges (ID..+COUNT), quantities of lots (12.5KGM@LOT)",
    }
}

const fn children(required: bool) -> Field {
    Field {
        json: "children",
        ..items(required)
    }
}

const fn option(flag: &'static str, value: &'static str, form: Form, help: &'static str) -> Field {
    Field {
        json: flag,
        flag: Some(flag),
        value,
        form,
        required: false,
        choice: false,
        help,
    }
}

const fn must(field: Field) -> Field {
    Field {
        required: true,
        ..field
    }
}

/// One of the ways to name what the action is about.
const fn target(field: Field, json: &'static str) -> Field {
    Field {
        json,
        choice: true,
        ..field
    }
}

const fn named(field: Field, json: &'static str) -> Field {
    Field { json, ..field }
}

const LOT: Field = option("lot", "LOT", Form::Text, "The lot of the items");
const EXPIRY: Field = option(
    "expiry",
    "DATE",
    Form::Text,
    "The last day on which they are good, as 2027-05-01",
);
const WHAT: Field = option(
    "what",
    "RIGHT",
    Form::Text,
    "possession, ownership or both; possession unless given",
);
const PRODUCT: Field = target(
    option("product", "GTIN", Form::Text, "Everything of a product"),
    "target.product",
);
const OF_LOT: Field = target(
    option(
        "lot",
        "LOT",
        Form::Text,
        "Everything of a lot, by GTIN and lot number",
    ),
    "target.lot",
);
const PARENT: Field = option("parent", "ID", Form::Text, "What holds them");

/// Every command that does one thing.
pub const VERBS: &[Verb] = &[
    Verb {
        name: "commission",
        action: "commission",
        about: "Bring items into being, or add to a lot",
        fields: &[
            items(true),
            LOT,
            EXPIRY,
            option(
                "owner",
                "PARTY",
                Form::Party,
                "Their owner, if not the account",
            ),
        ],
        example: "marque commission https://id.gs1.org/01/09506000134352/21/000001..+10000 --lot B7 --expiry 2027-05-01 --from alice",
    },
    Verb {
        name: "offer",
        action: "offer",
        about: "Offer things to a party, who alone may accept",
        fields: &[
            items(true),
            must(option(
                "to",
                "PARTY",
                Form::Party,
                "The receiver: account, GLN, PGLN",
            )),
            WHAT,
            option(
                "deadline",
                "TIME",
                Form::Text,
                "Until when it can be accepted",
            ),
        ],
        example: "marque offer https://id.gs1.org/00/095060001343500019 --to 9506000134376 --document desadv=urn:shop:1 --from alice",
    },
    Verb {
        name: "accept",
        action: "accept",
        about: "Take what is offered, all or part",
        fields: &[items(true)],
        example: "marque accept https://id.gs1.org/00/095060001343500019 --place 9506000134376 --from bob",
    },
    Verb {
        name: "reject",
        action: "reject",
        about: "Decline what is offered, all or part",
        fields: &[items(true)],
        example: "marque reject https://id.gs1.org/00/095060001343500019 --from bob",
    },
    Verb {
        name: "withdraw",
        action: "withdraw",
        about: "Take back an offer, all or part",
        fields: &[items(true)],
        example: "marque withdraw https://id.gs1.org/00/095060001343500019 --from alice",
    },
    Verb {
        name: "claim",
        action: "claim",
        about: "Say that you have things; an offer by who gave them completes it",
        fields: &[items(true), WHAT],
        example: "marque claim https://id.gs1.org/01/09506000134352/21/A1 --from erin",
    },
    Verb {
        name: "release",
        action: "release",
        about: "Hand things to someone without an account, such as a consumer",
        fields: &[items(true)],
        example: "marque release https://id.gs1.org/01/09506000134352/21/A1 --step retail_selling --from carol",
    },
    Verb {
        name: "pack",
        action: "pack",
        about: "Put things into a parent, which begins with its first pack",
        fields: &[children(true), must(PARENT)],
        example: "marque pack https://id.gs1.org/01/09506000134352/21/000001..+500 --parent '(00)095060001343500019' --from alice",
    },
    Verb {
        name: "unpack",
        action: "unpack",
        about: "Take things out of a parent; none named: everything",
        fields: &[children(false), must(PARENT)],
        example: "marque unpack --parent '(00)095060001343500019' --from bob",
    },
    Verb {
        name: "observe",
        action: "observe",
        about: "Write down a sighting, check or measurement",
        fields: &[items(false), PARENT],
        example: "marque observe '(01)09506000134352(21)A1' --step inspecting --fact temperature:=3.5CEL --from grace",
    },
    Verb {
        name: "transform",
        action: "transform",
        about: "Use up inputs and bring outputs into being",
        fields: &[
            named(
                option(
                    "input",
                    "ITEM",
                    Form::Things,
                    "Used up; one that is an output too survives",
                ),
                "inputs",
            ),
            named(
                option("output", "ITEM", Form::Things, "Brought into being"),
                "outputs",
            ),
            option(
                "id",
                "URI",
                Form::Text,
                "Joins inputs and outputs that are reported apart",
            ),
            LOT,
            EXPIRY,
        ],
        example: "marque transform --input 50KGM@'(01)09506000134352(10)B7' --output 40KGM@'(01)09506000134369(10)C1' --from alice",
    },
    Verb {
        name: "associate",
        action: "associate",
        about: "Attach things to a thing or place without putting them inside",
        fields: &[children(true), must(PARENT)],
        example: "marque associate https://id.gs1.org/8004/9506000SENSOR1 --parent '(00)095060001343500019' --from dave",
    },
    Verb {
        name: "dissociate",
        action: "dissociate",
        about: "Detach things; none named: everything",
        fields: &[children(false), must(PARENT)],
        example: "marque dissociate --parent '(00)095060001343500019' --from dave",
    },
    Verb {
        name: "recall",
        action: "recall",
        about: "Call back a product, a lot or items",
        fields: &[
            target(items(false), "target.items"),
            PRODUCT,
            OF_LOT,
            must(option("reason", "WORDS", Form::Text, "Why")),
            option(
                "instructions",
                "WORDS",
                Form::Text,
                "What holders are to do",
            ),
            named(
                option(
                    "collector",
                    "PARTY",
                    Form::Parties,
                    "Who may receive recalled things beside the brand",
                ),
                "collectors",
            ),
        ],
        example: "marque recall --lot '(01)09506000134352(10)B7' --reason 'listeria found' --instructions 'destroy' --from alice",
    },
    Verb {
        name: "lift",
        action: "lift",
        about: "End a recall by its number",
        fields: &[Field {
            json: "recall",
            flag: None,
            value: "RECALL",
            form: Form::Number,
            required: true,
            choice: false,
            help: "The recall's number, from its receipt",
        }],
        example: "marque lift 1 --from alice",
    },
    Verb {
        name: "lift-of",
        action: "liftOf",
        about: "End the account's recalls of a product, a lot or items; of a list of items, those named",
        fields: &[target(items(false), "target.items"), PRODUCT, OF_LOT],
        example: "marque lift-of --lot '(01)09506000134352(10)B7' --from alice",
    },
    Verb {
        name: "end-hold",
        action: "endHold",
        about: "Free what is held and no contract rules, as its brand",
        fields: &[
            target(items(false), "target.things.items"),
            OF_LOT,
            named(
                option(
                    "holder",
                    "PARTY",
                    Form::Party,
                    "Whose quantities of lots are meant: an account",
                ),
                "target.things.holder",
            ),
        ],
        example: "marque end-hold '(01)09506000134352(21)A1' --from alice",
    },
    Verb {
        name: "decommission",
        action: "decommission",
        about: "End things: destroyed, dispensed, sold out of sight",
        fields: &[items(true)],
        example: "marque decommission https://id.gs1.org/01/09506000134352/21/A1 --step destroying --from carol",
    },
    Verb {
        name: "reinstate",
        action: "reinstate",
        about: "Undo a decommission where the contract allows it",
        fields: &[items(true)],
        example: "marque reinstate https://id.gs1.org/01/09506000134352/21/A1 --from carol",
    },
    Verb {
        name: "declare-error",
        action: "declareError",
        about: "Declare a captured event to be an error; state is mended by new actions alone",
        fields: &[
            Field {
                json: "event",
                flag: None,
                value: "HASH",
                form: Form::Text,
                required: true,
                choice: false,
                help: "The event's CBV hash, as 0x hex or ni:///sha-256;…",
            },
            named(
                option(
                    "event-id",
                    "URI",
                    Form::Text,
                    "Its eventID, where it had one",
                ),
                "eventId",
            ),
            option(
                "reason",
                "TERM",
                Form::Text,
                "CBV error reason: incorrect_data or did_not_occur",
            ),
            named(
                option(
                    "corrective",
                    "URI",
                    Form::Texts,
                    "The eventID of an event that puts it right",
                ),
                "corrective",
            ),
        ],
        example: "marque declare-error 'ni:///sha-256;87b5…?ver=CBV2.0' --reason incorrect_data --from alice",
    },
];
