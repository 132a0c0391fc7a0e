//! What the public pages say, in every language of the templates.

use crate::language::Language;

/// The texts of the public pages in one language.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pages {
    /// Title of the page that asks.
    pub unsubscribe_title: &'static str,
    /// Asks; `{shop}` stands for the shop's name.
    pub unsubscribe_question: &'static str,
    /// The button that does it.
    pub unsubscribe_button: &'static str,
    /// Title once it is done.
    pub unsubscribed_title: &'static str,
    /// What that means.
    pub unsubscribed_text: &'static str,
    /// Title for a link that was not made here, or was changed.
    pub link_invalid_title: &'static str,
    /// What to do then.
    pub link_invalid_text: &'static str,
    /// What to do when its time is over.
    pub link_expired_text: &'static str,
    /// Title of the survey.
    pub survey_title: &'static str,
    /// Its question.
    pub survey_question: &'static str,
    /// What 0 means.
    pub survey_scale_low: &'static str,
    /// What 10 means.
    pub survey_scale_high: &'static str,
    /// Label of the comment.
    pub survey_comment_label: &'static str,
    /// Its button.
    pub survey_button: &'static str,
    /// Said after the answer.
    pub survey_thanks: &'static str,
    /// Said when it was answered before.
    pub survey_already: &'static str,
}

/// The texts of a language.
pub fn pages(language: Language) -> &'static Pages {
    match language {
        Language::De => &DE,
        Language::En => &EN,
        Language::Es => &ES,
        Language::Fr => &FR,
        Language::It => &IT,
        Language::Ja => &JA,
        Language::Zh => &ZH,
    }
}

const DE: Pages = Pages {
    unsubscribe_title: "Abmelden",
    unsubscribe_question: "Möchten Sie keine E-Mails von {shop} mehr erhalten?",
    unsubscribe_button: "Abmelden",
    unsubscribed_title: "Sie sind abgemeldet",
    unsubscribed_text: "Sie erhalten von diesem Shop keine weiteren E-Mails dieser Art. Sie brauchen nichts weiter zu tun.",
    link_invalid_title: "Dieser Link funktioniert nicht",
    link_invalid_text: "Der Link ist unvollständig oder fehlerhaft. Bitte öffnen Sie ihn erneut aus der E-Mail oder kopieren Sie die vollständige Adresse in Ihren Browser.",
    link_expired_text: "Dieser Link ist abgelaufen. Wenn Sie noch ein Anliegen haben, wenden Sie sich bitte an den Shop, der Ihnen die E-Mail gesendet hat.",
    survey_title: "Ihre Bestellung",
    survey_question: "Wie zufrieden sind Sie insgesamt mit Ihrer Bestellung?",
    survey_scale_low: "Überhaupt nicht zufrieden",
    survey_scale_high: "Vollkommen zufrieden",
    survey_comment_label: "Kommentar für unseren Kundenservice (freiwillig)",
    survey_button: "Antwort senden",
    survey_thanks: "Vielen Dank. Ihre Antwort wurde an unseren Kundenservice weitergeleitet.",
    survey_already: "Sie haben diese Frage bereits beantwortet. Vielen Dank.",
};

const EN: Pages = Pages {
    unsubscribe_title: "Unsubscribe",
    unsubscribe_question: "Do you want to stop receiving emails from {shop}?",
    unsubscribe_button: "Unsubscribe",
    unsubscribed_title: "You are unsubscribed",
    unsubscribed_text: "You will receive no further emails of this kind from this shop. There is nothing else you need to do.",
    link_invalid_title: "This link does not work",
    link_invalid_text: "The link is incomplete or incorrect. Please open it again from the email, or copy the whole address into your browser.",
    link_expired_text: "This link has expired. If you still need something, please contact the shop that sent you the email.",
    survey_title: "Your order",
    survey_question: "How satisfied are you with your order overall?",
    survey_scale_low: "Not at all satisfied",
    survey_scale_high: "Completely satisfied",
    survey_comment_label: "Comment for our customer service (optional)",
    survey_button: "Send answer",
    survey_thanks: "Thank you. Your answer has been passed on to our customer service.",
    survey_already: "You have already answered this question. Thank you.",
};

const ES: Pages = Pages {
    unsubscribe_title: "Darse de baja",
    unsubscribe_question: "¿Desea dejar de recibir correos de {shop}?",
    unsubscribe_button: "Darme de baja",
    unsubscribed_title: "Su baja se ha registrado",
    unsubscribed_text: "No recibirá más correos de este tipo de esta tienda. No tiene que hacer nada más.",
    link_invalid_title: "Este enlace no funciona",
    link_invalid_text: "El enlace está incompleto o es incorrecto. Ábralo de nuevo desde el correo o copie la dirección completa en su navegador.",
    link_expired_text: "Este enlace ha caducado. Si necesita algo, póngase en contacto con la tienda que le envió el correo.",
    survey_title: "Su pedido",
    survey_question: "En general, ¿qué grado de satisfacción tiene con su pedido?",
    survey_scale_low: "Ninguna satisfacción",
    survey_scale_high: "Satisfacción total",
    survey_comment_label: "Comentario para nuestro servicio de atención al cliente (opcional)",
    survey_button: "Enviar respuesta",
    survey_thanks: "Gracias. Su respuesta se ha enviado a nuestro servicio de atención al cliente.",
    survey_already: "Ya ha respondido a esta pregunta. Gracias.",
};

