use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use tributary_app::conversion::{ConversionStatus, StoredConversion, domain_of_mail};
use tributary_app::conversion::{
    ReportConversion, ReportedDetails, ReportedItem, ReportedSubscription, ReportedVisit,
};
use tributary_kernel::{
    ConversionId, CustomerId, FieldError, LeadId, PartnerId, ProgramId, Refusal, Timestamp,
};
use tributary_money::Money;
use tributary_web::Problem;

use crate::wire::{MoneyIn, MoneyOut};

/// A conversion in an address.
#[derive(Debug, Deserialize, JsonSchema)]
pub(crate) struct ConversionPath {
    /// The conversion's id.
    pub(crate) id: ConversionId,
}

/// A conversion as it is reported.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "ConversionInput")]
pub(crate) struct ConversionIn {
    /// Of which program.
    program: ProgramId,
    /// `sale`, `lead`, `signup`, `trial`, `demo`, `renewal`, … or the program's own word.
    #[serde(rename = "type")]
    #[schemars(example = &"sale")]
    kind: String,
    /// The order, invoice or lead id: one fact for ever, whatever reports it.
    order_id: String,
    /// When it happened; left out: now. A date that is not plausible waits in quarantine.
    #[serde(default)]
    occurred_at: Option<Timestamp>,
    /// Gross amount.
    #[serde(default)]
    amount: Option<MoneyIn>,
    /// Net of tax, shipping and discount.
    #[serde(default)]
    net_amount: Option<MoneyIn>,
    /// Items; left out: one.
    #[serde(default)]
    quantity: Option<u32>,
    /// The click it followed: the value of the `trib` parameter or `_trib` cookie.
    #[serde(default)]
    click_id: Option<String>,
    /// The lead that it came of, as `GET /v1/leads` lists it.
    #[serde(default)]
    lead_id: Option<LeadId>,
    /// The partner's code that was used.
    #[serde(default)]
    code: Option<String>,
    /// Your own id of the customer; no mail address.
    #[serde(default)]
    customer_id: Option<String>,
    /// The customer's mail address, so that a sale can be found by it. It is kept as a hash alone.
    #[serde(default)]
    customer_email: Option<String>,
    /// The partner, when you know it.
    #[serde(default)]
    partner: Option<PartnerId>,
    /// The partner's referral code, when you know that.
    #[serde(default)]
    via: Option<String>,
    /// The lines of the order, at most 128: for plans that pay by product, category, SKU or line.
    #[serde(default)]
    #[schemars(length(max = 128))]
    items: Vec<ItemIn>,
    /// Tax within the gross amount.
    #[serde(default)]
    tax: Option<MoneyIn>,
    /// Shipping within the gross amount.
    #[serde(default)]
    shipping: Option<MoneyIn>,
    /// Discount within the gross amount.
    #[serde(default)]
    discount: Option<MoneyIn>,
    /// What you earn by it; below zero at a loss.
    #[serde(default)]
    margin: Option<MoneyIn>,
    /// What the customer is bound to pay in the first year.
    #[serde(default)]
    first_year: Option<MoneyIn>,
    /// The customer's payment before this one: for plans that pay upgrades.
    #[serde(default)]
    previous_amount: Option<MoneyIn>,
    /// The months that the payment covers: 12 for a yearly one; left out: one.
    #[serde(default)]
    covers_months: Option<u16>,
    /// The grade of a lead, as the plan calls it.
    #[serde(default)]
    grade: Option<String>,
    /// Your own id of the customer's company: for plans that pay a company once.
    #[serde(default)]
    company_id: Option<String>,
    /// The company's number in a register, its country's two letters first.
    #[serde(default)]
    #[schemars(example = &"DK12345678")]
    company_number: Option<String>,
    /// The company's domain; left out: that of `customer_email`, unless it is one of public mail.
    #[serde(default)]
    #[schemars(example = &"acme.dk")]
    company_domain: Option<String>,
    /// The customer's country: ISO 3166-1 alpha-2.
    #[serde(default)]
    #[schemars(example = &"DK")]
    customer_country: Option<String>,
    /// Where the customer comes from, as you name it.
    #[serde(default)]
    customer_source: Option<String>,
    /// What happened to the customer's subscription before this payment.
    #[serde(default)]
    subscription: Option<SubscriptionIn>,
    /// Your own fields, at most 50 of text, whole number or yes and no: for plans that ask for
    /// `metadata.…`.
    #[serde(default)]
    metadata: BTreeMap<String, ValueIn>,
    /// Visits by channels that are no partner's, as your own statistics know them, at most 50: a
    /// program may let them compete with partners.
    #[serde(default)]
    #[schemars(length(max = 50))]
    visits: Vec<VisitIn>,
    /// This delivery's own key, in place of the header `Idempotency-Key`.
    #[serde(default)]
    idempotency_key: Option<String>,
}

