//! `camt.053.001.02` to `.12`: the older names of elements are read beside the newer.

use tributary_kernel::{LocalDate, Timestamp};
use tributary_money::Money;

use super::pain002::amount_of;
use super::reason::Reason;
use super::xml::{self, Element, ReplyError};

const NAMESPACE: &str = "urn:iso:std:iso:20022:tech:xsd:camt.053.001.";

tributary_kernel::text_enum! {
    /// Which side of the account.
    pub enum Side {
        /// Money came in (`CRDT`).
        Credit = "credit",
        /// Money went out (`DBIT`).
        Debit = "debit",
    }
}

/// One account statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BankStatement {
    /// The bank's id.
    pub id: String,
    /// Version of the file, like `08`.
    pub version: String,
    /// IBAN or the bank's own number.
    pub account: String,
    /// Opening booked balance, negative when overdrawn.
    pub opening: Option<Money>,
    /// Closing booked balance.
    pub closing: Option<Money>,
    /// What was booked; entries that are only announced are left out.
    pub bookings: Vec<Booking>,
}

/// An entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Booking {
    /// Above zero, in the account's currency.
    pub amount: Money,
    /// Which side.
    pub side: Side,
    /// Takes an earlier entry back.
    pub reversal: bool,
    /// Day of booking.
    pub booked_on: Option<LocalDate>,
    /// The bank's reference of the entry.
    pub bank_reference: Option<String>,
    /// Message id of the file that it books as one, when the bank says so.
    pub batch_message: Option<String>,
    /// Id of the group that it books as one, likewise.
    pub batch_group: Option<String>,
    /// What it consists of; empty when the bank tells no more.
    pub details: Vec<BookingDetail>,
}

/// A transaction within an entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BookingDetail {
    /// As the payer gave it; `NOTPROVIDED` counts as none.
    pub end_to_end_id: Option<String>,
    /// The payer's other id of it.
    pub instruction_id: Option<String>,
    /// The bank's reference.
    pub bank_reference: Option<String>,
    /// Its amount, when it is told apart from the entry's.
    pub amount: Option<Money>,
    /// The other side's name.
    pub counterparty: Option<String>,
    /// What was written to the payee, line by line.
    pub message: Vec<String>,
    /// Why a payment came back.
    pub returned: Option<Reason>,
}

impl BankStatement {
    /// Whether opening balance and bookings give the closing balance; none when the statement lacks
    /// a balance or a booking is in another currency.
    #[must_use]
    pub fn adds_up(&self) -> Option<bool> {
        let (opening, closing) = (self.opening?, self.closing?);
        let sum = self.bookings.iter().try_fold(opening, |sum, it| match it.side {
            Side::Credit => sum.checked_add(it.amount).ok(),
            Side::Debit => sum.checked_sub(it.amount).ok(),
        })?;
        Some(sum == closing)
    }
}

/// Reads the statements of a file.
///
/// # Errors
/// When it is none, see [`ReplyError`].
pub fn read_statement(bytes: &[u8]) -> Result<Vec<BankStatement>, ReplyError> {
    let (namespace, root) = xml::read(bytes, NAMESPACE)?;
    let version = namespace.strip_prefix(NAMESPACE).unwrap_or_default();
    let document = root.at("BkToCstmrStmt").ok_or_else(|| missing("BkToCstmrStmt"))?;
    document.all("Stmt").map(|it| statement(it, version)).collect()
}

fn missing(path: &'static str) -> ReplyError {
    ReplyError::Content { path, detail: "it is missing".to_owned() }
}

fn statement(it: &Element, version: &str) -> Result<BankStatement, ReplyError> {
    let mut bookings = Vec::new();
    for entry in it.all("Ntry") {
        // A code in an element of its own since version 4.
        let status = entry.first_of(&["Sts/Cd", "Sts"]).unwrap_or_default();
        if status == "BOOK" {
            bookings.push(booking(entry)?);
        }
    }
    Ok(BankStatement {
        id: it.first_of(&["Id"]).ok_or_else(|| missing("Stmt/Id"))?,
        version: version.to_owned(),
        account: it
            .first_of(&["Acct/Id/IBAN", "Acct/Id/Othr/Id"])
            .ok_or_else(|| missing("Stmt/Acct/Id"))?,
        opening: balance(it, &["OPBD", "PRCD"])?,
        closing: balance(it, &["CLBD"])?,
        bookings,
    })
}

