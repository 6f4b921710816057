//! The life of commissions between booking and payout, on both engines.

#![expect(clippy::unwrap_used, reason = "in a test helper it is a failed test")]

mod common;
#[macro_use]
mod on_both;

use common::{World, dkk};
use tributary_app::AppError;
use tributary_app::conversion::{RefundConversion, refund_conversion};
use tributary_app::directory::{PublishPlan, create_program, publish_plan, update_program};
use tributary_app::life::{
    COMMISSIONS_PER_CALL_MAX, Changed, LifeChange, LifeStep, Selection, approve_commissions,
    approve_due, decline_commissions, preview_life, reverse_commissions, unapprove_commissions,
};
use tributary_app::verify::verify;
use tributary_directory::{Actor, Partnership, ProgramTerms, Role};
use tributary_kernel::{CommissionId, ConversionId, OrganisationId, RefusalKind, UserId};
use tributary_ledger::{Layers, Reason, TransferKind};
use tributary_money::Currency;
use tributary_store::decision::{
    AdjustmentKind, CommissionState, ConversionStatus, StoredCommission,
};
use tributary_store::work::CommissionFilter;

/// Nothing contradicts anything: transfers, balances, tree, rollup, commissions.
async fn green(world: &World) {
    let report = verify(&world.app, Some(world.owner), &mut |_| {}).await.unwrap();
    assert!(report.is_green(), "{:#?}", report.findings);
}

async fn layers(world: &World, anna: &Partnership) -> Layers {
    let (_, balances) = world.audited().await;
    balances.layers(world.program.id, anna.partner, Currency::DKK)
}

/// Sales of 1,000.00 at 20 %: 200.00 each.
async fn sales(world: &World, count: usize) -> (Partnership, Vec<ConversionId>, Vec<CommissionId>) {
    let (anna, link) = world.partner("Anna").await;
    let click = world.click(&link).await;
    let (mut conversions, mut commissions) = (Vec::new(), Vec::new());
    for n in 0..count {
        let id = world.apply(world.sale(&format!("o{n}"), 100_000, click)).await;
        commissions.push(world.conversion(id).await.1[0].id);
        conversions.push(id);
    }
    (anna, conversions, commissions)
}

fn these(world: &World, ids: &[CommissionId]) -> LifeChange {
    LifeChange { owner: world.owner, selection: Selection::Ids(ids.to_vec()), expected: None }
}

fn states(answers: &[Changed]) -> Vec<String> {
    let text = |it: &Changed| match &it.result {
        Ok(commission) => commission.state.to_string(),
        Err(refusal) => format!("{}: {}", refusal.code, refusal.detail),
    };
    answers.iter().map(text).collect()
}

async fn status(world: &World, id: ConversionId) -> ConversionStatus {
    world.conversion(id).await.0.status
}

async fn commission(world: &World, id: ConversionId) -> StoredCommission {
    world.conversion(id).await.1.remove(0)
}

