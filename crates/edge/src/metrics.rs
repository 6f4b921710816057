//! Counters of an edge. Rendered by others; here they are only counted.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// A number that only this process adds to.
#[derive(Debug, Default)]
pub struct Counter(AtomicU64);

impl Counter {
    /// Its value.
    #[must_use]
    pub fn get(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }

    pub(crate) fn add(&self, more: u64) {
        self.0.fetch_add(more, Ordering::Relaxed);
    }

    pub(crate) fn one(&self) {
        self.add(1);
    }

    pub(crate) fn less_one(&self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

macro_rules! counters {
    ($($(#[$doc:meta])* $name:ident,)*) => {
        /// What an edge has done since it started.
        #[derive(Debug, Default)]
        pub struct EdgeMetrics {
            $($(#[$doc])* pub $name: Counter,)*
            /// How long redirects waited for the spool.
            pub commit_wait: WaitHistogram,
        }

        impl EdgeMetrics {
            /// All plain counters with their names, in the order of declaration.
            #[must_use]
            pub fn values(&self) -> Vec<(&'static str, u64)> {
                vec![$((stringify!($name), self.$name.get()),)*]
            }
        }
    };
}

counters! {
    /// Requests answered, of all kinds.
    requests,
    /// Connections open now.
    connections_open,
    /// Connections accepted.
    connections,
    /// Connections closed at once because there were too many.
    connections_refused,
    /// Redirects of links sent.
    redirects,
    /// Clicks that count and were recorded or are being recorded.
    clicks_countable,
    /// Requests recorded as machines' (bots, HEAD, prefetches, hidden loads).
    clicks_machine,
    /// Countable clicks of visitors who denied consent, or whose browser sends `Sec-GPC`.
    clicks_denied,
    /// Click ids minted.
    ids_minted,
    /// Ids that could not be minted (no key, or the clock stands wrong); referral code instead.
    ids_refused,
    /// Redirects that went with an id before the spool had confirmed it.
    unconfirmed,
    /// Countable clicks not recorded because the spool was full.
    lost_full,
    /// Countable clicks not recorded because the spool had failed.
    lost_failed,
    /// Requests that named no link.
    unknown_links,
    /// Requests of paused links or programs.
    paused_links,
    /// Deep links to foreign or malformed addresses; the link's own destination was used.
    deep_links_refused,
    /// Clicks reported by landing pages.
    landings,
    /// Landing pages and consents refused: unknown program or code, foreign page.
    calls_refused,
    /// Consents told.
    consents_granted,
    /// Consents denied or withdrawn.
    consents_withdrawn,
    /// Click ids whose MAC is not ours.
    ids_forged,
    /// Calls refused because too many forged ids came from that network.
    rate_limited,
    /// Clicks without a visitor key because no salt of the day could be had.
    salts_missing,
}

/// Upper bounds of the buckets of [`WaitHistogram`], in milliseconds; one more has the rest.
pub const WAIT_BOUNDS_MS: [u64; 9] = [1, 2, 4, 8, 16, 32, 64, 128, 250];

/// How often waits were how long.
#[derive(Debug, Default)]
pub struct WaitHistogram {
    buckets: [Counter; WAIT_BOUNDS_MS.len() + 1],
    sum_us: Counter,
}

impl WaitHistogram {
    pub(crate) fn record(&self, wait: Duration, times: u64) {
        let ms = wait.as_micros().div_ceil(1_000);
        let place = WAIT_BOUNDS_MS.partition_point(|bound| u128::from(*bound) < ms);
        self.buckets[place].add(times);
        self.sum_us.add(u64::try_from(wait.as_micros()).unwrap_or(u64::MAX).saturating_mul(times));
    }

    /// Waits in each bucket: those of at most [`WAIT_BOUNDS_MS`], not cumulative, then the rest.
    #[must_use]
    pub fn counts(&self) -> [u64; WAIT_BOUNDS_MS.len() + 1] {
        std::array::from_fn(|at| self.buckets[at].get())
    }

    /// Sum of all waits in microseconds.
    #[must_use]
    pub fn sum_us(&self) -> u64 {
        self.sum_us.get()
    }
}
