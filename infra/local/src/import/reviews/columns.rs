//! Where a file of reviews has what: by what Amazon's pages and sellers' tools call it, in the languages
//! of Amazon's marketplaces.

use renown_core::say::Text;
use renown_core::text;

/// Something that stands in a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Field {
    Asin,
    Stars,
    Words,
    Day,
    Title,
    Marketplace,
    ReviewId,
}

impl Field {
    const ALL: [Self; 7] =
        [Self::Asin, Self::Stars, Self::Words, Self::Day, Self::Title, Self::Marketplace, Self::ReviewId];

    /// What such a column is called, as [`plain`] writes it, the clearest names first.
    fn names(self) -> &'static [&'static str] {
        match self {
            Self::Asin => &["asin", "child asin", "子asin", "商品asin", "product asin", "variation asin"],
            Self::Stars => &[
                "rating",
                "stars",
                "star rating",
                "review rating",
                "star",
                "score",
                "评分",
                "星级",
                "评级",
                "评价星级",
                "評分",
                "sterne",
                "sternebewertung",
                "bewertung",
                "note",
                "étoiles",
                "évaluation",
                "calificación",
                "valoración",
                "puntuación",
                "estrellas",
                "valutazione",
                "stelle",
                "voto",
                "評価",
                "星",
                "星の数",
                "classificação",
                "estrelas",
                "nota",
                "beoordeling",
                "sterren",
                "ocena",
                "gwiazdki",
                "betyg",
                "stjärnor",
            ],
            Self::Words => &[
                "review text",
                "review body",
                "review content",
                "review",
                "customer comment",
                "customer comments",
                "content",
                "body",
                "text",
                "comment",
                "comments",
                "评论内容",
                "评论正文",
                "评价内容",
                "买家评论",
                "买家反馈",
                "买家留言",
                "评论",
                "内容",
                "評論內容",
                "rezensionstext",
                "bewertungstext",
                "rezension",
                "kommentar",
                "kommentare",
                "kundenkommentar",
                "texte de l'avis",
                "avis",
                "commentaire",
                "commentaires",
                "texto",
                "reseña",
                "opinión",
                "comentario",
                "comentarios",
                "testo",
                "recensione",
                "commento",
                "commenti",
                "レビュー本文",
                "レビュー内容",
                "レビュー",
                "本文",
                "コメント",
                "avaliação",
                "comentário",
                "comentários",
                "recensie",
                "opmerking",
                "opmerkingen",
                "opinia",
                "recenzja",
                "komentarz",
                "treść",
                "recension",
                "kommentarer",
            ],
            Self::Day => &[
                "review date",
                "comment date",
                "reviewed on",
                "date",
                "评论日期",
                "评论时间",
                "评价时间",
                "日期",
                "时间",
                "評論日期",
                "rezensionsdatum",
                "bewertungsdatum",
                "datum",
                "date de l'avis",
                "fecha de la reseña",
                "fecha de la opinión",
                "fecha",
                "data della recensione",
                "data recensione",
                "data",
                "レビュー日",
                "投稿日",
                "日付",
                "data da avaliação",
                "data opinii",
                "recensionsdatum",
            ],
            Self::Title => &[
                "review title",
                "headline",
                "title",
                "评论标题",
                "标题",
                "評論標題",
                "rezensionstitel",
                "überschrift",
                "titel",
                "titre de l'avis",
                "titre",
                "título",
                "titolo",
                "レビュータイトル",
                "タイトル",
                "件名",
                "tytuł",
                "rubrik",
            ],
            Self::Marketplace => &[
                "marketplace",
                "country",
                "site",
                "站点",
                "国家",
                "市场",
                "marktplatz",
                "land",
                "pays",
                "país",
                "paese",
                "国",
                "kraj",
            ],
            Self::ReviewId => &["review id", "评论id", "评论编号", "レビューid", "rezensions id"],
        }
    }

    /// What it is, for messages.
    fn text(self) -> Text {
        match self {
            Self::Asin => text!("ASIN", "ASIN"),
            Self::Stars => text!("stars", "星级"),
            Self::Words => text!("words", "文字"),
            Self::Day => text!("day", "日期"),
            Self::Title => text!("title", "标题"),
            Self::Marketplace => text!("marketplace", "站点"),
            Self::ReviewId => text!("id", "编号"),
        }
    }
}

/// Where a file has what.
#[derive(Debug)]
pub(super) struct Columns {
    places: Vec<(Field, usize)>,
    /// How many columns it names.
    pub(super) n: usize,
    /// What those that were found are called.
    pub(super) called: Vec<String>,
}

/// Why a first line names no reviews.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum NoReviews {
    /// No ASIN, or neither stars nor words.
    Missing,
    /// One name stands there twice.
    Twice(String),
    /// Sums of a product: Amazon's table of the Voice of the Customer.
    Sums,
}

