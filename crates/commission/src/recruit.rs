//! Commission for recruiting partners: an event of its own, `partner_commission`, whose amount is
//! the recruited partner's commission. Everything that rules can say holds for it.

use std::collections::BTreeMap;

use tributary_kernel::{LocalDate, PartnerId, PartnershipId, Timestamp, Zone};
use tributary_money::{Money, Share};

use crate::calendar::months_between;
use crate::{
    CompiledPlan, CounterKey, CountersBefore, CreditInput, Details, Evaluation, EvaluationError,
    EvaluationInput, EventKind, EventName, PartnerInput, RECRUIT_LEVELS_MAX, RecruitInput,
};

/// The name of the event.
pub const RECRUITING_EVENT: &str = "partner_commission";

/// Who recruited a partner, or recruited who did.
#[derive(Debug, Clone, Copy)]
pub struct Recruiter<'a> {
    /// The recruiter's partnership.
    pub partnership: PartnershipId,
    /// The recruiter.
    pub partner: PartnerId,
    /// What is known of them, where the plan asks for it.
    pub about: Option<PartnerInput<'a>>,
}

/// A commission of somebody who was recruited.
#[derive(Debug, Clone, Copy)]
pub struct RecruitedCommission<'a> {
    /// How much it is.
    pub amount: Money,
    /// When its conversion occurred.
    pub occurred_at: Timestamp,
    /// The program's zone.
    pub zone: &'a Zone,
    /// When the recruited partner joined.
    pub joined_on: LocalDate,
}

/// What recruiters earn by a commission: `chain` begins with who recruited the partner, then who
/// recruited that one, and so on; levels above [`RECRUIT_LEVELS_MAX`] are not looked at. One answer
/// per level; each saw the counters as the one before left them.
///
/// # Errors
/// [`EvaluationError`].
pub fn recruiting(
    plan: &CompiledPlan,
    commission: &RecruitedCommission<'_>,
    chain: &[Recruiter<'_>],
    counters: &dyn CountersBefore,
) -> Result<Vec<Evaluation>, EvaluationError> {
    let event: EventName = RECRUITING_EVENT.parse().expect("it is a name of an event");
    let on = commission.zone.date(commission.occurred_at);
    let months = months_between(commission.joined_on, on).max(0);
    let months = u16::try_from(months).unwrap_or(u16::MAX);
    let mut seen = Seen { before: counters, added: BTreeMap::new() };
    let mut answers = Vec::new();
    for (level, recruiter) in (1..=RECRUIT_LEVELS_MAX).zip(chain) {
        let (partnership, partner) = (recruiter.partnership, recruiter.partner);
        let details =
            Details { recruit: Some(RecruitInput { level, months }), ..Details::default() };
        let answer = crate::evaluate(
            plan,
            &EvaluationInput {
                event: &event,
                kind: EventKind::Sale,
                occurred_at: commission.occurred_at,
                zone: commission.zone,
                gross: Some(commission.amount),
                net: None,
                quantity: 1,
                customer: None,
                credits: &[CreditInput { partnership, partner, share: Share::ONE }],
                details,
                partners: recruiter.about.as_slice(),
                counters: &seen,
            },
        )?;
        for it in &answer.increments {
            *seen.added.entry(it.key.clone()).or_insert(0) += it.add;
        }
        answers.push(answer);
    }
    Ok(answers)
}

#[derive(Debug)]
struct Seen<'a> {
    before: &'a dyn CountersBefore,
    added: BTreeMap<CounterKey, i64>,
}

impl CountersBefore for Seen<'_> {
    fn before(&self, key: &CounterKey) -> i64 {
        self.before.before(key) + self.added.get(key).copied().unwrap_or(0)
    }
}
