use tributary_kernel::{OrganisationId, PartnerId, Timestamp, UserId, text_enum};

use crate::Role;

text_enum! {
    /// Whether an installation's data are real or made by the simulator.
    pub enum Environment {
        /// Real data: nothing of the demo may touch it.
        Real = "real",
        /// A simulated world with one-click log-ins.
        Demo = "demo",
    }
}

/// An organisation: can advertise, publish, or both. As the one that owes or runs a thing it is
/// that thing's *owner*.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Organisation {
    /// Its id; leads every key of what it owns.
    pub id: OrganisationId,
    /// Its name, as on statements.
    pub name: String,
    /// ISO 3166-1 alpha-2.
    pub country: String,
    /// When it was set up.
    pub created_at: Timestamp,
}

/// A person who logs in; installation-wide.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    /// Their id.
    pub id: UserId,
    /// Lower-case address, unique in the installation.
    pub email: String,
    /// What they are called.
    pub name: String,
    /// `en`, `da`, `sv` or `id`.
    pub language: String,
    /// Argon2id in PHC form; none when they only use mailed links.
    pub password_hash: Option<String>,
    /// When they were added.
    pub created_at: Timestamp,
    /// Set when they may no longer log in.
    pub disabled_at: Option<Timestamp>,
}

/// A user's role in an organisation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Membership {
    /// The organisation.
    pub owner: OrganisationId,
    /// The user.
    pub user: UserId,
    /// What they may do there.
    pub role: Role,
    /// Since when.
    pub created_at: Timestamp,
}

text_enum! {
    /// What sort of partner it is.
    pub enum PartnerKind {
        /// Blog, podcast, newsletter, channel.
        Content = "content",
        /// Review and comparison site.
        Review = "review",
        /// Complementary software.
        Technology = "technology",
        /// Consultant or agency.
        Consultant = "consultant",
        /// Creator on social media.
        Creator = "creator",
        /// Affiliate network.
        Network = "network",
        /// Existing customer.
        Customer = "customer",
        /// Price, cashback, discount site.
        Aggregator = "aggregator",
        /// Another brand.
        Brand = "brand",
    }
}

/// Who promotes: a profile of the installation, shared by all programs it belongs to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Partner {
    /// Its id.
    pub id: PartnerId,
    /// Name, as on statements.
    pub name: String,
    /// What sort.
    pub kind: PartnerKind,
    /// Where it is written to; lower-case.
    pub email: String,
    /// ISO 3166-1 alpha-2.
    pub country: String,
    /// `en`, `da`, `sv` or `id`.
    pub language: String,
    /// Where it promotes.
    pub website: Option<String>,
    /// Since when it is known here.
    pub created_at: Timestamp,
}
