//! A spool with many clicks in it, written by the spool itself.

use std::path::Path;
use std::sync::Arc;

use tributary_click::{
    Class, ClickKey, ClickKeyring, ClickMinter, ClickRecord, Consent, Device, Entry,
};
use tributary_kernel::{Clock, SystemClock, Timestamp};
use tributary_spool::{Durability, RealIo, Spool, SpoolConfig, SpoolState};

use crate::error::BenchError;

/// The node of the edge that goes on in this spool.
const NODE: u8 = 1;
/// The clicks lie this far apart, from a day in the past on.
const APART_US: i64 = 1_000;
const BEGIN_S: i64 = 3 * 86_400;
/// Entries between two looks at how the spool is doing.
const BATCH: u64 = 20_000;

/// Writes `clicks` of them into the folder where an edge keeps its spool.
pub(super) async fn fill(edge_folder: &Path, clicks: u64) -> Result<(), BenchError> {
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let dir = edge_folder.join("spool");
    let config = SpoolConfig { durability: Durability::AfterWrite, ..SpoolConfig::new(dir, NODE) };
    let unfit = |what: String| BenchError::Unfit(format!("the spool was not filled: {what}"));
    let (spool, _) = Spool::open(config, Arc::new(RealIo), Arc::clone(&clock))
        .map_err(|error| unfit(error.to_string()))?;
    let minter = ClickMinter::new(NODE, None).map_err(|error| unfit(error.to_string()))?;
    let key = ClickKey { id: 0, secret: [7; 32], verify_until: None };
    let keys = ClickKeyring::new(vec![key], 0).map_err(|error| unfit(error.to_string()))?;
    let begin = clock.now().plus_seconds(-BEGIN_S).as_microsecond();
    let (lane, driver) = spool.lane();
    let driver = tokio::spawn(driver);
    let mut bytes = Vec::new();
    let mut number = 0;
    while number < clicks {
        let until = clicks.min(number + BATCH);
        let mut last = None;
        while number < until {
            let ahead_us = i64::try_from(number).unwrap_or(i64::MAX).saturating_mul(APART_US);
            let at = Timestamp::from_microsecond(begin.saturating_add(ahead_us));
            let link = u32::try_from(number % 1_000).unwrap_or(0);
            let id = minter.mint(at, link, &keys).map_err(|error| unfit(error.to_string()))?;
            bytes.clear();
            Entry::Click(click(id, at, link, number)).encode(&mut bytes);
            last = Some(lane.append(&bytes));
            number += 1;
        }
        if let Some(last) = last {
            last.await.map_err(|error| unfit(error.to_string()))?;
        }
    }
    driver.abort();
    let entries = spool.stats().entries;
    match spool.close() {
        SpoolState::Accepting if entries == clicks => Ok(()),
        state => Err(unfit(format!("{entries} of {clicks} entries, {state:?}"))),
    }
}

/// A click as the edge records it for the request of this bench.
fn click(id: tributary_click::ClickId, at: Timestamp, link: u32, number: u64) -> ClickRecord {
    let mut key = [0x5a; 16];
    key[..8].copy_from_slice(&number.wrapping_mul(0x9e37_79b9_7f4a_7c15).to_le_bytes());
    ClickRecord {
        click_id: Some(id),
        at,
        link_number: link,
        class: Class::Countable,
        consent: Consent::Unknown,
        visitor_key: Some(key),
        country: None,
        device: Device::Phone,
        referrer_host: Some("blog.example".to_owned()),
        sub_ids: [const { None }; 5],
        destination: None,
        by_parameter: false,
        test: false,
    }
}
