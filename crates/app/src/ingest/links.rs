use std::collections::{BTreeSet, HashMap};

use tributary_click::Entry;
use tributary_directory::ConsentMode;
use tributary_kernel::{LinkId, OrganisationId, PartnerId, ProgramId, Zone};
use tributary_store::{partnership, program};

use crate::{App, AppError};

/// Links kept in memory, some 100 bytes each; beyond that all are forgotten and read again.
const LINKS_KEPT_MAX: usize = 200_000;

/// What a link number stands for; never changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct LinkOf {
    pub(super) owner: OrganisationId,
    pub(super) program: ProgramId,
    pub(super) partner: PartnerId,
    pub(super) link: LinkId,
}

/// What of a program's terms ingest hangs on.
#[derive(Debug, Clone)]
pub(super) struct Terms {
    pub(super) zone: Zone,
    pub(super) window_days: u32,
    pub(super) consent_required: bool,
}

/// Links by number, and the terms of their programs as of the newest batch.
#[derive(Debug, Default)]
pub(super) struct LinkCache {
    links: HashMap<u32, LinkOf>,
    terms: HashMap<ProgramId, Terms>,
}

impl LinkCache {
    pub(super) fn link(&self, number: u32) -> Option<&LinkOf> {
        self.links.get(&number)
    }

    pub(super) fn terms(&self, program: ProgramId) -> Option<&Terms> {
        self.terms.get(&program)
    }

    /// Makes sure that the links of these entries are known, as far as they exist, and their
    /// programs as they are now.
    pub(super) async fn load(&mut self, app: &App, entries: &[Entry]) -> Result<(), AppError> {
        let mut numbers: Vec<u32> = entries.iter().filter_map(link_number).collect();
        numbers.sort_unstable();
        numbers.dedup();
        if self.links.len() + numbers.len() > LINKS_KEPT_MAX {
            self.links.clear();
        }
        let missing: Vec<u32> =
            numbers.iter().filter(|number| !self.links.contains_key(number)).copied().collect();
        let mut conn = app.record.read().await?;
        for it in partnership::links_by_number(&mut *conn, &missing).await? {
            let (owner, program) = (it.owner, it.program);
            let known = LinkOf { owner, program, partner: it.partner, link: it.id };
            self.links.insert(it.number, known);
        }
        let programs: BTreeSet<ProgramId> =
            numbers.iter().filter_map(|number| Some(self.links.get(number)?.program)).collect();
        let programs: Vec<ProgramId> = programs.into_iter().collect();
        self.terms.clear();
        for it in program::by_ids(&mut *conn, &programs).await? {
            let zone = Zone::named(&it.terms.time_zone)
                .map_err(|error| AppError::Corrupt(format!("{}: {error}", it.id)))?;
            let terms = Terms {
                zone,
                window_days: it.terms.window_days,
                consent_required: it.terms.consent_mode == ConsentMode::Required,
            };
            self.terms.insert(it.id, terms);
        }
        Ok(())
    }
}

fn link_number(entry: &Entry) -> Option<u32> {
    match entry {
        Entry::Click(click) => Some(click.link_number),
        Entry::Consent(consent) => Some(consent.click_id.link_number()),
        Entry::Loss(_) => None,
    }
}
