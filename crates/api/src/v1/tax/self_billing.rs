use axum::Json;
use axum::extract::State;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use tributary_app::invoicing::{
    AgreeSelfBilling, SelfBilling, agree_self_billing, end_self_billing, self_billing_for,
};
use tributary_kernel::{LocalDate, PartnerId, Timestamp};
use tributary_web::{Caller, JsonBody, PathOf, Problem};

use super::PartnerPath;
use crate::doc::Doc;
use crate::{ApiState, Once};

const ERRORS: &[(u16, &str, &str)] = &[
    (404, "not_found", "There is no such partner in your programs."),
    (409, "invoicing_missing", "Say first how you write invoices."),
    (409, "tax_profile_missing", "The partner's tax profile comes first."),
    (409, "self_billing_private", "No invoices are written for a person without a business."),
    (422, "invalid", "The day is missing or has not come yet."),
];

pub(super) const GET: Doc = Doc {
    id: "get_self_billing",
    tag: "partners",
    summary: "Whether a partner lets you write its invoices",
    detail: "Without an agreement payouts have no invoice and no VAT.",
    scope: Some("pay"),
    errors: &[(404, "not_found", "There is no such partner in your programs.")],
};

pub(super) const POST: Doc = Doc {
    id: "agree_self_billing",
    tag: "partners",
    summary: "Tell that a partner lets you write its invoices",
    detail: "The day of an agreement that you have on paper; partners agree by themselves, too, on \
             their own page. From the next payout on. Told again, nothing changes.",
    scope: Some("pay"),
    errors: ERRORS,
};

pub(super) const END: Doc = Doc {
    id: "end_self_billing",
    tag: "partners",
    summary: "Write no more invoices for a partner",
    detail: "From the next payout on. Partners can end it, too.",
    scope: Some("pay"),
    errors: &[(404, "not_found", "There is no such partner in your programs.")],
};

/// Whether a partner lets you write its invoices.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "SelfBilling")]
pub(super) struct Out {
    /// Which partner.
    partner: PartnerId,
    /// The day of the agreement; null: there is none.
    agreed_on: Option<LocalDate>,
    /// When it was told here.
    agreed_at: Option<Timestamp>,
}

impl Out {
    fn of(partner: PartnerId, it: Option<&SelfBilling>) -> Json<Self> {
        let agreed_on = it.and_then(|it| it.agreed_on);
        Json(Self { partner, agreed_on, agreed_at: it.and_then(|it| it.agreed_at) })
    }
}

/// An agreement to be kept.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "AgreeSelfBilling")]
pub(super) struct Body {
    /// The day of the agreement.
    agreed_on: LocalDate,
}

pub(super) async fn get(
    State(state): State<ApiState>,
    caller: Caller,
    PathOf(path): PathOf<PartnerPath>,
) -> Result<Json<Out>, Problem> {
    let found = self_billing_for(state.app(), &caller.actor, path.id).await?;
    Ok(Out::of(path.id, found.first()))
}

pub(super) async fn post(
    Once(state): Once,
    caller: Caller,
    PathOf(path): PathOf<PartnerPath>,
    JsonBody(body): JsonBody<Body>,
) -> Result<Json<Out>, Problem> {
    let agreed_on = Some(body.agreed_on);
    let input = AgreeSelfBilling { owner: caller.owner, partner: path.id, agreed_on };
    let it = agree_self_billing(state.app(), &caller.actor, input).await?;
    Ok(Out::of(path.id, Some(&it)))
}

pub(super) async fn end(
    Once(state): Once,
    caller: Caller,
    PathOf(path): PathOf<PartnerPath>,
) -> Result<Json<Out>, Problem> {
    let it = end_self_billing(state.app(), &caller.actor, caller.owner, path.id).await?;
    Ok(Out::of(path.id, Some(&it)))
}
