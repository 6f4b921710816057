//! The statement of a payout: the same document for both sides.

use std::collections::HashMap;

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use tributary_app::invoicing::{
    DocumentForm, StoredTaxDocument, TaxDocumentFilter, TaxDocumentKind, find_tax_document,
    list_tax_documents, own_invoice, tax_document_file,
};
use tributary_app::payout::{bank_reason, find_payout, pay_days, statement_of, statement_proof};
use tributary_directory::Actor;
use tributary_kernel::{
    CommissionId, ConversionId, LocalDate, PayoutId, ProgramId, TaxDocumentId, limits,
};
use tributary_payout::statement::{Statement, StatementLine as Line};
use tributary_store::decision::{MANUAL_RULE, commissions_by_id};
use tributary_store::list::PageRequest;
use tributary_store::payout::StoredPayout;
use tributary_web::{PathOf, Problem};

use super::ConsoleState;
use super::answer::{Answer, not_found};
use super::desk::Desk;
use super::lists::stored;
use super::manage::bank_replies::why;
use super::manage::payouts::{file, payout_state};
use super::pocket::Pocket;
use crate::pages::{StatementDocument, StatementLine, StatementPage, StatementTaxRows};
use crate::parts::PayoutState;
use crate::{Frame, Page, SignedIn};

/// Lines of a statement that are looked up at once.
const LINES_AT_ONCE: usize = 1_000;

pub(super) async fn manage(
    State(state): State<ConsoleState>,
    desk: Desk,
    PathOf((_, id)): PathOf<(ProgramId, PayoutId)>,
) -> Answer {
    let (payout, statement, pay_on) = find(&state, &desk.actor, id).await?;
    if payout.program != desk.program.id {
        return Err(not_found("statement"));
    }
    let back = desk.at(&format!("/payouts/{}", payout.run));
    let proof = desk.at(&format!("/statements/{id}/proof"));
    let explained = conversions_of(&desk, &statement).await?;
    let words = [proof, back, desk.frame().t("event-manual-amount")];
    let mut view =
        view(&payout, &statement, pay_on, words, |line| match explained.get(&line.commission) {
            Some(conversion) => desk.at(&format!("/conversions/{conversion}")),
            None => desk.at("/conversions"),
        });
    let at = |id: TaxDocumentId| desk.at(&format!("/documents/{id}"));
    view.documents = documents(&state, &desk.actor, id, at).await?;
    let own = own_invoice(state.app(), &desk.actor, id).await?;
    view.own = own.map(|it| (it.number, it.issued_on, it.vat));
    Ok(page(desk.frame(), desk.session.user.name.clone(), view))
}

/// The conversion of each line: the statement itself names commissions alone.
async fn conversions_of(
    desk: &Desk,
    statement: &Statement,
) -> Result<HashMap<CommissionId, ConversionId>, Problem> {
    let mut found = HashMap::with_capacity(statement.lines.len());
    let mut conn = desk.read().await?;
    for lines in statement.lines.chunks(LINES_AT_ONCE) {
        let keys: Vec<_> = lines.iter().map(|line| (desk.owner, line.commission)).collect();
        let rows = stored(commissions_by_id(&mut *conn, &keys).await)?;
        found.extend(rows.into_iter().map(|it| (it.id, it.conversion)));
    }
    Ok(found)
}

pub(super) async fn my(
    State(state): State<ConsoleState>,
    pocket: Pocket,
    PathOf(id): PathOf<PayoutId>,
) -> Answer {
    let (payout, statement, pay_on) = find(&state, &pocket.actor, id).await?;
    let back = "/my/payouts".to_owned();
    let proof = format!("/my/statements/{id}/proof");
    let explained_at = |line: &Line| format!("/my/earnings/{}", line.commission);
    let words = [proof, back, pocket.frame().t("event-manual-amount")];
    let mut view = view(&payout, &statement, pay_on, words, explained_at);
    let at = |id: TaxDocumentId| format!("/my/documents/{id}");
    view.documents = documents(&state, &pocket.actor, id, at).await?;
    let own = own_invoice(state.app(), &pocket.actor, id).await?;
    view.own = own.map(|it| (it.number, it.issued_on, it.vat));
    if view.documents.is_empty() && view.returned.is_none() {
        view.own_at = Some(format!("/my/statements/{id}/invoice"));
    }
    Ok(page(pocket.frame(), pocket.name.clone(), view))
}

/// Invoices and credit notes about a payout, in the order of their numbers.
async fn documents(
    state: &ConsoleState,
    actor: &Actor,
    payout: PayoutId,
    at: impl Fn(TaxDocumentId) -> String,
) -> Result<Vec<StatementDocument>, Problem> {
    let filter = TaxDocumentFilter { payout: Some(payout), ..TaxDocumentFilter::default() };
    let page = PageRequest { limit: limits::PAGE_ROWS_MAX, after: None };
    let found = list_tax_documents(state.app(), actor, &filter, page).await?;
    let row = |it: StoredTaxDocument| StatementDocument {
        credit: it.kind == TaxDocumentKind::CreditNote,
        at: at(it.id),
        number: it.number,
    };
    let mut rows: Vec<_> = found.items.into_iter().map(row).collect();
    rows.sort_by(|a, b| a.number.cmp(&b.number));
    Ok(rows)
}

