//! Tiers, caps, firsts and once-per: counted in the decision's transaction.

use std::sync::Arc;

use tributary_app::conversion::{
    CorrectConversion, RefundConversion, correct_conversion, refund_conversion, report_conversions,
};
use tributary_store::decision::{AdjustmentKind, scan_plan_counters};
use tributary_store_postgres::{PostgresEngine, PostgresOptions};
use tributary_testkit::ThrowawayPostgres;

use super::*;

pub(super) async fn counters(world: &World) -> Vec<i64> {
    let mut conn = world.app.record.read().await.unwrap();
    let after = (tributary_kernel::ProgramId::from_bytes([0; 16]), "");
    let found = scan_plan_counters(&mut *conn, world.owner, after, 1_000).await.unwrap();
    found.into_iter().map(|(.., value)| value).collect()
}

fn refund(conversion: ConversionId, id: &str, minor: i64) -> RefundConversion {
    RefundConversion {
        conversion,
        refund_id: id.into(),
        amount: Some(dkk(minor)),
        kind: AdjustmentKind::Refund,
        occurred_at: None,
    }
}

const CAPPED: &str = r#""rules": [{"id": "sale", "events": ["sale"],
    "amount": {"percent": "10", "of": "gross"},
    "caps": [{"of": "program", "per": "life", "amount": {"amount": 2500, "currency": "DKK"}}]}]"#;

