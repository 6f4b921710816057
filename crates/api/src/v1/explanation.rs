//! Explanations as they are answered: why an amount is what it is, or why there is none.

use schemars::JsonSchema;
use serde::Serialize;
use tributary_app::explain::{ExplainedCommission, ExplainedPayout, ExplainedTransfer, WhyNothing};
use tributary_app::payout::PayoutState;
use tributary_commission::{
    Amount, CreditFacts, EventKind, Explanation, NotPaid, Recurring, RuleOutcome, Step, TouchFacts,
};
use tributary_kernel::{LocalDate, PartnershipId, PayoutId, PlanId, Timestamp, TransferId};
use tributary_money::Rounding;

use super::commissions::wire::CommissionOut;
use crate::wire::MoneyOut;

/// A commission with why it is what it is.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "ExplainedCommission")]
pub(super) struct ExplainedOut {
    #[serde(flatten)]
    commission: CommissionOut,
    /// Why it is this amount.
    explanation: ExplanationOut,
    /// The ledger's transfers about it, in order.
    transfers: Vec<TransferOut>,
    /// The payout it is in.
    payout_detail: Option<PayoutRef>,
}

impl From<ExplainedCommission> for ExplainedOut {
    fn from(it: ExplainedCommission) -> Self {
        Self {
            commission: CommissionOut::from(&it.commission),
            explanation: it.explanation.into(),
            transfers: it.transfers.into_iter().map(TransferOut::from).collect(),
            payout_detail: it.payout.map(PayoutRef::from),
        }
    }
}

/// A movement of money.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Transfer")]
struct TransferOut {
    /// Its id.
    id: TransferId,
    /// Its place in your ledger and in its tree.
    seq: u64,
    /// Name of the movement: `accrue`, `approve`, ….
    kind: String,
    /// How much it moved.
    amount: MoneyOut,
    /// Code of why; `none` where the movement needs none.
    reason: String,
    /// When it was booked.
    booked_at: Timestamp,
}

impl From<ExplainedTransfer> for TransferOut {
    fn from(it: ExplainedTransfer) -> Self {
        Self {
            id: it.id,
            seq: it.seq,
            kind: it.kind,
            amount: it.amount.into(),
            reason: it.reason,
            booked_at: it.booked_at,
        }
    }
}

/// The payout of a commission.
#[derive(Debug, Serialize, JsonSchema)]
struct PayoutRef {
    /// Which.
    id: PayoutId,
    /// Where it stands.
    state: PayoutState,
    /// What it comes to, with all its other commissions.
    amount: MoneyOut,
    /// When it was paid.
    paid_at: Option<Timestamp>,
}

impl From<ExplainedPayout> for PayoutRef {
    fn from(it: ExplainedPayout) -> Self {
        Self { id: it.id, state: it.state, amount: it.amount.into(), paid_at: it.paid_at }
    }
}

/// What was done, step by step, in the order in which a person would tell it.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Explanation")]
pub(super) struct ExplanationOut {
    /// The version of the plan.
    plan: PlanId,
    /// What the plan is called.
    plan_name: String,
    /// The steps. Places of rules and touches count from 0.
    steps: Vec<StepOut>,
}

impl From<Explanation> for ExplanationOut {
    fn from(it: Explanation) -> Self {
        Self {
            plan: it.plan,
            plan_name: it.plan_name,
            steps: it.steps.into_iter().map(StepOut::from).collect(),
        }
    }
}

/// Why a decision pays nothing.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "WhyNothing")]
pub(super) struct WhyNothingOut {
    /// `no_plan`, or `not_paid` with an explanation.
    reason: &'static str,
    /// Why the plan pays nothing.
    explanation: Option<ExplanationOut>,
}

impl From<WhyNothing> for WhyNothingOut {
    fn from(it: WhyNothing) -> Self {
        match it {
            WhyNothing::NoPlan => Self { reason: "no_plan", explanation: None },
            WhyNothing::NotPaid(it) => Self { reason: "not_paid", explanation: Some(it.into()) },
        }
    }
}

