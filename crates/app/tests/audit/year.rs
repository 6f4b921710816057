//! A year of three programs and five hundred partners: tiers that jump, limits, bonuses, refunds,
//! declines, a new version in the middle, payouts. At its end the auditor agrees on every amount,
//! and what it says each partner is owed is what the ledger holds for it.

use std::collections::BTreeMap;

use tributary_app::directory::{create_program, go_live};
use tributary_app::life::{LifeChange, Selection, approve_commissions};
use tributary_app::payout::{
    AccountForm, ApproveRun, GiveBankDetails, HolderForm, PutPayerAccount, approve_run,
    give_bank_details, mark_paid, mark_sent, preview_run, put_payer_account,
};
use tributary_directory::{Actor, ProgramTerms};
use tributary_kernel::{PartnerId, ProgramId, UserId};
use tributary_money::Currency;
use tributary_store::decision::CommissionState;
use tributary_store::recheck;
use tributary_store::work::CommissionFilter;

use super::booked::agrees;
use super::common::World;
use super::history::{History, Shape};
use super::{Dice, soaking};

const MONTHS: i64 = 12;
const PARTNERS: [usize; 3] = [200, 200, 100];

const PLANS: [&str; 3] = [
    r#"{"format": 1, "name": "Steps that pay all", "rules": [
      {"id": "lead", "events": ["lead"], "recurring": "once",
       "amount": {"fixed": {"amount": 5000, "currency": "DKK"}}},
      {"id": "sale", "events": ["sale"], "amount": {"percent": "10", "of": "net"},
       "tiers": {"by": "count", "per": "month", "mode": "retroactive", "steps": [
         {"from": 2, "amount": {"percent": "12.5", "of": "net"}},
         {"from": 4, "amount": {"percent": "17", "of": "net"}}]},
       "caps": [{"of": "partner", "per": "month", "amount": {"amount": 60000, "currency": "DKK"}}]}]}"#,
    r#"{"format": 1, "name": "By revenue", "rounding": "half_up",
      "caps": [{"of": "program", "per": "quarter", "amount": {"amount": 9000000, "currency": "DKK"}}],
      "rules": [
      {"id": "gold", "events": ["sale"], "for": {"group": "gold"},
       "amount": {"percent": "11.1", "of": "gross"},
       "tiers": {"by": "revenue", "per": "quarter", "mode": "progressive", "steps": [
         {"from": 100000, "amount": {"percent": "13.3", "of": "gross"}},
         {"from": 250000, "amount": {"percent": "15.7", "of": "gross"}}]}},
      {"id": "sale", "events": ["sale"], "amount": {"percent": "9.9", "of": "gross"},
       "recurring": {"months": 6}}],
      "bonuses": [{"id": "three", "events": ["sale"], "by": "count", "per": "quarter", "at": 3,
       "repeats": true, "reward": {"money": {"amount": 2500, "currency": "DKK"}}}]}"#,
    r#"{"format": 1, "name": "Fee and share", "several": "all", "rules": [
      {"id": "fee", "events": ["sale"], "recurring": "once",
       "amount": {"fixed": {"amount": 7500, "currency": "DKK"}}, "first_customers": {"count": 5}},
      {"id": "share", "events": ["sale"], "amount": {"percent": "5", "of": "gross"},
       "minimum": {"amount": 500, "currency": "DKK"}, "maximum": {"amount": 4000, "currency": "DKK"},
       "tiers": {"by": "revenue", "of": "program", "per": "year", "mode": "retroactive", "steps": [
         {"from": 2500000, "amount": {"percent": "6", "of": "gross"}}]}}]}"#,
];

/// From July on, in the first program.
const SECOND: &str = r#"{"format": 1, "name": "Another agreement", "several": "best", "rules": [
  {"id": "flat", "events": ["sale"], "amount": {"fixed": {"amount": 1500, "currency": "DKK"}}},
  {"id": "sale", "events": ["sale"], "amount": {"percent": "8", "of": "net"},
   "tiers": {"by": "revenue", "per": "month", "mode": "retroactive", "steps": [
     {"from": 80000, "amount": {"percent": "16", "of": "net"}}]}}]}"#;

fn holder(name: &str) -> HolderForm {
    HolderForm {
        name: name.into(),
        street: Some("Strædet 5".into()),
        post_code: Some("1456".into()),
        town: "København".into(),
        country: "DK".into(),
    }
}

fn danish(account: &str) -> AccountForm {
    AccountForm::Danish { registration: "0040".into(), account: account.into() }
}

