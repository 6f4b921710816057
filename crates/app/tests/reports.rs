//! Reports and overviews, for owners and partners.

#![expect(clippy::unwrap_used, reason = "in a test helper it is a failed test")]

mod clicks;
mod common;
#[macro_use]
mod on_both;

use clicks::{Spool, click};
use common::{World, dkk};
use tributary_app::AppError;
use tributary_app::conversion::{RefundConversion, refund_conversion};
use tributary_app::directory::create_program;
use tributary_app::report::{
    Dimension, Granularity, Measure, Report, ReportRequest, overview, run_report,
};
use tributary_click::{Class, ClickRecord, Entry};
use tributary_directory::{Actor, Link, Partnership, ProgramTerms};
use tributary_kernel::LocalDate;
use tributary_money::Currency;
use tributary_store::decision::AdjustmentKind;

fn day(text: &str) -> LocalDate {
    text.parse().unwrap()
}

fn march() -> ReportRequest {
    ReportRequest::of(day("2026-03-01"), day("2026-03-31"))
}

/// Two partners, three sales, one of them given back, a sale of nobody's, and clicks over two days.
async fn business(world: &World) -> [(Partnership, Link); 2] {
    let (anna, bo) = (world.partner("Anna").await, world.partner("Bo").await);
    let now = world.app.now();
    let mut spool = Spool::default();
    for (link, visitor, hours) in
        [(&anna.1, 1, 0), (&anna.1, 1, 1), (&anna.1, 2, 0), (&anna.1, 1, 24), (&bo.1, 3, 0)]
    {
        let at = now.plus_seconds(hours * 3_600);
        spool.entries.push(Entry::Click(click(link, None, at, visitor)));
    }
    let bot = ClickRecord { class: Class::Bot, ..click(&bo.1, None, now, 9) };
    spool.entries.push(Entry::Click(bot));
    spool.drain(&world.app, 4).await;
    for (order, minor, link) in
        [("1", 100_000, &anna.1), ("2", 50_000, &anna.1), ("3", 10_000, &bo.1)]
    {
        let click = world.click(link).await;
        world.clock.advance_seconds(12 * 3_600);
        world.apply(world.sale(order, minor, click)).await;
    }
    let mut nobodys = world.report("sale", "4");
    nobodys.amount = Some(dkk(7_000));
    world.apply(nobodys).await;
    let mut conn = world.app.record.read().await.unwrap();
    let filter = tributary_store::work::ConversionFilter {
        business_key: Some("3".into()),
        ..Default::default()
    };
    let page = world.first_page();
    let found = tributary_store::work::list_conversions(&mut *conn, world.viewer(), &filter, page);
    let conversion = found.await.unwrap().items[0].id;
    drop(conn);
    let refund = RefundConversion {
        conversion,
        refund_id: "r".into(),
        amount: None,
        kind: AdjustmentKind::Refund,
        occurred_at: None,
    };
    refund_conversion(&world.app, &world.admin, refund).await.unwrap();
    [anna, bo]
}

/// One line per row: time, whether it has a partner, clicks, unique, machine, conversions, amount,
/// pending and reversed commission.
fn lines(
    report: &Report,
    whose: &dyn Fn(&tributary_kernel::PartnerId) -> &'static str,
) -> Vec<String> {
    let line = |it: &tributary_app::report::ReportRow| {
        let f = &it.figures;
        format!(
            "{} {} {} | {} {} {} | {} {} | {} {}",
            it.period.map_or("-".into(), |day| day.to_string()),
            it.partner.as_ref().map_or("-", whose),
            it.event.as_deref().unwrap_or("-"),
            f.clicks,
            f.unique_clicks,
            f.machine_clicks,
            f.conversions,
            f.amount,
            f.commission.pending,
            f.commission.reversed,
        )
    };
    report.rows.iter().map(line).collect()
}

async fn ask(world: &World, actor: &Actor, request: &ReportRequest) -> Report {
    run_report(&world.app, actor, request).await.unwrap()
}

