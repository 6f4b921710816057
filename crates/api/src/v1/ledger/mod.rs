//! Ledger: what proves the numbers.

mod head;

use aide::axum::ApiRouter;
use aide::axum::routing::get_with;

use crate::ApiState;

pub(super) fn routes() -> ApiRouter<ApiState> {
    ApiRouter::new().api_route("/v1/ledger/head", get_with(head::handler, head::DOC.apply()))
}
