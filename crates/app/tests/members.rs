//! People of an organisation: who is let in as what, who may change it, and who comes in no more.

#![expect(clippy::unwrap_used, reason = "in a test helper it is a failed test")]

mod common;
#[macro_use]
mod on_both;

use common::{Post, World, code, with_post};
use tributary_app::App;
use tributary_app::access::{
    ChangeMember, ChangePassword, ChangeProfile, CreateKey, InviteMember, Member, NewSession,
    SetUp, accept_member_invitation, authenticate_key, change_member, change_password,
    change_profile, create_key, find_member, find_member_invitation, find_session, invite_member,
    invite_member_again, list_members, log_in_by_password, open_session, seats, set_up,
};
use tributary_app::list::PageRequest;
use tributary_app::mail::Mail;
use tributary_directory::{Actor, Role, Scope};
use tributary_kernel::{OrganisationId, UserId};

fn somebody(owner: OrganisationId, name: &str, role: Role) -> InviteMember {
    InviteMember {
        owner,
        name: name.into(),
        email: format!("{}@acme.example", name.to_lowercase()),
        language: "da".into(),
        role,
    }
}

/// Invites somebody and lets them in by the mailed link.
async fn joined(
    app: &App,
    post: &Post,
    admin: &Actor,
    input: InviteMember,
) -> (Member, NewSession) {
    let made = invite_member(app, admin, input).await.unwrap();
    assert!(made.mailed && made.member.invited);
    let token = token(&post.0.lock().unwrap().pop().unwrap());
    let session = accept_member_invitation(app, &token, "test").await.unwrap().unwrap();
    (made.member, session)
}

fn token(mail: &Mail) -> String {
    let rest = mail.body.split("https://pages.example/login/join/").nth(1).unwrap();
    rest.split_whitespace().next().unwrap().to_owned()
}

fn actor(owner: OrganisationId, user: UserId, role: Role) -> Actor {
    Actor::Member { user, owner, role }
}

const fn role(role: Role) -> ChangeMember {
    ChangeMember { role: Some(role), disabled: None }
}

const fn disabled(disabled: bool) -> ChangeMember {
    ChangeMember { role: None, disabled: Some(disabled) }
}

async fn trail(world: &World) -> Vec<String> {
    let sql = "SELECT action FROM audit WHERE action LIKE 'member.%' OR action LIKE 'user.%' \
               ORDER BY action";
    let mut conn = world.app.record.read().await.unwrap();
    let rows = conn.query(sql, Vec::new()).await.unwrap();
    rows.iter().map(|row| row.text(0).unwrap().to_owned()).collect()
}

