use std::collections::BTreeMap;

use tributary_directory::{Actor, Permission};
use tributary_kernel::{CommissionId, OrganisationId, Refusal};
use tributary_money::{Currency, Money};

use super::LifeStep;
use super::change::refusal_of;
use super::selection::{self, Selection};
use crate::{App, AppError};

/// What a step would do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LifePreview {
    /// How many commissions would be moved; given as `expected`, exactly these are.
    pub count: usize,
    /// What is left of them per currency, in order of currency code, without test money.
    pub totals: Vec<Money>,
    /// Of the count, how many are of test mode.
    pub test: usize,
    /// Those that would stay as they are.
    pub skipped: Vec<Skipped>,
    /// Whether more match than one call takes.
    pub more: bool,
}

/// A commission that would stay as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Skipped {
    /// Which.
    pub commission: CommissionId,
    /// Why: `not_found`, `wrong_state`.
    pub refusal: Refusal,
}

/// Says what a step would do, and does nothing.
///
/// # Errors
/// As the step itself.
pub async fn preview_life(
    app: &App,
    actor: &Actor,
    owner: OrganisationId,
    step: LifeStep,
    selection: &Selection,
) -> Result<LifePreview, AppError> {
    actor.require(owner, Permission::Decide)?;
    let mut conn = app.record.read().await?;
    let selected = selection::find(&mut *conn, owner, step, selection).await?;
    let mut totals: BTreeMap<Currency, i64> = BTreeMap::new();
    let (mut count, mut test, mut skipped) = (0, 0, Vec::new());
    for (commission, found) in selected.items {
        if let Some(refusal) = refusal_of(step, found.as_ref()) {
            skipped.push(Skipped { commission, refusal });
            continue;
        }
        let Some(it) = found else { continue };
        count += 1;
        if it.test {
            test += 1;
            continue;
        }
        let total = totals.entry(it.amount.currency).or_insert(0);
        *total = total
            .checked_add(it.remaining())
            .ok_or_else(|| AppError::Corrupt(format!("sum with {} overflows", it.id)))?;
    }
    let totals = totals.into_iter().map(|(currency, sum)| Money::new(sum, currency)).collect();
    Ok(LifePreview { count, totals, test, skipped, more: selected.more })
}