impl Columns {
    /// Finds the columns by their names.
    pub(super) fn find(heading: &[String]) -> Result<Self, NoReviews> {
        let names: Vec<String> = heading.iter().map(|name| plain(name)).collect();
        let mut places = Vec::new();
        for field in Field::ALL {
            let Some(called) = field.names().iter().find(|known| names.iter().any(|name| name == *known))
            else {
                continue;
            };
            let at: Vec<usize> = (0..names.len()).filter(|at| names[*at] == *called).collect();
            if at.len() > 1 {
                return Err(NoReviews::Twice((*called).to_owned()));
            }
            places.push((field, at[0]));
        }
        let called = |(_, at): &(Field, usize)| heading[*at].trim().trim_start_matches('\u{feff}').to_owned();
        let called = places.iter().map(called).collect();
        let columns = Self { places, n: names.len(), called };
        let has = |field| columns.place(field).is_some();
        // NCX: negative customer experience, a rate or a count of orders.
        if !has(Field::Words) && names.iter().any(|name| name.contains("ncx") || name == "cx health") {
            return Err(NoReviews::Sums);
        }
        if has(Field::Asin) && (has(Field::Stars) || has(Field::Words)) {
            Ok(columns)
        } else {
            Err(NoReviews::Missing)
        }
    }

    /// The place of a column, from 0.
    pub(super) fn place(&self, field: Field) -> Option<usize> {
        self.places.iter().find(|(other, _)| *other == field).map(|(_, at)| *at)
    }

    /// What a row has there, without blanks around it; empty where it has nothing.
    pub(super) fn cell<'a>(&self, field: Field, cells: &'a [String]) -> &'a str {
        self.place(field).and_then(|at| cells.get(at)).map_or("", |cell| cell.trim())
    }
}

/// A name without its case, without what joins its words, and without what stands behind it in brackets.
fn plain(name: &str) -> String {
    let name = name.split(['(', '（', '[']).next().filter(|name| !name.trim().is_empty()).unwrap_or(name);
    let name = name.trim_start_matches('\u{feff}').replace(['_', '-'], " ").to_lowercase();
    name.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Names of so many are shown of each column.
const SHOWN: usize = 9;

/// Names that are understood, for messages.
pub(super) fn accepted() -> Text {
    let list = |of: &dyn Fn(&Text) -> String| {
        let names = |field: Field| field.names().iter().take(SHOWN).copied().collect::<Vec<_>>().join(", ");
        let wanted = [Field::Asin, Field::Stars, Field::Words, Field::Day];
        wanted.map(|field| format!("{}: {}", of(&field.text()), names(field))).join("; ")
    };
    Text { en: list(&|text| text.en.clone()), zh: list(&|text| text.zh.clone()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn find(names: &[&str]) -> Result<[Option<usize>; 4], NoReviews> {
        let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
        let columns = Columns::find(&names)?;
        Ok([Field::Asin, Field::Stars, Field::Words, Field::Day].map(|field| columns.place(field)))
    }

    #[test]
    fn columns_are_found_in_the_languages_of_the_marketplaces() {
        for (heading, expect) in [
            (&["Reviewer", "ASIN", "Rating", "review_text"][..], [Some(1), Some(2), Some(3), None]),
            (&["\u{feff}子ASIN", "评分", "评论内容", "评论日期"], [Some(0), Some(1), Some(2), Some(3)]),
            (&["ASIN", "Sterne", "Rezension", "Datum"], [Some(0), Some(1), Some(2), Some(3)]),
            (&["ASIN", "Note", "Commentaire", "Date de l'avis"], [Some(0), Some(1), Some(2), Some(3)]),
            (&["ASIN", "Calificación", "Reseña", "Fecha"], [Some(0), Some(1), Some(2), Some(3)]),
            (&["ASIN", "Valutazione", "Recensione", "Data"], [Some(0), Some(1), Some(2), Some(3)]),
            (&["ASIN", "評価", "レビュー本文", "日付"], [Some(0), Some(1), Some(2), Some(3)]),
            (&["ASIN", "Ocena", "Opinia", "Data opinii"], [Some(0), Some(1), Some(2), Some(3)]),
            (&["ASIN", "Betyg", "Recension", "Datum"], [Some(0), Some(1), Some(2), Some(3)]),
            (&["ASIN", "Content", "Review Body"], [Some(0), None, Some(2), None]),
        ] {
            assert_eq!(find(heading), Ok(expect), "{heading:?}");
        }
    }

    #[test]
    fn what_is_no_list_of_reviews_is_told_apart() {
        for (heading, expect) in [
            (&["ASIN", "Price"][..], NoReviews::Missing),
            (&["Rating", "Review"], NoReviews::Missing),
            (&["ASIN", "Rating", "rating"], NoReviews::Twice("rating".to_owned())),
            (&["ASIN", "NCX rate", "Star rating"], NoReviews::Sums),
        ] {
            assert_eq!(find(heading), Err(expect), "{heading:?}");
        }
    }

    #[test]
    fn every_name_is_written_as_it_is_compared() {
        for field in Field::ALL {
            for name in field.names() {
                assert_eq!(plain(name), *name);
            }
        }
    }
}
