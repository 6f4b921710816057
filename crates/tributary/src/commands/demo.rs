use std::fs::{File, TryLockError};
use std::io::{ErrorKind, Write as _};
use std::net::{SocketAddr, TcpListener};
use std::os::unix::fs::DirBuilderExt as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use clap::Args;
use tributary_app::App;
use tributary_app::verify::verify;
use tributary_kernel::{Clock as _, ManualClock, Stopwatch, SystemClock, Timestamp};
use tributary_sim::{Progress, SimOptions, SimUser, SimWorld, play_year};
use tributary_store::engine::Engine;
use tributary_store::install;

use crate::Failure;
use crate::config::Config;
use crate::serve::{self, DemoLogIn, Ending};

/// `tributary demo`.
#[derive(Debug, Args)]
pub(crate) struct Demo {
    /// The folder of the demo; played anew each time, and refused when it holds real data.
    #[arg(long, default_value = "tributary-demo")]
    folder: PathBuf,
    /// Volume: 1 is some 130,000 clicks and 7,000 conversions.
    #[arg(long, default_value_t = 1.0)]
    scale: f64,
    /// Names the world: another number, another year.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Play and verify, print what was made, and stop.
    #[arg(long)]
    no_serve: bool,
}

/// What marks a folder as the demo's own, to be thrown away.
const MARK: &str = "demo.world";

impl Demo {
    pub(crate) async fn run(self, mut config: Config) -> Result<ExitCode, Failure> {
        for (name, address) in [("web", config.web.listen), ("edge", config.edge.listen)] {
            if !address.ip().is_loopback() {
                let told =
                    format!("the demo listens on this machine only; {name}.listen is {address}");
                return Err(told.into());
            }
        }
        // Before anything is thrown away: a demo that serves already keeps its folder, and one that
        // could not serve need not be played.
        let addresses = if self.no_serve { Vec::new() } else { hold_addresses(&config)? };
        clear(&self.folder)?;
        let _mark = hold(&self.folder)?;
        config.folder = self.folder.clone();
        config.database.url.clear();
        let world = self.play(&config).await?;
        if self.no_serve {
            return Ok(ExitCode::SUCCESS);
        }
        let log_ins = log_ins(&world);
        println!();
        for it in &log_ins {
            println!("{:<32} {}/demo/{}", it.name, config.web.public_url, it.token);
        }
        println!("{:<32} {}/docs", "API", config.web.public_url);
        println!("{:<32} {}", "Links", config.edge.public_url);
        println!("Stop with Ctrl-C; the folder {} can then be deleted.", self.folder.display());
        crate::log::start(&config.log)?;
        drop(addresses);
        Ok(match serve::serve_demo(config, log_ins).await? {
            Ending::Asked => ExitCode::SUCCESS,
            Ending::SpoolFailed => ExitCode::from(crate::EXIT_SPOOL_FAILED),
        })
    }

    async fn play(&self, config: &Config) -> Result<SimWorld, Failure> {
        let engines = crate::open::engines(config).await?;
        crate::open::migrate(&engines).await?;
        mark(&*engines.record).await?;
        let until = SystemClock.now();
        let clock = Arc::new(ManualClock::new(until.plus_days(-365)));
        let app = crate::open::on_engines(engines, &config.folder, Arc::clone(&clock) as _).await?;
        let took = Stopwatch::start();
        let world = self.year(&app, &clock, until).await?;
        println!("\nThe year took {:.1} s.", took.elapsed().as_secs_f64());
        let took = Stopwatch::start();
        let report = verify(&app, None, &mut |_| {}).await?;
        for finding in &report.findings {
            println!("{} {}: {}", finding.what, finding.subject, finding.detail);
        }
        if !report.is_green() {
            return Err(format!("{} things do not agree", report.findings_total).into());
        }
        println!(
            "Verified in {:.1} s: {} transfers replayed, {} commissions recomputed, everything \
             agrees.",
            took.elapsed().as_secs_f64(),
            report.transfers,
            report.commissions,
        );
        Ok(world)
    }

