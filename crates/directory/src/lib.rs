//! Organisations, programs, partners, partnerships, links, coupons, roles, permissions.
