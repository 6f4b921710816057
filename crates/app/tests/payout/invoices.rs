//! Invoices and credit notes that the owner writes, VAT that is paid, tax that is withheld.

use std::path::Path;
use std::process::Command;

use tributary_app::invoicing::{
    AgreeSelfBilling, DocumentForm, GiveOwnInvoice, PutInvoicing, StoredTaxDocument,
    TaxDocumentFilter, TaxDocumentKind, agree_self_billing, end_self_billing, give_own_invoice,
    list_tax_documents, own_invoice, put_invoicing, tax_document_file,
};
use tributary_app::month_end::{ExportFormat, ExportVouchers, export_vouchers};
use tributary_app::payout::{
    PayoutState, WaitsFor, cancel_run, confirm_bank_details, fetch_bank_files,
    list_held_bank_details, mark_paid, mark_sent, return_payout, statement_of,
};
use tributary_app::tax::{
    AddWithholdingRule, KeepVatAnswer, TaxForm, add_withholding_rule, end_withholding_rule,
    keep_vat_answer,
};
use tributary_directory::Partnership;
use tributary_kernel::TaxDocumentId;
use tributary_ledger::{AccountKey, AccountKind};
use tributary_money::Currency;

use crate::common::{World, code, dkk};
use crate::payees::{
    approve, approved_sale, green, layers, payday, payee, payer, preview, refund, second_person,
};
use crate::tax::{danish_trader, give};

fn company() -> TaxForm {
    TaxForm {
        name: "Acme A/S".into(),
        street: "Havnegade 12".into(),
        post_code: "5000".into(),
        town: "Odense".into(),
        country: "DK".into(),
        company_number: "88146328".into(),
        vat: "registered".into(),
        vat_number: "DK88146328".into(),
        ..TaxForm::default()
    }
}

async fn set_up(world: &World, prefix: &str) -> String {
    let input = PutInvoicing {
        owner: world.owner,
        company: company(),
        vat_percent: "25".into(),
        prefix: prefix.into(),
    };
    code(put_invoicing(&world.app, &world.admin, input).await)
}

async fn agree(world: &World, of: &Partnership) -> String {
    let input = AgreeSelfBilling { owner: world.owner, partner: of.partner, agreed_on: None };
    code(agree_self_billing(&world.app, &world.partner_actor(of), input).await)
}

/// A partner that is invoiced for, with a form of its own.
async fn invoiced(
    world: &World,
    name: &str,
    form: TaxForm,
) -> (Partnership, tributary_directory::Link) {
    let (anna, link) = payee(world, name).await;
    assert_eq!(set_up(world, "SB-").await, "done");
    assert_eq!(give(world, &anna, form).await, "done");
    assert_eq!(agree(world, &anna).await, "done");
    (anna, link)
}

/// The owner's documents, in the order of their numbers.
async fn documents(world: &World) -> Vec<StoredTaxDocument> {
    let filter = TaxDocumentFilter::default();
    let page = world.first_page();
    let found = list_tax_documents(&world.app, &world.admin, &filter, page).await.unwrap();
    let mut found = found.items;
    found.sort_by_key(|it| it.position);
    found
}

async fn balance(world: &World, kind: AccountKind) -> i64 {
    let (_, balances) = world.audited().await;
    balances.get(&AccountKey::of_program(kind, world.program.id, Currency::DKK))
}

/// What somebody else's program says of a file.
fn judged(script: &str, kind: Option<&str>, bytes: &[u8]) -> String {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../payout/tests/support").join(script);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("document");
    std::fs::write(&path, bytes).unwrap();
    let python = std::env::var_os("TRIBUTARY_SEPAXML_PYTHON").unwrap_or_else(|| "python3".into());
    let output = Command::new(python).arg(script).args(kind).arg(&path).output().unwrap();
    let errors = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{errors}\nsee crates/payout/tests/schema.rs for the setup");
    String::from_utf8(output.stdout).unwrap()
}

