//! What a person declines or reverses, what the customer gives back, and both: limits and tiers get
//! each amount back once.

use tributary_app::conversion::{
    Adjusted, CorrectConversion, RefundConversion, correct_conversion, refund_conversion,
};
use tributary_app::life::{
    Changed, LifeChange, Selection, approve_commissions, decline_commissions, reverse_commissions,
};
use tributary_ledger::Reason;
use tributary_store::decision::{
    AdjustmentKind, CommissionBasis, CommissionState, ConversionStatus,
};

use super::common::code;
use super::counted::counters;
use super::*;

/// 10 %, of all that a partner has sold 20 % from 150.00 on; 45.00 in all.
const RAISING: &str = r#""rules": [{"id": "sale", "events": ["sale"],
    "amount": {"percent": "10", "of": "gross"},
    "tiers": {"by": "revenue", "per": "life", "mode": "retroactive", "steps": [
      {"from": 15000, "amount": {"percent": "20", "of": "gross"}}]},
    "caps": [{"of": "program", "per": "life", "amount": {"amount": 4500, "currency": "DKK"}}]}]"#;

async fn back(
    world: &World,
    conversion: ConversionId,
    id: &str,
    minor: Option<i64>,
) -> Result<Adjusted, AppError> {
    let refund = RefundConversion {
        conversion,
        refund_id: id.into(),
        amount: minor.map(dkk),
        kind: AdjustmentKind::Refund,
        occurred_at: None,
    };
    refund_conversion(&world.app, &world.admin, refund).await
}

fn one(world: &World, it: &StoredCommission) -> LifeChange {
    LifeChange { owner: world.owner, selection: Selection::Ids(vec![it.id]), expected: None }
}

/// Two sales of 100.00: the second reaches the step, and raises the first. That one's commissions,
/// the raise behind.
async fn raised(world: &World, click: ClickId) -> (ConversionId, [StoredCommission; 2]) {
    plan(world, RAISING).await.unwrap();
    let first = world.apply(world.sale("1", 10_000, click)).await;
    world.apply(world.sale("2", 10_000, click)).await;
    let mut own = commissions(world, first).await;
    own.sort_by_key(|it| it.basis.is_some());
    assert_eq!(own.iter().map(|it| it.amount.minor).collect::<Vec<_>>(), [1_000, 1_000]);
    assert_eq!(own[1].basis, Some(CommissionBasis::Tier));
    assert_eq!(counters(world).await, [4_000, 20_000], "of the limit, and of the tiers");
    (first, own.try_into().unwrap())
}

fn done(answers: &[Changed]) {
    assert!(answers.iter().all(|it| it.result.is_ok()), "{answers:?}");
}

on_both! {
    /// What a step has added to a sale stays when the sale's commission is declined. It goes back
    /// with the sale, to the limit too; what the sale brought has left the tiers with the decline.
    async fn what_a_step_added_goes_back_with_a_declined_sale(world: World) {
        let (_, link) = world.partner("Anna").await;
        let click = world.click(&link).await;
        let (first, [own, _]) = raised(&world, click).await;
        let (app, admin) = (&world.app, &world.admin);
        done(&decline_commissions(app, admin, one(&world, &own), Reason::Fraud).await.unwrap());
        assert_eq!(counters(&world).await, [3_000, 10_000]);
        back(&world, first, "half", Some(5_000)).await.unwrap();
        assert_eq!(counters(&world).await, [2_500, 10_000]);
        back(&world, first, "rest", None).await.unwrap();
        assert_eq!(counters(&world).await, [2_000, 10_000]);
        let third = world.apply(world.sale("3", 10_000, click)).await;
        assert_eq!(amounts(&world, third).await, [2_000], "there is room for all of it");
        sound(&world, &[first, third]).await;
    }

    /// What a step has added can be declined alone: the limit gets it back, the sale still counts.
    async fn what_a_step_added_is_declined_alone(world: World) {
        let (_, link) = world.partner("Anna").await;
        let click = world.click(&link).await;
        let (first, [_, more]) = raised(&world, click).await;
        let (app, admin) = (&world.app, &world.admin);
        done(&decline_commissions(app, admin, one(&world, &more), Reason::Fraud).await.unwrap());
        assert_eq!(counters(&world).await, [3_000, 20_000]);
        back(&world, first, "all", None).await.unwrap();
        assert_eq!(counters(&world).await, [2_000, 10_000], "the declined part not again");
        assert_eq!(code(back(&world, first, "again", None).await), "already_returned");
        sound(&world, &[first]).await;
    }

    /// A lead whose commission a person has reversed was not given back: the shop's word for that
    /// is taken, once.
    async fn a_reversed_lead_is_given_back_once(world: World) {
        plan(&world, r#""rules": [{"id": "lead", "events": ["lead"],
            "amount": {"fixed": {"amount": 500, "currency": "DKK"}}}]"#).await.unwrap();
        let (_, link) = world.partner("Anna").await;
        let click = Some(world.click(&link).await.to_string());
        let lead = ReportConversion { click_id: click, ..world.report("lead", "1") };
        let lead = world.apply(lead).await;
        let own = commissions(&world, lead).await.remove(0);
        let (app, admin) = (&world.app, &world.admin);
        done(&approve_commissions(app, admin, one(&world, &own)).await.unwrap());
        done(&reverse_commissions(app, admin, one(&world, &own), Reason::Fraud).await.unwrap());
        assert_eq!(world.conversion(lead).await.0.status, ConversionStatus::Reversed);
        assert!(!back(&world, lead, "r1", None).await.unwrap().duplicate);
        assert!(back(&world, lead, "r1", None).await.unwrap().duplicate);
        assert_eq!(code(back(&world, lead, "r2", None).await), "already_returned");
        let (correction_id, amount) = ("k".into(), dkk(10_000));
        let late = CorrectConversion { conversion: lead, correction_id, amount, net_amount: None };
        assert_eq!(code(correct_conversion(app, admin, late).await), "already_returned");
        sound(&world, &[lead]).await;
    }

    /// A lead that came back after its payout stays paid, and owes it back: no later step raises it.
    async fn a_paid_lead_that_came_back_is_not_raised(world: World) {
        plan(&world, r#""rules": [{"id": "lead", "events": ["lead"],
            "amount": {"fixed": {"amount": 500, "currency": "DKK"}},
            "tiers": {"by": "count", "per": "life", "mode": "retroactive", "steps": [
              {"from": 2, "amount": {"fixed": {"amount": 800, "currency": "DKK"}}}]}}]"#)
            .await
            .unwrap();
        let (_, link) = world.partner("Anna").await;
        let click = Some(world.click(&link).await.to_string());
        let lead = |order: &str| {
            ReportConversion { click_id: click.clone(), ..world.report("lead", order) }
        };
        let first = world.apply(lead("1")).await;
        let own = commissions(&world, first).await.remove(0);
        done(&approve_commissions(&world.app, &world.admin, one(&world, &own)).await.unwrap());
        let mut tx = world.app.record.begin().await.unwrap();
        let paid = "UPDATE commission SET state = 'paid', payout_id = id";
        tx.execute(paid, vec![]).await.unwrap();
        tx.commit().await.unwrap();
        back(&world, first, "r", None).await.unwrap();
        let own = commissions(&world, first).await.remove(0);
        assert_eq!((own.state, own.remaining()), (CommissionState::Paid, 0));

        let second = world.apply(lead("2")).await;
        assert_eq!(amounts(&world, second).await, [800], "the second reaches the step");
        assert_eq!(amounts(&world, first).await, [500], "nothing is left to raise");
    }
}
