use std::collections::HashMap;

use axum::extract::State;
use axum::response::Response;
use tributary_app::AppError;
use tributary_app::inquiry::{
    InquiryAct, InquiryFilter, InquiryKind, InquirySide, InquiryState, InquiryThread, OpenInquiry,
    StoredMessage, Subject, act_on_inquiry, find_inquiry, list_inquiries, open_inquiry,
};
use tributary_kernel::{FieldError, InquiryId, PartnershipId, Refusal};
use tributary_web::{CheckedForm, PathOf, QueryOf};

use super::Pocket;
use crate::pages::{PartnerInquiries, PartnerInquiry, PartnerInquiryNew};
use crate::parts::{Choice, Field};
use crate::routes::ConsoleState;
use crate::routes::answer::{Answer, done, mendable, refusal_flash, told};
use crate::routes::given::{Given, put_errors};
use crate::routes::inquiries::{Addresses, amount, begun, body, kinds, row};
use crate::routes::lists::ListQuery;

pub(in crate::routes) async fn get(
    State(state): State<ConsoleState>,
    pocket: Pocket,
    QueryOf(query): QueryOf<ListQuery>,
) -> Answer {
    let filter = InquiryFilter::default();
    let found = list_inquiries(state.app(), &pocket.actor, &filter, query.page()).await?;
    let frame = pocket.frame();
    let rows = found
        .items
        .iter()
        .map(|it| row(&frame, it, pocket.program_name(it.program), "/my/inquiries"));
    let rows = rows.collect();
    Ok(pocket.page(PartnerInquiries { rows, pager: query.pager("/my/inquiries", &found) }))
}

fn programs(pocket: &Pocket) -> Vec<Choice> {
    let all = pocket.memberships.iter();
    all.map(|(it, program)| Choice::new(it.id.to_string(), &program.terms.name)).collect()
}

/// The form, with what the page before it knows of the sale.
pub(in crate::routes) async fn get_new(
    State(_): State<ConsoleState>,
    pocket: Pocket,
    QueryOf(query): QueryOf<HashMap<String, String>>,
) -> Answer {
    let text = |name: &str| query.get(name).map(String::as_str);
    let program = text("program").and_then(|id| id.parse().ok());
    let own = pocket.memberships.iter().find(|(it, _)| Some(it.program) == program);
    let view = PartnerInquiryNew {
        programs: programs(&pocket),
        partnership: begun(own.map(|(it, _)| it.id.to_string()).as_deref()),
        kinds: kinds(&pocket.frame()),
        kind: begun(text("kind")),
        order: begun(text("order")),
        conversion: text("conversion").unwrap_or_default().to_owned(),
        commission: text("commission").unwrap_or_default().to_owned(),
        claimed: Field::default(),
        evidence: Field::default(),
        words: Field::default(),
    };
    Ok(pocket.page(view))
}

pub(in crate::routes) async fn post_new(
    State(state): State<ConsoleState>,
    pocket: Pocket,
    form: CheckedForm,
) -> Answer {
    let given = Given::from(form);
    match ask(&pocket, &given).await {
        Ok(id) => Ok(done(&state, &format!("/my/inquiries/{id}"), "done-inquiry-opened")),
        Err(error) => Ok(again(&pocket, &given, &mendable(error)?)),
    }
}

async fn ask(pocket: &Pocket, given: &Given) -> Result<InquiryId, AppError> {
    let id: Option<PartnershipId> = given.text("partnership").parse().ok();
    let found = pocket.memberships.iter().find(|(it, _)| Some(it.id) == id);
    let Some((partnership, program)) = found else {
        return Err(FieldError::new("/partnership", "required", "Choose a program.").into());
    };
    let order = given.filled("order_id");
    let conversion = given.text("conversion").parse().ok().map(Subject::Conversion);
    let commission = given.text("commission").parse().ok().map(Subject::Commission);
    let subject = commission.or(conversion).or(order.map(|it| Subject::Order(it.to_owned())));
    let Some(subject) = subject else {
        return Err(FieldError::new("/order_id", "required", "Say which order.").into());
    };
    let kind: Option<InquiryKind> = given.text("kind").parse().ok();
    let input = OpenInquiry {
        partnership: partnership.id,
        subject,
        kind: kind.ok_or_else(|| FieldError::new("/kind", "required", "Choose one."))?,
        claimed: amount("/claimed", given.text("claimed"), program.terms.currency)?,
        evidence: given.text("evidence").lines().map(str::to_owned).collect(),
        words: given.text("words").to_owned(),
    };
    Ok(open_inquiry(pocket.state.app(), &pocket.actor, &input).await?.id)
}

