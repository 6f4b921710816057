//! Inviting, joining, links.

use std::sync::atomic::Ordering;

use crate::world::World;

const INVITE: [(&str, &str); 7] = [
    ("email", "klara@partners.example"),
    ("name", "Klara Sjögren"),
    ("country", "SE"),
    ("language", "sv"),
    ("code", "klara"),
    ("group", "Gold"),
    ("words", "Hej Klara"),
];

#[tokio::test]
async fn an_invited_partner_joins_by_the_mail() {
    let world = World::empty().await;
    let acme = world.owner("Acme").await;
    let base = format!("/manage/{}", acme.program.id);
    let mut manager = world.browser_of(acme.user).await;
    let form = format!("{base}/partners/invite");
    manager.open(&form).await.is(200).says("value=\"DK\"");
    let mut wrong = INVITE;
    wrong[0].1 = "klara";
    wrong[4].1 = "å";
    manager
        .submit(&form, &wrong)
        .await
        .is(422)
        .says("id=\"email-error\"")
        .says("id=\"code-error\"")
        .says("Klara Sjögren")
        .says("Hej Klara");
    let page = manager.submit_and_follow(&form, &INVITE).await;
    let page = page.says("The invitation is sent.").says("Klara Sjögren").says("Gold");
    assert!(page.text.contains("/klara"), "their link is shown");
    manager.submit(&form, &INVITE).await.is(422).says("already a partner");

    let mail = world.post.next().await;
    assert_eq!(mail.to, "klara@partners.example");
    assert!(mail.body.contains("Hej Klara"), "{}", mail.body);
    let path = mail.body.lines().find_map(|line| line.trim().strip_prefix("http://pages.example"));
    let path = path.unwrap().to_owned();
    let mut partner = world.browser();
    partner.languages = "sv-SE";
    let before = world.dump().await;
    let page = partner.open(&path).await.is(200);
    let page = page.says("Acme CRM").says("Mette of Acme").says("https://go.example/klara");
    assert!(page.text.contains("500"), "what the plan pays: {}", page.text);
    assert_eq!(world.dump().await, before);
    partner.submit(&path, &[]).await.is(422).says("id=\"terms-error\"");
    partner.submit(&path, &[("terms", "on")]).await.leads_to("/my");
    partner.open("/my").await.is(200).says("<html lang=\"sv\">").says("https://go.example/klara");

    // Once is enough, and a token is not guessed.
    let mut other = world.browser();
    other.open(&path).await.leads_to("/login");
    other.open("/invitation/AAAA").await.leads_to("/login");
    manager.open(&format!("{base}/partners")).await.is(200).says("Klara Sjögren").says("Active");
}

#[tokio::test]
async fn an_invitation_ends_and_can_be_sent_again() {
    let world = World::empty().await;
    let acme = world.owner("Acme").await;
    let base = format!("/manage/{}", acme.program.id);
    let mut manager = world.browser_of(acme.user).await;
    let form = format!("{base}/partners/invite");
    manager.open(&form).await.is(200);
    world.post.closed.store(true, Ordering::Relaxed);
    let page = manager.submit_and_follow(&form, &INVITE).await;
    let page = page.says("The mail could not be sent");
    let id = page.ids("pship_").remove(0);
    world.post.closed.store(false, Ordering::Relaxed);
    let again = format!("{base}/partners/{id}/invite");
    manager.submit_and_follow(&again, &[]).await.says("The invitation is sent.");
    let mail = world.post.next().await;
    let path = mail.body.lines().find_map(|line| line.trim().strip_prefix("http://pages.example"));
    let path = path.unwrap().to_owned();
    world.clock.advance_seconds(31 * 86_400);
    world.browser().open(&path).await.leads_to("/login");
}

