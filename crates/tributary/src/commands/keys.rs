use std::process::ExitCode;

use clap::Subcommand;
use tributary_app::click_keys::rotate_click_keys;
use tributary_directory::Actor;

use crate::Failure;
use crate::config::Config;

/// `tributary keys …`.
#[derive(Debug, Subcommand)]
pub(crate) enum Keys {
    /// Makes a new key for click ids; the old one verifies as long as its ids may come back.
    Rotate,
}

impl Keys {
    pub(crate) async fn run(self, config: &Config) -> Result<ExitCode, Failure> {
        let app = crate::open::app(config).await?;
        let Self::Rotate = self;
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
}
