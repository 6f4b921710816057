//! Who plays: organisations, people, programs and partners. All names are invented; addresses are
//! under `.example`.

mod accounts;
mod crm;
mod shop;
mod travel;

use tributary_directory::{PartnerKind, PromotionMethod};
use tributary_money::Currency;

use crate::calendar::Rhythm;

pub(crate) use accounts::{Account, town};

/// The three programs, by their place in every list of this crate.
pub(crate) const CRM: usize = 0;
pub(crate) const SHOP: usize = 1;
pub(crate) const TRAVEL: usize = 2;

/// All programs: CRM vendor, shop, travel brand.
pub(crate) const PROGRAMS: [&ProgramCast; 3] = [&crm::PROGRAM, &shop::PROGRAM, &travel::PROGRAM];

/// The referral code of a partner, both by their places in the cast: how people outside tell them
/// apart.
#[must_use]
pub fn referral_code(program: usize, partner: usize) -> &'static str {
    PROGRAMS[program].partners[partner].code
}

/// A person who logs in.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Person {
    pub(crate) name: &'static str,
    pub(crate) email: &'static str,
    pub(crate) language: &'static str,
}

/// The external manager of the CRM vendor and the travel brand.
pub(crate) const AGENCY: Person = Person {
    name: "Ida Brandt, Lyngby Partnerbureau",
    email: "ida@partnerbureau.example",
    language: "da",
};

/// The partner that is in all three programs.
pub(crate) const EVERYWHERE: &str = "hej@hverdagpaafarten.example";

/// An advertiser, its program and its partners.
#[derive(Debug)]
pub(crate) struct ProgramCast {
    pub(crate) organisation: &'static str,
    pub(crate) country: &'static str,
    pub(crate) administrator: Person,
    /// Further users with the role that they have.
    pub(crate) team: &'static [(Person, tributary_directory::Role)],
    pub(crate) name: &'static str,
    pub(crate) currency: Currency,
    pub(crate) time_zone: &'static str,
    pub(crate) landing_url: &'static str,
    pub(crate) window_days: u32,
    pub(crate) hold_days: u32,
    pub(crate) approve_after_hold: bool,
    pub(crate) payout_minimum: i64,
    /// Days from today to the next pay day; negative: the last one was so long ago.
    pub(crate) pay_day_offset: i64,
    /// The name of the connection that reports conversions.
    pub(crate) integration: &'static str,
    /// The account that payouts leave.
    pub(crate) payer: Account,
    /// The first plan, and a later version with the day of the year from which it holds.
    pub(crate) plan: &'static str,
    pub(crate) second_plan: Option<(i32, &'static str)>,
    /// Countable and machine clicks of the year at scale 1.
    pub(crate) clicks: u64,
    pub(crate) rhythm: Rhythm,
    /// Countries of visitors with their weights.
    pub(crate) countries: &'static [(&'static [u8; 2], u64)],
    pub(crate) partners: &'static [PartnerCast],
}

/// How a partnership goes, other than well.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fate {
    /// It goes well.
    Plain,
    /// It has been asked and has not answered.
    Unanswered,
    /// It was asked and said no.
    Declines,
    /// The manager pauses it on this day of the year.
    PausedOn(i32),
    /// It gives other bank details some days before the end; they wait for a second look.
    ChangesBank(Account),
    /// After being paid for one large sale, that is given back; it owes the rest.
    PaidBack,
    /// It earns too little for a payout.
    StaysSmall,
}

/// A partner in one program.
#[derive(Debug, Clone, Copy)]
pub(crate) struct PartnerCast {
    pub(crate) name: &'static str,
    pub(crate) email: &'static str,
    pub(crate) kind: PartnerKind,
    pub(crate) country: &'static str,
    pub(crate) language: &'static str,
    pub(crate) code: &'static str,
    pub(crate) group: &'static str,
    /// Day of the year on which it joins.
    pub(crate) joins: i32,
    /// Its part of the program's traffic.
    pub(crate) traffic: u64,
    /// How well its traffic converts, in thousandths of the program's usual.
    pub(crate) quality: u64,
    /// Whether its traffic comes in bursts, after posts.
    pub(crate) posts: bool,
    pub(crate) coupon: Option<&'static str>,
    pub(crate) links: &'static [LinkCast],
    pub(crate) referrer: Option<&'static str>,
    pub(crate) account: Account,
    pub(crate) fate: Fate,
}

