use std::process::ExitCode;

use clap::Subcommand;
use tributary_app::directory::{grant_link_host, link_hosts, revoke_link_host};
use tributary_directory::Actor;
use tributary_kernel::OrganisationId;

use crate::Failure;
use crate::config::Config;

const OPERATOR: Actor = Actor::System { job: "command_line" };

/// `tributary hosts …`.
#[derive(Debug, Subcommand)]
pub(crate) enum Hosts {
    /// Lets an organisation have links on a host of its own. See first that its name is theirs.
    Grant {
        /// Such as `go.acme.example`.
        host: String,
        /// The organisation's id, as `setup` printed it.
        #[arg(long)]
        organisation: OrganisationId,
    },
    /// Takes a host away: links on it lead on, new ones are refused.
    Revoke {
        /// Which.
        host: String,
    },
    /// Prints all of them.
    List,
}

impl Hosts {
    pub(crate) async fn run(self, config: &Config) -> Result<ExitCode, Failure> {
        let app = crate::open::app(config).await?;
        match self {
            Self::Grant { host, organisation } => {
                let it = grant_link_host(&app, &OPERATOR, organisation, &host).await?;
                println!("{} carries links of {}.", it.host, it.owner);
            }
            Self::Revoke { host } => {
                revoke_link_host(&app, &OPERATOR, &host).await?;
                println!("{host} carries no new links.");
            }
            Self::List => {
                for it in link_hosts(&app).await? {
                    println!("{}\t{}\t{}", it.host, it.owner, it.granted_at);
                }
            }
        }
        Ok(ExitCode::SUCCESS)
    }
}
