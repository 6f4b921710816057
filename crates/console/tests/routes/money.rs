//! From an approved commission to a statement, and where the money goes.

use tributary_app::payout::{confirm_bank_details, list_held_bank_details};
use tributary_app::verify::statement::ProofFile;
use tributary_directory::Role;
use tributary_kernel::UserId;

use crate::browser::Browser;
use crate::world::{Owner, PASSWORD, World};

const DANISH: [(&str, &str); 6] = [
    ("kind", "dk"),
    ("bank", "0040"),
    ("account", "0440116243"),
    ("holder", "Anna Holm"),
    ("town", "Aarhus"),
    ("country", "DK"),
];

/// Gives bank details with the code that is mailed for it.
async fn give_bank_details(world: &World, browser: &mut Browser, account: &str) {
    browser.open("/my/bank").await.is(200);
    let mut fields = DANISH.to_vec();
    fields[2].1 = account;
    let page = browser.submit("/my/bank", &fields).await.is(200).says("mailed you a code");
    assert!(page.text.contains(account), "what was typed is kept");
    let token = page.field("token").unwrap();
    let mail = world.post.next().await;
    let code: String = mail.subject.chars().filter(char::is_ascii_digit).collect();
    fields.push(("token", token.as_str()));
    fields.push(("proof", code.as_str()));
    browser.submit("/my/bank", &fields).await.leads_to("/my/bank");
    let told = world.post.next().await;
    let ending = &account[account.len() - 4..];
    assert!(told.body.contains(ending), "the change is mailed too: {}", told.body);
}

#[tokio::test]
async fn a_payout_goes_from_preview_to_statement() {
    let world = World::empty().await;
    let acme = world.owner("Acme").await;
    let (_, link, anna) = world.partner(&acme, "Anna").await;
    let (_, bo_link, bo) = world.partner(&acme, "Bo").await;
    world.sale(&acme, "1009", 1_250_000, &link).await;
    world.sale(&acme, "1010", 100_000, &bo_link).await;
    let base = format!("/manage/{}", acme.program.id);
    let mut manager = world.browser_of(acme.user).await;
    let mut partner = world.browser_of(anna).await;
    give_bank_details(&world, &mut partner, "0440116243").await;
    partner.open("/my/bank").await.is(200).says("6243").does_not_say("0440116243");

    let ids = manager.open(&format!("{base}/commissions")).await.ids("com_");
    let mut fields = vec![("decision", "approve")];
    fields.extend(ids.iter().map(|id| ("id", id.as_str())));
    manager.submit(&format!("{base}/commissions/decide"), &fields).await.is(303);
    partner.open("/my").await.is(200).says("2,500").says("datetime=\"2026-03-16\"");

    let preview = format!("{base}/payouts/preview");
    let page = manager.open(&preview).await.is(200).says("2,500").says("Anna");
    page.says("No bank details yet").says("Say which account pays");
    manager.submit(&preview, &[("seen", "x")]).await.is(422);
    let account = format!("{base}/settings/account");
    manager.open(&account).await.is(200).says("DKK");
    let mut own = DANISH;
    own[1].1 = "12";
    own[3].1 = "Acme ApS";
    manager.submit(&account, &own).await.is(422).says("id=\"bank-error\"").says("Acme ApS");
    own[1].1 = "0040";
    manager.submit_and_follow(&account, &own).await.says("Saved.").says("Acme ApS");

    let page = manager.open(&preview).await.is(200).says("Approve");
    let seen = page.field("seen").unwrap();
    manager.submit(&preview, &[("seen", "something else")]).await.is(422).says("Look it through");
    let approved = manager.submit(&preview, &[("seen", seen.as_str())]).await.is(303);
    let run = approved.location().to_owned();
    let page = manager.open(&run).await.is(200).says("2,500").says("fingerprint");
    assert!(page.text.contains("Mette of Acme"), "who approved it");
    let payout = page.ids("pay_").remove(0);

    let file = manager.submit(&format!("{run}/bank-file"), &[]).await.is(200);
    assert!(file.text.contains("pain.001.001.09"), "{}", file.text);
    let name = file.headers["content-disposition"].to_str().unwrap();
    assert!(name.starts_with("attachment; filename=\""), "{name}");
    manager.submit(&format!("{run}/csv"), &[]).await.is(200).says("Anna").says("2500.00");
    manager.open(&format!("{run}/csv")).await.is(405);

    manager.submit_and_follow(&format!("{run}/sent"), &[]).await.says("the bank has it");
    manager.submit(&format!("{run}/cancel"), &[("sure", "yes")]).await.leads_to(&run);
    manager.open(&run).await.is(200).says("Sent to the bank").says("not possible");
    manager.submit_and_follow(&format!("{run}/paid"), &[]).await.says("the bank has paid");

    let page = manager.open(&format!("{base}/statements/{payout}")).await.is(200);
    let page = page.says("Acme").says("Anna").says("2,500");
    let conversion = page.ids("conv_").remove(0);
    manager.open(&format!("{base}/conversions/{conversion}")).await.is(200).says("1009");
    partner.open("/my/payouts").await.is(200).says("2,500").says(&payout);
    let page = partner.open(&format!("/my/statements/{payout}")).await.is(200);
    page.says("Anna").says("2,500").does_not_say(">1009<");
    check_proof_files(&world, &acme, [&mut manager, &mut partner], bo, &run, &payout).await;
    let own = partner.open("/my/earnings").await.ids("com_").remove(0);
    partner.open(&format!("/my/earnings/{own}")).await.is(200).says("with pay day");

    // It comes back: said first, then done.
    let back = format!("{run}/return");
    let fields = [("payout", payout.as_str())];
    manager.submit(&back, &fields).await.is(200).says("approved again");
    let sure = [("payout", payout.as_str()), ("sure", "yes")];
    manager.submit_and_follow(&back, &sure).await.says("goes into the next payout");

    // Somebody has looked at the account, it is paid again, and now the bank's file says it.
    let waiting = list_held_bank_details(&world.app, &acme.actor, acme.id).await.unwrap();
    confirm_bank_details(&world.app, &acme.actor, waiting[0].partner, waiting[0].id).await.unwrap();
    let seen = manager.open(&preview).await.is(200).field("seen").unwrap();
    let approved = manager.submit(&preview, &[("seen", seen.as_str())]).await.is(303);
    let run = approved.location().to_owned();
    let payout = manager.open(&run).await.is(200).ids("pay_").remove(0);
    bank_sends_back(&mut manager, &mut partner, &base, &run, &payout).await;
}

