use tributary_payout::bank_reply::Told;
use tributary_store::payout::PayoutState;

tributary_kernel::text_enum! {
    /// What a line of a file does to its payout.
    pub enum Effect {
        /// The bank has it.
        Sends = "sends",
        /// It is paid.
        Pays = "pays",
        /// It came back: its commissions are approved again.
        Returns = "returns",
        /// All this is known already.
        Known = "known",
        /// A person has to look.
        Look = "look",
    }
}

impl Effect {
    /// What a line does to a payout that stands there. A likely one counts when a person `chose` it.
    pub(super) const fn of(told: &Told, state: PayoutState, chosen: bool) -> Self {
        use PayoutState::{Approved, Cancelled, Paid, Returned, Sent};
        match (told, state) {
            (_, Cancelled) | (Told::OtherAmount(_) | Told::Contradiction, _) => Self::Look,
            (Told::Accepted, Approved) => Self::Sends,
            (Told::Paid, Approved | Sent) => Self::Pays,
            (Told::Likely, Approved | Sent) if chosen => Self::Pays,
            (Told::Likely, Approved | Sent) => Self::Look,
            (Told::Returned(_), Approved | Sent | Paid) => Self::Returns,
            (Told::Accepted, Sent | Paid | Returned)
            | (Told::Paid | Told::Likely, Paid | Returned)
            | (Told::Returned(_), Returned) => Self::Known,
        }
    }

    /// Where the payout stands after it.
    pub(super) const fn leads_to(self, from: PayoutState) -> PayoutState {
        match self {
            Self::Sends => PayoutState::Sent,
            Self::Pays => PayoutState::Paid,
            Self::Returns => PayoutState::Returned,
            Self::Known | Self::Look => from,
        }
    }
}

#[cfg(test)]
mod tests {
    use tributary_payout::bank_reply::Reason;

    use super::*;

    /// A line whose effect was had has none again, whatever else the bank tells in between.
    #[test]
    fn each_step_is_taken_once() {
        let back = || Told::Returned(Reason { code: "AC04".into(), text: Vec::new() });
        let told = [Told::Accepted, Told::Paid, back(), Told::Likely, Told::Contradiction];
        for state in PayoutState::ALL {
            for first in &told {
                let effect = Effect::of(first, *state, true);
                let after = effect.leads_to(*state);
                let again = Effect::of(first, after, true);
                assert!(matches!(again, Effect::Known | Effect::Look), "{first:?} in {state}");
                for other in &told {
                    let later = Effect::of(other, after, true).leads_to(after);
                    let third = Effect::of(first, later, true);
                    let same = matches!(third, Effect::Known | Effect::Look);
                    assert!(same, "{first:?}, {other:?}, {first:?} in {state}");
                }
            }
        }
        assert_eq!(Effect::of(&Told::Likely, PayoutState::Sent, false), Effect::Look);
        assert_eq!(Effect::of(&back(), PayoutState::Cancelled, true), Effect::Look);
    }
}
