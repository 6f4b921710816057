//! The pen of an owner's ledger while its head is locked: gives transfers their places, grows the
//! tree, sums balances, numbers events, and writes all of it at the end.

use std::collections::BTreeMap;

use tributary_kernel::{Entropy, EventId, OrganisationId, Timestamp, TransferId};
use tributary_ledger::merkle::{Frontier, leaf_hash};
use tributary_ledger::{AccountKey, Booking, LedgerError, Transfer, canonical_bytes};
use tributary_store::decision::{OutboxRow, OwnerHead, insert_outbox, lock_heads_in, put_head_in};
use tributary_store::engine::Connection;
use tributary_store::ledger::{
    AccountDelta, StoredTransfer, TreeNode, add_balances, insert_nodes, insert_transfers,
};

use crate::AppError;

/// Complete subtrees are kept from this level on; lower ones are hashed again from at most
/// `2^level` transfers. Keeping all would double the rows of every decision.
pub(crate) const KEPT_LEVEL_LEAST: u8 = 4;

/// Locks an owner's head; other owners' facts go on.
pub(crate) async fn lock_head(
    conn: &mut dyn Connection,
    owner: OrganisationId,
) -> Result<OwnerHead, AppError> {
    let heads = lock_heads_in(conn, &[owner]).await?;
    heads.into_iter().next().ok_or_else(|| AppError::Corrupt(format!("{owner} has no head")))
}

/// See the module.
#[derive(Debug)]
pub(crate) struct Books {
    owner: OrganisationId,
    now: Timestamp,
    booked_seq: i64,
    outbox_seq: i64,
    frontier: Frontier,
    transfers: Vec<StoredTransfer>,
    nodes: Vec<TreeNode>,
    balances: BTreeMap<AccountKey, i64>,
    events: Vec<OutboxRow>,
}

impl Books {
    /// Takes up the pen where a locked head stands.
    pub(crate) fn open(head: &OwnerHead, now: Timestamp) -> Result<Self, AppError> {
        let corrupt =
            |detail: String| AppError::Corrupt(format!("head of {}: {detail}", head.owner));
        let frontier = if head.frontier.is_empty() {
            Frontier::new()
        } else {
            Frontier::from_bytes(&head.frontier).map_err(|error| corrupt(error.to_string()))?
        };
        if frontier.size().cast_signed() != head.transfer_seq {
            return Err(corrupt(format!(
                "{} leaves, {} transfers",
                frontier.size(),
                head.transfer_seq
            )));
        }
        Ok(Self {
            owner: head.owner,
            now,
            booked_seq: head.booked_seq,
            outbox_seq: head.outbox_seq,
            frontier,
            transfers: Vec::new(),
            nodes: Vec::new(),
            balances: BTreeMap::new(),
            events: Vec::new(),
        })
    }

    /// The next place in the owner's order of booking.
    pub(crate) const fn next_booked_seq(&mut self) -> i64 {
        self.booked_seq += 1;
        self.booked_seq
    }

    /// The tree with what was booked here.
    pub(crate) const fn tree(&self) -> &Frontier {
        &self.frontier
    }

    /// Books what a movement makes of its place. `id` is the transfer's.
    pub(crate) fn book(
        &mut self,
        id: TransferId,
        occurred_at: Timestamp,
        movement: impl FnOnce(Booking) -> Result<Transfer, LedgerError>,
    ) -> Result<(), AppError> {
        let seq = self.frontier.size();
        let booking = Booking { id, owner: self.owner, seq, occurred_at, booked_at: self.now };
        let transfer = movement(booking)
            .map_err(|error| AppError::Corrupt(format!("movement {id} is refused: {error}")))?;
        for posting in &transfer.postings {
            let sum = self.balances.entry(posting.account).or_insert(0);
            *sum = sum
                .checked_add(posting.amount)
                .ok_or_else(|| AppError::Corrupt(format!("balance of {id} overflows")))?;
        }
        let canonical = canonical_bytes(&transfer);
        let completed = self.frontier.append(leaf_hash(&canonical));
        self.nodes.extend(completed.iter().filter(|node| node.at.level >= KEPT_LEVEL_LEAST).map(
            |node| TreeNode {
                level: u32::from(node.at.level),
                position: node.at.index.cast_signed(),
                hash: *node.hash.as_bytes(),
            },
        ));
        self.transfers.push(StoredTransfer {
            owner: self.owner,
            seq: seq.cast_signed(),
            id,
            kind: transfer.kind.as_str().to_owned(),
            subject: transfer.subject.id,
            booked_at: self.now,
            canonical,
        });
        Ok(())
    }

    /// Numbers an event for whoever listens.
    pub(crate) fn tell(
        &mut self,
        kind: &'static str,
        aggregate: [u8; 16],
        data: &serde_json::Value,
        entropy: &dyn Entropy,
    ) {
        self.outbox_seq += 1;
        self.events.push(OutboxRow {
            owner: self.owner,
            seq: self.outbox_seq,
            id: EventId::new(self.now, entropy),
            kind,
            occurred_at: self.now,
            aggregate,
            data: data.to_string(),
        });
    }

    /// Writes everything, in the transaction that holds the lock.
    pub(crate) async fn write_in(self, conn: &mut dyn Connection) -> Result<(), AppError> {
        insert_transfers(conn, &self.transfers).await?;
        let deltas: Vec<AccountDelta> = self
            .balances
            .iter()
            .map(|(account, amount)| AccountDelta {
                owner: self.owner,
                id: account.hash(self.owner),
                kind: account.kind.as_str().to_owned(),
                program: account.program,
                partner: account.partner,
                currency: account.currency,
                amount: *amount,
            })
            .collect();
        add_balances(conn, &deltas).await?;
        insert_nodes(conn, self.owner, &self.nodes).await?;
        insert_outbox(conn, &self.events).await?;
        let head = OwnerHead {
            owner: self.owner,
            booked_seq: self.booked_seq,
            transfer_seq: self.frontier.size().cast_signed(),
            outbox_seq: self.outbox_seq,
            frontier: self.frontier.to_bytes(),
        };
        put_head_in(conn, &head).await?;
        Ok(())
    }
}
