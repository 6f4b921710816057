//! Measures ingest and verify on SQLite, in a folder that is removed afterwards:
//!
//! - `cargo run --profile dist -p tributary-app --example measure -- ingest 1000000 20000 3 20`:
//!   clicks, entries in one batch, clicks of one visitor, microseconds between two clicks (20: all
//!   in one day; 777600: ten million in 90 days);
//! - `… -- verify 350000`: sales.
#![expect(clippy::print_stdout, clippy::unwrap_used, reason = "a tool for the command line")]

use std::sync::Arc;

use async_trait::async_trait;
use tributary_app::access::{SetUp, set_up};
use tributary_app::conversion::{ReportConversion, ReportOutcome, report_conversions};
use tributary_app::directory::{
    CreateLink, InvitePartner, PublishPlan, create_link, create_program, go_live, invite_partner,
    publish_plan,
};
use tributary_app::ingest::{
    ClickBatch, ClickLag, ClickPlace, ClickSource, ClickSourceError, Ingest, ingest_batch,
};
use tributary_app::verify::verify;
use tributary_app::{App, Secrets};
use tributary_click::{
    Class, ClickKey, ClickKeyring, ClickMinter, ClickRecord, Consent, ConsentRecord, Device, Entry,
};
use tributary_directory::{Actor, PartnerKind, Program, ProgramTerms, Role};
use tributary_kernel::{Clock, ManualClock, SeededEntropy, Stopwatch, Timestamp};
use tributary_money::{Currency, Money};
use tributary_store::engine::{Engine, MigrationSet};
use tributary_store_sqlite::{SqliteEngine, SqliteOptions};

const PLAN: &str = r#"{"format": 1, "name": "20 %", "rules": [
    {"id": "sale", "events": ["sale"], "amount": {"percent": "20", "of": "gross"}}]}"#;
const LINKS: usize = 1_000;

struct World {
    app: App,
    clock: Arc<ManualClock>,
    admin: Actor,
    program: Program,
    links: Vec<u32>,
    _folder: tempfile::TempDir,
}

async fn world() -> World {
    let folder = tempfile::tempdir_in(".").unwrap();
    let open = |name: &str| -> Arc<dyn Engine> {
        let path = folder.path().join(name);
        Arc::new(SqliteEngine::open(path, SqliteOptions::default()).unwrap())
    };
    let (record, touches) = (open("record.db"), open("touches.db"));
    record.migrate(MigrationSet::Record).await.unwrap();
    touches.migrate(MigrationSet::Touches).await.unwrap();
    let clock = Arc::new(ManualClock::new("2026-03-02T09:00:00Z".parse().unwrap()));
    let key = ClickKey { id: 0, secret: [5; 32], verify_until: None };
    let ring = ClickKeyring::new(vec![key], 0).unwrap();
    let secrets = Arc::new(Secrets::new(&[1; 32], [2; 32]));
    let entropy = Arc::new(SeededEntropy::new(1));
    let app = App::new(record, touches, Arc::clone(&clock) as _, entropy, secrets, ring);
    let input = SetUp {
        organisation: "Acme".into(),
        country: "DK".into(),
        name: "Mette".into(),
        email: "mette@acme.example".into(),
        password: None,
        language: "da".into(),
    };
    let done = set_up(&app, None, input).await.unwrap();
    let (owner, user) = (done.owner, done.administrator);
    let admin = Actor::Member { user, owner, role: Role::Administrator };
    let address = "https://www.acme.example/";
    let terms = ProgramTerms::usual("CRM", Currency::DKK, "Europe/Copenhagen", address);
    let program = create_program(&app, &admin, owner, terms).await.unwrap();
    let document = PLAN.as_bytes().to_vec();
    let (id, effective_from) = (program.id, None);
    let plan = PublishPlan { owner, program: id, document, effective_from, confirmed: true };
    publish_plan(&app, &admin, plan).await.unwrap();
    let program = go_live(&app, &admin, owner, id).await.unwrap();
    let mut links = Vec::new();
    for n in 0..LINKS / 10 {
        let partner = InvitePartner {
            owner,
            program: id,
            name: format!("Partner {n}"),
            email: format!("p{n}@partners.example"),
            kind: PartnerKind::Content,
            country: "DK".into(),
            language: "da".into(),
            code: None,
            group: None,
            active: true,
        };
        let partnership = invite_partner(&app, &admin, partner).await.unwrap().partnership.id;
        for _ in 0..10 {
            let link = CreateLink {
                partnership,
                path: None,
                host: None,
                destination: None,
                campaign: None,
                method: None,
            };
            links.push(create_link(&app, &admin, link).await.unwrap().number);
        }
    }
    World { app, clock, admin, program, links, _folder: folder }
}

/// Clicks on random links, every tenth consented to.
#[derive(Debug)]
struct Clicks {
    minter: ClickMinter,
    ring: Arc<ClickKeyring>,
    begin: Timestamp,
    links: Vec<u32>,
    total: u64,
    /// Clicks of one visitor, about; 0: no visitor is known.
    per_visitor: u64,
    /// Microseconds from click to click.
    spacing: u64,
}

