//! What else a reporter tells of a conversion. Plans with conditions, other bases than gross and
//! net, or grades ask for some of it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use tributary_attribution::{Channel, JourneyTouch};
use tributary_commission::{Details, ITEMS_MAX, ItemInput};
use tributary_kernel::{FieldError, OrganisationId, Timestamp};
use tributary_money::{Currency, Money};

use super::company;
use crate::secrets::sha256;

/// Characters of a text that a condition compares.
const TEXT_CHARACTERS_MAX: usize = 200;
/// Entries of the metadata.
const METADATA_MAX: usize = 50;
/// Characters of a key of the metadata.
const METADATA_KEY_CHARACTERS_MAX: usize = 60;
/// Months that one payment can cover: fifty years.
const COVERS_MONTHS_MAX: u16 = 600;
/// Days for which a subscription can have been paused: fifty years.
const PAUSED_DAYS_MAX: u32 = 18_300;
/// Largest amount of one conversion, in minor units: sums of a billion of them still fit.
pub(crate) const AMOUNT_MAX: i64 = 1_000_000_000_000_000;
/// Visits of other channels with one conversion.
const VISITS_MAX: usize = 50;
/// Pieces in one conversion, and in one line of an order.
pub(super) const QUANTITY_MAX: u32 = 1_000_000;

/// See the module. Everything is optional; what is left out is not stored.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReportedDetails {
    /// The lines of the order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub items: Vec<ReportedItem>,
    /// Tax within the gross amount.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tax: Option<Money>,
    /// Shipping within the gross amount.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shipping: Option<Money>,
    /// Discount within the gross amount.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub discount: Option<Money>,
    /// What the advertiser earns by it; below zero at a loss.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub margin: Option<Money>,
    /// What the customer is bound to pay in the first year.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_year: Option<Money>,
    /// The customer's payment before this one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub previous_amount: Option<Money>,
    /// The months that the payment covers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub covers_months: Option<u16>,
    /// The grade of a lead.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub grade: Option<String>,
    /// The advertiser's own id of the customer's company.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub company_id: Option<String>,
    /// The company's number in a register, its country's two letters first: `DK12345678`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub company_number: Option<String>,
    /// The company's domain, as after the sign of its people's mail addresses.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub company_domain: Option<String>,
    /// ISO 3166-1 alpha-2.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub customer_country: Option<String>,
    /// Where the customer comes from, as the program names it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub customer_source: Option<String>,
    /// What happened to the subscription before this payment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subscription: Option<ReportedSubscription>,
    /// The program's own fields.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub metadata: BTreeMap<String, String>,
    /// Visits by channels that are no partner's, as the advertiser's own statistics know them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub visits: Vec<ReportedVisit>,
}

/// A visit by a channel that is no partner's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReportedVisit {
    /// When.
    pub at: Timestamp,
    /// The channel: `paid_search`, `organic_search`, `email`, … or the program's own name.
    pub channel: String,
}

/// A line of an order; amounts are of the whole line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReportedItem {
    /// The product.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub product: Option<String>,
    /// Its category.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub category: Option<String>,
    /// Its stock keeping unit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sku: Option<String>,
    /// The price of one piece.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub price: Option<Money>,
    /// Pieces.
    pub quantity: u32,
    /// What the customer paid for it.
    pub amount: Money,
    /// The same without tax, shipping and discount.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub net_amount: Option<Money>,
    /// What the advertiser earns by it; below zero at a loss.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub margin: Option<Money>,
}

/// What happened to a subscription before a payment.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReportedSubscription {
    /// Days for which it was paused.
    #[serde(default)]
    pub paused_days: u32,
    /// When it was taken up again after it had been cancelled.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resumed_at: Option<Timestamp>,
    /// Payments since then, before this one.
    #[serde(default)]
    pub payments_since: u32,
}

