//! The people of an organisation, and one's own profile.

use tributary_directory::Role;

use crate::world::{PASSWORD, World};

/// The path of a mailed link.
fn path_in(mail: &tributary_app::mail::Mail, start: &str) -> String {
    let rest = mail.body.split("http://pages.example").nth(1).unwrap();
    let path = rest.split_whitespace().next().unwrap();
    assert!(path.starts_with(start), "{path}");
    path.to_owned()
}

#[tokio::test]
async fn somebody_is_invited_comes_in_gets_another_role_and_is_shut_out() {
    let world = World::empty().await;
    let acme = world.owner("Acme").await;
    let path = format!("/manage/{}/settings/people", acme.program.id);
    let mut mette = world.browser_of(acme.user).await;
    let page = mette.open(&path).await.is(200).says("Mette of Acme").says(">you<");
    let page = page.says("Payouts, accounts and decisions").does_not_say("/disable\"");
    page.says("Everybody sees all programs of Acme");

    let wrong = [("name", ""), ("email", "finn"), ("role", "king"), ("language", "da")];
    let page = mette.submit(&path, &wrong).await.is(422).says("id=\"role-error\"");
    page.says("Choose a role.").says("value=\"finn\"");
    let wrong = [("name", ""), ("email", "finn"), ("role", "finance"), ("language", "da")];
    let page = mette.submit(&path, &wrong).await.is(422).says("id=\"name-error\"");
    page.says("id=\"email-error\"");
    let finn =
        [("name", "Finn"), ("email", "finn@acme.example"), ("role", "finance"), ("language", "da")];
    let page = mette.submit_and_follow(&path, &finn).await.says("The invitation is sent.");
    let page = page.says("Invited").says("Send the invitation again");
    let id = page.ids("usr_").into_iter().find(|id| *id != acme.user.to_string()).unwrap();
    mette.submit(&path, &finn).await.is(422).says("This address is here already");

    let mail = world.post.next().await;
    assert!(mail.subject.contains("inviterer dig"), "{mail:?}");
    let join = path_in(&mail, "/login/join/");
    let mut browser = world.browser();
    let page = browser.open(&join).await.is(200).says("<html lang=\"da\">").says("Acme");
    page.says("Udbetalinger, konti");
    browser.submit(&join, &[]).await.leads_to("/manage");
    let home = format!("/manage/{}", acme.program.id);
    browser.open("/manage").await.leads_to(&home);
    browser.open(&home).await.is(200).does_not_say("/settings/people");
    browser.open(&path).await.is(403);
    world.browser().open(&join).await.leads_to("/login");

    let one = format!("{path}/{id}");
    mette.submit_and_follow(&one, &[("role", "manager")]).await.says("The role is changed.");
    mette.submit_and_follow(&one, &[("role", "")]).await.says("Choose a role.");
    let again = format!("{one}/invite");
    mette.submit_and_follow(&again, &[]).await.says("They have come in already");
    let out = format!("{one}/disable");
    mette.submit(&out, &[]).await.is(200).says("logged out at once").says("Finn");
    browser.open(&home).await.is(200);
    let page = mette.submit_and_follow(&out, &[("sure", "yes")]).await.says("They are shut out.");
    page.says("Let in again");
    browser.open(&home).await.is(303);
    mette.submit_and_follow(&format!("{one}/enable"), &[]).await.says("They may come in again.");

    let own = format!("{path}/{}", acme.user);
    let page = mette.submit_and_follow(&own, &[("role", "viewer")]).await;
    page.says("Nobody changes their own role");
    mette.submit_and_follow(&format!("{own}/disable"), &[("sure", "yes")]).await.says("own role");
}

#[tokio::test]
async fn a_mail_that_does_not_leave_is_told_and_can_be_sent_again() {
    let world = World::empty().await;
    let acme = world.owner("Acme").await;
    let path = format!("/manage/{}/settings/people", acme.program.id);
    let mut mette = world.browser_of(acme.user).await;
    mette.open(&path).await.is(200);
    world.post.closed.store(true, std::sync::atomic::Ordering::Relaxed);
    let vera =
        [("name", "Vera"), ("email", "vera@acme.example"), ("role", "viewer"), ("language", "en")];
    let page = mette.submit_and_follow(&path, &vera).await.says("could not be sent");
    let id = page.ids("usr_").into_iter().find(|id| *id != acme.user.to_string()).unwrap();
    world.post.closed.store(false, std::sync::atomic::Ordering::Relaxed);
    let again = format!("{path}/{id}/invite");
    mette.submit_and_follow(&again, &[]).await.says("The invitation is sent.");
    let mail = world.post.next().await;
    path_in(&mail, "/login/join/");
}