    async fn year(
        &self,
        app: &App,
        clock: &ManualClock,
        until: Timestamp,
    ) -> Result<SimWorld, Failure> {
        let options = SimOptions { seed: self.seed, scale: self.scale, until };
        let mut told = |it: Progress| {
            print!(
                "\r{} day {:>3} of {}: {} clicks, {} conversions, {} payouts   ",
                it.date,
                it.day,
                it.days,
                it.counts.clicks,
                it.counts.conversions,
                it.counts.payouts,
            );
            // A terminal that is gone does not stop the work.
            let _ = std::io::stdout().flush();
        };
        Ok(play_year(app, clock, options, &mut told).await?)
    }
}

/// Takes the addresses that will be served at, so that nobody else does meanwhile.
fn hold_addresses(config: &Config) -> Result<Vec<TcpListener>, Failure> {
    let wanted = [
        ("web", config.web.listen),
        ("edge", config.edge.listen),
        ("metrics", config.metrics.listen),
    ];
    let hold = |(name, address): (&str, SocketAddr)| {
        TcpListener::bind(address).map_err(|error| {
            let cure = match error.kind() {
                ErrorKind::AddrInUse => "end what listens there, perhaps another demo, or",
                _ => "please",
            };
            Failure::from(format!("cannot listen on {address}: {error}; {cure} set {name}.listen"))
        })
    };
    wanted.into_iter().map(hold).collect()
}

/// Marks a folder as a demo's own and holds the mark as long as this process lives.
fn hold(folder: &Path) -> Result<File, Failure> {
    std::fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    let mut mark = File::create(folder.join(MARK))?;
    mark.try_lock().map_err(|error| not_held(folder, error))?;
    mark.write_all(b"Made by tributary demo; holds nothing real.\n")?;
    Ok(mark)
}

fn not_held(folder: &Path, error: TryLockError) -> Failure {
    let folder = folder.display();
    match error {
        TryLockError::WouldBlock => {
            format!("another demo uses {folder}; end it, or name another folder with --folder")
                .into()
        }
        TryLockError::Error(error) => format!("{folder}: {error}").into(),
    }
}

/// Empties a folder that a demo made and none uses; any other that holds something is refused.
fn clear(folder: &Path) -> Result<(), Failure> {
    let mut entries = match std::fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(format!("{}: {error}", folder.display()).into()),
    };
    if let Ok(mark) = File::open(folder.join(MARK)) {
        mark.try_lock().map_err(|error| not_held(folder, error))?;
        return Ok(std::fs::remove_dir_all(folder)?);
    }
    if entries.next().is_none() {
        return Ok(());
    }
    let told = format!(
        "{} holds something that no demo made; name another folder with --folder",
        folder.display()
    );
    Err(told.into())
}

/// Says in the database, too, that nothing in it is real.
async fn mark(record: &dyn Engine) -> Result<(), Failure> {
    let mut tx = record.begin().await?;
    install::put_setting(&mut *tx, "environment", "demo").await?;
    tx.commit().await?;
    Ok(())
}

fn log_ins(world: &SimWorld) -> Vec<DemoLogIn> {
    let one = |what: &str, token: &str, it: &SimUser| DemoLogIn {
        name: format!("{what} ({})", it.name),
        token: token.to_owned(),
        user: it.user,
    };
    vec![
        one("Manager", "manager", &world.manager),
        one("Partner", "partner", &world.partner),
        one("Agency", "agency", &world.agency),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_demos_own_folder_is_emptied() {
        let folder = tempfile::tempdir().unwrap();
        assert!(clear(&folder.path().join("none")).is_ok());
        assert!(clear(folder.path()).is_ok(), "empty");
        std::fs::write(folder.path().join("record.db"), "real").unwrap();
        assert!(clear(folder.path()).is_err());
        assert!(folder.path().join("record.db").exists());
        std::fs::write(folder.path().join(MARK), "").unwrap();
        assert!(clear(folder.path()).is_ok());
        assert!(!folder.path().exists());
    }
}
