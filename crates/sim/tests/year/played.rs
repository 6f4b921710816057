use std::collections::{BTreeMap, BTreeSet};

use tributary_app::AppError;
use tributary_app::payout::{list_held_bank_details, preview_run};
use tributary_app::verify::verify;
use tributary_directory::Viewer;
use tributary_kernel::OrganisationId;
use tributary_ledger::{Replayer, parse_canonical};
use tributary_sim::{SimCounts, SimOptions, YEAR_DAYS, Year};
use tributary_store::decision::{CommissionState, ConversionStatus};
use tributary_store::list::PageRequest;
use tributary_store::partnership::{self, PartnershipFilter};
use tributary_store::{ledger, organisation, touches};

use crate::auditor::audit;
use crate::world::{Played, TINY, options, play, try_to_play};

const CRM: usize = 0;

#[tokio::test]
async fn the_same_seed_gives_the_same_ledger() {
    let tiny = |seed| play(SimOptions { scale: TINY, ..options(seed) });
    let (first, again, other) = (tiny(1).await, tiny(1).await, tiny(2).await);
    let roots = first.roots().await;
    assert!(roots.iter().all(|(transfers, _)| *transfers > 10), "{roots:?}");
    assert_eq!(roots, again.roots().await);
    assert_eq!(first.world.programs, again.world.programs);
    assert_eq!(first.world.counts, again.world.counts);
    for (one, another) in roots.iter().zip(other.roots().await) {
        assert_ne!(*one, another);
    }
}

/// A demo may be started on any day: ends of months, leap days, nights when clocks change.
#[tokio::test]
async fn a_year_may_end_on_any_day() {
    for until in ["2027-01-31T23:40:00Z", "2028-02-29T12:00:00Z", "2027-03-28T01:30:00Z"] {
        let until = until.parse().unwrap();
        let played = play(SimOptions { scale: TINY, until, ..options(4) }).await;
        let report = verify(&played.app, None, &mut |_| {}).await.unwrap();
        assert_eq!(report.findings, [], "{until}");
        let counts = played.world.counts;
        assert!(counts.runs > 6 && counts.conversions > 40, "{until}: {counts:?}");
    }
    let early = SimOptions { until: "2025-06-01T00:00:00Z".parse().unwrap(), ..options(4) };
    let refused = try_to_play(early).await.map(|_| ()).unwrap_err();
    let AppError::Refused(refusal) = refused else { panic!("{refused}") };
    assert_eq!(refusal.errors[0].pointer, "/until");
}

#[tokio::test]
async fn a_year_is_complete_and_verifies() {
    let played = play(options(1)).await;
    let counts = played.world.counts;
    every_number_is_there(&counts);
    let report = verify(&played.app, None, &mut |_| {}).await.unwrap();
    assert_eq!(report.findings, [], "{} findings", report.findings_total);
    assert_eq!((report.owners, report.conversions), (3, counts.conversions));
    for it in &played.world.programs {
        balances(&played, it.owner).await;
    }
    states(&played).await;
    left_out(&played).await;
    people(&played).await;
    clicks(&played).await;
    let days: Vec<u32> = played.progress.iter().map(|it| it.day).collect();
    assert!(days.is_sorted(), "{days:?}");
    assert_eq!(played.progress.last().unwrap().days, YEAR_DAYS.unsigned_abs() + 1);
    assert_eq!(played.progress.last().unwrap().counts, counts);
}

fn every_number_is_there(it: &SimCounts) {
    assert!((55..=65).contains(&it.partners), "{it:?}");
    assert!(it.partnerships > it.partners && it.links > it.partnerships, "{it:?}");
    let rest = [
        it.coupons,
        it.clicks,
        it.machine_clicks,
        it.lost_clicks,
        it.conversions,
        it.duplicates,
        it.quarantined,
        it.refused,
        it.refunds,
        it.approved,
        it.declined,
        it.runs,
        it.payouts,
        it.paid,
    ];
    assert!(rest.iter().all(|count| *count > 0), "{it:?}");
    let machines = it.machine_clicks * 100 / (it.clicks + it.machine_clicks);
    assert!((5..=20).contains(&machines), "{machines} % of clicks are machines'");
}

