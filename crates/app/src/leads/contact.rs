//! What is told of a lead: checked, and changed.

use tributary_directory::{Actor, Permission, Program, Viewer};
use tributary_kernel::{FieldError, LeadId, LocalDate, OrganisationId, Refusal};
use tributary_money::{Currency, Money};
use tributary_sales::Domain;
use tributary_store::account::{AccountKeyKind, AccountPlace};
use tributary_store::decision::lock_heads_in;
use tributary_store::lead::{self, LeadStepKind, StoredLead};

use super::register::RegisterLead;
use super::step::{Step, append};
use crate::conversion::{
    AMOUNT_MAX, domain_error, domain_of_mail, normalise_company_number, number_error,
};
use crate::error::refuse_if_any;
use crate::{App, AppError, text};

const PHONE_CHARACTERS_MAX: usize = 40;

/// What was told, well-formed.
#[derive(Debug, Clone)]
pub(super) struct Contact {
    pub(super) company: String,
    domain: Option<String>,
    pub(super) number: Option<String>,
    company_id: Option<String>,
    pub(super) name: Option<String>,
    pub(super) email: Option<String>,
    pub(super) phone: Option<String>,
    pub(super) note: Option<String>,
    pub(super) mail_key: Option<String>,
    pub(super) customer: Option<String>,
    pub(super) value: Option<i64>,
    pub(super) expected_on: Option<LocalDate>,
}

impl Contact {
    pub(super) fn check(
        app: &App,
        owner: OrganisationId,
        program: &Program,
        it: &RegisterLead,
    ) -> Result<Self, AppError> {
        let mut errors = Vec::new();
        let company = text::name("/company", &it.company, &mut errors);
        let domain = filled(it.company_domain.as_ref()).map(str::parse::<Domain>);
        let domain = match domain {
            Some(Err(error)) => {
                errors.push(domain_error("/company_domain", error));
                None
            }
            Some(Ok(domain)) => Some(domain.to_string()),
            None => None,
        };
        let number = filled(it.company_number.as_ref());
        let number = number.and_then(|number| {
            let found = normalise_company_number(number);
            if found.is_none() {
                errors.push(number_error("/company_number"));
            }
            found
        });
        let email = filled(it.contact_email.as_ref());
        let email = email.map(|mail| text::email("/contact_email", mail, &mut errors));
        let name = filled(it.contact_name.as_ref())
            .map(|name| text::name("/contact_name", name, &mut errors));
        let company_id = filled(it.company_id.as_ref())
            .map(|id| text::external_id("/company_id", id, &mut errors));
        let customer = customer(it.customer_id.as_ref(), &mut errors);
        let phone = phone(it.contact_phone.as_ref(), &mut errors);
        let note = note(it.note.as_ref(), &mut errors);
        let value = value("/value", it.value, program.terms.currency, &mut errors);
        let sure = domain.is_some() || number.is_some() || company_id.is_some();
        if !sure && email.is_none() && errors.is_empty() {
            let detail = "Give the contact's mail address, or the company's domain or number: by \
                          its name alone a lead cannot be found again.";
            errors.push(FieldError::new("/contact_email", "lead_unfindable", detail));
        }
        refuse_if_any(errors)?;
        let mail_key = email.as_deref().and_then(|mail| app.mail_key(owner, mail).ok());
        let domain = domain.or_else(|| email.as_deref().and_then(domain_of_mail));
        Ok(Self {
            company,
            domain,
            number,
            company_id,
            name,
            email,
            phone,
            note,
            mail_key,
            customer,
            value,
            expected_on: it.expected_on,
        })
    }

    /// What the company is known by, the surest first.
    pub(super) fn places(&self, owner: OrganisationId) -> Vec<AccountPlace> {
        let all = [
            (AccountKeyKind::Id, &self.company_id),
            (AccountKeyKind::Number, &self.number),
            (AccountKeyKind::Domain, &self.domain),
        ];
        all.into_iter().filter_map(|(kind, it)| Some((owner, kind, it.clone()?))).collect()
    }
}

