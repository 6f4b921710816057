//! Looking at a file's rows: what would become of each, if it were recorded now. Nothing is.

use std::collections::HashMap;

use tributary_directory::Actor;
use tributary_kernel::ConversionId;
use tributary_store::upload::{self, StoredUpload, UploadState, change_upload};

use super::Field;
use super::adjusted::{Subjects, foresee_adjustments};
use super::chunk::opened;
use super::counts::{Counts, Issue, Note, RowOutcome, notes_text, outcomes_in};
use super::customers::match_customers;
use super::given::{Given, ReadRow};
use super::stages::{Steps, foresee_stages, matched_in};
use super::work::Bench;
use crate::conversion::{Foreseen, ReportConversion, foresee};
use crate::secrets::sha256;
use crate::{App, AppError};

/// Rows of the file that would be facts, by what they are about: the same again is a duplicate, or
/// contradicts it.
#[derive(Default)]
pub(super) struct Seen(HashMap<[u8; 16], (i64, Option<i64>)>);

/// How a fact of this file compares with those before it.
enum Before {
    New,
    Same,
    Other,
}

impl Seen {
    fn meet(&mut self, it: &ReportConversion) -> Before {
        let key = sha256(format!("{}\0{}", it.kind, it.order_id.trim()).as_bytes());
        let mut short = [0; 16];
        short.copy_from_slice(&key[..16]);
        let own = (it.amount.map_or(0, |it| it.minor), it.net_amount.map(|it| it.minor));
        match self.0.get(&short) {
            None => {
                self.0.insert(short, own);
                Before::New
            }
            Some((amount, net)) => {
                let same_net = own.1.is_none() || net.is_none() || own.1 == *net;
                if *amount == own.0 && same_net { Before::Same } else { Before::Other }
            }
        }
    }
}

/// Looks at all rows of a file; tells how many. Whatever another run had found is found anew: what
/// it had seen of the file is in no table.
pub(super) async fn check_upload(
    app: &App,
    stored: StoredUpload,
    stop: &(dyn Fn() -> bool + Sync),
) -> Result<u32, AppError> {
    let bench = Bench::of(app, &stored).await?;
    let mut stored = from_the_start(app, stored).await?;
    let (mut seen, mut subjects) = (Seen::default(), Subjects::default());
    let mut steps = Steps::default();
    let mut counts = Counts::default();
    let mut looked_at = 0;
    while stored.state == UploadState::Checking && !stop() {
        let mut conn = app.record.read().await?;
        let chunk = upload::chunk_from(&mut *conn, &stored, stored.done, None).await?;
        let Some(chunk) = chunk else {
            return Err(AppError::Corrupt(format!("{} lacks rows", stored.id)));
        };
        let reader = bench.reader(app, &stored);
        let mut rows: Vec<ReadRow> =
            opened(app, &stored, &chunk)?.iter().map(|row| reader.read(row)).collect();
        let of = (stored.owner, stored.program);
        counts.matched += match_customers(app, &mut *conn, of, &mut rows).await?;
        let mut notes = foresee_reports(app, &mut *conn, &stored, &rows, &mut seen).await?;
        notes.extend(foresee_adjustments(&mut *conn, of, &rows, &mut subjects).await?);
        let when = (&bench.zone, app.now());
        notes.extend(foresee_stages(&mut *conn, of, &rows, when, &mut steps).await?);
        drop(conn);
        notes.sort_by_key(|(place, _)| *place);
        let notes: Vec<Note> = notes
            .into_iter()
            .zip(chunk.first_row..)
            .map(|((_, note), row)| Note { row, ..note })
            .collect();
        notes.iter().for_each(|note| counts.add(note));
        counts.matched += matched_in(&rows, &notes);
        stored = keep(app, stored, &chunk, notes, &counts).await?;
        looked_at += chunk.rows;
    }
    Ok(looked_at)
}

async fn from_the_start(app: &App, was: StoredUpload) -> Result<StoredUpload, AppError> {
    if was.done == 0 {
        return Ok(was);
    }
    let it = StoredUpload { done: 0, counts: Counts::default().to_text(), ..was.clone() };
    let mut tx = app.record.begin().await?;
    if !change_upload(&mut *tx, &was, &it).await? {
        return Err(super::commit::lost());
    }
    tx.commit().await?;
    Ok(it)
}

