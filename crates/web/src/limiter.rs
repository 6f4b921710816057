//! Token buckets: a burst, then a steady rate.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::Mutex;

use tributary_kernel::Timestamp;

/// Buckets kept; beyond it newcomers share one, so that nobody gets a fresh bucket by crowding
/// others out.
const BUCKETS_MAX: usize = 100_000;
const MICROSECONDS_PER_MINUTE: i64 = 60_000_000;
const SWEEP_EVERY_MICROSECONDS: i64 = 1_000_000;

/// How often something may happen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rate {
    /// At once, after a rest.
    pub burst: u32,
    /// In the long run.
    pub per_minute: u32,
}

impl Rate {
    const fn interval_us(self) -> i64 {
        let per_minute = if self.per_minute == 0 { 1 } else { self.per_minute as i64 };
        let interval = MICROSECONDS_PER_MINUTE / per_minute;
        if interval == 0 { 1 } else { interval }
    }

    const fn depth_us(self) -> i64 {
        let burst = if self.burst == 0 { 1 } else { self.burst as i64 };
        self.interval_us().saturating_mul(burst)
    }
}

/// Where a bucket stands after a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// Whether this request may go on.
    pub allowed: bool,
    /// The burst of the rate.
    pub limit: u32,
    /// Requests left at once.
    pub remaining: u32,
    /// Seconds until the bucket is full again.
    pub reset_seconds: u32,
    /// Seconds until the next request may go on; 0 when one may now.
    pub retry_seconds: u32,
}

/// Token buckets by key. A bucket is one moment, that at which it will be full again; a full
/// bucket need not be kept.
#[derive(Debug)]
pub struct Limiter<K> {
    rate: Rate,
    buckets_max: usize,
    state: Mutex<State<K>>,
}

#[derive(Debug)]
struct State<K> {
    full_at: HashMap<K, Timestamp>,
    shared_full_at: Timestamp,
    swept_at: Timestamp,
}

impl<K: Hash + Eq> Limiter<K> {
    /// All buckets full.
    #[must_use]
    pub fn new(rate: Rate) -> Self {
        Self::with_buckets(rate, BUCKETS_MAX)
    }

    fn with_buckets(rate: Rate, buckets_max: usize) -> Self {
        let state = State {
            full_at: HashMap::new(),
            shared_full_at: Timestamp::default(),
            swept_at: Timestamp::default(),
        };
        Self { rate, buckets_max, state: Mutex::new(state) }
    }

    /// Takes a token, if there is one.
    pub fn take(&self, key: K, now: Timestamp) -> Standing {
        let mut state = self.state.lock().expect("nothing panics while it is held");
        if state.full_at.len() >= self.buckets_max
            && !state.full_at.contains_key(&key)
            && now.microseconds_since(state.swept_at) >= SWEEP_EVERY_MICROSECONDS
        {
            state.full_at.retain(|_, full_at| *full_at > now);
            state.swept_at = now;
        }
        let crowded = state.full_at.len() >= self.buckets_max && !state.full_at.contains_key(&key);
        let place = if crowded {
            &mut state.shared_full_at
        } else {
            state.full_at.entry(key).or_insert(now)
        };
        let (after, standing) = self.after(*place, now);
        *place = after;
        standing
    }

    /// Whether a token could be taken, without taking it.
    #[must_use]
    pub fn look(&self, key: &K, now: Timestamp) -> Standing {
        let state = self.state.lock().expect("nothing panics while it is held");
        let full_at = state.full_at.get(key).copied().unwrap_or(now);
        let (_, standing) = self.after(full_at, now);
        standing
    }

    fn after(&self, full_at: Timestamp, now: Timestamp) -> (Timestamp, Standing) {
        let (interval, depth) = (self.rate.interval_us(), self.rate.depth_us());
        // A clock that stepped back must not lock anybody out for longer than an empty bucket.
        let missing = full_at.microseconds_since(now).clamp(0, depth);
        let allowed = missing + interval <= depth;
        let missing_after = if allowed { missing + interval } else { missing };
        let wait = (missing_after + interval - depth).max(0);
        let standing = Standing {
            allowed,
            limit: self.rate.burst.max(1),
            remaining: u32::try_from((depth - missing_after) / interval).unwrap_or(u32::MAX),
            reset_seconds: seconds_up(missing_after),
            retry_seconds: seconds_up(wait),
        };
        (Timestamp::from_microsecond(now.as_microsecond() + missing_after), standing)
    }
}

fn seconds_up(microseconds: i64) -> u32 {
    u32::try_from((microseconds + 999_999) / 1_000_000).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    const RATE: Rate = Rate { burst: 3, per_minute: 60 };

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_microsecond(1_790_000_000_000_000).plus_seconds(seconds)
    }

    #[test]
    fn a_burst_then_a_rate() {
        let limiter = Limiter::new(RATE);
        let remaining: Vec<u32> = (0..3).map(|_| limiter.take("a", at(0)).remaining).collect();
        assert_eq!(remaining, [2, 1, 0]);
        let refused = limiter.take("a", at(0));
        assert!(!refused.allowed);
        assert_eq!((refused.retry_seconds, refused.reset_seconds, refused.limit), (1, 3, 3));
        assert!(limiter.take("b", at(0)).allowed, "another key has its own bucket");
        assert!(limiter.take("a", at(1)).allowed);
        assert!(!limiter.take("a", at(1)).allowed);
        assert_eq!(limiter.take("a", at(100)).remaining, 2, "a rest fills it, not more");
    }

    #[test]
    fn refused_requests_cost_nothing() {
        let limiter = Limiter::new(RATE);
        for _ in 0..50 {
            limiter.take("a", at(0));
        }
        assert!(limiter.take("a", at(1)).allowed);
    }

    #[test]
    fn a_clock_that_steps_back_locks_nobody_out() {
        let limiter = Limiter::new(RATE);
        for _ in 0..3 {
            limiter.take("a", at(10_000));
        }
        assert!(limiter.take("a", at(0)).retry_seconds <= 1);
        assert!(limiter.take("a", at(1)).allowed);
    }

    #[test]
    fn when_there_are_too_many_keys_newcomers_share_one_bucket() {
        let limiter = Limiter::with_buckets(RATE, 2);
        limiter.take(1, at(0));
        limiter.take(2, at(0));
        let allowed = (3..10).filter(|key| limiter.take(*key, at(0)).allowed).count();
        assert_eq!(allowed, 3, "one burst for all of them");
        assert!(limiter.take(1, at(0)).allowed, "who was there keeps its own");
        assert!(limiter.take(11, at(60)).allowed);
        assert_eq!(limiter.take(11, at(60)).remaining, 1, "full buckets made room");
    }

    #[test]
    fn looking_takes_nothing() {
        let limiter = Limiter::new(RATE);
        for _ in 0..10 {
            assert!(limiter.look(&"a", at(0)).allowed);
        }
        assert_eq!(limiter.take("a", at(0)).remaining, 2);
    }
}
