//! Coupons: codes that partners hand out.

mod create;
mod disable;
mod enable;
mod list;
mod wire;

use aide::axum::ApiRouter;
use aide::axum::routing::{get_with, post_with};

use crate::ApiState;

pub(super) fn routes() -> ApiRouter<ApiState> {
    ApiRouter::new()
        .api_route(
            "/v1/coupons",
            get_with(list::handler, list::DOC.apply())
                .post_with(create::handler, create::DOC.apply()),
        )
        .api_route("/v1/coupons/{id}/disable", post_with(disable::handler, disable::DOC.apply()))
        .api_route("/v1/coupons/{id}/enable", post_with(enable::handler, enable::DOC.apply()))
}
