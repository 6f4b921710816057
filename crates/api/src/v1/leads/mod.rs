//! Leads and deals: who might buy, whose that is, how far it comes.

mod advance;
mod answer;
mod change;
mod get;
mod list;
mod qualify;
mod register;
mod settings;
mod wire;

use aide::axum::ApiRouter;
use aide::axum::routing::{get_with, post_with};

use crate::ApiState;

pub(super) fn routes() -> ApiRouter<ApiState> {
    ApiRouter::new()
        .api_route(
            "/v1/leads",
            get_with(list::handler, list::DOC.apply())
                .post_with(register::handler, register::DOC.apply()),
        )
        .api_route(
            "/v1/leads/{id}",
            get_with(get::handler, get::DOC.apply())
                .patch_with(change::handler, change::DOC.apply()),
        )
        .api_route("/v1/leads/{id}/moves", post_with(advance::handler, advance::DOC.apply()))
        .api_route(
            "/v1/leads/{id}/qualifications",
            post_with(qualify::handler, qualify::DOC.apply()),
        )
        .api_route("/v1/leads/{id}/answer", post_with(answer::handler, answer::DOC.apply()))
        .api_route(
            "/v1/programs/{id}/lead_settings",
            get_with(settings::get, settings::GET.apply())
                .patch_with(settings::patch, settings::PATCH.apply()),
        )
}
