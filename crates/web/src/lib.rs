//! What API and pages share: who asks, from where, how often; bodies within their limits; and one
//! form of saying no.
//!
//! **Invariant.** Every answer passes [`frame`]: it has a request id, the security headers, and,
//! when it is a no, a problem document (RFC 9457). A fault is logged there, once, with that id;
//! what is inside it is never shown. An expected no is not logged.
//!
//! **Mechanism.** Permission, session and CSRF are extractors: a handler that takes [`Caller`],
//! [`Session`] or [`CheckedForm`] cannot run without them. The rights themselves are asked for by
//! the use cases. Rate limits are token buckets in memory, per key and per address.
//!
//! **Limit.** Buckets are per process: with several API processes a key has several. An address
//! behind a proxy counts only when the proxy is trusted by configuration.

mod address;
mod body;
mod caller;
mod context;
mod cookie;
mod form;
mod frame;
mod json;
mod limiter;
mod path;
mod problem;
mod query;
mod session;
mod state;
mod upload;

pub use address::client_address;
pub use body::{FileBytes, JsonBytes, read_body};
pub use caller::{Caller, authenticate, may_try, within_address_rate, within_rate};
pub use context::{Context, RequestId};
pub use cookie::Cookies;
pub use form::{CheckedForm, check_csrf};
pub use frame::{frame, not_allowed, not_found};
pub use json::{JsonBody, field_error, parse_json};
pub use limiter::{Limiter, Rate, Standing};
pub use path::PathOf;
pub use problem::{Problem, ProblemField, ProblemKind};
pub use query::{QueryOf, parse_pairs, strict_pairs};
pub use session::{LogInCookies, SeatChoice, Session};
pub use state::{Web, WebConfig};
pub use tributary_kernel::net::{Cidr, CidrError};
pub use upload::{CheckedUpload, UploadedFile};