/// A line of an order; amounts are of the whole line.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "ItemInput")]
struct ItemIn {
    /// The product.
    #[serde(default)]
    product: Option<String>,
    /// Its category.
    #[serde(default)]
    category: Option<String>,
    /// Its stock keeping unit.
    #[serde(default)]
    sku: Option<String>,
    /// The price of one piece.
    #[serde(default)]
    price: Option<MoneyIn>,
    /// Pieces; left out: one.
    #[serde(default)]
    quantity: Option<u32>,
    /// What the customer paid for it.
    amount: MoneyIn,
    /// Net of tax, shipping and discount.
    #[serde(default)]
    net_amount: Option<MoneyIn>,
    /// What you earn by it; below zero at a loss.
    #[serde(default)]
    margin: Option<MoneyIn>,
}

/// What happened to a subscription before a payment.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "SubscriptionInput")]
struct SubscriptionIn {
    /// Days for which it was paused.
    #[serde(default)]
    paused_days: u32,
    /// When it was taken up again after it had been cancelled.
    #[serde(default)]
    resumed_at: Option<Timestamp>,
    /// Payments since then, before this one.
    #[serde(default)]
    payments_since: u32,
}

/// A visit by a channel that is no partner's.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "VisitInput")]
struct VisitIn {
    /// When.
    at: Timestamp,
    /// The channel: `paid_search`, `paid_social`, `organic_search`, `email`, `other_network`,
    /// `direct`, … or a name of your own.
    channel: String,
}

/// A value of your own.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(untagged, expecting = "a text, a whole number, true or false")]
enum ValueIn {
    Text(String),
    Number(i64),
    Flag(bool),
}

impl From<ValueIn> for String {
    fn from(it: ValueIn) -> Self {
        match it {
            ValueIn::Text(text) => text,
            ValueIn::Number(number) => number.to_string(),
            ValueIn::Flag(flag) => flag.to_string(),
        }
    }
}

impl ItemIn {
    fn read(self, place: usize, errors: &mut Vec<FieldError>) -> Option<ReportedItem> {
        let mut money = |name: &str, it: Option<MoneyIn>| {
            it.and_then(|it| it.read(&format!("/items/{place}/{name}"), errors))
        };
        let price = money("price", self.price);
        let net_amount = money("net_amount", self.net_amount);
        let margin = money("margin", self.margin);
        let amount = money("amount", Some(self.amount))?;
        let (product, category, sku) = (self.product, self.category, self.sku);
        let quantity = self.quantity.unwrap_or(1);
        Some(ReportedItem { product, category, sku, price, quantity, amount, net_amount, margin })
    }
}