/// Replays an owner's transfers: each movement balances, and the sums are those that are stored.
async fn balances(played: &Played, owner: OrganisationId) {
    let mut conn = played.app.record.read().await.unwrap();
    let mut replayer = Replayer::new(owner);
    for row in ledger::transfers_from(&mut *conn, owner, 0, 100_000).await.unwrap() {
        replayer.push(&parse_canonical(&row.canonical).unwrap()).unwrap();
    }
    let replay = replayer.finish();
    assert!(replay.balances.differences().is_empty(), "debits equal credits");
    let accounts = ledger::accounts_from(&mut *conn, owner, &[], 100_000).await.unwrap();
    let stored: BTreeMap<_, _> =
        accounts.iter().filter(|it| it.balance != 0).map(|it| (it.id, it.balance)).collect();
    let replayed: BTreeMap<_, _> = replay
        .balances
        .iter()
        .filter(|(_, balance)| *balance != 0)
        .map(|(account, balance)| (account.hash(owner), balance))
        .collect();
    assert_eq!(stored, replayed);
}

/// All states have somebody in them, so that every page shows something.
async fn states(played: &Played) {
    let mut commissions: BTreeMap<CommissionState, usize> = BTreeMap::new();
    let mut conversions: BTreeMap<ConversionStatus, usize> = BTreeMap::new();
    for program in 0..3 {
        for it in played.commissions(program).await {
            *commissions.entry(it.state).or_default() += 1;
        }
        for it in played.conversions(program).await {
            *conversions.entry(it.status).or_default() += 1;
        }
    }
    for state in CommissionState::ALL {
        assert!(commissions.contains_key(state), "no commission is {state}: {commissions:?}");
    }
    for status in ConversionStatus::ALL {
        assert!(conversions.contains_key(status), "no conversion is {status}: {conversions:?}");
    }
}

/// The next run says of money that stays: owed back and carried, or too little; and one partner's
/// changed details wait.
async fn left_out(played: &Played) {
    let mut reasons: BTreeMap<&'static str, Vec<String>> = BTreeMap::new();
    let mut next = 0;
    for it in &played.world.programs {
        let preview =
            preview_run(&played.app, &it.administrator, it.owner, it.program, None).await.unwrap();
        next += preview.payouts.len();
        for it in preview.left_out {
            reasons.entry(it.reason.code()).or_default().push(it.name);
        }
    }
    assert!(next > 0, "nobody is paid next");
    let whose = |code| reasons.get(code).cloned().unwrap_or_default();
    assert!(whose("negative_balance").contains(&"Kvist Media".to_owned()), "{reasons:?}");
    assert!(whose("below_threshold").contains(&"Lillelejr Bogføring".to_owned()), "{reasons:?}");
    let crm = &played.world.programs[CRM];
    let held = list_held_bank_details(&played.app, &crm.administrator, crm.owner).await.unwrap();
    let holders: Vec<_> = held.into_iter().map(|it| it.holder).collect();
    assert_eq!(holders, ["Skovgaard Digital"]);
}

async fn people(played: &Played) {
    let world = &played.world;
    let mut conn = played.app.record.read().await.unwrap();
    let owners_of = |found: Vec<(tributary_directory::Membership, String)>| -> BTreeSet<_> {
        found.into_iter().map(|(it, _)| it.owner).collect()
    };
    let agency = organisation::memberships(&mut *conn, world.agency.user).await.unwrap();
    let clients = BTreeSet::from([world.programs[0].owner, world.programs[2].owner]);
    assert_eq!(owners_of(agency), clients);
    let manager = organisation::memberships(&mut *conn, world.manager.user).await.unwrap();
    assert_eq!(owners_of(manager), BTreeSet::from([world.programs[0].owner]));
    let partners = organisation::partners_of_user(&mut *conn, world.partner.user).await.unwrap();
    assert_eq!(partners.iter().map(|it| it.id).collect::<Vec<_>>(), [world.partner_id]);
    let viewer = Viewer::Partner(world.partner_id);
    let filter = PartnershipFilter::default();
    let page = PageRequest::default();
    let found = partnership::list(&mut *conn, viewer, &filter, page).await.unwrap();
    let programs: BTreeSet<_> = found.items.iter().map(|it| it.program).collect();
    assert_eq!(programs, world.programs.iter().map(|it| it.program).collect());
}