#[tokio::test]
async fn a_partnership_is_ended_only_after_its_consequence_was_shown() {
    let world = World::empty().await;
    let acme = world.owner("Acme").await;
    let (partnership, _, _) = world.partner(&acme, "Anna").await;
    let page = format!("/manage/{}/partners/{}", acme.program.id, partnership.id);
    let mut browser = world.browser_of(acme.user).await;
    browser.open(&page).await.is(200).says("Anna").says("Active");
    let status = format!("{page}/status");
    let asked = browser.submit(&status, &[("move", "end")]).await.is(200);
    let asked = asked.says("name=\"sure\" value=\"yes\"").says("fallback page");
    assert_eq!(asked.field("move").unwrap(), "end");
    let sure = [("move", "end"), ("sure", "yes")];
    browser.submit_and_follow(&status, &sure).await.says("Ended");
    let pause = [("move", "pause"), ("sure", "yes")];
    browser.submit_and_follow(&status, &pause).await.says("tone-declined").says("Ended");
    browser.submit(&status, &[("move", "explode"), ("sure", "yes")]).await.leads_to(&page);
}

#[tokio::test]
async fn links_are_made_on_both_sides_and_nothing_typed_is_lost() {
    let world = World::empty().await;
    let acme = world.owner("Acme").await;
    let (partnership, link, anna) = world.partner(&acme, "Anna").await;
    let base = format!("/manage/{}", acme.program.id);
    let mut manager = world.browser_of(acme.user).await;
    let form = format!("{base}/links/new");
    manager.open(&form).await.is(200).says("Anna").says("www.acme.example");
    let id = partnership.id.to_string();
    let wrong = [
        ("partnership", id.as_str()),
        ("path", "anna/crm"),
        ("destination", "https://rival.example/"),
    ];
    manager
        .submit(&form, &wrong)
        .await
        .is(422)
        .says("id=\"destination-error\"")
        .says("value=\"anna/crm\"")
        .says("https://rival.example/");
    let good = [("partnership", id.as_str()), ("path", "anna/crm")];
    let page = manager.submit_and_follow(&form, &good).await;
    let page = page.says("The link is made").says("anna/<wbr/>crm<wbr/>");
    page.does_not_say("⟦");
    manager.submit(&form, &good).await.is(422).says("id=\"path-error\"");
    for search in ["crm", "Anna"] {
        let page = manager.open(&format!("{base}/links?q={search}")).await.is(200);
        page.says("anna/<wbr/>crm<wbr/>");
    }
    manager.open(&format!("{base}/links?q=nothing")).await.is(200).says("Nothing found");

    let mut partner = world.browser_of(anna).await;
    partner.open("/my/links").await.is(200).says("https://go.example/anna/crm");
    let program = acme.program.id.to_string();
    let own = [("program", program.as_str()), ("path", "crm")];
    partner.submit("/my/links", &own).await.is(422).says("id=\"path-error\"");
    let own = [
        ("program", program.as_str()),
        ("path", "pro"),
        ("destination", "https://www.acme.example/pro"),
    ];
    let page = partner.submit_and_follow("/my/links", &own).await;
    page.says("https://go.example/anna/pro").says("class=\"qr\"");
    let path = format!("/my/links/{}?sub1=letter-14&sub2=anna%40x.dk&sub3=a%20b", link.id);
    let page = partner.open(&path).await.is(200);
    page.says("https://go.example/anna?sub1=letter-14<")
        .says("id=\"sub2-error\"")
        .says("id=\"sub3-error\"");
    let foreign = world.owner("Other").await.program.id.to_string();
    let fields = [("program", foreign.as_str()), ("path", "x")];
    partner.submit("/my/links", &fields).await.is(422);
}