/// The bank's file says that a payment came back: read, looked at, booked, told to the partner.
async fn bank_sends_back(
    manager: &mut Browser,
    partner: &mut Browser,
    base: &str,
    run: &str,
    payout: &str,
) {
    let list = format!("{base}/payouts");
    let upload = format!("{list}/replies");
    manager.open(&list).await.is(200).says("Answers from the bank");
    manager.upload(&upload, "file", "x.xml", "hello").await.is(422).says("no status report");
    manager.upload(&upload, "file", "x.xml", "").await.is(422).says("Choose a file.");
    let reference = payout.replace('_', "-");
    let file = format!(
        "<Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:camt.053.001.08\"><BkToCstmrStmt><Stmt>\
         <Id>54</Id><Acct><Id><IBAN>DK5000400440116243</IBAN></Id></Acct><Ntry>\
         <Amt Ccy=\"DKK\">2500.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts>\
         <NtryDtls><TxDtls><Refs><EndToEndId>{reference}</EndToEndId></Refs><RtrInf><Rsn>\
         <Cd>AC06</Cd></Rsn></RtrInf></TxDtls></NtryDtls></Ntry></Stmt></BkToCstmrStmt></Document>"
    );
    let read = manager.upload(&upload, "file", "svar.xml", &file).await.is(303);
    let page = read.location().to_owned();
    manager.open(&page).await.is(200).says("svar.xml").says("Came back").says("Nothing is booked");
    manager.submit_and_follow(&page, &[]).await.says("The answer is booked.").says("AC06");
    manager.open(&list).await.says("svar.xml").says("Booked");
    manager.open(run).await.says("AC06");
    partner.open("/my/payouts").await.is(200);
    let page = partner.open(&format!("/my/statements/{payout}")).await.is(200).says("AC06");
    page.says("The account cannot be paid to");
}

