//! Files with rows that somebody sent: the rows in chunks, and what became of each.

use tributary_kernel::{OrganisationId, ProgramId, Timestamp, UploadId, text_enum};

use crate::engine::{
    Connection, EngineError, Insert,
    Kind::{Bytes, Int},
    Row,
};
use crate::list::{Page, PageRequest, Select, all, first};

text_enum! {
    /// What the rows of a file are.
    pub enum UploadKind {
        /// Conversions.
        Conversions = "conversions",
        /// Refunds and chargebacks of conversions.
        Refunds = "refunds",
        /// Right amounts of conversions.
        Corrections = "corrections",
        /// Customers that have left.
        Departures = "departures",
        /// Stages that leads came to.
        Stages = "stages",
    }
}

text_enum! {
    /// How far a file has come.
    pub enum UploadState {
        /// Its rows are being kept.
        Receiving = "receiving",
        /// Somebody has to say what its columns are.
        Mapping = "mapping",
        /// Its rows are looked at.
        Checking = "checking",
        /// They were.
        Checked = "checked",
        /// They are being recorded.
        Committing = "committing",
        /// They were.
        Committed = "committed",
        /// Somebody wanted no more of it.
        Cancelled = "cancelled",
    }
}

/// A file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredUpload {
    /// Its id.
    pub id: UploadId,
    /// Whose.
    pub owner: OrganisationId,
    /// Of which program its rows are.
    pub program: ProgramId,
    /// What its rows are.
    pub kind: UploadKind,
    /// What the person's machine called it.
    pub name: String,
    /// SHA-256 of the file.
    pub hash: [u8; 32],
    /// How large it was.
    pub bytes: i64,
    /// How far it has come.
    pub state: UploadState,
    /// What it was found to be: JSON of the use case.
    pub format: String,
    /// The names of its columns: JSON.
    pub header: String,
    /// A hash of them.
    pub header_hash: [u8; 32],
    /// What its columns are: JSON of the use case.
    pub mapping: String,
    /// How often that was said.
    pub version: u32,
    /// Its rows.
    pub rows: u32,
    /// Of these, those that were looked at or recorded, from the first on.
    pub done: u32,
    /// What became of those: JSON of the use case.
    pub counts: String,
    /// What the look at all of them had found, once they are being recorded.
    pub preview: Option<String>,
    /// When it came.
    pub created_at: Timestamp,
    /// From whom (opaque).
    pub created_by: String,
    /// Who has its rows recorded: JSON of the use case.
    pub committed_by: Option<String>,
    /// Since when.
    pub committed_at: Option<Timestamp>,
    /// When it came to its end.
    pub finished_at: Option<Timestamp>,
    /// Whether its rows are not kept any more.
    pub rows_gone: bool,
}

/// Rows that are kept, looked at and recorded together, at most: few enough that nobody waits long
/// behind them.
pub const CHUNK_ROWS_MAX: u32 = 500;

const UPLOAD: &str = "SELECT id, owner_id, program_id, kind, name, hash, bytes, state, format, \
     header, header_hash, mapping, version, row_count, done, counts, preview, created_at, \
     created_by, committed_by, committed_at, finished_at, rows_gone FROM upload";

fn read_upload(row: &Row) -> Result<StoredUpload, EngineError> {
    Ok(StoredUpload {
        id: row.id(0)?,
        owner: row.id(1)?,
        program: row.id(2)?,
        kind: row.parse(3)?,
        name: row.text(4)?.to_owned(),
        hash: row.array(5)?,
        bytes: row.int(6)?,
        state: row.parse(7)?,
        format: row.text(8)?.to_owned(),
        header: row.text(9)?.to_owned(),
        header_hash: row.array(10)?,
        mapping: row.text(11)?.to_owned(),
        version: row.u32(12)?,
        rows: row.u32(13)?,
        done: row.u32(14)?,
        counts: row.text(15)?.to_owned(),
        preview: row.text_or_null(16)?.map(str::to_owned),
        created_at: row.timestamp(17)?,
        created_by: row.text(18)?.to_owned(),
        committed_by: row.text_or_null(19)?.map(str::to_owned),
        committed_at: row.timestamp_or_null(20)?,
        finished_at: row.timestamp_or_null(21)?,
        rows_gone: row.bool(22)?,
    })
}