#[tokio::test]
async fn a_link_is_switched_off_and_on_and_only_the_program_switches_on() {
    let world = World::empty().await;
    let acme = world.owner("Acme").await;
    let (_, link, anna) = world.partner(&acme, "Anna").await;
    let mut browser = world.browser_of(acme.user).await;
    let list = format!("/manage/{}/links", acme.program.id);
    let switch = format!("{list}/{}/status", link.id);
    browser.open(&list).await.is(200).says("Switch off").does_not_say("Switch on");
    let page = browser.submit_and_follow(&switch, &[("move", "off")]).await;
    let page = page.says("is switched off").says("Undo").says("Switch on");
    page.says("value=\"on\"");
    let mut partner = world.browser_of(anna).await;
    let own = format!("/my/links/{}", link.id);
    partner.open(&own).await.is(200).says("switched off").does_not_say("/off\"");
    partner.open("/my/links").await.is(200).says("badge");
    browser.submit_and_follow(&switch, &[("move", "on")]).await.says("switched on");
    partner.submit_and_follow(&format!("{own}/off"), &[]).await.says("is switched off");
    let own = tributary_directory::Actor::Partner { user: anna, partner: link.partner };
    let tried = tributary_app::directory::enable_link(&world.app, &own, link.id).await;
    assert!(tried.is_err(), "only the program switches it on again");
    browser.submit_and_follow(&switch, &[("move", "on"), ("q", "anna")]).await.says("Switch off");
}

#[tokio::test]
async fn a_partner_changes_group_and_standing_with_the_way_back_beside_it() {
    let world = World::empty().await;
    let acme = world.owner("Acme").await;
    let (partnership, _, _) = world.partner(&acme, "Anna").await;
    let mut browser = world.browser_of(acme.user).await;
    let at = format!("/manage/{}/partners/{}", acme.program.id, partnership.id);
    let group = format!("{at}/group");
    browser.open(&at).await.is(200).says("name=\"group\"");
    let page = browser.submit_and_follow(&group, &[("group", " Gold ")]).await;
    page.says("The group is changed").says("Undo").says("value=\"Gold\"");
    let long = "x".repeat(61);
    browser.submit_and_follow(&group, &[("group", &long)]).await.says("Too short or too long");
    browser.open(&at).await.is(200).says("value=\"Gold\"");
    let pause = [("move", "pause"), ("sure", "yes")];
    let page = browser.submit_and_follow(&format!("{at}/status"), &pause).await;
    page.says("is paused").says("value=\"resume\"").says("Undo");
    let resume = [("move", "resume"), ("sure", "yes")];
    browser.submit_and_follow(&format!("{at}/status"), &resume).await.says("earns again");
}

#[tokio::test]
async fn a_partner_is_given_codes_that_are_switched_off_and_on() {
    let world = World::empty().await;
    let acme = world.owner("Acme").await;
    let (partnership, _, anna) = world.partner(&acme, "Anna").await;
    let (other, ..) = world.partner(&acme, "Bo").await;
    let mut browser = world.browser_of(acme.user).await;
    let at = |id| format!("/manage/{}/partners/{id}", acme.program.id);
    let codes = format!("{}/codes", at(partnership.id));
    browser.open(&at(partnership.id)).await.is(200).says("No codes yet");
    let refused = browser.submit(&codes, &[("code", "SPRING 26")]).await;
    refused.is(422).says("without spaces").says("value=\"SPRING 26\"");
    browser.submit_and_follow(&codes, &[("code", "spring26")]).await.says("The code is given");
    let elsewhere = format!("{}/codes", at(other.id));
    let taken = browser.submit(&elsewhere, &[("code", "SPRING26")]).await;
    taken.is(422).says("That code is taken in this program");
    let mut partner = world.browser_of(anna).await;
    partner.open("/my/links").await.is(200).says("spring26");

    let page = tributary_store::list::PageRequest::default();
    let filter = tributary_app::directory::PartnershipFilter::default();
    let found = tributary_app::directory::list_coupons(&world.app, &acme.actor, &filter, page);
    let id = found.await.unwrap().items.remove(0).id;
    let switch = format!("{codes}/{id}");
    browser.submit(&format!("{elsewhere}/{id}"), &[("move", "off")]).await.is(404);
    let page = browser.submit_and_follow(&switch, &[("move", "off")]).await;
    page.says("The code is switched off").says("Switch on").says("since");
    partner.open("/my/links").await.is(200).does_not_say("spring26");
    browser.submit_and_follow(&switch, &[("move", "on")]).await.says("earns again");
}
