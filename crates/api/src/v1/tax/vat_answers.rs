use axum::Json;
use axum::extract::State;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use tributary_app::tax::{KeepVatAnswer, StoredVatAnswer, keep_vat_answer, list_vat_answers};
use tributary_kernel::{LocalDate, PartnerId, Timestamp, VatAnswerId};
use tributary_web::{Caller, JsonBody, PathOf, Problem, QueryOf};

use super::PartnerPath;
use crate::doc::Doc;
use crate::wire::{Created, ListQuery, Page};
use crate::{ApiState, Once};

const ERRORS: &[(u16, &str, &str)] = &[
    (404, "not_found", "There is no such partner in your programs."),
    (422, "invalid", "A field is wrong; `errors` names each of them."),
];

pub(super) const LIST: Doc = Doc {
    id: "list_vat_answers",
    tag: "partners",
    summary: "List what registers answered about a partner's VAT number",
    detail: "Yours alone, newest first.",
    scope: Some("pay"),
    errors: &[(404, "not_found", "There is no such partner in your programs.")],
};

pub(super) const POST: Doc = Doc {
    id: "keep_vat_answer",
    tag: "partners",
    summary: "Keep what a register answered about a VAT number",
    detail: "Ask the register yourself (VIES in the EU); nothing is asked from here. The newest \
             answer about a number counts; one that is older is not touched.",
    scope: Some("pay"),
    errors: ERRORS,
};

/// What a register of VAT numbers answered.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "VatAnswer")]
pub(super) struct Out {
    /// Its id.
    id: VatAnswerId,
    /// Whose number.
    partner: PartnerId,
    /// Which number.
    number: String,
    /// Whether it is valid.
    valid: bool,
    /// The name it is registered to.
    registered_name: Option<String>,
    /// The register's reference of the question.
    reference: Option<String>,
    /// The day it was asked.
    asked_on: LocalDate,
    /// When the answer was kept.
    kept_at: Timestamp,
    /// By whom: a user's or key's id.
    kept_by: String,
}

impl From<StoredVatAnswer> for Out {
    fn from(it: StoredVatAnswer) -> Self {
        Self {
            id: it.id,
            partner: it.partner,
            number: it.number,
            valid: it.valid,
            registered_name: it.registered_name,
            reference: it.reference,
            asked_on: it.asked_on,
            kept_at: it.created_at,
            kept_by: it.created_by,
        }
    }
}

/// An answer to be kept.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "KeepVatAnswer")]
pub(super) struct Body {
    /// The number that was asked, with its country.
    #[schemars(example = &"DK13585628")]
    number: String,
    /// Whether it is valid.
    valid: bool,
    /// The name it is registered to.
    #[serde(default)]
    registered_name: Option<String>,
    /// The register's reference of the question.
    #[serde(default)]
    reference: Option<String>,
    /// The day it was asked.
    asked_on: LocalDate,
}

pub(super) async fn list(
    State(state): State<ApiState>,
    caller: Caller,
    PathOf(path): PathOf<PartnerPath>,
    QueryOf(query): QueryOf<ListQuery>,
) -> Result<Json<Page<Out>>, Problem> {
    let page = query.page()?;
    let (app, actor) = (state.app(), &caller.actor);
    let found = list_vat_answers(app, actor, caller.owner, path.id, page).await?;
    Ok(Page::of(found, Out::from))
}

pub(super) async fn post(
    Once(state): Once,
    caller: Caller,
    PathOf(path): PathOf<PartnerPath>,
    JsonBody(body): JsonBody<Body>,
) -> Result<Created<Out>, Problem> {
    let input = KeepVatAnswer {
        owner: caller.owner,
        partner: path.id,
        number: body.number,
        valid: body.valid,
        registered_name: body.registered_name.unwrap_or_default(),
        reference: body.reference.unwrap_or_default(),
        asked_on: body.asked_on,
    };
    Ok(Created(keep_vat_answer(state.app(), &caller.actor, input).await?.into()))
}
