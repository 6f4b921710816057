//! Why a journey was credited as it was, as typed data; words are the pages' business.

use tributary_kernel::{LocalDate, Timestamp, UserId, Zone, text_enum};
use tributary_money::Share;

use crate::credit::is_direct;
use crate::weigh::{Seat, last_by};
use crate::window::age_days;
use crate::{
    Attribution, CreditKey, Fitted, Journey, Model, ModelSettings, Policy, Proof, TouchKind,
    TouchRef, TouchVerdict,
};

text_enum! {
    /// How a journey ended.
    pub enum Outcome {
        /// Partners earned all of it.
        Credited = "credited",
        /// Partners earned a part, other channels took the rest.
        CreditedInPart = "credited_in_part",
        /// Other channels took all of it.
        ChannelTookIt = "channel_took_it",
        /// It waits for a person.
        Held = "held",
        /// Nothing is known of the way to this conversion.
        NoTouches = "no_touches",
        /// Only direct visits are known, and these name nobody.
        OnlyDirect = "only_direct",
        /// There are touches; none could earn.
        NobodyAble = "nobody_able",
        /// There are touches that could earn; the table of weights gives none of them anything.
        NoWeight = "no_weight",
    }
}

impl Outcome {
    /// The outcome in a sentence for developers.
    #[must_use]
    pub const fn detail(self) -> &'static str {
        match self {
            Self::Credited => "partners earned the whole conversion",
            Self::CreditedInPart => "partners and other channels share the conversion",
            Self::ChannelTookIt => "channels that are no partner's took the conversion",
            Self::Held => "a touch has no record of its own: a person decides",
            Self::NoTouches => "no touch is known before this conversion, so nobody is credited",
            Self::OnlyDirect => "only direct visits are known, and these credit nobody",
            Self::NobodyAble => "no touch could earn; each has its reason",
            Self::NoWeight => "the table of weights gives nothing to those who took part",
        }
    }
}

text_enum! {
    /// The part a touch plays in a model that looks at positions.
    pub enum Role {
        /// The first touch.
        First = "first",
        /// The last touch at or before the lead was made.
        Lead = "lead",
        /// The last touch at or before the opportunity was made.
        Opportunity = "opportunity",
        /// The last touch.
        Last = "last",
    }
}

/// One touch with what became of it.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct ExplainedTouch {
    /// Which one.
    pub touch: TouchRef,
    /// Its kind.
    pub kind: TouchKind,
    /// When it happened.
    pub at: Timestamp,
    /// Its age in days of the program's calendar at the conversion, begun days counted.
    pub age_days: u32,
    /// Whose it is.
    pub key: CreditKey,
    /// What became of it.
    pub verdict: TouchVerdict,
    /// The parts it played; none in models that do not ask.
    pub roles: Vec<Role>,
}

/// Something a reader should know besides the verdicts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(tag = "note", rename_all = "snake_case")]
pub enum Note {
    /// The touch seems later than the conversion; within the tolerance, so clocks disagree and it
    /// counts as at the conversion.
    ClockAhead {
        /// Place of the touch.
        touch: u16,
        /// By how much, begun seconds counted.
        seconds: u32,
    },
    /// The touch earns by its id alone: its record expired without consent.
    IdOnly {
        /// Place of the touch.
        touch: u16,
    },
    /// More touches than are kept; so many of the oldest were left out.
    OldestLeftOut {
        /// How many.
        touches: u32,
    },
    /// The model asks for a stage that has not happened, so its weight went to the others.
    NoLeadStage,
    /// As [`Note::NoLeadStage`], of the opportunity.
    NoOpportunityStage,
}

/// The table of weights that paid.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct TableUsed {
    /// The report it came from.
    pub fitted_by: Fitted,
    /// The first day it was fitted on.
    pub from: LocalDate,
    /// The last day.
    pub to: LocalDate,
    /// Its number in the program.
    pub version: u32,
    /// Who approved it.
    pub approved_by: UserId,
    /// SHA-256 of the whole.
    pub hash: String,
    /// The weights that were asked, in the order of keys.
    pub weights: Vec<(CreditKey, u64)>,
}

/// Why a journey was credited as it was.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Explanation {
    /// The model.
    pub model: Model,
    /// What it was set to.
    pub settings: ModelSettings,
    /// How it ended.
    pub outcome: Outcome,
    /// What partners earned together.
    pub partners: Share,
    /// The touches in their order.
    pub touches: Vec<ExplainedTouch>,
    /// What else to know.
    pub notes: Vec<Note>,
    /// The table, where one paid.
    pub table: Option<TableUsed>,
}

