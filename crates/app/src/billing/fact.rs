//! What a billing system tells, in our words. A source reads its own events into these; from here
//! on nothing knows which system it was.

use serde::{Deserialize, Serialize};
use tributary_kernel::Timestamp;
use tributary_money::Money;

use crate::conversion::ReportedItem;

/// How events of one source are read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct BillingSettings {
    /// Keys of metadata that carry a click id, the first that is there wins.
    pub click_keys: Vec<String>,
    /// Whether a new customer is reported as `signup`.
    pub report_signups: bool,
    /// Whether a trial is reported as `trial`.
    pub report_trials: bool,
}

impl Default for BillingSettings {
    fn default() -> Self {
        Self {
            click_keys: vec!["tributary_click".into(), "trib".into()],
            report_signups: false,
            report_trials: true,
        }
    }
}

/// One event as a source has read it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BillingEvent {
    /// The system's own id of it: one event for ever.
    pub id: String,
    /// What the system calls it.
    pub kind: String,
    /// When it happened there.
    pub occurred_at: Timestamp,
    /// Whether real money moved.
    pub live: bool,
    /// What it tells. Facts are independent of each other and may come in any order and often.
    pub facts: Vec<Fact>,
}

/// Something an event tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fact {
    /// A result that a partner may have brought.
    Result(Box<BilledResult>),
    /// Money that went back.
    GivenBack(GivenBack),
    /// Who brought a customer, subscription or invoice.
    Brought(Brought),
    /// Which result a payment paid.
    Paid {
        /// The system's id of the payment, by any of its names.
        payment: String,
        /// The order id of the result.
        result: String,
    },
    /// A subscription is known, and when its trial ends.
    Subscription {
        /// The system's id of it.
        id: String,
        /// When the trial ends or ended.
        trial_end: Option<Timestamp>,
    },
    /// The text of a code that events name by id.
    Code {
        /// The system's id of it.
        id: String,
        /// What customers type.
        code: String,
    },
    /// Nothing that moves money here.
    Nothing {
        /// Code of why.
        reason: &'static str,
    },
    /// Something that only a person can put right here.
    Person {
        /// Code of why.
        reason: &'static str,
    },
}

/// What points at a partner.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Clues {
    /// The click.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub click: Option<String>,
    /// Codes that were used, best first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub codes: Vec<CodeClue>,
}

impl Clues {
    /// Whether they point at nobody.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.click.is_none() && self.codes.is_empty()
    }
}

/// A code that was used.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CodeClue {
    /// As customers type it.
    Text(String),
    /// By the system's id; [`Fact::Code`] tells the text.
    Id(String),
}

/// See [`Fact::Brought`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Brought {
    /// Since when.
    pub at: Timestamp,
    /// The system's ids of whom or what.
    pub customer: Option<String>,
    /// A subscription.
    pub subscription: Option<String>,
    /// An invoice.
    pub invoice: Option<String>,
    /// By whom.
    pub clues: Clues,
}

/// What sort of result it is, as far as its event tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ResultKind {
    /// Somebody registered.
    Signup,
    /// A trial began.
    Trial,
    /// The first payment.
    Sale,
    /// A payment of a subscription for a period that begins then: the first one if that is where
    /// its trial ends, else a renewal.
    Period(Timestamp),
    /// A further payment.
    Renewal,
}

/// See [`Fact::Result`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BilledResult {
    /// What sort.
    pub kind: ResultKind,
    /// The invoice, or what stands for one: the business key.
    pub order_id: String,
    /// When.
    pub occurred_at: Timestamp,
    /// What was paid; none for what has no amount.
    pub amount: Option<Money>,
    /// The same without tax.
    pub net_amount: Option<Money>,
    /// Tax within the amount.
    pub tax: Option<Money>,
    /// The system's id of the customer.
    pub customer: Option<String>,
    /// The system's id of the subscription.
    pub subscription: Option<String>,
    /// What the event itself says of who brought it.
    pub clues: Clues,
    /// Months that the payment covers.
    pub covers_months: Option<u16>,
    /// What was bought; amounts sum to the amount paid.
    pub items: Vec<ReportedItem>,
    /// Two capital letters.
    pub customer_country: Option<String>,
}

/// See [`Fact::GivenBack`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GivenBack {
    /// The refund's or dispute's own id.
    pub id: String,
    /// Whether the customer's bank took it.
    pub chargeback: bool,
    /// How much.
    pub amount: Money,
    /// When.
    pub occurred_at: Timestamp,
    /// The order id of the result, when the event knows it.
    pub result: Option<String>,
    /// The payment by each of its names.
    pub payments: Vec<String>,
}
