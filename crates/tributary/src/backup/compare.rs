//! What a restored database holds, beside what its backup's manifest says. PostgreSQL's database is
//! brought back by its own tools, after the folder; the folder remembers what belongs to it.

use tributary_store::engine::Engine;
use tributary_store::{decision, touches};

use super::BackupError;
use super::files::hex_digest;
use super::manifest::{Manifest, Place};

/// Whether the databases may have gone on since.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Since {
    /// They are the very state that the manifest describes.
    Nothing,
    /// They were copied, or have served, after it was described: ledgers only grow, and ingest
    /// only goes forward.
    MoreMayBeThere,
}

/// The digest of a ledger's frontier: of ledgers of one length, equal only where all transfers are.
pub(crate) fn digest_of(head: &decision::OwnerHead) -> String {
    hex_digest(&head.frontier)
}

/// What does not agree, in words; nothing when all does.
pub(crate) async fn compare(
    manifest: &Manifest,
    record: &dyn Engine,
    touches: &dyn Engine,
    since: Since,
) -> Result<Vec<String>, BackupError> {
    let mut found = Vec::new();
    let mut conn = record.read().await?;
    for said in &manifest.ledgers {
        let owner = said.organisation;
        let head = decision::head(&mut *conn, owner).await?;
        let Some(head) = head else {
            found.push(format!("{owner} is not in the database, and was in the backup"));
            continue;
        };
        let (has, had) = (head.transfer_seq, said.transfers);
        if has < had || (since == Since::Nothing && has != had) {
            found.push(format!("the ledger of {owner} has {has} transfers, and had {had}"));
        } else if has == had && said.frontier.as_ref().is_some_and(|it| *it != digest_of(&head)) {
            found
                .push(format!("the ledger of {owner} has {has} transfers, but others than it had"));
        }
    }
    drop(conn);
    let mut conn = touches.read().await?;
    let offset = touches::offset(&mut *conn, manifest.node).await?;
    let place = Place { segment: offset.segment, byte: offset.byte };
    let said = manifest.ingested;
    if place < said || (since == Since::Nothing && place != said) {
        found.push(format!(
            "ingest stands at byte {} of segment {}, and stood at byte {} of segment {}",
            place.byte, place.segment, said.byte, said.segment
        ));
    }
    Ok(found)
}
