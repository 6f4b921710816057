use tributary_kernel::{FieldError, LinkId, LocalDate, PartnerId, ProgramId, Refusal, text_enum};
use tributary_money::Currency;

text_enum! {
    /// What a report counts.
    pub enum Measure {
        /// Clicks of people.
        Clicks = "clicks",
        /// Of these, first of a visitor on a link that day.
        UniqueClicks = "unique_clicks",
        /// Clicks of machines.
        MachineClicks = "machine_clicks",
        /// Conversions.
        Conversions = "conversions",
        /// Gross amount of conversions.
        Amount = "amount",
        /// Commission, by state.
        Commission = "commission",
    }
}

impl Measure {
    /// Whether it comes from the clicks.
    #[must_use]
    pub const fn is_of_clicks(self) -> bool {
        matches!(self, Self::Clicks | Self::UniqueClicks | Self::MachineClicks)
    }
}

text_enum! {
    /// What a report is divided by, besides time and currency.
    pub enum Dimension {
        /// Program.
        Program = "program",
        /// Partner.
        Partner = "partner",
        /// Link.
        Link = "link",
        /// Type of conversion; clicks have the type `click`.
        Event = "event",
    }
}

text_enum! {
    /// How time is divided.
    pub enum Granularity {
        /// Not at all.
        Total = "total",
        /// By day.
        Day = "day",
        /// By calendar month.
        Month = "month",
    }
}

/// Only what belongs to these.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ReportFilter {
    /// One program.
    pub program: Option<ProgramId>,
    /// One partner.
    pub partner: Option<PartnerId>,
    /// One link.
    pub link: Option<LinkId>,
    /// One type of conversion.
    pub event: Option<String>,
}

/// The one shape of a request for numbers. Days are each program's own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReportRequest {
    /// What to count; none: everything.
    pub measures: Vec<Measure>,
    /// What to divide by.
    pub dimensions: Vec<Dimension>,
    /// How to divide time.
    pub granularity: Granularity,
    /// First day.
    pub from: LocalDate,
    /// Last day.
    pub to: LocalDate,
    /// Only these.
    pub filter: ReportFilter,
}

/// The longest range of a report.
pub const REPORT_DAYS_MAX: i32 = 3_660;
/// Most rows of an answer; more are refused with advice.
pub const REPORT_ROWS_MAX: usize = 50_000;

impl ReportRequest {
    /// Everything in a range, undivided.
    #[must_use]
    pub fn of(from: LocalDate, to: LocalDate) -> Self {
        Self {
            measures: Vec::new(),
            dimensions: Vec::new(),
            granularity: Granularity::Total,
            from,
            to,
            filter: ReportFilter::default(),
        }
    }

    /// Whether a measure is asked for.
    #[must_use]
    pub fn has(&self, measure: Measure) -> bool {
        self.measures.is_empty() || self.measures.contains(&measure)
    }

    /// Checks the range.
    ///
    /// # Errors
    /// The field that is wrong.
    pub fn check(&self) -> Result<(), Refusal> {
        if self.from > self.to {
            let detail = "The first day comes after the last.";
            return Err(FieldError::new("/from", "range", detail).into());
        }
        if self.to.as_days().saturating_sub(self.from.as_days()) >= REPORT_DAYS_MAX {
            let detail = format!("Ask for at most {REPORT_DAYS_MAX} days at a time.");
            return Err(FieldError::new("/from", "range_too_long", detail).into());
        }
        Ok(())
    }

    pub(super) fn has_clicks(&self) -> bool {
        Measure::ALL.iter().any(|measure| measure.is_of_clicks() && self.has(*measure))
    }

    pub(super) fn has_conversions(&self) -> bool {
        Measure::ALL.iter().any(|measure| !measure.is_of_clicks() && self.has(*measure))
    }
}

/// Commission in minor units, by where it stands now.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct CommissionSums {
    /// Waits for approval.
    pub pending: i64,
    /// Waits for a payout.
    pub approved: i64,
    /// In a payout on its way.
    pub payable: i64,
    /// Paid.
    pub paid: i64,
    /// Declined.
    pub declined: i64,
    /// What is left of those given back in full: nothing, as a rule.
    pub reversed: i64,
}

impl CommissionSums {
    /// What is owed or was paid: all but declined and reversed.
    #[must_use]
    pub const fn earned(&self) -> i64 {
        self.pending + self.approved + self.payable + self.paid
    }
}

/// The numbers of one row; those not asked for are zero. Amounts are minor units of the row's
/// currency.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Figures {
    /// Clicks of people.
    pub clicks: i64,
    /// Of these, first of a visitor on a link that day.
    pub unique_clicks: i64,
    /// Clicks of machines.
    pub machine_clicks: i64,
    /// Conversions.
    pub conversions: i64,
    /// Gross amount of conversions.
    pub amount: i64,
    /// Commission.
    pub commission: CommissionSums,
}

impl Figures {
    pub(super) fn add(&mut self, other: &Self) {
        self.clicks += other.clicks;
        self.unique_clicks += other.unique_clicks;
        self.machine_clicks += other.machine_clicks;
        self.conversions += other.conversions;
        self.amount += other.amount;
        let (own, other) = (&mut self.commission, &other.commission);
        own.pending += other.pending;
        own.approved += other.approved;
        own.payable += other.payable;
        own.paid += other.paid;
        own.declined += other.declined;
        own.reversed += other.reversed;
    }

    /// Leaves only what was asked for.
    pub(super) fn keep(&mut self, request: &ReportRequest) {
        let none = Self::default();
        for measure in Measure::ALL.iter().filter(|measure| !request.has(**measure)) {
            match measure {
                Measure::Clicks => self.clicks = none.clicks,
                Measure::UniqueClicks => self.unique_clicks = none.unique_clicks,
                Measure::MachineClicks => self.machine_clicks = none.machine_clicks,
                Measure::Conversions => self.conversions = none.conversions,
                Measure::Amount => self.amount = none.amount,
                Measure::Commission => self.commission = none.commission,
            }
        }
    }
}

/// One row. Parts that the report is not divided by are none; of those it is divided by, none
/// means nobody's, or through no link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReportRow {
    /// The day, or the first of the month.
    pub period: Option<LocalDate>,
    /// The program.
    pub program: Option<ProgramId>,
    /// The partner.
    pub partner: Option<PartnerId>,
    /// The link.
    pub link: Option<LinkId>,
    /// The type of conversion.
    pub event: Option<String>,
    /// Currencies are never summed: of every row there is one per currency.
    pub currency: Currency,
    /// The numbers.
    pub figures: Figures,
}

/// An answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// By time, then by the parts in the order program, partner, link, event, currency.
    pub rows: Vec<ReportRow>,
    /// The sum of the rows, one per currency.
    pub totals: Vec<ReportRow>,
}
