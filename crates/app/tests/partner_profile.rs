//! What a partner says of itself: who may change it, and an address that counts once its mail was
//! read. And the mail that asks somebody to become one.

#![expect(clippy::unwrap_used, reason = "in a test helper it is a failed test")]

mod common;
#[macro_use]
mod on_both;

use common::{World, code, with_post};
use tributary_app::App;
use tributary_app::access::{
    CreateKey, SetUp, authenticate_key, create_key, set_up, start_mailed_log_in,
};
use tributary_app::directory::{
    ChangePartner, InvitePartner, PartnerInvitation, change_partner, confirm_partner_email,
    create_program, find_partner, invite_partner, invite_partner_again, invite_partner_by_mail,
    waiting_partner_email,
};
use tributary_app::mail::Mail;
use tributary_directory::{Actor, PartnerKind, Partnership, Role, Scope};
use tributary_kernel::{OrganisationId, PartnerId, ProgramId, UserId};
use tributary_store::organisation::find_user_by_email;

fn link(mail: &Mail, start: &str) -> String {
    let rest = mail.body.split(&format!("https://pages.example{start}")).nth(1).unwrap();
    rest.split_whitespace().next().unwrap().to_owned()
}

fn email(text: &str) -> ChangePartner {
    ChangePartner { email: Some(text.into()), ..ChangePartner::default() }
}

fn name(text: &str) -> ChangePartner {
    ChangePartner { name: Some(text.into()), ..ChangePartner::default() }
}

async fn user_of(app: &App, email: &str) -> Option<UserId> {
    let mut conn = app.record.read().await.unwrap();
    find_user_by_email(&mut *conn, email).await.unwrap().map(|it| it.id)
}

async fn anna(world: &World) -> (Partnership, Actor) {
    let (partnership, _) = world.partner("Anna").await;
    let user = user_of(&world.app, "anna@partners.example").await.unwrap();
    let actor = Actor::Partner { user, partner: partnership.partner };
    (partnership, actor)
}

/// Another organisation with a program, and its administrator.
async fn other(app: &App, world: &World) -> (OrganisationId, ProgramId, Actor) {
    let input = SetUp {
        organisation: "Other".into(),
        country: "SE".into(),
        name: "Ola".into(),
        email: "ola@other.example".into(),
        password: None,
        language: "sv".into(),
    };
    let done = set_up(app, Some(&Actor::System { job: "test" }), input).await.unwrap();
    let (user, owner) = (done.administrator, done.owner);
    let actor = Actor::Member { user, owner, role: Role::Administrator };
    let terms = world.program.terms.clone();
    let program = create_program(app, &actor, owner, terms).await.unwrap();
    (owner, program.id, actor)
}

fn invitation(owner: OrganisationId, program: ProgramId, email: &str) -> InvitePartner {
    InvitePartner {
        owner,
        program,
        name: "Ida".into(),
        email: email.into(),
        kind: PartnerKind::Content,
        country: "DK".into(),
        language: "da".into(),
        code: None,
        group: None,
        active: false,
    }
}

async fn trail(world: &World, owner: OrganisationId, id: PartnerId) -> Vec<String> {
    let sql = "SELECT action FROM audit WHERE owner_id = $1 AND subject = $2 ORDER BY action";
    let mut conn = world.app.record.read().await.unwrap();
    let rows = conn.query(sql, vec![owner.into(), id.to_string().into()]).await.unwrap();
    rows.iter().map(|row| row.text(0).unwrap().to_owned()).collect()
}

