//! What edges serve from: programs, links, referral codes and click keys, whole or as they
//! changed. Plain data; whoever wires the process turns it into the edge's own form.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use tributary_directory::{
    ConsentMode, Link, LinkStatus, Mode, Partnership, Program, ProgramStatus, Viewer,
};
use tributary_kernel::{LinkId, PartnershipId, ProgramId};
use tributary_store::engine::Connection;
use tributary_store::install::{self, Changed};
use tributary_store::list::PageRequest;
use tributary_store::partnership::PartnershipFilter;
use tributary_store::{partnership, program};

use crate::click_keys::{ClickKeys, read_keys};
use crate::{App, AppError};

/// Rows read at a time.
const PAGE_ROWS: u32 = 2_000;
/// Changes told in one go; an edge that is further behind loads anew.
const CHANGES_MAX: usize = 10_000;

/// What an edge knows of a program.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SnapshotProgram {
    /// The program, with its owner, public key, mode and terms.
    pub program: Program,
    /// Whether its links give credit.
    pub active: bool,
    /// Whether its clicks are marked as test.
    pub test: bool,
    /// Whether it tracks on consent.
    pub consent_required: bool,
    /// Life of the cookie: the window.
    pub cookie_days: u32,
}

/// What an edge knows of a link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SnapshotLink {
    /// Its number.
    pub number: u32,
    /// Its program.
    pub program: ProgramId,
    /// The host it is for; none: any host of this installation.
    pub host: Option<String>,
    /// Its path, without a slash before or after.
    pub path: String,
    /// Where it leads; none: the program's landing page.
    pub destination: Option<String>,
    /// The partner's code.
    pub referral_code: String,
    /// Whether it gives credit: it is switched on and its partnership is active.
    pub active: bool,
}

/// A partner's code, and the link that `?via=` with it counts on: the partnership's oldest that is
/// switched on, else its oldest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SnapshotReferral {
    /// Its program.
    pub program: ProgramId,
    /// The code.
    pub code: String,
    /// The link.
    pub link_number: u32,
}

/// Takes a snapshot piece by piece, so that a million links never stand in memory twice.
pub trait SnapshotSink: Send {
    /// Where the feed of changes continues; and the keys, none when no ids are to be made.
    fn begin(&mut self, cursor: u64, keys: Option<ClickKeys>);
    /// A program; before its links.
    fn program(&mut self, it: SnapshotProgram);
    /// A link.
    fn link(&mut self, it: SnapshotLink);
    /// A referral code; after its link.
    fn referral(&mut self, it: SnapshotReferral);
}

/// What is new or changed since a cursor. Nothing of a snapshot is ever deleted.
#[derive(Debug, Clone, Default)]
pub struct SnapshotDelta {
    /// Where the feed continues.
    pub cursor: u64,
    /// The difference cannot be told: load anew.
    pub reload: bool,
    /// Programs.
    pub programs: Vec<SnapshotProgram>,
    /// Links.
    pub links: Vec<SnapshotLink>,
    /// Referral codes.
    pub referrals: Vec<SnapshotReferral>,
    /// The keys, when they changed.
    pub keys: Option<ClickKeys>,
}

fn program_of(it: Program) -> SnapshotProgram {
    SnapshotProgram {
        active: it.terms.status == ProgramStatus::Active,
        test: it.mode == Mode::Test,
        consent_required: it.terms.consent_mode == ConsentMode::Required,
        cookie_days: it.terms.window_days,
        program: it,
    }
}

fn link_of(it: &Link, code: &str, partnership_active: bool) -> SnapshotLink {
    SnapshotLink {
        number: it.number,
        program: it.program,
        host: Some(it.host.clone()).filter(|host| !host.is_empty()),
        path: it.path.clone(),
        destination: it.destination.clone(),
        referral_code: code.to_owned(),
        active: partnership_active && it.status == LinkStatus::Active,
    }
}

/// What links need of their partnership while all are read.
struct Whose {
    program: ProgramId,
    code: Box<str>,
    active: bool,
    /// The link of its code so far, and whether that one is switched on.
    referral: Option<(u32, bool)>,
}

/// Reads everything, in one consistent view of the database.
pub async fn load_snapshot(app: &App, sink: &mut dyn SnapshotSink) -> Result<(), AppError> {
    let mut conn = app.record.read().await?;
    let cursor = install::change_cursor(&mut *conn).await?;
    let keys = read_keys(app, &mut *conn).await?;
    sink.begin(cursor.cast_unsigned(), keys);
    let mut after = [0; 16];
    loop {
        let page = program::scan(&mut *conn, after, PAGE_ROWS).await?;
        let last = page.len() < PAGE_ROWS as usize;
        for it in page {
            after = *it.id.as_bytes();
            sink.program(program_of(it));
        }
        if last {
            break;
        }
    }
    let mut whose = partnerships(&mut *conn).await?;
    let mut after = 0;
    loop {
        let page = partnership::scan_links(&mut *conn, after, PAGE_ROWS).await?;
        for it in &page {
            after = it.number;
            let Some(of) = whose.get_mut(&it.partnership) else { continue };
            sink.link(link_of(it, &of.code, of.active));
            let on = it.status == LinkStatus::Active;
            // Links come by number: the first that is on stays.
            if of.referral.is_none_or(|(_, is_on)| on && !is_on) {
                of.referral = Some((it.number, on));
            }
        }
        if page.len() < PAGE_ROWS as usize {
            break;
        }
    }
    for of in whose.into_values() {
        if let Some((link_number, _)) = of.referral {
            let code = of.code.into_string();
            sink.referral(SnapshotReferral { program: of.program, code, link_number });
        }
    }
    Ok(())
}

