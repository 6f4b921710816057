//! Changes of credit where money was agreed to: proposed, and booked when a person says so.

use std::collections::BTreeMap;

use tributary_app::AppError;
use tributary_app::conversion::{
    confirm_credit_change, dismiss_credit_change, list_credit_changes, redecide_queued,
};
use tributary_app::life::{LifeChange, Selection, approve_commissions};
use tributary_attribution::{Cause, Model};
use tributary_kernel::ConversionId;
use tributary_store::decision::CommissionState;
use tributary_store::list::PageRequest;

use super::common::World;
use super::{amounts, clicks, set, set_from, shares, sound};

async fn approve_all(world: &World, id: ConversionId) {
    let (_, commissions) = world.conversion(id).await;
    let ids = commissions.iter().map(|it| it.id).collect();
    let selection = Selection::Ids(ids);
    let input = LifeChange { owner: world.owner, selection, expected: None };
    approve_commissions(&world.app, &world.admin, input).await.unwrap();
}

async fn waiting(world: &World) -> Vec<tributary_app::conversion::CreditProposal> {
    list_credit_changes(&world.app, &world.admin, world.owner, None, PageRequest::default())
        .await
        .unwrap()
        .items
}

fn code(result: Result<(), AppError>) -> &'static str {
    match result {
        Err(AppError::Refused(refusal)) => refusal.code,
        other => panic!("{other:?}"),
    }
}

on_both! {
    /// What was approved stays until somebody confirms the change; then the difference moves.
    async fn a_person_confirms_or_dismisses(world: World) {
        let (a, link_a) = world.partner("Anna").await;
        let (b, link_b) = world.partner("Bo").await;
        let since = world.app.now();
        let click = clicks(&world, &[&link_a, &link_b]).await;
        let id = world.apply(world.sale("1", 10_000, click)).await;
        approve_all(&world, id).await;
        world.advance_days(1);
        set_from(&world, Some(since), |policy| policy.model = Model::LinearTouches).await.unwrap();
        let report = redecide_queued(&world.app, 10).await.unwrap();
        assert_eq!((report.looked_at, report.changed), (1, 0));
        assert_eq!(amounts(&world, id).await, [(b.id, 2_000)].into());
        let proposed = waiting(&world).await;
        assert_eq!(proposed.len(), 1);
        assert_eq!(proposed[0].change.causes, [Cause::ModelChanged].into());
        assert_eq!(proposed[0].change.changes.len(), 2);
        sound(&world, &[id]).await;

        let (app, admin, owner) = (&world.app, &world.admin, world.owner);
        dismiss_credit_change(app, admin, owner, id).await.unwrap();
        assert!(waiting(&world).await.is_empty());
        assert_eq!(code(confirm_credit_change(app, admin, owner, id).await), "not_found");
        assert_eq!(code(dismiss_credit_change(app, admin, owner, id).await), "not_found");

        set_from(&world, Some(since), |policy| policy.repeat_seconds = 1).await.unwrap();
        redecide_queued(&world.app, 10).await.unwrap();
        confirm_credit_change(app, admin, owner, id).await.unwrap();
        assert_eq!(amounts(&world, id).await, [(a.id, 1_000), (b.id, 1_000)].into());
        assert!(waiting(&world).await.is_empty());
        sound(&world, &[id]).await;
    }

    /// Whose part stays the same keeps the commission that was agreed to.
    async fn what_stays_the_same_is_not_touched(world: World) {
        let (a, link_a) = world.partner("Anna").await;
        let (b, link_b) = world.partner("Bo").await;
        let (c, link_c) = world.partner("Cleo").await;
        let since = world.app.now();
        set(&world, |policy| policy.model = Model::PositionU).await;
        let click = clicks(&world, &[&link_a, &link_b, &link_c]).await;
        let id = world.apply(world.sale("1", 100_000, click)).await;
        assert_eq!(amounts(&world, id).await, [(a.id, 8_000), (b.id, 4_000), (c.id, 8_000)].into());
        approve_all(&world, id).await;
        set_from(&world, Some(since), |policy| {
            policy.settings.u.inner = 30;
            policy.settings.u.last = 30;
        })
        .await
        .unwrap();
        redecide_queued(&world.app, 10).await.unwrap();
        confirm_credit_change(&world.app, &world.admin, world.owner, id).await.unwrap();
        let now = [(a.id, 8_000), (b.id, 6_000), (c.id, 6_000)];
        assert_eq!(amounts(&world, id).await, BTreeMap::from(now));
        let (_, commissions) = world.conversion(id).await;
        let of_anna: Vec<_> = commissions.iter().filter(|it| it.partnership == a.id).collect();
        assert_eq!(of_anna.len(), 1);
        assert_eq!(of_anna[0].state, CommissionState::Approved);
        assert_eq!(shares(&world, id).await[&b.id], 300_000_000);
        sound(&world, &[id]).await;
    }

    /// A proposal that is not true any more is not booked; the newer one waits instead.
    async fn a_newer_truth_is_proposed_instead(world: World) {
        let (a, link_a) = world.partner("Anna").await;
        let (b, link_b) = world.partner("Bo").await;
        let since = world.app.now();
        let click = clicks(&world, &[&link_a, &link_b]).await;
        let id = world.apply(world.sale("1", 10_000, click)).await;
        approve_all(&world, id).await;
        set_from(&world, Some(since), |policy| policy.model = Model::LinearTouches).await.unwrap();
        redecide_queued(&world.app, 10).await.unwrap();
        set_from(&world, Some(since), |policy| policy.model = Model::FirstTouch).await.unwrap();
        let result = confirm_credit_change(&world.app, &world.admin, world.owner, id).await;
        assert_eq!(code(result), "changed_meanwhile");
        assert_eq!(amounts(&world, id).await, [(b.id, 2_000)].into());
        let changes = waiting(&world).await.remove(0).change.changes;
        let after = |id| changes.iter().find(|it| it.partnership == id).unwrap().after.get();
        assert_eq!((after(a.id), after(b.id)), (1_000_000_000, 0));
        sound(&world, &[id]).await;
    }
}
