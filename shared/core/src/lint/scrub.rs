//! A text without ways to reach anybody.

use super::contacts::{self, Contact, What};
use super::fold::Folded;
use super::private;

/// The text with every mail address, telephone number, link, account, card, name in a network and street
/// with a house replaced by what it was, in brackets: what remains can be kept and shown to others. A name
/// goes where it is introduced as one ("my name is"); others are not known and stay.
pub fn without_contacts(text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    let contact = |Contact { what, place }: Contact| {
        let said = match what {
            What::Mail => "[mail]",
            What::Phone => "[phone]",
            What::Account => "[messenger]",
            What::Link | What::Carrier | What::Tracked | What::Image => "[link]",
        };
        (place, said)
    };
    let mut found = private::find(&chars);
    found.extend(contacts::find(text, &Folded::new(text)).into_iter().map(contact));
    // Of two that begin at one place, the longer.
    found.sort_by_key(|((start, end), _)| (*start, std::cmp::Reverse(*end)));
    let mut plain = String::with_capacity(text.len());
    let mut at = 0;
    for ((start, end), said) in found {
        // Two that overlap are one: "whatsapp 0170" and "0170 1234567".
        if start < at {
            at = at.max(end);
            continue;
        }
        plain.extend(&chars[at..start]);
        plain.push_str(said);
        at = end;
    }
    plain.extend(&chars[at.min(chars.len())..]);
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_buyer_says_stays_and_how_to_reach_them_goes() {
        for (text, expect) in [
            ("Broken. Write to jo.doe@teehaus-am-see.de today", "Broken. Write to [mail] today"),
            ("Kaputt! Rufen Sie +49 151 23456789 an", "Kaputt! Rufen Sie [phone] an"),
            ("see https://evil.example/x?y=1 now", "see [link] now"),
            ("Ordered 2, got 1. 5 cm too short.", "Ordered 2, got 1. 5 cm too short."),
            ("坏了,请加微信 wx_abc12345", "坏了,请加[messenger]"),
            ("whatsapp 0170 1234567", "[messenger]"),
            (
                "Card 4111111111111111, mobile 0170 1234567, wx: jo_doe99",
                "Card [card], mobile [phone], [messenger]",
            ),
            ("mail a@firma.berlin or jo.doe@web.technology", "mail [mail] or [mail]"),
            ("Call me about this order: 212-555-0147", "Call me about this order: [phone]"),
            ("Wegen der Bestellung Tel. +49 151 23456789", "Wegen der Bestellung Tel. [phone]"),
            ("坏了,订单问题请打电话13812345678", "坏了,订单问题请打电话[phone]"),
            ("2125550147 / +12125550147", "2125550147 / [phone]"),
            ("01511234567, 0612345678, 09012345678", "[phone], [phone], [phone]"),
            ("tracking number 0612345678", "tracking number 0612345678"),
            ("5 Oak Court, Leeds", "[address], Leeds"),
            ("PO Box 1234, Austin", "[address], Austin"),
            ("Keizersgracht 123, Storgatan 5", "[address], [address]"),
            ("ul. Marszałkowska 10", "[address]"),
            ("My name is Dr. Peter Miller.", "My name is [name]."),
            ("my name is peter smith and i wait", "my name is [name] and i wait"),
            ("Mijn naam is Jan de Vries!", "Mijn naam is [name]!"),
            ("我叫王小明,请退款", "我叫[name],请退款"),
            ("我叫了快递上门取件也没人来", "我叫了快递上门取件也没人来"),
            ("my name is Jo Doe", "my name is [name]"),
            ("Refund to DE89 3704 0044 0532 0130 00, thanks", "Refund to [account], thanks"),
            ("Konto NL91 ABNA 0417 1643 00!", "Konto [account]!"),
            ("charged on 4111 1111 1111 1111 twice", "charged on [card] twice"),
            ("I am @tea_friend or t.me/tea_friend", "I am [handle] or [link]"),
            ("see https://wa.me/4915123456789", "see [link]"),
            ("jo@teehaus.de and @jo_doe", "[mail] and [handle]"),
            ("Send it to 12 Main Street, not to 14 Elm Rd.", "Send it to [address], not to [address]."),
            ("Ich wohne Hauptstraße 12, 10115 Berlin", "Ich wohne [address], 10115 Berlin"),
            ("Order 302-1234567-1234567 of B0LAMP0001", "Order 302-1234567-1234567 of B0LAMP0001"),
            ("", ""),
        ] {
            assert_eq!(without_contacts(text), expect, "{text}");
        }
    }
}
