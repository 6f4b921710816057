//! One commission against its plan and its conversion.

use tributary_commission::{
    AdjustmentRecord, Amount, AwardRecord, Base, CommissionRecord, ConversionFacts, Counters,
    ENGINE_VERSION, Judgement, RECRUITING_EVENT, Reward, Rule, award_holds, judge, recompute,
    recompute_adjustment,
};
use tributary_kernel::Zone;
use tributary_money::Money;
use tributary_store::decision::{
    AdjustmentKind, CommissionBasis, StoredCommission, StoredConversion,
};
use tributary_store::recheck::AdjustedAmount;

use super::{Agreements, VerifyReport};
use crate::conversion::{DecidedJourney, ManualRecord, ReportConversion};

/// What a commission is of, as far as it could be read.
pub(super) struct Of<'a> {
    pub(super) conversion: &'a StoredConversion,
    pub(super) decided: Option<DecidedJourney>,
    pub(super) given: Option<ReportConversion>,
    pub(super) adjusted: &'a [AdjustedAmount],
    /// All commissions of the conversion.
    pub(super) own: &'a [StoredCommission],
}

/// Computes it again. What the ledger says of it is held against it elsewhere.
pub(super) fn check(
    terms: &Agreements,
    of: &Of<'_>,
    it: &StoredCommission,
    report: &mut VerifyReport,
) {
    report.commissions += 1;
    match it.basis {
        None => check_record(terms, of, it, report),
        Some(basis) => {
            if let Err(detail) = check_basis(terms, of, it, basis) {
                report.find("commission_record", it.id, detail);
            }
        }
    }
    let conversion = of.conversion;
    let same = (it.program, it.occurred_at, it.test)
        == (conversion.program, conversion.occurred_at, conversion.test)
        && it.event == conversion.kind;
    if !same {
        report.find("commission", it.id, "it is not of its conversion's program, time or type");
    }
}

/// One that is not what a rule pays of the conversion: it follows from another commission, or from
/// what was counted.
fn check_basis(
    terms: &Agreements,
    of: &Of<'_>,
    it: &StoredCommission,
    basis: CommissionBasis,
) -> Result<(), String> {
    let unread = |error: serde_json::Error| error.to_string();
    let plan = terms.plans.get(&it.plan).ok_or_else(|| format!("{} cannot be used", it.plan))?;
    let source = of.own.iter().find(|own| Some(own.id) == it.source);
    let source = || source.ok_or_else(|| "the commission it is because of is not there".to_owned());
    let found = match basis {
        CommissionBasis::Tier => {
            let source = source()?;
            let whose = (it.plan, it.partnership, it.rule.as_str());
            if whose != (source.plan, source.partnership, source.rule.as_str()) {
                return Err("it is not of the rule and partner of what it adds to".to_owned());
            }
            let record: CommissionRecord = serde_json::from_str(&source.record).map_err(unread)?;
            let adjustment: AdjustmentRecord = serde_json::from_str(&it.record).map_err(unread)?;
            recompute_adjustment(plan, &record, &adjustment).map_err(|error| error.to_string())?
        }
        CommissionBasis::Recruiting => {
            let record: CommissionRecord = serde_json::from_str(&it.record).map_err(unread)?;
            if record.facts.event.as_str() != RECRUITING_EVENT
                || record.plan != it.plan
                || record.rule.as_str() != it.rule
                || record.facts.on != it.local_day
            {
                return Err("its record is of another plan, rule, event or day".to_owned());
            }
            let rule = plan.rules().iter().find(|rule| rule.id == record.rule);
            let percent = rule.is_some_and(|rule| matches!(rule.amount, Amount::Percent(_)));
            if percent && record.base != source()?.amount {
                return Err("it is not of the commission it is because of".to_owned());
            }
            recompute(plan, &record).map_err(|error| error.to_string())?
        }
        CommissionBasis::Bonus => {
            let record: AwardRecord = serde_json::from_str(&it.record).map_err(unread)?;
            if !award_holds(plan, &record) {
                return Err("what was counted does not reach its bonus".to_owned());
            }
            let bonus = plan.document().bonuses.iter().find(|bonus| bonus.id == record.bonus);
            match bonus.map(|bonus| &bonus.reward) {
                Some(Reward::Money(each)) => {
                    let minor = each.minor.saturating_mul(i64::from(record.times));
                    Money::new(minor, each.currency)
                }
                _ => return Err("its bonus gives no money".to_owned()),
            }
        }
        CommissionBasis::Manual => {
            let record: ManualRecord = serde_json::from_str(&it.record).map_err(unread)?;
            if !of.conversion.is_manual() || of.own.len() != 1 {
                return Err("it does not stand on a fact of its own".to_owned());
            }
            record.amount
        }
        CommissionBasis::Prize => return Err("prizes are not booked yet".to_owned()),
    };
    if found == it.amount {
        return Ok(());
    }
    Err(format!("{} is booked, {} comes out", it.amount.minor, found.minor))
}

