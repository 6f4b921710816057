//! Members: the people of an organisation.

mod change;
mod get;
mod invite;
mod invite_again;
mod list;
mod wire;

use aide::axum::ApiRouter;
use aide::axum::routing::{get_with, post_with};

use crate::ApiState;

pub(super) fn routes() -> ApiRouter<ApiState> {
    ApiRouter::new()
        .api_route(
            "/v1/members",
            get_with(list::handler, list::DOC.apply())
                .post_with(invite::handler, invite::DOC.apply()),
        )
        .api_route(
            "/v1/members/{id}",
            get_with(get::handler, get::DOC.apply())
                .patch_with(change::handler, change::DOC.apply()),
        )
        .api_route(
            "/v1/members/{id}/invite",
            post_with(invite_again::handler, invite_again::DOC.apply()),
        )
}
