//! The book in which planners write what is reported, before it is put in order.

use tributary_kernel::Timestamp;

use super::{Change, Clue, PlannedAdjustment, PlannedClick, PlannedReport, ReportKey, Year};
use crate::dice::{Dice, PPM};

/// Reports in the order in which they were thought of; keys are places in it until it is written
/// into the year.
#[derive(Debug, Default)]
pub(super) struct Book {
    reports: Vec<PlannedReport>,
    adjustments: Vec<PlannedAdjustment>,
}

impl Book {
    pub(super) fn report(&mut self, it: PlannedReport) -> ReportKey {
        self.reports.push(it);
        self.reports.len() - 1
    }

    pub(super) fn get(&self, key: ReportKey) -> &PlannedReport {
        &self.reports[key]
    }

    pub(super) fn len(&self) -> usize {
        self.reports.len()
    }

    pub(super) fn adjust(&mut self, sent_at: Timestamp, report: ReportKey, change: Change) {
        self.adjustments.push(PlannedAdjustment { sent_at, report, change });
    }

    /// Puts all in order of time; what was thought of first comes first.
    pub(super) fn write_into(self, year: &mut Year) {
        let mut order: Vec<usize> = (0..self.reports.len()).collect();
        order.sort_by_key(|key| (self.reports[*key].sent_at, *key));
        let mut place = vec![0; order.len()];
        for (new, old) in order.iter().enumerate() {
            place[*old] = new;
        }
        let mut reports: Vec<Option<PlannedReport>> = self.reports.into_iter().map(Some).collect();
        year.reports = order
            .iter()
            .map(|old| reports[*old].take().expect("an order names every place once"))
            .collect();
        year.adjustments = self.adjustments;
        for it in &mut year.adjustments {
            it.report = place[it.report];
        }
        year.adjustments.sort_by_key(|it| (it.sent_at, it.report));
    }
}

/// A report with the usual rest, sent as it happens.
pub(super) fn report(
    program: usize,
    kind: &'static str,
    order_id: String,
    at: Timestamp,
    clue: Clue,
) -> PlannedReport {
    PlannedReport {
        sent_at: at,
        occurred_at: at,
        program,
        kind,
        order_id,
        gross: None,
        net: None,
        quantity: 1,
        clue,
        customer: None,
        second_source: false,
        declined: None,
    }
}

/// A gross amount with the net one that is left of it without tax and shipping.
pub(super) const fn net_of(gross: i64, tax_percent: i64, shipping: i64) -> i64 {
    let without = gross - shipping;
    if without <= 0 { 0 } else { without * 100 / (100 + tax_percent) }
}

/// Whether a click becomes a result, for a partner of that quality.
pub(super) fn converts(
    click: &PlannedClick,
    quality: u64,
    usual_ppm: u64,
    dice: &mut Dice,
) -> bool {
    click.has_id() && !click.lost && dice.chance((usual_ppm * quality / 1_000).min(PPM))
}

pub(super) const MINUTE: i64 = 60;
pub(super) const HOUR: i64 = 60 * MINUTE;
pub(super) const DAY: i64 = 24 * HOUR;