async fn programs(world: &World) -> [ProgramId; 3] {
    let mut all = [world.program.id; 3];
    for (place, zone) in [(1, "America/New_York"), (2, "Asia/Jakarta")] {
        let terms =
            ProgramTerms::usual("Another", Currency::DKK, zone, "https://www.acme.example/");
        let made = create_program(&world.app, &world.admin, world.owner, terms).await.unwrap();
        all[place] = made.id;
    }
    all
}

async fn bank(world: &World, partners: &[PartnerId]) {
    for partner in partners {
        let actor = Actor::Partner { user: UserId::from_bytes([9; 16]), partner: *partner };
        let details = GiveBankDetails {
            partner: *partner,
            account: danish("440116243"),
            holder: holder("Anna Sørensen"),
        };
        give_bank_details(&world.app, &actor, details).await.unwrap();
    }
}

/// Approves what is pending, some of it, and pays.
async fn month_end(world: &World, program: ProgramId) -> usize {
    let (app, admin, owner) = (&world.app, &world.admin, world.owner);
    let filter = CommissionFilter {
        program: Some(program),
        state: Some(CommissionState::Pending),
        ..CommissionFilter::default()
    };
    let change = LifeChange { owner, selection: Selection::Matching(filter), expected: None };
    approve_commissions(app, admin, change).await.unwrap();
    let seen = preview_run(app, admin, owner, program, None).await.unwrap();
    if seen.payouts.is_empty() {
        return 0;
    }
    let paid = seen.payouts.len();
    let input = ApproveRun { owner, program, pay_on: None, seen: seen.seen };
    let run = approve_run(app, admin, input).await.unwrap().run.id;
    mark_sent(app, admin, owner, run).await.unwrap();
    mark_paid(app, admin, owner, run).await.unwrap();
    paid
}

/// What is left of every commission of a partner is what the ledger holds for it.
async fn ledger_agrees(world: &World, program: ProgramId, partners: &[PartnerId]) {
    let (_, balances) = world.audited().await;
    let mut conn = world.app.record.read().await.unwrap();
    let mut left: BTreeMap<PartnerId, i64> = BTreeMap::new();
    let mut after = [0; 16];
    loop {
        let page = recheck::scan_commissions(&mut *conn, world.owner, after, 1_000).await.unwrap();
        let Some(last) = page.last() else { break };
        after = *last.id.as_bytes();
        for it in page.iter().filter(|it| it.program == program) {
            *left.entry(it.partner).or_default() += it.remaining();
        }
    }
    for partner in partners {
        let layers = balances.layers(program, *partner, Currency::DKK);
        let held = layers.pending + layers.approved + layers.payable + layers.paid;
        // Paid, and owed back.
        let held = held - layers.clawback;
        assert_eq!(held, left.get(partner).copied().unwrap_or(0), "{partner}");
    }
}

#[tokio::test]
async fn a_year_of_three_programs() {
    let batches = if soaking() { 60 } else { 5 };
    let world = World::sqlite().await;
    let mut dice = Dice(2_026);
    let payer = PutPayerAccount {
        owner: world.owner,
        currency: Currency::DKK,
        account: danish("440000001"),
        holder: holder("Acme A/S"),
        bic: Some("NDEADKKK".into()),
        number_at_bank: Some("12345678".into()),
    };
    put_payer_account(&world.app, &world.admin, payer).await.unwrap();
    let ids = programs(&world).await;
    let mut programs = Vec::new();
    for (place, id) in ids.into_iter().enumerate() {
        let shape = Shape { partners: PARTNERS[place], customers: 300, steps: 0, batch_max: 30 };
        let mut history = History::begin(&world, id, shape).await;
        history.publish(PLANS[place]).await;
        if place > 0 {
            go_live(&world.app, &world.admin, world.owner, id).await.unwrap();
        }
        bank(&world, history.partners()).await;
        programs.push((id, history));
    }
    let mut payouts = 0;
    for month in 0..MONTHS {
        if month == 6 {
            programs[0].1.publish(SECOND).await;
        }
        for (_, history) in &mut programs {
            for _ in 0..batches {
                let reports = (0..30).map(|_| history.any_report(&mut dice)).collect();
                history.report(reports).await;
                history.refund(&mut dice).await;
                history.refund(&mut dice).await;
                history.settle(&mut dice).await;
                history.give(&mut dice).await;
                world.clock.advance_seconds(30 * 86_400 / batches / 3);
            }
        }
        for (id, _) in &programs {
            payouts += month_end(&world, *id).await;
        }
    }
    assert!(payouts > 100, "{payouts}");
    for (id, history) in &programs {
        let audited = agrees(&world, *id, &history.declines).await.unwrap();
        assert!(audited > 300, "{audited}");
        ledger_agrees(&world, *id, history.partners()).await;
    }
}
