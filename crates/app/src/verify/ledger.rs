//! The ledger folded again from its canonical bytes, in the order of booking: the tree, the
//! balances, and what each row says of its bytes.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use tributary_kernel::{CommissionId, OrganisationId, PartnerId, ProgramId, TransferId};
use tributary_ledger::merkle::{Frontier, leaf_hash};
use tributary_ledger::{AccountKey, Balances, Sequence, Transfer, TransferKind, parse_canonical};
use tributary_money::Currency;
use tributary_store::decision;
use tributary_store::engine::Connection;
use tributary_store::ledger::{self, StoredTransfer, TreeNode};

use super::claims::Claims;
use super::{Progress, VerifyReport, aside};
use crate::AppError;
use crate::books::KEPT_LEVEL_LEAST;

/// A multiple of the leaves under a kept node, so that the leaves of one are in one page.
const PAGE_TRANSFERS: u32 = 4_096;
const _: () = assert!(PAGE_TRANSFERS.is_multiple_of(1 << KEPT_LEVEL_LEAST));
const PAGE_ACCOUNTS: u32 = 2_000;

/// Replays an owner's ledger and compares tree and balances.
pub(super) async fn check(
    conn: &mut dyn Connection,
    owner: OrganisationId,
    claims: Claims,
    report: VerifyReport,
    progress: &Progress<'_>,
) -> Result<VerifyReport, AppError> {
    let mut state = Fold {
        owner,
        sequence: Some(Sequence::new(owner)),
        frontier: Frontier::new(),
        claims,
        nodes: Vec::new(),
        torn: BTreeSet::new(),
        kept: 0,
        report,
    };
    let mut page = ledger::transfers_from(conn, owner, 0, PAGE_TRANSFERS).await?;
    while let Some(last) = page.last() {
        let next = last.seq + 1;
        let whole = page.len() == PAGE_TRANSFERS as usize;
        let places = page.first().map_or(0, |first| first.seq);
        let fold = aside(move || state.fold(&page));
        let read = async {
            if whole {
                ledger::transfers_from(conn, owner, next, PAGE_TRANSFERS).await
            } else {
                Ok(Vec::new())
            }
        };
        let (folded, read) = tokio::join!(fold, read);
        (state, page) = (folded?, read?);
        state.compare_nodes(conn, places).await?;
        let done = state.frontier.size();
        progress.tell(owner, "transfers", done);
    }
    state.compare_head(conn).await?;
    state.compare_balances(conn).await?;
    let Fold { claims, frontier, mut report, .. } = state;
    claims.finish(frontier.size(), &mut report);
    Ok(report)
}

/// See [`check`].
struct Fold {
    owner: OrganisationId,
    /// None after the first transfer that breaks the ledger.
    sequence: Option<Sequence>,
    /// Over the stored bytes, whether or not they are good.
    frontier: Frontier,
    claims: Claims,
    /// Nodes completed by the last page that must be kept, with the transfers under the lowest.
    nodes: Vec<(TreeNode, Option<[TransferId; 2]>)>,
    /// Nodes that differ, so that those above them are not told again.
    torn: BTreeSet<(u32, i64)>,
    kept: i64,
    report: VerifyReport,
}

impl Fold {
    fn fold(mut self, page: &[StoredTransfer]) -> Self {
        for row in page {
            self.report.transfers += 1;
            if row.seq.cast_unsigned() != self.frontier.size() {
                let detail = format!("it has number {}, {} comes", row.seq, self.frontier.size());
                self.report.find("transfer", row.id, detail);
            }
            let completed = self.frontier.append(leaf_hash(&row.canonical));
            for node in completed.iter().filter(|node| node.at.level >= KEPT_LEVEL_LEAST) {
                let lowest = node.at.level == KEPT_LEVEL_LEAST;
                let place = usize::try_from(row.seq - page[0].seq).unwrap_or(0);
                let under = (1usize << KEPT_LEVEL_LEAST) - 1;
                let first = page.get(place.saturating_sub(under)).unwrap_or(row);
                let node = TreeNode {
                    level: u32::from(node.at.level),
                    position: node.at.index.cast_signed(),
                    hash: *node.hash.as_bytes(),
                };
                self.nodes.push((node, lowest.then_some([first.id, row.id])));
            }
            let size = self.frontier.size();
            if self.claims.are_of(size) {
                self.claims.hold(size, &self.frontier.root(), &mut self.report);
            }
            self.take(row);
        }
        self
    }

