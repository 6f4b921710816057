//! Money on its way to partners: where it may go, what a run pays, the run's files and statements,
//! and what becomes of payouts at the bank.

mod approve_run;
mod bank_details;
mod bank_file;
mod cancel_run;
mod form;
mod give_bank_details;
mod mark_run;
mod owed;
mod payday;
mod payer_account;
mod planned;
mod preview_run;
mod read;
mod reply;
mod return_payout;
mod settle_bank_details;
mod statement;
mod statement_proof;
mod table;
mod taxes;
mod withdraw;

pub use approve_run::{ApproveRun, ApprovedRun, approve_run};
pub use bank_details::{BankDetailView, bank_details_of, list_held_bank_details};
pub use bank_file::{BankFile, RunFile, fetch_bank_files};
pub use cancel_run::cancel_run;
pub use form::{AccountForm, HolderForm};
pub use give_bank_details::{GiveBankDetails, give_bank_details};
pub use mark_run::{mark_paid, mark_sent};
pub use payday::{Payday, Waiting, WaitsFor, next_payday};
pub use payer_account::{PayerAccountView, PutPayerAccount, payer_account, put_payer_account};
pub use preview_run::{PreviewedLeftOut, PreviewedPayout, PreviewedRun, Rail, preview_run};
pub use read::bank_reason;
pub use read::{
    PayoutOfRun, RunDetail, RunWithTotal, find_payout, find_run, list_payouts, list_runs, pay_days,
    statement_of,
};
pub use reply::{
    BankReply, ConfirmReply, Effect, ReceiveReply, ReplyLine, confirm_reply, find_reply,
    list_replies, receive_reply,
};
pub use return_payout::return_payout;
pub use settle_bank_details::{confirm_bank_details, refuse_bank_details};
pub use statement_proof::{inclusion_of, statement_proof};
pub use table::payouts_table;

pub(crate) use planned::rhythm_of;

pub use tributary_store::payout::{
    BankReplyKind, PayoutFilter, PayoutState, RunState, StoredBankReply, StoredPayout, StoredRun,
    ToldByBank,
};

use tributary_kernel::{PayoutId, TransferId};

/// The transfer that releases a payout's money carries the bytes of the payout's id.
pub(crate) const fn release_of(id: PayoutId) -> TransferId {
    TransferId::from_bytes(*id.as_bytes())
}

pub use tributary_payout::bank_reply::{Reason as BankReason, ReasonClass as BankReasonClass};

/// Commissions changed at once.
const BATCH: u32 = 1_000;
