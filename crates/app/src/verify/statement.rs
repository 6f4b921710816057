//! The proof file of a statement: its form, and the check that needs nothing but the file.
//!
//! Format 1 is a JSON document with these fields in this order, no blanks, and nothing else:
//!
//! | field | what |
//! |---|---|
//! | `format` | `"tributary.statement_proof.1"` |
//! | `statement` | the statement's canonical bytes, base64 |
//! | `signature` | Ed25519 over `tributary document\0` and the SHA-256 of the statement, hex |
//! | `key`, `key_fingerprint` | the owner's public key, and its SHA-256, hex |
//! | `head` | the signed head (owner, size, root, time, key id, signature) in its stored form, hex |
//! | `extends_statement` | consistency of the head with the one that the statement names |
//! | `earlier` | heads of earlier files and statements: `root`, `proof` of consistency |
//! | `transfers` | per transfer `canonical` bytes in base64 and `inclusion` proof in hex |
//!
//! Proofs are in the byte form of [`InclusionProof`] and [`ConsistencyProof`]. Whoever holds the
//! file can check: that the statement adds up and was issued under the key; that every transfer it
//! names is in the tree, about the commission of its line, with the amount of its line; that the
//! tree was only extended since the statement. That the key is the owner's must be known from
//! elsewhere: an earlier file, or the fingerprint that the owner publishes.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use serde::{Deserialize, Serialize};
use tributary_kernel::TransferId;
use tributary_ledger::merkle::{ConsistencyProof, InclusionProof, TreeHash, leaf_hash};
use tributary_ledger::{
    AccountKind, HeadKey, SignedHead, SubjectKind, Transfer, TransferKind, parse_canonical,
};
use tributary_payout::statement::{Statement, StatementLine};

const FORMAT: &str = "tributary.statement_proof.1";
/// A file beyond this is not read.
pub const PROOF_FILE_BYTES_MAX: usize = 512 * 1024 * 1024;

/// A transfer with its proof.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProvedTransfer {
    /// Its canonical bytes.
    pub canonical: Vec<u8>,
    /// That it is in the tree of the file's head.
    pub inclusion: InclusionProof,
}

/// A head that was shown before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Earlier {
    /// Its root.
    pub root: TreeHash,
    /// From it to the file's head.
    pub proof: ConsistencyProof,
}

