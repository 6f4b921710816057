//! What plans count, held against what each decision, refund and correction says it has counted.

use std::collections::HashMap;

use tributary_commission::CounterKey;
use tributary_kernel::{OrganisationId, ProgramId};
use tributary_store::decision;
use tributary_store::engine::Connection;

use super::VerifyReport;
use crate::AppError;
use crate::conversion::Counted;

const PAGE_COUNTERS: u32 = 4_096;

/// Counters as they come out, by program and key.
#[derive(Debug, Default)]
pub(super) struct Counters(HashMap<(ProgramId, String), i64>);

impl Counters {
    pub(super) fn add(&mut self, program: ProgramId, counted: &[Counted]) {
        for it in counted {
            // Sums of minor units of one program: where they do not fit, the ledger fails first.
            let sum = self.0.entry((program, it.key.clone())).or_insert(0);
            *sum = sum.saturating_add(it.add);
        }
    }

    /// Adds what another lane has counted.
    pub(super) fn join(&mut self, other: Self) {
        for ((program, key), add) in other.0 {
            let sum = self.0.entry((program, key)).or_insert(0);
            *sum = sum.saturating_add(add);
        }
    }

    pub(super) async fn compare(
        mut self,
        conn: &mut dyn Connection,
        owner: OrganisationId,
        report: &mut VerifyReport,
    ) -> Result<(), AppError> {
        for (program, text) in decision::counted_by_adjustments(conn, owner).await? {
            match serde_json::from_str::<Vec<Counted>>(&text) {
                Ok(counted) => self.add(program, &counted),
                Err(error) => report.find("counter", program, error.to_string()),
            }
        }
        let mut after = (ProgramId::from_bytes([0; 16]), String::new());
        loop {
            let page = (after.0, after.1.as_str());
            let found = decision::scan_plan_counters(conn, owner, page, PAGE_COUNTERS).await?;
            let whole = found.len() == PAGE_COUNTERS as usize;
            for (program, key, value) in found {
                if CounterKey::is_begun(&key) {
                    // Of before it was counted: no decision has recorded it.
                    after = (program, key);
                    continue;
                }
                let counted = self.0.remove(&(program, key.clone())).unwrap_or(0);
                if counted != value {
                    let detail = format!("{value} is stored, {counted} was counted");
                    report.find("counter", &key, detail);
                }
                after = (program, key);
            }
            if !whole {
                break;
            }
        }
        let mut left: Vec<_> = self.0.into_iter().filter(|(_, counted)| *counted != 0).collect();
        left.sort_unstable();
        for ((_, key), counted) in left {
            let detail = format!("nothing is stored, {counted} was counted");
            report.find("counter", key, detail);
        }
        Ok(())
    }
}
