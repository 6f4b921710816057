//! What decisions add to the rollup and to the counts of what came in.

use tributary_kernel::{LinkId, LocalDate, OrganisationId, PartnerId, ProgramId};
use tributary_money::Currency;

use crate::engine::{
    Connection, EngineError, Insert,
    Kind::{Bytes, Int, Text},
};
use crate::list::all;

/// What is added to the daily rollup. All parts but the three numbers are the key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DailyDelta {
    /// Whose.
    pub owner: OrganisationId,
    /// Of which program.
    pub program: ProgramId,
    /// The program's day.
    pub day: LocalDate,
    /// Of which currency.
    pub currency: Currency,
    /// Whose doing; zero bytes: nobody's.
    pub partner: PartnerId,
    /// Through which link; zero bytes: none.
    pub link: LinkId,
    /// Conversion type.
    pub event: String,
    /// Conversion status or commission state.
    pub state: &'static str,
    /// Conversions added.
    pub conversions: i64,
    /// Gross amount added.
    pub amount: i64,
    /// Commission added.
    pub commission: i64,
}

/// Adds to the daily rollup; deltas of one key are summed first.
pub async fn add_daily(
    conn: &mut dyn Connection,
    deltas: Vec<DailyDelta>,
) -> Result<(), EngineError> {
    static DAILY: Insert = Insert {
        table: "daily",
        columns: &[
            ("owner_id", Bytes),
            ("program_id", Bytes),
            ("local_day", Int),
            ("currency", Text),
            ("partner_id", Bytes),
            ("link_id", Bytes),
            ("event", Text),
            ("state", Text),
            ("conversions", Int),
            ("amount", Int),
            ("commission", Int),
        ],
        conflict: "ON CONFLICT (owner_id, program_id, local_day, currency, partner_id, link_id, \
                   event, state) DO UPDATE SET conversions = daily.conversions + \
                   excluded.conversions, amount = daily.amount + excluded.amount, \
                   commission = daily.commission + excluded.commission",
    };
    let mut sums = std::collections::BTreeMap::new();
    for it in deltas {
        let key = (
            (it.owner, it.program, it.day, it.currency),
            (it.partner, it.link, it.event, it.state),
        );
        let sum = sums.entry(key).or_insert((0, 0, 0));
        sum.0 += it.conversions;
        sum.1 += it.amount;
        sum.2 += it.commission;
    }
    let rows = sums
        .into_iter()
        .filter(|(_, sum)| *sum != (0, 0, 0))
        .map(|(((o, p, day, currency), (partner, link, event, state)), sum)| {
            vec![
                o.into(),
                p.into(),
                day.into(),
                currency.code().into(),
                partner.into(),
                link.into(),
                event.into(),
                state.into(),
                sum.0.into(),
                sum.1.into(),
                sum.2.into(),
            ]
        })
        .collect();
    conn.insert(&DAILY, rows).await?;
    Ok(())
}

/// Adds to the counts of what came in.
pub async fn add_intake(
    conn: &mut dyn Connection,
    counts: Vec<(OrganisationId, LocalDate, &'static str, i64)>,
) -> Result<(), EngineError> {
    static INTAKE: Insert = Insert {
        table: "intake",
        columns: &[("owner_id", Bytes), ("utc_day", Int), ("outcome", Text), ("count", Int)],
        conflict: "ON CONFLICT (owner_id, utc_day, outcome) DO UPDATE SET \
                   count = intake.count + excluded.count",
    };
    let mut sums = std::collections::BTreeMap::new();
    for (owner, day, outcome, count) in counts {
        *sums.entry((owner, day, outcome)).or_insert(0i64) += count;
    }
    let rows = sums
        .into_iter()
        .map(|((owner, day, outcome), count)| {
            vec![owner.into(), day.into(), outcome.into(), count.into()]
        })
        .collect();
    conn.insert(&INTAKE, rows).await?;
    Ok(())
}

/// An owner's counts of what came in since a day, by outcome.
pub async fn intake(
    conn: &mut dyn Connection,
    owner: OrganisationId,
    since: LocalDate,
) -> Result<Vec<(String, i64)>, EngineError> {
    let rows = conn
        .query(
            "SELECT outcome, CAST(SUM(count) AS BIGINT) FROM intake \
             WHERE owner_id = $1 AND utc_day >= $2 GROUP BY outcome ORDER BY outcome",
            vec![owner.into(), since.into()],
        )
        .await?;
    all(&rows, |row| Ok((row.text(0)?.to_owned(), row.int(1)?)))
}
