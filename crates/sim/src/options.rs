use tributary_directory::Actor;
use tributary_kernel::{LocalDate, OrganisationId, PartnerId, ProgramId, Timestamp, UserId};

/// Which year is played.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SimOptions {
    /// Names the world: the same seed gives the same clicks, reports and amounts. With an `App`
    /// whose entropy is seeded too, the same ids and the same ledger.
    pub seed: u64,
    /// Volume of clicks and conversions; 1 is some 150,000 and 7,000. Partners are always the same.
    pub scale: f64,
    /// The moment at which the year ends: 'today'.
    pub until: Timestamp,
}

impl SimOptions {
    /// In millionths, at most a hundredfold.
    pub(crate) fn scale_ppm(&self) -> u64 {
        let ppm = (self.scale * 1_000_000.0).round().clamp(0.0, 100_000_000.0);
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "rounded, and clamped to a range that fits"
        )]
        let ppm = ppm as u64;
        ppm
    }
}

/// How far the year has been played.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// Days played.
    pub day: u32,
    /// Days in all.
    pub days: u32,
    /// The simulated date (UTC).
    pub date: LocalDate,
    /// What has happened so far.
    pub counts: SimCounts,
}

/// What happened.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct SimCounts {
    /// Partners that were invited, each once.
    pub partners: u64,
    /// Partnerships of the three programs.
    pub partnerships: u64,
    /// Links, first ones included.
    pub links: u64,
    /// Codes.
    pub coupons: u64,
    /// Clicks that count.
    pub clicks: u64,
    /// Clicks of machines.
    pub machine_clicks: u64,
    /// Clicks that the edge lost.
    pub lost_clicks: u64,
    /// Conversions that became facts.
    pub conversions: u64,
    /// Reports of known facts.
    pub duplicates: u64,
    /// Reports that wait for a person.
    pub quarantined: u64,
    /// Reports that were refused.
    pub refused: u64,
    /// Refunds and chargebacks.
    pub refunds: u64,
    /// Corrections.
    pub corrections: u64,
    /// Commissions approved, by people and by themselves.
    pub approved: u64,
    /// Commissions declined.
    pub declined: u64,
    /// Payout runs.
    pub runs: u64,
    /// Payouts in them.
    pub payouts: u64,
    /// Of these, marked as paid.
    pub paid: u64,
}

/// A person of the world, for a log-in by one click.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SimUser {
    /// Who.
    pub user: UserId,
    /// What they are called.
    pub name: String,
    /// Their address.
    pub email: String,
}

/// One of the three programs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SimProgram {
    /// Whose.
    pub owner: OrganisationId,
    /// Its id.
    pub program: ProgramId,
    /// Its name.
    pub name: String,
    /// The owner's administrator.
    pub administrator: Actor,
}

/// The world at the end of its year.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SimWorld {
    /// CRM vendor, shop, travel brand.
    pub programs: Vec<SimProgram>,
    /// Runs the CRM vendor's program, with every right in it.
    pub manager: SimUser,
    /// An external manager of the CRM vendor and the travel brand.
    pub agency: SimUser,
    /// Works for a partner of all three programs.
    pub partner: SimUser,
    /// That partner.
    pub partner_id: PartnerId,
    /// What happened.
    pub counts: SimCounts,
    /// Where the time went: for people who make it faster, not for decisions.
    pub timings: Vec<(&'static str, std::time::Duration)>,
}
