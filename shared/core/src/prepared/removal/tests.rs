//! Feedback as buyers write it, in several languages, and the grounds that it gives.

use super::*;
use crate::text::{Language, Urgency};

fn understood(language: Language, causes: &[Cause]) -> Understood {
    Understood {
        language: Some(language),
        negative: true,
        score: 0.9,
        causes: causes.to_vec(),
        urgency: Urgency::None,
        words: Vec::new(),
    }
}

/// The grounds of words alone: the causes speak for none.
fn words_give(language: Language, text: &str) -> Vec<(Reason, Sureness)> {
    let grounds = precheck(text, &understood(language, &[Cause::Other]), false);
    grounds.iter().map(|ground| (ground.reason, ground.sure)).collect()
}

use Language::{De, En, Es, Fr, It, Ja, Nl, Pl, Pt, Sv, Zh};
use Reason::{Abusive, FulfilledByAmazon, Personal, ProductReview, Promotional};
use Sureness::{Likely, Possible};

#[test]
fn obscene_words_make_removal_likely_and_insults_possible() {
    for (language, text, sure) in [
        (En, "What a piece of shit, and the seller is a bastard", Likely),
        (En, "F*ck this company", Likely),
        (En, "The seller is an idiot.", Possible),
        (De, "So ein Scheißladen, ihr Arschlöcher", Likely),
        (De, "Der Verkäufer ist ein Vollidiot", Possible),
        (Fr, "C’est de la merde, bande de cons", Likely),
        (Fr, "Vendeur complètement abruti", Possible),
        (Es, "Una puta mierda de vendedor", Likely),
        (Es, "El vendedor es un imbécil", Possible),
        (It, "Prodotto di merda, venditore stronzo", Likely),
        (It, "Siete dei deficienti", Possible),
        (Pt, "Que merda de loja, vai se foder", Likely),
        (Nl, "Wat een klootzak die verkoper", Likely),
        (Sv, "Jävla skitföretag", Likely),
        (Pl, "Kurwa, co za oszustwo", Likely),
        (Ja, "クソみたいな店。死ね", Likely),
        (Ja, "店員は馬鹿なのか", Possible),
        (Zh, "傻逼卖家,去死吧", Likely),
        (Zh, "卖家就是个人渣", Possible),
    ] {
        assert_eq!(words_give(language, text), [(Abusive, sure)], "{text}");
    }
}

#[test]
fn false_friends_offend_nobody() {
    for (language, text) in [
        (En, "The bastard file is blunt, and I pricked a hole with it. The jerk seasoning is bland."),
        (En, "Shiitake from Scunthorpe, idiot proof instructions, flame retarded foam"),
        (En, "Moby Dick with torn pages; thieves and scammers, all of them"),
        (De, "Die Schlamperei mit dem dicken Pack ist nicht idiotensicher. Auf dem Weg zerdrückt."),
        (Fr, "La salopette est trop petite, et la technique de confection est réputée"),
        (Es, "Los conos de señalización no sirven, la computadora tampoco. Disfraz de payaso roto."),
        (It, "La cazzuola si è rotta, e il libro sulla guerra di Troia pure"),
        (Sv, "Jag fick höra att det var slut, men fläkten är dålig"),
        (Nl, "Het tuigje is te klein en de eikels zijn nep"),
        (Pt, "O pacote chegou arrombado e o produto é vagabundo"),
        (Pl, "Szmata do podłogi, suka nie chce jeść tej karmy"),
        (
            Ja,
            "サクソフォンのマイケル・ジャクソン。ファックスも届かない。すごくそっくりだが、バカンスには不向き",
        ),
        (Zh, "去死皮效果差,操作困难,给他妈妈买的,垃圾袋容易破"),
    ] {
        assert_eq!(words_give(language, text), [], "{text}");
    }
}

#[test]
fn ways_to_a_person_are_personal_and_ways_to_a_shop_are_advertising() {
    for (language, text, expect) in [
        (En, "Write to me at joe@lamps.com", (Personal, Likely)),
        (En, "Call me: +1 555 123 4567", (Personal, Likely)),
        (En, "The owner is called Joe Miller and lives in Ohio", (Personal, Possible)),
        (De, "Der Inhaber heißt Müller, Lindenstraße 5", (Personal, Possible)),
        (Fr, "Le gérant s’appelle Dupont, 12 rue des Lilas", (Personal, Possible)),
        (Es, "El dueño se llama Pepe y vive en Soria", (Personal, Possible)),
        (It, "Il titolare si chiama Rossi", (Personal, Possible)),
        (Ja, "私の電話は090-1234-5678です", (Personal, Likely)),
        (Zh, "我的手机是13812345678", (Personal, Likely)),
        (Zh, "老板姓王,家住杭州", (Personal, Possible)),
        (En, "Better ones at https://lamps.example/shop", (Promotional, Likely)),
        (En, "Half the price at Walmart", (Promotional, Possible)),
        (De, "Gibt es bei Temu zum halben Preis", (Promotional, Possible)),
        (Fr, "Moins cher chez Cdiscount, allez-y", (Promotional, Possible)),
        (Es, "Visita mi tienda", (Promotional, Possible)),
        (It, "Seguitemi sul mio canale", (Promotional, Possible)),
        (Ja, "メルカリならもっと安い", (Promotional, Possible)),
        (Zh, "拼多多上便宜一半", (Promotional, Possible)),
    ] {
        assert_eq!(words_give(language, text), [expect], "{text}");
    }
    for (language, text) in [
        (En, "Order 302-1234567-1234567 of 2026-11-03, tracking 00340434292135100186"),
        (En, "Cost me 1,299.00, see amazon.com"),
        (De, "Bestellt am 3.11.2026, nach 14 Tagen kaputt"),
        (Zh, "订单号 123-1234567-1234567,等了15天"),
    ] {
        assert_eq!(words_give(language, text), [], "{text}");
    }
}

