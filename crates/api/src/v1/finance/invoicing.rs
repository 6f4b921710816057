use axum::Json;
use axum::extract::State;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use tributary_app::invoicing::{Invoicing, PutInvoicing};
use tributary_app::tax::{TaxForm, VatStanding};
use tributary_web::{Caller, JsonBody, Problem};

use crate::ApiState;
use crate::doc::Doc;

const ERRORS: &[(u16, &str, &str)] =
    &[(422, "invalid", "A field is wrong; `series_begun`: its prefix is fixed by now.")];

pub(super) const GET: Doc = Doc {
    id: "get_invoicing",
    tag: "finance",
    summary: "How you write invoices for partners",
    detail: "`invoicing` is null until you have said it.",
    scope: Some("read"),
    errors: &[],
};

pub(super) const PUT: Doc = Doc {
    id: "put_invoicing",
    tag: "finance",
    summary: "Say how you write invoices for partners",
    detail: "Your own details, the standard rate of VAT in your country, and the prefix of a series \
             of numbers without gaps. Only partners that agree to it are invoiced for.",
    scope: Some("pay"),
    errors: ERRORS,
};

/// How invoices are written.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "InvoicingOf")]
pub(super) struct Out {
    /// As it was said.
    invoicing: Option<InvoicingOut>,
}

/// How invoices are written.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Invoicing")]
struct InvoicingOut {
    /// Your registered name.
    name: String,
    /// Street with number.
    street: Option<String>,
    /// Post code.
    post_code: Option<String>,
    /// Town.
    town: String,
    /// ISO 3166-1 alpha-2.
    country: String,
    /// Number in the register of companies.
    company_number: Option<String>,
    /// `registered`, `small_business` or `not_registered`.
    vat: VatStanding,
    /// VAT number.
    vat_number: Option<String>,
    /// The standard rate of VAT in your country, in per cent.
    vat_percent: String,
    /// Before every number.
    prefix: String,
    /// Numbers given so far.
    given: i64,
}

impl From<Invoicing> for InvoicingOut {
    fn from(it: Invoicing) -> Self {
        let company = it.company;
        Self {
            name: company.name,
            street: company.street,
            post_code: company.post_code,
            town: company.town,
            country: company.country,
            company_number: company.company_number.map(|it| it.as_str().to_owned()),
            vat: company.vat,
            vat_number: company.vat_number.map(|it| it.as_str().to_owned()),
            vat_percent: it.vat_rate.to_percent_string(),
            prefix: it.prefix,
            given: it.given,
        }
    }
}

/// How invoices are to be written.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "PutInvoicing")]
pub(super) struct Body {
    /// Your registered name.
    name: String,
    /// Street with number.
    #[serde(default)]
    street: Option<String>,
    /// Post code.
    #[serde(default)]
    post_code: Option<String>,
    /// Town.
    town: String,
    /// ISO 3166-1 alpha-2.
    #[schemars(example = &"DK")]
    country: String,
    /// Number in the register of companies.
    #[serde(default)]
    company_number: Option<String>,
    /// Where you stand towards VAT.
    vat: VatStanding,
    /// VAT number, when you are registered.
    #[serde(default)]
    vat_number: Option<String>,
    /// The standard rate of VAT in your country, in per cent; `"0"` where there is none.
    #[schemars(example = &"25")]
    vat_percent: String,
    /// Before every number: up to 20 letters, digits, `-` and `/`.
    #[schemars(example = &"SB-")]
    prefix: String,
}

pub(super) async fn get(
    State(state): State<ApiState>,
    caller: Caller,
) -> Result<Json<Out>, Problem> {
    let it = tributary_app::invoicing::invoicing(state.app(), &caller.actor, caller.owner).await?;
    Ok(Json(Out { invoicing: it.map(InvoicingOut::from) }))
}

pub(super) async fn put(
    State(state): State<ApiState>,
    caller: Caller,
    JsonBody(body): JsonBody<Body>,
) -> Result<Json<Out>, Problem> {
    let company = TaxForm {
        name: body.name,
        street: body.street.unwrap_or_default(),
        post_code: body.post_code.unwrap_or_default(),
        town: body.town,
        country: body.country,
        company_number: body.company_number.unwrap_or_default(),
        vat: body.vat.as_str().to_owned(),
        vat_number: body.vat_number.unwrap_or_default(),
        ..TaxForm::default()
    };
    let input = PutInvoicing {
        owner: caller.owner,
        company,
        vat_percent: body.vat_percent,
        prefix: body.prefix,
    };
    let it = tributary_app::invoicing::put_invoicing(state.app(), &caller.actor, input).await?;
    Ok(Json(Out { invoicing: Some(it.into()) }))
}
