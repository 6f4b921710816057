use axum::Json;
use axum::extract::State;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use tributary_app::tax::{
    GiveTaxProfile, TaxForm, TaxPerson, TaxProfileView, VatStanding, give_tax_profile,
    tax_profile_of,
};
use tributary_kernel::{PartnerId, TaxProfileId, Timestamp};
use tributary_web::{Caller, JsonBody, PathOf, Problem};

use super::PartnerPath;
use crate::ApiState;
use crate::doc::Doc;

const ERRORS: &[(u16, &str, &str)] = &[
    (404, "not_found", "There is no such partner in your programs."),
    (409, "shared_profile", "It works with others too: only the partner changes its tax details."),
    (422, "invalid", "A field is wrong; `errors` names each of them."),
];

pub(super) const GET: Doc = Doc {
    id: "get_tax_profile",
    tag: "partners",
    summary: "What a partner is for tax",
    detail: "`profile` is null until the partner has given one.",
    scope: Some("pay"),
    errors: &[(404, "not_found", "There is no such partner in your programs.")],
};

pub(super) const PUT: Doc = Doc {
    id: "put_tax_profile",
    tag: "partners",
    summary: "Say what a partner is for tax",
    detail: "Only while it is in programs of yours alone; otherwise it says so itself, on its own \
             page. Numbers are checked by their check digits where these are known. The version \
             before is kept.",
    scope: Some("pay"),
    errors: ERRORS,
};

/// What a partner is for tax.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "TaxProfileOf")]
pub(super) struct Out {
    /// Whose.
    partner: PartnerId,
    /// The version in use.
    profile: Option<ProfileOut>,
}

/// One version of a tax profile.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "TaxProfile")]
struct ProfileOut {
    /// Of this version.
    id: TaxProfileId,
    /// `company`, `sole_trader` or `private_person`.
    person: TaxPerson,
    /// Registered name, as on invoices.
    name: String,
    /// Street with number.
    street: Option<String>,
    /// Post code.
    post_code: Option<String>,
    /// Town.
    town: String,
    /// ISO 3166-1 alpha-2: where it is liable.
    country: String,
    /// Number in the register of companies.
    company_number: Option<String>,
    /// `registered`, `small_business` or `not_registered`.
    vat: VatStanding,
    /// VAT number, in the EU with its prefix.
    vat_number: Option<String>,
    /// Whether it pays its own tax (Swedish F-skatt); null: not known.
    pays_own_tax: Option<bool>,
    /// When it was given.
    given_at: Timestamp,
}

impl From<TaxProfileView> for ProfileOut {
    fn from(it: TaxProfileView) -> Self {
        let profile = it.profile;
        Self {
            id: it.id,
            person: profile.person,
            name: profile.name,
            street: profile.street,
            post_code: profile.post_code,
            town: profile.town,
            country: profile.country,
            company_number: profile.company_number.map(|it| it.as_str().to_owned()),
            vat: profile.vat,
            vat_number: profile.vat_number.map(|it| it.as_str().to_owned()),
            pays_own_tax: profile.pays_own_tax,
            given_at: it.given_at,
        }
    }
}

/// A tax profile to be used from now on.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "PutTaxProfile")]
pub(super) struct Body {
    /// What kind of person.
    person: TaxPerson,
    /// Registered name, as on invoices.
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
    #[schemars(example = &"13585628")]
    company_number: Option<String>,
    /// Where it stands towards VAT.
    vat: VatStanding,
    /// VAT number, when it is registered.
    #[serde(default)]
    #[schemars(example = &"DK13585628")]
    vat_number: Option<String>,
    /// Whether it pays its own tax (Swedish F-skatt); left out: not known.
    #[serde(default)]
    pays_own_tax: Option<bool>,
}

pub(super) async fn get(
    State(state): State<ApiState>,
    caller: Caller,
    PathOf(path): PathOf<PartnerPath>,
) -> Result<Json<Out>, Problem> {
    let found = tax_profile_of(state.app(), &caller.actor, path.id).await?;
    Ok(Json(Out { partner: path.id, profile: found.map(ProfileOut::from) }))
}

pub(super) async fn put(
    State(state): State<ApiState>,
    caller: Caller,
    PathOf(path): PathOf<PartnerPath>,
    JsonBody(body): JsonBody<Body>,
) -> Result<Json<Out>, Problem> {
    let form = TaxForm {
        person: body.person.as_str().to_owned(),
        name: body.name,
        street: body.street.unwrap_or_default(),
        post_code: body.post_code.unwrap_or_default(),
        town: body.town,
        country: body.country,
        company_number: body.company_number.unwrap_or_default(),
        vat: body.vat.as_str().to_owned(),
        vat_number: body.vat_number.unwrap_or_default(),
        pays_own_tax: body.pays_own_tax,
    };
    let input = GiveTaxProfile { partner: path.id, form };
    let given = give_tax_profile(state.app(), &caller.actor, input).await?;
    Ok(Json(Out { partner: path.id, profile: Some(given.into()) }))
}
