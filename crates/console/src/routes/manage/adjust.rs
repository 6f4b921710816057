//! A conversion's amount given back or put right by hand, or its customer's departure: a form, what it will do in numbers, and
//! then the act.

use std::collections::BTreeMap;

use axum::extract::State;
use axum::response::Response;
use tributary_app::AppError;
use tributary_app::conversion::{
    Adjusted, AdjustmentKind, CorrectConversion, DepartCustomer, RefundConversion,
    correct_conversion, depart_customer, preview_correction, preview_departure, preview_refund,
    refund_conversion,
};
use tributary_app::explain::{ExplainedConversion, explain_conversion};
use tributary_directory::Permission;
use tributary_kernel::{
    ConversionId, FieldError, LocalDate, PartnerId, ProgramId, Refusal, Timestamp, crockford,
};
use tributary_money::{Currency, Money};
use tributary_web::{CheckedForm, PathOf, Problem};

use super::Desk;
use crate::Flash;
use crate::pages::{AdjustAct as Act, AdjustLine, ConversionAdjust};
use crate::parts::Field;
use crate::routes::answer::{Answer, mendable, not_found, told};
use crate::routes::given::{Given, put_errors};
use crate::routes::lists::Names;
use crate::routes::words::event_name;
use crate::routes::{ConsoleState, states};

type Place = PathOf<(ProgramId, ConversionId)>;

async fn find(desk: &Desk, id: ConversionId) -> Result<ExplainedConversion, Problem> {
    let found = explain_conversion(desk.state.app(), &desk.actor, id).await?;
    if found.conversion.program != desk.program.id {
        return Err(not_found("conversion"));
    }
    desk.require(Permission::Report)?;
    Ok(found)
}

fn blank(desk: &Desk, found: &ExplainedConversion, act: Act) -> ConversionAdjust {
    let it = &found.conversion;
    let kind = event_name(&desk.frame(), &it.kind);
    let rest = Money::new(it.amount.minor - it.returned.minor, it.amount.currency);
    let rest = Some(rest).filter(|_| !it.amount.is_zero());
    let amount = match act {
        Act::Refund => rest.map(|rest| rest.to_decimal_string()),
        Act::Correct => Some(it.amount.to_decimal_string()),
        Act::Depart => None,
    };
    let today = desk.zone.date(desk.state.app().now());
    ConversionAdjust {
        id: it.id.to_string(),
        what: format!("{kind} {}", it.reference),
        value: (!it.amount.is_zero()).then_some(it.amount),
        act,
        rest,
        amount: Field::of(amount.unwrap_or_default()),
        net_amount: Field::default(),
        kind: Field::of("refund"),
        left_on: Field::of(today.to_string()),
        reference: Field::default(),
        once: new_key(desk),
        preview: None,
        currency: it.amount.currency.code(),
    }
}

/// A key of one form, so that a press too many is the same fact.
pub(super) fn new_key(desk: &Desk) -> String {
    let mut bytes = [0u8; 16];
    desk.state.app().entropy.fill(&mut bytes);
    String::from_utf8_lossy(&crockford::encode(&bytes)).into_owned()
}

pub(in crate::routes) async fn get_refund(
    State(_): State<ConsoleState>,
    desk: Desk,
    PathOf((_, id)): Place,
) -> Answer {
    let found = find(&desk, id).await?;
    Ok(desk.page(blank(&desk, &found, Act::Refund)))
}

pub(in crate::routes) async fn get_correct(
    State(_): State<ConsoleState>,
    desk: Desk,
    PathOf((_, id)): Place,
) -> Answer {
    let found = find(&desk, id).await?;
    Ok(desk.page(blank(&desk, &found, Act::Correct)))
}

pub(in crate::routes) async fn get_departure(
    State(_): State<ConsoleState>,
    desk: Desk,
    PathOf((_, id)): Place,
) -> Answer {
    let found = find(&desk, id).await?;
    Ok(desk.page(blank(&desk, &found, Act::Depart)))
}

pub(in crate::routes) async fn post_refund(
    State(_): State<ConsoleState>,
    desk: Desk,
    PathOf((_, id)): Place,
    form: CheckedForm,
) -> Answer {
    post(&desk, id, &Given::from(form), Act::Refund).await
}

pub(in crate::routes) async fn post_correct(
    State(_): State<ConsoleState>,
    desk: Desk,
    PathOf((_, id)): Place,
    form: CheckedForm,
) -> Answer {
    post(&desk, id, &Given::from(form), Act::Correct).await
}

pub(in crate::routes) async fn post_departure(
    State(_): State<ConsoleState>,
    desk: Desk,
    PathOf((_, id)): Place,
    form: CheckedForm,
) -> Answer {
    post(&desk, id, &Given::from(form), Act::Depart).await
}

async fn post(desk: &Desk, id: ConversionId, given: &Given, act: Act) -> Answer {
    let found = find(desk, id).await?;
    let sure = given.is_sure();
    match adjust(desk, &found, given, act, sure).await {
        Ok(_) if sure => {
            let key = match act {
                Act::Refund => "done-refunded",
                Act::Correct => "done-corrected",
                Act::Depart => "done-departed",
            };
            let path = desk.at(&format!("/conversions/{id}"));
            Ok(told(&desk.state, &path, &Flash::good(key)))
        }
        Ok(adjusted) => {
            let mut view = typed(desk, &found, given, act);
            let value = adjusted.conversion.amount.minor - adjusted.conversion.returned_amount;
            let value = Money::new(value, adjusted.conversion.amount.currency);
            view.preview = Some((value, lines(desk, &found, &adjusted).await?));
            let here = desk.at(&format!("/conversions/{id}/{}", act.path()));
            Ok(desk.page_of_form(view, here))
        }
        Err(error) => Ok(again(desk, typed(desk, &found, given, act), &mendable(error)?)),
    }
}

