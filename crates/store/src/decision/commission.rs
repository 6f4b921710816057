//! Commissions as stored.

use tributary_kernel::{
    CommissionId, ConversionId, LinkId, LocalDate, OrganisationId, PartnerId, PartnershipId,
    PayoutId, PlanId, ProgramId, Timestamp, text_enum,
};
use tributary_money::Money;

use crate::engine::{
    Connection, EngineError, Insert,
    Kind::{Bytes, Int, Text},
    Lookup, Row,
};
use crate::list::{Select, all};

text_enum! {
    /// Where a commission stands.
    pub enum CommissionState {
        /// Booked; waits for its hold and approval.
        Pending = "pending",
        /// Approved; waits for a payout.
        Approved = "approved",
        /// Declined with a coded reason.
        Declined = "declined",
        /// Given back in full.
        Reversed = "reversed",
        /// In a payout that is on its way.
        Payable = "payable",
        /// Paid.
        Paid = "paid",
    }
}

text_enum! {
    /// What a commission is where it is not what a rule pays of its conversion.
    pub enum CommissionBasis {
        /// What a step of retroactive tiers, once reached, adds to an earlier commission.
        Tier = "tier",
        /// What recruiting the partner of another commission earns.
        Recruiting = "recruiting",
        /// Given for reaching something.
        Bonus = "bonus",
        /// Won in a contest.
        Prize = "prize",
        /// Given, or taken, by a person.
        Manual = "manual",
    }
}

/// Stands for the rule of an amount that a person gave, and so for its basis: no plan can have a rule
/// of this name.
pub const MANUAL_RULE: &str = "@manual";

/// Reads a basis of columns `basis` and `rule_id`.
fn read_basis(
    row: &Row,
    basis: usize,
    rule: usize,
) -> Result<Option<CommissionBasis>, EngineError> {
    Ok(match row.text_or_null(basis)? {
        Some(_) => Some(row.parse(basis)?),
        None => (row.text(rule)? == MANUAL_RULE).then_some(CommissionBasis::Manual),
    })
}

/// Money owed under a rule, as stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredCommission {
    /// Its id.
    pub id: CommissionId,
    /// Who owes it.
    pub owner: OrganisationId,
    /// For which conversion.
    pub conversion: ConversionId,
    /// In which program.
    pub program: ProgramId,
    /// To which partnership.
    pub partnership: PartnershipId,
    /// To which partner.
    pub partner: PartnerId,
    /// Through which link, when one was clicked.
    pub link: Option<LinkId>,
    /// Under which version of the plan.
    pub plan: PlanId,
    /// Under which rule.
    pub rule: String,
    /// Where it stands.
    pub state: CommissionState,
    /// As booked.
    pub amount: Money,
    /// Given back so far.
    pub reversed_amount: i64,
    /// When its hold ends.
    pub due_at: Timestamp,
    /// When the conversion occurred.
    pub occurred_at: Timestamp,
    /// The day of that in the program's zone.
    pub local_day: LocalDate,
    /// The conversion's type.
    pub event: String,
    /// The conversion's place in the order of booking.
    pub booked_seq: i64,
    /// When it was booked.
    pub created_at: Timestamp,
    /// What the arithmetic needs: JSON of the commission crate.
    pub record: String,
    /// Code of the decline or reversal.
    pub reason: Option<String>,
    /// The payout it is in.
    pub payout: Option<PayoutId>,
    /// Whether it is test money, never payable.
    pub test: bool,
    /// What it is where it is not what the rule pays of the conversion.
    pub basis: Option<CommissionBasis>,
    /// The commission because of which it is.
    pub source: Option<CommissionId>,
}

impl StoredCommission {
    /// Whether a person gave or took it: plans, refunds and later decisions have no part in it.
    #[must_use]
    pub fn is_manual(&self) -> bool {
        self.basis == Some(CommissionBasis::Manual)
    }

    /// Whether it earns nothing any more, whatever is left of it.
    #[must_use]
    pub const fn is_closed(&self) -> bool {
        matches!(self.state, CommissionState::Declined | CommissionState::Reversed)
    }

    /// What is still owed or was paid: as booked less what was given back.
    #[must_use]
    pub const fn remaining(&self) -> i64 {
        self.amount.minor - self.reversed_amount
    }
}

macro_rules! commission_columns {
    () => {
        "id, owner_id, conversion_id, program_id, partnership_id, partner_id, link_id, plan_id, \
         rule_id, state, currency, amount, reversed_amount, due_at, occurred_at, local_day, event, \
         booked_seq, created_at, record, reason, payout_id, test, basis, source_id"
    };
}
pub(crate) use commission_columns;

/// As [`read_commission`], with the record taken out of the row instead of copied.
pub(crate) fn take_commission(mut row: Row) -> Result<StoredCommission, EngineError> {
    let record = row.take_text(RECORD)?;
    Ok(StoredCommission { record, ..read_commission(&row)? })
}

/// Place of `record` among the columns.
const RECORD: usize = 19;

pub(crate) fn read_commission(row: &Row) -> Result<StoredCommission, EngineError> {
    Ok(StoredCommission {
        id: row.id(0)?,
        owner: row.id(1)?,
        conversion: row.id(2)?,
        program: row.id(3)?,
        partnership: row.id(4)?,
        partner: row.id(5)?,
        link: row.id_or_null(6)?,
        plan: row.id(7)?,
        rule: row.text(8)?.to_owned(),
        state: row.parse(9)?,
        amount: Money::new(row.int(11)?, row.parse(10)?),
        reversed_amount: row.int(12)?,
        due_at: row.timestamp(13)?,
        occurred_at: row.timestamp(14)?,
        local_day: row.date(15)?,
        event: row.text(16)?.to_owned(),
        booked_seq: row.int(17)?,
        created_at: row.timestamp(18)?,
        record: row.text(19)?.to_owned(),
        reason: row.text_or_null(20)?.map(str::to_owned),
        payout: row.id_or_null(21)?,
        test: row.bool(22)?,
        basis: read_basis(row, 23, 8)?,
        source: row.id_or_null(24)?,
    })
}

