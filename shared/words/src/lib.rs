//! The weights of the models that understand buyers' texts.
//!
//! They are a crate of their own so that only the programs that read such texts carry them. How they
//! were made, from what, and how well they judge stands in `MODEL.md`.

use std::sync::LazyLock;

use renown_core::text::Model;

static MODEL: LazyLock<Model<'static>> =
    LazyLock::new(|| Model::read(include_bytes!("buyer.bin")).expect("a test reads the weights"));

/// The models, read on first use.
pub fn model() -> &'static Model<'static> {
    &MODEL
}

#[cfg(test)]
mod tests {
    use renown_core::text::{Cause, Hints, Language, Urgency};

    use super::*;

    #[test]
    fn the_weights_are_read_and_say_something_in_every_language() {
        for (text, language) in [
            ("Arrived broken. I want my money back!", Language::En),
            ("Kam kaputt an. Ich möchte mein Geld zurück!", Language::De),
            ("Arrivé cassé, je veux être remboursé !", Language::Fr),
            ("Llegó roto, quiero que me devuelvan el dinero", Language::Es),
            ("Arrivato rotto, voglio il rimborso dei soldi", Language::It),
            ("Chegou quebrado, quero meu dinheiro de volta", Language::Pt),
            ("Kapot aangekomen, ik wil mijn geld terug", Language::Nl),
            ("Kom trasig, jag vill ha pengarna tillbaka", Language::Sv),
            ("Przyszło uszkodzone, żądam zwrotu pieniędzy", Language::Pl),
            ("壊れて届きました。返金してください。", Language::Ja),
            ("收到就是坏的,我要退款", Language::Zh),
        ] {
            let said = model().understand(text, Hints::default());
            assert_eq!(said.language, Some(language), "{text}");
            assert!(said.negative, "{text}");
            assert!(said.causes.contains(&Cause::RefundReturn), "{text}: {:?}", said.causes);
            assert!(!said.words.is_empty(), "{text}");
        }
    }

    #[test]
    fn what_cannot_wait_is_told_from_what_only_sounds_so() {
        for (text, expect) in [
            ("The battery caught fire and burned my hand", Urgency::Safety),
            ("My lawyer will write to you tomorrow", Urgency::Legal),
            ("I have opened an A-to-z claim with Amazon", Urgency::AToZ),
            ("I asked my bank for a chargeback", Urgency::Chargeback),
            ("This shirt is fire, and the price is a steal", Urgency::None),
            ("No need to involve the bank, all is well", Urgency::None),
            ("I paid with PayPal and it came on time", Urgency::None),
        ] {
            assert_eq!(model().understand(text, Hints::default()).urgency, expect, "{text}");
        }
    }
}
