//! The missing sale, on both engines: what each side learns, and what it does not.

#![expect(clippy::unwrap_used, reason = "in a test helper it is a failed test")]

mod common;
#[macro_use]
mod on_both;

use common::{World, dkk};
use tributary_app::AppError;
use tributary_app::conversion::{ReportConversion, ReportOutcome, dismiss_quarantined};
use tributary_app::directory::{CreateCoupon, create_coupon};
use tributary_app::missing::{
    AskSale, Clue, CodeKind, QUESTIONS_PER_HOUR, SaleAnswer, Standing, ask_for_sale,
};
use tributary_directory::{Actor, Role};
use tributary_kernel::{OrganisationId, RefusalKind, UserId};

async fn ask(world: &World, actor: &Actor, clue: Clue) -> SaleAnswer {
    ask_for_sale(&world.app, actor, &AskSale { program: None, clue }).await.unwrap()
}

fn order(text: &str) -> Clue {
    Clue::Order(text.into())
}

fn verdicts(answer: &SaleAnswer) -> Vec<String> {
    let touches = answer.sales.iter().flat_map(|it| &it.touches);
    touches.map(|it| it.verdict.to_string()).collect()
}

on_both! {
    /// 94 days old where the window is 90, a later click of somebody else, and who may know what.
    async fn a_late_and_a_beaten_click_are_told_to_whom_they_belong(world: World) {
        let (anna, anna_link) = world.partner("Anna").await;
        let (bo, bo_link) = world.partner("Bo").await;
        let (carl, _) = world.partner("Carl").await;
        let of = |id: &str, click| ReportConversion {
            customer_id: Some("c-1".into()),
            ..world.sale(id, 100_000, click)
        };
        let annas = world.click(&anna_link).await;
        world.clock.advance_seconds(94 * 86_400 - 7_200);
        let bos = world.click(&bo_link).await;
        let lead = ReportConversion { customer_id: Some("c-1".into()), ..world.report("lead", "l") };
        world.apply(ReportConversion { click_id: Some(annas.to_string()), ..lead }).await;
        world.apply(of("1009", bos)).await;

        let admin = ask(&world, &world.admin, order("#1009")).await;
        assert_eq!(admin.sales.len(), 1, "the shop's number with the sign that people copy");
        assert_eq!(admin.sales[0].standing, Standing::Yours);
        assert_eq!(verdicts(&admin), ["outside_window", "credited"]);
        assert_eq!(admin.sales[0].amount, Some(dkk(100_000)));

        let seen = ask(&world, &world.partner_actor(&anna), order("1009")).await;
        let sale = &seen.sales[0];
        assert_eq!((sale.standing, sale.amount), (Standing::AnotherPartner, None));
        assert_eq!(sale.touches.len(), 1, "its own touch and nobody else's");
        let touch = &sale.touches[0];
        assert_eq!((touch.partnership, &*touch.verdict), (Some(anna.id), "outside_window"));
        assert_eq!((touch.age_days, touch.window_days), (Some(94), Some(90)));
        assert!(sale.commissions.is_empty() && sale.nothing.is_none());

        let seen = ask(&world, &world.partner_actor(&bo), order("1009")).await;
        let sale = &seen.sales[0];
        assert_eq!((sale.standing, sale.amount), (Standing::Yours, Some(dkk(100_000))));
        assert_eq!(sale.commissions[0].commission.amount, dkk(20_000));

        let seen = ask(&world, &world.partner_actor(&carl), order("1009")).await;
        let sale = &seen.sales[0];
        assert_eq!(sale.standing, Standing::AnotherPartner);
        assert!(sale.touches.is_empty() && sale.amount.is_none() && sale.commissions.is_empty());

        let seen = ask(&world, &world.partner_actor(&carl), order("1010")).await;
        assert!(seen.is_nothing());
        assert_eq!(seen.searched.len(), 1);
        assert!(seen.searched[0].last_on.is_some(), "reports do come");
    }

    /// A mail address is known by its hash alone, and to a partner only where it took part.
    async fn a_mail_address_finds_what_one_had_a_part_in(world: World) {
        let (anna, link) = world.partner("Anna").await;
        let (bo, _) = world.partner("Bo").await;
        let click = world.click(&link).await;
        let mail_key = world.app.mail_key(world.owner, "Kunde@Example.com ").unwrap();
        let of = |id: &str| ReportConversion {
            mail_key: Some(mail_key.clone()),
            ..world.sale(id, 100_000, click)
        };
        world.apply(of("1")).await;
        world.apply(of("2")).await;
        let mail = || Clue::Mail("kunde@example.COM".into());
        assert_eq!(ask(&world, &world.admin, mail()).await.sales.len(), 2);
        let seen = ask(&world, &world.partner_actor(&anna), mail()).await;
        assert_eq!(seen.sales.len(), 2);
        assert!(seen.sales.iter().all(|it| it.standing == Standing::Yours));
        assert!(ask(&world, &world.partner_actor(&bo), mail()).await.is_nothing());
        let other = OrganisationId::from_bytes([1; 16]);
        assert_ne!(world.app.mail_key(other, "kunde@example.com").unwrap(), mail_key);
        let wrong = AskSale { program: None, clue: Clue::Mail("kunde".into()) };
        let error = ask_for_sale(&world.app, &world.admin, &wrong).await.unwrap_err();
        assert!(matches!(&error, AppError::Refused(it) if it.errors[0].pointer == "/email"));
    }

    /// Facts in quarantine are told with their reason, until they are reported again.
    async fn what_waits_is_told_with_its_reason(world: World) {
        let (anna, link) = world.partner("Anna").await;
        let click = world.click(&link).await;
        let late = ReportConversion {
            occurred_at: Some(world.app.now().plus_days(3)),
            ..world.sale("7", 100_000, click)
        };
        let ReportOutcome::Quarantined { id, .. } = world.send(late).await else { panic!() };
        let actor = world.partner_actor(&anna);
        let seen = ask(&world, &actor, order("7")).await;
        assert_eq!(seen.waiting[0].reason, "occurred_in_the_future");
        assert!(!seen.waiting[0].dismissed && seen.sales.is_empty());
        dismiss_quarantined(&world.app, &world.admin, world.owner, id).await.unwrap();
        assert!(ask(&world, &actor, order("7")).await.waiting[0].dismissed);
    }

    async fn codes_are_told_apart(world: World) {
        let (anna, _) = world.partner("Anna").await;
        let (bo, _) = world.partner("Bo").await;
        let input = |code: &str, until| CreateCoupon {
            partnership: anna.id,
            code: code.into(),
            valid_from: None,
            valid_until: until,
        };
        let soon = world.app.now().plus_days(1);
        create_coupon(&world.app, &world.admin, input("ANNA10", None)).await.unwrap();
        create_coupon(&world.app, &world.admin, input("MARCH", Some(soon))).await.unwrap();
        world.advance_days(2);
        let (annas, bos) = (world.partner_actor(&anna), world.partner_actor(&bo));
        let table = [
            (&annas, "anna10", CodeKind::Active),
            (&annas, "March", CodeKind::Expired),
            (&annas, "APRIL", CodeKind::Unknown),
            (&annas, "anna", CodeKind::Referral),
            (&bos, "ANNA10", CodeKind::AnotherPartner),
            (&world.admin, "ANNA10", CodeKind::Active),
        ];
        for (actor, code, expected) in table {
            let seen = ask(&world, actor, Clue::Code(code.into())).await;
            let [found] = &seen.codes[..] else { panic!("{code}: {:?}", seen.codes) };
            assert_eq!(found.kind, expected, "{code}");
            let told = matches!(expected, CodeKind::Unknown | CodeKind::AnotherPartner);
            assert_eq!(found.partnership, (!told).then_some(anna.id), "{code}");
            assert!(!told || found.valid_until.is_none());
        }
    }

    /// Orders cannot be tried one by one, other partners are not held up, and questions are in the
    /// owner's trail without what was typed.
    async fn questions_are_counted_and_in_the_trail(world: World) {
        let (anna, _) = world.partner("Anna").await;
        let (bo, _) = world.partner("Bo").await;
        let actor = world.partner_actor(&anna);
        for n in 0..QUESTIONS_PER_HOUR {
            ask(&world, &actor, order(&format!("{n}"))).await;
        }
        let once_more = AskSale { program: None, clue: order("next") };
        let error = ask_for_sale(&world.app, &actor, &once_more).await.unwrap_err();
        let AppError::Refused(refusal) = error else { panic!("{error}") };
        assert_eq!((refusal.kind, refusal.code), (RefusalKind::TooMany, "too_many_questions"));
        ask(&world, &world.partner_actor(&bo), order("1")).await;
        world.clock.advance_seconds(3_600);
        ask(&world, &actor, order("next")).await;

        let mut conn = world.app.record.read().await.unwrap();
        let page = world.first_page();
        let trail = tributary_store::audit::list_audit(&mut *conn, world.viewer(), page).await;
        let trail = trail.unwrap().items;
        let asked: Vec<_> = trail.iter().filter(|it| it.action == "sale.asked_for").collect();
        assert_eq!(asked.len() as i64, QUESTIONS_PER_HOUR + 2);
        assert!(asked.iter().all(|it| !it.detail.contains("next")));
        assert_eq!(asked[0].subject, anna.id.to_string());
    }

    async fn a_stranger_learns_nothing(world: World) {
        let (_, link) = world.partner("Anna").await;
        let click = world.click(&link).await;
        world.apply(world.sale("1", 100_000, click)).await;
        let role = Role::Administrator;
        let owner = OrganisationId::from_bytes([3; 16]);
        let stranger = Actor::Member { user: UserId::from_bytes([3; 16]), owner, role };
        let seen = ask(&world, &stranger, order("1")).await;
        assert!(seen.is_nothing() && seen.searched.is_empty());
        let input = AskSale { program: Some(world.program.id), clue: order("1") };
        let error = ask_for_sale(&world.app, &stranger, &input).await.unwrap_err();
        assert!(matches!(&error, AppError::Refused(it) if it.kind == RefusalKind::NotFound));
    }
}
