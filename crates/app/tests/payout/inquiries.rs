//! Inquiries from the question to the money.

use tributary_app::App;
use tributary_app::access::{AddUser, add_user};
use tributary_app::conversion::{
    AssignConversion, ManualReason, RefundConversion, ReportConversion, assign_conversion,
    preview_assignment, refund_conversion,
};
use tributary_app::explain::{ExplainedBasis, explain_commission};
use tributary_app::inquiry::{
    AcceptInquiry, Acceptance, InquiryAct, InquiryKind, InquiryOutcome, InquiryState, OpenInquiry,
    StoredInquiry, Subject, accept_inquiry, act_on_inquiry, find_inquiry, open_inquiry,
    preview_acceptance, remind_of_inquiries,
};
use tributary_app::life::{LifeChange, Selection, approve_commissions, decline_commissions};
use tributary_app::mail::send_due;
use tributary_app::payout::mark_paid;
use tributary_directory::{Actor, Partnership, Role, Scope};
use tributary_kernel::{CommissionId, ConversionId, InquiryId, IntegrationId, KeyId};
use tributary_ledger::{Layers, Reason};
use tributary_store::decision::{AdjustmentKind, CommissionState, ConversionStatus};

use crate::common::{Post, World, dkk, with_post};
use crate::payees::{approve, approved_sale, green, layers, payee, payer, preview, refused, state};

fn question(of: &Partnership, subject: Subject) -> OpenInquiry {
    OpenInquiry {
        partnership: of.id,
        subject,
        kind: InquiryKind::MissingSale,
        claimed: Some(dkk(20_000)),
        evidence: vec!["A receipt".into(), " ".into()],
        words: "The customer came from me".into(),
    }
}

async fn ask_in(app: &App, world: &World, of: &Partnership, subject: Subject) -> StoredInquiry {
    open_inquiry(app, &world.partner_actor(of), &question(of, subject)).await.unwrap()
}

async fn ask(world: &World, of: &Partnership, subject: Subject) -> StoredInquiry {
    ask_in(&world.app, world, of, subject).await
}

fn yes(inquiry: InquiryId, gets: Acceptance) -> AcceptInquiry {
    AcceptInquiry { inquiry, gets, words: "You were right".into() }
}

async fn colleague(world: &World, name: &str) -> Actor {
    let role = Role::Manager;
    let input = AddUser {
        owner: world.owner,
        name: name.into(),
        email: format!("{name}@acme.example"),
        password: None,
        language: "sv".into(),
        role,
    };
    let user = add_user(&world.app, &world.admin, input).await.unwrap();
    Actor::Member { user, owner: world.owner, role }
}

/// What is left for a partner of a conversion.
async fn left(world: &World, id: ConversionId, of: &Partnership) -> Vec<(CommissionState, i64)> {
    let (_, commissions) = world.conversion(id).await;
    let own = commissions.iter().filter(|it| it.partnership == of.id && it.remaining() != 0);
    own.map(|it| (it.state, it.remaining())).collect()
}

async fn settle(world: &World, id: CommissionId, agreed: bool) {
    let selection = Selection::Ids(vec![id]);
    let change = LifeChange { owner: world.owner, selection, expected: Some(1) };
    let (app, admin) = (&world.app, &world.admin);
    let changed = match agreed {
        true => approve_commissions(app, admin, change).await,
        false => decline_commissions(app, admin, change, Reason::Fraud).await,
    };
    assert!(changed.unwrap()[0].result.is_ok());
}

/// Sends what waits; receivers and subjects, in order.
async fn told(app: &App, post: &Post) -> Vec<String> {
    send_due(app, post, 100).await.unwrap();
    let mut mails = post.0.lock().unwrap();
    let mut told: Vec<_> = mails.drain(..).map(|it| format!("{}: {}", it.to, it.subject)).collect();
    told.sort();
    told
}

