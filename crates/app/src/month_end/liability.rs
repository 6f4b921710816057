use tributary_directory::{Actor, Permission};
use tributary_kernel::{FieldError, LocalDate, OrganisationId};
use tributary_money::Currency;
use tributary_payout::month_end::{Aged, OwedState, liability};

use super::books::{Calendar, Pages};
use super::items::Items;
use crate::{App, AppError};

/// What an owner owes its partners on a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Liability {
    /// At the end of which day.
    pub as_of: LocalDate,
    /// The last closed day as things are now.
    pub closed_through: Option<LocalDate>,
    /// By currency and state.
    pub rows: Vec<LiabilityRow>,
}

/// One currency and state.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LiabilityRow {
    /// Which currency.
    pub currency: Currency,
    /// Which state.
    pub state: OwedState,
    /// How much, by age.
    pub aged: Aged,
}

/// What an owner owed its partners at the end of a day, by currency and state, and how old it is.
/// None: today, where it is earliest among its programs.
///
/// # Errors
/// Without the right to read; `range` at `/as_of` for a day to come.
pub async fn liability_of(
    app: &App,
    actor: &Actor,
    owner: OrganisationId,
    as_of: Option<LocalDate>,
) -> Result<Liability, AppError> {
    actor.require(owner, Permission::Read)?;
    let mut conn = app.record.read().await?;
    let calendar = Calendar::load(&mut *conn, owner).await?;
    let today = calendar.earliest_today(app.now());
    let as_of = as_of.unwrap_or(today);
    if as_of > today.plus_days(1) {
        let detail = "Give a day that has come; for what is due later see the forecast.";
        return Err(FieldError::new("/as_of", "range", detail).into());
    }
    let mut items = Items::default();
    let mut pages = Pages::of(owner);
    while let Some(page) = pages.next(&mut *conn).await? {
        for it in &page {
            let day = calendar.day_of(it)?;
            if day <= as_of {
                items.take(it, day);
            }
        }
    }
    let aged = liability(&items.open()?, as_of)
        .map_err(|error| AppError::Corrupt(format!("liability of {owner}: {error}")))?;
    let rows = aged.into_iter().filter(|(_, aged)| {
        !aged.total.is_zero() || aged.by_age.iter().any(|part| !part.is_zero())
    });
    let rows = rows.map(|((currency, state), aged)| LiabilityRow { currency, state, aged });
    Ok(Liability { as_of, closed_through: calendar.closed_through(), rows: rows.collect() })
}
