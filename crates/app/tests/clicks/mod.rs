//! A spool in memory, and entries for it.

use async_trait::async_trait;
use tributary_app::App;
use tributary_app::ingest::{
    ClickBatch, ClickLag, ClickPlace, ClickSource, ClickSourceError, Ingest, IngestReport,
    ingest_batch,
};
use tributary_click::{Class, ClickId, ClickRecord, Consent, Device, Entry};
use tributary_directory::Link;
use tributary_kernel::Timestamp;

/// Entry `n` is at byte `n` of the first segment.
#[derive(Debug, Default)]
pub(crate) struct Spool {
    pub(crate) entries: Vec<Entry>,
    pub(crate) damaged: bool,
}

#[async_trait]
impl ClickSource for Spool {
    fn node(&self) -> u8 {
        3
    }

    async fn read(
        &mut self,
        from: ClickPlace,
        entries_max: usize,
    ) -> Result<ClickBatch, ClickSourceError> {
        if self.damaged {
            return Err(ClickSourceError::Damaged("byte 7".to_owned()));
        }
        let begin = usize::try_from(from.byte).unwrap();
        let entries: Vec<Entry> =
            self.entries.iter().skip(begin).take(entries_max).cloned().collect();
        let next = match entries.len() as u64 {
            0 => from,
            taken => ClickPlace { segment: 1, byte: from.byte + taken },
        };
        Ok(ClickBatch { entries, next })
    }

    async fn lag(&mut self, from: ClickPlace) -> Result<ClickLag, ClickSourceError> {
        let bytes = self.entries.len() as u64 - from.byte;
        Ok(ClickLag { segments: u64::from(bytes > 0), bytes })
    }
}

impl Spool {
    /// Takes everything there is, `entries_max` at a time; the sum of the reports.
    pub(crate) async fn drain(&mut self, app: &App, entries_max: usize) -> IngestReport {
        let mut ingest = Ingest::new();
        let mut sum = IngestReport::default();
        loop {
            let it = ingest_batch(app, &mut ingest, self, entries_max).await.unwrap();
            sum.clicks += it.clicks;
            sum.unique_clicks += it.unique_clicks;
            sum.machine_clicks += it.machine_clicks;
            sum.test_clicks += it.test_clicks;
            sum.touches += it.touches;
            sum.granted += it.granted;
            sum.withdrawn += it.withdrawn;
            sum.without_touch += it.without_touch;
            sum.unknown_links += it.unknown_links;
            sum.lost_clicks += it.lost_clicks;
            sum.requeued += it.requeued;
            sum.entries += it.entries;
            if it.entries == 0 {
                return sum;
            }
        }
    }
}

/// A click of a person; `visitor` stands for the visitor key.
pub(crate) fn click(link: &Link, id: Option<ClickId>, at: Timestamp, visitor: u8) -> ClickRecord {
    ClickRecord {
        click_id: id,
        at,
        link_number: link.number,
        class: Class::Countable,
        consent: Consent::Unknown,
        visitor_key: Some([visitor; 16]),
        country: Some(*b"DK"),
        device: Device::Phone,
        referrer_host: Some("blog.example".to_owned()),
        sub_ids: [Some("mail-14".to_owned()), None, None, None, None],
        destination: None,
        by_parameter: false,
        test: false,
    }
}
