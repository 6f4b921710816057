//! What files tell of known leads: which lead is meant, and whether it took the step already.

use std::collections::{BTreeSet, HashMap};

use tributary_kernel::{AccountId, LeadId, OrganisationId, ProgramId, Timestamp, Zone};
use tributary_sales::{Pipeline, Progress};
use tributary_store::account::{self, AccountKeyKind, AccountPlace};
use tributary_store::engine::Connection;
use tributary_store::lead::{self, LeadState, LeadStepKind, StoredLead};

use super::advance::{AdvanceLead, progress_of, take};
use super::settings::LeadSettings;
use crate::AppError;

/// What tells which lead is meant.
#[derive(Debug, Clone, Default)]
pub(crate) struct Told {
    /// Its id.
    pub(crate) lead: Option<LeadId>,
    /// What its company is known by, the surest first.
    pub(crate) company: Vec<AccountPlace>,
    /// The keyed hash of its contact's mail address.
    pub(crate) mail_key: Option<String>,
}

impl Told {
    pub(crate) const fn is_empty(&self) -> bool {
        self.lead.is_none() && self.company.is_empty() && self.mail_key.is_none()
    }

    fn number(&self) -> Option<&str> {
        let number = self.company.iter().find(|(_, kind, _)| *kind == AccountKeyKind::Number);
        number.map(|(.., number)| number.as_str())
    }
}

/// Why no one lead is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unclear {
    /// There is none.
    Unknown,
    /// It is not in the pipeline: it was refused, or waits for an answer.
    NotAccepted,
    /// There are several.
    Several,
}

/// The leads of a program that may be meant.
#[derive(Debug, Default)]
pub(crate) struct Candidates {
    by_id: HashMap<LeadId, StoredLead>,
    accounts: HashMap<AccountPlace, AccountId>,
}

impl Candidates {
    pub(crate) async fn read(
        conn: &mut dyn Connection,
        (owner, program): (OrganisationId, ProgramId),
        told: &[&Told],
    ) -> Result<Self, AppError> {
        let ids: BTreeSet<_> = told.iter().filter_map(|it| Some((owner, it.lead?))).collect();
        let others = || told.iter().filter(|it| it.lead.is_none());
        let places: BTreeSet<_> = others().flat_map(|it| it.company.iter().cloned()).collect();
        let mails: BTreeSet<_> =
            others().filter_map(|it| Some((owner, it.mail_key.clone()?))).collect();
        let mut found = Vec::new();
        if !ids.is_empty() {
            found.extend(lead::by_ids(conn, &Vec::from_iter(ids)).await?);
        }
        let mut accounts = HashMap::new();
        if !places.is_empty() {
            let known = account::accounts_by_key(conn, &Vec::from_iter(places)).await?;
            accounts.extend(known.into_iter().map(|it| (it.place, it.account)));
        }
        let companies: BTreeSet<_> = accounts.values().map(|it| (owner, *it)).collect();
        if !companies.is_empty() {
            found.extend(lead::of_accounts(conn, &Vec::from_iter(companies)).await?);
        }
        let numbers: BTreeSet<_> = others().flat_map(|it| it.number()).collect();
        if !numbers.is_empty() {
            let numbers = numbers.into_iter().map(|it| (owner, it.to_owned())).collect::<Vec<_>>();
            found.extend(lead::of_numbers(conn, &numbers).await?);
        }
        if !mails.is_empty() {
            found.extend(lead::of_mails(conn, &Vec::from_iter(mails)).await?);
        }
        found.retain(|it| it.program == program);
        Ok(Self { by_id: found.into_iter().map(|it| (it.id, it)).collect(), accounts })
    }

    /// The one lead that is meant: by its id, else its contact, else its company by what is surest.
    /// Of several those in the pipeline count more than those that are over.
    pub(crate) fn one(&self, told: &Told) -> Result<&StoredLead, Unclear> {
        if let Some(id) = told.lead {
            let lead = self.by_id.get(&id).ok_or(Unclear::Unknown)?;
            return if accepted(lead) { Ok(lead) } else { Err(Unclear::NotAccepted) };
        }
        let mail = |it: &&StoredLead| it.mail_key.is_some() && it.mail_key == told.mail_key;
        let company = told.company.iter().find_map(|place| self.accounts.get(place));
        let number = told.number();
        let of_company = |it: &&StoredLead| {
            let known = it.account.is_some() && it.account.as_ref() == company;
            known || number.is_some() && it.company_number.as_deref() == number
        };
        let all = || self.by_id.values().filter(|it| accepted(it));
        let mut meant: Vec<&StoredLead> = all().filter(mail).collect();
        if meant.is_empty() {
            meant = all().filter(of_company).collect();
        }
        let open = |it: &&StoredLead| it.state == LeadState::Registered;
        if meant.iter().any(&open) {
            meant.retain(open);
        }
        match meant[..] {
            [] => Err(Unclear::Unknown),
            [one] => Ok(one),
            _ => Err(Unclear::Several),
        }
    }
}

const fn accepted(it: &StoredLead) -> bool {
    matches!(it.state, LeadState::Registered | LeadState::Ended)
}

/// How a step that is told again stands to those that were taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Taken {
    /// It is this one of the moves.
    Move(usize),
    /// The lead had come further by then: the stage counts as passed.
    Passed,
}

/// A lead with its way so far.
#[derive(Debug, Clone)]
pub(crate) struct Followed {
    pub(crate) lead: StoredLead,
    progress: Progress,
    /// When each move was told.
    told_at: Vec<Timestamp>,
}

impl Followed {
    pub(crate) async fn read(
        conn: &mut dyn Connection,
        lead: &StoredLead,
    ) -> Result<Self, AppError> {
        let steps = lead::steps(conn, lead.owner, lead.id).await?;
        let moves = steps.iter().filter(|it| it.kind == LeadStepKind::Stage);
        let told_at = moves.map(|it| it.told_at).collect();
        Ok(Self { lead: lead.clone(), progress: progress_of(&steps), told_at })
    }

    /// How many moves there are.
    pub(crate) fn moves(&self) -> usize {
        self.progress.moves().len()
    }

    /// When one of the moves was told.
    pub(crate) fn told_at(&self, place: usize) -> Option<Timestamp> {
        self.told_at.get(place).copied()
    }

    /// Whether it took a step already: to the stage on the same day, or at any time where no day is
    /// told; or that stage was behind it then.
    pub(crate) fn taken(
        &self,
        pipeline: &Pipeline,
        it: &AdvanceLead,
        zone: &Zone,
    ) -> Option<Taken> {
        let moves = self.progress.moves();
        let same = |at: Timestamp| it.at.is_none_or(|told| zone.date(told) == zone.date(at));
        let found = moves.iter().rposition(|step| step.stage == it.stage && same(step.at));
        if let Some(place) = found {
            return Some(Taken::Move(place));
        }
        let earlier = it.at.zip(moves.last()).is_some_and(|(at, last)| at < last.at);
        let passed = earlier && self.progress.passed(pipeline, &it.stage);
        passed.then_some(Taken::Passed)
    }

    /// Takes a step as [`advance_lead`](super::advance_lead) would, and writes nothing.
    pub(crate) fn take(
        &mut self,
        settings: &LeadSettings,
        it: &AdvanceLead,
        now: Timestamp,
    ) -> Result<(), AppError> {
        take(&mut self.lead, &mut self.progress, settings, it, now).map(|_| ())
    }
}
