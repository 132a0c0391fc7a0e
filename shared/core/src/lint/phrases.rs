//! Neutral wordings, to be used as they are: each passes the linter (a test holds it).

use crate::language::Language;

/// What a wording is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Purpose {
    /// To ask for an honest review.
    AskForReview,
    /// To remind once.
    Remind,
    /// To thank for the order.
    Thank,
    /// To apologise.
    Apologise,
    /// To offer help, without a word of reviews.
    OfferHelp,
    /// To ask whether the order arrived.
    AskAboutDelivery,
    /// To invite shop customers to a survey.
    InviteToSurvey,
}

/// A neutral wording.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Phrase {
    /// What it is for.
    pub purpose: Purpose,
    /// The words.
    pub text: &'static str,
}

impl Purpose {
    /// Its stable word.
    pub fn code(self) -> &'static str {
        match self {
            Self::AskForReview => "ask_for_review",
            Self::Remind => "remind",
            Self::Thank => "thank",
            Self::Apologise => "apologise",
            Self::OfferHelp => "offer_help",
            Self::AskAboutDelivery => "ask_about_delivery",
            Self::InviteToSurvey => "invite_to_survey",
        }
    }
}

const fn phrase(purpose: Purpose, text: &'static str) -> Phrase {
    Phrase { purpose, text }
}

/// The wordings of a language.
pub fn phrases(language: Language) -> &'static [Phrase] {
    match language {
        Language::En => EN,
        Language::De => DE,
        Language::Fr => FR,
        Language::Es => ES,
        Language::It => IT,
        Language::Ja => JA,
        Language::Zh => ZH,
    }
}

const EN: &[Phrase] = &[
    phrase(
        Purpose::AskForReview,
        "Please share your honest experience with the product, good or bad. It helps other customers.",
    ),
    phrase(Purpose::AskForReview, "If you have a moment, please write an honest review of your purchase."),
    phrase(
        Purpose::Remind,
        "A short reminder, and our only one: your honest review, positive or negative, helps other customers.",
    ),
    phrase(Purpose::Thank, "Thank you for your order."),
    phrase(Purpose::Apologise, "We are sorry that something went wrong with your order."),
    phrase(
        Purpose::OfferHelp,
        "If you have a question about your order, please reply to this message. We will help.",
    ),
    phrase(Purpose::AskAboutDelivery, "Has your order arrived safely? If not, please reply to this message."),
    phrase(Purpose::InviteToSurvey, "How was our service? Three short questions; every answer is welcome."),
];

const DE: &[Phrase] = &[
    phrase(
        Purpose::AskForReview,
        "Bitte schildern Sie Ihre ehrliche Erfahrung mit dem Produkt, egal ob gut oder schlecht. Das hilft anderen Kunden.",
    ),
    phrase(
        Purpose::AskForReview,
        "Wenn Sie einen Moment Zeit haben, schreiben Sie bitte eine ehrliche Bewertung zu Ihrem Kauf.",
    ),
    phrase(
        Purpose::Remind,
        "Eine kurze und einmalige Erinnerung: Ihre ehrliche Bewertung, ob positiv oder negativ, hilft anderen Kunden.",
    ),
    phrase(Purpose::Thank, "Vielen Dank für Ihre Bestellung."),
    phrase(Purpose::Apologise, "Es tut uns leid, dass mit Ihrer Bestellung etwas schiefgegangen ist."),
    phrase(
        Purpose::OfferHelp,
        "Haben Sie eine Frage zu Ihrer Bestellung? Antworten Sie einfach auf diese Nachricht, wir helfen Ihnen.",
    ),
    phrase(
        Purpose::AskAboutDelivery,
        "Ist Ihre Bestellung gut angekommen? Falls nicht, antworten Sie bitte auf diese Nachricht.",
    ),
    phrase(Purpose::InviteToSurvey, "Wie war unser Service? Drei kurze Fragen, jede Antwort ist willkommen."),
];

const FR: &[Phrase] = &[
    phrase(
        Purpose::AskForReview,
        "Partagez votre expérience du produit en toute honnêteté, qu'elle soit bonne ou mauvaise. Cela aide les autres clients.",
    ),
    phrase(Purpose::AskForReview, "Si vous avez un moment, laissez un avis honnête sur votre achat."),
    phrase(
        Purpose::Remind,
        "Un seul petit rappel : votre avis honnête, positif ou négatif, aide les autres clients.",
    ),
    phrase(Purpose::Thank, "Merci pour votre commande."),
    phrase(Purpose::Apologise, "Nous sommes désolés du problème survenu avec votre commande."),
    phrase(
        Purpose::OfferHelp,
        "Une question sur votre commande ? Répondez à ce message, nous vous aiderons.",
    ),
    phrase(Purpose::AskAboutDelivery, "Votre commande est-elle bien arrivée ? Sinon, répondez à ce message."),
    phrase(
        Purpose::InviteToSurvey,
        "Comment jugez-vous notre service ? Trois questions courtes, toutes les réponses nous sont utiles.",
    ),
];