on_both! {
    async fn a_new_address_counts_once_its_mail_was_read_and_lets_in_from_then_on(world: World) {
        let (app, post) = with_post(&world);
        let (partnership, actor) = anna(&world).await;
        let id = partnership.partner;
        let asked = change_partner(&app, &actor, id, email("Anna@New.example")).await.unwrap();
        assert_eq!((asked.partner.email.as_str(), asked.mailed), ("anna@partners.example", Some(true)));
        let mail = post.take();
        assert_eq!(mail.to, "anna@new.example");
        let token = link(&mail, "/login/address/");
        assert!(waiting_partner_email(&app, &token[1..]).await.unwrap().is_none());
        assert!(user_of(&app, "anna@new.example").await.is_none(), "nothing has changed yet");

        let moved = confirm_partner_email(&app, &token).await.unwrap().unwrap();
        assert_eq!(moved.email, "anna@new.example");
        let told = post.take();
        assert_eq!(told.to, "anna@partners.example");
        assert!(told.body.contains("anna@new.example"), "{told:?}");
        assert!(confirm_partner_email(&app, &token).await.unwrap().is_none(), "once");
        let started = start_mailed_log_in(&app, "anna@new.example").await.unwrap();
        assert!(started.to.is_some());
        let started = start_mailed_log_in(&app, "anna@partners.example").await.unwrap();
        assert!(started.to.is_none());
        let expected = ["partner.address_asked", "partner.address_changed"];
        assert_eq!(trail(&world, world.owner, id).await, expected);
    }

    async fn an_address_of_somebody_else_or_a_link_that_is_over_is_not_used(world: World) {
        let (app, post) = with_post(&world);
        let (partnership, actor) = anna(&world).await;
        let id = partnership.partner;
        change_partner(&app, &actor, id, email("mette@acme.example")).await.unwrap();
        let token = link(&post.take(), "/login/address/");
        assert_eq!(code(confirm_partner_email(&app, &token).await), "email_taken");
        change_partner(&app, &actor, id, email("anna@new.example")).await.unwrap();
        let mail = post.take();
        let token = link(&mail, "/login/address/");
        assert_eq!(mail.expires_at, Some(app.now().plus_days(2)), "no later than its link works");
        world.clock.advance_seconds(48 * 3_600);
        assert!(confirm_partner_email(&app, &token).await.unwrap().is_none());
        assert_eq!(code(change_partner(&app, &actor, id, email("anna")).await), "/email email_malformed");
    }

    async fn an_advertiser_changes_the_profile_of_its_own_partners_alone(world: World) {
        let (app, _) = with_post(&world);
        let (partnership, actor) = anna(&world).await;
        let id = partnership.partner;
        let change = ChangePartner {
            name: Some("Anna Holm".into()),
            country: Some("se".into()),
            language: Some("sv".into()),
            website: Some("https://anna.example".into()),
            ..ChangePartner::default()
        };
        let changed = change_partner(&app, &world.admin, id, change).await.unwrap().partner;
        assert_eq!((changed.name.as_str(), changed.country.as_str()), ("Anna Holm", "SE"));
        assert_eq!(changed.website.as_deref(), Some("https://anna.example/"));
        assert_eq!(find_partner(&app, &actor, id).await.unwrap(), changed);
        assert_eq!(code(change_partner(&app, &world.admin, id, email("x@x.example")).await), "partner_only");
        let wrong = ChangePartner { website: Some("anna".into()), ..ChangePartner::default() };
        assert_eq!(code(change_partner(&app, &world.admin, id, wrong).await), "/website url_malformed");

        let (owner, program, ola) = other(&app, &world).await;
        assert_eq!(code(find_partner(&app, &ola, id).await), "not_found");
        assert_eq!(code(change_partner(&app, &ola, id, name("Mine")).await), "not_found");
        let (bo, _) = world.partner("Bo").await;
        assert_eq!(code(find_partner(&app, &actor, bo.partner).await), "not_found");
        assert_eq!(code(change_partner(&app, &actor, bo.partner, name("Mine")).await), "not_found");

        // From the day she works with both, neither speaks for her.
        let input = invitation(owner, program, "anna@partners.example");
        invite_partner(&app, &ola, input).await.unwrap();
        assert_eq!(find_partner(&app, &ola, id).await.unwrap(), changed);
        for by in [&ola, &world.admin] {
            assert_eq!(code(change_partner(&app, by, id, name("Mine")).await), "shared_profile");
        }
        let none = ChangePartner { website: Some(" ".into()), ..name("Anna") };
        let own = change_partner(&app, &actor, id, none).await.unwrap().partner;
        assert_eq!((own.name.as_str(), own.website), ("Anna", None));
        assert_eq!(trail(&world, owner, id).await, ["partner.changed"]);
    }

    async fn an_invitation_is_mailed_whoever_asks_for_it(world: World) {
        let (app, post) = with_post(&world);
        let input = CreateKey {
            owner: world.owner,
            integration: "crm".into(),
            name: "CRM".into(),
            scopes: vec![Scope::Manage],
            expires_at: None,
        };
        let made = create_key(&app, &world.admin, input).await.unwrap();
        let key = authenticate_key(&app, &made.secret).await.unwrap().unwrap();
        let input = invitation(world.owner, world.program.id, "ida@blog.example");
        let (ida, mailed) = invite_partner_by_mail(&app, &key, input, "").await.unwrap();
        assert_eq!(mailed, Some(true));
        let mail = post.take();
        assert!(mail.subject.contains("Acme"), "by the organisation: {mail:?}");
        let opened = PartnerInvitation::open(&app, &link(&mail, "/invitation/")).unwrap();
        assert_eq!((opened.partnership, opened.by), (ida.partnership.id, None));
        assert_eq!(mail.expires_at, Some(opened.until), "no later than its link works");

        assert!(invite_partner_again(&app, &world.admin, ida.partnership.id).await.unwrap());
        let mail = post.take();
        assert!(mail.subject.contains("Mette"), "by a person: {mail:?}");
        let opened = PartnerInvitation::open(&app, &link(&mail, "/invitation/")).unwrap();
        assert!(opened.by.is_some());
        let (_, _, ola) = other(&app, &world).await;
        assert_eq!(code(invite_partner_again(&app, &ola, ida.partnership.id).await), "not_found");

        let input = InvitePartner {
            active: true,
            ..invitation(world.owner, world.program.id, "bo@blog.example")
        };
        let (bo, mailed) = invite_partner_by_mail(&app, &key, input, "").await.unwrap();
        assert_eq!(mailed, None);
        let again = invite_partner_again(&app, &world.admin, bo.partnership.id).await;
        assert_eq!(code(again), "status_order");
        assert!(post.0.lock().unwrap().is_empty());
        world.clock.advance_seconds(30 * 86_400);
        assert!(PartnerInvitation::open(&app, &link(&mail, "/invitation/")).is_none());
    }
}
