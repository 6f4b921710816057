use tributary_kernel::LocalDate;
use tributary_money::{Exact, Money, MoneyError, Rate, Rounding};

use super::{NumberKind, TaxPerson, TaxProfile};

/// A rule of what is withheld, as somebody has entered it. None is built in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WithholdingRule {
    /// Name for people, like `PPh 23`.
    pub name: String,
    /// Liable in which country (ISO 3166).
    pub country: String,
    /// Of which kinds of person; empty: all.
    pub persons: Vec<TaxPerson>,
    /// Only for those who have (true) or lack (false) a number of a kind.
    pub number: Option<(NumberKind, bool)>,
    /// Only for those who do (true) or do not (false) pay their own tax; who is not known to, does
    /// not.
    pub pays_own_tax: Option<bool>,
    /// Part of the amount net of VAT.
    pub rate: Rate,
    /// First day.
    pub from: LocalDate,
    /// Last day; none: until it is replaced.
    pub until: Option<LocalDate>,
    /// Where the rule stands: law or adviser. A rule without a source is not taken.
    pub source: String,
}

/// What is withheld from an amount.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WithheldAmount {
    /// Name of the rule.
    pub rule: String,
    /// Its source.
    pub source: String,
    /// Its rate.
    pub rate: Rate,
    /// How much.
    pub amount: Money,
}

