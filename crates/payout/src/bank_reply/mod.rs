//! What banks send back: status reports (`pain.002`), which say of each payment whether it was
//! taken, and account statements (`camt.053`), which say what was booked.
//!
//! Reading is apart from judging. [`read_status_report`] and [`read_statement`] give what stands in
//! the file; [`outcomes`] and [`match_statement`] hold it against the payments that were sent.
//! Whoever calls decides what to book from that, once per payout.
//!
//! A file comes from outside, so its reader refuses document type declarations and entities, and
//! has limits of size, depth and number of elements ([`ReplyError`]).

mod camt053;
mod matching;
mod outcome;
mod pain002;
mod reason;
mod reply;
mod xml;

pub use camt053::{BankStatement, Booking, BookingDetail, Side, read_statement};
pub use matching::{Matched, StatementMatch, match_statement};
pub use outcome::{Outcome, PaymentOutcome, outcomes};
pub use pain002::{GroupStatus, Status, StatusReport, TransactionStatus, read_status_report};
pub use reason::{Reason, ReasonClass};
pub use reply::{Reply, Told, ToldPayout, UNKNOWN_MAX, groups_of};
pub use xml::{REPLY_BYTES_MAX, REPLY_DEPTH_MAX, REPLY_ELEMENTS_MAX, ReplyError};

use tributary_kernel::PayoutId;
use tributary_money::Money;

/// A payment that went to the bank, as it is known here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SentPayment {
    /// Which payout it carries out.
    pub payout: PayoutId,
    /// How much.
    pub amount: Money,
    /// Name of the payee.
    pub payee: String,
    /// Message id of the file.
    pub message: String,
    /// Id of its group within the file (`PmtInfId`), if it is known.
    pub group: Option<String>,
}
