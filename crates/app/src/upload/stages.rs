//! Rows that say what stage a lead came to.

use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};

use tributary_directory::Actor;
use tributary_kernel::{LeadId, OrganisationId, ProgramId, Refusal, Timestamp, Zone};
use tributary_store::engine::Connection;
use tributary_store::lead::StoredLead;
use tributary_store::upload::StoredUpload;

use super::Field;
use super::check::note_of;
use super::counts::{Issue, Note, RowOutcome};
use super::given::{Given, ReadRow, StageRow};
use crate::leads::{
    Candidates, Followed, LeadSettings, Taken, Told, Unclear, advance_lead, needed_in,
};
use crate::{App, AppError};

/// How often a step is tried against somebody who changes the lead at the same moment.
const TRIES_MAX: usize = 3;

/// Leads as they would stand after the rows before.
#[derive(Default)]
pub(super) struct Steps(HashMap<LeadId, Followed>);

/// Rows whose lead was found by company or mail address.
pub(super) fn matched_in(rows: &[ReadRow], notes: &[Note]) -> u32 {
    let matched = |(row, note): &(&ReadRow, &Note)| {
        row_of(row).is_some_and(|it| it.told.lead.is_none()) && note.subject.is_some()
    };
    u32::try_from(rows.iter().zip(notes).filter(matched).count()).unwrap_or(u32::MAX)
}

fn row_of(row: &ReadRow) -> Option<&StageRow> {
    match &row.given {
        Ok(Given::Stage(it)) => Some(it),
        _ => None,
    }
}

async fn candidates(
    conn: &mut dyn Connection,
    of: (OrganisationId, ProgramId),
    rows: &[ReadRow],
) -> Result<Candidates, AppError> {
    let told: Vec<&Told> = rows.iter().filter_map(|row| Some(&row_of(row)?.told)).collect();
    Candidates::read(conn, of, &told).await
}

/// What is foreseen of rows that tell stages, each with its place.
pub(super) async fn foresee_stages(
    conn: &mut dyn Connection,
    of: (OrganisationId, ProgramId),
    rows: &[ReadRow],
    (zone, now): (&Zone, Timestamp),
    steps: &mut Steps,
) -> Result<Vec<(usize, Note)>, AppError> {
    if !rows.iter().any(|row| row_of(row).is_some()) {
        return Ok(Vec::new());
    }
    let settings = match needed_in(conn, of.0, of.1).await {
        Ok(settings) => Ok(settings),
        Err(AppError::Refused(refusal)) => Err(refusal),
        Err(fault) => return Err(fault),
    };
    let found = candidates(conn, of, rows).await?;
    let mut notes = Vec::new();
    for (place, row) in rows.iter().enumerate() {
        let Some(it) = row_of(row) else { continue };
        let note = match (&settings, found.one(&it.told)) {
            (Err(refusal), _) => refused(row, None, refusal),
            (_, Err(unclear)) => note_of(row, RowOutcome::Refused, None, vec![issue_of(unclear)]),
            (Ok(settings), Ok(lead)) => {
                let followed = match steps.0.entry(lead.id) {
                    Entry::Occupied(known) => known.into_mut(),
                    Entry::Vacant(free) => free.insert(Followed::read(conn, lead).await?),
                };
                foreseen(row, it, followed, settings, (zone, now))?
            }
        };
        notes.push((place, note));
    }
    Ok(notes)
}

fn foreseen(
    row: &ReadRow,
    it: &StageRow,
    followed: &mut Followed,
    settings: &LeadSettings,
    (zone, now): (&Zone, Timestamp),
) -> Result<Note, AppError> {
    let subject = Some(followed.lead.id.to_string());
    if let Some(taken) = followed.taken(&settings.pipeline, &it.step, zone) {
        return Ok(known(row, subject, taken));
    }
    match followed.take(settings, &it.step, now) {
        Ok(()) => Ok(note_of(row, RowOutcome::Ready, subject, Vec::new())),
        Err(AppError::Refused(refusal)) => Ok(refused(row, subject, &refusal)),
        Err(fault) => Err(fault),
    }
}

fn known(row: &ReadRow, subject: Option<String>, taken: Taken) -> Note {
    let issues = match taken {
        Taken::Move(_) => Vec::new(),
        Taken::Passed => {
            let detail = "The lead had come further before this row: sort a file by date, the \
                          oldest first.";
            vec![Issue::new(Some(Field::Stage), "came_further", detail)]
        }
    };
    note_of(row, RowOutcome::Duplicate, subject, issues)
}

