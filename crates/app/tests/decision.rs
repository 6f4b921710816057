//! The decision of conversions, on both engines.

#![expect(clippy::unwrap_used, reason = "tests fail by panicking")]

mod common;

use common::{World, dkk};
use tributary_app::conversion::{
    CorrectConversion, RefundConversion, ReportConversion, ReportOutcome, Reporter, Vouch,
    correct_conversion, list_quarantined, redecide_queued, refund_conversion, replay_quarantined,
    report_conversions, settle_held,
};
use tributary_app::directory::{
    ChangePartnership, CreateCoupon, InvitePartner, PublishPlan, change_partnership, create_coupon,
    create_program, go_live, invite_partner, publish_plan,
};
use tributary_click::ClickId;
use tributary_directory::PartnershipStatus;
use tributary_kernel::{ConversionId, Timestamp};
use tributary_ledger::{AccountKind, TransferKind};
use tributary_money::Currency;
use tributary_store::decision::{AdjustmentKind, CommissionState, ConversionStatus};
use tributary_store::redecision;
use tributary_store::{touches, work};

/// Runs a test on both engines.
macro_rules! on_both {
    ($($(#[$doc:meta])* async fn $name:ident($world:ident: World) $body:block)*) => {$(
        mod $name {
            use super::*;

            $(#[$doc])*
            async fn run($world: World) $body

            #[tokio::test]
            async fn on_sqlite() {
                run(World::sqlite().await).await;
            }

            #[tokio::test(flavor = "multi_thread")]
            async fn on_postgres() {
                run(World::postgres().await).await;
            }
        }
    )*};
}

fn refused(outcome: &ReportOutcome) -> (&str, &str) {
    match outcome {
        ReportOutcome::Refused(refusal) => {
            let error = refusal.errors.first();
            (error.map_or("", |it| it.pointer.as_ref()), error.map_or(refusal.code, |it| it.code))
        }
        other => panic!("not refused: {other:?}"),
    }
}

fn refund(conversion: ConversionId, id: &str, minor: Option<i64>) -> RefundConversion {
    RefundConversion {
        conversion,
        refund_id: id.into(),
        amount: minor.map(dkk),
        kind: AdjustmentKind::Refund,
        occurred_at: None,
    }
}

on_both! {
    /// The walkthrough of one krone: 12,500.00 DKK at 20 % are 2,500.00, booked pending.
    async fn a_sale_after_a_click_is_paid(world: World) {
        let (anna, link) = world.partner("Anna").await;
        let click = world.click(&link).await;
        world.advance_days(3);
        let id = world.apply(world.sale("1009", 1_250_000, click)).await;
        let (conversion, commissions) = world.conversion(id).await;
        assert_eq!(conversion.status, ConversionStatus::Pending);
        assert_eq!(conversion.booked_seq, 1);
        let [commission] = commissions.as_slice() else { panic!("{commissions:?}") };
        assert_eq!(commission.amount, dkk(250_000));
        assert_eq!(commission.partner, anna.partner);
        assert_eq!(commission.link, Some(link.id));
        assert_eq!(commission.state, CommissionState::Pending);
        let (transfers, balances) = world.audited().await;
        assert_eq!(transfers.len(), 1);
        assert_eq!(transfers[0].kind, TransferKind::Accrue);
        let layers = balances.layers(world.program.id, anna.partner, Currency::DKK);
        assert_eq!(layers.pending, 250_000);
    }

    /// One fact whatever reports it, for ever.
    async fn the_same_order_pays_once(world: World) {
        let (_, link) = world.partner("Anna").await;
        let click = world.click(&link).await;
        let with_key = |key: &str| ReportConversion {
            delivery_key: Some(key.into()),
            ..world.sale("1009", 100_000, click)
        };
        let first = world.apply(with_key("a")).await;
        assert_eq!(world.send(with_key("a")).await, ReportOutcome::Applied(first), "a retry");
        assert_eq!(world.send(with_key("b")).await, ReportOutcome::Duplicate(first));
        assert_eq!(world.send(with_key("b")).await, ReportOutcome::Duplicate(first));
        let by_hand = ReportConversion { amount: Some(dkk(100_000)), ..world.report("sale", "1009") };
        assert_eq!(world.send(by_hand).await, ReportOutcome::Duplicate(first));
        let other = ReportConversion { amount: Some(dkk(1)), ..with_key("a") };
        assert_eq!(refused(&world.send(other).await), ("/idempotency_key", "idempotency_key_reused"));
        let conflict = ReportConversion { amount: Some(dkk(1)), ..with_key("c") };
        let outcome = world.send(conflict).await;
        assert!(matches!(&outcome, ReportOutcome::Quarantined { reason, .. } if reason == "conflict"));
        let twice = vec![world.sale("2", 100, click), world.sale("2", 100, click)];
        let outcomes = report_conversions(&world.app, &world.admin, twice).await.unwrap();
        assert!(matches!(outcomes[0], ReportOutcome::Applied(_)));
        assert!(matches!(outcomes[1], ReportOutcome::Duplicate(_)), "within one request too");
        assert_eq!(world.audited().await.0.len(), 2);
    }

    /// Every wrong reference names its field, and nothing is kept.
    async fn wrong_references_are_refused(world: World) {
        let (_, link) = world.partner("Anna").await;
        let click = world.click(&link).await;
        let sale = || world.sale("1", 100, click);
        let other_program = tributary_kernel::ProgramId::from_bytes([3; 16]);
        let stranger = tributary_kernel::PartnerId::from_bytes([3; 16]);
        let mut forged = *click.as_bytes();
        forged[15] ^= 1;
        let forged = tributary_click::ClickId::from_bytes(forged);
        let unknown = { let mut link = link.clone(); link.number = 77; world.unrecorded_click(&link) };
        let euro = tributary_money::Money::new(1, Currency::EUR);
        let table = vec![
            (ReportConversion { program: Some(other_program), ..sale() }, "/program", "unknown_program"),
            (ReportConversion { amount: Some(euro), ..sale() }, "/amount/currency", "currency_mismatch"),
            (ReportConversion { amount: None, ..sale() }, "/amount", "amount_missing"),
            (world.sale("1", 100, forged), "/click_id", "click_id_refused"),
            (world.sale("1", 100, unknown), "/click_id", "click_unknown"),
            (ReportConversion { code: Some("NOBODY".into()), ..sale() }, "/code", "code_unknown"),
            (ReportConversion { partner: Some(stranger), ..sale() }, "/partner", "partner_unknown"),
            (ReportConversion { via: Some("nobody".into()), ..sale() }, "/via", "code_unknown"),
        ];
        for (report, pointer, code) in table {
            assert_eq!(refused(&world.send(report).await), (pointer, code));
        }
        let mut conn = world.app.record.read().await.unwrap();
        let (filter, page) = (work::ConversionFilter::default(), world.first_page());
        let kept = work::list_conversions(&mut *conn, world.viewer(), &filter, page).await.unwrap();
        assert!(kept.items.is_empty(), "nothing was written");
        drop(conn);
        assert!(world.audited().await.0.is_empty());
    }

    /// The last partner's click earns, a used code beats it, an old click does not.
    async fn who_is_credited(world: World) {
        let (anna, annas) = world.partner("Anna").await;
        let (bo, bos) = world.partner("Bo").await;
        let input = CreateCoupon {
            partnership: anna.id,
            code: "anna10".into(),
            valid_from: None,
            valid_until: None,
        };
        create_coupon(&world.app, &world.admin, input).await.unwrap();
        let credited = async |id| {
            let (conversion, commissions) = world.conversion(id).await;
            (conversion.status, commissions.first().map(|it| it.partner))
        };
        let first = world.click(&annas).await;
        world.advance_days(1);
        let second = world.unrecorded_click(&bos);
        world.record_touch(second, &bos, Some(first)).await;
        let by_click = world.apply(world.sale("1", 100, second)).await;
        assert_eq!(credited(by_click).await, (ConversionStatus::Pending, Some(bo.partner)));
        let with_code = ReportConversion { code: Some("ANNA10".into()), ..world.sale("2", 100, second) };
        let by_code = world.apply(with_code).await;
        assert_eq!(credited(by_code).await, (ConversionStatus::Pending, Some(anna.partner)));
        let by_partner = ReportConversion {
            partner: Some(bo.partner),
            amount: Some(dkk(100)),
            ..world.report("sale", "3")
        };
        let by_partner = world.apply(by_partner).await;
        assert_eq!(credited(by_partner).await, (ConversionStatus::Pending, Some(bo.partner)));
        world.advance_days(100);
        let stale = world.apply(world.sale("4", 100, first)).await;
        assert_eq!(credited(stale).await, (ConversionStatus::Uncredited, None));
        let nobody = ReportConversion { amount: Some(dkk(100)), ..world.report("sale", "5") };
        let nobody = world.apply(nobody).await;
        assert_eq!(credited(nobody).await, (ConversionStatus::Uncredited, None));
        world.audited().await;
    }

    /// 20 % for 12 months from the first payment, whatever was clicked since; a lead pays once.
    async fn a_customer_stays_and_months_end(world: World) {
        let (anna, annas) = world.partner("Anna").await;
        let (_, bos) = world.partner("Bo").await;
        let of = |report: ReportConversion| ReportConversion {
            customer_id: Some("c-1".into()),
            ..report
        };
        let lead = ReportConversion {
            click_id: Some(world.click(&annas).await.to_string()),
            ..world.report("qualified_lead", "L1")
        };
        world.apply(of(lead.clone())).await;
        let again = world.apply(of(ReportConversion { order_id: "L2".into(), ..lead })).await;
        assert_eq!(world.conversion(again).await.0.status, ConversionStatus::Uncredited);
        let mut paid = Vec::new();
        for month in 0..13 {
            let click = world.click(&bos).await;
            let id = world.apply(of(world.sale(&format!("S{month}"), 100_000, click))).await;
            let (_, commissions) = world.conversion(id).await;
            paid.push(commissions.first().map(|it| (it.partner, it.amount.minor)));
            world.clock.advance_seconds(86_400 * 31);
        }
        let (inside, outside): (Vec<_>, Vec<_>) = paid.into_iter().partition(Option::is_some);
        assert_eq!(inside.len(), 12, "31-day steps: the 12th is 341 days after the first");
        assert!(inside.iter().all(|it| *it == Some((anna.partner, 20_000))));
        assert_eq!(outside.len(), 1);
        world.audited().await;
    }

    /// Partial refunds in any number leave exactly nothing.
    async fn refunds_take_back_in_proportion(world: World) {
        let (anna, link) = world.partner("Anna").await;
        let click = world.click(&link).await;
        let id = world.apply(world.sale("1", 99_999, click)).await;
        for (key, minor) in [("r1", 33_333), ("r2", 33_333)] {
            let done = refund_conversion(&world.app, &world.admin, refund(id, key, Some(minor)));
            assert!(!done.await.unwrap().duplicate);
        }
        let again = refund_conversion(&world.app, &world.admin, refund(id, "r2", Some(33_333)));
        assert!(again.await.unwrap().duplicate, "the same refund once");
        let more = refund_conversion(&world.app, &world.admin, refund(id, "r3", Some(33_334)));
        assert!(more.await.is_err(), "more than is left");
        let rest = refund_conversion(&world.app, &world.admin, refund(id, "r4", None)).await.unwrap();
        assert_eq!(rest.conversion.status, ConversionStatus::Reversed);
        assert_eq!(rest.commissions[0].remaining(), 0);
        let (_, balances) = world.audited().await;
        let layers = balances.layers(world.program.id, anna.partner, Currency::DKK);
        assert_eq!(layers.pending, 0);
        assert!(balances.iter().all(|(account, balance)| {
            account.kind != AccountKind::CommissionCost || balance == 0
        }));
    }

    /// A corrected amount takes the old commission back and books the right one.
    async fn a_correction_books_the_right_amount(world: World) {
        let (anna, link) = world.partner("Anna").await;
        let click = world.click(&link).await;
        let id = world.apply(world.sale("1", 100_000, click)).await;
        let correct = |key: &str, minor| CorrectConversion {
            conversion: id,
            correction_id: key.into(),
            amount: dkk(minor),
            net_amount: None,
        };
        let done = correct_conversion(&world.app, &world.admin, correct("c1", 150_000)).await.unwrap();
        assert_eq!(done.conversion.amount, dkk(150_000));
        let again = correct_conversion(&world.app, &world.admin, correct("c1", 150_000)).await.unwrap();
        assert!(again.duplicate);
        assert!(correct_conversion(&world.app, &world.admin, correct("c1", 1)).await.is_err());
        let (_, balances) = world.audited().await;
        let layers = balances.layers(world.program.id, anna.partner, Currency::DKK);
        assert_eq!(layers.pending, 30_000);
    }

    /// A date no healthy source sends waits; replayed with the right one it is applied, once.
    async fn implausible_dates_wait(world: World) {
        let (_, link) = world.partner("Anna").await;
        let click = world.click(&link).await;
        let future: Timestamp = "2027-01-01T00:00:00Z".parse().unwrap();
        let report =
            ReportConversion { occurred_at: Some(future), ..world.sale("1", 100_000, click) };
        let outcome = world.send(report).await;
        let ReportOutcome::Quarantined { id, .. } = outcome else { panic!("{outcome:?}") };
        let (app, admin) = (&world.app, &world.admin);
        let still = replay_quarantined(app, admin, world.owner, id, None).await;
        assert!(still.is_err(), "the date is still wrong");
        let right = Some(world.app.now());
        let replayed = replay_quarantined(app, admin, world.owner, id, right).await.unwrap();
        assert!(matches!(replayed, ReportOutcome::Applied(_)));
        assert!(replay_quarantined(app, admin, world.owner, id, right).await.is_err(), "settled");
        let waiting = list_quarantined(app, admin, world.owner, true, world.first_page()).await;
        assert!(waiting.unwrap().items.is_empty());
    }

    /// A touch that arrives late and precedes a pending conversion changes who is credited.
    async fn a_late_touch_is_decided_again(world: World) {
        let (anna, annas) = world.partner("Anna").await;
        let (bo, bos) = world.partner("Bo").await;
        let first = world.click(&annas).await;
        world.clock.advance_seconds(3_600);
        let second = world.unrecorded_click(&bos);
        world.record_touch(second, &bos, None).await;
        world.clock.advance_seconds(3_600);
        let id = world.apply(world.sale("1", 100_000, first)).await;
        assert_eq!(world.conversion(id).await.1[0].partner, anna.partner);
        // Now it is learnt that the browser had clicked on Bo's link in between: its later click
        // carries the conversion's, so the chain is told on the conversion's own click.
        let mut tx = world.app.touches.begin().await.unwrap();
        touches::grant(&mut *tx, *first.as_bytes(), Some(*second.as_bytes()), first.at().plus_days(90))
            .await
            .unwrap();
        tx.commit().await.unwrap();
        let mut tx = world.app.record.begin().await.unwrap();
        redecision::queue_redecision(&mut *tx, &[(world.owner, id)], world.app.now()).await.unwrap();
        tx.commit().await.unwrap();
        let report = redecide_queued(&world.app, 10).await.unwrap();
        assert_eq!((report.looked_at, report.changed), (1, 1));
        // Both have the conversion's place; which id is lower is chance.
        let (_, mut commissions) = world.conversion(id).await;
        commissions.sort_by_key(|it| it.state != CommissionState::Reversed);
        assert_eq!(commissions[0].state, CommissionState::Reversed);
        assert_eq!(commissions[1].partner, bo.partner);
        let (_, balances) = world.audited().await;
        let program = world.program.id;
        assert_eq!(balances.layers(program, anna.partner, Currency::DKK).pending, 0);
        assert_eq!(balances.layers(program, bo.partner, Currency::DKK).pending, 20_000);
        assert_eq!(redecide_queued(&world.app, 10).await.unwrap().looked_at, 0);
    }

    /// A good id from a moment when the node was losing clicks waits for a person.
    async fn an_unrecorded_click_is_held(world: World) {
        let (anna, link) = world.partner("Anna").await;
        let lost = world.unrecorded_click(&link);
        let loss = touches::ClickLoss {
            node: lost.node(),
            from: lost.at().plus_seconds(-1),
            until: lost.at().plus_seconds(1),
            count: 5,
        };
        let mut tx = world.app.touches.begin().await.unwrap();
        touches::insert_losses(&mut *tx, &[loss]).await.unwrap();
        tx.commit().await.unwrap();
        let id = world.apply(world.sale("1", 100_000, lost)).await;
        assert_eq!(world.conversion(id).await.0.status, ConversionStatus::Held);
        settle_held(&world.app, &world.admin, world.owner, id, Vouch::Accept).await.unwrap();
        let (conversion, commissions) = world.conversion(id).await;
        assert_eq!(conversion.status, ConversionStatus::Pending);
        assert_eq!(commissions[0].partner, anna.partner);
        let again = settle_held(&world.app, &world.admin, world.owner, id, Vouch::Reject).await;
        assert!(again.is_err());
    }

    /// Many callers at once: every order once, the ledger in order.
    async fn concurrent_reports_are_gathered(world: World) {
        let (_, link) = world.partner("Anna").await;
        let click = world.click(&link).await;
        let reporter = Reporter::start(world.app.clone());
        let mut tasks = tokio::task::JoinSet::new();
        for caller in 0..32 {
            let (reporter, actor) = (reporter.clone(), world.admin.clone());
            // Every order is sent by two callers.
            let report = world.sale(&format!("O{}", caller / 2), 10_000, click);
            tasks.spawn(async move { reporter.report(&actor, vec![report]).await.unwrap().remove(0) });
        }
        let outcomes = tasks.join_all().await;
        let applied = outcomes.iter().filter(|it| matches!(it, ReportOutcome::Applied(_))).count();
        let duplicate =
            outcomes.iter().filter(|it| matches!(it, ReportOutcome::Duplicate(_))).count();
        assert_eq!((applied, duplicate), (16, 16));
        assert_eq!(world.audited().await.0.len(), 16);
    }
}

on_both! {
    /// A click of test mode earns nothing once money is real, and clicks cannot be reported.
    async fn test_clicks_and_reported_clicks_earn_nothing(world: World) {
        let (_, link) = world.partner("Anna").await;
        let id = world.unrecorded_click(&link);
        let touch = touches::StoredTouch {
            click: *id.as_bytes(),
            link_number: link.number,
            at: id.at(),
            consent: "granted".into(),
            device: "desktop".into(),
            country: None,
            referrer: None,
            sub_ids: None,
            previous: None,
            expires_at: id.at().plus_days(90),
            test: true,
        };
        let mut tx = world.app.touches.begin().await.unwrap();
        touches::insert(&mut *tx, &[touch]).await.unwrap();
        tx.commit().await.unwrap();
        let id = world.apply(world.sale("1", 100_000, id)).await;
        let (conversion, commissions) = world.conversion(id).await;
        assert_eq!(conversion.status, ConversionStatus::Uncredited);
        assert!(commissions.is_empty());
        let click = world.report("click", "c1");
        assert_eq!(refused(&world.send(click).await), ("/type", "clicks_are_counted"));
    }
}

on_both! {
    /// A click of the test whose touch is over is known by its id's time alone.
    async fn a_click_from_before_go_live_earns_nothing_when_its_touch_is_over(world: World) {
        let terms = tributary_directory::ProgramTerms {
            name: "Second".to_owned(),
            ..world.program.terms.clone()
        };
        let (app, admin, owner) = (&world.app, &world.admin, world.owner);
        let program = create_program(app, admin, owner, terms).await.unwrap();
        let plan = PublishPlan {
            owner,
            program: program.id,
            document: common::PLAN.as_bytes().to_vec(),
            effective_from: None,
            confirmed: false,
        };
        publish_plan(app, admin, plan).await.unwrap();
        let bo = InvitePartner {
            owner,
            program: program.id,
            name: "Bo".into(),
            email: "bo@partners.example".into(),
            kind: tributary_directory::PartnerKind::Creator,
            country: "DK".into(),
            language: "da".into(),
            code: None,
            group: None,
            active: true,
        };
        let link = invite_partner(app, admin, bo).await.unwrap().link;
        let sale = |order: &str, click: ClickId| ReportConversion {
            program: Some(program.id),
            ..world.sale(order, 100_000, click)
        };
        let in_test = world.unrecorded_click(&link);
        let paid = world.apply(sale("1", in_test)).await;
        assert_eq!(world.conversion(paid).await.1.len(), 1, "in test it earns");
        world.advance_days(2);
        go_live(app, admin, owner, program.id).await.unwrap();
        let again = world.apply(sale("1", in_test)).await;
        let (conversion, commissions) = world.conversion(again).await;
        assert_eq!(conversion.status, ConversionStatus::Uncredited);
        assert!(commissions.is_empty(), "test money became real");
        let real = world.apply(sale("2", world.unrecorded_click(&link))).await;
        assert_eq!(world.conversion(real).await.1.len(), 1);
        world.audited().await;
    }

    /// What was sold while a partnership earned is paid, however late it is reported.
    async fn a_partner_that_has_left_is_paid_for_what_came_before(world: World) {
        let (anna, link) = world.partner("Anna").await;
        let click = world.click(&link).await;
        world.advance_days(3);
        let before = world.app.now();
        world.advance_days(1);
        let ended = ChangePartnership { status: Some(PartnershipStatus::Ended), group: None };
        change_partnership(&world.app, &world.admin, anna.id, ended).await.unwrap();
        world.advance_days(1);
        let at = |order: &str, at: Timestamp| ReportConversion {
            occurred_at: Some(at),
            ..world.sale(order, 100_000, click)
        };
        let late = world.apply(at("1", before)).await;
        assert_eq!(world.conversion(late).await.1.len(), 1, "it had earned it");
        let after = world.apply(at("2", world.app.now())).await;
        assert_eq!(world.conversion(after).await.0.status, ConversionStatus::Uncredited);
        let again = ChangePartnership { status: Some(PartnershipStatus::Active), group: None };
        change_partnership(&world.app, &world.admin, anna.id, again).await.unwrap();
        let within = world.apply(at("3", world.app.now().plus_days(-1))).await;
        assert_eq!(world.conversion(within).await.0.status, ConversionStatus::Uncredited);
        world.advance_days(1);
        let back = world.apply(at("4", world.app.now())).await;
        assert_eq!(world.conversion(back).await.1.len(), 1, "it is back");
        world.audited().await;
    }
}
