use std::process::ExitCode;

use clap::Subcommand;
use tributary_spool::{Offset, ReadError, RealIo, SpoolReader, quarantine};

use crate::Failure;
use crate::config::Config;
use crate::open::SPOOL_FOLDER;

/// `tributary spool …`.
#[derive(Debug, Subcommand)]
pub(crate) enum Spool {
    /// Sets unreadable bytes aside, so that ingest goes on behind them. Run it with the range that
    /// the alarm names; without one it looks for the first damage and says where it is.
    Quarantine {
        /// Segment of the damage.
        #[arg(long, requires_all = ["from", "until"])]
        segment: Option<u64>,
        /// First byte to set aside.
        #[arg(long)]
        from: Option<u64>,
        /// The byte after the last.
        #[arg(long)]
        until: Option<u64>,
    },
}

/// Entries read at once while looking for damage.
const ENTRIES_PER_READ: usize = 10_000;

impl Spool {
    pub(crate) fn run(self, config: &Config) -> Result<ExitCode, Failure> {
        let Self::Quarantine { segment, from, until } = self;
        let folder = config.folder.join(SPOOL_FOLDER);
        let node = config.edge.node;
        if let (Some(segment), Some(from), Some(until)) = (segment, from, until) {
            let kept = quarantine(&RealIo, &folder, node, segment, from..until)?;
            println!("{} bytes are set aside in {}.", until - from, kept.display());
            return Ok(ExitCode::SUCCESS);
        }
        let reader = SpoolReader::new(folder, node);
        let mut place = Offset::START;
        loop {
            match reader.read(place, ENTRIES_PER_READ) {
                Ok(batch) if batch.entries.is_empty() && batch.next == place => {
                    println!("The click log reads to its end.");
                    return Ok(ExitCode::SUCCESS);
                }
                Ok(batch) => place = batch.next,
                Err(
                    ReadError::Corrupt { segment, byte, resume_at }
                    | ReadError::Entry { segment, byte, resume_at, .. },
                ) => {
                    println!(
                        "Segment {segment} does not read from byte {byte} to {resume_at}. Run:"
                    );
                    println!(
                        "tributary spool quarantine --segment {segment} --from {byte} --until \
                         {resume_at}"
                    );
                    return Ok(ExitCode::FAILURE);
                }
                Err(error) => return Err(error.into()),
            }
        }
    }
}
