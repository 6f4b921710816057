use axum::extract::State;
use axum::response::Response;
use tributary_app::access::{
    ChangeMember, InviteMember, Member, change_member, find_member, invite_member,
    invite_member_again, list_members,
};
use tributary_directory::{Actor, Permission, Role};
use tributary_i18n::Language;
use tributary_kernel::{FieldError, ProgramId, Refusal, UserId};
use tributary_web::{CheckedForm, PathOf, Problem, QueryOf};

use super::Desk;
use crate::Flash;
use crate::pages::{Confirm, PersonRow, SettingsPeople};
use crate::parts::{Choice, Field, PersonState};
use crate::routes::ConsoleState;
use crate::routes::answer::{Answer, done, mendable, refusal_flash, told};
use crate::routes::given::{Given, put_errors};
use crate::routes::lists::ListQuery;

/// Names of languages to choose from.
pub(in crate::routes) fn languages() -> Vec<Choice> {
    Language::ALL.iter().map(|it| Choice::new(it.code(), it.endonym())).collect()
}

fn row(desk: &Desk, it: Member) -> PersonRow {
    let state = match (it.disabled_at, it.invited) {
        (Some(_), _) => PersonState::Disabled,
        (None, true) => PersonState::Invited,
        (None, false) => PersonState::Active,
    };
    PersonRow {
        id: it.user.to_string(),
        own: matches!(&desk.actor, Actor::Member { user, .. } if *user == it.user),
        name: it.name,
        email: it.email,
        role: it.role.as_str(),
        state,
        last_log_in: it.last_log_in,
    }
}

async fn view(desk: &Desk, query: &ListQuery) -> Result<SettingsPeople, Problem> {
    let (app, owner) = (desk.state.app(), desk.owner);
    let found = list_members(app, &desk.actor, owner, query.page()).await?;
    let pager = query.pager(&desk.at("/settings/people"), &found);
    Ok(SettingsPeople {
        people: found.items.into_iter().map(|it| row(desk, it)).collect(),
        pager,
        name: Field::default(),
        email: Field::default(),
        role: Field::of(Role::Viewer.as_str()),
        language: Field::of(desk.frame().language.code()),
        languages: languages(),
    })
}

pub(in crate::routes) async fn get(
    State(_): State<ConsoleState>,
    desk: Desk,
    QueryOf(query): QueryOf<ListQuery>,
) -> Answer {
    Ok(desk.page(view(&desk, &query).await?))
}

/// The role of a form.
fn role_of(given: &Given) -> Result<Role, Refusal> {
    let wrong = || FieldError::new("/role", "role_unknown", "Choose a role.").into();
    given.text("role").parse().map_err(|_| wrong())
}

/// Invites somebody.
pub(in crate::routes) async fn post(
    State(state): State<ConsoleState>,
    desk: Desk,
    form: CheckedForm,
) -> Answer {
    let given = Given::from(form);
    desk.require(Permission::Administer)?;
    let invited = match role_of(&given) {
        Ok(role) => {
            let input = InviteMember {
                owner: desk.owner,
                name: given.text("name").to_owned(),
                email: given.text("email").to_owned(),
                language: given.text("language").to_owned(),
                role,
            };
            invite_member(state.app(), &desk.actor, input).await
        }
        Err(refusal) => Err(refusal.into()),
    };
    match invited {
        Ok(invited) => Ok(mailed(&desk, invited.mailed)),
        Err(error) => {
            let refusal = mendable(error)?;
            let mut view = view(&desk, &ListQuery::default()).await?;
            view.name = given.field("name");
            view.email = given.field("email");
            view.role = given.field("role");
            view.language = given.field("language");
            let flash = put_errors(
                &refusal,
                &mut [
                    ("name", &mut view.name),
                    ("email", &mut view.email),
                    ("role", &mut view.role),
                    ("language", &mut view.language),
                ],
            );
            Ok(desk.refused(view, flash))
        }
    }
}

/// Back to the list, which says whether the mail left: whoever was invited stands there in any case,
/// with a button that sends it again.
fn mailed(desk: &Desk, left: bool) -> Response {
    let path = desk.at("/settings/people");
    if left {
        return done(&desk.state, &path, "done-member-invited");
    }
    let flash = Flash::bad("refusal-mail-not-taken");
    told(&desk.state, &path, &flash)
}

pub(in crate::routes) async fn post_invite(
    State(state): State<ConsoleState>,
    desk: Desk,
    PathOf((_, user)): PathOf<(ProgramId, UserId)>,
    _: CheckedForm,
) -> Answer {
    match invite_member_again(state.app(), &desk.actor, desk.owner, user).await {
        Ok(left) => Ok(mailed(&desk, left)),
        Err(error) => again(&desk, error),
    }
}

/// Changes a role.
pub(in crate::routes) async fn post_role(
    State(_): State<ConsoleState>,
    desk: Desk,
    PathOf((_, user)): PathOf<(ProgramId, UserId)>,
    form: CheckedForm,
) -> Answer {
    let given = Given::from(form);
    desk.require(Permission::Administer)?;
    match role_of(&given) {
        Ok(role) => {
            let change = ChangeMember { role: Some(role), disabled: None };
            change_and_tell(&desk, user, change, "done-role").await
        }
        Err(refusal) => again(&desk, refusal.into()),
    }
}

/// Shuts somebody out, after a question.
pub(in crate::routes) async fn post_disable(
    State(state): State<ConsoleState>,
    desk: Desk,
    PathOf((_, user)): PathOf<(ProgramId, UserId)>,
    form: CheckedForm,
) -> Answer {
    if !Given::from(form).is_sure() {
        let member = find_member(state.app(), &desk.actor, desk.owner, user).await?;
        let path = desk.at("/settings/people");
        let view = Confirm {
            act_key: "person-disable",
            effect_key: "person-disable-effect",
            thing: member.name,
            action: format!("{path}/{user}/disable"),
            fields: Vec::new(),
            back: path.clone(),
        };
        return Ok(desk.page_of_form(view, path));
    }
    let change = ChangeMember { role: None, disabled: Some(true) };
    change_and_tell(&desk, user, change, "done-member-disabled").await
}

/// Lets somebody in again.
pub(in crate::routes) async fn post_enable(
    State(_): State<ConsoleState>,
    desk: Desk,
    PathOf((_, user)): PathOf<(ProgramId, UserId)>,
    _: CheckedForm,
) -> Answer {
    let change = ChangeMember { role: None, disabled: Some(false) };
    change_and_tell(&desk, user, change, "done-member-enabled").await
}

async fn change_and_tell(
    desk: &Desk,
    user: UserId,
    change: ChangeMember,
    key: &'static str,
) -> Answer {
    match change_member(desk.state.app(), &desk.actor, desk.owner, user, change).await {
        Ok(_) => Ok(done(&desk.state, &desk.at("/settings/people"), key)),
        Err(error) => again(desk, error),
    }
}

/// Back to the list, which says why not.
fn again(desk: &Desk, error: tributary_app::AppError) -> Answer {
    let refusal = match error {
        // Said on the list rather than on a page of its own: the button stands there.
        tributary_app::AppError::Refused(refusal) if refusal.code == "own_membership" => refusal,
        other => mendable(other)?,
    };
    let code = refusal.first_code();
    Ok(told(&desk.state, &desk.at("/settings/people"), &refusal_flash(code)))
}
