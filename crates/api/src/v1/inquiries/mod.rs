//! Inquiries: partners' questions about money.

mod accept;
mod get;
mod list;
mod messages;
mod open;
mod refuse;
mod wire;

use aide::axum::ApiRouter;
use aide::axum::routing::{get_with, post_with};

use crate::ApiState;

pub(super) fn routes() -> ApiRouter<ApiState> {
    ApiRouter::new()
        .api_route(
            "/v1/inquiries",
            get_with(list::handler, list::DOC.apply()).post_with(open::handler, open::DOC.apply()),
        )
        .api_route("/v1/inquiries/{id}", get_with(get::handler, get::DOC.apply()))
        .api_route(
            "/v1/inquiries/{id}/messages",
            post_with(messages::handler, messages::DOC.apply()),
        )
        .api_route("/v1/inquiries/{id}/accept", post_with(accept::handler, accept::DOC.apply()))
        .api_route("/v1/inquiries/{id}/refuse", post_with(refuse::handler, refuse::DOC.apply()))
}
