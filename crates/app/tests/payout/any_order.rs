//! Steps in any order.

use tributary_app::life::{LifeChange, Selection, reverse_commissions};
use tributary_app::payout::{
    cancel_run, confirm_bank_details, list_held_bank_details, list_payouts, mark_paid,
    return_payout,
};
use tributary_directory::{Link, Partnership};
use tributary_kernel::{ConversionId, Entropy, SeededEntropy};
use tributary_ledger::{Layers, Reason};
use tributary_store::payout::{PayoutFilter, PayoutState};

use crate::common::World;
use crate::payees::{
    approve, approved_sale, green, layers, payee, payer, preview, refund, refused, try_approve,
};

/// Whatever order steps come in, the books agree, and in the end a partner was sent exactly what is
/// left of its agreed commissions.
#[tokio::test]
async fn any_order_of_steps_pays_what_is_left() {
    for seed in 0..24 {
        any_order(seed).await;
    }
}

/// A number below `count`.
fn pick(chance: &SeededEntropy, count: usize) -> usize {
    let mut bytes = [0; 8];
    chance.fill(&mut bytes);
    (u64::from_le_bytes(bytes) % count as u64) as usize
}

async fn any_order(seed: u64) {
    let world = World::sqlite().await;
    payer(&world).await;
    let (anna, link) = payee(&world, "Anna").await;
    let chance = SeededEntropy::new(seed);
    let mut sales = Vec::new();
    for step in 0..40 {
        world.clock.advance_seconds(36_000);
        match pick(&chance, 8) {
            0 | 1 => sales.push(approved_sale(&world, &link, &format!("{step}"), 100_000).await),
            2 if !sales.is_empty() => {
                let id = sales[pick(&chance, sales.len())];
                let (conversion, _) = world.conversion(id).await;
                if conversion.returned_amount < 90_000 {
                    refund(&world, id, &format!("r{step}"), 30_000).await;
                }
            }
            3 if !sales.is_empty() => reverse(&world, sales[pick(&chance, sales.len())]).await,
            other => move_a_payout(&world, &anna, &chance, other).await,
        }
        green(&world).await;
        preview(&world).await;
    }
    settle_all(&world, &anna, &link).await;
    let mut left = 0;
    for id in sales {
        let commission = world.conversion(id).await.1.remove(0);
        left += commission.remaining();
    }
    // The large sale of the end, 20 % of 10,000.00, covered whatever was owed back.
    assert_eq!(layers(&world, &anna).await, Layers { paid: left + 200_000, ..Layers::default() });
    green(&world).await;
}

async fn reverse(world: &World, id: ConversionId) {
    let selection = Selection::Ids(vec![world.conversion(id).await.1[0].id]);
    let input = LifeChange { owner: world.owner, selection, expected: None };
    // One that is gone already answers so.
    reverse_commissions(&world.app, &world.admin, input, Reason::Fraud).await.unwrap();
}

async fn confirm_all(world: &World) {
    let (app, admin) = (&world.app, &world.admin);
    for it in list_held_bank_details(app, admin, world.owner).await.unwrap() {
        confirm_bank_details(app, admin, it.partner, it.id).await.unwrap();
    }
}

async fn move_a_payout(world: &World, anna: &Partnership, chance: &SeededEntropy, step: usize) {
    let (app, admin, owner) = (&world.app, &world.admin, world.owner);
    confirm_all(world).await;
    let filter = PayoutFilter { partner: Some(anna.partner), ..PayoutFilter::default() };
    let known = list_payouts(app, admin, &filter, world.first_page()).await.unwrap().items;
    let some = (!known.is_empty()).then(|| known[pick(chance, known.len())].clone());
    let outcome = match (step, some) {
        (4, _) => try_approve(world, preview(world).await.seen).await.err(),
        (5, Some(it)) => cancel_run(app, admin, owner, it.run).await.err(),
        (6, Some(it)) => mark_paid(app, admin, owner, it.run).await.err(),
        (_, Some(it)) => return_payout(app, admin, owner, it.id).await.err(),
        _ => None,
    };
    if let Some(error) = outcome {
        let code = refused(error);
        assert!(["wrong_state", "nothing_to_pay"].contains(&code.as_str()), "{code}");
    }
}

/// Pays everything that is on its way, and then everything that is left.
async fn settle_all(world: &World, anna: &Partnership, link: &Link) {
    let (app, admin) = (&world.app, &world.admin);
    confirm_all(world).await;
    approved_sale(world, link, "last", 1_000_000).await;
    approve(world).await;
    let filter = PayoutFilter { partner: Some(anna.partner), ..PayoutFilter::default() };
    for it in list_payouts(app, admin, &filter, world.first_page()).await.unwrap().items {
        if matches!(it.state, PayoutState::Approved | PayoutState::Sent) {
            mark_paid(app, admin, world.owner, it.run).await.unwrap();
        }
    }
}
