//! One commission against its plan, its conversion and the ledger.

use tributary_commission::{CommissionRecord, Judgement, judge};
use tributary_store::decision::{CommissionState, StoredCommission, StoredConversion};

use super::ledger::{About, whose};
use super::{Agreements, VerifyReport};

/// `about` is what the ledger says; none when it could not be replayed.
pub(super) fn check(
    terms: &Agreements,
    conversion: &StoredConversion,
    it: &StoredCommission,
    about: Option<Option<About>>,
    report: &mut VerifyReport,
) {
    report.commissions += 1;
    check_record(terms, it, report);
    let same = (it.program, it.occurred_at, it.test)
        == (conversion.program, conversion.occurred_at, conversion.test)
        && it.event == conversion.kind;
    if !same {
        report.find("commission", it.id, "it is not of its conversion's program, time or type");
    }
    if let Some(about) = about {
        check_ledger(it, about, report);
    }
}

fn check_record(terms: &Agreements, it: &StoredCommission, report: &mut VerifyReport) {
    let record: CommissionRecord = match serde_json::from_str(&it.record) {
        Ok(record) => record,
        Err(error) => return report.find("commission_record", it.id, error.to_string()),
    };
    let facts = &record.facts;
    let same = record.plan == it.plan
        && record.rule.as_str() == it.rule
        && facts.event.as_str() == it.event
        && facts.on == it.local_day;
    if !same {
        let detail = "its record is of another plan, rule, event or day";
        report.find("commission_record", it.id, detail);
    }
    let Some(plan) = terms.plans.get(&it.plan) else {
        return report.find("commission", it.id, format!("{} cannot be used", it.plan));
    };
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

fn check_ledger(it: &StoredCommission, about: Option<About>, report: &mut VerifyReport) {
    if it.test {
        if about.is_some() {
            report.find("commission", it.id, "test money is in the ledger");
        }
        return;
    }
    let Some(about) = about else {
        return report.find("commission", it.id, "no transfer is about it");
    };
    match about.accrual {
        None => report.find("commission", it.id, "no transfer has accrued it"),
        Some(accrual) => {
            let whose = whose(it.program, it.partner, it.amount.currency);
            let same = accrual.amount == it.amount.minor
                && accrual.occurred_at == it.occurred_at
                && accrual.whose == whose;
            if !same {
                let detail = "its accrual has another amount, time, program or partner";
                report.find("commission", it.id, detail);
            }
        }
    }
    let owed = match it.state {
        CommissionState::Declined => 0,
        _ => it.remaining(),
    };
    let pending = match it.state {
        CommissionState::Pending => -owed,
        _ => 0,
    };
    if (about.cost, about.pending) != (owed, pending) {
        let detail = format!(
            "it is {} with {owed} left; its transfers leave {} owed, of which {} pending",
            it.state,
            about.cost,
            about.pending.saturating_neg()
        );
        report.find("commission", it.id, detail);
    }
}
