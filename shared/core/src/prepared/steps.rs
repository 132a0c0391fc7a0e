//! What to do about a case: what to look at, what to offer or decide, what to keep to.
//!
//! Hours and days: 24 hours for a message (Seller Central's help "Contact response time"), 72 for a
//! claim ("Respond to an A-to-z Guarantee claim"); 48 hours for feedback, three days for a return and
//! a working day for a survey are aims of our own.

use super::situation::Situation;
use crate::say::Text;
use crate::text;
use crate::text::Cause;

/// Two to four short steps, in their order.
pub fn steps(cause: Cause, situation: Situation) -> Vec<Text> {
    let settle = match situation {
        Situation::Feedback | Situation::Message | Situation::Survey => offer(cause),
        Situation::Return => of_return(cause),
        Situation::Claim => of_claim(cause),
    };
    let mut steps = vec![look(cause), settle];
    if cause == Cause::Safety {
        steps.push(text!(
            "Hand the case to whoever is responsible for product safety today; keep all messages, photos and lot numbers.",
            "今天就把此事交给产品安全负责人;保留全部消息、照片和批次号。",
        ));
    }
    steps.push(keep_to(situation));
    steps
}

/// What to look at first.
fn look(cause: Cause) -> Text {
    match cause {
        Cause::LateDelivery => text!(
            "Look up where the parcel is, which day was promised, and who fulfilled the order.",
            "查清包裹现在何处、承诺哪天送达、订单由谁配送。",
        ),
        Cause::NotReceived => text!(
            "Look up the last scan and the place of delivery, and compare it with the address of the order.",
            "查看最后一次扫描和投递地点,与订单地址核对。",
        ),
        Cause::DamagedInTransit => text!(
            "Find out what broke, the item or its packaging, and whether this packaging has failed before.",
            "弄清损坏的是商品还是包装,以及这种包装以前是否出过问题。",
        ),
        Cause::DefectiveQuality => text!(
            "Find out what fails and since when; look for the same fault in other returns of this product.",
            "弄清哪里出了故障、从何时开始;查看该商品的其他退货中有没有同样的问题。",
        ),
        Cause::NotAsDescribed => text!(
            "Compare the buyer's words with the listing and with what was packed: is the item wrong, or the listing?",
            "把买家所说与商品页面、实际发出的商品核对:是发错了货,还是页面写错了?",
        ),
        Cause::SizeFit => text!(
            "Compare the buyer's words with the sizes, or the devices it fits, in the listing.",
            "把买家所说与页面上的尺寸或适用型号核对。",
        ),
        Cause::MissingParts => text!(
            "Compare what is missing with the packing list, and see whether the order left in several parcels.",
            "把缺少的部分与装箱单核对,并查看订单是否分成几个包裹发出。",
        ),
        Cause::PriceValue => text!(
            "Check what was charged: item, shipping, tax, and whether anything was charged twice.",
            "核对收取的每一笔:商品、运费、税费,以及有没有重复收费。",
        ),
        Cause::CustomerService => text!(
            "Read all messages of this order: which question is open, and since when?",
            "通读该订单的全部消息:哪个问题还没有答复,从何时起?",
        ),
        Cause::RefundReturn => text!(
            "Look up the return and the refund: dates, amounts, and what is still open.",
            "查看退货和退款的日期、金额,以及还有什么没有办完。",
        ),
        Cause::Safety => text!(
            "Stop selling the item until it is checked, and set the stock of the same lot aside.",
            "在查清之前停售该商品,并把同批次库存单独存放。",
        ),
        Cause::Counterfeit => text!(
            "Get out the supplier's invoices for this product, and set the stock of the same delivery aside.",
            "找出该商品的供应商发票,并把同批到货的库存单独存放。",
        ),
        Cause::OrderCancelled => text!(
            "Find out why the order was cancelled, and whether the buyer was charged.",
            "弄清订单为何取消,买家是否已被扣款。",
        ),
        Cause::Other => text!(
            "Read the buyer's words and the order once more: what would have to be put right?",
            "再读一遍买家的话和订单:有什么需要补救?",
        ),
    }
}