/// A further link of a partner.
#[derive(Debug, Clone, Copy)]
pub(crate) struct LinkCast {
    /// Its path after the partner's code.
    pub(crate) path: &'static str,
    pub(crate) campaign: &'static str,
    pub(crate) method: PromotionMethod,
    /// Path under the landing page's host; empty: the landing page.
    pub(crate) destination: &'static str,
}

pub(crate) const fn link(
    path: &'static str,
    campaign: &'static str,
    method: PromotionMethod,
    destination: &'static str,
) -> LinkCast {
    LinkCast { path, campaign, method, destination }
}

/// A partner with the usual rest; `place` is country and language.
pub(crate) const fn partner(
    name: &'static str,
    email: &'static str,
    kind: PartnerKind,
    place: (&'static str, &'static str),
    code: &'static str,
    account: Account,
) -> PartnerCast {
    PartnerCast {
        name,
        email,
        kind,
        country: place.0,
        language: place.1,
        code,
        group: "",
        joins: 0,
        traffic: 100,
        quality: 1_000,
        posts: false,
        coupon: None,
        links: &[],
        referrer: None,
        account,
        fate: Fate::Plain,
    }
}

impl PartnerCast {
    pub(crate) const fn joins(self, joins: i32) -> Self {
        Self { joins, ..self }
    }

    pub(crate) const fn traffic(self, traffic: u64, quality: u64) -> Self {
        Self { traffic, quality, ..self }
    }

    pub(crate) const fn group(self, group: &'static str) -> Self {
        Self { group, ..self }
    }

    pub(crate) const fn posts(self) -> Self {
        Self { posts: true, ..self }
    }

    pub(crate) const fn coupon(self, coupon: &'static str) -> Self {
        Self { coupon: Some(coupon), ..self }
    }

    pub(crate) const fn links(self, links: &'static [LinkCast]) -> Self {
        Self { links, ..self }
    }

    pub(crate) const fn from(self, referrer: &'static str) -> Self {
        Self { referrer: Some(referrer), ..self }
    }

    pub(crate) const fn fate(self, fate: Fate) -> Self {
        Self { fate, ..self }
    }

    /// Whether it ever promotes.
    pub(crate) const fn promotes(&self) -> bool {
        !matches!(self.fate, Fate::Unanswered | Fate::Declines)
    }

    /// The day from which its links earn nothing more.
    pub(crate) const fn stops(&self) -> Option<i32> {
        match self.fate {
            Fate::PausedOn(day) => Some(day),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use tributary_click::ReferralCode;
    use tributary_directory::normalise_code;

    use super::*;

    #[test]
    fn about_sixty_partners_with_codes_of_their_own() {
        let mut people = BTreeMap::new();
        for program in PROGRAMS {
            let mut codes = BTreeSet::new();
            for it in program.partners {
                assert!(it.code.parse::<ReferralCode>().is_ok(), "{}", it.code);
                assert!(codes.insert(it.code), "{}", it.code);
                assert!(it.coupon.is_none_or(|code| normalise_code(code).is_ok()));
                assert!(it.email.ends_with(".example"), "{}", it.email);
                let known = people.insert(it.email, (it.name, it.country, it.language));
                assert!(known.is_none_or(|known| known == (it.name, it.country, it.language)));
            }
        }
        assert!((55..=65).contains(&people.len()), "{}", people.len());
        for program in PROGRAMS {
            assert!(program.partners.iter().any(|it| it.email == EVERYWHERE));
        }
    }

    #[test]
    fn every_fate_is_met() {
        let all: Vec<Fate> = PROGRAMS.iter().flat_map(|it| it.partners).map(|it| it.fate).collect();
        assert!(all.contains(&Fate::Unanswered) && all.contains(&Fate::Declines));
        assert!(all.iter().any(|fate| matches!(fate, Fate::PausedOn(_))));
        assert!(all.iter().any(|fate| matches!(fate, Fate::ChangesBank(_))));
        assert!(all.contains(&Fate::PaidBack) && all.contains(&Fate::StaysSmall));
    }

    /// A path names one link in the installation.
    #[test]
    fn paths_of_further_links_are_unique() {
        let mut paths = BTreeSet::new();
        for it in PROGRAMS.iter().flat_map(|it| it.partners) {
            for link in it.links {
                assert!(paths.insert((it.code, link.path)), "{}/{}", it.code, link.path);
            }
        }
    }
}
