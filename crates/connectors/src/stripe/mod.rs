//! Stripe: its webhooks proved and read into billing facts.
//!
//! **Mechanism.** [`signature`] proves the bytes. [`Envelope`] reads what every event has;
//! [`facts_of`] what those kinds tell that matter here. Fields are looked for where any version of
//! the API since 2022 has them (`invoice.subscription`, or `parent.subscription_details`), and
//! what is not known is passed over.
//!
//! **Invariant.** Facts of an event hang on that event alone, and each has a key of Stripe's own:
//! the invoice, the payment, the refund, the dispute. So order and repetition change nothing.

pub mod amount;
mod event;
mod facts;
mod invoice;
mod json;
pub mod signature;

pub use event::Envelope;
pub use facts::facts_of;

use tributary_app::billing::{BillingEvent, BillingReader, BillingSettings};
use tributary_kernel::Timestamp;

/// Stripe as a source.
#[derive(Debug, Clone, Copy, Default)]
pub struct Stripe;

impl BillingReader for Stripe {
    fn name(&self) -> &'static str {
        "stripe"
    }

    fn is_genuine(&self, signature: &str, body: &[u8], secrets: &[String], now: Timestamp) -> bool {
        signature::verify(signature, body, secrets, now).is_ok()
    }

    fn read(&self, body: &[u8], settings: &BillingSettings) -> Result<BillingEvent, String> {
        let event = Envelope::read(body)?;
        let facts = facts_of(&event, settings);
        let Envelope { id, kind, created, live, .. } = event;
        Ok(BillingEvent { id, kind, occurred_at: created, live, facts })
    }
}
