//! What the decision transaction reads and writes, in bulk. The head of an owner is the one lock:
//! taken first and in the order of owners, it makes everything else of that owner serial, so that
//! keys, counters, series and the tree need no locks of their own.

mod adjustment;
mod commission;
mod conversion;
mod counter;
mod customer;
mod delivery;
mod head;
mod outbox;
mod quarantine;
mod rollup;

pub use adjustment::*;
pub use commission::*;
pub(crate) use commission::{commission_columns, read_commission, take_commission};
pub use conversion::*;
pub(crate) use conversion::{conversion_columns, read_conversion, take_conversion};
pub use counter::*;
pub use customer::*;
pub use delivery::*;
pub use head::*;
pub use outbox::*;
pub use quarantine::*;
pub(crate) use quarantine::{quarantine_columns, read_quarantine};
pub use rollup::*;
