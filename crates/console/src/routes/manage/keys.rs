use axum::extract::State;
use axum::response::IntoResponse as _;
use tributary_app::access::{CreateKey, create_key, list_keys, revoke_key};
use tributary_directory::Permission;
use tributary_kernel::{FieldError, KeyId, ProgramId, limits};
use tributary_store::access::ApiKey;
use tributary_store::list::PageRequest;
use tributary_web::{CheckedForm, PathOf, Problem};

use super::Desk;
use crate::pages::{Confirm, KeyRow, SettingsKeys};
use crate::parts::Field;
use crate::routes::ConsoleState;
use crate::routes::answer::{Answer, done, mendable, not_found};
use crate::routes::given::{Given, put_errors};

async fn keys_of(desk: &Desk) -> Result<Vec<ApiKey>, Problem> {
    let page = PageRequest { limit: limits::PAGE_ROWS_MAX, after: None };
    let now = desk.state.app().now();
    let found = list_keys(desk.state.app(), &desk.actor, desk.owner, page).await?;
    let mut keys = found.items;
    keys.retain(|key| key.revoked_at.is_none() && key.expires_at.is_none_or(|at| at > now));
    Ok(keys)
}

async fn view(
    desk: &Desk,
    fresh: Option<String>,
    name: Field,
    scope: Field,
) -> Result<SettingsKeys, Problem> {
    // Who may not make keys sees the line for their pages all the same.
    let keys = if desk.may(Permission::Administer) { keys_of(desk).await? } else { Vec::new() };
    let row = |key: &ApiKey| KeyRow {
        id: key.id.to_string(),
        name: key.name.clone(),
        prefix: key.shown.trim_end_matches('…').to_owned(),
        scopes: key.scopes.iter().map(ToString::to_string).collect(),
        last_used: key.last_used_at,
        expires: key.expires_at.map(|at| desk.zone.date(at)),
    };
    let public_key = desk.program.public_key.clone();
    let snippet = format!(
        "<script src=\"{}/t.js\" data-program=\"{public_key}\" async></script>",
        desk.state.edge_url()
    );
    Ok(SettingsKeys {
        keys: keys.iter().map(row).collect(),
        fresh,
        name,
        scope,
        public_key,
        snippet,
    })
}

pub(in crate::routes) async fn get(State(_): State<ConsoleState>, desk: Desk) -> Answer {
    let view = view(&desk, None, Field::default(), Field::of("report")).await?;
    Ok(desk.page(view))
}

/// Makes a key and shows it, this once: there is no page to lead on to that could show it again.
pub(in crate::routes) async fn post(
    State(state): State<ConsoleState>,
    desk: Desk,
    form: CheckedForm,
) -> Answer {
    let given = Given::from(form);
    let name = given.text("name").trim().to_owned();
    let made = match given.text("scope").parse() {
        Ok(scope) => {
            let input = CreateKey {
                owner: desk.owner,
                integration: name.clone(),
                name,
                scopes: vec![scope],
                expires_at: None,
            };
            create_key(state.app(), &desk.actor, input).await
        }
        Err(_) => Err(FieldError::new("/scopes", "required", "Choose one.").into()),
    };
    match made {
        Ok(made) => {
            let view = view(&desk, Some(made.secret), Field::default(), given.field("scope"));
            Ok(desk.page(view.await?).into_response())
        }
        Err(error) => {
            let refusal = mendable(error)?;
            let mut view = view(&desk, None, given.field("name"), given.field("scope")).await?;
            let mut integration = Field::default();
            let flash = put_errors(
                &refusal,
                &mut [
                    ("name", &mut view.name),
                    // Made of the name, so that its mistakes are the name's.
                    ("integration", &mut integration),
                    ("scopes", &mut view.scope),
                ],
            );
            Ok(desk.refused(view, flash))
        }
    }
}

pub(in crate::routes) async fn post_revoke(
    State(state): State<ConsoleState>,
    desk: Desk,
    PathOf((_, id)): PathOf<(ProgramId, KeyId)>,
    form: CheckedForm,
) -> Answer {
    let given = Given::from(form);
    let path = desk.at("/settings/keys");
    if !given.is_sure() {
        let keys = keys_of(&desk).await?;
        let key = keys.into_iter().find(|key| key.id == id).ok_or_else(|| not_found("key"))?;
        let view = Confirm {
            act_key: "key-revoke",
            effect_key: "key-revoke-effect",
            thing: key.name,
            action: desk.at(&format!("/settings/keys/{id}/revoke")),
            fields: Vec::new(),
            back: path.clone(),
        };
        return Ok(desk.page_of_form(view, path));
    }
    revoke_key(state.app(), &desk.actor, desk.owner, id).await?;
    Ok(done(&state, &path, "done-revoked"))
}
