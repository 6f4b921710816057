use tributary_kernel::{
    CouponId, FieldError, OrganisationId, PartnerId, PartnershipId, ProgramId, Timestamp, text_enum,
};

text_enum! {
    /// Whether a code earns.
    pub enum CouponStatus {
        /// It does.
        Active = "active",
        /// Switched off: `valid_until` says when. It stays taken, so that nobody else can claim it.
        Disabled = "disabled",
    }
}

/// A code a partner hands out; a sale that used it is theirs, with or without a click.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Coupon {
    /// Its id.
    pub id: CouponId,
    /// Whose program.
    pub owner: OrganisationId,
    /// Which program.
    pub program: ProgramId,
    /// Whose code.
    pub partnership: PartnershipId,
    /// That partnership's partner.
    pub partner: PartnerId,
    /// As shown; compared by [`normalise_code`].
    pub code: String,
    /// First moment it earns; none: at once.
    pub valid_from: Option<Timestamp>,
    /// First moment it no longer earns; none: never ends.
    pub valid_until: Option<Timestamp>,
    /// Whether it earns.
    pub status: CouponStatus,
    /// When it was made.
    pub created_at: Timestamp,
}

impl Coupon {
    /// Whether a use at `at` earns. The times decide alone: what a code earned before it was
    /// switched off stays earned, however late the purchase is reported.
    #[must_use]
    pub fn is_valid(&self, at: Timestamp) -> bool {
        self.valid_from.is_none_or(|from| from <= at)
            && self.valid_until.is_none_or(|until| at < until)
    }

    /// Switches it off: uses from `now` on earn nothing. An earlier end stays.
    pub fn disable(&mut self, now: Timestamp) {
        self.status = CouponStatus::Disabled;
        self.valid_until = Some(self.valid_until.map_or(now, |until| until.min(now)));
    }

    /// Whether it earns without an end, once it has begun.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.status == CouponStatus::Active && self.valid_until.is_none()
    }

    /// Lets it earn again, without an end: as if it had never been off.
    pub const fn enable(&mut self) {
        self.status = CouponStatus::Active;
        self.valid_until = None;
    }
}

/// Longest code, in characters.
const CODE_CHARACTERS_MAX: usize = 40;

/// A code as it is compared: trimmed and upper-case, since shops and people differ in case.
///
/// # Errors
/// When it is empty, too long, or has a character that shops do not accept in codes.
pub fn normalise_code(code: &str) -> Result<String, FieldError> {
    let code = code.trim();
    if code.is_empty() || code.chars().count() > CODE_CHARACTERS_MAX {
        let detail = format!("A code has 1 to {CODE_CHARACTERS_MAX} characters.");
        return Err(FieldError::new("", "coupon_length", detail));
    }
    let accepted = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | '%' | '+');
    if !code.chars().all(accepted) {
        let detail = "A code has letters, digits, and - _ . % + only.";
        return Err(FieldError::new("", "coupon_characters", detail));
    }
    Ok(code.to_uppercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_earns_until_it_is_switched_off() {
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        let now = at("2026-03-02T09:00:00Z");
        let entropy = tributary_kernel::SeededEntropy::new(1);
        let mut it = Coupon {
            id: CouponId::new(now, &entropy),
            owner: OrganisationId::new(now, &entropy),
            program: ProgramId::new(now, &entropy),
            partnership: PartnershipId::new(now, &entropy),
            partner: PartnerId::new(now, &entropy),
            code: "ANNA10".into(),
            valid_from: None,
            valid_until: Some(at("2026-12-31T23:00:00Z")),
            status: CouponStatus::Active,
            created_at: now,
        };
        it.disable(at("2026-05-01T00:00:00Z"));
        assert!(it.is_valid(at("2026-04-30T23:59:59Z")), "reported late, used in time");
        assert!(!it.is_valid(at("2026-05-01T00:00:00Z")));
        it.disable(at("2026-06-01T00:00:00Z"));
        assert!(!it.is_valid(at("2026-05-02T00:00:00Z")), "off once is off from then");
        it.enable();
        assert!(it.is_valid(at("2026-05-02T00:00:00Z")) && it.is_open());
    }

    #[test]
    fn codes_compare_without_case() {
        assert_eq!(normalise_code(" anna-10 ").unwrap(), "ANNA-10");
        assert_eq!(normalise_code("æble").unwrap(), "ÆBLE");
        assert_eq!(normalise_code("").unwrap_err().code, "coupon_length");
        assert_eq!(normalise_code("a b").unwrap_err().code, "coupon_characters");
        assert_eq!(normalise_code(&"x".repeat(41)).unwrap_err().code, "coupon_length");
    }
}
