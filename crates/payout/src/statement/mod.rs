//! The document that explains a payout, so that it can be checked line by line and years later:
//! every line names the ledger transfers that booked it, and the head of the ledger's tree at the
//! time is part of the document.

mod canonical;
#[cfg(test)]
mod tests;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use tributary_kernel::{
    AdjustmentId, CommissionId, LocalDate, OrganisationId, PartnerId, PayoutId, ProgramId,
    StatementId, Timestamp, TransferId,
};
use tributary_money::{Currency, Money, Rate};

/// The version of the canonical form.
pub const STATEMENT_FORMAT: u64 = 1;
/// That of a statement with [`Statement::tax`], which readers of the first do not know.
pub const STATEMENT_FORMAT_TAX: u64 = 2;
/// Lines of one statement; a run takes no more per payout in practice, and a document of that many
/// is some 60 MB.
pub const STATEMENT_LINES_MAX: usize = 100_000;

/// A statement of one partner, one owner and one currency. This type is its wire form: names and
/// order of its fields are format 1, with `tax` format 2.
///
/// `opening + new lines - paid = closing`, where `opening` is the sum of the lines carried in from
/// before the period. With a payout, `paid` is the sum of all lines and nothing is left; without
/// one, `paid` is zero and everything is carried on. All of it is net of VAT; what the bank sends is
/// [`Statement::sent`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Statement {
    /// Its id.
    pub statement: StatementId,
    /// The payout that it explains; none when nothing was paid.
    pub payout: Option<PayoutId>,
    /// When it was made.
    pub issued_at: Timestamp,
    /// Who owes.
    pub payer: StatementPayer,
    /// Who earns.
    pub payee: StatementPayee,
    /// Which days.
    pub period: Period,
    /// Of all amounts but the lines' bases.
    pub currency: Currency,
    /// Sum of the lines carried in.
    pub opening: Money,
    /// Sum of the period's own lines.
    pub earned: Money,
    /// What the payout pays.
    pub paid: Money,
    /// What is carried on.
    pub closing: Money,
    /// One per commission.
    pub lines: Vec<StatementLine>,
    /// The ledger when the statement was made.
    pub ledger: LedgerHead,
    /// VAT and tax of a payout that has any, or an invoice that the owner wrote for the partner.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tax: Option<StatementTax>,
}

/// What a payout carries besides commissions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StatementTax {
    /// Number of the invoice that the owner wrote; none: it wrote none, and there is no VAT.
    pub invoice: Option<String>,
    /// VAT on what is paid, 0 or more.
    pub vat: Money,
    /// Withheld, 0 or more.
    pub withheld: Money,
    /// What the bank sends: paid plus VAT less what is withheld.
    pub sent: Money,
}

/// Who owes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StatementPayer {
    /// The owner.
    pub organisation: OrganisationId,
    /// Its name then.
    pub name: String,
    /// Its address then, one line each.
    pub address: Vec<String>,
}

/// Who earns.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StatementPayee {
    /// The partner.
    pub partner: PartnerId,
    /// Their name then.
    pub name: String,
    /// Their address then, one line each.
    pub address: Vec<String>,
    /// The account paid to, masked (see [`crate::BankAccount::masked`]); none when nothing was
    /// paid.
    pub account: Option<String>,
}

/// Local days, both included.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Period {
    /// First day.
    pub from: LocalDate,
    /// Last day.
    pub to: LocalDate,
    /// Name of the time zone that the days are of.
    pub zone: String,
}

/// One commission.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StatementLine {
    /// Which.
    pub commission: CommissionId,
    /// The advertiser's reference of the conversion, masked (see [`masked_reference`]).
    pub conversion: String,
    /// Local day of the conversion.
    pub date: LocalDate,
    /// The program.
    pub program: ProgramId,
    /// Its name then.
    pub program_name: String,
    /// The plan's rule that decided it.
    pub rule: String,
    /// What the rate was applied to, in the currency it was applied in; none for fixed amounts.
    pub base: Option<Money>,
    /// The rate; none for fixed amounts.
    pub rate: Option<Rate>,
    /// The commission as first booked.
    pub earned: Money,
    /// Ledger transfers that booked it.
    pub booked: Vec<TransferId>,
    /// What changed it since, in order of booking.
    pub adjustments: Vec<StatementAdjustment>,
    /// `earned` plus the adjustments: what this line adds to the balance.
    pub amount: Money,
    /// Whether it belongs to an earlier period.
    pub carried_in: bool,
}

