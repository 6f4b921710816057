//! Conversions against what was sent, their journeys and their adjustments; their commissions
//! beside them.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use tributary_attribution::credit;
use tributary_click::ClickId;
use tributary_kernel::{ConversionId, OrganisationId, ProgramId, Zone};
use tributary_store::decision::{AdjustmentKind, StoredCommission, StoredConversion};
use tributary_store::engine::Connection;
use tributary_store::recheck::{self, AdjustedAmount};

use super::counters::Counters;
use super::rollup::Recount;
use super::{Agreements, Progress, VerifyReport, aside, commissions};
use crate::AppError;
use crate::conversion::{
    DecidedJourney, ReportConversion, commission_delta, conversion_deltas, from_given,
};
use crate::secrets::sha256;

const PAGE_CONVERSIONS: u32 = 1_000;

/// Some conversions with what hangs on them.
#[derive(Debug, Default)]
struct Page {
    conversions: Vec<StoredConversion>,
    /// In the order of the conversions.
    commissions: Vec<StoredCommission>,
    /// Likewise.
    adjusted: Vec<AdjustedAmount>,
}

impl Page {
    async fn read(
        conn: &mut dyn Connection,
        owner: OrganisationId,
        after: [u8; 16],
    ) -> Result<Self, AppError> {
        let conversions = recheck::scan_conversions(conn, owner, after, PAGE_CONVERSIONS).await?;
        let last = conversions.last().map(|it| it.id);
        let Some(last) = last else { return Ok(Self::default()) };
        let commissions = recheck::scan_commissions_of(conn, owner, after, last).await?;
        let adjusted = recheck::scan_adjusted_amounts(conn, owner, after, last).await?;
        Ok(Self { conversions, commissions, adjusted })
    }
}

/// Takes from the front of `rows`, which are in the order of conversions, those of one of them.
/// Rows of a conversion that is not there are passed over; counting tells of them.
fn those_of<'a, T>(
    id: ConversionId,
    rows: &mut &'a [T],
    of: impl Fn(&T) -> ConversionId,
) -> &'a [T] {
    let begin = rows.iter().position(|row| of(row) >= id).unwrap_or(rows.len());
    let rest = &rows[begin..];
    let end = rest.iter().position(|row| of(row) != id).unwrap_or(rest.len());
    let (own, rest) = rest.split_at(end);
    *rows = rest;
    own
}

/// The pages of an owner's conversions, each given to whoever asks next.
pub(super) struct Pages {
    owner: OrganisationId,
    next: tokio::sync::Mutex<Place>,
    done: AtomicU64,
}

/// After which conversion the next page begins, and its number; none: there is no next.
#[derive(Clone, Copy)]
struct Place {
    after: Option<[u8; 16]>,
    number: u64,
}

impl Pages {
    pub(super) fn new(owner: OrganisationId) -> Self {
        let first = Place { after: Some([0; 16]), number: 0 };
        Self { owner, next: tokio::sync::Mutex::new(first), done: AtomicU64::new(0) }
    }

    /// Looks only where the page ends, so that the next one can be read beside it.
    async fn take(&self, conn: &mut dyn Connection) -> Result<Option<(u64, [u8; 16])>, AppError> {
        let mut place = self.next.lock().await;
        let Some(after) = place.after else { return Ok(None) };
        let last = recheck::conversion_after(conn, self.owner, after, PAGE_CONVERSIONS).await?;
        let number = place.number;
        *place = Place { after: last.map(|id| *id.as_bytes()), number: number + 1 };
        Ok(Some((number, after)))
    }
}

/// What is carried from page to page.
pub(super) struct Lane {
    terms: Arc<Agreements>,
    recount: Recount,
    counters: Counters,
    commissions: i64,
    report: VerifyReport,
    /// What was found in which page.
    found: Vec<(u64, VerifyReport)>,
}

impl Lane {
    pub(super) fn new(terms: Arc<Agreements>) -> Self {
        Self {
            terms,
            recount: Recount::default(),
            counters: Counters::default(),
            commissions: 0,
            report: VerifyReport::default(),
            found: Vec::new(),
        }
    }

    /// Checks pages until there is none left.
    pub(super) async fn run(
        mut self,
        conn: &mut dyn Connection,
        pages: &Pages,
        progress: &Progress<'_>,
    ) -> Result<Self, AppError> {
        while let Some((number, after)) = pages.take(conn).await? {
            let page = Page::read(conn, pages.owner, after).await?;
            let read = page.conversions.len() as u64;
            self = aside(move || self.take(&page)).await?;
            if !self.report.is_green() {
                self.found.push((number, std::mem::take(&mut self.report)));
            }
            let done = pages.done.fetch_add(read, Ordering::Relaxed) + read;
            progress.tell(pages.owner, "conversions", done);
        }
        Ok(self)
    }

    /// Adds what another lane has done.
    pub(super) fn join(&mut self, other: Self) {
        self.recount.join(other.recount);
        self.counters.join(other.counters);
        self.commissions += other.commissions;
        self.report.add(other.report);
        self.found.extend(other.found);
    }
}

