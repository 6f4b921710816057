use tributary_attribution::{Attribution, TouchVerdict};
use tributary_commission::TouchFacts;
use tributary_directory::{Coupon, CouponStatus, Viewer};
use tributary_kernel::{
    ConversionId, LocalDate, OrganisationId, PartnershipId, ProgramId, QuarantineId, Timestamp,
    text_enum,
};
use tributary_money::Money;
use tributary_store::decision::{ConversionStatus, QuarantineRow, StoredConversion};

use crate::conversion::DecidedJourney;
use crate::explain::{ExplainedCommission, ExplainedConversion, WhyNothing};

text_enum! {
    /// Who was credited for a sale, as the reader may know it.
    pub enum Standing {
        /// The partner that asks; to an owner, partners.
        Yours = "yours",
        /// Another partner.
        AnotherPartner = "another_partner",
        /// A channel that is no partner's.
        Channel = "channel",
        /// Nobody.
        Nobody = "nobody",
        /// It waits for a person.
        Held = "held",
    }
}

/// What is known of something that was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SaleAnswer {
    /// Conversions.
    pub sales: Vec<FoundSale>,
    /// Facts that were put aside.
    pub waiting: Vec<FoundWaiting>,
    /// What a code is; none when no code was asked for.
    pub codes: Vec<FoundCode>,
    /// The programs that were looked through.
    pub searched: Vec<Searched>,
}

impl SaleAnswer {
    /// Whether nothing at all is known.
    #[must_use]
    pub fn is_nothing(&self) -> bool {
        self.sales.is_empty() && self.waiting.is_empty() && self.codes.is_empty()
    }
}

/// A program that was looked through.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Searched {
    /// Whose.
    pub owner: OrganisationId,
    /// Which.
    pub program: ProgramId,
    /// The newest day on which something was reported to have happened: whether reports come at
    /// all.
    pub last_on: Option<LocalDate>,
}

/// A conversion that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundSale {
    /// Which.
    pub conversion: ConversionId,
    /// Of which program.
    pub program: ProgramId,
    /// `sale`, `lead`, … or the program's own.
    pub kind: String,
    /// The order as it was asked for, or its last characters.
    pub reference: String,
    /// When it happened.
    pub occurred_at: Timestamp,
    /// When it was reported.
    pub received_at: Timestamp,
    /// Where it stands.
    pub status: ConversionStatus,
    /// Gross amount; to a partner only of what it earns by.
    pub amount: Option<Money>,
    /// Who was credited.
    pub standing: Standing,
    /// Touches with their verdicts; to a partner, its own.
    pub touches: Vec<TouchFacts>,
    /// Commissions; to a partner, its own.
    pub commissions: Vec<ExplainedCommission>,
    /// Why the one who is credited is paid nothing, when nothing is paid.
    pub nothing: Option<WhyNothing>,
    /// Whether it is of test mode.
    pub test: bool,
}

/// A fact that waits for a person, or was put away by one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundWaiting {
    /// Which.
    pub id: QuarantineId,
    /// Of which program.
    pub program: ProgramId,
    /// When it came.
    pub received_at: Timestamp,
    /// Code of why it waits: `conflict`, `occurred_in_the_future`, `occurred_too_long_ago`.
    pub reason: String,
    /// Whether a person has put it away.
    pub dismissed: bool,
}

text_enum! {
    /// What a code is.
    pub enum CodeKind {
        /// No code of the programs that were looked through.
        Unknown = "unknown",
        /// It earns.
        Active = "active",
        /// It will earn from a moment on.
        NotYet = "not_yet",
        /// Its time is over.
        Expired = "expired",
        /// It was switched off.
        Disabled = "disabled",
        /// Another partner's; whose, a partner is not told.
        AnotherPartner = "another_partner",
        /// A referral code of links, `?via=`: it is no code that is typed at the purchase.
        Referral = "referral",
    }
}

/// What a code is in one program.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundCode {
    /// Which program; none: in none.
    pub program: Option<ProgramId>,
    /// What it is.
    pub kind: CodeKind,
    /// Whose; to an owner, or one's own.
    pub partnership: Option<PartnershipId>,
    /// From when it earns.
    pub valid_from: Option<Timestamp>,
    /// Until when.
    pub valid_until: Option<Timestamp>,
}

impl FoundCode {
    pub(super) fn of(it: &Coupon, own: bool, now: Timestamp) -> Self {
        let kind = if !own {
            CodeKind::AnotherPartner
        } else if it.status == CouponStatus::Disabled {
            CodeKind::Disabled
        } else if it.valid_from.is_some_and(|from| now < from) {
            CodeKind::NotYet
        } else if it.valid_until.is_some_and(|until| until <= now) {
            CodeKind::Expired
        } else {
            CodeKind::Active
        };
        Self {
            program: Some(it.program),
            kind,
            partnership: own.then_some(it.partnership),
            valid_from: it.valid_from.filter(|_| own),
            valid_until: it.valid_until.filter(|_| own),
        }
    }
}

impl From<&QuarantineRow> for FoundWaiting {
    fn from(it: &QuarantineRow) -> Self {
        Self {
            id: it.id,
            program: it.program,
            received_at: it.received_at,
            reason: it.reason.clone(),
            dismissed: it.status == "dismissed",
        }
    }
}

/// Whether a partnership has a touch in a journey.
pub(super) fn takes_part(decided: &DecidedJourney, whose: PartnershipId) -> bool {
    let mut promoters = decided.journey.touches().iter().filter_map(|it| it.promoter.as_ref());
    promoters.any(|promoter| promoter.partnership == whose)
}

fn standing(attribution: &Attribution, whose: Option<PartnershipId>) -> Standing {
    let mut credits = attribution.credits.iter();
    let channel = |it: &TouchVerdict| matches!(it, TouchVerdict::ChannelCredited { .. });
    if attribution.held.is_some() {
        Standing::Held
    } else if credits.any(|it| whose.is_none_or(|whose| it.partnership == whose)) {
        Standing::Yours
    } else if !attribution.credits.is_empty() {
        Standing::AnotherPartner
    } else if attribution.verdicts.iter().any(channel) {
        Standing::Channel
    } else {
        Standing::Nobody
    }
}

/// What is told of a conversion. `asked` is the order as the reader typed it, who knows it.
pub(super) fn found(
    it: &StoredConversion,
    decided: &DecidedJourney,
    explained: ExplainedConversion,
    whose: Option<PartnershipId>,
    asked: Option<&str>,
) -> FoundSale {
    let view = explained.conversion;
    let standing = standing(&decided.attribution, whose);
    let mut touches = explained.credit.touches;
    let mut nothing = explained.nothing;
    let mut amount = Some(view.amount);
    if whose.is_some() {
        touches.retain(|touch| touch.partnership == whose);
        nothing = nothing.filter(|_| standing == Standing::Yours);
        amount = amount.filter(|_| !explained.commissions.is_empty());
    }
    FoundSale {
        conversion: it.id,
        program: it.program,
        kind: view.kind,
        reference: asked.map_or(view.reference, str::to_owned),
        occurred_at: view.occurred_at,
        received_at: view.received_at,
        status: view.status,
        amount,
        standing,
        touches,
        commissions: explained.commissions,
        nothing,
        test: view.test,
    }
}

/// Those whose eyes a viewer has: an owner sees the whole, a partner its own part.
pub(super) const fn is_owner(viewer: Viewer) -> bool {
    matches!(viewer, Viewer::Owner(_))
}