/// A touch as an explanation tells it.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "ExplainedTouch")]
pub(super) struct ExplainedTouchOut {
    /// Which: `clk_…`, `coup_…`, `pship_…`.
    touch: Option<String>,
    /// When.
    at: Timestamp,
    /// By what way.
    channel: String,
    /// Whose.
    partnership: Option<PartnershipId>,
    /// What shows that it happened.
    proof: String,
    /// What became of it.
    verdict: String,
    /// The share it earned, parts of 1,000,000,000.
    share: Option<u32>,
    /// Place of the touch that won over it.
    winner: Option<u16>,
    /// Its age in days, where that was too much.
    age_days: Option<u32>,
    /// The window in days, where it was outside.
    window_days: Option<u16>,
}

impl From<TouchFacts> for ExplainedTouchOut {
    fn from(it: TouchFacts) -> Self {
        Self {
            touch: it.touch,
            at: it.at,
            channel: it.channel.into_owned(),
            partnership: it.partnership,
            proof: it.proof.into_owned(),
            verdict: it.verdict.into_owned(),
            share: it.share.map(|share| share.get()),
            winner: it.winner,
            age_days: it.age_days,
            window_days: it.window_days,
        }
    }
}

/// One step.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(tag = "step", rename_all = "snake_case")]
#[schemars(rename = "ExplanationStep")]
enum StepOut {
    /// What was reported.
    Inputs {
        /// The type of conversion.
        event: String,
        /// What sort of event that is.
        kind: EventKind,
        /// The day in the program's zone.
        on: LocalDate,
        /// Items.
        quantity: u32,
        /// The customer's payments before; null: no customer is known.
        payments_before: Option<u32>,
        /// The customer's leads before.
        leads_before: Option<u32>,
        /// The day of the customer's first payment.
        first_payment_on: Option<LocalDate>,
    },
    /// Who was credited, and what became of every touch.
    JourneyCredit {
        /// Name of the model.
        model: String,
        /// Every touch, oldest first.
        touches: Vec<ExplainedTouchOut>,
        /// Older touches that were left out.
        left_out: u32,
    },
    /// A rule that does not pay.
    RuleSkipped {
        /// The rule.
        rule: String,
        /// Its place in the plan.
        place: u16,
        /// What people call it.
        name: Option<String>,
        /// `earlier_rule_won`, `other_event`, `not_first`, `past_window`.
        why: &'static str,
        /// Place of the rule that won.
        winner: Option<u16>,
        /// Payments or leads of the customer before.
        before: Option<u32>,
        /// The first day that it no longer paid.
        window_end: Option<LocalDate>,
    },
    /// The rule that pays.
    RuleChosen {
        /// The rule.
        rule: String,
        /// Its place in the plan.
        place: u16,
        /// What people call it.
        name: Option<String>,
        /// What it says, as in the plan.
        amount: Amount,
    },
    /// Which of the customer's payments it is.
    Recurring {
        /// What the rule says, as in the plan.
        recurring: Recurring,
        /// It is the n-th, from 1.
        nth: u32,
        /// Whether the customer is known.
        customer_known: bool,
        /// The first day on which the rule will no longer pay this customer.
        window_end: Option<LocalDate>,
    },
    /// The computation.
    Arithmetic {
        /// What a percentage is taken of, or the fixed amount.
        base: MoneyOut,
        /// What the rule says, as in the plan.
        amount: Amount,
        /// Items.
        quantity: u32,
        /// What all credited partnerships have together, parts of 1,000,000,000.
        share: u32,
        /// Unrounded, in major units; null where it has too many digits.
        exact: Option<String>,
        /// How it is rounded.
        rounding: Rounding,
        /// Rounded.
        result: MoneyOut,
    },
    /// The part of this partnership, where there are several.
    Split {
        /// Its share, parts of 1,000,000,000.
        share: u32,
        /// The share of all together.
        of: u32,
        /// How many partnerships there are.
        partnerships: u16,
        /// Its part.
        amount: MoneyOut,
    },
    /// When it can be approved.
    Hold {
        /// Days from the conversion.
        days: u16,
        /// Until when.
        until: Timestamp,
        /// Whether the rule says so; otherwise the program does.
        by_rule: bool,
    },
    /// Nothing is paid.
    NotPaid {
        /// `nobody_credited`, `no_rule_matched`, `amount_zero`.
        reason: &'static str,
        /// The rule that matched.
        rule: Option<String>,
        /// What a percentage was taken of.
        base: Option<MoneyOut>,
    },
}

