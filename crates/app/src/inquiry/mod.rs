//! Inquiries: a partner asks about money, and somebody has to answer by a day.
//!
//! **Who has the turn.** [`turn_of`] says it of every state; a deadline belongs to a turn. The
//! program answers, asks for more, accepts or refuses. A partner may dispute a no; then somebody of
//! the organisation who is not the one who said it decides, and that holds. Whoever said no may
//! still give in. Nothing is decided because a day has passed.
//!
//! **Money.** An inquiry moves no money itself: to accept is to assign the conversion
//! (`conversion::assign`) or to give an amount (`conversion::manual`), in one transaction with the
//! inquiry.
//!
//! **Mails.** Each step tells the other side, and two reminders tell whose turn it is; they are kept
//! in the step's own transaction ([`crate::mail`]).

mod accept;
mod act;
mod open;
mod read;
mod remind;
mod rules;
mod tell;

pub use accept::{AcceptInquiry, AcceptPreview, Acceptance, accept_inquiry, preview_acceptance};
pub use act::{InquiryAct, act_on_inquiry};
pub use open::{EVIDENCE_LINES_MAX, OpenInquiry, Subject, open_inquiry};
pub use read::{InquiryThread, count_inquiries, find_inquiry, list_inquiries};
pub use remind::{RemindReport, remind_of_inquiries};
pub use rules::{
    DISPUTE_DAYS, MEDIATOR_DAYS, OWNER_DAYS, PARTNER_DAYS, REFUSALS, Turn, may_decide, turn_of,
};
pub use tributary_store::inquiry::{
    InquiryFilter, InquiryKind, InquiryOutcome, InquirySide, InquiryState, InquiryStep,
    StoredInquiry, StoredMessage,
};
