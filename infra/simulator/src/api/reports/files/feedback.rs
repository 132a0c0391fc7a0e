//! Feedback of one to three stars: better ones are never in Amazon's file. What the buyer took back
//! is not there any more, and nothing tells that it was.

use jiff::Timestamp;

use super::{Asked, one_line};
use crate::marketplace::Marketplace;
use crate::model::{OneReport, Order};

/// The header in the language of the marketplace. That Amazon translates it is known, and the order
/// of the columns; the words are ours.
pub(super) fn columns(report: &OneReport) -> [&'static str; 6] {
    let marketplace = report.marketplaces.first().and_then(|id| Marketplace::by_id(id));
    match marketplace.map_or("en", |marketplace| &marketplace.language[..2]) {
        "de" => {
            ["Datum", "Bewertung", "Kommentare", "Ihre Rückmeldung", "Bestellnummer", "E-Mail des Käufers"]
        }
        "fr" => [
            "Date",
            "Évaluation",
            "Commentaires",
            "Votre réponse",
            "Numéro de commande",
            "E-mail de l’acheteur",
        ],
        "it" => [
            "Data",
            "Valutazione",
            "Commenti",
            "La tua risposta",
            "Numero dell’ordine",
            "E-mail di chi ha valutato",
        ],
        "es" => [
            "Fecha",
            "Valoración",
            "Comentarios",
            "Tu respuesta",
            "Número de pedido",
            "Correo electrónico del comprador",
        ],
        "ja" => ["日付", "評価", "コメント", "あなたの回答", "注文番号", "評価者のEメール"],
        _ => ["Date", "Rating", "Comments", "Your Response", "Order ID", "Rater Email"],
    }
}

/// The feedback given in the range.
pub(super) fn rows(asked: &Asked<'_>) -> Vec<Vec<String>> {
    asked.orders.iter().filter_map(|order| row(order, asked)).collect()
}

fn row(order: &Order, asked: &Asked<'_>) -> Option<Vec<String>> {
    let feedback = order.feedback.as_ref()?;
    if !feedback.is_listed(asked.as_of) || !asked.holds(feedback.at) {
        return None;
    }
    Some(vec![
        date(order, feedback.at),
        feedback.rating.to_string(),
        one_line(&feedback.comments),
        one_line(feedback.response.as_deref().unwrap_or_default()),
        order.order_id.clone(),
        "CANARY-RATER-EMAIL".to_owned(),
    ])
}

/// The day, in the form of the marketplace. Source: what other readers of the report have found; of
/// South Africa nobody has told, so that it has a form of its own here. Amazon's day may be the
/// marketplace's own; here it is UTC's.
fn date(order: &Order, at: Timestamp) -> String {
    let country = Marketplace::by_id(&order.marketplace_id).map_or("US", |marketplace| marketplace.country);
    let form = match country {
        "US" => "%-m/%-d/%y",
        "DE" => "%-d.%-m.%y",
        "SE" => "%Y-%m-%d",
        "JP" => "%y/%-m/%-d",
        "ZA" => "%Y/%m/%d",
        _ => "%-d/%-m/%y",
    };
    at.strftime(form).to_string()
}
