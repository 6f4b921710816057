use std::collections::{BTreeSet, HashMap};

use axum::extract::State;
use tributary_app::AppError;
use tributary_app::inquiry::{
    AcceptInquiry, AcceptPreview, Acceptance, InquiryAct, InquiryFilter, InquirySide, InquiryState,
    InquiryThread, StoredInquiry, StoredMessage, accept_inquiry, act_on_inquiry, find_inquiry,
    list_inquiries, may_decide, preview_acceptance,
};
use tributary_kernel::{FieldError, InquiryId, ProgramId, Refusal, UserId};
use tributary_money::Money;
use tributary_store::decision::{CommissionState, commissions_by_id};
use tributary_store::organisation::find_user;
use tributary_web::{CheckedForm, PathOf, Problem, QueryOf};

use super::Desk;
use crate::pages::{InquiryConfirm, ManagerInquiries, ManagerInquiry};
use crate::parts::{Choice, Field};
use crate::routes::ConsoleState;
use crate::routes::answer::{Answer, done, mendable, not_found, refusal_flash, told};
use crate::routes::given::{Given, put_errors};
use crate::routes::inquiries::{Addresses, amount, begun, body, reasons, row};
use crate::routes::lists::{ListQuery, Names, stored};

pub(in crate::routes) async fn get(
    State(state): State<ConsoleState>,
    desk: Desk,
    QueryOf(query): QueryOf<ListQuery>,
) -> Answer {
    let now = state.app().now();
    let all = InquiryFilter { program: Some(desk.program.id), ..InquiryFilter::default() };
    let filter = match query.state.as_str() {
        "all" => all,
        "overdue" => InquiryFilter { owners_turn: true, due_before: Some(now), ..all },
        "disputed" => InquiryFilter { state: Some(InquiryState::Disputed), ..all },
        _ => InquiryFilter { owners_turn: true, ..all },
    };
    let found = list_inquiries(state.app(), &desk.actor, &filter, query.page()).await?;
    let names = Names::of(state.app(), found.items.iter().map(|it| it.partner)).await?;
    let (frame, base) = (desk.frame(), desk.at("/inquiries"));
    let view = ManagerInquiries {
        rows: found.items.iter().map(|it| row(&frame, it, names.get(it.partner), &base)).collect(),
        pager: query.pager(&desk.at("/inquiries"), &found),
        state: query.state,
    };
    Ok(desk.page(view))
}

async fn found(desk: &Desk, id: InquiryId) -> Result<InquiryThread, Problem> {
    let thread = find_inquiry(desk.state.app(), &desk.actor, id).await?;
    if thread.inquiry.program == desk.program.id { Ok(thread) } else { Err(not_found("inquiry")) }
}

async fn partner_name(desk: &Desk, it: &StoredInquiry) -> Result<String, Problem> {
    Ok(Names::of(desk.state.app(), std::iter::once(it.partner)).await?.get(it.partner))
}

pub(in crate::routes) async fn get_one(
    State(_): State<ConsoleState>,
    desk: Desk,
    PathOf((_, id)): PathOf<(ProgramId, InquiryId)>,
) -> Answer {
    let thread = found(&desk, id).await?;
    let view = view(&desk, &thread, None).await?;
    Ok(desk.page(view))
}

