//! A file comes: it is read once, and its rows are kept.

use tokio::sync::mpsc;
use tributary_directory::{Actor, Permission, Viewer};
use tributary_kernel::{FieldError, OrganisationId, ProgramId, Refusal, UploadId};
use tributary_sheet::{Format, Head, Row, SheetError, Take, Told};
use tributary_store::program;
use tributary_store::upload::{
    self, CHUNK_ROWS_MAX, StoredUpload, UploadChunk, UploadKind, UploadState, change_upload,
};

use super::chunk::{KeptRow, sealed};
use super::counts::Counts;
use super::mapping::{Mapping, header_hash};
use super::read::{Upload, UploadFormat, shown};
use crate::secrets::sha256;
use crate::{App, AppError};

/// Characters of a file's name that are kept.
const NAME_CHARS_MAX: usize = 120;
/// Chunks written in one transaction.
const CHUNKS_PER_TURN: usize = 8;
/// Chunks read ahead of what is written.
const CHUNKS_AHEAD: usize = 16;
/// Files of an owner whose rows are kept at once.
const KEPT_FILES_MAX: i64 = 50;
/// After so long somebody who was to keep a file's rows is taken to have stopped.
pub(super) const RECEIVING_SECONDS_MAX: i64 = 15 * 60;

/// A file with rows.
#[derive(Clone)]
pub struct ReceiveUpload {
    /// Whose.
    pub owner: OrganisationId,
    /// Of which program its rows are.
    pub program: ProgramId,
    /// What its rows are.
    pub kind: UploadKind,
    /// What the person calls the file.
    pub name: String,
    /// What it holds: text with any sign between cells, or XLSX.
    pub content: Vec<u8>,
    /// The sign between cells; none: it is found out.
    pub separator: Option<char>,
    /// The sheet of a workbook; none: the first.
    pub sheet: Option<String>,
}

impl std::fmt::Debug for ReceiveUpload {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ReceiveUpload")
            .field("owner", &self.owner)
            .field("kind", &self.kind)
            .field("bytes", &self.content.len())
            .finish_non_exhaustive()
    }
}

/// Reads a file and keeps its rows. Nothing is recorded: say what its columns are where that is not
/// known, look at what would become of its rows, then [`commit`](super::commit_upload). The same
/// file again is the same upload, unless that one was cancelled.
///
/// # Errors
/// Without the right to report; not found; what is wrong with the file, at `/file`;
/// `upload_in_progress`; `too_many_uploads`.
pub async fn receive_upload(
    app: &App,
    actor: &Actor,
    input: ReceiveUpload,
) -> Result<Upload, AppError> {
    actor.require(input.owner, Permission::Report)?;
    let (app, actor) = (app.clone(), actor.clone());
    // A task of its own: whoever sent the file may go away while its rows are kept.
    let run = tokio::spawn(async move { receive(&app, &actor, input).await });
    let ended = run.await;
    ended.unwrap_or_else(|error| Err(AppError::Corrupt(format!("a file's reading ended: {error}"))))
}

async fn receive(app: &App, actor: &Actor, input: ReceiveUpload) -> Result<Upload, AppError> {
    let told = Told { separator: input.separator, sheet: input.sheet.clone() };
    let stored = match crate::app::with_retries(|| begin(app, actor, &input)).await? {
        Begun::Known(known) => return shown(app, *known).await,
        Begun::New(stored) => stored,
    };
    match keep(app, *stored.clone(), input.content, told).await {
        Ok(kept) => shown(app, finish(app, actor, &stored, kept).await?).await,
        Err(error) => {
            forget(app, &stored).await?;
            Err(error)
        }
    }
}

enum Begun {
    Known(Box<StoredUpload>),
    New(Box<StoredUpload>),
}

