//! Amounts that a person gives or takes, up to the bank.

use tributary_app::conversion::{
    GiveAmount, ManualReason, RefundConversion, give_amount, preview_amount, refund_conversion,
};
use tributary_app::explain::{ExplainedBasis, explain_commission};
use tributary_app::life::{LifeChange, Selection, approve_commissions, decline_commissions};
use tributary_app::month_end::liability_of;
use tributary_app::payout::{cancel_run, mark_paid, statement_of, statement_proof};
use tributary_app::verify::statement::ProofFile;
use tributary_directory::Partnership;
use tributary_kernel::{CommissionId, ConversionId, PartnershipId};
use tributary_ledger::{Layers, Reason};
use tributary_money::{Currency, Money};
use tributary_payout::plan::LeftOutReason;
use tributary_store::decision::{AdjustmentKind, CommissionBasis, CommissionState};
use tributary_store::work::{ConversionFilter, list_conversions};

use crate::common::{World, dkk};
use crate::payees::{approve, approved_sale, green, layers, payee, payer, preview, refused};

fn amount(world: &World, to: &Partnership, minor: i64, key: &str) -> GiveAmount {
    GiveAmount {
        owner: world.owner,
        partnership: to.id,
        amount: dkk(minor),
        reason: ManualReason::Fee,
        note: " The webinar in March\nas agreed ".into(),
        about: None,
        key: Some(key.into()),
    }
}

fn these(world: &World, id: CommissionId) -> LifeChange {
    LifeChange { owner: world.owner, selection: Selection::Ids(vec![id]), expected: Some(1) }
}

