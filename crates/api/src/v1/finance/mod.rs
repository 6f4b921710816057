//! The end of a month: what is owed, what has to be paid, vouchers, closed periods.

mod accounts;
mod forecast;
mod invoicing;
mod liability;
mod locks;
mod vouchers;
mod withholding;

use aide::axum::ApiRouter;
use aide::axum::routing::{get_with, post_with};

use crate::ApiState;

pub(super) fn routes() -> ApiRouter<ApiState> {
    ApiRouter::new()
        .api_route("/v1/finance/liability", get_with(liability::handler, liability::DOC.apply()))
        .api_route("/v1/finance/forecast", get_with(forecast::handler, forecast::DOC.apply()))
        .api_route("/v1/finance/vouchers", get_with(vouchers::handler, vouchers::describe))
        .api_route(
            "/v1/finance/bookkeeping",
            get_with(accounts::get, accounts::GET.apply())
                .patch_with(accounts::patch, accounts::PATCH.apply()),
        )
        .api_route(
            "/v1/finance/invoicing",
            get_with(invoicing::get, invoicing::GET.apply())
                .put_with(invoicing::put, invoicing::PUT.apply()),
        )
        .api_route(
            "/v1/finance/withholding_rules",
            get_with(withholding::list, withholding::LIST.apply())
                .post_with(withholding::post, withholding::POST.apply()),
        )
        .api_route(
            "/v1/finance/withholding_rules/{id}/end",
            post_with(withholding::end, withholding::END.apply()),
        )
        .api_route(
            "/v1/finance/locks",
            get_with(locks::list, locks::LIST.apply()).post_with(locks::post, locks::POST.apply()),
        )
}