async fn view(
    desk: &Desk,
    thread: &InquiryThread,
    given: Option<&Given>,
) -> Result<ManagerInquiry, Problem> {
    let it = &thread.inquiry;
    let frame = desk.frame();
    let partner = partner_name(desk, it).await?;
    let people = people(desk, thread).await?;
    let names = |said: &StoredMessage| match said.side {
        InquirySide::Partner => partner.clone(),
        InquirySide::Owner | InquirySide::Mediator => match people.get(&said.author) {
            Some(name) => name.clone(),
            None => frame.t("inquiry-the-program"),
        },
    };
    let conversion = it.conversion.map(|id| desk.at(&format!("/conversions/{id}")));
    let addresses = Addresses { paid: paid(desk, it).await?, subject: conversion };
    let open =
        matches!(it.state, InquiryState::Open | InquiryState::Answered | InquiryState::Waiting);
    let disputed = it.state == InquiryState::Disputed;
    let mediates = disputed && may_decide(&desk.actor, it);
    let field = |name: &str| given.map_or_else(Field::default, |given| given.field(name));
    let order = match given {
        Some(given) => given.field("order_id"),
        None => begun(it.order.as_deref()),
    };
    Ok(ManagerInquiry {
        body: body(&frame, thread, partner.clone(), names, addresses),
        words: field("words"),
        reason: field("reason"),
        reasons: reasons(&frame),
        gets: field("gets"),
        ways: ways(desk, it),
        amount: field("amount"),
        order: it.conversion.is_none().then_some(order),
        currency: desk.program.terms.currency.code(),
        may_answer: open,
        may_ask: open && it.state != InquiryState::Waiting,
        may_accept: !matches!(it.state, InquiryState::Accepted | InquiryState::Settled),
        may_refuse: open || mediates,
        another_decides: disputed && !mediates,
        mediates,
    })
}

/// Names of those who spoke for the program, by their ids.
async fn people(desk: &Desk, thread: &InquiryThread) -> Result<HashMap<String, String>, Problem> {
    let ours = thread.messages.iter().filter(|said| said.side != InquirySide::Partner);
    let authors: BTreeSet<&str> = ours.map(|said| said.author.as_str()).collect();
    let mut names = HashMap::new();
    let mut conn = desk.read().await?;
    for author in authors {
        let Ok(user) = author.parse::<UserId>() else { continue };
        if let Some(found) = stored(find_user(&mut *conn, user).await)? {
            names.insert(author.to_owned(), found.name);
        }
    }
    Ok(names)
}

/// Where the money is that an inquiry ended in.
async fn paid(desk: &Desk, it: &StoredInquiry) -> Result<Option<String>, Problem> {
    let Some(id) = it.paid else { return Ok(None) };
    let mut conn = desk.read().await?;
    let found = stored(commissions_by_id(&mut *conn, &[(desk.owner, id)]).await)?;
    Ok(found.first().map(|it| desk.at(&format!("/conversions/{}", it.conversion))))
}

/// What the partner can get: a conversion that is known, or one that is recorded.
fn ways(desk: &Desk, it: &StoredInquiry) -> Vec<Choice> {
    let frame = desk.frame();
    let first = match it.conversion {
        Some(_) => Choice::new("credit", frame.t("inquiry-way-credit")),
        None => Choice::new("record", frame.t("inquiry-way-record")),
    };
    vec![first, Choice::new("amount", frame.t("inquiry-way-amount"))]
}

pub(in crate::routes) async fn post_one(
    State(state): State<ConsoleState>,
    desk: Desk,
    PathOf((_, id)): PathOf<(ProgramId, InquiryId)>,
    form: CheckedForm,
) -> Answer {
    let given = Given::from(form);
    let thread = found(&desk, id).await?;
    let path = desk.at(&format!("/inquiries/{id}"));
    let act = match given.text("act") {
        "accept" => return accept(&desk, &thread, &given, &path).await,
        "answer" => InquiryAct::Answer,
        "ask" => InquiryAct::Ask,
        "refuse" => InquiryAct::Refuse(given.text("reason").to_owned()),
        _ => return Ok(told(&state, &path, &refusal_flash("invalid"))),
    };
    let words = given.text("words");
    match act_on_inquiry(state.app(), &desk.actor, id, &act, words).await {
        Ok(_) => Ok(done(&state, &path, "done-inquiry-moved")),
        Err(error) => again(&desk, &thread, &given, &mendable(error)?).await,
    }
}

