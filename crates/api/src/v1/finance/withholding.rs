use axum::Json;
use axum::extract::State;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use tributary_app::tax::{
    AddWithholdingRule, NumberKind, StoredWithholdingRule, TaxPerson, add_withholding_rule,
    end_withholding_rule, list_withholding_rules,
};
use tributary_kernel::{LocalDate, Timestamp, WithholdingRuleId};
use tributary_web::{Caller, JsonBody, PathOf, Problem, QueryOf};

use crate::doc::Doc;
use crate::wire::{Created, ListQuery, Page};
use crate::{ApiState, Once};

const ERRORS: &[(u16, &str, &str)] = &[(
    422,
    "invalid",
    "A field is wrong; `rule_overlaps`: another rule may hold for the same case.",
)];

pub(super) const LIST: Doc = Doc {
    id: "list_withholding_rules",
    tag: "finance",
    summary: "List rules of what is withheld from payouts",
    detail: "Newest first. None is built in.",
    scope: Some("read"),
    errors: &[],
};

pub(super) const POST: Doc = Doc {
    id: "add_withholding_rule",
    tag: "finance",
    summary: "Add a rule of what is withheld from payouts",
    detail: "It holds for partners whose tax profile fits it, on payouts with a day of payment \
             within its days. Partners of its country without a tax profile are not paid meanwhile. \
             Name the law or the adviser it comes from.",
    scope: Some("pay"),
    errors: ERRORS,
};

pub(super) const END: Doc = Doc {
    id: "end_withholding_rule",
    tag: "finance",
    summary: "End a rule of what is withheld",
    detail: "What was withheld stays withheld.",
    scope: Some("pay"),
    errors: &[(404, "not_found", "You have no such rule."), (422, "invalid", "The day is wrong.")],
};

/// A rule of what is withheld.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "WithholdingRule")]
pub(super) struct Out {
    /// Its id.
    id: WithholdingRuleId,
    /// Its name.
    name: String,
    /// Of those liable in which country.
    country: String,
    /// Part of the amount net of VAT, as a decimal: `"0.02"`.
    rate: String,
    /// First day of payment.
    from: LocalDate,
    /// Last day of payment.
    until: Option<LocalDate>,
    /// Only of those who have or lack a number of this kind.
    number: Option<String>,
    /// Whether they have it.
    has_number: Option<bool>,
    /// Only of those who do or do not pay their own tax.
    pays_own_tax: Option<bool>,
    /// Where the rule stands.
    source: String,
    /// When it was entered.
    created_at: Timestamp,
    /// By whom: a user's or key's id.
    created_by: String,
}

impl From<StoredWithholdingRule> for Out {
    fn from(it: StoredWithholdingRule) -> Self {
        let (number, has_number) = it.number.unzip();
        Self {
            id: it.id,
            name: it.name,
            country: it.country,
            rate: it.rate.to_string(),
            from: it.from,
            until: it.until,
            number,
            has_number,
            pays_own_tax: it.pays_own_tax,
            source: it.source,
            created_at: it.created_at,
            created_by: it.created_by,
        }
    }
}

/// A rule to be added.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "AddWithholdingRule")]
pub(super) struct Body {
    /// Its name.
    #[schemars(example = &"PPh 23")]
    name: String,
    /// Of those liable in which country.
    #[schemars(example = &"ID")]
    country: String,
    /// Of which kinds of person; left out: all.
    #[serde(default)]
    persons: Vec<TaxPerson>,
    /// Only of those who have or lack a number of this kind.
    #[serde(default)]
    number: Option<NumberKind>,
    /// Whether they have it; with `number` alone: they have.
    #[serde(default)]
    has_number: Option<bool>,
    /// Only of those who do or do not pay their own tax.
    #[serde(default)]
    pays_own_tax: Option<bool>,
    /// Per cent of the amount net of VAT.
    #[schemars(example = &"2")]
    percent: String,
    /// First day of payment.
    from: LocalDate,
    /// Last day of payment.
    #[serde(default)]
    until: Option<LocalDate>,
    /// Where the rule stands: law or adviser.
    source: String,
}

/// The end of a rule.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "EndWithholdingRule")]
pub(super) struct EndBody {
    /// The last day of payment that it holds for.
    until: LocalDate,
}

/// A rule in an address.
#[derive(Debug, Deserialize, JsonSchema)]
pub(super) struct RulePath {
    /// The rule's id.
    id: WithholdingRuleId,
}

pub(super) async fn list(
    State(state): State<ApiState>,
    caller: Caller,
    QueryOf(query): QueryOf<ListQuery>,
) -> Result<Json<Page<Out>>, Problem> {
    let page = query.page()?;
    let found = list_withholding_rules(state.app(), &caller.actor, caller.owner, page).await?;
    Ok(Page::of(found, Out::from))
}

pub(super) async fn post(
    Once(state): Once,
    caller: Caller,
    JsonBody(body): JsonBody<Body>,
) -> Result<Created<Out>, Problem> {
    let input = AddWithholdingRule {
        owner: caller.owner,
        name: body.name,
        country: body.country,
        persons: body.persons,
        number: body.number.map(|kind| (kind, body.has_number.unwrap_or(true))),
        pays_own_tax: body.pays_own_tax,
        percent: body.percent,
        from: body.from,
        until: body.until,
        source: body.source,
    };
    Ok(Created(add_withholding_rule(state.app(), &caller.actor, input).await?.into()))
}

pub(super) async fn end(
    Once(state): Once,
    caller: Caller,
    PathOf(path): PathOf<RulePath>,
    JsonBody(body): JsonBody<EndBody>,
) -> Result<Json<Out>, Problem> {
    let (app, actor) = (state.app(), &caller.actor);
    let it = end_withholding_rule(app, actor, caller.owner, path.id, body.until).await?;
    Ok(Json(it.into()))
}
