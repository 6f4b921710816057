//! What partners have done in a program so far, for conditions that ask: counters of the program,
//! kept from the first version of the plan that asks for one. What was before is counted when that
//! version is published, in counters of its own (`begun:…`), since no decision has recorded it.

use std::collections::{BTreeMap, HashMap};

use tributary_commission::{
    CounterKey, CountersBefore, EventKind, Increment, KnownField, PartnerTotal, PartnerTotals,
};
use tributary_directory::{Mode, Program};
use tributary_kernel::{PartnershipId, Timestamp};
use tributary_money::{Exact, Rounding, Share};
use tributary_store::decision::{
    self, CommissionBasis, CommissionState, CounterPlace, StoredCommission, StoredConversion,
};
use tributary_store::engine::Connection;
use tributary_store::recheck::{self, ProgramPeriod};

use super::agreement::Counted;
use super::catalogue::kind_of;
use super::journey::{DecidedJourney, event_of};
use crate::AppError;
use crate::verify::aside;

const PAGE_CONVERSIONS: u32 = 2_000;

/// Whether a field is one of them.
pub(super) const fn is_total(field: KnownField) -> bool {
    matches!(
        field,
        KnownField::PartnerClicks
            | KnownField::PartnerLeads
            | KnownField::PartnerSales
            | KnownField::PartnerCustomers
            | KnownField::PartnerRevenue
            | KnownField::PartnerCommission
    )
}

/// Every counter of a partnership's totals.
pub(super) fn keys_of(partnership: PartnershipId) -> impl Iterator<Item = CounterKey> {
    PartnerTotal::ALL.iter().flat_map(move |total| {
        [CounterKey::total(*total, partnership), CounterKey::begun(*total, partnership)]
    })
}

/// What a partnership's totals stand at. Clicks are counted elsewhere.
pub(super) fn totals_of(
    standing: &dyn CountersBefore,
    partnership: PartnershipId,
    clicks: i64,
) -> PartnerTotals {
    let total = |total| {
        standing.before(&CounterKey::begun(total, partnership))
            + standing.before(&CounterKey::total(total, partnership))
    };
    let count = |number: i64| u32::try_from(number.max(0)).unwrap_or(u32::MAX);
    PartnerTotals {
        clicks: count(clicks),
        leads: count(total(PartnerTotal::Leads)),
        sales: count(total(PartnerTotal::Sales)),
        customers: count(total(PartnerTotal::Customers)),
        revenue: total(PartnerTotal::Revenue),
        commission: total(PartnerTotal::Commission),
    }
}

/// What is earned adds to the total of who earns it; what is taken back, below zero, too.
pub(super) fn earned(partnership: PartnershipId, minor: i64) -> Increment {
    let key = CounterKey::total(PartnerTotal::Commission, partnership);
    Increment { key, before: 0, add: minor }
}

/// What a conversion is to the totals of those who are credited with it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Seen {
    pub(super) kind: EventKind,
    /// Whether the customer, known or not, pays for the first time.
    pub(super) first: bool,
    /// What was paid, in minor units.
    pub(super) gross: i64,
}

impl Seen {
    /// A stored conversion, as it stands.
    fn of(it: &StoredConversion, decided: &DecidedJourney) -> Result<Self, AppError> {
        Ok(Self {
            kind: kind_of(&event_of(it)?, !it.amount.is_zero()),
            first: decided.before.is_none_or(|it| it.first_payment_at.is_none()),
            gross: it.amount.minor - it.returned_amount,
        })
    }

    /// What it adds for all who are credited, each once.
    pub(super) fn of_all(self, decided: &DecidedJourney) -> Vec<Increment> {
        let credited = decided.attribution.by_partnership().into_iter();
        credited.flat_map(|(id, (_, share))| self.increments(id, share)).collect()
    }

    /// What it adds for one of them: the event counts whole, the revenue by the share.
    fn increments(self, partnership: PartnershipId, share: Share) -> Vec<Increment> {
        let one =
            |total, add| Increment { key: CounterKey::total(total, partnership), before: 0, add };
        match self.kind {
            EventKind::Click => Vec::new(),
            EventKind::Lead => vec![one(PartnerTotal::Leads, 1)],
            EventKind::Sale => {
                let mut all = vec![
                    one(PartnerTotal::Sales, 1),
                    one(PartnerTotal::Revenue, part(self.gross, share)),
                ];
                if self.first {
                    all.push(one(PartnerTotal::Customers, 1));
                }
                all
            }
        }
    }
}

