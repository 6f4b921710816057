//! Customers who leave: what plans take back then.

use tributary_app::conversion::{
    Adjusted, CorrectConversion, DepartCustomer, OtherPlan, RefundConversion, Simulate,
    correct_conversion, depart_customer, preview_departure, redecide_queued, refund_conversion,
    simulate,
};
use tributary_app::directory::list_plans;
use tributary_app::life::{LifeChange, Selection, approve_commissions};
use tributary_kernel::Timestamp;
use tributary_store::decision::{AdjustmentKind, CommissionState};
use tributary_store::redecision;
use tributary_store::touches;

use super::common::code;
use super::counted::counters;
use super::*;

/// 20 % of the first year; who leaves within twelve months costs the months that are missing. No
/// partner earns more than 5,000.00 in all.
const YEAR: &str = r#""rules": [{"id": "customer", "events": ["sale"], "recurring": "once",
    "amount": {"percent": "20", "of": "gross"},
    "caps": [{"of": "partner", "per": "life", "amount": {"amount": 500000, "currency": "DKK"}}],
    "clawback": {"months": 12, "takes": "missing"}}]"#;

async fn leaves(
    world: &World,
    conversion: ConversionId,
    id: &str,
    at: &str,
) -> Result<Adjusted, AppError> {
    let left_at: Timestamp = at.parse().unwrap();
    let input = DepartCustomer { conversion, departure_id: id.into(), left_at: Some(left_at) };
    depart_customer(&world.app, &world.admin, input).await
}

fn rest(adjusted: &Adjusted) -> i64 {
    adjusted.commissions.iter().map(StoredCommission::remaining).sum()
}

