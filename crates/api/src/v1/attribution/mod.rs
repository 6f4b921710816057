//! Attribution: how a program gives credit.

mod list;
mod put;
mod wire;

use aide::axum::ApiRouter;
use aide::axum::routing::get_with;

use crate::ApiState;

pub(super) fn routes() -> ApiRouter<ApiState> {
    ApiRouter::new().api_route(
        "/v1/programs/{id}/attribution",
        get_with(list::handler, list::DOC.apply()).post_with(put::handler, put::DOC.apply()),
    )
}
