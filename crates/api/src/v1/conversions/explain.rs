use axum::Json;
use axum::extract::State;
use schemars::JsonSchema;
use serde::Serialize;
use tributary_app::explain::explain_conversion;
use tributary_kernel::ConversionId;
use tributary_web::{Caller, PathOf, Problem};

use super::wire::ConversionPath;
use crate::ApiState;
use crate::doc::Doc;
use crate::v1::explained_touch::ExplainedTouchOut;
use crate::v1::explanation::{ExplainedOut, WhyNothingOut};

const ERRORS: &[(u16, &str, &str)] = &[(404, "not_found", "You have no such conversion.")];

pub(super) const DOC: Doc = Doc {
    id: "explain_conversion",
    tag: "conversions",
    summary: "Explain a conversion",
    detail: "What it paid and why, step by step, or why it paid nothing.",
    scope: Some("read"),
    errors: ERRORS,
};

/// What a conversion paid and why.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "ExplainedConversion")]
pub(super) struct ExplainedConversionOut {
    /// Which.
    conversion: ConversionId,
    /// Every touch and its verdict, oldest first.
    touches: Vec<ExplainedTouchOut>,
    /// Place of the touch that a person has to look at first.
    held: Option<u16>,
    /// Its commissions, those taken back too, in the order they were booked.
    commissions: Vec<ExplainedOut>,
    /// Why the newest decision pays nothing, when it does not.
    nothing: Option<WhyNothingOut>,
}

pub(super) async fn handler(
    State(state): State<ApiState>,
    caller: Caller,
    PathOf(path): PathOf<ConversionPath>,
) -> Result<Json<ExplainedConversionOut>, Problem> {
    let it = explain_conversion(state.app(), &caller.actor, path.id).await?;
    Ok(Json(ExplainedConversionOut {
        conversion: it.conversion.id,
        touches: it.credit.touches.into_iter().map(ExplainedTouchOut::from).collect(),
        held: it.held,
        commissions: it.commissions.into_iter().map(ExplainedOut::from).collect(),
        nothing: it.nothing.map(WhyNothingOut::from),
    }))
}
