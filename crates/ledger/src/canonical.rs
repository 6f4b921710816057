use tributary_kernel::{OrganisationId, Timestamp, TransferId};

use crate::{
    AccountKey, LedgerError, POSTINGS_MAX, Posting, Reason, Subject, SubjectKind, Transfer,
    TransferKind, TransferRecord,
};

/// The format written; older ones stay readable.
const FORMAT: u8 = 1;
const HEADER_BYTES: usize = 95;
const POSTING_BYTES: usize = AccountKey::BYTES + 8;

/// Why bytes are not a transfer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CanonicalError {
    /// A format this version does not know.
    #[error("format {format} of a transfer is not known here")]
    Format {
        /// The format byte.
        format: u8,
    },
    /// Too few or too many bytes.
    #[error("{length} bytes where the transfer has {expected}")]
    Length {
        /// Bytes found.
        length: usize,
        /// Bytes expected (at least).
        expected: usize,
    },
    /// A code that names nothing.
    #[error("no such {field}: {code}")]
    Code {
        /// Which field.
        field: &'static str,
        /// Its value.
        code: u16,
    },
    /// An account of an unknown kind or currency.
    #[error("posting {index} is to no account")]
    Account {
        /// Which posting.
        index: usize,
    },
    /// Well written, but no transfer.
    #[error(transparent)]
    Rule(#[from] LedgerError),
}

/// The one byte string of a transfer: the leaf of the Merkle tree, the same for ever.
///
/// Format 1, big-endian, fixed-width fields:
///
/// | bytes | field |
/// |---|---|
/// | 1 | format, 1 |
/// | 1 | kind |
/// | 16 | transfer id |
/// | 16 | owner |
/// | 8 | sequence number |
/// | 1 + 16 | subject: kind, id |
/// | 8 | occurred at, microseconds since 1970 UTC, signed |
/// | 8 | booked at, likewise |
/// | 16 | id of the transfer reversed, zeros if none |
/// | 2 | reason |
/// | 2 | number of postings |
/// | 44 each | kind 1, program 16, partner 16 (zeros if none), currency 3, amount 8 (signed, debit positive) |
#[must_use]
pub fn canonical_bytes(transfer: &Transfer) -> Vec<u8> {
    let count = transfer.postings.len();
    let mut out = Vec::with_capacity(HEADER_BYTES + count * POSTING_BYTES);
    out.push(FORMAT);
    out.push(transfer.kind.code());
    out.extend_from_slice(transfer.id.as_bytes());
    out.extend_from_slice(transfer.owner.as_bytes());
    out.extend_from_slice(&transfer.seq.to_be_bytes());
    out.push(transfer.subject.kind.code());
    out.extend_from_slice(&transfer.subject.id);
    out.extend_from_slice(&transfer.occurred_at.as_microsecond().to_be_bytes());
    out.extend_from_slice(&transfer.booked_at.as_microsecond().to_be_bytes());
    let reverses = transfer.reverses.map_or([0; 16], |original| *original.as_bytes());
    out.extend_from_slice(&reverses);
    out.extend_from_slice(&transfer.reason.code().to_be_bytes());
    let count = u16::try_from(count).expect("a checked transfer has at most POSTINGS_MAX");
    out.extend_from_slice(&count.to_be_bytes());
    for posting in &transfer.postings {
        out.extend_from_slice(&posting.account.to_bytes());
        out.extend_from_slice(&posting.amount.to_be_bytes());
    }
    out
}

/// Reads what [`canonical_bytes`] wrote, and nothing else: bytes that are read are the canonical
/// bytes of what they are read as.
///
/// # Errors
/// When the bytes are of another format, malformed, or well written but no transfer.
pub fn parse_canonical(bytes: &[u8]) -> Result<Transfer, CanonicalError> {
    let mut reader = Reader { bytes, at: 0 };
    let [format] = reader.take()?;
    if format != FORMAT {
        return Err(CanonicalError::Format { format });
    }
    let [kind] = reader.take()?;
    let id = TransferId::from_bytes(reader.take()?);
    let owner = OrganisationId::from_bytes(reader.take()?);
    let seq = u64::from_be_bytes(reader.take()?);
    let [subject] = reader.take()?;
    let subject_id = reader.take()?;
    let occurred_at = reader.moment()?;
    let booked_at = reader.moment()?;
    let reverses: [u8; 16] = reader.take()?;
    let reason = u16::from_be_bytes(reader.take()?);
    let count = usize::from(u16::from_be_bytes(reader.take()?));
    let expected = HEADER_BYTES + count * POSTING_BYTES;
    if bytes.len() != expected {
        return Err(CanonicalError::Length { length: bytes.len(), expected });
    }
    if count > POSTINGS_MAX {
        return Err(LedgerError::TooMany { count }.into());
    }
    let code = |field, code| CanonicalError::Code { field, code };
    let record = TransferRecord {
        id,
        owner,
        seq,
        kind: TransferKind::from_code(kind).ok_or(code("kind", kind.into()))?,
        subject: Subject {
            kind: SubjectKind::from_code(subject).ok_or(code("subject", subject.into()))?,
            id: subject_id,
        },
        occurred_at,
        booked_at,
        reverses: (reverses != [0; 16]).then(|| TransferId::from_bytes(reverses)),
        reason: Reason::from_code(reason).ok_or(code("reason", reason))?,
        postings: (0..count).map(|index| reader.posting(index)).collect::<Result<_, _>>()?,
    };
    Ok(Transfer::restore(record)?)
}

struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl Reader<'_> {
    fn take<const N: usize>(&mut self) -> Result<[u8; N], CanonicalError> {
        let end = self.at + N;
        let length = self.bytes.len();
        let field = self.bytes.get(self.at..end).and_then(|field| field.try_into().ok());
        self.at = end;
        field.ok_or(CanonicalError::Length { length, expected: end.max(HEADER_BYTES) })
    }

    fn moment(&mut self) -> Result<Timestamp, CanonicalError> {
        Ok(Timestamp::from_microsecond(i64::from_be_bytes(self.take()?)))
    }

    fn posting(&mut self, index: usize) -> Result<Posting, CanonicalError> {
        let account = AccountKey::from_bytes(&self.take()?);
        let amount = i64::from_be_bytes(self.take()?);
        Ok(Posting { account: account.ok_or(CanonicalError::Account { index })?, amount })
    }
}
