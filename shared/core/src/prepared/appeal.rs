//! The frame of a plan of action for Amazon when the account's health suffers: root cause,
//! corrective action, preventive action.
//!
//! It asks and states nothing: each `[…]` is to be filled in with what is true and can be shown.
//! The three parts are those that Amazon asks for. Source: Seller Central's help "Create a plan of
//! action to reinstate selling privileges".

use super::metric::Metric;
use crate::say::Text;
use crate::text;

/// The frame, with blanks to be filled in.
pub fn skeleton(metric: Metric) -> Text {
    let (name, prompts) = (metric.text(), Prompts::of(metric));
    let Prompts { opening, cause, corrected, prevented } = prompts;
    Text {
        en: format!(
            "Plan of action: {}\n[Fill in every blank, and delete every line that is not true or cannot be shown, this one too.]\n\n{}\n\n1. Root cause\n{}\n\n2. Corrective action, done already\n{}\n\n\
             3. Preventive action, from now on\n{}\n- Responsible: [role]. Checked: [how often, by whom]. First result by: [date].\n\n\
             Attached: [each document, with what it shows].",
            name.en, opening.en, cause.en, corrected.en, prevented.en
        ),
        zh: format!(
            "行动计划:{}\n[填写每处空白;凡不属实或无法证明的行一律删除,本行也一样。]\n\n{}\n\n一、根本原因\n{}\n\n二、已采取的纠正措施\n{}\n\n\
             三、今后的预防措施\n{}\n- 负责人:[岗位]。检查:[频率、由谁检查]。首次见效:[日期]。\n\n\
             附件:[逐份列出文件,并注明各自证明什么]。",
            name.zh, opening.zh, cause.zh, corrected.zh, prevented.zh
        ),
    }
}

/// What is asked in each part.
struct Prompts {
    opening: Text,
    cause: Text,
    corrected: Text,
    prevented: Text,
}

impl Prompts {
    fn of(metric: Metric) -> Self {
        match metric {
            Metric::OrderDefectRate => Self::order_defect_rate(),
            Metric::LateShipment => Self::late_shipment(),
            Metric::Cancellation => Self::cancellation(),
            Metric::ValidTracking => Self::valid_tracking(),
            Metric::OnTimeDelivery => Self::on_time_delivery(),
            Metric::NegativeFeedback => Self::negative_feedback(),
            Metric::PolicyViolation => Self::policy_violation(),
            Metric::ProductComplaints => Self::product_complaints(),
        }
    }

    fn order_defect_rate() -> Self {
        Self {
            opening: text!(
                "From [date] to [date] the rate was [rate] against a target of [target]: [number] orders with a defect out of [number].",
                "[日期]至[日期],该比率为[比率],目标为[目标]:[数量]个订单中有[数量]个有缺陷。",
            ),
            cause: text!(
                "- Defects by kind: [number] claims, [number] chargebacks, [number] bad feedback.\n\
                 - Most of them concern [products, carrier or period], because [reason].\n\
                 - We did not notice earlier because [reason].",
                "- 按类别:索赔[数量]个,拒付[数量]个,负面反馈[数量]个。\n\
                 - 其中大多涉及[商品、承运商或时段],原因是[原因]。\n\
                 - 未能更早发现,是因为[原因]。",
            ),
            corrected: text!(
                "- Every buyer concerned has been answered: [number] refunded, [number] sent a replacement, on [dates].\n\
                 - The listings or stock concerned are [closed, corrected, checked] since [date].",
                "- 已答复所有相关买家:[数量]个已退款,[数量]个已补发,日期为[日期]。\n\
                 - 相关商品页面或库存自[日期]起已[下架、更正、检查]。",
            ),
            prevented: text!(
                "- The reason above cannot recur because [change of process].\n\
                 - Claims and messages are answered within [hours] by [role].",
                "- 上述原因不会再次出现,因为[流程的改变]。\n\
                 - 索赔和消息由[岗位]在[小时数]内答复。",
            ),
        }
    }