/// See the module.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProofFile {
    /// Canonical bytes.
    pub statement: Vec<u8>,
    /// Of the owner, over the statement.
    pub signature: [u8; 64],
    /// The owner's.
    pub key: HeadKey,
    /// The tree that all proofs lead to.
    pub head: SignedHead,
    /// From the head in the statement to the file's.
    pub extends_statement: ConsistencyProof,
    /// By size.
    pub earlier: Vec<Earlier>,
    /// By place in the ledger.
    pub transfers: Vec<ProvedTransfer>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Wire {
    format: String,
    statement: String,
    signature: String,
    key: String,
    key_fingerprint: String,
    head: String,
    extends_statement: String,
    earlier: Vec<WireEarlier>,
    transfers: Vec<WireTransfer>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct WireEarlier {
    root: String,
    proof: String,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct WireTransfer {
    canonical: String,
    inclusion: String,
}

/// Why a file is not even read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ProofFileError {
    /// Too large.
    #[error("{0} bytes are more than a proof file has")]
    TooLarge(usize),
    /// Not JSON of this shape.
    #[error("not a proof file: {0}")]
    Shape(String),
    /// Another format.
    #[error("format `{0}`; this version reads {FORMAT}")]
    Format(String),
    /// A field that does not hold what it should.
    #[error("{0} cannot be read")]
    Field(&'static str),
    /// Readable, but not byte for byte as it was written.
    #[error("the file was edited or saved again by another program")]
    NotCanonical,
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn from_hex(text: &str) -> Option<Vec<u8>> {
    let (pairs, rest) = text.as_bytes().as_chunks::<2>();
    if !rest.is_empty() {
        return None;
    }
    let digit = |byte: u8| char::from(byte).to_digit(16);
    let byte = |[high, low]: &[u8; 2]| u8::try_from(digit(*high)? << 4 | digit(*low)?).ok();
    pairs.iter().map(byte).collect()
}

impl ProofFile {
    /// The document.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let wire = Wire {
            format: FORMAT.to_owned(),
            statement: BASE64.encode(&self.statement),
            signature: hex(&self.signature),
            key: hex(&self.key.to_bytes()),
            key_fingerprint: self.key.fingerprint(),
            head: hex(&self.head.to_bytes()),
            extends_statement: hex(&self.extends_statement.to_bytes()),
            earlier: self
                .earlier
                .iter()
                .map(|it| WireEarlier {
                    root: it.root.to_string(),
                    proof: hex(&it.proof.to_bytes()),
                })
                .collect(),
            transfers: self
                .transfers
                .iter()
                .map(|it| WireTransfer {
                    canonical: BASE64.encode(&it.canonical),
                    inclusion: hex(&it.inclusion.to_bytes()),
                })
                .collect(),
        };
        serde_json::to_vec(&wire).expect("texts and lists are always JSON")
    }

    /// Reads what [`ProofFile::to_bytes`] wrote, and nothing else.
    ///
    /// # Errors
    /// See [`ProofFileError`].
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, ProofFileError> {
        use ProofFileError::Field;
        if bytes.len() > PROOF_FILE_BYTES_MAX {
            return Err(ProofFileError::TooLarge(bytes.len()));
        }
        let wire: Wire = serde_json::from_slice(bytes)
            .map_err(|error| ProofFileError::Shape(error.to_string()))?;
        if wire.format != FORMAT {
            return Err(ProofFileError::Format(wire.format));
        }
        let fixed = |text: &str| from_hex(text);
        let key = fixed(&wire.key).and_then(|it| it.try_into().ok()).ok_or(Field("key"))?;
        let head = fixed(&wire.head).and_then(|it| SignedHead::from_bytes(&it).ok());
        let consistency = |text: &str| ConsistencyProof::from_bytes(&from_hex(text)?);
        let extends = consistency(&wire.extends_statement);
        let mut earlier = Vec::with_capacity(wire.earlier.len());
        for it in &wire.earlier {
            let root = it.root.parse().map_err(|_| Field("earlier root"))?;
            let proof = consistency(&it.proof).ok_or(Field("earlier proof"))?;
            earlier.push(Earlier { root, proof });
        }
        let mut transfers = Vec::with_capacity(wire.transfers.len());
        for it in &wire.transfers {
            let canonical = BASE64.decode(&it.canonical).map_err(|_| Field("canonical"))?;
            let inclusion = from_hex(&it.inclusion);
            let inclusion = inclusion.and_then(|it| InclusionProof::from_bytes(&it));
            let inclusion = inclusion.ok_or(Field("inclusion"))?;
            transfers.push(ProvedTransfer { canonical, inclusion });
        }
        let signature = fixed(&wire.signature).and_then(|it| it.try_into().ok());
        let file = Self {
            statement: BASE64.decode(&wire.statement).map_err(|_| Field("statement"))?,
            signature: signature.ok_or(Field("signature"))?,
            key: HeadKey::from_bytes(&key).map_err(|_| Field("key"))?,
            head: head.ok_or(Field("head"))?,
            extends_statement: extends.ok_or(Field("extends_statement"))?,
            earlier,
            transfers,
        };
        if file.to_bytes() == bytes { Ok(file) } else { Err(ProofFileError::NotCanonical) }
    }

    /// Checks everything in the file against everything else in it.
    #[must_use]
    pub fn check(&self) -> Checked {
        let mut checked = Checked { fingerprint: self.key.fingerprint(), ..Checked::default() };
        let head = self.head.head;
        let signed = self.key.verify(&self.head).is_ok();
        checked.say("the head of the ledger is signed with the key", signed, "");
        let issued = self.key.verify_document(&self.statement, &self.signature).is_ok();
        checked.say("the statement was issued under the key", issued, "");
        let statement = match Statement::from_bytes(&self.statement) {
            Ok(statement) => statement,
            Err(error) => {
                checked.say("the statement adds up", false, &error.to_string());
                return checked;
            }
        };
        checked.say("the statement adds up", true, "");
        let own = statement.payer.organisation == head.owner;
        checked.say("statement and ledger are of the same owner", own, "");
        let proof = &self.extends_statement;
        let stated = TreeHash::from_bytes(statement.ledger.root.0);
        let extended = (proof.older, proof.newer) == (statement.ledger.size, head.size)
            && proof.verify(stated, head.root).is_ok();
        checked.say("the ledger was only extended since the statement", extended, "");
        let earlier = self
            .earlier
            .iter()
            .all(|it| it.proof.newer == head.size && it.proof.verify(it.root, head.root).is_ok());
        let count = self.earlier.len();
        let said = format!("the ledger extends {count} heads shown before");
        checked.say(&said, earlier, "");
        let transfers = self.transfers(&mut checked);
        lines(&statement, &transfers, &mut checked);
        checked.statement = Some(statement);
        checked
    }

    fn transfers(&self, checked: &mut Checked) -> BTreeMap<TransferId, Transfer> {
        let head = self.head.head;
        let mut transfers = BTreeMap::new();
        let mut wrong = Vec::new();
        for it in &self.transfers {
            let (proof, leaf) = (&it.inclusion, leaf_hash(&it.canonical));
            let included = proof.size == head.size && proof.verify(leaf, head.root).is_ok();
            match parse_canonical(&it.canonical) {
                Ok(transfer)
                    if included && transfer.seq == proof.index && transfer.owner == head.owner =>
                {
                    transfers.insert(transfer.id, transfer);
                }
                Ok(transfer) => wrong.push(transfer.id.to_string()),
                Err(error) => wrong.push(format!("number {}: {error}", proof.index)),
            }
        }
        let said = format!("{} transfers are in the ledger", self.transfers.len());
        checked.say(&said, wrong.is_empty(), &wrong.join(", "));
        transfers
    }

    /// Holds this file against an older one of the same owner.
    #[must_use]
    pub fn compare(&self, older: &Self) -> Comparison {
        let (new, old) = (self.head.head, older.head.head);
        if new.owner != old.owner {
            return Comparison::NotComparable("the files are of two owners");
        }
        if self.key != older.key {
            return Comparison::Rewritten("they are signed with two keys".to_owned());
        }
        if new.size < old.size {
            return older.compare(self);
        }
        let heads = self.earlier.iter().map(|it| (it.proof.older, it.root));
        let heads: BTreeMap<u64, TreeHash> = heads.chain([(new.size, new.root)]).collect();
        let theirs = older.earlier.iter().map(|it| (it.proof.older, it.root));
        let mut both = false;
        for (size, root) in theirs.chain([(old.size, old.root)]) {
            let Some(own) = heads.get(&size) else { continue };
            if *own != root {
                let detail = format!("at {size} transfers the ledger had another root");
                return Comparison::Rewritten(detail);
            }
            both |= size == old.size;
        }
        let places: BTreeMap<u64, &[u8]> =
            self.transfers.iter().map(|it| (it.inclusion.index, &it.canonical[..])).collect();
        for it in &older.transfers {
            if places.get(&it.inclusion.index).is_some_and(|own| *own != it.canonical) {
                let detail = format!("transfer number {} was another", it.inclusion.index);
                return Comparison::Rewritten(detail);
            }
        }
        if both {
            Comparison::Extended
        } else {
            Comparison::NotComparable("the newer file has no proof from the older one's head")
        }
    }
}

/// What two files say of each other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Comparison {
    /// The newer ledger contains the older one unchanged.
    Extended,
    /// The past was rewritten.
    Rewritten(String),
    /// Neither is shown.
    NotComparable(&'static str),
}

/// One thing that was checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// What should hold.
    pub what: String,
    /// Whether it does.
    pub holds: bool,
    /// What does not, in words; may be empty.
    pub detail: String,
}

