use axum::extract::State;
use tributary_app::invoicing::{Invoicing, PutInvoicing, invoicing, put_invoicing};
use tributary_app::tax::TaxForm;
use tributary_directory::Permission;
use tributary_store::organisation;
use tributary_web::{CheckedForm, Problem};

use super::Desk;
use crate::pages::SettingsInvoices;
use crate::parts::Field;
use crate::routes::ConsoleState;
use crate::routes::answer::{Answer, done, mendable};
use crate::routes::given::{Given, put_errors};
use crate::routes::lists::stored;

fn view(it: &Invoicing) -> SettingsInvoices {
    let form = it.company.form();
    SettingsInvoices {
        given: Some(it.given),
        name: Field::of(form.name),
        street: Field::of(form.street),
        post_code: Field::of(form.post_code),
        town: Field::of(form.town),
        country: Field::of(form.country),
        company_number: Field::of(form.company_number),
        vat: Field::of(form.vat),
        vat_number: Field::of(form.vat_number),
        vat_percent: Field::of(it.vat_rate.to_percent_string()),
        prefix: Field::of(it.prefix.clone()),
    }
}

async fn known(desk: &Desk) -> Result<Option<Invoicing>, Problem> {
    Ok(invoicing(desk.state.app(), &desk.actor, desk.owner).await?)
}

pub(in crate::routes) async fn get(State(_): State<ConsoleState>, desk: Desk) -> Answer {
    if let Some(found) = known(&desk).await? {
        return Ok(desk.page(view(&found)));
    }
    let mut conn = desk.read().await?;
    let own = stored(organisation::find(&mut *conn, desk.owner).await)?;
    drop(conn);
    Ok(desk.page(SettingsInvoices {
        name: Field::of(desk.advertiser.clone()),
        country: Field::of(own.map(|it| it.country).unwrap_or_default()),
        prefix: Field::of("SB-"),
        ..SettingsInvoices::default()
    }))
}

pub(in crate::routes) async fn post(
    State(state): State<ConsoleState>,
    desk: Desk,
    form: CheckedForm,
) -> Answer {
    let given = Given::from(form);
    desk.require(Permission::Pay)?;
    let text = |name: &str| given.text(name).to_owned();
    let company = TaxForm {
        name: text("name"),
        street: text("street"),
        post_code: text("post_code"),
        town: text("town"),
        country: text("country"),
        company_number: text("company_number"),
        vat: text("vat"),
        vat_number: text("vat_number"),
        ..TaxForm::default()
    };
    let input = PutInvoicing {
        owner: desk.owner,
        company,
        vat_percent: text("vat_percent"),
        prefix: text("prefix"),
    };
    let refusal = match put_invoicing(state.app(), &desk.actor, input).await {
        Ok(_) => return Ok(done(&state, &desk.at("/settings/invoices"), "done-saved")),
        Err(error) => mendable(error)?,
    };
    let mut view = SettingsInvoices {
        given: known(&desk).await?.map(|it| it.given),
        name: given.field("name"),
        street: given.field("street"),
        post_code: given.field("post_code"),
        town: given.field("town"),
        country: given.field("country"),
        company_number: given.field("company_number"),
        vat: given.field("vat"),
        vat_number: given.field("vat_number"),
        vat_percent: given.field("vat_percent"),
        prefix: given.field("prefix"),
    };
    let flash = put_errors(
        &refusal,
        &mut [
            ("name", &mut view.name),
            ("street", &mut view.street),
            ("post_code", &mut view.post_code),
            ("town", &mut view.town),
            ("country", &mut view.country),
            ("company_number", &mut view.company_number),
            ("vat", &mut view.vat),
            ("vat_number", &mut view.vat_number),
            ("vat_percent", &mut view.vat_percent),
            ("prefix", &mut view.prefix),
        ],
    );
    Ok(desk.refused(view, flash))
}
