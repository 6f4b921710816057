//! The JSON API: `/v1`, the postback and the image, and the pages that describe them.
//!
//! **Invariant.** A handler parses, asks who calls, calls one use case and renders. What is on the
//! wire has types of its own; no domain type is derived for it, so that neither changes the other
//! by accident. Every operation of the OpenAPI document stands in the authorisation table of the
//! tests.
//!
//! **Mechanism.** One folder per noun, one file per endpoint. The document is made from the
//! handlers' types ([`document`]) and committed as `openapi.json`; a test says when it is out of
//! date.
//!
//! **Limit.** Changes to `/v1` only add. A reader must expect words in enums that it does not know.

mod doc;
mod docs;
mod hex;
mod idempotency;
mod openapi;
mod public;
mod state;
mod v1;
mod wire;

use std::sync::Arc;

use axum::Router;
use axum::middleware::from_fn_with_state;
use tributary_web::{frame, not_allowed, not_found};

pub use openapi::document;
pub use public::fuzz;
pub use state::ApiState;
pub(crate) use state::Once;

/// The `sig` parameter for a signed postback: `secret` is the whole API key, `pairs` the decoded
/// parameters with `key` and `ts`.
#[must_use]
pub fn sign_postback(secret: &str, pairs: &[(String, String)]) -> String {
    public::signature(secret, pairs)
}

/// Everything this crate serves, with its own fallback; put pages beside it with
/// [`Router::merge`] of [`routes`] instead.
pub fn router(state: ApiState) -> Router {
    let web = state.web().clone();
    routes(state)
        .fallback(not_found)
        .method_not_allowed_fallback(not_allowed)
        .layer(from_fn_with_state(web, frame))
}

/// The routes alone, for a server that has more of them. It adds fallbacks and
/// [`tributary_web::frame`] itself.
pub fn routes(state: ApiState) -> Router {
    let (router, document) = openapi::build();
    let document = serde_json::to_value(document).expect("the document has string keys");
    let once = from_fn_with_state(state.clone(), idempotency::once);
    let router = router.merge(docs::routes(Arc::new(document))).layer(once);
    router.merge(public::hooks()).with_state(state)
}
