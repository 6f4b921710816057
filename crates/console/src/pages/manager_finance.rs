use tributary_kernel::LocalDate;
use tributary_money::Money;
use tributary_payout::month_end::{BookedKind, OwedState};

use super::sample::{day, dkk, sek};
use crate::ManagerAccess;
use crate::page::view;
use crate::parts::{Choice, Field};

/// What is owed in one currency and state.
#[derive(Debug, Clone)]
pub struct LiabilityLine {
    /// Which state.
    pub state: OwedState,
    /// By age: 0-30, 31-60, 61-90 days, older.
    pub by_age: [Money; 4],
    /// All together.
    pub total: Money,
}

impl LiabilityLine {
    pub(crate) const fn key(&self) -> &'static str {
        match self.state {
            OwedState::Pending => "owed-pending",
            OwedState::Approved => "owed-approved",
            OwedState::Payable => "owed-payable",
            OwedState::Clawback => "owed-clawback",
        }
    }
}

/// What has to be paid in one currency by then.
#[derive(Debug, Clone)]
pub struct ForecastLine {
    /// Key of when.
    pub key: &'static str,
    /// How much.
    pub amount: Money,
}

/// Keys of the parts of a forecast: now, in 30, 60 and 90 days, later.
pub(crate) const DUE: [&str; 5] = ["due-now", "due-30", "due-60", "due-90", "due-later"];

/// The end of a month: what is owed, what has to be paid, vouchers, closed periods. All of the
/// organisation, whichever program the page is opened from.
#[derive(Debug, Clone)]
pub struct FinancePage {
    /// At the end of which day.
    pub day: LocalDate,
    /// The same, to be changed.
    pub as_of: Field,
    /// Sums by currency.
    pub totals: Vec<Money>,
    /// What is owed.
    pub owed: Vec<LiabilityLine>,
    /// What has to be paid.
    pub forecast: Vec<ForecastLine>,
    /// The last closed day.
    pub closed: Option<LocalDate>,
    /// First day of an export.
    pub from: Field,
    /// Its last day.
    pub through: Field,
    /// In which currency.
    pub currency: Field,
    /// Currencies there are.
    pub currencies: Vec<String>,
    /// The day to close next.
    pub lock_through: Field,
}

/// How the books are written.
#[derive(Debug, Clone)]
pub struct FinanceAccounts {
    /// By kind.
    pub accounts: Vec<(BookedKind, Field)>,
    /// Series of vouchers.
    pub series: Field,
    /// First month of the fiscal year.
    pub year_month: Field,
    /// Number in the register of companies.
    pub organisation_number: Field,
}

impl FinanceAccounts {
    /// Key of a kind's label.
    pub(crate) const fn label(kind: &BookedKind) -> &'static str {
        match kind {
            BookedKind::CommissionCost => "account-commission-cost",
            BookedKind::PartnerPending => "account-partner-pending",
            BookedKind::PartnerApproved => "account-partner-approved",
            BookedKind::PartnerPayable => "account-partner-payable",
            BookedKind::PartnerPaid => "account-partner-paid",
            BookedKind::PartnerClawback => "account-partner-clawback",
            BookedKind::InputVat => "account-input-vat",
            BookedKind::WithheldTax => "account-withheld-tax",
        }
    }

    fn sample_views() -> Vec<Self> {
        let of = |kind: &BookedKind| match kind {
            BookedKind::CommissionCost => Field::of("6050"),
            BookedKind::PartnerPaid => Field::wrong("bank", "account_number"),
            _ => Field::of("2990"),
        };
        vec![Self {
            accounts: BookedKind::ALL.iter().map(|kind| (*kind, of(kind))).collect(),
            series: Field::of("T"),
            year_month: Field::of("1"),
            organisation_number: Field::of("556016-0680"),
        }]
    }
}

impl FinancePage {
    /// Currencies to choose from, all of them first.
    pub(crate) fn currency_choices(&self, page: &crate::Frame<ManagerAccess>) -> Vec<Choice> {
        let all = Choice::new("", page.t("finance-all-currencies"));
        let each = self.currencies.iter().map(|code| Choice::new(code.clone(), code.clone()));
        std::iter::once(all).chain(each).collect()
    }

    fn sample_views() -> Vec<Self> {
        let line = |state, parts: [i64; 4]| LiabilityLine {
            state,
            by_age: parts.map(dkk),
            total: dkk(parts.iter().sum()),
        };
        let full = Self {
            day: day("2026-11-21"),
            as_of: Field::of("2026-11-21"),
            totals: vec![dkk(5_712_150), sek(182_300)],
            owed: vec![
                line(OwedState::Pending, [3_250_000, 120_000, 0, 0]),
                line(OwedState::Approved, [1_250_000, 950_000, 67_463, 18_000]),
                line(OwedState::Payable, [0, 60_887, 0, 0]),
                line(OwedState::Clawback, [-4_200, 0, 0, 0]),
                LiabilityLine {
                    state: OwedState::Approved,
                    by_age: [sek(182_300), sek(0), sek(0), sek(0)],
                    total: sek(182_300),
                },
            ],
            forecast: vec![
                ForecastLine { key: DUE[0], amount: dkk(60_887) },
                ForecastLine { key: DUE[1], amount: dkk(2_285_463) },
                ForecastLine { key: DUE[2], amount: dkk(3_250_000) },
                ForecastLine { key: DUE[1], amount: sek(182_300) },
            ],
            closed: Some(day("2026-09-30")),
            from: Field::of("2026-10-01"),
            through: Field::of("2026-10-31"),
            currency: Field::default(),
            currencies: vec!["DKK".to_owned(), "SEK".to_owned()],
            lock_through: Field::of("2026-10-31"),
        };
        let empty = Self {
            totals: Vec::new(),
            owed: Vec::new(),
            forecast: Vec::new(),
            closed: None,
            currencies: vec!["DKK".to_owned()],
            as_of: Field::wrong("2030-01-01", "range"),
            ..full.clone()
        };
        vec![full, empty]
    }
}

view!(FinancePage, "finance", ManagerAccess, "pages/finance.html", section: ManagerSection::Finance);
view!(FinanceAccounts, "finance-accounts", ManagerAccess, "pages/finance_accounts.html", section: ManagerSection::Finance);
