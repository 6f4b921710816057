use std::collections::BTreeMap;

use axum::extract::{Query, State};
use tributary_app::month_end::{
    BookedKind, Bookkeeping, CashNeed, ExportFormat, ExportVouchers, Liability, LockPeriod,
    PutBookkeeping, bookkeeping, cash_forecast_of, export_vouchers, liability_of, lock_period,
    put_bookkeeping,
};
use tributary_directory::Permission;
use tributary_kernel::{FieldError, LocalDate};
use tributary_money::{Currency, Money};
use tributary_web::{CheckedForm, Problem};

use super::Desk;
use super::payouts::file;
use crate::pages::{Confirm, DUE, FinanceAccounts, FinancePage, ForecastLine, LiabilityLine};
use crate::parts::Field;
use crate::routes::ConsoleState;
use crate::routes::answer::{Answer, done, mendable, refusal_flash, told};
use crate::routes::given::{Given, put_errors};

/// What an address asks for, as text: what cannot be read is told on the page.
type Asked = Query<BTreeMap<String, String>>;

fn text<'a>(asked: &'a BTreeMap<String, String>, name: &str) -> &'a str {
    asked.get(name).map_or("", |it| it.trim())
}

/// First and last day of the month before.
fn last_month(today: LocalDate) -> (LocalDate, LocalDate) {
    let last = today.plus_days(-i32::from(today.civil().day()));
    (last.plus_days(1 - i32::from(last.civil().day())), last)
}

async fn view(desk: &Desk, asked: &str) -> Result<FinancePage, Problem> {
    let app = desk.state.app();
    let mut as_of = Field::of(asked);
    let day = asked.parse::<LocalDate>().ok();
    if day.is_none() && !asked.is_empty() {
        as_of.error = Some(FieldError::new("/as_of", "day_malformed", ""));
    }
    let found = match liability_of(app, &desk.actor, desk.owner, day).await {
        Ok(found) => found,
        Err(error) => {
            let refusal = mendable(error)?;
            put_errors(&refusal, &mut [("as_of", &mut as_of)]);
            liability_of(app, &desk.actor, desk.owner, None).await?
        }
    };
    if asked.is_empty() {
        as_of = Field::of(found.as_of.to_string());
    }
    let forecast = cash_forecast_of(app, &desk.actor, desk.owner).await?;
    let today = desk.zone.date(app.now());
    let (first, last) = last_month(today);
    let own = [desk.program.terms.currency];
    let totals = totals(&found);
    let currencies =
        forecast.keys().chain(totals.keys()).chain(&own).map(|it| it.code().to_owned());
    let currencies: std::collections::BTreeSet<String> = currencies.collect();
    Ok(FinancePage {
        day: found.as_of,
        as_of,
        totals: totals.into_iter().map(|(currency, minor)| Money::new(minor, currency)).collect(),
        owed: found.rows.iter().map(line).collect(),
        forecast: forecast.values().flat_map(due).collect(),
        closed: found.closed_through,
        from: Field::of(first.to_string()),
        through: Field::of(last.to_string()),
        currency: Field::default(),
        currencies: currencies.into_iter().collect(),
        lock_through: Field::of(last.to_string()),
    })
}

/// The parts of a forecast with something in them.
fn due(it: &CashNeed) -> impl Iterator<Item = ForecastLine> + use<> {
    let parts = [it.due, it.in_30, it.in_60, it.in_90, it.later];
    let lines = DUE.into_iter().zip(parts).filter(|(_, amount)| !amount.is_zero());
    lines.map(|(key, amount)| ForecastLine { key, amount })
}

fn totals(found: &Liability) -> BTreeMap<Currency, i64> {
    let mut totals = BTreeMap::new();
    for row in &found.rows {
        *totals.entry(row.currency).or_insert(0) += row.aged.total.minor;
    }
    totals
}

const fn line(it: &tributary_app::month_end::LiabilityRow) -> LiabilityLine {
    LiabilityLine { state: it.state, by_age: it.aged.by_age, total: it.aged.total }
}

pub(in crate::routes) async fn get(
    State(_): State<ConsoleState>,
    desk: Desk,
    Query(asked): Asked,
) -> Answer {
    let view = view(&desk, text(&asked, "as_of")).await?;
    Ok(if view.as_of.error.is_some() { desk.refused(view, None) } else { desk.page(view) })
}

