//! What happens in the year, written down before any of it is played: clicks, reports, refunds and
//! corrections, each with its moment. Pure: the same options give the same year.

mod clicks;
mod crm;
mod reports;
mod shop;
mod special;
mod travel;

use tributary_click::{Class, Device};
use tributary_kernel::{Timestamp, Zone};
use tributary_ledger::Reason;

use crate::SimOptions;
use crate::calendar::{Day, days};
use crate::cast::PROGRAMS;
use crate::dice::Dice;

/// Names a click of the year.
pub type ClickKey = usize;
/// Names a report of the year.
pub type ReportKey = usize;

/// The whole year in its order.
#[derive(Debug, Clone, Default)]
pub struct Year {
    /// Clicks by time. A key is a place in here.
    pub clicks: Vec<PlannedClick>,
    /// Reports by the moment they are sent. A key is a place in here.
    pub reports: Vec<PlannedReport>,
    /// Refunds and corrections by the moment they are sent.
    pub adjustments: Vec<PlannedAdjustment>,
    /// A stretch in which the edge loses what it should have recorded, with the last and first
    /// moment.
    pub loss: Option<(Timestamp, Timestamp)>,
}

/// What a visitor says when the landing page asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// Agrees, some seconds later, in a browser that may have come by an earlier click.
    Granted {
        /// Seconds after the click.
        after: i64,
        /// The browser's click before.
        previous: Option<ClickKey>,
    },
    /// Never answers: the touch lives for a day.
    Never,
    /// The browser said no beforehand: the click is counted and has no id.
    Denied,
}

/// A request of a link.
#[derive(Debug, Clone)]
pub struct PlannedClick {
    /// When.
    pub at: Timestamp,
    /// Of which program, by its place in the cast.
    pub program: usize,
    /// Of which partner, by its place in the program.
    pub partner: usize,
    /// Which of its links; 0 is the first one.
    pub link: usize,
    /// What sort of request.
    pub class: Class,
    /// What the visitor says.
    pub answer: Answer,
    /// Whether the edge loses it: it has an id and no record.
    pub lost: bool,
    /// Who, for the day.
    pub visitor: [u8; 16],
    /// From which country.
    pub country: [u8; 2],
    /// With what.
    pub device: Device,
    /// The partner's own label of the placement.
    pub sub_id: Option<&'static str>,
}

impl PlannedClick {
    /// Whether the edge gives it an id.
    #[must_use]
    pub fn has_id(&self) -> bool {
        self.class.counts() && self.answer != Answer::Denied
    }
}

/// How the advertiser knows the partner.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Clue {
    /// It does not.
    None,
    /// By the click that came with the visitor.
    Click(ClickKey),
    /// By the code at the purchase, with or without a click.
    Coupon {
        /// Whose code, by place in the program.
        partner: usize,
        /// The click, if there was one.
        click: Option<ClickKey>,
    },
    /// The partner is named: by place in the program.
    Named(usize),
    /// By a code that nobody has.
    UnknownCode,
}

/// A conversion as it is reported.
#[derive(Debug, Clone)]
pub struct PlannedReport {
    /// When the report is sent.
    pub sent_at: Timestamp,
    /// When it happened, as reported.
    pub occurred_at: Timestamp,
    /// Of which program.
    pub program: usize,
    /// The event.
    pub kind: &'static str,
    /// Order, invoice or lead.
    pub order_id: String,
    /// Gross amount in minor units of the program's currency.
    pub gross: Option<i64>,
    /// Net amount in minor units of the program's currency.
    pub net: Option<i64>,
    /// Items.
    pub quantity: u32,
    /// What names the partner.
    pub clue: Clue,
    /// The advertiser's own id of the customer.
    pub customer: Option<String>,
    /// Whether a second system of the advertiser sends it.
    pub second_source: bool,
    /// Why the manager will decline what it earns.
    pub declined: Option<Reason>,
}

/// What changes about a conversion.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// Money goes back, gross; none: all that is left.
    Refund(Option<i64>),
    /// The bank takes all of it back.
    Chargeback,
    /// The amounts were wrong: gross and net as they are.
    Correction(i64, i64),
}

/// A refund or correction.
#[derive(Debug, Clone)]
pub struct PlannedAdjustment {
    /// When it is sent.
    pub sent_at: Timestamp,
    /// Of which report.
    pub report: ReportKey,
    /// What changes.
    pub change: Change,
}

/// One program with all that planning needs of it.
#[derive(Debug)]
pub(crate) struct Stage {
    pub(crate) program: usize,
    pub(crate) zone: Zone,
    pub(crate) days: Vec<Day>,
    pub(crate) until: Timestamp,
    /// Volume in millionths of the usual.
    pub(crate) scale_ppm: u64,
}

impl Stage {
    fn new(program: usize, options: &SimOptions) -> Self {
        let cast = PROGRAMS[program];
        let zone = Zone::named(cast.time_zone).expect("the cast's zones exist");
        let days = days(&zone, &cast.rhythm, options.until);
        let scale_ppm = options.scale_ppm();
        Self { program, zone, days, until: options.until, scale_ppm }
    }

    /// The first moment of a day of the year.
    pub(crate) fn day(&self, number: i32) -> Timestamp {
        let place = usize::try_from(number).unwrap_or(0).min(self.days.len() - 1);
        self.days[place].start
    }

    /// So many units in the year, at this scale.
    pub(crate) const fn scaled(&self, of_year: u64) -> u64 {
        of_year * self.scale_ppm
    }

    pub(crate) fn has_happened(&self, at: Timestamp) -> bool {
        at < self.until
    }
}

impl Year {
    /// Plans the year.
    #[must_use]
    pub fn plan(options: &SimOptions) -> Self {
        let stages: Vec<Stage> = (0..PROGRAMS.len()).map(|it| Stage::new(it, options)).collect();
        let mut year = Self::default();
        for stage in &stages {
            // Streams are numbered so that no two parts of the year share one.
            clicks::plan(stage, &mut Dice::new(options.seed, 10 + stage.program as u64), &mut year);
        }
        special::lose_clicks(options.until, &mut year);
        clicks::sort(&mut year);
        let mut book = reports::Book::default();
        let dice = |stream| Dice::new(options.seed, stream);
        crm::plan(&stages[0], &year, &mut dice(20), &mut book);
        shop::plan(&stages[1], &year, &mut dice(21), &mut book);
        travel::plan(&stages[2], &year, &mut dice(22), &mut book);
        special::plan(&stages, &year, &mut book);
        book.write_into(&mut year);
        year
    }
}
