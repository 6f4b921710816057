use axum::Json;
use axum::extract::State;
use schemars::JsonSchema;
use serde::Serialize;
use tributary_app::AppError;
use tributary_app::conversion::{DecidedJourney, find_conversion};
use tributary_attribution::Model;
use tributary_kernel::{LinkId, PartnerId, PartnershipId, Timestamp};
use tributary_web::{Caller, PathOf, Problem};

use super::wire::{ConversionOut, ConversionPath};
use crate::ApiState;
use crate::doc::Doc;

const ERRORS: &[(u16, &str, &str)] = &[(404, "not_found", "You have no such conversion.")];

pub(super) const DOC: Doc = Doc {
    id: "get_conversion",
    tag: "conversions",
    summary: "Get a conversion with its journey",
    detail: "The journey is the copy that the decision was made on: every touch, and what became \
             of it.",
    scope: Some("read"),
    errors: ERRORS,
};

/// A conversion with its journey.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct ConversionWithJourney {
    #[serde(flatten)]
    conversion: ConversionOut,
    /// The touches before it, oldest first.
    journey: Vec<TouchOut>,
    /// Who earned it.
    credits: Vec<CreditOut>,
    /// The model by which it was decided.
    model: Model,
    /// What partners earned together, parts of 1,000,000,000: the rest is other channels'.
    partners_share: u32,
}

/// One touch and what became of it.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Touch")]
struct TouchOut {
    /// When.
    at: Timestamp,
    /// The click, coupon or partnership it is: `clk_…`, `coup_…`, `pship_…`.
    touch: String,
    /// `click`, `coupon` or `assignment`.
    kind: String,
    /// Whose partnership.
    partnership: Option<PartnershipId>,
    /// Which partner.
    partner: Option<PartnerId>,
    /// Through which link.
    link: Option<LinkId>,
    /// `partner_link`, `coupon`, `customer`, ….
    channel: String,
    /// What the visitor had said: `granted`, `denied` or `unknown`.
    consent: String,
    /// What shows that it happened: `recorded`, `id_only`, `unrecorded`, ….
    proof: String,
    /// What became of it: `credited`, `later_touch_won`, `outside_window`, ….
    verdict: String,
    /// Place in the journey of the touch that won over it, from zero.
    winner: Option<u16>,
    /// Its share of the conversion, parts of 1,000,000,000; of a channel that is no partner's,
    /// nobody is paid for it.
    share: Option<u32>,
}

/// A share of a conversion.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Credit")]
struct CreditOut {
    /// Whose.
    partnership: PartnershipId,
    /// That partnership's partner.
    partner: PartnerId,
    /// Place in the journey of the touch that earned it, from zero.
    touch: u16,
    /// Parts of 1,000,000,000.
    share: u32,
}

pub(super) async fn handler(
    State(state): State<ApiState>,
    caller: Caller,
    PathOf(path): PathOf<ConversionPath>,
) -> Result<Json<ConversionWithJourney>, Problem> {
    let found = find_conversion(state.app(), &caller.actor, path.id).await?;
    let decided: DecidedJourney = serde_json::from_str(&found.journey)
        .map_err(|error| AppError::Corrupt(format!("journey of {}: {error}", found.id)))?;
    let touches = decided.journey.touches().iter().zip(&decided.attribution.verdicts);
    let journey = touches.map(|(touch, verdict)| TouchOut {
        at: touch.at,
        touch: touch.touch.to_string(),
        kind: touch.touch.kind().to_string(),
        partnership: touch.promoter.map(|it| it.partnership),
        partner: touch.promoter.map(|it| it.partner),
        link: touch.link,
        channel: touch.channel.to_string(),
        consent: touch.consent.to_string(),
        proof: touch.proof.to_string(),
        verdict: verdict.code().to_owned(),
        winner: verdict.winner(),
        share: verdict.share().map(|share| share.get()),
    });
    let credits = decided.attribution.credits.iter().map(|it| CreditOut {
        partnership: it.partnership,
        partner: it.partner,
        touch: it.touch,
        share: it.share.get(),
    });
    Ok(Json(ConversionWithJourney {
        conversion: ConversionOut::from(&found),
        journey: journey.collect(),
        credits: credits.collect(),
        model: decided.attribution.model,
        partners_share: decided.attribution.credits.iter().map(|it| it.share.get()).sum(),
    }))
}