/// The hourly clicks hold all that were played, and a real edge's place in its spool is untouched.
async fn clicks(played: &Played) {
    let mut conn = played.app.touches.read().await.unwrap();
    let zone = tributary_kernel::Zone::utc();
    let to = zone.date(played.app.now()).plus_days(1);
    let from = to.plus_days(-380);
    let (mut clicks, mut unique, mut machines) = (0, 0, 0);
    for it in &played.world.programs {
        let filter = tributary_store::rollup::DailyFilter {
            from,
            to,
            program: Some(it.program),
            partner: None,
        };
        let rows =
            touches::daily_clicks(&mut *conn, Viewer::Owner(it.owner), filter).await.unwrap();
        clicks += rows.iter().map(|it| it.clicks).sum::<i64>();
        unique += rows.iter().map(|it| it.unique_clicks).sum::<i64>();
        machines += rows.iter().map(|it| it.machine_clicks).sum::<i64>();
    }
    let counts = played.world.counts;
    assert_eq!(
        (clicks, machines),
        (counts.clicks.cast_signed(), counts.machine_clicks.cast_signed())
    );
    assert!(unique < clicks && unique > clicks / 2, "{unique} of {clicks}");
    let real = touches::offset(&mut *conn, 0).await.unwrap();
    assert_eq!(real, touches::SpoolOffset::default());
}

/// The sums of the CRM vendor's program by the words of its plan, to the øre.
#[tokio::test]
async fn an_auditor_who_knows_only_the_plans_words_agrees() {
    let played = play(options(3)).await;
    let until = jiff::Timestamp::from_microsecond(played.app.now().as_microsecond()).unwrap();
    let mut due = audit(&Year::plan(&options(3)), until);
    assert!(due.len() > 30, "{}", due.len());

    let conversions: BTreeMap<_, _> =
        played.conversions(CRM).await.into_iter().map(|it| (it.id, it)).collect();
    let viewer = Viewer::Owner(played.world.programs[CRM].owner);
    let page = PageRequest { limit: 200, after: None };
    let mut conn = played.app.record.read().await.unwrap();
    let partnerships =
        partnership::list(&mut *conn, viewer, &PartnershipFilter::default(), page).await.unwrap();
    let codes: BTreeMap<_, _> = partnerships.items.into_iter().map(|it| (it.id, it.code)).collect();
    let (mut sum, mut expected_sum, mut declined) = (0, 0, 0);
    for it in played.commissions(CRM).await {
        let conversion = &conversions[&it.conversion];
        let key = (conversion.kind.clone(), conversion.business_key.clone());
        let expected = due.remove(&key).unwrap_or_else(|| panic!("{key:?} earns nothing"));
        assert_eq!(codes[&it.partnership], expected.partner, "{key:?}");
        assert_eq!(i128::from(it.amount.minor), expected.amount, "{key:?}");
        if it.state == CommissionState::Declined {
            assert!(expected.will_be_declined, "{key:?}");
            declined += 1;
            continue;
        }
        let settled = !matches!(it.state, CommissionState::Pending);
        assert!(!(expected.will_be_declined && settled), "{key:?} should have been declined");
        assert_eq!(i128::from(it.reversed_amount), expected.returned, "{key:?}");
        sum += i128::from(it.remaining());
        expected_sum += expected.amount - expected.returned;
    }
    assert!(due.is_empty(), "not paid: {due:?}");
    assert!(declined > 0);
    assert_eq!(sum, expected_sum);
}
