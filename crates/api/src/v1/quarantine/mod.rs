//! Quarantine: facts that wait for a person.

mod dismiss;
mod list;
mod replay;

use aide::axum::ApiRouter;
use aide::axum::routing::{get_with, post_with};

use crate::ApiState;

pub(super) fn routes() -> ApiRouter<ApiState> {
    ApiRouter::new()
        .api_route("/v1/quarantine", get_with(list::handler, list::DOC.apply()))
        .api_route("/v1/quarantine/{id}/replay", post_with(replay::handler, replay::DOC.apply()))
        .api_route("/v1/quarantine/{id}/dismiss", post_with(dismiss::handler, dismiss::DOC.apply()))
}