on_both! {
    async fn somebody_is_invited_in_their_language_and_comes_in_by_the_link_once(world: World) {
        let (app, post) = with_post(&world);
        let input = somebody(world.owner, "Finn", Role::Finance);
        let made = invite_member(&app, &world.admin, input.clone()).await.unwrap();
        let mail = post.0.lock().unwrap().pop().unwrap();
        assert_eq!((mail.to.as_str(), made.mailed), ("finn@acme.example", true));
        assert_eq!(mail.subject, "Acme inviterer dig til Tributary");
        assert_eq!(mail.expires_at, Some(app.now().plus_days(7)), "no later than its link works");
        let token = token(&mail);
        let found = find_member_invitation(&app, &token).await.unwrap().unwrap();
        assert_eq!((found.role, found.lets_in), (Role::Finance, true));
        assert!(find_member_invitation(&app, &token[1..]).await.unwrap().is_none());
        assert_eq!(code(invite_member(&app, &world.admin, input).await), "already_member");

        world.clock.advance_seconds(60);
        assert!(invite_member_again(&app, &world.admin, world.owner, made.member.user).await.unwrap());
        let session = accept_member_invitation(&app, &token, "test").await.unwrap().unwrap();
        assert!(find_session(&app, &session.secret).await.unwrap().is_some());
        assert_eq!(seats(&app, session.user).await.unwrap().len(), 1);
        // Neither link opens anything any more.
        assert!(accept_member_invitation(&app, &token, "test").await.unwrap().is_none());
        let again = invite_member_again(&app, &world.admin, world.owner, made.member.user).await;
        assert_eq!(code(again), "not_waiting");
        let known = find_member(&app, &world.admin, world.owner, session.user).await.unwrap();
        assert_eq!((known.invited, known.last_log_in), (false, Some(app.now())));
        assert_eq!(trail(&world).await, ["member.invited", "member.invited_again"]);
    }

    async fn a_link_is_over_after_a_week_and_without_a_postman_that_is_said(world: World) {
        let (app, post) = with_post(&world);
        let input = somebody(world.owner, "Vera", Role::Viewer);
        let silent = invite_member(&world.app, &world.admin, input).await.unwrap();
        assert!(!silent.mailed, "she stands there all the same");
        assert!(invite_member_again(&app, &world.admin, world.owner, silent.member.user).await.unwrap());
        let token = token(&post.0.lock().unwrap().pop().unwrap());
        world.clock.advance_seconds(7 * 86_400 - 1);
        assert!(find_member_invitation(&app, &token).await.unwrap().is_some());
        world.clock.advance_seconds(1);
        assert!(find_member_invitation(&app, &token).await.unwrap().is_none());
    }

    async fn whoever_is_shut_out_is_out_at_once_and_stays_out_until_let_in_again(world: World) {
        let (app, post) = with_post(&world);
        let input = somebody(world.owner, "Finn", Role::Finance);
        let (finn, session) = joined(&app, &post, &world.admin, input).await;
        let password = ChangePassword {
            old: "",
            new: "many small streams",
            session: &session.secret,
            session_since: app.now(),
        };
        change_password(&app, finn.user, password).await.unwrap();
        let log_in = async || {
            log_in_by_password(&app, "finn@acme.example", "many small streams", "test").await
        };
        log_in().await.unwrap();

        let change = change_member(&app, &world.admin, world.owner, finn.user, disabled(true));
        assert!(change.await.unwrap().disabled_at.is_some());
        assert!(find_session(&app, &session.secret).await.unwrap().is_none());
        assert!(seats(&app, finn.user).await.unwrap().is_empty());
        assert_eq!(code(log_in().await), "shut_out");
        let change = change_member(&app, &world.admin, world.owner, finn.user, disabled(false));
        change.await.unwrap();
        log_in().await.unwrap();
        assert_eq!(seats(&app, finn.user).await.unwrap().len(), 1);
        let expected =
            ["member.disabled", "member.enabled", "member.invited", "user.password_changed"];
        assert_eq!(trail(&world).await, expected);
    }

    async fn there_is_always_an_administrator_and_nobody_changes_themselves(world: World) {
        let (app, post) = with_post(&world);
        let admin = &world.admin;
        let Actor::Member { user: mette, .. } = *admin else { panic!("a person") };
        let change = async |by: &Actor, who: UserId, what: ChangeMember| {
            code(change_member(&app, by, world.owner, who, what).await)
        };
        assert_eq!(change(admin, mette, role(Role::Viewer)).await, "own_membership");
        assert_eq!(change(admin, mette, disabled(true)).await, "own_membership");
        let system = Actor::System { job: "test" };
        assert_eq!(change(&system, mette, role(Role::Manager)).await, "last_administrator");
        assert_eq!(change(&system, mette, disabled(true)).await, "last_administrator");

        let input = somebody(world.owner, "Bo", Role::Administrator);
        let (bo, _) = joined(&app, &post, admin, input).await;
        let as_bo = actor(world.owner, bo.user, Role::Administrator);
        assert_eq!(change(&as_bo, mette, role(Role::Manager)).await, "done");
        // She began her request as an administrator; she is none any more.
        assert_eq!(change(admin, bo.user, role(Role::Viewer)).await, "missing_permission");
        assert_eq!(change(&system, bo.user, disabled(true)).await, "last_administrator");
        for low in [Role::Manager, Role::Finance, Role::Viewer] {
            let by = actor(world.owner, mette, low);
            assert_eq!(change(&by, mette, role(Role::Administrator)).await, "missing_permission");
            let input = somebody(world.owner, "Eve", Role::Viewer);
            assert_eq!(code(invite_member(&app, &by, input).await), "missing_permission");
            let page = PageRequest::default();
            let list = list_members(&app, &by, world.owner, page).await;
            assert_eq!(code(list), "missing_permission");
        }
    }

    async fn a_key_gives_no_role_over_money_or_people(world: World) {
        let (app, post) = with_post(&world);
        let input = CreateKey {
            owner: world.owner,
            integration: "staff".into(),
            name: "Staff".into(),
            scopes: vec![Scope::Administer],
            expires_at: None,
        };
        let made = create_key(&app, &world.admin, input).await.unwrap();
        let key = authenticate_key(&app, &made.secret).await.unwrap().unwrap();
        for high in [Role::Administrator, Role::Finance] {
            let input = somebody(world.owner, "Eve", high);
            assert_eq!(code(invite_member(&app, &key, input).await), "people_only");
        }
        let input = somebody(world.owner, "Vera", Role::Viewer);
        let vera = invite_member(&app, &key, input).await.unwrap().member;
        let input = somebody(world.owner, "Finn", Role::Finance);
        let (finn, _) = joined(&app, &post, &world.admin, input).await;
        let change = async |who: UserId, what: ChangeMember| {
            code(change_member(&app, &key, world.owner, who, what).await)
        };
        assert_eq!(change(vera.user, role(Role::Finance)).await, "people_only");
        assert_eq!(change(vera.user, role(Role::Manager)).await, "done");
        assert_eq!(change(finn.user, role(Role::Viewer)).await, "people_only");
        assert_eq!(change(finn.user, disabled(true)).await, "done", "who left is shut out quickly");
        assert_eq!(change(finn.user, disabled(false)).await, "people_only");
    }

    async fn an_organisation_knows_and_shuts_out_its_own_people_only(world: World) {
        let (app, post) = with_post(&world);
        let input = SetUp {
            organisation: "Other".into(),
            country: "SE".into(),
            name: "Ola".into(),
            email: "ola@other.example".into(),
            password: None,
            language: "sv".into(),
        };
        let other = set_up(&app, Some(&Actor::System { job: "test" }), input).await.unwrap();
        let ola = actor(other.owner, other.administrator, Role::Administrator);
        let input = somebody(world.owner, "Finn", Role::Finance);
        let (finn, session) = joined(&app, &post, &world.admin, input).await;
        let change = change_member(&app, &ola, other.owner, finn.user, disabled(true)).await;
        assert_eq!(code(change), "not_found");
        let change = change_member(&app, &ola, world.owner, finn.user, disabled(true)).await;
        assert_eq!(code(change), "not_found");
        let page = PageRequest::default();
        let theirs = list_members(&app, &ola, other.owner, page).await.unwrap();
        assert_eq!(theirs.items.len(), 1);

        // Invited elsewhere too: what he is called there is not told, and that link opens nothing.
        let mut input = somebody(other.owner, "Finn", Role::Viewer);
        input.name = "Somebody".into();
        world.clock.advance_seconds(60);
        let there = invite_member(&app, &ola, input).await.unwrap().member;
        assert_eq!((there.user, there.name.as_str()), (finn.user, "Somebody"));
        assert_eq!(there.last_log_in, None);
        let token = token(&post.0.lock().unwrap().pop().unwrap());
        assert!(!find_member_invitation(&app, &token).await.unwrap().unwrap().lets_in);
        assert!(accept_member_invitation(&app, &token, "test").await.unwrap().is_none());
        let change = change_member(&app, &ola, other.owner, finn.user, disabled(true));
        change.await.unwrap();
        let still = find_session(&app, &session.secret).await.unwrap();
        assert!(still.is_some(), "his place here is not theirs to close");
        assert_eq!(seats(&app, finn.user).await.unwrap().len(), 1);
        open_session(&app, finn.user, "test").await.unwrap();
    }

    async fn a_password_is_changed_with_the_old_one_and_ends_other_sessions(world: World) {
        let (app, post) = with_post(&world);
        let input = somebody(world.owner, "Vera", Role::Viewer);
        let (vera, session) = joined(&app, &post, &world.admin, input).await;
        let since = app.now();
        let change = async |old: &str, new: &str| {
            let session = &session.secret;
            let input = ChangePassword { old, new, session, session_since: since };
            code(change_password(&app, vera.user, input).await)
        };
        assert_eq!(change("", "short").await, "/password password_length");
        world.clock.advance_seconds(16 * 60);
        assert_eq!(change("", "many small streams").await, "/password log_in_again");
        world.clock.set(since);
        assert_eq!(change("", "many small streams").await, "done");
        let elsewhere = open_session(&app, vera.user, "test").await.unwrap();
        assert_eq!(change("", "one great river").await, "/old_password password_wrong");
        assert_eq!(change("wrong", "one great river").await, "/old_password password_wrong");
        assert!(find_session(&app, &elsewhere.secret).await.unwrap().is_some());
        world.clock.advance_seconds(3_600);
        assert_eq!(change("many small streams", "one great river").await, "done");
        assert!(find_session(&app, &elsewhere.secret).await.unwrap().is_none());
        assert!(find_session(&app, &session.secret).await.unwrap().is_some());
        log_in_by_password(&app, "vera@acme.example", "one great river", "test").await.unwrap();

        let input = ChangeProfile { name: "Vera Lind".into(), language: "xx".into() };
        assert_eq!(code(change_profile(&app, vera.user, input).await), "/language language_unknown");
        let input = ChangeProfile { name: "Vera Lind".into(), language: "sv".into() };
        let changed = change_profile(&app, vera.user, input).await.unwrap();
        assert_eq!((changed.name.as_str(), changed.language.as_str()), ("Vera Lind", "sv"));
        let known = find_member(&app, &world.admin, world.owner, vera.user).await.unwrap();
        assert_eq!(known.name, "Vera Lind");
    }
}