on_both! {
    /// Given, approved, paid and explained like other commission; counted as no conversion.
    async fn what_is_given_goes_the_way_of_all_money(world: World) {
        payer(&world).await;
        let (anna, link) = payee(&world, "Anna").await;
        let (app, admin) = (&world.app, &world.admin);
        let sale = approved_sale(&world, &link, "1009", 100_000).await;
        let input = GiveAmount { about: Some(sale), ..amount(&world, &anna, 50_000, "k") };
        let seen = preview_amount(app, admin, &input).await.unwrap();
        assert_eq!((seen.amount, layers(&world, &anna).await.pending), (dkk(50_000), 0));
        let given = give_amount(app, admin, &input).await.unwrap();
        assert_eq!(give_amount(app, admin, &input).await.unwrap(), given, "the same is one");
        let other = GiveAmount { amount: dkk(1), ..input.clone() };
        assert_eq!(refused(give_amount(app, admin, &other).await.unwrap_err()), "amount_differs");
        assert_eq!((given.state, given.basis), (CommissionState::Pending, Some(CommissionBasis::Manual)));
        assert_eq!(layers(&world, &anna).await.pending, 50_000);
        green(&world).await;

        let own = world.partner_actor(&anna);
        for (who, named) in [(admin, true), (&own, false)] {
            let seen = explain_commission(app, who, given.id).await.unwrap();
            let Some(ExplainedBasis::Manual { record, author }) = seen.basis else { panic!("no basis") };
            assert_eq!((record.reason, record.amount), (ManualReason::Fee, dkk(50_000)));
            assert_eq!(record.note, "The webinar in March\nas agreed");
            assert_eq!((author.as_deref(), record.author.is_some()), (named.then_some("Mette"), named));
            assert!(seen.explanation.steps.is_empty());
        }
        let mut conn = app.record.read().await.unwrap();
        let (all, page) = (ConversionFilter::default(), world.first_page());
        let listed = list_conversions(&mut *conn, world.viewer(), &all, page).await.unwrap();
        assert_eq!(listed.items.len(), 1, "the sale alone");
        drop(conn);
        let refund = RefundConversion {
            conversion: given.conversion,
            refund_id: "r".into(),
            amount: None,
            kind: AdjustmentKind::Refund,
            occurred_at: None,
        };
        assert_eq!(refused(refund_conversion(app, admin, refund).await.unwrap_err()), "given_by_hand");

        approve_commissions(app, admin, these(&world, given.id)).await.unwrap();
        let run = approve(&world).await;
        assert_eq!(run.payouts[0].amount, dkk(70_000));
        let statement = statement_of(app, &own, run.payouts[0].id).await.unwrap();
        let line = statement.lines.iter().find(|it| it.commission == given.id).unwrap();
        assert_eq!((line.earned, line.amount, line.rate), (dkk(50_000), dkk(50_000), None));
        mark_paid(app, admin, world.owner, run.run.id).await.unwrap();
        assert_eq!(layers(&world, &anna).await, Layers { paid: 70_000, ..Layers::default() });
        green(&world).await;
    }

    /// What is taken is owed back from the beginning: it comes off payouts, is carried while they
    /// do not cover it, and is owed back again when a payout is stopped.
    async fn what_is_taken_comes_off_payouts(world: World) {
        payer(&world).await;
        let (anna, link) = payee(&world, "Anna").await;
        let (app, admin) = (&world.app, &world.admin);
        let taken = give_amount(app, admin, &amount(&world, &anna, -50_000, "t")).await.unwrap();
        assert_eq!((taken.state, taken.remaining()), (CommissionState::Approved, -50_000));
        assert_eq!(layers(&world, &anna).await, Layers { clawback: 50_000, ..Layers::default() });
        let left = &preview(&world).await.left_out[0];
        assert_eq!((left.total, left.reason), (dkk(-50_000), LeftOutReason::NegativeBalance));
        let owed = liability_of(app, admin, world.owner, None).await.unwrap();
        assert_eq!(owed.rows.len(), 1, "owed back, in the books of the month");
        green(&world).await;

        approved_sale(&world, &link, "1", 1_000_000).await;
        let run = approve(&world).await;
        assert_eq!(run.payouts[0].amount, dkk(150_000));
        let proof = statement_proof(app, admin, run.payouts[0].id).await.unwrap();
        let checked = ProofFile::from_bytes(&proof).unwrap().check();
        assert!(checked.holds(), "{:?}", checked.findings);
        green(&world).await;
        cancel_run(app, admin, world.owner, run.run.id).await.unwrap();
        let after = Layers { approved: 200_000, clawback: 50_000, ..Layers::default() };
        assert_eq!(layers(&world, &anna).await, after);
        green(&world).await;
        let run = approve(&world).await;
        mark_paid(app, admin, world.owner, run.run.id).await.unwrap();
        assert_eq!(layers(&world, &anna).await, Layers { paid: 150_000, ..Layers::default() });
        approved_sale(&world, &link, "2", 100_000).await;
        assert_eq!(preview(&world).await.total, dkk(20_000), "it was settled once");
        green(&world).await;
    }

    /// A given amount that is declined is gone; what is wrong is named, and nothing is written.
    async fn amounts_are_checked(world: World) {
        let (anna, _) = payee(&world, "Anna").await;
        let (app, admin) = (&world.app, &world.admin);
        let good = amount(&world, &anna, 700, "g");
        let given = give_amount(app, admin, &good).await.unwrap();
        decline_commissions(app, admin, these(&world, given.id), Reason::Mistake).await.unwrap();
        assert_eq!(layers(&world, &anna).await, Layers::default());
        let fresh = GiveAmount { key: None, ..good };
        let euro = Money::new(700, Currency::EUR);
        let nobody = PartnershipId::from_bytes([1; 16]);
        let nothing = ConversionId::from_bytes([1; 16]);
        for (wrong, expected) in [
            (GiveAmount { amount: dkk(0), ..fresh.clone() }, "/amount amount_zero"),
            (GiveAmount { amount: dkk(i64::MIN), ..fresh.clone() }, "/amount too_large"),
            (GiveAmount { note: " ".into(), ..fresh.clone() }, "/note words_length"),
            (GiveAmount { amount: euro, ..fresh.clone() }, "/amount/currency currency_mismatch"),
            (GiveAmount { partnership: nobody, ..fresh.clone() }, "not_found"),
            (GiveAmount { about: Some(nothing), ..fresh.clone() }, "not_found"),
            (GiveAmount { about: Some(given.conversion), ..fresh }, "not_found"),
        ] {
            assert_eq!(refused(give_amount(app, admin, &wrong).await.unwrap_err()), expected);
        }
        let other = world.partner_actor(&anna);
        let error = give_amount(app, &other, &amount(&world, &anna, 1, "p")).await.unwrap_err();
        assert_eq!(refused(error), "not_found", "a partner gives itself nothing");
        green(&world).await;
    }
}
