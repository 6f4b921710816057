use tributary_money::Money;

use crate::{CommissionRecord, CompiledPlan, RecomputeError, recompute};

/// The version of the arithmetic. It goes up when any amount could come out differently, and
/// [`ENGINE_CHANGES`] then says which.
pub const ENGINE_VERSION: u16 = 1;

/// A deliberate change of the arithmetic.
#[derive(Debug, Clone, Copy)]
pub struct EngineChange {
    /// The version that brought it: records of older versions may differ by it.
    pub since: u16,
    /// What changed, in a sentence.
    pub what: &'static str,
    /// Whether a record's amount may differ by it.
    pub concerns: fn(&CommissionRecord) -> bool,
}

/// Every deliberate change since version 1.
pub const ENGINE_CHANGES: &[EngineChange] = &[];

/// What `verify` finds for one commission.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Judgement {
    /// Today's engine gets the booked amount.
    Agrees,
    /// It gets another one, for a reason that is on record.
    Changed {
        /// The amount of today's engine.
        recomputed: Money,
        /// What changed since.
        what: &'static str,
    },
    /// It gets another one, without a reason: a fault.
    Differs {
        /// The amount of today's engine.
        recomputed: Money,
    },
    /// It gets none.
    Fails(RecomputeError),
}

/// Recomputes a commission and compares it with what was booked.
#[must_use]
pub fn judge(plan: &CompiledPlan, record: &CommissionRecord, booked: Money) -> Judgement {
    judge_by(ENGINE_CHANGES, plan, record, booked)
}

/// [`judge`] with another list of changes.
#[must_use]
pub fn judge_by(
    changes: &[EngineChange],
    plan: &CompiledPlan,
    record: &CommissionRecord,
    booked: Money,
) -> Judgement {
    let recomputed = match recompute(plan, record) {
        Ok(recomputed) if recomputed == booked => return Judgement::Agrees,
        Ok(recomputed) => recomputed,
        Err(error) => return Judgement::Fails(error),
    };
    let mut later = changes.iter().filter(|change| change.since > record.engine_version);
    match later.find(|change| (change.concerns)(record)) {
        Some(change) => Judgement::Changed { recomputed, what: change.what },
        None => Judgement::Differs { recomputed },
    }
}
