use std::fmt;

use tributary_money::{Currency, Money};

use super::number::NO_BREAK_SPACE;
use crate::Language;

/// Whether an amount shows its fraction.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum MinorUnitsShown {
    /// As the currency has it; rupiah only when there is one, as is usual.
    #[default]
    Usual,
    /// Only when it is not zero: for axes, estimates and headings where amounts are round.
    WhenNotZero,
}

/// An amount in pieces, so that a page can set the currency lighter than the number. Joined, they
/// are the whole text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MoneyParts {
    /// Minus sign or nothing.
    pub sign: &'static str,
    /// Currency and space before the number, or nothing.
    pub before: String,
    /// The number, without sign.
    pub number: String,
    /// Space and currency after the number, or nothing.
    pub after: String,
}

impl fmt::Display for MoneyParts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}{}{}", self.sign, self.before, self.number, self.after)
    }
}

impl Language {
    /// What this language writes for a currency. A krone or rupiah abroad gets its code, since
    /// `kr` alone would not say whose (CLDR has `Dkr` in Swedish, which few read).
    fn currency_sign(self, currency: Currency) -> &'static str {
        match (currency.code(), self) {
            ("DKK", Self::Da) => "kr.",
            ("SEK", Self::Sv) => "kr",
            ("IDR", Self::Id) => "Rp",
            ("EUR", _) => "€",
            ("GBP", _) => "£",
            ("USD", Self::Da) => "$",
            ("USD", _) => "US$",
            (code, _) => code,
        }
    }

    /// An amount: `DKK 12,500.00`, `12.500,00 kr.`, `Rp 150.000`.
    #[must_use]
    pub fn money(self, amount: Money) -> String {
        self.money_parts(amount, MinorUnitsShown::Usual).to_string()
    }

    /// An amount in pieces.
    #[must_use]
    pub fn money_parts(self, amount: Money, shown: MinorUnitsShown) -> MoneyParts {
        let plain = amount.to_decimal_string();
        let unsigned = plain.strip_prefix('-').unwrap_or(&plain);
        let (whole, fraction) = unsigned.split_once('.').unwrap_or((unsigned, ""));
        let round = fraction.bytes().all(|digit| digit == b'0');
        let hides = shown == MinorUnitsShown::WhenNotZero || amount.currency == Currency::IDR;
        let number = self.decimal(if round && hides { whole } else { unsigned });
        let sign = match (amount.is_negative(), self) {
            (false, _) => "",
            (true, Self::Sv) => "−",
            (true, _) => "-",
        };
        let symbol = self.currency_sign(amount.currency);
        let (before, after) = match self {
            Self::Da | Self::Sv => (String::new(), format!("{NO_BREAK_SPACE}{symbol}")),
            Self::En | Self::Id if symbol.ends_with(|c: char| c.is_alphabetic()) => {
                (format!("{symbol}{NO_BREAK_SPACE}"), String::new())
            }
            Self::En | Self::Id => (symbol.to_owned(), String::new()),
        };
        MoneyParts { sign, before, number, after }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_as_each_language_writes_them() {
        let table = "
            1250000 DKK | DKK_12,500.00 | 12.500,00_kr. | 12_500,00_DKK | DKK_12.500,00
            -5 SEK      | -SEK_0.05     | -0,05_SEK     | −0,05_kr      | -SEK_0,05
            15000000 IDR| IDR_150,000   | 150.000_IDR   | 150_000_IDR   | Rp_150.000
            15000050 IDR| IDR_150,000.50| 150.000,50_IDR| 150_000,50_IDR| Rp_150.000,50
            1200 JPY    | JPY_1,200     | 1.200_JPY     | 1_200_JPY     | JPY_1.200
            1500 KWD    | KWD_1.500     | 1,500_KWD     | 1,500_KWD     | KWD_1,500
            99 EUR      | €0.99         | 0,99_€        | 0,99_€        | €0,99
            -100 USD    | -US$1.00      | -1,00_$       | −1,00_US$     | -US$1,00
        ";
        for line in table.lines().filter(|line| !line.trim().is_empty()) {
            let mut cells = line.split('|').map(str::trim);
            let (minor, code) = cells.next().unwrap().split_once(' ').unwrap();
            let currency = Currency::from_code(code.trim()).unwrap();
            let amount = Money::new(minor.parse().unwrap(), currency);
            for (language, expected) in Language::ALL.into_iter().zip(cells) {
                let expected = expected.replace('_', "\u{a0}");
                assert_eq!(language.money(amount), expected, "{language} {line}");
            }
        }
    }

    #[test]
    fn round_amounts_may_drop_their_zeros() {
        let parts = |minor| {
            let amount = Money::new(minor, Currency::DKK);
            Language::Da.money_parts(amount, MinorUnitsShown::WhenNotZero).to_string()
        };
        assert_eq!(parts(50_000), "500\u{a0}kr.");
        assert_eq!(parts(50_050), "500,50\u{a0}kr.");
    }
}
