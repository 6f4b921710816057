//! From an empty folder to a paid partner, everybody in a browser of their own, nobody with more
//! than pages and mails: the manager at a desk, the partner and the visitor on phones.

use std::path::PathBuf;
use std::time::Duration;

use serde_json::json;
use tributary_testkit::{Browser, HttpClient, Screen, until};

use crate::bank_file;
use crate::post::Post;
use crate::town::{LINKS, PAGES, SHOP, Town, picture};

const PATIENCE: Duration = Duration::from_secs(60);
const PASSWORD: &str = "many small streams join one river";
const PLAN: &str = r#"{
  "format": 1,
  "name": "Partners of Acme",
  "rules": [
    { "id": "sale", "events": ["sale"], "amount": { "percent": "20", "of": "gross" } }
  ]
}"#;

/// The pages of set-up, plan, terms, account and keys: an empty installation becomes a program
/// that a partner can earn in.
async fn open_program(town: &Town, manager: &mut Browser) {
    manager.open(PAGES).await;
    manager.sees("Set up Tributary").await;
    for (label, text) in [
        ("Organisation", "Acme ApS"),
        ("Country", "DK"),
        ("Your name", "Mette Krogh"),
        ("E-mail", "mette@acme.example"),
        ("Password", PASSWORD),
        ("Name of the program", "Acme CRM"),
        ("Landing page", "http://shop.example.test/crm"),
        ("Time zone", "Europe/Copenhagen"),
    ] {
        manager.write(label, text).await;
    }
    manager.choose("Currency", "DKK").await;
    picture(manager, "01-set-up").await;
    manager.press("Create program").await;

    manager.sees("Three steps to the first commission").await;
    picture(manager, "02-first-steps").await;
    manager.press("Write the plan").await;
    manager.write("Plan document", PLAN).await;
    manager.press("Save new version").await;
    manager.sees("The plan is saved").await;
    manager.sees("20%").await;
    picture(manager, "03-plan").await;

    manager.press("Program").await;
    // What is sold here cannot be returned, so nothing is held.
    manager.write("Hold", "0").await;
    manager.press("Save").await;
    manager.sees("Saved.").await;
    manager.press("Account").await;
    give_account(manager, "Acme ApS").await;
    manager.press("Save account").await;
    manager.sees("Saved.").await;
    picture(manager, "04-account").await;

    manager.press("Tracking and keys").await;
    manager.write("What is it for?", "The shop's server").await;
    manager.choose("It may", "Report conversions").await;
    manager.press("Make a key").await;
    manager.sees("Copy the key now").await;
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

async fn go_live(manager: &mut Browser) {
    manager.press("Go live").await;
    manager.sees("There is no way back").await;
    picture(manager, "05-go-live").await;
    manager.press("Go live").await;
    manager.sees("Amounts are real from now on").await;
}

async fn give_account(browser: &mut Browser, holder: &str) {
    browser.choose("Kind of account", "Danish account").await;
    for (label, text) in [
        ("Registration", "0040"),
        ("Account number", "0440116243"),
        ("Account holder", holder),
        ("Town", "Aarhus"),
        ("Country", "DK"),
    ] {
        browser.write(label, text).await;
    }
}

async fn invite(manager: &mut Browser) {
    manager.press("Partners").await;
    manager.press("Invite a partner").await;
    for (label, text) in [
        ("E-mail", "anna@partners.example"),
        ("Name", "Anna Holm"),
        ("Country", "DK"),
        ("Name in links", "anna"),
        ("Your own words", "Your readers ask you for a CRM anyway."),
    ] {
        manager.write(label, text).await;
    }
    manager.choose("Language", "English").await;
    picture(manager, "06-invite").await;
    manager.press("Send invitation").await;
    manager.sees("The invitation is sent").await;
}

/// By the mailed link; then bank details, with the mailed code; then a link of her own.
async fn join(partner: &mut Browser, post: &mut Post) -> String {
    let invitation = post.letter("anna@partners.example", "invites you").await;
    partner.open(invitation.link()).await;
    partner.sees("Become a partner of Acme CRM").await;
    partner.sees("20%").await;
    picture(partner, "07-invitation").await;
    partner.tick("I have read and accept").await;
    partner.press("Become a partner").await;
    partner.sees("You are a partner now").await;
    partner.sees("No payout is due yet").await;
    picture(partner, "08-first-pay-day").await;

    partner.press("We do not know where to pay").await;
    give_account(partner, "Anna Holm").await;
    partner.press("Save account").await;
    partner.sees("We have mailed you a code").await;
    let code = post.letter("anna@partners.example", "is your code").await.code();
    partner.write("Code of 6 digits", &code).await;
    picture(partner, "09-bank").await;
    partner.press("Save account").await;
    partner.sees("Saved.").await;

    partner.press("Links").await;
    partner.write("Page", &format!("{SHOP}/crm/pro")).await;
    partner.write("Ending", "pro").await;
    partner.press("Make a link").await;
    partner.sees("The link is made").await;
    picture(partner, "10-link").await;
    let link = format!("{LINKS}/anna/pro");
    partner.sees(&link).await;
    link
}

/// The link leads to the shop on another site; the visitor says yes, and buys.
async fn buy(town: &Town, visitor: &mut Browser, link: &str) {
    let path = link.trim_start_matches(LINKS).to_owned();
    // A machine asks whether the link works yet; machines are not counted.
    let mut machine = HttpClient::new(town.edge).with("User-Agent", "curl/8.0");
    until(PATIENCE, "the link to work", async || {
        let answer = machine.get(&path).await.ok()?;
        (answer.status == 302).then_some(())
    })
    .await;
    visitor.open(link).await;
    visitor.arrives(&format!("{SHOP}/crm/pro?trib=clk_")).await;
    assert_eq!(visitor.cookie("_trib").await, None, "nothing is kept before the visitor says yes");
    visitor.press("Yes, remember").await;
    let cookie = until(PATIENCE, "the cookie", async || visitor.cookie("_trib").await).await;
    assert!(visitor.url().await.contains(&cookie), "the cookie is the click's id");
    picture(visitor, "11-shop").await;
    // The next day she comes back without the link.
    visitor.open(&format!("{SHOP}/crm")).await;
    visitor.press("Buy").await;
    visitor.sees("Thank you").await;
    let reports = town.shop.reports.lock().unwrap();
    let report = reports.last().unwrap();
    assert_eq!((&report["status"], &report["click"]), (&json!(201), &json!(cookie)), "{report}");
}

async fn sees_why(partner: &mut Browser) {
    partner.press("Earnings").await;
    partner.sees("Waiting").await;
    picture(partner, "12-earnings").await;
    partner.press("Sale").await;
    for words in ["Why this amount", "Value that counts", "12,500.00", "20%", "2,500.00"] {
        partner.sees(words).await;
    }
    partner.sees("The way to the purchase").await;
    picture(partner, "13-why").await;
}

async fn approve(manager: &mut Browser) {
    manager.press("Commissions").await;
    manager.tick("Choose Anna Holm").await;
    picture(manager, "14-commissions").await;
    manager.press("Approve…").await;
    manager.sees("You will owe").await;
    manager.sees("2,500.00").await;
    picture(manager, "15-approve").await;
    manager.press("Approve 1").await;
    manager.sees("1 commission is approved").await;
}

/// From the preview to a bank file that a validator accepts.
async fn pay(town: &Town, manager: &mut Browser) {
    manager.press("Payouts").await;
    manager.sees("Next payout").await;
    manager.press("Look it through").await;
    manager.sees("Anna Holm").await;
    picture(manager, "16-preview").await;
    manager.press("Approve").await;
    manager.sees("Fetch the file for your bank").await;

    let folder = town.downloads();
    manager.downloads_to(&folder).await;
    manager.press("File for the bank").await;
    let file = until(PATIENCE, "the bank file", async || downloaded(&folder)).await;
    let read = bank_file::read(&file);
    assert_eq!(read.len(), 2, "one payment: {read:?}");
    assert!(read[0].ends_with(" 1 2500.00"), "{read:?}");
    assert!(read[1].ends_with(" 2500.00 DKK"), "{read:?}");

    manager.press("The bank has it").await;
    manager.sees("Noted: the bank has it").await;
    manager.press("The bank has paid").await;
    manager.sees("Noted: the bank has paid").await;
    picture(manager, "17-paid").await;
    manager.press("Anna Holm").await;
    manager.sees("Statement").await;
    manager.sees("2,500.00").await;
    picture(manager, "18-statement").await;
}

fn downloaded(folder: &PathBuf) -> Option<PathBuf> {
    let entries = std::fs::read_dir(folder).ok()?.flatten();
    let mut files = entries.map(|entry| entry.path());
    files.find(|path| path.extension().is_some_and(|it| it == "xml"))
}

async fn sees_paid(partner: &mut Browser) {
    partner.press("Payouts").await;
    partner.sees("Paid this year").await;
    partner.sees("2,500.00").await;
    picture(partner, "19-payouts").await;
    let row = "return document.querySelector('.ledger a').innerText";
    let day = partner.script(row, json!([])).await;
    partner.press(day.as_str().unwrap()).await;
    partner.sees("Statement").await;
    partner.sees("Anna Holm").await;
    picture(partner, "20-statement").await;
    // The order's number, of which partners see the end.
    partner.press("•••09").await;
    partner.sees("Paid on").await;
    partner.sees("Value that counts").await;
}

/// All of it; `scripts` says whether the manager's and the partner's browsers run them. The
/// visitor's always does: without, the shop's own cookie is not set.
async fn walk(scripts: bool) {
    let mut town = Town::new().await;
    let mut post = town.post();
    let mut manager = town.browser(Screen::Desk).await;
    let mut partner = town.browser(Screen::Phone).await;
    let mut visitor = town.browser(Screen::Phone).await;
    if !scripts {
        manager.without_script().await;
        partner.without_script().await;
    }
    open_program(&town, &mut manager).await;
    go_live(&mut manager).await;
    invite(&mut manager).await;
    let link = join(&mut partner, &mut post).await;
    buy(&town, &mut visitor, &link).await;
    sees_why(&mut partner).await;
    approve(&mut manager).await;
    partner.press("Home").await;
    partner.sees("Your next payout").await;
    picture(&mut partner, "16-pay-day").await;
    pay(&town, &mut manager).await;
    sees_paid(&mut partner).await;

    drop((manager, partner, visitor));
    assert!(town.process.stop().await.success());
    town.verify();
}

#[tokio::test(flavor = "multi_thread")]
async fn from_an_empty_folder_to_a_paid_partner() {
    walk(true).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_without_scripts_on_our_pages() {
    walk(false).await;
}