/// Why rules are not taken, or say nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WithholdingError {
    /// A rule that cannot be.
    #[error("rule {0}: {1}")]
    Rule(String, &'static str),
    /// Two rules for one case.
    #[error("{0} and {1} hold for the same partner on the same day")]
    Ambiguous(String, String),
    /// A sum too large.
    #[error(transparent)]
    Money(#[from] MoneyError),
}

/// Dated rules. Empty, which is the usual, nothing is withheld.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct WithholdingBook(Vec<WithholdingRule>);

impl WithholdingBook {
    /// Takes rules.
    ///
    /// # Errors
    /// For a rate outside of 0 to 1, a rule that ends before it begins, or one without a source.
    pub fn new(rules: Vec<WithholdingRule>) -> Result<Self, WithholdingError> {
        for it in &rules {
            let wrong = [
                (it.rate.is_negative() || it.rate > Rate::ONE, "its rate is not from 0 to 1"),
                (it.until.is_some_and(|until| until < it.from), "it ends before it begins"),
                (it.source.trim().is_empty(), "it names no source"),
            ];
            if let Some((_, detail)) = wrong.into_iter().find(|(wrong, _)| *wrong) {
                return Err(WithholdingError::Rule(it.name.clone(), detail));
            }
        }
        Ok(Self(rules))
    }

    /// What is withheld from an amount net of VAT that is paid on a day; rounded down to whole minor
    /// units, in favour of who earned it.
    ///
    /// # Errors
    /// When two rules hold.
    pub fn withhold(
        &self,
        profile: &TaxProfile,
        on: LocalDate,
        net: Money,
    ) -> Result<Option<WithheldAmount>, WithholdingError> {
        let mut holding = self.0.iter().filter(|it| it.holds(profile, on));
        let Some(rule) = holding.next() else { return Ok(None) };
        if let Some(other) = holding.next() {
            return Err(WithholdingError::Ambiguous(rule.name.clone(), other.name.clone()));
        }
        let minor = Exact::of(net.minor.max(0)).times(rule.rate)?.round(Rounding::Down)?;
        Ok(Some(WithheldAmount {
            rule: rule.name.clone(),
            source: rule.source.clone(),
            rate: rule.rate,
            amount: Money::new(minor, net.currency),
        }))
    }
}

impl WithholdingRule {
    /// Whether there can be somebody for whom both hold on one day.
    #[must_use]
    pub fn meets(&self, other: &Self) -> bool {
        let persons = self.persons.is_empty()
            || other.persons.is_empty()
            || self.persons.iter().any(|it| other.persons.contains(it));
        let numbers = match (self.number, other.number) {
            (Some((kind, has)), Some((of, lacks))) => kind != of || has == lacks,
            _ => true,
        };
        let own = match (self.pays_own_tax, other.pays_own_tax) {
            (Some(one), Some(two)) => one == two,
            _ => true,
        };
        let after = |it: &Self, day| it.until.is_some_and(|until| until < day);
        self.country == other.country
            && persons
            && numbers
            && own
            && !after(self, other.from)
            && !after(other, self.from)
    }

    fn holds(&self, profile: &TaxProfile, on: LocalDate) -> bool {
        let number = self.number.is_none_or(|(kind, has)| profile.number(kind).is_some() == has);
        let own = profile.pays_own_tax.unwrap_or(false);
        self.country == profile.country
            && (self.persons.is_empty() || self.persons.contains(&profile.person))
            && number
            && self.pays_own_tax.is_none_or(|pays| pays == own)
            && self.from <= on
            && self.until.is_none_or(|until| on <= until)
    }
}

#[cfg(test)]
mod tests {
    use super::super::{TaxNumber, VatStanding};
    use super::*;
    use tributary_money::Currency;

    fn rule(
        name: &str,
        number: Option<bool>,
        rate: &str,
        from: &str,
        until: Option<&str>,
    ) -> WithholdingRule {
        WithholdingRule {
            name: name.to_owned(),
            country: "ID".to_owned(),
            persons: vec![],
            number: number.map(|has| (NumberKind::IdNpwp, has)),
            pays_own_tax: None,
            rate: rate.parse().unwrap(),
            from: from.parse().unwrap(),
            until: until.map(|until| until.parse().unwrap()),
            source: "adviser's letter of 2026-01-05".to_owned(),
        }
    }

    #[test]
    fn rules_hold_by_day_and_number_and_are_off_by_default() {
        let mut profile = TaxProfile {
            person: TaxPerson::SoleTrader,
            name: "Wayan".to_owned(),
            street: None,
            post_code: None,
            town: "Denpasar".to_owned(),
            country: "ID".to_owned(),
            company_number: None,
            vat: VatStanding::NotRegistered,
            vat_number: None,
            pays_own_tax: None,
        };
        let net = Money::new(1_000_001, Currency::IDR);
        let on = |text: &str| text.parse().unwrap();
        let none = WithholdingBook::default().withhold(&profile, on("2026-02-01"), net);
        assert_eq!(none, Ok(None));
        let book = WithholdingBook::new(vec![
            rule("with", Some(true), "0.02", "2026-01-01", None),
            rule("without", Some(false), "0.04", "2026-01-01", Some("2026-06-30")),
            rule("without, newer", Some(false), "0.05", "2026-07-01", None),
        ])
        .unwrap();
        let of = |profile: &TaxProfile, day| {
            let found = book.withhold(profile, on(day), net).unwrap();
            found.map(|it| (it.rule, it.amount.minor))
        };
        assert_eq!(of(&profile, "2025-12-31"), None);
        assert_eq!(of(&profile, "2026-06-30"), Some(("without".to_owned(), 40_000)));
        assert_eq!(of(&profile, "2026-07-01"), Some(("without, newer".to_owned(), 50_000)));
        let npwp = TaxNumber::parse(NumberKind::IdNpwp, "01.234.567.8-901.000").unwrap();
        profile.company_number = Some(npwp);
        assert_eq!(of(&profile, "2026-07-01"), Some(("with".to_owned(), 20_000)));
        profile.country = "SE".to_owned();
        assert_eq!(of(&profile, "2026-07-01"), None);

        let twice = vec![
            rule("a", None, "0.1", "2026-01-01", None),
            rule("b", None, "0.1", "2026-01-01", None),
        ];
        assert!(twice[0].meets(&twice[1]));
        let (one, two) = (&book.0[0], &book.0[1]);
        assert!(!one.meets(two), "with and without a number");
        assert!(!book.0[1].meets(&book.0[2]), "one after the other");
        let twice = WithholdingBook::new(twice).unwrap();
        profile.country = "ID".to_owned();
        assert!(matches!(
            twice.withhold(&profile, on("2026-02-01"), net),
            Err(WithholdingError::Ambiguous(..))
        ));
        let unfounded = WithholdingRule {
            source: " ".to_owned(),
            ..rule("a", None, "0.1", "2026-01-01", None)
        };
        assert!(WithholdingBook::new(vec![unfounded]).is_err());
        assert!(WithholdingBook::new(vec![rule("a", None, "1.1", "2026-01-01", None)]).is_err());
    }
}
