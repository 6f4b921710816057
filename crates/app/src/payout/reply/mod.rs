//! What banks answer, read from their files: looked at first, then confirmed by a person.
//!
//! # Invariant
//! A file changes a payout only along its states, and each step at most once, so that a file given
//! twice, or two files that tell of the same, change nothing the second time. What contradicts
//! itself or what was sent is for a person and changes nothing.

mod confirm;
mod effect;
mod read;
mod reading;
mod receive;

pub use confirm::{ConfirmReply, confirm_reply};
pub use effect::Effect;
pub use read::{BankReply, ReplyLine, find_reply, list_replies};
pub use receive::{ReceiveReply, receive_reply};
