//! A sale between companies, as such sales go: one reads about it on a phone, a colleague books a
//! demo at a desk, people close it and a file says so. And whose a sale is when one partner had
//! registered the company and another one sent the visitor.

use std::path::PathBuf;
use std::time::Duration;

use tributary_i18n::Language;
use tributary_kernel::{Clock as _, SystemClock, Zone};
use tributary_testkit::{Browser, Screen, until};

use crate::beginnings::{ANNA, Newcomer, Plan, accept, go_live, invite, open_program};
use crate::person::Person;
use crate::town::{LINKS, PAGES, SHOP, Town, picture};

const PATIENCE: Duration = Duration::from_secs(60);
const PLAN: Plan = Plan {
    document: r#"{
      "format": 1,
      "name": "Partners of Acme",
      "rules": [
        { "id": "demo", "events": ["demo"], "amount": { "fixed": { "amount": "500.00", "currency": "DKK" } } },
        { "id": "sale", "events": ["sale"], "amount": { "percent": "10", "of": "gross" } }
      ]
    }"#,
    percent: "10",
};
const BO: Newcomer = Newcomer { name: "Bo Lind", mail: "bo@consultants.example", code: "bolind" };

/// Credit is given for what anybody in the company did, and partners may register companies.
async fn set_rules(manager: &mut Person) {
    manager.turn_to("nav-settings").await;
    manager.press("settings-attribution").await;
    manager.choose("field-people", "people-company").await;
    picture(manager, "sale-01-credit").await;
    manager.press("attribution-save").await;
    manager.sees("done-attribution").await;
    manager.turn_to("nav-leads").await;
    manager.sees("leads-not-taken-title").await;
    manager.press("leads-take").await;
    manager.sees("leads-not-taken-yet").await;
    manager.press("leads-take").await;
    manager.sees("done-saved").await;
}

/// Follows a partner's link to the shop and says yes.
async fn follow(town: &Town, visitor: &mut Browser, code: &str) {
    town.link_works(&format!("/{code}")).await;
    visitor.open(&format!("{LINKS}/{code}")).await;
    visitor.arrives(&format!("{SHOP}/crm?trib=clk_")).await;
    visitor.press("Yes, remember").await;
    until(PATIENCE, "the cookie", async || visitor.cookie("_trib").await).await;
}

/// What a visitor does at the shop under their work address; the order's number.
async fn act(town: &Town, visitor: &mut Browser, mail: &str, button: &str) -> String {
    visitor.open(&format!("{SHOP}/crm")).await;
    visitor.write("Work e-mail", mail).await;
    visitor.press(button).await;
    visitor.sees("Thank you").await;
    let reports = town.shop.reports.lock().unwrap();
    let report = reports.last().unwrap();
    assert_eq!(report["status"], 201, "{report}");
    (1_008 + reports.len()).to_string()
}

/// The deal as the company's own sales write it down, in a file with a day and no hour.
fn deal(town: &Town) -> PathBuf {
    let zone = Zone::named("Europe/Copenhagen").unwrap();
    let today = zone.date(SystemClock.now());
    let file = town.downloads().join("deals.csv");
    let text = format!(
        "Fakturanr.;Dato;Beløb;E-mail\r\nF-77;{today};100.000,00;indkoeb@bolt-vaerft.dk\r\n"
    );
    std::fs::write(&file, text).unwrap();
    file
}

/// From a file to a recorded sale, with a look at what would become of it.
async fn upload(manager: &mut Person, file: &str) {
    manager.turn_to("nav-conversions").await;
    manager.press("uploads-open").await;
    manager.write("field-upload-file", file).await;
    manager.press("upload-send").await;
    manager.sees("upload-preview-title").await;
    manager.sees("upload-outcome-ready").await;
    picture(manager, "sale-04-preview").await;
    manager.press_with("upload-commit", &[("count", &1)]).await;
    manager.sees("done-upload-committed").await;
    let recorded = manager.words.of("upload-outcome-applied");
    let here = manager.url().await;
    until(PATIENCE, "the row to be recorded", async || {
        manager.open(&here).await;
        manager.seen().await.contains(&recorded).then_some(())
    })
    .await;
    picture(manager, "sale-05-recorded").await;
    manager.press_text("F-77").await;
    manager.sees("conversion-facts").await;
}

/// The newest earning of a kind, with the amount and the reason for it.
async fn earned(partner: &mut Person, event: &str, amount: &str, name: &str) {
    partner.press("nav-earnings").await;
    partner.press(event).await;
    partner.sees("earning-why").await;
    partner.sees_text(&partner.words.number(amount)).await;
    partner.sees("journey-title").await;
    partner.sees("touch-other-person").await;
    picture(partner, name).await;
}

