//! What a partner is for tax, on its own page and on the page of who pays it.

use crate::world::World;

const TRADER: [(&str, &str); 9] = [
    ("person", "sole_trader"),
    ("name", "Anna Holm"),
    ("street", "Strædet 5"),
    ("town", "Aarhus"),
    ("country", "DK"),
    ("company_number", "13585628"),
    ("vat", "registered"),
    ("vat_number", "13585627"),
    ("own_tax", "yes"),
];

#[tokio::test]
async fn a_partner_says_what_it_is_for_tax_and_its_payer_sees_it() {
    let world = World::empty().await;
    let acme = world.owner("Acme").await;
    let (partnership, _, anna) = world.partner(&acme, "Anna").await;
    let mut partner = world.browser_of(anna).await;
    partner.open("/my").await.is(200).says("/my/tax");
    partner.open("/my/tax").await.is(200).says("value=\"Anna\"").says("Sole trader");
    let mut fields = TRADER;
    let page = partner.submit("/my/tax", &fields).await.is(422).says("check digits do not fit");
    assert!(page.text.contains("Strædet 5"), "what was typed is kept");
    fields[7].1 = "13585628";
    partner.submit_and_follow("/my/tax", &fields).await.says("Saved.").says("DK13585628");

    let mut manager = world.browser_of(acme.user).await;
    let own = format!("/manage/{}/partners/{}", acme.program.id, partnership.id);
    manager.open(&own).await.is(200).says(&format!("{own}/tax"));
    let tax = format!("{own}/tax");
    manager.open(&tax).await.is(200).says("Anna Holm").says("Strædet 5").says("DK13585628");
    let mut answer = [("number", "DK13585628"), ("valid", "no"), ("asked_on", "2027-01-01")];
    manager.submit(&tax, &answer).await.is(422).says("The day has not come yet.");
    answer[2].1 = "2026-03-01";
    manager.submit_and_follow(&tax, &answer).await.says("The answer is kept.").says("Not valid");
}

/// The manager says how invoices are written, the partner lets it, and the statement has the files.
#[tokio::test]
async fn an_invoice_is_written_for_who_lets_it() {
    let world = World::empty().await;
    let acme = world.owner("Acme").await;
    let (partnership, _, anna) = world.partner(&acme, "Anna").await;
    let mut manager = world.browser_of(acme.user).await;
    let mut partner = world.browser_of(anna).await;
    let base = format!("/manage/{}", acme.program.id);
    let settings = format!("{base}/settings/invoices");
    partner.open("/my/tax").await.is(200).does_not_say("Self-billing");
    let mut fields = vec![
        ("name", "Acme A/S"),
        ("town", "Odense"),
        ("country", "DK"),
        ("company_number", "88146328"),
        ("vat", "registered"),
        ("vat_number", "DK88146328"),
        ("vat_percent", "x"),
        ("prefix", "SB-"),
    ];
    manager.open(&settings).await.is(200).says("value=\"SB-\"");
    manager.submit(&settings, &fields).await.is(422).says("id=\"vat_percent-error\"");
    fields[6].1 = "25";
    manager.submit_and_follow(&settings, &fields).await.says("Saved.").says("No number was given");

    let owner = acme.id.to_string();
    let mut agree = vec![("owner", owner.as_str()), ("billing", "agree")];
    partner.open("/my/tax").await.is(200).says("Self-billing").says("Acme");
    let page = partner.submit_and_follow("/my/tax/billing", &agree).await;
    page.says("Fill in the tax details first.");
    let mut trader = TRADER;
    trader[7].1 = "13585628";
    partner.submit_and_follow("/my/tax", &trader).await.says("Saved.");
    partner.submit_and_follow("/my/tax/billing", &agree).await.says("from the next payout on");
    agree[1].1 = "end";
    partner.submit_and_follow("/my/tax/billing", &agree).await.says("Ended");
    let own = format!("{base}/partners/{}", partnership.id);
    let paper = [("billing", "agree"), ("agreed_on", "2027-01-01")];
    manager.open(&format!("{own}/tax")).await.is(200).says("on paper");
    let billing = format!("{own}/billing");
    manager.submit(&billing, &paper).await.is(422).says("The day has not come yet.");
    let paper = [("billing", "agree"), ("agreed_on", "2026-03-01")];
    manager.submit_and_follow(&billing, &paper).await.says("Agreed on").says("End it");
}
