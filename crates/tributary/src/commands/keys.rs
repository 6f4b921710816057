use std::fs::OpenOptions;
use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Subcommand;
use tributary_app::click_keys::rotate_click_keys;
use tributary_directory::Actor;
use tributary_kernel::SystemEntropy;

use crate::Failure;
use crate::backup::seal::Identity;
use crate::config::Config;

/// `tributary keys …`.
#[derive(Debug, Subcommand)]
pub(crate) enum Keys {
    /// Makes a new key for click ids; the old one verifies as long as its ids may come back.
    Rotate,
    /// Makes a key for sealed backups: the secret half goes into a file, to be kept where the
    /// backups can be needed and the installation is not; the public half is printed.
    Backup {
        /// The new file for the secret half.
        identity: PathBuf,
    },
}

impl Keys {
    pub(crate) async fn run(self, config: &Config) -> Result<ExitCode, Failure> {
        match self {
            Self::Rotate => rotate(config).await,
            Self::Backup { identity } => backup(&identity),
        }
    }
}

async fn rotate(config: &Config) -> Result<ExitCode, Failure> {
    let app = crate::open::app(config).await?;
    let keys = rotate_click_keys(&app, &Actor::System { job: "command_line" }).await?;
    println!("New click ids are made with key {}.", keys.minting);
    for key in keys.keys.iter().filter(|key| key.id != keys.minting) {
        match key.verify_until {
            Some(until) => println!("Key {} verifies until {until}.", key.id),
            None => println!("Key {} verifies.", key.id),
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn backup(path: &Path) -> Result<ExitCode, Failure> {
    let failed = |error: std::io::Error| format!("{}: {error}", path.display());
    let identity = Identity::new(&SystemEntropy);
    let recipient = identity.recipient();
    let mut file =
        OpenOptions::new().write(true).create_new(true).mode(0o600).open(path).map_err(failed)?;
    let text = format!(
        "# Opens backups sealed for {recipient}\n# Without it they are lost. Keep it away from \
         the installation.\n{}\n",
        identity.to_text()
    );
    file.write_all(text.as_bytes()).and_then(|()| file.sync_all()).map_err(failed)?;
    println!("[backup]\nrecipient = \"{recipient}\"");
    eprintln!(
        "The two lines above belong into the configuration. Take {} away from this machine, and \
         keep it in two places.",
        path.display()
    );
    Ok(ExitCode::SUCCESS)
}