    fn take(&mut self, row: &StoredTransfer) {
        let transfer = match parse_canonical(&row.canonical) {
            Ok(transfer) => transfer,
            Err(error) => {
                self.report.find("transfer", row.id, error.to_string());
                self.sequence = None;
                return;
            }
        };
        if let Some(column) = wrong_column(row, &transfer) {
            let detail = format!("its column {column} is not what its bytes say");
            self.report.find("transfer", row.id, detail);
        }
        if let Some(sequence) = &mut self.sequence
            && let Err(error) = sequence.push(&transfer)
        {
            self.report.find("transfer", row.id, error.cause.to_string());
            self.sequence = None;
        }
    }

    /// Compares the kept nodes that the last page completed.
    async fn compare_nodes(
        &mut self,
        conn: &mut dyn Connection,
        first_seq: i64,
    ) -> Result<(), AppError> {
        let expected = std::mem::take(&mut self.nodes);
        let places: Vec<(u32, i64)> =
            expected.iter().map(|(node, _)| (node.level, node.position)).collect();
        let kept: HashMap<(u32, i64), [u8; 32]> = ledger::nodes(conn, self.owner, &places)
            .await?
            .into_iter()
            .map(|node| ((node.level, node.position), node.hash))
            .collect();
        self.kept += i64::try_from(expected.len()).unwrap_or(i64::MAX);
        self.report.nodes += expected.len() as u64;
        tracing::debug!(first_seq, nodes = expected.len(), "verify.nodes");
        for (node, under) in expected {
            let place = (node.level, node.position);
            if kept.get(&place) == Some(&node.hash) {
                continue;
            }
            self.torn.insert(place);
            match under {
                Some([first, last]) => {
                    let detail = match kept.contains_key(&place) {
                        true => format!("{first} to {last} are not those that the node stands for"),
                        false => format!("no node is kept over {first} to {last}"),
                    };
                    self.report.find("tree", first, detail);
                }
                // Whatever broke a lower node broke those above it.
                None if self.torn.contains(&(node.level - 1, node.position * 2))
                    || self.torn.contains(&(node.level - 1, node.position * 2 + 1)) => {}
                None => {
                    let subject = format!("{} level {} place {}", self.owner, place.0, place.1);
                    self.report.find("tree", subject, "the kept node is another");
                }
            }
        }
        Ok(())
    }

    async fn compare_head(&mut self, conn: &mut dyn Connection) -> Result<(), AppError> {
        let owner = self.owner;
        let Some(head) = decision::head(conn, owner).await? else {
            self.report.find("head", owner, "it has none");
            return Ok(());
        };
        let size = self.frontier.size();
        if head.transfer_seq.cast_unsigned() != size {
            let detail = format!("it says {} transfers, there are {size}", head.transfer_seq);
            self.report.find("head", owner, detail);
        }
        let same =
            head.frontier == self.frontier.to_bytes() || (head.frontier.is_empty() && size == 0);
        if !same {
            let detail = match changed_range(&head.frontier, &self.frontier) {
                Some((first, end)) => {
                    format!("number {first} to {} are not those that the head stands for", end - 1)
                }
                None => "its frontier is not that of the transfers".to_owned(),
            };
            self.report.find("head", owner, detail);
        }
        let kept = ledger::count_nodes(conn, owner).await?;
        if kept != self.kept {
            let detail = format!("{kept} nodes are kept, {} were completed", self.kept);
            self.report.find("tree", owner, detail);
        }
        Ok(())
    }