async fn registers(partner: &mut Person, company: &str, domain: &str) {
    partner.press("nav-leads").await;
    partner.press("lead-new").await;
    partner.write("field-company", company).await;
    partner.write("field-company-domain", domain).await;
    partner.press("lead-new").await;
    partner.sees("done-lead-registered").await;
    picture(partner, "sale-07-lead").await;
}

/// Asks after an order by its number.
async fn asks_after(partner: &mut Person, order: &str) {
    partner.press("nav-earnings").await;
    partner.press("missing-title").await;
    partner.choose("missing-kind", "missing-kind-order").await;
    partner.write("missing-clue", order).await;
    partner.press("missing-go").await;
}

/// Until somebody says otherwise, they do.
async fn registrations_do_not_go_first(manager: &mut Person) {
    manager.turn_to("nav-settings").await;
    manager.press("settings-attribution").await;
    manager.tick("field-registration-first").await;
    manager.press("attribution-save").await;
    manager.sees("done-attribution").await;
}

async fn partner_of(town: &Town, manager: &mut Person, who: &Newcomer) -> Person {
    let mut post = town.post();
    invite(manager, who).await;
    let mut partner = Person::new(town.browser(Screen::Phone).await, Language::En);
    accept(&mut partner, &mut post, who, &PLAN).await;
    partner
}

/// Read by one, asked for by another, bought by a third: the blogger has the fee for the demo, and
/// the share of the deal, and both sides read why.
async fn read_asked_bought(town: &Town, manager: &mut Person, anna: &mut Person) {
    let mut reader = town.browser(Screen::Phone).await;
    follow(town, &mut reader, ANNA.code).await;
    act(town, &mut reader, "laeser@bolt-vaerft.dk", "Write to me").await;
    drop(reader);
    let mut colleague = town.browser(Screen::Desk).await;
    act(town, &mut colleague, "kollega@bolt-vaerft.dk", "Book a demo").await;
    drop(colleague);
    earned(anna, "event-demo", "500.00", "sale-03-demo").await;

    let file = deal(town);
    upload(manager, file.to_str().unwrap()).await;
    manager.sees_text(ANNA.name).await;
    manager.sees_text(&manager.words.number("10000.00")).await;
    manager.sees("touch-other-person").await;
    manager.sees("conversion-by-people").await;
    picture(manager, "sale-06-deal").await;
    earned(anna, "event-sale", "10000.00", "sale-06-share").await;
}

/// One partner registered the company, another one's link was clicked later; whose the sale is says
/// the program's rule, and who did not get it reads why.
async fn registered_or_clicked(
    town: &Town,
    manager: &mut Person,
    (anna, bo): (&mut Person, &mut Person),
) {
    for (first, company, domain) in
        [(true, "Nordlys ApS", "nordlys-el.dk"), (false, "Solsiden A/S", "solsiden-vvs.dk")]
    {
        if !first {
            registrations_do_not_go_first(manager).await;
        }
        bo.open(&format!("{PAGES}/my")).await;
        registers(bo, company, domain).await;
        let mut buyer = town.browser(Screen::Desk).await;
        follow(town, &mut buyer, ANNA.code).await;
        let order = act(town, &mut buyer, &format!("chef@{domain}"), "Buy").await;
        let (winner, loser) = if first { (&mut *bo, &mut *anna) } else { (&mut *anna, &mut *bo) };
        asks_after(winner, &order).await;
        winner.sees("missing-yours").await;
        winner.sees_text(&winner.words.number("1250.00")).await;
        asks_after(loser, &order).await;
        loser.sees("missing-another-partner").await;
        loser.sees(if first { "reason-registration-decides" } else { "reason-not-last" }).await;
        let name = if first { "sale-08-registered-first" } else { "sale-09-clicked-later" };
        picture(loser, name).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sale_between_companies() {
    let mut town = Town::new(Language::En).await;
    let mut manager = Person::new(town.browser(Screen::Desk).await, Language::En);
    open_program(&town, &mut manager, &PLAN).await;
    go_live(&mut manager).await;
    set_rules(&mut manager).await;
    let mut anna = partner_of(&town, &mut manager, &ANNA).await;
    read_asked_bought(&town, &mut manager, &mut anna).await;
    let mut bo = partner_of(&town, &mut manager, &BO).await;
    registered_or_clicked(&town, &mut manager, (&mut anna, &mut bo)).await;

    drop((manager, anna, bo));
    assert!(town.process.stop().await.success());
    town.verify();
}