on_both! {
    /// Each item has its own answer: foreign and unknown ids are not found, wrong states named.
    async fn a_bulk_approval_answers_item_by_item(world: World) {
        let (anna, conversions, ids) = sales(&world, 3).await;
        let (app, admin) = (&world.app, &world.admin);
        let decline = decline_commissions(app, admin, these(&world, &ids[2..]), Reason::Fraud);
        assert_eq!(states(&decline.await.unwrap()), ["declined"]);
        let unknown = CommissionId::from_bytes([7; 16]);
        let asked = [ids[0], unknown, ids[2], ids[1], ids[0]];
        let selection = Selection::Ids(asked.to_vec());
        let seen = preview_life(app, admin, world.owner, LifeStep::Approve, &selection).await.unwrap();
        assert_eq!((seen.count, seen.totals, seen.test, seen.more), (2, vec![dkk(40_000)], 0, false));
        let skipped: Vec<_> = seen.skipped.iter().map(|it| (it.commission, it.refusal.code)).collect();
        assert_eq!(skipped, [(unknown, "not_found"), (ids[2], "wrong_state")]);

        let input = LifeChange { expected: Some(3), ..these(&world, &asked) };
        let refused = approve_commissions(app, admin, input).await.unwrap_err();
        assert!(matches!(&refused, AppError::Refused(it) if it.code == "selection_changed"));
        let input = LifeChange { expected: Some(2), ..these(&world, &asked) };
        let answers = approve_commissions(app, admin, input).await.unwrap();
        let expected = [
            "approved",
            "not_found: There is no such commission here.",
            "wrong_state: This commission is declined, with nothing left of it.",
            "approved",
        ];
        assert_eq!(states(&answers), expected, "an id given twice is answered once");
        let again = approve_commissions(app, admin, these(&world, &ids[..1])).await.unwrap();
        assert_eq!(states(&again), ["wrong_state: This commission is approved."]);

        assert_eq!(status(&world, conversions[0]).await, ConversionStatus::Approved);
        assert_eq!(status(&world, conversions[2]).await, ConversionStatus::Declined);
        assert_eq!(commission(&world, conversions[2]).await.reason.as_deref(), Some("fraud"));
        let found = layers(&world, &anna).await;
        assert_eq!((found.pending, found.approved), (0, 40_000));
        green(&world).await;
    }

    /// The undo of a bulk approval: everything waits again, and can be approved once more.
    async fn an_approval_can_be_taken_back(world: World) {
        let (anna, conversions, ids) = sales(&world, 2).await;
        let (app, admin) = (&world.app, &world.admin);
        for _ in 0..2 {
            approve_commissions(app, admin, these(&world, &ids)).await.unwrap();
            let back = unapprove_commissions(app, admin, these(&world, &ids)).await.unwrap();
            assert_eq!(states(&back), ["pending", "pending"]);
        }
        assert_eq!(status(&world, conversions[0]).await, ConversionStatus::Pending);
        approve_commissions(app, admin, these(&world, &ids)).await.unwrap();
        let refund = RefundConversion {
            conversion: conversions[0],
            refund_id: "r".into(),
            amount: Some(dkk(25_000)),
            kind: AdjustmentKind::Refund,
            occurred_at: None,
        };
        refund_conversion(app, admin, refund).await.unwrap();
        let back = unapprove_commissions(app, admin, these(&world, &ids)).await.unwrap();
        assert_eq!(states(&back), ["pending", "pending"], "what is left of it");
        let found = layers(&world, &anna).await;
        assert_eq!((found.pending, found.approved), (35_000, 0));
        let decline = decline_commissions(app, admin, these(&world, &ids), Reason::NotQualified);
        decline.await.unwrap();
        assert_eq!(layers(&world, &anna).await, Layers::default());
        green(&world).await;
    }

    /// An approved commission is reversed in full; a pending one is declined instead.
    async fn a_reversal_is_for_what_was_agreed_to(world: World) {
        let (anna, conversions, ids) = sales(&world, 2).await;
        let (app, admin) = (&world.app, &world.admin);
        approve_commissions(app, admin, these(&world, &ids[..1])).await.unwrap();
        let answers = reverse_commissions(app, admin, these(&world, &ids), Reason::SelfReferral);
        let answers = answers.await.unwrap();
        assert_eq!(states(&answers), ["reversed", "wrong_state: This commission is pending."]);
        assert_eq!(status(&world, conversions[0]).await, ConversionStatus::Reversed);
        assert_eq!(status(&world, conversions[1]).await, ConversionStatus::Pending);
        let found = layers(&world, &anna).await;
        assert_eq!((found.pending, found.approved, found.clawback), (20_000, 0, 0));
        let (transfers, _) = world.audited().await;
        let last = transfers.last().unwrap();
        assert_eq!((last.kind, last.reason), (TransferKind::ReverseApproved, Reason::SelfReferral));
        green(&world).await;
    }

    async fn reasons_and_rights_are_checked(world: World) {
        let (_, _, ids) = sales(&world, 1).await;
        let (app, admin) = (&world.app, &world.admin);
        for reason in [Reason::None, Reason::Refund, Reason::Redecided, Reason::BankReturned] {
            let input = these(&world, &ids);
            let refused = decline_commissions(app, admin, input.clone(), reason).await.unwrap_err();
            let AppError::Refused(refused) = refused else { panic!("{refused}") };
            assert_eq!(refused.errors[0].code, "reason_not_allowed");
            assert!(reverse_commissions(app, admin, input, reason).await.is_err());
        }
        let user = UserId::from_bytes([3; 16]);
        let viewer = Actor::Member { user, owner: world.owner, role: Role::Viewer };
        let stranger = Actor::Member {
            user,
            owner: OrganisationId::from_bytes([4; 16]),
            role: Role::Administrator,
        };
        for (actor, kind) in [(viewer, RefusalKind::Forbidden), (stranger, RefusalKind::NotFound)] {
            let refused = approve_commissions(app, &actor, these(&world, &ids)).await.unwrap_err();
            assert!(matches!(refused, AppError::Refused(it) if it.kind == kind));
        }
        for count in [0, COMMISSIONS_PER_CALL_MAX + 1] {
            let ids = vec![ids[0]; count];
            let refused = approve_commissions(app, admin, these(&world, &ids)).await.unwrap_err();
            assert!(matches!(refused, AppError::Refused(it) if it.errors[0].code == "batch_size"));
        }
        assert_eq!(world.audited().await.0.len(), 1, "nothing was written");
    }

    /// A filter takes what stands where the step begins, and nothing else.
    async fn a_filter_selects_for_the_step(world: World) {
        let (anna, _, ids) = sales(&world, 3).await;
        let (app, admin) = (&world.app, &world.admin);
        approve_commissions(app, admin, these(&world, &ids[..1])).await.unwrap();
        let filter =
            CommissionFilter { partner: Some(anna.partner), ..CommissionFilter::default() };
        let selection = Selection::Matching(filter);
        let owner = world.owner;
        let count = |step| {
            let selection = selection.clone();
            async move { preview_life(app, admin, owner, step, &selection).await.map(|it| it.count) }
        };
        assert_eq!(count(LifeStep::Approve).await.unwrap(), 2);
        assert_eq!(count(LifeStep::Unapprove).await.unwrap(), 1);
        assert!(count(LifeStep::Reverse).await.is_err(), "it must name the state");
        let input = LifeChange { owner, selection: selection.clone(), expected: Some(2) };
        let answers = approve_commissions(app, admin, input.clone()).await.unwrap();
        assert_eq!(states(&answers), ["approved", "approved"]);
        let input = LifeChange { expected: None, ..input };
        assert!(approve_commissions(app, admin, input).await.unwrap().is_empty());
        assert_eq!(layers(&world, &anna).await.approved, 60_000);
    }

    /// What is due is approved by itself in programs that say so, batch by batch, once.
    async fn the_end_of_the_hold_approves(world: World) {
        let (anna, conversions, _) = sales(&world, 5).await;
        let app = &world.app;
        world.advance_days(31);
        assert_eq!(approve_due(app, 2).await.unwrap().approved, 0, "the terms say by hand");
        let terms =
            ProgramTerms { approve_after_hold: true, ..world.program.terms.clone() };
        update_program(app, &world.admin, world.owner, world.program.id, terms).await.unwrap();
        world.clock.set(World::at(common::START).plus_days(29));
        assert_eq!(approve_due(app, 2).await.unwrap().approved, 0, "the hold is 30 days");
        world.clock.set(World::at(common::START).plus_days(31));
        let done = approve_due(app, 2).await.unwrap();
        assert_eq!((done.approved, done.batches, done.more), (5, 3, false));
        assert_eq!(approve_due(app, 2).await.unwrap().approved, 0);
        assert_eq!(status(&world, conversions[4]).await, ConversionStatus::Approved);
        assert_eq!(layers(&world, &anna).await.approved, 100_000);
        green(&world).await;
    }

    /// Test money goes through the same steps and never enters the ledger.
    async fn test_money_has_a_life_without_a_ledger(world: World) {
        let mut world = world;
        let (app, admin) = (&world.app, &world.admin);
        let terms = ProgramTerms::usual("Trial", Currency::DKK, "Europe/Copenhagen", "https://t.example/");
        let program = create_program(app, admin, world.owner, terms).await.unwrap();
        let plan = PublishPlan {
            owner: world.owner,
            program: program.id,
            document: common::PLAN.as_bytes().to_vec(),
            effective_from: None,
            confirmed: false,
        };
        publish_plan(app, admin, plan).await.unwrap();
        world.program = program;
        let (_, conversions, ids) = sales(&world, 2).await;
        let (app, admin) = (&world.app, &world.admin);
        let selection = Selection::Ids(ids.clone());
        let seen = preview_life(app, admin, world.owner, LifeStep::Approve, &selection).await.unwrap();
        assert_eq!((seen.count, seen.test, seen.totals), (2, 2, vec![]));
        approve_commissions(app, admin, these(&world, &ids)).await.unwrap();
        let back = unapprove_commissions(app, admin, these(&world, &ids[..1])).await.unwrap();
        assert_eq!(states(&back), ["pending"]);
        let gone = reverse_commissions(app, admin, these(&world, &ids[1..]), Reason::Mistake).await;
        assert_eq!(states(&gone.unwrap()), ["reversed"]);
        assert_eq!(status(&world, conversions[1]).await, ConversionStatus::Reversed);
        assert_eq!(commission(&world, conversions[0]).await.state, CommissionState::Pending);
        assert!(world.audited().await.0.is_empty());
        green(&world).await;
    }
}