async fn begin(app: &App, actor: &Actor, input: &ReceiveUpload) -> Result<Begun, AppError> {
    let (owner, now) = (input.owner, app.now());
    let hash = file_hash(input);
    let mut tx = app.record.begin().await?;
    let found = program::find(&mut *tx, Viewer::Owner(owner), input.program).await?;
    found.ok_or_else(|| Refusal::not_found("program"))?;
    // Two at once with the same file: the second finds the first.
    program::lock_in(&mut *tx, owner, input.program).await?;
    let known = upload::upload_by_hash(&mut *tx, owner, input.program, input.kind, hash).await?;
    if let Some(known) = known {
        if known.state != UploadState::Receiving {
            return Ok(Begun::Known(Box::new(known)));
        }
        if known.created_at.plus_seconds(RECEIVING_SECONDS_MAX) > now {
            let detail = "This file is being read; look at the uploads in a moment.";
            return Err(Refusal::conflict("upload_in_progress", detail).into());
        }
        let cancelled = StoredUpload { state: UploadState::Cancelled, ..known.clone() };
        change_upload(&mut *tx, &known, &cancelled).await?;
    }
    if upload::count_kept(&mut *tx, owner).await? >= KEPT_FILES_MAX {
        let detail = "Many files wait already: commit or cancel some of them.";
        return Err(Refusal::too_many("too_many_uploads", detail).into());
    }
    let stored = StoredUpload {
        id: UploadId::new(now, &*app.entropy),
        owner,
        program: input.program,
        kind: input.kind,
        name: input.name.chars().filter(|it| !it.is_control()).take(NAME_CHARS_MAX).collect(),
        hash,
        bytes: i64::try_from(input.content.len()).unwrap_or(i64::MAX),
        state: UploadState::Receiving,
        format: "null".to_owned(),
        header: "[]".to_owned(),
        header_hash: [0; 32],
        mapping: "null".to_owned(),
        version: 0,
        rows: 0,
        done: 0,
        counts: Counts::default().to_text(),
        preview: None,
        created_at: now,
        created_by: actor.name(),
        committed_by: None,
        committed_at: None,
        finished_at: None,
        rows_gone: false,
    };
    upload::insert_upload(&mut *tx, &stored).await?;
    tx.commit().await?;
    Ok(Begun::New(Box::new(stored)))
}

/// The file, and what was said of how to read it.
fn file_hash(input: &ReceiveUpload) -> [u8; 32] {
    let told = serde_json::json!([input.separator, input.sheet]).to_string();
    sha256(&[sha256(&input.content).as_slice(), told.as_bytes()].concat())
}

/// What was read.
struct Kept {
    format: UploadFormat,
    header: Vec<String>,
    /// The first rows.
    first: Vec<KeptRow>,
    rows: u32,
}

enum Piece {
    Head(Head),
    Rows(Vec<KeptRow>),
}

/// Hands what is read to the task that writes.
struct Sender {
    to: mpsc::Sender<Piece>,
    rows: Vec<KeptRow>,
}

impl Sender {
    fn send_rows(&mut self) -> bool {
        let rows = std::mem::take(&mut self.rows);
        rows.is_empty() || self.to.blocking_send(Piece::Rows(rows)).is_ok()
    }
}

impl Take for Sender {
    fn head(&mut self, head: Head) -> bool {
        self.to.blocking_send(Piece::Head(head)).is_ok()
    }

    fn row(&mut self, row: Row) -> bool {
        self.rows.push(KeptRow::from(row));
        self.rows.len() < CHUNK_ROWS_MAX as usize || self.send_rows()
    }
}

