//! What conversions and commissions add to the rollup.

use tributary_kernel::{LinkId, LocalDate, PartnerId};
use tributary_store::decision::{CommissionState, DailyDelta, StoredCommission, StoredConversion};

use super::decide::Booked;
use super::journey::DecidedJourney;

/// The id that stands for 'nobody' and 'no link' in the rollup.
pub(crate) const NOBODY: [u8; 16] = [0; 16];
/// The state of the rollup's rows that count conversions themselves.
pub(crate) const CONVERSION_ROW: &str = "conversion";

/// What a booked conversion adds to the rollup.
pub(super) fn daily_of(booked: &Booked, day: LocalDate) -> impl Iterator<Item = DailyDelta> {
    let own = conversion_deltas(&booked.conversion, &booked.decided, day, 1);
    own.into_iter()
        .chain(booked.commissions.iter().flat_map(|it| commission_delta(it, it.state, 1)))
}

/// A conversion's own rows of the rollup, added or taken away; of test money, and of what
/// only carries an amount that a person gave, there are none. Its
/// amount is divided as it was credited, with the rest for nobody; the conversion itself is counted
/// once, for whom [`DecidedJourney::counted_for`] says.
pub(crate) fn conversion_deltas(
    it: &StoredConversion,
    decided: &DecidedJourney,
    day: LocalDate,
    sign: i64,
) -> Vec<DailyDelta> {
    if it.test || it.is_manual() {
        return Vec::new();
    }
    let nobody = (PartnerId::from_bytes(NOBODY), LinkId::from_bytes(NOBODY));
    let row = |(partner, link): (PartnerId, LinkId), conversions: i64, amount: i64| DailyDelta {
        owner: it.owner,
        program: it.program,
        day,
        currency: it.amount.currency,
        partner,
        link,
        event: it.kind.clone(),
        state: CONVERSION_ROW,
        conversions: sign * conversions,
        amount: sign * amount,
        commission: 0,
    };
    let parts = decided.parts_of(it.amount.minor);
    let (leading, _) = decided.counted_for();
    let mut rows: Vec<DailyDelta> = Vec::with_capacity(parts.len());
    for (whose, amount) in parts {
        let Some((partnership, partner)) = whose else {
            let alone = i64::from(leading.is_none());
            if amount != 0 || alone != 0 {
                rows.push(row(nobody, alone, amount));
            }
            continue;
        };
        let link = decided.link_of(partnership).unwrap_or(nobody.1);
        let counted = Some(partner) == leading && rows.iter().all(|row| row.conversions == 0);
        rows.push(row((partner, link), i64::from(counted), amount));
    }
    rows
}

/// A commission's row of the rollup in one state, added or taken away with what remains of it; of
/// test money there is none.
pub(crate) fn commission_delta(
    it: &StoredCommission,
    state: CommissionState,
    sign: i64,
) -> Option<DailyDelta> {
    (!it.test).then(|| DailyDelta {
        owner: it.owner,
        program: it.program,
        day: it.local_day,
        currency: it.amount.currency,
        partner: it.partner,
        link: it.link.unwrap_or(LinkId::from_bytes(NOBODY)),
        event: it.event.clone(),
        state: state.as_str(),
        // What was added to another commission is no commission of its own.
        conversions: if it.basis.is_none() { sign } else { 0 },
        amount: 0,
        commission: sign * it.remaining(),
    })
}
