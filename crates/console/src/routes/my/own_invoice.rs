use axum::extract::State;
use tributary_app::AppError;
use tributary_app::invoicing::{GiveOwnInvoice, give_own_invoice, own_invoice};
use tributary_app::payout::statement_of;
use tributary_kernel::{FieldError, PayoutId};
use tributary_money::{Currency, Money};
use tributary_web::{CheckedForm, PathOf, Problem};

use super::Pocket;
use crate::pages::PartnerOwnInvoice;
use crate::parts::Field;
use crate::routes::ConsoleState;
use crate::routes::answer::{Answer, done, mendable};
use crate::routes::given::{Given, put_errors};

async fn view(pocket: &Pocket, id: PayoutId) -> Result<PartnerOwnInvoice, Problem> {
    let (app, actor) = (pocket.state.app(), &pocket.actor);
    let statement = statement_of(app, actor, id).await?;
    let known = own_invoice(app, actor, id).await?;
    let amount = |it: Money| Field::of(it.to_decimal_string());
    let zero = Money::zero(statement.currency);
    Ok(PartnerOwnInvoice {
        statement: id.to_string(),
        paid: statement.paid,
        written: statement.tax.is_some_and(|tax| tax.invoice.is_some()),
        number: Field::of(known.as_ref().map(|it| it.number.clone()).unwrap_or_default()),
        issued_on: Field::of(known.as_ref().map(|it| it.issued_on.to_string()).unwrap_or_default()),
        net: amount(statement.paid),
        vat: amount(known.map_or(zero, |it| it.vat)),
        currency: statement.currency.code(),
    })
}

pub(in crate::routes) async fn get(
    State(_): State<ConsoleState>,
    pocket: Pocket,
    PathOf(id): PathOf<PayoutId>,
) -> Answer {
    let view = view(&pocket, id).await?;
    Ok(pocket.page(view))
}

pub(in crate::routes) async fn post(
    State(state): State<ConsoleState>,
    pocket: Pocket,
    PathOf(id): PathOf<PayoutId>,
    form: CheckedForm,
) -> Answer {
    let given = Given::from(form);
    let mut view = view(&pocket, id).await?;
    let result = match input(&given, id, view.paid.currency) {
        Ok(input) => give_own_invoice(state.app(), &pocket.actor, input).await.map(drop),
        Err(error) => Err(error),
    };
    let refusal = match result {
        Ok(()) => {
            let path = format!("/my/statements/{id}/invoice");
            return Ok(done(&state, &path, "done-own-invoice"));
        }
        Err(error) => mendable(error)?,
    };
    view.number = given.field("number");
    view.issued_on = given.field("issued_on");
    view.net = given.field("net");
    view.vat = given.field("vat");
    let flash = put_errors(
        &refusal,
        &mut [
            ("number", &mut view.number),
            ("issued_on", &mut view.issued_on),
            ("net", &mut view.net),
            ("vat", &mut view.vat),
        ],
    );
    Ok(pocket.refused(view, flash))
}

fn input(given: &Given, payout: PayoutId, currency: Currency) -> Result<GiveOwnInvoice, AppError> {
    let amount = |name: &'static str| {
        let text = given.text(name).trim().replace(',', ".");
        let text = if text.is_empty() { "0".to_owned() } else { text };
        Money::parse_decimal(&text, currency)
            .map_err(|error| FieldError::new(format!("/{name}"), error.code(), format!("{error}.")))
    };
    let issued_on = given.text("issued_on").trim().parse();
    let issued_on =
        issued_on.map_err(|_| FieldError::new("/issued_on", "required", "Give the day."))?;
    let number = given.text("number").to_owned();
    Ok(GiveOwnInvoice { payout, number, issued_on, net: amount("net")?, vat: amount("vat")? })
}
