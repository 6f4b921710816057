use axum::Json;
use axum::extract::State;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use tributary_app::conversion::{
    CreditProposal, confirm_credit_change, dismiss_credit_change, list_credit_changes,
};
use tributary_attribution::Cause;
use tributary_directory::Permission;
use tributary_kernel::{ConversionId, PartnerId, PartnershipId, ProgramId, Timestamp};
use tributary_web::{Caller, PathOf, Problem, QueryOf};

use crate::doc::Doc;
use crate::v1::conversions::ConversionPath;
use crate::wire::{Page, page_of};
use crate::{ApiState, Once};

const NONE: (u16, &str, &str) = (404, "not_found", "Nothing is proposed for this conversion.");

pub(super) const LIST: Doc = Doc {
    id: "list_credit_changes",
    tag: "attribution",
    summary: "List changes of credit that wait for a person",
    detail: "A touch that came late, or settings that hold from an earlier moment, would credit \
             these conversions otherwise, and money of them was approved or paid. Newest first.",
    scope: Some("read"),
    errors: &[],
};

pub(super) const CONFIRM: Doc = Doc {
    id: "confirm_credit_change",
    tag: "attribution",
    summary: "Confirm a change of credit",
    detail: "What is paid otherwise now is taken back by transfers with the reason `redecided`, \
             from wherever the money has got to; what the new decision pays is owed anew and \
             waits for approval. What stays the same is not touched.",
    scope: Some("decide"),
    errors: &[
        NONE,
        (409, "changed_meanwhile", "More has changed; a newer proposal is there, or none."),
    ],
};

pub(super) const DISMISS: Doc = Doc {
    id: "dismiss_credit_change",
    tag: "attribution",
    summary: "Leave a conversion as it was credited",
    detail: "Nothing moves. The next reason to decide it again may propose a change once more.",
    scope: Some("decide"),
    errors: &[NONE],
};

/// Which changes.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Query {
    /// Of one program.
    #[serde(default)]
    program: Option<ProgramId>,
    /// The `next_cursor` of the page before.
    #[serde(default)]
    cursor: Option<String>,
    /// Rows, at most 200.
    #[serde(default)]
    limit: Option<u32>,
}

/// A change that waits.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "CreditChange")]
pub(super) struct CreditChangeOut {
    /// Of which conversion.
    conversion: ConversionId,
    /// Of which program.
    program: ProgramId,
    /// When it was found.
    proposed_at: Timestamp,
    /// Why: `touches_added`, `model_changed`, `window_changed`, ….
    causes: Vec<Cause>,
    /// Whose share changes.
    changes: Vec<ShareChangeOut>,
}

/// What changes for one partnership.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "ShareChange")]
struct ShareChangeOut {
    /// Whose.
    partnership: PartnershipId,
    /// That partnership's partner.
    partner: PartnerId,
    /// Its share as decided, parts of 1,000,000,000.
    before: u32,
    /// Its share by the new decision.
    after: u32,
}

impl From<CreditProposal> for CreditChangeOut {
    fn from(it: CreditProposal) -> Self {
        let changes = it.change.changes.iter().map(|it| ShareChangeOut {
            partnership: it.partnership,
            partner: it.partner,
            before: it.before.get(),
            after: it.after.get(),
        });
        Self {
            conversion: it.conversion,
            program: it.program,
            proposed_at: it.proposed_at,
            changes: changes.collect(),
            causes: it.change.causes.into_iter().collect(),
        }
    }
}

/// What was done.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "CreditChangeSettled")]
pub(super) struct Settled {
    /// Of which conversion.
    conversion: ConversionId,
}

pub(super) async fn list(
    State(state): State<ApiState>,
    caller: Caller,
    QueryOf(query): QueryOf<Query>,
) -> Result<Json<Page<CreditChangeOut>>, Problem> {
    let page = page_of(query.cursor.as_deref(), query.limit)?;
    let (app, owner) = (state.app(), caller.owner);
    let found = list_credit_changes(app, &caller.actor, owner, query.program, page).await?;
    Ok(Page::of(found, Into::into))
}

pub(super) async fn confirm(
    Once(state): Once,
    caller: Caller,
    PathOf(path): PathOf<ConversionPath>,
) -> Result<Json<Settled>, Problem> {
    caller.require(Permission::Decide)?;
    confirm_credit_change(state.app(), &caller.actor, caller.owner, path.id).await?;
    Ok(Json(Settled { conversion: path.id }))
}

pub(super) async fn dismiss(
    Once(state): Once,
    caller: Caller,
    PathOf(path): PathOf<ConversionPath>,
) -> Result<Json<Settled>, Problem> {
    caller.require(Permission::Decide)?;
    dismiss_credit_change(state.app(), &caller.actor, caller.owner, path.id).await?;
    Ok(Json(Settled { conversion: path.id }))
}
