//! What the transfers about each commission and payout come to, held against its row. Both are
//! read in the order of their ids and walked together, so that memory does not grow with them.

use std::collections::{HashMap, VecDeque};

use tributary_kernel::{CommissionId, OrganisationId, PartnerId, PayoutId, ProgramId, Timestamp};
use tributary_ledger::{
    AccountKind, Originals, SubjectKind, Transfer, TransferKind, parse_canonical,
};
use tributary_money::Money;
use tributary_store::decision::CommissionState;
use tributary_store::engine::{Connection, EngineError};
use tributary_store::recheck::{
    CommissionBalance, SubjectTransfer, commission_balances, transfers_by_subject,
};

use super::payouts::{self, Expected};
use super::{Progress, VerifyReport, aside};
use crate::AppError;

const PAGE_ROWS: u32 = 4_096;
const LAST_ID: [u8; 16] = [0xff; 16];

/// What all transfers about one commission or payout come to, debits positive.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct About {
    cost: i64,
    pending: i64,
    pub(super) payable: i64,
    pub(super) paid: i64,
    pub(super) vat: i64,
    pub(super) withheld: i64,
    /// What its accrual said.
    accrual: Option<Accrual>,
}

/// The transfer that booked a commission.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Accrual {
    amount: Money,
    occurred_at: Timestamp,
    program: ProgramId,
    partner: PartnerId,
}

impl About {
    fn of(transfers: &[Transfer]) -> Self {
        let mut about = Self::default();
        transfers.iter().for_each(|transfer| about.add(transfer));
        about
    }

    fn add(&mut self, transfer: &Transfer) {
        for posting in &transfer.postings {
            let sum = match posting.account.kind {
                AccountKind::CommissionCost => &mut self.cost,
                AccountKind::PartnerPending => &mut self.pending,
                AccountKind::PartnerPayable => &mut self.payable,
                AccountKind::PartnerPaid => &mut self.paid,
                AccountKind::InputVat => &mut self.vat,
                AccountKind::WithheldTax => &mut self.withheld,
                AccountKind::PartnerApproved | AccountKind::PartnerClawback => continue,
            };
            // Checked by the replay of the balances, which are sums of more.
            *sum = sum.saturating_add(posting.amount);
        }
        // What a person took is booked by its own adjustment instead.
        let books = match transfer.kind {
            TransferKind::Accrue => true,
            TransferKind::AdjustDown => *transfer.id.as_bytes() == transfer.subject.id,
            _ => false,
        };
        if books
            && let Some(posting) = transfer.postings.iter().find(|it| it.account.partner.is_some())
            && let (Some(program), Some(partner)) =
                (posting.account.program, posting.account.partner)
        {
            let owed = posting.amount.saturating_neg();
            self.accrual = Some(Accrual {
                amount: Money::new(owed, posting.account.currency),
                occurred_at: transfer.occurred_at,
                program,
                partner,
            });
        }
    }
}

/// Holds every commission and payout of an owner against the transfers about it.
pub(super) async fn check(
    conn: &mut dyn Connection,
    owner: OrganisationId,
    payouts: &[Expected],
    progress: &Progress<'_>,
) -> Result<VerifyReport, AppError> {
    let payouts = payouts.iter().map(|it| (*it.id().as_bytes(), it.clone())).collect();
    let mut walk = Walk { payouts, ..Walk::default() };
    let mut cursor = Cursor::new(owner);
    let mut next = cursor.next(conn).await?;
    let mut done = 0;
    while let Some(batch) = next {
        done += batch.transfers.len() as u64;
        let taken = aside(move || walk.take(batch));
        let (taken, read) = tokio::join!(taken, cursor.next(conn));
        (walk, next) = (taken?, read?);
        progress.tell(owner, "subjects", done);
    }
    Ok(walk.finish())
}

/// Reads commissions page by page, and after each the transfers about ids up to its last.
struct Cursor {
    owner: OrganisationId,
    /// The last commission's id, and the last subject and place read.
    commission: [u8; 16],
    place: ([u8; 16], i64),
    /// Up to which id transfers are read; none: the next page of commissions comes first.
    until: Option<[u8; 16]>,
    ended: bool,
}

struct Batch {
    commissions: Vec<CommissionBalance>,
    transfers: Vec<SubjectTransfer>,
    /// Whether these are the last transfers about ids up to that of the last commission.
    complete: bool,
}

impl Cursor {
    const fn new(owner: OrganisationId) -> Self {
        let nowhere = [0; 16];
        Self { owner, commission: nowhere, place: (nowhere, -1), until: None, ended: false }
    }