/// What to offer a buyer to whom one writes.
fn offer(cause: Cause) -> Text {
    match cause {
        Cause::LateDelivery => text!(
            "Name the day until which you wait for the carrier; from then on offer a replacement or a full refund, as the buyer prefers.",
            "说明最晚等承运商到哪一天;过了这天就由买家选择补发或全额退款。",
        ),
        Cause::NotReceived => text!(
            "Offer a replacement or a full refund, as the buyer prefers; ask the carrier yourself, do not leave it to the buyer.",
            "由买家选择补发或全额退款;由您自己去问承运商,不要推给买家。",
        ),
        Cause::DamagedInTransit => text!(
            "Offer a replacement or a full refund, as the buyer prefers; settle the damage with the carrier yourself.",
            "由买家选择补发或全额退款;损失由您自己向承运商索赔。",
        ),
        Cause::DefectiveQuality => text!(
            "Offer a replacement or a full refund, as the buyer prefers; you bear the cost of sending it back.",
            "由买家选择换货或全额退款;退回的运费由您承担。",
        ),
        Cause::NotAsDescribed => text!(
            "Offer the right item or a full refund, as the buyer prefers; correct the listing if it is wrong.",
            "由买家选择补发正确的商品或全额退款;页面有误就改正。",
        ),
        Cause::SizeFit => text!(
            "Offer the fitting size or model, or the return for a refund, as the buyer prefers.",
            "由买家选择换成合适的尺寸或型号,或者退货退款。",
        ),
        Cause::MissingParts => text!(
            "Offer to send the missing parts at once, or a full refund, as the buyer prefers.",
            "由买家选择立即补寄缺件或全额退款。",
        ),
        Cause::PriceValue => text!(
            "Refund what was charged by mistake; otherwise offer the return for a full refund. Do not argue about the price.",
            "误收的款项要退还;否则提出退货并全额退款。不要争论价格。",
        ),
        Cause::CustomerService => text!(
            "Apologise once, answer the open question completely, and name the day of the next step.",
            "道歉一次,把没有答复的问题答复完整,并说明下一步在哪天。",
        ),
        Cause::RefundReturn => text!(
            "Issue today what is due, and name amount and day; if nothing is due, say why in one sentence.",
            "应退的今天就退,并写明金额和日期;若不应退,用一句话说明原因。",
        ),
        Cause::Safety => text!(
            "Ask the buyer to stop using the item and offer a full refund; do not send another of the same lot.",
            "请买家停止使用该商品,并提出全额退款;不要再寄同批次的商品。",
        ),
        Cause::Counterfeit => text!(
            "Offer the return at your cost for a full refund; do not dispute what the buyer sees.",
            "提出由您承担运费退货并全额退款;不要与买家争辩。",
        ),
        Cause::OrderCancelled => text!(
            "Say plainly why it was cancelled, and refund whatever was charged.",
            "如实说明取消的原因,已扣的款项全部退还。",
        ),
        Cause::Other => text!(
            "If the cause is not clear, ask one short question; otherwise offer a replacement or a full refund, as the buyer prefers.",
            "原因不清楚时只问一个简短的问题;否则由买家选择换货或全额退款。",
        ),
    }
}

/// What to decide about a return.
fn of_return(cause: Cause) -> Text {
    match cause {
        Cause::LateDelivery
        | Cause::DamagedInTransit
        | Cause::DefectiveQuality
        | Cause::NotAsDescribed
        | Cause::MissingParts
        | Cause::Counterfeit => text!(
            "Approve the return at your cost, and refund the whole amount with shipping; take nothing off.",
            "批准退货并承担退回的运费,连同原运费全额退款,不作扣减。",
        ),
        Cause::Safety => text!(
            "Refund the whole amount with shipping now; do not make it wait for the item, and do not send another of the same lot.",
            "立即连同运费全额退款;不要等商品退回,也不要再寄同批次的商品。",
        ),
        Cause::SizeFit | Cause::PriceValue | Cause::Other => text!(
            "Approve the return if it is within Amazon's return policy, also without a reason; take nothing off that you cannot show with photos.",
            "只要符合亚马逊的退货政策就批准,没有理由也一样;拿不出照片为证的,不得扣减。",
        ),
        Cause::NotReceived => text!(
            "Nothing can come back, so do not wait for it: offer a replacement or a full refund now, as the buyer prefers.",
            "没有东西可退回,不要等待:立即由买家选择补发或全额退款。",
        ),
        Cause::OrderCancelled => text!(
            "Nothing can come back, so do not wait for it: refund whatever was charged now.",
            "没有东西可退回,不要等待:已扣的款项立即退还。",
        ),
        Cause::CustomerService | Cause::RefundReturn => text!(
            "Take the decision that the buyer is waiting for, give its reason in one sentence, and name amount and day of the refund.",
            "作出买家等待的决定,用一句话说明理由,并写明退款的金额和日期。",
        ),
    }
}

