use std::sync::Arc;

use tributary_kernel::{LocalDate, PartnerId, PartnershipId, Timestamp, Zone, text_enum};
use tributary_money::{Money, Share};

use crate::{CountersBefore, EventName, MoreFacts, Text};

text_enum! {
    /// What sort of event it is: the program's catalogue says so for every name.
    pub enum EventKind {
        /// A counted click; paid per click.
        Click = "click",
        /// Somebody who may come to pay: sign-up, trial, demo, qualified lead.
        Lead = "lead",
        /// A payment: sale, renewal.
        Sale = "sale",
    }
}

/// One conversion to be paid for.
#[derive(Debug, Clone, Copy)]
pub struct EvaluationInput<'a> {
    /// Its event.
    pub event: &'a EventName,
    /// What sort of event that is.
    pub kind: EventKind,
    /// When it occurred; chose the plan version, and chooses the day in the windows.
    pub occurred_at: Timestamp,
    /// The program's zone, whose calendar counts.
    pub zone: &'a Zone,
    /// What the customer paid, zero or above; none where there is no amount, as with most leads.
    pub gross: Option<Money>,
    /// The same without tax, shipping and discount, if reported.
    pub net: Option<Money>,
    /// Items, units or clicks; one for an ordinary conversion.
    pub quantity: u32,
    /// The customer's counters before this conversion; none if no customer is known. Such a
    /// conversion stands for a customer of its own.
    pub customer: Option<CustomerBefore>,
    /// Who earned it. Their shares sum to one at most; what is missing belongs to channels that
    /// are nobody's.
    pub credits: &'a [CreditInput],
    /// What else is known of it; plans with conditions ask for some of it.
    pub details: Details<'a>,
    /// What is known of the partners, where plans ask for it; in any order.
    pub partners: &'a [PartnerInput<'a>],
    /// What the plan's counters stand at ([`crate::CompiledPlan::counter_keys`]).
    pub counters: &'a dyn CountersBefore,
}

/// What else is known of a conversion. Everything is optional.
#[derive(Debug, Clone, Copy, Default)]
pub struct Details<'a> {
    /// The lines of the order, at most 128.
    pub items: &'a [ItemInput<'a>],
    /// Tax within gross.
    pub tax: Option<Money>,
    /// Shipping within gross.
    pub shipping: Option<Money>,
    /// Discount within gross.
    pub discount: Option<Money>,
    /// What the advertiser earns by it.
    pub margin: Option<Money>,
    /// What the customer is bound to pay in the first year.
    pub first_year: Option<Money>,
    /// The customer's payment before this one.
    pub previous_payment: Option<Money>,
    /// The months that the payment covers: 12 for a yearly one. One, if absent.
    pub covers_months: Option<u16>,
    /// The customer, for counters.
    pub customer: Option<[u8; 16]>,
    /// The customer's company, for counters.
    pub company: Option<[u8; 16]>,
    /// The code that was used.
    pub code: Option<&'a str>,
    /// Two letters.
    pub customer_country: Option<&'a str>,
    /// Where the customer comes from, as the program names it.
    pub customer_source: Option<&'a str>,
    /// The campaign.
    pub campaign: Option<&'a str>,
    /// The link.
    pub link: Option<&'a str>,
    /// By what way the customer came.
    pub channel: Option<&'a str>,
    /// How the partner promotes.
    pub promotion_method: Option<&'a str>,
    /// Sub-ids of the click.
    pub sub_ids: [Option<&'a str>; 5],
    /// The conversion's metadata.
    pub metadata: &'a [(&'a str, &'a str)],
    /// The grade of the lead.
    pub grade: Option<&'a str>,
    /// Of a commission for recruiting: how far up, and for how long.
    pub recruit: Option<RecruitInput>,
    /// Where several partnerships are credited: what is known of the touch of each, instead of
    /// campaign, link, channel, promotion method and sub-ids above.
    pub touches: &'a [TouchInput<'a>],
}

/// What is known of the touch that a partnership is credited for.
#[derive(Debug, Clone, Copy)]
pub struct TouchInput<'a> {
    /// Whose.
    pub partnership: PartnershipId,
    /// The campaign.
    pub campaign: Option<&'a str>,
    /// The link.
    pub link: Option<&'a str>,
    /// By what way the customer came.
    pub channel: Option<&'a str>,
    /// How the partner promotes.
    pub promotion_method: Option<&'a str>,
    /// Sub-ids of the click.
    pub sub_ids: [Option<&'a str>; 5],
}

/// Where a recruiter stands to the partner whose commission it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RecruitInput {
    /// 1 recruited the partner, 2 recruited 1.
    pub level: u16,
    /// Whole months since the partner joined.
    pub months: u16,
}

/// A line of an order. Amounts are of the whole line.
#[derive(Debug, Clone, Copy)]
pub struct ItemInput<'a> {
    /// The product.
    pub product: Option<&'a str>,
    /// Its category.
    pub category: Option<&'a str>,
    /// Its stock keeping unit.
    pub sku: Option<&'a str>,
    /// The price of one piece.
    pub price: Option<Money>,
    /// Pieces.
    pub quantity: u32,
    /// What the customer paid for it.
    pub amount: Money,
    /// The same without tax, shipping and discount.
    pub net: Option<Money>,
    /// What the advertiser earns by it.
    pub margin: Option<Money>,
}

