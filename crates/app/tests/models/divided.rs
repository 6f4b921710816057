//! One conversion, several partners.

use tributary_app::conversion::{
    AdjustmentKind, ConversionStatus, CorrectConversion, RefundConversion, correct_conversion,
    redecide_queued, refund_conversion,
};
use tributary_app::directory::{PublishPlan, publish_plan};
use tributary_app::explain::explain_conversion;
use tributary_attribution::{Against, Cause, Model};
use tributary_store::redecision::queue_redecision;

use super::common::{World, dkk};
use super::{amounts, clicks, set, set_from, shares, sound, visit, with_visits};

fn refund(id: tributary_kernel::ConversionId, name: &str, minor: Option<i64>) -> RefundConversion {
    RefundConversion {
        conversion: id,
        refund_id: name.into(),
        amount: minor.map(dkk),
        kind: AdjustmentKind::Refund,
        occurred_at: None,
    }
}

on_both! {
    /// Three partners divide one amount that three does not divide; refunds give all of it back.
    async fn by_thirds_and_back(world: World) {
        let (a, link_a) = world.partner("Anna").await;
        let (b, link_b) = world.partner("Bo").await;
        let (c, link_c) = world.partner("Cleo").await;
        set(&world, |policy| policy.model = Model::LinearDistinct).await;
        let click = clicks(&world, &[&link_a, &link_b, &link_a, &link_c]).await;
        // 20 % of 500.05 is 100.01: 33.34, 33.34, 33.33.
        let id = world.apply(world.sale("1", 50_005, click)).await;
        let mut paid: Vec<i64> = amounts(&world, id).await.into_values().collect();
        paid.sort_unstable();
        assert_eq!(paid, [3_333, 3_334, 3_334]);
        assert_eq!(shares(&world, id).await.len(), 3);
        let (_, commissions) = world.conversion(id).await;
        let link_of = |whose| commissions.iter().find(|it| it.partnership == whose).unwrap().link;
        assert_eq!(link_of(a.id), Some(link_a.id));
        assert_eq!(link_of(b.id), Some(link_b.id));
        assert_eq!(link_of(c.id), Some(link_c.id));
        sound(&world, &[id]).await;

        refund_conversion(&world.app, &world.admin, refund(id, "r1", Some(10_001))).await.unwrap();
        let left: i64 = amounts(&world, id).await.into_values().sum();
        assert_eq!(left, 8_000, "a fifth is back, rounded once per partner");
        refund_conversion(&world.app, &world.admin, refund(id, "r2", None)).await.unwrap();
        assert!(amounts(&world, id).await.is_empty());
        assert_eq!(world.conversion(id).await.0.status, ConversionStatus::Reversed);
        sound(&world, &[id]).await;
    }

    /// What other channels take is nobody's money, and the conversion's amount is divided in the
    /// numbers as it was credited.
    async fn channels_take_their_part(world: World) {
        let (a, link_a) = world.partner("Anna").await;
        set(&world, |policy| {
            policy.model = Model::LinearTouches;
            policy.against = Against::EveryChannel;
        }).await;
        let click = clicks(&world, &[&link_a]).await;
        let visits = vec![visit(&world, "paid_search", 0), visit(&world, "direct", 0)];
        let id = world.apply(with_visits(world.sale("1", 100_000, click), visits)).await;
        assert_eq!(amounts(&world, id).await, [(a.id, 10_000)].into());
        assert_eq!(shares(&world, id).await, [(a.id, 500_000_000)].into());
        // A channel alone takes everything.
        let visits = vec![visit(&world, "other_network", 1)];
        let none = world.apply(with_visits(world.report("sale", "2"), visits)).await;
        assert_eq!(world.conversion(none).await.0.status, ConversionStatus::Uncredited);
        sound(&world, &[id, none]).await;
    }

    /// An amount that was reported wrongly is divided anew, by the same shares.
    async fn a_correction_keeps_the_shares(world: World) {
        let (a, link_a) = world.partner("Anna").await;
        let (b, link_b) = world.partner("Bo").await;
        set(&world, |policy| policy.model = Model::LinearTouches).await;
        let click = clicks(&world, &[&link_a, &link_b, &link_b]).await;
        let id = world.apply(world.sale("1", 30_000, click)).await;
        assert_eq!(amounts(&world, id).await, [(a.id, 2_000), (b.id, 4_000)].into());
        set(&world, |policy| policy.model = Model::LastPartnerClick).await;
        let input = CorrectConversion {
            conversion: id,
            correction_id: "c1".into(),
            amount: dkk(60_000),
            net_amount: None,
        };
        correct_conversion(&world.app, &world.admin, input).await.unwrap();
        assert_eq!(amounts(&world, id).await, [(a.id, 4_000), (b.id, 8_000)].into());
        sound(&world, &[id]).await;
    }

    /// A model that holds from an earlier moment on decides anew what is pending, and says what it
    /// changed.
    async fn a_model_of_the_past_decides_anew(world: World) {
        let (a, link_a) = world.partner("Anna").await;
        let (b, link_b) = world.partner("Bo").await;
        let click = clicks(&world, &[&link_a, &link_b]).await;
        let early = world.apply(world.sale("0", 10_000, click)).await;
        world.advance_days(2);
        let since = world.app.now();
        world.advance_days(1);
        let id = world.apply(world.sale("1", 10_000, click)).await;
        let gone = world.apply(world.sale("2", 10_000, click)).await;
        refund_conversion(&world.app, &world.admin, refund(gone, "r", None)).await.unwrap();
        assert_eq!(amounts(&world, id).await, [(b.id, 2_000)].into());
        world.advance_days(1);
        set_from(&world, Some(since), |policy| policy.model = Model::LinearTouches)
            .await
            .unwrap();
        let report = redecide_queued(&world.app, 10).await.unwrap();
        assert_eq!((report.looked_at, report.changed), (1, 1));
        assert_eq!(amounts(&world, id).await, [(a.id, 1_000), (b.id, 1_000)].into());
        assert_eq!(amounts(&world, early).await, [(b.id, 2_000)].into());
        assert!(amounts(&world, gone).await.is_empty());
        let told = explain_conversion(&world.app, &world.admin, id).await.unwrap().replaced;
        assert_eq!(told.len(), 1);
        assert_eq!(told[0].model, Model::LastPartnerClick);
        assert_eq!(told[0].causes, [Cause::ModelChanged].into());
        let of = |id| told[0].changes.iter().find(|it| it.partnership == id).unwrap();
        assert_eq!((of(a.id).before.get(), of(a.id).after.get()), (0, 500_000_000));
        assert_eq!((of(b.id).before.get(), of(b.id).after.get()), (1_000_000_000, 500_000_000));
        sound(&world, &[early, id, gone]).await;
    }

    /// A touch that comes late makes a third of what was a half.
    async fn a_late_touch_divides_anew(world: World) {
        let (a, link_a) = world.partner("Anna").await;
        let (b, link_b) = world.partner("Bo").await;
        let (c, link_c) = world.partner("Cleo").await;
        set(&world, |policy| policy.model = Model::LinearDistinct).await;
        let late = world.unrecorded_click(&link_c);
        let first = world.unrecorded_click(&link_a);
        world.record_touch(first, &link_a, Some(late)).await;
        world.advance_days(1);
        let last = world.unrecorded_click(&link_b);
        world.record_touch(last, &link_b, Some(first)).await;
        let id = world.apply(world.sale("1", 60_000, last)).await;
        assert_eq!(amounts(&world, id).await, [(a.id, 6_000), (b.id, 6_000)].into());
        world.record_touch(late, &link_c, None).await;
        let mut tx = world.app.record.begin().await.unwrap();
        queue_redecision(&mut *tx, &[(world.owner, id)], world.app.now()).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(redecide_queued(&world.app, 10).await.unwrap().changed, 1);
        let thirds = [(a.id, 4_000), (b.id, 4_000), (c.id, 4_000)];
        assert_eq!(amounts(&world, id).await, thirds.into());
        // Once more changes nothing.
        let mut tx = world.app.record.begin().await.unwrap();
        queue_redecision(&mut *tx, &[(world.owner, id)], world.app.now()).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(redecide_queued(&world.app, 10).await.unwrap().changed, 0);
        sound(&world, &[id]).await;
    }

    /// Totals count a shared sale once for each partner, however often each was clicked.
    async fn totals_count_each_partner_once(world: World) {
        let (a, link_a) = world.partner("Anna").await;
        let (b, link_b) = world.partner("Bo").await;
        set(&world, |policy| policy.model = Model::LinearTouches).await;
        let document = r#"{"format": 1, "name": "Totals", "rules": [
            {"id": "second", "events": ["sale"], "amount": {"percent": "20", "of": "gross"},
             "when": {"any": [
               {"field": "partner.sales", "is": ">=", "value": 2},
               {"field": "partner.customers", "is": ">=", "value": 2},
               {"field": "partner.revenue", "is": ">=", "value": {"amount": 60001, "currency": "DKK"}}]}},
            {"id": "sale", "events": ["sale"], "amount": {"percent": "10", "of": "gross"}}]}"#;
        let plan = PublishPlan {
            owner: world.owner,
            program: world.program.id,
            document: document.into(),
            effective_from: None,
            confirmed: true,
        };
        publish_plan(&world.app, &world.admin, plan).await.unwrap();
        let click = clicks(&world, &[&link_a, &link_b, &link_a]).await;
        let first = world.apply(world.sale("1", 90_000, click)).await;
        assert_eq!(amounts(&world, first).await, [(a.id, 6_000), (b.id, 3_000)].into());
        let click = clicks(&world, &[&link_a]).await;
        let second = world.apply(world.sale("2", 10_000, click)).await;
        assert_eq!(amounts(&world, second).await, [(a.id, 1_000)].into(), "one sale of 600.00");
        let third = world.apply(world.sale("3", 10_000, click)).await;
        assert_eq!(amounts(&world, third).await, [(a.id, 2_000)].into());
        refund_conversion(&world.app, &world.admin, refund(first, "r", None)).await.unwrap();
        sound(&world, &[first, second, third]).await;
    }
}