/// Adds a file, without its rows.
pub async fn insert_upload(
    conn: &mut dyn Connection,
    it: &StoredUpload,
) -> Result<(), EngineError> {
    conn.execute(
        "INSERT INTO upload (id, owner_id, program_id, kind, name, hash, bytes, state, format, \
         header, header_hash, mapping, version, row_count, done, counts, preview, created_at, \
         created_by, committed_by, committed_at, finished_at, rows_gone) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, \
         $19, $20, $21, $22, $23)",
        vec![
            it.id.into(),
            it.owner.into(),
            it.program.into(),
            it.kind.as_str().into(),
            it.name.as_str().into(),
            it.hash.into(),
            it.bytes.into(),
            it.state.as_str().into(),
            it.format.as_str().into(),
            it.header.as_str().into(),
            it.header_hash.into(),
            it.mapping.as_str().into(),
            it.version.into(),
            it.rows.into(),
            it.done.into(),
            it.counts.as_str().into(),
            it.preview.as_deref().into(),
            it.created_at.into(),
            it.created_by.as_str().into(),
            it.committed_by.as_deref().into(),
            it.committed_at.into(),
            it.finished_at.into(),
            it.rows_gone.into(),
        ],
    )
    .await?;
    Ok(())
}

/// Writes what has changed since it stood as it `was`; false, and nothing is written, when
/// somebody else has changed it meanwhile.
pub async fn change_upload(
    conn: &mut dyn Connection,
    was: &StoredUpload,
    it: &StoredUpload,
) -> Result<bool, EngineError> {
    let changed = conn
        .execute(
            "UPDATE upload SET state = $1, format = $2, header = $3, header_hash = $4, \
             mapping = $5, version = $6, row_count = $7, done = $8, counts = $9, preview = $10, \
             committed_by = $11, committed_at = $12, finished_at = $13, rows_gone = $14 \
             WHERE owner_id = $15 AND id = $16 AND state = $17 AND version = $18 AND done = $19 \
             AND row_count = $20",
            vec![
                it.state.as_str().into(),
                it.format.as_str().into(),
                it.header.as_str().into(),
                it.header_hash.into(),
                it.mapping.as_str().into(),
                it.version.into(),
                it.rows.into(),
                it.done.into(),
                it.counts.as_str().into(),
                it.preview.as_deref().into(),
                it.committed_by.as_deref().into(),
                it.committed_at.into(),
                it.finished_at.into(),
                it.rows_gone.into(),
                was.owner.into(),
                was.id.into(),
                was.state.as_str().into(),
                was.version.into(),
                was.done.into(),
                was.rows.into(),
            ],
        )
        .await?;
    Ok(changed == 1)
}

/// A file of a program.
pub async fn find_upload(
    conn: &mut dyn Connection,
    owner: OrganisationId,
    program: ProgramId,
    id: UploadId,
) -> Result<Option<StoredUpload>, EngineError> {
    let select = Select::new(UPLOAD)
        .and("owner_id = ?", [owner.into()])
        .and("id = ?", [id.into()])
        .and("program_id = ?", [program.into()]);
    first(&select.run(conn, "").await?, read_upload)
}

/// The same file, when it came before and was not cancelled.
pub async fn upload_by_hash(
    conn: &mut dyn Connection,
    owner: OrganisationId,
    program: ProgramId,
    kind: UploadKind,
    hash: [u8; 32],
) -> Result<Option<StoredUpload>, EngineError> {
    let select = Select::new(UPLOAD)
        .and("owner_id = ?", [owner.into()])
        .and("program_id = ?", [program.into()])
        .and("hash = ?", [hash.into()])
        .and("kind = ?", [kind.as_str().into()])
        .and("state <> 'cancelled'", []);
    first(&select.run_limited(conn, "ORDER BY id DESC", 1).await?, read_upload)
}

/// A program's files, newest first.
pub async fn list_uploads(
    conn: &mut dyn Connection,
    owner: OrganisationId,
    program: ProgramId,
    page: PageRequest,
) -> Result<Page<StoredUpload>, EngineError> {
    Select::new(UPLOAD)
        .and("owner_id = ?", [owner.into()])
        .and("program_id = ?", [program.into()])
        .page(conn, page, read_upload)
        .await
}

/// Files of all owners whose rows are to be looked at or recorded, oldest first.
pub async fn uploads_at_work(
    conn: &mut dyn Connection,
    limit: u32,
) -> Result<Vec<StoredUpload>, EngineError> {
    let select = Select::new(UPLOAD).and("state IN ('checking', 'committing')", []);
    all(&select.run_limited(conn, "ORDER BY id", limit).await?, read_upload)
}

/// Files of all owners from before a moment whose rows are still kept and not being recorded.
pub async fn old_uploads(
    conn: &mut dyn Connection,
    before: Timestamp,
    limit: u32,
) -> Result<Vec<StoredUpload>, EngineError> {
    let select = Select::new(UPLOAD)
        .and("rows_gone = 0", [])
        .and("(created_at < ? OR state = 'cancelled')", [before.into()])
        .and("state <> 'committing'", []);
    all(&select.run_limited(conn, "ORDER BY created_at", limit).await?, read_upload)
}

