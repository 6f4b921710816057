//! The booked history, as the auditor takes it, and what it says beside what is stored.

use std::collections::BTreeMap;

use serde_json::Value;
use tributary_app::verify::verify;
use tributary_directory::Viewer;
use tributary_kernel::{ConversionId, ProgramId, Zone};
use tributary_store::decision::{
    self, AdjustmentKind, CommissionBasis, StoredCommission, StoredConversion,
};
use tributary_store::list::PageRequest;
use tributary_store::partnership::{self, PartnershipFilter};
use tributary_store::program;
use tributary_store::recheck;
use tributary_testkit::audit::{AuditedPartner, Fact, Happened, Owed, Sort, audit};

use super::common::World;

const WHOLE: u64 = 1_000_000_000;

/// Holds what is booked in a program against what the auditor computes, and asks `verify`.
///
/// # Errors
/// The first difference, in words.
pub(crate) async fn agrees(
    world: &World,
    of: ProgramId,
    declines: &[(i64, ConversionId)],
) -> Result<usize, String> {
    let mut conn = world.app.record.read().await.unwrap();
    let terms = program::by_ids(&mut *conn, &[of]).await.unwrap().remove(0).terms;
    let zone = Zone::named(&terms.time_zone).unwrap();
    let plans = program::plans(&mut *conn, &[(world.owner, of)]).await.unwrap();
    let plans: Vec<(i64, Value)> = plans
        .iter()
        .map(|it| (it.effective_from.as_microsecond(), serde_json::from_str(&it.document).unwrap()))
        .collect();
    let partners = partners(&mut *conn, of).await;
    let mut happened: Vec<(i64, Happened)> = Vec::new();
    let mut stored: Vec<Owed> = Vec::new();
    let mut after = [0; 16];
    loop {
        let page = recheck::scan_conversions(&mut *conn, world.owner, after, 500).await.unwrap();
        let Some(last) = page.last().map(|it| it.id) else { break };
        let commissions =
            recheck::scan_commissions_of(&mut *conn, world.owner, after, last).await.unwrap();
        // What a person gives is no plan's: it must not change what plans pay.
        let own = commissions.iter().filter(|it| it.program == of && !it.is_manual());
        stored.extend(own.map(owed));
        for it in page.iter().filter(|it| it.program == of && !it.is_manual()) {
            happened.push((it.booked_seq, Happened::Booked(Box::new(fact(it, &zone)))));
            for back in decision::adjustments(&mut *conn, world.owner, it.id).await.unwrap() {
                assert_ne!(back.kind, AdjustmentKind::Correction);
                let id = *it.id.as_bytes();
                let what = match back.kind {
                    AdjustmentKind::Departure => {
                        Happened::Left(id, zone.date(back.occurred_at).as_days())
                    }
                    _ => Happened::GivenBack(id, i128::from(back.amount)),
                };
                happened.push((back.booked_seq, what));
            }
        }
        after = *last.as_bytes();
    }
    drop(conn);
    // Behind what was booked at the place that the head had then.
    let declined = declines.iter().map(|(seq, id)| (*seq, Happened::Declined(*id.as_bytes())));
    happened.extend(declined);
    happened.sort_by_key(|(seq, what)| (*seq, matches!(what, Happened::Declined(_))));
    let happened: Vec<Happened> = happened.into_iter().map(|(_, what)| what).collect();
    let due = audit(&plans, &partners, &happened)?;
    stored.sort();
    compare(&due, &stored)
        .map_err(|error| format!("{error}\n{}", told(&happened, &due, &stored)))?;
    let report = verify(&world.app, Some(world.owner), &mut |_| {}).await.unwrap();
    if !report.is_green() {
        return Err(format!("verify: {:?}", report.findings.first()));
    }
    Ok(stored.len())
}

fn compare(due: &[Owed], stored: &[Owed]) -> Result<(), String> {
    for (place, pair) in due.iter().zip(stored).enumerate() {
        if pair.0 != pair.1 {
            return Err(format!(
                "{place}: the auditor says\n{:?}, booked is\n{:?}",
                pair.0, pair.1
            ));
        }
    }
    if due.len() == stored.len() {
        return Ok(());
    }
    let longer = if due.len() > stored.len() { due } else { stored };
    let first = &longer[due.len().min(stored.len())];
    Err(format!("the auditor has {}, booked are {}: {first:?}", due.len(), stored.len()))
}