on_both! {
    /// At the edge of a cap a part is paid, then nothing, and a refund gives its part back.
    async fn a_cap(world: World) {
        plan(&world, CAPPED).await.unwrap();
        let (_, link) = world.partner("Anna").await;
        let click = world.click(&link).await;
        let mut ids = Vec::new();
        for (id, expected) in [("1", vec![1_000]), ("2", vec![1_000]), ("3", vec![500]), ("4", vec![])] {
            ids.push(world.apply(world.sale(id, 10_000, click)).await);
            assert_eq!(amounts(&world, ids[ids.len() - 1]).await, expected);
        }
        assert_eq!(counters(&world).await, [2_500]);
        sound(&world, &ids).await;
        refund_conversion(&world.app, &world.admin, refund(ids[0], "r", 10_000)).await.unwrap();
        assert_eq!(counters(&world).await, [1_500]);
        let after = world.apply(world.sale("5", 10_000, click)).await;
        assert_eq!(amounts(&world, after).await, [1_000], "there is room again");
        let right = CorrectConversion {
            conversion: after,
            correction_id: "k".into(),
            amount: dkk(5_000),
            net_amount: None,
        };
        correct_conversion(&world.app, &world.admin, right).await.unwrap();
        assert_eq!(counters(&world).await, [2_000], "what it had counted was left out");
        ids.push(after);
        sound(&world, &ids).await;
    }

    /// In one request as one after the other: each sees what those before it have counted.
    async fn a_group_counts_within_itself(world: World) {
        plan(&world, r#""rules": [
            {"id": "sale", "events": ["sale"], "amount": {"percent": "10", "of": "gross"},
             "tiers": {"by": "count", "per": "month", "mode": "progressive", "steps": [
               {"from": 3, "amount": {"percent": "20", "of": "gross"}}]}},
            {"id": "lead", "events": ["lead"], "amount": {"fixed": {"amount": 500, "currency": "DKK"}},
             "once_per": {"of": "customer", "per": "life"}},
            {"id": "first", "events": ["purchase"],
             "amount": {"fixed": {"amount": 900, "currency": "DKK"}},
             "first_customers": {"count": 1}}
        ]"#).await.unwrap();
        let (_, link) = world.partner("Anna").await;
        let click = world.click(&link).await;
        let of = |kind: &str, customer: &str, id: &str| ReportConversion {
            kind: kind.into(), ..sale_to(&world, customer, id, 10_000, click)
        };
        let reports = vec![
            of("sale", "a", "1"), of("sale", "b", "2"), of("sale", "c", "3"), of("sale", "d", "4"),
            of("lead", "a", "5"), of("lead", "a", "6"),
            of("purchase", "a", "7"), of("purchase", "b", "8"), of("purchase", "a", "9"),
        ];
        let outcomes = report_conversions(&world.app, &world.admin, reports).await.unwrap();
        let mut paid = Vec::new();
        let mut ids = Vec::new();
        for outcome in outcomes {
            let ReportOutcome::Applied(id) = outcome else { panic!("{outcome:?}") };
            paid.extend(amounts(&world, id).await.first().copied().or(Some(0)));
            ids.push(id);
        }
        assert_eq!(paid, [1_000, 1_000, 2_000, 2_000, 500, 0, 900, 0, 900]);
        world.advance_days(35);
        let next = world.apply(of("sale", "a", "10")).await;
        assert_eq!(amounts(&world, next).await, [1_000], "a new month begins at nothing");
        ids.push(next);
        sound(&world, &ids).await;
    }

    /// Reaching a retroactive step raises what was earned before, in one group or in many, as if
    /// all had been paid by it; what was refunded meanwhile is raised in proportion, and a full
    /// refund leaves nothing.
    async fn a_retroactive_tier(world: World) {
        plan(&world, r#""rules": [
            {"id": "sale", "events": ["sale"], "amount": {"percent": "10", "of": "gross"},
             "tiers": {"by": "count", "per": "quarter", "mode": "retroactive", "steps": [
               {"from": 3, "amount": {"percent": "15", "of": "gross"}},
               {"from": 5, "amount": {"percent": "20", "of": "gross"}}]}}
        ]"#).await.unwrap();
        let (_, link) = world.partner("Anna").await;
        let click = world.click(&link).await;
        let first = world.apply(world.sale("1", 10_000, click)).await;
        let second = world.apply(world.sale("2", 20_000, click)).await;
        refund_conversion(&world.app, &world.admin, refund(second, "half", 10_000)).await.unwrap();
        let third = world.apply(world.sale("3", 10_000, click)).await;
        assert_eq!(amounts(&world, third).await, [1_500]);
        assert_eq!(amounts(&world, first).await, [1_000, 500]);
        assert_eq!(amounts(&world, second).await, [2_000, 500], "of the half that was kept");
        let group = ["4", "5", "6"].map(|id| world.sale(id, 10_000, click)).to_vec();
        let outcomes = report_conversions(&world.app, &world.admin, group).await.unwrap();
        let mut ids = vec![first, second, third];
        for outcome in outcomes {
            let ReportOutcome::Applied(id) = outcome else { panic!("{outcome:?}") };
            ids.push(id);
        }
        let mut total = 0;
        for id in &ids {
            let own: i64 = commissions(&world, *id).await.iter().map(StoredCommission::remaining).sum();
            total += own;
        }
        assert_eq!(total, 12_000, "20 % of the 60,000 that were kept");
        assert_eq!(amounts(&world, ids[3]).await, [1_500, 500], "raised within its own group");
        sound(&world, &ids).await;
        for (place, id) in ids.iter().enumerate() {
            let left = if place == 1 { 10_000 } else { world.conversion(*id).await.0.amount.minor };
            let all = refund(*id, "all", left);
            refund_conversion(&world.app, &world.admin, all).await.unwrap();
            let rest: i64 = commissions(&world, *id).await.iter().map(StoredCommission::remaining).sum();
            assert_eq!(rest, if place == 1 { rest } else { 0 });
        }
        sound(&world, &ids).await;
    }
}

/// 32 writers on one cap: whatever order they come in, no more than the cap is paid.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_cap_holds_under_thirty_two_writers() {
    let url = ThrowawayPostgres::shared().database().await;
    let open = || async {
        let options = PostgresOptions { connections: 34, ..PostgresOptions::default() };
        Arc::new(PostgresEngine::connect(&url, options).await.unwrap())
    };
    // Each decision reads touches beside the record: from another pool, as on a server.
    let world = Arc::new(World::on(open().await, open().await, None).await);
    plan(&world, CAPPED).await.unwrap();
    let (_, link) = world.partner("Anna").await;
    let click = world.click(&link).await;
    let writers: Vec<_> = (0..32)
        .map(|writer| {
            let world = Arc::clone(&world);
            tokio::spawn(async move {
                for place in 0..3 {
                    let sale = world.sale(&format!("{writer}-{place}"), 1_700, click);
                    world.apply(sale).await;
                }
            })
        })
        .collect();
    for writer in writers {
        writer.await.unwrap();
    }
    assert_eq!(counters(&world).await, [2_500]);
    let layers = world.audited().await.1.layers(
        world.program.id,
        link.partner,
        tributary_money::Currency::DKK,
    );
    assert_eq!(layers.pending, 2_500);
    sound(&world, &[]).await;
}
