//! From an empty folder to a paid partner, everybody in a browser of their own, nobody with more
//! than pages and mails; in every language.

use std::path::PathBuf;
use std::time::Duration;

use serde_json::json;
use tributary_i18n::Language;
use tributary_testkit::{Browser, Screen, until};

use crate::bank_file;
use crate::beginnings::{ANNA, Plan, accept, give_account, go_live, invite, open_program};
use crate::person::Person;
use crate::post::Post;
use crate::town::{LINKS, SHOP, Town, picture};

const PATIENCE: Duration = Duration::from_secs(60);
const PLAN: Plan = Plan {
    document: r#"{
  "format": 1,
  "name": "Partners of Acme",
  "rules": [
    { "id": "sale", "events": ["sale"], "amount": { "percent": "20", "of": "gross" } }
  ]
}"#,
    percent: "20",
};

/// By the mailed link; then bank details, with the mailed code; then a link of her own.
async fn join(partner: &mut Person, post: &mut Post) -> String {
    accept(partner, post, &ANNA, &PLAN).await;
    partner.sees("payday-none-title").await;
    picture(partner, "08-first-pay-day").await;

    partner.press("bank-missing-title").await;
    give_account(partner, "Anna Holm").await;
    partner.press("bank-save").await;
    partner.sees("proof-code-sent").await;
    let code = post.letter("anna@partners.example").await.code();
    partner.write("field-code-six", &code).await;
    picture(partner, "09-bank").await;
    partner.press("bank-save").await;
    partner.sees("done-saved").await;

    partner.press("nav-links").await;
    partner.write("field-page", &format!("{SHOP}/crm/pro")).await;
    partner.write("field-own-path", "pro").await;
    partner.press("link-make").await;
    partner.sees("done-link-made").await;
    picture(partner, "10-link").await;
    let link = format!("{LINKS}/anna/pro");
    partner.sees_text(&link).await;
    link
}

