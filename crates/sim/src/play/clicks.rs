//! The edge, without its network: ids are minted at the moment of each click, and ingest reads
//! the entries as it reads a spool.

use async_trait::async_trait;
use tributary_app::AppError;
use tributary_app::conversion::redecide_queued;
use tributary_app::ingest::{
    ClickBatch, ClickLag, ClickPlace, ClickSource, ClickSourceError, ENTRIES_PER_BATCH_MAX, Ingest,
    IngestError, ingest_batch, tidy_touches,
};
use tributary_app::verify::sign_heads;
use tributary_click::{
    ClickId, ClickKeyring, ClickMinter, ClickRecord, Consent, ConsentRecord, Entry, LossRecord,
};
use tributary_kernel::Timestamp;

use super::Player;
use crate::cast::PROGRAMS;
use crate::year::{Answer, ClickKey, PlannedClick};

/// A node of its own, so that the offset of a real edge is not moved.
const NODE: u8 = 63;
/// Nights between two tidyings: each is a handful of transactions, and their number is what a
/// slow disk pays for.
const TIDY_EVERY: u32 = 7;
const REDECIDED_MAX: u32 = 1_000;

/// What the simulated edge keeps.
#[derive(Debug)]
pub(super) struct Edge {
    minter: ClickMinter,
    ids: Vec<Option<ClickId>>,
    clicked: usize,
    told_of_loss: bool,
    spool: Spool,
    ingest: Ingest,
    nights: u32,
}

/// Entries in memory. What was read is dropped, but counted: a place is a count.
#[derive(Debug, Default)]
struct Spool {
    before: u64,
    entries: Vec<Entry>,
}

impl Edge {
    pub(super) fn new(clicks: usize) -> Result<Self, AppError> {
        let minter = ClickMinter::new(NODE, None)
            .map_err(|error| AppError::Corrupt(format!("the simulator's edge: {error}")))?;
        Ok(Self {
            minter,
            ids: vec![None; clicks],
            clicked: 0,
            told_of_loss: false,
            spool: Spool::default(),
            ingest: Ingest::new(),
            nights: 0,
        })
    }

    /// The id of a click that has happened and got one.
    pub(super) fn id(&self, key: ClickKey) -> Option<ClickId> {
        self.ids.get(key).copied().flatten()
    }
}

impl Spool {
    fn append(&mut self, mut entries: Vec<Entry>) {
        entries.sort_by_key(Entry::at);
        self.entries.extend(entries);
    }
}

#[async_trait]
impl ClickSource for Spool {
    fn node(&self) -> u8 {
        NODE
    }

    async fn read(
        &mut self,
        from: ClickPlace,
        entries_max: usize,
    ) -> Result<ClickBatch, ClickSourceError> {
        let taken = from
            .byte
            .checked_sub(self.before)
            .and_then(|taken| usize::try_from(taken).ok())
            .filter(|taken| *taken <= self.entries.len())
            .ok_or_else(|| ClickSourceError::Damaged(format!("no place {}", from.byte)))?;
        self.before += taken as u64;
        self.entries.drain(..taken);
        let entries: Vec<Entry> = self.entries.iter().take(entries_max).cloned().collect();
        let next = ClickPlace { segment: from.segment, byte: from.byte + entries.len() as u64 };
        Ok(ClickBatch { entries, next })
    }

    async fn lag(&mut self, _: ClickPlace) -> Result<ClickLag, ClickSourceError> {
        let segments = u64::from(!self.entries.is_empty());
        Ok(ClickLag { segments, bytes: self.entries.len() as u64 })
    }
}

