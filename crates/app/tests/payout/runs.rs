//! Runs from approval to the bank and back.

use tributary_app::life::{LifeChange, Selection, reverse_commissions};
use tributary_app::payout::{
    Rail, RunFile, cancel_run, confirm_bank_details, fetch_bank_files, find_payout, find_run,
    list_held_bank_details, list_runs, mark_paid, mark_sent, payouts_table, return_payout,
    statement_of,
};
use tributary_ledger::{Layers, Reason};
use tributary_payout::pain001::{end_to_end_id, payout_of_reference};
use tributary_payout::plan::{HeldReason, LeftOutReason};
use tributary_store::decision::CommissionState;
use tributary_store::payout::{PayoutState, RunState};

use crate::common::{World, dkk};
use crate::payees::{
    approve, approved_sale, green, layers, payee, payer, preview, refund, refused, state,
    try_approve,
};

on_both! {
    /// From approved money to the bank and back again: file, statement, payment, a refund after it,
    /// and the next payout that settles what is owed back.
    async fn a_payout_goes_out_and_a_refund_comes_off_the_next(world: World) {
        payer(&world).await;
        let (anna, link) = payee(&world, "Anna").await;
        let first = approved_sale(&world, &link, "1009", 1_250_000).await;
        let second = approved_sale(&world, &link, "1010", 100_000).await;
        world.advance_days(3);

        let seen = preview(&world).await;
        assert_eq!(seen.pay_on.to_string(), "2026-03-16", "the 15th is a Sunday");
        assert_eq!((seen.total, seen.commissions, seen.payouts.len()), (dkk(270_000), 2, 1));
        assert_eq!(seen.payouts[0].name, "Anna");
        assert!(!seen.payouts[0].shown.contains("440116243"), "masked");
        assert!(matches!(seen.rail, Rail::BankFile { payer: Some(_), .. }));
        let run = try_approve(&world, seen.seen).await.unwrap();
        assert_eq!(run.payouts[0].amount, dkk(270_000));
        assert_eq!(state(&world, first).await, CommissionState::Payable);
        green(&world).await;

        let (app, admin) = (&world.app, &world.admin);
        let RunFile::Made { hash, .. } = &run.file else { panic!("{:?}", run.file) };
        let files = fetch_bank_files(app, admin, world.owner, run.run.id).await.unwrap();
        assert_eq!((files.len(), files[0].hash), (1, *hash));
        let xml = String::from_utf8(files[0].content.clone()).unwrap();
        for part in [
            "<CtrlSum>2700.00</CtrlSum>",
            "<NbOfTxs>1</NbOfTxs>",
            "Ccy=\"DKK\">2700.00<",
            "00400440116243",
            &end_to_end_id(run.payouts[0].id),
        ] {
            assert!(xml.contains(part), "{part} in {xml}");
        }
        let table = String::from_utf8(payouts_table(app, admin, world.owner, run.run.id).await.unwrap());
        let table = table.unwrap();
        let reference = table.lines().nth(1).unwrap().split(',').nth(2).unwrap();
        assert_eq!(payout_of_reference(reference), Some(run.payouts[0].id));

        let partner = world.partner_actor(&anna);
        let statement = statement_of(app, &partner, run.payouts[0].id).await.unwrap();
        assert_eq!((statement.paid, statement.lines.len()), (dkk(270_000), 2));
        assert_eq!(statement.lines[0].rate.unwrap().to_string(), "0.2");
        assert_eq!(statement.lines[0].base, Some(dkk(1_250_000)));
        assert_eq!(statement.lines[0].conversion, "•••09");
        let (transfers, _) = world.audited().await;
        assert_eq!(statement.ledger.size, transfers.len() as u64, "the release is the newest");

        assert_eq!(mark_sent(app, admin, world.owner, run.run.id).await.unwrap().state, RunState::Sent);
        mark_paid(app, admin, world.owner, run.run.id).await.unwrap();
        assert_eq!(refused(mark_paid(app, admin, world.owner, run.run.id).await.unwrap_err()), "wrong_state");
        assert_eq!(refused(cancel_run(app, admin, world.owner, run.run.id).await.unwrap_err()), "wrong_state");
        assert_eq!(state(&world, first).await, CommissionState::Paid);
        let paid = find_payout(app, &partner, run.payouts[0].id).await.unwrap();
        assert_eq!((paid.state, paid.paid_at), (PayoutState::Paid, Some(app.now())));
        assert_eq!(layers(&world, &anna).await, Layers { paid: 270_000, ..Layers::default() });
        green(&world).await;

        // A tenth of order 1009 is given back: 250.00 of its commission.
        world.advance_days(20);
        refund(&world, first, "r1", 125_000).await;
        assert_eq!(state(&world, first).await, CommissionState::Paid);
        let left = &preview(&world).await.left_out[0];
        assert_eq!((left.total, left.reason), (dkk(-25_000), LeftOutReason::NegativeBalance));
        assert_eq!(refused(try_approve(&world, preview(&world).await.seen).await.unwrap_err()), "nothing_to_pay");
        let small = approved_sale(&world, &link, "1011", 100_000).await;
        assert_eq!(preview(&world).await.left_out[0].total, dkk(-5_000), "carried on");
        let large = approved_sale(&world, &link, "1012", 500_000).await;
        let run = approve(&world).await;
        assert_eq!(run.payouts[0].amount, dkk(95_000), "200 + 1,000 - 250");
        let statement = statement_of(app, &partner, run.payouts[0].id).await.unwrap();
        let lines: Vec<_> =
            statement.lines.iter().map(|it| (it.amount.minor, it.carried_in)).collect();
        assert_eq!(lines, [(-25_000, true), (20_000, false), (100_000, false)]);
        assert_eq!((statement.opening, statement.earned), (dkk(-25_000), dkk(120_000)));
        let because: Vec<_> =
            statement.lines[0].adjustments.iter().map(|it| (it.reason.as_str(), it.amount.minor)).collect();
        assert_eq!(because, [("refund", -25_000), ("settled_before", -250_000)]);
        assert!(statement.lines[0].adjustments[0].adjustment.is_some(), "names the refund");
        mark_paid(app, admin, world.owner, run.run.id).await.unwrap();
        assert_eq!(layers(&world, &anna).await, Layers { paid: 365_000, ..Layers::default() });
        for id in [first, second, small, large] {
            assert_eq!(state(&world, id).await, CommissionState::Paid);
        }
        assert!(preview(&world).await.left_out.is_empty(), "all is settled");
        green(&world).await;
        let runs = list_runs(app, admin, world.owner, None, world.first_page()).await.unwrap();
        let totals: Vec<_> = runs.items.iter().map(|it| (it.total.minor, it.payouts, it.paid)).collect();
        assert_eq!(totals, [(95_000, 1, 1), (270_000, 1, 1)]);
    }

    /// What is approved is what was seen, or nothing.
    async fn a_run_that_changed_is_not_approved(world: World) {
        let (_, link) = payee(&world, "Anna").await;
        approved_sale(&world, &link, "1", 100_000).await;
        let unset = preview(&world).await;
        assert_eq!(
            refused(try_approve(&world, unset.seen.clone()).await.unwrap_err()),
            "/payer_account payer_account_missing"
        );
        payer(&world).await;
        assert_eq!(refused(try_approve(&world, unset.seen).await.unwrap_err()), "run_changed");
        let seen = preview(&world).await;
        assert_eq!(seen, preview(&world).await, "looking changes nothing");
        approved_sale(&world, &link, "2", 100_000).await;
        let changed = try_approve(&world, seen.seen).await.unwrap_err();
        assert_eq!(refused(changed), "run_changed");
        assert!(world.audited().await.0.iter().all(|it| it.kind.as_str() != "release"));
        let run = approve(&world).await;
        assert_eq!(run.payouts[0].amount, dkk(40_000));
        let again = preview(&world).await;
        assert!(again.payouts.is_empty() && again.left_out.is_empty(), "everything is in a run");
    }

    /// A run that is cancelled leaves everything as it was before it.
    async fn a_cancelled_run_restores(world: World) {
        payer(&world).await;
        let (anna, link) = payee(&world, "Anna").await;
        let (app, admin) = (&world.app, &world.admin);
        let paid = approved_sale(&world, &link, "1", 100_000).await;
        let run = approve(&world).await;
        mark_paid(app, admin, world.owner, run.run.id).await.unwrap();
        refund(&world, paid, "r", 50_000).await;
        let next = approved_sale(&world, &link, "2", 300_000).await;
        let (before, seen) = (layers(&world, &anna).await, preview(&world).await);
        assert_eq!((before.approved, before.clawback), (60_000, 10_000));
        let run = approve(&world).await;
        assert_eq!(layers(&world, &anna).await.payable, 50_000);
        let partner = world.partner_actor(&anna);
        cancel_run(app, admin, world.owner, run.run.id).await.unwrap();
        assert_eq!(layers(&world, &anna).await, before);
        assert_eq!(state(&world, next).await, CommissionState::Approved);
        assert_eq!(state(&world, paid).await, CommissionState::Paid);
        let after = preview(&world).await;
        assert_eq!((after.payouts, after.total), (seen.payouts, seen.total));
        assert_eq!(refused(mark_sent(app, admin, world.owner, run.run.id).await.unwrap_err()), "wrong_state");
        let hidden = find_payout(app, &partner, run.payouts[0].id).await.unwrap_err();
        assert_eq!(refused(hidden), "not_found", "partners do not see what never was");
        green(&world).await;
        let run = approve(&world).await;
        assert_eq!(run.payouts[0].amount, dkk(50_000));
        green(&world).await;
    }

    /// A refund while the payout is on its way does not make it smaller; when the payment comes
    /// back, the next payout is of what is left.
    async fn a_returned_payment_is_paid_again_less_what_was_refunded(world: World) {
        payer(&world).await;
        let (anna, link) = payee(&world, "Anna").await;
        let (app, admin) = (&world.app, &world.admin);
        let sale = approved_sale(&world, &link, "1", 500_000).await;
        let run = approve(&world).await;
        refund(&world, sale, "r1", 150_000).await;
        assert_eq!(state(&world, sale).await, CommissionState::Payable);
        mark_paid(app, admin, world.owner, run.run.id).await.unwrap();
        let found = layers(&world, &anna).await;
        assert_eq!((found.paid, found.clawback), (100_000, 30_000));
        // The next payout settles the refund before the bank sends the first payment back.
        approved_sale(&world, &link, "2", 250_000).await;
        let second = approve(&world).await;
        assert_eq!(second.payouts[0].amount, dkk(20_000), "500 - 300");
        mark_paid(app, admin, world.owner, second.run.id).await.unwrap();
        let returned = return_payout(app, admin, world.owner, run.payouts[0].id).await.unwrap();
        assert_eq!(returned.state, PayoutState::Returned);
        assert_eq!(state(&world, sale).await, CommissionState::Approved);
        green(&world).await;
        let again = return_payout(app, admin, world.owner, run.payouts[0].id).await;
        assert_eq!(refused(again.unwrap_err()), "wrong_state");

        let held = preview(&world).await.left_out.remove(0);
        let reason = LeftOutReason::DetailsHeld(HeldReason::Returned);
        assert_eq!((held.total, held.reason), (dkk(100_000), reason), "300 were settled before");
        let waiting = list_held_bank_details(app, admin, world.owner).await.unwrap();
        assert_eq!(waiting[0].held, Some(HeldReason::Returned));
        confirm_bank_details(app, admin, anna.partner, waiting[0].id).await.unwrap();
        let third = approve(&world).await;
        let statement = statement_of(app, admin, third.payouts[0].id).await.unwrap();
        let because: Vec<_> = statement.lines[0]
            .adjustments
            .iter()
            .map(|it| (it.reason.as_str(), it.amount.minor))
            .collect();
        assert_eq!(because, [("refund", -30_000), ("settled_before", 30_000)]);
        mark_paid(app, admin, world.owner, third.run.id).await.unwrap();
        let found = layers(&world, &anna).await;
        assert_eq!(found, Layers { paid: 120_000, ..Layers::default() }, "700 + 500");
        assert!(preview(&world).await.left_out.is_empty());
        green(&world).await;
        let detail = find_run(app, admin, world.owner, run.run.id).await.unwrap();
        assert_eq!((detail.run.returned, detail.payouts[0].name.as_str()), (1, "Anna"));
        assert_eq!(detail.approved_by.as_deref(), Some("Mette"));
    }

    /// A commission of which all was taken back while its payout was on its way.
    async fn a_reversal_in_a_payout_is_owed_back(world: World) {
        payer(&world).await;
        let (anna, link) = payee(&world, "Anna").await;
        let (app, admin) = (&world.app, &world.admin);
        let sale = approved_sale(&world, &link, "1", 500_000).await;
        let run = approve(&world).await;
        let commission = world.conversion(sale).await.1[0].id;
        let selection = Selection::Ids(vec![commission]);
        let input = LifeChange { owner: world.owner, selection, expected: None };
        let done = reverse_commissions(app, admin, input.clone(), Reason::TermsBroken).await.unwrap();
        assert!(done[0].result.is_ok());
        let twice = reverse_commissions(app, admin, input, Reason::TermsBroken).await.unwrap();
        assert_eq!(twice[0].result.as_ref().unwrap_err().code, "wrong_state");
        let found = layers(&world, &anna).await;
        assert_eq!((found.payable, found.clawback), (100_000, 100_000));
        green(&world).await;
        cancel_run(app, admin, world.owner, run.run.id).await.unwrap();
        assert_eq!(state(&world, sale).await, CommissionState::Reversed);
        let seen = preview(&world).await;
        assert!(seen.payouts.is_empty());
        green(&world).await;
        approved_sale(&world, &link, "2", 100_000).await;
        let run = approve(&world).await;
        assert_eq!(run.payouts[0].amount, dkk(20_000), "nothing of the reversed one");
        assert_eq!(layers(&world, &anna).await, Layers { payable: 20_000, ..Layers::default() });
        green(&world).await;
    }
}
