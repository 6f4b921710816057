//! What people read, in four languages: messages from Fluent files, and numbers, money and dates
//! as each language writes them. Pages, mail, documents and explanations take their words here.
//!
//! **Invariant.** Every message exists in every language with the same variables, every message is
//! used somewhere, and every message asked for exists: tests hold all three.
//!
//! **Mechanism.** The files under `locales/` are compiled in; one concurrent bundle per language
//! is built at first use. Formats are small tables of CLDR facts: measured against ICU4X, which
//! would add some 30 crates and 27 seconds to a first build and leaves currencies out of its
//! stable part.
//!
//! **Limit.** Left-to-right languages with the Gregorian calendar.

mod format;
mod language;
pub mod mail;
mod refusals;
mod texts;

pub use format::{MinorUnitsShown, MoneyParts};
pub use language::{Language, UnknownLanguage};
pub use refusals::{field_error, refusal, refusal_words};
pub use texts::{Arg, AsArg, MISSING_MARK, Texts};
