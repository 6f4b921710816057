//! Plays the year into a folder on SQLite and says where the time went.
//!
//! `cargo run --release -p tributary-sim --example play -- [scale] [seed] [folder]`
//!
//! A folder that is named is kept, and must hold no other world.

#![expect(clippy::print_stdout, reason = "a program for people who measure")]

use std::error::Error;
use std::path::PathBuf;
use std::sync::Arc;

use tributary_app::verify::verify;
use tributary_app::{App, Secrets};
use tributary_click::{ClickKey, ClickKeyring};
use tributary_kernel::{ManualClock, SeededEntropy, Stopwatch, Timestamp};
use tributary_sim::{SimOptions, play_year};
use tributary_store::engine::{Engine, MigrationSet};
use tributary_store_sqlite::{SqliteEngine, SqliteOptions};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let scale = arguments.next().map_or(Ok(1.0), |text| text.parse())?;
    let seed = arguments.next().map_or(Ok(1), |text| text.parse())?;
    let until: Timestamp = "2026-11-21T09:30:00Z".parse()?;
    let temporary = tempfile::tempdir()?;
    let folder = arguments.next().map_or_else(|| temporary.path().to_owned(), PathBuf::from);
    std::fs::create_dir_all(&folder)?;
    let open = |name| SqliteEngine::open(folder.join(name), SqliteOptions::default());
    let (record, touches) = (Arc::new(open("record.db")?), Arc::new(open("touches.db")?));
    record.migrate(MigrationSet::Record).await?;
    touches.migrate(MigrationSet::Touches).await?;
    let clock = Arc::new(ManualClock::new(until));
    let keyring =
        ClickKeyring::new(vec![ClickKey { id: 0, secret: [5; 32], verify_until: None }], 0)?;
    let app = App::new(
        record,
        touches,
        Arc::clone(&clock) as _,
        Arc::new(SeededEntropy::new(seed)),
        Arc::new(Secrets::new(&[1; 32], [2; 32])),
        keyring,
    );
    let watch = Stopwatch::start();
    let options = SimOptions { seed, scale, until };
    let world = play_year(&app, &clock, options, &mut |progress| {
        if progress.day.is_multiple_of(30) {
            println!("{:>7.2} s  {}", watch.elapsed().as_secs_f64(), progress.date);
        }
    })
    .await?;
    println!("{:#?}", world.counts);
    for (what, spent) in &world.timings {
        println!("{:>8.2} s  {what}", spent.as_secs_f64());
    }
    println!("{:>8.2} s  in all", watch.elapsed().as_secs_f64());
    for file in std::fs::read_dir(&folder)? {
        let file = file?;
        println!("{:>8} KiB  {}", file.metadata()?.len() / 1024, file.file_name().display());
    }
    let watch = Stopwatch::start();
    let report = verify(&app, None, &mut |_| {}).await?;
    println!(
        "{:>8.2} s  verify: {} findings",
        watch.elapsed().as_secs_f64(),
        report.findings_total
    );
    for finding in report.findings.iter().take(10) {
        println!("{finding:?}");
    }
    Ok(())
}
