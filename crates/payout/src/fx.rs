//! Exchange rates of the European Central Bank: reading its files, and converting by them.
//!
//! The bank publishes on its working days, for information, how many units of a currency one euro
//! was worth. A conversion on a day without rates takes the last ones published before it, but none
//! older than [`AGE_DAYS_MAX`]. Between two currencies neither of which is the euro the cross rate
//! is the exact fraction of both; nothing is rounded but the amount at the end.

use std::collections::BTreeMap;

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use tributary_kernel::LocalDate;
use tributary_money::{Currency, Exact, Money, MoneyError, Rate, Rounding};

/// Bytes of one file; the bank's whole history since 1999 is some 10 MB of XML.
pub const FX_BYTES_MAX: usize = 64 * 1024 * 1024;
/// Days that a rate may be older than the day it is taken for: Easter and Christmas are four.
pub const AGE_DAYS_MAX: i32 = 10;

/// Why there are no rates.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FxError {
    /// A file that cannot be read.
    #[error("not a file of the bank's rates: {0}")]
    File(String),
    /// A rate that is zero, negative or no number.
    #[error("{currency} on {on}: `{text}` is no rate")]
    Rate {
        /// Of which currency.
        currency: String,
        /// Of which day.
        on: LocalDate,
        /// As written.
        text: String,
    },
    /// Two different rates for one day.
    #[error("{currency} on {on} is given twice, as {first} and {second}")]
    Twice {
        /// Of which currency.
        currency: Currency,
        /// Of which day.
        on: LocalDate,
        /// One.
        first: Rate,
        /// The other.
        second: Rate,
    },
    /// No rate on or shortly before a day.
    #[error("no rate of {currency} was published on {on} or in the {AGE_DAYS_MAX} days before")]
    Missing {
        /// Of which currency.
        currency: Currency,
        /// For which day.
        on: LocalDate,
    },
    /// An amount in another currency than the quote's.
    #[error("an amount in {0} was given")]
    Currency(Currency),
    /// A sum too large.
    #[error(transparent)]
    Money(#[from] MoneyError),
}

/// Units of each currency for one euro, by day.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RateTable {
    days: BTreeMap<LocalDate, BTreeMap<Currency, Rate>>,
}

/// What a conversion was made with: to be kept beside what it converted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FxQuote {
    /// From which currency.
    pub from: Currency,
    /// To which.
    pub to: Currency,
    /// When both rates were published.
    pub published: LocalDate,
    /// Units of `from` for one euro.
    pub from_per_euro: Rate,
    /// Units of `to` for one euro.
    pub to_per_euro: Rate,
}

impl RateTable {
    /// Reads the bank's XML: `eurofxref-daily.xml` and those of the history. Currencies that are
    /// not known here are passed over.
    ///
    /// # Errors
    /// When it is something else, or a rate is none.
    pub fn from_xml(bytes: &[u8]) -> Result<Self, FxError> {
        let text = text_of(bytes)?;
        let mut reader = Reader::from_str(text);
        let (mut table, mut day) = (Self::default(), None);
        loop {
            let event = reader.read_event().map_err(|error| FxError::File(error.to_string()))?;
            match event {
                Event::Start(it) | Event::Empty(it) if it.local_name().as_ref() == "Cube" => {
                    if let Some(on) = attribute(&it, "time")? {
                        day = Some(day_of(&on)?);
                    }
                    let currency = attribute(&it, "currency")?;
                    if let (Some(currency), Some(rate)) = (currency, attribute(&it, "rate")?) {
                        let on = day.ok_or_else(|| FxError::File("a rate without a day".into()))?;
                        table.put(on, &currency, &rate)?;
                    }
                }
                Event::DocType(_) | Event::GeneralRef(_) => {
                    return Err(FxError::File("document types and entities are not read".into()));
                }
                Event::Eof => break,
                _ => {}
            }
        }
        table.some()
    }

