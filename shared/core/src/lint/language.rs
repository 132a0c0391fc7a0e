//! Which language a text is in.
//!
//! The crate `whatlang` knows 69 languages by their letters in threes, which say little in a
//! text of five words and weigh 200 KB. These seven are told apart by their script and by their
//! commonest words.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::fold::{Folded, Kind, Token};
use crate::language::Language;

/// In which of the languages of [`COMMON`] a word is common.
static LANGUAGES_OF: LazyLock<HashMap<&str, Vec<usize>>> = LazyLock::new(|| {
    let mut all: HashMap<&str, Vec<usize>> = HashMap::new();
    for (at, (_, words, _)) in COMMON.iter().enumerate() {
        for word in words.split(' ') {
            all.entry(word).or_default().push(at);
        }
    }
    all
});

impl Language {
    /// The language of a text; English for one in which nothing is known.
    pub fn of(text: &str) -> Self {
        of_tokens(text, &Folded::new(text).tokens())
    }
}

/// The language of a text that is read already.
pub(super) fn of_tokens(text: &str, tokens: &[Token]) -> Language {
    let is_kana = |c: char| matches!(u32::from(c), 0x3041..=0x30FA | 0xFF66..=0xFF9F);
    let n_kana = text.chars().filter(|c| is_kana(*c)).count();
    let n_characters = tokens.iter().filter(|token| token.kind == Kind::Character).count();
    let n_words = tokens.iter().filter(|token| token.kind == Kind::Word).count();
    // A word of Latin letters is worth two characters.
    if n_characters > 0 && n_characters >= n_words {
        return if n_kana * 10 >= n_characters { Language::Ja } else { Language::Zh };
    }
    let mut scores = [0; COMMON.len()];
    for at in tokens.iter().filter_map(|token| LANGUAGES_OF.get(token.text.as_str())).flatten() {
        scores[*at] += 2;
    }
    for c in text.chars().filter(|c| !c.is_ascii()) {
        for ((_, _, letters), score) in COMMON.iter().zip(&mut scores) {
            *score += if letters.contains(c) { 3 } else { 0 };
        }
    }
    // Of equals the first, so that English comes of nothing.
    let scored = COMMON.iter().zip(scores).rev();
    scored.max_by_key(|(_, score)| *score).map_or(Language::En, |((language, _, _), _)| *language)
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
