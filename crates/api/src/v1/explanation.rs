//! Explanations as they are answered: why an amount is what it is, or why there is none.

use schemars::JsonSchema;
use serde::Serialize;
use tributary_app::conversion::ManualReason;
use tributary_app::explain::{
    ExplainedBasis, ExplainedCommission, ExplainedPayout, ExplainedTransfer, WhyNothing,
};
use tributary_app::payout::PayoutState;
use tributary_commission::{
    Amount, CapOf, CreditFacts, EventKind, Explanation, FactValue, Field, Measure, NotPaid, Period,
    Recurring, RuleOutcome, Step, TierMode,
};
use tributary_kernel::{
    CommissionId, ConversionId, InquiryId, LocalDate, PayoutId, PlanId, Timestamp, TransferId,
};
use tributary_money::Rounding;

use super::commissions::wire::CommissionOut;
use super::explained_touch::ExplainedTouchOut;
use crate::wire::MoneyOut;

/// A commission with why it is what it is.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "ExplainedCommission")]
pub(super) struct ExplainedOut {
    #[serde(flatten)]
    commission: CommissionOut,
    /// What it is where it is not what the rule pays of the conversion; null: it is.
    basis: Option<BasisOut>,
    /// Why it is this amount. Of what a tier adds: why the commission it adds to was its amount. Of
    /// a bonus there are no steps.
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
            basis: it.basis.map(BasisOut::from),
            explanation: it.explanation.into(),
            transfers: it.transfers.into_iter().map(TransferOut::from).collect(),
            payout_detail: it.payout.map(PayoutRef::from),
        }
    }
}

/// What a commission is where it is not what a rule pays of its conversion.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[schemars(rename = "CommissionBasis")]
enum BasisOut {
    /// A step of retroactive tiers was reached: it adds to an earlier commission.
    Tier {
        /// What it adds to.
        commission: CommissionId,
        /// The step by which that was paid; 0 is the rule's own amount.
        from: u16,
        /// The step by which it is paid now.
        to: u16,
        /// What had been given back of the sale, minor units.
        refunded: Option<i64>,
    },
    /// It is for recruiting the partner of another commission.
    Recruiting {
        /// The recruited partner's commission.
        commission: CommissionId,
    },
    /// A person gave it, or took it where it is below zero.
    Manual {
        /// Why.
        reason: ManualReason,
        /// In that person's words.
        note: String,
        /// Who: an opaque id.
        author: Option<String>,
        /// The conversion that it is about.
        about: Option<ConversionId>,
        /// The inquiry that it ended.
        inquiry: Option<InquiryId>,
    },
    /// It was given for reaching something.
    Bonus {
        /// Its name within the plan.
        bonus: String,
        /// What is counted.
        by: Measure,
        /// In which period.
        per: Period,
        /// What had to be reached: conversions, or minor units.
        at: i64,
        /// What was counted before.
        before: i64,
        /// What was counted then.
        after: i64,
        /// How often it was reached.
        times: u32,
        /// What is given each time.
        each: MoneyOut,
    },
}