#[tokio::test]
async fn whoever_works_elsewhere_too_logs_in_as_usual() {
    let world = World::empty().await;
    let acme = world.owner("Acme").await;
    world.partner(&acme, "Anna").await;
    let path = format!("/manage/{}/settings/people", acme.program.id);
    let mut mette = world.browser_of(acme.user).await;
    mette.open(&path).await.is(200);
    let anna = [
        ("name", "Anna"),
        ("email", "anna@partners.example"),
        ("role", "viewer"),
        ("language", "en"),
    ];
    mette.submit_and_follow(&path, &anna).await.says("The invitation is sent.");
    let join = path_in(&world.post.next().await, "/login/join/");
    let mut browser = world.browser();
    browser.open(&join).await.is(200);
    let to = "/login/mail?next=/manage&email=anna%40partners.example";
    browser.submit(&join, &[]).await.leads_to(to);
    browser.open(to).await.is(200).says("value=\"anna@partners.example\"");
}

#[tokio::test]
async fn everybody_keeps_their_own_name_language_and_password() {
    let world = World::empty().await;
    let acme = world.owner("Acme").await;
    let mut mette = world.browser_of(acme.user).await;
    mette.open("/profile").await.is(200).says("value=\"Mette of Acme\"").says("old_password");
    let wrong = [("name", ""), ("language", "da")];
    mette.submit("/profile", &wrong).await.is(422).says("id=\"name-error\"");
    let right = [("name", "Mette Krogh"), ("language", "da")];
    let page = mette.submit_and_follow("/profile", &right).await.says("value=\"Mette Krogh\"");
    page.says("<html lang=\"da\">");
    let wrong = [("old_password", "wrong"), ("password", "short")];
    let page = mette.submit("/profile/password", &wrong).await.is(422);
    page.says("id=\"old_password-error\"").says("id=\"password-error\"");
    let mut elsewhere = world.browser_of(acme.user).await;
    elsewhere.open("/profile").await.is(200);
    let right = [("old_password", PASSWORD), ("password", "one great river")];
    mette.submit_and_follow("/profile/password", &right).await.says("Adgangskoden er skiftet.");
    elsewhere.open("/profile").await.is(303);
    mette.open("/profile").await.is(200);

    let vera = world.member(&acme, Role::Viewer).await;
    let mut vera = world.browser_of(vera).await;
    let page = vera.open("/profile").await.is(200).says("Choose a password");
    page.does_not_say("old_password");
    let first = [("password", "many small drops")];
    vera.submit_and_follow("/profile/password", &first).await.says("The password is changed.");
}

#[tokio::test]
async fn a_partner_says_who_it_is_and_moves_to_a_new_address() {
    let world = World::empty().await;
    let acme = world.owner("Acme").await;
    let (partnership, _, anna) = world.partner(&acme, "Anna").await;
    let mut browser = world.browser_of(anna).await;
    browser.open("/my").await.is(200).says("/my/profile");
    browser.open("/my/profile").await.is(200).says("value=\"anna@partners.example\"");
    let mut fields = [
        ("name", "Anna Holm"),
        ("email", "anna"),
        ("country", "DK"),
        ("language", "en"),
        ("website", "annaholm"),
    ];
    let page = browser.submit("/my/profile", &fields).await.is(422).says("id=\"email-error\"");
    page.says("id=\"website-error\"").says("value=\"annaholm\"");
    fields[1].1 = "anna@partners.example";
    fields[4].1 = "https://annaholm.example/";
    browser.submit_and_follow("/my/profile", &fields).await.says("Saved.");
    fields[1].1 = "anna@new.example";
    let page = browser.submit_and_follow("/my/profile", &fields).await;
    page.says("Open the link in the mail").says("value=\"anna@partners.example\"");
    let link = path_in(&world.post.next().await, "/login/address/");
    let mut elsewhere = world.browser();
    elsewhere.open(&link).await.is(200).says("anna@new.example").says("Anna Holm");
    elsewhere.submit(&link, &[]).await.leads_to("/login");
    elsewhere.open("/login").await.is(200).says("Your new address counts");
    elsewhere.open(&link).await.leads_to("/login");
    assert_eq!(world.post.next().await.to, "anna@partners.example");
    browser.open("/my/profile").await.is(200).says("value=\"anna@new.example\"");
    let mut manager = world.browser_of(acme.user).await;
    let page = format!("/manage/{}/partners/{}", acme.program.id, partnership.id);
    let page = manager.open(&page).await.is(200).says("anna@new.example").says("Anna Holm");
    page.says("https://annaholm.example/").says("English");
}
