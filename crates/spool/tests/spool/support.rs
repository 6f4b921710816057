use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use tributary_click::{
    Class, ClickKey, ClickKeyring, ClickMinter, ClickRecord, Consent, Device, Entry,
};
use tributary_kernel::{ManualClock, Timestamp};
use tributary_spool::faults::FaultDisk;
use tributary_spool::{
    AppendError, Offset, ReadError, Recovery, Spool, SpoolConfig, SpoolError, SpoolIo, SpoolReader,
};

pub(crate) const NODE: u8 = 3;
pub(crate) const NOW: Timestamp = Timestamp::from_millisecond(1_790_000_000_000);

/// A spool on a disk that can fail, and all that is needed to open it again.
#[derive(Debug, Clone)]
pub(crate) struct World {
    pub(crate) disk: FaultDisk,
    pub(crate) clock: Arc<ManualClock>,
    pub(crate) config: SpoolConfig,
}

impl World {
    pub(crate) fn new(seed: u64) -> Self {
        Self {
            disk: FaultDisk::new(seed),
            clock: Arc::new(ManualClock::new(NOW)),
            config: SpoolConfig::new(PathBuf::from("/spool"), NODE),
        }
    }

    pub(crate) fn with_segments_of(mut self, bytes: u64) -> Self {
        self.config.segment_bytes_max = bytes;
        self
    }

    pub(crate) fn with_age(mut self, seconds: u64) -> Self {
        self.config.segment_age_max = Some(Duration::from_secs(seconds));
        self
    }

    pub(crate) fn io(&self) -> Arc<dyn SpoolIo> {
        Arc::new(self.disk.clone())
    }

    pub(crate) fn try_open(&self) -> Result<(Spool, Recovery), SpoolError> {
        Spool::open(self.config.clone(), self.io(), self.clock.clone())
    }

    pub(crate) fn open(&self) -> (Spool, Recovery) {
        self.try_open().expect("the spool opens")
    }

    pub(crate) fn reader(&self) -> SpoolReader {
        SpoolReader::with_io(self.io(), self.config.dir.clone(), NODE)
    }

    pub(crate) fn segment(&self, sequence: u64) -> PathBuf {
        self.config.dir.join(tributary_spool::segment_name(NODE, sequence))
    }

    /// Link numbers of all clicks that a reader without knowledge of the spool sees.
    pub(crate) fn numbers(&self) -> Vec<u32> {
        numbers(&read_all(&self.reader(), 7).expect("everything reads"))
    }
}

/// A click that is known by its link number.
pub(crate) fn click(number: u32) -> Entry {
    Entry::Click(ClickRecord {
        click_id: None,
        at: NOW.plus_seconds(i64::from(number)),
        link_number: number,
        class: Class::Countable,
        consent: Consent::Unknown,
        visitor_key: Some([7; 16]),
        country: Some(*b"DK"),
        device: Device::Phone,
        referrer_host: Some("example.com".to_owned()),
        sub_ids: [Some(format!("letter-{number}")), None, None, None, None],
        destination: None,
        by_parameter: false,
        test: false,
    })
}

pub(crate) fn bytes(entry: &Entry) -> Vec<u8> {
    let mut bytes = Vec::new();
    entry.encode(&mut bytes);
    bytes
}

pub(crate) fn numbers(entries: &[Entry]) -> Vec<u32> {
    let number = |entry: &Entry| match entry {
        Entry::Click(click) => Some(click.link_number),
        Entry::Consent(_) | Entry::Loss(_) => None,
    };
    entries.iter().filter_map(number).collect()
}

/// Appends a click and waits for its receipt.
pub(crate) fn append(spool: &Spool, number: u32) -> Result<(), AppendError> {
    block_on(spool.append(&bytes(&click(number))))
}

/// Everything there is to read, a few entries at a time.
pub(crate) fn read_all(reader: &SpoolReader, at_a_time: usize) -> Result<Vec<Entry>, ReadError> {
    let mut entries = Vec::new();
    let mut from = Offset::START;
    loop {
        let batch = reader.read(from, at_a_time)?;
        assert!(batch.next >= from, "reading goes forward");
        assert!(batch.entries.len() <= at_a_time);
        if batch.entries.is_empty() {
            return Ok(entries);
        }
        entries.extend(batch.entries);
        from = batch.next;
    }
}

pub(crate) fn block_on<F: Future>(future: F) -> F::Output {
    tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .build()
        .expect("a runtime can be built")
        .block_on(async { tokio::time::timeout(Duration::from_secs(60), future).await })
        .expect("a receipt resolves")
}

pub(crate) fn keys() -> ClickKeyring {
    let key = ClickKey { id: 1, secret: [9; 32], verify_until: None };
    ClickKeyring::new(vec![key], 1).expect("one key makes a ring")
}

/// A click with an id of its own.
pub(crate) fn minted_click(minter: &ClickMinter, now: Timestamp, number: u32) -> Entry {
    let Entry::Click(mut record) = click(number) else { unreachable!("it is a click") };
    record.click_id = Some(minter.mint(now, number, &keys()).expect("an id is minted"));
    Entry::Click(record)
}

/// Where a file holds some bytes for the first time.
pub(crate) fn find(disk: &FaultDisk, path: &Path, what: &[u8]) -> u64 {
    let content = disk.content(path).expect("the file is there");
    let at = content.windows(what.len()).position(|window| window == what);
    at.expect("the bytes are in the file") as u64
}