impl From<ExplainedBasis> for BasisOut {
    fn from(it: ExplainedBasis) -> Self {
        match it {
            ExplainedBasis::Tier { source, adjustment } => Self::Tier {
                commission: source,
                from: adjustment.from,
                to: adjustment.to,
                refunded: adjustment.refunded.map(|(part, _)| part),
            },
            ExplainedBasis::Recruiting { source } => Self::Recruiting { commission: source },
            ExplainedBasis::Manual { record, .. } => Self::Manual {
                reason: record.reason,
                note: record.note,
                author: record.author,
                about: record.about,
                inquiry: record.inquiry,
            },
            ExplainedBasis::Bonus { award, by, per, at, each } => Self::Bonus {
                bonus: award.bonus.as_str().to_owned(),
                by,
                per,
                at,
                before: award.before,
                after: award.after,
                times: award.times,
                each: each.into(),
            },
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
    /// The pay day of its run.
    pay_on: LocalDate,
    /// When it was noted as paid.
    paid_at: Option<Timestamp>,
}

impl From<ExplainedPayout> for PayoutRef {
    fn from(it: ExplainedPayout) -> Self {
        let ExplainedPayout { id, state, amount, pay_on, paid_at } = it;
        Self { id, state, amount: amount.into(), pay_on, paid_at }
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
        /// `earlier_rule_won`, `closer_rule_won`, `better_rule_won`, `other_event`, `other_scope`,
        /// `other_option`, `condition_failed`, `not_first`, `past_window`, `payments_over`,
        /// `subscription_ended`, `once_already`, `customers_full`.
        why: &'static str,
        /// Place of the rule that won.
        winner: Option<u16>,
        /// Payments or leads of the customer before.
        before: Option<u32>,
        /// The first day that it no longer paid.
        window_end: Option<LocalDate>,
        /// Of `condition_failed`: which test of the condition, from 0.
        test: Option<u16>,
        /// Payments or customers that it pays.
        limit: Option<u32>,
    },
    /// What conditions asked for.
    Looked {
        /// What was reported.
        values: Vec<LookedOut>,
    },
    /// The lines of the order that the rule is for, where it is not all of them.
    Items {
        /// How many lines.
        lines: u16,
        /// Of how many.
        of: u16,
    },
    /// Where the conversion stands in the rule's tiers.
    Tier {
        /// What is counted, as in the plan.
        by: Measure,
        /// As in the plan.
        mode: TierMode,
        /// What was counted before: conversions, or minor units.
        before: i64,
        /// What this one adds.
        adds: i64,
        /// The step that pays, from 1; 0 is the rule's own amount.
        reached: u16,
    },
    /// A part of the base that falls into a tier of its own.
    Piece {
        /// What is paid of it, as in the plan.
        amount: Amount,
        /// The part.
        base: MoneyOut,
    },
    /// The part of the base that counts: the base times `times`, divided by `of`.
    Portion {
        /// 1 for one month, 12 for a year.
        times: i64,
        /// The months that the payment covers.
        of: i64,
    },
    /// The rule's least or most was applied.
    Bounded {
        /// The least.
        minimum: Option<MoneyOut>,
        /// The most.
        maximum: Option<MoneyOut>,
    },
    /// A cap took a part of it.
    Capped {
        /// For whom the cap is, as in the plan.
        of: CapOf,
        /// What it stood at: minor units, or commissions.
        before: i64,
        /// What it allows.
        limit: i64,
        /// What the commission was before.
        from: MoneyOut,
        /// What is left of it.
        to: MoneyOut,
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
        /// `nobody_credited`, `no_rule_matched`, `amount_zero`, `cap_reached`.
        reason: &'static str,
        /// The rule that matched.
        rule: Option<String>,
        /// What a percentage was taken of; of `cap_reached`, what would have been paid.
        base: Option<MoneyOut>,
    },
}

/// A value that a condition asked for.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "ExplainedValue")]
struct LookedOut {
    /// The field, as in the plan.
    field: String,
    /// What was reported: text, texts, or a number; amounts in minor units, days from 1970-01-01.
    value: serde_json::Value,
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
            Step::Looked { values } => Self::looked(values),
            Step::Items { lines, of } => Self::Items { lines, of },
            Step::Tier { by, mode, before, adds, reached } => {
                Self::Tier { by, mode, before, adds, reached }
            }
            Step::Piece { amount, base } => Self::Piece { amount, base: base.into() },
            Step::Portion { times, of } => Self::Portion { times, of },
            Step::Bounded { minimum, maximum } => Self::Bounded {
                minimum: minimum.map(MoneyOut::from),
                maximum: maximum.map(MoneyOut::from),
            },
            Step::Capped { cap, from, to } => Self::Capped {
                of: cap.of,
                before: cap.before,
                limit: cap.limit,
                from: from.into(),
                to: to.into(),
            },
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

    fn looked(values: Vec<(Field, FactValue)>) -> Self {
        let value = |(field, value): (Field, FactValue)| LookedOut {
            field: field.to_string(),
            value: serde_json::to_value(value).unwrap_or_default(),
        };
        Self::Looked { values: values.into_iter().map(value).collect() }
    }

    fn skipped(rule: &str, place: u16, name: Option<String>, why: RuleOutcome) -> Self {
        use RuleOutcome as Why;
        let winner = match why {
            Why::EarlierRuleWon { winner }
            | Why::CloserRuleWon { winner }
            | Why::BetterRuleWon { winner } => Some(winner),
            _ => None,
        };
        let (name_of_why, before, window_end, test, limit) = match why {
            Why::EarlierRuleWon { .. } => ("earlier_rule_won", None, None, None, None),
            Why::CloserRuleWon { .. } => ("closer_rule_won", None, None, None, None),
            Why::BetterRuleWon { .. } => ("better_rule_won", None, None, None, None),
            Why::OtherEvent => ("other_event", None, None, None, None),
            Why::OtherScope => ("other_scope", None, None, None, None),
            Why::OtherOption => ("other_option", None, None, None, None),
            Why::ConditionFailed { test } => ("condition_failed", None, None, Some(test), None),
            Why::NotFirst { before } => ("not_first", Some(before), None, None, None),
            Why::PastWindow { window_end, .. } => {
                ("past_window", None, Some(window_end), None, None)
            }
            Why::PaymentsOver { limit } => {
                ("payments_over", None, None, None, Some(u32::from(limit)))
            }
            Why::SubscriptionEnded { resumed_on } => {
                ("subscription_ended", None, Some(resumed_on), None, None)
            }
            Why::OnceAlready => ("once_already", None, None, None, None),
            Why::CustomersFull { limit } => ("customers_full", None, None, None, Some(limit)),
            Why::Chosen => ("chosen", None, None, None, None),
        };
        let (rule, why) = (rule.to_owned(), name_of_why);
        Self::RuleSkipped { rule, place, name, why, winner, before, window_end, test, limit }
    }

    fn not_paid(reason: NotPaid) -> Self {
        let (reason, rule, base) = match reason {
            NotPaid::NobodyCredited => ("nobody_credited", None, None),
            NotPaid::NoRuleMatched => ("no_rule_matched", None, None),
            NotPaid::AmountZero { rule, base, .. } => {
                ("amount_zero", Some(rule.as_str().to_owned()), Some(base.into()))
            }
            NotPaid::CapReached { rule, amount, .. } => {
                ("cap_reached", Some(rule.as_str().to_owned()), Some(amount.into()))
            }
        };
        Self::NotPaid { reason, rule, base }
    }
}
