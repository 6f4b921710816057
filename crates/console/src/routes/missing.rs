//! What is known of a sale, from the use case to what both sides' pages show.

use std::borrow::Cow;

use tributary_app::missing::{
    AskSale, Clue, CodeKind, FoundCode, FoundSale, FoundWaiting, SaleAnswer, Standing,
};
use tributary_app::{App, AppError};
use tributary_commission::CreditFacts;
use tributary_kernel::{PartnershipId, ProgramId, Refusal};
use tributary_money::Money;
use tributary_store::program;
use tributary_web::Problem;

use super::explained::{self, Known};
use super::given::Given;
use super::lists::stored;
use super::states;
use super::visit::encoded;
use super::words::event_name;
use crate::pages::{MissingAnswer, MissingCode, MissingForm, MissingSale, MissingWaiting};
use crate::parts::{Choice, Field};
use crate::{Flash, Frame};

/// The form, empty or as it came.
pub(super) fn form<A>(frame: &Frame<A>, given: Option<&Given>) -> MissingForm {
    let kinds = vec![
        Choice::new("order", frame.t("missing-kind-order")),
        Choice::new("mail", frame.t("missing-kind-mail")),
        Choice::new("code", frame.t("missing-kind-code")),
    ];
    let field = |name: &str| given.map_or_else(Field::default, |given| given.field(name));
    MissingForm { kind: field("kind"), kinds, clue: field("clue") }
}

/// The question that a form asks.
pub(super) fn question(given: &Given, program: Option<ProgramId>) -> AskSale {
    let clue = given.text("clue").trim().to_owned();
    let clue = match given.text("kind") {
        "mail" => Clue::Mail(clue),
        "code" => Clue::Code(clue),
        _ => Clue::Order(clue),
    };
    AskSale { program, clue }
}

/// Puts what was wrong onto the one field there is.
pub(super) fn put_refusal(refusal: &Refusal, form: &mut MissingForm) -> Option<Flash> {
    match refusal.errors.first() {
        Some(error) => {
            form.clue.error = Some(error.clone());
            None
        }
        None => Some(super::answer::refusal_flash(refusal.code)),
    }
}

/// Whose page it is.
pub(super) enum Side<'a> {
    /// A partner's.
    Partner,
    /// A manager's, whose program's pages begin here.
    Manager {
        /// `/manage/prog_…`
        base: &'a str,
    },
}

/// The answer as it is shown.
pub(super) async fn shown<A>(
    app: &App,
    frame: &Frame<A>,
    side: &Side<'_>,
    answer: SaleAnswer,
) -> Result<MissingAnswer, Problem> {
    let ids: Vec<ProgramId> = answer.searched.iter().map(|it| it.program).collect();
    let mut conn = app.record.read().await.map_err(AppError::from)?;
    let programs = stored(program::by_ids(&mut *conn, &ids).await)?;
    drop(conn);
    let name = |id: ProgramId| {
        let found = programs.iter().find(|it| it.id == id);
        found.map_or_else(String::new, |it| it.terms.name.clone())
    };
    let mut sales = Vec::new();
    for it in &answer.sales {
        sales.push(sale(app, frame, side, it, name(it.program)).await?);
    }
    let waiting = |it: &FoundWaiting| MissingWaiting {
        at: it.received_at,
        program: name(it.program),
        why_key: waiting_key(it),
    };
    let owners: Vec<PartnershipId> = answer.codes.iter().filter_map(|it| it.partnership).collect();
    let known = Known::of_partnerships(app, &owners).await?;
    let code = |it: &FoundCode| MissingCode {
        program: it.program.map(name),
        what_key: code_key(it.kind),
        day: match it.kind {
            CodeKind::NotYet => it.valid_from.map(|at| frame.zone.date(at)),
            CodeKind::Expired | CodeKind::Active => {
                it.valid_until.map(|at| frame.zone.date(at.plus_seconds(-1)))
            }
            _ => None,
        },
        partner: it.partnership.map(|id| known.partner(id)).filter(|_| !is_partner(side)),
    };
    Ok(MissingAnswer {
        sales,
        waiting: answer.waiting.iter().map(waiting).collect(),
        codes: answer.codes.iter().map(code).collect(),
        ask_href: None,
        searched: answer.searched.iter().map(|it| (name(it.program), it.last_on)).collect(),
    })
}

const fn is_partner(side: &Side<'_>) -> bool {
    matches!(side, Side::Partner)
}

async fn sale<A>(
    app: &App,
    frame: &Frame<A>,
    side: &Side<'_>,
    it: &FoundSale,
    program: String,
) -> Result<MissingSale, Problem> {
    let model = Cow::Borrowed("");
    let credit = CreditFacts { model, touches: it.touches.clone(), left_out: 0 };
    let commissions: Vec<_> = it.commissions.iter().collect();
    let known = Known::of(app, &credit, &commissions).await?;
    let what = event_name(frame, &it.kind);
    let none = CreditFacts { touches: Vec::new(), ..credit.clone() };
    let address = |id: String| match side {
        Side::Partner => format!("/my/earnings/{id}"),
        Side::Manager { base } => format!("{base}/conversions/{}", it.conversion),
    };
    let earned = it.commissions.iter().map(|earned| {
        let it = &earned.commission;
        let amount = Money::new(states::worth(it), it.amount.currency);
        (address(it.id.to_string()), amount, states::commission_state(it))
    });
    Ok(MissingSale {
        not_paid: explained::not_paid(&none, it.nothing.as_ref(), &what, &known),
        what: format!("{what} {}", it.reference),
        program,
        at: it.occurred_at,
        reported_at: it.received_at,
        amount: it.amount.filter(|amount| !amount.is_zero()),
        verdict_key: verdict_key(it.standing, side),
        good: it.standing == Standing::Yours && !it.commissions.is_empty(),
        touches: explained::journey(&credit, &known),
        earned: earned.collect(),
        href: match side {
            Side::Partner => None,
            Side::Manager { base } => Some(format!("{base}/conversions/{}", it.conversion)),
        },
        ask_href: match side {
            Side::Partner => Some(format!(
                "/my/inquiries/new?program={}&conversion={}&order={}",
                it.program,
                it.conversion,
                encoded(&it.reference),
            )),
            Side::Manager { .. } => None,
        },
        test: it.test,
    })
}

const fn verdict_key(standing: Standing, side: &Side<'_>) -> &'static str {
    match (standing, side) {
        (Standing::Yours, Side::Partner) => "missing-yours",
        (Standing::Yours, Side::Manager { .. }) => "missing-credited",
        (Standing::AnotherPartner, _) => "missing-another-partner",
        (Standing::Channel, _) => "missing-channel",
        (Standing::Nobody, _) => "missing-nobody",
        (Standing::Held, _) => "missing-held",
    }
}

fn waiting_key(it: &FoundWaiting) -> &'static str {
    match it.reason.as_str() {
        _ if it.dismissed => "missing-waiting-dismissed",
        "conflict" => "missing-waiting-conflict",
        "occurred_in_the_future" | "occurred_too_long_ago" => "missing-waiting-date",
        _ => "missing-waiting-other",
    }
}

const fn code_key(kind: CodeKind) -> &'static str {
    match kind {
        CodeKind::Unknown => "missing-code-unknown",
        CodeKind::Active => "missing-code-active",
        CodeKind::NotYet => "missing-code-not-yet",
        CodeKind::Expired => "missing-code-expired",
        CodeKind::Disabled => "missing-code-disabled",
        CodeKind::AnotherPartner => "missing-code-another",
        CodeKind::Referral => "missing-code-referral",
    }
}