impl Player<'_> {
    /// All clicks before `end`, through ingest.
    pub(super) async fn ingest_until(&mut self, end: Timestamp) -> Result<(), AppError> {
        let mut entries = Vec::new();
        let keyring = self.app.keyring();
        while let Some(click) = self.year.clicks.get(self.edge.clicked)
            && click.at < end
        {
            let key = self.edge.clicked;
            self.edge.clicked += 1;
            self.click(key, &keyring, &mut entries)?;
        }
        if let Some((from, until)) = self.year.loss.filter(|(_, until)| *until < end)
            && !self.edge.told_of_loss
        {
            self.edge.told_of_loss = true;
            let count = self.counts.lost_clicks;
            entries.push(Entry::Loss(LossRecord { from, until, count }));
        }
        if entries.is_empty() {
            return Ok(());
        }
        self.edge.spool.append(entries);
        loop {
            let edge = &mut self.edge;
            let report =
                ingest_batch(self.app, &mut edge.ingest, &mut edge.spool, ENTRIES_PER_BATCH_MAX)
                    .await
                    .map_err(into_app_error)?;
            self.counts.clicks += report.clicks;
            self.counts.machine_clicks += report.machine_clicks;
            if report.entries == 0 {
                return Ok(());
            }
            if edge.spool.entries.len() as u64 <= report.entries {
                return Ok(());
            }
        }
    }

    fn click(
        &mut self,
        key: ClickKey,
        keyring: &ClickKeyring,
        entries: &mut Vec<Entry>,
    ) -> Result<(), AppError> {
        let click = &self.year.clicks[key];
        let member = self.owned[click.program].partners[click.partner].as_ref();
        let number = member.and_then(|it| it.links.get(click.link).or(it.links.first()).copied());
        let number = number.ok_or_else(|| {
            AppError::Corrupt(format!("a click at {} comes before its link", click.at))
        })?;
        if click.has_id() {
            let id = self.edge.minter.mint(click.at, number, keyring);
            let id = id.map_err(|error| AppError::Corrupt(format!("click id: {error}")))?;
            self.edge.ids[key] = Some(id);
        }
        if click.lost {
            self.counts.lost_clicks += 1;
            return Ok(());
        }
        let click_id = self.edge.id(key);
        entries.push(Entry::Click(record(click, number, click_id)));
        if let (Some(click_id), Answer::Granted { after, previous }) = (click_id, click.answer) {
            let at = click.at.plus_seconds(after);
            let previous = previous.and_then(|key| self.edge.id(key));
            let state = Consent::Granted;
            entries.push(Entry::Consent(ConsentRecord { click_id, at, state, previous }));
        }
        Ok(())
    }

    /// Late touches every night; old touches and the ledgers' heads every week.
    pub(super) async fn tidy(&mut self) -> Result<(), AppError> {
        redecide_queued(self.app, REDECIDED_MAX).await?;
        self.edge.nights += 1;
        if self.edge.nights.is_multiple_of(TIDY_EVERY) {
            tidy_touches(self.app).await?;
            sign_heads(self.app).await?;
        }
        Ok(())
    }
}

fn record(click: &PlannedClick, link_number: u32, click_id: Option<ClickId>) -> ClickRecord {
    let partner = &PROGRAMS[click.program].partners[click.partner];
    // Apps and mails send no referrer.
    let tells = !click.visitor[1].is_multiple_of(5);
    let consent = match click.answer {
        Answer::Denied => Consent::Denied,
        Answer::Granted { .. } | Answer::Never => Consent::Unknown,
    };
    ClickRecord {
        click_id,
        at: click.at,
        link_number,
        class: click.class,
        consent,
        visitor_key: click.class.counts().then_some(click.visitor),
        country: Some(click.country),
        device: click.device,
        referrer_host: partner.referrer.filter(|_| tells).map(str::to_owned),
        sub_ids: [click.sub_id.map(str::to_owned), None, None, None, None],
        destination: None,
        by_parameter: false,
        test: false,
    }
}

fn into_app_error(error: IngestError) -> AppError {
    match error {
        IngestError::App(error) => error,
        IngestError::Source(error) => AppError::Corrupt(error.to_string()),
    }
}