impl StatementLine {
    /// All ledger transfers of the line, to be looked up in the tree.
    pub fn transfers(&self) -> impl Iterator<Item = TransferId> + '_ {
        let later = self.adjustments.iter().map(|adjustment| adjustment.transfer);
        self.booked.iter().copied().chain(later)
    }
}

/// A refund, chargeback, correction or retroactive tier.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StatementAdjustment {
    /// What the advertiser reported, if it came from such a report.
    pub adjustment: Option<AdjustmentId>,
    /// Coded reason.
    pub reason: String,
    /// Signed.
    pub amount: Money,
    /// The ledger transfer that booked it.
    pub transfer: TransferId,
}

/// Head of the owner's Merkle tree (RFC 6962).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LedgerHead {
    /// Number of transfers under the root.
    pub size: u64,
    /// Root hash.
    pub root: RootHash,
}

/// 32 bytes; text is 64 lower-case hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct RootHash(pub [u8; 32]);

impl std::fmt::Display for RootHash {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl std::fmt::Debug for RootHash {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        std::fmt::Display::fmt(self, f)
    }
}

impl Serialize for RootHash {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for RootHash {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
        let digits = text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
        let mut bytes = [0; 32];
        for (index, byte) in bytes.iter_mut().enumerate() {
            let pair = text.get(index * 2..index * 2 + 2).filter(|_| digits);
            *byte = pair
                .and_then(|pair| u8::from_str_radix(pair, 16).ok())
                .ok_or_else(|| serde::de::Error::custom("a root is 64 hexadecimal digits"))?;
        }
        Ok(Self(bytes))
    }
}

/// Opening, earned, paid and closing of some lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Totals {
    /// Sum of the lines carried in.
    pub opening: Money,
    /// Sum of the others.
    pub earned: Money,
    /// Sum of all if there is a payout, else zero.
    pub paid: Money,
    /// `opening + earned - paid`.
    pub closing: Money,
}

impl Totals {
    /// The totals of `lines` in `currency`.
    ///
    /// # Errors
    /// When a line has another currency or a sum leaves 64 bits.
    pub fn of(
        lines: &[StatementLine],
        currency: Currency,
        with_payout: bool,
    ) -> Result<Self, StatementError> {
        let mut sums = [0i128; 2];
        for line in lines {
            if line.amount.currency != currency {
                return Err(StatementError::Currency { commission: line.commission });
            }
            sums[usize::from(line.carried_in)] += i128::from(line.amount.minor);
        }
        let money = |sum: i128| {
            let minor = i64::try_from(sum).map_err(|_| StatementError::Sum)?;
            Ok(Money::new(minor, currency))
        };
        let all = sums[0] + sums[1];
        let paid = if with_payout { all } else { 0 };
        Ok(Self {
            opening: money(sums[1])?,
            earned: money(sums[0])?,
            paid: money(paid)?,
            closing: money(all - paid)?,
        })
    }
}

/// Why bytes or values are not a statement that holds.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StatementError {
    /// Not JSON of this shape.
    #[error("not a statement: {detail}")]
    Shape {
        /// What the reader found.
        detail: String,
    },
    /// A format that this version does not know.
    #[error("a statement of format {found}; this version reads format {STATEMENT_FORMAT}")]
    Format {
        /// As written.
        found: String,
    },
    /// Readable, but not byte for byte the canonical form, so no hash of it can match.
    #[error("the bytes are not the canonical form of the statement; were they edited or re-saved?")]
    NotCanonical,
    /// A commission stands twice.
    #[error("commission {commission} stands in the statement twice")]
    CommissionTwice {
        /// Which.
        commission: CommissionId,
    },
    /// A line in another currency.
    #[error("commission {commission} is not in the statement's currency")]
    Currency {
        /// Which.
        commission: CommissionId,
    },
    /// A line's amount is not earned plus adjustments.
    #[error("commission {commission}: amount is not what was earned plus its adjustments")]
    Line {
        /// Which.
        commission: CommissionId,
    },
    /// Opening, earned, paid or closing is not what the lines give.
    #[error("the totals are not the sums of the lines")]
    Totals,
    /// A payout that is not above zero.
    #[error("a payout is above zero, this one is not")]
    Payout,
    /// What is sent is not what is paid with VAT and without what is withheld.
    #[error("what is sent is not what is paid, plus VAT, less what is withheld")]
    Tax,
    /// A sum leaves 64 bits.
    #[error("a sum is too large")]
    Sum,
    /// More than [`STATEMENT_LINES_MAX`].
    #[error("{lines} lines; a statement has at most {STATEMENT_LINES_MAX}: shorten the period")]
    TooManyLines {
        /// How many.
        lines: usize,
    },
}

