//! Pages of lists, as use cases take and give them.

pub use tributary_store::list::{Page, PageRequest};