impl From<Step> for StepOut {
    fn from(step: Step) -> Self {
        match step {
            Step::Inputs { event, kind, on, quantity, before } => Self::Inputs {
                event: event.as_str().to_owned(),
                kind,
                on,
                quantity,
                payments_before: before.map(|it| it.payments),
                leads_before: before.map(|it| it.leads),
                first_payment_on: before.and_then(|it| it.first_payment_on),
            },
            Step::JourneyCredit(credit) => Self::credit(credit),
            Step::RuleSkipped { rule, place, name, why } => {
                Self::skipped(rule.as_str(), place, name, why)
            }
            Step::RuleChosen { rule, place, name, amount } => {
                Self::RuleChosen { rule: rule.as_str().to_owned(), place, name, amount }
            }
            Step::Recurring { recurring, nth, customer_known, window_end } => {
                Self::Recurring { recurring, nth, customer_known, window_end }
            }
            Step::Arithmetic { base, amount, quantity, share, exact, rounding, result } => {
                Self::Arithmetic {
                    base: base.into(),
                    amount,
                    quantity,
                    share: share.get(),
                    exact,
                    rounding,
                    result: result.into(),
                }
            }
            Step::Split { share, of, partnerships, amount } => Self::Split {
                share: share.get(),
                of: of.get(),
                partnerships,
                amount: amount.into(),
            },
            Step::Hold(hold) => {
                Self::Hold { days: hold.days, until: hold.until, by_rule: hold.by_rule }
            }
            Step::NotPaid(reason) => Self::not_paid(reason),
        }
    }
}

impl StepOut {
    fn credit(credit: CreditFacts) -> Self {
        Self::JourneyCredit {
            model: credit.model.into_owned(),
            touches: credit.touches.into_iter().map(ExplainedTouchOut::from).collect(),
            left_out: credit.left_out,
        }
    }

    fn skipped(rule: &str, place: u16, name: Option<String>, why: RuleOutcome) -> Self {
        let (why, winner, before, window_end) = match why {
            RuleOutcome::EarlierRuleWon { winner } => {
                ("earlier_rule_won", Some(winner), None, None)
            }
            RuleOutcome::OtherEvent => ("other_event", None, None, None),
            RuleOutcome::NotFirst { before } => ("not_first", None, Some(before), None),
            RuleOutcome::PastWindow { window_end, .. } => {
                ("past_window", None, None, Some(window_end))
            }
            RuleOutcome::Chosen => ("chosen", None, None, None),
        };
        let rule = rule.to_owned();
        Self::RuleSkipped { rule, place, name, why, winner, before, window_end }
    }

    fn not_paid(reason: NotPaid) -> Self {
        let (reason, rule, base) = match reason {
            NotPaid::NobodyCredited => ("nobody_credited", None, None),
            NotPaid::NoRuleMatched => ("no_rule_matched", None, None),
            NotPaid::AmountZero { rule, base, .. } => {
                ("amount_zero", Some(rule.as_str().to_owned()), Some(base.into()))
            }
        };
        Self::NotPaid { reason, rule, base }
    }
}