/// Keeps what was found of a chunk. Of rows that are ready there is nothing to say.
async fn keep(
    app: &App,
    was: StoredUpload,
    chunk: &upload::UploadChunk,
    mut notes: Vec<Note>,
    counts: &Counts,
) -> Result<StoredUpload, AppError> {
    let outcomes = outcomes_in(&notes);
    notes.retain(|it| it.outcome != RowOutcome::Ready);
    let done = chunk.first_row + chunk.rows;
    let state = if done < was.rows { UploadState::Checking } else { UploadState::Checked };
    let it = StoredUpload { done, state, counts: counts.to_text(), ..was.clone() };
    let mut tx = app.record.begin().await?;
    let text = notes_text(&notes);
    upload::note_chunk(&mut *tx, &was, chunk.first_row, &text, &outcomes).await?;
    if !change_upload(&mut *tx, &was, &it).await? {
        return Err(super::commit::lost());
    }
    tx.commit().await?;
    Ok(it)
}

/// What is foreseen of rows that report, and of those that cannot be read, each with its place.
async fn foresee_reports(
    app: &App,
    conn: &mut dyn tributary_store::engine::Connection,
    stored: &StoredUpload,
    rows: &[ReadRow],
    seen: &mut Seen,
) -> Result<Vec<(usize, Note)>, AppError> {
    let reports: Vec<&ReportConversion> = rows
        .iter()
        .filter_map(|row| match &row.given {
            Ok(Given::Report(report)) => Some(&**report),
            _ => None,
        })
        .collect();
    let actor = Actor::Member {
        user: tributary_kernel::UserId::from_bytes([0; 16]),
        owner: stored.owner,
        role: tributary_directory::Role::Manager,
    };
    let mut foreseen = match reports.is_empty() {
        true => Vec::new().into_iter(),
        false => foresee(app, conn, stored.owner, &actor, &reports).await?.into_iter(),
    };
    let mut notes = Vec::with_capacity(rows.len());
    for (place, row) in rows.iter().enumerate() {
        match &row.given {
            Ok(Given::Adjust(_) | Given::Stage(_)) => {}
            Err(issues) => {
                notes.push((place, note_of(row, RowOutcome::Refused, None, issues.clone())));
            }
            Ok(Given::Report(report)) => {
                let missing = || AppError::Corrupt("a row was not foreseen".to_owned());
                let foreseen = foreseen.next().ok_or_else(missing)?;
                notes.push((place, note_of_report(row, report, foreseen, seen)));
            }
        }
    }
    Ok(notes)
}

fn note_of_report(
    row: &ReadRow,
    it: &ReportConversion,
    foreseen: Foreseen,
    seen: &mut Seen,
) -> Note {
    let named = |id: ConversionId| Some(id.to_string());
    match foreseen {
        Foreseen::Ready => match seen.meet(it) {
            Before::New => note_of(row, RowOutcome::Ready, None, Vec::new()),
            Before::Same => note_of(row, RowOutcome::Duplicate, None, vec![in_file()]),
            Before::Other => note_of(row, RowOutcome::Conflict, None, vec![conflict()]),
        },
        Foreseen::Duplicate(of) => note_of(row, RowOutcome::Duplicate, named(of), Vec::new()),
        Foreseen::Waits { reason: "conflict", conversion } => {
            note_of(row, RowOutcome::Conflict, conversion.and_then(named), vec![conflict()])
        }
        Foreseen::Waits { reason, conversion } => {
            let issue = waits(reason);
            note_of(row, RowOutcome::Quarantined, conversion.and_then(named), vec![issue])
        }
        Foreseen::Refused(refusal) => {
            note_of(row, RowOutcome::Refused, None, Issue::all_of(&refusal))
        }
    }
}

pub(super) fn note_of(
    row: &ReadRow,
    outcome: RowOutcome,
    subject: Option<String>,
    issues: Vec<Issue>,
) -> Note {
    Note { row: 0, line: row.line, outcome, order: row.order.clone(), subject, issues }
}

fn in_file() -> Issue {
    let detail = "This file has the same order in an earlier row: it counts once.";
    Issue::new(Some(Field::OrderId), "twice_in_file", detail)
}

/// Why a row contradicts what is recorded.
pub(super) fn conflict() -> Issue {
    let detail = "This order is known with another amount: a person decides, or send a correction.";
    Issue::new(Some(Field::Amount), "conflict", detail)
}

/// Why a row waits for a person.
pub(super) fn waits(reason: &str) -> Issue {
    let detail = "This date is unlikely: a person looks before money hangs on it.";
    match reason {
        "occurred_in_the_future" | "occurred_too_long_ago" => {
            Issue::new(Some(Field::OccurredAt), reason, detail)
        }
        _ => Issue::new(None, reason, "A person has to look at this one."),
    }
}
