//! The end of a month: what is owed, vouchers, closed periods, the forecast; on both engines.

#![expect(clippy::unwrap_used, reason = "in a test helper it is a failed test")]

#[path = "../common/mod.rs"]
mod common;
#[macro_use]
#[path = "../on_both/mod.rs"]
mod on_both;
#[expect(dead_code, reason = "steps that the tests of payouts take too")]
#[path = "../payout/payees.rs"]
mod payees;

use std::collections::BTreeMap;

use common::{World, dkk};
use payees::{approve, approved_sale, payee, payer, refund, refused};
use tributary_app::month_end::{
    BookedKind, ExportFormat, ExportVouchers, LockPeriod, OwedState, PutBookkeeping, bookkeeping,
    cash_forecast_of, export_vouchers, liability_of, list_period_locks, lock_period,
    put_bookkeeping,
};
use tributary_app::payout::{mark_paid, return_payout};
use tributary_kernel::LocalDate;
use tributary_money::Currency;

fn day(text: &str) -> LocalDate {
    text.parse().unwrap()
}

/// Totals by state on a day, and the oldest bucket that holds something.
async fn owed(world: &World, on: &str) -> BTreeMap<OwedState, (i64, usize)> {
    let found = liability_of(&world.app, &world.admin, world.owner, Some(day(on))).await.unwrap();
    let rows = found.rows.iter().map(|row| {
        let oldest = row.aged.by_age.iter().rposition(|part| !part.is_zero()).unwrap();
        assert_eq!(row.currency, Currency::DKK);
        (row.state, (row.aged.total.minor, oldest))
    });
    rows.collect()
}

async fn csv(world: &World, from: &str, through: &str) -> String {
    String::from_utf8(export(world, from, through, ExportFormat::Csv).await).unwrap()
}

async fn export(world: &World, from: &str, through: &str, format: ExportFormat) -> Vec<u8> {
    let input = ExportVouchers {
        owner: world.owner,
        from: day(from),
        through: day(through),
        format,
        currency: None,
        language: Some("da".into()),
    };
    export_vouchers(&world.app, &world.admin, input).await.unwrap().content
}

async fn lock(world: &World, through: &str) -> Result<i64, String> {
    let input = LockPeriod { owner: world.owner, through: day(through) };
    let done = lock_period(&world.app, &world.admin, input).await;
    done.map(|it| it.transfer_seq).map_err(refused)
}

