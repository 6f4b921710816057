use tributary_directory::{Actor, Permission};
use tributary_kernel::OrganisationId;
use tributary_ledger::merkle::{Frontier, TreeHash};
use tributary_ledger::{HeadSigner, SignedHead, TreeHead};
use tributary_store::engine::Connection;
use tributary_store::ledger::{self, SignedHeadRow};
use tributary_store::{decision, organisation};

use super::VerifyReport;
use super::claims::Claims;
use crate::{App, AppError};

const PAGE_ROWS: u32 = 2_000;

/// Signs the head of an owner's tree as it is now, and keeps it. None when the ledger is empty, or
/// was signed at this size already.
pub async fn sign_head(
    app: &App,
    owner: OrganisationId,
) -> Result<Option<SignedHeadRow>, AppError> {
    let mut tx = app.record.begin().await?;
    let head = decision::head(&mut *tx, owner).await?;
    let head = head.ok_or_else(|| AppError::Corrupt(format!("{owner} has no head")))?;
    let newest = ledger::latest_signed_head(&mut *tx, owner).await?;
    if head.transfer_seq == 0 || newest.is_some_and(|it| it.size >= head.transfer_seq) {
        return Ok(None);
    }
    let frontier = Frontier::from_bytes(&head.frontier)
        .map_err(|error| AppError::Corrupt(format!("head of {owner}: {error}")))?;
    let (size, root, at) = (frontier.size(), frontier.root(), app.now());
    let signed =
        HeadSigner::from_seed(app.secrets.tree_key()).sign(TreeHead { owner, size, root, at });
    let row = SignedHeadRow {
        size: size.cast_signed(),
        root: *root.as_bytes(),
        at,
        key_id: signed.key_id,
        signature: signed.signature.to_vec(),
    };
    ledger::put_signed_head(&mut *tx, owner, &row).await?;
    tx.commit().await?;
    Ok(Some(row))
}

/// The head of an owner's tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LedgerHead {
    /// Transfers in the tree.
    pub size: u64,
    /// Its root.
    pub root: TreeHash,
    /// The newest head that was signed.
    pub signed: Option<SignedHeadRow>,
}

/// The head of an owner's tree as it is now.
///
/// # Errors
/// Without the right to read.
pub async fn ledger_head(
    app: &App,
    actor: &Actor,
    owner: OrganisationId,
) -> Result<LedgerHead, AppError> {
    actor.require(owner, Permission::Read)?;
    let mut conn = app.record.read().await?;
    let head = decision::head(&mut *conn, owner).await?;
    let signed = ledger::latest_signed_head(&mut *conn, owner).await?;
    drop(conn);
    let frontier = match head {
        Some(head) if !head.frontier.is_empty() => Frontier::from_bytes(&head.frontier)
            .map_err(|error| AppError::Corrupt(format!("head of {owner}: {error}")))?,
        _ => Frontier::new(),
    };
    Ok(LedgerHead { size: frontier.size(), root: frontier.root(), signed })
}

/// What a run of the job signed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct SignedHeads {
    /// Heads signed.
    pub signed: u32,
    /// Owners whose ledger had not grown.
    pub unchanged: u32,
}

/// Signs the heads of all owners.
pub async fn sign_heads(app: &App) -> Result<SignedHeads, AppError> {
    let mut conn = app.record.read().await?;
    let owners = organisation::all_organisations(&mut *conn).await?;
    drop(conn);
    let mut report = SignedHeads::default();
    for it in owners {
        match sign_head(app, it.id).await? {
            Some(_) => report.signed += 1,
            None => report.unchanged += 1,
        }
    }
    Ok(report)
}

/// Checks the signatures of kept heads; what they say of the tree becomes claims.
pub(super) async fn claim(
    app: &App,
    conn: &mut dyn Connection,
    owner: OrganisationId,
    claims: &mut Claims,
    report: &mut VerifyReport,
) -> Result<(), AppError> {
    let key = HeadSigner::from_seed(app.secrets.tree_key()).key();
    let mut from = 0;
    loop {
        let page = ledger::signed_heads_from(conn, owner, from, PAGE_ROWS).await?;
        for row in &page {
            report.heads += 1;
            from = row.size + 1;
            let size = row.size.cast_unsigned();
            let subject = format!("{owner} at {size}");
            let head = TreeHead { owner, size, root: TreeHash::from_bytes(row.root), at: row.at };
            match <[u8; 64]>::try_from(row.signature.as_slice()) {
                Ok(signature) => {
                    let signed = SignedHead { head, key_id: row.key_id, signature };
                    if let Err(error) = key.verify(&signed) {
                        report.find("signed_head", &subject, error.to_string());
                    }
                }
                Err(_) => report.find("signed_head", &subject, "a signature has 64 bytes"),
            }
            claims.add(size, row.root, "signed_head", subject);
        }
        if page.len() < PAGE_ROWS as usize {
            return Ok(());
        }
    }
}
