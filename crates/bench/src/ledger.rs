//! A ledger made through the use cases: sales of a hundred partners, reported by the thousand.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args;
use tributary_app::access::{SetUp, set_up};
use tributary_app::conversion::{ReportConversion, ReportOutcome, report_conversions};
use tributary_app::directory::{
    CreateLink, InvitePartner, PublishPlan, create_link, create_program, go_live, invite_partner,
    publish_plan,
};
use tributary_app::{App, Secrets};
use tributary_click::{ClickKey, ClickKeyring, ClickMinter};
use tributary_directory::{Actor, PartnerKind, ProgramTerms, Role};
use tributary_kernel::{Clock, ManualClock, OrganisationId, ProgramId, SeededEntropy, Stopwatch};
use tributary_money::{Currency, Money};
use tributary_store::engine::{Engine, MigrationSet};
use tributary_store::organisation;
use tributary_store_sqlite::{SqliteEngine, SqliteOptions};

use crate::error::{BenchError, During};
use crate::machine::root;

const PLAN: &str = r#"{"format": 1, "name": "20 %", "rules": [
    {"id": "sale", "events": ["sale"], "amount": {"percent": "20", "of": "gross"}}]}"#;
const PARTNERS: usize = 100;
const LINKS_EACH: usize = 10;
const BATCH: usize = 1_000;
const BEGIN: &str = "2026-03-02T09:00:00Z";

/// How large the ledger is, and how often it is measured.
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// Sales, and so commissions and transfers.
    #[arg(long, default_value_t = 1_000_000)]
    sales: usize,
    /// Rounds, of which the median counts.
    #[arg(long, default_value_t = 3)]
    pub(crate) rounds: usize,
    /// Where the ledger is kept for the next run of any bench on it; it is made when it is not
    /// there.
    #[arg(long)]
    folder: Option<PathBuf>,
    /// Writes the figures into docs/benchmarks.md.
    #[arg(long)]
    pub(crate) record: bool,
}

/// An installation in a folder, with one organisation.
pub(crate) struct Ledger {
    pub(crate) app: App,
    pub(crate) owner: OrganisationId,
}

/// What the program under measurement says when it fails.
pub(crate) fn fault(error: impl std::fmt::Display) -> BenchError {
    BenchError::Unfit(error.to_string())
}

impl Ledger {
    /// Opens the ledger that was asked for, after making it when it is not there.
    pub(crate) async fn open(options: &Options) -> Result<Self, BenchError> {
        let sales = options.sales;
        let usual = || root().join(format!("target/bench/ledger-{sales}"));
        let folder = &options.folder.clone().unwrap_or_else(usual);
        let complete = folder.join("complete");
        let made = complete.exists();
        if !made {
            if folder.exists() {
                std::fs::remove_dir_all(folder).during("an unfinished ledger")?;
            }
            std::fs::create_dir_all(folder).during("the ledger's folder")?;
        }
        let begin = BEGIN.parse().map_err(fault)?;
        let clock = Arc::new(ManualClock::new(begin));
        let app = open(folder, &clock).await?;
        if !made {
            let watch = Stopwatch::start();
            fill(&app, &clock, sales).await?;
            std::fs::write(&complete, b"").during("the ledger's folder")?;
            println!("{sales} sales reported in {:.0} s", watch.elapsed().as_secs_f64());
        }
        let mut conn = app.record.read().await.map_err(fault)?;
        let all = organisation::all_organisations(&mut *conn).await.map_err(fault)?;
        drop(conn);
        let owner = all.first().ok_or_else(|| fault("the ledger has no owner"))?.id;
        Ok(Self { app, owner })
    }
}

async fn open(folder: &Path, clock: &Arc<ManualClock>) -> Result<App, BenchError> {
    let engine = |name: &str| -> Result<Arc<dyn Engine>, BenchError> {
        let opened = SqliteEngine::open(folder.join(name), SqliteOptions::default());
        Ok(Arc::new(opened.map_err(fault)?))
    };
    let (record, touches) = (engine("record.db")?, engine("touches.db")?);
    record.migrate(MigrationSet::Record).await.map_err(fault)?;
    touches.migrate(MigrationSet::Touches).await.map_err(fault)?;
    let key = ClickKey { id: 0, secret: [5; 32], verify_until: None };
    let ring = ClickKeyring::new(vec![key], 0).map_err(fault)?;
    let secrets = Arc::new(Secrets::new(&[1; 32], [2; 32]));
    let entropy = Arc::new(SeededEntropy::new(1));
    Ok(App::new(record, touches, Arc::clone(clock) as _, entropy, secrets, ring))
}

async fn fill(app: &App, clock: &ManualClock, sales: usize) -> Result<(), BenchError> {
    let input = SetUp {
        organisation: "Acme".into(),
        country: "DK".into(),
        name: "Mette".into(),
        email: "mette@acme.example".into(),
        password: None,
        language: "da".into(),
    };
    let done = set_up(app, None, input).await.map_err(fault)?;
    let (owner, user) = (done.owner, done.administrator);
    let admin = Actor::Member { user, owner, role: Role::Administrator };
    let address = "https://www.acme.example/";
    let terms = ProgramTerms::usual("CRM", Currency::DKK, "Europe/Copenhagen", address);
    let program = create_program(app, &admin, owner, terms).await.map_err(fault)?.id;
    let document = PLAN.as_bytes().to_vec();
    let plan = PublishPlan { owner, program, document, effective_from: None, confirmed: true };
    publish_plan(app, &admin, plan).await.map_err(fault)?;
    go_live(app, &admin, owner, program).await.map_err(fault)?;
    let links = links(app, &admin, owner, program).await?;
    let minter = ClickMinter::new(1, None).map_err(fault)?;
    for first in (0..sales).step_by(BATCH) {
        clock.advance_seconds(600);
        let mut reports = Vec::with_capacity(BATCH);
        for n in first..(first + BATCH).min(sales) {
            let link = links[n % links.len()];
            let click = minter.mint(clock.now(), link, &app.keyring()).map_err(fault)?;
            reports.push(ReportConversion {
                program: Some(program),
                kind: "sale".into(),
                order_id: format!("order-{n}"),
                amount: Some(Money::new(100_000, Currency::DKK)),
                click_id: Some(click.to_string()),
                ..ReportConversion::default()
            });
        }
        let outcomes = report_conversions(app, &admin, reports).await.map_err(fault)?;
        if !outcomes.iter().all(|it| matches!(it, ReportOutcome::Applied(_))) {
            return Err(fault("a sale was not applied"));
        }
    }
    Ok(())
}

async fn links(
    app: &App,
    admin: &Actor,
    owner: OrganisationId,
    program: ProgramId,
) -> Result<Vec<u32>, BenchError> {
    let mut links = Vec::new();
    for n in 0..PARTNERS {
        let partner = InvitePartner {
            owner,
            program,
            name: format!("Partner {n}"),
            email: format!("p{n}@partners.example"),
            kind: PartnerKind::Content,
            country: "DK".into(),
            language: "da".into(),
            code: None,
            group: None,
            active: true,
        };
        let partnership = invite_partner(app, admin, partner).await.map_err(fault)?.partnership.id;
        for _ in 0..LINKS_EACH {
            let link = CreateLink {
                partnership,
                path: None,
                host: None,
                destination: None,
                campaign: None,
                method: None,
            };
            links.push(create_link(app, admin, link).await.map_err(fault)?.number);
        }
    }
    Ok(links)
}