fn check_record(terms: &Agreements, of: &Of<'_>, it: &StoredCommission, report: &mut VerifyReport) {
    let record: CommissionRecord = match serde_json::from_str(&it.record) {
        Ok(record) => record,
        Err(error) => return report.find("commission_record", it.id, error.to_string()),
    };
    let zone = terms.programs.get(&it.program).map(|(zone, _)| zone);
    if let Some(detail) = not_its_own(of, it, &record, zone) {
        report.find("commission_record", it.id, detail);
    }
    let Some(plan) = terms.plans.get(&it.plan) else {
        return report.find("commission", it.id, format!("{} cannot be used", it.plan));
    };
    let rule = plan.rules().iter().find(|rule| rule.id == record.rule);
    if rule.is_some_and(|rule| !is_base_known(of, rule, &record)) {
        let detail = "its record takes a percentage of an amount that was not reported";
        report.find("commission_record", it.id, detail);
    }
    match judge(plan, &record, it.amount) {
        Judgement::Agrees => {}
        Judgement::Changed { .. } => report.explained_changes += 1,
        Judgement::Differs { recomputed } => {
            let (booked, found) = (it.amount.minor, recomputed.minor);
            let detail = format!("{booked} is booked, {found} comes out");
            report.find("commission_record", it.id, detail);
        }
        Judgement::Fails(error) => report.find("commission_record", it.id, error.to_string()),
    }
}

/// What of a record contradicts its row, its conversion or the journey.
fn not_its_own(
    of: &Of<'_>,
    it: &StoredCommission,
    record: &CommissionRecord,
    zone: Option<&Zone>,
) -> Option<&'static str> {
    let facts = &record.facts;
    let decided = of.decided.as_ref();
    // What was taken back may have been credited by a decision that another has replaced.
    let share = decided.filter(|_| it.remaining() > 0).map(|decided| {
        let own = decided.attribution.credits.iter();
        let own = own.filter(|credit| credit.partnership == it.partnership);
        own.map(|credit| u64::from(credit.share.get())).sum::<u64>()
    });
    let wrong = [
        ("its record is of another plan or rule", {
            record.plan != it.plan || record.rule.as_str() != it.rule
        }),
        ("its record is of another event or day", {
            facts.event.as_str() != it.event || facts.on != it.local_day
        }),
        ("its record is of another quantity", facts.quantity != of.conversion.quantity),
        ("its record is of a version of the arithmetic that is not known", {
            !(1..=ENGINE_VERSION).contains(&record.engine_version)
        }),
        ("its record has other counters before than the decision", {
            decided.zip(zone).is_some_and(|(decided, zone)| !are_counters(facts, decided, zone))
        }),
        ("its record has another share than the journey", {
            share.is_some_and(|share| share != u64::from(record.share.get()))
        }),
    ];
    wrong.into_iter().find_map(|(detail, wrong)| wrong.then_some(detail))
}

fn are_counters(facts: &ConversionFacts, decided: &DecidedJourney, zone: &Zone) -> bool {
    let before = decided.before.map(|before| Counters {
        first_payment_on: before.first_payment_at.map(|at| zone.date(at)),
        payments: before.payments,
        leads: before.leads,
        paused_days: before.subscription.map_or(0, |it| it.paused_days),
        resumed_on: before.subscription.and_then(|it| it.resumed_at).map(|at| zone.date(at)),
        payments_since: before.subscription.map_or(0, |it| it.payments_since),
    });
    facts.before == before
}

/// Whether a percentage was taken of an amount that the conversion has, was reported with, or was
/// corrected to. Fixed amounts are the plan's.
fn is_base_known(of: &Of<'_>, rule: &Rule, record: &CommissionRecord) -> bool {
    let Amount::Percent(percent) = rule.amount else { return true };
    // Of lines of an order, and less tax: the record keeps the amounts, and they are recomputed.
    if record.facts.more.as_ref().is_some_and(|more| more.amounts.is_some()) {
        return true;
    }
    let Some(given) = &of.given else { return true };
    let base = Some(record.base.minor);
    let mut corrected = of.adjusted.iter().filter(|it| it.kind == AdjustmentKind::Correction);
    match percent.of {
        Base::Gross => {
            base == Some(of.conversion.amount.minor)
                || base == given.amount.map(|it| it.minor)
                || corrected.any(|it| base == Some(it.amount))
        }
        // The net amounts of corrections that were corrected again are not kept.
        Base::Net => {
            base == of.conversion.net_amount
                || base == given.net_amount.map(|it| it.minor)
                || corrected.count() > 1
        }
        Base::Margin | Base::Contracted | Base::Expected | Base::Increase => true,
    }
}
