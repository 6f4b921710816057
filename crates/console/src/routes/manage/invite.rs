use axum::extract::State;
use axum::response::Response;
use tributary_app::directory::{InvitePartner, invite_partner_by_mail};
use tributary_directory::{PartnerKind, Permission};
use tributary_i18n::Language;
use tributary_kernel::Refusal;
use tributary_store::organisation;
use tributary_web::CheckedForm;

use super::Desk;
use crate::Flash;
use crate::pages::PartnerInvite;
use crate::parts::{Choice, Field};
use crate::routes::ConsoleState;
use crate::routes::answer::{Answer, done, mendable, told};
use crate::routes::given::{Given, put_errors};
use crate::routes::lists::stored;

/// The most that a manager writes along; the mail says the rest.
const WORDS_CHARACTERS_MAX: usize = 2_000;

fn languages() -> Vec<Choice> {
    Language::ALL.iter().map(|it| Choice::new(it.code(), it.endonym())).collect()
}

pub(in crate::routes) async fn get(State(state): State<ConsoleState>, desk: Desk) -> Answer {
    desk.require(Permission::Manage)?;
    let mut conn = desk.read().await?;
    let own = stored(organisation::find(&mut *conn, desk.owner).await)?;
    let view = PartnerInvite {
        email: Field::default(),
        name: Field::default(),
        country: Field::of(own.map(|it| it.country).unwrap_or_default()),
        language: Field::of(desk.frame().language.code()),
        languages: languages(),
        code: Field::default(),
        group: Field::default(),
        words: Field::default(),
        host: state.link_host(),
    };
    Ok(desk.page(view))
}

pub(in crate::routes) async fn post(
    State(state): State<ConsoleState>,
    desk: Desk,
    form: CheckedForm,
) -> Answer {
    let given = Given::from(form);
    if given.text("words").chars().count() > WORDS_CHARACTERS_MAX {
        let error = tributary_kernel::FieldError::new("/words", "length", "");
        return Ok(again(&desk, &given, &error.into()));
    }
    let input = InvitePartner {
        owner: desk.owner,
        program: desk.program.id,
        name: given.text("name").to_owned(),
        email: given.text("email").to_owned(),
        kind: PartnerKind::Content,
        country: given.text("country").to_owned(),
        language: given.text("language").to_owned(),
        code: given.filled("code").map(str::to_owned),
        group: given.filled("group").map(str::to_owned),
        active: false,
    };
    let words = given.text("words").trim();
    let invited = invite_partner_by_mail(state.app(), &desk.actor, input, words).await;
    let (invited, mailed) = match invited {
        Ok(invited) => invited,
        Err(error) => return Ok(again(&desk, &given, &mendable(error)?)),
    };
    let path = desk.at(&format!("/partners/{}", invited.partnership.id));
    if mailed == Some(true) {
        Ok(done(&state, &path, "done-invited"))
    } else {
        // The partner is there all the same; their page has a way to send it again.
        let flash = Flash::bad("refusal-mail-not-taken");
        Ok(told(&state, &path, &flash))
    }
}

fn again(desk: &Desk, given: &Given, refusal: &Refusal) -> Response {
    let mut view = PartnerInvite {
        email: given.field("email"),
        name: given.field("name"),
        country: given.field("country"),
        language: given.field("language"),
        languages: languages(),
        code: given.field("code"),
        group: given.field("group"),
        words: given.field("words"),
        host: desk.state.link_host(),
    };
    let flash = put_errors(
        refusal,
        &mut [
            ("email", &mut view.email),
            ("name", &mut view.name),
            ("country", &mut view.country),
            ("language", &mut view.language),
            ("code", &mut view.code),
            ("group", &mut view.group),
            ("words", &mut view.words),
        ],
    );
    desk.refused(view, flash)
}
