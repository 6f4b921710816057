//! Partners' questions about money, with what was said and done.

use tributary_directory::Viewer;
use tributary_kernel::{
    CommissionId, ConversionId, InquiryId, OrganisationId, PartnerId, PartnershipId, ProgramId,
    Timestamp, text_enum,
};
use tributary_money::Money;

use crate::engine::{Connection, EngineError, Row};
use crate::list::{Page, PageRequest, Select, all, first, json, to_json};

text_enum! {
    /// What is asked about.
    pub enum InquiryKind {
        /// A sale was not credited.
        MissingSale = "missing_sale",
        /// The amount is wrong.
        WrongAmount = "wrong_amount",
        /// A commission was declined.
        Declined = "declined",
        /// A commission was taken back.
        TakenBack = "taken_back",
        /// It waits too long.
        Late = "late",
        /// Something else.
        Other = "other",
    }
}

text_enum! {
    /// Where an inquiry stands.
    pub enum InquiryState {
        /// The program has to answer.
        Open = "open",
        /// The program has answered.
        Answered = "answered",
        /// The partner has to tell more.
        Waiting = "waiting",
        /// The partner was right, and has it.
        Accepted = "accepted",
        /// The program says no; the partner may dispute it.
        Refused = "refused",
        /// A mediator has to decide.
        Disputed = "disputed",
        /// Over.
        Settled = "settled",
    }
}

text_enum! {
    /// How an inquiry ended.
    pub enum InquiryOutcome {
        /// The conversion is credited to the partner.
        Credited = "credited",
        /// The partner was given an amount.
        Amount = "amount",
        /// The refusal holds.
        Upheld = "upheld",
        /// The partner no longer asks.
        Withdrawn = "withdrawn",
    }
}

text_enum! {
    /// For whom somebody speaks.
    pub enum InquirySide {
        /// The partner.
        Partner = "partner",
        /// The program.
        Owner = "owner",
        /// The mediator.
        Mediator = "mediator",
    }
}

text_enum! {
    /// What was done with words.
    pub enum InquiryStep {
        /// The question.
        Opened = "opened",
        /// The partner tells more.
        Reply = "reply",
        /// The program answers.
        Answer = "answer",
        /// The program asks for more.
        Ask = "ask",
        /// The partner was right.
        Accept = "accept",
        /// The program says no.
        Refuse = "refuse",
        /// The partner does not agree to the no.
        Dispute = "dispute",
        /// The mediator says no, too.
        Uphold = "uphold",
        /// The partner no longer asks.
        Withdraw = "withdraw",
    }
}

/// An inquiry as stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredInquiry {
    /// Its id.
    pub id: InquiryId,
    /// Who is asked.
    pub owner: OrganisationId,
    /// In which program.
    pub program: ProgramId,
    /// Which partnership asks.
    pub partnership: PartnershipId,
    /// That partnership's partner.
    pub partner: PartnerId,
    /// What about.
    pub kind: InquiryKind,
    /// Where it stands.
    pub state: InquiryState,
    /// The order, as the partner knows it.
    pub order: Option<String>,
    /// The conversion, when it is known.
    pub conversion: Option<ConversionId>,
    /// The partner's commission, when it is about one.
    pub commission: Option<CommissionId>,
    /// What the partner says it is owed.
    pub claimed: Option<Money>,
    /// What the partner has to show, one thing a line.
    pub evidence: Vec<String>,
    /// When it was opened.
    pub opened_at: Timestamp,
    /// By whom: an opaque id.
    pub opened_by: String,
    /// By when whoever has the turn has to act; none: nobody has to.
    pub due_at: Option<Timestamp>,
    /// Reminders since the turn began: 0 to 2.
    pub reminders: u32,
    /// When it was last decided.
    pub decided_at: Option<Timestamp>,
    /// By whom: an opaque id.
    pub decided_by: Option<String>,
    /// Code of why it was refused.
    pub refusal: Option<String>,
    /// How it ended.
    pub outcome: Option<InquiryOutcome>,
    /// The commission it ended in.
    pub paid: Option<CommissionId>,
}

macro_rules! inquiry_columns {
    () => {
        "id, owner_id, program_id, partnership_id, partner_id, kind, state, order_id, \
         conversion_id, commission_id, claimed, currency, evidence, opened_at, opened_by, due_at, \
         reminders, decided_at, decided_by, refusal, outcome, paid_commission_id"
    };
}

