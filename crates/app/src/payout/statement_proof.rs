//! The file with which a partner checks a statement without asking the owner again.

use std::collections::{BTreeMap, BTreeSet};

use tributary_directory::Actor;
use tributary_kernel::{OrganisationId, PayoutId};
use tributary_ledger::merkle::{
    CompletedNode, ConsistencyProof, Frontier, InclusionProof, MemoryNodes, NodeAddress, TreeHash,
    nodes_for_consistency, nodes_for_inclusion,
};
use tributary_ledger::{HeadSigner, SignedHead, TreeHead};
use tributary_payout::statement::Statement;
use tributary_store::engine::Connection;
use tributary_store::ledger::{self, SignedHeadRow, StoredTransfer};
use tributary_store::list::PageRequest;
use tributary_store::payout::{self, PayoutFilter};

use super::read::{find_payout, parsed};
use crate::books::KEPT_LEVEL_LEAST;
use crate::verify::sign_head;
use crate::verify::statement::{Earlier, ProofFile, ProvedTransfer};
use crate::{App, AppError};

/// Earlier statements whose heads the newer one is held against, newest first.
const EARLIER_MAX: usize = 240;
/// Transfers and nodes looked up at once.
const BATCH: usize = 1_000;

/// The proof of a payout's statement: a JSON document, see [`crate::verify::statement`]. It is made
/// against the first signed head that covers the statement, so that it has the same bytes whenever
/// it is asked for; when there is no such head yet, one is signed.
///
/// # Errors
/// Without the right to read; not found.
pub async fn statement_proof(app: &App, actor: &Actor, id: PayoutId) -> Result<Vec<u8>, AppError> {
    let stored = find_payout(app, actor, id).await?;
    let statement = parsed(&stored)?;
    let owner = stored.owner;
    let mut conn = app.record.read().await?;
    let anchor = match anchor_of(&mut *conn, owner, statement.ledger.size).await? {
        Some(anchor) => anchor,
        None => {
            drop(conn);
            sign_head(app, owner).await?;
            conn = app.record.read().await?;
            let signed = anchor_of(&mut *conn, owner, statement.ledger.size).await?;
            signed.ok_or_else(|| AppError::Corrupt(format!("{owner} has no head for {id}")))?
        }
    };
    let conn = &mut *conn;
    let size = anchor.size.cast_unsigned();
    let transfers = transfers_of(conn, owner, &statement).await?;
    let earlier = earlier_heads(conn, &stored, anchor.size).await?;
    let sizes = earlier.keys().map(|size| size.cast_unsigned());
    let sizes: Vec<u64> = sizes.chain([statement.ledger.size]).collect();
    let places: Vec<u64> = transfers.iter().map(|it| it.seq.cast_unsigned()).collect();
    let nodes = nodes(conn, owner, size, &places, &sizes).await?;
    let proof = |error| AppError::Corrupt(format!("proof of {id}: {error}"));
    let mut proved = Vec::with_capacity(transfers.len());
    for it in transfers {
        let inclusion = InclusionProof::of(it.seq.cast_unsigned(), size, &nodes).map_err(proof)?;
        proved.push(ProvedTransfer { canonical: it.canonical, inclusion });
    }
    let extends = |older: u64| ConsistencyProof::of(older, size, &nodes).map_err(proof);
    let mut heads = Vec::with_capacity(earlier.len());
    for (older, root) in &earlier {
        let proof = extends(older.cast_unsigned())?;
        heads.push(Earlier { root: TreeHash::from_bytes(*root), proof });
    }
    let signer = HeadSigner::from_seed(app.secrets.tree_key());
    let bytes = stored.statement.into_bytes();
    let file = ProofFile {
        signature: signer.sign_document(&bytes),
        statement: bytes,
        key: signer.key(),
        head: signed_head(owner, &anchor)?,
        extends_statement: extends(statement.ledger.size)?,
        earlier: heads,
        transfers: proved,
    };
    Ok(file.to_bytes())
}

/// The proof that an owner's transfer number `place` is in its tree of `size` transfers.
///
/// # Errors
/// When it lies outside, or a node is missing.
pub async fn inclusion_of(
    conn: &mut dyn Connection,
    owner: OrganisationId,
    place: u64,
    size: u64,
) -> Result<InclusionProof, AppError> {
    let nodes = nodes(conn, owner, size, &[place], &[]).await?;
    InclusionProof::of(place, size, &nodes)
        .map_err(|error| AppError::Corrupt(format!("proof of {owner}: {error}")))
}

/// The first signed head that covers so many transfers.
async fn anchor_of(
    conn: &mut dyn Connection,
    owner: OrganisationId,
    size: u64,
) -> Result<Option<SignedHeadRow>, AppError> {
    let found = ledger::signed_heads_from(conn, owner, size.cast_signed(), 1).await?;
    Ok(found.into_iter().next())
}

fn signed_head(owner: OrganisationId, row: &SignedHeadRow) -> Result<SignedHead, AppError> {
    let signature = row.signature.as_slice().try_into();
    let signature = signature
        .map_err(|_| AppError::Corrupt(format!("signed head of {owner} at {}", row.size)))?;
    let root = TreeHash::from_bytes(row.root);
    let head = TreeHead { owner, size: row.size.cast_unsigned(), root, at: row.at };
    Ok(SignedHead { head, key_id: row.key_id, signature })
}

