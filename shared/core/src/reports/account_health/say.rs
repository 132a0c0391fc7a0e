//! The words of the report as people read them. A word that is not known is shown as Amazon
//! writes it.

use super::{AccountStatus, MetricKind, PartKind, RatingStatus, Verdict, ViolationKind, WarningKind};
use crate::say::Text;
use crate::text;

impl AccountStatus {
    /// What a person reads.
    pub fn text(&self) -> Text {
        match self {
            Self::Normal => text!("normal", "正常"),
            Self::AtRisk => text!("at risk of deactivation", "有被停用的风险"),
            Self::Deactivated => text!("deactivated", "已停用"),
            Self::Other(word) => text!("{word}", "{word}"),
        }
    }
}

impl Verdict {
    /// What a person reads.
    pub fn text(&self) -> Text {
        match self {
            Self::Good => text!("good", "达标"),
            Self::Bad => text!("bad", "未达标"),
            Self::None => text!("not judged", "未评定"),
            Self::Other(word) => text!("{word}", "{word}"),
        }
    }
}

impl RatingStatus {
    /// What a person reads.
    pub fn text(&self) -> Text {
        match self {
            Self::Great => text!("great", "良好"),
            Self::Warned => text!("warned", "受到警告"),
            Self::Other(word) => text!("{word}", "{word}"),
        }
    }
}

impl MetricKind {
    /// What a person reads.
    pub fn text(&self) -> Text {
        match self {
            Self::OrderDefectsByMerchant => {
                text!("order defect rate (shipped by the seller)", "订单缺陷率(卖家自配送)")
            }
            Self::OrderDefectsByAmazon => {
                text!("order defect rate (shipped by Amazon)", "订单缺陷率(亚马逊配送)")
            }
            Self::LateShipments => text!("late shipment rate", "迟发率"),
            Self::Cancellations => text!("pre-fulfilment cancel rate", "配送前取消率"),
            Self::ValidTracking => text!("valid tracking rate", "有效追踪率"),
            Self::OnTimeDelivery => text!("on-time delivery rate", "准时送达率"),
            Self::UnitOnTimeDelivery => text!("on-time delivery rate of units", "准时送达率(按件)"),
            Self::InvoiceDefects => text!("invoice defect rate", "发票缺陷率"),
            Self::Other(word) => text!("{word}", "{word}"),
        }
    }
}

impl PartKind {
    /// What a person reads.
    pub fn text(&self) -> Text {
        match self {
            Self::OrdersWithDefects => text!("orders with a defect", "有缺陷的订单"),
            Self::Claims => text!("A-to-Z claims", "亚马逊商城交易保障索赔"),
            Self::Chargebacks => text!("chargebacks", "信用卡拒付"),
            Self::NegativeFeedback => text!("negative feedback", "负面反馈"),
            Self::LateShipments => text!("late shipments", "迟发订单"),
            Self::Cancellations => text!("cancelled orders", "已取消订单"),
            Self::ValidTracking => text!("shipments with valid tracking", "有有效追踪编码的货件"),
            Self::OnTimeDeliveries => text!("deliveries on time", "准时送达的货件"),
            Self::UnitsOnTime => text!("units delivered on time", "准时送达的商品件数"),
            Self::InvoiceDefects => text!("invoices with a defect", "有缺陷的发票"),
            Self::MissingInvoices => text!("missing invoices", "缺失的发票"),
            Self::LateInvoices => text!("late invoices", "延迟的发票"),
            Self::Other(word) => text!("{word}", "{word}"),
        }
    }
}

impl WarningKind {
    /// What a person reads.
    pub fn text(&self) -> Text {
        match self {
            Self::SpammingMessages => {
                text!("messages to buyers that break Amazon's rules", "发给买家的消息违反亚马逊规定")
            }
            Self::Other(word) => text!("{word}", "{word}"),
        }
    }
}

impl ViolationKind {
    /// What a person reads.
    pub fn text(&self) -> Text {
        match self {
            Self::ListingPolicy => text!("listing policy violations", "违反商品信息政策"),
            Self::AuthenticityComplaints => {
                text!("complaints that a product is not authentic", "买家对商品真实性的投诉")
            }
            Self::ConditionComplaints => {
                text!("complaints about a product's condition", "买家对商品状况的投诉")
            }
            Self::SafetyComplaints => text!("complaints about a product's safety", "买家对商品安全的投诉"),
            Self::IntellectualPropertyComplaints => {
                text!("intellectual property complaints", "收到的知识产权投诉")
            }
            Self::SuspectedIntellectualProperty => {
                text!("suspected intellectual property violations", "涉嫌侵犯知识产权")
            }
            Self::RestrictedProducts => text!("restricted product violations", "违反受限商品政策"),
            Self::FoodAndProductSafety => text!("food and product safety issues", "食品和商品安全问题"),
            Self::CustomerReviews => text!("product review violations", "违反买家商品评论政策"),
            Self::OtherPolicy => text!("other policy violations", "违反其他政策"),
            Self::DocumentRequests => text!("documents that Amazon asks for", "亚马逊要求提供的文件"),
            Self::Other(word) => text!("{word}", "{word}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reports::account_health::{HealthError, Unread, Unreadable};

    fn is_chinese(text: &str) -> bool {
        text.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c))
    }

    #[test]
    fn every_word_has_a_text_of_its_own_in_both_languages() {
        let sets: [Vec<Text>; 7] = [
            AccountStatus::KNOWN.iter().map(AccountStatus::text).collect(),
            Verdict::KNOWN.iter().map(Verdict::text).collect(),
            RatingStatus::KNOWN.iter().map(RatingStatus::text).collect(),
            MetricKind::KNOWN.iter().map(MetricKind::text).collect(),
            PartKind::KNOWN.iter().map(PartKind::text).collect(),
            WarningKind::KNOWN.iter().map(WarningKind::text).collect(),
            ViolationKind::KNOWN.iter().map(ViolationKind::text).collect(),
        ];
        for texts in sets {
            for (n, Text { en, zh }) in texts.iter().enumerate() {
                assert!(!is_chinese(en) && is_chinese(zh), "{en} {zh}");
                assert!(texts[..n].iter().all(|other| &other.en != en && &other.zh != zh), "{en} {zh}");
            }
        }
        let unknown = ViolationKind::Other("quietHours".to_owned()).text();
        assert_eq!((unknown.en.as_str(), unknown.zh.as_str()), ("quietHours", "quietHours"));
    }

    #[test]
    fn what_cannot_be_read_is_told_with_its_place_in_both_languages() {
        for problem in Unreadable::ALL {
            let unread = Unread { place: "performanceMetrics[0].x".to_owned(), problem };
            let Text { en, zh } = unread.text();
            assert_eq!(unread.to_string(), en);
            assert!(!is_chinese(&en) && is_chinese(&zh) && zh.contains(&unread.place), "{en} {zh}");
        }
        for error in [HealthError::NotJson { line: 3, column: 7 }, HealthError::NotTheReport] {
            assert!(is_chinese(&error.text().zh) && error.to_string() == error.text().en);
        }
    }
}
