use axum::extract::State;
use tributary_app::access::{
    MailRead, end_session, finish_mailed_log_in, knows_password, start_mailed_log_in,
};
use tributary_app::directory::partners_by_id;
use tributary_app::mail::Mail;
use tributary_app::payout::{BankDetailView, GiveBankDetails, bank_details_of, give_bank_details};
use tributary_i18n::mail::{bank_details_changed, log_in_code};
use tributary_kernel::Refusal;
use tributary_store::organisation;
use tributary_store::payout::BankDetailState;
use tributary_web::{CheckedForm, Problem};

use super::Pocket;
use crate::pages::{BankFields, PartnerBank, Proof};
use crate::parts::{BankState, Field};
use crate::routes::ConsoleState;
use crate::routes::answer::{Answer, done, mendable};
use crate::routes::bank::{
    account_errors, account_of, fields_for, fields_of, holder_of, put_bank_errors,
};
use crate::routes::given::Given;
use crate::routes::lists::stored;

/// As the use case keeps a code.
const MINUTES_VALID: u32 = 15;

/// How this person shows that it is them: by a password, if they have one.
fn proof_of(pocket: &Pocket) -> Proof {
    let has_password = pocket.session.user.password_hash.is_some();
    if has_password { Proof::Password } else { Proof::MailLater }
}

async fn view(pocket: &Pocket, account: BankFields) -> Result<PartnerBank, Problem> {
    let known = bank_details_of(pocket.state.app(), &pocket.actor, pocket.partner).await?;
    let of = |state| known.iter().find(|it: &&BankDetailView| it.state == state);
    let held = of(BankDetailState::Held);
    let active = of(BankDetailState::Active);
    let state = match (held, active) {
        (Some(_), _) => BankState::Held,
        (None, Some(_)) => BankState::Confirmed,
        (None, None) => BankState::Missing,
    };
    Ok(PartnerBank {
        state,
        current: active.map(|it| it.shown.clone()),
        held: held.map(|it| (it.shown.clone(), it.given_at)),
        account,
        proof_by: proof_of(pocket),
        proof: Field::default(),
    })
}

pub(in crate::routes) async fn get(State(_): State<ConsoleState>, pocket: Pocket) -> Answer {
    let mut conn = pocket.read().await?;
    let own = stored(organisation::partners(&mut *conn, &[pocket.partner]).await)?;
    drop(conn);
    let country = own.into_iter().next().map(|it| it.country).unwrap_or_default();
    let view = view(&pocket, fields_for(&pocket.name, &country)).await?;
    Ok(pocket.page(view))
}

pub(in crate::routes) async fn post(
    State(state): State<ConsoleState>,
    pocket: Pocket,
    form: CheckedForm,
) -> Answer {
    let given = Given::from(form);
    let mut again = view(&pocket, fields_of(&given)).await?;
    let errors = account_errors(&given);
    if !errors.is_empty() {
        let refusal = Refusal::invalid(errors);
        let flash = put_bank_errors(&refusal, &mut again.account, &mut []);
        return Ok(pocket.refused(again, flash));
    }
    match proved(&pocket, &given).await? {
        Proved::Yes => {}
        Proved::Wrong(code) => {
            again.proof = Field::wrong("", code);
            if let Some(token) = given.filled("token") {
                again.proof_by = Proof::Code { token: token.to_owned() };
            }
            return Ok(pocket.refused(again, None));
        }
        Proved::Mailed(token) => {
            again.proof_by = Proof::Code { token };
            return Ok(pocket.page(again));
        }
    }
    let input = GiveBankDetails {
        partner: pocket.partner,
        account: account_of(&given, None),
        holder: holder_of(&given),
    };
    match give_bank_details(state.app(), &pocket.actor, input).await {
        Ok(details) => {
            tell(&pocket, &details).await?;
            let held = details.state == BankDetailState::Held;
            let key = if held { "done-bank-held" } else { "done-saved" };
            Ok(done(&state, "/my/bank", key))
        }
        Err(error) => {
            let refusal = mendable(error)?;
            let flash = put_bank_errors(&refusal, &mut again.account, &mut []);
            Ok(pocket.refused(again, flash))
        }
    }
}

/// Whether a person has shown that it is them.
enum Proved {
    Yes,
    /// What they gave is wrong.
    Wrong(&'static str),
    /// A code is on its way; its token.
    Mailed(String),
}

async fn proved(pocket: &Pocket, given: &Given) -> Result<Proved, Problem> {
    let (app, user) = (pocket.state.app(), &pocket.session.user);
    if user.password_hash.is_some() {
        let now = app.now();
        let account = tributary_app::sha256(user.email.as_bytes());
        let standing = pocket.state.guesses().take(account, now);
        if !standing.allowed {
            return Err(Problem::too_many(standing.retry_seconds));
        }
        let right = knows_password(user, given.text("proof"));
        return Ok(if right { Proved::Yes } else { Proved::Wrong("password_wrong") });
    }
    let Some(token) = given.filled("token") else {
        return mail_code(pocket).await.map(Proved::Mailed);
    };
    let code: String = given.text("proof").chars().filter(char::is_ascii_digit).collect();
    match finish_mailed_log_in(app, token, MailRead::Code(&code), &pocket.visit.agent).await {
        Ok(session) => {
            // The code was asked for as a proof; the session it opened is not needed.
            end_session(app, &session.secret).await?;
            let own = session.user == user.id;
            Ok(if own { Proved::Yes } else { Proved::Wrong("code_wrong") })
        }
        Err(error) => {
            mendable(error)?;
            Ok(Proved::Wrong("code_wrong"))
        }
    }
}

/// Mails a code to the person who is logged in.
async fn mail_code(pocket: &Pocket) -> Result<String, Problem> {
    let state = &pocket.state;
    let started = start_mailed_log_in(state.app(), &pocket.session.user.email).await?;
    let language = pocket.frame().language;
    if started.to.is_some() {
        let expires_at = state.app().now().plus_seconds(i64::from(MINUTES_VALID) * 60);
        let user = &pocket.session.user;
        state.mail(|postman| {
            let link = postman.address_of("/my/bank");
            let text = log_in_code(language, &started.code, &link, MINUTES_VALID);
            Mail::new(&user.email, &user.name, text, Some(expires_at))
        });
    }
    Ok(started.token)
}

/// Tells the partner's address that bank details were given, so that a thief's change does not
/// pass unseen.
async fn tell(pocket: &Pocket, details: &BankDetailView) -> Result<(), Problem> {
    let ending: String = details.shown.chars().rev().take(4).collect();
    let ending: String = ending.chars().rev().collect();
    let language = pocket.frame().language;
    let told = |email: &str, name: &str| {
        pocket.state.mail(|postman| {
            let text = bank_details_changed(language, &ending, &postman.address_of("/my/bank"));
            Mail::new(email, name, text, None)
        });
    };
    let app = pocket.state.app();
    let own = partners_by_id(app, &[pocket.partner]).await?.remove(&pocket.partner);
    // The partner's own address too: it was there before whoever is logged in now.
    if let Some(own) = own.filter(|own| own.email != pocket.session.user.email) {
        told(&own.email, &own.name);
    }
    let user = &pocket.session.user;
    told(&user.email, &user.name);
    Ok(())
}