/// Vouchers as a file; what is wrong with the question is told on the page it came from.
pub(in crate::routes) async fn vouchers(
    State(state): State<ConsoleState>,
    desk: Desk,
    Query(asked): Asked,
) -> Answer {
    let back = desk.at("/finance");
    let day = |name| text(&asked, name).parse::<LocalDate>().ok();
    let (Some(from), Some(through)) = (day("from"), day("through")) else {
        return Ok(told(&state, &back, &refusal_flash("day_malformed")));
    };
    let format =
        if text(&asked, "format") == "sie" { ExportFormat::Sie } else { ExportFormat::Csv };
    let input = ExportVouchers {
        owner: desk.owner,
        from,
        through,
        format,
        currency: Currency::from_code(text(&asked, "currency")),
        language: Some(desk.frame().language.code().to_owned()),
    };
    match export_vouchers(state.app(), &desk.actor, input).await {
        Ok(it) => Ok(file(&it.name, it.media_type, it.content)),
        Err(error) => {
            let refusal = mendable(error)?;
            Ok(told(&state, &back, &refusal_flash(refusal.first_code())))
        }
    }
}

/// Closes the books up to a day, once the person is sure.
pub(in crate::routes) async fn lock(
    State(state): State<ConsoleState>,
    desk: Desk,
    form: CheckedForm,
) -> Answer {
    let given = Given::from(form);
    desk.require(Permission::Pay)?;
    let back = desk.at("/finance");
    let Ok(through) = given.text("lock_through").trim().parse::<LocalDate>() else {
        return Ok(told(&state, &back, &refusal_flash("day_malformed")));
    };
    if !given.is_sure() {
        let view = Confirm {
            act_key: "finance-lock",
            effect_key: "finance-lock-effect",
            thing: desk.frame().language.date(through),
            action: desk.at("/finance/lock"),
            fields: vec![("lock_through", through.to_string())],
            back: back.clone(),
        };
        return Ok(desk.page_of_form(view, back));
    }
    let input = LockPeriod { owner: desk.owner, through };
    match lock_period(state.app(), &desk.actor, input).await {
        Ok(_) => Ok(done(&state, &back, "done-period-locked")),
        Err(error) => {
            let refusal = mendable(error)?;
            let code = refusal.errors.first().map_or(refusal.code, |_| "period_not_over");
            Ok(told(&state, &back, &refusal_flash(code)))
        }
    }
}

fn accounts_view(books: Bookkeeping) -> FinanceAccounts {
    let accounts = books.accounts.into_iter();
    FinanceAccounts {
        accounts: accounts.map(|(kind, account)| (kind, Field::of(account))).collect(),
        series: Field::of(books.series),
        year_month: Field::of(books.year_month.to_string()),
        organisation_number: Field::of(books.organisation_number.unwrap_or_default()),
    }
}

pub(in crate::routes) async fn get_accounts(
    State(state): State<ConsoleState>,
    desk: Desk,
) -> Answer {
    let books = bookkeeping(state.app(), &desk.actor, desk.owner).await?;
    Ok(desk.page(accounts_view(books)))
}

pub(in crate::routes) async fn post_accounts(
    State(state): State<ConsoleState>,
    desk: Desk,
    form: CheckedForm,
) -> Answer {
    let given = Given::from(form);
    desk.require(Permission::Pay)?;
    let typed = |kind: &BookedKind| (*kind, given.text(kind.as_str()).to_owned());
    let month = given.text("year_month").trim().parse::<u32>().unwrap_or(0);
    let input = PutBookkeeping {
        accounts: BookedKind::ALL.iter().map(typed).collect(),
        series: Some(given.text("series").to_owned()),
        year_month: Some(month),
        organisation_number: Some(given.text("organisation_number").to_owned()),
    };
    let refusal = match put_bookkeeping(state.app(), &desk.actor, desk.owner, input).await {
        Ok(_) => return Ok(done(&state, &desk.at("/finance/accounts"), "done-saved")),
        Err(error) => mendable(error)?,
    };
    let mut view = FinanceAccounts {
        accounts: BookedKind::ALL.iter().map(|kind| (*kind, given.field(kind.as_str()))).collect(),
        series: given.field("series"),
        year_month: given.field("year_month"),
        organisation_number: given.field("organisation_number"),
    };
    for (kind, field) in &mut view.accounts {
        let pointer = format!("/accounts/{kind}");
        field.error = refusal.errors.iter().find(|error| error.pointer == pointer).cloned();
    }
    let mut rest = refusal.clone();
    rest.errors.retain(|error| !error.pointer.starts_with("/accounts/"));
    let flash = if rest.errors.is_empty() {
        None
    } else {
        let others = &mut [
            ("series", &mut view.series),
            ("year_month", &mut view.year_month),
            ("organisation_number", &mut view.organisation_number),
        ];
        put_errors(&rest, others)
    };
    Ok(desk.refused(view, flash))
}
