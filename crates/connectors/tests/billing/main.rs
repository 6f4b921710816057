//! Events of Stripe through the use cases, on both engines: what is reported, taken back, kept
//! and forgotten.
//!
//! The world is the use cases' own: an installation on `tributary_store_sqlite` or on
//! `tributary_store_postgres` (a throwaway server by `tributary_testkit`), with a signing key of
//! `tributary_ledger`.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

#[path = "../../../app/tests/common/mod.rs"]
mod common;
#[path = "../stripe/year.rs"]
mod year;

use common::World;
use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sha2::Sha256;
use tributary_app::AppError;
use tributary_app::billing::{
    BillingSecrets, BillingSettings, BillingSource, BillingState, ConnectBilling, Received,
    StoredBillingEvent, connect_billing, list_billing_events, receive_billing,
    replace_billing_secrets, settle_billing,
};
use tributary_app::directory::{CreateCoupon, create_coupon};
use tributary_connectors::stripe::Stripe;
use tributary_directory::{Actor, Role};
use tributary_kernel::OrganisationId;
use tributary_store::billing::payment_by_order;
use tributary_store::work::{CommissionFilter, list_commissions};

use year::Form;

const SECRET: &str = "whsec_0123456789abcdef";

async fn connected(world: &World, secrets: &[&str]) -> Result<BillingSource, AppError> {
    let input = ConnectBilling {
        owner: world.owner,
        program: world.program.id,
        kind: "stripe".into(),
        name: "Stripe".into(),
        secrets: BillingSecrets { webhook: secrets.iter().map(|it| (*it).to_owned()).collect() },
        settings: BillingSettings::default(),
    };
    connect_billing(&world.app, &world.admin, input).await
}

fn signed(world: &World, secret: &str, body: &str) -> String {
    let second = world.app.now().as_second();
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).unwrap();
    mac.update(format!("{second}.{body}").as_bytes());
    let hex: String = mac.finalize().into_bytes().iter().map(|b| format!("{b:02x}")).collect();
    format!("t={second},v1={hex}")
}

async fn deliver(world: &World, source: &BillingSource, body: &Value) -> Received {
    let body = body.to_string();
    let signature = signed(world, SECRET, &body);
    receive_billing(&world.app, &Stripe, source.id, &signature, body.as_bytes()).await.unwrap()
}

fn event(world: &World, id: &str, kind: &str, object: Value) -> Value {
    json!({"id": id, "type": kind, "created": world.app.now().as_second(), "livemode": true,
        "data": {"object": object}})
}

fn checkout(world: &World, click: &str) -> Value {
    let session = json!({"id": "cs_1", "mode": "subscription", "client_reference_id": click,
        "customer": "cus_1", "subscription": "sub_1", "invoice": "in_1"});
    event(world, "evt_checkout", "checkout.session.completed", session)
}

fn paid(world: &World) -> Value {
    let invoice = json!({"id": "in_1", "currency": "dkk", "amount_paid": 125_000,
        "total": 125_000, "total_taxes": [{"amount": 25_000}], "customer": "cus_1",
        "billing_reason": "subscription_create",
        "parent": {"subscription_details": {"subscription": "sub_1"}},
        "payments": {"data": [{"payment": {"payment_intent": "pi_1"}}]}});
    event(world, "evt_paid", "invoice.paid", invoice)
}

fn refund(world: &World) -> Value {
    let refund = json!({"id": "re_1", "amount": 62_500, "currency": "dkk",
        "payment_intent": "pi_1", "status": "succeeded", "created": world.app.now().as_second()});
    event(world, "evt_refund", "refund.created", refund)
}

async fn events(
    world: &World,
    source: &BillingSource,
    state: BillingState,
) -> Vec<StoredBillingEvent> {
    list_billing_events(&world.app, &world.admin, world.owner, source.id, state).await.unwrap()
}

/// Runs the job until nothing is due, as time goes on.
async fn settle(world: &World, seconds: i64) {
    world.clock.advance_seconds(seconds);
    let report = settle_billing(&world.app, &[&Stripe], 100).await.unwrap();
    assert_eq!(report.failed, 0);
}

async fn orders(world: World) {
    let (_, link) = world.partner("Anna").await;
    let click = world.click(&link).await;
    let source = connected(&world, &[SECRET]).await.unwrap();
    world.clock.advance_seconds(60);
    // The refund before its payment, the payment before who brought it.
    let all = [refund(&world), paid(&world), checkout(&world, &click.to_string())];
    for body in &all {
        assert_eq!(deliver(&world, &source, body).await, Received::Kept);
        assert_eq!(deliver(&world, &source, body).await, Received::Again);
    }
    let waiting = events(&world, &source, BillingState::Waiting).await;
    let reasons: Vec<_> = waiting.iter().filter_map(|it| it.reason.as_deref()).collect();
    assert_eq!(waiting.len(), 2, "{waiting:?}");
    assert!(reasons.contains(&"waits_for_payment") && reasons.contains(&"waits_for_partner"));
    assert!(waiting.iter().all(|it| it.body.is_some()));
    settle(&world, 30).await;
    settle(&world, 60).await;
    let settled = events(&world, &source, BillingState::Settled).await;
    assert_eq!(settled.len(), 3);
    assert!(settled.iter().all(|it| it.body.is_none()), "no body is kept longer than needed");
    let mut conn = world.app.record.read().await.unwrap();
    let found = payment_by_order(&mut *conn, world.owner, world.program.id, "in_1").await.unwrap();
    drop(conn);
    let (sale, commissions) = world.conversion(found.unwrap()).await;
    assert_eq!((sale.kind.as_str(), sale.amount.minor), ("sale", 125_000));
    assert_eq!((sale.net_amount, sale.returned_amount), (Some(100_000), 62_500));
    // 20 % of 1,250.00, of which half was given back.
    let [commission] = commissions.as_slice() else { panic!("{commissions:?}") };
    assert_eq!((commission.amount.minor, commission.reversed_amount), (25_000, 12_500));
    world.audited().await;
}

