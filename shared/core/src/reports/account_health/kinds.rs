//! The words of the report, each with the names that Amazon's schema and its example give it.

macro_rules! words {
    ($($(#[$doc:meta])* $name:ident { $($(#[$case_doc:meta])* $case:ident = $word:literal $(| $alias:literal)*,)+ })+) => {
        $(
            $(#[$doc])*
            #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
            pub enum $name {
                $($(#[$case_doc])* $case,)+
                /// A word that this version does not know, as Amazon writes it.
                Other(String),
            }

            impl serde::Serialize for $name {
                fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                    serializer.serialize_str(self.name())
                }
            }

            impl<'de> serde::Deserialize<'de> for $name {
                fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                    String::deserialize(deserializer).map(|word| Self::from_amazon(&word))
                }
            }

            impl $name {
                /// Every one that is known.
                pub const KNOWN: &'static [Self] = &[$(Self::$case),+];

                /// What Amazon's word means.
                pub fn from_amazon(word: &str) -> Self {
                    match word {
                        $($word $(| $alias)* => Self::$case,)+
                        other => Self::Other(other.to_owned()),
                    }
                }

                /// Amazon's word: the same whatever the language and the version.
                pub fn name(&self) -> &str {
                    match self {
                        $(Self::$case => $word,)+
                        Self::Other(word) => word,
                    }
                }
            }
        )+
    };
}

words! {
    /// Whether an account may sell.
    AccountStatus {
        /// It may.
        Normal = "NORMAL",
        /// It may be deactivated.
        AtRisk = "AT_RISK",
        /// It may not. The schema's example still calls it suspended.
        Deactivated = "DEACTIVATED" | "SUSPENDED",
    }

    /// Amazon's opinion of a number.
    Verdict {
        /// As it is wanted.
        Good = "GOOD",
        /// Not as it is wanted.
        Bad = "BAD",
        /// Amazon has none, or the report does not say.
        None = "NONE",
    }

    /// On which side of its target a number is wanted.
    Condition {
        /// Below it.
        LessThan = "LESS_THAN",
        /// Above it.
        GreaterThan = "GREATER_THAN",
        /// At it.
        Equals = "EQUALS",
    }

    /// The account health rating in a word.
    RatingStatus {
        /// Well.
        Great = "GREAT",
        /// Not well.
        Warned = "WARNED",
    }

    /// A rate.
    MetricKind {
        /// Orders with a claim, a chargeback or a bad feedback, of those the seller shipped.
        OrderDefectsByMerchant = "orderDefectRate.mfn",
        /// The same, of those Amazon shipped.
        OrderDefectsByAmazon = "orderDefectRate.afn",
        /// Orders confirmed as shipped after the day promised.
        LateShipments = "lateShipmentRate",
        /// Orders the seller cancelled before shipping.
        Cancellations = "preFulfillmentCancellationRate" | "prefulfillmentCancelRate",
        /// Shipments with a tracking number that is one.
        ValidTracking = "validTrackingRate",
        /// Shipments that came in time.
        OnTimeDelivery = "onTimeDeliveryRate",
        /// Units that came in time; in the United States alone.
        UnitOnTimeDelivery = "unitOnTimeDeliveryRate",
        /// Orders of businesses without a good invoice.
        InvoiceDefects = "invoiceDefectRate",
    }

    /// Something that is counted towards a rate.
    PartKind {
        /// Orders with any defect.
        OrdersWithDefects = "orderWithDefects",
        /// A-to-Z claims.
        Claims = "claims",
        /// Payments that the buyer's bank took back.
        Chargebacks = "chargebacks",
        /// Feedback of one or two stars.
        NegativeFeedback = "negativeFeedback",
        /// Orders shipped late.
        LateShipments = "lateShipmentCount",
        /// Orders cancelled.
        Cancellations = "cancellationCount",
        /// Shipments with valid tracking.
        ValidTracking = "validTrackingCount",
        /// Shipments that came in time.
        OnTimeDeliveries = "onTimeDeliveryCount",
        /// Units that came in time.
        UnitsOnTime = "unitOnTimeDeliveryCount",
        /// Invoices with any defect.
        InvoiceDefects = "invoiceDefect",
        /// Invoices that are missing.
        MissingInvoices = "missingInvoice",
        /// Invoices that came late.
        LateInvoices = "lateInvoice",
    }

    /// What Amazon warns of.
    WarningKind {
        /// Too many messages to buyers, or such as are not allowed.
        SpammingMessages = "spammingSellerMessaging",
    }

    /// A policy that listings or the seller broke.
    ViolationKind {
        /// Of listings.
        ListingPolicy = "listingPolicyViolations",
        /// Buyers say that a product is no original.
        AuthenticityComplaints = "productAuthenticityCustomerComplaints",
        /// Buyers say that a product was not in the condition it was sold as.
        ConditionComplaints = "productConditionCustomerComplaints",
        /// Buyers say that a product is dangerous.
        SafetyComplaints = "productSafetyCustomerComplaints",
        /// Owners of rights have complained.
        IntellectualPropertyComplaints = "receivedIntellectualPropertyComplaints",
        /// Amazon itself suspects that a right was broken.
        SuspectedIntellectualProperty = "suspectedIntellectualPropertyViolations",
        /// Of products that may not be sold by everyone.
        RestrictedProducts = "restrictedProductPolicyViolations",
        /// Safety of food and products.
        FoodAndProductSafety = "foodAndProductSafetyIssues",
        /// Of reviews of products; Amazon's pages name it, the schema does not.
        CustomerReviews = "customerProductReviewsPolicyViolations",
        /// Any other.
        OtherPolicy = "otherPolicyViolations",
        /// Documents that Amazon wants to see.
        DocumentRequests = "documentRequests" | "documentRequest",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_names_mean_the_same_and_a_word_of_tomorrow_is_kept() {
        for (word, kind) in [
            ("preFulfillmentCancellationRate", MetricKind::Cancellations),
            ("prefulfillmentCancelRate", MetricKind::Cancellations),
            ("sunshineRate", MetricKind::Other("sunshineRate".to_owned())),
        ] {
            assert_eq!(MetricKind::from_amazon(word), kind);
        }
        for kind in MetricKind::KNOWN {
            assert_eq!(&MetricKind::from_amazon(kind.name()), kind);
        }
        assert_eq!(MetricKind::Other("sunshineRate".to_owned()).name(), "sunshineRate");
        assert_eq!(AccountStatus::from_amazon("SUSPENDED"), AccountStatus::Deactivated);
    }
}
