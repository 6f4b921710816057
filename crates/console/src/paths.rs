//! Every path that pages lead to, in axum's notation. Handlers are mounted on these, and a test
//! follows each link and form of each page to one of them.

/// Paths of pages and forms.
pub const PATHS: &[&str] = &[
    "/",
    "/login",
    "/login/mail",
    "/login/code",
    "/login/link",
    "/logout",
    "/language",
    "/seat",
    "/setup",
    "/invitation/{token}",
    "/login/join/{token}",
    "/login/address/{token}",
    "/profile",
    "/profile/password",
    "/design",
    "/manage",
    "/manage/new",
    "/manage/{program}",
    "/manage/{program}/partners",
    "/manage/{program}/partners/invite",
    "/manage/{program}/partners/{partnership}",
    "/manage/{program}/partners/{partnership}/status",
    "/manage/{program}/partners/{partnership}/group",
    "/manage/{program}/partners/{partnership}/amount",
    "/manage/{program}/partners/{partnership}/bank",
    "/manage/{program}/partners/{partnership}/tax",
    "/manage/{program}/partners/{partnership}/billing",
    "/manage/{program}/partners/{partnership}/invite",
    "/manage/{program}/partners/{partnership}/codes",
    "/manage/{program}/partners/{partnership}/codes/{coupon}",
    "/manage/{program}/links",
    "/manage/{program}/links/new",
    "/manage/{program}/links/{link}/status",
    "/manage/{program}/conversions",
    "/manage/{program}/conversions/{conversion}",
    "/manage/{program}/conversions/{conversion}/credit",
    "/manage/{program}/conversions/{conversion}/settle",
    "/manage/{program}/inquiries",
    "/manage/{program}/inquiries/{inquiry}",
    "/manage/{program}/missing",
    "/manage/{program}/conversions/{conversion}/refund",
    "/manage/{program}/conversions/{conversion}/correct",
    "/manage/{program}/conversions/{conversion}/departure",
    "/manage/{program}/uploads",
    "/manage/{program}/uploads/{upload}",
    "/manage/{program}/uploads/{upload}/mapping",
    "/manage/{program}/uploads/{upload}/commit",
    "/manage/{program}/uploads/{upload}/cancel",
    "/manage/{program}/uploads/{upload}/table",
    "/manage/{program}/quarantine",
    "/manage/{program}/quarantine/{fact}",
    "/manage/{program}/leads",
    "/manage/{program}/leads/new",
    "/manage/{program}/leads/{lead}",
    "/manage/{program}/leads/{lead}/answer",
    "/manage/{program}/leads/{lead}/qualify",
    "/manage/{program}/leads/{lead}/move",
    "/manage/{program}/leads/{lead}/change",
    "/manage/{program}/commissions",
    "/manage/{program}/commissions/confirm",
    "/manage/{program}/commissions/decide",
    "/manage/{program}/payouts",
    "/manage/{program}/payouts/preview",
    "/manage/{program}/payouts/{run}",
    "/manage/{program}/payouts/{run}/bank-file",
    "/manage/{program}/payouts/{run}/csv",
    "/manage/{program}/payouts/{run}/sent",
    "/manage/{program}/payouts/{run}/paid",
    "/manage/{program}/payouts/{run}/cancel",
    "/manage/{program}/payouts/{run}/return",
    "/manage/{program}/payouts/replies",
    "/manage/{program}/payouts/replies/{reply}",
    "/manage/{program}/finance",
    "/manage/{program}/finance/vouchers",
    "/manage/{program}/finance/lock",
    "/manage/{program}/finance/accounts",
    "/manage/{program}/statements/{statement}",
    "/manage/{program}/statements/{statement}/proof",
    "/manage/{program}/documents/{document}/pdf",
    "/manage/{program}/documents/{document}/ubl",
    "/manage/{program}/journeys",
    "/manage/{program}/settings",
    "/manage/{program}/settings/plan",
    "/manage/{program}/settings/plan/what-if",
    "/manage/{program}/settings/attribution",
    "/manage/{program}/settings/leads",
    "/manage/{program}/settings/account",
    "/manage/{program}/settings/invoices",
    "/manage/{program}/settings/live",
    "/manage/{program}/settings/keys",
    "/manage/{program}/settings/keys/{key}/revoke",
    "/manage/{program}/settings/people",
    "/manage/{program}/settings/people/{member}",
    "/manage/{program}/settings/people/{member}/disable",
    "/manage/{program}/settings/people/{member}/enable",
    "/manage/{program}/settings/people/{member}/invite",
    "/my",
    "/my/links",
    "/my/links/{link}",
    "/my/links/{link}/off",
    "/my/leads",
    "/my/leads/new",
    "/my/leads/{lead}",
    "/my/leads/{lead}/withdraw",
    "/my/earnings",
    "/my/earnings/{commission}",
    "/my/inquiries",
    "/my/inquiries/new",
    "/my/inquiries/{inquiry}",
    "/my/missing",
    "/my/payouts",
    "/my/statements/{statement}",
    "/my/statements/{statement}/proof",
    "/my/statements/{statement}/invoice",
    "/my/documents/{document}/pdf",
    "/my/documents/{document}/ubl",
    "/my/bank",
    "/my/tax",
    "/my/tax/billing",
    "/my/profile",
];

/// Whether a path is one of [`PATHS`]; `{name}` stands for one segment that is not empty.
#[must_use]
pub fn leads_somewhere(path: &str) -> bool {
    PATHS.iter().any(|pattern| {
        let mut segments = path.split('/');
        let all = pattern.split('/').all(|expected| {
            segments.next().is_some_and(|found| {
                if expected.starts_with('{') { !found.is_empty() } else { found == expected }
            })
        });
        all && segments.next().is_none()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_match_whole_paths() {
        assert!(leads_somewhere("/my/earnings/com_1"));
        assert!(!leads_somewhere("/my/earnings/"));
        assert!(!leads_somewhere("/my/earnings/com_1/more"));
        assert!(leads_somewhere("/"));
    }
}
