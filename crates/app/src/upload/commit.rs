//! Recording a file's rows, chunk by chunk.
//!
//! **Invariant.** How far a file has come and what became of its rows are written in the transaction
//! that decides them; whoever finds that the file has been moved on by somebody else rolls back. So
//! a row is decided once, however often the job is stopped and whoever goes on.

use std::sync::Mutex;

use async_trait::async_trait;
use tributary_directory::Actor;
use tributary_kernel::{Refusal, Zone};
use tributary_store::engine::Connection;
use tributary_store::upload::{self, StoredUpload, UploadResult, UploadState, change_upload};

use super::adjusted::carry_out;
use super::check::{conflict, note_of, waits};
use super::chunk::opened;
use super::counts::{Counts, Issue, Note, RowOutcome, notes_text, outcomes_in};
use super::customers::match_customers;
use super::given::{Given, ReadRow};
use super::stages;
use super::work::{Bench, CHUNKS_PER_TURN};
use crate::conversion::{ReportOutcome, Submission, Tail, decide_with, may_be_one_report};
use crate::{App, AppError};

/// Adjustments or steps carried out before what became of them is written.
const ADJUSTED_PER_PIECE: usize = 50;

/// Somebody else has changed the file meanwhile: nothing of ours is written.
pub(super) fn lost() -> AppError {
    Refusal::conflict("upload_changed", "This upload was changed meanwhile.").into()
}

/// Records rows of a file, at most some chunks of them; tells how many.
pub(super) async fn record_rows(
    app: &App,
    mut stored: StoredUpload,
    stop: &(dyn Fn() -> bool + Sync),
) -> Result<u32, AppError> {
    let bench = Bench::of(app, &stored).await?;
    let actor = super::actor::of(&stored)?;
    let begun = stored.done;
    for _ in 0..CHUNKS_PER_TURN {
        if stored.state != UploadState::Committing || stop() {
            break;
        }
        let mut conn = app.record.read().await?;
        let chunk = upload::chunk_from(&mut *conn, &stored, stored.done, None).await?;
        let Some(chunk) = chunk else {
            return Err(AppError::Corrupt(format!("{} lacks rows", stored.id)));
        };
        let reader = bench.reader(app, &stored);
        let kept = opened(app, &stored, &chunk)?;
        let mut rows: Vec<ReadRow> = kept
            .iter()
            .zip(chunk.first_row..)
            .filter(|(_, row)| *row >= stored.done)
            .map(|(row, _)| reader.read(row))
            .collect();
        let of = (stored.owner, stored.program);
        let matched = match_customers(app, &mut *conn, of, &mut rows).await?;
        drop(conn);
        let again = stored.done == begun;
        let work =
            Work { app, actor: &actor, zone: &bench.zone, chunk_first: chunk.first_row, again };
        stored = match stored.kind {
            upload::UploadKind::Conversions => work.report(stored, &rows, matched).await?,
            _ => work.adjust(stored, &rows).await?,
        };
    }
    Ok(stored.done - begun)
}

/// What the pieces of a chunk share.
struct Work<'a> {
    app: &'a App,
    actor: &'a Actor,
    zone: &'a Zone,
    /// The first row of the chunk.
    chunk_first: u32,
    /// Whether its first rows may have been carried out before a stop.
    again: bool,
}

impl Work<'_> {
    /// Decides the rows of a chunk together; when the database does not take that, in halves, down
    /// to the one row that it does not take.
    async fn report(
        &self,
        mut stored: StoredUpload,
        mut rows: &[ReadRow],
        mut matched: u32,
    ) -> Result<StoredUpload, AppError> {
        let mut size = rows.len();
        while !rows.is_empty() {
            size = size.min(rows.len());
            let piece = Piece {
                work: self,
                was: &stored,
                rows: &rows[..size],
                matched,
                ends: size == rows.len(),
                written: Mutex::default(),
            };
            let group = piece.submissions();
            let decided = match group.is_empty() {
                true => piece.write_alone(&piece.notes(&[])?).await,
                false => decide_with(self.app, &group, &piece).await.map(|_| ()),
            };
            match decided {
                Ok(()) => {}
                Err(error) if may_be_one_report(&error) && !is_refusal(&error) && size > 1 => {
                    tracing::warn!(upload = %stored.id, rows = size, %error, "upload.piece_split");
                    size = size.div_ceil(2);
                    continue;
                }
                Err(error) if may_be_one_report(&error) && !is_refusal(&error) => {
                    tracing::error!(upload = %stored.id, line = rows[0].line, %error, "upload.row_failed");
                    let note = note_of(&rows[0], RowOutcome::Failed, None, Vec::new());
                    piece.write_alone(&[note]).await?;
                }
                Err(error) => return Err(error),
            }
            let next = piece.into_written()?;
            (stored, rows, matched) = (next, &rows[size..], 0);
            size *= 2;
        }
        Ok(stored)
    }

    /// Adjustments and steps of leads have transactions of their own.
    async fn adjust(
        &self,
        mut stored: StoredUpload,
        rows: &[ReadRow],
    ) -> Result<StoredUpload, AppError> {
        let mut rest = rows.len();
        for (place, rows) in rows.chunks(ADJUSTED_PER_PIECE).enumerate() {
            rest -= rows.len();
            let again = self.again && place == 0;
            let notes = match stored.kind {
                upload::UploadKind::Stages => {
                    let with = (self.zone, again);
                    stages::carry_out(self.app, self.actor, &stored, rows, with).await?
                }
                _ => carry_out(self.app, self.actor, &stored, rows).await?,
            };
            let piece = Piece {
                work: self,
                was: &stored,
                rows,
                matched: stages::matched_in(rows, &notes),
                ends: rest == 0,
                written: Mutex::default(),
            };
            piece.write_alone(&notes).await?;
            stored = piece.into_written()?;
        }
        Ok(stored)
    }
}