async fn keep(
    app: &App,
    stored: StoredUpload,
    content: Vec<u8>,
    told: Told,
) -> Result<Kept, AppError> {
    let (to, mut pieces) = mpsc::channel(CHUNKS_AHEAD);
    let reading = tokio::task::spawn_blocking(move || {
        let mut sender = Sender { to, rows: Vec::with_capacity(CHUNK_ROWS_MAX as usize) };
        let read = tributary_sheet::read(&content, &told, &mut sender);
        sender.send_rows();
        read
    });
    let (mut head, mut first, mut rows) = (None, Vec::new(), 0_u32);
    let mut chunks: Vec<UploadChunk> = Vec::new();
    while let Some(piece) = pieces.recv().await {
        match piece {
            Piece::Head(it) => head = Some(it),
            Piece::Rows(piece) => {
                chunks.push(sealed(app, stored.id, rows, &piece));
                rows += u32::try_from(piece.len()).unwrap_or(u32::MAX);
                if first.is_empty() {
                    first = piece;
                }
            }
        }
        if chunks.len() == CHUNKS_PER_TURN {
            write(app, &stored, std::mem::take(&mut chunks)).await?;
        }
    }
    let read = reading.await;
    let read = read.map_err(|error| AppError::Corrupt(format!("a file's reading: {error}")))?;
    read.map_err(|error| unreadable(&error))?;
    write(app, &stored, chunks).await?;
    let Some(head) = head.filter(|_| rows > 0) else {
        return Err(unreadable(&SheetError::Empty).into());
    };
    Ok(Kept { format: UploadFormat::of(&head.format), header: head.header, first, rows })
}

fn unreadable(error: &SheetError) -> FieldError {
    let words = error.to_string();
    let mut letters = words.chars();
    let first: String = letters.next().into_iter().flat_map(char::to_uppercase).collect();
    FieldError::new("/file", error.code(), format!("{first}{}.", letters.as_str()))
}

async fn write(app: &App, stored: &StoredUpload, chunks: Vec<UploadChunk>) -> Result<(), AppError> {
    if chunks.is_empty() {
        return Ok(());
    }
    let mut tx = app.record.begin().await?;
    upload::insert_chunks(&mut *tx, stored, chunks).await?;
    tx.commit().await?;
    Ok(())
}

/// All rows are kept: from now on it can be looked at.
async fn finish(
    app: &App,
    actor: &Actor,
    was: &StoredUpload,
    kept: Kept,
) -> Result<StoredUpload, AppError> {
    let hash = header_hash(&kept.header);
    let mut tx = app.record.begin().await?;
    let remembered = upload::find_mapping(&mut *tx, was.owner, was.program, was.kind, hash).await?;
    let remembered: Option<Mapping> = remembered.and_then(|text| serde_json::from_str(&text).ok());
    let good = |it: &Mapping| it.errors(was.kind, kept.header.len()).is_empty();
    let mapping = remembered.filter(good).unwrap_or_else(|| {
        Mapping::guessed(was.kind, &kept.header, &kept.first, kept.format.comma_likely())
    });
    let state = if good(&mapping) { UploadState::Checking } else { UploadState::Mapping };
    let it = StoredUpload {
        state,
        format: serde_json::to_string(&kept.format).expect("our types have string keys"),
        header: serde_json::to_string(&kept.header).expect("texts can be written"),
        header_hash: hash,
        mapping: mapping.to_text(),
        version: 1,
        rows: kept.rows,
        ..was.clone()
    };
    if !change_upload(&mut *tx, was, &it).await? {
        let detail = "This upload was cancelled meanwhile.";
        return Err(Refusal::conflict("upload_changed", detail).into());
    }
    let detail = serde_json::json!({ "kind": it.kind, "rows": it.rows, "bytes": it.bytes });
    app.audit_in(&mut *tx, it.owner, actor, "upload.received", it.id, &detail).await?;
    tx.commit().await?;
    Ok(it)
}

/// What cannot be read to its end leaves nothing.
async fn forget(app: &App, stored: &StoredUpload) -> Result<(), AppError> {
    super::change::forget_rows(app, stored).await?;
    let mut tx = app.record.begin().await?;
    upload::delete_upload(&mut *tx, stored).await?;
    tx.commit().await?;
    Ok(())
}

impl UploadFormat {
    fn of(format: &Format) -> Self {
        match format {
            Format::Delimited { separator, encoding } => {
                Self::Delimited { separator: *separator, encoding: encoding.as_str().to_owned() }
            }
            Format::Workbook { sheet, sheets } => {
                Self::Workbook { sheet: sheet.clone(), sheets: sheets.clone() }
            }
        }
    }

    /// Where commas divide no cells, they divide crowns and øre.
    const fn comma_likely(&self) -> bool {
        matches!(self, Self::Delimited { separator: ';', .. })
    }
}
