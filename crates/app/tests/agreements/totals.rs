//! What partners have done so far, asked for by conditions.

use tributary_app::conversion::{
    CorrectConversion, OtherPlan, RefundConversion, Simulate, correct_conversion, redecide_queued,
    refund_conversion, report_conversions, simulate,
};
use tributary_app::directory::list_plans;
use tributary_app::life::{LifeChange, Selection, decline_commissions};
use tributary_ledger::Reason;
use tributary_store::decision::AdjustmentKind;
use tributary_store::redecision;
use tributary_store::touches::{self, HourlyClicks, add_hourly};

use super::*;

/// 20 % from the third sale on, 30 % of the fifth and tenth, 40 % from 2,000.00 of revenue on, 50 % from
/// 900.00 earned on; else 10 %. A new customer of one with two customers brings 1.00 more.
const GROWING: &str = r#""rules": [
    {"id": "rich", "events": ["sale"], "amount": {"percent": "50", "of": "gross"},
     "when": {"field": "partner.commission", "is": ">=", "value": {"amount": 90000, "currency": "DKK"}}},
    {"id": "strong", "events": ["sale"], "amount": {"percent": "40", "of": "gross"},
     "when": {"field": "partner.revenue", "is": ">=", "value": {"amount": 200000, "currency": "DKK"}}},
    {"id": "fifth", "events": ["sale"], "amount": {"percent": "30", "of": "gross"},
     "when": {"field": "partner.sales", "is": "in", "value": [4, 9]}},
    {"id": "third", "events": ["sale"], "amount": {"percent": "20", "of": "gross"},
     "when": {"field": "partner.sales", "is": ">=", "value": 2}},
    {"id": "sale", "events": ["sale"], "amount": {"percent": "10", "of": "gross"}},
    {"id": "new", "events": ["sale"], "on_top": true, "recurring": "once",
     "amount": {"fixed": {"amount": 100, "currency": "DKK"}},
     "when": {"field": "partner.customers", "is": "equals", "value": 2}}]"#;

async fn refund(world: &World, conversion: ConversionId, id: &str, minor: i64) {
    let input = RefundConversion {
        conversion,
        refund_id: id.into(),
        amount: Some(dkk(minor)),
        kind: AdjustmentKind::Refund,
        occurred_at: None,
    };
    refund_conversion(&world.app, &world.admin, input).await.unwrap();
}

async fn decline(world: &World, conversion: ConversionId) {
    let ids = commissions(world, conversion).await.iter().map(|it| it.id).collect();
    let input = LifeChange { owner: world.owner, selection: Selection::Ids(ids), expected: None };
    let done = decline_commissions(&world.app, &world.admin, input, Reason::Fraud).await.unwrap();
    assert!(done.iter().all(|it| it.result.is_ok()), "{done:?}");
}

/// What the newest version would have paid is what was booked.
async fn replays(world: &World) {
    let all = list_plans(&world.app, &world.admin, world.program.id).await.unwrap();
    let asked = Simulate {
        owner: world.owner,
        program: world.program.id,
        plan: OtherPlan::Version(all.last().unwrap().id),
        from: "2026-03-01".parse().unwrap(),
        until: "2026-05-31".parse().unwrap(),
        explain: None,
        conversions_max: None,
    };
    let found = simulate(&world.app, &world.admin, asked).await.unwrap();
    assert!(found.now > 0);
    assert_eq!(found.now, found.then);
}