/// What is known of a partner, in the program.
#[derive(Debug, Clone, Copy)]
pub struct PartnerInput<'a> {
    /// Whose.
    pub partnership: PartnershipId,
    /// Two letters.
    pub country: Option<&'a str>,
    /// The group.
    pub group: Option<&'a str>,
    /// What sort of partner it is.
    pub kind: Option<&'a str>,
    /// Tags.
    pub tags: &'a [&'a str],
    /// The option of the plan that the partner chose.
    pub option: Option<&'a str>,
    /// The how manieth partner of the program, from 1.
    pub number: Option<u32>,
    /// The day of joining.
    pub joined_on: Option<LocalDate>,
    /// Totals before this conversion.
    pub totals: PartnerTotals,
}

/// Totals of a partner in the program. Amounts are minor units of its currency.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct PartnerTotals {
    /// Clicks.
    pub clicks: u32,
    /// Leads.
    pub leads: u32,
    /// Sales.
    pub sales: u32,
    /// Customers.
    pub customers: u32,
    /// What customers paid.
    pub revenue: i64,
    /// Commission.
    pub commission: i64,
}

/// A line of an order as a record keeps it. Amounts are minor units of the plan's currency.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ItemFacts {
    /// The product.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub product: Option<Text>,
    /// Its category.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub category: Option<Text>,
    /// Its stock keeping unit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sku: Option<Text>,
    /// The price of one piece.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub price: Option<i64>,
    /// Pieces.
    #[serde(default = "one", skip_serializing_if = "is_one")]
    pub quantity: u32,
    /// What the customer paid for it.
    pub amount: i64,
    /// The same without tax, shipping and discount.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub net: Option<i64>,
    /// What the advertiser earns by it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub margin: Option<i64>,
}

/// A customer's counters before a conversion, in booked order: payments and leads that any plan
/// version saw, paid for or not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct CustomerBefore {
    /// When the customer first paid.
    pub first_payment_at: Option<Timestamp>,
    /// Payments before this one.
    pub payments: u32,
    /// Leads before this one.
    pub leads: u32,
    /// What happened to the subscription.
    pub subscription: SubscriptionBefore,
}

/// What happened to a subscription before a payment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct SubscriptionBefore {
    /// Days for which it was paused.
    pub paused_days: u32,
    /// When it was taken up again after it had been cancelled.
    pub resumed_at: Option<Timestamp>,
    /// Payments since then, before this one.
    pub payments_since: u32,
}

/// A share of the conversion. A partnership with several is paid for their sum.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CreditInput {
    /// Whose it is.
    pub partnership: PartnershipId,
    /// The partner of that partnership.
    pub partner: PartnerId,
    /// How much of the conversion.
    pub share: Share,
}

/// A customer's counters as they are stored: the first payment as a day of the program's zone,
/// which is all that the arithmetic needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Counters {
    /// The day of the first payment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_payment_on: Option<LocalDate>,
    /// Payments before.
    pub payments: u32,
    /// Leads before.
    pub leads: u32,
    /// Days for which the subscription was paused.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub paused_days: u32,
    /// The day on which it was taken up again after it had been cancelled.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resumed_on: Option<LocalDate>,
    /// Payments since then, before.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub payments_since: u32,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands a reference")]
const fn is_zero(number: &u32) -> bool {
    *number == 0
}

impl Counters {
    /// How many events of that kind there were.
    #[must_use]
    pub const fn of_kind(&self, kind: EventKind) -> u32 {
        match kind {
            EventKind::Lead => self.leads,
            EventKind::Sale => self.payments,
            EventKind::Click => 0,
        }
    }
}

/// What the choice of the rule hangs on, free of zones and clocks.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConversionFacts {
    /// The event.
    pub event: EventName,
    /// What sort of event it is.
    pub kind: EventKind,
    /// The day it occurred, in the program's zone.
    pub on: LocalDate,
    /// Items, units or clicks.
    #[serde(default = "one", skip_serializing_if = "is_one")]
    pub quantity: u32,
    /// The customer's counters before; none if no customer is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<Counters>,
    /// What else the plan looked at; none where it looked at nothing else.
    #[serde(default, skip_serializing_if = "Option::is_none", with = "crate::shared::option")]
    pub more: Option<Arc<MoreFacts>>,
}

const fn one() -> u32 {
    1
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands a reference")]
const fn is_one(quantity: &u32) -> bool {
    *quantity == 1
}

impl ConversionFacts {
    /// Of an input: its moments become days of the program's zone.
    pub(crate) fn of(input: &EvaluationInput<'_>) -> Self {
        Self {
            event: input.event.clone(),
            kind: input.kind,
            on: input.zone.date(input.occurred_at),
            quantity: input.quantity,
            before: input.customer.map(|customer| Counters {
                first_payment_on: customer.first_payment_at.map(|at| input.zone.date(at)),
                payments: customer.payments,
                leads: customer.leads,
                paused_days: customer.subscription.paused_days,
                resumed_on: customer.subscription.resumed_at.map(|at| input.zone.date(at)),
                payments_since: customer.subscription.payments_since,
            }),
            more: None,
        }
    }
}