const fn is_refusal(error: &AppError) -> bool {
    matches!(error, AppError::Refused(_))
}

/// Rows that are recorded together.
struct Piece<'a> {
    work: &'a Work<'a>,
    was: &'a StoredUpload,
    rows: &'a [ReadRow],
    matched: u32,
    /// Whether the chunk ends with them.
    ends: bool,
    /// The file as it stands after them.
    written: Mutex<Option<StoredUpload>>,
}

impl Piece<'_> {
    fn submissions(&self) -> Vec<Submission> {
        let one = |row: &ReadRow| match &row.given {
            Ok(Given::Report(report)) => Some(Submission {
                actor: self.work.actor.clone(),
                owner: self.was.owner,
                report: (**report).clone(),
            }),
            _ => None,
        };
        self.rows.iter().filter_map(one).collect()
    }

    /// What became of the rows, of which those that report have these outcomes.
    fn notes(&self, outcomes: &[ReportOutcome]) -> Result<Vec<Note>, AppError> {
        let mut outcomes = outcomes.iter();
        let one = |row: &ReadRow| match &row.given {
            Err(issues) => Ok(note_of(row, RowOutcome::Refused, None, issues.clone())),
            Ok(_) => {
                let missing = || AppError::Corrupt("a row has no outcome".to_owned());
                Ok(note_of_outcome(row, outcomes.next().ok_or_else(missing)?))
            }
        };
        self.rows.iter().map(one).collect()
    }

    async fn write_alone(&self, notes: &[Note]) -> Result<(), AppError> {
        crate::app::with_retries(|| async {
            let mut tx = self.work.app.record.begin().await?;
            self.write_in(&mut *tx, notes.to_vec()).await?;
            tx.commit().await?;
            Ok(())
        })
        .await
    }

    /// Writes what became of the rows, and how far the file has come with them.
    async fn write_in(
        &self,
        conn: &mut dyn Connection,
        mut notes: Vec<Note>,
    ) -> Result<(), AppError> {
        let (app, was) = (self.work.app, self.was);
        let mut counts = Counts::of(was)?;
        for (note, row) in notes.iter_mut().zip(was.done..) {
            note.row = row;
            counts.add(note);
        }
        counts.matched += self.matched;
        let rows = u32::try_from(notes.len()).unwrap_or(u32::MAX);
        let done = was.done + rows;
        let mut it = StoredUpload { done, counts: counts.to_text(), ..was.clone() };
        let result = UploadResult { first_row: was.done, rows, notes: notes_text(&notes) };
        upload::insert_result(conn, was, &result, &outcomes_in(&notes)).await?;
        if self.ends {
            upload::delete_chunk(conn, was, self.work.chunk_first).await?;
        }
        if done == was.rows {
            it.state = UploadState::Committed;
            it.finished_at = Some(app.now());
            it.rows_gone = true;
            let detail = serde_json::json!({ "outcomes": counts.outcomes });
            let actor = self.work.actor;
            app.audit_in(conn, was.owner, actor, "upload.finished", was.id, &detail).await?;
        }
        if !change_upload(conn, was, &it).await? {
            return Err(lost());
        }
        *self.written.lock().expect("nothing panics while it is held") = Some(it);
        Ok(())
    }

    fn into_written(self) -> Result<StoredUpload, AppError> {
        let written = self.written.into_inner().expect("nothing panics while it is held");
        written.ok_or_else(|| AppError::Corrupt("rows were not written".to_owned()))
    }
}

#[async_trait]
impl Tail for Piece<'_> {
    async fn write(
        &self,
        conn: &mut dyn Connection,
        outcomes: &[ReportOutcome],
    ) -> Result<(), AppError> {
        self.write_in(conn, self.notes(outcomes)?).await
    }
}

fn note_of_outcome(row: &ReadRow, outcome: &ReportOutcome) -> Note {
    match outcome {
        ReportOutcome::Applied(id) => {
            note_of(row, RowOutcome::Applied, Some(id.to_string()), Vec::new())
        }
        ReportOutcome::Duplicate(id) => {
            note_of(row, RowOutcome::Duplicate, Some(id.to_string()), Vec::new())
        }
        ReportOutcome::Quarantined { id, reason } if reason == "conflict" => {
            note_of(row, RowOutcome::Conflict, Some(id.to_string()), vec![conflict()])
        }
        ReportOutcome::Quarantined { id, reason } => {
            note_of(row, RowOutcome::Quarantined, Some(id.to_string()), vec![waits(reason)])
        }
        ReportOutcome::Refused(refusal) => {
            note_of(row, RowOutcome::Refused, None, Issue::all_of(refusal))
        }
        ReportOutcome::Failed(_) => note_of(row, RowOutcome::Failed, None, Vec::new()),
    }
}
