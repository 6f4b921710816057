//! A small year, played on SQLite in a folder of its own.

use std::sync::Arc;

use tributary_app::{App, AppError, Secrets};
use tributary_click::{ClickKey, ClickKeyring};
use tributary_directory::Viewer;
use tributary_kernel::{ManualClock, SeededEntropy, limits::PAGE_ROWS_MAX};
use tributary_sim::{Progress, SimOptions, SimWorld, play_year};
use tributary_store::decision::{StoredCommission, StoredConversion, head};
use tributary_store::engine::{Engine, MigrationSet};
use tributary_store::list::PageRequest;
use tributary_store::recheck;
use tributary_store::work;
use tributary_store_sqlite::{SqliteEngine, SqliteOptions};

pub(crate) fn options(seed: u64) -> SimOptions {
    SimOptions { seed, scale: 0.05, until: "2026-11-21T09:30:00Z".parse().unwrap() }
}

pub(crate) const TINY: f64 = 0.01;

pub(crate) struct Played {
    pub(crate) app: App,
    pub(crate) world: SimWorld,
    pub(crate) progress: Vec<Progress>,
    _folder: tempfile::TempDir,
}

pub(crate) async fn play(options: SimOptions) -> Played {
    try_to_play(options).await.unwrap()
}

pub(crate) async fn try_to_play(options: SimOptions) -> Result<Played, AppError> {
    let folder = tempfile::tempdir().unwrap();
    let open = |name: &str| {
        let path = folder.path().join(name);
        Arc::new(SqliteEngine::open(path, SqliteOptions::default()).unwrap())
    };
    let (record, touches) = (open("record.db"), open("touches.db"));
    record.migrate(MigrationSet::Record).await.unwrap();
    touches.migrate(MigrationSet::Touches).await.unwrap();
    let clock = Arc::new(ManualClock::new(options.until));
    let keyring =
        ClickKeyring::new(vec![ClickKey { id: 0, secret: [5; 32], verify_until: None }], 0)
            .unwrap();
    let app = App::new(
        record,
        touches,
        Arc::clone(&clock) as _,
        Arc::new(SeededEntropy::new(options.seed)),
        Arc::new(Secrets::new(&[1; 32], [2; 32])),
        keyring,
    );
    let mut progress = Vec::new();
    let world = play_year(&app, &clock, options, &mut |it| progress.push(it)).await?;
    assert_eq!(app.now(), options.until);
    Ok(Played { app, world, progress, _folder: folder })
}

impl Played {
    /// Of each owner: transfers and the tree over them.
    pub(crate) async fn roots(&self) -> Vec<(i64, Vec<u8>)> {
        let mut conn = self.app.record.read().await.unwrap();
        let mut roots = Vec::new();
        for it in &self.world.programs {
            let head = head(&mut *conn, it.owner).await.unwrap().unwrap();
            roots.push((head.transfer_seq, head.frontier));
        }
        roots
    }

    pub(crate) async fn conversions(&self, program: usize) -> Vec<StoredConversion> {
        let mut conn = self.app.record.read().await.unwrap();
        let owner = self.world.programs[program].owner;
        let mut all: Vec<StoredConversion> = Vec::new();
        loop {
            let after = all.last().map_or([0; 16], |it| *it.id.as_bytes());
            let page = recheck::scan_conversions(&mut *conn, owner, after, 500).await.unwrap();
            if page.is_empty() {
                return all;
            }
            all.extend(page);
        }
    }

    pub(crate) async fn commissions(&self, program: usize) -> Vec<StoredCommission> {
        let mut conn = self.app.record.read().await.unwrap();
        let viewer = Viewer::Owner(self.world.programs[program].owner);
        let filter = work::CommissionFilter::default();
        let mut page = PageRequest { limit: PAGE_ROWS_MAX, after: None };
        let mut all = Vec::new();
        loop {
            let found = work::list_commissions(&mut *conn, viewer, &filter, page).await.unwrap();
            all.extend(found.items);
            page.after = found.next;
            if page.after.is_none() {
                return all;
            }
        }
    }
}
