//! A click log as an edge would have written it, on the disk before anybody reads it.

use std::path::Path;
use std::sync::Arc;

use tributary_click::{
    Class, ClickKey, ClickKeyring, ClickMinter, ClickRecord, Consent, Device, Entry,
};
use tributary_kernel::{SystemClock, Timestamp};
use tributary_spool::{Durability, RealIo, Spool, SpoolConfig, SpoolState};

use crate::error::{BenchError, During};
use crate::installation::Installation;

/// Entries between two looks at whether they were taken.
const CHUNK: u64 = 20_000;
/// Clicks of one visitor, about.
const CLICKS_PER_VISITOR: u64 = 3;

/// Clicks that count, by people who consented, on random links.
#[derive(Debug, Clone)]
pub(crate) struct Clicks<'a> {
    pub(crate) links: &'a [u32],
    pub(crate) count: u64,
    /// When the first happened.
    pub(crate) begin: Timestamp,
    /// Microseconds from one to the next.
    pub(crate) spacing: u64,
}

/// Puts them where the server that starts next takes them in; what the edge's own clicks left in
/// the log was taken in before.
pub(crate) async fn put(
    installation: &Installation,
    clicks: &[Clicks<'_>],
) -> Result<(), BenchError> {
    let spool = installation.spool();
    std::fs::remove_dir_all(&spool).during("the empty spool")?;
    installation.forget_place().await?;
    write(&spool, clicks).await
}

/// Writes them into the spool of node 0 in `folder`, which nobody has open.
async fn write(folder: &Path, clicks: &[Clicks<'_>]) -> Result<(), BenchError> {
    let unfit = |error: &dyn std::fmt::Display| BenchError::Unfit(error.to_string());
    let config =
        SpoolConfig { durability: Durability::AfterWrite, ..SpoolConfig::new(folder.into(), 0) };
    let (spool, recovery) = Spool::open(config, Arc::new(RealIo), Arc::new(SystemClock))
        .map_err(|error| unfit(&error))?;
    // Ingest reads what an edge has verified: the key need not be the installation's.
    let key = ClickKey { id: 0, secret: [5; 32], verify_until: None };
    let ring = ClickKeyring::new(vec![key], 0).map_err(|error| unfit(&error))?;
    let minter = ClickMinter::new(0, None).map_err(|error| unfit(&error))?;
    if recovery.last_minted.is_some() {
        return Err(BenchError::Unfit("the spool was not empty".into()));
    }
    let mut bytes = Vec::new();
    let mut total = 0;
    for part in clicks {
        for number in 0..part.count {
            bytes.clear();
            entry(part, number, &minter, &ring)?.encode(&mut bytes);
            let receipt = spool.append(&bytes);
            total += 1;
            if total % CHUNK == 0 {
                receipt.await.map_err(|error| unfit(&error))?;
            }
        }
    }
    let lost = spool.stats().lost;
    match spool.close() {
        SpoolState::Accepting if lost == 0 => Ok(()),
        state => Err(BenchError::Unfit(format!("the spool is {state:?}, {lost} entries lost"))),
    }
}

fn entry(
    clicks: &Clicks<'_>,
    number: u64,
    minter: &ClickMinter,
    ring: &ClickKeyring,
) -> Result<Entry, BenchError> {
    let after = i64::try_from(number * clicks.spacing).unwrap_or(i64::MAX);
    let at = Timestamp::from_microsecond(clicks.begin.as_microsecond().saturating_add(after));
    // A number like any other, the same in every run.
    let mixed = number.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let place = usize::try_from(mixed >> 32).unwrap_or(0) % clicks.links.len();
    let link_number = clicks.links[place];
    let id = minter.mint(at, link_number, ring);
    let click_id = id.map_err(|error| BenchError::Unfit(error.to_string()))?;
    let visitor = (mixed % (clicks.count / CLICKS_PER_VISITOR).max(1))
        .wrapping_mul(0xff51_afd7_ed55_8ccd)
        .to_be_bytes();
    let mut key = [0; 16];
    key[..8].copy_from_slice(&visitor);
    Ok(Entry::Click(ClickRecord {
        click_id: Some(click_id),
        at,
        link_number,
        class: Class::Countable,
        consent: Consent::Granted,
        visitor_key: Some(key),
        country: Some(*b"DK"),
        device: Device::Phone,
        referrer_host: Some("blog.example".to_owned()),
        sub_ids: [Some("newsletter-14".to_owned()), None, None, None, None],
        destination: None,
        by_parameter: false,
        test: false,
    }))
}
