//! Links: what a partner promotes with.

mod create;
mod disable;
mod enable;
pub(super) mod list;
mod wire;

use aide::axum::ApiRouter;
use aide::axum::routing::{get_with, post_with};

use crate::ApiState;

pub(super) fn routes() -> ApiRouter<ApiState> {
    ApiRouter::new()
        .api_route(
            "/v1/links",
            get_with(list::handler, list::DOC.apply())
                .post_with(create::handler, create::DOC.apply()),
        )
        .api_route("/v1/links/{id}/disable", post_with(disable::handler, disable::DOC.apply()))
        .api_route("/v1/links/{id}/enable", post_with(enable::handler, enable::DOC.apply()))
}
