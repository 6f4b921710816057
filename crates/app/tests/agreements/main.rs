//! What plans say beyond a rate, through the use cases, on both engines: decided, booked, explained
//! and verified.

#![expect(clippy::unwrap_used, reason = "tests fail by panicking")]

#[path = "../common/mod.rs"]
mod common;
#[macro_use]
#[path = "../on_both/mod.rs"]
mod on_both;

mod asked;
mod counted;
mod departures;
mod reaching;
mod simulated;
mod taken_back;
mod totals;

use common::{World, dkk};
use tributary_app::AppError;
use tributary_app::conversion::{ReportConversion, ReportOutcome};
use tributary_app::directory::{PublishPlan, publish_plan};
use tributary_app::explain::explain_commission;
use tributary_app::verify::verify;
use tributary_click::ClickId;
use tributary_directory::{Actor, Partnership};
use tributary_kernel::ConversionId;
use tributary_store::decision::StoredCommission;

/// A plan of the program with these rules and other members, from now on.
async fn plan(world: &World, members: &str) -> Result<(), AppError> {
    let document = format!(r#"{{"format": 1, "name": "Test", {members}}}"#);
    let plan = PublishPlan {
        owner: world.owner,
        program: world.program.id,
        document: document.into_bytes(),
        effective_from: None,
        confirmed: true,
    };
    publish_plan(&world.app, &world.admin, plan).await.map(|_| ())
}

/// A sale by a known customer.
fn sale_to(
    world: &World,
    customer: &str,
    id: &str,
    minor: i64,
    click: ClickId,
) -> ReportConversion {
    ReportConversion { customer_id: Some(customer.into()), ..world.sale(id, minor, click) }
}

/// What a conversion's commissions are, those of rules first.
async fn amounts(world: &World, id: ConversionId) -> Vec<i64> {
    let (_, mut commissions) = world.conversion(id).await;
    commissions.sort_by_key(|it| (it.basis.is_some(), it.booked_seq, it.amount.minor));
    commissions.iter().map(|it| it.amount.minor).collect()
}

async fn commissions(world: &World, id: ConversionId) -> Vec<StoredCommission> {
    world.conversion(id).await.1
}

/// Everything is explained to both sides, verify is green, and the ledger agrees.
async fn sound(world: &World, ids: &[ConversionId]) {
    for id in ids {
        for it in commissions(world, *id).await {
            let explained = explain_commission(&world.app, &world.admin, it.id).await.unwrap();
            assert_eq!(explained.basis.is_some(), it.basis.is_some());
            let partner = Actor::Partner {
                user: tributary_kernel::UserId::from_bytes([9; 16]),
                partner: it.partner,
            };
            explain_commission(&world.app, &partner, it.id).await.unwrap();
        }
    }
    let report = verify(&world.app, Some(world.owner), &mut |_| {}).await.unwrap();
    assert!(report.is_green(), "{:?}", report.findings);
    world.audited().await;
}

/// The first field that was refused, and why.
fn refused(outcome: &ReportOutcome) -> (String, &'static str) {
    match outcome {
        ReportOutcome::Refused(refusal) => {
            let error = &refusal.errors[0];
            (error.pointer.to_string(), error.code)
        }
        other => (format!("not refused: {other:?}"), ""),
    }
}

async fn put(world: &World, it: &Partnership) {
    let mut tx = world.app.record.begin().await.unwrap();
    tributary_store::partnership::put(&mut *tx, it).await.unwrap();
    tx.commit().await.unwrap();
}
