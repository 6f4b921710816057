//! What cancelling a run and a payment that came back share.

use tributary_directory::Viewer;
use tributary_kernel::{Timestamp, TransferId};
use tributary_ledger::movement::{self, NetLine, Owed, PayoutLine, PayoutOf};
use tributary_ledger::{AccountKind, Reason, Transfer, TransferKind, parse_canonical};
use tributary_money::Money;
use tributary_store::decision::{self, CommissionState, StoredCommission};
use tributary_store::engine::Connection;
use tributary_store::ledger;
use tributary_store::payout::{self, PayoutState, StoredPayout};

use super::planned::program_in;
use super::{BATCH, release_of};
use crate::books::Books;
use crate::invoicing::credit_in;
use crate::life::moved;
use crate::{App, AppError};

/// Takes a payout back: its commissions are approved again and what it settled is owed back again.
/// If it had been paid, the payment is booked as returned first. All of it happened at one moment.
pub(super) async fn withdraw(
    app: &App,
    conn: &mut dyn Connection,
    pen: &mut Books,
    it: &mut StoredPayout,
    to: PayoutState,
    reason: Reason,
    at: Timestamp,
) -> Result<(), AppError> {
    let transfers = transfers_of(conn, it).await?;
    let of = PayoutOf { payout: it.id, partner: it.partner };
    let id = || TransferId::new(app.now(), &*app.entropy);
    if it.state == PayoutState::Paid {
        let payment = find(&transfers, it, TransferKind::Pay)?.id;
        let net = NetLine { program: it.program, net: it.amount };
        pen.book(id(), at, |booking| {
            movement::payment_returned(booking, of, &[net], payment, reason)
        })?;
    }
    put_back_tax(app, pen, it, &transfers, reason, at)?;
    let line = released(find(&transfers, it, TransferKind::Release)?, it);
    pen.book(id(), at, |booking| {
        movement::withdraw(booking, of, &[line], release_of(it.id), reason)
    })?;
    put_back(conn, it).await?;
    let (_, zone) = program_in(conn, Viewer::Owner(it.owner), it.program).await?;
    credit_in(app, conn, pen, it, zone.date(app.now())).await?;
    it.state = to;
    payout::put_payout(conn, it).await?;
    let kind = match to {
        PayoutState::Returned => "payout.returned",
        _ => "payout.cancelled",
    };
    tell(app, pen, kind, it);
    Ok(())
}

/// Books what a payout carried besides commissions back: what was withheld, then its VAT.
fn put_back_tax(
    app: &App,
    pen: &mut Books,
    it: &StoredPayout,
    transfers: &[Transfer],
    reason: Reason,
    at: Timestamp,
) -> Result<(), AppError> {
    let of = PayoutOf { payout: it.id, partner: it.partner };
    let id = || TransferId::new(app.now(), &*app.entropy);
    let owed = |transfer: &Transfer| Owed {
        program: it.program,
        partner: it.partner,
        amount: Money::new(moved_by(transfer), it.amount.currency),
    };
    let found = |kind| transfers.iter().find(move |it: &&Transfer| it.kind == kind);
    if let Some(kept) = found(TransferKind::Withhold) {
        let tax = owed(kept);
        pen.book(id(), at, |booking| movement::return_withheld(booking, of, tax, kept.id, reason))?;
    }
    if let Some(added) = found(TransferKind::AddVat) {
        let vat = owed(added);
        pen.book(id(), at, |booking| movement::take_vat(booking, of, vat, added.id, reason))?;
    }
    Ok(())
}

async fn transfers_of(
    conn: &mut dyn Connection,
    it: &StoredPayout,
) -> Result<Vec<Transfer>, AppError> {
    let rows = ledger::transfers_about(conn, it.owner, &[*it.id.as_bytes()]).await?;
    rows.iter()
        .map(|row| {
            parse_canonical(&row.canonical)
                .map_err(|error| AppError::Corrupt(format!("{}: {error}", row.id)))
        })
        .collect()
}

fn find<'a>(
    transfers: &'a [Transfer],
    it: &StoredPayout,
    kind: TransferKind,
) -> Result<&'a Transfer, AppError> {
    let found = transfers.iter().find(|transfer| transfer.kind == kind);
    found.ok_or_else(|| AppError::Corrupt(format!("{} has no transfer {kind}", it.id)))
}

/// The amount of a transfer of two sides.
fn moved_by(it: &Transfer) -> i64 {
    it.postings.iter().map(|posting| posting.amount).filter(|amount| *amount > 0).sum()
}

/// What a release moved: its debit of approved, its credit of clawback.
fn released(release: &Transfer, it: &StoredPayout) -> PayoutLine {
    let side = |kind| {
        let found = release.postings.iter().find(|posting| posting.account.kind == kind);
        Money::new(found.map_or(0, |posting| posting.amount.saturating_abs()), it.amount.currency)
    };
    PayoutLine {
        program: it.program,
        earned: side(AccountKind::PartnerApproved),
        recovered: side(AccountKind::PartnerClawback),
    }
}

/// Commissions leave the payout. One of which all was taken back meanwhile is reversed now.
async fn put_back(conn: &mut dyn Connection, payout: &StoredPayout) -> Result<(), AppError> {
    change_commissions(conn, payout, |it| {
        it.payout = None;
        // Below zero is what a person took: it is owed back again.
        it.state =
            if it.remaining() == 0 { CommissionState::Reversed } else { CommissionState::Approved };
    })
    .await
}

/// Changes every commission of a payout, with the rollup. Conversions stay as they are: a
/// commission that was agreed to counts the same for them wherever its money is.
pub(super) async fn change_commissions(
    conn: &mut dyn Connection,
    payout: &StoredPayout,
    change: impl Fn(&mut StoredCommission),
) -> Result<(), AppError> {
    let mut after = [0; 16];
    loop {
        let mut page =
            payout::commissions_of_payout(conn, payout.owner, payout.id, after, BATCH).await?;
        let full = page.len() == BATCH as usize;
        let Some(last) = page.last() else { return Ok(()) };
        after = *last.id.as_bytes();
        let mut daily = Vec::new();
        for it in &mut page {
            let was = it.clone();
            change(it);
            daily.extend(moved(&was, it));
        }
        decision::put_commissions(conn, &page).await?;
        decision::add_daily(conn, daily).await?;
        if !full {
            return Ok(());
        }
    }
}

/// Tells of a payout's step; no account is in it.
pub(super) fn tell(app: &App, pen: &mut Books, kind: &'static str, it: &StoredPayout) {
    let data = serde_json::json!({
        "payout": it.id, "run": it.run, "program": it.program, "partner": it.partner,
        "amount": it.amount, "state": it.state, "bank_code": it.bank.code,
    });
    pen.tell(kind, *it.id.as_bytes(), &data, &*app.entropy);
}
