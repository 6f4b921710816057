use crate::{MoneyError, allocate};

/// A share of a whole in parts of a thousand million, 0 to all of them. Credit models compute in
/// floating point and end in these: what is stored, paid and explained is this whole number.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Default,
    serde::Serialize,
    serde::Deserialize,
)]
#[serde(try_from = "u32", into = "u32")]
pub struct Share(u32);

impl Share {
    /// Parts of the whole.
    pub const PARTS: u32 = 1_000_000_000;
    /// The whole.
    pub const ONE: Self = Self(Self::PARTS);
    /// Nothing.
    pub const ZERO: Self = Self(0);

    /// So many parts of [`Share::PARTS`].
    ///
    /// # Errors
    /// [`MoneyError::ShareRange`] above the whole.
    pub const fn new(parts: u32) -> Result<Self, MoneyError> {
        if parts > Self::PARTS {
            return Err(MoneyError::ShareRange);
        }
        Ok(Self(parts))
    }

    /// Its parts of [`Share::PARTS`].
    #[must_use]
    pub const fn get(self) -> u32 {
        self.0
    }

    /// Whether it is nothing.
    #[must_use]
    pub const fn is_zero(self) -> bool {
        self.0 == 0
    }

    /// Both together.
    ///
    /// # Errors
    /// [`MoneyError::ShareRange`] above the whole.
    pub const fn checked_add(self, other: Self) -> Result<Self, MoneyError> {
        // Two shares are at most two thousand million: no overflow of 32 bits.
        Self::new(self.0 + other.0)
    }
}

impl TryFrom<u32> for Share {
    type Error = MoneyError;

    fn try_from(parts: u32) -> Result<Self, MoneyError> {
        Self::new(parts)
    }
}

impl From<Share> for u32 {
    fn from(share: Share) -> Self {
        share.0
    }
}

impl schemars::JsonSchema for Share {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Share".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "type": "integer",
            "minimum": 0,
            "maximum": Self::PARTS,
            "description": "Parts of 1000000000.",
        })
    }
}

/// Divides the whole by weights as [`allocate()`] does: the shares sum to [`Share::ONE`] exactly (no
/// weights: no shares).
#[must_use]
pub fn shares_from_weights(weights: &[u64]) -> Vec<Share> {
    let parts = allocate(i64::from(Share::PARTS), weights);
    let share = |part: i64| Share(u32::try_from(part).expect("a part is at most the whole"));
    parts.into_iter().map(share).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_sum_to_the_whole() {
        let thirds = shares_from_weights(&[1, 1, 1]).into_iter().map(Share::get);
        assert_eq!(thirds.collect::<Vec<_>>(), [333_333_334, 333_333_333, 333_333_333]);
        assert_eq!(shares_from_weights(&[5]), [Share::ONE]);
        assert_eq!(shares_from_weights(&[]), []);
        assert_eq!(Share::ONE.checked_add(Share::new(1).unwrap()), Err(MoneyError::ShareRange));
        assert_eq!(Share::new(1_000_000_001), Err(MoneyError::ShareRange));
        assert!(serde_json::from_str::<Share>("1000000001").is_err());
        assert_eq!(serde_json::from_str::<Share>("1000000000").unwrap(), Share::ONE);
    }
}
