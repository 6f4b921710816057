use tributary_directory::Actor;
use tributary_kernel::{Refusal, text_enum};
use tributary_store::inquiry::{InquirySide, InquiryState, InquiryStep, StoredInquiry};

/// Days within which the program answers.
pub const OWNER_DAYS: i64 = 14;
/// Days within which the partner tells more.
pub const PARTNER_DAYS: i64 = 14;
/// Days within which a no can be disputed.
pub const DISPUTE_DAYS: i64 = 30;
/// Days within which the mediator decides.
pub const MEDIATOR_DAYS: i64 = 21;

/// The reasons that a no can have; the words say more.
pub const REFUSALS: &[&str] = &[
    "not_tracked",
    "outside_window",
    "no_consent",
    "another_partner",
    "not_qualified",
    "terms_broken",
    "paid_already",
    "not_proved",
    "other",
];

text_enum! {
    /// Who has to act.
    pub enum Turn {
        /// The program.
        Owner = "owner",
        /// The partner.
        Partner = "partner",
        /// A mediator.
        Mediator = "mediator",
        /// Nobody has to.
        Nobody = "nobody",
    }
}

/// Who has to act in a state.
#[must_use]
pub const fn turn_of(state: InquiryState) -> Turn {
    match state {
        InquiryState::Open => Turn::Owner,
        InquiryState::Waiting => Turn::Partner,
        InquiryState::Disputed => Turn::Mediator,
        // The partner may go on, and need not.
        InquiryState::Answered
        | InquiryState::Refused
        | InquiryState::Accepted
        | InquiryState::Settled => Turn::Nobody,
    }
}

/// Where a step of a side leads, and how many days the next one has; none: it is not possible.
const fn after(
    state: InquiryState,
    side: InquirySide,
    step: InquiryStep,
) -> Option<(InquiryState, Option<i64>)> {
    use InquirySide::{Mediator, Owner, Partner};
    use InquiryState::{Accepted, Answered, Disputed, Open, Refused, Settled, Waiting};
    use InquiryStep::{Accept, Answer, Ask, Dispute, Refuse, Reply, Uphold, Withdraw};
    match (side, step, state) {
        (Partner, Reply, Open | Answered | Waiting) => Some((Open, Some(OWNER_DAYS))),
        (Owner, Answer, Open | Answered | Waiting) => Some((Answered, None)),
        (Owner, Ask, Open | Answered) => Some((Waiting, Some(PARTNER_DAYS))),
        (Owner, Accept, Open | Answered | Waiting | Refused | Disputed) => Some((Accepted, None)),
        (Owner, Refuse, Open | Answered | Waiting) => Some((Refused, Some(DISPUTE_DAYS))),
        (Partner, Dispute, Refused) => Some((Disputed, Some(MEDIATOR_DAYS))),
        (Partner, Withdraw, Open | Answered | Waiting | Refused | Disputed) => {
            Some((Settled, None))
        }
        (Mediator, Accept | Uphold, Disputed) => Some((Settled, None)),
        _ => None,
    }
}

/// Whether somebody may decide a dispute: a person of the organisation, and not the one who said
/// no.
#[must_use]
pub fn may_decide(actor: &Actor, it: &StoredInquiry) -> bool {
    let person = matches!(actor, Actor::Member { .. });
    person && it.decided_by.as_deref() != Some(actor.name().as_str())
}

/// As [`after`], with why not.
///
/// # Errors
/// `mediator_is_another`, `inquiry_state`.
pub(super) fn next(
    state: InquiryState,
    side: InquirySide,
    step: InquiryStep,
) -> Result<(InquiryState, Option<i64>), Refusal> {
    if let Some(next) = after(state, side, step) {
        return Ok(next);
    }
    if state == InquiryState::Disputed && side == InquirySide::Owner {
        let detail = "A dispute is decided by a person of the organisation who is not the one who \
                      refused: ask a colleague or your agency. You can still accept.";
        return Err(Refusal::conflict("mediator_is_another", detail));
    }
    let detail = format!("This is not possible: the inquiry is {state}.");
    Err(Refusal::conflict("inquiry_state", detail))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every step of every side from every state: what is not here is refused.
    #[test]
    fn steps() {
        let table = "
            partner  reply    open     -> open 14
            partner  reply    answered -> open 14
            partner  reply    waiting  -> open 14
            owner    answer   open     -> answered -
            owner    answer   answered -> answered -
            owner    answer   waiting  -> answered -
            owner    ask      open     -> waiting 14
            owner    ask      answered -> waiting 14
            owner    accept   open     -> accepted -
            owner    accept   answered -> accepted -
            owner    accept   waiting  -> accepted -
            owner    accept   refused  -> accepted -
            owner    accept   disputed -> accepted -
            owner    refuse   open     -> refused 30
            owner    refuse   answered -> refused 30
            owner    refuse   waiting  -> refused 30
            partner  dispute  refused  -> disputed 21
            partner  withdraw open     -> settled -
            partner  withdraw answered -> settled -
            partner  withdraw waiting  -> settled -
            partner  withdraw refused  -> settled -
            partner  withdraw disputed -> settled -
            mediator accept   disputed -> settled -
            mediator uphold   disputed -> settled -
        ";
        let mut possible = 0;
        for side in InquirySide::ALL {
            for step in InquiryStep::ALL {
                for state in InquiryState::ALL {
                    let said = after(*state, *side, *step).map(|(next, days)| {
                        let days = days.map_or("-".to_owned(), |days| days.to_string());
                        format!("{side} {step} {state} -> {next} {days}")
                    });
                    let Some(said) = said else { continue };
                    possible += 1;
                    let mut lines = table
                        .lines()
                        .map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "));
                    assert!(lines.any(|line| line == said), "{said}");
                }
            }
        }
        assert_eq!(possible, table.lines().filter(|line| !line.trim().is_empty()).count());
    }

    #[test]
    fn whoever_has_a_turn_has_a_deadline() {
        for side in InquirySide::ALL {
            for step in InquiryStep::ALL {
                for state in InquiryState::ALL {
                    let Some((next, days)) = after(*state, *side, *step) else { continue };
                    let waited_for = turn_of(next) != Turn::Nobody || next == InquiryState::Refused;
                    assert_eq!(days.is_some(), waited_for, "{next}");
                }
            }
        }
    }
}