#[tokio::test]
async fn any_order_ends_in_the_sums_on_sqlite() {
    orders(World::sqlite().await).await;
}

#[tokio::test]
async fn any_order_ends_in_the_sums_on_postgres() {
    orders(World::postgres().await).await;
}

/// Plays the year with a click and a code of Anna's; what she has earned in the end.
async fn earned(form: Form, order: impl Fn(&mut Vec<String>)) -> i64 {
    let world = World::sqlite().await;
    let (partnership, link) = world.partner("Anna").await;
    let coupon = CreateCoupon {
        partnership: partnership.id,
        code: "ANNA20".into(),
        valid_from: None,
        valid_until: None,
    };
    create_coupon(&world.app, &world.admin, coupon).await.unwrap();
    world.clock.set(year::at(year::BEGIN - 3_600));
    let click = world.click(&link).await.to_string();
    let source = connected(&world, &[SECRET]).await.unwrap();
    world.clock.set(year::at(year::month(12)));
    let mut events = year::year(form);
    order(&mut events);
    for body in &events {
        let body: Value = serde_json::from_str(&body.replace(year::CLICK, &click)).unwrap();
        deliver(&world, &source, &body).await;
    }
    // Tries come ever further apart, so that a refund may follow its payment some minutes later.
    for _ in 0..30 {
        settle(&world, 60).await;
    }
    assert_eq!(self::events(&world, &source, BillingState::Left).await, []);
    assert_eq!(self::events(&world, &source, BillingState::Waiting).await, []);
    world.audited().await;
    let mut conn = world.app.record.read().await.unwrap();
    let (filter, page) = (CommissionFilter::default(), world.first_page());
    let found = list_commissions(&mut *conn, world.viewer(), &filter, page).await.unwrap();
    assert!(found.next.is_none());
    found.items.iter().map(|it| it.remaining()).sum()
}

#[tokio::test]
async fn the_year_pays_what_was_computed_by_hand_in_any_order() {
    // 20 % of 3 x 1,250.00, 625.00, 4 x 2,500.00 and 2,000.00 is 3,275.00. Given back: 20 % of
    // 500.00, of 2,500.00 (disputed) and of 2,500.00, which is 1,100.00. What came by the code
    // was given back as a whole.
    let expected = 327_500 - 110_000;
    assert_eq!(earned(Form::New, |_| {}).await, expected);
    assert_eq!(earned(Form::Old, |events| events.reverse()).await, expected);
    // Every seventh, then the rest, each of them twice.
    let scattered = |events: &mut Vec<String>| {
        let all = std::mem::take(events);
        let from = |start: usize| all.iter().skip(start).step_by(7).cloned();
        events.extend((0..7).rev().flat_map(from));
        events.extend(all.iter().cloned());
    };
    assert_eq!(earned(Form::New, scattered).await, expected);
}

#[tokio::test]
async fn what_nobody_brought_is_reported_when_patience_ends() {
    let world = World::sqlite().await;
    let source = connected(&world, &[SECRET]).await.unwrap();
    deliver(&world, &source, &paid(&world)).await;
    for _ in 0..8 {
        settle(&world, 60).await;
    }
    assert_eq!(events(&world, &source, BillingState::Waiting).await.len(), 1);
    settle(&world, 121).await;
    assert_eq!(events(&world, &source, BillingState::Settled).await.len(), 1);
    let mut conn = world.app.record.read().await.unwrap();
    let found = payment_by_order(&mut *conn, world.owner, world.program.id, "in_1").await.unwrap();
    drop(conn);
    let (sale, commissions) = world.conversion(found.unwrap()).await;
    assert_eq!((sale.click, commissions.len()), (None, 0));
}

#[tokio::test]
async fn a_code_or_click_of_nobody_says_nothing_of_the_payment() {
    let world = World::sqlite().await;
    let (_, link) = world.partner("Anna").await;
    let source = connected(&world, &[SECRET]).await.unwrap();
    let click = world.click(&link).await.to_string();
    let forged = format!("{}{}", &click[..29], if click.ends_with('0') { "1" } else { "0" });
    let mut body = checkout(&world, &forged);
    body["data"]["object"]["discounts"] = json!([{"coupon": "SPRING SALE"}]);
    deliver(&world, &source, &body).await;
    deliver(&world, &source, &paid(&world)).await;
    assert_eq!(events(&world, &source, BillingState::Settled).await.len(), 2);
}