fn again(pocket: &Pocket, given: &Given, refusal: &Refusal) -> Response {
    let mut view = PartnerInquiryNew {
        programs: programs(pocket),
        partnership: given.field("partnership"),
        kinds: kinds(&pocket.frame()),
        kind: given.field("kind"),
        order: given.field("order_id"),
        conversion: given.text("conversion").to_owned(),
        commission: given.text("commission").to_owned(),
        claimed: given.field("claimed"),
        evidence: given.field("evidence"),
        words: given.field("words"),
    };
    let flash = put_errors(
        refusal,
        &mut [
            ("partnership", &mut view.partnership),
            ("kind", &mut view.kind),
            ("order_id", &mut view.order),
            ("claimed", &mut view.claimed),
            ("evidence", &mut view.evidence),
            ("words", &mut view.words),
        ],
    );
    pocket.refused(view, flash)
}

pub(in crate::routes) async fn get_one(
    State(state): State<ConsoleState>,
    pocket: Pocket,
    PathOf(id): PathOf<InquiryId>,
) -> Answer {
    let thread = find_inquiry(state.app(), &pocket.actor, id).await?;
    Ok(pocket.page(view(&pocket, &thread, Field::default())))
}

fn view(pocket: &Pocket, thread: &InquiryThread, words: Field) -> PartnerInquiry {
    let it = &thread.inquiry;
    let frame = pocket.frame();
    let names = |said: &StoredMessage| match said.side {
        InquirySide::Partner => String::new(),
        InquirySide::Owner => frame.t("inquiry-the-program"),
        InquirySide::Mediator => frame.t("inquiry-mediator"),
    };
    let addresses = Addresses {
        paid: it.paid.map(|id| format!("/my/earnings/{id}")),
        subject: it.commission.map(|id| format!("/my/earnings/{id}")),
    };
    let in_time = it.due_at.is_some_and(|due| due >= frame.now);
    PartnerInquiry {
        body: body(&frame, thread, pocket.program_name(it.program), names, addresses),
        words,
        may_reply: matches!(
            it.state,
            InquiryState::Open | InquiryState::Answered | InquiryState::Waiting
        ),
        may_dispute: it.state == InquiryState::Refused && in_time,
        may_withdraw: !matches!(it.state, InquiryState::Accepted | InquiryState::Settled),
    }
}

pub(in crate::routes) async fn post_one(
    State(state): State<ConsoleState>,
    pocket: Pocket,
    PathOf(id): PathOf<InquiryId>,
    form: CheckedForm,
) -> Answer {
    let given = Given::from(form);
    let thread = find_inquiry(state.app(), &pocket.actor, id).await?;
    let path = format!("/my/inquiries/{id}");
    let act = match given.text("act") {
        "reply" => InquiryAct::Reply,
        "dispute" => InquiryAct::Dispute,
        "withdraw" => InquiryAct::Withdraw,
        _ => return Ok(told(&state, &path, &refusal_flash("invalid"))),
    };
    let words = given.text("words");
    match act_on_inquiry(state.app(), &pocket.actor, id, &act, words).await {
        Ok(_) => Ok(done(&state, &path, "done-inquiry-moved")),
        Err(error) => {
            let refusal = mendable(error)?;
            let mut view = view(&pocket, &thread, given.field("words"));
            let flash = put_errors(&refusal, &mut [("words", &mut view.words)]);
            Ok(pocket.refused(view, flash))
        }
    }
}
