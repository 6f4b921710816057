//! What partners are for tax, and what registers of VAT numbers answered.

mod profile;
mod self_billing;
mod vat_answers;

use aide::axum::ApiRouter;
use aide::axum::routing::{get_with, post_with};
use schemars::JsonSchema;
use serde::Deserialize;
use tributary_kernel::PartnerId;

use crate::ApiState;

/// A partner in an address.
#[derive(Debug, Deserialize, JsonSchema)]
pub(super) struct PartnerPath {
    /// The partner's id.
    pub(super) id: PartnerId,
}

pub(super) fn routes() -> ApiRouter<ApiState> {
    ApiRouter::new()
        .api_route(
            "/v1/partners/{id}/tax_profile",
            get_with(profile::get, profile::GET.apply())
                .put_with(profile::put, profile::PUT.apply()),
        )
        .api_route(
            "/v1/partners/{id}/self_billing",
            get_with(self_billing::get, self_billing::GET.apply())
                .post_with(self_billing::post, self_billing::POST.apply()),
        )
        .api_route(
            "/v1/partners/{id}/self_billing/end",
            post_with(self_billing::end, self_billing::END.apply()),
        )
        .api_route(
            "/v1/partners/{id}/vat_answers",
            get_with(vat_answers::list, vat_answers::LIST.apply())
                .post_with(vat_answers::post, vat_answers::POST.apply()),
        )
}
