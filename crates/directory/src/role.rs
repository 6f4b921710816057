use tributary_kernel::text_enum;

text_enum! {
    /// What a user is in an organisation.
    pub enum Role {
        /// Everything, including users, keys and bank files.
        Administrator = "administrator",
        /// Programs, partners, conversions, approvals.
        Manager = "manager",
        /// Payouts, bank details, statements; reads the rest.
        Finance = "finance",
        /// Reads.
        Viewer = "viewer",
    }
}

text_enum! {
    /// A right, asked for by every use case that needs it.
    pub enum Permission {
        /// See programs, partners, links, conversions, commissions, reports.
        Read = "read",
        /// Change programs, plans, partnerships, links, codes.
        Manage = "manage",
        /// Report conversions, refunds, corrections.
        Report = "report",
        /// Approve, decline, reverse commissions; settle quarantine.
        Decide = "decide",
        /// Make, approve and download payouts; confirm bank details.
        Pay = "pay",
        /// Users, roles, keys, integrations.
        Administer = "administer",
    }
}

impl Role {
    /// Whether this role carries a right.
    #[must_use]
    pub const fn may(self, permission: Permission) -> bool {
        match self {
            Self::Administrator => true,
            Self::Manager => matches!(
                permission,
                Permission::Read | Permission::Manage | Permission::Report | Permission::Decide
            ),
            Self::Finance => {
                matches!(permission, Permission::Read | Permission::Decide | Permission::Pay)
            }
            Self::Viewer => matches!(permission, Permission::Read),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rights_by_role() {
        let table = "
            administrator  read manage report decide pay administer
            manager        read manage report decide
            finance        read decide pay
            viewer         read
        ";
        for line in table.lines().filter(|line| !line.trim().is_empty()) {
            let mut words = line.split_whitespace();
            let role: Role = words.next().unwrap().parse().unwrap();
            let rights: Vec<Permission> = words.map(|word| word.parse().unwrap()).collect();
            for permission in Permission::ALL {
                assert_eq!(
                    role.may(*permission),
                    rights.contains(permission),
                    "{role} {permission}"
                );
            }
        }
    }
}
