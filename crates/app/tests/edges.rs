//! What edges are given: the snapshot, its changes, and the keys that sign click ids.

#![expect(clippy::unwrap_used, reason = "in a test helper it is a failed test")]

mod common;
#[macro_use]
mod on_both;

use common::World;
use tributary_app::click_keys::{ClickKeys, load_click_keys, rotate_click_keys};
use tributary_app::directory::{
    ChangePartnership, CreateLink, change_partnership, create_link, disable_link, grant_link_host,
};
use tributary_app::snapshot::{
    SnapshotDelta, SnapshotLink, SnapshotProgram, SnapshotReferral, SnapshotSink, load_snapshot,
    snapshot_changes,
};
use tributary_app::{App, AppError};
use tributary_click::{ClickIdError, ClickMinter};
use tributary_directory::{Actor, Partnership, PartnershipStatus};

const SYSTEM: Actor = Actor::System { job: "test" };

#[derive(Default)]
struct Whole {
    cursor: u64,
    keys: Option<ClickKeys>,
    programs: Vec<SnapshotProgram>,
    links: Vec<SnapshotLink>,
    referrals: Vec<SnapshotReferral>,
}

impl SnapshotSink for Whole {
    fn begin(&mut self, cursor: u64, keys: Option<ClickKeys>) {
        (self.cursor, self.keys) = (cursor, keys);
    }

    fn program(&mut self, it: SnapshotProgram) {
        self.programs.push(it);
    }

    fn link(&mut self, it: SnapshotLink) {
        self.links.push(it);
    }

    fn referral(&mut self, it: SnapshotReferral) {
        self.referrals.push(it);
    }
}

async fn load(app: &App) -> Whole {
    let mut whole = Whole::default();
    load_snapshot(app, &mut whole).await.unwrap();
    whole.referrals.sort_unstable_by(|a, b| a.code.cmp(&b.code));
    whole
}

fn second_link(of: &Partnership) -> CreateLink {
    CreateLink {
        partnership: of.id,
        path: Some("anna/crm".into()),
        host: Some("go.acme.example".into()),
        destination: None,
        campaign: None,
        method: None,
    }
}

on_both! {
    async fn a_snapshot_and_its_changes_tell_the_same(world: World) {
        let (anna, first) = world.partner("Anna").await;
        world.partner("Bo").await;
        let before = load(&world.app).await;
        assert_eq!((before.programs.len(), before.links.len(), before.referrals.len()), (1, 2, 2));
        let program = &before.programs[0];
        assert!(program.active && !program.test && program.consent_required);
        assert_eq!(program.cookie_days, 90);
        assert!(before.links.iter().all(|it| it.active && it.host.is_none()));
        assert_eq!(before.referrals[0].link_number, first.number);
        let changes = snapshot_changes(&world.app, before.cursor).await.unwrap();
        assert_eq!((changes.cursor, changes.links.len()), (before.cursor, 0), "nothing changed");

        let refused = create_link(&world.app, &world.admin, second_link(&anna)).await.unwrap_err();
        assert!(
            matches!(&refused, AppError::Refused(it) if it.errors[0].code == "host_not_granted"),
            "{refused:?}"
        );
        let by_manager =
            grant_link_host(&world.app, &world.admin, world.owner, "go.acme.example").await;
        assert!(matches!(by_manager, Err(AppError::Refused(it)) if it.code == "operators_only"));
        grant_link_host(&world.app, &SYSTEM, world.owner, "Go.Acme.example").await.unwrap();
        let second = create_link(&world.app, &world.admin, second_link(&anna)).await.unwrap();
        disable_link(&world.app, &world.admin, first.id).await.unwrap();
        let changes = snapshot_changes(&world.app, before.cursor).await.unwrap();
        assert!(!changes.reload && changes.cursor > before.cursor && changes.keys.is_none());
        let numbers: Vec<_> = changes.links.iter().map(|it| (it.number, it.active)).collect();
        assert_eq!(numbers, [(first.number, false), (second.number, true)]);
        assert_eq!(changes.links[1].host.as_deref(), Some("go.acme.example"));
        assert_eq!(changes.referrals.len(), 1);
        assert_eq!(changes.referrals[0].link_number, second.number, "the code counts on a live link");
        let after = load(&world.app).await;
        assert_eq!(after.referrals[0], changes.referrals[0]);

        let paused =
            ChangePartnership { status: Some(PartnershipStatus::Paused), ..Default::default() };
        change_partnership(&world.app, &world.admin, anna.id, paused).await.unwrap();
        let changes = snapshot_changes(&world.app, after.cursor).await.unwrap();
        assert_eq!(changes.links.iter().filter(|it| !it.active).count(), 2, "all its links");
        let whole = load(&world.app).await;
        for link in &changes.links {
            assert!(whole.links.contains(link), "{link:?}");
        }
    }
}

