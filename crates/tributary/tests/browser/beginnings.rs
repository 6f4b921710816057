//! From an empty folder to partners who have joined, over pages and mails alone.

use serde_json::json;

use crate::person::Person;
use crate::post::Post;
use crate::town::{PAGES, Town, picture};

const PASSWORD: &str = "many small streams join one river";

/// What a program pays.
pub(crate) struct Plan {
    /// The document.
    pub(crate) document: &'static str,
    /// A percentage in it.
    pub(crate) percent: &'static str,
}

/// The pages of set-up, plan, terms, account and keys: an empty installation becomes a program
/// that a partner can earn in.
pub(crate) async fn open_program(town: &Town, manager: &mut Person, plan: &Plan) {
    manager.open(PAGES).await;
    manager.sees("set-up-title").await;
    for (label, text) in [
        ("field-organisation", "Acme ApS"),
        ("field-country", "DK"),
        ("field-your-name", "Mette Krogh"),
        ("field-email", "mette@acme.example"),
        ("field-password", PASSWORD),
        ("field-program-name", "Acme CRM"),
        ("field-landing-url", "http://shop.example.test/crm"),
        ("field-time-zone", "Europe/Copenhagen"),
    ] {
        manager.write(label, text).await;
    }
    manager.choose_text("field-currency", "DKK").await;
    picture(manager, "01-set-up").await;
    manager.press("set-up-go").await;

    manager.sees("first-steps-title").await;
    picture(manager, "02-first-steps").await;
    manager.press("first-steps-plan-go").await;
    manager.write("field-plan", plan.document).await;
    manager.press("plan-save").await;
    manager.sees("done-plan").await;
    manager.sees_text(&manager.words.percent(plan.percent)).await;
    picture(manager, "03-plan").await;

    manager.press("settings-program").await;
    // What is sold here cannot be returned, so nothing is held.
    manager.write("field-hold", "0").await;
    manager.press("save").await;
    manager.sees("done-saved").await;
    manager.press("settings-account").await;
    give_account(manager, "Acme ApS").await;
    manager.press("bank-save").await;
    manager.sees("done-saved").await;
    picture(manager, "04-account").await;

    manager.press("settings-keys").await;
    manager.write("field-key-name", "The shop's server").await;
    manager.choose("field-key-scope", "scope-report").await;
    manager.press("key-make").await;
    manager.sees("key-fresh-title").await;
    let shown = "return document.getElementById(arguments[0]).innerText.trim()";
    let line = manager.script(shown, json!(["snippet"])).await;
    let key = manager.script(shown, json!(["fresh-key"])).await;
    let program = manager.script(shown, json!(["program-id"])).await;
    let mut connection = town.shop.connection.lock().unwrap();
    connection.line = line.as_str().unwrap().to_owned();
    connection.key = key.as_str().unwrap().to_owned();
    connection.program = program.as_str().unwrap().to_owned();
    connection.api = Some(town.web);
}

pub(crate) async fn go_live(manager: &mut Person) {
    manager.press("go-live").await;
    manager.sees("go-live-effect").await;
    picture(manager, "05-go-live").await;
    manager.press("go-live").await;
    manager.sees("done-live").await;
}

pub(crate) async fn give_account(browser: &mut Person, holder: &str) {
    browser.choose("field-bank-kind", "bank-kind-dk").await;
    for (label, text) in [
        ("field-bank-code", "0040"),
        ("field-account", "0440116243"),
        ("bank-holder", holder),
        ("field-town", "Aarhus"),
        ("field-country", "DK"),
    ] {
        browser.write(label, text).await;
    }
}

/// Somebody who is to become a partner.
pub(crate) struct Newcomer {
    pub(crate) name: &'static str,
    pub(crate) mail: &'static str,
    /// The referral code.
    pub(crate) code: &'static str,
}

/// Who sends most of the customers.
pub(crate) const ANNA: Newcomer =
    Newcomer { name: "Anna Holm", mail: "anna@partners.example", code: "anna" };

pub(crate) async fn invite(manager: &mut Person, who: &Newcomer) {
    manager.turn_to("nav-partners").await;
    manager.press("partners-invite").await;
    for (label, text) in [
        ("field-email", who.mail),
        ("field-partner-name", who.name),
        ("field-country", "DK"),
        ("field-link-code", who.code),
        ("field-words", "Your readers ask you for a CRM anyway."),
    ] {
        manager.write(label, text).await;
    }
    manager.choose_text("field-language", manager.words.own_name()).await;
    picture(manager, "06-invite").await;
    manager.press("invite-send").await;
    manager.sees("done-invited").await;
}

/// By the mailed link.
pub(crate) async fn accept(partner: &mut Person, post: &mut Post, who: &Newcomer, plan: &Plan) {
    let invitation = post.letter(who.mail).await;
    partner.open(invitation.link()).await;
    partner.sees_with("invitation-title", &[("program", &"Acme CRM")]).await;
    partner.sees_text(&partner.words.percent(plan.percent)).await;
    picture(partner, "07-invitation").await;
    partner.tick("field-terms").await;
    partner.press("invitation-accept").await;
    partner.sees("done-joined").await;
}