/// Rows of a file, sealed.
#[derive(Clone, PartialEq, Eq)]
pub struct UploadChunk {
    /// The place of the first; that of a file's first row is 0.
    pub first_row: u32,
    /// How many.
    pub rows: u32,
    /// The rows.
    pub content: Vec<u8>,
    /// What there is to say of those that are not ready: JSON of the use case; none: nobody has
    /// looked.
    pub notes: Option<String>,
}

impl std::fmt::Debug for UploadChunk {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("UploadChunk")
            .field("first_row", &self.first_row)
            .field("rows", &self.rows)
            .finish_non_exhaustive()
    }
}

/// Adds rows of a file.
pub async fn insert_chunks(
    conn: &mut dyn Connection,
    of: &StoredUpload,
    chunks: Vec<UploadChunk>,
) -> Result<(), EngineError> {
    static CHUNK: Insert = Insert {
        table: "upload_chunk",
        columns: &[
            ("owner_id", Bytes),
            ("upload_id", Bytes),
            ("first_row", Int),
            ("row_count", Int),
            ("content", Bytes),
        ],
        conflict: "",
    };
    let row = |it: UploadChunk| {
        vec![of.owner.into(), of.id.into(), it.first_row.into(), it.rows.into(), it.content.into()]
    };
    conn.insert(&CHUNK, chunks.into_iter().map(row).collect()).await?;
    Ok(())
}

const CHUNK: &str = "SELECT first_row, row_count, content, notes FROM upload_chunk";

fn read_chunk(row: &Row) -> Result<UploadChunk, EngineError> {
    Ok(UploadChunk {
        first_row: row.u32(0)?,
        rows: row.u32(1)?,
        content: row.bytes(2)?.to_vec(),
        notes: row.text_or_null(3)?.map(str::to_owned),
    })
}

/// The first chunk with rows from `row` on, and, when told, with one of this outcome.
pub async fn chunk_from(
    conn: &mut dyn Connection,
    of: &StoredUpload,
    row: u32,
    outcome: Option<&str>,
) -> Result<Option<UploadChunk>, EngineError> {
    let select = Select::new(CHUNK)
        .and("owner_id = ?", [of.owner.into()])
        .and("upload_id = ?", [of.id.into()])
        // Where it can be, so that what is behind is not looked through.
        .and("first_row >= ?", [row.saturating_sub(CHUNK_ROWS_MAX - 1).into()])
        .and("first_row + row_count > ?", [row.into()])
        .and_if("outcomes LIKE ?", outcome.map(pattern));
    first(&select.run_limited(conn, "ORDER BY first_row", 1).await?, read_chunk)
}

fn pattern(outcome: &str) -> String {
    format!("% {outcome} %")
}

/// Which outcomes are among some, in the form that [`chunk_from`] and [`result_from`] look through.
fn listed(outcomes: &[&str]) -> String {
    format!(" {} ", outcomes.join(" "))
}

/// Keeps what there is to say of a chunk's rows.
pub async fn note_chunk(
    conn: &mut dyn Connection,
    of: &StoredUpload,
    first_row: u32,
    notes: &str,
    outcomes: &[&str],
) -> Result<(), EngineError> {
    conn.execute(
        "UPDATE upload_chunk SET notes = $1, outcomes = $2 \
         WHERE owner_id = $3 AND upload_id = $4 AND first_row = $5",
        vec![
            notes.into(),
            listed(outcomes).into(),
            of.owner.into(),
            of.id.into(),
            first_row.into(),
        ],
    )
    .await?;
    Ok(())
}

/// Forgets the chunk that begins with this row.
pub async fn delete_chunk(
    conn: &mut dyn Connection,
    of: &StoredUpload,
    first_row: u32,
) -> Result<(), EngineError> {
    conn.execute(
        "DELETE FROM upload_chunk WHERE owner_id = $1 AND upload_id = $2 AND first_row = $3",
        vec![of.owner.into(), of.id.into(), first_row.into()],
    )
    .await?;
    Ok(())
}

/// Forgets the first `limit` chunks of a file; tells how many there were.
pub async fn delete_chunks(
    conn: &mut dyn Connection,
    of: &StoredUpload,
    limit: u32,
) -> Result<u64, EngineError> {
    conn.execute(
        "DELETE FROM upload_chunk WHERE owner_id = $1 AND upload_id = $2 AND first_row IN \
         (SELECT first_row FROM upload_chunk WHERE owner_id = $1 AND upload_id = $2 \
         ORDER BY first_row LIMIT $3)",
        vec![of.owner.into(), of.id.into(), limit.into()],
    )
    .await
}