/// The transfers that the statement's lines name, in the order of booking.
async fn transfers_of(
    conn: &mut dyn Connection,
    owner: OrganisationId,
    statement: &Statement,
) -> Result<Vec<StoredTransfer>, AppError> {
    let wanted: BTreeSet<_> = statement.lines.iter().flat_map(|line| line.transfers()).collect();
    let mut subjects: BTreeSet<[u8; 16]> =
        statement.lines.iter().map(|line| *line.commission.as_bytes()).collect();
    // Releases of earlier payouts carry their payout's bytes.
    subjects.extend(wanted.iter().map(|id| *id.as_bytes()));
    let subjects: Vec<[u8; 16]> = subjects.into_iter().collect();
    let mut found = Vec::with_capacity(wanted.len());
    for batch in subjects.chunks(BATCH) {
        let rows = ledger::transfers_about(conn, owner, batch).await?;
        found.extend(rows.into_iter().filter(|it| wanted.contains(&it.id)));
    }
    found.sort_by_key(|it| it.seq);
    found.dedup_by_key(|it| it.seq);
    if found.len() != wanted.len() {
        let (found, wanted) = (found.len(), wanted.len());
        let detail = format!("{found} of {wanted} transfers of {}", statement.statement);
        return Err(AppError::Corrupt(detail));
    }
    Ok(found)
}

/// The heads that the files of this partner's earlier statements are made against, with those of
/// the statements themselves.
async fn earlier_heads(
    conn: &mut dyn Connection,
    of: &payout::StoredPayout,
    anchor: i64,
) -> Result<BTreeMap<i64, [u8; 32]>, AppError> {
    let viewer = tributary_directory::Viewer::Owner(of.owner);
    let filter = PayoutFilter { partner: Some(of.partner), ..PayoutFilter::default() };
    let mut heads = BTreeMap::new();
    let mut page = PageRequest { limit: u32::MAX, after: Some(*of.id.as_bytes()) };
    let mut seen = 0;
    'pages: loop {
        let found = payout::list_payouts(conn, viewer, &filter, page).await?;
        for it in &found.items {
            if seen == EARLIER_MAX {
                break 'pages;
            }
            seen += 1;
            let own = parsed(it)?.ledger;
            if own.size.cast_signed() < anchor {
                heads.insert(own.size.cast_signed(), own.root.0);
            }
            let signed = anchor_of(conn, of.owner, own.size).await?;
            if let Some(signed) = signed.filter(|it| it.size < anchor) {
                heads.insert(signed.size, signed.root);
            }
        }
        match found.next {
            Some(next) => page.after = Some(next),
            None => break,
        }
    }
    Ok(heads)
}

/// All nodes that the proofs read: kept ones by look-up, lower ones hashed again from the transfers
/// under a kept one.
async fn nodes(
    conn: &mut dyn Connection,
    owner: OrganisationId,
    size: u64,
    places: &[u64],
    older: &[u64],
) -> Result<MemoryNodes, AppError> {
    let range = |error| AppError::Corrupt(format!("proof of {owner}: {error}"));
    let mut wanted: BTreeSet<NodeAddress> = BTreeSet::new();
    for place in places {
        wanted.extend(nodes_for_inclusion(*place, size).map_err(range)?);
    }
    for older in older {
        wanted.extend(nodes_for_consistency(*older, size).map_err(range)?);
    }
    let (kept, low): (Vec<_>, Vec<_>) =
        wanted.into_iter().partition(|at| at.level >= KEPT_LEVEL_LEAST);
    let mut nodes = MemoryNodes::default();
    for batch in kept.chunks(BATCH) {
        let keys: Vec<(u32, i64)> =
            batch.iter().map(|at| (u32::from(at.level), at.index.cast_signed())).collect();
        nodes.extend(ledger::nodes(conn, owner, &keys).await?.into_iter().map(|it| {
            let level = u8::try_from(it.level).unwrap_or(u8::MAX);
            let at = NodeAddress { level, index: it.position.cast_unsigned() };
            CompletedNode { at, hash: TreeHash::from_bytes(it.hash) }
        }));
    }
    let groups: BTreeSet<u64> =
        low.iter().map(|at| at.index >> (KEPT_LEVEL_LEAST - at.level)).collect();
    for group in groups {
        nodes.extend(under(conn, owner, group).await?);
    }
    Ok(nodes)
}

/// The nodes under the kept node number `group`, which is aligned, so that a tree of its own has
/// the same.
async fn under(
    conn: &mut dyn Connection,
    owner: OrganisationId,
    group: u64,
) -> Result<Vec<CompletedNode>, AppError> {
    let first = group << KEPT_LEVEL_LEAST;
    let rows =
        ledger::transfers_from(conn, owner, first.cast_signed(), 1 << KEPT_LEVEL_LEAST).await?;
    let mut tree = Frontier::new();
    let mut found = Vec::new();
    for row in rows {
        for node in tree.append(tributary_ledger::merkle::leaf_hash(&row.canonical)) {
            let NodeAddress { level, index } = node.at;
            let at = NodeAddress { level, index: index + (first >> level) };
            found.push(CompletedNode { at, ..node });
        }
    }
    Ok(found)
}