/// A share of an amount, rounded down.
fn part(minor: i64, share: Share) -> i64 {
    let exact = Exact::of(minor).times_share(share);
    // A share is at most the whole, so that the part fits.
    exact.and_then(|it| it.round(Rounding::Down)).unwrap_or(minor)
}

/// An amount of a sale that is given back, after what was given back before.
#[derive(Debug, Clone, Copy)]
pub(super) struct Refunded {
    pub(super) sale: i64,
    pub(super) before: i64,
    pub(super) amount: i64,
}

/// What a refund takes from the revenue of who was credited: amounts come back, places do not.
pub(super) fn refunded(
    decided: &DecidedJourney,
    kind: EventKind,
    of: Refunded,
) -> Vec<(CounterKey, i64)> {
    if kind != EventKind::Sale {
        return Vec::new();
    }
    let shares = decided.attribution.by_partnership().into_iter();
    let back = shares.map(|(partnership, (_, share))| {
        let kept = |refunded: i64| part(of.sale - refunded, share);
        let add = kept(of.before + of.amount) - kept(of.before);
        (CounterKey::total(PartnerTotal::Revenue, partnership), add)
    });
    back.filter(|(_, add)| *add != 0).collect()
}

/// What a decision has counted, also one that was made before totals were kept: then what the
/// beginning has counted of it.
pub(super) fn counted_by(
    it: &StoredConversion,
    decided: &DecidedJourney,
    commissions: &[StoredCommission],
    kept: bool,
) -> Result<Vec<Counted>, AppError> {
    let mut counted = decided.counted.clone();
    // What was taken back since is below zero.
    let with_totals = counted.iter().any(|it| it.add > 0 && CounterKey::is_total(&it.key));
    if !kept || with_totals {
        return Ok(counted);
    }
    // What was declined since was still there when counting began.
    let declined: Vec<_> = counted.iter().filter_map(Counted::begun_of).collect();
    let seen = Seen::of(it, decided)?.of_all(decided);
    // What a step has raised is counted with the conversion that reached the step.
    let own = commissions.iter().filter(|it| {
        it.basis != Some(CommissionBasis::Tier) && it.state != CommissionState::Declined
    });
    let earned = own.map(|it| earned(it.partnership, it.remaining()));
    for increment in seen.into_iter().chain(earned) {
        if let Some(key) = increment.key.as_begun() {
            counted.push(Counted { key: key.to_string(), add: increment.add });
        }
    }
    counted.extend(declined);
    Ok(counted)
}

/// What was before.
#[derive(Debug, Default)]
struct Sums(HashMap<CounterKey, i64>);

impl Sums {
    fn add(&mut self, increments: impl IntoIterator<Item = Increment>) {
        for it in increments {
            if let Some(key) = it.key.as_begun() {
                *self.0.entry(key).or_insert(0) += it.add;
            }
        }
    }

    fn with(mut self, page: &[StoredConversion]) -> Result<Self, AppError> {
        for it in page {
            let decided = DecidedJourney::of(it)?;
            self.add(Seen::of(it, &decided)?.of_all(&decided));
        }
        Ok(self)
    }
}

/// Counts what was before the first version that asks: every conversion of the program once.
pub(crate) async fn begin_totals(
    conn: &mut dyn Connection,
    program: &Program,
) -> Result<(), AppError> {
    let period = ProgramPeriod {
        owner: program.owner,
        program: program.id,
        from: Timestamp::from_microsecond(i64::MIN),
        until: Timestamp::from_microsecond(i64::MAX),
        test: program.mode == Mode::Test,
    };
    let mut sums = Sums::default();
    for (partnership, minor) in recheck::earned_in(conn, period).await? {
        sums.add([earned(partnership, minor)]);
    }
    let mut after = [0; 16];
    loop {
        let page = recheck::conversions_in(conn, period, after, PAGE_CONVERSIONS).await?;
        let Some(last) = page.last().map(|it| it.id) else { break };
        after = *last.as_bytes();
        sums = aside(move || sums.with(&page)).await??;
    }
    let counted: BTreeMap<CounterPlace, i64> = sums
        .0
        .into_iter()
        .filter(|(_, sum)| *sum != 0)
        .map(|(key, sum)| ((program.owner, program.id, key.to_string()), sum))
        .collect();
    let counted: Vec<_> = counted.into_iter().collect();
    decision::add_plan_counters(conn, &counted).await?;
    Ok(())
}