    /// Reads the bank's CSV: `eurofxref.csv` and `eurofxref-hist.csv`.
    ///
    /// # Errors
    /// As [`RateTable::from_xml`].
    pub fn from_csv(bytes: &[u8]) -> Result<Self, FxError> {
        let text = text_of(bytes)?;
        let mut reader = csv::ReaderBuilder::new()
            .trim(csv::Trim::All)
            .flexible(true)
            .from_reader(text.as_bytes());
        let wrong = |error: csv::Error| FxError::File(error.to_string());
        let head = reader.headers().map_err(wrong)?.clone();
        if head.get(0) != Some("Date") {
            return Err(FxError::File("the first column is not `Date`".into()));
        }
        let mut table = Self::default();
        for row in reader.records() {
            let row = row.map_err(wrong)?;
            let on = day_of(row.get(0).unwrap_or_default())?;
            for (currency, rate) in head.iter().zip(row.iter()).skip(1) {
                if !currency.is_empty() && !matches!(rate, "" | "N/A") {
                    table.put(on, currency, rate)?;
                }
            }
        }
        table.some()
    }

    fn put(&mut self, on: LocalDate, currency: &str, text: &str) -> Result<(), FxError> {
        let wrong = || FxError::Rate { currency: currency.into(), on, text: text.into() };
        let rate: Rate = text.parse().map_err(|_| wrong())?;
        if rate.is_zero() || rate.is_negative() {
            return Err(wrong());
        }
        let Some(currency) = Currency::from_code(currency) else { return Ok(()) };
        match self.days.entry(on).or_default().insert(currency, rate) {
            Some(first) if first != rate => {
                Err(FxError::Twice { currency, on, first, second: rate })
            }
            _ => Ok(()),
        }
    }

    fn some(self) -> Result<Self, FxError> {
        if self.days.is_empty() { Err(FxError::File("it has no rates".into())) } else { Ok(self) }
    }

    /// Adds the rates of another file.
    ///
    /// # Errors
    /// [`FxError::Twice`] when a day that is known has other rates there: published rates do not
    /// change.
    pub fn merge(&mut self, other: &Self) -> Result<(), FxError> {
        for (on, rates) in &other.days {
            for (currency, rate) in rates {
                let kept = self.days.get(on).and_then(|rates| rates.get(currency));
                if let Some(first) = kept.filter(|first| *first != rate) {
                    let (currency, first, second) = (*currency, *first, *rate);
                    return Err(FxError::Twice { currency, on: *on, first, second });
                }
            }
        }
        for (on, rates) in &other.days {
            self.days.entry(*on).or_default().extend(rates);
        }
        Ok(())
    }

    /// All rates, by day and currency: units for one euro.
    pub fn iter(&self) -> impl Iterator<Item = (LocalDate, Currency, Rate)> + '_ {
        let rates = |(on, rates): (&LocalDate, &BTreeMap<Currency, Rate>)| {
            let on = *on;
            rates.iter().map(move |(currency, rate)| (on, *currency, *rate)).collect::<Vec<_>>()
        };
        self.days.iter().flat_map(rates)
    }

    /// What a conversion on a day is made with: both rates of the last day on or before it that has
    /// them.
    ///
    /// # Errors
    /// [`FxError::Missing`].
    pub fn quote(&self, from: Currency, to: Currency, on: LocalDate) -> Result<FxQuote, FxError> {
        let oldest = on.plus_days(-AGE_DAYS_MAX);
        let rate = |rates: &BTreeMap<Currency, Rate>, currency| match currency {
            Currency::EUR => Some(Rate::ONE),
            currency => rates.get(&currency).copied(),
        };
        let mut days = self.days.range(oldest..=on).rev();
        let found = days.find_map(|(day, rates)| {
            Some(FxQuote {
                from,
                to,
                published: *day,
                from_per_euro: rate(rates, from)?,
                to_per_euro: rate(rates, to)?,
            })
        });
        let has = |currency: Currency| {
            let mut days = self.days.range(oldest..=on);
            days.any(|(_, rates)| rate(rates, currency).is_some())
        };
        let currency = if has(from) { to } else { from };
        found.ok_or(FxError::Missing { currency, on })
    }
}

impl FxQuote {
    /// Converts an amount, rounded once.
    ///
    /// # Errors
    /// [`FxError::Currency`] for an amount that is not in `from`; [`FxError::Money`].
    pub fn convert(&self, amount: Money, rounding: Rounding) -> Result<Money, FxError> {
        if amount.currency != self.from {
            return Err(FxError::Currency(amount.currency));
        }
        let minor = self.exact(amount.minor)?.round(rounding)?;
        Ok(Money::new(minor, self.to))
    }

