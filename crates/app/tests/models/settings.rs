//! What a program's policy is set to, and from when.

use tributary_app::AppError;
use tributary_app::directory::{change_program, list_policies};
use tributary_attribution::{Against, Channel, Model, Policy, TouchKind, WindowRule};
use tributary_directory::ProgramTerms;
use tributary_money::Share;

use super::common::World;
use super::{amounts, clicks, set, set_from, sound};

fn refused(error: AppError) -> Vec<(String, &'static str)> {
    match error {
        AppError::Refused(refusal) if refusal.errors.is_empty() => {
            vec![(String::new(), refusal.code)]
        }
        AppError::Refused(refusal) => {
            refusal.errors.iter().map(|it| (it.pointer.to_string(), it.code)).collect()
        }
        other => panic!("{other}"),
    }
}

type Change = fn(&mut Policy);

const ABSURD: &[(&str, &str, Change)] = &[
    ("/click_window_days", "out_of_range", |it| it.click_window_days = 0),
    ("/coupon_window_days", "out_of_range", |it| it.coupon_window_days = 401),
    ("/settings/half_life_days", "out_of_range", |it| it.settings.half_life_days = 0),
    ("/settings/u", "all_zero", |it| {
        (it.settings.u.first, it.settings.u.last, it.settings.u.inner) = (0, 0, 0);
    }),
    ("/settings/partner_floor", "zero", |it| {
        it.model = Model::PartnerFirst;
        it.settings.partner_floor = Share::ZERO;
    }),
    ("/table", "missing", |it| it.model = Model::WeightsTable),
    ("/against/channels", "empty", |it| it.against = Against::Channels([].into())),
    ("/against/channels", "partner_channel", |it| {
        it.against = Against::Channels([Channel::COUPON].into());
    }),
    ("/windows/0/kind", "no_window", |it| {
        it.windows = vec![WindowRule { event: None, kind: TouchKind::Assignment, days: 9 }];
    }),
    ("/windows/1", "repeated", |it| {
        it.windows = vec![WindowRule { event: None, kind: TouchKind::Click, days: 9 }; 2];
    }),
    ("/windows/0/event", "event_name", |it| {
        let event = Some("Big Sale".to_owned());
        it.windows = vec![WindowRule { event, kind: TouchKind::Click, days: 9 }];
    }),
    ("/skew_seconds", "out_of_range", |it| it.skew_seconds = 86_401),
];

on_both! {
    /// What is absurd is refused with its field, and nothing is written.
    async fn absurd_settings_name_their_field(world: World) {
        for (pointer, code, change) in ABSURD {
            let errors = refused(set_from(&world, None, change).await.unwrap_err());
            assert!(errors.contains(&((*pointer).to_owned(), code)), "{pointer} {code}: {errors:?}");
        }
        let far = world.app.now().plus_days(401);
        let errors = refused(set_from(&world, Some(far), |it| it.model = Model::FirstTouch).await.unwrap_err());
        assert_eq!(errors, [("/effective_from".to_owned(), "too_far_ahead")]);
        let same = refused(set_from(&world, None, |_| {}).await.unwrap_err());
        assert_eq!(same, [(String::new(), "policy_unchanged")]);
        let versions = list_policies(&world.app, &world.admin, world.program.id).await.unwrap();
        assert_eq!(versions.iter().map(|it| it.version).collect::<Vec<_>>(), [0]);
    }

    /// A conversion is decided by what held when it occurred, whenever it is reported.
    async fn the_version_of_the_time_decides(world: World) {
        let (a, link_a) = world.partner("Anna").await;
        let (b, link_b) = world.partner("Bo").await;
        let click = clicks(&world, &[&link_a, &link_b]).await;
        let early = world.app.now();
        world.advance_days(1);
        set(&world, |policy| policy.model = Model::FirstTouch).await;
        let now = world.apply(world.sale("1", 10_000, click)).await;
        let mut before = world.sale("2", 10_000, click);
        before.occurred_at = Some(early);
        let before = world.apply(before).await;
        assert_eq!(amounts(&world, now).await, [(a.id, 2_000)].into());
        assert_eq!(amounts(&world, before).await, [(b.id, 2_000)].into());
        sound(&world, &[now, before]).await;
    }

    /// Windows are per event and kind; what the program's terms show follows, both ways.
    async fn windows_per_event(world: World) {
        let (a, link_a) = world.partner("Anna").await;
        set(&world, |policy| {
            policy.click_window_days = 30;
            let event = Some("qualified_lead".to_owned());
            policy.windows = vec![WindowRule { event, kind: TouchKind::Click, days: 120 }];
        }).await;
        let click = clicks(&world, &[&link_a]).await;
        world.advance_days(60);
        let mut lead = world.report("qualified_lead", "l");
        lead.click_id = Some(click.to_string());
        let lead = world.apply(lead).await;
        let sale = world.apply(world.sale("1", 10_000, click)).await;
        assert_eq!(amounts(&world, lead).await, [(a.id, 50_000)].into());
        assert!(amounts(&world, sale).await.is_empty());

        let found = tributary_app::directory::find_program(&world.app, &world.admin, world.program.id)
            .await
            .unwrap();
        assert_eq!(found.terms.window_days, 120, "touches live as long as the longest window");
        let change = |days| move |terms: ProgramTerms| Ok(ProgramTerms { window_days: days, ..terms });
        let (owner, id) = (world.owner, world.program.id);
        let error = change_program(&world.app, &world.admin, owner, id, change(10)).await.unwrap_err();
        assert_eq!(refused(error), [("/window_days".to_owned(), "set_in_attribution")]);
        set(&world, |policy| policy.windows.clear()).await;
        change_program(&world.app, &world.admin, owner, id, change(10)).await.unwrap();
        let versions = list_policies(&world.app, &world.admin, id).await.unwrap();
        assert_eq!(versions.last().unwrap().policy.click_window_days, 10);
        sound(&world, &[lead, sale]).await;
    }
}
