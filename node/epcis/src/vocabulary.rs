//! The words of the Core Business Vocabulary, however they are written.
//!
//! A step may come as `shipping`, `cbv:BizStep-shipping`, `urn:epcglobal:cbv:bizstep:shipping`
//! or `https://ref.gs1.org/cbv/BizStep-shipping`; all of them are one [`Term`].

use crate::context::{self, Context};
use serde_json::Value;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// A list of words of CBV 2.0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Vocabulary {
    /// bizStep.
    BizStep,
    /// disposition and persistentDisposition.
    Disposition,
    /// type of a bizTransaction.
    BusinessTransaction,
    /// type of a source or destination.
    SourceDestination,
    /// reason of an errorDeclaration.
    ErrorReason,
    /// type of a sensorReport.
    Measurement,
    /// exception of a sensorReport.
    SensorException,
    /// component of a sensorReport.
    Component,
}

impl Vocabulary {
    const ALL: [Self; 8] = [
        Self::BizStep,
        Self::Disposition,
        Self::BusinessTransaction,
        Self::SourceDestination,
        Self::ErrorReason,
        Self::Measurement,
        Self::SensorException,
        Self::Component,
    ];

    /// What stands before the word in its web address.
    pub fn namespace(self) -> &'static str {
        match self {
            Self::BizStep => "https://ref.gs1.org/cbv/BizStep-",
            Self::Disposition => "https://ref.gs1.org/cbv/Disp-",
            Self::BusinessTransaction => "https://ref.gs1.org/cbv/BTT-",
            Self::SourceDestination => "https://ref.gs1.org/cbv/SDT-",
            Self::ErrorReason => "https://ref.gs1.org/cbv/ER-",
            Self::Measurement | Self::SensorException => "https://gs1.org/voc/",
            Self::Component => "https://ref.gs1.org/cbv/Comp-",
        }
    }

    /// Where the EPCIS context defines the words: the terms whose scoped contexts to follow.
    fn path(self) -> &'static [&'static str] {
        match self {
            Self::BizStep => &["bizStep"],
            Self::Disposition => &["disposition"],
            Self::BusinessTransaction => &["bizTransactionList", "type"],
            Self::SourceDestination => &["destinationList", "type"],
            Self::ErrorReason => &["errorDeclaration", "reason"],
            Self::Measurement => &["sensorElementList", "sensorReport", "type"],
            Self::SensorException => &["sensorElementList", "sensorReport", "exception"],
            Self::Component => &["sensorElementList", "sensorReport", "component"],
        }
    }
}

/// Per vocabulary, the bare words of the EPCIS context and their addresses.
static WORDS: LazyLock<BTreeMap<Vocabulary, BTreeMap<String, String>>> = LazyLock::new(|| {
    Vocabulary::ALL
        .into_iter()
        .map(|vocabulary| (vocabulary, words(vocabulary.path())))
        .collect()
});

fn words(path: &[&str]) -> BTreeMap<String, String> {
    let scope = path.iter().try_fold(context::epcis(), |scope, term| {
        scope.get(term)?.get("@context")
    });
    let Some(Value::Object(terms)) = scope else {
        return BTreeMap::new();
    };
    terms
        .iter()
        .filter_map(|(word, iri)| {
            Some((
                word.clone(),
                Context::epcis().expand(iri.as_str()?).into_owned(),
            ))
        })
        .collect()
}

/// The URNs of CBV 1 and the web addresses that have taken their place (CBV 2.0, 4.2).
const URNS: [(&str, Vocabulary); 5] = [
    ("urn:epcglobal:cbv:bizstep:", Vocabulary::BizStep),
    ("urn:epcglobal:cbv:disp:", Vocabulary::Disposition),
    ("urn:epcglobal:cbv:btt:", Vocabulary::BusinessTransaction),
    ("urn:epcglobal:cbv:sdt:", Vocabulary::SourceDestination),
    ("urn:epcglobal:cbv:er:", Vocabulary::ErrorReason),
];

/// The web address of a CBV 1 URN; any other text as it is.
pub fn modernise(text: &str) -> Cow<'_, str> {
    URNS.iter()
        .find_map(|(urn, vocabulary)| {
            Some(format!(
                "{}{}",
                vocabulary.namespace(),
                text.strip_prefix(urn)?
            ))
        })
        .map_or(Cow::Borrowed(text), Cow::Owned)
}

/// A term of a vocabulary: a CBV word or a private one, as its full address.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Term {
    iri: String,
    /// The bytes before the word if it is one of CBV.
    word_at: Option<usize>,
}

impl Term {
    /// Reads a term in any of its forms.
    pub fn read(text: &str, vocabulary: Vocabulary, context: &Context) -> Self {
        let text = text.trim();
        let iri = match WORDS.get(&vocabulary).and_then(|words| words.get(text)) {
            Some(iri) => iri.clone(),
            None => modernise(&context.expand(text)).into_owned(),
        };
        let word_at = iri
            .starts_with(vocabulary.namespace())
            .then_some(vocabulary.namespace().len());
        Self { iri, word_at }
    }

    /// The full address, or the word itself if it is private and has none.
    pub fn iri(&self) -> &str {
        &self.iri
    }

    /// The bare word if the term is one of its vocabulary's namespace (`shipping`).
    pub fn word(&self) -> Option<&str> {
        self.word_at.and_then(|at| self.iri.get(at..))
    }
}

/// How a term that the ledger keeps, a CBV word or an address, stands in a document.
pub fn written(term: &str, vocabulary: Vocabulary) -> String {
    let bare = WORDS
        .get(&vocabulary)
        .is_some_and(|words| words.contains_key(term));
    match bare || term.contains(':') {
        true => term.to_owned(),
        false => format!("{}{term}", vocabulary.namespace()),
    }
}

#[cfg(test)]
mod tests;