impl Statement {
    /// What was owed back from before the period and is taken off in it: one figure for pages, API
    /// and documents.
    #[must_use]
    pub fn recovered(&self) -> Money {
        let owed_back = self.lines.iter().filter(|it| it.carried_in && it.amount.minor < 0);
        Money::new(owed_back.map(|it| -it.amount.minor).sum(), self.currency)
    }

    /// Checks the arithmetic inside the document: lines, totals, currency. Whether the lines agree
    /// with the ledger is for the caller, who has it.
    ///
    /// # Errors
    /// The first thing that does not hold.
    pub fn check(&self) -> Result<(), StatementError> {
        if self.lines.len() > STATEMENT_LINES_MAX {
            return Err(StatementError::TooManyLines { lines: self.lines.len() });
        }
        let mut seen = std::collections::BTreeSet::new();
        for line in &self.lines {
            if !seen.insert(line.commission) {
                return Err(StatementError::CommissionTwice { commission: line.commission });
            }
            self.check_line(line)?;
        }
        let totals = Totals::of(&self.lines, self.currency, self.payout.is_some())?;
        let stated = Totals {
            opening: self.opening,
            earned: self.earned,
            paid: self.paid,
            closing: self.closing,
        };
        if totals != stated {
            return Err(StatementError::Totals);
        }
        if self.payout.is_some() && (self.paid.minor <= 0 || self.sent().minor <= 0) {
            return Err(StatementError::Payout);
        }
        self.tax.as_ref().map_or(Ok(()), |tax| self.check_tax(tax))
    }

    fn check_tax(&self, tax: &StatementTax) -> Result<(), StatementError> {
        let minor = |it: Money| i128::from(it.minor);
        let currencies = [tax.vat, tax.withheld, tax.sent].map(|it| it.currency == self.currency);
        let sum = minor(self.paid) + minor(tax.vat) - minor(tax.withheld);
        let holds = currencies == [true; 3]
            && self.payout.is_some()
            && !tax.vat.is_negative()
            && !tax.withheld.is_negative()
            && (tax.invoice.is_some() || tax.vat.is_zero())
            && sum == minor(tax.sent);
        if holds { Ok(()) } else { Err(StatementError::Tax) }
    }

    /// What the bank sends.
    #[must_use]
    pub const fn sent(&self) -> Money {
        match &self.tax {
            Some(tax) => tax.sent,
            None => self.paid,
        }
    }

    fn check_line(&self, line: &StatementLine) -> Result<(), StatementError> {
        let commission = line.commission;
        let changes = line.adjustments.iter().map(|adjustment| adjustment.amount);
        let mut sum = 0i128;
        for amount in std::iter::once(line.earned).chain(changes) {
            if amount.currency != self.currency {
                return Err(StatementError::Currency { commission });
            }
            sum += i128::from(amount.minor);
        }
        let holds = sum == i128::from(line.amount.minor);
        if holds { Ok(()) } else { Err(StatementError::Line { commission }) }
    }

    /// The canonical bytes: JSON with `"format":1` (2 with tax), keys sorted by byte, no spaces, whole numbers,
    /// UTF-8 with only what JSON must escape escaped (RFC 8785, except that whole numbers beyond
    /// 2^53 are written in full). Their SHA-256 is what is kept and compared.
    ///
    /// # Errors
    /// When [`Statement::check`] fails: a wrong document is not issued.
    pub fn to_bytes(&self) -> Result<Vec<u8>, StatementError> {
        self.check()?;
        canonical::write(self)
    }

    /// Reads canonical bytes back, and checks them.
    ///
    /// # Errors
    /// When they are not JSON of this shape and format, not canonical, or do not add up.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, StatementError> {
        let statement = canonical::read(bytes)?;
        statement.check()?;
        if canonical::write(&statement)? == bytes {
            Ok(statement)
        } else {
            Err(StatementError::NotCanonical)
        }
    }
}

/// An order or customer reference as the partner may see it: enough to tell two apart and to ask
/// about one, not enough to find a customer. At most the last four characters, and never more than
/// half.
#[must_use]
pub fn masked_reference(reference: &str) -> String {
    let length = reference.chars().count();
    let hidden = length - (length / 2).min(4);
    let shown: String = reference.chars().skip(hidden).collect();
    format!("•••{shown}")
}
