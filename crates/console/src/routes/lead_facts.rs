//! Leads as both sides' pages show and take them.

use std::collections::{BTreeSet, HashMap};

use tributary_app::leads::{
    Answer, Ending, LeadSettings, LeadState, LeadStepKind, RegisterLead, Rule, StoredLead,
    StoredLeadStep, conversions_of,
};
use tributary_app::{App, AppError};
use tributary_kernel::{FieldError, LocalDate, ProgramId, Refusal, Timestamp, UserId, Zone};
use tributary_money::{Currency, Money};
use tributary_store::organisation::find_user;
use tributary_web::Problem;

use super::given::{Given, put_errors};
use super::lists::stored;
use crate::pages::{LeadFields, LeadRule, LeadStepRow, LeadStepWhat, LeadVerdict};
use crate::parts::LeadStatus;
use crate::{Flash, Frame};

/// Where a lead stands.
pub(super) fn status_of(it: &StoredLead, settings: &LeadSettings) -> LeadStatus {
    let stage = it.stage.as_deref();
    match it.state {
        LeadState::Review => LeadStatus::Review,
        LeadState::Registered => LeadStatus::Registered,
        LeadState::Refused => LeadStatus::Refused,
        LeadState::Ended => match stage.map(|stage| settings.pipeline.stage(stage)) {
            Some(Some(stage)) => match stage.ending {
                Ending::Won => LeadStatus::Won,
                Ending::Lost => LeadStatus::Lost,
                Ending::Open => LeadStatus::GivenUp,
            },
            Some(None) => LeadStatus::Over,
            None => LeadStatus::GivenUp,
        },
    }
}

/// A stage as its reader calls it: usual ones in their language, a program's own as it is.
pub(super) fn stage_name<A>(page: &Frame<A>, stage: &str) -> String {
    match stage {
        "lead" => page.t("event-lead"),
        "qualified" => page.t("stage-qualified"),
        "meeting" => page.t("event-meeting"),
        "proposal" => page.t("stage-proposal"),
        "won" => page.t("lead-won"),
        "lost" => page.t("lead-lost"),
        own => super::words::event_name(page, own),
    }
}

/// Whose it is, and why.
pub(super) fn verdict_of(
    it: &StoredLead,
    answer: Answer,
    status: LeadStatus,
    (zone, now): (&Zone, Timestamp),
) -> LeadVerdict {
    let day = |at: Timestamp| zone.date(at);
    if let (LeadState::Ended, Some(at)) = (it.state, it.ended_at) {
        return LeadVerdict::Ended { status, on: day(at) };
    }
    match answer {
        _ if it.partnership.is_none() => LeadVerdict::Own,
        Answer::Refused { rule, since, until } => {
            LeadVerdict::Refused { rule: rule_of(rule), since: day(since), until: until.map(day) }
        }
        Answer::Review { .. } if it.state == LeadState::Refused => LeadVerdict::RefusedByPerson,
        Answer::Review { rule, since } => {
            LeadVerdict::Review { rule: rule_of(rule), since: day(since) }
        }
        Answer::Registered { protected_until: until }
        | Answer::AlreadyYours { protected_until: until, .. } => {
            let until_day = day(until);
            if until <= it.registered_at {
                LeadVerdict::Theirs
            } else if until <= now {
                LeadVerdict::ProtectedOnce { until: until_day }
            } else {
                LeadVerdict::Protected { until: until_day }
            }
        }
    }
}

const fn rule_of(rule: Rule) -> LeadRule {
    match rule {
        Rule::FirstRegistered | Rule::AlreadyYours => LeadRule::First,
        Rule::ExistingCustomer => LeadRule::Customer,
        Rule::ExistingOpportunity => LeadRule::Opportunity,
    }
}

/// Key of what a lead is judged as.
pub(super) fn judged_key(judged: &str) -> &'static str {
    match judged {
        "contacted" => "lead-judged-contacted",
        "qualified" => "lead-judged-qualified",
        "disqualified" => "lead-judged-disqualified",
        _ => "lead-judged-new",
    }
}

fn answer_key(answer: &str) -> &'static str {
    match answer {
        "review" => "lead-step-review",
        "refused" => "lead-step-refused",
        "accept" => "lead-step-accepted",
        "refuse" => "lead-step-refused-by-person",
        "withdrawn" => "lead-step-withdrawn",
        _ => "lead-step-registered",
    }
}

fn changed_key(field: &str) -> &'static str {
    match field {
        "value" => "field-lead-value",
        "expected_on" => "field-lead-expected",
        "customer_id" => "field-lead-customer",
        _ => "field-lead-note",
    }
}