on_both! {
    async fn an_edge_that_is_ahead_loads_anew(world: World) {
        let cursor = load(&world.app).await.cursor;
        let SnapshotDelta { reload, .. } = snapshot_changes(&world.app, cursor + 5).await.unwrap();
        assert!(reload, "the database was restored from a backup");
        let mut tx = world.app.record.begin().await.unwrap();
        tx.execute("DELETE FROM snapshot_change WHERE seq <= 1", vec![]).await.unwrap();
        tx.commit().await.unwrap();
        assert!(snapshot_changes(&world.app, 0).await.unwrap().reload, "its changes were cleared");
        assert!(!snapshot_changes(&world.app, 1).await.unwrap().reload);
    }
}

on_both! {
    async fn keys_are_made_once_rotate_and_keep_verifying_for_the_longest_window(world: World) {
        let app = &world.app;
        let keys = load_click_keys(app).await.unwrap();
        assert_eq!((keys.minting, keys.keys.len()), (0, 1));
        assert_eq!(load_click_keys(app).await.unwrap(), keys, "the same again");
        assert_eq!(load(app).await.keys.as_ref(), Some(&keys));
        let minter = ClickMinter::new(0, None).unwrap();
        let old = minter.mint(app.now(), 7, &app.keyring()).unwrap();

        let before = load(app).await.cursor;
        let refused = rotate_click_keys(app, &world.admin).await.unwrap_err();
        assert!(matches!(refused, AppError::Refused(it) if it.code == "system_only"));
        let rotated = rotate_click_keys(app, &SYSTEM).await.unwrap();
        assert_eq!((rotated.minting, rotated.keys.len()), (1, 2));
        assert_ne!(rotated.keys[0].secret, rotated.keys[1].secret);
        let until = app.now().plus_days(90 + 90);
        assert_eq!(rotated.keys[0].verify_until, Some(until), "window and margin");
        let changes = snapshot_changes(app, before).await.unwrap();
        assert_eq!(changes.keys.as_ref(), Some(&rotated), "the edges hear of it");

        let new = minter.mint(app.now(), 7, &app.keyring()).unwrap();
        assert_eq!((old.key_id(), new.key_id()), (0, 1));
        let ring = app.keyring();
        assert_eq!(ring.verify(&old, app.now()), Ok(()));
        assert_eq!(ring.verify(&new, app.now()), Ok(()));
        assert_eq!(ring.verify(&old, until), Err(ClickIdError::ExpiredKey { key_id: 0 }));

        rotate_click_keys(app, &SYSTEM).await.unwrap();
        rotate_click_keys(app, &SYSTEM).await.unwrap();
        let refused = rotate_click_keys(app, &SYSTEM).await.unwrap_err();
        assert!(matches!(refused, AppError::Refused(it) if it.code == "click_keys_in_use"));
        world.advance_days(180);
        let rotated = rotate_click_keys(app, &SYSTEM).await.unwrap();
        assert_eq!(rotated.minting, 0, "the first place is free again");
        assert_eq!(app.keyring().verify(&old, app.now()), Err(ClickIdError::Mac));
        assert_eq!(app.keyring().verify(&new, app.now()), Err(ClickIdError::ExpiredKey { key_id: 1 }));
    }
}
