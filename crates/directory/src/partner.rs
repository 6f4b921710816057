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
}

#[cfg(test)]
mod tests {
    use super::PartnershipStatus::{self, *};

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