/// Names of the people who did something to a lead, by the ids that its steps hold.
pub(super) async fn actors(
    app: &App,
    steps: &[StoredLeadStep],
) -> Result<HashMap<String, String>, Problem> {
    let ids: BTreeSet<&str> = steps.iter().map(|it| it.actor.as_str()).collect();
    let mut names = HashMap::new();
    let mut conn = app.record.read().await.map_err(AppError::from)?;
    for id in ids {
        let Ok(user) = id.parse::<UserId>() else { continue };
        if let Some(user) = stored(find_user(&mut *conn, user).await)? {
            names.insert(id.to_owned(), user.name);
        }
    }
    Ok(names)
}

/// A lead's history, newest first. Who did something is said where `names` has them; what no
/// person did is another system's.
pub(super) fn steps_of<A>(
    page: &Frame<A>,
    steps: &[StoredLeadStep],
    names: Option<&HashMap<String, String>>,
) -> Result<Vec<LeadStepRow>, AppError> {
    let row = |it: &StoredLeadStep| {
        let what = match it.kind {
            LeadStepKind::Stage => LeadStepWhat::Stage(stage_name(page, &it.value)),
            LeadStepKind::Qualification => LeadStepWhat::Said(judged_key(&it.value)),
            LeadStepKind::Answer => LeadStepWhat::Said(answer_key(&it.value)),
            LeadStepKind::Changed => {
                LeadStepWhat::Changed(it.value.split(' ').map(changed_key).collect())
            }
        };
        let who = names
            .map(|names| names.get(&it.actor).cloned().unwrap_or_else(|| page.t("lead-by-system")));
        let conversions = conversions_of(it)?.iter().map(ToString::to_string).collect();
        Ok(LeadStepRow { at: it.at, what, who, why: it.reason.clone(), conversions })
    };
    steps.iter().rev().map(row).collect()
}

/// What was typed of a lead.
pub(super) fn fields_of(given: &Given) -> LeadFields {
    LeadFields {
        company: given.field("company"),
        company_number: given.field("company_number"),
        company_domain: given.field("company_domain"),
        contact_name: given.field("contact_name"),
        contact_email: given.field("contact_email"),
        contact_phone: given.field("contact_phone"),
        note: given.field("note"),
    }
}

/// The same as it is told.
pub(super) fn told_of(given: &Given, program: ProgramId) -> RegisterLead {
    let text = |name: &str| given.filled(name).map(str::to_owned);
    RegisterLead {
        program: Some(program),
        company: given.text("company").to_owned(),
        company_domain: text("company_domain"),
        company_number: text("company_number"),
        contact_name: text("contact_name"),
        contact_email: text("contact_email"),
        contact_phone: text("contact_phone"),
        note: note_of(given).filter(|note| !note.is_empty()),
        ..RegisterLead::default()
    }
}

/// A note with line ends as they are kept, whatever a browser sends.
pub(super) fn note_of(given: &Given) -> Option<String> {
    Some(given.text("note").trim().replace("\r\n", "\n"))
}

/// Puts mistakes onto the fields.
pub(super) fn put_refusal(
    refusal: &Refusal,
    fields: &mut LeadFields,
    more: Vec<(&'static str, &mut crate::parts::Field)>,
) -> Option<Flash> {
    let mut all = vec![
        ("company", &mut fields.company),
        ("company_number", &mut fields.company_number),
        ("company_domain", &mut fields.company_domain),
        ("contact_name", &mut fields.contact_name),
        ("contact_email", &mut fields.contact_email),
        ("contact_phone", &mut fields.contact_phone),
        ("note", &mut fields.note),
    ];
    all.extend(more);
    put_errors(refusal, &mut all)
}

/// What is said of a registration on the page it leads to.
pub(super) const fn answered(answer: &Answer) -> Flash {
    match answer {
        Answer::Registered { .. } => Flash::good("done-lead-registered"),
        Answer::AlreadyYours { .. } => Flash::good("done-lead-known"),
        Answer::Review { .. } => Flash::good("done-lead-waits"),
        Answer::Refused { .. } => Flash::bad("refusal-lead-refused"),
    }
}

/// An amount that may be left out.
pub(super) fn money_of(
    given: &Given,
    name: &str,
    currency: Currency,
) -> Result<Option<Money>, FieldError> {
    let Some(text) = given.filled(name) else { return Ok(None) };
    // People write a comma as well.
    let parsed = Money::parse_decimal(&text.replace(',', "."), currency);
    parsed.map(Some).map_err(|_| {
        FieldError::new(format!("/{name}"), "amount_malformed", "Give an amount like 500.00.")
    })
}

/// A day that may be left out.
pub(super) fn day_of(given: &Given, name: &str) -> Result<Option<LocalDate>, FieldError> {
    let Some(text) = given.filled(name) else { return Ok(None) };
    text.parse().map(Some).map_err(|_| {
        FieldError::new(format!("/{name}"), "date_malformed", "Give a day like 2026-11-30.")
    })
}