on_both! {
    async fn one_shape_answers_every_question(world: World) {
        let [anna, bo] = business(&world).await;
        let whose = move |id: &tributary_kernel::PartnerId| {
            if *id == anna.0.partner { "anna" } else { "bo" }
        };
        let mut by_partner = march();
        by_partner.dimensions = vec![Dimension::Partner];
        let report = ask(&world, &world.admin, &by_partner).await;
        let mut found = lines(&report, &whose);
        found.sort_unstable();
        assert_eq!(found, [
            "- - - | 0 0 0 | 1 7000 | 0 0",
            "- anna - | 4 3 0 | 2 150000 | 30000 0",
            "- bo - | 1 1 1 | 1 10000 | 0 0",
        ]);
        assert_eq!(report.totals.len(), 1);
        let total = &report.totals[0];
        assert_eq!((total.currency, total.partner), (Currency::DKK, None));
        assert_eq!((total.figures.clicks, total.figures.unique_clicks), (5, 4));
        assert_eq!((total.figures.conversions, total.figures.amount), (4, 167_000));
        assert_eq!(total.figures.commission.earned(), 30_000);

        let mut by_day = march();
        by_day.granularity = Granularity::Day;
        by_day.dimensions = vec![Dimension::Event];
        by_day.filter.partner = Some(bo.0.partner);
        assert_eq!(lines(&ask(&world, &world.admin, &by_day).await, &whose), [
            "2026-03-02 - click | 1 1 1 | 0 0 | 0 0",
            "2026-03-03 - sale | 0 0 0 | 1 10000 | 0 0",
        ]);

        let mut few = march();
        few.granularity = Granularity::Month;
        few.measures = vec![Measure::UniqueClicks, Measure::Amount];
        assert_eq!(lines(&ask(&world, &world.admin, &few).await, &whose), [
            "2026-03-01 - - | 0 4 0 | 0 167000 | 0 0",
        ]);

        let partner = world.partner_actor(&bo.0);
        assert_eq!(lines(&ask(&world, &partner, &march()).await, &whose), [
            "- - - | 1 1 1 | 1 10000 | 0 0",
        ]);
        let mut others = march();
        others.filter.partner = Some(total_of(&report));
        assert_eq!(ask(&world, &partner, &others).await.rows, [], "not another partner's");

        let mut empty = march();
        empty.filter.event = Some("renewal".into());
        assert_eq!(ask(&world, &world.admin, &empty).await.totals, []);
    }

    async fn a_wrong_range_is_refused(world: World) {
        let code = |error: AppError| match error {
            AppError::Refused(it) => it.errors[0].code,
            other => panic!("{other}"),
        };
        let turned = ReportRequest::of(day("2026-03-02"), day("2026-03-01"));
        let error = run_report(&world.app, &world.admin, &turned).await.unwrap_err();
        assert_eq!(code(error), "range");
        let long = ReportRequest::of(day("2001-01-01"), day("2026-03-01"));
        let error = run_report(&world.app, &world.admin, &long).await.unwrap_err();
        assert_eq!(code(error), "range_too_long");
        let error = overview(&world.app, &world.admin, None, 0).await.unwrap_err();
        assert_eq!(code(error), "range");
    }

    async fn an_overview_says_how_things_stand(world: World) {
        let [anna, bo] = business(&world).await;
        let sweden = ProgramTerms::usual(
            "Butik",
            Currency::SEK,
            "Europe/Stockholm",
            "https://butik.example/",
        );
        create_program(&world.app, &world.admin, world.owner, sweden).await.unwrap();
        let it = overview(&world.app, &world.admin, None, 2).await.unwrap();
        assert_eq!((it.from, it.to), (day("2026-03-02"), day("2026-03-03")));
        assert_eq!((it.counts.clicks, it.counts.conversions, it.counts.amount), (5, 4, 0));
        assert_eq!(it.counts_before.clicks, 0);
        assert_eq!((it.to_decide, it.quarantined), (2, 0));
        assert_eq!(it.next_pay_day, Some(day("2026-03-16")), "the 15th is a Sunday");
        let currencies: Vec<_> = it.currencies.iter().map(|it| it.currency).collect();
        assert_eq!(currencies, [Currency::DKK, Currency::SEK]);
        let kroner = &it.currencies[0];
        assert_eq!((kroner.now.amount, kroner.pending), (167_000, dkk(30_000)));
        assert_eq!((kroner.approved, kroner.paid, kroner.owed_back), (dkk(0), dkk(0), dkk(0)));
        let days: Vec<_> = kroner.days.iter().map(|it| it.figures.clicks).collect();
        assert_eq!(days, [4, 1]);
        assert_eq!(kroner.top[0].partner, anna.0.partner);
        assert_eq!(kroner.top.len(), 2);

        let later = overview(&world.app, &world.admin, Some(world.program.id), 1).await.unwrap();
        assert_eq!((later.counts.clicks, later.counts_before.clicks), (1, 4));

        let theirs = overview(&world.app, &world.partner_actor(&bo.0), None, 30).await.unwrap();
        assert_eq!((theirs.counts.clicks, theirs.to_decide, theirs.quarantined), (1, 0, 0));
        assert_eq!(theirs.currencies[0].pending, dkk(0));
        let ours = overview(&world.app, &world.partner_actor(&anna.0), None, 30).await.unwrap();
        assert_eq!((ours.to_decide, ours.currencies[0].pending), (2, dkk(30_000)));
        assert_eq!(ours.currencies[0].top, []);
    }
}

/// The partner with most clicks.
fn total_of(report: &Report) -> tributary_kernel::PartnerId {
    let most = report.rows.iter().max_by_key(|it| it.figures.clicks);
    most.and_then(|it| it.partner).unwrap()
}