/// The form as it was typed.
fn typed(desk: &Desk, found: &ExplainedConversion, given: &Given, act: Act) -> ConversionAdjust {
    let mut view = blank(desk, found, act);
    view.amount = given.field("amount");
    view.net_amount = given.field("net_amount");
    view.kind = given.field("kind");
    view.left_on = given.field("left_on");
    view.reference = given.field("reference");
    if let Some(once) = given.filled("once") {
        view.once = once.to_owned();
    }
    view
}

fn again(desk: &Desk, mut view: ConversionAdjust, refusal: &Refusal) -> Response {
    let flash = put_errors(
        refusal,
        &mut [
            ("amount", &mut view.amount),
            ("net_amount", &mut view.net_amount),
            ("kind", &mut view.kind),
            ("left_on", &mut view.left_on),
            ("reference", &mut view.reference),
        ],
    );
    desk.refused(view, flash)
}

/// Does it, or says what it would do.
async fn adjust(
    desk: &Desk,
    found: &ExplainedConversion,
    given: &Given,
    act: Act,
    sure: bool,
) -> Result<Adjusted, AppError> {
    let (app, actor) = (desk.state.app(), &desk.actor);
    let currency = found.conversion.amount.currency;
    let once = || format!("page-{}", given.text("once"));
    let key = given.filled("reference").map_or_else(once, str::to_owned);
    let result = match act {
        Act::Refund => {
            let has_value = !found.conversion.amount.is_zero();
            let amount = match has_value {
                true => Some(amount_of(given, "amount", currency)?),
                false => None,
            };
            let kind = match given.text("kind") {
                "chargeback" => AdjustmentKind::Chargeback,
                _ => AdjustmentKind::Refund,
            };
            let conversion = found.conversion.id;
            let input =
                RefundConversion { conversion, refund_id: key, amount, kind, occurred_at: None };
            match sure {
                true => refund_conversion(app, actor, input).await,
                false => preview_refund(app, actor, input).await,
            }
        }
        Act::Correct => {
            let net = given.filled("net_amount").map(|_| amount_of(given, "net_amount", currency));
            let input = CorrectConversion {
                conversion: found.conversion.id,
                correction_id: key,
                amount: amount_of(given, "amount", currency)?,
                net_amount: net.transpose()?,
            };
            match sure {
                true => correct_conversion(app, actor, input).await,
                false => preview_correction(app, actor, input).await,
            }
        }
        Act::Depart => {
            let conversion = found.conversion.id;
            let left_at = Some(moment_of(desk, found, given)?);
            let input = DepartCustomer { conversion, departure_id: key, left_at };
            match sure {
                true => depart_customer(app, actor, input).await,
                false => preview_departure(app, actor, input).await,
            }
        }
    };
    result.map_err(at_the_form)
}

/// Refusals name the API's fields; the form's reference is both kinds' own id.
fn at_the_form(error: AppError) -> AppError {
    let AppError::Refused(mut refusal) = error else { return error };
    for error in &mut refusal.errors {
        match error.pointer.as_ref() {
            "/refund_id" | "/correction_id" | "/departure_id" => {
                error.pointer = "/reference".into();
            }
            "/left_at" => error.pointer = "/left_on".into(),
            _ => {}
        }
    }
    AppError::Refused(refusal)
}

/// When the customer left, of which a person knows the day: where it begins, or, on the day of the
/// conversion, with that.
fn moment_of(
    desk: &Desk,
    found: &ExplainedConversion,
    given: &Given,
) -> Result<Timestamp, FieldError> {
    let day: LocalDate = given.text("left_on").trim().parse().map_err(|_| {
        FieldError::new("/left_on", "date_malformed", "Give a day like 2026-11-30.")
    })?;
    let bought = found.conversion.occurred_at;
    let begin = desk.zone.start_of(day);
    Ok(if day == desk.zone.date(bought) { bought } else { begin })
}

pub(super) fn amount_of(
    given: &Given,
    name: &str,
    currency: Currency,
) -> Result<Money, FieldError> {
    // People write a comma as well.
    let text = given.text(name).trim().replace(',', ".");
    Money::parse_decimal(&text, currency).map_err(|_| {
        FieldError::new(format!("/{name}"), "amount_malformed", "Give an amount like 500.00.")
    })
}

/// What changes for whom: all partners with a commission whose sum becomes another.
async fn lines(
    desk: &Desk,
    found: &ExplainedConversion,
    adjusted: &Adjusted,
) -> Result<Vec<AdjustLine>, Problem> {
    let mut sums: BTreeMap<PartnerId, (i64, i64)> = BTreeMap::new();
    for it in found.commissions.iter().map(|it| &it.commission) {
        sums.entry(it.partner).or_default().0 += states::worth(it);
    }
    for it in &adjusted.commissions {
        sums.entry(it.partner).or_default().1 += states::worth(it);
    }
    let currency = desk.program.terms.currency;
    let names = Names::of(desk.state.app(), sums.keys().copied()).await?;
    let line = |(partner, (was, is)): (PartnerId, (i64, i64))| AdjustLine {
        partner: names.get(partner),
        was: Money::new(was, currency),
        is: Money::new(is, currency),
    };
    Ok(sums.into_iter().filter(|(_, (was, is))| was != is).map(line).collect())
}
