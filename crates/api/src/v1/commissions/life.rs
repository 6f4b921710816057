//! What the calls that decide about commissions share: which, why, and what became of each.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use tributary_app::life::CommissionFilter;
use tributary_app::life::CommissionState;
use tributary_app::life::{
    Changed, LifeChange, LifeStep, Selection, approve_commissions, decline_commissions,
    reverse_commissions, unapprove_commissions,
};
use tributary_kernel::{CommissionId, FieldError, PartnerId, ProgramId, Timestamp, text_enum};
use tributary_ledger::Reason;
use tributary_web::{Caller, Problem, ProblemField};

use super::wire::CommissionOut;
use crate::ApiState;

text_enum! {
    /// Why somebody declines or takes back.
    pub(super) enum DecisionReason {
        /// The order was cancelled or never paid.
        Cancelled = "cancelled",
        /// The same result had been reported before.
        Duplicate = "duplicate",
        /// It did not meet the published criteria.
        NotQualified = "not_qualified",
        /// The partner bought from itself.
        SelfReferral = "self_referral",
        /// The program's terms were broken.
        TermsBroken = "terms_broken",
        /// Fraud.
        Fraud = "fraud",
        /// The decision was taken in error.
        Mistake = "mistake",
        /// None of these.
        Other = "other",
    }
}

impl From<DecisionReason> for Reason {
    fn from(it: DecisionReason) -> Self {
        match it {
            DecisionReason::Cancelled => Self::Cancelled,
            DecisionReason::Duplicate => Self::Duplicate,
            DecisionReason::NotQualified => Self::NotQualified,
            DecisionReason::SelfReferral => Self::SelfReferral,
            DecisionReason::TermsBroken => Self::TermsBroken,
            DecisionReason::Fraud => Self::Fraud,
            DecisionReason::Mistake => Self::Mistake,
            DecisionReason::Other => Self::Other,
        }
    }
}

text_enum! {
    /// What is done with commissions.
    pub(super) enum StepIn {
        /// Agree to pending ones.
        Approve = "approve",
        /// Do not agree to pending ones.
        Decline = "decline",
        /// Take the approval back, before any payout.
        Unapprove = "unapprove",
        /// Take back approved, payable or paid ones.
        Reverse = "reverse",
    }
}

impl StepIn {
    pub(super) const fn step(self) -> LifeStep {
        match self {
            Self::Approve => LifeStep::Approve,
            Self::Decline => LifeStep::Decline,
            Self::Unapprove => LifeStep::Unapprove,
            Self::Reverse => LifeStep::Reverse,
        }
    }
}

/// Why.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ReasonInput {
    /// The partner sees it.
    pub(super) reason: DecisionReason,
}

/// Which commissions, by what they have in common.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct FilterIn {
    /// Of one program.
    #[serde(default)]
    program: Option<ProgramId>,
    /// Of one partner.
    #[serde(default)]
    partner: Option<PartnerId>,
    /// In one state; for `reverse` it must be named.
    #[serde(default)]
    state: Option<CommissionState>,
    /// Whose hold ended at or before.
    #[serde(default)]
    due_by: Option<Timestamp>,
    /// Occurred at or after.
    #[serde(default)]
    from: Option<Timestamp>,
    /// Occurred before.
    #[serde(default)]
    until: Option<Timestamp>,
}

impl From<FilterIn> for CommissionFilter {
    fn from(it: FilterIn) -> Self {
        Self {
            program: it.program,
            partner: it.partner,
            state: it.state,
            payout: None,
            due_by: it.due_by,
            from: it.from,
            until: it.until,
        }
    }
}

/// Either ids or a filter.
pub(super) fn selection(
    commissions: Option<Vec<CommissionId>>,
    filter: Option<FilterIn>,
) -> Result<Selection, Problem> {
    match (commissions, filter) {
        (Some(ids), None) => Ok(Selection::Ids(ids)),
        (None, Some(filter)) => Ok(Selection::Matching(filter.into())),
        _ => {
            let detail = "Send either commissions or filter.";
            Err(FieldError::new("/commissions", "required", detail).into())
        }
    }
}

/// Takes the step.
pub(super) async fn change(
    state: &ApiState,
    caller: &Caller,
    step: StepIn,
    reason: Option<DecisionReason>,
    (selection, expected): (Selection, Option<usize>),
) -> Result<Vec<Changed>, Problem> {
    let (app, actor) = (state.app(), &caller.actor);
    let input = LifeChange { owner: caller.owner, selection, expected };
    let why = || -> Result<Reason, Problem> {
        let detail = "Say why: the partner sees it.";
        let reason = reason.ok_or_else(|| FieldError::new("/reason", "required", detail))?;
        Ok(reason.into())
    };
    Ok(match step {
        StepIn::Approve => approve_commissions(app, actor, input).await?,
        StepIn::Unapprove => unapprove_commissions(app, actor, input).await?,
        StepIn::Decline => decline_commissions(app, actor, input, why()?).await?,
        StepIn::Reverse => reverse_commissions(app, actor, input, why()?).await?,
    })
}

/// Takes the step with one commission.
pub(super) async fn change_one(
    state: &ApiState,
    caller: &Caller,
    step: StepIn,
    reason: Option<DecisionReason>,
    id: CommissionId,
) -> Result<CommissionOut, Problem> {
    let selection = (Selection::Ids(vec![id]), None);
    let changed = change(state, caller, step, reason, selection).await?.pop();
    match changed.map(|it| it.result) {
        Some(Ok(it)) => Ok(CommissionOut::from(&it)),
        Some(Err(refusal)) => Err(refusal.into()),
        None => Err(tributary_kernel::Refusal::not_found("commission").into()),
    }
}

/// What became of one commission.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "CommissionResult")]
pub(super) struct ChangedOut {
    /// Which.
    id: CommissionId,
    /// As it is now, when it was changed.
    commission: Option<CommissionOut>,
    /// Why it was not: `not_found`, `wrong_state`.
    refused: Option<ProblemField>,
}

impl From<Changed> for ChangedOut {
    fn from(it: Changed) -> Self {
        let id = it.commission;
        match it.result {
            Ok(it) => Self { id, commission: Some(CommissionOut::from(&it)), refused: None },
            Err(refusal) => Self { id, commission: None, refused: Some(refused(refusal)) },
        }
    }
}

pub(super) fn refused(it: tributary_kernel::Refusal) -> ProblemField {
    let detail = it.detail.into_owned();
    ProblemField { pointer: String::new(), code: it.code.to_owned(), detail }
}
