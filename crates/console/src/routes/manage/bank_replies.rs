use axum::extract::State;
use tributary_app::payout::{
    BankReply, ConfirmReply, Effect, ReceiveReply, ReplyLine, confirm_reply, find_reply,
    receive_reply,
};
use tributary_directory::Permission;
use tributary_kernel::{BankReplyId, FieldError, PayoutId, ProgramId};
use tributary_payout::bank_reply::Reason;
use tributary_web::{CheckedForm, CheckedUpload, PathOf};

use super::Desk;
use crate::pages::{BankReplyPage, BankWhy, LookAt, ReplyLineView};
use crate::parts::{Field, ReplyEffect};
use crate::routes::ConsoleState;
use crate::routes::answer::{Answer, done, mendable, see_other};
use crate::routes::given::Given;

type Place = PathOf<(ProgramId, BankReplyId)>;

/// A reason as pages say it.
pub(in crate::routes) fn why(reason: &Reason) -> BankWhy {
    BankWhy { class: reason.class(), words: reason.to_string() }
}

fn whole(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

fn look(line: &ReplyLine) -> LookAt {
    match line.told {
        "other_amount" => LookAt::OtherAmount(line.booked),
        "likely" => LookAt::Likely,
        "contradiction" => LookAt::Contradiction,
        _ => LookAt::Cancelled,
    }
}

const fn effect(it: Effect) -> ReplyEffect {
    match it {
        Effect::Sends => ReplyEffect::Sends,
        Effect::Pays => ReplyEffect::Pays,
        Effect::Returns => ReplyEffect::Returns,
        Effect::Known => ReplyEffect::Known,
        Effect::Look => ReplyEffect::Look,
    }
}

fn view(it: BankReply) -> BankReplyPage {
    let line = |line: &ReplyLine| ReplyLineView {
        payout: line.payout.to_string(),
        // A payout may be of another program of the same owner.
        statement: format!("/manage/{}/statements/{}", line.program, line.payout),
        partner: line.name.clone(),
        amount: line.amount,
        booked_on: line.booked_on,
        effect: effect(line.effect),
        why: line.reason.as_ref().map(why),
        look: (line.effect == Effect::Look).then(|| look(line)),
    };
    BankReplyPage {
        id: it.id.to_string(),
        name: it.name.clone(),
        at: it.created_at,
        confirmed_at: it.confirmed_at,
        pays: whole(it.count(Effect::Pays)),
        returns: whole(it.count(Effect::Returns)),
        sends: whole(it.count(Effect::Sends)),
        looks: whole(it.count(Effect::Look)),
        lines: it.lines.iter().map(line).collect(),
        unknown: it.unknown,
        others: whole(it.others),
    }
}

/// Takes a bank's file and leads to what it says.
pub(in crate::routes) async fn post(
    State(state): State<ConsoleState>,
    desk: Desk,
    form: CheckedUpload,
) -> Answer {
    desk.require(Permission::Pay)?;
    let Some(file) = form.file("file") else {
        let error = FieldError::new("/content", "file_missing", "Choose a file.");
        return super::payouts::refused_file(&desk, error).await;
    };
    let input =
        ReceiveReply { owner: desk.owner, name: file.name.clone(), content: file.content.clone() };
    match receive_reply(state.app(), &desk.actor, input).await {
        Ok(it) => Ok(see_other(&desk.at(&format!("/payouts/replies/{}", it.id)))),
        Err(error) => {
            let refusal = mendable(error)?;
            let error = refusal.errors.into_iter().next();
            let error = error.unwrap_or_else(|| FieldError::new("/content", refusal.code, ""));
            super::payouts::refused_file(&desk, error).await
        }
    }
}

/// A field that a file is chosen in.
pub(in crate::routes) fn file_field(error: Option<FieldError>) -> Field {
    Field { value: String::new(), error }
}

pub(in crate::routes) async fn get(
    State(state): State<ConsoleState>,
    desk: Desk,
    PathOf((_, id)): Place,
) -> Answer {
    let it = find_reply(state.app(), &desk.actor, desk.owner, id).await?;
    Ok(desk.page(view(it)))
}

/// Books it.
pub(in crate::routes) async fn confirm(
    State(state): State<ConsoleState>,
    desk: Desk,
    PathOf((_, id)): Place,
    form: CheckedForm,
) -> Answer {
    let given = Given::from(form);
    let likely = given.all("likely").filter_map(|text| text.parse::<PayoutId>().ok()).collect();
    let input = ConfirmReply { owner: desk.owner, reply: id, likely };
    confirm_reply(state.app(), &desk.actor, input).await?;
    let path = desk.at(&format!("/payouts/replies/{id}"));
    Ok(done(&state, &path, "done-bank-reply-confirmed"))
}
