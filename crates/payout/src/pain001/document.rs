//! The elements, in the order of the schema.

use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesEnd, BytesStart, BytesText, Event};
use tributary_kernel::Timestamp;

use super::checked::{Checked, CheckedParty, CheckedPayment, Group};
use super::{BankProfile, NAMESPACE, PaymentFile, SwedishBban, end_to_end_id, message_id};
use crate::BankAccount;
use crate::account::{Bic, SwedishAccount};

/// Bankgirot's own member number, under which bankgiro numbers are cleared.
const BANKGIROT_MEMBER: &str = "9900";
/// Clearing numbers of Sweden in ISO 20022's external code list.
const SWEDISH_CLEARING: &str = "SESBA";

pub(super) fn write(profile: &BankProfile, file: &PaymentFile, checked: &Checked<'_>) -> Vec<u8> {
    let mut xml = Xml(Writer::new_with_indent(Vec::new(), b' ', 1));
    xml.event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)));
    let root = BytesStart::new("Document").with_attributes([("xmlns", NAMESPACE)]);
    xml.event(Event::Start(root));
    xml.element("CstmrCdtTrfInitn", |xml| {
        xml.element("GrpHdr", |xml| group_header(profile, file, checked, xml));
        for (index, group) in checked.groups.iter().enumerate() {
            xml.element("PmtInf", |xml| {
                // There are four kinds of account, so one digit: 35 characters, the limit.
                let id = format!("{}{}", message_id(file.run, profile.currency), index + 1);
                payment_information(profile, file, checked, group, &id, xml);
            });
        }
    });
    xml.event(Event::End(BytesEnd::new("Document")));
    let mut bytes = xml.0.into_inner();
    bytes.push(b'\n');
    bytes
}

fn group_header(profile: &BankProfile, file: &PaymentFile, checked: &Checked<'_>, xml: &mut Xml) {
    xml.text("MsgId", &message_id(file.run, profile.currency));
    // Whole seconds: some banks refuse fractions.
    let created = Timestamp::from_microsecond(file.created_at.as_second() * 1_000_000);
    xml.text("CreDtTm", &created.to_string());
    xml.text("NbOfTxs", &checked.count.to_string());
    xml.text("CtrlSum", &checked.total.to_decimal_string());
    xml.element("InitgPty", |xml| {
        xml.text("Nm", &checked.payer.name);
        if let Some(number) = &checked.number_at_bank {
            xml.nested(&["Id", "OrgId", "Othr"], |xml| {
                xml.text("Id", number);
                xml.element("SchmeNm", |xml| xml.text("Cd", profile.initiator_scheme));
            });
        }
    });
}

fn payment_information(
    profile: &BankProfile,
    file: &PaymentFile,
    checked: &Checked<'_>,
    group: &Group<'_>,
    id: &str,
    xml: &mut Xml,
) {
    xml.text("PmtInfId", id);
    xml.text("PmtMtd", "TRF");
    xml.text("NbOfTxs", &group.payments.len().to_string());
    xml.text("CtrlSum", &group.total.to_decimal_string());
    xml.element("PmtTpInf", |xml| {
        xml.element("SvcLvl", |xml| xml.text("Cd", profile.service_level));
        if let Some(purpose) = profile.category_purpose {
            xml.element("CtgyPurp", |xml| xml.text("Cd", purpose));
        }
    });
    xml.element("ReqdExctnDt", |xml| xml.text("Dt", &file.execution_date.to_string()));
    xml.element("Dbtr", |xml| party(&checked.payer, xml));
    xml.element("DbtrAcct", |xml| {
        account(profile, &file.payer.account, xml);
        xml.text("Ccy", profile.currency.code());
    });
    xml.element("DbtrAgt", |xml| payer_agent(file, xml));
    xml.text("ChrgBr", profile.charge_bearer.code());
    for payment in &group.payments {
        xml.element("CdtTrfTxInf", |xml| transfer(profile, payment, xml));
    }
}

fn transfer(profile: &BankProfile, checked: &CheckedPayment<'_>, xml: &mut Xml) {
    let payment = checked.payment;
    let id = end_to_end_id(payment.payout);
    xml.element("PmtId", |xml| {
        xml.text("InstrId", &id);
        xml.text("EndToEndId", &id);
    });
    xml.element("Amt", |xml| {
        let currency = [("Ccy", payment.amount.currency.code())];
        xml.text_with("InstdAmt", currency, &payment.amount.to_decimal_string());
    });
    payee_agent(&payment.account, xml);
    xml.element("Cdtr", |xml| party(&checked.payee, xml));
    xml.element("CdtrAcct", |xml| account(profile, &payment.account, xml));
    if !checked.message.is_empty() {
        xml.element("RmtInf", |xml| xml.text("Ustrd", &checked.message));
    }
}

