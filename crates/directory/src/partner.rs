use tributary_kernel::{OrganisationId, PartnerId, PartnershipId, ProgramId, Timestamp, text_enum};

text_enum! {
    /// Where a partner stands in one program.
    pub enum PartnershipStatus {
        /// Asked to join, has not answered.
        Invited = "invited",
        /// Has applied; a manager decides.
        Applied = "applied",
        /// May promote and earns.
        Active = "active",
        /// Links resolve, but earn nothing, until resumed.
        Paused = "paused",
        /// Over; links go to the program's fallback.
        Ended = "ended",
        /// The application was declined.
        Declined = "declined",
    }
}

impl PartnershipStatus {
    /// Whether clicks of now may earn.
    #[must_use]
    pub const fn earns(self) -> bool {
        matches!(self, Self::Active)
    }

    /// Whether a manager may move a partnership from here to `next`.
    #[must_use]
    pub const fn may_become(self, next: Self) -> bool {
        use PartnershipStatus::{Active, Applied, Declined, Ended, Invited, Paused};
        matches!(
            (self, next),
            (Invited | Applied, Active | Declined)
                | (Invited, Applied | Ended)
                | (Active, Paused | Ended)
                | (Paused, Active | Ended)
                | (Declined | Ended, Invited | Active)
        )
    }
}

/// A partner's membership of one program.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Partnership {
    /// Its id.
    pub id: PartnershipId,
    /// Whose program.
    pub owner: OrganisationId,
    /// Which program.
    pub program: ProgramId,
    /// Which partner.
    pub partner: PartnerId,
    /// Where it stands.
    pub status: PartnershipStatus,
    /// Referral code, lower-case, unique in the program: `?via=anna`.
    pub code: String,
    /// The manager's group, for lists and later for terms.
    pub group: Option<String>,
    /// When it began to earn; none before.
    pub joined_at: Option<Timestamp>,
    /// When it was made.
    pub created_at: Timestamp,
    /// The manager's tags, for terms.
    pub tags: Vec<String>,
    /// The option of the plan that the partner chose.
    pub option: Option<String>,
    /// The how manieth partner of the program to join, from 1; none before it joined.
    pub number: Option<u32>,
    /// The partnership that recruited it.
    pub recruiter: Option<PartnershipId>,
    /// When it did not earn after it had joined: paused, or ended. From, and until; the last may
    /// go on.
    pub away: Vec<(Timestamp, Option<Timestamp>)>,
}

impl Partnership {
    /// Takes another status from a moment on. Whether it may is asked before.
    pub fn become_at(&mut self, status: PartnershipStatus, now: Timestamp) {
        if self.status.earns() && !status.earns() {
            self.away.push((now, None));
        }
        if status.earns()
            && let Some((_, until @ None)) = self.away.last_mut()
        {
            *until = Some(now);
        }
        self.status = status;
    }

    /// Whether what happened at a moment earns: it has joined, and was not paused or ended then.
    /// What happened before it joined earns too, by a click or code that it has given out early.
    #[must_use]
    pub fn earned_at(&self, at: Timestamp) -> bool {
        let away = |(from, until): &(Timestamp, Option<Timestamp>)| {
            *from <= at && until.is_none_or(|it| at < it)
        };
        let told = self.away.last().is_some_and(|(_, until)| until.is_none());
        (self.status.earns() || told) && !self.away.iter().any(away)
    }
}

#[cfg(test)]
mod tests {
    use super::PartnershipStatus::{self, *};
    use super::*;

    #[test]
    fn what_happened_before_a_pause_or_an_end_earns() {
        let id = |byte| [byte; 16];
        let mut it = Partnership {
            id: PartnershipId::from_bytes(id(1)),
            owner: OrganisationId::from_bytes(id(2)),
            program: ProgramId::from_bytes(id(3)),
            partner: PartnerId::from_bytes(id(4)),
            status: Invited,
            code: "anna".to_owned(),
            group: None,
            joined_at: None,
            created_at: Timestamp::from_millisecond(0),
            tags: Vec::new(),
            option: None,
            number: None,
            recruiter: None,
            away: Vec::new(),
        };
        let at = Timestamp::from_millisecond;
        assert!(!it.earned_at(at(5)), "it has not joined");
        for (status, when) in [(Active, 10), (Paused, 20), (Active, 30), (Paused, 40), (Ended, 50)]
        {
            it.become_at(status, at(when));
        }
        let earned: Vec<bool> =
            [5, 15, 20, 29, 30, 39, 40, 55].map(|ms| it.earned_at(at(ms))).into();
        assert_eq!(earned, [true, true, false, false, true, true, false, false]);
        // An older row, of which nothing but the status is known.
        it.away.clear();
        assert!(!it.earned_at(at(5)));
    }

    #[test]
    fn a_status_moves_only_where_the_table_says() {
        let table = "
            invited  -> applied active declined ended
            applied  -> active declined
            active   -> paused ended
            paused   -> active ended
            ended    -> invited active
            declined -> invited active
        ";
        for line in table.lines().filter(|line| !line.trim().is_empty()) {
            let (from, to) = line.split_once("->").unwrap();
            let from: PartnershipStatus = from.trim().parse().unwrap();
            let allowed: Vec<PartnershipStatus> =
                to.split_whitespace().map(|text| text.parse().unwrap()).collect();
            for next in PartnershipStatus::ALL {
                assert_eq!(from.may_become(*next), allowed.contains(next), "{from} -> {next}");
            }
        }
        assert!(Active.earns() && !Paused.earns() && !Invited.earns());
    }
}
