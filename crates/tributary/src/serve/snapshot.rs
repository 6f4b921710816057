//! The edge's source of links and programs: the record, through `app`.

use std::sync::Arc;

use async_trait::async_trait;
use tributary_app::App;
use tributary_app::click_keys::ClickKeys;
use tributary_app::snapshot::{
    SnapshotLink, SnapshotProgram, SnapshotReferral, SnapshotSink, load_snapshot, snapshot_changes,
};
use tributary_edge::{
    FeedConfig, KeyMaterial, KeySeal, LinkEntry, ProgramEntry, ReferralEntry, SnapshotBuilder,
    SnapshotChanges, SnapshotFeed, SnapshotFile, SnapshotSource, SourceError,
};

use crate::config::Config;

/// The feed, with what was kept of the last run.
pub(crate) fn feed(app: &App, config: &Config) -> SnapshotFeed {
    let seal = Arc::new(Seal(app.clone()));
    let file = SnapshotFile::new(config.folder.join("snapshot.bin"), seal);
    let source = Arc::new(Source(app.clone()));
    SnapshotFeed::open(source, file, Arc::clone(&app.clock), FeedConfig::default())
}

/// Click keys in the kept file are sealed with the master key.
#[derive(Debug)]
struct Seal(App);

const PURPOSE: &str = "snapshot_keys";

impl KeySeal for Seal {
    fn seal(&self, plain: &[u8]) -> Vec<u8> {
        self.0.secrets.seal(PURPOSE, plain, &*self.0.entropy)
    }

    fn open(&self, sealed: &[u8]) -> Option<Vec<u8>> {
        self.0.secrets.open(PURPOSE, sealed).ok()
    }
}

#[derive(Debug)]
struct Source(App);

/// Takes the keys for this process's own ring too: they may have been rotated by another, and what
/// the edge makes from now on must verify here.
fn take_keys(app: &App, keys: &ClickKeys) {
    match keys.ring() {
        Ok(ring) => app.set_keyring(ring),
        Err(error) => tracing::error!(%error, "click_keys.unusable"),
    }
}

/// Hands what `app` tells on to the edge's builder.
struct Sink<'a>(&'a mut SnapshotBuilder, &'a App);

impl SnapshotSink for Sink<'_> {
    fn begin(&mut self, cursor: u64, keys: Option<ClickKeys>) {
        if let Some(keys) = &keys {
            take_keys(self.1, keys);
        }
        self.0.set_cursor(cursor);
        self.0.set_keys(keys.map(material).unwrap_or_default());
    }

    fn program(&mut self, it: SnapshotProgram) {
        self.0.push_program(program(it));
    }

    fn link(&mut self, it: SnapshotLink) {
        self.0.push_link(&link(it));
    }

    fn referral(&mut self, it: SnapshotReferral) {
        self.0.push_referral(&referral(it));
    }
}

#[async_trait]
impl SnapshotSource for Source {
    async fn load(&self, into: &mut SnapshotBuilder) -> Result<(), SourceError> {
        load_snapshot(&self.0, &mut Sink(into, &self.0)).await.map_err(SourceError::new)
    }

    async fn changes(&self, cursor: u64) -> Result<SnapshotChanges, SourceError> {
        let delta = snapshot_changes(&self.0, cursor).await.map_err(SourceError::new)?;
        if let Some(keys) = &delta.keys {
            take_keys(&self.0, keys);
        }
        Ok(SnapshotChanges {
            cursor: delta.cursor,
            reload: delta.reload,
            programs: delta.programs.into_iter().map(program).collect(),
            links: delta.links.into_iter().map(link).collect(),
            referrals: delta.referrals.into_iter().map(referral).collect(),
            keys: delta.keys.map(material),
            ..SnapshotChanges::default()
        })
    }
}

fn material(keys: ClickKeys) -> KeyMaterial {
    KeyMaterial { keys: keys.keys, minting: keys.minting }
}

fn program(it: SnapshotProgram) -> ProgramEntry {
    let terms = it.program.terms;
    ProgramEntry {
        program: *it.program.id.as_bytes(),
        owner: *it.program.owner.as_bytes(),
        active: it.active,
        test: it.test,
        consent_required: it.consent_required,
        landing_url: terms.landing_url,
        fallback_url: terms.fallback_url,
        allowed_domains: terms.allowed_domains,
        parameters: terms.link_parameters,
        click_parameter: terms.click_parameter,
        public_key: it.program.public_key,
        cookie_days: it.cookie_days,
        cookie_domain: terms.cookie_domain,
    }
}

fn link(it: SnapshotLink) -> LinkEntry {
    LinkEntry {
        number: it.number,
        program: *it.program.as_bytes(),
        host: it.host,
        path: it.path,
        destination: it.destination,
        referral_code: it.referral_code,
        active: it.active,
    }
}

fn referral(it: SnapshotReferral) -> ReferralEntry {
    ReferralEntry { program: *it.program.as_bytes(), code: it.code, link_number: it.link_number }
}