const FR: Pages = Pages {
    unsubscribe_title: "Désinscription",
    unsubscribe_question: "Souhaitez-vous ne plus recevoir d’e-mails de la part de {shop} ?",
    unsubscribe_button: "Se désinscrire",
    unsubscribed_title: "Votre désinscription est enregistrée",
    unsubscribed_text: "Vous ne recevrez plus d’e-mails de ce type de la part de cette boutique. Vous n’avez rien d’autre à faire.",
    link_invalid_title: "Ce lien ne fonctionne pas",
    link_invalid_text: "Le lien est incomplet ou incorrect. Veuillez l’ouvrir à nouveau depuis l’e-mail ou copier l’adresse complète dans votre navigateur.",
    link_expired_text: "Ce lien a expiré. Pour toute demande, veuillez vous adresser à la boutique qui vous a envoyé l’e-mail.",
    survey_title: "Votre commande",
    survey_question: "Dans l’ensemble, quel est votre degré de satisfaction concernant votre commande ?",
    survey_scale_low: "Pas du tout satisfait(e)",
    survey_scale_high: "Tout à fait satisfait(e)",
    survey_comment_label: "Commentaire pour notre service client (facultatif)",
    survey_button: "Envoyer la réponse",
    survey_thanks: "Merci. Votre réponse a été transmise à notre service client.",
    survey_already: "Vous avez déjà répondu à cette question. Merci.",
};

const IT: Pages = Pages {
    unsubscribe_title: "Annullamento dell’iscrizione",
    unsubscribe_question: "Desidera non ricevere più e-mail da {shop}?",
    unsubscribe_button: "Annullare l’iscrizione",
    unsubscribed_title: "Iscrizione annullata",
    unsubscribed_text: "Non riceverà altre e-mail di questo tipo da questo negozio. Non deve fare altro.",
    link_invalid_title: "Questo link non funziona",
    link_invalid_text: "Il link è incompleto o errato. Lo apra di nuovo dall’e-mail oppure copi l’indirizzo completo nel Suo browser.",
    link_expired_text: "Questo link è scaduto. Per qualsiasi richiesta può rivolgersi al negozio che Le ha inviato l’e-mail.",
    survey_title: "Il Suo ordine",
    survey_question: "Nel complesso, qual è il Suo grado di soddisfazione per l’ordine?",
    survey_scale_low: "Per niente soddisfatto/a",
    survey_scale_high: "Del tutto soddisfatto/a",
    survey_comment_label: "Commento per il nostro servizio clienti (facoltativo)",
    survey_button: "Inviare la risposta",
    survey_thanks: "Grazie. La Sua risposta è stata trasmessa al nostro servizio clienti.",
    survey_already: "Ha già risposto a questa domanda. Grazie.",
};

const JA: Pages = Pages {
    unsubscribe_title: "配信停止",
    unsubscribe_question: "{shop}からのメールの配信を停止してもよろしいでしょうか。",
    unsubscribe_button: "配信を停止する",
    unsubscribed_title: "配信を停止いたしました",
    unsubscribed_text: "今後、このショップから同様のメールをお送りすることはございません。ほかにお手続きは必要ございません。",
    link_invalid_title: "リンクが無効です",
    link_invalid_text: "リンクが不完全であるか、誤りがございます。お手数をおかけいたしますが、メールからもう一度お開きいただくか、アドレス全体をブラウザに貼り付けてください。",
    link_expired_text: "このリンクは有効期限が切れております。ご用の際は、恐れ入りますが、メールの送信元のショップまでお問い合わせください。",
    survey_title: "ご注文について",
    survey_question: "今回のご注文について、全体としてどの程度ご満足いただけましたでしょうか。",
    survey_scale_low: "まったく満足していない",
    survey_scale_high: "非常に満足している",
    survey_comment_label: "カスタマーサービスへのご意見（任意）",
    survey_button: "回答を送信する",
    survey_thanks: "ご回答いただき、誠にありがとうございました。ご回答はカスタマーサービスに送信いたしました。",
    survey_already: "このアンケートにはすでにご回答いただいております。誠にありがとうございました。",
};

const ZH: Pages = Pages {
    unsubscribe_title: "退订",
    unsubscribe_question: "您确定不再接收{shop}的邮件吗？",
    unsubscribe_button: "确认退订",
    unsubscribed_title: "您已退订",
    unsubscribed_text: "您将不会再收到该店铺的此类邮件，无需其他操作。",
    link_invalid_title: "链接无效",
    link_invalid_text: "该链接不完整或有误。请从邮件中重新打开，或将完整网址复制到浏览器中。",
    link_expired_text: "该链接已过期。如有需要，请联系向您发送邮件的店铺。",
    survey_title: "您的订单",
    survey_question: "总体而言，您对本次订单的满意程度如何？",
    survey_scale_low: "非常不满意",
    survey_scale_high: "非常满意",
    survey_comment_label: "给客服的留言（选填）",
    survey_button: "提交回答",
    survey_thanks: "感谢您的回答，我们已转交客服。",
    survey_already: "您已回答过此问题，谢谢。",
};
