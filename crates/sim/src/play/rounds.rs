//! People's rounds through the commissions, and what the installation does by itself every night.

use std::collections::BTreeMap;

use tributary_app::AppError;
use tributary_app::life::{
    COMMISSIONS_PER_CALL_MAX, Changed, LifeChange, Selection, approve_commissions, approve_due,
    decline_commissions, list_due,
};
use tributary_kernel::CommissionId;
use tributary_ledger::Reason;

use super::Player;

const BATCH: u32 = COMMISSIONS_PER_CALL_MAX as u32;

impl Player<'_> {
    /// What the installation does every night.
    pub(super) async fn jobs(&mut self) -> Result<(), AppError> {
        self.counts.approved += approve_due(self.app, BATCH).await?.approved;
        self.tidy().await
    }

    /// The reviewer looks at all whose hold is over: declines what does not meet the criteria,
    /// approves the rest.
    pub(super) async fn review(&mut self, program: usize) -> Result<(), AppError> {
        let owned = &self.owned[program];
        let (owner, reviewer) = (owned.owner, owned.reviewer.clone());
        loop {
            let due = list_due(self.app, &reviewer, owner, owned.program.id).await?;
            let full = due.len() == BATCH as usize;
            let mut good = Vec::new();
            let mut bad: BTreeMap<Reason, Vec<CommissionId>> = BTreeMap::new();
            for it in due {
                match self.declined.get(&it.conversion) {
                    Some(reason) => bad.entry(*reason).or_default().push(it.id),
                    None => good.push(it.id),
                }
            }
            for (reason, ids) in bad {
                let input = change(owner, ids);
                let changed = decline_commissions(self.app, &reviewer, input, reason).await?;
                self.counts.declined += all_done(changed)?;
            }
            if !good.is_empty() {
                let changed = approve_commissions(self.app, &reviewer, change(owner, good)).await?;
                self.counts.approved += all_done(changed)?;
            }
            if !full {
                return Ok(());
            }
        }
    }
}

fn change(owner: tributary_kernel::OrganisationId, ids: Vec<CommissionId>) -> LifeChange {
    LifeChange { owner, selection: Selection::Ids(ids), expected: None }
}

/// How many were changed; the first refusal if not all were.
fn all_done(changed: Vec<Changed>) -> Result<u64, AppError> {
    let count = changed.len() as u64;
    for it in changed {
        it.result?;
    }
    Ok(count)
}
