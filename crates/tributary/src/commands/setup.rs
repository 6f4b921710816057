use std::io::IsTerminal as _;
use std::path::Path;
use std::process::ExitCode;

use clap::Args;
use tributary_app::access::{CreateKey, SetUp, create_key, set_up};
use tributary_directory::{Actor, Scope};

use crate::Failure;
use crate::config::Config;

/// `tributary setup`.
#[derive(Debug, Args)]
pub(crate) struct Setup {
    /// The organisation's name, as on statements.
    #[arg(long)]
    organisation: String,
    /// Its country's two letters.
    #[arg(long)]
    country: String,
    /// The administrator's name.
    #[arg(long)]
    name: String,
    /// The administrator's mail address: what they log in with.
    #[arg(long)]
    email: String,
    /// The administrator's language: en, da, sv or id.
    #[arg(long, default_value = "en")]
    language: String,
    /// Read the administrator's password from standard input (one line). Without it they log in
    /// by mailed link only.
    #[arg(long)]
    password_stdin: bool,
}

impl Setup {
    pub(crate) async fn run(
        self,
        config: &Config,
        config_file: Option<&Path>,
    ) -> Result<ExitCode, Failure> {
        let app = crate::open::app(config).await?;
        let password = if self.password_stdin {
            if std::io::stdin().is_terminal() {
                eprintln!("Password:");
            }
            let mut line = String::new();
            std::io::stdin().read_line(&mut line)?;
            Some(line.trim_end_matches(['\r', '\n']).to_owned())
        } else {
            None
        };
        let system = Actor::System { job: "command_line" };
        let input = SetUp {
            organisation: self.organisation,
            country: self.country,
            name: self.name,
            email: self.email,
            password,
            language: self.language,
        };
        let done = set_up(&app, Some(&system), input).await?;
        let key = CreateKey {
            owner: done.owner,
            integration: "command line".to_owned(),
            name: "First key".to_owned(),
            scopes: vec![
                Scope::Read,
                Scope::Manage,
                Scope::Report,
                Scope::Decide,
                Scope::Pay,
                Scope::Administer,
            ],
            expires_at: None,
        };
        let created = create_key(&app, &system, key).await?;
        println!("organisation  {}", done.owner);
        println!("administrator {}", done.administrator);
        println!("api key       {}", created.secret);
        println!("Keep the key: it is not shown again. Start with: {}", serve_command(config_file));
        Ok(ExitCode::SUCCESS)
    }
}

/// How the installation that was just made is started.
fn serve_command(config_file: Option<&Path>) -> String {
    match config_file {
        Some(file) => format!("tributary serve --config {}", file.display()),
        None => "tributary serve".to_owned(),
    }
}
