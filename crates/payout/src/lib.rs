//! From approved money to what the bank and the partner get: bank details, batching, bank files,
//! statements, pay days. Pure: values in, bytes out; no IO, no clock, no chance. Whoever calls
//! this keeps the bytes, once written, with their hash.

pub mod account;
pub mod bank_reply;
pub mod batch;
pub mod csv;
pub mod fx;
pub mod invoice;
pub mod month_end;
pub mod pain001;
pub mod payday;
pub mod plan;
pub mod statement;
pub mod tax;
pub mod terms;
mod text;
mod xml;

pub use account::{AccountKind, BankAccount, NotAnAccount};
pub use text::{ControlCharacter, bank_text};