/// The link leads to the shop on another site; the visitor says yes, and buys.
async fn buy(town: &Town, visitor: &mut Browser, link: &str) {
    town.link_works(link.trim_start_matches(LINKS)).await;
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

async fn sees_why(partner: &mut Person) {
    partner.press("nav-earnings").await;
    partner.sees("earnings-waiting").await;
    picture(partner, "12-earnings").await;
    partner.press("event-sale").await;
    partner.sees("earning-why").await;
    partner.sees("explanation-base").await;
    for number in
        [partner.words.number("12500.00"), partner.words.percent("20"), commission(partner)]
    {
        partner.sees_text(&number).await;
    }
    partner.sees("journey-title").await;
    picture(partner, "13-why").await;
}

async fn approve(manager: &mut Person) {
    manager.turn_to("nav-commissions").await;
    manager.tick_with("choose-one", &[("partner", &"Anna Holm"), ("amount", &"")]).await;
    picture(manager, "14-commissions").await;
    manager.press_text(&format!("{}…", manager.words.of("approve"))).await;
    manager.sees("approve-undo").await;
    manager.sees_text(&commission(manager)).await;
    picture(manager, "15-approve").await;
    manager.press_with("approve-go", &[("count", &1)]).await;
    manager.sees_with("done-approved", &[("count", &1)]).await;
}

/// From the preview to a bank file that a validator accepts.
async fn pay(town: &Town, manager: &mut Person) {
    manager.turn_to("nav-payouts").await;
    manager.sees("payouts-next").await;
    manager.press("payouts-look").await;
    manager.sees_text("Anna Holm").await;
    picture(manager, "16-preview").await;
    manager.press("approve").await;
    manager.sees("done-run-approved").await;

    let folder = town.downloads();
    manager.downloads_to(&folder).await;
    manager.press("payout-bank-file").await;
    let file = until(PATIENCE, "the bank file", async || downloaded(&folder)).await;
    let read = bank_file::read(&file);
    assert_eq!(read.len(), 2, "one payment: {read:?}");
    assert!(read[0].ends_with(" 1 2500.00"), "{read:?}");
    assert!(read[1].ends_with(" 2500.00 DKK"), "{read:?}");

    manager.press("payout-mark-sent").await;
    manager.sees("done-run-sent").await;
    manager.press("payout-mark-paid").await;
    manager.sees("done-run-paid").await;
    picture(manager, "17-paid").await;
    manager.press_text("Anna Holm").await;
    manager.sees("statement-title").await;
    manager.sees_text(&commission(manager)).await;
    picture(manager, "18-statement").await;
}

fn downloaded(folder: &PathBuf) -> Option<PathBuf> {
    let entries = std::fs::read_dir(folder).ok()?.flatten();
    let mut files = entries.map(|entry| entry.path());
    files.find(|path| path.extension().is_some_and(|it| it == "xml"))
}

async fn sees_paid(partner: &mut Person) {
    partner.press("nav-payouts").await;
    partner.sees("paid-this-year").await;
    partner.sees_text(&commission(partner)).await;
    picture(partner, "19-payouts").await;
    let row = "return document.querySelector('.ledger a').innerText";
    let day = partner.script(row, json!([])).await;
    partner.press_text(day.as_str().unwrap()).await;
    partner.sees("statement-title").await;
    partner.sees_text("Anna Holm").await;
    picture(partner, "20-statement").await;
    // The order's number, of which partners see the end.
    partner.press_text("•••09").await;
    partner.sees_around("earning-paid-on", "date").await;
    partner.sees("explanation-base").await;
}

/// The partner links straight to the shop: the page's script makes the click.
async fn buy_by_parameter(town: &Town, visitor: &mut Browser) {
    visitor.open(&format!("{SHOP}/crm?via=anna")).await;
    visitor.press("Yes, remember").await;
    let cookie = until(PATIENCE, "the cookie", async || visitor.cookie("_trib").await).await;
    visitor.press("Buy").await;
    visitor.sees("Thank you").await;
    let reports = town.shop.reports.lock().unwrap();
    let report = reports.last().unwrap();
    assert_eq!((&report["status"], &report["click"]), (&json!(201), &json!(cookie)), "{report}");
}

/// A fifth of the order.
fn commission(reader: &Person) -> String {
    reader.words.number("2500.00")
}

/// Who walks: what the manager and the partner read, and on which screens; whether their browsers
/// run scripts. The visitor's always does: without, the shop's own cookie is not set.
struct Walk {
    language: Language,
    manager: Screen,
    partner: Screen,
    scripts: bool,
}

impl Walk {
    /// As people mostly do.
    const fn usual(language: Language) -> Self {
        Self { language, manager: Screen::Desk, partner: Screen::Phone, scripts: true }
    }

    /// All of the road.
    async fn go(self) {
        let mut town = Town::new(self.language).await;
        let mut post = town.post();
        let mut manager = Person::new(town.browser(self.manager).await, self.language);
        let mut partner = Person::new(town.browser(self.partner).await, self.language);
        let mut visitor = town.browser(Screen::Phone).await;
        if !self.scripts {
            manager.without_script().await;
            partner.without_script().await;
        }
        open_program(&town, &mut manager, &PLAN).await;
        go_live(&mut manager).await;
        invite(&mut manager, &ANNA).await;
        let link = join(&mut partner, &mut post).await;
        buy(&town, &mut visitor, &link).await;
        sees_why(&mut partner).await;
        approve(&mut manager).await;
        partner.press("nav-home").await;
        partner.sees("payday-next").await;
        picture(&mut partner, "16-pay-day").await;
        pay(&town, &mut manager).await;
        sees_paid(&mut partner).await;
        let mut follower = town.browser(Screen::Phone).await;
        buy_by_parameter(&town, &mut follower).await;
        partner.press("nav-earnings").await;
        partner.press("event-sale").await;
        partner.sees_text("•••10").await;
        partner.sees("earning-why").await;

        drop((manager, partner, visitor, follower));
        assert!(town.process.stop().await.success());
        town.verify();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn from_an_empty_folder_to_a_paid_partner() {
    Walk::usual(Language::En).go().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_without_scripts_on_our_pages() {
    Walk { scripts: false, ..Walk::usual(Language::En) }.go().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_in_danish() {
    Walk::usual(Language::Da).go().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_in_indonesian_managed_from_a_phone() {
    Walk { manager: Screen::Phone, ..Walk::usual(Language::Id) }.go().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_in_swedish_with_the_partner_at_a_desk() {
    Walk { partner: Screen::Desk, ..Walk::usual(Language::Sv) }.go().await;
}
