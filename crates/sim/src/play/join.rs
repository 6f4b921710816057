//! Partners join, get links and codes, pause.

use tributary_app::AppError;
use tributary_app::directory::{
    ChangePartnership, CreateCoupon, CreateLink, InvitePartner, change_partnership, create_coupon,
    create_link, invite_partner,
};
use tributary_directory::{Actor, PartnershipStatus};

use super::{Member, Player};
use crate::cast::{PROGRAMS, PartnerCast};

impl Player<'_> {
    /// A partner is invited: with the manager's word, or to answer for itself.
    pub(super) async fn invite(&mut self, program: usize, place: usize) -> Result<(), AppError> {
        let cast = &PROGRAMS[program].partners[place];
        let owned = &self.owned[program];
        let input = InvitePartner {
            owner: owned.owner,
            program: owned.program.id,
            name: cast.name.to_owned(),
            email: cast.email.to_owned(),
            kind: cast.kind,
            country: cast.country.to_owned(),
            language: cast.language.to_owned(),
            code: Some(cast.code.to_owned()),
            group: Some(cast.group.to_owned()),
            active: !answers_itself(cast, place),
        };
        let invited = invite_partner(self.app, &owned.reviewer, input).await?;
        let (partner, partnership) = (invited.partner.id, invited.partnership.id);
        let actor = Actor::Partner { user: invited.user, partner };
        self.counts.partners += u64::from(
            !self
                .owned
                .iter()
                .flat_map(|it| &it.partners)
                .flatten()
                .any(|it| it.partner == partner),
        );
        self.counts.partnerships += 1;
        self.counts.links += 1;
        let links = vec![invited.link.number];
        let member = Member { partner, partnership, actor, links };
        self.owned[program].partners[place] = Some(member);
        Ok(())
    }

    /// Two days later it says yes or no, if it was asked, and makes its links.
    pub(super) async fn answer(&mut self, program: usize, place: usize) -> Result<(), AppError> {
        let cast = &PROGRAMS[program].partners[place];
        let Some(member) = self.owned[program].partners[place].take() else { return Ok(()) };
        let member = if answers_itself(cast, place) {
            let status = if cast.promotes() {
                PartnershipStatus::Active
            } else {
                PartnershipStatus::Declined
            };
            self.change(&member.actor.clone(), &member, status).await?;
            member
        } else {
            member
        };
        let member =
            if cast.promotes() { self.equip(program, cast, member).await? } else { member };
        self.owned[program].partners[place] = Some(member);
        Ok(())
    }

    async fn equip(
        &mut self,
        program: usize,
        cast: &PartnerCast,
        mut member: Member,
    ) -> Result<Member, AppError> {
        let landing = PROGRAMS[program].landing_url;
        // Scheme and host: the third slash begins the path.
        let host_ends = landing.match_indices('/').nth(2).map_or(landing.len(), |(at, _)| at);
        for it in cast.links {
            let destination = (!it.destination.is_empty())
                .then(|| format!("{}{}", &landing[..host_ends], it.destination));
            let input = CreateLink {
                partnership: member.partnership,
                path: Some(format!("{}/{}", cast.code, it.path)),
                host: None,
                destination,
                campaign: Some(it.campaign.to_owned()),
                method: Some(it.method),
            };
            let link = create_link(self.app, &member.actor, input).await?;
            member.links.push(link.number);
            self.counts.links += 1;
        }
        if let Some(code) = cast.coupon {
            let input = CreateCoupon {
                partnership: member.partnership,
                code: code.to_owned(),
                valid_from: None,
                valid_until: None,
            };
            create_coupon(self.app, &self.owned[program].reviewer, input).await?;
            self.counts.coupons += 1;
        }
        Ok(member)
    }

    /// The manager pauses a partnership.
    pub(super) async fn pause(&mut self, program: usize, place: usize) -> Result<(), AppError> {
        let Some(member) = &self.owned[program].partners[place] else { return Ok(()) };
        let by = &self.owned[program].reviewer;
        self.change(by, member, PartnershipStatus::Paused).await
    }

    async fn change(
        &self,
        by: &Actor,
        member: &Member,
        status: PartnershipStatus,
    ) -> Result<(), AppError> {
        let change = ChangePartnership { status: Some(status), group: None };
        change_partnership(self.app, by, member.partnership, change).await?;
        Ok(())
    }
}

/// Whether it is asked, rather than let in at once: every third, and who will not say yes.
fn answers_itself(cast: &PartnerCast, place: usize) -> bool {
    !cast.promotes() || place % 3 == 1
}
