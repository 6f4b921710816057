//! Steps on the way of money that all tests here take.

use tributary_app::AppError;
use tributary_app::access::{AddUser, add_user};
use tributary_app::conversion::{RefundConversion, refund_conversion};
use tributary_app::life::{LifeChange, Selection, approve_commissions};
use tributary_app::payout::{
    AccountForm, ApproveRun, ApprovedRun, GiveBankDetails, HolderForm, Payday, PreviewedRun,
    PutPayerAccount, approve_run, give_bank_details, next_payday, preview_run, put_payer_account,
};
use tributary_app::verify::verify;
use tributary_directory::{Actor, Link, Partnership, Role};
use tributary_kernel::ConversionId;
use tributary_ledger::Layers;
use tributary_money::Currency;
use tributary_store::decision::{AdjustmentKind, CommissionState};
use tributary_store::payout::BankDetailState;

use crate::common::{World, code, dkk};

pub(crate) async fn green(world: &World) {
    let report = verify(&world.app, Some(world.owner), &mut |_| {}).await.unwrap();
    assert!(report.is_green(), "{:#?}", report.findings);
}

pub(crate) async fn layers(world: &World, anna: &Partnership) -> Layers {
    let (_, balances) = world.audited().await;
    balances.layers(world.program.id, anna.partner, Currency::DKK)
}

pub(crate) fn refused(error: AppError) -> String {
    code(Err::<(), _>(error))
}

pub(crate) fn holder(name: &str) -> HolderForm {
    HolderForm {
        name: name.into(),
        street: Some("Strædet 5".into()),
        post_code: Some("1456".into()),
        town: "København".into(),
        country: "DK".into(),
    }
}

pub(crate) fn danish(account: &str) -> AccountForm {
    AccountForm::Danish { registration: "0040".into(), account: account.into() }
}

pub(crate) fn details(anna: &Partnership, account: &str) -> GiveBankDetails {
    GiveBankDetails {
        partner: anna.partner,
        account: danish(account),
        holder: holder("Anna Sørensen"),
    }
}

pub(crate) async fn payer(world: &World) {
    let input = PutPayerAccount {
        owner: world.owner,
        currency: Currency::DKK,
        account: danish("440000001"),
        holder: holder("Acme A/S"),
        bic: Some("NDEADKKK".into()),
        number_at_bank: Some("12345678".into()),
    };
    put_payer_account(&world.app, &world.admin, input).await.unwrap();
}

/// A partner with bank details in use.
pub(crate) async fn payee(world: &World, name: &str) -> (Partnership, Link) {
    let (partnership, link) = world.partner(name).await;
    let actor = world.partner_actor(&partnership);
    let given = give_bank_details(&world.app, &actor, details(&partnership, "440116243")).await;
    assert_eq!(given.unwrap().state, BankDetailState::Active, "the first, by the partner's own");
    (partnership, link)
}

/// Another person of the organisation who may pay.
pub(crate) async fn second_person(world: &World) -> Actor {
    let input = AddUser {
        owner: world.owner,
        name: "Lars".into(),
        email: "lars@acme.example".into(),
        password: None,
        language: "da".into(),
        role: Role::Finance,
    };
    let user = add_user(&world.app, &world.admin, input).await.unwrap();
    Actor::Member { user, owner: world.owner, role: Role::Finance }
}

/// A sale of which the commission, a fifth, is approved.
pub(crate) async fn approved_sale(
    world: &World,
    link: &Link,
    order: &str,
    minor: i64,
) -> ConversionId {
    let click = world.click(link).await;
    let id = world.apply(world.sale(order, minor, click)).await;
    let commission = world.conversion(id).await.1[0].id;
    let selection = Selection::Ids(vec![commission]);
    let input = LifeChange { owner: world.owner, selection, expected: Some(1) };
    approve_commissions(&world.app, &world.admin, input).await.unwrap();
    id
}

pub(crate) async fn preview(world: &World) -> PreviewedRun {
    preview_run(&world.app, &world.admin, world.owner, world.program.id, None).await.unwrap()
}

pub(crate) async fn approve(world: &World) -> ApprovedRun {
    let seen = preview(world).await.seen;
    try_approve(world, seen).await.unwrap()
}

pub(crate) async fn try_approve(world: &World, seen: String) -> Result<ApprovedRun, AppError> {
    let input = ApproveRun { owner: world.owner, program: world.program.id, pay_on: None, seen };
    approve_run(&world.app, &world.admin, input).await
}

pub(crate) async fn refund(world: &World, conversion: ConversionId, id: &str, minor: i64) {
    let input = RefundConversion {
        conversion,
        refund_id: id.into(),
        amount: Some(dkk(minor)),
        kind: AdjustmentKind::Refund,
        occurred_at: None,
    };
    refund_conversion(&world.app, &world.admin, input).await.unwrap();
}

pub(crate) async fn payday(world: &World, of: &Partnership) -> Payday {
    let actor = world.partner_actor(of);
    next_payday(&world.app, &actor, world.program.id).await.unwrap()
}

pub(crate) async fn state(world: &World, id: ConversionId) -> CommissionState {
    world.conversion(id).await.1[0].state
}