/// Both files of a document, each read by somebody else's program.
async fn read(world: &World, id: TaxDocumentId, kind: &str) -> (String, String) {
    let (app, admin) = (&world.app, &world.admin);
    let ubl = tax_document_file(app, admin, id, DocumentForm::Ubl).await.unwrap();
    let pdf = tax_document_file(app, admin, id, DocumentForm::Pdf).await.unwrap();
    (judged("check_ubl.py", Some(kind), &ubl.content), judged("read_pdf.py", None, &pdf.content))
}

on_both! {
    /// From the agreement to the bank and the month's vouchers: VAT is on top, and everything says so.
    async fn vat_is_paid_with_a_payout_and_its_invoice(world: World) {
        payer(&world).await;
        let (anna, link) = invoiced(&world, "Anna", danish_trader("Anna Ågård")).await;
        approved_sale(&world, &link, "1", 100_002).await; // 200.00
        let seen = preview(&world).await;
        let of = &seen.payouts[0];
        assert_eq!((of.total, of.vat, of.invoiced), (dkk(25_000), dkk(5_000), true));
        assert_eq!(seen.total, dkk(25_000));
        let run = approve(&world).await;
        assert_eq!(run.payouts[0].amount, dkk(25_000));
        let (app, admin) = (&world.app, &world.admin);
        let files = fetch_bank_files(app, admin, world.owner, run.run.id).await.unwrap();
        let xml = String::from_utf8(files[0].content.clone()).unwrap();
        assert!(xml.contains("Ccy=\"DKK\">250.00<"), "{xml}");
        assert_eq!(balance(&world, AccountKind::InputVat).await, 5_000);
        assert_eq!(layers(&world, &anna).await.payable, 25_000);

        let own = world.partner_actor(&anna);
        let statement = statement_of(app, &own, run.payouts[0].id).await.unwrap();
        let tax = statement.tax.clone().unwrap();
        assert_eq!((statement.paid, tax.vat, statement.sent()), (dkk(20_000), dkk(5_000), dkk(25_000)));
        assert_eq!(tax.invoice.as_deref(), Some("SB-000001"));
        let made = documents(&world).await;
        assert_eq!(made.len(), 1);
        let it = &made[0];
        assert_eq!((it.kind, it.net, it.vat), (TaxDocumentKind::Invoice, dkk(20_000), dkk(5_000)));
        let (ubl, pdf) = read(&world, it.id, "Invoice").await;
        assert_eq!(ubl.trim(), "389 50.00 250.00");
        for part in ["SB-000001", "Anna Ågård", "Acme A/S", "DK13585628", "250.00 DKK", "selvfakturering"] {
            assert!(pdf.contains(part), "{part} in\n{pdf}");
        }
        let theirs = tax_document_file(app, &own, it.id, DocumentForm::Pdf).await.unwrap();
        assert_eq!(theirs.name, "SB-000001.pdf");
        let (bo, _) = world.partner("Bo").await;
        let stranger = world.partner_actor(&bo);
        let hidden = tax_document_file(app, &stranger, it.id, DocumentForm::Pdf).await;
        assert_eq!(code(hidden), "not_found");

        mark_paid(app, admin, world.owner, run.run.id).await.unwrap();
        assert_eq!(layers(&world, &anna).await.paid, 25_000);
        green(&world).await;
        let input = ExportVouchers {
            owner: world.owner,
            from: "2026-03-01".parse().unwrap(),
            through: "2026-03-31".parse().unwrap(),
            format: ExportFormat::Csv,
            currency: None,
            language: Some("da".into()),
        };
        let vouchers = export_vouchers(app, admin, input).await.unwrap().content;
        let vouchers = String::from_utf8(vouchers).unwrap();
        for part in ["2641,50.00,,DKK", "1930,,250.00,DKK", "6050,200.00,,DKK"] {
            assert!(vouchers.contains(part), "{part} in {vouchers}");
        }

        // What is taken back before it is paid has no VAT either.
        world.advance_days(40);
        let second = approved_sale(&world, &link, "2", 500_000).await;
        refund(&world, second, "r", 100_000).await;
        let run = approve(&world).await;
        assert_eq!(run.payouts[0].amount, dkk(100_000), "800.00 and a quarter");
        green(&world).await;
    }

    /// Cancelled or sent back by the bank: a credit note of all of it, and no VAT left in the books.
    async fn what_is_not_sent_is_credited(world: World) {
        payer(&world).await;
        let (anna, link) = invoiced(&world, "Anna", danish_trader("Anna")).await;
        approved_sale(&world, &link, "1", 100_000).await;
        let (app, admin, owner) = (&world.app, &world.admin, world.owner);
        let run = approve(&world).await;
        cancel_run(app, admin, owner, run.run.id).await.unwrap();
        assert_eq!(balance(&world, AccountKind::InputVat).await, 0);
        assert_eq!(layers(&world, &anna).await.approved, 20_000);
        green(&world).await;

        let run = approve(&world).await;
        mark_sent(app, admin, owner, run.run.id).await.unwrap();
        mark_paid(app, admin, owner, run.run.id).await.unwrap();
        assert_eq!(set_up(&world, "NEW-").await, "/prefix series_begun");
        let returned = return_payout(app, admin, owner, run.payouts[0].id).await.unwrap();
        assert_eq!(returned.state, PayoutState::Returned);
        assert_eq!(balance(&world, AccountKind::InputVat).await, 0);
        green(&world).await;
        let waiting = list_held_bank_details(app, admin, owner).await.unwrap();
        let lars = second_person(&world).await;
        confirm_bank_details(app, &lars, anna.partner, waiting[0].id).await.unwrap();
        approve(&world).await;
        green(&world).await;

        let made = documents(&world).await;
        let told: Vec<_> = made.iter().map(|it| (it.number.as_str(), it.kind)).collect();
        let (invoice, credit) = (TaxDocumentKind::Invoice, TaxDocumentKind::CreditNote);
        assert_eq!(told, [
            ("SB-000001", invoice),
            ("SB-000002", credit),
            ("SB-000003", invoice),
            ("SB-000004", credit),
            ("SB-000005", invoice),
        ]);
        assert_eq!(made[3].corrects, Some(made[2].id));
        let (ubl, pdf) = read(&world, made[3].id, "CreditNote").await;
        assert_eq!(ubl.trim(), "261 50.00 250.00");
        assert!(pdf.contains("Kreditnota") && pdf.contains("SB-000003"), "{pdf}");
    }

    /// No agreement, no invoice; and what cannot be invoiced is told and not paid.
    async fn only_who_has_agreed_is_invoiced_for(world: World) {
        payer(&world).await;
        let (anna, link) = payee(&world, "Anna").await;
        assert_eq!(agree(&world, &anna).await, "invoicing_missing");
        assert_eq!(set_up(&world, "SB 1").await, "/prefix series_prefix");
        assert_eq!(set_up(&world, "SB-").await, "done");
        assert_eq!(agree(&world, &anna).await, "tax_profile_missing");
        let private = TaxForm {
            person: "private_person".into(),
            company_number: String::new(),
            vat: "not_registered".into(),
            vat_number: String::new(),
            ..danish_trader("Anna")
        };
        assert_eq!(give(&world, &anna, private).await, "done");
        assert_eq!(agree(&world, &anna).await, "self_billing_private");
        give(&world, &anna, danish_trader("Anna")).await;
        approved_sale(&world, &link, "1", 100_000).await;
        let of = preview(&world).await.payouts.remove(0);
        assert_eq!((of.total, of.vat, of.invoiced), (dkk(20_000), dkk(0), false));

        agree(&world, &anna).await;
        let (app, admin, owner) = (&world.app, &world.admin, world.owner);
        let answer = |valid, day: &str| KeepVatAnswer {
            owner,
            partner: anna.partner,
            number: "DK13585628".into(),
            valid,
            registered_name: String::new(),
            reference: String::new(),
            asked_on: day.parse().unwrap(),
        };
        keep_vat_answer(app, admin, answer(false, "2026-03-01")).await.unwrap();
        let seen = preview(&world).await;
        assert!(seen.payouts.is_empty());
        assert_eq!(seen.left_out[0].reason.code(), "vat_number_invalid");
        let waits = payday(&world, &anna).await.waiting.remove(0);
        assert_eq!(waits.waits_for, WaitsFor::TaxDetails);
        keep_vat_answer(app, admin, answer(true, "2026-03-02")).await.unwrap();
        assert_eq!(preview(&world).await.payouts[0].vat, dkk(5_000));

        // Another country, another VAT.
        for (country, number, vat_number, expected) in [
            ("SE", "5560160680", "SE556016068001", "AE 0.00 200.00"),
            ("ID", "01.234.567.8-901.000", "01.234.567.8-901.000", "O 0.00 200.00"),
        ] {
            let form = TaxForm {
                country: country.into(),
                company_number: number.into(),
                vat_number: vat_number.into(),
                ..danish_trader("Anna")
            };
            assert_eq!(give(&world, &anna, form).await, "done");
            let run = approve(&world).await;
            assert_eq!(run.payouts[0].amount, dkk(20_000));
            let it = documents(&world).await.pop().unwrap();
            let (ubl, _) = read(&world, it.id, "Invoice").await;
            assert_eq!(ubl.trim().replacen("389", &it.category, 1), expected);
            cancel_run(app, admin, owner, run.run.id).await.unwrap();
        }
        end_self_billing(app, &world.partner_actor(&anna), owner, anna.partner).await.unwrap();
        let run = approve(&world).await;
        assert_eq!(documents(&world).await.len(), 4, "two invoices, each credited");
        assert_eq!(statement_of(app, admin, run.payouts[0].id).await.unwrap().tax, None);
        green(&world).await;
    }

    /// A partner's own invoice is taken when it is of exactly what was paid, and once.
    async fn an_own_invoice_is_matched_with_its_payout(world: World) {
        payer(&world).await;
        let (anna, link) = payee(&world, "Anna").await;
        let (bo, _) = world.partner("Bo").await;
        let (app, admin, owner) = (&world.app, &world.admin, world.owner);
        approved_sale(&world, &link, "1", 100_000).await;
        let first = approve(&world).await.payouts[0].id;
        approved_sale(&world, &link, "2", 200_000).await;
        let second = approve(&world).await.payouts[0].id;
        let own = world.partner_actor(&anna);
        let invoice = |payout, number: &str, net, vat| GiveOwnInvoice {
            payout,
            number: number.into(),
            issued_on: "2026-03-02".parse().unwrap(),
            net: dkk(net),
            vat: dkk(vat),
        };
        for (given, expected) in [
            (invoice(first, " ", 20_000, 0), "/number length"),
            (invoice(first, "17", 19_999, 0), "/net invoice_amount"),
            (invoice(first, "17", 20_000, -1), "/vat range"),
            (invoice(first, "17", 20_000, 5_000), "/vat vat_not_registered"),
        ] {
            assert_eq!(code(give_own_invoice(app, &own, given).await), expected);
        }
        give(&world, &anna, danish_trader("Anna")).await;
        let made = give_own_invoice(app, &own, invoice(first, "17", 20_000, 5_000)).await.unwrap();
        let again = give_own_invoice(app, &own, invoice(first, "17", 20_000, 5_000)).await.unwrap();
        assert_eq!(again, made, "the same changes nothing");
        let twice = give_own_invoice(app, &own, invoice(second, "17", 40_000, 0)).await;
        assert_eq!(code(twice), "/number invoice_number_used");
        let stranger = world.partner_actor(&bo);
        let theirs = give_own_invoice(app, &stranger, invoice(second, "18", 40_000, 0)).await;
        assert_eq!(code(theirs), "not_found");
        let mended = give_own_invoice(app, admin, invoice(first, "17b", 20_000, 0)).await.unwrap();
        assert_eq!(own_invoice(app, &own, first).await.unwrap(), Some(mended));
        give_own_invoice(app, &own, invoice(second, "17", 40_000, 0)).await.unwrap();

        assert_eq!(set_up(&world, "SB-").await, "done");
        agree(&world, &anna).await;
        approved_sale(&world, &link, "3", 100_000).await;
        let run = approve(&world).await;
        let written = give_own_invoice(app, &own, invoice(run.payouts[0].id, "19", 20_000, 0)).await;
        assert_eq!(code(written), "invoice_written");
        cancel_run(app, admin, owner, run.run.id).await.unwrap();
        green(&world).await;
    }

    /// Nothing is withheld but by a rule that somebody entered, on the days it holds.
    async fn tax_is_withheld_by_dated_rules_alone(world: World) {
        payer(&world).await;
        let (anna, link) = payee(&world, "Anna").await;
        approved_sale(&world, &link, "1", 100_003).await;
        let (app, admin, owner) = (&world.app, &world.admin, world.owner);
        let rule = |percent: &str, from: &str, source: &str| AddWithholdingRule {
            owner,
            name: "A-skat".into(),
            country: "dk".into(),
            persons: vec![],
            number: None,
            pays_own_tax: Some(false),
            percent: percent.into(),
            from: from.parse().unwrap(),
            until: None,
            source: source.into(),
        };
        assert_eq!(code(add_withholding_rule(app, admin, rule("x", "2026-01-01", " ")).await), "/source length");
        let made = add_withholding_rule(app, admin, rule("30", "2026-01-01", "Letter")).await.unwrap();
        let twice = add_withholding_rule(app, admin, rule("55", "2027-01-01", "Letter")).await;
        assert_eq!(code(twice), "/from rule_overlaps");
        assert_eq!(preview(&world).await.left_out[0].reason.code(), "no_tax_profile");
        give(&world, &anna, danish_trader("Anna")).await;
        let of = preview(&world).await.payouts.remove(0);
        assert_eq!((of.total, of.withheld, of.vat), (dkk(14_001), dkk(6_000), dkk(0)));
        let run = approve(&world).await;
        assert_eq!(run.payouts[0].amount, dkk(14_001));
        assert_eq!(balance(&world, AccountKind::WithheldTax).await, -6_000);
        assert_eq!(layers(&world, &anna).await.payable, 14_001);
        green(&world).await;
        cancel_run(app, admin, owner, run.run.id).await.unwrap();
        assert_eq!(balance(&world, AccountKind::WithheldTax).await, 0);
        green(&world).await;

        // Beside VAT: of the amount without it.
        set_up(&world, "SB-").await;
        agree(&world, &anna).await;
        let run = approve(&world).await;
        assert_eq!(run.payouts[0].amount, dkk(20_001 + 5_000 - 6_000));
        let it = documents(&world).await.remove(0);
        let (ubl, pdf) = read(&world, it.id, "Invoice").await;
        assert_eq!(ubl.trim(), "389 50.00 250.01", "the invoice is of all of it");
        assert!(pdf.contains("A-skat"), "{pdf}");
        green(&world).await;
        mark_paid(app, admin, owner, run.run.id).await.unwrap();
        end_withholding_rule(app, admin, owner, made.id, "2026-03-31".parse().unwrap()).await.unwrap();
        world.advance_days(40);
        approved_sale(&world, &link, "2", 100_000).await;
        assert_eq!(preview(&world).await.payouts[0].withheld, dkk(0));
        green(&world).await;
    }

    /// Eight programs of one organisation approve their runs at once.
    async fn numbers_have_no_gap_with_eight_writers(world: World) {
        payer(&world).await;
        let mut worlds = Vec::new();
        for node in 1..=8 {
            let beside = world.another_program(node).await;
            let (_, link) = invoiced(&beside, &format!("Anna{node}"), danish_trader("Anna")).await;
            approved_sale(&beside, &link, "1", 100_000).await;
            worlds.push(beside);
        }
        let mut running = tokio::task::JoinSet::new();
        for beside in worlds {
            running.spawn(async move {
                let run = approve(&beside).await;
                // Every other one is taken back at once, which takes a number, too.
                if beside.program.id.as_bytes()[15] % 2 == 0 {
                    let (app, admin) = (&beside.app, &beside.admin);
                    cancel_run(app, admin, beside.owner, run.run.id).await.unwrap();
                }
            });
        }
        while let Some(done) = running.join_next().await {
            done.unwrap();
        }
        let made = documents(&world).await;
        assert!(made.len() >= 8, "{} documents", made.len());
        for (it, expected) in made.iter().zip(1..) {
            assert_eq!(it.number, format!("SB-{expected:06}"));
        }
        green(&world).await;
    }
}