on_both! {
    /// Sales, customers, revenue and what was earned, before each conversion, in a group and one by
    /// one; of one partner, not of another.
    async fn a_partner_grows(world: World) {
        plan(&world, GROWING).await.unwrap();
        let (_, link) = world.partner("Anna").await;
        let (_, of_bo) = world.partner("Bo").await;
        let click = world.click(&link).await;
        let group = ["a", "a", "b", "c"].iter().enumerate();
        let group = group.map(|(at, who)| sale_to(&world, who, &at.to_string(), 30_000, click));
        let outcomes = report_conversions(&world.app, &world.admin, group.collect()).await.unwrap();
        let mut ids = Vec::new();
        for outcome in outcomes {
            let ReportOutcome::Applied(id) = outcome else { panic!("{outcome:?}") };
            ids.push(id);
        }
        for (id, minor) in [("5", 90_000), ("6", 30_000), ("7", 10_000)] {
            ids.push(world.apply(sale_to(&world, "a", id, minor, click)).await);
        }
        let mut paid = Vec::new();
        for id in &ids {
            let mut own = amounts(&world, *id).await;
            own.sort_unstable();
            paid.push(own);
        }
        let expected = [
            vec![3_000], vec![3_000], vec![6_000],
            // The third customer, and the fourth sale.
            vec![100, 6_000],
            // The fifth.
            vec![27_000],
            // 2,100.00 of revenue, and less than 900.00 earned.
            vec![12_000], vec![4_000],
        ];
        assert_eq!(paid, expected);
        let click = world.click(&of_bo).await;
        ids.push(world.apply(sale_to(&world, "z", "8", 30_000, click)).await);
        assert_eq!(amounts(&world, ids[7]).await, [3_000], "Bo begins at nothing");
        sound(&world, &ids).await;
        replays(&world).await;
    }

    /// Amounts that are refunded or declined leave the totals, places stay; a correction counts
    /// once.
    async fn what_is_taken_back_leaves_amounts(world: World) {
        plan(&world, GROWING).await.unwrap();
        let (_, link) = world.partner("Anna").await;
        let click = world.click(&link).await;
        let mut ids = vec![world.apply(sale_to(&world, "a", "1", 200_000, click)).await];
        refund(&world, ids[0], "r1", 1).await;
        ids.push(world.apply(sale_to(&world, "a", "2", 1, click)).await);
        ids.push(world.apply(sale_to(&world, "a", "3", 10_000, click)).await);
        assert_eq!(amounts(&world, ids[2]).await, [4_000], "2,000.00 again");
        refund(&world, ids[0], "r2", 100_000).await;
        ids.push(world.apply(sale_to(&world, "a", "4", 10_000, click)).await);
        assert_eq!(amounts(&world, ids[3]).await, [2_000], "by the place alone");
        ids.push(world.apply(sale_to(&world, "a", "5", 300_000, click)).await);
        assert_eq!(amounts(&world, ids[4]).await, [90_000], "the fifth");
        let right = CorrectConversion {
            conversion: ids[4],
            correction_id: "k".into(),
            amount: dkk(500_000),
            net_amount: None,
        };
        correct_conversion(&world.app, &world.admin, right).await.unwrap();
        // Earned: 100.00 + 40.00 + 20.00 + 1,500.00.
        ids.push(world.apply(sale_to(&world, "a", "6", 10_000, click)).await);
        assert_eq!(amounts(&world, ids[5]).await, [5_000]);
        sound(&world, &ids).await;
        replays(&world).await;
        decline(&world, ids[5]).await;
        decline(&world, ids[2]).await;
        decline(&world, ids[3]).await;
        sound(&world, &ids).await;
        refund(&world, ids[4], "r3", 250_000).await;
        ids.push(world.apply(sale_to(&world, "a", "7", 10_000, click)).await);
        assert_eq!(amounts(&world, ids[6]).await, [4_000], "850.00 was earned");
        sound(&world, &ids).await;
    }

    /// A plan that asks for the first time finds what was before, less what was given back; later
    /// corrections and refunds of it count once.
    async fn what_was_before_counts(world: World) {
        let (_, link) = world.partner("Anna").await;
        let click = world.click(&link).await;
        let mut ids = Vec::new();
        for (id, minor) in [("1", 100_000), ("2", 100_000), ("3", 50_000)] {
            ids.push(world.apply(sale_to(&world, "a", id, minor, click)).await);
        }
        refund(&world, ids[1], "half", 50_000).await;
        decline(&world, ids[2]).await;
        plan(&world, GROWING).await.unwrap();
        world.clock.advance_seconds(1);
        ids.push(world.apply(sale_to(&world, "a", "4", 10_000, click)).await);
        assert_eq!(amounts(&world, ids[3]).await, [4_000], "2,000.00 of revenue");
        sound(&world, &ids).await;
        refund(&world, ids[1], "rest", 50_000).await;
        ids.push(world.apply(sale_to(&world, "a", "5", 10_000, click)).await);
        assert_eq!(amounts(&world, ids[4]).await, [3_000], "the fifth, of 1,600.00");
        let right = CorrectConversion {
            conversion: ids[0],
            correction_id: "k".into(),
            amount: dkk(150_000),
            net_amount: None,
        };
        correct_conversion(&world.app, &world.admin, right).await.unwrap();
        ids.push(world.apply(sale_to(&world, "a", "6", 10_000, click)).await);
        assert_eq!(amounts(&world, ids[5]).await, [4_000], "2,200.00");
        sound(&world, &ids).await;
        // A version without such a condition keeps them for the next.
        plan(&world, r#""rules": [{"id": "sale", "events": ["sale"],
            "amount": {"percent": "1", "of": "gross"}}]"#).await.unwrap();
        world.clock.advance_seconds(1);
        ids.push(world.apply(sale_to(&world, "a", "7", 990_000, click)).await);
        plan(&world, &GROWING.replace("90000", "90001")).await.unwrap();
        world.clock.advance_seconds(1);
        ids.push(world.apply(sale_to(&world, "a", "8", 10_000, click)).await);
        let last = amounts(&world, ids[7]).await;
        assert_eq!(last, [4_000]);
        plan(&world, &GROWING.replace("200000", "1235000").replace("90000", "990000")).await.unwrap();
        world.clock.advance_seconds(1);
        ids.push(world.apply(sale_to(&world, "a", "9", 10_000, click)).await);
        assert_eq!(amounts(&world, ids[8]).await, [2_000], "12,300.00: not yet");
        ids.push(world.apply(sale_to(&world, "a", "10", 10_000, click)).await);
        assert_eq!(amounts(&world, ids[9]).await, [4_000], "all counted once");
        sound(&world, &ids).await;
    }

    /// What was before, was declined since and is corrected then counts once.
    async fn declined_since_and_corrected(world: World) {
        let (_, link) = world.partner("Anna").await;
        let click = world.click(&link).await;
        let first = world.apply(sale_to(&world, "a", "1", 400_000, click)).await;
        world.clock.advance_seconds(1);
        plan(&world, r#""rules": [
            {"id": "rich", "events": ["sale"], "amount": {"percent": "50", "of": "gross"},
             "when": {"field": "partner.commission", "is": ">=", "value": {"amount": 100000, "currency": "DKK"}}},
            {"id": "sale", "events": ["sale"], "amount": {"percent": "10", "of": "gross"}}]"#)
            .await
            .unwrap();
        world.clock.advance_seconds(1);
        decline(&world, first).await;
        let right = CorrectConversion {
            conversion: first,
            correction_id: "k".into(),
            amount: dkk(300_000),
            net_amount: None,
        };
        correct_conversion(&world.app, &world.admin, right).await.unwrap();
        assert_eq!(amounts(&world, first).await, [60_000, 80_000]);
        let second = world.apply(sale_to(&world, "a", "2", 400_000, click)).await;
        assert_eq!(amounts(&world, second).await, [40_000], "600.00 is earned, not 1,400.00");
        let third = world.apply(sale_to(&world, "a", "3", 10_000, click)).await;
        assert_eq!(amounts(&world, third).await, [5_000], "1,000.00");
        sound(&world, &[first, second, third]).await;
    }

    /// What was before and is decided again moves from one partner's totals to the other's.
    async fn what_was_before_is_decided_again(world: World) {
        let (_, annas) = world.partner("Anna").await;
        let (_, bos) = world.partner("Bo").await;
        let first = world.click(&annas).await;
        world.clock.advance_seconds(3_600);
        let second = world.unrecorded_click(&bos);
        world.record_touch(second, &bos, None).await;
        world.clock.advance_seconds(3_600);
        let id = world.apply(world.sale("1", 200_000, first)).await;
        plan(&world, GROWING).await.unwrap();
        world.clock.advance_seconds(1);
        let (again, until) = (Some(*second.as_bytes()), first.at().plus_days(90));
        let mut tx = world.app.touches.begin().await.unwrap();
        touches::grant(&mut *tx, *first.as_bytes(), again, until).await.unwrap();
        tx.commit().await.unwrap();
        let mut tx = world.app.record.begin().await.unwrap();
        let (queued, now) = ([(world.owner, id)], world.app.now());
        redecision::queue_redecision(&mut *tx, &queued, now).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(redecide_queued(&world.app, 10).await.unwrap().changed, 1);
        sound(&world, &[id]).await;
        let clicks = [world.click(&annas).await, world.click(&bos).await];
        let of_anna = world.apply(world.sale("2", 10_000, clicks[0])).await;
        let of_bo = world.apply(world.sale("3", 10_000, clicks[1])).await;
        assert_eq!(amounts(&world, of_anna).await, [1_000], "nothing is left of it");
        assert_eq!(amounts(&world, of_bo).await, [4_000]);
        sound(&world, &[id, of_anna, of_bo]).await;
    }

    /// Clicks are those that ingest has counted.
    async fn clicks(world: World) {
        plan(&world, r#""rules": [{"id": "sale", "events": ["sale"],
            "amount": {"percent": "20", "of": "gross"},
            "when": {"field": "partner.clicks", "is": ">=", "value": 1000}},
          {"id": "small", "events": ["sale"], "amount": {"percent": "10", "of": "gross"}}]"#)
            .await
            .unwrap();
        let (_, link) = world.partner("Anna").await;
        let click = world.click(&link).await;
        let first = world.apply(world.sale("1", 10_000, click)).await;
        for hour in 0..2 {
            let hourly = HourlyClicks {
                owner: world.owner,
                program: world.program.id,
                local_hour: hour,
                partner: link.partner,
                link: link.id,
                clicks: 500,
                unique_clicks: 400,
                machine_clicks: 3,
            };
            let mut tx = world.app.touches.begin().await.unwrap();
            add_hourly(&mut *tx, &[hourly]).await.unwrap();
            tx.commit().await.unwrap();
        }
        let second = world.apply(world.sale("2", 10_000, click)).await;
        assert_eq!(amounts(&world, first).await, [1_000]);
        assert_eq!(amounts(&world, second).await, [2_000]);
        sound(&world, &[first, second]).await;
    }
}