impl ConversionIn {
    /// For the use case. `delivery_key` is the header's, for an item without its own; `mail_key`
    /// makes the hash that is kept of a mail address.
    pub(super) fn read(
        self,
        delivery_key: Option<String>,
        mail_key: impl Fn(&str) -> Result<String, FieldError>,
    ) -> Result<ReportConversion, Problem> {
        let mut errors: Vec<FieldError> = Vec::new();
        let amount = self.amount.and_then(|it| it.read("/amount", &mut errors));
        let net_amount = self.net_amount.and_then(|it| it.read("/net_amount", &mut errors));
        let mut money =
            |pointer: &str, it: Option<MoneyIn>| it.and_then(|it| it.read(pointer, &mut errors));
        let mut details = ReportedDetails {
            items: Vec::new(),
            tax: money("/tax", self.tax),
            shipping: money("/shipping", self.shipping),
            discount: money("/discount", self.discount),
            margin: money("/margin", self.margin),
            first_year: money("/first_year", self.first_year),
            previous_amount: money("/previous_amount", self.previous_amount),
            covers_months: self.covers_months,
            grade: self.grade,
            company_id: self.company_id,
            company_number: self.company_number,
            company_domain: self
                .company_domain
                .or_else(|| self.customer_email.as_deref().and_then(domain_of_mail)),
            customer_country: self.customer_country,
            customer_source: self.customer_source,
            subscription: self.subscription.map(|it| ReportedSubscription {
                paused_days: it.paused_days,
                resumed_at: it.resumed_at,
                payments_since: it.payments_since,
            }),
            metadata: self.metadata.into_iter().map(|(key, it)| (key, it.into())).collect(),
            visits: self
                .visits
                .into_iter()
                .map(|VisitIn { at, channel }| ReportedVisit { at, channel })
                .collect(),
        };
        let items = self.items.into_iter().enumerate();
        details.items = items.filter_map(|(place, it)| it.read(place, &mut errors)).collect();
        let mail = self.customer_email.as_deref().map(mail_key).transpose();
        let mail = mail.map_err(|error| errors.push(error.under("/customer_email")));
        if !errors.is_empty() {
            return Err(Refusal::invalid(errors).into());
        }
        let details = (!details.is_empty()).then(|| Box::new(details));
        Ok(ReportConversion {
            details,
            program: Some(self.program),
            kind: self.kind,
            order_id: self.order_id,
            occurred_at: self.occurred_at,
            amount,
            net_amount,
            quantity: self.quantity,
            click_id: self.click_id,
            code: self.code,
            customer_id: self.customer_id,
            mail_key: mail.ok().flatten(),
            partner: self.partner,
            via: self.via,
            lead: self.lead_id,
            delivery_key: self.idempotency_key.or(delivery_key),
        })
    }
}

/// A reported result.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Conversion")]
pub(crate) struct ConversionOut {
    /// Its id.
    id: ConversionId,
    /// Of which program.
    program: ProgramId,
    /// `sale`, `lead`, … or the program's own word.
    #[serde(rename = "type")]
    kind: String,
    /// The order, invoice or lead id.
    order_id: String,
    /// Where it stands.
    status: ConversionStatus,
    /// When it happened.
    occurred_at: Timestamp,
    /// When it was reported.
    received_at: Timestamp,
    /// Gross amount.
    amount: MoneyOut,
    /// Net amount, when it was told.
    net_amount: Option<MoneyOut>,
    /// Gross given back so far.
    returned_amount: MoneyOut,
    /// Items.
    quantity: u32,
    /// Who bought; opaque.
    customer: Option<CustomerId>,
    /// Whether it was reported in test mode.
    test: bool,
}

impl From<&StoredConversion> for ConversionOut {
    fn from(it: &StoredConversion) -> Self {
        let money = |minor| MoneyOut::from(Money::new(minor, it.amount.currency));
        Self {
            id: it.id,
            program: it.program,
            kind: it.kind.clone(),
            order_id: it.business_key.clone(),
            status: it.status,
            occurred_at: it.occurred_at,
            received_at: it.received_at,
            amount: it.amount.into(),
            net_amount: it.net_amount.map(money),
            returned_amount: money(it.returned_amount),
            quantity: it.quantity,
            customer: it.customer,
            test: it.test,
        }
    }
}
