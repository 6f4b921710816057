//! Coming in, going out, the first run.

use crate::world::{PASSWORD, World};

#[tokio::test]
async fn an_empty_installation_is_set_up_once() {
    let world = World::empty().await;
    let mut browser = world.browser();
    browser.languages = "da-DK,da;q=0.9";
    browser.open("/").await.leads_to("/setup");
    browser.open("/login").await.leads_to("/setup");
    let page = browser.open("/setup").await.is(200).says("<html lang=\"da\">");
    assert!(page.text.contains("value=\"DK\""), "the browser's country is offered");
    let good = [
        ("organisation", "Nordlys ApS"),
        ("country", "dk"),
        ("person", "Mette Krogh"),
        ("email", "Mette@Nordlys.example"),
        ("password", PASSWORD),
        ("program", "Nordlys CRM"),
        ("currency", "DKK"),
        ("time_zone", "Europe/Copenhagen"),
        ("landing_url", "https://nordlys.example/"),
    ];
    let mut wrong = good;
    wrong[3].1 = "mette";
    wrong[4].1 = "short";
    browser
        .submit("/setup", &wrong)
        .await
        .is(422)
        .says("Nordlys ApS")
        .says("id=\"email-error\"")
        .says("id=\"password-error\"")
        .does_not_say("value=\"short\"");
    wrong = good;
    wrong[7].1 = "Mars";
    browser.submit("/setup", &wrong).await.is(422).says("id=\"time_zone-error\"");

    let done = browser.submit("/setup", &good).await.is(303);
    let home = done.location().to_owned();
    assert!(home.starts_with("/manage/prog_"), "{home}");
    browser.open(&home).await.is(200).says("Nordlys CRM").says("<html lang=\"da\">");

    let mut other = world.browser();
    other.open("/setup").await.leads_to("/login");
    other.open("/login").await.is(200);
    other.submit("/setup", &good).await.leads_to("/login");
}

#[tokio::test]
async fn a_password_opens_and_a_wrong_one_says_no_more_than_no() {
    let world = World::empty().await;
    let acme = world.owner("Acme").await;
    let mut browser = world.browser();
    let led = browser.open(&format!("/manage/{}/links?q=a%26b", acme.program.id)).await.is(303);
    let login = led.location().to_owned();
    assert!(login.starts_with("/login?next=/manage/"), "{login}");
    let page = browser.open(&login).await.is(200);
    let next = page.field("next").unwrap();
    for (email, password) in [("mette@acme.example", "wrong horse"), ("no@body.example", PASSWORD)]
    {
        let fields = [("email", email), ("password", password), ("next", next.as_str())];
        browser.submit("/login", &fields).await.is(422).says(email).says("role=\"alert\"");
    }
    let fields =
        [("email", " Mette@acme.example"), ("password", PASSWORD), ("next", next.as_str())];
    let inside = browser.submit("/login", &fields).await.is(303);
    assert_eq!(inside.location(), format!("/manage/{}/links?q=a%26b", acme.program.id));
    browser.open(&next).await.is(200).says("Acme CRM");

    browser.submit("/logout", &[]).await.leads_to("/login");
    assert!(!browser.cookies.contains_key("trib_session"));
    browser.open(&next).await.is(303);
}

#[tokio::test]
async fn guessing_is_slow() {
    let world = World::empty().await;
    world.owner("Acme").await;
    let mut browser = world.browser();
    browser.open("/login").await.is(200);
    let fields = [("email", "mette@acme.example"), ("password", "guess")];
    let mut answers = Vec::new();
    for _ in 0..14 {
        answers.push(browser.submit("/login", &fields).await.status.as_u16());
    }
    assert_eq!(answers[0], 422);
    assert_eq!(answers[13], 429, "{answers:?}");
    let right = [("email", "mette@acme.example"), ("password", PASSWORD)];
    let refused = browser.submit("/login", &right).await.is(429);
    assert!(refused.headers.contains_key("retry-after"));
    world.clock.advance_seconds(300);
    browser.submit("/login", &right).await.leads_to("/");
}

#[tokio::test]
async fn nobody_is_sent_to_another_site() {
    let world = World::empty().await;
    world.owner("Acme").await;
    let mut browser = world.browser();
    for next in ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:1"] {
        let page = browser.open(&format!("/login?next={next}")).await.is(200);
        assert_eq!(page.field("next").unwrap(), "/", "{next}");
        let fields = [("email", "mette@acme.example"), ("password", PASSWORD), ("next", next)];
        browser.submit("/login", &fields).await.leads_to("/");
        world.clock.advance_seconds(60);
        browser.open(&format!("/language?to=sv&back={next}")).await.leads_to("/");
    }
}

