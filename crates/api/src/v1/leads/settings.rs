use axum::Json;
use axum::extract::State;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use tributary_app::leads::{
    Ending, LeadSettings, Pipeline, RegistrationRules, Stage, Treatment, lead_settings,
    put_lead_settings,
};
use tributary_directory::Permission;
use tributary_web::{Caller, JsonBody, PathOf, Problem};

use crate::ApiState;
use crate::doc::Doc;
use crate::v1::programs::ProgramPath;

const ERRORS: &[(u16, &str, &str)] = &[
    (404, "not_found", "You have no such program."),
    (422, "invalid", "A field is wrong; `errors` names each of them."),
];

pub(super) const GET: Doc = Doc {
    id: "get_lead_settings",
    tag: "leads",
    summary: "Get how a program takes leads",
    detail: "While `takes_leads` is no, the rest is what setting nothing else would give.",
    scope: Some("read"),
    errors: ERRORS,
};

pub(super) const PATCH: Doc = Doc {
    id: "set_lead_settings",
    tag: "leads",
    summary: "Set how a program takes leads",
    detail: "From the first time on the program takes leads. What is left out stays; stages are \
             given all at once, in their order. Leads keep the answers they got.",
    scope: Some("manage"),
    errors: ERRORS,
};

/// How a program takes leads.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "LeadSettings")]
pub(super) struct SettingsOut {
    /// Whether it takes any.
    takes_leads: bool,
    /// Whose a lead is that is known already.
    rules: RulesWire,
    /// The stages, in their order.
    stages: Vec<StageWire>,
}

/// Whose a lead is that is known already.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "LeadRules")]
struct RulesWire {
    /// Days for which the first registration keeps other partners out; 0: nobody is kept out.
    protection_days: u16,
    /// What becomes of another partner's registration within them.
    protected: Treatment,
    /// What becomes of one for a customer.
    customer: Treatment,
    /// Days after which a former customer is like a new one; null: never.
    #[serde(default)]
    customer_lapses_after_days: Option<u16>,
    /// What becomes of one for a company in your own pipeline.
    opportunity: Treatment,
}

/// A stage of the pipeline.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "LeadStage")]
struct StageWire {
    /// Its stable name: a-z, 0-9 and _.
    name: String,
    /// Whether a deal is over there.
    ending: Ending,
    /// The type of conversion it is reported as; null: nothing is reported.
    #[serde(default)]
    event: Option<String>,
}

/// What changes.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "SetLeadSettings")]
pub(super) struct Body {
    /// Whose a lead is that is known already.
    #[serde(default)]
    rules: Option<RulesWire>,
    /// The stages, in their order: open ones, then at least one won and one lost.
    #[serde(default)]
    stages: Option<Vec<StageWire>>,
}

fn out(settings: Option<LeadSettings>) -> SettingsOut {
    let takes_leads = settings.is_some();
    let LeadSettings { rules, pipeline } = settings.unwrap_or_default();
    let stage = |Stage { name, ending, event }| StageWire { name, ending, event };
    SettingsOut {
        takes_leads,
        rules: RulesWire {
            protection_days: rules.protection_days,
            protected: rules.protected,
            customer: rules.customer,
            customer_lapses_after_days: rules.customer_lapses_after_days,
            opportunity: rules.opportunity,
        },
        stages: pipeline.stages.into_iter().map(stage).collect(),
    }
}

pub(super) async fn get(
    State(state): State<ApiState>,
    caller: Caller,
    PathOf(path): PathOf<ProgramPath>,
) -> Result<Json<SettingsOut>, Problem> {
    Ok(Json(out(lead_settings(state.app(), &caller.actor, path.id).await?)))
}

pub(super) async fn patch(
    State(state): State<ApiState>,
    caller: Caller,
    PathOf(path): PathOf<ProgramPath>,
    JsonBody(body): JsonBody<Body>,
) -> Result<Json<SettingsOut>, Problem> {
    caller.require(Permission::Manage)?;
    let app = state.app();
    let mut settings = lead_settings(app, &caller.actor, path.id).await?.unwrap_or_default();
    if let Some(rules) = body.rules {
        settings.rules = RegistrationRules {
            protection_days: rules.protection_days,
            protected: rules.protected,
            customer: rules.customer,
            customer_lapses_after_days: rules.customer_lapses_after_days,
            opportunity: rules.opportunity,
        };
    }
    if let Some(stages) = body.stages {
        let stage = |StageWire { name, ending, event }| Stage { name, ending, event };
        settings.pipeline = Pipeline { stages: stages.into_iter().map(stage).collect() };
    }
    let it = put_lead_settings(app, &caller.actor, caller.owner, path.id, settings).await?;
    Ok(Json(out(Some(it))))
}
