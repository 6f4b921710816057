use std::collections::BTreeMap;

use tributary_directory::{Actor, Permission};
use tributary_kernel::{LocalDate, OrganisationId, ProgramId, Timestamp};
use tributary_money::{Currency, Money};
use tributary_payout::month_end::{CashNeed, cash_forecast};
use tributary_payout::payday::next_pay_date;
use tributary_store::month_end;

use super::books::Calendar;
use crate::payout::rhythm_of;
use crate::{App, AppError};

/// Ends of holds that are told apart; holds end at the first moment of a day.
const DUE_ROWS_MAX: u32 = 100_000;

/// What an owner has to pay in the next 30, 60 and 90 days, by currency, as things stand: payouts on
/// their way on their day, approved money on the next pay day (less what that partner owes back),
/// pending money on the first pay day after its hold. Least amounts are not waited for, so that
/// more may be told than is paid.
///
/// # Errors
/// Without the right to read.
pub async fn cash_forecast_of(
    app: &App,
    actor: &Actor,
    owner: OrganisationId,
) -> Result<BTreeMap<Currency, CashNeed>, AppError> {
    actor.require(owner, Permission::Read)?;
    let mut conn = app.record.read().await?;
    let calendar = Calendar::load(&mut *conn, owner).await?;
    let now = app.now();
    let pay_day = |program: ProgramId, at: Timestamp| -> Result<LocalDate, AppError> {
        let found = calendar.programs.get(&program);
        let (program, zone) =
            found.ok_or_else(|| AppError::Corrupt(format!("{program} is missing")))?;
        let next = next_pay_date(zone, rhythm_of(program), at.max(now), None);
        Ok(next.unwrap_or_else(|| zone.date(at.max(now))))
    };
    let mut items: Vec<(Money, LocalDate)> = Vec::new();
    for (currency, day, amount) in month_end::payable_by_day(&mut *conn, owner).await? {
        items.push((Money::new(amount, currency), day));
    }
    for it in month_end::approved_of_owner(&mut *conn, owner).await? {
        // What a partner owes back is carried, never collected: it lowers its own payouts alone.
        if it.amount > 0 {
            items.push((Money::new(it.amount, it.currency), pay_day(it.program, now)?));
        }
    }
    for it in month_end::pending_of_owner(&mut *conn, owner, DUE_ROWS_MAX).await? {
        items.push((Money::new(it.amount, it.currency), pay_day(it.program, it.due_at)?));
    }
    cash_forecast(&items, calendar.earliest_today(now))
        .map_err(|error| AppError::Corrupt(format!("forecast of {owner}: {error}")))
}
