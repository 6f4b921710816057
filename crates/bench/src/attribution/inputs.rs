//! What the reports are measured on, the same in every run.

use tributary_attribution::paths::PathRow;
use tributary_attribution::{Channel, ClickRef, Journey, JourneyTouch, Promoter, Standing};
use tributary_kernel::{PartnerId, PartnershipId, Timestamp};

const CHANNELS: usize = 12;
const DAY: i64 = 86_400 * 1_000_000;
pub(super) const OCCURRED: Timestamp = Timestamp::from_microsecond(20_000 * DAY);

/// A stream of numbers from a seed (a linear congruence's upper half): even enough for test data.
pub(super) struct Numbers(u64);

impl Numbers {
    pub(super) const fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub(super) const fn below(&mut self, limit: u64) -> u64 {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % limit
    }

    /// Channels of falling size: the last is met some thirty times less often than the first.
    fn channel(&mut self) -> usize {
        let (one, other) = (self.below(CHANNELS as u64), self.below(CHANNELS as u64));
        usize::try_from(one.min(other).min(self.below(CHANNELS as u64))).unwrap_or(0)
    }
}

/// `count` different paths of 1 to 9 touches.
pub(super) fn aggregated(count: usize) -> Vec<PathRow> {
    let mut numbers = Numbers::new(11);
    let mut rows = std::collections::BTreeMap::new();
    while rows.len() < count {
        let touches = numbers.below(9) + 1;
        let path: Vec<String> =
            (0..touches).map(|_| format!("channel_{:02}", numbers.channel())).collect();
        let conversions = numbers.below(8);
        let value = i64::try_from(conversions * (numbers.below(900) + 100)).unwrap_or(0);
        let nulls = numbers.below(60) + 1;
        rows.entry(path).or_insert((conversions, value, nulls));
    }
    rows.into_iter()
        .map(|(path, (conversions, value, nulls))| PathRow { path, conversions, value, nulls })
        .collect()
}

/// Journeys of six touches over a hundred channels: hardly two are equal, so that aggregating them
/// saves nothing.
pub(super) fn six_touches(count: usize) -> impl Iterator<Item = PathRow> {
    let mut numbers = Numbers::new(3);
    (0..count).map(move |_| PathRow {
        path: (0..6).map(|_| format!("channel_{:02}", numbers.below(100))).collect(),
        conversions: 1,
        value: 100,
        nulls: 0,
    })
}

/// The same rows as the file that both programs read.
pub(super) fn csv(rows: &[PathRow]) -> String {
    let mut text = String::from("path,conversions,value,nulls\n");
    for row in rows {
        let path = row.path.join(" > ");
        text += &format!("{path},{},{},{}\n", row.conversions, row.value, row.nulls);
    }
    text
}

/// Journeys of six touches of partners and channels within ninety days.
pub(super) fn journeys(count: usize) -> Vec<Journey> {
    let mut numbers = Numbers::new(5);
    let mut journey = || {
        let touches = (0..6u8).map(|place| {
            let back = i64::try_from(numbers.below(90 * 86_400)).unwrap_or(0) * 1_000_000;
            let at = Timestamp::from_microsecond(OCCURRED.as_microsecond() - back);
            let channel = numbers.channel();
            let id = [place + 1; 16];
            if channel == 3 {
                return JourneyTouch::visit(id, at, Channel::PAID_SEARCH);
            }
            let who = [u8::try_from(channel).unwrap_or(0); 16];
            let promoter = Promoter {
                partnership: PartnershipId::from_bytes(who),
                partner: PartnerId::from_bytes(who),
                standing: Standing::Active,
            };
            JourneyTouch::click(ClickRef::from_bytes(id), at, promoter)
        });
        Journey::new(touches.collect())
    };
    (0..count).map(|_| journey()).collect()
}
