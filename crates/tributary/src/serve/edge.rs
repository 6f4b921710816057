use std::path::PathBuf;
use std::sync::Arc;

use bytes::Bytes;
use tributary_app::App;
use tributary_edge::net::Cidr;
use tributary_edge::{Edge, EdgeConfig, EdgeHandle, EdgeParts, SnapshotHandle};
use tributary_spool::{RealIo, Spool, SpoolConfig, SpoolReader};

use crate::Failure;
use crate::config::{Config, Durability};
use crate::open::SPOOL_FOLDER;

/// What a visitor sees whose address names no link: no words, so that it needs no language.
/// For visitors, whose language nobody knows.
const NOT_FOUND: &[u8] = include_bytes!("not_found.html");

/// The edge and its spool.
pub(crate) struct Running {
    pub(crate) handle: EdgeHandle,
    pub(crate) spool: Arc<Spool>,
    pub(crate) snapshot: SnapshotHandle,
    pub(crate) folder: PathBuf,
    pub(crate) node: u8,
}

impl Running {
    /// A reader that sees what the spool has committed.
    pub(crate) fn reader(&self) -> SpoolReader {
        SpoolReader::new(self.folder.clone(), self.node).following(self.spool.committed())
    }
}

/// Opens the spool and starts the edge.
pub(crate) fn start(
    app: &App,
    config: &Config,
    snapshot: SnapshotHandle,
) -> Result<Running, Failure> {
    let folder = config.folder.join(SPOOL_FOLDER);
    let node = config.edge.node;
    let spool_config = SpoolConfig {
        durability: match config.edge.durability {
            Durability::Durable => tributary_spool::Durability::Durable,
            Durability::AfterWrite => tributary_spool::Durability::AfterWrite,
        },
        ..SpoolConfig::new(folder.clone(), node)
    };
    let (spool, recovery) = Spool::open(spool_config, Arc::new(RealIo), Arc::clone(&app.clock))?;
    if recovery.truncated_bytes > 0 {
        tracing::warn!(bytes = recovery.truncated_bytes, "spool.torn_end_cut");
    }
    if let Some(place) = recovery.corrupt {
        tracing::error!(segment = place.segment, byte = place.byte, "spool.corrupt");
    }
    let spool = Arc::new(spool);
    let mut edge = EdgeConfig::new(config.edge.listen, node, config.folder.join("salts"));
    if config.edge.threads > 0 {
        edge.threads = config.edge.threads;
    }
    edge.trusted_proxies = proxies(&config.web.trusted_proxies)?;
    if !config.edge.country_header.is_empty() {
        let name = config.edge.country_header.parse();
        edge.country_header = Some(name.map_err(|error| format!("edge.country_header: {error}"))?);
    }
    if !config.edge.fallback_url.is_empty() {
        edge.fallback_url = Some(config.edge.fallback_url.clone());
    }
    edge.not_found_page = Bytes::from_static(NOT_FOUND);
    let parts = EdgeParts {
        snapshot: snapshot.clone(),
        spool: Arc::clone(&spool),
        last_minted: recovery.last_minted,
        clock: Arc::clone(&app.clock),
        entropy: Arc::clone(&app.entropy),
    };
    let handle = Edge::start(edge, parts)?;
    Ok(Running { handle, spool, snapshot, folder, node })
}

fn proxies(texts: &[String]) -> Result<Vec<Cidr>, Failure> {
    let parse = |text: &String| {
        text.parse::<Cidr>()
            .map_err(|error| format!("web.trusted_proxies `{text}`: {error}").into())
    };
    texts.iter().map(parse).collect()
}
