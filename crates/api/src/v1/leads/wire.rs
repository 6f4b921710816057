use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use tributary_app::AppError;
use tributary_app::leads::{
    Answer, LeadSource, LeadState, LeadStepKind, LeadView, Rule, StoredLead, StoredLeadStep,
    conversions_of,
};
use tributary_kernel::{
    AccountId, ConversionId, LeadId, LocalDate, PartnerId, PartnershipId, ProgramId, Timestamp,
};
use tributary_money::Money;

use crate::wire::MoneyOut;

/// A lead in an address.
#[derive(Debug, Deserialize, JsonSchema)]
pub(super) struct LeadPath {
    /// The lead's id.
    pub(super) id: LeadId,
}

/// A person or company in the pipeline; with a value, a deal.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Lead")]
pub(super) struct LeadOut {
    /// Its id: send it as `lead_id` with a conversion that came of it.
    id: LeadId,
    /// Of which program.
    program: ProgramId,
    /// Who registered it; null: your own.
    partnership: Option<PartnershipId>,
    /// That partnership's partner.
    partner: Option<PartnerId>,
    /// Who told of it.
    source: LeadSource,
    /// Whether it is in the pipeline.
    state: LeadState,
    /// What the company is called.
    company: String,
    /// The company's number, as it was told.
    company_number: Option<String>,
    /// Who to talk to.
    contact_name: Option<String>,
    /// Where to write.
    contact_email: Option<String>,
    /// Where to call.
    contact_phone: Option<String>,
    /// What the registrar wants said.
    note: Option<String>,
    /// The company it is, where something sure is known of it.
    account: Option<AccountId>,
    /// Your own id of the customer it became.
    customer_id: Option<String>,
    /// What it may be worth, without tax.
    value: Option<MoneyOut>,
    /// When it may close.
    expected_on: Option<LocalDate>,
    /// The stage it came to.
    stage: Option<String>,
    /// `new`, `contacted`, `qualified` or `disqualified`.
    qualification: String,
    /// Its grade.
    grade: Option<String>,
    /// When it was registered.
    registered_at: Timestamp,
    /// Until when other partners are kept out.
    protected_until: Option<Timestamp>,
    /// When it was won, lost or given up.
    ended_at: Option<Timestamp>,
}

impl From<StoredLead> for LeadOut {
    fn from(it: StoredLead) -> Self {
        let currency = it.currency;
        Self {
            id: it.id,
            program: it.program,
            partnership: it.partnership,
            partner: it.partner,
            source: it.source,
            state: it.state,
            company: it.company,
            company_number: it.company_number,
            contact_name: it.contact_name,
            contact_email: it.contact_email,
            contact_phone: it.contact_phone,
            note: it.note,
            account: it.account,
            customer_id: it.customer,
            value: it.value.map(|minor| Money::new(minor, currency).into()),
            expected_on: it.expected_on,
            stage: it.stage,
            qualification: it.qualification,
            grade: it.grade,
            registered_at: it.registered_at,
            protected_until: it.protected_until,
            ended_at: it.ended_at,
        }
    }
}

/// Whose a lead is, by the program's rules.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(tag = "answer", rename_all = "snake_case")]
#[schemars(rename = "LeadAnswer")]
pub(super) enum AnswerOut {
    /// The registrar's; others are kept out until then.
    Registered {
        /// The end of protection.
        protected_until: Timestamp,
    },
    /// The registrar's already: nothing was made.
    AlreadyYours {
        /// Since when.
        since: Timestamp,
        /// The end of protection.
        protected_until: Timestamp,
    },
    /// Not the registrar's.
    Refused {
        /// By which rule.
        rule: Rule,
        /// Since when what stands in the way is there.
        since: Timestamp,
        /// When another try may succeed, where that is known.
        until: Option<Timestamp>,
    },
    /// A person decides.
    Review {
        /// By which rule.
        rule: Rule,
        /// Since when what stands in the way is there.
        since: Timestamp,
    },
}

impl From<Answer> for AnswerOut {
    fn from(it: Answer) -> Self {
        match it {
            Answer::Registered { protected_until } => Self::Registered { protected_until },
            Answer::AlreadyYours { since, protected_until } => {
                Self::AlreadyYours { since, protected_until }
            }
            Answer::Refused { rule, since, until } => Self::Refused { rule, since, until },
            Answer::Review { rule, since } => Self::Review { rule, since },
        }
    }
}

/// A lead with what was answered.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "RegisteredLead")]
pub(super) struct RegisteredOut {
    /// The lead; of one that is the registrar's already, that one.
    pub(super) lead: LeadOut,
    /// The answer, with its reason and date.
    pub(super) answer: AnswerOut,
}

/// A lead after a step.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "MovedLead")]
pub(super) struct AdvancedOut {
    /// As it stands.
    pub(super) lead: LeadOut,
    /// The conversions that the step was reported as.
    pub(super) conversions: Vec<ConversionId>,
}

/// Something that happened to a lead.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "LeadStep")]
struct StepOut {
    /// What it is of.
    kind: LeadStepKind,
    /// The stage, the judgement, the answer, or the names of the fields that changed.
    value: String,
    /// Why.
    reason: Option<String>,
    /// When it happened.
    at: Timestamp,
    /// When it was told.
    told_at: Timestamp,
    /// Who said so.
    actor: String,
    /// The conversions it was reported as.
    conversions: Vec<ConversionId>,
}

impl TryFrom<StoredLeadStep> for StepOut {
    type Error = AppError;

    fn try_from(it: StoredLeadStep) -> Result<Self, AppError> {
        let conversions = conversions_of(&it)?;
        let StoredLeadStep { kind, value, reason, at, told_at, actor, .. } = it;
        Ok(Self { kind, value, reason, at, told_at, actor, conversions })
    }
}

/// A lead with its history.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "LeadHistory")]
pub(super) struct LeadViewOut {
    /// The lead.
    lead: LeadOut,
    /// What was answered.
    answer: AnswerOut,
    /// What happened, oldest first.
    steps: Vec<StepOut>,
}

impl TryFrom<LeadView> for LeadViewOut {
    type Error = AppError;

    fn try_from(it: LeadView) -> Result<Self, AppError> {
        let steps = it.steps.into_iter().map(StepOut::try_from).collect::<Result<_, _>>()?;
        Ok(Self { lead: it.lead.into(), answer: it.answer.into(), steps })
    }
}