/// The result of [`ProofFile::check`].
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Checked {
    /// Fingerprint of the key that all signatures are of.
    pub fingerprint: String,
    /// Everything that was checked.
    pub findings: Vec<Finding>,
    /// The statement, when it can be read.
    pub statement: Option<Statement>,
}

impl Checked {
    /// Whether everything holds.
    #[must_use]
    pub fn holds(&self) -> bool {
        self.statement.is_some() && self.findings.iter().all(|it| it.holds)
    }

    fn say(&mut self, what: &str, holds: bool, detail: &str) {
        self.findings.push(Finding { what: what.to_owned(), holds, detail: detail.to_owned() });
    }
}

/// Every line against its transfers: each is there, about the line's commission, of the payee and
/// the program, with the line's amount.
fn lines(statement: &Statement, transfers: &BTreeMap<TransferId, Transfer>, checked: &mut Checked) {
    let mut wrong = Vec::new();
    let mut named = 0;
    for line in &statement.lines {
        named += line.transfers().count();
        if let Some(detail) = line_differs(statement, line, transfers) {
            wrong.push(format!("{}: {detail}", line.commission));
        }
    }
    let said = format!("{} lines are what their {named} transfers say", statement.lines.len());
    checked.say(&said, wrong.is_empty(), &wrong.join(", "));
    let used: std::collections::BTreeSet<_> =
        statement.lines.iter().flat_map(StatementLine::transfers).collect();
    let idle = transfers.keys().find(|id| !used.contains(id));
    let detail = idle.map(|id| format!("{id} is not")).unwrap_or_default();
    checked.say("every transfer is named by a line", idle.is_none(), &detail);
}

