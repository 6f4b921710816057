//! An amount that a person gives a partner, or takes back: a form, what it will do, and the act.

use axum::extract::State;
use tributary_app::AppError;
use tributary_app::conversion::{GiveAmount, ManualReason, give_amount, preview_amount};
use tributary_app::directory::PartnerOfProgram;
use tributary_directory::Permission;
use tributary_kernel::{FieldError, Refusal};
use tributary_money::Money;
use tributary_web::{CheckedForm, PathOf};

use super::Desk;
use super::adjust::{amount_of, new_key};
use super::partner::{Place, find};
use crate::Flash;
use crate::pages::PartnerAmount;
use crate::parts::Field;
use crate::routes::ConsoleState;
use crate::routes::answer::{Answer, mendable, told};
use crate::routes::given::{Given, put_errors};

fn blank(desk: &Desk, found: &PartnerOfProgram) -> PartnerAmount {
    PartnerAmount {
        id: found.partnership.id.to_string(),
        partner: found.partner.name.clone(),
        way: Field::of("give"),
        amount: Field::default(),
        reason: Field::default(),
        note: Field::default(),
        once: new_key(desk),
        preview: None,
        currency: desk.program.terms.currency.code(),
    }
}

pub(in crate::routes) async fn get(
    State(_): State<ConsoleState>,
    desk: Desk,
    PathOf((_, id)): Place,
) -> Answer {
    desk.require(Permission::Decide)?;
    let found = find(&desk, id).await?;
    Ok(desk.page(blank(&desk, &found)))
}

pub(in crate::routes) async fn post(
    State(_): State<ConsoleState>,
    desk: Desk,
    PathOf((_, id)): Place,
    form: CheckedForm,
) -> Answer {
    desk.require(Permission::Decide)?;
    let found = find(&desk, id).await?;
    let given = Given::from(form);
    let sure = given.is_sure();
    let (app, actor) = (desk.state.app(), &desk.actor);
    let result = match input(&desk, &found, &given) {
        Ok(input) if sure => give_amount(app, actor, &input).await,
        Ok(input) => preview_amount(app, actor, &input).await,
        Err(error) => Err(error),
    };
    match result {
        Ok(it) if sure => {
            let key = match it.amount.is_negative() {
                true => "done-amount-taken",
                false => "done-amount-given",
            };
            Ok(told(&desk.state, &desk.at(&format!("/partners/{id}")), &Flash::good(key)))
        }
        Ok(it) => {
            let mut view = typed(&desk, &found, &given);
            let whole = Money::new(it.amount.minor.abs(), it.amount.currency);
            view.preview = Some((whole, it.amount.is_negative()));
            Ok(desk.page_of_form(view, desk.at(&format!("/partners/{id}/amount"))))
        }
        Err(error) => {
            let refusal: Refusal = mendable(error)?;
            let mut view = typed(&desk, &found, &given);
            let flash = put_errors(
                &refusal,
                &mut [
                    ("way", &mut view.way),
                    ("amount", &mut view.amount),
                    ("reason", &mut view.reason),
                    ("note", &mut view.note),
                ],
            );
            Ok(desk.refused(view, flash))
        }
    }
}

/// The form as it was typed.
fn typed(desk: &Desk, found: &PartnerOfProgram, given: &Given) -> PartnerAmount {
    let mut view = blank(desk, found);
    view.way = given.field("way");
    view.amount = given.field("amount");
    view.reason = given.field("reason");
    view.note = given.field("note");
    if let Some(once) = given.filled("once") {
        view.once = once.to_owned();
    }
    view
}

fn input(desk: &Desk, found: &PartnerOfProgram, given: &Given) -> Result<GiveAmount, AppError> {
    let amount = amount_of(given, "amount", desk.program.terms.currency)?;
    if amount.is_negative() {
        let detail = "Say above whether it is given or taken.";
        return Err(FieldError::new("/amount", "negative", detail).into());
    }
    let amount = match given.text("way") {
        "take" => Money::new(-amount.minor, amount.currency),
        _ => amount,
    };
    let reason: Option<ManualReason> = given.text("reason").parse().ok();
    let reason = reason.ok_or_else(|| FieldError::new("/reason", "required", "Say why."))?;
    Ok(GiveAmount {
        owner: desk.owner,
        partnership: found.partnership.id,
        amount,
        reason,
        note: given.text("note").to_owned(),
        about: None,
        key: Some(format!("page-{}", given.text("once"))),
    })
}