async fn partnerships(
    conn: &mut dyn Connection,
) -> Result<HashMap<PartnershipId, Whose>, AppError> {
    let mut whose = HashMap::new();
    let mut after = [0; 16];
    loop {
        let page = partnership::scan(conn, after, PAGE_ROWS).await?;
        let last = page.len() < PAGE_ROWS as usize;
        for it in page {
            after = *it.id.as_bytes();
            let active = it.status.earns();
            let code = it.code.into_boxed_str();
            whose.insert(it.id, Whose { program: it.program, code, active, referral: None });
        }
        if last {
            return Ok(whose);
        }
    }
}

/// Tells what changed since a cursor, at most some thousands of things: the cursor says how far.
pub async fn snapshot_changes(app: &App, since: u64) -> Result<SnapshotDelta, AppError> {
    let mut conn = app.record.read().await?;
    let cursor = i64::try_from(since).unwrap_or(i64::MAX);
    let changes = install::changes_after(&mut *conn, cursor, CHANGES_MAX as u32).await?;
    let newest = install::change_cursor(&mut *conn).await?;
    let follows = changes.first().is_none_or(|(seq, _)| *seq == cursor.saturating_add(1));
    if cursor > newest || !follows || changes.len() == CHANGES_MAX {
        // Restored from a backup, cleared since, or too far behind.
        return Ok(SnapshotDelta { cursor: since, reload: true, ..SnapshotDelta::default() });
    }
    let mut delta = SnapshotDelta {
        cursor: changes.last().map_or(since, |(seq, _)| seq.cast_unsigned()),
        ..SnapshotDelta::default()
    };
    let mut programs = BTreeSet::new();
    let mut links = BTreeSet::new();
    let mut whole = BTreeSet::new();
    for (_, changed) in changes {
        match changed {
            Changed::Program(id) => {
                programs.insert(ProgramId::from_bytes(id));
            }
            Changed::Link(id) => {
                links.insert(LinkId::from_bytes(id));
            }
            Changed::Partnership(id) => {
                whole.insert(PartnershipId::from_bytes(id));
            }
            Changed::Keys => delta.keys = read_keys(app, &mut *conn).await?,
        }
    }
    let programs: Vec<_> = programs.into_iter().collect();
    let found = program::by_ids(&mut *conn, &programs).await?;
    delta.programs = found.into_iter().map(program_of).collect();
    changed_links(&mut *conn, links, &whole, &mut delta).await?;
    Ok(delta)
}

/// The links that changed, all links of the partnerships that did, and the codes of both.
async fn changed_links(
    conn: &mut dyn Connection,
    links: BTreeSet<LinkId>,
    whole: &BTreeSet<PartnershipId>,
    delta: &mut SnapshotDelta,
) -> Result<(), AppError> {
    let links: Vec<_> = links.into_iter().collect();
    let mut changed: BTreeMap<u32, Link> = BTreeMap::new();
    for it in partnership::links_by_id(conn, &links).await? {
        changed.insert(it.number, it);
    }
    let ids: BTreeSet<PartnershipId> =
        changed.values().map(|it| it.partnership).chain(whole.iter().copied()).collect();
    let ids: Vec<_> = ids.into_iter().collect();
    let whose: HashMap<PartnershipId, Partnership> =
        partnership::by_ids(conn, &ids).await?.into_iter().map(|it| (it.id, it)).collect();
    for it in whose.values().filter(|it| whole.contains(&it.id)) {
        for link in links_of(conn, it).await? {
            changed.insert(link.number, link);
        }
    }
    for link in changed.values() {
        if let Some(of) = whose.get(&link.partnership) {
            delta.links.push(link_of(link, &of.code, of.status.earns()));
        }
    }
    for link in partnership::first_links(conn, &ids).await? {
        if let Some(of) = whose.get(&link.partnership) {
            let (program, code) = (of.program, of.code.clone());
            delta.referrals.push(SnapshotReferral { program, code, link_number: link.number });
        }
    }
    Ok(())
}

async fn links_of(conn: &mut dyn Connection, it: &Partnership) -> Result<Vec<Link>, AppError> {
    let filter = PartnershipFilter {
        program: Some(it.program),
        partner: Some(it.partner),
        ..PartnershipFilter::default()
    };
    let mut links = Vec::new();
    let mut page = PageRequest { limit: tributary_kernel::limits::PAGE_ROWS_MAX, after: None };
    loop {
        let viewer = Viewer::Owner(it.owner);
        let found = partnership::list_links(conn, viewer, &filter, page).await?;
        links.extend(found.items);
        match found.next {
            Some(next) => page.after = Some(next),
            None => return Ok(links),
        }
    }
}
