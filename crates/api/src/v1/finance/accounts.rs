use std::collections::BTreeMap;

use axum::Json;
use axum::extract::State;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use tributary_app::month_end::{BookedKind, Bookkeeping, PutBookkeeping};
use tributary_kernel::FieldError;
use tributary_web::{Caller, JsonBody, Problem};

use crate::ApiState;
use crate::doc::Doc;
use crate::wire::refuse_if_any;

const ERRORS: &[(u16, &str, &str)] = &[(422, "invalid", "A field is wrong.")];

pub(super) const GET: Doc = Doc {
    id: "get_bookkeeping",
    tag: "finance",
    summary: "How your books are written",
    detail: "Until you say otherwise, accounts of the Swedish standard chart.",
    scope: Some("read"),
    errors: &[],
};

pub(super) const PATCH: Doc = Doc {
    id: "change_bookkeeping",
    tag: "finance",
    summary: "Say how your books are written",
    detail: "What is left out stays as it is.",
    scope: Some("pay"),
    errors: ERRORS,
};

/// How books are written.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Bookkeeping")]
pub(super) struct Out {
    /// The account of the chart by kind: `commission_cost`, `partner_pending`, `partner_approved`,
    /// `partner_payable`, `partner_paid`, `partner_clawback`, `input_vat`, `withheld_tax`.
    accounts: BTreeMap<String, String>,
    /// Series of vouchers in SIE files.
    series: String,
    /// First month of the fiscal year, 1 to 12.
    year_month: u32,
    /// Number in the register of companies.
    organisation_number: Option<String>,
}

impl From<Bookkeeping> for Out {
    fn from(it: Bookkeeping) -> Self {
        let accounts = it.accounts.into_iter();
        Self {
            accounts: accounts.map(|(kind, account)| (kind.as_str().to_owned(), account)).collect(),
            series: it.series,
            year_month: it.year_month,
            organisation_number: it.organisation_number,
        }
    }
}

/// What is to be changed.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "ChangeBookkeeping")]
pub(super) struct Body {
    /// Accounts by kind, 1 to 10 digits.
    #[serde(default)]
    accounts: BTreeMap<String, String>,
    /// Series of vouchers, 1 to 10 letters and digits.
    #[serde(default)]
    series: Option<String>,
    /// First month of the fiscal year.
    #[serde(default)]
    year_month: Option<u32>,
    /// Number in the register of companies; empty: none.
    #[serde(default)]
    organisation_number: Option<String>,
}

pub(super) async fn get(
    State(state): State<ApiState>,
    caller: Caller,
) -> Result<Json<Out>, Problem> {
    let it =
        tributary_app::month_end::bookkeeping(state.app(), &caller.actor, caller.owner).await?;
    Ok(Json(it.into()))
}

pub(super) async fn patch(
    State(state): State<ApiState>,
    caller: Caller,
    JsonBody(body): JsonBody<Body>,
) -> Result<Json<Out>, Problem> {
    let mut errors = Vec::new();
    let mut accounts = BTreeMap::new();
    for (kind, account) in body.accounts {
        match kind.parse::<BookedKind>() {
            Ok(kind) => {
                accounts.insert(kind, account);
            }
            Err(_) => {
                let detail = "There is no such kind.";
                errors.push(FieldError::new(format!("/accounts/{kind}"), "unknown_value", detail));
            }
        }
    }
    refuse_if_any(errors)?;
    let input = PutBookkeeping {
        accounts,
        series: body.series,
        year_month: body.year_month,
        organisation_number: body.organisation_number,
    };
    let (app, actor) = (state.app(), &caller.actor);
    let it = tributary_app::month_end::put_bookkeeping(app, actor, caller.owner, input).await?;
    Ok(Json(it.into()))
}