    /// The amount before it is rounded.
    ///
    /// # Errors
    /// [`MoneyError::Overflow`].
    pub fn exact(&self, minor: i64) -> Result<Exact, MoneyError> {
        let power = |exponent: u8| 10i64.pow(u32::from(exponent));
        Exact::of(minor)
            .times_ratio(power(self.from_per_euro.scale()), self.from_per_euro.digits())?
            .times(self.to_per_euro)?
            .times_ratio(power(self.to.exponent()), power(self.from.exponent()))
    }

    /// What an amount that was converted by an earlier quote has gained (above zero) or lost by
    /// now, in the target currency: for the account of exchange differences.
    ///
    /// # Errors
    /// As [`FxQuote::convert`]; also when the quotes are of other currencies.
    pub fn difference_to(
        &self,
        now: &Self,
        amount: Money,
        rounding: Rounding,
    ) -> Result<Money, FxError> {
        if now.to != self.to {
            return Err(FxError::Currency(now.to));
        }
        let (then, now) = (self.convert(amount, rounding)?, now.convert(amount, rounding)?);
        Ok(now.checked_sub(then)?)
    }
}

fn text_of(bytes: &[u8]) -> Result<&str, FxError> {
    if bytes.len() > FX_BYTES_MAX {
        return Err(FxError::File(format!("{} bytes, at most {FX_BYTES_MAX}", bytes.len())));
    }
    let text = std::str::from_utf8(bytes).map_err(|error| FxError::File(error.to_string()))?;
    Ok(text.trim_start_matches('\u{feff}'))
}

fn attribute(it: &BytesStart<'_>, name: &str) -> Result<Option<String>, FxError> {
    for attribute in it.attributes() {
        let attribute = attribute.map_err(|error| FxError::File(error.to_string()))?;
        if attribute.key.as_ref() == name {
            return Ok(Some(attribute.value.trim().to_owned()));
        }
    }
    Ok(None)
}

/// `2026-11-20`, or `20 November 2026` as the daily CSV has it.
fn day_of(text: &str) -> Result<LocalDate, FxError> {
    const MONTHS: [&str; 12] = [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ];
    let wrong = || FxError::File(format!("`{text}` is no day"));
    if let Ok(day) = text.parse() {
        return Ok(day);
    }
    let mut parts = text.split_whitespace();
    let (day, month, year) = (parts.next(), parts.next(), parts.next());
    let (Some(day), Some(month), Some(year)) = (day, month, year) else { return Err(wrong()) };
    let month = MONTHS.iter().position(|name| *name == month).ok_or_else(wrong)? + 1;
    format!("{year}-{month:02}-{day:0>2}").parse().map_err(|_| wrong())
}

#[cfg(test)]
mod tests {
    use super::*;

    const XML: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<gesmes:Envelope xmlns:gesmes="http://www.gesmes.org/xml/2002-08-01" xmlns="http://www.ecb.int/vocabulary/2002-08-01/eurofxref">
 <gesmes:subject>Reference rates</gesmes:subject>
 <Cube>
  <Cube time='2026-11-20'><Cube currency='USD' rate='1.0842'/><Cube currency='DKK' rate='7.4583'/><Cube currency='JPY' rate='162.5'/><Cube currency='XXQ' rate='3'/></Cube>
  <Cube time='2026-11-19'><Cube currency='USD' rate='1.08'/><Cube currency='DKK' rate='7.458'/></Cube>
 </Cube>
</gesmes:Envelope>"#;

    fn day(text: &str) -> LocalDate {
        text.parse().unwrap()
    }

    fn table() -> RateTable {
        RateTable::from_xml(XML.as_bytes()).unwrap()
    }

    #[test]
    fn both_forms_are_read_alike() {
        let daily = "Date, USD, DKK, JPY, \n20 November 2026, 1.0842, 7.4583, 162.5, \n";
        let history = "Date,USD,DKK,JPY,ISK,\n2026-11-20,1.0842,7.4583,162.5,N/A,\n2026-11-19,1.08,7.458,N/A,N/A,\n";
        assert_eq!(RateTable::from_csv(history.as_bytes()).unwrap(), table());
        let mut both = RateTable::from_csv(daily.as_bytes()).unwrap();
        both.merge(&table()).unwrap();
        assert_eq!(both, table());
        assert_eq!(table().iter().count(), 5);
        let other = RateTable::from_csv(b"Date,USD\n2026-11-20,1.0843\n").unwrap();
        assert!(matches!(both.merge(&other), Err(FxError::Twice { .. })));
        assert_eq!(both, table(), "nothing of a file that contradicts is taken");
    }