/// What became of some rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UploadResult {
    /// The place of the first.
    pub first_row: u32,
    /// How many.
    pub rows: u32,
    /// What became of each: JSON of the use case.
    pub notes: String,
}

/// Keeps what became of rows.
pub async fn insert_result(
    conn: &mut dyn Connection,
    of: &StoredUpload,
    it: &UploadResult,
    outcomes: &[&str],
) -> Result<(), EngineError> {
    conn.execute(
        "INSERT INTO upload_result (owner_id, upload_id, first_row, row_count, notes, outcomes) \
         VALUES ($1, $2, $3, $4, $5, $6)",
        vec![
            of.owner.into(),
            of.id.into(),
            it.first_row.into(),
            it.rows.into(),
            it.notes.as_str().into(),
            listed(outcomes).into(),
        ],
    )
    .await?;
    Ok(())
}

/// What became of rows from `row` on: the first piece with some, and, when told, with one of this
/// outcome.
pub async fn result_from(
    conn: &mut dyn Connection,
    of: &StoredUpload,
    row: u32,
    outcome: Option<&str>,
) -> Result<Option<UploadResult>, EngineError> {
    let select = Select::new("SELECT first_row, row_count, notes FROM upload_result")
        .and("owner_id = ?", [of.owner.into()])
        .and("upload_id = ?", [of.id.into()])
        // Where it can be, so that what is behind is not looked through.
        .and("first_row >= ?", [row.saturating_sub(CHUNK_ROWS_MAX - 1).into()])
        .and("first_row + row_count > ?", [row.into()])
        .and_if("outcomes LIKE ?", outcome.map(pattern));
    first(&select.run_limited(conn, "ORDER BY first_row", 1).await?, |row| {
        Ok(UploadResult {
            first_row: row.u32(0)?,
            rows: row.u32(1)?,
            notes: row.text(2)?.to_owned(),
        })
    })
}

/// Remembers how files with a header are read.
pub async fn put_mapping(
    conn: &mut dyn Connection,
    of: &StoredUpload,
    at: Timestamp,
) -> Result<(), EngineError> {
    conn.execute(
        "INSERT INTO upload_mapping (owner_id, program_id, kind, header_hash, mapping, used_at) \
         VALUES ($1, $2, $3, $4, $5, $6) \
         ON CONFLICT (owner_id, program_id, kind, header_hash) DO UPDATE SET \
         mapping = excluded.mapping, used_at = excluded.used_at",
        vec![
            of.owner.into(),
            of.program.into(),
            of.kind.as_str().into(),
            of.header_hash.into(),
            of.mapping.as_str().into(),
            at.into(),
        ],
    )
    .await?;
    Ok(())
}

/// How files with a header were read last.
pub async fn find_mapping(
    conn: &mut dyn Connection,
    owner: OrganisationId,
    program: ProgramId,
    kind: UploadKind,
    header_hash: [u8; 32],
) -> Result<Option<String>, EngineError> {
    let rows = conn
        .query(
            "SELECT mapping FROM upload_mapping WHERE owner_id = $1 AND program_id = $2 \
             AND kind = $3 AND header_hash = $4",
            vec![owner.into(), program.into(), kind.as_str().into(), header_hash.into()],
        )
        .await?;
    first(&rows, |row| Ok(row.text(0)?.to_owned()))
}

/// Files of an owner whose rows are kept.
pub async fn count_kept(
    conn: &mut dyn Connection,
    owner: OrganisationId,
) -> Result<i64, EngineError> {
    let rows = conn
        .query(
            "SELECT COUNT(*) FROM upload WHERE owner_id = $1 AND rows_gone = 0",
            vec![owner.into()],
        )
        .await?;
    Ok(first(&rows, |row| row.int(0))?.unwrap_or(0))
}

/// Forgets a file that could not be read to its end; its chunks are gone already.
pub async fn delete_upload(
    conn: &mut dyn Connection,
    it: &StoredUpload,
) -> Result<(), EngineError> {
    conn.execute(
        "DELETE FROM upload WHERE owner_id = $1 AND id = $2 AND state = 'receiving'",
        vec![it.owner.into(), it.id.into()],
    )
    .await?;
    Ok(())
}

/// Files of all owners that somebody began to keep before a moment, and stopped.
pub async fn abandoned_uploads(
    conn: &mut dyn Connection,
    before: Timestamp,
    limit: u32,
) -> Result<Vec<StoredUpload>, EngineError> {
    let select =
        Select::new(UPLOAD).and("state = 'receiving'", []).and("created_at < ?", [before.into()]);
    all(&select.run_limited(conn, "ORDER BY id", limit).await?, read_upload)
}