/// Adds commissions, or writes what later decisions changed: state, reversed amount, reason,
/// payout.
pub async fn put_commissions(
    conn: &mut dyn Connection,
    items: &[StoredCommission],
) -> Result<(), EngineError> {
    static COMMISSION: Insert = Insert {
        table: "commission",
        columns: &[
            ("id", Bytes),
            ("owner_id", Bytes),
            ("conversion_id", Bytes),
            ("program_id", Bytes),
            ("partnership_id", Bytes),
            ("partner_id", Bytes),
            ("link_id", Bytes),
            ("plan_id", Bytes),
            ("rule_id", Text),
            ("state", Text),
            ("currency", Text),
            ("amount", Int),
            ("reversed_amount", Int),
            ("due_at", Int),
            ("occurred_at", Int),
            ("local_day", Int),
            ("event", Text),
            ("booked_seq", Int),
            ("created_at", Int),
            ("record", Text),
            ("reason", Text),
            ("payout_id", Bytes),
            ("test", Int),
            ("basis", Text),
            ("source_id", Bytes),
        ],
        conflict: "ON CONFLICT (owner_id, id) DO UPDATE SET state = excluded.state, \
                   reversed_amount = excluded.reversed_amount, reason = excluded.reason, \
                   payout_id = excluded.payout_id",
    };
    let rows = items
        .iter()
        .map(|it| {
            vec![
                it.id.into(),
                it.owner.into(),
                it.conversion.into(),
                it.program.into(),
                it.partnership.into(),
                it.partner.into(),
                it.link.into(),
                it.plan.into(),
                it.rule.as_str().into(),
                it.state.as_str().into(),
                it.amount.currency.code().into(),
                it.amount.minor.into(),
                it.reversed_amount.into(),
                it.due_at.into(),
                it.occurred_at.into(),
                it.local_day.into(),
                it.event.as_str().into(),
                it.booked_seq.into(),
                it.created_at.into(),
                it.record.as_str().into(),
                it.reason.as_deref().into(),
                it.payout.into(),
                it.test.into(),
                it.basis
                    .filter(|basis| *basis != CommissionBasis::Manual)
                    .map(CommissionBasis::as_str)
                    .into(),
                it.source.into(),
            ]
        })
        .collect();
    conn.insert(&COMMISSION, rows).await?;
    Ok(())
}

/// Commissions of conversions, in the order they were booked.
pub async fn commissions_of(
    conn: &mut dyn Connection,
    keys: &[(OrganisationId, ConversionId)],
) -> Result<Vec<StoredCommission>, EngineError> {
    static OF_CONVERSION: Lookup = Lookup {
        select: commission_columns!(),
        table: "commission",
        keys: &[("owner_id", Bytes), ("conversion_id", Bytes)],
        condition: "",
        lock: false,
    };
    let keys = keys.iter().map(|(o, id)| vec![(*o).into(), (*id).into()]).collect();
    let mut found = all(&conn.lookup(&OF_CONVERSION, keys).await?, read_commission)?;
    found.sort_by_key(|it| (it.booked_seq, it.id));
    Ok(found)
}

/// What [`commissions_under`] looks for.
#[derive(Debug, Clone, Copy)]
pub struct UnderRule<'a> {
    /// Whose.
    pub owner: OrganisationId,
    /// The version of the plan.
    pub plan: PlanId,
    /// The rule.
    pub rule: &'a str,
    /// One partnership's; none: all.
    pub partnership: Option<PartnershipId>,
    /// From this day on; none: from the beginning.
    pub since: Option<LocalDate>,
    /// Ids of commissions that were booked since that day are not below this.
    pub from_id: [u8; 16],
}

/// What a rule has paid of conversions of a period, in the order of booking, without what was taken
/// back or declined as a whole. Reads the period's commissions.
pub async fn commissions_under(
    conn: &mut dyn Connection,
    wanted: UnderRule<'_>,
) -> Result<Vec<StoredCommission>, EngineError> {
    let select = Select::new(concat!("SELECT ", commission_columns!(), " FROM commission"))
        .and("owner_id = ?", [wanted.owner.into()])
        .and("id >= ?", [wanted.from_id.into()])
        .and("plan_id = ?", [wanted.plan.into()])
        .and("rule_id = ?", [wanted.rule.into()])
        .and("basis IS NULL", [])
        .and("state NOT IN ('declined', 'reversed')", [])
        .and_if("partnership_id = ?", wanted.partnership)
        .and_if("local_day >= ?", wanted.since);
    let rows = select.run(conn, "").await?;
    let mut found = all(&rows, read_commission)?;
    found.sort_by_key(|it| (it.booked_seq, it.id));
    Ok(found)
}

/// Commissions of one owner by id.
pub async fn commissions_by_id(
    conn: &mut dyn Connection,
    keys: &[(OrganisationId, CommissionId)],
) -> Result<Vec<StoredCommission>, EngineError> {
    static BY_ID: Lookup = Lookup {
        select: commission_columns!(),
        table: "commission",
        keys: &[("owner_id", Bytes), ("id", Bytes)],
        condition: "",
        lock: false,
    };
    let keys = keys.iter().map(|(o, id)| vec![(*o).into(), (*id).into()]).collect();
    all(&conn.lookup(&BY_ID, keys).await?, read_commission)
}