    fn late_shipment() -> Self {
        Self {
            opening: text!(
                "From [date] to [date] [number] of [number] orders were confirmed late: [rate] against a target of [target].",
                "[日期]至[日期],[数量]个订单中有[数量]个延迟确认发货:比率[比率],目标[目标]。",
            ),
            cause: text!(
                "- The orders were late in [warehouse, confirmation, pick-up], because [reason].\n\
                 - Handling time is set to [days]; really needed were [days].\n\
                 - On [days] more orders came in than we could ship: [number] against [number].",
                "- 延误发生在[仓库、确认发货、揽收]环节,原因是[原因]。\n\
                 - 设定的处理时间为[天数];实际需要[天数]。\n\
                 - [日期]的订单超出我们的发货能力:[数量]对[数量]。",
            ),
            corrected: text!(
                "- All orders that were late have been shipped, the last one on [date].\n\
                 - Handling time has been set to [days] since [date], for [products or all].",
                "- 所有延误订单均已发出,最后一个于[日期]发出。\n\
                 - 自[日期]起,[部分商品或全部商品]的处理时间已改为[天数]。",
            ),
            prevented: text!(
                "- Orders due today are listed at [time] and shipped by [time].\n\
                 - On days with more than [number] orders, [what happens].\n\
                 - At holidays and absences, [settings that are changed, and by whom].",
                "- 每天[时间]列出当日应发订单,[时间]前发出。\n\
                 - 当日订单超过[数量]时,[如何处理]。\n\
                 - 节假日和人员缺勤时,[由谁更改哪些设置]。",
            ),
        }
    }

    fn cancellation() -> Self {
        Self {
            opening: text!(
                "From [date] to [date] we cancelled [number] of [number] orders before shipping: [rate] against a target of [target].",
                "[日期]至[日期],我们在配送前取消了[数量]个订单中的[数量]个:比率[比率],目标[目标]。",
            ),
            cause: text!(
                "- Cancelled because: [number] out of stock, [number] wrong price, [number] other: [which].\n\
                 - Stock on Amazon differed from real stock because [reason].",
                "- 取消的原因:缺货[数量]个,价格有误[数量]个,其他[数量]个:[说明]。\n\
                 - 亚马逊上的库存与实际库存不符,原因是[原因]。",
            ),
            corrected: text!(
                "- Stock of [products] was counted on [date] and corrected.\n\
                 - Listings that cannot be shipped have been closed since [date]: [number].",
                "- [商品]的库存已于[日期]盘点并更正。\n\
                 - 无法发货的商品自[日期]起已停售:[数量]个。",
            ),
            prevented: text!(
                "- Stock is brought up to date every [interval] from [source].\n\
                 - The last [number] units are not offered.\n\
                 - Prices are checked by [how] before they are published.",
                "- 库存每[间隔]根据[来源]更新一次。\n\
                 - 最后[数量]件不上架销售。\n\
                 - 价格发布前以[方式]核对。",
            ),
        }
    }

    fn valid_tracking() -> Self {
        Self {
            opening: text!(
                "From [date] to [date] [number] of [number] parcels had a valid tracking number: [rate] against a target of [target].",
                "[日期]至[日期],[数量]个包裹中有[数量]个追踪编码有效:比率[比率],目标[目标]。",
            ),
            cause: text!(
                "- Numbers missing: [number], because [reason].\n\
                 - Numbers never scanned by the carrier: [number], with [carrier and service].\n\
                 - Numbers under a wrong carrier's name: [number], because [reason].",
                "- 缺少运单号:[数量]个,原因是[原因]。\n\
                 - 承运商从未扫描:[数量]个,涉及[承运商和服务]。\n\
                 - 承运商名称填错:[数量]个,原因是[原因]。",
            ),
            corrected: text!(
                "- Missing and wrong numbers were added or corrected on [date]: [number].\n\
                 - [Carrier or service] is not used any more since [date].",
                "- 缺少和错误的运单号已于[日期]补充或更正:[数量]个。\n\
                 - 自[日期]起不再使用[承运商或服务]。",
            ),
            prevented: text!(
                "- Numbers are taken from [system] and no longer typed by hand.\n\
                 - Parcels without a first scan after [hours] are asked for at the carrier.",
                "- 运单号从[系统]自动获取,不再手工录入。\n\
                 - 超过[小时数]仍无首次扫描的包裹,向承运商查问。",
            ),
        }
    }