/// What happened to whom the first difference is about, and what came of it.
fn told(happened: &[Happened], due: &[Owed], stored: &[Owed]) -> String {
    let differ = due.iter().zip(stored).find(|(one, other)| one != other);
    let Some((one, _)) = differ else { return String::new() };
    let of = |id: [u8; 16], all: &[Owed]| {
        let own = all.iter().filter(|it| it.conversion == id);
        let own = own.map(|it| format!("{} {:?} {}-{}", it.rule, it.sort, it.amount, it.back));
        own.collect::<Vec<_>>().join(", ")
    };
    let mut whose = BTreeMap::new();
    let lines = happened.iter().map(|it| match it {
        Happened::Booked(fact) => {
            let number = whose.len();
            whose.insert(fact.id, number);
            let own = fact.partner.as_ref() == Some(&one.partner);
            let mark = if own { '*' } else { ' ' };
            format!(
                "{mark}{number} {} day {} gross {:?} net {:?} {:?}: due {}; booked {}",
                fact.event,
                fact.day,
                fact.gross,
                fact.net,
                fact.customer,
                of(fact.id, due),
                of(fact.id, stored)
            )
        }
        Happened::GivenBack(id, amount) => format!(" back {amount} of {:?}", whose.get(id)),
        Happened::Declined(id) => format!(" declined {:?}", whose.get(id)),
        Happened::Left(id, day) => format!(" left on {day} {:?}", whose.get(id)),
    });
    lines.collect::<Vec<_>>().join("\n")
}

async fn partners(
    conn: &mut dyn tributary_store::engine::Connection,
    of: ProgramId,
) -> BTreeMap<String, AuditedPartner> {
    let terms = program::by_ids(conn, &[of]).await.unwrap().remove(0);
    let filter = PartnershipFilter { program: Some(of), ..PartnershipFilter::default() };
    let mut page = PageRequest { limit: 200, after: None };
    let mut partners = BTreeMap::new();
    loop {
        let viewer = Viewer::Owner(terms.owner);
        let found = partnership::list(conn, viewer, &filter, page).await.unwrap();
        for it in found.items {
            let about = AuditedPartner { group: it.group, tags: it.tags };
            partners.insert(it.id.to_string(), about);
        }
        match found.next {
            Some(next) => page.after = Some(next),
            None => return partners,
        }
    }
}

fn fact(it: &StoredConversion, zone: &Zone) -> Fact {
    let given: Value = serde_json::from_str(&it.given).unwrap();
    let journey: Value = serde_json::from_str(&it.journey).unwrap();
    let credits = journey["attribution"]["credits"].as_array().unwrap();
    assert!(credits.len() < 2, "one partner is credited with all");
    let credit = credits.first();
    assert!(credit.is_none_or(|it| it["share"].as_u64() == Some(WHOLE)));
    let text = |value: &Value| value.as_str().map(str::to_owned);
    let told = given["amount"].is_object();
    Fact {
        id: *it.id.as_bytes(),
        event: it.kind.clone(),
        at: it.occurred_at.as_microsecond(),
        day: zone.date(it.occurred_at).as_days(),
        payment: it.kind != "lead",
        gross: told.then(|| i128::from(it.amount.minor)),
        net: it.net_amount.map(i128::from),
        quantity: i128::from(it.quantity),
        customer: text(&given["customer_id"]),
        country: text(&given["details"]["customer_country"]),
        partner: credit.and_then(|it| text(&it["partnership"])),
    }
}

fn owed(it: &StoredCommission) -> Owed {
    Owed {
        conversion: *it.conversion.as_bytes(),
        partner: it.partnership.to_string(),
        rule: it.rule.clone(),
        sort: match it.basis {
            None => Sort::Rule,
            Some(CommissionBasis::Tier) => Sort::Tier,
            Some(CommissionBasis::Bonus) => Sort::Bonus,
            Some(other) => panic!("the auditor does not know {other}"),
        },
        amount: i128::from(it.amount.minor),
        back: i128::from(it.reversed_amount),
    }
}