impl ReportedDetails {
    /// Whether nothing was told.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Every amount, with its pointer and whether it can be below zero.
    fn amounts(&self) -> Vec<(String, Money, bool)> {
        let own = [
            ("/tax", self.tax, false),
            ("/shipping", self.shipping, false),
            ("/discount", self.discount, false),
            ("/margin", self.margin, true),
            ("/first_year", self.first_year, false),
            ("/previous_amount", self.previous_amount, false),
        ];
        let mut all: Vec<_> = own
            .into_iter()
            .filter_map(|(pointer, money, loss)| Some((pointer.to_owned(), money?, loss)))
            .collect();
        for (place, item) in self.items.iter().enumerate() {
            let of_item = [
                ("price", item.price, false),
                ("amount", Some(item.amount), false),
                ("net_amount", item.net_amount, false),
                ("margin", item.margin, true),
            ];
            let found = of_item.into_iter().filter_map(|(name, money, loss)| {
                Some((format!("/items/{place}/{name}"), money?, loss))
            });
            all.extend(found);
        }
        all
    }

    /// The first amount in another currency than the program's, for who knows that.
    pub(super) fn other_currency(&self, currency: Currency) -> Option<String> {
        let mut all = self.amounts().into_iter();
        all.find(|(_, money, _)| money.currency != currency).map(|(pointer, ..)| pointer)
    }

    /// Checks every field and says of each what is wrong.
    pub(super) fn check(&self, gross: Option<Money>, errors: &mut Vec<FieldError>) {
        for (pointer, money, loss) in self.amounts() {
            if money.minor < 0 && !loss {
                errors.push(FieldError::new(pointer, "negative", "An amount is zero or more."));
            } else if money.minor.unsigned_abs() > AMOUNT_MAX.unsigned_abs() {
                let detail = format!("An amount has at most {AMOUNT_MAX} minor units.");
                errors.push(FieldError::new(pointer, "too_large", detail));
            }
        }
        let parts = [("/tax", self.tax), ("/shipping", self.shipping)];
        for (pointer, part) in parts.into_iter().filter_map(|(at, it)| Some((at, it?))) {
            if gross.is_some_and(|gross| part.minor > gross.minor) {
                let detail = "This is a part of the gross amount, and not more than it.";
                errors.push(FieldError::new(pointer, "above_gross", detail));
            }
        }
        self.check_items(errors);
        if self.covers_months.is_some_and(|months| !(1..=COVERS_MONTHS_MAX).contains(&months)) {
            let detail = format!("A payment covers 1 to {COVERS_MONTHS_MAX} months.");
            errors.push(FieldError::new("/covers_months", "range", detail));
        }
        check_text("/grade", self.grade.as_deref(), errors);
        check_text("/company_id", self.company_id.as_deref(), errors);
        company::check(self, errors);
        check_text("/customer_source", self.customer_source.as_deref(), errors);
        if let Some(country) = &self.customer_country
            && (country.len() != 2 || !country.bytes().all(|byte| byte.is_ascii_uppercase()))
        {
            let detail = "Give a country's two capital letters, like DK.";
            errors.push(FieldError::new("/customer_country", "country_malformed", detail));
        }
        if self.subscription.is_some_and(|it| it.paused_days > PAUSED_DAYS_MAX) {
            let detail = format!("At most {PAUSED_DAYS_MAX} days.");
            errors.push(FieldError::new("/subscription/paused_days", "range", detail));
        }
        self.check_metadata(errors);
        self.check_visits(errors);
    }

    fn check_visits(&self, errors: &mut Vec<FieldError>) {
        if self.visits.len() > VISITS_MAX {
            let detail = format!("Send at most {VISITS_MAX} visits: the latest.");
            errors.push(FieldError::new("/visits", "too_many", detail));
        }
        for (place, visit) in self.visits.iter().enumerate() {
            let pointer = format!("/visits/{place}/channel");
            match visit.channel.parse::<Channel>() {
                Err(error) => {
                    errors.push(FieldError::new(pointer, "channel_malformed", error.to_string()));
                }
                Ok(channel) if channel.is_partners() => {
                    let detail = "A partner's touch is a click, a code or a lead, not a visit.";
                    errors.push(FieldError::new(pointer, "partner_channel", detail));
                }
                Ok(_) => {}
            }
        }
    }

