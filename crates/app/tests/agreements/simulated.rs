//! What a period's conversions would have earned under another plan.

use tributary_app::conversion::{
    OtherPlan, RefundConversion, Simulate, Simulation, refund_conversion, simulate,
};
use tributary_app::directory::list_plans;
use tributary_app::life::{LifeChange, Selection, decline_commissions};
use tributary_ledger::Reason;
use tributary_store::decision::AdjustmentKind;

use super::*;

/// From the world's first day on.
fn asked(world: &World, plan: OtherPlan) -> Simulate {
    Simulate {
        owner: world.owner,
        program: world.program.id,
        plan,
        from: "2026-03-01".parse().unwrap(),
        until: "2026-05-31".parse().unwrap(),
        explain: None,
        conversions_max: None,
    }
}

fn draft(members: &str) -> OtherPlan {
    let document = format!(r#"{{"format": 1, "name": "Draft", {members}}}"#);
    OtherPlan::Document(document.into_bytes())
}

async fn replayed(world: &World, plan: OtherPlan) -> Simulation {
    simulate(&world.app, &world.admin, asked(world, plan)).await.unwrap()
}

async fn refund(world: &World, conversion: ConversionId, key: &str, minor: i64) {
    let input = RefundConversion {
        conversion,
        refund_id: key.into(),
        amount: Some(dkk(minor)),
        kind: AdjustmentKind::Refund,
        occurred_at: None,
    };
    refund_conversion(&world.app, &world.admin, input).await.unwrap();
}

const CAPPED: &str = r#"
  "caps": [{"of": "partner", "per": "month", "amount": {"amount": 90000, "currency": "DKK"}}],
  "rules": [
    {"id": "lead", "events": ["qualified_lead"], "recurring": "once",
     "amount": {"fixed": {"amount": 5000, "currency": "DKK"}}},
    {"id": "sale", "events": ["sale"], "amount": {"percent": "10", "of": "gross"},
     "tiers": {"by": "revenue", "per": "month", "mode": "retroactive", "steps": [
       {"from": 200000, "amount": {"percent": "15", "of": "gross"}},
       {"from": 400000, "amount": {"percent": "20", "of": "gross"}}]}}],
  "bonuses": [
    {"id": "four", "events": ["sale"], "by": "count", "per": "month", "at": 4,
     "reward": {"money": {"amount": 700, "currency": "DKK"}}}]"#;

/// Three months of two partners, with refunds between the sales.
async fn history(world: &World) -> Vec<ConversionId> {
    let (_, anna) = world.partner("Anna").await;
    let (_, bo) = world.partner("Bo").await;
    let mut ids = Vec::new();
    for month in 0..3 {
        let (of_anna, of_bo) = (world.click(&anna).await, world.click(&bo).await);
        for sale in 0..6 {
            let key = format!("{month}-{sale}");
            let amount = 33_333 + 41_111 * i64::from(sale);
            let customer = format!("c{}", sale % 4);
            ids.push(world.apply(sale_to(world, &customer, &key, amount, of_anna)).await);
            let key = format!("bo-{key}");
            ids.push(world.apply(sale_to(world, &format!("b{sale}"), &key, 70_001, of_bo)).await);
            if sale == 2 {
                refund(world, ids[ids.len() - 2], "part", 10_007).await;
            }
            world.clock.advance_seconds(3_600);
        }
        refund(world, ids[ids.len() - 12], "all", 33_333).await;
        let lead = world.report("qualified_lead", &format!("lead-{month}"));
        let click_id = Some(of_bo.to_string());
        ids.push(world.apply(ReportConversion { click_id, ..lead }).await);
        world.advance_days(30);
    }
    ids
}

on_both! {
    /// The plan that was in force comes to what was booked, with its tiers, caps, bonuses and
    /// refunds; nothing is written by asking.
    async fn the_same_plan_is_what_was_booked(world: World) {
        plan(&world, CAPPED).await.unwrap();
        let ids = history(&world).await;
        sound(&world, &ids).await;
        let (transfers, _) = world.audited().await;
        let all = list_plans(&world.app, &world.admin, world.program.id).await.unwrap();
        let found = replayed(&world, OtherPlan::Version(all.last().unwrap().id)).await;
        assert_eq!(found.conversions, 39);
        assert_eq!(found.partners.len(), 2);
        for it in &found.partners {
            assert_eq!(it.now, it.then, "{}", it.name);
            assert!(it.now > 0);
        }
        assert_eq!((found.now, found.paid_now), (found.then, found.paid_then));
        assert_eq!(found.winners().count() + found.losers().count(), 0);
        assert_eq!(world.audited().await.0.len(), transfers.len());
        // April alone: its counters begin in April, and what March has earned is not in it.
        let april = Simulate {
            from: "2026-04-01".parse().unwrap(),
            until: "2026-04-30".parse().unwrap(),
            ..asked(&world, OtherPlan::Version(all.last().unwrap().id))
        };
        let april = simulate(&world.app, &world.admin, april).await.unwrap();
        assert_eq!((april.conversions, april.now), (13, april.then));
        assert!(april.now < found.now);
    }

    /// Another plan: what it would have cost, who wins, who loses, and why for one conversion.
    async fn another_plan(world: World) {
        plan(&world, r#""rules": [{"id": "sale", "events": ["sale"],
            "amount": {"percent": "10", "of": "gross"}}]"#).await.unwrap();
        let (anna, of_anna) = world.partner("Anna").await;
        let (bo, of_bo) = world.partner("Bo").await;
        let click = world.click(&of_anna).await;
        let first = world.apply(sale_to(&world, "a", "1", 100_000, click)).await;
        world.apply(sale_to(&world, "a", "2", 100_000, click)).await;
        let click = world.click(&of_bo).await;
        world.apply(sale_to(&world, "b", "3", 50_000, click)).await;
        let declined = world.apply(sale_to(&world, "x", "4", 900_000, click)).await;
        let of = commissions(&world, declined).await[0].id;
        let change = LifeChange {
            owner: world.owner,
            selection: Selection::Ids(vec![of]),
            expected: None,
        };
        decline_commissions(&world.app, &world.admin, change, Reason::Fraud).await.unwrap();
        // 200 for a new customer, once.
        let input = Simulate {
            explain: Some(first),
            ..asked(&world, draft(r#""rules": [{"id": "customer", "events": ["sale"],
                "recurring": "once", "amount": {"fixed": {"amount": 20000, "currency": "DKK"}}}]"#))
        };
        let found = simulate(&world.app, &world.admin, input).await.unwrap();
        assert_eq!((found.now, found.then), (25_000, 40_000));
        assert_eq!((found.conversions, found.customers), (4, 3));
        assert_eq!((found.paid_now, found.paid_then), (3, 2));
        assert_eq!(found.per_customer(), Some((8_333, 13_333)));
        let told: Vec<_> = found
            .partners
            .iter()
            .map(|it| (it.partnership, it.name.as_str(), it.now, it.then))
            .collect();
        assert_eq!(told, [(bo.id, "Bo", 5_000, 20_000), (anna.id, "Anna", 20_000, 20_000)]);
        assert_eq!((found.winners().count(), found.losers().count()), (1, 0));
        let compared = found.compared.unwrap();
        let now = compared.now.unwrap();
        assert_eq!(now.commissions[0].commission.amount, dkk(10_000));
        assert_eq!(compared.then[0].amount, dkk(20_000));
        assert_eq!(compared.then[0].explanation.as_ref().unwrap().plan_name, "Draft");
        assert!(compared.nothing.is_none());
        sound(&world, &[first]).await;
    }

    /// What a plan needs and nobody reported is told, and left out on both sides; plans and
    /// periods that make no sense are refused.
    async fn what_cannot_be_compared(world: World) {
        let (_, link) = world.partner("Anna").await;
        let click = world.click(&link).await;
        world.apply(world.sale("1", 100_000, click)).await;
        let net = ReportConversion { net_amount: Some(dkk(80_000)), ..world.sale("2", 100_000, click) };
        world.apply(net).await;
        let of_net = r#""rules": [{"id": "sale", "events": ["sale"],
            "amount": {"percent": "10", "of": "net"}}]"#;
        let found = replayed(&world, draft(of_net)).await;
        assert_eq!((found.now, found.then, found.conversions), (20_000, 8_000, 1));
        let unpriced = &found.left_out.unpriced[..];
        assert_eq!((unpriced[0].code, &*unpriced[0].pointer), ("amount_missing", "/net_amount"));
        assert_eq!(unpriced[0].count, 1);

        let refused = async |input: Simulate| match simulate(&world.app, &world.admin, input).await {
            Err(AppError::Refused(refusal)) => {
                let error = &refusal.errors[0];
                (error.pointer.to_string(), error.code)
            }
            other => panic!("{other:?}"),
        };
        let wrong = draft(r#""rules": [{"id": "sale", "events": [], "amount": {"percent": "1", "of": "net"}}]"#);
        assert_eq!(refused(asked(&world, wrong)).await.0, "/document/rules/0/events");
        let unknown = asked(&world, OtherPlan::Ready("none".into()));
        assert_eq!(refused(unknown).await, ("/ready".to_owned(), "unknown_plan"));
        let backwards = Simulate { until: "2026-01-01".parse().unwrap(), ..asked(&world, draft(of_net)) };
        assert_eq!(refused(backwards).await, ("/until".to_owned(), "before_from"));
        let many = Simulate { conversions_max: Some(1), ..asked(&world, draft(of_net)) };
        assert_eq!(refused(many).await, ("/from".to_owned(), "too_many_conversions"));
        let elsewhere = Simulate {
            explain: Some(ConversionId::from_bytes([7; 16])),
            ..asked(&world, draft(of_net))
        };
        assert_eq!(refused(elsewhere).await, ("/conversion".to_owned(), "not_in_period"));
    }
}
