//! An organisation in which there is one of everything that a path can name.

use tributary_app::access::{CreateKey, create_key};
use tributary_app::conversion::{ReportConversion, ReportOutcome, report_conversions};
use tributary_app::directory::{CreateCoupon, create_coupon};
use tributary_app::invoicing::{
    AgreeSelfBilling, PutInvoicing, TaxDocumentFilter, agree_self_billing, list_tax_documents,
    put_invoicing,
};
use tributary_app::leads::{LeadSettings, RegisterLead, put_lead_settings, register_lead};
use tributary_app::life::{LifeChange, Selection, approve_commissions};
use tributary_app::payout::{
    AccountForm, ApproveRun, GiveBankDetails, HolderForm, PutPayerAccount, ReceiveReply,
    approve_run, give_bank_details, preview_run, put_payer_account, receive_reply,
};
use tributary_app::tax::{GiveTaxProfile, TaxForm, give_tax_profile};
use tributary_app::upload::{ReceiveUpload, UploadKind, hurry_upload, receive_upload};
use tributary_console::Route;
use tributary_directory::{Actor, Link, Role, Scope};
use tributary_kernel::{CommissionId, PartnerId, PartnershipId, UserId};
use tributary_money::{Currency, Money};
use tributary_store::list::PageRequest;

use crate::world::{Owner, World};