    /// The visits as touches. Their ids follow from what was reported, so that the same report has
    /// the same touches.
    pub(super) fn visit_touches(&self) -> impl Iterator<Item = JourneyTouch> + '_ {
        self.visits.iter().enumerate().filter_map(|(place, visit)| {
            let channel: Channel = visit.channel.parse().ok()?;
            let hash = sha256(format!("visit/{place}/{}/{channel}", visit.at).as_bytes());
            let mut id = [0; 16];
            id.copy_from_slice(&hash[..16]);
            Some(JourneyTouch::visit(id, visit.at, channel))
        })
    }

    fn check_items(&self, errors: &mut Vec<FieldError>) {
        if self.items.len() > ITEMS_MAX {
            let detail = format!("An order has at most {ITEMS_MAX} lines.");
            errors.push(FieldError::new("/items", "too_many", detail));
        }
        for (place, item) in self.items.iter().enumerate() {
            if !(1..=QUANTITY_MAX).contains(&item.quantity) {
                let detail = format!("A quantity is 1 to {QUANTITY_MAX}.");
                errors.push(FieldError::new(format!("/items/{place}/quantity"), "range", detail));
            }
            let texts =
                [("product", &item.product), ("category", &item.category), ("sku", &item.sku)];
            for (name, text) in texts {
                check_text(&format!("/items/{place}/{name}"), text.as_deref(), errors);
            }
        }
    }

    fn check_metadata(&self, errors: &mut Vec<FieldError>) {
        if self.metadata.len() > METADATA_MAX {
            let detail = format!("Metadata has at most {METADATA_MAX} entries.");
            errors.push(FieldError::new("/metadata", "too_many", detail));
        }
        for (key, value) in &self.metadata {
            let pointer = format!("/metadata/{}", key.replace('~', "~0").replace('/', "~1"));
            let length = key.chars().count();
            if length == 0 || length > METADATA_KEY_CHARACTERS_MAX || key.contains(char::is_control)
            {
                let detail = format!("A key has 1 to {METADATA_KEY_CHARACTERS_MAX} characters.");
                errors.push(FieldError::new(pointer.clone(), "length", detail));
            }
            check_text(&pointer, Some(value), errors);
        }
    }

    /// What counters know the company by.
    pub(super) fn company(&self, owner: OrganisationId) -> Option<[u8; 16]> {
        let id = self.company_id.as_ref()?;
        let hash = sha256(format!("company/{owner}/{}", id.trim()).as_bytes());
        let mut short = [0; 16];
        short.copy_from_slice(&hash[..16]);
        Some(short)
    }
}

/// Details as the commission crate takes them.
#[derive(Debug)]
pub(super) struct Lent<'a> {
    details: &'a ReportedDetails,
    items: Vec<ItemInput<'a>>,
    metadata: Vec<(&'a str, &'a str)>,
}

impl<'a> Lent<'a> {
    pub(super) fn of(details: &'a ReportedDetails) -> Self {
        let items = details.items.iter().map(ReportedItem::lend).collect();
        let metadata = details.metadata.iter();
        let metadata = metadata.map(|(key, value)| (key.as_str(), value.as_str())).collect();
        Self { details, items, metadata }
    }

    /// Without what the journey tells.
    pub(super) fn details(&self, owner: OrganisationId) -> Details<'_> {
        let it = self.details;
        Details {
            items: &self.items,
            tax: it.tax,
            shipping: it.shipping,
            discount: it.discount,
            margin: it.margin,
            first_year: it.first_year,
            previous_payment: it.previous_amount,
            covers_months: it.covers_months,
            company: it.company(owner),
            customer_country: it.customer_country.as_deref(),
            customer_source: it.customer_source.as_deref(),
            metadata: &self.metadata,
            grade: it.grade.as_deref(),
            ..Details::default()
        }
    }
}

impl ReportedItem {
    fn lend(&self) -> ItemInput<'_> {
        ItemInput {
            product: self.product.as_deref(),
            category: self.category.as_deref(),
            sku: self.sku.as_deref(),
            price: self.price,
            quantity: self.quantity,
            amount: self.amount,
            net: self.net_amount,
            margin: self.margin,
        }
    }
}

fn check_text(pointer: &str, text: Option<&str>, errors: &mut Vec<FieldError>) {
    let Some(text) = text else { return };
    if text.trim().is_empty() || text.chars().count() > TEXT_CHARACTERS_MAX {
        let detail = format!("Give 1 to {TEXT_CHARACTERS_MAX} characters.");
        errors.push(FieldError::new(pointer.to_owned(), "length", detail));
    } else if text.contains(char::is_control) {
        let detail = "Control characters are not accepted.";
        errors.push(FieldError::new(pointer.to_owned(), "characters", detail));
    }
}