fn balance(it: &Element, codes: &[&str]) -> Result<Option<Money>, ReplyError> {
    for code in codes {
        let found = it.all("Bal").find(|it| it.text_at("Tp/CdOrPrtry/Cd") == Some(code));
        let Some(found) = found else { continue };
        let amount = amount_of(found.at("Amt").ok_or_else(|| missing("Stmt/Bal/Amt"))?)?;
        let negative = side(found)? == Side::Debit;
        return Ok(Some(if negative { negated(amount) } else { amount }));
    }
    Ok(None)
}

const fn negated(amount: Money) -> Money {
    Money::new(-amount.minor, amount.currency)
}

fn side(it: &Element) -> Result<Side, ReplyError> {
    match it.text_at("CdtDbtInd") {
        Some("CRDT") => Ok(Side::Credit),
        Some("DBIT") => Ok(Side::Debit),
        found => Err(ReplyError::Content {
            path: "CdtDbtInd",
            detail: format!("`{}` is neither CRDT nor DBIT", found.unwrap_or_default()),
        }),
    }
}

fn booking(it: &Element) -> Result<Booking, ReplyError> {
    let amount = amount_of(it.at("Amt").ok_or_else(|| missing("Stmt/Ntry/Amt"))?)?;
    let mut details = Vec::new();
    let (mut batch_message, mut batch_group) = (None, None);
    for of_entry in it.all("NtryDtls") {
        batch_message = batch_message.or_else(|| of_entry.first_of(&["Btch/MsgId"]));
        batch_group = batch_group.or_else(|| of_entry.first_of(&["Btch/PmtInfId"]));
        for transaction in of_entry.all("TxDtls") {
            details.push(detail(transaction)?);
        }
    }
    Ok(Booking {
        amount,
        side: side(it)?,
        reversal: matches!(it.text_at("RvslInd"), Some("true" | "1")),
        booked_on: date(it.at("BookgDt")),
        bank_reference: it.first_of(&["AcctSvcrRef", "NtryRef"]),
        batch_message,
        batch_group,
        details,
    })
}

/// A day; of a moment with its offset, the day there.
fn date(it: Option<&Element>) -> Option<LocalDate> {
    let it = it?;
    if let Some(day) = it.text_at("Dt") {
        return day.get(..10)?.parse().ok();
    }
    let moment = it.text_at("DtTm")?;
    moment.get(..10)?.parse().ok().or_else(|| {
        let at: Timestamp = moment.parse().ok()?;
        Some(LocalDate::from_days(i32::try_from(at.as_second().div_euclid(86_400)).ok()?))
    })
}

fn detail(it: &Element) -> Result<BookingDetail, ReplyError> {
    let given = |paths: &[&str]| it.first_of(paths).filter(|text| text != "NOTPROVIDED");
    // The amount sent, when the bank tells of another booked because of charges or exchange.
    let amount = ["AmtDtls/InstdAmt/Amt", "AmtDtls/TxAmt/Amt", "Amt"];
    let amount = amount.iter().find_map(|path| it.at(path)).map(amount_of).transpose()?;
    let returned = it.at("RtrInf").map(|info| Reason {
        code: info.first_of(&["Rsn/Cd", "Rsn/Prtry"]).unwrap_or_default(),
        text: info.all("AddtlInf").map(|line| line.text.trim().to_owned()).collect(),
    });
    let messages = it.all("RmtInf").flat_map(|info| info.all("Ustrd"));
    Ok(BookingDetail {
        end_to_end_id: given(&["Refs/EndToEndId"]),
        instruction_id: given(&["Refs/InstrId"]),
        bank_reference: given(&["Refs/AcctSvcrRef"]),
        amount,
        counterparty: given(&[
            "RltdPties/Cdtr/Pty/Nm",
            "RltdPties/Cdtr/Nm",
            "RltdPties/Dbtr/Pty/Nm",
            "RltdPties/Dbtr/Nm",
        ]),
        message: messages.map(|line| line.text.trim().to_owned()).collect(),
        returned,
    })
}