/// What stands for the placeholders of a path.
#[derive(Debug, Clone)]
pub(crate) struct Ids(Vec<(&'static str, String)>);

impl Ids {
    /// A route's path with everything in it named. Fails when a route has a placeholder that nothing
    /// here stands for.
    pub(crate) fn path(&self, route: &Route) -> String {
        let filled = self.0.iter().fold(route.path.to_owned(), |path, (name, id)| {
            path.replace(&format!("{{{name}}}"), id)
        });
        assert!(!filled.contains('{'), "nothing stands for a part of {}", route.path);
        filled
    }

    pub(crate) fn get(&self, name: &str) -> &str {
        self.0.iter().find(|(found, _)| *found == name).map(|(_, id)| id.as_str()).unwrap()
    }

    /// The same under another program.
    pub(crate) fn under(&self, program: &str) -> Self {
        let mut it = self.clone();
        for (name, id) in &mut it.0 {
            if *name == "program" {
                program.clone_into(id);
            }
        }
        it
    }
}

/// See the module.
pub(crate) struct Tenant {
    pub(crate) owner: Owner,
    pub(crate) ids: Ids,
    /// Who works for its partner.
    pub(crate) partner: UserId,
    /// The organisation's people, one of each role.
    pub(crate) people: Vec<(Role, UserId)>,
}

/// An organisation with its people, a partner, a payout that is on its way, a sale whose commission
/// waits, a report in quarantine and a key.
pub(crate) async fn tenant(world: &World, name: &str, partner: &str) -> Tenant {
    let owner = world.owner(name).await;
    let mut people = vec![(Role::Administrator, owner.user)];
    for role in [Role::Manager, Role::Finance, Role::Viewer] {
        people.push((role, world.member(&owner, role).await));
    }
    let (partnership, link, user) = world.partner(&owner, partner).await;
    let paid = commission(world, &owner, &format!("paid-{name}"), &link).await.1;
    lets_invoice(world, &owner, partnership.partner, user).await;
    let (run, payout) = paid_out(world, &owner, partnership.partner, user, paid).await;
    let document = document(world, &owner).await;
    let (conversion, commission) = commission(world, &owner, &format!("order-{name}"), &link).await;
    let reply = answered(world, &owner, &run, &payout).await;
    let ids = Ids(vec![
        ("program", owner.program.id.to_string()),
        ("partnership", partnership.id.to_string()),
        ("conversion", conversion),
        ("commission", commission.to_string()),
        ("link", link.id.to_string()),
        ("coupon", coupon(world, &owner, partnership.id).await),
        ("member", people[1].1.to_string()),
        ("run", run),
        ("reply", reply),
        ("statement", payout),
        ("document", document),
        ("fact", quarantined(world, &owner).await),
        ("lead", lead(world, &owner, (user, partnership.partner)).await),
        ("upload", upload(world, &owner).await),
        ("key", key(world, &owner).await),
        ("inquiry", world.inquiry(&partnership, name).await.to_string()),
        ("token", "no-invitation".to_owned()),
    ]);
    Tenant { owner, ids, partner: user, people }
}

/// The organisation writes invoices, and the partner lets it.
async fn lets_invoice(world: &World, owner: &Owner, partner: PartnerId, user: UserId) {
    let form = TaxForm {
        person: "sole_trader".into(),
        name: "Anna Holm".into(),
        town: "Aarhus".into(),
        country: "DK".into(),
        vat: "small_business".into(),
        ..TaxForm::default()
    };
    let company =
        TaxForm { company_number: "88146328".into(), vat: "not_registered".into(), ..form.clone() };
    let prefix = "SB-".to_owned();
    let input = PutInvoicing { owner: owner.id, company, vat_percent: "25".into(), prefix };
    put_invoicing(&world.app, &owner.actor, input).await.unwrap();
    let actor = Actor::Partner { user, partner };
    give_tax_profile(&world.app, &actor, GiveTaxProfile { partner, form }).await.unwrap();
    let input = AgreeSelfBilling { owner: owner.id, partner, agreed_on: None };
    agree_self_billing(&world.app, &actor, input).await.unwrap();
}

async fn document(world: &World, owner: &Owner) -> String {
    let (filter, page) = (TaxDocumentFilter::default(), PageRequest::default());
    let found = list_tax_documents(&world.app, &owner.actor, &filter, page).await.unwrap();
    found.items[0].id.to_string()
}

/// A file that has been looked at.
async fn upload(world: &World, owner: &Owner) -> String {
    let input = ReceiveUpload {
        owner: owner.id,
        program: owner.program.id,
        kind: UploadKind::Conversions,
        name: "orders.csv".into(),
        content: b"order_id,amount\nU-1,12.50\nU-2,wrong\n".to_vec(),
        separator: None,
        sheet: None,
    };
    let it = receive_upload(&world.app, &owner.actor, input).await.unwrap();
    hurry_upload(&world.app, (it.owner, it.program, it.id)).await.unwrap();
    it.id.to_string()
}

async fn coupon(world: &World, owner: &Owner, partnership: PartnershipId) -> String {
    let code = "TEN".to_owned();
    let input = CreateCoupon { partnership, code, valid_from: None, valid_until: None };
    create_coupon(&world.app, &owner.actor, input).await.unwrap().id.to_string()
}

async fn commission(
    world: &World,
    owner: &Owner,
    order: &str,
    link: &Link,
) -> (String, CommissionId) {
    let conversion = world.sale(owner, order, 1_000_000, link).await;
    let mut conn = world.app.record.read().await.unwrap();
    let keys = [(owner.id, conversion)];
    let found = tributary_store::decision::commissions_of(&mut *conn, &keys).await.unwrap();
    (conversion.to_string(), found[0].id)
}

async fn paid_out(
    world: &World,
    owner: &Owner,
    partner: tributary_kernel::PartnerId,
    user: UserId,
    commission: CommissionId,
) -> (String, String) {
    let app = &world.app;
    let holder = |name: &str| HolderForm {
        name: name.into(),
        street: None,
        post_code: None,
        town: "Aarhus".into(),
        country: "DK".into(),
    };
    let danish = |account: &str| AccountForm::Danish {
        registration: "0040".into(),
        account: account.into(),
    };
    let account = danish("440116243");
    let given = GiveBankDetails { partner, account, holder: holder("Partner") };
    give_bank_details(app, &Actor::Partner { user, partner }, given).await.unwrap();
    let payer = PutPayerAccount {
        owner: owner.id,
        currency: Currency::DKK,
        account: danish("440000001"),
        holder: holder("Payer"),
        bic: None,
        number_at_bank: None,
    };
    put_payer_account(app, &owner.actor, payer).await.unwrap();
    let selection = Selection::Ids(vec![commission]);
    let change = LifeChange { owner: owner.id, selection, expected: Some(1) };
    let changed = approve_commissions(app, &owner.actor, change).await.unwrap();
    assert!(changed[0].result.is_ok());
    let program = owner.program.id;
    let seen = preview_run(app, &owner.actor, owner.id, program, None).await.unwrap().seen;
    let input = ApproveRun { owner: owner.id, program, pay_on: None, seen };
    let made = approve_run(app, &owner.actor, input).await.unwrap();
    (made.run.id.to_string(), made.payouts[0].id.to_string())
}

/// The bank says that it has the payout.
async fn answered(world: &World, owner: &Owner, run: &str, payout: &str) -> String {
    let message = format!("{}-DKK", run.replace('_', "-"));
    let reference = payout.replace('_', "-");
    let content = format!(
        "<Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:pain.002.001.10\"><CstmrPmtStsRpt>\
         <GrpHdr><MsgId>REP-1</MsgId></GrpHdr><OrgnlGrpInfAndSts>\
         <OrgnlMsgId>{message}</OrgnlMsgId></OrgnlGrpInfAndSts><OrgnlPmtInfAndSts>\
         <OrgnlPmtInfId>{message}1</OrgnlPmtInfId><TxInfAndSts>\
         <OrgnlEndToEndId>{reference}</OrgnlEndToEndId><TxSts>ACSP</TxSts></TxInfAndSts>\
         </OrgnlPmtInfAndSts></CstmrPmtStsRpt></Document>"
    );
    let input =
        ReceiveReply { owner: owner.id, name: "svar.xml".into(), content: content.into_bytes() };
    receive_reply(&world.app, &owner.actor, input).await.unwrap().id.to_string()
}

async fn quarantined(world: &World, owner: &Owner) -> String {
    let report = ReportConversion {
        program: Some(owner.program.id),
        kind: "sale".into(),
        order_id: "too-old".into(),
        amount: Some(Money::new(10_000, Currency::DKK)),
        occurred_at: Some("2024-03-02T09:00:00Z".parse().unwrap()),
        ..ReportConversion::default()
    };
    let outcome = report_conversions(&world.app, &owner.actor, vec![report]).await.unwrap();
    match outcome.into_iter().next() {
        Some(ReportOutcome::Quarantined { id, .. }) => id.to_string(),
        other => panic!("not put into quarantine: {other:?}"),
    }
}

/// A lead that a partner registered, in a program that takes them.
async fn lead(world: &World, owner: &Owner, (user, partner): (UserId, PartnerId)) -> String {
    let (app, program) = (&world.app, owner.program.id);
    let settings = LeadSettings::default();
    put_lead_settings(app, &owner.actor, owner.id, program, settings).await.unwrap();
    let input = RegisterLead {
        program: Some(program),
        company: "Bolt".into(),
        contact_email: Some("boss@bolt.example".into()),
        ..RegisterLead::default()
    };
    let told = register_lead(app, &Actor::Partner { user, partner }, input).await.unwrap();
    told.lead.id.to_string()
}

async fn key(world: &World, owner: &Owner) -> String {
    let input = CreateKey {
        owner: owner.id,
        integration: "Shop".into(),
        name: "Shop".into(),
        scopes: vec![Scope::Report],
        expires_at: None,
    };
    create_key(&world.app, &owner.actor, input).await.unwrap().key.id.to_string()
}
