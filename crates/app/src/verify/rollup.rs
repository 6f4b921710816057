//! The daily rollup recounted.

use std::borrow::Cow;

use hashbrown::HashMap;
use tributary_kernel::{LinkId, LocalDate, OrganisationId, PartnerId, ProgramId};
use tributary_money::Currency;
use tributary_store::decision::DailyDelta;
use tributary_store::engine::Connection;
use tributary_store::rollup::{self, DailyRow};

use super::{Progress, VerifyReport};
use crate::AppError;

const PAGE_ROWS: u32 = 5_000;

#[derive(Debug, PartialEq, Eq, Hash)]
struct Key {
    program: ProgramId,
    day: LocalDate,
    currency: Currency,
    partner: PartnerId,
    link: LinkId,
    event: String,
    state: Cow<'static, str>,
}

impl std::fmt::Display for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { program, day, currency, partner, link, event, state } = self;
        write!(f, "{program} {day} {currency} {partner} {link} {event} {state}")
    }
}

/// Conversions, amount, commission.
type Sums = (i64, i64, i64);

/// What the rollup should hold.
#[derive(Debug, Default)]
pub(super) struct Recount(HashMap<Key, Sums>);

impl Recount {
    pub(super) fn add(&mut self, it: DailyDelta) {
        let key = Key {
            program: it.program,
            day: it.day,
            currency: it.currency,
            partner: it.partner,
            link: it.link,
            event: it.event,
            state: Cow::Borrowed(it.state),
        };
        let sums = self.0.entry(key).or_default();
        sums.0 += it.conversions;
        sums.1 += it.amount;
        sums.2 += it.commission;
    }

    /// Adds what was counted elsewhere.
    pub(super) fn join(&mut self, other: Self) {
        for (key, more) in other.0 {
            let sums = self.0.entry(key).or_default();
            *sums = (sums.0 + more.0, sums.1 + more.1, sums.2 + more.2);
        }
    }

    /// Holds it against what is stored.
    pub(super) async fn compare(
        mut self,
        conn: &mut dyn Connection,
        owner: OrganisationId,
        report: &mut VerifyReport,
        progress: &Progress<'_>,
    ) -> Result<(), AppError> {
        let mut after: Option<DailyRow> = None;
        let mut done = 0;
        loop {
            let page = rollup::scan_daily(conn, owner, after.as_ref(), PAGE_ROWS).await?;
            done += page.len() as u64;
            let last = page.len() < PAGE_ROWS as usize;
            after = page.last().cloned();
            for row in page {
                let stored = (row.conversions, row.amount, row.commission);
                let key = Key {
                    program: row.program,
                    day: row.day,
                    currency: row.currency,
                    partner: row.partner,
                    link: row.link,
                    event: row.event,
                    state: Cow::Owned(row.state),
                };
                let counted = self.0.remove(&key).unwrap_or_default();
                if stored != counted {
                    report.find(
                        "rollup",
                        &key,
                        format!("{stored:?} is stored, {counted:?} counted"),
                    );
                }
            }
            progress.tell(owner, "rollup", done);
            if last {
                break;
            }
        }
        report.daily_rows += done;
        for (key, counted) in self.0.into_iter().filter(|(_, sums)| *sums != (0, 0, 0)) {
            report.find("rollup", &key, format!("nothing is stored, {counted:?} counted"));
        }
        Ok(())
    }
}
