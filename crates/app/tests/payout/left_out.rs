//! What is not paid, and what is paid otherwise than by a bank file.

use tributary_app::conversion::ReportConversion;
use tributary_app::directory::{
    PublishPlan, create_program, go_live, publish_plan, update_program,
};
use tributary_app::life::{LifeChange, Selection, approve_commissions};
use tributary_app::payout::{
    AccountForm, GiveBankDetails, PutPayerAccount, Rail, RunFile, WaitsFor, fetch_bank_files,
    give_bank_details, list_payouts, next_payday, payouts_table, put_payer_account,
};
use tributary_directory::{Partnership, Program, ProgramTerms};
use tributary_money::{Currency, Money};
use tributary_payout::plan::LeftOutReason;
use tributary_store::payout::PayoutFilter;

use crate::common::{World, dkk};
use crate::payees::{
    approve, approved_sale, danish, green, holder, payday, payee, payer, preview, refused,
};

on_both! {
    /// Every reason for being left out, and what the partner is told of it.
    async fn what_is_not_paid_says_why(world: World) {
        let (app, admin) = (&world.app, &world.admin);
        let terms = ProgramTerms { payout_minimum: 30_000, ..world.program.terms.clone() };
        update_program(app, admin, world.owner, world.program.id, terms).await.unwrap();
        let (anna, link) = payee(&world, "Anna").await;
        approved_sale(&world, &link, "1", 100_000).await;
        let (bo, bos) = world.partner("Bo").await;
        approved_sale(&world, &bos, "2", 200_000).await;
        let (eva, evas) = world.partner("Eva").await;
        let swedish = GiveBankDetails {
            partner: eva.partner,
            account: AccountForm::Bankgiro { number: "991-2346".into() },
            holder: holder("Eva"),
        };
        give_bank_details(app, &world.partner_actor(&eva), swedish).await.unwrap();
        approved_sale(&world, &evas, "3", 200_000).await;
        let seen = preview(&world).await;
        let reason = |of: &Partnership| {
            seen.left_out.iter().find(|it| it.partner == of.partner).map(|it| it.reason)
        };
        let threshold = dkk(30_000);
        assert_eq!(reason(&anna), Some(LeftOutReason::BelowThreshold { threshold }));
        assert_eq!(reason(&bo), Some(LeftOutReason::NoBankDetails));
        assert_eq!(reason(&eva), Some(LeftOutReason::AccountCannotReceive));

        let click = world.click(&link).await;
        world.apply(world.sale("4", 50_000, click)).await;
        let annas = payday(&world, &anna).await;
        assert_eq!((annas.pay_on.to_string().as_str(), annas.amount), ("2026-03-16", dkk(0)));
        let waiting: Vec<_> = annas.waiting.iter().map(|it| (it.amount, it.waits_for)).collect();
        let until = World::at("2026-03-31T22:00:00Z");
        assert_eq!(
            waiting,
            [
                (dkk(10_000), WaitsFor::HoldAndApproval { until }),
                (dkk(20_000), WaitsFor::Threshold { least: threshold }),
            ]
        );
        assert_eq!(payday(&world, &bo).await.waiting[0].waits_for, WaitsFor::BankDetails);
        world.advance_days(40);
        assert_eq!(payday(&world, &anna).await.waiting[0].waits_for, WaitsFor::Approval);
        payer(&world).await;
        approved_sale(&world, &link, "5", 100_000).await;
        let ready = payday(&world, &anna).await;
        assert_eq!((ready.amount, ready.waiting.len()), (dkk(40_000), 1));
        approve(&world).await;
        let on_its_way = payday(&world, &anna).await;
        assert_eq!(on_its_way.amount, dkk(0));
        assert_eq!(on_its_way.waiting[1].waits_for, WaitsFor::Bank);
        let stranger = next_payday(app, admin, world.program.id).await.unwrap_err();
        assert_eq!(refused(stranger), "not_found");
        let filter = PayoutFilter::default();
        let (annas, bos) = (world.partner_actor(&anna), world.partner_actor(&bo));
        let own = list_payouts(app, &annas, &filter, world.first_page()).await.unwrap();
        assert_eq!(own.items.len(), 1);
        let others = list_payouts(app, &bos, &filter, world.first_page()).await.unwrap();
        assert!(others.items.is_empty());
    }

    /// A currency that no bank file pays goes out by hand, to any account, from the table.
    async fn other_currencies_are_paid_by_hand(world: World) {
        let mut world = world;
        let nok = Currency::from_code("NOK").unwrap();
        world.program = program_in(&world, nok).await;
        let (anna, link) = world.partner("Anna").await;
        let partner = world.partner_actor(&anna);
        let iban = GiveBankDetails {
            partner: anna.partner,
            account: AccountForm::Iban { iban: "NO93 8601 1117 947".into(), bic: None },
            holder: holder("Anna Sørensen"),
        };
        give_bank_details(&world.app, &partner, iban).await.unwrap();
        let click = world.click(&link).await;
        let sale = world.sale("1", 0, click);
        let sale = ReportConversion { amount: Some(Money::new(100_000, nok)), ..sale };
        let id = world.apply(sale).await;
        let selection = Selection::Ids(vec![world.conversion(id).await.1[0].id]);
        let input = LifeChange { owner: world.owner, selection, expected: None };
        approve_commissions(&world.app, &world.admin, input).await.unwrap();
        assert_eq!(payday(&world, &anna).await.amount, Money::new(20_000, nok));
        assert_eq!(preview(&world).await.rail, Rail::ByHand);
        let run = approve(&world).await;
        assert_eq!(run.file, RunFile::ByHand { currency: nok });
        let (app, admin) = (&world.app, &world.admin);
        assert!(fetch_bank_files(app, admin, world.owner, run.run.id).await.unwrap().is_empty());
        let table = payouts_table(app, admin, world.owner, run.run.id).await.unwrap();
        let table = String::from_utf8(table).unwrap();
        assert!(table.contains("NO93 8601 1117 947,NOK,200.00,1"), "{table}");
        let account = PutPayerAccount {
            owner: world.owner,
            currency: nok,
            account: danish("1"),
            holder: holder("Acme"),
            bic: None,
            number_at_bank: None,
        };
        let none = put_payer_account(app, admin, account).await.unwrap_err();
        assert_eq!(refused(none), "/currency no_bank_file");
        green(&world).await;
    }
}

async fn program_in(world: &World, currency: Currency) -> Program {
    let (app, admin, owner) = (&world.app, &world.admin, world.owner);
    let zone = "Europe/Oslo";
    let terms = ProgramTerms::usual("Norge", currency, zone, "https://acme.example/no");
    let program = create_program(app, admin, owner, terms).await.unwrap();
    let document = br#"{"format": 1, "name": "Norge", "rounding": "half_even", "rules": [
        {"id": "sale", "events": ["sale"], "amount": {"percent": "20", "of": "gross"},
         "recurring": "life"}]}"#;
    let plan = PublishPlan {
        owner,
        program: program.id,
        document: document.to_vec(),
        effective_from: None,
        confirmed: true,
    };
    publish_plan(app, admin, plan).await.unwrap();
    go_live(app, admin, owner, program.id).await.unwrap()
}