    async fn next(&mut self, conn: &mut dyn Connection) -> Result<Option<Batch>, EngineError> {
        if self.ended {
            return Ok(None);
        }
        let mut commissions = Vec::new();
        let until = match self.until {
            Some(until) => until,
            None => {
                let after = self.commission;
                commissions = commission_balances(conn, self.owner, after, PAGE_ROWS).await?;
                let last = commissions.last().map(|it| *it.id.as_bytes());
                let whole = commissions.len() == PAGE_ROWS as usize;
                last.filter(|_| whole).unwrap_or(LAST_ID)
            }
        };
        let (owner, place) = (self.owner, self.place);
        let transfers = transfers_by_subject(conn, owner, place, until, PAGE_ROWS).await?;
        let complete = transfers.len() < PAGE_ROWS as usize;
        if let Some(last) = transfers.last() {
            self.place = (last.subject, last.seq);
        }
        self.until = (!complete).then_some(until);
        self.commission = until;
        self.ended = complete && until == LAST_ID;
        Ok(Some(Batch { commissions, transfers, complete }))
    }
}

/// See [`check`].
#[derive(Default)]
struct Walk {
    payouts: HashMap<[u8; 16], Expected>,
    /// Those with no smaller id than the subject at hand.
    commissions: VecDeque<CommissionBalance>,
    subject: Option<[u8; 16]>,
    /// All good transfers about it so far.
    transfers: Vec<Transfer>,
    report: VerifyReport,
}

impl Walk {
    fn take(mut self, batch: Batch) -> Self {
        self.commissions.extend(batch.commissions);
        for row in batch.transfers {
            if self.subject != Some(row.subject) {
                self.close();
                self.subject = Some(row.subject);
            }
            // Bytes that are no transfer have been told where the ledger was folded.
            self.transfers.extend(parse_canonical(&row.canonical).ok());
        }
        if batch.complete {
            self.close();
            self.pass(None);
        }
        self
    }

    /// Ends the subject at hand.
    fn close(&mut self) {
        let Some(subject) = self.subject.take() else { return };
        let transfers = std::mem::take(&mut self.transfers);
        if transfers.len() > 1 || transfers.iter().any(|it| it.reverses.is_some()) {
            let mut originals = Originals::new();
            let wrong = transfers.iter().find_map(|it| originals.push(it).err());
            if let Some(error) = wrong {
                self.report.find("transfer", error.id, error.cause.to_string());
            }
        }
        let about = About::of(&transfers);
        self.pass(Some(subject));
        if self.commissions.front().is_some_and(|it| *it.id.as_bytes() == subject) {
            let it = self.commissions.pop_front();
            it.inspect(|it| check_commission(it, Some(about), &mut self.report));
        } else if let Some(it) = self.payouts.remove(&subject) {
            payouts::check(&it, about, &mut self.report);
        } else {
            self.unknown(subject, &transfers);
        }
        self.transfers = transfers;
        self.transfers.clear();
    }

    /// Tells of the commissions before a subject, or of all there are, that nothing is booked.
    fn pass(&mut self, subject: Option<[u8; 16]>) {
        let before = |it: &CommissionBalance| subject.is_none_or(|end| *it.id.as_bytes() < end);
        while let Some(it) = self.commissions.pop_front_if(|it| before(it)) {
            check_commission(&it, None, &mut self.report);
        }
    }

    fn unknown(&mut self, subject: [u8; 16], transfers: &[Transfer]) {
        match transfers.first().map(|it| it.subject.kind) {
            Some(SubjectKind::Payout) => {
                let detail = "transfers are about it, but there is no such payout";
                self.report.find("payout", PayoutId::from_bytes(subject), detail);
            }
            Some(_) => {
                let detail = "transfers are about it, but there is no such commission";
                self.report.find("commission", CommissionId::from_bytes(subject), detail);
            }
            None => {}
        }
    }

    fn finish(mut self) -> VerifyReport {
        let mut left: Vec<_> = self.payouts.into_values().collect();
        left.sort_unstable_by_key(Expected::id);
        for it in left {
            payouts::check(&it, About::default(), &mut self.report);
        }
        self.report
    }
}

fn check_commission(it: &CommissionBalance, about: Option<About>, report: &mut VerifyReport) {
    if it.test {
        if about.is_some() {
            report.find("commission", it.id, "test money is in the ledger");
        }
        return;
    }
    let Some(about) = about else {
        return report.find("commission", it.id, "no transfer is about it");
    };
    match about.accrual {
        None => report.find("commission", it.id, "no transfer has accrued it"),
        Some(accrual) => {
            let row = Accrual {
                amount: it.amount,
                occurred_at: it.occurred_at,
                program: it.program,
                partner: it.partner,
            };
            if accrual != row {
                let detail = "its accrual has another amount, time, program or partner";
                report.find("commission", it.id, detail);
            }
        }
    }
    let left = it.amount.minor.saturating_sub(it.reversed_amount);
    let owed = if it.state == CommissionState::Declined { 0 } else { left };
    let pending = if it.state == CommissionState::Pending { -owed } else { 0 };
    if (about.cost, about.pending) != (owed, pending) {
        let detail = format!(
            "it is {} with {owed} left; its transfers leave {} owed, of which {} pending",
            it.state,
            about.cost,
            about.pending.saturating_neg()
        );
        report.find("commission", it.id, detail);
    }
}