    async fn compare_balances(&mut self, conn: &mut dyn Connection) -> Result<(), AppError> {
        let Some(sequence) = &self.sequence else { return Ok(()) };
        let balances = sequence.balances();
        for (currency, difference) in balances.differences() {
            let detail = format!("balances in {currency} sum to {difference}, not to zero");
            self.report.find("balance", self.owner, detail);
        }
        let mut expected = by_id(balances, self.owner);
        let mut after = Vec::new();
        loop {
            let page = ledger::accounts_from(conn, self.owner, &after, PAGE_ACCOUNTS).await?;
            for row in &page {
                self.report.accounts += 1;
                after = row.id.to_vec();
                let name = account_name(&row.kind, row.program, row.partner, row.currency);
                match expected.remove(&row.id) {
                    Some((key, balance)) => {
                        let same = row.kind == key.kind.as_str()
                            && (row.program, row.partner) == (key.program, key.partner)
                            && row.currency == key.currency;
                        if !same {
                            self.report.find("account", name, "its columns are another account's");
                        } else if row.balance != balance {
                            let detail = format!("{} is stored, {balance} comes out", row.balance);
                            self.report.find("balance", name, detail);
                        }
                    }
                    None if row.balance != 0 => {
                        let detail = format!("{} is stored, no transfer is to it", row.balance);
                        self.report.find("balance", name, detail);
                    }
                    None => {}
                }
            }
            if page.len() < PAGE_ACCOUNTS as usize {
                break;
            }
        }
        for (key, balance) in expected.into_values() {
            let name = account_name(key.kind.as_str(), key.program, key.partner, key.currency);
            self.report.find("balance", name, format!("none is stored, {balance} comes out"));
        }
        Ok(())
    }
}

fn by_id(balances: &Balances, owner: OrganisationId) -> BTreeMap<[u8; 16], (AccountKey, i64)> {
    balances.iter().map(|(key, balance)| (key.hash(owner), (*key, balance))).collect()
}

fn account_name(
    kind: &str,
    program: Option<ProgramId>,
    partner: Option<PartnerId>,
    currency: Currency,
) -> String {
    let program = program.map(|id| format!(" {id}")).unwrap_or_default();
    let partner = partner.map(|id| format!(" {id}")).unwrap_or_default();
    format!("{kind}{program}{partner} {currency}")
}

fn wrong_column(row: &StoredTransfer, transfer: &Transfer) -> Option<&'static str> {
    let accrual_of_other = transfer.kind == TransferKind::Accrue
        && CommissionId::from_bytes(*transfer.id.as_bytes())
            != CommissionId::from_bytes(transfer.subject.id);
    [
        ("owner_id", row.owner != transfer.owner),
        ("seq", row.seq.cast_unsigned() != transfer.seq),
        ("id", row.id != transfer.id || accrual_of_other),
        ("kind", row.kind != transfer.kind.as_str()),
        ("subject_id", row.subject != transfer.subject.id),
        ("booked_at", row.booked_at != transfer.booked_at),
    ]
    .into_iter()
    .find_map(|(column, wrong)| wrong.then_some(column))
}

/// Which of the subtrees at the tree's right edge differs first: its leaves, the end excluded.
fn changed_range(stored: &[u8], found: &Frontier) -> Option<(u64, u64)> {
    const HEADER: usize = 9;
    let found_bytes = found.to_bytes();
    if stored.len() != found_bytes.len() || stored.get(..HEADER) != found_bytes.get(..HEADER) {
        return None;
    }
    let hashes = stored[HEADER..].chunks_exact(32).zip(found_bytes[HEADER..].chunks_exact(32));
    let sizes = (0..64).rev().map(|bit| 1u64 << bit).filter(|bit| found.size() & bit != 0);
    let mut first = 0;
    for ((stored, found), leaves) in hashes.zip(sizes) {
        if stored != found {
            return Some((first, first + leaves));
        }
        first += leaves;
    }
    None
}
