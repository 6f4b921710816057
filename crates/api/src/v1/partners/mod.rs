//! Partners: what those in your programs say of themselves.

mod change;
mod get;
mod wire;

use aide::axum::ApiRouter;
use aide::axum::routing::get_with;

pub(super) use self::wire::PartnerOut;
use crate::ApiState;

pub(super) fn routes() -> ApiRouter<ApiState> {
    ApiRouter::new().api_route(
        "/v1/partners/{id}",
        get_with(get::handler, get::DOC.apply()).patch_with(change::handler, change::DOC.apply()),
    )
}
