use super::{Term, Vocabulary, WORDS, written};
use crate::context::Context;

#[test]
fn all_spellings_of_a_step_are_one_term() {
    for text in [
        "shipping",
        " shipping ",
        "cbv:BizStep-shipping",
        "urn:epcglobal:cbv:bizstep:shipping",
        "https://ref.gs1.org/cbv/BizStep-shipping",
    ] {
        let term = Term::read(text, Vocabulary::BizStep, Context::epcis());
        assert_eq!(
            term.iri(),
            "https://ref.gs1.org/cbv/BizStep-shipping",
            "{text}"
        );
        assert_eq!(term.word(), Some("shipping"));
        assert_eq!(written("shipping", Vocabulary::BizStep), "shipping");
    }
}

#[test]
fn private_terms_keep_their_address_and_unknown_cbv_words_are_still_words() {
    let private = Term::read(
        "http://epcis.example.com/bizstep/exampling",
        Vocabulary::BizStep,
        Context::epcis(),
    );
    assert_eq!(
        (private.iri(), private.word()),
        ("http://epcis.example.com/bizstep/exampling", None)
    );
    let sold = Term::read(
        "urn:epcglobal:cbv:disp:sold",
        Vocabulary::Disposition,
        Context::epcis(),
    );
    assert_eq!(sold.word(), Some("sold"));
    assert_eq!(
        written("sold", Vocabulary::Disposition),
        "https://ref.gs1.org/cbv/Disp-sold"
    );
    assert_eq!(
        Term::read("exampling", Vocabulary::BizStep, Context::epcis()).word(),
        None
    );
}

#[test]
fn words_come_from_the_epcis_context() {
    let counts: Vec<_> = WORDS.values().map(|words| words.len()).collect();
    assert_eq!(counts, [41, 33, 13, 3, 2, 72, 2, 14]);
    let iri = |word, vocabulary| {
        Term::read(word, vocabulary, Context::epcis())
            .iri()
            .to_owned()
    };
    assert_eq!(
        iri("Temperature", Vocabulary::Measurement),
        "https://gs1.org/voc/Temperature"
    );
    assert_eq!(
        iri("ALARM_CONDITION", Vocabulary::SensorException),
        "https://gs1.org/voc/ALARM_CONDITION"
    );
    assert_eq!(
        iri("latitude", Vocabulary::Component),
        "https://ref.gs1.org/cbv/Comp-latitude"
    );
    assert_eq!(
        iri("owning_party", Vocabulary::SourceDestination),
        "https://ref.gs1.org/cbv/SDT-owning_party"
    );
    assert_eq!(
        iri("did_not_occur", Vocabulary::ErrorReason),
        "https://ref.gs1.org/cbv/ER-did_not_occur"
    );
}
