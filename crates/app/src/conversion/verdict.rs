//! A judged and priced conversion, and the commissions that it makes.

use std::sync::Arc;

use tributary_commission::{
    Award, CompiledPlan, CounterKey, Crossed, Evaluation, Line, NotPaid, Outcome,
};
use tributary_kernel::{PartnerId, PartnershipId, PlanId, Timestamp};
use tributary_money::Money;
use tributary_payout::payday::hold_until;
use tributary_store::decision::{
    CommissionBasis, CommissionState, ConversionStatus, StoredCommission, StoredConversion,
};

use super::decide::Ids;
use super::journey::DecidedJourney;
use super::world::ProgramWorld;

/// A judged and priced conversion.
#[derive(Debug)]
pub(crate) struct Verdict {
    pub(crate) decided: DecidedJourney,
    pub(crate) evaluation: Option<Evaluation>,
    pub(crate) plan: Option<tributary_kernel::PlanId>,
    /// What recruiters earn: the place of the line, and what it earns them.
    pub(crate) recruited: Vec<(usize, Line)>,
    /// Money for reaching something.
    pub(crate) awards: Vec<Award>,
    /// What it adds to the plan's counters, in the order of their keys.
    pub(crate) counted: Vec<(CounterKey, i64)>,
}

impl Verdict {
    /// The status of a conversion judged like this.
    pub(crate) fn status(&self) -> ConversionStatus {
        if self.decided.attribution.held.is_some() {
            return ConversionStatus::Held;
        }
        match self.evaluation.as_ref().map(|it| &it.outcome) {
            Some(Outcome::Paid { .. }) => ConversionStatus::Pending,
            None
            | Some(Outcome::Nothing(
                NotPaid::NobodyCredited
                | NotPaid::NoRuleMatched
                | NotPaid::AmountZero { .. }
                | NotPaid::CapReached { .. },
            )) => ConversionStatus::Uncredited,
        }
    }

    /// The steps of retroactive tiers that a conversion judged like this reaches.
    pub(crate) fn crossed(
        &self,
        program: &ProgramWorld,
        occurred_at: Timestamp,
    ) -> Option<(Arc<CompiledPlan>, Vec<Crossed>)> {
        let crossed = &self.evaluation.as_ref()?.crossed;
        let version = program.version_at(occurred_at).filter(|_| !crossed.is_empty())?;
        Some((Arc::clone(&version.plan), crossed.clone()))
    }

    /// The commissions of a conversion judged like this: of the rules' lines, of recruiters, of
    /// bonuses.
    pub(crate) fn commissions(
        &self,
        conversion: &StoredConversion,
        program: &ProgramWorld,
        now: Timestamp,
        ids: &dyn Ids,
    ) -> Vec<StoredCommission> {
        let (Some(evaluation), Some(plan)) = (&self.evaluation, self.plan) else {
            return Vec::new();
        };
        let blank = Blank { conversion, program, now, plan, ids };
        let line = |it: &Line| StoredCommission {
            link: self.decided.link_of(it.partnership),
            ..blank.of_line(it)
        };
        let mut all: Vec<_> = evaluation.lines().iter().map(line).collect();
        for (place, line) in &self.recruited {
            let source = all[*place].id;
            all.push(StoredCommission {
                basis: Some(CommissionBasis::Recruiting),
                source: Some(source),
                ..blank.of_line(line)
            });
        }
        for award in &self.awards {
            let Some(amount) = award.money() else { continue };
            all.push(StoredCommission {
                rule: award.record.bonus.as_str().to_owned(),
                record: serde_json::to_string(&award.record).expect("our types have string keys"),
                basis: Some(CommissionBasis::Bonus),
                ..blank.fill(award.partnership, award.partner, amount, None)
            });
        }
        all
    }
}

/// What the commissions of one conversion have in common.
struct Blank<'a> {
    conversion: &'a StoredConversion,
    program: &'a ProgramWorld,
    now: Timestamp,
    plan: PlanId,
    ids: &'a dyn Ids,
}

impl Blank<'_> {
    fn of_line(&self, it: &Line) -> StoredCommission {
        StoredCommission {
            rule: it.record.rule.as_str().to_owned(),
            record: serde_json::to_string(&it.record).expect("our types have string keys"),
            ..self.fill(it.partnership, it.partner, it.amount, it.hold_days)
        }
    }

    fn fill(
        &self,
        partnership: PartnershipId,
        partner: PartnerId,
        amount: Money,
        hold_days: Option<u16>,
    ) -> StoredCommission {
        let (conversion, zone) = (self.conversion, &self.program.zone);
        let usual = u16::try_from(self.program.program.terms.hold_days).unwrap_or(u16::MAX);
        let days = hold_days.unwrap_or(usual);
        StoredCommission {
            id: self.ids.commission(),
            owner: conversion.owner,
            conversion: conversion.id,
            program: conversion.program,
            partnership,
            partner,
            link: None,
            plan: self.plan,
            rule: String::new(),
            state: CommissionState::Pending,
            amount,
            reversed_amount: 0,
            due_at: hold_until(zone, conversion.occurred_at, days),
            occurred_at: conversion.occurred_at,
            local_day: zone.date(conversion.occurred_at),
            event: conversion.kind.clone(),
            booked_seq: 0,
            created_at: self.now,
            record: String::new(),
            reason: None,
            payout: None,
            test: conversion.test,
            basis: None,
            source: None,
        }
    }
}
