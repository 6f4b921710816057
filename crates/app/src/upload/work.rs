//! The job that goes through files: one after the other, a little of each at a time.

use tributary_directory::Program;
use tributary_kernel::{OrganisationId, ProgramId, UploadId, Zone};
use tributary_store::upload::{self, StoredUpload, UploadState};
use tributary_store::{organisation, program};

use super::Mapping;
use super::change::forget_rows;
use super::check::check_upload;
use super::commit::record_rows;
use super::given::RowReader;
use super::receive::RECEIVING_SECONDS_MAX;
use crate::{App, AppError};

/// Days for which rows are kept that nobody commits.
pub const ROWS_KEPT_DAYS: i64 = 14;
/// Rows of a file that its sender waits for.
const HURRIED_ROWS_MAX: u32 = 1_000;
/// Files taken up in one run.
const FILES_PER_RUN: u32 = 20;
/// Chunks of one file recorded before the next file has its turn.
pub(super) const CHUNKS_PER_TURN: u32 = 40;

/// What a run of the job did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct UploadWork {
    /// Rows that were looked at.
    pub checked: u32,
    /// Rows that were dealt with for good.
    pub recorded: u32,
    /// Files whose rows were forgotten.
    pub forgotten: u32,
    /// Files that a fault stopped.
    pub failed: u32,
}

impl UploadWork {
    /// Whether there was something to do, so that it is worth looking again at once.
    #[must_use]
    pub const fn was_busy(&self) -> bool {
        self.checked > 0 || self.recorded > 0
    }
}

/// Looks at, or records, rows of files that wait for it. `stop` is asked between chunks: what is
/// left is taken up by the next run, in this process or another.
///
/// # Errors
/// The fault of a database that is away. Another fault of one file is logged, and the others go on.
pub async fn work_uploads(
    app: &App,
    stop: &(dyn Fn() -> bool + Sync),
) -> Result<UploadWork, AppError> {
    let mut done = UploadWork::default();
    let mut conn = app.record.read().await?;
    let waiting = upload::uploads_at_work(&mut *conn, FILES_PER_RUN).await?;
    drop(conn);
    for stored in waiting {
        if stop() {
            return Ok(done);
        }
        let id = stored.id;
        let result = match stored.state {
            // A decision keeps much at hand while it waits: on the heap, not within this future.
            UploadState::Committing => Box::pin(record_rows(app, stored, stop)).await.map(|rows| {
                done.recorded += rows;
            }),
            _ => Box::pin(check_upload(app, stored, stop)).await.map(|rows| done.checked += rows),
        };
        match result {
            // Somebody has changed it meanwhile: the next run sees how it stands.
            Ok(()) | Err(AppError::Refused(_)) => {}
            Err(error) if error.is_passing() => return Err(error),
            Err(error) => {
                done.failed += 1;
                tracing::error!(upload = %id, %error, "upload.work_failed");
            }
        }
    }
    done.forgotten = forget_old(app).await?;
    Ok(done)
}

/// Deals with a short file at once, so that whoever has just sent it sees what becomes of it. Longer
/// ones, and what cannot be done now, are the job's.
///
/// # Errors
/// Not found, or a fault.
pub async fn hurry_upload(
    app: &App,
    (owner, program, id): (OrganisationId, ProgramId, UploadId),
) -> Result<(), AppError> {
    for _ in 0..HURRIED_ROWS_MAX {
        let stored = super::read::found(app, owner, program, id).await?;
        if stored.rows > HURRIED_ROWS_MAX {
            return Ok(());
        }
        let result = match stored.state {
            UploadState::Checking => Box::pin(check_upload(app, stored, &|| false)).await,
            UploadState::Committing => Box::pin(record_rows(app, stored, &|| false)).await,
            _ => return Ok(()),
        };
        match result {
            Ok(_) => {}
            // The job has taken it up at the same time.
            Err(AppError::Refused(_)) => return Ok(()),
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

/// Rows that nobody wants recorded go after some days, those of cancelled files at once.
async fn forget_old(app: &App) -> Result<u32, AppError> {
    let now = app.now();
    let mut conn = app.record.read().await?;
    let before = now.plus_days(-ROWS_KEPT_DAYS);
    let mut old = upload::old_uploads(&mut *conn, before, FILES_PER_RUN).await?;
    let abandoned = now.plus_seconds(-RECEIVING_SECONDS_MAX);
    old.extend(upload::abandoned_uploads(&mut *conn, abandoned, FILES_PER_RUN).await?);
    drop(conn);
    let mut forgotten = 0;
    for was in old {
        let it = StoredUpload {
            state: UploadState::Cancelled,
            finished_at: Some(was.finished_at.unwrap_or(now)),
            ..was.clone()
        };
        let mut tx = app.record.begin().await?;
        let changed = upload::change_upload(&mut *tx, &was, &it).await?;
        tx.commit().await?;
        if changed {
            forget_rows(app, &it).await?;
            forgotten += 1;
        }
    }
    Ok(forgotten)
}

/// What the rows of one file are read with.
pub(super) struct Bench {
    pub(super) program: Program,
    home: String,
    pub(super) zone: Zone,
    pub(super) mapping: Mapping,
}

impl Bench {
    pub(super) async fn of(app: &App, stored: &StoredUpload) -> Result<Self, AppError> {
        let corrupt = |what: String| AppError::Corrupt(format!("{}: {what}", stored.id));
        let mut conn = app.record.read().await?;
        let found = program::by_ids(&mut *conn, &[stored.program]).await?.into_iter().next();
        let program = found.ok_or_else(|| corrupt(format!("{} is missing", stored.program)))?;
        let zone = Zone::named(&program.terms.time_zone)
            .map_err(|error| corrupt(format!("{}: {error}", program.id)))?;
        let owner = organisation::find(&mut *conn, stored.owner).await?;
        let home = owner.ok_or_else(|| corrupt(format!("{} is missing", stored.owner)))?.country;
        let mapping = super::read::mapping_of(stored)?;
        let mapping = mapping.ok_or_else(|| corrupt("it has no mapping".to_owned()))?;
        Ok(Self { program, home, zone, mapping })
    }

    pub(super) fn reader<'a>(&'a self, app: &'a App, stored: &StoredUpload) -> RowReader<'a> {
        RowReader {
            app,
            owner: stored.owner,
            program: stored.program,
            currency: self.program.terms.currency,
            home: &self.home,
            zone: &self.zone,
            kind: stored.kind,
            mapping: &self.mapping,
            now: app.now(),
        }
    }
}