on_both! {
    /// The months that are missing are taken back, once; the limit gets them; nothing is refunded.
    async fn missing_months(world: World) {
        plan(&world, YEAR).await.unwrap();
        let (_, link) = world.partner("Anna").await;
        let click = world.click(&link).await;
        let id = world.apply(sale_to(&world, "a", "1", 2_400_000, click)).await;
        assert_eq!(amounts(&world, id).await, [480_000]);
        world.advance_days(100);
        let early = leaves(&world, id, "d0", "2026-02-01T10:00:00Z").await.unwrap_err();
        let AppError::Refused(early) = early else { panic!("{early:?}") };
        assert_eq!((&*early.errors[0].pointer, early.errors[0].code), ("/left_at", "before_conversion"));
        let ahead = leaves(&world, id, "d0", "2027-02-01T10:00:00Z").await.unwrap_err();
        let AppError::Refused(ahead) = ahead else { panic!("{ahead:?}") };
        assert_eq!((&*ahead.errors[0].pointer, ahead.errors[0].code), ("/left_at", "in_the_future"));

        let asked = DepartCustomer {
            conversion: id,
            departure_id: "look".into(),
            left_at: Some("2026-06-05T10:00:00Z".parse().unwrap()),
        };
        let seen = preview_departure(&world.app, &world.admin, asked).await.unwrap();
        assert_eq!(rest(&seen), 120_000, "a quarter of the year");
        assert_eq!(counters(&world).await, [480_000], "looking leaves nothing");

        let done = leaves(&world, id, "d1", "2026-06-05T10:00:00Z").await.unwrap();
        assert_eq!((rest(&done), done.duplicate), (120_000, false));
        assert_eq!(done.conversion.returned_amount, 0);
        assert_eq!(done.commissions[0].reason.as_deref(), Some("left_early"));
        assert_eq!(counters(&world).await, [120_000]);
        assert!(leaves(&world, id, "d1", "2026-06-05T10:00:00Z").await.unwrap().duplicate);
        assert_eq!(code(leaves(&world, id, "d1", "2026-06-06T10:00:00Z").await), "departure_differs");
        assert_eq!(code(leaves(&world, id, "d2", "2026-06-05T10:00:00Z").await), "already_left");
        let (correction_id, amount) = ("k".into(), dkk(10_000));
        let late = CorrectConversion { conversion: id, correction_id, amount, net_amount: None };
        let late = correct_conversion(&world.app, &world.admin, late).await;
        assert_eq!(code(late), "already_left");
        sound(&world, &[id]).await;

        let all = RefundConversion {
            conversion: id,
            refund_id: "r".into(),
            amount: None,
            kind: AdjustmentKind::Refund,
            occurred_at: None,
        };
        let back = refund_conversion(&world.app, &world.admin, all).await.unwrap();
        assert_eq!(rest(&back), 0);
        assert_eq!(counters(&world).await, [0]);
        sound(&world, &[id]).await;
    }

    /// Who stays long enough costs nothing; who leaves after a refund, of what was left; what was
    /// paid is owed back; a plan can take everything.
    async fn what_is_left_is_taken(world: World) {
        plan(&world, &YEAR.replace("12,", "3,").replace("missing", "everything")).await.unwrap();
        let (_, link) = world.partner("Anna").await;
        let click = world.click(&link).await;
        let mut ids = Vec::new();
        for (id, who) in [("1", "a"), ("2", "b"), ("3", "c")] {
            ids.push(world.apply(sale_to(&world, who, id, 100_000, click)).await);
        }
        world.advance_days(120);
        let stayed = leaves(&world, ids[0], "d", "2026-06-05T10:00:00Z").await.unwrap();
        assert_eq!(rest(&stayed), 20_000);
        let half = RefundConversion {
            conversion: ids[1],
            refund_id: "r".into(),
            amount: Some(dkk(50_000)),
            kind: AdjustmentKind::Refund,
            occurred_at: None,
        };
        refund_conversion(&world.app, &world.admin, half).await.unwrap();
        let left = leaves(&world, ids[1], "d", "2026-05-01T10:00:00Z").await.unwrap();
        assert_eq!(rest(&left), 0);

        let own = commissions(&world, ids[2]).await;
        let one = LifeChange {
            owner: world.owner,
            selection: Selection::Ids(vec![own[0].id]),
            expected: None,
        };
        approve_commissions(&world.app, &world.admin, one).await.unwrap();
        let mut tx = world.app.record.begin().await.unwrap();
        let paid = "UPDATE commission SET state = 'paid', payout_id = id WHERE state = 'approved'";
        tx.execute(paid, vec![]).await.unwrap();
        tx.commit().await.unwrap();
        let left = leaves(&world, ids[2], "d", "2026-05-01T10:00:00Z").await.unwrap();
        assert_eq!((rest(&left), left.commissions[0].state), (0, CommissionState::Paid));
        assert_eq!(counters(&world).await, [20_000]);
    }

    /// Refund and departure come to the same, whichever is told first; a late touch decides nothing
    /// anew of what was left.
    async fn the_order_of_refund_and_departure(world: World) {
        plan(&world, YEAR).await.unwrap();
        let (anna, link) = world.partner("Anna").await;
        let (_, bos) = world.partner("Bo").await;
        let click = world.click(&link).await;
        let sales = [("1", "a"), ("2", "b")];
        let mut ids = Vec::new();
        for (id, who) in sales {
            ids.push(world.apply(sale_to(&world, who, id, 100_000, click)).await);
        }
        let late = world.unrecorded_click(&bos);
        world.record_touch(late, &bos, None).await;
        world.advance_days(200);
        let half = |conversion| RefundConversion {
            conversion,
            refund_id: "r".into(),
            amount: Some(dkk(50_000)),
            kind: AdjustmentKind::Refund,
            occurred_at: None,
        };
        let at = "2026-09-05T10:00:00Z";
        leaves(&world, ids[0], "d", at).await.unwrap();
        let one = refund_conversion(&world.app, &world.admin, half(ids[0])).await.unwrap();
        refund_conversion(&world.app, &world.admin, half(ids[1])).await.unwrap();
        let other = leaves(&world, ids[1], "d", at).await.unwrap();
        assert_eq!((rest(&one), rest(&other)), (5_000, 5_000));
        let third = world.apply(sale_to(&world, "c", "3", 100_000, click)).await;
        let now = DepartCustomer { conversion: third, departure_id: "d".into(), left_at: None };
        depart_customer(&world.app, &world.admin, now).await.unwrap();
        let mut tx = world.app.touches.begin().await.unwrap();
        let until = click.at().plus_days(400);
        touches::grant(&mut *tx, *click.as_bytes(), Some(*late.as_bytes()), until).await.unwrap();
        tx.commit().await.unwrap();
        let mut tx = world.app.record.begin().await.unwrap();
        let (queued, now) = ([(world.owner, third)], world.app.now());
        redecision::queue_redecision(&mut *tx, &queued, now).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(redecide_queued(&world.app, 10).await.unwrap().changed, 0);
        assert!(commissions(&world, third).await.iter().all(|it| it.partner == anna.partner));
        ids.push(third);
        sound(&world, &ids).await;
    }

    /// What if comes to what was booked, and another plan is asked what it would have taken.
    async fn replayed(world: World) {
        plan(&world, YEAR).await.unwrap();
        let (_, link) = world.partner("Anna").await;
        let click = world.click(&link).await;
        let first = world.apply(sale_to(&world, "a", "1", 1_000_000, click)).await;
        world.advance_days(40);
        leaves(&world, first, "d", "2026-04-10T10:00:00Z").await.unwrap();
        let click = world.click(&link).await;
        let second = world.apply(sale_to(&world, "b", "2", 2_400_000, click)).await;
        // 2,000.00, less eleven months of twelve; 4,800.00.
        assert_eq!(amounts(&world, second).await, [480_000]);
        sound(&world, &[first, second]).await;
        let all = list_plans(&world.app, &world.admin, world.program.id).await.unwrap();
        let asked = |plan| Simulate {
            owner: world.owner,
            program: world.program.id,
            plan,
            from: "2026-03-01".parse().unwrap(),
            until: "2026-05-31".parse().unwrap(),
            explain: None,
            conversions_max: None,
        };
        let same = asked(OtherPlan::Version(all.last().unwrap().id));
        let same = simulate(&world.app, &world.admin, same).await.unwrap();
        assert_eq!((same.now, same.then), (496_667, 496_667));
        let document = format!(r#"{{"format": 1, "name": "Draft", {}}}"#, YEAR.replace("missing", "everything"));
        let other = asked(OtherPlan::Document(document.into_bytes()));
        let other = simulate(&world.app, &world.admin, other).await.unwrap();
        assert_eq!((other.now, other.then), (496_667, 480_000));
    }
}
