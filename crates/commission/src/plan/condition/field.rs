use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use super::super::NameError;

/// What a condition asks about. Fields that begin with `item.` are asked of every line of an order
/// and choose among them; all others are asked once, of the conversion as a whole.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Field {
    /// One of the fixed fields.
    Known(KnownField),
    /// A key of the conversion's metadata.
    Metadata(Arc<str>),
}

/// What sort of value a field has: it decides which operators there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FieldType {
    /// One text.
    Text,
    /// Several texts; a test holds when it holds for one of them.
    Texts,
    /// A whole number.
    Number,
    /// An amount in the plan's currency.
    Money,
    /// A day of the program's calendar.
    Date,
    /// Text or whole number, as the test takes it.
    Metadata,
}

tributary_kernel::text_enum! {
    /// The fixed fields of conditions.
    pub enum KnownField {
        /// Product of an order's line.
        ItemProduct = "item.product",
        /// Category of an order's line.
        ItemCategory = "item.category",
        /// Stock keeping unit of an order's line.
        ItemSku = "item.sku",
        /// Price of one piece of an order's line.
        ItemPrice = "item.price",
        /// Pieces of an order's line.
        ItemQuantity = "item.quantity",
        /// Products anywhere in the order.
        OrderProduct = "order.product",
        /// Categories anywhere in the order.
        OrderCategory = "order.category",
        /// Stock keeping units anywhere in the order.
        OrderSku = "order.sku",
        /// What the customer paid for the whole order.
        OrderAmount = "order.amount",
        /// Pieces of the whole order.
        OrderQuantity = "order.quantity",
        /// The code that was used.
        Code = "code",
        /// `new` before the customer's first payment, `returning` after it.
        CustomerState = "customer.state",
        /// Two letters.
        CustomerCountry = "customer.country",
        /// Where the customer comes from, as the program names it.
        CustomerSource = "customer.source",
        /// The customer's payments before this one.
        CustomerSales = "customer.sales",
        /// Whole months since the customer's first payment; 0 before it.
        SubscriptionMonths = "subscription.months",
        /// Which payment of the customer it is, from 1.
        SubscriptionPayments = "subscription.payments",
        /// Two letters.
        PartnerCountry = "partner.country",
        /// The group of the partnership.
        PartnerGroup = "partner.group",
        /// What sort of partner it is, as the program names it.
        PartnerType = "partner.type",
        /// Tags of the partnership.
        PartnerTag = "partner.tag",
        /// The option of the plan that the partner chose.
        PartnerOption = "partner.option",
        /// The how manieth partner of the program it is, from 1.
        PartnerNumber = "partner.number",
        /// The day on which the partner joined.
        PartnerJoined = "partner.joined",
        /// Whole months since the partner joined.
        PartnerMonths = "partner.months",
        /// Clicks of the partner in the program until now.
        PartnerClicks = "partner.clicks",
        /// Leads of the partner in the program until now.
        PartnerLeads = "partner.leads",
        /// Sales of the partner in the program until now.
        PartnerSales = "partner.sales",
        /// Customers of the partner in the program until now.
        PartnerCustomers = "partner.customers",
        /// Revenue of the partner in the program until now.
        PartnerRevenue = "partner.revenue",
        /// Commission of the partner in the program until now.
        PartnerCommission = "partner.commission",
        /// The partnership: `pship_…`.
        Partnership = "partnership",
        /// The campaign.
        Campaign = "campaign",
        /// The link that was clicked, as the program knows it.
        Link = "link",
        /// By what way the customer came.
        Channel = "channel",
        /// How the partner promotes.
        PromotionMethod = "promotion_method",
        /// The first sub-id of the click.
        Sub1 = "sub1",
        /// The second.
        Sub2 = "sub2",
        /// The third.
        Sub3 = "sub3",
        /// The fourth.
        Sub4 = "sub4",
        /// The fifth.
        Sub5 = "sub5",
        /// The grade of a lead.
        Grade = "grade",
        /// The day of the conversion.
        Date = "date",
        /// How far above the partner the recruiter is: 1 recruited the partner, 2 recruited 1.
        RecruitLevel = "recruit.level",
        /// Whole months since the recruited partner joined.
        RecruitMonths = "recruit.months",
    }
}

