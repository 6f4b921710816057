use axum::extract::State;
use tributary_app::payout::{PayerAccountView, PutPayerAccount, payer_account, put_payer_account};
use tributary_directory::Permission;
use tributary_payout::pain001::profile_for;
use tributary_store::organisation;
use tributary_web::{CheckedForm, Problem};

use super::Desk;
use crate::pages::{BankFields, SettingsPayer};
use crate::parts::Field;
use crate::routes::ConsoleState;
use crate::routes::answer::{Answer, done, mendable};
use crate::routes::bank::{account_of, fields_for, fields_of, holder_of, put_bank_errors};
use crate::routes::given::Given;
use crate::routes::lists::stored;

/// An account as pages show it: whose, and its masked number.
pub(super) fn shown(it: &PayerAccountView) -> String {
    format!("{}, {}", it.holder, it.shown)
}

async fn view(desk: &Desk, account: BankFields) -> Result<SettingsPayer, Problem> {
    let currency = desk.program.terms.currency;
    let current = payer_account(desk.state.app(), &desk.actor, desk.owner, currency).await?;
    Ok(SettingsPayer {
        currency: currency.code(),
        has_bank_file: profile_for(currency).is_some(),
        current: current.as_ref().map(shown),
        account,
        bic: Field::default(),
        number_at_bank: Field::default(),
    })
}

pub(in crate::routes) async fn get(State(_): State<ConsoleState>, desk: Desk) -> Answer {
    let mut conn = desk.read().await?;
    let own = stored(organisation::find(&mut *conn, desk.owner).await)?;
    drop(conn);
    let country = own.map(|it| it.country).unwrap_or_default();
    let view = view(&desk, fields_for(&desk.advertiser, &country)).await?;
    Ok(desk.page(view))
}

pub(in crate::routes) async fn post(
    State(state): State<ConsoleState>,
    desk: Desk,
    form: CheckedForm,
) -> Answer {
    let given = Given::from(form);
    desk.require(Permission::Pay)?;
    let bic = given.filled("bic").map(str::to_owned);
    let input = PutPayerAccount {
        owner: desk.owner,
        currency: desk.program.terms.currency,
        account: account_of(&given, bic.clone()),
        holder: holder_of(&given),
        bic,
        number_at_bank: given.filled("number_at_bank").map(str::to_owned),
    };
    let refusal = match put_payer_account(state.app(), &desk.actor, input).await {
        Ok(_) => return Ok(done(&state, &desk.at("/settings/account"), "done-saved")),
        Err(error) => mendable(error)?,
    };
    let mut view = view(&desk, fields_of(&given)).await?;
    view.bic = given.field("bic");
    view.number_at_bank = given.field("number_at_bank");
    let others = &mut [("bic", &mut view.bic), ("number_at_bank", &mut view.number_at_bank)];
    let flash = put_bank_errors(&refusal, &mut view.account, others);
    Ok(desk.refused(view, flash))
}
