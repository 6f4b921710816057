//! Every loop, page, batch, queue and body has a limit. Those that more than one crate keeps are
//! named here; the error for passing one says what to do instead.

/// Rows in one page of any list.
pub const PAGE_ROWS_MAX: u32 = 200;
/// Rows in a page when the caller does not say.
pub const PAGE_ROWS_DEFAULT: u32 = 50;
/// Conversions in one request.
pub const CONVERSIONS_PER_REQUEST_MAX: usize = 1_000;
/// Bytes of a request body of the API.
pub const API_BODY_BYTES_MAX: usize = 4 * 1024 * 1024;
/// Bytes of a form posted to a page.
pub const FORM_BODY_BYTES_MAX: usize = 256 * 1024;
/// Bytes of a form with a file.
pub const UPLOAD_BODY_BYTES_MAX: usize = 4 * 1024 * 1024;
/// Bytes of a file with rows: a million of them.
pub const ROWS_FILE_BYTES_MAX: usize = 128 * 1024 * 1024;
/// Bytes of a URL that we store or redirect to.
pub const URL_BYTES_MAX: usize = 2_048;
/// Bytes of one sub-id.
pub const SUB_ID_BYTES_MAX: usize = 128;
/// Bytes of an order, invoice or customer id, or an idempotency key.
pub const EXTERNAL_ID_BYTES_MAX: usize = 200;
/// Touches copied into one conversion's journey; older ones are left out and counted.
pub const JOURNEY_TOUCHES_MAX: usize = 100;
/// How far ahead of our clock `occurred_at` may be.
pub const OCCURRED_AHEAD_SECONDS_MAX: i64 = 5 * 60;
/// How far back `occurred_at` may be.
pub const OCCURRED_BACK_DAYS_MAX: i64 = 400;
/// Links have 28-bit numbers.
pub const LINK_NUMBER_MAX: u32 = (1 << 28) - 1;
