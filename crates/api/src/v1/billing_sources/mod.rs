//! Billing sources: systems that tell by themselves what customers paid.

mod connect;
mod events;
mod list;
mod secrets;
mod wire;

use aide::axum::ApiRouter;
use aide::axum::routing::{get_with, post_with};

use crate::ApiState;

pub(super) fn routes() -> ApiRouter<ApiState> {
    ApiRouter::new()
        .api_route(
            "/v1/billing_sources",
            get_with(list::handler, list::DOC.apply())
                .post_with(connect::handler, connect::DOC.apply()),
        )
        .api_route(
            "/v1/billing_sources/{id}/secrets",
            post_with(secrets::handler, secrets::DOC.apply()),
        )
        .api_route(
            "/v1/billing_sources/{id}/events",
            get_with(events::handler, events::DOC.apply()),
        )
}
