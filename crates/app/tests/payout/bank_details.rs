//! Who may say where money goes.

use tributary_app::AppError;
use tributary_app::payout::{
    GiveBankDetails, WaitsFor, bank_details_of, confirm_bank_details, fetch_bank_files,
    give_bank_details, list_held_bank_details, next_payday, refuse_bank_details,
};
use tributary_directory::{Actor, Role};
use tributary_kernel::RefusalKind;
use tributary_payout::plan::{HeldReason, LeftOutReason};
use tributary_store::payout::BankDetailState;

use crate::common::{World, dkk};
use crate::payees::{
    approve, approved_sale, danish, details, payee, payer, preview, refused, second_person,
    try_approve,
};

on_both! {
    /// Changed details are paid to only after another person has looked.
    async fn changed_bank_details_wait_for_a_second_person(world: World) {
        payer(&world).await;
        let (anna, link) = payee(&world, "Anna").await;
        let (app, admin) = (&world.app, &world.admin);
        approved_sale(&world, &link, "1", 100_000).await;
        let seen = preview(&world).await;
        assert_eq!(seen.payouts.len(), 1);
        let partner = world.partner_actor(&anna);
        let same = give_bank_details(app, &partner, details(&anna, "440116243")).await.unwrap();
        assert_eq!(same.state, BankDetailState::Active, "the same changes nothing");

        // A manager enters other ones.
        let given = give_bank_details(app, admin, details(&anna, "999")).await.unwrap();
        assert_eq!((given.state, given.held), (BankDetailState::Held, Some(HeldReason::Changed)));
        let left = preview(&world).await.left_out.remove(0);
        assert_eq!(left.reason, LeftOutReason::DetailsHeld(HeldReason::Changed));
        assert_eq!(refused(try_approve(&world, seen.seen).await.unwrap_err()), "run_changed");
        let payday = next_payday(app, &partner, world.program.id).await.unwrap();
        assert_eq!((payday.amount, payday.waiting[0].waits_for), (dkk(0), WaitsFor::SecondLook));

        let own = confirm_bank_details(app, admin, anna.partner, given.id).await.unwrap_err();
        assert_eq!(refused(own), "second_person");
        let own = confirm_bank_details(app, &partner, anna.partner, given.id).await.unwrap_err();
        assert_eq!(refused(own), "payer_only");
        let lars = second_person(&world).await;
        refuse_bank_details(app, &lars, anna.partner, given.id).await.unwrap();
        let twice = confirm_bank_details(app, &lars, anna.partner, given.id).await.unwrap_err();
        assert_eq!(refused(twice), "not_held");
        assert_eq!(preview(&world).await.payouts.len(), 1, "the old ones are in use again");

        let changed = give_bank_details(app, &partner, details(&anna, "888")).await.unwrap();
        assert_eq!(changed.state, BankDetailState::Held, "not the first any more");
        let last = give_bank_details(app, &partner, details(&anna, "777")).await.unwrap();
        let waiting = list_held_bank_details(app, &lars, world.owner).await.unwrap();
        assert_eq!(waiting.iter().map(|it| it.id).collect::<Vec<_>>(), [last.id], "the newest alone");
        confirm_bank_details(app, admin, anna.partner, last.id).await.unwrap();
        let run = approve(&world).await;
        let files = fetch_bank_files(app, &lars, world.owner, run.run.id).await.unwrap();
        let xml = String::from_utf8(files[0].content.clone()).unwrap();
        assert!(xml.contains("00400000000777") && !xml.contains("440116243"));
        let shown = bank_details_of(app, &partner, anna.partner).await.unwrap();
        assert_eq!(shown.iter().map(|it| it.id).collect::<Vec<_>>(), [last.id]);

        // Who listens is told of each, and of no account.
        let mut conn = app.record.read().await.unwrap();
        let sql = "SELECT type, data FROM outbox WHERE type LIKE 'bank_details.%' ORDER BY seq";
        let told = conn.query(sql, vec![]).await.unwrap();
        let kinds: Vec<&str> = told.iter().map(|row| row.text(0).unwrap()).collect();
        let (given, refused) = ("bank_details.given", "bank_details.refused");
        let confirmed = "bank_details.confirmed";
        assert_eq!(kinds, [given, given, refused, given, given, confirmed]);
        assert!(told.iter().all(|row| !row.text(1).unwrap().contains("777")), "no account");
    }

    /// Money that went out makes the first details held, too; strangers see nothing.
    async fn bank_details_are_for_the_partner_and_its_payers(world: World) {
        let (anna, _) = world.partner("Anna").await;
        let (bo, _) = world.partner("Bo").await;
        let (app, admin) = (&world.app, &world.admin);
        let by_manager = give_bank_details(app, admin, details(&anna, "1")).await.unwrap();
        assert_eq!(by_manager.state, BankDetailState::Held, "not given by the partner");
        let (annas, bos) = (world.partner_actor(&anna), world.partner_actor(&bo));
        let own = give_bank_details(app, &annas, details(&anna, "2")).await.unwrap();
        assert_eq!(own.state, BankDetailState::Held, "not the first");
        let foreign = give_bank_details(app, &bos, details(&anna, "3")).await.unwrap_err();
        assert_eq!(refused(foreign), "not_found");
        let Actor::Member { user, .. } = world.admin else { panic!() };
        let elsewhere = Actor::Member {
            user,
            owner: tributary_kernel::OrganisationId::from_bytes([4; 16]),
            role: Role::Administrator,
        };
        let hidden = bank_details_of(app, &elsewhere, anna.partner).await.unwrap_err();
        assert_eq!(refused(hidden), "not_found");
        let manager = Actor::Member { user, owner: world.owner, role: Role::Manager };
        let hidden = bank_details_of(app, &manager, anna.partner).await.unwrap_err();
        assert!(matches!(hidden, AppError::Refused(it) if it.kind == RefusalKind::Forbidden));
        let wrong = GiveBankDetails { account: danish("12345678901"), ..details(&bo, "1") };
        let wrong = give_bank_details(app, &bos, wrong).await.unwrap_err();
        assert_eq!(refused(wrong), "/account account_digits");
    }
}
