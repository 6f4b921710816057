//! Keys: what programs of yours call this API with.

mod create;
mod list;
mod revoke;
mod wire;

use aide::axum::ApiRouter;
use aide::axum::routing::{get_with, post_with};

use crate::ApiState;

pub(super) fn routes() -> ApiRouter<ApiState> {
    ApiRouter::new()
        .api_route(
            "/v1/keys",
            get_with(list::handler, list::DOC.apply())
                .post_with(create::handler, create::DOC.apply()),
        )
        .api_route("/v1/keys/{id}/revoke", post_with(revoke::handler, revoke::DOC.apply()))
}
