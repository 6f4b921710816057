//! The most that is paid: partial at the edge, then nothing.

use crate::plan::CapAt;
use crate::{Cap, CapOf, CompiledPlan};

/// What a cap did to a commission.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CapCut {
    /// For whom the cap is.
    pub of: CapOf,
    /// Whether it is the plan's; otherwise the rule's.
    pub of_plan: bool,
    /// Its place among them.
    pub place: u16,
    /// What it stood at: minor units, or commissions.
    pub before: i64,
    /// What it allows.
    pub limit: i64,
    /// What it left of the commission, minor units.
    pub left: i64,
}

/// The caps of a rule and of the plan, in the order in which they are applied.
pub(crate) fn of_rule(
    plan: &CompiledPlan,
    rule: u16,
) -> impl Iterator<Item = (bool, u16, CapAt)> + '_ {
    let own = (0u16..).zip(&plan.compiled(rule).caps).map(|(place, at)| (false, place, *at));
    own.chain((0u16..).zip(plan.caps()).map(|(place, at)| (true, place, *at)))
}

/// What is left of an amount above zero, and the cap that left least, if any took something.
pub(crate) fn bounded(
    plan: &CompiledPlan,
    rule: u16,
    amount: i64,
    ask: &mut dyn FnMut(u16) -> i64,
) -> (i64, Option<CapCut>) {
    let (mut left, mut cut) = (amount, None);
    for (of_plan, place, at) in of_rule(plan, rule) {
        let before = ask(at.counter);
        let (limit, allowed) = match (at.cap.amount, at.cap.count) {
            (Some(most), _) => (most.minor, most.minor.saturating_sub(before).max(0)),
            (None, count) => {
                let limit = i64::from(count.unwrap_or(u32::MAX));
                (limit, if before < limit { i64::MAX } else { 0 })
            }
        };
        if allowed < left {
            left = allowed;
            cut = Some(CapCut { of: at.cap.of, of_plan, place, before, limit, left });
        }
    }
    (left, cut)
}

/// What a commission adds to the counter of a cap.
pub(crate) fn adds(cap: &Cap, amount: i64) -> i64 {
    if cap.amount.is_some() { amount } else { i64::from(amount > 0) }
}