#[tokio::test]
async fn what_is_not_genuine_leaves_nothing() {
    let world = World::sqlite().await;
    let source = connected(&world, &[SECRET]).await.unwrap();
    let body = paid(&world).to_string();
    let try_with = async |signature: &str, body: &str| {
        receive_billing(&world.app, &Stripe, source.id, signature, body.as_bytes()).await.unwrap()
    };
    let good = signed(&world, SECRET, &body);
    assert_eq!(
        try_with(&signed(&world, "whsec_another0000000", &body), &body).await,
        Received::Refused
    );
    assert_eq!(try_with(&good, &body.replace("125000", "925000")).await, Received::Refused);
    assert_eq!(try_with(&signed(&world, SECRET, "[]"), "[]").await, Received::Refused);
    world.clock.advance_seconds(301);
    assert_eq!(try_with(&good, &body).await, Received::Refused, "replayed later");
    for state in [BillingState::Waiting, BillingState::Settled, BillingState::Left] {
        assert!(events(&world, &source, state).await.is_empty());
    }
}

#[tokio::test]
async fn a_secret_is_rotated_without_a_gap() {
    let world = World::sqlite().await;
    let source = connected(&world, &[SECRET]).await.unwrap();
    let new = "whsec_fedcba9876543210";
    let replace = async |all: &[&str]| {
        let webhook = all.iter().map(|it| (*it).to_owned()).collect();
        let secrets = BillingSecrets { webhook };
        replace_billing_secrets(&world.app, &world.admin, world.owner, source.id, secrets).await
    };
    let by = async |secret: &str, id: &str| {
        let mut body = paid(&world);
        body["id"] = json!(id);
        let body = body.to_string();
        let signature = signed(&world, secret, &body);
        receive_billing(&world.app, &Stripe, source.id, &signature, body.as_bytes()).await.unwrap()
    };
    replace(&[SECRET, new]).await.unwrap();
    assert_eq!(by(SECRET, "evt_1").await, Received::Kept);
    assert_eq!(by(new, "evt_2").await, Received::Kept);
    replace(&[new]).await.unwrap();
    assert_eq!(by(SECRET, "evt_3").await, Received::Refused);
    assert_eq!(by(new, "evt_4").await, Received::Kept);
}

#[tokio::test]
async fn test_mode_counts_in_no_live_program() {
    let world = World::sqlite().await;
    let source = connected(&world, &[SECRET]).await.unwrap();
    let mut body = paid(&world);
    body["livemode"] = json!(false);
    deliver(&world, &source, &body).await;
    let settled = events(&world, &source, BillingState::Settled).await;
    assert_eq!(settled[0].reason.as_deref(), Some("other_mode"));
    let mut conn = world.app.record.read().await.unwrap();
    let found = payment_by_order(&mut *conn, world.owner, world.program.id, "in_1").await.unwrap();
    assert_eq!(found, None);
}

#[tokio::test]
async fn another_currency_is_left_for_a_person() {
    let world = World::sqlite().await;
    let source = connected(&world, &[SECRET]).await.unwrap();
    let (_, link) = world.partner("Anna").await;
    let click = world.click(&link).await;
    deliver(&world, &source, &checkout(&world, &click.to_string())).await;
    let mut body = paid(&world);
    body["data"]["object"]["currency"] = json!("sek");
    deliver(&world, &source, &body).await;
    let left = events(&world, &source, BillingState::Left).await;
    assert_eq!(left[0].reason.as_deref(), Some("currency_mismatch"));
}

#[tokio::test]
async fn wrong_fields_and_other_owners_are_refused() {
    let world = World::sqlite().await;
    let refused = |result: Result<BillingSource, AppError>| match result {
        Err(AppError::Refused(refusal)) => {
            refusal.errors.iter().map(|it| format!("{} {}", it.pointer, it.code)).collect()
        }
        other => vec![format!("{other:?}")],
    };
    let short = connected(&world, &["short"]).await;
    assert_eq!(refused(short), ["/webhook_secrets/0 secret_malformed"]);
    assert_eq!(refused(connected(&world, &[]).await), ["/webhook_secrets count"]);
    let source = connected(&world, &[SECRET]).await.unwrap();
    assert_eq!(refused(connected(&world, &[SECRET]).await), ["/name taken"]);
    let owner = OrganisationId::from_bytes([9; 16]);
    let Actor::Member { user, .. } = world.admin else { panic!() };
    let stranger = Actor::Member { user, owner, role: Role::Administrator };
    let state = BillingState::Left;
    let seen = list_billing_events(&world.app, &stranger, owner, source.id, state).await;
    assert!(matches!(seen, Err(AppError::Refused(_))));
    let secrets = BillingSecrets { webhook: vec![SECRET.into()] };
    let changed = replace_billing_secrets(&world.app, &stranger, owner, source.id, secrets).await;
    assert!(matches!(changed, Err(AppError::Refused(_))));
}
