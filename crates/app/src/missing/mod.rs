//! The missing sale: somebody types an order, a mail address or a code, and is told what is known
//! of it and why nobody, or somebody else, was credited.
//!
//! **Who learns what.** The owner learns everything. A partner learns of its own programs alone,
//! and of a sale only what is its own: its touches with their verdicts, its commissions, and whether
//! another partner, another channel or nobody was credited; never who, nor who bought, nor for how
//! much. A mail address finds a partner only sales in whose journey it has a touch, so that nobody
//! can ask whether a person is a customer.
//!
//! **Limit.** A partner may ask [`QUESTIONS_PER_HOUR`] and [`QUESTIONS_PER_DAY`] times; each
//! question stands in the audit trail of every owner whose programs it searched.

mod answer;
mod ask;

pub use answer::{CodeKind, FoundCode, FoundSale, FoundWaiting, SaleAnswer, Searched, Standing};
pub use ask::{AskSale, Clue, QUESTIONS_PER_DAY, QUESTIONS_PER_HOUR, ask_for_sale};