#[test]
fn a_comment_about_the_product_and_nothing_else_is_a_product_review() {
    let product = [Cause::DefectiveQuality];
    for (language, text, causes, expect) in [
        (En, "The pencil sharpener is blunt", &product[..], Some(Likely)),
        (En, "Too small, and the zip broke", &[Cause::SizeFit, Cause::DefectiveQuality], Some(Likely)),
        (En, "Fast delivery, but the sharpener is blunt", &product, Some(Possible)),
        (En, "Blunt and nobody answers", &[Cause::DefectiveQuality, Cause::CustomerService], None),
        (En, "Blunt. Came too late", &[Cause::DefectiveQuality, Cause::LateDelivery], None),
        (En, "Overpriced and blunt", &[Cause::PriceValue, Cause::DefectiveQuality], Some(Possible)),
        (En, "A fake", &[Cause::Counterfeit], None),
        (En, "Never again", &[Cause::Other], None),
        (En, "Lovely", &[], None),
        (En, " ", &product, None),
        (De, "Der Spitzer ist stumpf", &product, Some(Likely)),
        (De, "Der Verkäufer ist nett, der Spitzer stumpf", &product, Some(Possible)),
        (Fr, "La lampe ne s’allume plus", &product, Some(Likely)),
        (Fr, "Livraison rapide, mais la lampe ne s’allume pas", &product, Some(Possible)),
        (Es, "La lámpara no funciona", &product, Some(Likely)),
        (Es, "El envío bien, la lámpara no funciona", &product, Some(Possible)),
        (It, "La lampada non si accende", &product, Some(Likely)),
        (It, "Corriere gentile, lampada difettosa", &product, Some(Possible)),
        (Ja, "すぐ壊れました", &product, Some(Likely)),
        (Ja, "梱包は丁寧でしたが、すぐ壊れました", &product, Some(Possible)),
        (Zh, "用了两天就坏了", &product, Some(Likely)),
        (Zh, "客服很好,但用了两天就坏了", &product, Some(Possible)),
    ] {
        for is_fulfilled_by_amazon in [false, true] {
            let grounds = precheck(text, &understood(language, causes), is_fulfilled_by_amazon);
            let found = grounds.iter().find(|ground| ground.reason == ProductReview);
            assert_eq!(found.map(|ground| ground.sure), expect, "{text}");
            assert!(found.is_none_or(|ground| ground.causes == causes && ground.words.is_empty()));
        }
    }
}

#[test]
fn delivery_is_amazons_matter_where_amazon_fulfilled() {
    for (text, causes, expect) in [
        ("Two weeks late", &[Cause::LateDelivery][..], Some(Likely)),
        ("Never came, box crushed", &[Cause::NotReceived, Cause::DamagedInTransit], Some(Likely)),
        ("Late, and no refund", &[Cause::LateDelivery, Cause::RefundReturn], Some(Possible)),
        ("Late and broken", &[Cause::LateDelivery, Cause::DefectiveQuality], None),
        ("Bad", &[Cause::Other], None),
        ("", &[Cause::LateDelivery], None),
    ] {
        let sure = |is_fulfilled_by_amazon| {
            let grounds = precheck(text, &understood(En, causes), is_fulfilled_by_amazon);
            grounds.iter().find(|ground| ground.reason == FulfilledByAmazon).map(|ground| ground.sure)
        };
        assert_eq!((sure(true), sure(false)), (expect, None), "{text}");
    }
}

#[test]
fn the_likely_grounds_come_first_with_the_words_that_speak_for_them() {
    let text = "This shitty lamp broke. Idiots! Half the price at Walmart, ask joe@lamps.com";
    let grounds = precheck(text, &understood(En, &[Cause::DefectiveQuality]), true);
    let read: Vec<String> = grounds
        .iter()
        .map(|ground| {
            let (reason, sure) = (ground.reason.text(), ground.sure.text());
            let causes: Vec<&str> = ground.causes.iter().map(|cause| cause.name()).collect();
            format!(
                "{sure}: {reason} {:?} {causes:?}\n  {}\n{}: {}\n  {}",
                ground.words, ground.to_do.en, sure.zh, reason.zh, ground.to_do.zh
            )
        })
        .collect();
    let late = precheck("Two weeks late", &understood(En, &[Cause::LateDelivery]), true);
    insta::assert_snapshot!(format!(
        "{}\n\n----\n\n{}\n{}",
        read.join("\n\n"),
        late[0].to_do.en,
        late[0].to_do.zh
    ));
}
