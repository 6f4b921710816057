use tributary_directory::{Actor, Partnership, Viewer};
use tributary_kernel::{CommissionId, ConversionId, FieldError, InquiryId, PartnershipId, Refusal};
use tributary_money::Money;
use tributary_store::decision::{StoredConversion, conversions_by_id};
use tributary_store::engine::Connection;
use tributary_store::inquiry::{
    InquiryKind, InquirySide, InquiryState, InquiryStep, StoredInquiry, put_inquiry, same_open,
};
use tributary_store::{inquiry, missing, partnership, work};

use super::act::{Said, say, viewer_to_act};
use super::rules::OWNER_DAYS;
use super::tell::{Notice, tell_deciders};
use crate::error::refuse_if_any;
use crate::{App, AppError, text};

/// Lines of evidence.
pub const EVIDENCE_LINES_MAX: usize = 20;
/// Characters of one.
const EVIDENCE_CHARACTERS_MAX: usize = 500;
/// Minor units.
const CLAIMED_MAX: i64 = 1_000_000_000_000_000;
/// Inquiries of one partner that the program or a mediator has to answer.
const OPEN_MAX: i64 = 100;

/// What it is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Subject {
    /// An order that the partner knows.
    Order(String),
    /// A conversion that it has learnt of.
    Conversion(ConversionId),
    /// A commission of its own.
    Commission(CommissionId),
}

/// A question about money.
#[derive(Debug, Clone)]
pub struct OpenInquiry {
    /// Which partnership asks.
    pub partnership: PartnershipId,
    /// About what.
    pub subject: Subject,
    /// What is wrong with it.
    pub kind: InquiryKind,
    /// What the partner says it is owed.
    pub claimed: Option<Money>,
    /// What it has to show: one thing a line.
    pub evidence: Vec<String>,
    /// In words.
    pub words: String,
}

/// Opens an inquiry: as the partner, or for it by somebody of the organisation who may decide and
/// was asked elsewhere. The program has [`OWNER_DAYS`] days to answer.
///
/// # Errors
/// What is wrong with each field; `inquiry_exists` when the same is asked about
/// already; not found; a fault.
pub async fn open_inquiry(
    app: &App,
    actor: &Actor,
    input: &OpenInquiry,
) -> Result<StoredInquiry, AppError> {
    let viewer = viewer_to_act(actor)?;
    let mut errors = Vec::new();
    text::words("/words", &input.words, &mut errors);
    if input.claimed.is_some_and(|claimed| claimed.minor <= 0 || claimed.minor > CLAIMED_MAX) {
        let detail = "Give more than zero, or leave it out.";
        errors.push(FieldError::new("/claimed", "not_positive", detail));
    }
    let evidence = evidence(&input.evidence, &mut errors);
    let order = match &input.subject {
        Subject::Order(order) => Some(text::external_id("/order_id", order, &mut errors)),
        _ => None,
    };
    refuse_if_any(errors)?;
    crate::app::with_retries(|| open_once(app, actor, viewer, input, &evidence, order.as_deref()))
        .await
}

fn evidence(lines: &[String], errors: &mut Vec<FieldError>) -> Vec<String> {
    let lines: Vec<String> = lines.iter().map(|it| it.trim().to_owned()).collect();
    let lines: Vec<String> = lines.into_iter().filter(|it| !it.is_empty()).collect();
    let long = |it: &String| it.chars().count() > EVIDENCE_CHARACTERS_MAX;
    if lines.len() > EVIDENCE_LINES_MAX || lines.iter().any(long) {
        let detail = format!(
            "Give at most {EVIDENCE_LINES_MAX} lines of {EVIDENCE_CHARACTERS_MAX} characters."
        );
        errors.push(FieldError::new("/evidence", "too_many", detail));
    }
    lines
}

async fn open_once(
    app: &App,
    actor: &Actor,
    viewer: Viewer,
    input: &OpenInquiry,
    evidence: &[String],
    order: Option<&str>,
) -> Result<StoredInquiry, AppError> {
    let now = app.now();
    let mut tx = app.record.begin().await?;
    let whose = partnership::find(&mut *tx, viewer, input.partnership).await?;
    let whose = whose.ok_or_else(|| Refusal::not_found("partnership"))?;
    let (conversion, commission) = subject(&mut *tx, viewer, &whose, &input.subject).await?;
    let it = StoredInquiry {
        id: InquiryId::new(now, &*app.entropy),
        owner: whose.owner,
        program: whose.program,
        partnership: whose.id,
        partner: whose.partner,
        kind: input.kind,
        state: InquiryState::Open,
        order: order.map(str::to_owned),
        conversion,
        commission,
        claimed: input.claimed,
        evidence: evidence.to_vec(),
        opened_at: now,
        opened_by: actor.name(),
        due_at: Some(now.plus_days(OWNER_DAYS)),
        reminders: 0,
        decided_at: None,
        decided_by: None,
        refusal: None,
        outcome: None,
        paid: None,
    };
    if let Some(known) = same_open(&mut *tx, &it).await? {
        let detail = format!("You have asked about this already: {known}.");
        return Err(Refusal::conflict("inquiry_exists", detail).into());
    }
    let open = inquiry::InquiryFilter { owners_turn: true, ..Default::default() };
    let asker = Viewer::Partner(whose.partner);
    if inquiry::count_inquiries(&mut *tx, asker, &open).await? >= OPEN_MAX {
        let detail = format!("At most {OPEN_MAX} of your inquiries can wait for an answer.");
        return Err(Refusal::too_many("too_many_inquiries", detail).into());
    }
    put_inquiry(&mut *tx, &it).await?;
    let said = Said { side: InquirySide::Partner, step: InquiryStep::Opened, words: &input.words };
    say(app, &mut *tx, actor, &it, &said).await?;
    tell_deciders(app, &mut *tx, &it, Notice::Opened).await?;
    tx.commit().await?;
    Ok(it)
}

/// What is asked about, as far as it is the partner's to ask about.
async fn subject(
    conn: &mut dyn Connection,
    viewer: Viewer,
    whose: &Partnership,
    subject: &Subject,
) -> Result<(Option<ConversionId>, Option<CommissionId>), AppError> {
    match subject {
        Subject::Order(order) => {
            let (owner, program) = (whose.owner, whose.program);
            let found = missing::conversions_of_order(conn, owner, program, order);
            let mut found = found.await?;
            found.retain(|it| !it.is_manual());
            // Of several types with one order the program sees which is meant.
            Ok((if found.len() == 1 { found.pop().map(|it| it.id) } else { None }, None))
        }
        Subject::Conversion(id) => {
            let key = [(whose.owner, *id)];
            let found = conversions_by_id(conn, &key).await?;
            let own = |it: &StoredConversion| it.program == whose.program && !it.is_manual();
            let here = found.first().is_some_and(own);
            if here { Ok((Some(*id), None)) } else { Err(Refusal::not_found("conversion").into()) }
        }
        Subject::Commission(id) => {
            let found = work::find_commission(conn, viewer, *id).await?;
            let found = found.filter(|it| it.partnership == whose.id);
            let found = found.ok_or_else(|| Refusal::not_found("commission"))?;
            Ok((Some(found.conversion), Some(*id)))
        }
    }
}