impl Clicks {
    fn entry(&self, n: u64) -> Vec<Entry> {
        let at = Timestamp::from_microsecond(
            self.begin.as_microsecond() + i64::try_from(n * self.spacing).unwrap(),
        );
        let mixed = n.wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let link_number = self.links[usize::try_from(mixed >> 32).unwrap() % self.links.len()];
        let click_id = self.minter.mint(at, link_number, &self.ring).unwrap();
        let visitor = (mixed % (self.total / self.per_visitor.max(1)).max(1)).to_be_bytes();
        let mut key = [0u8; 16];
        key[..8].copy_from_slice(&visitor.map(|byte| byte ^ 0x5a));
        key[8..].copy_from_slice(&visitor);
        let click = ClickRecord {
            click_id: Some(click_id),
            at,
            link_number,
            class: Class::Countable,
            consent: Consent::Unknown,
            visitor_key: (self.per_visitor > 0).then_some(key),
            country: Some(*b"DK"),
            device: Device::Phone,
            referrer_host: Some("blog.example".to_owned()),
            sub_ids: [Some("mail-14".to_owned()), None, None, None, None],
            destination: None,
            by_parameter: false,
            test: false,
        };
        let mut entries = vec![Entry::Click(click)];
        if n.is_multiple_of(10) {
            let state = Consent::Granted;
            entries.push(Entry::Consent(ConsentRecord { click_id, at, state, previous: None }));
        }
        entries
    }
}

#[async_trait]
impl ClickSource for Clicks {
    fn node(&self) -> u8 {
        1
    }

    async fn read(
        &mut self,
        from: ClickPlace,
        entries_max: usize,
    ) -> Result<ClickBatch, ClickSourceError> {
        let mut next = from;
        let mut entries = Vec::with_capacity(entries_max + 1);
        while entries.len() < entries_max && next.byte < self.total {
            entries.extend(self.entry(next.byte));
            next = ClickPlace { segment: 1, byte: next.byte + 1 };
        }
        Ok(ClickBatch { entries, next })
    }

    async fn lag(&mut self, from: ClickPlace) -> Result<ClickLag, ClickSourceError> {
        Ok(ClickLag { segments: 1, bytes: self.total - from.byte })
    }
}

async fn measure_ingest(total: u64, per_batch: usize, per_visitor: u64, spacing: u64) {
    let world = world().await;
    let mut source = Clicks {
        minter: ClickMinter::new(1, None).unwrap(),
        ring: world.app.keyring(),
        begin: world.clock.now(),
        links: world.links.clone(),
        total,
        per_visitor,
        spacing,
    };
    let mut ingest = Ingest::new();
    let (mut clicks, mut since) = (0, 0);
    let mut watch = Stopwatch::start();
    loop {
        let it = ingest_batch(&world.app, &mut ingest, &mut source, per_batch).await.unwrap();
        clicks += it.clicks;
        if clicks - since >= 500_000 || it.entries == 0 {
            let seconds = watch.elapsed().as_secs_f64();
            if clicks > since {
                println!("{clicks:>9} clicks: {:.0}/s", (clicks - since) as f64 / seconds);
            }
            (since, watch) = (clicks, Stopwatch::start());
        }
        if it.entries == 0 {
            return;
        }
    }
}

async fn measure_verify(sales: usize) {
    let world = world().await;
    let minter = ClickMinter::new(1, None).unwrap();
    let watch = Stopwatch::start();
    for first in (0..sales).step_by(1_000) {
        world.clock.advance_seconds(600);
        let reports = (first..(first + 1_000).min(sales)).map(|n| {
            let link = world.links[n % world.links.len()];
            let click = minter.mint(world.app.now(), link, &world.app.keyring()).unwrap();
            ReportConversion {
                program: Some(world.program.id),
                kind: "sale".into(),
                order_id: format!("order-{n}"),
                amount: Some(Money::new(100_000, Currency::DKK)),
                click_id: Some(click.to_string()),
                ..ReportConversion::default()
            }
        });
        let reports: Vec<_> = reports.collect();
        let outcomes = report_conversions(&world.app, &world.admin, reports).await.unwrap();
        assert!(outcomes.iter().all(|it| matches!(it, ReportOutcome::Applied(_))));
    }
    println!("{sales} sales reported in {:.1} s", watch.elapsed().as_secs_f64());
    let watch = Stopwatch::start();
    let mut stage = "";
    let mut progress = |it: tributary_app::verify::VerifyProgress| {
        if it.stage != stage {
            println!("  {} from {:.1} s", it.stage, watch.elapsed().as_secs_f64());
            stage = it.stage;
        }
    };
    let report = verify(&world.app, None, &mut progress).await.unwrap();
    println!(
        "{} transfers, {} commissions, {} findings: verified in {:.1} s",
        report.transfers,
        report.commissions,
        report.findings_total,
        watch.elapsed().as_secs_f64()
    );
}

#[tokio::main]
async fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    let number = |at: usize, usual: usize| {
        arguments.get(at).map_or(usual, |text| text.parse().expect("a number"))
    };
    match arguments.get(1).map(String::as_str) {
        Some("ingest") => {
            let (total, per_visitor) = (number(2, 1_000_000) as u64, number(4, 3) as u64);
            measure_ingest(total, number(3, 20_000), per_visitor, number(5, 20) as u64).await;
        }
        Some("verify") => measure_verify(number(2, 350_000)).await,
        _ => println!("say `ingest` or `verify`, and how many"),
    }
}