    fn on_time_delivery() -> Self {
        Self {
            opening: text!(
                "From [date] to [date] [number] of [number] parcels arrived by their day: [rate] against a target of [target].",
                "[日期]至[日期],[数量]个包裹中有[数量]个准时送达:比率[比率],目标[目标]。",
            ),
            cause: text!(
                "- Late by carrier, service and region: [table or summary].\n\
                 - Transit time is set to [days]; really needed were [days].\n\
                 - Handed over late by us: [number]; late on the way: [number].",
                "- 按承运商、服务和地区统计的延误:[表格或摘要]。\n\
                 - 设定的运输时间为[天数];实际需要[天数]。\n\
                 - 由我们延迟交运:[数量]个;运输途中延误:[数量]个。",
            ),
            corrected: text!(
                "- Transit time for [regions] has been set to [days] since [date].\n\
                 - Parcels for [regions] have gone by [carrier and service] since [date].",
                "- [地区]的运输时间自[日期]起已改为[天数]。\n\
                 - 发往[地区]的包裹自[日期]起改用[承运商和服务]。",
            ),
            prevented: text!(
                "- Delivery times by carrier and region are compared with the settings every [interval].\n\
                 - In case of strikes or weather, [what is changed, and by whom].",
                "- 每[间隔]将各承运商、各地区的送达时间与设置比对一次。\n\
                 - 遇罢工或恶劣天气时,[由谁更改什么]。",
            ),
        }
    }

    fn negative_feedback() -> Self {
        Self {
            opening: text!(
                "From [date] to [date] [number] of [number] feedback entries had one or two stars: [rate].",
                "[日期]至[日期],[数量]条反馈中有[数量]条为一星或两星:比率[比率]。",
            ),
            cause: text!(
                "- By cause: [delivery: number], [product: number], [service: number], [other: number].\n\
                 - The most frequent cause arose because [reason].",
                "- 按原因:[配送:数量]、[商品:数量]、[服务:数量]、[其他:数量]。\n\
                 - 最常见的原因在于[原因]。",
            ),
            corrected: text!(
                "- Every buyer concerned was offered help with the order, without a word about the feedback: [number] of [number] settled.\n\
                 - The cause itself was removed on [date] by [measure].",
                "- 已就订单向所有相关买家提供帮助,未提及反馈:[数量]个中已解决[数量]个。\n\
                 - 原因本身已于[日期]通过[措施]消除。",
            ),
            prevented: text!(
                "- Bad feedback is read within [hours] and its cause noted.\n\
                 - A cause that comes up [number] times in [period] leads to [measure].",
                "- 负面反馈在[小时数]内查阅并记录原因。\n\
                 - 同一原因在[时段]内出现[数量]次,即[措施]。",
            ),
        }
    }

    fn policy_violation() -> Self {
        Self {
            opening: text!(
                "On [date] we were told that [listing or action] breaks the policy [name of the policy]. We have read it.",
                "[日期]我们获知[商品页面或行为]违反了[政策名称]。我们已阅读该政策。",
            ),
            cause: text!(
                "- What happened: [listing or action], from [date] to [date], by [role].\n\
                 - It was possible because [reason]; the policy was [unknown, misread, not checked].",
                "- 事情经过:[商品页面或行为],[日期]至[日期],由[岗位]所为。\n\
                 - 之所以发生,是因为[原因];该政策当时[不为人知、被误解、未经核对]。",
            ),
            corrected: text!(
                "- [Listing or action] was [removed, corrected, ended] on [date].\n\
                 - All other listings were checked for the same: [number] checked, [number] corrected.",
                "- [商品页面或行为]已于[日期][移除、更正、停止]。\n\
                 - 已就同样问题检查其他所有商品:检查[数量]个,更正[数量]个。",
            ),
            prevented: text!(
                "- Before it is published, each listing is checked against [list of policies] by [role].\n\
                 - Changes of policies are read every [interval] and passed on to [who].",
                "- 每个商品发布前由[岗位]对照[政策清单]检查。\n\
                 - 每[间隔]查阅政策变动,并通知[对象]。",
            ),
        }
    }

