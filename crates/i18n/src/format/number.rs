use tributary_money::{Rate, Share};

use crate::Language;

/// Between parts that must stay on one line.
pub(super) const NO_BREAK_SPACE: char = '\u{a0}';

impl Language {
    /// Between groups of three digits.
    pub(super) const fn group_separator(self) -> char {
        match self {
            Self::En => ',',
            Self::Da | Self::Id => '.',
            Self::Sv => NO_BREAK_SPACE,
        }
    }

    /// Before the fraction.
    pub(super) const fn decimal_separator(self) -> char {
        match self {
            Self::En => '.',
            Self::Da | Self::Sv | Self::Id => ',',
        }
    }

    /// CLDR writes a true minus sign in Swedish and a hyphen in the others.
    pub(super) const fn minus(self) -> char {
        match self {
            Self::Sv => '\u{2212}',
            Self::En | Self::Da | Self::Id => '-',
        }
    }

    /// A whole number with its groups: `12,500`.
    #[must_use]
    pub fn number(self, n: i64) -> String {
        self.decimal(&n.to_string())
    }

    /// A plain decimal text (`-12500.5`) with this language's separators; digits are kept as they
    /// are. What is not a plain decimal is returned unchanged.
    #[must_use]
    pub fn decimal(self, plain: &str) -> String {
        let unsigned = plain.strip_prefix('-').unwrap_or(plain);
        let (whole, fraction) = unsigned.split_once('.').unwrap_or((unsigned, ""));
        let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
        if whole.is_empty() || !digits(whole) || !digits(fraction) {
            return plain.to_owned();
        }
        let mut text = String::with_capacity(plain.len() + whole.len() / 3 + 3);
        if unsigned.len() < plain.len() {
            text.push(self.minus());
        }
        for (index, digit) in whole.chars().enumerate() {
            if index > 0 && (whole.len() - index).is_multiple_of(3) {
                text.push(self.group_separator());
            }
            text.push(digit);
        }
        if !fraction.is_empty() {
            text.push(self.decimal_separator());
            text.push_str(fraction);
        }
        text
    }

    /// A rate as per cent with all its digits: 0.125 is `12.5%` (`12,5 %` in Danish and Swedish).
    #[must_use]
    pub fn percent(self, rate: Rate) -> String {
        self.with_percent_sign(&self.decimal(&rate.to_percent_string()))
    }

    /// A share as per cent with at most one decimal: a third is `33.3%`.
    #[must_use]
    pub fn share(self, share: Share) -> String {
        let tenths_of_percent = (u64::from(share.get()) + 500_000) / 1_000_000;
        self.tenths_percent(i64::try_from(tenths_of_percent).expect("at most 1,000"))
    }

    /// `part / whole` as per cent with at most one decimal; `None` when the whole is nothing.
    /// For display only: no amount is ever computed from it.
    #[must_use]
    pub fn ratio(self, part: i64, whole: i64) -> Option<String> {
        if whole == 0 {
            return None;
        }
        let (part, whole) = (i128::from(part), i128::from(whole));
        let tenths = (part * 2_000 / whole + (part * whole).signum()) / 2;
        i64::try_from(tenths).ok().map(|tenths| self.tenths_percent(tenths))
    }

    fn tenths_percent(self, tenths: i64) -> String {
        let sign = if tenths < 0 { "-" } else { "" };
        let (whole, tenth) = (tenths.unsigned_abs() / 10, tenths.unsigned_abs() % 10);
        let plain =
            if tenth == 0 { format!("{sign}{whole}") } else { format!("{sign}{whole}.{tenth}") };
        self.with_percent_sign(&self.decimal(&plain))
    }

    fn with_percent_sign(self, number: &str) -> String {
        match self {
            Self::En | Self::Id => format!("{number}%"),
            Self::Da | Self::Sv => format!("{number}{NO_BREAK_SPACE}%"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn numbers_as_cldr_writes_them() {
        let of = |n| Language::ALL.map(|language| language.number(n));
        assert_eq!(
            of(-1_234_567),
            ["-1,234,567", "-1.234.567", "−1\u{a0}234\u{a0}567", "-1.234.567"]
        );
        assert_eq!(of(999), ["999"; 4]);
        let of = |text| Language::ALL.map(|language| language.decimal(text));
        assert_eq!(of("1000.50"), ["1,000.50", "1.000,50", "1\u{a0}000,50", "1.000,50"]);
        assert_eq!(of("x1"), ["x1"; 4]);
    }

    #[test]
    fn per_cent_as_cldr_writes_it() {
        let rate: Rate = "0.125".parse().unwrap();
        let of = Language::ALL.map(|language| language.percent(rate));
        assert_eq!(of, ["12.5%", "12,5\u{a0}%", "12,5\u{a0}%", "12,5%"]);
        assert_eq!(Language::En.share(Share::ONE), "100%");
        assert_eq!(Language::Da.share(Share::new(333_333_333).unwrap()), "33,3\u{a0}%");
        assert_eq!(Language::En.ratio(1, 3).unwrap(), "33.3%");
        assert_eq!(Language::En.ratio(-1, 8).unwrap(), "-12.5%");
        assert_eq!(Language::En.ratio(2, 3).unwrap(), "66.7%");
        assert_eq!(Language::En.ratio(1, 0), None);
    }

    proptest! {
        #[test]
        fn digits_are_kept(n in any::<i64>()) {
            for language in Language::ALL {
                let text = language.number(n);
                let digits: String = text.chars().filter(char::is_ascii_digit).collect();
                prop_assert_eq!(digits, n.unsigned_abs().to_string());
            }
        }
    }
}