pub(super) async fn manage_pdf(
    State(state): State<ConsoleState>,
    desk: Desk,
    PathOf((_, id)): PathOf<(ProgramId, TaxDocumentId)>,
) -> Answer {
    managed(&state, &desk, id, DocumentForm::Pdf).await
}

pub(super) async fn manage_ubl(
    State(state): State<ConsoleState>,
    desk: Desk,
    PathOf((_, id)): PathOf<(ProgramId, TaxDocumentId)>,
) -> Answer {
    managed(&state, &desk, id, DocumentForm::Ubl).await
}

async fn managed(
    state: &ConsoleState,
    desk: &Desk,
    id: TaxDocumentId,
    form: DocumentForm,
) -> Answer {
    if find_tax_document(state.app(), &desk.actor, id).await?.program != desk.program.id {
        return Err(not_found("document"));
    }
    document(state, &desk.actor, id, form).await
}

pub(super) async fn my_pdf(
    State(state): State<ConsoleState>,
    pocket: Pocket,
    PathOf(id): PathOf<TaxDocumentId>,
) -> Answer {
    document(&state, &pocket.actor, id, DocumentForm::Pdf).await
}

pub(super) async fn my_ubl(
    State(state): State<ConsoleState>,
    pocket: Pocket,
    PathOf(id): PathOf<TaxDocumentId>,
) -> Answer {
    document(&state, &pocket.actor, id, DocumentForm::Ubl).await
}

/// The same bytes for both sides.
async fn document(
    state: &ConsoleState,
    actor: &Actor,
    id: TaxDocumentId,
    form: DocumentForm,
) -> Answer {
    let it = tax_document_file(state.app(), actor, id, form).await?;
    Ok(file(&it.name, it.media_type, it.content))
}

pub(super) async fn manage_proof(
    State(state): State<ConsoleState>,
    desk: Desk,
    PathOf((_, id)): PathOf<(ProgramId, PayoutId)>,
) -> Answer {
    if find_payout(state.app(), &desk.actor, id).await?.program != desk.program.id {
        return Err(not_found("statement"));
    }
    proof(&state, &desk.actor, id).await
}

pub(super) async fn my_proof(
    State(state): State<ConsoleState>,
    pocket: Pocket,
    PathOf(id): PathOf<PayoutId>,
) -> Answer {
    proof(&state, &pocket.actor, id).await
}

/// The same file for both sides. A link and no form: it may sign the ledger's head, which a job
/// does by itself soon after, and changes nothing else.
async fn proof(state: &ConsoleState, actor: &Actor, id: PayoutId) -> Answer {
    let content = statement_proof(state.app(), actor, id).await?;
    Ok(file(&format!("{id}-proof.json"), "application/json", content))
}

async fn find(
    state: &ConsoleState,
    actor: &Actor,
    id: PayoutId,
) -> Result<(StoredPayout, Statement, LocalDate), Problem> {
    let payout = find_payout(state.app(), actor, id).await?;
    let statement = statement_of(state.app(), actor, id).await?;
    let days = pay_days(state.app(), std::slice::from_ref(&payout)).await?;
    let pay_on = days.get(&payout.run).copied().unwrap_or(statement.period.to);
    Ok((payout, statement, pay_on))
}

fn view(
    payout: &StoredPayout,
    statement: &Statement,
    pay_on: LocalDate,
    [proof, back, manual]: [String; 3],
    explained_at: impl Fn(&Line) -> String,
) -> StatementPage {
    let line = |it: &Line| StatementLine {
        day: it.date,
        what: match it.rule == MANUAL_RULE {
            true => manual.clone(),
            false => it.conversion.clone(),
        },
        rule: Some(it.rule.clone()).filter(|rule| rule != MANUAL_RULE).unwrap_or_default(),
        explained_at: explained_at(it),
        amount: it.amount,
    };
    let state = payout_state(payout.state);
    let root = statement.ledger.root.to_string();
    StatementPage {
        number: statement.statement.to_string(),
        payer: statement.payer.name.clone(),
        payee: statement.payee.name.clone(),
        program: statement.lines.first().map(|it| it.program_name.clone()).unwrap_or_default(),
        day: pay_on,
        account: statement.payee.account.clone().unwrap_or_else(|| payout.shown.clone()),
        reference: payout.id.to_string(),
        lines: statement.lines.iter().map(line).collect(),
        recovered: statement.recovered(),
        tax: statement.tax.as_ref().map(|tax| StatementTaxRows {
            net: statement.paid,
            vat: tax.vat,
            withheld: tax.withheld,
        }),
        total: payout.amount,
        documents: Vec::new(),
        own: None,
        own_at: None,
        tree_head: format!("{} · {root}", statement.ledger.size),
        returned: matches!(state, PayoutState::Returned | PayoutState::Cancelled).then_some(state),
        why: bank_reason(payout).as_ref().map(why),
        proof,
        back,
    }
}

/// The document in the frame of whoever looks.
fn page<A>(frame: Frame<A>, person: String, view: StatementPage) -> Response {
    let frame = Frame {
        language: frame.language,
        zone: frame.zone,
        now: frame.now,
        csrf: frame.csrf,
        flash: frame.flash,
        here: frame.here,
        seats: Vec::new(),
        access: SignedIn { person, home: "/" },
    };
    Page::new(frame, view).into_response()
}
