//! Billing systems as a source of conversions: events in any order, each once or more often, and
//! the reports that they end in.
//!
//! A source ([`BillingReader`]) proves that an event is genuine and reads it into facts. What
//! facts mean with what other events have told, [`resolve`] says, and it is pure.

mod fact;
mod receive;
mod resolve;
mod settle;
mod source;

use tributary_kernel::Timestamp;

pub use fact::{
    BilledResult, BillingEvent, BillingSettings, Brought, Clues, CodeClue, Fact, GivenBack,
    ResultKind,
};
pub use receive::{Received, receive_billing};
pub use resolve::{
    Known, KnownValue, PATIENCE_SECONDS, REFUND_PATIENCE_SECONDS, Resolved, asks, asks_codes,
    learn, resolve,
};
pub use settle::{SettleReport, settle_billing};
pub use source::{
    BillingSecrets, ConnectBilling, connect_billing, list_billing_events, list_billing_sources,
    replace_billing_secrets,
};
pub use tributary_store::billing::{BillingSource, BillingState, StoredBillingEvent};

/// A billing system whose events are read.
pub trait BillingReader: std::fmt::Debug + Send + Sync {
    /// Its name in lower case.
    fn name(&self) -> &'static str;

    /// Whether the bytes of a request come from whoever has one of the secrets, and now.
    fn is_genuine(&self, signature: &str, body: &[u8], secrets: &[String], now: Timestamp) -> bool;

    /// Reads an event.
    ///
    /// # Errors
    /// What is wrong with it, for whoever connects the system.
    fn read(&self, body: &[u8], settings: &BillingSettings) -> Result<BillingEvent, String>;
}