/// A text that says something.
fn filled(text: Option<&String>) -> Option<&str> {
    text.map(|text| text.trim()).filter(|text| !text.is_empty())
}

fn customer(id: Option<&String>, errors: &mut Vec<FieldError>) -> Option<String> {
    Some(text::customer_id("/customer_id", filled(id)?, errors))
}

fn phone(text: Option<&String>, errors: &mut Vec<FieldError>) -> Option<String> {
    let text = filled(text)?;
    let allowed = |c: char| c.is_ascii_digit() || " +-().".contains(c);
    if text.chars().count() > PHONE_CHARACTERS_MAX || !text.chars().all(allowed) {
        let detail = "A telephone number is of digits, spaces and + - ( ).";
        errors.push(FieldError::new("/contact_phone", "phone_malformed", detail));
    }
    Some(text.to_owned())
}

fn note(text: Option<&String>, errors: &mut Vec<FieldError>) -> Option<String> {
    Some(text::words("/note", filled(text)?, errors))
}

/// An amount of a deal in its program's currency, in minor units.
pub(super) fn value(
    pointer: &'static str,
    it: Option<Money>,
    currency: Currency,
    errors: &mut Vec<FieldError>,
) -> Option<i64> {
    let it = it?;
    if it.currency != currency {
        let detail = format!("This program's amounts are in {currency}.");
        errors.push(FieldError::new(format!("{pointer}/currency"), "currency_mismatch", detail));
    } else if it.minor < 0 {
        errors.push(FieldError::new(pointer, "negative", "A value is zero or more."));
    } else if it.minor > AMOUNT_MAX {
        let detail = format!("A value has at most {AMOUNT_MAX} minor units.");
        errors.push(FieldError::new(pointer, "too_large", detail));
    }
    Some(it.minor)
}

/// What changes of a lead.
#[derive(Debug, Clone, Default)]
pub struct ChangeLead {
    /// What it may be worth.
    pub value: Option<Money>,
    /// When it may close.
    pub expected_on: Option<LocalDate>,
    /// What is to be said; an empty text: nothing.
    pub note: Option<String>,
    /// The advertiser's own id of the customer it became.
    pub customer_id: Option<String>,
}

/// Changes what is expected of a lead.
///
/// # Errors
/// A refusal names the fields; not found; a fault.
pub async fn change_lead(
    app: &App,
    actor: &Actor,
    owner: OrganisationId,
    id: LeadId,
    change: ChangeLead,
) -> Result<StoredLead, AppError> {
    actor.require(owner, Permission::Report)?;
    let mut tx = app.record.begin().await?;
    lock_heads_in(&mut *tx, &[owner]).await?;
    let viewer = Viewer::Owner(owner);
    let Some(mut it) = lead::find(&mut *tx, viewer, id).await? else {
        return Err(Refusal::not_found("lead").into());
    };
    let mut errors = Vec::new();
    let mut changed = Vec::new();
    if change.value.is_some() {
        it.value = value("/value", change.value, it.currency, &mut errors);
        changed.push("value");
    }
    if change.expected_on.is_some() {
        it.expected_on = change.expected_on;
        changed.push("expected_on");
    }
    if change.note.is_some() {
        it.note = note(change.note.as_ref(), &mut errors);
        changed.push("note");
    }
    if change.customer_id.is_some() {
        it.customer = customer(change.customer_id.as_ref(), &mut errors);
        changed.push("customer_id");
    }
    refuse_if_any(errors)?;
    if changed.is_empty() {
        return Ok(it);
    }
    let step = Step { kind: LeadStepKind::Changed, value: &changed.join(" "), reason: None };
    append(&mut *tx, actor, &mut it, step, app.now()).await?;
    let detail = serde_json::json!({ "fields": changed });
    app.audit_in(&mut *tx, owner, actor, "lead.changed", id, &detail).await?;
    tx.commit().await?;
    Ok(it)
}
