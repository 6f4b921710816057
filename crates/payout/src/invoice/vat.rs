use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use tributary_money::{Currency, Exact, Money, MoneyError, Rate, Rounding};

use super::{InvoiceLine, InvoiceParty};
use crate::tax::{TaxProfile, VatStanding};

/// A category of VAT (UNCL 5305), as far as commissions need them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum VatCategory {
    /// `S`: at a rate, like `0.25`.
    Standard(Rate),
    /// `AE`: the buyer accounts for it (business in another member state).
    ReverseCharge,
    /// `O`: not subject to VAT: the seller is not registered, or one of both is outside of the EU.
    NotSubject,
}

/// Net and VAT of one category and rate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct VatTotal {
    /// Which.
    pub category: VatCategory,
    /// Sum of its lines.
    pub net: Money,
    /// Rounded once.
    pub tax: Money,
}

impl VatCategory {
    /// Code of UNCL 5305.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Standard(_) => "S",
            Self::ReverseCharge => "AE",
            Self::NotSubject => "O",
        }
    }

    /// The VAT on an amount, rounded half away from zero.
    ///
    /// # Errors
    /// [`MoneyError::Overflow`].
    pub fn tax_on(self, net: Money) -> Result<Money, MoneyError> {
        let tax = match self {
            Self::Standard(rate) => {
                Exact::of(net.minor).times(rate)?.round(Rounding::HalfAwayFromZero)?
            }
            Self::ReverseCharge | Self::NotSubject => 0,
        };
        Ok(Money::new(tax, net.currency))
    }

    /// Percent as text; none where no rate may stand.
    pub(super) fn percent(self) -> Option<String> {
        match self {
            Self::Standard(rate) => Some(rate.to_percent_string()),
            Self::ReverseCharge => Some("0".to_owned()),
            Self::NotSubject => None,
        }
    }

    /// Code and words for why there is no VAT.
    pub(super) const fn reason(self) -> Option<(&'static str, &'static str)> {
        match self {
            Self::Standard(_) => None,
            Self::ReverseCharge => Some(("VATEX-EU-AE", "Reverse charge")),
            Self::NotSubject => Some(("VATEX-EU-O", "Not subject to VAT")),
        }
    }

    /// What it asks of the parties and they do not have.
    pub(super) fn lacks(self, seller: &InvoiceParty, buyer: &InvoiceParty) -> Option<&'static str> {
        let (from, to) = (seller.vat_number.is_some(), buyer.vat_number.is_some());
        match self {
            Self::Standard(rate) if rate.is_zero() || rate.is_negative() => {
                Some("a standard rate is above zero")
            }
            Self::Standard(_) if !from => Some("VAT needs the seller's VAT number"),
            Self::ReverseCharge if !from => Some("reverse charge needs the seller's VAT number"),
            Self::ReverseCharge if !to => Some("reverse charge needs the buyer's VAT number"),
            _ => None,
        }
    }
}

/// Where a trader stands towards VAT.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trader {
    /// ISO 3166 code.
    pub country: String,
    /// Whether it has a VAT number that was found valid.
    pub registered: bool,
}

/// The member states of the EU in ISO 3166 (Greece is `GR` here, though its VAT numbers begin with
/// `EL`). Northern Ireland is not among them, as services there follow the United Kingdom's rules.
const EU: [&str; 27] = [
    "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE", "IT",
    "LT", "LU", "LV", "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK",
];

/// Whether a country is a member state.
#[must_use]
pub fn is_eu(country: &str) -> bool {
    EU.contains(&country)
}

/// Under which VAT the services of a partner are invoiced, by the general rule for services between
/// businesses (Directive 2006/112/EC, articles 44 and 196). `domestic` is the standard rate in the
/// seller's country on the day of issue. Who sells in exceptional circumstances decides otherwise by
/// hand; this is not advice.
#[must_use]
pub fn decide_vat(seller: &Trader, buyer: &Trader, domestic: Rate) -> VatCategory {
    if !seller.registered || domestic.is_zero() {
        return VatCategory::NotSubject;
    }
    if seller.country == buyer.country {
        return VatCategory::Standard(domestic);
    }
    match (is_eu(&seller.country), is_eu(&buyer.country)) {
        (true, true) if buyer.registered => VatCategory::ReverseCharge,
        (true, true) => VatCategory::Standard(domestic),
        _ => VatCategory::NotSubject,
    }
}

