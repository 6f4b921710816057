use std::collections::HashMap;

use tributary_directory::{Program, Viewer};
use tributary_kernel::{LocalDate, OrganisationId, ProgramId, Timestamp, Zone};
use tributary_ledger::{Transfer, parse_canonical};
use tributary_payout::month_end::LockHistory;
use tributary_store::engine::Connection;
use tributary_store::list::PageRequest;
use tributary_store::{ledger, month_end, program};

use crate::AppError;

/// Transfers read at once.
const TRANSFERS_PER_PAGE: u32 = 5_000;

/// An owner's programs and closed periods: what days are told by.
pub(super) struct Calendar {
    pub(super) programs: HashMap<ProgramId, (Program, Zone)>,
    locks: LockHistory,
    closed_through: Option<LocalDate>,
}

impl Calendar {
    /// The last closed day.
    pub(super) const fn closed_through(&self) -> Option<LocalDate> {
        self.closed_through
    }

    pub(super) async fn load(
        conn: &mut dyn Connection,
        owner: OrganisationId,
    ) -> Result<Self, AppError> {
        let mut programs = HashMap::new();
        let mut page = PageRequest { limit: u32::MAX, after: None };
        loop {
            let found = program::list(conn, Viewer::Owner(owner), page).await?;
            for it in found.items {
                let zone = Zone::named(&it.terms.time_zone)
                    .map_err(|error| AppError::Corrupt(format!("{}: {error}", it.id)))?;
                programs.insert(it.id, (it, zone));
            }
            match found.next {
                Some(next) => page.after = Some(next),
                None => break,
            }
        }
        let locks = month_end::locks(conn, owner).await?;
        let closed_through = locks.last().map(|it| it.through);
        let locks = locks.iter().map(|it| (it.transfer_seq.cast_unsigned(), it.through));
        Ok(Self { programs, locks: LockHistory::new(locks.collect()), closed_through })
    }

    /// Today where it is earliest: a day that is over in every program.
    pub(super) fn earliest_today(&self, now: Timestamp) -> LocalDate {
        let days = self.programs.values().map(|(_, zone)| zone.date(now));
        days.min().unwrap_or_else(|| Zone::utc().date(now))
    }

    /// The day on which a transfer stands in the books.
    pub(super) fn day_of(&self, it: &Transfer) -> Result<LocalDate, AppError> {
        let program = it.postings.iter().find_map(|posting| posting.account.program);
        let found = program.and_then(|id| self.programs.get(&id));
        let (_, zone) =
            found.ok_or_else(|| AppError::Corrupt(format!("{} has no program", it.id)))?;
        Ok(self.locks.day_of(it.seq, zone.date(it.occurred_at), zone.date(it.booked_at)))
    }
}

/// An owner's transfers in their order, page by page.
pub(super) struct Pages {
    owner: OrganisationId,
    next: i64,
    ended: bool,
}

impl Pages {
    pub(super) const fn of(owner: OrganisationId) -> Self {
        Self { owner, next: 0, ended: false }
    }

    pub(super) async fn next(
        &mut self,
        conn: &mut dyn Connection,
    ) -> Result<Option<Vec<Transfer>>, AppError> {
        if self.ended {
            return Ok(None);
        }
        let limit = TRANSFERS_PER_PAGE;
        let rows = ledger::transfers_from(conn, self.owner, self.next, limit).await?;
        self.ended = rows.len() < limit as usize;
        let Some(last) = rows.last() else { return Ok(None) };
        self.next = last.seq + 1;
        let parsed = rows.iter().map(|row| {
            parse_canonical(&row.canonical)
                .map_err(|error| AppError::Corrupt(format!("{}: {error}", row.id)))
        });
        parsed.collect::<Result<_, _>>().map(Some)
    }
}