fn line_differs(
    statement: &Statement,
    line: &StatementLine,
    transfers: &BTreeMap<TransferId, Transfer>,
) -> Option<&'static str> {
    let find = |id: &TransferId| transfers.get(id);
    let about = |transfer: &Transfer| {
        transfer.subject.kind == SubjectKind::Commission
            && transfer.subject.id == *line.commission.as_bytes()
    };
    let cost = |transfer: &Transfer| -> Option<i64> {
        let mut of_program = transfer.postings.iter().filter(|it| {
            it.account.kind == AccountKind::CommissionCost
                && it.account.program == Some(line.program)
                && it.account.currency == statement.currency
        });
        of_program.next().map(|it| it.amount)
    };
    let of_payee = |transfer: &Transfer| {
        let mut partners = transfer.postings.iter().filter_map(|it| it.account.partner);
        partners.all(|partner| partner == statement.payee.partner)
    };
    let mut earned = 0i128;
    for id in &line.booked {
        let Some(transfer) = find(id) else { return Some("a transfer is missing") };
        if !about(transfer) || !of_payee(transfer) {
            return Some("a transfer is about something else");
        }
        earned += i128::from(cost(transfer).unwrap_or(0));
    }
    if earned != i128::from(line.earned.minor) {
        return Some("what was booked is another amount");
    }
    for adjustment in &line.adjustments {
        let Some(transfer) = find(&adjustment.transfer) else {
            return Some("a transfer of an adjustment is missing");
        };
        if !of_payee(transfer) {
            return Some("an adjustment is another partner's");
        }
        // What an earlier payout settled stands in its release, together with other commissions.
        if transfer.kind == TransferKind::Release {
            continue;
        }
        let same = about(transfer) && cost(transfer) == Some(adjustment.amount.minor);
        if !same {
            return Some("an adjustment is another amount");
        }
    }
    None
}