#[tokio::test]
async fn a_month_is_closed_and_its_vouchers_are_fetched() {
    let world = World::empty().await;
    let acme = world.owner("Acme").await;
    let (_, link, _) = world.partner(&acme, "Anna").await;
    world.sale(&acme, "1009", 1_250_000, &link).await;
    let base = format!("/manage/{}/finance", acme.program.id);
    let mut manager = world.browser_of(acme.user).await;
    let page = manager.open(&base).await.is(200).says("Owed to partners").says("2,500");
    page.says("No period is closed yet");
    manager.open(&format!("{base}?as_of=2030-01-01")).await.is(422);
    manager.open(&format!("{base}?as_of=soon")).await.is(422).says("Choose a day");
    let file = format!("{base}/vouchers?from=2026-03-01&through=2026-03-31&currency=&format=csv");
    let csv = manager.open(&file).await.is(200).says("6050,2500.00,,DKK").text;
    let sie = file.replace("format=csv", "format=sie");
    let sie = manager.open(&sie).await.is(200).says("#SIETYP 4");
    let name = sie.headers["content-disposition"].to_str().unwrap();
    assert!(name.ends_with("-DKK.se\""), "{name}");
    manager.open(&format!("{base}/vouchers?from=x&through=y")).await.leads_to(&base);

    let accounts = format!("{base}/accounts");
    let mut fields: Vec<(&str, &str)> = vec![
        ("commission_cost", "5990"),
        ("partner_pending", "2890"),
        ("partner_approved", "2890"),
        ("partner_payable", "2890"),
        ("partner_paid", "bank"),
        ("partner_clawback", "2890"),
        ("input_vat", "2641"),
        ("withheld_tax", "2710"),
        ("series", "T"),
        ("year_month", "1"),
        ("organisation_number", ""),
    ];
    manager.open(&accounts).await.is(200).says("6050");
    let wrong = manager.submit(&accounts, &fields).await.is(422);
    wrong.says("partner_paid-error").says("5990");
    fields[4].1 = "1930";
    manager.submit_and_follow(&accounts, &fields).await.says("Saved.").says("5990");
    assert_ne!(manager.open(&file).await.is(200).text, csv, "on the accounts it is told now");

    let lock = format!("{base}/lock");
    let today = [("lock_through", "2026-03-02")];
    manager.submit(&lock, &today).await.is(200).says("For good");
    let sure = [("lock_through", "2026-03-02"), ("sure", "yes")];
    manager.submit_and_follow(&lock, &sure).await.says("Choose a day that is over");
    let sure = [("lock_through", "2026-02-28"), ("sure", "yes")];
    manager
        .submit_and_follow(&lock, &sure)
        .await
        .says("The period is closed.")
        .says("Closed through");
}

/// Both sides get the same proof file by the links on their pages, and nobody else gets it.
async fn check_proof_files(
    world: &World,
    acme: &Owner,
    [manager, partner]: [&mut Browser; 2],
    another: UserId,
    run: &str,
    payout: &str,
) {
    let manage = format!("/manage/{}/statements/{payout}", acme.program.id);
    let my = format!("/my/statements/{payout}");
    let link = |page: &str| format!("href=\"{page}/proof\"");
    manager.open(run).await.is(200).says(&link(&manage)).says("tributary verify-statement");
    manager.open(&manage).await.is(200).says(&link(&manage)).says("tributary verify-statement");
    partner.open(&my).await.is(200).says(&link(&my)).says("tributary verify-statement");
    let given = manager.open(&format!("{manage}/proof")).await.is(200);
    let got = partner.open(&format!("{my}/proof")).await.is(200);
    assert_eq!(got.text, given.text);
    assert_eq!(got.headers["content-type"], "application/json");
    let name = format!("attachment; filename=\"{payout}-proof.json\"");
    assert_eq!(got.headers["content-disposition"].to_str().unwrap(), name);
    let proved = ProofFile::from_bytes(got.text.as_bytes()).unwrap().check();
    assert!(proved.holds(), "{:?}", proved.findings);
    assert_eq!(proved.statement.unwrap().payout.unwrap().to_string(), payout);
    assert!(!got.text.contains("0440116243"), "account numbers are masked");

    let mut another = world.browser_of(another).await;
    another.open(&format!("{my}/proof")).await.is(404);
    another.open(&format!("{manage}/proof")).await.is(404);
    let other = world.owner("Other").await;
    let mut stranger = world.browser_of(other.user).await;
    stranger.open(&format!("{manage}/proof")).await.is(404);
    let under_theirs = format!("/manage/{}/statements/{payout}/proof", other.program.id);
    stranger.open(&under_theirs).await.is(404);
    world.browser().open(&format!("{my}/proof")).await.is(303);
}