/// Explains an answer of [`crate::credit`] for the same journey, moment, policy and zone.
#[must_use]
pub fn explain(
    journey: &Journey,
    attribution: &Attribution,
    occurred_at: Timestamp,
    policy: &Policy,
    zone: &Zone,
) -> Explanation {
    let roles = roles(journey, attribution, occurred_at);
    let told = journey.touches().iter().zip(&attribution.verdicts).zip(roles);
    let touches = told.map(|((touch, &verdict), roles)| ExplainedTouch {
        touch: touch.touch,
        kind: touch.touch.kind(),
        at: touch.at,
        age_days: age_days(touch.at, occurred_at, zone),
        key: CreditKey::of(touch),
        verdict,
        roles,
    });
    let partners: u32 = attribution.credits.iter().map(|credit| credit.share.get()).sum();
    Explanation {
        model: attribution.model,
        settings: policy.settings,
        outcome: outcome(journey, attribution),
        partners: Share::new(partners).expect("shares sum to at most the whole"),
        touches: touches.collect(),
        notes: notes(journey, attribution, occurred_at),
        table: policy.table.as_ref().filter(|_| attribution.model == Model::WeightsTable).map(
            |table| {
                let (from, to) = table.period();
                let asked: std::collections::BTreeSet<_> =
                    journey.touches().iter().map(CreditKey::of).collect();
                TableUsed {
                    fitted_by: table.fitted_by(),
                    from,
                    to,
                    version: table.version(),
                    approved_by: table.approved().0,
                    hash: table.hash().to_owned(),
                    weights: asked
                        .into_iter()
                        .map(|key| {
                            let weight = table.weight(&key);
                            (key, weight)
                        })
                        .collect(),
                }
            },
        ),
    }
}

fn outcome(journey: &Journey, attribution: &Attribution) -> Outcome {
    let takes_part = |verdict: &TouchVerdict| *verdict == TouchVerdict::NoShare;
    match (attribution.credits.is_empty(), attribution.channels.is_empty()) {
        _ if attribution.held.is_some() => Outcome::Held,
        (false, true) => Outcome::Credited,
        (false, false) => Outcome::CreditedInPart,
        (true, false) => Outcome::ChannelTookIt,
        _ if journey.touches().is_empty() => Outcome::NoTouches,
        _ if journey.touches().iter().all(is_direct) => Outcome::OnlyDirect,
        _ if attribution.verdicts.iter().any(takes_part) => Outcome::NoWeight,
        _ => Outcome::NobodyAble,
    }
}

fn takes_part(verdict: &TouchVerdict) -> bool {
    matches!(
        verdict,
        TouchVerdict::Credited { .. }
            | TouchVerdict::ChannelCredited { .. }
            | TouchVerdict::NoShare
            | TouchVerdict::UnrecordedHeld
            | TouchVerdict::Waits { .. }
    )
}

/// The roles of every touch under the models that have roles.
fn roles(journey: &Journey, attribution: &Attribution, occurred_at: Timestamp) -> Vec<Vec<Role>> {
    let mut roles = vec![Vec::new(); journey.touches().len()];
    let milestones = journey.milestones();
    let judged = (0u16..).zip(journey.touches()).zip(&attribution.verdicts);
    let seats: Vec<_> = judged
        .filter(|(_, verdict)| takes_part(verdict))
        .map(|((place, touch), _)| Seat {
            place,
            touch,
            at: touch.at.min(occurred_at),
            key: CreditKey::of(touch),
        })
        .collect();
    let places: &[(Option<usize>, Role)] = match attribution.model {
        Model::PositionU => &[(Some(0), Role::First), (seats.len().checked_sub(1), Role::Last)],
        Model::PositionW => &[
            (Some(0), Role::First),
            (last_by(&seats, milestones.lead_at), Role::Lead),
            (last_by(&seats, milestones.opportunity_at), Role::Opportunity),
        ],
        _ => &[],
    };
    for (index, role) in places {
        if let Some(seat) = index.and_then(|index| seats.get(index)) {
            roles[usize::from(seat.place)].push(*role);
        }
    }
    roles
}

fn notes(journey: &Journey, attribution: &Attribution, occurred_at: Timestamp) -> Vec<Note> {
    let mut notes = Vec::new();
    if journey.left_out() > 0 {
        notes.push(Note::OldestLeftOut { touches: journey.left_out() });
    }
    for ((place, touch), verdict) in (0u16..).zip(journey.touches()).zip(&attribution.verdicts) {
        let ahead = touch.at.microseconds_since(occurred_at);
        if ahead > 0 && *verdict != TouchVerdict::AfterConversion {
            let seconds = u32::try_from(ahead.unsigned_abs().div_ceil(1_000_000));
            notes.push(Note::ClockAhead { touch: place, seconds: seconds.unwrap_or(u32::MAX) });
        }
        if touch.proof == Proof::IdOnly && verdict.share().is_some() {
            notes.push(Note::IdOnly { touch: place });
        }
    }
    if attribution.model == Model::PositionW && !attribution.credits.is_empty() {
        let milestones = journey.milestones();
        if milestones.lead_at.is_none() {
            notes.push(Note::NoLeadStage);
        }
        if milestones.opportunity_at.is_none() {
            notes.push(Note::NoOpportunityStage);
        }
    }
    notes
}
