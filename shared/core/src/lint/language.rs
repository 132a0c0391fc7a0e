//! The languages that are linted, and which one a text is in.
//!
//! The crate `whatlang` knows 69 languages by their letters in threes, which say little in a
//! text of five words and weigh 200 KB. These seven are told apart by their script and by their
//! commonest words.

use std::fmt;
use std::str::FromStr;

use super::fold::{Kind, Token};

/// A language that there are word lists for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Language {
    /// English.
    En,
    /// German.
    De,
    /// French.
    Fr,
    /// Spanish.
    Es,
    /// Italian.
    It,
    /// Japanese.
    Ja,
    /// Chinese, in both scripts.
    Zh,
}

/// A language that there are no word lists for.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not a language of the linter; write en, de, fr, es, it, ja or zh")]
pub struct UnknownLanguage(String);

impl Language {
    /// Every language.
    pub const ALL: [Self; 7] = [Self::En, Self::De, Self::Fr, Self::Es, Self::It, Self::Ja, Self::Zh];

    /// Its code (ISO 639-1).
    pub fn code(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::De => "de",
            Self::Fr => "fr",
            Self::Es => "es",
            Self::It => "it",
            Self::Ja => "ja",
            Self::Zh => "zh",
        }
    }

    /// The language of a text; English for one in which nothing is known.
    pub fn of(text: &str) -> Self {
        Self::of_tokens(text, &super::fold::tokens(text))
    }

    pub(super) fn of_tokens(text: &str, tokens: &[Token]) -> Self {
        let is_kana = |c: char| matches!(u32::from(c), 0x3041..=0x30FA | 0xFF66..=0xFF9F);
        let n_kana = text.chars().filter(|c| is_kana(*c)).count();
        let n_characters = tokens.iter().filter(|token| token.kind == Kind::Character).count();
        let n_words = tokens.iter().filter(|token| token.kind == Kind::Word).count();
        // A word of Latin letters is worth two characters.
        if n_characters > 0 && n_characters >= n_words {
            return if n_kana * 10 >= n_characters { Self::Ja } else { Self::Zh };
        }
        let score = |(language, words, letters): &(Self, &str, &str)| {
            let n = tokens.iter().filter(|token| words.split(' ').any(|word| word == token.text)).count();
            let n_letters = text.chars().filter(|c| letters.contains(*c)).count();
            (*language, 2 * n + 3 * n_letters)
        };
        let scores = COMMON.iter().map(score);
        // Of equals the first, so that English comes of nothing.
        scores.rev().max_by_key(|(_, score)| *score).map_or(Self::En, |(language, _)| language)
    }
}

/// The commonest words, folded, and letters that no other of these languages has.
const COMMON: [(Language, &str, &str); 5] = [
    (
        Language::En,
        "the and you your is are was were of to for with this that we our have has it if please not be will would us on in from by at thank thanks how what can could do does my me i there been hello hi dear any all about or when very good great product order love works",
        "",
    ),
    (
        Language::De,
        "der die das und sie ihr ihre ihrer ihren ihrem ist sind war waren von zu fur mit dies diese dieser wir unser unsere haben hat es wenn bitte nicht sein wird wurde uns auf aus bei danke wie was kann konnen ich mich mir ein eine einen einem einer den dem des auch noch im am zur zum sehr gut hallo liebe lieber als oder uber nach nur ob falls sich du dein deine euch",
        "ßäöü",
    ),
    (
        Language::Fr,
        "le la les et vous votre vos est sont etait de du des pour avec ce cette ces nous notre nos avez il elle si pas ne etre sera sur dans par merci comment que qui quoi peut je j me mon ma un une au aux en tres bien bonjour cher chere ou plus tout c d l n s qu a mais bon ete tous son",
        "çœêùëÇ",
    ),
    (
        Language::Es,
        "el la los las y usted su sus es son fue de del para con este esta estos nosotros nuestro nuestra ha han si no ser sera nos en por gracias como que quien puede yo mi un una al muy bien hola estimado estimada o mas todo lo le les se te tu tus a pero bueno hemos tiene pedido",
        "ñ¿¡Ñ",
    ),
    (
        Language::It,
        "il lo la i gli le e lei suo sua suoi sue voi vostro vostra tuo tua e sono era di del della dei delle dello per con questo questa noi nostro nostra ha hai hanno se non essere sara su nel nella da dal grazie come che chi cosa puo io mio mia un una uno al alla molto bene ciao gentile o piu tutto ci vi ti si a ma buono anche ordine prodotto",
        "ìò",
    ),
];

impl fmt::Display for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl FromStr for Language {
    type Err = UnknownLanguage;
    fn from_str(text: &str) -> Result<Self, UnknownLanguage> {
        // `de-DE` and `zh_TW` are German and Chinese.
        let code = text.split(['-', '_']).next().unwrap_or(text).to_ascii_lowercase();
        let found = Self::ALL.into_iter().find(|language| language.code() == code);
        found.ok_or_else(|| UnknownLanguage(text.chars().take(20).collect()))
    }
}