on_both! {
    /// The whole road: a sale that another was paid for is asked after, accepted with a look at what
    /// it does, moved, paid, and everything agrees.
    async fn an_accepted_inquiry_moves_the_sale(world: World) {
        payer(&world).await;
        let (anna, _) = payee(&world, "Anna").await;
        let (bo, bo_link) = payee(&world, "Bo").await;
        let sale = approved_sale(&world, &bo_link, "1009", 100_000).await;
        let run = approve(&world).await;
        mark_paid(&world.app, &world.admin, world.owner, run.run.id).await.unwrap();
        let it = ask(&world, &anna, Subject::Order("1009".into())).await;
        assert_eq!((it.state, it.conversion), (InquiryState::Open, Some(sale)));
        assert_eq!(it.evidence, ["A receipt"]);
        let (app, actor) = (&world.app, world.partner_actor(&anna));
        let again = question(&anna, Subject::Conversion(sale));
        assert_eq!(refused(open_inquiry(app, &actor, &again).await.unwrap_err()), "inquiry_exists");

        let input = yes(it.id, Acceptance::Credit { conversion: sale });
        let seen = preview_acceptance(app, &world.admin, &input).await.unwrap();
        assert_eq!((seen.gained, seen.has_it), (vec![dkk(20_000)], false));
        assert_eq!(seen.taken_back.len(), 1);
        assert_eq!(state(&world, sale).await, CommissionState::Paid, "a look changes nothing");
        let done = accept_inquiry(app, &world.admin, &input).await.unwrap();
        assert_eq!(done.state, InquiryState::Accepted);
        assert_eq!(done.outcome, Some(InquiryOutcome::Credited));
        assert_eq!(layers(&world, &bo).await, Layers { paid: 20_000, clawback: 20_000, ..Layers::default() });
        assert_eq!(left(&world, sale, &anna).await, [(CommissionState::Pending, 20_000)]);
        let error = accept_inquiry(app, &world.admin, &input).await.unwrap_err();
        assert_eq!(refused(error), "inquiry_state", "said again it moves nothing");
        let paid = done.paid.unwrap();
        assert_eq!(explain_commission(app, &actor, paid).await.unwrap().commission.amount, dkk(20_000));
        assert_eq!(world.conversion(sale).await.0.status, ConversionStatus::Pending);
        green(&world).await;

        settle(&world, paid, true).await;
        let run = approve(&world).await;
        assert_eq!((run.payouts.len(), run.payouts[0].amount), (1, dkk(20_000)));
        mark_paid(app, &world.admin, world.owner, run.run.id).await.unwrap();
        green(&world).await;
    }

    /// A sale that nobody reported is recorded once, for the partner.
    async fn a_sale_that_was_never_reported_is_recorded(world: World) {
        let (anna, _) = world.partner("Anna").await;
        let it = ask(&world, &anna, Subject::Order("77".into())).await;
        assert_eq!(it.conversion, None);
        let record = Acceptance::Record {
            kind: "sale".into(),
            order_id: "77".into(),
            occurred_at: None,
            amount: Some(dkk(50_000)),
        };
        let done = accept_inquiry(&world.app, &world.admin, &yes(it.id, record)).await.unwrap();
        let sale = done.conversion.unwrap();
        assert_eq!(left(&world, sale, &anna).await, [(CommissionState::Pending, 10_000)]);
        green(&world).await;
    }

    /// An amount beside what the plan pays lives its own life: a refund leaves it alone.
    async fn an_inquiry_ends_in_an_amount(world: World) {
        let (anna, _) = world.partner("Anna").await;
        let (bo, bo_link) = world.partner("Bo").await;
        let click = world.click(&bo_link).await;
        let sale = world.apply(world.sale("1", 100_000, click)).await;
        let it = ask(&world, &anna, Subject::Order("1".into())).await;
        let gets = Acceptance::Amount { amount: dkk(5_000) };
        let input = yes(it.id, gets);
        let seen = preview_acceptance(&world.app, &world.admin, &input).await.unwrap();
        assert_eq!((seen.gained, seen.taken_back.len()), (vec![dkk(5_000)], 0));
        let done = accept_inquiry(&world.app, &world.admin, &input).await.unwrap();
        let own = world.partner_actor(&anna);
        let seen = explain_commission(&world.app, &own, done.paid.unwrap()).await.unwrap();
        let Some(ExplainedBasis::Manual { record, .. }) = seen.basis else { panic!("no basis") };
        assert_eq!((record.reason, record.note.as_str()), (ManualReason::Inquiry, "You were right"));
        assert_eq!((record.about, record.inquiry), (Some(sale), Some(it.id)));
        let refund = RefundConversion {
            conversion: sale,
            refund_id: "r".into(),
            amount: None,
            kind: AdjustmentKind::Refund,
            occurred_at: None,
        };
        refund_conversion(&world.app, &world.admin, refund).await.unwrap();
        assert!(left(&world, sale, &bo).await.is_empty());
        assert_eq!(layers(&world, &anna).await.pending, 5_000);
        green(&world).await;
    }

    /// No, disputed, and decided by somebody else: who refused cannot mediate, nor can a key; they
    /// can only give in.
    async fn a_dispute_is_decided_by_somebody_else(world: World) {
        let (anna, link) = world.partner("Anna").await;
        let (bo, _) = world.partner("Bo").await;
        let click = world.click(&link).await;
        let sale = world.apply(world.sale("1", 100_000, click)).await;
        let commission = world.conversion(sale).await.1[0].id;
        settle(&world, commission, false).await;
        let it = ask(&world, &anna, Subject::Commission(commission)).await;
        let (app, admin, actor) = (&world.app, &world.admin, world.partner_actor(&anna));
        let no = InquiryAct::Refuse("terms_broken".into());
        let error = act_on_inquiry(app, &actor, it.id, &no, "No").await.unwrap_err();
        assert_eq!(refused(error), "inquiry_state", "a partner does not refuse");
        let stranger = world.partner_actor(&bo);
        assert_eq!(refused(find_inquiry(app, &stranger, it.id).await.unwrap_err()), "not_found");
        let other = question(&bo, Subject::Commission(commission));
        assert_eq!(refused(open_inquiry(app, &stranger, &other).await.unwrap_err()), "not_found");
        let odd = InquiryAct::Refuse("because".into());
        let error = act_on_inquiry(app, admin, it.id, &odd, "No").await.unwrap_err();
        assert_eq!(refused(error), "/reason reason_not_allowed");
        act_on_inquiry(app, admin, it.id, &no, "Against the terms").await.unwrap();
        let disputed = act_on_inquiry(app, &actor, it.id, &InquiryAct::Dispute, "It was not");
        assert_eq!(disputed.await.unwrap().state, InquiryState::Disputed);

        let key = Actor::Key {
            key: KeyId::from_bytes([4; 16]),
            integration: IntegrationId::from_bytes([4; 16]),
            owner: world.owner,
            scopes: vec![Scope::Read, Scope::Decide],
        };
        for who in [admin, &key] {
            let error = act_on_inquiry(app, who, it.id, &no, "No").await.unwrap_err();
            assert_eq!(refused(error), "mediator_is_another");
        }
        let lone = colleague(&world, "lone").await;
        let credit = yes(it.id, Acceptance::Credit { conversion: sale });
        let error = accept_inquiry(app, &lone, &credit).await.unwrap_err();
        assert_eq!(refused(error), "already_credited", "it was declined");
        let amount = yes(it.id, Acceptance::Amount { amount: dkk(20_000) });
        let done = accept_inquiry(app, &lone, &amount).await.unwrap();
        assert_eq!((done.state, done.outcome), (InquiryState::Settled, Some(InquiryOutcome::Amount)));
        assert_eq!(layers(&world, &anna).await.pending, 20_000);
        let thread = find_inquiry(app, &actor, it.id).await.unwrap();
        let steps: Vec<_> = thread.messages.iter().map(|it| it.step.as_str()).collect();
        assert_eq!(steps, ["opened", "refuse", "dispute", "accept"]);

        let again = ask(&world, &anna, Subject::Commission(commission)).await;
        act_on_inquiry(app, admin, again.id, &no, "No").await.unwrap();
        act_on_inquiry(app, &actor, again.id, &InquiryAct::Dispute, "Yes").await.unwrap();
        let given_in = yes(again.id, Acceptance::Amount { amount: dkk(1) });
        let done = accept_inquiry(app, admin, &given_in).await.unwrap();
        assert_eq!(done.state, InquiryState::Accepted, "who refused may give in");
        green(&world).await;
    }

    async fn a_no_can_be_disputed_for_30_days_and_a_question_withdrawn(world: World) {
        let (anna, _) = world.partner("Anna").await;
        let it = ask(&world, &anna, Subject::Order("1".into())).await;
        let (app, actor) = (&world.app, world.partner_actor(&anna));
        let no = InquiryAct::Refuse("not_tracked".into());
        act_on_inquiry(app, &world.admin, it.id, &no, "No click").await.unwrap();
        world.advance_days(31);
        let late = act_on_inquiry(app, &actor, it.id, &InquiryAct::Dispute, "But").await;
        assert_eq!(refused(late.unwrap_err()), "dispute_too_late");
        let gone = act_on_inquiry(app, &actor, it.id, &InquiryAct::Withdraw, "Never mind").await.unwrap();
        assert_eq!((gone.state, gone.outcome), (InquiryState::Settled, Some(InquiryOutcome::Withdrawn)));
        let wrong = OpenInquiry {
            words: " ".into(),
            claimed: Some(dkk(0)),
            ..question(&anna, Subject::Order("1".into()))
        };
        assert_eq!(refused(open_inquiry(app, &actor, &wrong).await.unwrap_err()), "/words words_length");
        let asked = question(&anna, Subject::Order("2".into()));
        let other = Actor::Member { user: colleague_user(&world).await, owner: world.owner, role: Role::Viewer };
        assert_eq!(refused(open_inquiry(app, &other, &asked).await.unwrap_err()), "missing_permission");
        open_inquiry(app, &world.admin, &asked).await.unwrap();
    }

    /// Whoever has the turn is told, in their language, once before the day and once after it; what
    /// is told is in the transaction of what it tells of.
    async fn each_side_is_told(world: World) {
        let (app, post) = with_post(&world);
        let (anna, _) = world.partner("Anna").await;
        colleague(&world, "lone").await;
        let it = ask_in(&app, &world, &anna, Subject::Order("1".into())).await;
        let expected = [
            "lone@acme.example: En partner i Acme CRM frågar om pengar",
            "mette@acme.example: En partner i Acme CRM spørger om penge",
        ];
        assert_eq!(told(&app, &post).await, expected);
        assert!(told(&app, &post).await.is_empty());

        let admin = &world.admin;
        act_on_inquiry(&app, admin, it.id, &InquiryAct::Ask, "Which day?").await.unwrap();
        assert_eq!(told(&app, &post).await, ["anna@partners.example: Acme CRM beder dig om mere"]);
        let refused = act_on_inquiry(&app, admin, it.id, &InquiryAct::Reply, "Mine").await;
        assert!(refused.is_err() && told(&app, &post).await.is_empty(), "of a no nobody is told");
        let nothing = Default::default();
        assert_eq!(remind_of_inquiries(&app, 10).await.unwrap(), nothing);
        world.advance_days(12);
        let first = remind_of_inquiries(&app, 10).await.unwrap();
        assert_eq!((first.reminded, first.overdue), (1, 0));
        assert_eq!(remind_of_inquiries(&app, 10).await.unwrap(), nothing);
        assert_eq!(told(&app, &post).await.len(), 1);
        world.advance_days(3);
        let second = remind_of_inquiries(&app, 10).await.unwrap();
        assert_eq!((second.reminded, second.overdue), (0, 1));
        assert_eq!(remind_of_inquiries(&app, 10).await.unwrap(), nothing);
        let overdue = "anna@partners.example: Et spørgsmål om penge i Acme CRM er over tiden";
        assert_eq!(told(&app, &post).await, [overdue]);
        let waiting = find_inquiry(&app, admin, it.id).await.unwrap().inquiry;
        assert_eq!(waiting.state, InquiryState::Waiting, "nothing is decided by a day");
    }

    /// An assignment by itself: a look that changes nothing, done once; customers' later sales
    /// follow, and what was given back stays where it is.
    async fn a_sale_is_assigned_once(world: World) {
        let (anna, _) = world.partner("Anna").await;
        let (bo, bo_link) = world.partner("Bo").await;
        let click = world.click(&bo_link).await;
        let of = |id: &str| ReportConversion {
            customer_id: Some("c".into()),
            ..world.sale(id, 100_000, click)
        };
        let sale = world.apply(of("1")).await;
        let input = AssignConversion {
            owner: world.owner,
            conversion: sale,
            partnership: anna.id,
            reason: "She brought them".into(),
        };
        let (app, admin) = (&world.app, &world.admin);
        let before = world.conversion(sale).await;
        assert!(preview_assignment(app, admin, &input).await.unwrap().changed);
        assert_eq!(world.conversion(sale).await, before);
        assign_conversion(app, admin, &input).await.unwrap();
        assert!(!assign_conversion(app, admin, &input).await.unwrap().changed);
        assert_eq!(left(&world, sale, &anna).await, [(CommissionState::Pending, 20_000)]);
        assert!(left(&world, sale, &bo).await.is_empty());
        let next = world.apply(ReportConversion { kind: "renewal".into(), ..of("2") }).await;
        assert_eq!(left(&world, next, &anna).await.len(), 1, "this sale had assigned the customer");
        green(&world).await;

        let back = AssignConversion { partnership: bo.id, ..input };
        assign_conversion(app, admin, &back).await.unwrap();
        assert_eq!(left(&world, sale, &bo).await, [(CommissionState::Pending, 20_000)]);
        let refund = RefundConversion {
            conversion: sale,
            refund_id: "r".into(),
            amount: Some(dkk(10_000)),
            kind: AdjustmentKind::Refund,
            occurred_at: None,
        };
        refund_conversion(app, admin, refund).await.unwrap();
        let again = AssignConversion { partnership: anna.id, ..back };
        let error = assign_conversion(app, admin, &again).await.unwrap_err();
        assert_eq!(refused(error), "already_returned");
        assert_eq!(preview(&world).await.payouts.len(), 0);
        green(&world).await;
    }
}

async fn colleague_user(world: &World) -> tributary_kernel::UserId {
    match colleague(world, "viewer").await {
        Actor::Member { user, .. } => user,
        other => panic!("{other:?}"),
    }
}
