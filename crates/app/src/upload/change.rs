//! What a person says of a file: what its columns are, that its rows are to be recorded, that no
//! more is wanted of it.

use tributary_directory::{Actor, Permission};
use tributary_kernel::{OrganisationId, ProgramId, Refusal, UploadId};
use tributary_store::upload::{self, StoredUpload, UploadState, change_upload};

use super::counts::{Counts, RowOutcome};
use super::mapping::Mapping;
use super::read::{Upload, found, header_of, shown};
use crate::error::refuse_if_any;
use crate::{App, AppError};

/// Chunks forgotten in one transaction.
const FORGOTTEN_PER_TURN: u32 = 100;
/// How often a change is tried against a job that goes on meanwhile.
const TRIES_MAX: usize = 50;

/// Where a file is.
type Place = (OrganisationId, ProgramId, UploadId);

/// What a change makes of a file as it stands: none, when it is so already.
type Made = Result<Option<(StoredUpload, &'static str, serde_json::Value)>, AppError>;

/// Changes a file in one transaction, again as long as a job changes it at the same time.
async fn change(
    app: &App,
    actor: &Actor,
    (owner, program, id): Place,
    with: impl Fn(&StoredUpload) -> Made,
) -> Result<StoredUpload, AppError> {
    actor.require(owner, Permission::Report)?;
    for _ in 0..TRIES_MAX {
        let was = found(app, owner, program, id).await?;
        let Some((it, action, detail)) = with(&was)? else { return Ok(was) };
        let mut tx = app.record.begin().await?;
        if !change_upload(&mut *tx, &was, &it).await? {
            continue;
        }
        if action == MAPPED {
            upload::put_mapping(&mut *tx, &it, app.now()).await?;
        }
        app.audit_in(&mut *tx, owner, actor, action, id, &detail).await?;
        tx.commit().await?;
        return Ok(it);
    }
    Err(changed().into())
}

fn changed() -> Refusal {
    Refusal::conflict("upload_changed", "This upload was changed meanwhile: look at it again.")
}

const MAPPED: &str = "upload.mapped";

/// Says what a file's columns are; its rows are looked at again. Remembered for the program's next
/// file with the same header.
///
/// # Errors
/// Without the right to report; not found; what is wrong with the mapping; `upload_settled` once it
/// is recorded or cancelled.
pub async fn map_upload(
    app: &App,
    actor: &Actor,
    place: Place,
    mapping: Mapping,
) -> Result<Upload, AppError> {
    let with = |was: &StoredUpload| -> Made {
        let open = [UploadState::Mapping, UploadState::Checking, UploadState::Checked];
        if !open.contains(&was.state) || was.rows_gone {
            return Err(settled().into());
        }
        refuse_if_any(mapping.errors(was.kind, header_of(was)?.len()))?;
        let it = StoredUpload {
            state: UploadState::Checking,
            mapping: mapping.to_text(),
            version: was.version + 1,
            done: 0,
            counts: Counts::default().to_text(),
            ..was.clone()
        };
        let detail = serde_json::json!({ "columns": mapping.columns });
        Ok(Some((it, MAPPED, detail)))
    };
    shown(app, change(app, actor, place, with).await?).await
}

fn settled() -> Refusal {
    let detail = "This upload is recorded or cancelled already: send the file again.";
    Refusal::conflict("upload_settled", detail)
}

/// Has a file's rows recorded, by a job that goes on whatever happens. `version` is that of the
/// mapping whose preview was looked at. Said again, it changes nothing.
///
/// # Errors
/// Without the right to report; not found; `upload_not_checked`; `upload_changed` for another
/// version; `nothing_ready`; `upload_settled` once it is cancelled.
pub async fn commit_upload(
    app: &App,
    actor: &Actor,
    place: Place,
    version: Option<u32>,
) -> Result<Upload, AppError> {
    let by = super::actor::kept(actor)?;
    let with = |was: &StoredUpload| -> Made {
        match was.state {
            UploadState::Committing | UploadState::Committed => return Ok(None),
            UploadState::Cancelled => return Err(settled().into()),
            UploadState::Checked => {}
            UploadState::Receiving | UploadState::Mapping | UploadState::Checking => {
                let detail = "Its rows have not all been looked at yet.";
                return Err(Refusal::conflict("upload_not_checked", detail).into());
            }
        }
        if version.is_some_and(|it| it != was.version) {
            return Err(changed().into());
        }
        let counts = Counts::of(was)?;
        if counts.count(RowOutcome::Ready)
            + counts.count(RowOutcome::Conflict)
            + counts.count(RowOutcome::Quarantined)
            == 0
        {
            let detail = "No row of this file would change anything.";
            return Err(Refusal::conflict("nothing_ready", detail).into());
        }
        let it = StoredUpload {
            state: UploadState::Committing,
            done: 0,
            counts: Counts::default().to_text(),
            preview: Some(was.counts.clone()),
            committed_by: Some(by.clone()),
            committed_at: Some(app.now()),
            ..was.clone()
        };
        let detail = serde_json::json!({ "rows": it.rows, "preview": counts.outcomes });
        Ok(Some((it, "upload.committed", detail)))
    };
    shown(app, change(app, actor, place, with).await?).await
}

/// Wants no more of a file: what was recorded stays, the rest is not, and its rows are forgotten.
///
/// # Errors
/// Without the right to report; not found; `upload_settled` once all of it is recorded.
pub async fn cancel_upload(app: &App, actor: &Actor, place: Place) -> Result<Upload, AppError> {
    let with = |was: &StoredUpload| -> Made {
        match was.state {
            UploadState::Cancelled => return Ok(None),
            UploadState::Committed => return Err(settled().into()),
            _ => {}
        }
        let it = StoredUpload {
            state: UploadState::Cancelled,
            finished_at: Some(app.now()),
            ..was.clone()
        };
        let detail = serde_json::json!({ "rows": it.rows, "done": it.done });
        Ok(Some((it, "upload.cancelled", detail)))
    };
    let stored = change(app, actor, place, with).await?;
    shown(app, forget_rows(app, &stored).await?).await
}

/// Forgets the rows of a file that nothing is done with any more.
pub(super) async fn forget_rows(
    app: &App,
    stored: &StoredUpload,
) -> Result<StoredUpload, AppError> {
    loop {
        let mut tx = app.record.begin().await?;
        let gone = upload::delete_chunks(&mut *tx, stored, FORGOTTEN_PER_TURN).await?;
        tx.commit().await?;
        if gone < u64::from(FORGOTTEN_PER_TURN) {
            break;
        }
    }
    let it = StoredUpload { rows_gone: true, ..stored.clone() };
    let mut tx = app.record.begin().await?;
    change_upload(&mut *tx, stored, &it).await?;
    tx.commit().await?;
    Ok(it)
}