fn read(row: &Row) -> Result<StoredInquiry, EngineError> {
    let claimed = match row.int_or_null(10)? {
        Some(minor) => Some(Money::new(minor, row.parse(11)?)),
        None => None,
    };
    let outcome = match row.text_or_null(20)? {
        Some(_) => Some(row.parse(20)?),
        None => None,
    };
    Ok(StoredInquiry {
        id: row.id(0)?,
        owner: row.id(1)?,
        program: row.id(2)?,
        partnership: row.id(3)?,
        partner: row.id(4)?,
        kind: row.parse(5)?,
        state: row.parse(6)?,
        order: row.text_or_null(7)?.map(str::to_owned),
        conversion: row.id_or_null(8)?,
        commission: row.id_or_null(9)?,
        claimed,
        evidence: json(row, 12)?,
        opened_at: row.timestamp(13)?,
        opened_by: row.text(14)?.to_owned(),
        due_at: row.timestamp_or_null(15)?,
        reminders: row.u32(16)?,
        decided_at: row.timestamp_or_null(17)?,
        decided_by: row.text_or_null(18)?.map(str::to_owned),
        refusal: row.text_or_null(19)?.map(str::to_owned),
        outcome,
        paid: row.id_or_null(21)?,
    })
}

/// Adds an inquiry, or writes where it stands now.
pub async fn put_inquiry(conn: &mut dyn Connection, it: &StoredInquiry) -> Result<(), EngineError> {
    conn.execute(
        concat!(
            "INSERT INTO inquiry (",
            inquiry_columns!(),
            ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, \
             $17, $18, $19, $20, $21, $22) ON CONFLICT (owner_id, id) DO UPDATE SET \
             state = excluded.state, conversion_id = excluded.conversion_id, \
             due_at = excluded.due_at, reminders = excluded.reminders, \
             decided_at = excluded.decided_at, decided_by = excluded.decided_by, \
             refusal = excluded.refusal, outcome = excluded.outcome, \
             paid_commission_id = excluded.paid_commission_id"
        ),
        vec![
            it.id.into(),
            it.owner.into(),
            it.program.into(),
            it.partnership.into(),
            it.partner.into(),
            it.kind.as_str().into(),
            it.state.as_str().into(),
            it.order.as_deref().into(),
            it.conversion.into(),
            it.commission.into(),
            it.claimed.map(|it| it.minor).into(),
            it.claimed.map(|it| it.currency.code()).into(),
            to_json(&it.evidence),
            it.opened_at.into(),
            it.opened_by.as_str().into(),
            it.due_at.into(),
            it.reminders.into(),
            it.decided_at.into(),
            it.decided_by.as_deref().into(),
            it.refusal.as_deref().into(),
            it.outcome.map(InquiryOutcome::as_str).into(),
            it.paid.into(),
        ],
    )
    .await?;
    Ok(())
}

fn seen_by(viewer: Viewer) -> Select {
    let select = Select::new(concat!("SELECT ", inquiry_columns!(), " FROM inquiry"));
    match viewer {
        Viewer::Owner(owner) => select.and("owner_id = ?", [owner.into()]),
        Viewer::Partner(partner) => select.and("partner_id = ?", [partner.into()]),
    }
}

/// One inquiry a viewer may see.
pub async fn find_inquiry(
    conn: &mut dyn Connection,
    viewer: Viewer,
    id: InquiryId,
) -> Result<Option<StoredInquiry>, EngineError> {
    let rows = seen_by(viewer).and("id = ?", [id.into()]).run(conn, "").await?;
    first(&rows, read)
}

/// Which inquiries.
#[derive(Debug, Clone, Default)]
pub struct InquiryFilter {
    /// Of one program.
    pub program: Option<ProgramId>,
    /// Of one partner.
    pub partner: Option<PartnerId>,
    /// In one state.
    pub state: Option<InquiryState>,
    /// Only those in which the program or a mediator has the turn.
    pub owners_turn: bool,
    /// Whose deadline was before.
    pub due_before: Option<Timestamp>,
}

impl InquiryFilter {
    fn on(&self, select: Select) -> Select {
        let select = select
            .and_if("program_id = ?", self.program)
            .and_if("partner_id = ?", self.partner)
            .and_if("state = ?", self.state.map(InquiryState::as_str))
            .and_if("due_at < ?", self.due_before);
        if self.owners_turn { select.and("state IN ('open', 'disputed')", []) } else { select }
    }
}

/// Inquiries a viewer may see, newest first.
pub async fn list_inquiries(
    conn: &mut dyn Connection,
    viewer: Viewer,
    filter: &InquiryFilter,
    page: PageRequest,
) -> Result<Page<StoredInquiry>, EngineError> {
    filter.on(seen_by(viewer)).page(conn, page, read).await
}