/// Asks once more, with what it does in numbers; then does it.
async fn accept(desk: &Desk, thread: &InquiryThread, given: &Given, path: &str) -> Answer {
    let app = desk.state.app();
    let input = match acceptance(desk, &thread.inquiry, given) {
        Ok(input) => input,
        Err(error) => return again(desk, thread, given, &mendable(error)?).await,
    };
    if given.is_sure() {
        return match accept_inquiry(app, &desk.actor, &input).await {
            Ok(_) => Ok(done(&desk.state, path, "done-inquiry-accepted")),
            Err(error) => again(desk, thread, given, &mendable(error)?).await,
        };
    }
    match preview_acceptance(app, &desk.actor, &input).await {
        Ok(preview) => {
            let view = confirm(desk, thread, given, &input, preview).await?;
            Ok(desk.page_of_form(view, path.to_owned()))
        }
        Err(error) => again(desk, thread, given, &mendable(error)?).await,
    }
}

async fn confirm(
    desk: &Desk,
    thread: &InquiryThread,
    given: &Given,
    input: &AcceptInquiry,
    preview: AcceptPreview,
) -> Result<InquiryConfirm, Problem> {
    let names = Names::of(desk.state.app(), preview.taken_back.iter().map(|it| it.partner)).await?;
    let taken = preview.taken_back.iter().map(|it| {
        let paid = matches!(it.state, CommissionState::Payable | CommissionState::Paid);
        (names.get(it.partner), Money::new(it.remaining(), it.amount.currency), paid)
    });
    let sent = ["act", "words", "gets", "amount", "order_id"];
    Ok(InquiryConfirm {
        id: thread.inquiry.id.to_string(),
        partner: partner_name(desk, &thread.inquiry).await?,
        gained: preview.gained,
        taken_back: taken.collect(),
        effect_key: match input.gets {
            Acceptance::Record { .. } => "inquiry-effect-record",
            Acceptance::Amount { .. } => "inquiry-effect-amount",
            Acceptance::Credit { .. } if preview.has_it => "inquiry-effect-credited",
            Acceptance::Credit { .. } => "inquiry-effect-credit",
        },
        fields: Vec::from(sent.map(|name| (name, given.text(name).to_owned()))),
    })
}

fn acceptance(desk: &Desk, it: &StoredInquiry, given: &Given) -> Result<AcceptInquiry, AppError> {
    let currency = desk.program.terms.currency;
    let typed = amount("/amount", given.text("amount"), currency)?;
    let gets = match (given.text("gets"), it.conversion) {
        ("amount", _) => {
            let missing = || FieldError::new("/amount", "required", "Say how much.");
            Acceptance::Amount { amount: typed.ok_or_else(missing)? }
        }
        ("credit", Some(conversion)) => Acceptance::Credit { conversion },
        ("record", None) => {
            let missing = || FieldError::new("/order_id", "required", "Say which order.");
            let order_id = given.filled("order_id").ok_or_else(missing)?.to_owned();
            let kind = if typed.is_some() { "sale" } else { "lead" }.to_owned();
            Acceptance::Record { kind, order_id, occurred_at: None, amount: typed }
        }
        _ => return Err(FieldError::new("/gets", "required", "Choose one.").into()),
    };
    Ok(AcceptInquiry { inquiry: it.id, gets, words: given.text("words").to_owned() })
}

async fn again(desk: &Desk, thread: &InquiryThread, given: &Given, refusal: &Refusal) -> Answer {
    let mut view = view(desk, thread, Some(given)).await?;
    let mut nowhere = Field::default();
    let flash = put_errors(
        refusal,
        &mut [
            ("words", &mut view.words),
            ("reason", &mut view.reason),
            ("gets", &mut view.gets),
            ("amount", &mut view.amount),
            ("order_id", view.order.as_mut().unwrap_or(&mut nowhere)),
        ],
    );
    Ok(desk.refused(view, flash))
}
