use tributary_kernel::text_enum;

use crate::Permission;

text_enum! {
    /// What an API key may do. A key with only `postback` is *low value*: it may be put in a URL,
    /// because all it can do is report.
    pub enum Scope {
        /// Read everything of the owner.
        Read = "read",
        /// Change programs, partnerships, links, codes.
        Manage = "manage",
        /// Report conversions, refunds, corrections by body.
        Report = "report",
        /// Report conversions by `/postback` and `/p.gif`, nothing else.
        Postback = "postback",
        /// Approve, decline, reverse.
        Decide = "decide",
        /// Payouts.
        Pay = "pay",
        /// Keys and users.
        Administer = "administer",
    }
}

impl Scope {
    /// Whether this scope carries a right.
    #[must_use]
    pub const fn may(self, permission: Permission) -> bool {
        matches!(
            (self, permission),
            (Self::Read, Permission::Read)
                | (Self::Manage, Permission::Manage)
                | (Self::Report, Permission::Report)
                | (Self::Decide, Permission::Decide)
                | (Self::Pay, Permission::Pay)
                | (Self::Administer, Permission::Administer)
        )
    }
}
