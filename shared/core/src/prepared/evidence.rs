//! What to gather for the answer to an A-to-z claim, by its cause: what is known filled in, the rest
//! marked as to be found.
//!
//! Source of the 72 hours and of what Amazon weighs: Seller Central's help "Respond to an A-to-z
//! Guarantee claim".

use crate::say::Text;
use crate::text;
use crate::text::Cause;

/// What Renown knows of an order; days as they are to be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Known<'a> {
    /// The order's number.
    pub order: &'a str,
    /// When it was handed to the carrier.
    pub shipped_at: Option<&'a str>,
    /// The parcel's tracking number.
    pub tracking: Option<&'a str>,
    /// Who carried it.
    pub carrier: Option<&'a str>,
    /// When it was delivered.
    pub delivered_at: Option<&'a str>,
}

/// The list: first until when and where, then a line for each piece of evidence.
pub fn evidence(cause: Cause, known: &Known<'_>) -> Vec<Text> {
    let order = known.order;
    let mut list = vec![text!(
        "Claim on order {order}: answer it in Seller Central within 72 hours, with all of this in one answer.",
        "订单 {order} 的索赔:请在 72 小时内于卖家平台答复,一次提交以下全部内容。",
    )];
    list.extend(match cause {
        Cause::LateDelivery | Cause::NotReceived => of_delivery(known),
        Cause::DamagedInTransit => [of_shipment(known), of_damage()].concat(),
        Cause::DefectiveQuality | Cause::NotAsDescribed | Cause::SizeFit | Cause::MissingParts => {
            [of_item(cause), vec![return_offered()], of_shipment(known)].concat()
        }
        Cause::Safety | Cause::Counterfeit => [of_origin(cause), vec![return_offered()]].concat(),
        Cause::PriceValue | Cause::CustomerService | Cause::RefundReturn => of_refund(),
        Cause::OrderCancelled => of_cancellation(),
        Cause::Other => [of_shipment(known), vec![listing()]].concat(),
    });
    list.push(to_find(&text!("all messages with the buyer about this order", "与买家就该订单的全部消息")));
    list
}

/// That a parcel came, and when.
fn of_delivery(known: &Known<'_>) -> Vec<Text> {
    let mut list = of_shipment(known);
    list.extend([
        dated(&text!("day of delivery", "送达日期"), known.delivered_at),
        to_find(&text!(
            "the carrier's delivery scan with place and time",
            "承运商的送达扫描记录,含地点和时间"
        )),
        to_find(&text!(
            "the signature of whoever took it in, or the photo of the delivery",
            "签收人的签名或送达照片"
        )),
        to_find(&text!("proof that the parcel went to the address of the order", "包裹寄往订单地址的证明")),
    ]);
    list
}

/// That a parcel was sent, and how.
fn of_shipment(known: &Known<'_>) -> Vec<Text> {
    vec![
        dated(&text!("day of shipment", "发货日期"), known.shipped_at),
        dated(&text!("carrier", "承运商"), known.carrier),
        dated(&text!("tracking number", "运单号"), known.tracking),
        to_find(&text!("the receipt of the shipment or the label", "发货凭证或面单")),
    ]
}

/// How the parcel was packed, and what was done about the damage.
fn of_damage() -> Vec<Text> {
    vec![
        to_find(&text!("the buyer's photos of item and packaging", "买家拍摄的商品和包装照片")),
        to_find(&text!("photos or a description of how this item is packed", "该商品包装方式的照片或说明")),
        to_find(&text!(
            "your report of the damage to the carrier, with its number",
            "您向承运商报损的记录和编号"
        )),
        return_offered(),
    ]
}

/// That the item was the one that is sold.
fn of_item(cause: Cause) -> Vec<Text> {
    let of_cause = match cause {
        Cause::MissingParts => text!(
            "the packing list, and the weight of the parcel at the carrier",
            "装箱单,以及承运商称得的包裹重量"
        ),
        Cause::SizeFit => text!(
            "the sizes, or the devices it fits, as the listing gave them on the day of the order",
            "下单当日页面所列的尺寸或适用型号"
        ),
        _ => text!("what was checked before it was sent, and by whom", "发货前的检查内容和检查人"),
    };
    vec![
        listing(),
        to_find(&text!("your photos of the item or of the same lot", "您拍摄的该商品或同批次商品的照片")),
        to_find(&text!("the buyer's photos and description of the fault", "买家提供的照片和问题描述")),
        to_find(&of_cause),
    ]
}