/// How many a viewer may see, counted to 1,000.
pub async fn count_inquiries(
    conn: &mut dyn Connection,
    viewer: Viewer,
    filter: &InquiryFilter,
) -> Result<i64, EngineError> {
    let select = Select::new("SELECT COUNT(*) FROM (SELECT id FROM inquiry");
    let select = match viewer {
        Viewer::Owner(owner) => select.and("owner_id = ?", [owner.into()]),
        Viewer::Partner(partner) => select.and("partner_id = ?", [partner.into()]),
    };
    let rows = filter.on(select).run(conn, "LIMIT 1000) AS found").await?;
    Ok(first(&rows, |row| row.int(0))?.unwrap_or(0))
}

/// Whether a partnership asks about the same already: a conversion, a commission or an order.
pub async fn same_open(
    conn: &mut dyn Connection,
    it: &StoredInquiry,
) -> Result<Option<InquiryId>, EngineError> {
    let select = Select::new("SELECT id FROM inquiry")
        .and("partner_id = ?", [it.partner.into()])
        .and("partnership_id = ?", [it.partnership.into()])
        .and("state IN ('open', 'answered', 'waiting', 'refused', 'disputed')", []);
    let select = match (it.commission, it.conversion, &it.order) {
        (Some(id), ..) => select.and("commission_id = ?", [id.into()]),
        (None, Some(id), _) => select.and("conversion_id = ?", [id.into()]),
        (None, None, Some(order)) => select.and("order_id = ?", [order.as_str().into()]),
        (None, None, None) => return Ok(None),
    };
    let rows = select.run(conn, "LIMIT 1").await?;
    first(&rows, |row| row.id(0))
}

/// Inquiries whose turn ends at or before a moment and that were reminded of less than so often,
/// of all owners: for the job.
pub async fn inquiries_due(
    conn: &mut dyn Connection,
    by: Timestamp,
    reminders_below: u32,
    limit: u32,
) -> Result<Vec<StoredInquiry>, EngineError> {
    let rows = conn
        .query(
            concat!(
                "SELECT ",
                inquiry_columns!(),
                " FROM inquiry WHERE due_at <= $1 AND reminders < $2 ORDER BY due_at, id LIMIT $3"
            ),
            vec![by.into(), reminders_below.into(), limit.into()],
        )
        .await?;
    all(&rows, read)
}

/// Something said and done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredMessage {
    /// Whose inquiry's.
    pub owner: OrganisationId,
    /// Which inquiry's.
    pub inquiry: InquiryId,
    /// The how manieth of the inquiry, from 1.
    pub number: u32,
    /// When.
    pub at: Timestamp,
    /// For whom.
    pub side: InquirySide,
    /// By whom: an opaque id.
    pub author: String,
    /// What was done.
    pub step: InquiryStep,
    /// The words.
    pub words: String,
}

/// Adds a message.
pub async fn insert_message(
    conn: &mut dyn Connection,
    it: &StoredMessage,
) -> Result<(), EngineError> {
    conn.execute(
        "INSERT INTO inquiry_message (owner_id, inquiry_id, number, at, side, author, step, words) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        vec![
            it.owner.into(),
            it.inquiry.into(),
            it.number.into(),
            it.at.into(),
            it.side.as_str().into(),
            it.author.as_str().into(),
            it.step.as_str().into(),
            it.words.as_str().into(),
        ],
    )
    .await?;
    Ok(())
}

/// How many messages an inquiry has.
pub async fn count_messages(
    conn: &mut dyn Connection,
    owner: OrganisationId,
    inquiry: InquiryId,
) -> Result<u32, EngineError> {
    let sql = "SELECT COUNT(*) FROM inquiry_message WHERE owner_id = $1 AND inquiry_id = $2";
    let rows = conn.query(sql, vec![owner.into(), inquiry.into()]).await?;
    Ok(first(&rows, |row| row.u32(0))?.unwrap_or(0))
}

/// The messages of an inquiry, oldest first, at most `limit`.
pub async fn messages_of(
    conn: &mut dyn Connection,
    owner: OrganisationId,
    inquiry: InquiryId,
    limit: u32,
) -> Result<Vec<StoredMessage>, EngineError> {
    let rows = conn
        .query(
            "SELECT owner_id, inquiry_id, number, at, side, author, step, words \
             FROM inquiry_message WHERE owner_id = $1 AND inquiry_id = $2 ORDER BY number LIMIT $3",
            vec![owner.into(), inquiry.into(), limit.into()],
        )
        .await?;
    all(&rows, |row| {
        Ok(StoredMessage {
            owner: row.id(0)?,
            inquiry: row.id(1)?,
            number: row.u32(2)?,
            at: row.timestamp(3)?,
            side: row.parse(4)?,
            author: row.text(5)?.to_owned(),
            step: row.parse(6)?,
            words: row.text(7)?.to_owned(),
        })
    })
}
