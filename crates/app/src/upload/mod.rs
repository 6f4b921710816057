//! Files with rows that somebody sends: kept, looked at, then recorded.
//!
//! # Invariant
//! Each row goes through the use case that its kind has anyway (a report, a refund, a correction, a
//! departure); nothing here decides about money, and looking at a file books nothing. What became of
//! a row, and how far the file has come, are written in the transaction of what was decided, so that
//! a stop anywhere repeats nothing and leaves nothing out. Adjustments have transactions of their
//! own: those repeated after a stop are known by their ids.
//!
//! # Mechanism
//! [`receive_upload`] reads the file once and keeps its rows in sealed chunks. A mapping says what
//! its columns are: remembered from the last file with the same header, else guessed by name. A job
//! ([`work_uploads`]) goes through the chunks, first to look ([`check`]), then, when a person has
//! said so, to record ([`commit`]). A chunk that is recorded is deleted with it.
//!
//! # Limit
//! The look is as good as the moment: what is reported meanwhile by others may make a row that was
//! ready a duplicate. Rows stay [`ROWS_KEPT_DAYS`] days where nobody commits them.
//!
//! A new kind of row is a new [`UploadKind`], its [`Field`]s, a reading in `given`, and how it is
//! foreseen and carried out in `check` and `commit`.

mod actor;
mod adjusted;
mod change;
mod check;
mod chunk;
mod columns;
mod commit;
mod counts;
mod customers;
mod field;
mod given;
mod mapping;
mod read;
mod receive;
mod rows;
mod stages;
mod work;

pub use change::{cancel_upload, commit_upload, map_upload};
pub use columns::guess_columns;
pub use counts::{Counts, RowOutcome};
pub use field::{Field, fields_of, finding_fields, required_fields};
pub use mapping::{DateStyle, DecimalSign, Mapping};
pub use read::{Sample, Upload, UploadFormat, find_upload, list_uploads};
pub use receive::{ReceiveUpload, receive_upload};
pub use rows::{RowIssue, RowPage, UploadRow, upload_rows, upload_rows_csv};
pub use tributary_sheet::FILE_BYTES_MAX;
pub use tributary_store::upload::{UploadKind, UploadState};
pub use work::{ROWS_KEPT_DAYS, UploadWork, hurry_upload, work_uploads};
