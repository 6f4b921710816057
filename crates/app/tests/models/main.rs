//! Programs that give credit by other models than the last click, through the use cases, on both
//! engines: decided, divided, explained, taken back and verified.

#![expect(clippy::unwrap_used, reason = "tests fail by panicking")]

#[path = "../common/mod.rs"]
mod common;
#[macro_use]
#[path = "../on_both/mod.rs"]
mod on_both;

mod agreed;
mod any_journey;
mod companies;
mod customers;
mod divided;
mod settings;
mod told;

use std::collections::BTreeMap;

use common::World;
use tributary_app::AppError;
use tributary_app::conversion::{DecidedJourney, ReportConversion, ReportedDetails, ReportedVisit};
use tributary_app::directory::{PolicyVersion, PutPolicy, list_policies, put_policy};
use tributary_app::explain::{explain_commission, explain_conversion};
use tributary_app::verify::verify;
use tributary_attribution::Policy;
use tributary_click::ClickId;
use tributary_directory::{Actor, Link};
use tributary_kernel::{ConversionId, PartnershipId, Timestamp, UserId};

/// Changes the program's policy from a moment on; none: from now.
async fn set_from(
    world: &World,
    from: Option<Timestamp>,
    change: impl FnOnce(&mut Policy),
) -> Result<PolicyVersion, AppError> {
    let versions = list_policies(&world.app, &world.admin, world.program.id).await?;
    let mut policy = versions.last().unwrap().policy.clone();
    change(&mut policy);
    let input =
        PutPolicy { owner: world.owner, program: world.program.id, policy, effective_from: from };
    put_policy(&world.app, &world.admin, input).await
}

async fn set(world: &World, change: impl FnOnce(&mut Policy)) {
    set_from(world, None, change).await.unwrap();
}

/// Clicks of one browser, a day apart, the last one a day ago.
async fn clicks(world: &World, links: &[&Link]) -> ClickId {
    let mut previous = None;
    for link in links {
        let id = world.unrecorded_click(link);
        world.record_touch(id, link, previous).await;
        previous = Some(id);
        world.advance_days(1);
    }
    previous.unwrap()
}

/// A visit by a channel some days ago.
fn visit(world: &World, channel: &str, days: i64) -> ReportedVisit {
    ReportedVisit { at: world.app.now().plus_days(-days), channel: channel.into() }
}

fn with_visits(report: ReportConversion, visits: Vec<ReportedVisit>) -> ReportConversion {
    let details = ReportedDetails { visits, ..ReportedDetails::default() };
    ReportConversion { details: Some(Box::new(details)), ..report }
}

/// What is left of a conversion's commissions, by partnership.
async fn amounts(world: &World, id: ConversionId) -> BTreeMap<PartnershipId, i64> {
    let (_, commissions) = world.conversion(id).await;
    let mut sums = BTreeMap::new();
    for it in commissions.iter().filter(|it| it.remaining() > 0) {
        *sums.entry(it.partnership).or_insert(0) += it.remaining();
    }
    sums
}

/// The shares by which a conversion was decided, by partnership.
async fn shares(world: &World, id: ConversionId) -> BTreeMap<PartnershipId, u32> {
    let (conversion, _) = world.conversion(id).await;
    let decided = DecidedJourney::of(&conversion).unwrap();
    let sums = decided.attribution.by_partnership();
    sums.into_iter().map(|(id, (_, share))| (id, share.get())).collect()
}

/// Everything is explained to both sides, verify is green, and the ledger agrees.
async fn sound(world: &World, ids: &[ConversionId]) {
    for id in ids {
        explain_conversion(&world.app, &world.admin, *id).await.unwrap();
        for it in world.conversion(*id).await.1 {
            explain_commission(&world.app, &world.admin, it.id).await.unwrap();
            let partner = Actor::Partner { user: UserId::from_bytes([9; 16]), partner: it.partner };
            explain_commission(&world.app, &partner, it.id).await.unwrap();
            let told = explain_conversion(&world.app, &partner, *id).await.unwrap();
            let whose = told.credit.touches.iter().filter_map(|touch| touch.partnership);
            assert!(whose.into_iter().all(|whose| whose == it.partnership), "only its own");
            assert!(told.commissions.iter().all(|own| own.commission.partner == it.partner));
        }
    }
    let report = verify(&world.app, Some(world.owner), &mut |_| {}).await.unwrap();
    assert!(report.is_green(), "{:?}", report.findings);
    world.audited().await;
}