#[tokio::test]
async fn changed_bank_details_wait_for_a_second_look() {
    let world = World::empty().await;
    let acme = world.owner("Acme").await;
    let (partnership, _, anna) = world.partner(&acme, "Anna").await;
    let mut partner = world.browser_of(anna).await;
    give_bank_details(&world, &mut partner, "0440116243").await;
    give_bank_details(&world, &mut partner, "0440116244").await;
    partner.open("/my/bank").await.is(200).says("Being checked").says("6244");
    partner.open("/my").await.is(200).says("being checked");

    let base = format!("/manage/{}", acme.program.id);
    let page = format!("{base}/partners/{}", partnership.id);
    let mut manager = world.browser_of(acme.user).await;
    manager.open(&base).await.is(200).says("has changed bank details");
    manager.open(&format!("{base}/partners?state=bank_held")).await.is(200).says("Anna");
    let seen = manager.open(&page).await.is(200).says("Bank details were changed").says("6244");
    let detail = seen.field("detail").unwrap();
    let bank = format!("{page}/bank");
    let viewer = world.member(&acme, Role::Manager).await;
    let mut other = world.browser_of(viewer).await;
    other.open(&page).await.is(200).does_not_say("6244");
    let fields = [("answer", "confirm"), ("detail", detail.as_str())];
    other.submit(&bank, &fields).await.is(403);
    manager.submit_and_follow(&bank, &fields).await.says("new account is in use");
    manager.submit_and_follow(&bank, &fields).await.says("tone-declined");
    partner.open("/my/bank").await.is(200).says("In use").does_not_say("Being checked");
}

#[tokio::test]
async fn bank_details_ask_who_it_is() {
    let world = World::empty().await;
    let acme = world.owner("Acme").await;
    let (_, _, anna) = world.partner(&acme, "Anna").await;
    let mut browser = world.browser_of(anna).await;
    browser.open("/my/bank").await.is(200).says("we mail you a code");
    let mut wrong = DANISH.to_vec();
    wrong[2].1 = "no number";
    browser.submit("/my/bank", &wrong).await.is(422).says("id=\"account-error\"");
    assert!(world.post.take().is_none(), "nothing is mailed for what cannot be saved");
    let page = browser.submit("/my/bank", &DANISH).await.is(200);
    let token = page.field("token").unwrap();
    let mail = world.post.next().await;
    let code: String = mail.subject.chars().filter(char::is_ascii_digit).collect();
    let wrong_code = if code == "000000" { "000001" } else { "000000" };
    let mut fields = DANISH.to_vec();
    fields.extend([("token", token.as_str()), ("proof", wrong_code)]);
    browser.submit("/my/bank", &fields).await.is(422).says("id=\"proof-error\"");
    browser.open("/my/bank").await.is(200).says("Missing");

    // Somebody with a password gives that.
    let input = tributary_app::access::AddUser {
        owner: acme.id,
        name: "Carl".into(),
        email: "carl@partners.example".into(),
        password: Some(PASSWORD.into()),
        language: "en".into(),
        role: Role::Viewer,
    };
    let carl = tributary_app::access::add_user(&world.app, &acme.actor, input).await.unwrap();
    world.partner(&acme, "Carl").await;
    let mut browser = world.browser_of(carl).await;
    browser.open("/my/bank").await.is(200).says("type=\"password\"");
    let mut fields = DANISH.to_vec();
    fields.push(("proof", "wrong horse"));
    browser.submit("/my/bank", &fields).await.is(422).says("id=\"proof-error\"");
    fields[6].1 = PASSWORD;
    browser.submit_and_follow("/my/bank", &fields).await.says("Saved.");
}
