//! An installation with very many links: some that the use case made, and copies of them, because
//! making a million one by one takes longer than all there is to measure.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use tributary_app::access::{SetUp, set_up};
use tributary_app::directory::{InvitePartner, create_program, invite_partner};
use tributary_app::{App, AppError, Secrets};
use tributary_click::{ClickKey, ClickKeyring};
use tributary_directory::{Actor, PartnerKind, Program, ProgramTerms, Role};
use tributary_kernel::{SystemClock, SystemEntropy};
use tributary_money::Currency;
use tributary_store::engine::{Engine, MigrationSet};
use tributary_store_sqlite::{SqliteEngine, SqliteOptions};

use super::Stand;
use crate::error::BenchError;

/// Partners, each with the link that comes with it.
const PARTNERS: u32 = 100;

/// Adds `$1` links, of the partners by turns. SQLite's SQL: only it is measured here.
const COPIES: &str = "\
INSERT INTO link (owner_id, id, number, program_id, partnership_id, partner_id, host, path, \
    destination, campaign, method, status, created_at) \
WITH RECURSIVE copy (place) AS \
    (SELECT 1 UNION ALL SELECT place + 1 FROM copy WHERE place < $1), \
first (number, count) AS (SELECT MAX(number), COUNT(*) FROM link), \
made AS (SELECT link.*, ROW_NUMBER() OVER (ORDER BY number) - 1 AS turn FROM link) \
SELECT owner_id, randomblob(16), first.number + place, program_id, partnership_id, partner_id, \
    host, path || '/campaign-' || place, 'https://www.acme.example/product/' || place, campaign, \
    method, status, created_at \
FROM copy CROSS JOIN first JOIN made ON turn = place % first.count";

/// Makes the folder and lets the server keep its snapshot; the folder and the path of the last
/// link.
pub(super) async fn make(
    program: &Path,
    folder: &Path,
    links: u32,
) -> Result<(PathBuf, String), BenchError> {
    let data = folder.join("large");
    std::fs::create_dir(&data).map_err(|source| {
        let what = data.display().to_string();
        BenchError::Io { what, source }
    })?;
    let link = fill(&data, links).await.map_err(|error| BenchError::Unfit(error.to_string()))?;
    println!("{links} links are made");
    let stand = Stand { program, data: &data, link };
    let started = stand.start().await?;
    println!("read from the database and kept after {:?}", started.first_answer);
    let Stand { link, .. } = stand;
    let mut process = started.process;
    process.stop().await;
    Ok((data, link))
}

async fn fill(data: &Path, links: u32) -> Result<String, AppError> {
    let open = |name| SqliteEngine::open(data.join(name), SqliteOptions::default()).map(Arc::new);
    let (record, touches) = (open("record.db")?, open("touches.db")?);
    record.migrate(MigrationSet::Record).await?;
    touches.migrate(MigrationSet::Touches).await?;
    // Nothing is sealed or minted here; the server makes keys of its own when it starts.
    let key = ClickKey { id: 0, secret: [1; 32], verify_until: None };
    let ring = ClickKeyring::new(vec![key], 0).expect("one key mints");
    let secrets = Arc::new(Secrets::new(&[1; 32], [2; 32]));
    let app = App::new(
        Arc::clone(&record) as _,
        Arc::clone(&touches) as _,
        Arc::new(SystemClock),
        Arc::new(SystemEntropy),
        secrets,
        ring,
    );
    let last = make_links(&app, links).await?;
    drop(app);
    record.close().await?;
    touches.close().await?;
    Ok(format!("/{last}"))
}

async fn make_links(app: &App, links: u32) -> Result<String, AppError> {
    let input = SetUp {
        organisation: "Acme".into(),
        country: "DK".into(),
        name: "Mette".into(),
        email: "mette@acme.example".into(),
        password: None,
        language: "da".into(),
    };
    let done = set_up(app, None, input).await?;
    let (user, owner) = (done.administrator, done.owner);
    let admin = Actor::Member { user, owner, role: Role::Administrator };
    let address = "https://www.acme.example/";
    let terms = ProgramTerms::usual("CRM", Currency::DKK, "Europe/Copenhagen", address);
    let program = create_program(app, &admin, owner, terms).await?;
    for number in 0..PARTNERS {
        partner(app, &admin, &program, number).await?;
    }
    let mut tx = app.record.begin().await?;
    tx.execute(COPIES, vec![links.into()]).await?;
    tx.commit().await?;
    let mut reader = app.record.read().await?;
    let last = tributary_store::partnership::scan_links(&mut *reader, links, 1).await?.pop();
    let last = last.ok_or_else(|| AppError::Corrupt("there are too few links".to_owned()))?;
    Ok(last.path)
}

async fn partner(app: &App, admin: &Actor, program: &Program, number: u32) -> Result<(), AppError> {
    let input = InvitePartner {
        owner: program.owner,
        program: program.id,
        name: format!("Partner {number}"),
        email: format!("p{number}@partners.example"),
        kind: PartnerKind::Content,
        country: "DK".into(),
        language: "da".into(),
        code: None,
        group: None,
        active: true,
    };
    invite_partner(app, admin, input).await.map(drop)
}
