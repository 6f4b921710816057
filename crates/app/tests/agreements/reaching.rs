//! Bonuses, commission for recruiting, and what plans cannot say here yet.

use tributary_app::conversion::{RefundConversion, refund_conversion};
use tributary_app::explain::ExplainedBasis;
use tributary_store::decision::{AdjustmentKind, CommissionBasis};

use super::*;

on_both! {
    /// Who recruited a partner earns of its commissions, two levels up; a refund takes both back.
    async fn recruiting(world: World) {
        plan(&world, r#""rules": [
            {"id": "sale", "events": ["sale"], "amount": {"percent": "20", "of": "gross"}},
            {"id": "up", "events": ["partner_commission"], "amount": {"percent": "10", "of": "gross"},
             "when": {"field": "recruit.level", "is": "equals", "value": 1}},
            {"id": "up2", "events": ["partner_commission"], "amount": {"percent": "1", "of": "gross"},
             "when": {"field": "recruit.level", "is": "equals", "value": 2}}
        ]"#).await.unwrap();
        let (anna, _) = world.partner("Anna").await;
        let (bo, _) = world.partner("Bo").await;
        let (eva, link) = world.partner("Eva").await;
        put(&world, &Partnership { recruiter: Some(anna.id), ..bo.clone() }).await;
        put(&world, &Partnership { recruiter: Some(bo.id), ..eva.clone() }).await;
        let click = world.click(&link).await;
        let id = world.apply(world.sale("1", 100_000, click)).await;
        let found = commissions(&world, id).await;
        let of = |partner| found.iter().find(|it| it.partner == partner).unwrap();
        assert_eq!(of(eva.partner).amount, dkk(20_000));
        assert_eq!(of(bo.partner).amount, dkk(2_000));
        assert_eq!(of(anna.partner).amount, dkk(200));
        assert_eq!(of(bo.partner).basis, Some(CommissionBasis::Recruiting));
        assert_eq!(of(bo.partner).source, Some(of(eva.partner).id));
        let explained = explain_commission(&world.app, &world.admin, of(bo.partner).id).await.unwrap();
        let source = of(eva.partner).id;
        assert_eq!(explained.basis, Some(ExplainedBasis::Recruiting { source }));
        sound(&world, &[id]).await;
        let all = RefundConversion {
            conversion: id,
            refund_id: "r".into(),
            amount: None,
            kind: AdjustmentKind::Refund,
            occurred_at: None,
        };
        refund_conversion(&world.app, &world.admin, all).await.unwrap();
        assert!(commissions(&world, id).await.iter().all(|it| it.remaining() == 0));
        sound(&world, &[id]).await;
    }

    /// Money for reaching something is a commission; credits are told and kept.
    async fn bonuses(world: World) {
        plan(&world, r#""rules": [
            {"id": "sale", "events": ["sale"], "amount": {"percent": "10", "of": "gross"}}],
          "bonuses": [
            {"id": "two", "events": ["sale"], "by": "count", "per": "life", "at": 2, "repeats": true,
             "reward": {"money": {"amount": 700, "currency": "DKK"}}},
            {"id": "points", "events": ["sale"], "by": "count", "per": "life", "at": 3,
             "reward": {"credits": {"count": 5, "unit": "points"}}}
        ]"#).await.unwrap();
        let (_, link) = world.partner("Anna").await;
        let click = world.click(&link).await;
        let mut ids = Vec::new();
        for id in ["1", "2", "3", "4"] {
            ids.push(world.apply(world.sale(id, 10_000, click)).await);
        }
        let mut paid = Vec::new();
        for id in &ids {
            paid.push(amounts(&world, *id).await);
        }
        assert_eq!(paid, [vec![1_000], vec![1_000, 700], vec![1_000], vec![1_000, 700]]);
        let third = world.conversion(ids[2]).await.0;
        assert!(third.journey.contains("points"), "{}", third.journey);
        let of_second = commissions(&world, ids[1]).await;
        let bonus = of_second.iter().find(|it| it.basis.is_some()).unwrap();
        let explained = explain_commission(&world.app, &world.admin, bonus.id).await.unwrap();
        assert!(matches!(explained.basis, Some(ExplainedBasis::Bonus { at: 2, .. })));
        sound(&world, &ids).await;
    }

    /// A plan that says what this server cannot do yet is refused, by the path of the field.
    async fn unsupported_parts_are_refused(world: World) {
        let table = [
            (r#""rules": [{"id": "sale", "events": ["sale"], "amount": {"percent": "10", "of": "gross"}}],
               "contests": [{"id": "q2", "events": ["sale"], "by": "revenue", "from": "2026-04-01",
                 "to": "2026-06-30", "ties": "share",
                 "prizes": [{"money": {"amount": "10.00", "currency": "DKK"}}]}]"#,
             "/document/contests"),
            (r#""rules": [{"id": "sale", "events": ["sale"], "amount": {"percent": "10", "of": "gross"},
               "tiers": {"by": "count", "per": "month", "mode": "retroactive", "steps": [
                 {"from": 3, "amount": {"percent": "5", "of": "gross"}}]}}]"#,
             "/document/rules/0/tiers/steps"),
        ];
        for (members, pointer) in table {
            match plan(&world, members).await.unwrap_err() {
                AppError::Refused(refusal) => {
                    assert_eq!(refusal.errors[0].pointer, pointer);
                    assert_eq!(refusal.errors[0].code, "not_supported_yet");
                }
                other => panic!("{other:?}"),
            }
        }
    }
}