fn refused(row: &ReadRow, subject: Option<String>, refusal: &Refusal) -> Note {
    note_of(row, RowOutcome::Refused, subject, Issue::all_of(refusal))
}

fn issue_of(unclear: Unclear) -> Issue {
    let (code, detail) = match unclear {
        Unclear::Unknown => (
            "lead_unknown",
            "No lead of this program is known by this: register it first, or mend the row.",
        ),
        Unclear::NotAccepted => {
            ("lead_not_registered", "This lead is not accepted: answer it first.")
        }
        Unclear::Several => (
            "lead_ambiguous",
            "Several leads of this program are known by this: add a column with the lead's id.",
        ),
    };
    Issue::new(Some(Field::LeadId), code, detail)
}

/// Takes the steps of rows, each in a transaction of its own. `again`: the rows may have been
/// carried out before a stop, so that what was told since the file was committed is theirs.
pub(super) async fn carry_out(
    app: &App,
    actor: &Actor,
    stored: &StoredUpload,
    rows: &[ReadRow],
    (zone, again): (&Zone, bool),
) -> Result<Vec<Note>, AppError> {
    let of = (stored.owner, stored.program);
    let mut conn = app.record.read().await?;
    let found = candidates(&mut *conn, of, rows).await?;
    drop(conn);
    let since = stored.committed_at.filter(|_| again);
    let mut own: HashSet<(LeadId, usize)> = HashSet::new();
    let mut notes = Vec::with_capacity(rows.len());
    for row in rows {
        let note = match &row.given {
            Err(issues) => note_of(row, RowOutcome::Refused, None, issues.clone()),
            Ok(Given::Report(_) | Given::Adjust(_)) => {
                return Err(AppError::Corrupt(format!("{} tells no stages", stored.id)));
            }
            Ok(Given::Stage(it)) => match found.one(&it.told) {
                Err(unclear) => note_of(row, RowOutcome::Refused, None, vec![issue_of(unclear)]),
                Ok(lead) => {
                    let run = Run { app, actor, zone, since };
                    run.one(row, it, lead, &mut own).await?
                }
            },
        };
        notes.push(note);
    }
    Ok(notes)
}

/// What rows are carried out with.
struct Run<'a> {
    app: &'a App,
    actor: &'a Actor,
    zone: &'a Zone,
    /// Steps told since then are of the rows' own earlier try.
    since: Option<Timestamp>,
}

impl Run<'_> {
    async fn one(
        &self,
        row: &ReadRow,
        it: &StageRow,
        lead: &StoredLead,
        own: &mut HashSet<(LeadId, usize)>,
    ) -> Result<Note, AppError> {
        let subject = Some(lead.id.to_string());
        let mut tries = 0;
        loop {
            let mut conn = self.app.record.read().await?;
            let settings = needed_in(&mut *conn, lead.owner, lead.program).await?;
            let followed = Followed::read(&mut *conn, lead).await?;
            drop(conn);
            if let Some(taken) = followed.taken(&settings.pipeline, &it.step, self.zone) {
                let ours = self.since.zip(place_of(taken)).is_some_and(|(since, place)| {
                    followed.told_at(place).is_some_and(|told| told >= since)
                        && own.insert((lead.id, place))
                });
                return Ok(match ours {
                    true => note_of(row, RowOutcome::Applied, subject, Vec::new()),
                    false => known(row, subject, taken),
                });
            }
            let taken = advance_lead(self.app, self.actor, lead.owner, lead.id, it.step.clone());
            tries += 1;
            return match taken.await {
                Ok(_) => {
                    own.insert((lead.id, followed.moves()));
                    Ok(note_of(row, RowOutcome::Applied, subject, Vec::new()))
                }
                Err(AppError::Refused(it)) if it.code == "lead_changed" && tries < TRIES_MAX => {
                    continue;
                }
                Err(AppError::Refused(refusal)) => Ok(refused(row, subject, &refusal)),
                Err(error) if error.is_passing() => Err(error),
                Err(error) => {
                    tracing::error!(lead = %lead.id, %error, "upload.row_failed");
                    Ok(note_of(row, RowOutcome::Failed, subject, Vec::new()))
                }
            };
        }
    }
}

const fn place_of(taken: Taken) -> Option<usize> {
    match taken {
        Taken::Move(place) => Some(place),
        Taken::Passed => None,
    }
}