#[tokio::test]
async fn a_mailed_code_opens_once() {
    let world = World::empty().await;
    let acme = world.owner("Acme").await;
    let (_, _, anna) = world.partner(&acme, "Anna").await;
    let mut browser = world.browser();
    browser.open("/login/mail?next=/my/bank").await.is(200);
    browser.submit("/login/mail", &[("email", "anna")]).await.is(422).says("email-error");
    let fields = [("email", "Anna@partners.example"), ("next", "/my/bank")];
    browser.submit("/login/mail", &fields).await.leads_to("/login/code");
    let mail = world.post.next().await;
    assert_eq!(mail.to, "anna@partners.example");
    let code: String = mail.subject.chars().filter(char::is_ascii_digit).collect();
    let page = browser.open("/login/code").await.is(200).says("anna@partners.example");
    assert!(!page.text.contains(&code), "the code is shown on a developer's desk alone");
    let wrong = if code == "000000" { "000001" } else { "000000" };
    browser.submit("/login/code", &[("code", wrong)]).await.is(422).says("code-error");
    let typed = format!("{} {}", &code[..3], &code[3..]);
    browser.submit("/login/code", &[("code", &typed)]).await.leads_to("/my/bank");
    browser.open("/my/bank").await.is(200).says("Anna");
    assert_ne!(anna, acme.user);

    // The mail's link would have done the same; it has been used with the code.
    let link = mail.body.lines().find_map(|line| line.trim().strip_prefix("http://pages.example"));
    let link = link.unwrap().to_owned();
    let mut other = world.browser();
    let page = other.open(&link).await.is(200);
    let (token, secret) = (page.field("token").unwrap(), page.field("secret").unwrap());
    let fields = [("token", token.as_str()), ("secret", secret.as_str())];
    other.submit("/login/link", &fields).await.leads_to("/login/mail");
    other.open("/login/mail").await.is(200).says("has been used");
    other.open("/login/mail").await.is(200).does_not_say("has been used");
}

#[tokio::test]
async fn opening_a_mailed_link_changes_nothing_and_its_button_opens() {
    let world = World::empty().await;
    let acme = world.owner("Acme").await;
    world.partner(&acme, "Anna").await;
    let mut browser = world.browser();
    browser.open("/login/mail").await.is(200);
    browser.submit("/login/mail", &[("email", "anna@partners.example")]).await.is(303);
    let mail = world.post.next().await;
    let link = mail.body.lines().find_map(|line| line.trim().strip_prefix("http://pages.example"));
    let link = link.unwrap().to_owned();
    let before = world.dump().await;
    let mut elsewhere = world.browser();
    for _ in 0..3 {
        elsewhere.open(&link).await.is(200);
    }
    assert_eq!(world.dump().await, before);
    let page = elsewhere.open(&link).await;
    let (token, secret) = (page.field("token").unwrap(), page.field("secret").unwrap());
    let wrong = [("token", token.as_str()), ("secret", "x")];
    elsewhere.submit("/login/link", &wrong).await.leads_to("/login/mail");
    let right = [("token", token.as_str()), ("secret", secret.as_str())];
    elsewhere.submit("/login/link", &right).await.leads_to("/");
    elsewhere.open("/").await.leads_to("/my");
}

#[tokio::test]
async fn an_unknown_address_gets_the_same_pages_and_no_mail() {
    let world = World::empty().await;
    world.owner("Acme").await;
    let mut browser = world.browser();
    browser.open("/login/mail").await.is(200);
    let fields = [("email", "nobody@else.example")];
    browser.submit("/login/mail", &fields).await.leads_to("/login/code");
    browser.open("/login/code").await.is(200).says("nobody@else.example");
    browser.submit("/login/code", &[("code", "123456")]).await.is(422);
    assert!(world.post.take().is_none());
}

#[tokio::test]
async fn a_form_of_another_browser_is_refused() {
    let world = World::empty().await;
    world.owner("Acme").await;
    let fields = [("email", "mette@acme.example"), ("password", PASSWORD)];
    let mut browser = world.browser();
    browser.submit_plain("/login", &fields).await.is(403);
    let mut other = world.browser();
    other.open("/login").await.is(200);
    browser.open("/login").await.is(200);
    browser.csrf = other.csrf;
    browser.submit("/login", &fields).await.is(403);
}

#[tokio::test]
async fn a_language_is_remembered_and_leads_back() {
    let world = World::empty().await;
    let acme = world.owner("Acme").await;
    let mut browser = world.browser_of(acme.user).await;
    let home = format!("/manage/{}", acme.program.id);
    browser.open(&home).await.is(200).says("<html lang=\"en\">");
    browser.open(&format!("/language?to=sv&back={home}")).await.leads_to(&home);
    browser.open(&home).await.is(200).says("<html lang=\"sv\">");
    browser.open("/language?to=xx&back=/").await.is(404);
}

#[tokio::test]
async fn somebody_with_two_places_of_work_changes_between_them() {
    let world = World::empty().await;
    let acme = world.owner("Acme").await;
    let (partnership, _, anna) = world.partner(&acme, "Anna").await;
    let input = tributary_app::access::AddUser {
        owner: acme.id,
        name: "Anna".into(),
        email: "anna@partners.example".into(),
        password: None,
        language: "en".into(),
        role: tributary_directory::Role::Viewer,
    };
    tributary_app::access::add_user(&world.app, &acme.actor, input).await.unwrap();
    let mut browser = world.browser_of(anna).await;
    let manage = format!("/manage/{}", acme.program.id);
    browser.open("/").await.leads_to("/manage");
    browser.open("/manage").await.leads_to(&manage);
    browser.open(&manage).await.is(200).says("Work for Anna");
    let partner = partnership.partner.to_string();
    browser.submit("/seat", &[("seat", &partner)]).await.leads_to("/my");
    browser.open("/").await.leads_to("/my");
    browser.open("/my").await.is(200).says("Work for Acme");
    let other = world.partner(&acme, "Bo").await.0.partner.to_string();
    browser.submit("/seat", &[("seat", &other)]).await.is(404);
}
