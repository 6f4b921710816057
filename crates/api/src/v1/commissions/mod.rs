//! Commissions: money owed under a rule.

mod list;
pub(super) mod wire;

use aide::axum::ApiRouter;
use aide::axum::routing::get_with;

use crate::ApiState;

pub(super) fn routes() -> ApiRouter<ApiState> {
    ApiRouter::new().api_route("/v1/commissions", get_with(list::handler, list::DOC.apply()))
}
