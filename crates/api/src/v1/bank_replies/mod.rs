//! Files in which banks answer: read, looked at, confirmed.

mod confirm;
mod get;
mod list;
mod receive;
mod wire;

use aide::axum::ApiRouter;
use aide::axum::routing::{get_with, post_with};

use crate::ApiState;

pub(super) fn routes() -> ApiRouter<ApiState> {
    ApiRouter::new()
        .api_route(
            "/v1/bank_replies",
            get_with(list::handler, list::DOC.apply())
                .post_with(receive::handler, receive::DOC.apply()),
        )
        .api_route("/v1/bank_replies/{id}", get_with(get::handler, get::DOC.apply()))
        .api_route(
            "/v1/bank_replies/{id}/confirm",
            post_with(confirm::handler, confirm::DOC.apply()),
        )
}