fn party(party: &CheckedParty, xml: &mut Xml) {
    xml.text("Nm", &party.name);
    xml.element("PstlAdr", |xml| {
        if let Some(street) = &party.street {
            xml.text("StrtNm", street);
        }
        if let Some(post_code) = &party.post_code {
            xml.text("PstCd", post_code);
        }
        xml.text("TwnNm", &party.town);
        xml.text("Ctry", &party.country);
    });
}

fn account(profile: &BankProfile, account: &BankAccount, xml: &mut Xml) {
    let other = |xml: &mut Xml, id: &str, scheme: &str, name: &str| {
        xml.element("Othr", |xml| {
            xml.text("Id", id);
            xml.element("SchmeNm", |xml| xml.text(scheme, name));
        });
    };
    xml.element("Id", |xml| match account {
        BankAccount::Iban { iban, .. } => xml.text("IBAN", iban.as_str()),
        BankAccount::Danish(account) => {
            let bban = format!("{}{}", account.registration(), account.account());
            other(xml, &bban, "Cd", "BBAN");
        }
        BankAccount::Swedish(account) => {
            other(xml, &swedish_bban(profile.swedish_bban, account), "Cd", "BBAN");
        }
        BankAccount::SwedishBankgiro(number) => other(xml, number.as_str(), "Prtry", "BGNR"),
    });
}

fn swedish_bban(form: SwedishBban, account: &SwedishAccount) -> String {
    let (member, fifth) = account.clearing().split_at(4);
    match form {
        SwedishBban::ClearingAndAccount => format!("{member}{}", account.account()),
        SwedishBban::AccountOnly => format!("{fifth}{}", account.account()),
    }
}

/// The schema demands an agent; where its BIC is unknown it is named as not provided, as the SEPA
/// guidelines say.
fn payer_agent(file: &PaymentFile, xml: &mut Xml) {
    let of_account = match &file.payer.account {
        BankAccount::Iban { bic, .. } => bic.as_ref(),
        _ => None,
    };
    xml.element("FinInstnId", |xml| match file.payer.bic.as_ref().or(of_account) {
        Some(bic) => xml.text("BICFI", bic.as_str()),
        None => xml.element("Othr", |xml| xml.text("Id", "NOTPROVIDED")),
    });
}

fn payee_agent(account: &BankAccount, xml: &mut Xml) {
    let bic = |xml: &mut Xml, bic: &Bic| {
        xml.nested(&["CdtrAgt", "FinInstnId"], |xml| xml.text("BICFI", bic.as_str()));
    };
    let member = |xml: &mut Xml, member: &str| {
        xml.nested(&["CdtrAgt", "FinInstnId", "ClrSysMmbId"], |xml| {
            xml.element("ClrSysId", |xml| xml.text("Cd", SWEDISH_CLEARING));
            xml.text("MmbId", member);
        });
    };
    match account {
        BankAccount::Iban { bic: Some(code), .. } => bic(xml, code),
        BankAccount::Swedish(account) => member(xml, account.clearing_member()),
        BankAccount::SwedishBankgiro(_) => member(xml, BANKGIROT_MEMBER),
        BankAccount::Iban { bic: None, .. } | BankAccount::Danish(_) => {}
    }
}

/// Elements with text or with elements, nothing else. Writing to memory cannot fail.
struct Xml(Writer<Vec<u8>>);

impl Xml {
    fn event(&mut self, event: Event<'_>) {
        self.0.write_event(event).expect("memory takes every byte");
    }

    fn element(&mut self, name: &str, inner: impl FnOnce(&mut Self)) {
        self.event(Event::Start(BytesStart::new(name)));
        inner(self);
        self.event(Event::End(BytesEnd::new(name)));
    }

    fn nested(&mut self, names: &[&str], inner: impl FnOnce(&mut Self)) {
        for name in names {
            self.event(Event::Start(BytesStart::new(*name)));
        }
        inner(self);
        for name in names.iter().rev() {
            self.event(Event::End(BytesEnd::new(*name)));
        }
    }

    fn text(&mut self, name: &str, text: &str) {
        self.text_with(name, [], text);
    }

    fn text_with<const N: usize>(&mut self, name: &str, attributes: [(&str, &str); N], text: &str) {
        self.event(Event::Start(BytesStart::new(name).with_attributes(attributes)));
        self.event(Event::Text(BytesText::new(text)));
        self.event(Event::End(BytesEnd::new(name)));
    }
}
