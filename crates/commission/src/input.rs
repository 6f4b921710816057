use tributary_kernel::{LocalDate, PartnerId, PartnershipId, Timestamp, Zone, text_enum};
use tributary_money::{Money, Share};

use crate::EventName;

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
    #[must_use]
    pub fn of(input: &EvaluationInput<'_>) -> Self {
        Self {
            event: input.event.clone(),
            kind: input.kind,
            on: input.zone.date(input.occurred_at),
            quantity: input.quantity,
            before: input.customer.map(|customer| Counters {
                first_payment_on: customer.first_payment_at.map(|at| input.zone.date(at)),
                payments: customer.payments,
                leads: customer.leads,
            }),
        }
    }
}
