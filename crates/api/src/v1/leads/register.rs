use schemars::JsonSchema;
use serde::Deserialize;
use tributary_app::leads::{RegisterLead, register_lead};
use tributary_directory::Permission;
use tributary_kernel::{LocalDate, PartnerId, ProgramId};
use tributary_web::{Caller, JsonBody, Problem};

use super::wire::RegisteredOut;
use crate::Once;
use crate::doc::Doc;
use crate::wire::{Created, MoneyIn, refuse_if_any};

const ERRORS: &[(u16, &str, &str)] = &[
    (404, "not_found", "You have no such program."),
    (409, "leads_not_taken", "The program takes no leads: set how first."),
    (422, "invalid", "A field is wrong; `errors` names each of them."),
];

pub(super) const DOC: Doc = Doc {
    id: "register_lead",
    tag: "leads",
    summary: "Register a lead",
    detail: "The answer says whose it is, by the program's rules: first registered, protection, \
             existing customer, your own pipeline. A lead that was refused is kept with its \
             reason and date. A company is known by your id, its number or its domain, which the \
             contact's mail address tells too; something of these or the address is needed.",
    scope: Some("report"),
    errors: ERRORS,
};

/// A lead as it is told.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "RegisterLead")]
pub(super) struct Body {
    /// Of which program.
    program: ProgramId,
    /// For which partner; left out: your own.
    #[serde(default)]
    partner: Option<PartnerId>,
    /// What the company is called.
    company: String,
    /// Its domain.
    #[serde(default)]
    #[schemars(example = &"bolt.dk")]
    company_domain: Option<String>,
    /// Its number in a register, its country's two letters first.
    #[serde(default)]
    #[schemars(example = &"DK12345678")]
    company_number: Option<String>,
    /// Your own id of it.
    #[serde(default)]
    company_id: Option<String>,
    /// Who to talk to.
    #[serde(default)]
    contact_name: Option<String>,
    /// Where to write.
    #[serde(default)]
    contact_email: Option<String>,
    /// Where to call.
    #[serde(default)]
    contact_phone: Option<String>,
    /// What else is to be said.
    #[serde(default)]
    note: Option<String>,
    /// Your own id of the customer, where it is one.
    #[serde(default)]
    customer_id: Option<String>,
    /// What it may be worth, without tax.
    #[serde(default)]
    value: Option<MoneyIn>,
    /// When it may close.
    #[serde(default)]
    expected_on: Option<LocalDate>,
}

pub(super) async fn handler(
    Once(state): Once,
    caller: Caller,
    JsonBody(body): JsonBody<Body>,
) -> Result<Created<RegisteredOut>, Problem> {
    caller.require(Permission::Report)?;
    let mut errors = Vec::new();
    let value = body.value.and_then(|it| it.read("/value", &mut errors));
    refuse_if_any(errors)?;
    let input = RegisterLead {
        program: Some(body.program),
        partner: body.partner,
        company: body.company,
        company_domain: body.company_domain,
        company_number: body.company_number,
        company_id: body.company_id,
        contact_name: body.contact_name,
        contact_email: body.contact_email,
        contact_phone: body.contact_phone,
        note: body.note,
        customer_id: body.customer_id,
        value,
        expected_on: body.expected_on,
    };
    let made = register_lead(state.app(), &caller.actor, input).await?;
    Ok(Created(RegisteredOut { lead: made.lead.into(), answer: made.answer.into() }))
}