    fn product_complaints() -> Self {
        Self {
            opening: text!(
                "Product [ASIN]: [number] complaints of [authenticity, condition or safety] from [date] to [date], in [number] orders.",
                "商品 [ASIN]:[日期]至[日期],[数量]个订单中有[数量]起关于[真伪、状况或安全]的投诉。",
            ),
            cause: text!(
                "- Source: [supplier], invoices of [dates], [number] units.\n\
                 - What the buyers found: [summary]; what our own check of the stock found: [result].\n\
                 - It came about in [purchase, storage, packing, listing], because [reason].",
                "- 来源:[供应商],发票日期[日期],共[数量]件。\n\
                 - 买家反映:[摘要];我们检查库存的结果:[结果]。\n\
                 - 问题出在[采购、仓储、包装、商品页面],原因是[原因]。",
            ),
            corrected: text!(
                "- The offer has been closed and the stock set aside since [date]: [number] units.\n\
                 - Buyers concerned were refunded: [number]; told of a danger, if there is one: [number].",
                "- 自[日期]起已停售并隔离库存:[数量]件。\n\
                 - 已向相关买家退款:[数量]个;如有危险,已告知:[数量]个。",
            ),
            prevented: text!(
                "- Only [suppliers] are bought from; papers that are asked for: [list].\n\
                 - From each delivery [number] units are checked for [points] before they are sold.\n\
                 - Returned units are [checked, how] and are not sold as new.",
                "- 只向[供应商]采购;要求提供的单据:[清单]。\n\
                 - 每批到货在销售前抽查[数量]件,检查[项目]。\n\
                 - 退回的商品须[如何检查],不作为新品出售。",
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_frame_has_three_parts_and_the_same_number_of_blanks_in_both_languages() {
        for metric in Metric::ALL {
            let Text { en, zh } = skeleton(metric);
            for part in ["1. Root cause", "2. Corrective action", "3. Preventive action", "Attached"] {
                assert_eq!(en.matches(part).count(), 1, "{metric}: {part}");
            }
            for part in ["一、根本原因", "二、已采取的纠正措施", "三、今后的预防措施", "附件"]
            {
                assert_eq!(zh.matches(part).count(), 1, "{metric}: {part}");
            }
            let blanks = |text: &str| (text.matches('[').count(), text.matches(']').count());
            assert_eq!(blanks(&en), blanks(&zh), "{metric}");
            assert!(blanks(&en).0 >= 15, "{metric}");
            assert_eq!(en.lines().count(), zh.lines().count(), "{metric}");
        }
    }

    #[test]
    fn no_frame_states_a_number_or_a_day() {
        for metric in Metric::ALL {
            let numbered = |line: &str| line.starts_with(|c: char| c.is_ascii_digit());
            let Text { en, zh } = skeleton(metric);
            for line in en.lines().chain(zh.lines()).filter(|line| !numbered(line)) {
                assert!(!line.contains(|c: char| c.is_ascii_digit()), "{metric}: {line}");
            }
        }
    }

    #[test]
    fn a_frame_reads_like_this() {
        let read = [Metric::LateShipment, Metric::ProductComplaints]
            .map(|metric| format!("{0}\n\n{1}", skeleton(metric).en, skeleton(metric).zh));
        insta::assert_snapshot!(read.join("\n\n----\n\n"));
    }
}
