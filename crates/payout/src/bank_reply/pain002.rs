//! `pain.002.001.03` to `.14`: the versions differ in what is not read here.

use tributary_kernel::PayoutId;
use tributary_money::{Currency, Money};

use super::reason::Reason;
use super::xml::{self, Element, ReplyError};
use crate::pain001::payout_of_reference;

const NAMESPACE: &str = "urn:iso:std:iso:20022:tech:xsd:pain.002.001.";

tributary_kernel::text_enum! {
    /// What a bank says of a file, a group or a payment (ExternalPaymentTransactionStatus1Code and
    /// its like), as far as it matters here.
    pub enum Status {
        /// Received, checked or accepted, on its way; not yet booked (`RCVD`, `PDNG`, `ACTC`,
        /// `ACCP`, `ACSP`, `ACWC`, `ACWP`, `ACFC`, `PATC`).
        Accepted = "accepted",
        /// Booked (`ACSC`, `ACCC`).
        Executed = "executed",
        /// Refused (`RJCT`).
        Rejected = "rejected",
        /// Cancelled (`CANC`).
        Cancelled = "cancelled",
        /// Some are accepted and some are not: those within say which (`PART`).
        Partly = "partly",
        /// A code that is not known here.
        Unknown = "unknown",
    }
}

impl Status {
    fn of(code: &str) -> Self {
        match code {
            "RCVD" | "PDNG" | "ACTC" | "ACCP" | "ACSP" | "ACWC" | "ACWP" | "ACFC" | "PATC" => {
                Self::Accepted
            }
            "ACSC" | "ACCC" => Self::Executed,
            "RJCT" => Self::Rejected,
            "CANC" => Self::Cancelled,
            "PART" => Self::Partly,
            _ => Self::Unknown,
        }
    }
}

/// What is said of the whole file or of a group of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GroupStatus {
    /// Message id of the file, or id of the group.
    pub id: String,
    /// The code, if one is given.
    pub status: Option<Status>,
    /// Why.
    pub reasons: Vec<Reason>,
}

/// What is said of one payment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TransactionStatus {
    /// `OrgnlEndToEndId`.
    pub end_to_end_id: Option<String>,
    /// The payout that it names, when it is one of ours.
    pub payout: Option<PayoutId>,
    /// Id of its group.
    pub group: Option<String>,
    /// The code; of the group when it has none itself.
    pub status: Option<Status>,
    /// Why.
    pub reasons: Vec<Reason>,
    /// The amount that the bank repeats.
    pub amount: Option<Money>,
    /// The bank's own reference.
    pub bank_reference: Option<String>,
}

/// A status report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatusReport {
    /// The bank's id of the report.
    pub message_id: String,
    /// Version, like `10`.
    pub version: String,
    /// What it says of the file; its id is the file's message id.
    pub file: GroupStatus,
    /// What it says of groups.
    pub groups: Vec<GroupStatus>,
    /// What it says of payments.
    pub transactions: Vec<TransactionStatus>,
}

/// Reads a status report.
///
/// # Errors
/// When it is none, see [`ReplyError`].
pub fn read_status_report(bytes: &[u8]) -> Result<StatusReport, ReplyError> {
    let (namespace, root) = xml::read(bytes, NAMESPACE)?;
    let report = root.at("CstmrPmtStsRpt").ok_or_else(|| missing("CstmrPmtStsRpt"))?;
    let original = report.at("OrgnlGrpInfAndSts").ok_or_else(|| missing("OrgnlGrpInfAndSts"))?;
    let file = group(original, "OrgnlMsgId", "GrpSts")
        .ok_or_else(|| missing("OrgnlGrpInfAndSts/OrgnlMsgId"))?;
    let (mut groups, mut transactions) = (Vec::new(), Vec::new());
    for it in report.all("OrgnlPmtInfAndSts") {
        let own = group(it, "OrgnlPmtInfId", "PmtInfSts")
            .ok_or_else(|| missing("OrgnlPmtInfAndSts/OrgnlPmtInfId"))?;
        for transaction in it.all("TxInfAndSts") {
            transactions.push(read_transaction(transaction, &own)?);
        }
        groups.push(own);
    }
    Ok(StatusReport {
        message_id: report.first_of(&["GrpHdr/MsgId"]).ok_or_else(|| missing("GrpHdr/MsgId"))?,
        version: namespace.strip_prefix(NAMESPACE).unwrap_or_default().to_owned(),
        file,
        groups,
        transactions,
    })
}

fn missing(path: &'static str) -> ReplyError {
    ReplyError::Content { path, detail: "it is missing".to_owned() }
}

fn group(it: &Element, id: &str, status: &str) -> Option<GroupStatus> {
    Some(GroupStatus {
        id: it.first_of(&[id])?,
        status: it.text_at(status).map(Status::of),
        reasons: reasons(it),
    })
}

fn reasons(it: &Element) -> Vec<Reason> {
    it.all("StsRsnInf")
        .map(|info| Reason {
            code: info.first_of(&["Rsn/Cd", "Rsn/Prtry"]).unwrap_or_default(),
            text: info.all("AddtlInf").map(|line| line.text.trim().to_owned()).collect(),
        })
        .collect()
}

fn read_transaction(it: &Element, group: &GroupStatus) -> Result<TransactionStatus, ReplyError> {
    let end_to_end_id = it.first_of(&["OrgnlEndToEndId"]);
    let payout = end_to_end_id.as_deref().and_then(payout_of_reference);
    let amount = it.at("OrgnlTxRef/Amt/InstdAmt").map(amount_of).transpose()?;
    let own = reasons(it);
    Ok(TransactionStatus {
        payout,
        end_to_end_id,
        group: Some(group.id.clone()),
        status: it.text_at("TxSts").map(Status::of).or(group.status),
        reasons: if own.is_empty() { group.reasons.clone() } else { own },
        amount,
        bank_reference: it.first_of(&["AcctSvcrRef"]),
    })
}

/// An element with an amount in the currency of its attribute.
pub(super) fn amount_of(it: &Element) -> Result<Money, ReplyError> {
    let wrong = |detail: String| ReplyError::Content { path: "an amount", detail };
    let code = it.currency().unwrap_or_default();
    let currency =
        Currency::from_code(code).ok_or_else(|| wrong(format!("`{code}` is no currency here")))?;
    let text = it.text.trim();
    // Banks write more decimals than the currency has, as the schema allows five.
    let text = match text.split_once('.') {
        Some((whole, fraction)) => {
            let keep = fraction.trim_end_matches('0').len().max(usize::from(currency.exponent()));
            let fraction = fraction.get(..keep.min(fraction.len())).unwrap_or(fraction);
            if fraction.is_empty() { whole.to_owned() } else { format!("{whole}.{fraction}") }
        }
        None => text.to_owned(),
    };
    Money::parse_decimal(&text, currency).map_err(|error| wrong(error.to_string()))
}