/// What to decide about a claim.
fn of_claim(cause: Cause) -> Text {
    match cause {
        Cause::LateDelivery | Cause::NotReceived => text!(
            "With a delivery scan at the buyer's address, contest the claim; without one, accept it.",
            "有送达买家地址的扫描记录就申辩;没有就接受索赔。",
        ),
        Cause::DamagedInTransit => text!(
            "With proof that you offered a return or a replacement, contest the claim; otherwise accept it.",
            "能证明已提出退货或补发就申辩;否则接受索赔。",
        ),
        Cause::DefectiveQuality | Cause::NotAsDescribed | Cause::SizeFit | Cause::MissingParts => text!(
            "If listing and photos show that the item was right, and you offered a return, contest the claim; otherwise accept it.",
            "若页面和照片能证明商品无误,且您已提出退货,就申辩;否则接受索赔。",
        ),
        Cause::Counterfeit => text!(
            "With the supplier's invoices, contest the claim; without them, accept it.",
            "有供应商发票就申辩;没有就接受索赔。",
        ),
        Cause::Safety => text!(
            "Accept the claim; do not argue about an injury or a danger.",
            "接受索赔;不要就伤害或危险争辩。",
        ),
        Cause::PriceValue | Cause::CustomerService | Cause::RefundReturn | Cause::OrderCancelled => text!(
            "If what was due has been refunded, contest the claim with date and amount; otherwise accept it.",
            "应退的已经退了,就写明日期和金额申辩;否则接受索赔。",
        ),
        Cause::Other => text!(
            "If order, tracking and messages show that nothing is open, contest the claim with them; otherwise accept it.",
            "若订单、物流和消息能证明没有未了之事,就据此申辩;否则接受索赔。",
        ),
    }
}

/// What to keep to, by the way it came.
fn keep_to(situation: Situation) -> Text {
    match situation {
        Situation::Feedback => text!(
            "Write within 48 hours, by Buyer-Seller Messaging only. Do not ask to change or remove the feedback, in return for something or otherwise.",
            "在 48 小时内联系,只用买家与卖家消息。不得以此换取修改或删除反馈,也不得另行提出。",
        ),
        Situation::Return => text!(
            "Decide within 3 days, and refund in Manage Returns only, so that it is on record.",
            "在 3 天内作出决定,只在“管理退货”中退款,以便留下记录。",
        ),
        Situation::Claim => text!(
            "Answer in the claim within 72 hours, with the evidence attached; refund there only, or it may be paid twice.",
            "在 72 小时内于索赔页面答复并附上证据;只在该页面退款,以免重复支付。",
        ),
        Situation::Message => text!(
            "Answer within 24 hours, at weekends too, in Amazon's messages; give no link, mail address or telephone number.",
            "在 24 小时内通过亚马逊消息答复,周末也一样;不留链接、邮箱或电话。",
        ),
        Situation::Survey => text!(
            "Answer within a working day from the shop's own address; write of this order only, and ask for nothing else.",
            "在一个工作日内用店铺自己的邮箱答复;只谈这一订单,不提其他请求。",
        ),
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::lint::{Channel, Options, lint};

    fn all() -> impl Iterator<Item = (Cause, Situation)> {
        Cause::ALL.into_iter().flat_map(|cause| Situation::ALL.map(|situation| (cause, situation)))
    }

    #[test]
    fn there_are_two_to_four_different_short_steps_whatever_the_case() {
        for (cause, situation) in all() {
            let steps = steps(cause, situation);
            assert!((2..=4).contains(&steps.len()), "{cause} {situation}");
            for (at, step) in steps.iter().enumerate() {
                assert!(!steps[..at].contains(step), "{cause} {situation}: {step}");
                let (en, zh) = (step.en.chars().count(), step.zh.chars().count());
                assert!(en <= 150 && zh <= 60, "{cause} {situation}: {en} {zh} {step}");
            }
        }
    }

    #[test]
    fn no_step_proposes_what_must_not_be_said_to_a_buyer() {
        for (cause, situation) in all() {
            let mut steps = steps(cause, situation);
            let last = steps.pop().expect("there are steps");
            assert_eq!(last, keep_to(situation), "the bans stand last");
            for said in steps.iter().flat_map(|step| [&step.en, &step.zh]) {
                let report = lint(said, &Options::new(Channel::Amazon, date(2026, 11, 22)));
                assert_eq!(report.findings, [], "{said}");
            }
        }
    }

    #[test]
    fn a_case_of_feedback_says_once_that_nothing_is_asked_of_the_feedback() {
        for cause in Cause::ALL {
            let said = steps(cause, Situation::Feedback);
            assert_eq!(said.iter().filter(|step| step.en.contains("the feedback")).count(), 1, "{cause}");
        }
    }

    #[test]
    fn steps_read_like_this() {
        let cases = [
            (Cause::NotReceived, Situation::Feedback),
            (Cause::SizeFit, Situation::Return),
            (Cause::DefectiveQuality, Situation::Claim),
            (Cause::Safety, Situation::Message),
            (Cause::CustomerService, Situation::Survey),
        ];
        let read = cases.map(|(cause, situation)| {
            let steps: Vec<String> =
                steps(cause, situation).iter().map(|step| format!("- {}\n  {}", step.en, step.zh)).collect();
            format!("{cause}, {situation}\n{}", steps.join("\n"))
        });
        insta::assert_snapshot!(read.join("\n\n"));
    }
}