tributary_kernel::text_enum! {
    /// Why no invoice can be written for a partner that is to be invoiced for.
    pub enum TaxBlock {
        /// It has not said what it is for tax, and an invoice or a rule of withholding asks for it.
        NoProfile = "no_tax_profile",
        /// The register said that its VAT number is not valid.
        NumberRefuted = "vat_number_invalid",
        /// It would have to charge the VAT of its own country: the owner has no VAT number.
        BuyerUnregistered = "buyer_not_registered",
    }
}

/// Under which VAT a partner's services are invoiced, from both sides' details. `refuted` says that
/// the newest answer about the partner's VAT number was that it is not valid; `domestic` is the
/// standard rate in the owner's country.
///
/// # Errors
/// Why there can be no invoice.
pub fn vat_between(
    seller: &TaxProfile,
    refuted: bool,
    buyer: &TaxProfile,
    domestic: Rate,
) -> Result<VatCategory, TaxBlock> {
    let trader = |it: &TaxProfile| Trader {
        country: it.country.clone(),
        registered: it.vat == VatStanding::Registered,
    };
    let (from, to) = (trader(seller), trader(buyer));
    if from.registered && refuted {
        return Err(TaxBlock::NumberRefuted);
    }
    let abroad = from.country != to.country;
    if abroad && from.registered && !to.registered && is_eu(&from.country) && is_eu(&to.country) {
        return Err(TaxBlock::BuyerUnregistered);
    }
    Ok(decide_vat(&from, &to, domestic))
}

/// By category and rate, in their order.
pub(super) fn totals(
    lines: &[InvoiceLine],
    currency: Currency,
) -> Result<Vec<VatTotal>, MoneyError> {
    let mut sums: BTreeMap<VatCategory, Money> = BTreeMap::new();
    for line in lines {
        let sum = sums.entry(line.vat).or_insert(Money::zero(currency));
        *sum = sum.checked_add(line.net)?;
    }
    let total = |(category, net): (VatCategory, Money)| {
        Ok(VatTotal { category, net, tax: category.tax_on(net)? })
    };
    sums.into_iter().map(total).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_pays_the_vat_follows_from_where_both_are() {
        let quarter: Rate = "0.25".parse().unwrap();
        let at = |country: &str, registered| Trader { country: country.to_owned(), registered };
        let decide = |seller, buyer| decide_vat(&seller, &buyer, quarter);
        let standard = VatCategory::Standard(quarter);
        for (seller, buyer, expected) in [
            (at("DK", true), at("DK", true), standard),
            (at("DK", true), at("DK", false), standard),
            (at("SE", true), at("DK", true), VatCategory::ReverseCharge),
            (at("SE", true), at("DK", false), standard),
            (at("SE", false), at("DK", true), VatCategory::NotSubject),
            (at("ID", true), at("DK", true), VatCategory::NotSubject),
            (at("DK", true), at("ID", true), VatCategory::NotSubject),
            (at("ID", true), at("ID", true), standard),
            (at("GB", true), at("SE", true), VatCategory::NotSubject),
        ] {
            let said = format!("{seller:?} to {buyer:?}");
            assert_eq!(decide(seller, buyer), expected, "{said}");
        }
    }

    #[test]
    fn what_cannot_be_invoiced_is_told() {
        use crate::tax::TaxForm;
        let profile = |country: &str, vat: &str, number: &str| {
            let form = TaxForm {
                person: "sole_trader".into(),
                name: "A".into(),
                town: "B".into(),
                country: country.into(),
                vat: vat.into(),
                vat_number: number.into(),
                ..TaxForm::default()
            };
            form.check().unwrap()
        };
        let quarter: Rate = "0.25".parse().unwrap();
        let danish = profile("DK", "registered", "DK13585628");
        let small = profile("DK", "small_business", "");
        let swedish = profile("SE", "registered", "SE556016068001");
        let none = profile("DK", "not_registered", "");
        let indonesian = profile("ID", "not_registered", "");
        for (seller, refuted, buyer, expected) in [
            (&danish, false, &danish, Ok(VatCategory::Standard(quarter))),
            (&danish, true, &danish, Err(TaxBlock::NumberRefuted)),
            (&small, true, &danish, Ok(VatCategory::NotSubject)),
            (&swedish, false, &danish, Ok(VatCategory::ReverseCharge)),
            (&swedish, false, &none, Err(TaxBlock::BuyerUnregistered)),
            (&danish, false, &none, Ok(VatCategory::Standard(quarter))),
            (&danish, false, &indonesian, Ok(VatCategory::NotSubject)),
        ] {
            let said = format!("{} to {}", seller.country, buyer.country);
            assert_eq!(vat_between(seller, refuted, buyer, quarter), expected, "{said}");
        }
    }
}