    #[test]
    fn weekends_take_the_last_rates_before() {
        let quote = |on| table().quote(Currency::DKK, Currency::USD, day(on));
        for on in ["2026-11-20", "2026-11-21", "2026-11-22", "2026-11-30"] {
            assert_eq!(quote(on).unwrap().published, day("2026-11-20"), "{on}");
        }
        assert_eq!(quote("2026-11-19").unwrap().published, day("2026-11-19"));
        let missing = FxError::Missing { currency: Currency::DKK, on: day("2026-11-18") };
        assert_eq!(quote("2026-11-18"), Err(missing), "never a later one");
        assert!(quote("2026-12-01").is_err(), "nor one that is stale");
        let yen = table().quote(Currency::EUR, Currency::JPY, day("2026-11-19")).unwrap_err();
        assert_eq!(yen, FxError::Missing { currency: Currency::JPY, on: day("2026-11-19") });
    }

    #[test]
    fn cross_rates_are_exact() {
        let on = day("2026-11-20");
        let convert = |minor, from, to| {
            let quote = table().quote(from, to, on).unwrap();
            quote.convert(Money::new(minor, from), Rounding::HalfEven).unwrap().minor
        };
        // 1000.00 DKK / 7.4583 * 1.0842 = 145.368… USD
        assert_eq!(convert(100_000, Currency::DKK, Currency::USD), 14_537);
        assert_eq!(convert(10_000, Currency::EUR, Currency::DKK), 74_583);
        assert_eq!(convert(74_583, Currency::DKK, Currency::EUR), 10_000);
        assert_eq!(convert(10_000, Currency::EUR, Currency::JPY), 16_250);
        assert_eq!(convert(16_250, Currency::JPY, Currency::DKK), 74_583);
        assert_eq!(convert(12_345, Currency::DKK, Currency::DKK), 12_345);
        let quote = table().quote(Currency::DKK, Currency::USD, on).unwrap();
        let back = table().quote(Currency::USD, Currency::DKK, on).unwrap();
        let there = quote.exact(1).unwrap();
        assert!(!there.is_whole());
        let wrong = quote.convert(Money::new(1, Currency::USD), Rounding::HalfEven);
        assert_eq!(wrong, Err(FxError::Currency(Currency::USD)));
        assert_eq!(
            (quote.from_per_euro, quote.to_per_euro),
            (back.to_per_euro, back.from_per_euro)
        );
    }

    #[test]
    fn what_the_rate_moved_is_told_apart() {
        let then = table().quote(Currency::USD, Currency::DKK, day("2026-11-19")).unwrap();
        let now = table().quote(Currency::USD, Currency::DKK, day("2026-11-20")).unwrap();
        let amount = Money::new(100_000, Currency::USD);
        let moved = then.difference_to(&now, amount, Rounding::HalfEven).unwrap();
        let value = |quote: &FxQuote| quote.convert(amount, Rounding::HalfEven).unwrap().minor;
        assert_eq!(moved.minor, value(&now) - value(&then));
        assert_eq!(moved, Money::new(-2_648, Currency::DKK));
    }

    #[test]
    fn what_is_no_file_of_rates_is_refused() {
        let evil = XML.replacen("<gesmes", "<!DOCTYPE a [<!ENTITY b 'c'>]><gesmes", 1);
        for wrong in [
            evil,
            XML.replace("rate='7.4583'", "rate='-7'"),
            XML.replace("rate='7.4583'", "rate='seven'"),
            XML.replace("time='2026-11-20'", "time='Friday'"),
            XML.replace(" time='2026-11-20'", ""),
            String::new(),
            "<a>".to_owned(),
        ] {
            assert!(RateTable::from_xml(wrong.as_bytes()).is_err(), "{wrong}");
        }
        assert!(RateTable::from_csv(b"USD,DKK\n1,2\n").is_err());
        assert!(RateTable::from_csv(b"Date,USD\n").is_err());
    }
}