/// Counts, and holds the rollup against what the lanes have counted.
pub(super) async fn finish(
    conn: &mut dyn Connection,
    owner: OrganisationId,
    lane: Lane,
    progress: &Progress<'_>,
) -> Result<VerifyReport, AppError> {
    let Lane { recount, counters, commissions, mut report, mut found, .. } = lane;
    found.sort_by_key(|(number, _)| *number);
    found.into_iter().for_each(|(_, found)| report.add(found));
    let stored = recheck::count_commissions(conn, owner).await?;
    if stored != commissions {
        let detail = format!("{stored} commissions are stored, {commissions} have a conversion");
        report.find("commission", owner, detail);
    }
    recount.compare(conn, owner, &mut report, progress).await?;
    counters.compare(conn, owner, &mut report).await?;
    Ok(report)
}

impl Lane {
    fn take(mut self, page: &Page) -> Self {
        let (mut commissions, mut adjusted) = (&page.commissions[..], &page.adjusted[..]);
        for it in &page.conversions {
            self.report.conversions += 1;
            let adjusted = those_of(it.id, &mut adjusted, |row| row.conversion);
            let given = self.check_given(it, adjusted);
            self.check_returned(it, adjusted);
            let own = those_of(it.id, &mut commissions, |row| row.conversion);
            let decided = self.check_journey(it, own.first());
            let of = commissions::Of { conversion: it, decided, given, adjusted, own };
            for commission in own {
                self.commissions += 1;
                commissions::check(&self.terms, &of, commission, &mut self.report);
                if let Some(delta) = commission_delta(commission, commission.state, 1) {
                    self.recount.add(delta);
                }
            }
        }
        self
    }

    fn zone(&self, program: ProgramId) -> Option<&Zone> {
        self.terms.programs.get(&program).map(|(zone, _)| zone)
    }

    fn check_given(
        &mut self,
        it: &StoredConversion,
        adjusted: &[AdjustedAmount],
    ) -> Option<ReportConversion> {
        if sha256(it.given.as_bytes()) != it.content_hash {
            self.report.find("conversion", it.id, "what was sent does not have its hash");
            return None;
        }
        let given = match from_given(&it.given) {
            Ok(given) => given,
            Err(error) => {
                self.report.find("conversion", it.id, error);
                return None;
            }
        };
        let click = given.click_id.as_deref().and_then(|id| id.trim().parse::<ClickId>().ok());
        let correction = adjusted.iter().rev().find(|it| it.kind == AdjustmentKind::Correction);
        let amount = correction.map_or_else(
            || given.amount.map_or(0, |amount| amount.minor),
            |correction| correction.amount,
        );
        let wrong = [
            ("program", given.program != Some(it.program)),
            ("type", given.kind.trim() != it.kind),
            ("order_id", given.order_id.trim() != it.business_key),
            ("occurred_at", given.occurred_at.is_some_and(|at| at != it.occurred_at)),
            ("quantity", given.quantity.unwrap_or(1) != it.quantity),
            ("click_id", click.map(|id| *id.as_bytes()) != it.click),
            ("amount", amount != it.amount.minor),
            (
                "net_amount",
                correction.is_none() && given.net_amount.map(|net| net.minor) != it.net_amount,
            ),
        ];
        for (field, _) in wrong.into_iter().filter(|(_, wrong)| *wrong) {
            let detail = format!("its {field} is not what was sent");
            self.report.find("conversion", it.id, detail);
        }
        Some(given)
    }

    fn check_returned(&mut self, it: &StoredConversion, adjusted: &[AdjustedAmount]) {
        let back = adjusted.iter().filter(|it| it.kind != AdjustmentKind::Correction);
        let back: i128 = back.map(|it| i128::from(it.amount)).sum();
        if back != i128::from(it.returned_amount) {
            let detail =
                format!("{} was given back, its refunds sum to {back}", it.returned_amount);
            self.report.find("conversion", it.id, detail);
        }
    }

    /// Judges the stored journey again, and counts the conversion where it says.
    fn check_journey(
        &mut self,
        it: &StoredConversion,
        first: Option<&StoredCommission>,
    ) -> Option<DecidedJourney> {
        let decided = match serde_json::from_str::<DecidedJourney>(&it.journey) {
            Ok(decided) => decided,
            Err(error) => {
                self.report.find("journey", it.id, error.to_string());
                return None;
            }
        };
        self.counters.add(it.program, &decided.counted);
        let Some(zone) = self.zone(it.program) else {
            self.report.find("conversion", it.id, "its program is not there");
            return None;
        };
        let again = credit(&decided.journey, it.occurred_at, &decided.policy, zone);
        let was = &decided.attribution;
        let same = (&again.credits, &again.channels, again.held)
            == (&was.credits, &was.channels, was.held);
        // The day as the decision saw it: the program's zone may have been changed since.
        let facts = decided.not_paid.as_ref().and_then(|it| it.facts.as_ref());
        let day = first.map(|it| it.local_day).or(facts.map(|it| it.on));
        let day = day.unwrap_or_else(|| zone.date(it.occurred_at));
        if !same {
            let detail = "its touches, judged again, give other credits";
            self.report.find("journey", it.id, detail);
        }
        for delta in conversion_deltas(it, &decided, day, 1) {
            self.recount.add(delta);
        }
        Some(decided)
    }
}
