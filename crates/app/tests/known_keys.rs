//! Keys that were looked up a moment ago: a revoked one stops at once where it was revoked, and
//! within five seconds elsewhere.

#![expect(clippy::unwrap_used, reason = "in a test helper it is a failed test")]

mod common;

use std::sync::Arc;

use common::World;
use tributary_app::access::{CreateKey, authenticate_key, create_key, revoke_key};
use tributary_app::{App, Secrets};
use tributary_directory::{Actor, Scope};
use tributary_kernel::{SeededEntropy, Timestamp};

async fn key(world: &World, expires_at: Option<Timestamp>) -> (tributary_kernel::KeyId, String) {
    let input = CreateKey {
        owner: world.owner,
        integration: "shop".into(),
        name: "Shop".into(),
        scopes: vec![Scope::Report],
        expires_at,
    };
    let made = create_key(&world.app, &world.admin, input).await.unwrap();
    (made.key.id, made.secret)
}

/// Another process on the same database.
fn other_process(world: &World) -> App {
    App::new(
        Arc::clone(&world.app.record),
        Arc::clone(&world.app.touches),
        Arc::clone(&world.clock) as _,
        Arc::new(SeededEntropy::new(12)),
        Arc::new(Secrets::new(&[1; 32], [2; 32])),
        (*world.app.keyring()).clone(),
    )
}

async fn works(app: &App, secret: &str) -> bool {
    let actor = authenticate_key(app, secret).await.unwrap();
    assert!(actor.as_ref().is_none_or(|it| matches!(it, Actor::Key { .. })));
    actor.is_some()
}

#[tokio::test]
async fn a_revoked_key_stops_at_once_here_and_within_five_seconds_elsewhere() {
    let world = World::sqlite().await;
    let other = other_process(&world);
    let (id, secret) = key(&world, None).await;
    assert!(works(&world.app, &secret).await && works(&other, &secret).await);
    assert!(works(&world.app.clone(), &secret).await, "known by now");
    revoke_key(&world.app, &world.admin, world.owner, id).await.unwrap();
    assert!(!works(&world.app, &secret).await);
    assert!(!works(&world.app.clone(), &secret).await, "clones share what they know");
    world.clock.advance_seconds(5);
    assert!(!works(&other, &secret).await);
}

#[tokio::test]
async fn a_known_key_expires_on_time() {
    let world = World::sqlite().await;
    let expires_at = world.app.now().plus_seconds(2);
    let (_, secret) = key(&world, Some(expires_at)).await;
    assert!(works(&world.app, &secret).await);
    world.clock.advance_seconds(2);
    assert!(!works(&world.app, &secret).await);
}