/// Where the item comes from.
fn of_origin(cause: Cause) -> Vec<Text> {
    let papers = if cause == Cause::Counterfeit {
        text!("the brand's authorisation, if there is one", "品牌授权书(如有)")
    } else {
        text!("test reports and certificates of the product", "商品的检测报告和认证证书")
    };
    vec![
        to_find(&text!(
            "the supplier's invoices for this product, of the last 365 days",
            "该商品最近 365 天的供应商发票"
        )),
        to_find(&papers),
        to_find(&text!("lot or serial number of the item that was sent", "所发商品的批次号或序列号")),
        listing(),
    ]
}

/// What was paid back, or why not.
fn of_refund() -> Vec<Text> {
    vec![
        to_find(&text!("every amount charged and refunded, with its day", "每笔收款和退款的金额与日期")),
        to_find(&text!(
            "the return: asked for, approved, received, each with its day",
            "退货的申请、批准和收到日期"
        )),
        to_find(&text!("photos of what came back, if something was taken off", "若有扣减,退回商品的照片")),
        to_find(&text!(
            "your return policy as the buyer saw it on the day of the order",
            "买家下单当日所见的退货政策"
        )),
    ]
}

/// Why an order was cancelled, and that nothing is owed.
fn of_cancellation() -> Vec<Text> {
    vec![
        to_find(&text!("who cancelled the order, when, and why", "订单由谁、何时、为何取消")),
        to_find(&text!("proof that nothing was charged, or all of it refunded", "未扣款或已全额退款的证明")),
    ]
}

fn listing() -> Text {
    to_find(&text!("a snapshot of the listing as it was on the day of the order", "下单当日商品页面的快照"))
}

fn return_offered() -> Text {
    to_find(&text!(
        "your offer of a return, a replacement or a refund, with its day",
        "您提出退货、换货或退款的记录和日期"
    ))
}

/// A value that Renown knows, or a gap.
fn dated(what: &Text, value: Option<&str>) -> Text {
    let Some(value) = value.map(str::trim).filter(|value| !value.is_empty()) else { return to_find(what) };
    let (en, zh) = (&what.en, &what.zh);
    text!("[known] {en}: {value}", "[已知] {zh}:{value}")
}

fn to_find(what: &Text) -> Text {
    let (en, zh) = (&what.en, &what.zh);
    text!("[to find] {en}", "[待查] {zh}")
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOTHING: Known<'_> = Known {
        order: "302-1234567-1234567",
        shipped_at: None,
        tracking: None,
        carrier: None,
        delivered_at: None,
    };
    const MUCH: Known<'_> = Known {
        shipped_at: Some("2026-11-03"),
        tracking: Some("00340434292135100186"),
        carrier: Some("DHL"),
        delivered_at: Some("2026-11-05"),
        ..NOTHING
    };

    #[test]
    fn every_line_is_known_or_to_be_found_and_stands_once() {
        for cause in Cause::ALL {
            for known in [NOTHING, MUCH] {
                let list = evidence(cause, &known);
                assert!(list[0].en.contains(known.order) && list[0].zh.contains("72"), "{cause}");
                assert!(list.len() >= 4, "{cause}: {list:?}");
                for (at, line) in list.iter().enumerate().skip(1) {
                    let is_known = line.en.starts_with("[known] ") && line.zh.starts_with("[已知] ");
                    let is_to_find = line.en.starts_with("[to find] ") && line.zh.starts_with("[待查] ");
                    assert!(is_known || is_to_find, "{cause}: {line}");
                    assert!(!list[..at].contains(line), "{cause}: {line} twice");
                }
            }
        }
    }

    #[test]
    fn what_is_known_is_filled_in_and_what_is_blank_is_not() {
        let lines = |known: &Known<'_>| {
            let list = evidence(Cause::NotReceived, known);
            list.into_iter().filter(|line| line.en.starts_with("[known]")).count()
        };
        assert_eq!(lines(&MUCH), 4);
        assert_eq!(lines(&NOTHING), 0);
        assert_eq!(lines(&Known { carrier: Some(" "), ..MUCH }), 3);
    }

    #[test]
    fn a_list_reads_like_this() {
        let read = [
            (Cause::NotReceived, Known { delivered_at: None, ..MUCH }),
            (Cause::NotAsDescribed, MUCH),
            (Cause::RefundReturn, NOTHING),
        ]
        .map(|(cause, known)| {
            let list = evidence(cause, &known);
            let lines: Vec<String> = list.iter().map(|line| format!("{}\n{}", line.en, line.zh)).collect();
            format!("{cause}\n\n{}", lines.join("\n"))
        });
        insta::assert_snapshot!(read.join("\n\n----\n\n"));
    }
}