const ES: &[Phrase] = &[
    phrase(
        Purpose::AskForReview,
        "Comparta su experiencia sincera con el producto, sea buena o mala. Ayuda a otros clientes.",
    ),
    phrase(Purpose::AskForReview, "Si tiene un momento, escriba una reseña sincera de su compra."),
    phrase(
        Purpose::Remind,
        "Un breve y único recordatorio: su opinión sincera, sea positiva o negativa, ayuda a otros clientes.",
    ),
    phrase(Purpose::Thank, "Gracias por su pedido."),
    phrase(Purpose::Apologise, "Lamentamos que algo haya salido mal con su pedido."),
    phrase(
        Purpose::OfferHelp,
        "¿Tiene alguna pregunta sobre su pedido? Responda a este mensaje y le ayudaremos.",
    ),
    phrase(
        Purpose::AskAboutDelivery,
        "¿Ha llegado bien su pedido? En caso contrario, responda a este mensaje.",
    ),
    phrase(
        Purpose::InviteToSurvey,
        "¿Cómo fue nuestro servicio? Tres preguntas breves; cualquier respuesta es bienvenida.",
    ),
];

const IT: &[Phrase] = &[
    phrase(
        Purpose::AskForReview,
        "Condivida la sua esperienza sincera con il prodotto, positiva o negativa. Aiuta gli altri clienti.",
    ),
    phrase(Purpose::AskForReview, "Se ha un momento, scriva una recensione onesta del suo acquisto."),
    phrase(
        Purpose::Remind,
        "Un breve e unico promemoria: la sua opinione sincera, positiva o negativa, aiuta gli altri clienti.",
    ),
    phrase(Purpose::Thank, "Grazie per il suo ordine."),
    phrase(Purpose::Apologise, "Ci dispiace che qualcosa sia andato storto con il suo ordine."),
    phrase(Purpose::OfferHelp, "Ha una domanda sul suo ordine? Risponda a questo messaggio e la aiuteremo."),
    phrase(
        Purpose::AskAboutDelivery,
        "Il suo ordine è arrivato bene? In caso contrario risponda a questo messaggio.",
    ),
    phrase(
        Purpose::InviteToSurvey,
        "Come è stato il nostro servizio? Tre brevi domande, ogni risposta è benvenuta.",
    ),
];

const JA: &[Phrase] = &[
    phrase(
        Purpose::AskForReview,
        "商品について、良い点も悪い点も率直なご感想をお聞かせください。他のお客様の参考になります。",
    ),
    phrase(
        Purpose::AskForReview,
        "お時間がございましたら、ご購入商品について正直なレビューをお書きください。",
    ),
    phrase(
        Purpose::Remind,
        "一度だけのご案内です。内容を問わず、率直なレビューは他のお客様の参考になります。",
    ),
    phrase(Purpose::Thank, "ご注文いただき、ありがとうございます。"),
    phrase(Purpose::Apologise, "ご注文の件でご迷惑をおかけし、申し訳ございません。"),
    phrase(Purpose::OfferHelp, "ご注文についてご不明な点がございましたら、このメッセージにご返信ください。"),
    phrase(
        Purpose::AskAboutDelivery,
        "ご注文の商品は無事に届きましたか。届いていない場合は、このメッセージにご返信ください。",
    ),
    phrase(
        Purpose::InviteToSurvey,
        "当店のサービスはいかがでしたか。三つの短い質問です。どのようなお答えでも歓迎いたします。",
    ),
];

const ZH: &[Phrase] = &[
    phrase(Purpose::AskForReview, "无论好坏,欢迎分享您对商品的真实体验,供其他顾客参考。"),
    phrase(Purpose::AskForReview, "如果方便,请为您购买的商品写一条真实的评论。"),
    phrase(Purpose::Remind, "仅此一次提醒:无论好坏,您的真实评价都能帮助其他顾客。"),
    phrase(Purpose::Thank, "感谢您的订购。"),
    phrase(Purpose::Apologise, "很抱歉,您的订单出现了问题。"),
    phrase(Purpose::OfferHelp, "如对订单有任何疑问,请回复此消息,我们会协助处理。"),
    phrase(Purpose::AskAboutDelivery, "您的订单顺利送达了吗?如未送达,请回复此消息。"),
    phrase(Purpose::InviteToSurvey, "您觉得我们的服务怎么样?三个简短的问题,欢迎如实作答。"),
];

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::super::{Channel, Options, lint};
    use super::*;

    #[test]
    fn every_phrase_is_clean_on_both_channels_and_taken_for_its_language() {
        for language in Language::ALL {
            for phrase in phrases(language) {
                for channel in [Channel::Amazon, Channel::Shop] {
                    let report = lint(phrase.text, &Options::new(channel, date(2026, 11, 22)));
                    assert_eq!(report.findings, [], "{}", phrase.text);
                    assert_eq!(report.language, language, "{}", phrase.text);
                }
            }
        }
    }

    #[test]
    fn every_language_has_every_purpose() {
        let purposes = |language| phrases(language).iter().map(|phrase| phrase.purpose).collect::<Vec<_>>();
        for language in Language::ALL {
            assert_eq!(purposes(language), purposes(Language::En), "{language}");
        }
    }
}