impl KnownField {
    /// What sort of value it has.
    #[must_use]
    pub const fn kind(self) -> FieldType {
        match self {
            Self::OrderProduct | Self::OrderCategory | Self::OrderSku | Self::PartnerTag => {
                FieldType::Texts
            }
            Self::ItemPrice
            | Self::OrderAmount
            | Self::PartnerRevenue
            | Self::PartnerCommission => FieldType::Money,
            Self::ItemQuantity
            | Self::OrderQuantity
            | Self::CustomerSales
            | Self::SubscriptionMonths
            | Self::SubscriptionPayments
            | Self::PartnerNumber
            | Self::PartnerMonths
            | Self::PartnerClicks
            | Self::PartnerLeads
            | Self::PartnerSales
            | Self::PartnerCustomers
            | Self::RecruitLevel
            | Self::RecruitMonths => FieldType::Number,
            Self::Date | Self::PartnerJoined => FieldType::Date,
            _ => FieldType::Text,
        }
    }

    /// Whether it is asked of each line of an order.
    #[must_use]
    pub const fn of_item(self) -> bool {
        matches!(
            self,
            Self::ItemProduct
                | Self::ItemCategory
                | Self::ItemSku
                | Self::ItemPrice
                | Self::ItemQuantity
        )
    }

    /// Whether a record need not keep it, because other facts that it keeps say the same.
    pub(crate) const fn is_derived(self) -> bool {
        matches!(
            self,
            Self::CustomerState
                | Self::CustomerSales
                | Self::SubscriptionMonths
                | Self::SubscriptionPayments
                | Self::Date
        )
    }

    /// Whether it is about the partner, so that it can differ between those credited.
    pub(crate) const fn of_partner(self) -> bool {
        matches!(
            self,
            Self::PartnerCountry
                | Self::PartnerGroup
                | Self::PartnerType
                | Self::PartnerTag
                | Self::PartnerOption
                | Self::PartnerNumber
                | Self::PartnerJoined
                | Self::PartnerMonths
                | Self::PartnerClicks
                | Self::PartnerLeads
                | Self::PartnerSales
                | Self::PartnerCustomers
                | Self::PartnerRevenue
                | Self::PartnerCommission
                | Self::Partnership
        )
    }
}

impl Field {
    /// What sort of value it has.
    #[must_use]
    pub const fn kind(&self) -> FieldType {
        match self {
            Self::Known(field) => field.kind(),
            Self::Metadata(_) => FieldType::Metadata,
        }
    }

    /// Whether it is asked of each line of an order.
    #[must_use]
    pub const fn of_item(&self) -> bool {
        matches!(self, Self::Known(field) if field.of_item())
    }
}

impl From<KnownField> for Field {
    fn from(field: KnownField) -> Self {
        Self::Known(field)
    }
}

/// Characters of a key of metadata.
pub const METADATA_KEY_CHARACTERS_MAX: usize = 60;

const METADATA: &str = "metadata.";

impl fmt::Display for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Known(field) => f.write_str(field.as_str()),
            Self::Metadata(key) => write!(f, "{METADATA}{key}"),
        }
    }
}

impl FromStr for Field {
    type Err = NameError;

    fn from_str(text: &str) -> Result<Self, NameError> {
        if let Some(key) = text.strip_prefix(METADATA) {
            let length = key.chars().count();
            let well_formed = (1..=METADATA_KEY_CHARACTERS_MAX).contains(&length)
                && !key.chars().any(char::is_control);
            return if well_formed {
                Ok(Self::Metadata(key.into()))
            } else {
                Err(NameError::expecting("a key of metadata is 1 to 60 characters"))
            };
        }
        text.parse::<KnownField>().map(Self::Known).map_err(|_| {
            NameError::expecting(
                "there is no such field; fields are listed in docs/commission.md, as \
                 `item.product`, `customer.country`, `partner.group`, `metadata.plan`",
            )
        })
    }
}

impl serde::Serialize for Field {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> serde::Deserialize<'de> for Field {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

impl schemars::JsonSchema for Field {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Field".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        let known: Vec<_> = KnownField::ALL.iter().map(|field| field.as_str()).collect();
        schemars::json_schema!({
            "description": "What a condition asks about.",
            "anyOf": [
                { "type": "string", "enum": known },
                { "type": "string", "pattern": "^metadata\\..{1,60}$" },
            ],
        })
    }
}
