use std::collections::{BTreeMap, BTreeSet, HashMap};

use tributary_directory::{Actor, Permission};
use tributary_kernel::{
    BankDetailId, BankReplyId, FieldError, OrganisationId, PartnerId, PayoutId, PayoutRunId,
};
use tributary_payout::bank_reply::{Reply, SentPayment, groups_of};
use tributary_payout::pain001::message_id;
use tributary_store::engine::Connection;
use tributary_store::payout::{self, BankReplyKind, StoredBankReply, StoredPayout};

use super::read::{BankReply, shown};
use super::reading::{ReadLine, Reading};
use crate::payout::bank_details::PURPOSE;
use crate::payout::form::Details;
use crate::secrets::sha256;
use crate::{App, AppError};

/// Payouts on their way that a file is held against, besides those it names.
const ON_THEIR_WAY_MAX: u32 = 10_000;
/// Characters of a file's name that are kept.
const NAME_CHARS_MAX: usize = 120;

/// A file of a bank.
#[derive(Clone)]
pub struct ReceiveReply {
    /// Whose payouts it is about.
    pub owner: OrganisationId,
    /// What the person calls the file.
    pub name: String,
    /// `pain.002` or `camt.053`, UTF-8.
    pub content: Vec<u8>,
}

impl std::fmt::Debug for ReceiveReply {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ReceiveReply").field("owner", &self.owner).finish_non_exhaustive()
    }
}

/// Reads a file of a bank and keeps what it says of this owner's payouts. Nothing is booked: look
/// at it, then [`confirm`](super::confirm_reply()). The same file again is the same answer.
///
/// # Errors
/// Without the right to pay; `bank_reply_unreadable` at `/content`; `bank_reply_foreign` for a
/// status report of a file that this owner has not made.
pub async fn receive_reply(
    app: &App,
    actor: &Actor,
    input: ReceiveReply,
) -> Result<BankReply, AppError> {
    actor.require(input.owner, Permission::Pay)?;
    let reply = Reply::read(&input.content).map_err(|error| {
        let detail = format!("This is no answer of a bank that can be read: {error}.");
        FieldError::new("/content", "bank_reply_unreadable", detail)
    })?;
    crate::app::with_retries(|| receive_once(app, actor, &input, &reply)).await
}

async fn receive_once(
    app: &App,
    actor: &Actor,
    input: &ReceiveReply,
    reply: &Reply,
) -> Result<BankReply, AppError> {
    let (owner, hash) = (input.owner, sha256(&input.content));
    let mut tx = app.record.begin().await?;
    if let Some(known) = payout::bank_reply_by_hash(&mut *tx, owner, hash).await? {
        return shown(&mut *tx, known).await;
    }
    let payouts = payouts_for(&mut *tx, owner, reply).await?;
    let known: BTreeSet<PayoutId> = payouts.iter().map(|it| it.id).collect();
    let sent = sent_payments(app, &mut *tx, owner, &payouts).await?;
    if let Reply::Report(report) = reply
        && !sent.iter().any(|it| it.message == report.file.id)
    {
        let id = &report.file.id;
        let detail = format!("It is about the file {id}, and no run of yours has that name.");
        return Err(FieldError::new("/content", "bank_reply_foreign", detail).into());
    }
    let (told, others) = reply.held_against(&sent);
    let reading = Reading {
        lines: told.into_iter().map(ReadLine::new).collect(),
        unknown: reply.unknown(&known),
        others,
    };
    let now = app.now();
    let stored = StoredBankReply {
        id: BankReplyId::new(now, &*app.entropy),
        owner,
        hash,
        kind: match reply {
            Reply::Report(_) => BankReplyKind::StatusReport,
            Reply::Statements(_) => BankReplyKind::Statement,
        },
        name: input.name.chars().filter(|it| !it.is_control()).take(NAME_CHARS_MAX).collect(),
        bank_id: reply.id().chars().take(NAME_CHARS_MAX).collect(),
        reading: reading.to_text(),
        created_at: now,
        created_by: actor.name(),
        confirmed_at: None,
        confirmed_by: None,
    };
    payout::put_bank_reply(&mut *tx, &stored).await?;
    let detail = serde_json::json!({ "kind": stored.kind, "lines": reading.lines.len() });
    app.audit_in(&mut *tx, owner, actor, "bank_reply.received", stored.id, &detail).await?;
    let reply = shown(&mut *tx, stored).await?;
    tx.commit().await?;
    Ok(reply)
}

/// The owner's payouts that a file may tell of: those it names, all of the run it is about, and
/// those on their way, which a bank may book in one sum or without a reference.
async fn payouts_for(
    conn: &mut dyn Connection,
    owner: OrganisationId,
    reply: &Reply,
) -> Result<Vec<StoredPayout>, AppError> {
    let named: Vec<PayoutId> = reply.named().into_iter().collect();
    let mut found: BTreeMap<PayoutId, StoredPayout> = BTreeMap::new();
    for it in payout::payouts_by_id(conn, owner, &named).await? {
        found.insert(it.id, it);
    }
    let rest = match reply {
        Reply::Report(report) => match run_of(&report.file.id) {
            Some(run) => payout::payouts_of_run(conn, owner, run).await?,
            None => Vec::new(),
        },
        Reply::Statements(_) => payout::payouts_on_their_way(conn, owner, ON_THEIR_WAY_MAX).await?,
    };
    found.extend(rest.into_iter().map(|it| (it.id, it)));
    Ok(found.into_values().collect())
}

/// The run of a file's message id, `run-…-DKK`.
fn run_of(message: &str) -> Option<PayoutRunId> {
    let (run, _) = message.trim().rsplit_once('-')?;
    run.to_ascii_lowercase().replace('-', "_").parse().ok()
}

/// Payouts as they stand in the files that were made for the bank.
async fn sent_payments(
    app: &App,
    conn: &mut dyn Connection,
    owner: OrganisationId,
    payouts: &[StoredPayout],
) -> Result<Vec<SentPayment>, AppError> {
    let runs: BTreeSet<PayoutRunId> = payouts.iter().map(|it| it.run).collect();
    let mut groups: HashMap<PayoutId, String> = HashMap::new();
    for run in runs {
        for file in payout::bank_files(conn, owner, run).await? {
            let found = groups_of(&file.content).map_err(|error| {
                AppError::Corrupt(format!("bank file {} cannot be read: {error}", file.name))
            })?;
            groups.extend(found);
        }
    }
    let ids: Vec<(PartnerId, BankDetailId)> =
        payouts.iter().map(|it| (it.partner, it.bank_detail)).collect();
    let mut payees: HashMap<BankDetailId, String> = HashMap::new();
    for it in payout::bank_details_by_id(conn, &ids).await? {
        payees.insert(it.id, Details::open(app, PURPOSE, &it.sealed)?.party.name);
    }
    let sent = payouts.iter().map(|it| SentPayment {
        payout: it.id,
        amount: it.amount,
        payee: payees.get(&it.bank_detail).cloned().unwrap_or_default(),
        message: message_id(it.run, it.amount.currency),
        group: groups.remove(&it.id),
    });
    Ok(sent.collect())
}

#[cfg(test)]
mod tests {
    use tributary_money::Currency;

    use super::*;

    #[test]
    fn a_message_id_names_its_run() {
        let run = PayoutRunId::from_bytes([7; 16]);
        let message = message_id(run, Currency::DKK);
        assert_eq!(run_of(&message), Some(run));
        assert_eq!(run_of(&format!(" {} ", message.to_uppercase())), Some(run));
        assert_eq!(run_of("INV-77"), None);
    }
}