on_both! {
    /// A life of money, seen from each of its days.
    async fn what_is_owed_on_a_day_is_told_for_ever(world: World) {
        payer(&world).await;
        let (_, link) = payee(&world, "Anna").await;
        approved_sale(&world, &link, "1", 500_000).await; // 2 March
        let click = world.click(&link).await;
        world.advance_days(10);
        let late = world.apply(world.sale("2", 100_000, click)).await; // 12 March, pending
        world.advance_days(28);
        let run = approve(&world).await; // 9 April
        world.advance_days(5);
        mark_paid(&world.app, &world.admin, world.owner, run.run.id).await.unwrap(); // 14 April
        world.advance_days(2);
        refund(&world, late, "r1", 50_000).await; // 16 April
        world.advance_days(4);
        return_payout(&world.app, &world.admin, world.owner, run.payouts[0].id).await.unwrap();

        let approved = (OwedState::Approved, (100_000, 0));
        assert_eq!(owed(&world, "2026-03-01").await, BTreeMap::new());
        assert_eq!(owed(&world, "2026-03-02").await, BTreeMap::from([approved]));
        let pending = (OwedState::Pending, (20_000, 0));
        assert_eq!(owed(&world, "2026-03-12").await, BTreeMap::from([approved, pending]));
        let payable = (OwedState::Payable, (100_000, 1));
        assert_eq!(owed(&world, "2026-04-09").await, BTreeMap::from([pending, payable]));
        let older = (OwedState::Pending, (20_000, 1));
        assert_eq!(owed(&world, "2026-04-14").await, BTreeMap::from([older]), "paid");
        let less = (OwedState::Pending, (10_000, 1));
        assert_eq!(owed(&world, "2026-04-16").await, BTreeMap::from([less]));
        let again = (OwedState::Approved, (100_000, 1));
        assert_eq!(owed(&world, "2026-04-20").await, BTreeMap::from([less, again]), "it came back");
        let future = liability_of(&world.app, &world.admin, world.owner, Some(day("2026-04-25"))).await;
        assert_eq!(refused(future.unwrap_err()), "/as_of range");
    }

    /// What was paid and taken back is owed back, and a payout settles it.
    async fn what_is_owed_back_is_told_apart(world: World) {
        payer(&world).await;
        let (_, link) = payee(&world, "Anna").await;
        let first = approved_sale(&world, &link, "1", 500_000).await;
        let run = approve(&world).await;
        mark_paid(&world.app, &world.admin, world.owner, run.run.id).await.unwrap();
        world.advance_days(1);
        refund(&world, first, "r1", 250_000).await;
        assert_eq!(owed(&world, "2026-03-03").await, BTreeMap::from([(OwedState::Clawback, (-50_000, 0))]));
        approved_sale(&world, &link, "2", 1_000_000).await;
        world.advance_days(1);
        approve(&world).await;
        assert_eq!(owed(&world, "2026-03-04").await, BTreeMap::from([(OwedState::Payable, (150_000, 0))]));
    }

    /// A closed month gives the same file for ever; what happened in it and comes later stands on
    /// the first open day.
    async fn a_closed_month_takes_nothing_more(world: World) {
        payer(&world).await;
        let (_, link) = payee(&world, "Anna").await;
        approved_sale(&world, &link, "1", 500_000).await;
        let click = world.click(&link).await;
        world.advance_days(30); // 1 April
        let before = csv(&world, "2026-03-01", "2026-03-31").await;
        let lines: Vec<&str> = before.lines().skip(1).collect();
        assert_eq!(lines, [
            "1,2026-03-02,2990,,1000.00,DKK,\"Kommissioner, Acme CRM\"",
            "1,2026-03-02,6050,1000.00,,DKK,\"Kommissioner, Acme CRM\"",
        ]);
        assert_eq!(lock(&world, "2026-04-01").await, Err("/through range".to_owned()), "not over");
        let transfers = i64::try_from(world.audited().await.0.len()).unwrap();
        assert_eq!(lock(&world, "2026-03-31").await, Ok(transfers));
        assert_eq!(lock(&world, "2026-03-31").await, Ok(transfers), "once");
        assert_eq!(lock(&world, "2026-02-28").await, Err("period_locked".to_owned()));
        let mut sale = world.sale("2", 100_000, click);
        sale.occurred_at = Some(World::at("2026-03-20T12:00:00Z"));
        world.apply(sale).await;
        assert_eq!(csv(&world, "2026-03-01", "2026-03-31").await, before, "it is closed");
        let april = csv(&world, "2026-04-01", "2026-04-30").await;
        assert!(april.contains("1,2026-04-01,6050,200.00,,DKK"), "{april}");
        assert_eq!(owed(&world, "2026-03-31").await, BTreeMap::from([(OwedState::Approved, (100_000, 0))]));
        world.advance_days(30);
        lock(&world, "2026-04-30").await.unwrap();
        assert_eq!(csv(&world, "2026-03-01", "2026-03-31").await, before, "also when more is closed");
        assert_eq!(csv(&world, "2026-04-01", "2026-04-30").await, april);
        let locks = list_period_locks(&world.app, &world.admin, world.owner, world.first_page()).await;
        let days: Vec<String> = locks.unwrap().items.iter().map(|it| it.through.to_string()).collect();
        assert_eq!(days, ["2026-04-30", "2026-03-31"]);
    }

    /// Accounts are the owner's own, and a SIE file is made of them.
    async fn vouchers_are_booked_on_the_owners_accounts(world: World) {
        payer(&world).await;
        let (_, link) = payee(&world, "Anna").await;
        approved_sale(&world, &link, "1", 500_000).await;
        let (app, admin, owner) = (&world.app, &world.admin, world.owner);
        assert_eq!(bookkeeping(app, admin, owner).await.unwrap().series, "T");
        let wrong = PutBookkeeping {
            accounts: BTreeMap::from([(BookedKind::CommissionCost, "cost".into())]),
            year_month: Some(13),
            ..PutBookkeeping::default()
        };
        let wrong = put_bookkeeping(app, admin, owner, wrong).await.unwrap_err();
        assert_eq!(refused(wrong), "/accounts/commission_cost account_number");
        let own = PutBookkeeping {
            accounts: BTreeMap::from([(BookedKind::PartnerApproved, "2991".into())]),
            series: Some("P".into()),
            year_month: Some(7),
            organisation_number: Some("12345678".into()),
        };
        let books = put_bookkeeping(app, admin, owner, own).await.unwrap();
        assert_eq!(bookkeeping(app, admin, owner).await.unwrap(), books);
        let sie = export(&world, "2026-03-01", "2026-03-31", ExportFormat::Sie).await;
        let sie: String = sie.into_iter().map(char::from).collect();
        for part in [
            "#ORGNR \"12345678\"\r\n",
            "#FNAMN \"Acme\"\r\n",
            "#RAR 0 20250701 20260630\r\n",
            "#VALUTA DKK\r\n",
            "#KONTO 2991 \"Skyldigt til partnere\"\r\n",
            "#VER \"P\" 1 20260302 \"Godkendte kommissioner, Acme CRM\"\r\n{\r\n\
             #TRANS 2990 {} 1000.00\r\n#TRANS 2991 {} -1000.00\r\n}\r\n",
        ] {
            assert!(sie.contains(part), "{part} in {sie}");
        }
        let over = ExportVouchers {
            owner,
            from: day("2026-06-01"),
            through: day("2026-07-31"),
            format: ExportFormat::Sie,
            currency: None,
            language: None,
        };
        let refusal = export_vouchers(app, admin, over).await.unwrap_err();
        assert_eq!(refused(refusal), "/through fiscal_year");
    }

    /// What is on its way, agreed and pending, by the day it has to be paid.
    async fn the_forecast_says_when_money_is_needed(world: World) {
        payer(&world).await;
        let (_, link) = payee(&world, "Anna").await;
        approved_sale(&world, &link, "1", 500_000).await;
        approve(&world).await; // for 16 March
        approved_sale(&world, &link, "2", 250_000).await;
        let click = world.click(&link).await;
        world.apply(world.sale("3", 100_000, click)).await; // held for 30 days: 15 April
        let found = cash_forecast_of(&world.app, &world.admin, world.owner).await.unwrap();
        let need = found[&Currency::DKK];
        assert_eq!((need.due, need.in_30, need.in_60), (dkk(0), dkk(150_000), dkk(20_000)));
        assert_eq!((need.in_90, need.later), (dkk(0), dkk(0)));
    }
}
