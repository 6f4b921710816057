//! Numbers of companies and of VAT. A check digit says that a number was typed well, not that it
//! was ever given out: that is for a look-up, whose answer is kept elsewhere.

use std::fmt;

tributary_kernel::text_enum! {
    /// Which number.
    pub enum NumberKind {
        /// Danish register of companies: 8 digits.
        DkCvr = "dk_cvr",
        /// Swedish organisation number: 10 digits.
        SeOrganisation = "se_organisation",
        /// Norwegian organisation number: 9 digits.
        NoOrganisation = "no_organisation",
        /// Indonesian taxpayer number: 15 digits, or 16 of the newer form.
        IdNpwp = "id_npwp",
        /// VAT number of an EU member state, with its prefix (`EL` for Greece).
        EuVat = "eu_vat",
        /// A register that is not known here: 2 to 20 letters and digits.
        Other = "other",
    }
}

/// A number that passed what is known of its form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TaxNumber {
    kind: NumberKind,
    text: String,
    checked: bool,
}

/// Why a text is no such number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TaxNumberError {
    /// Not the letters and digits of such a number.
    #[error("not in the form of such a number")]
    Form,
    /// Its check digits are wrong: mistyped.
    #[error("the check digits are wrong; is it mistyped?")]
    Checksum,
    /// A prefix that is no member state's.
    #[error("a VAT number begins with its country's two letters")]
    Country,
}

impl TaxNumber {
    /// Reads a number as people write it: blanks, points, dashes and slashes are passed over, letters
    /// may be small, and the country's prefix may stand before a Danish, Swedish or Norwegian number.
    ///
    /// # Errors
    /// See [`TaxNumberError`].
    pub fn parse(kind: NumberKind, text: &str) -> Result<Self, TaxNumberError> {
        let compact: String = text
            .chars()
            .filter(|it| !matches!(it, ' ' | '.' | '-' | '/' | '\u{a0}'))
            .map(|it| it.to_ascii_uppercase())
            .collect();
        if !compact.chars().all(|it| it.is_ascii_alphanumeric()) {
            return Err(TaxNumberError::Form);
        }
        let without = |prefix| compact.strip_prefix(prefix).unwrap_or(&compact).to_owned();
        let (text, judged) = match kind {
            NumberKind::DkCvr => (without("DK"), dk as Check),
            NumberKind::SeOrganisation => (without("SE"), se_organisation as Check),
            NumberKind::NoOrganisation => {
                let text = without("NO");
                (text.strip_suffix("MVA").unwrap_or(&text).to_owned(), no as Check)
            }
            NumberKind::IdNpwp => (compact, npwp as Check),
            NumberKind::Other => (compact, other as Check),
            NumberKind::EuVat => {
                let (country, rest) = compact.split_at_checked(2).ok_or(TaxNumberError::Form)?;
                let check = eu(country).ok_or(TaxNumberError::Country)?;
                let checked = judge(check, rest)?;
                return Ok(Self { kind, text: compact, checked });
            }
        };
        let checked = judge(judged, &text)?;
        Ok(Self { kind, text, checked })
    }

    /// Which number.
    #[must_use]
    pub const fn kind(&self) -> NumberKind {
        self.kind
    }

    /// Without blanks, in capitals; of VAT with its prefix.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Whether check digits were checked; otherwise only the form is known to be right.
    #[must_use]
    pub const fn has_checked_digits(&self) -> bool {
        self.checked
    }
}

impl TaxNumberError {
    /// Stable name of the mistake.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Form => "number_form",
            Self::Checksum => "number_checksum",
            Self::Country => "number_country",
        }
    }
}

impl fmt::Display for TaxNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// What a check says: wrong form, and then whether the check digits hold, if it knows them.
enum Judged {
    Form,
    Digits(bool),
    Unchecked,
}

type Check = fn(&str) -> Judged;

fn judge(check: Check, text: &str) -> Result<bool, TaxNumberError> {
    match check(text) {
        Judged::Form => Err(TaxNumberError::Form),
        Judged::Digits(false) => Err(TaxNumberError::Checksum),
        Judged::Digits(true) => Ok(true),
        Judged::Unchecked => Ok(false),
    }
}

fn digits<const N: usize>(text: &str) -> Option<[u32; N]> {
    let digits: Vec<u32> = text.chars().map(|it| it.to_digit(10)).collect::<Option<_>>()?;
    digits.try_into().ok()
}

fn weighted(digits: &[u32], weights: &[u32]) -> u32 {
    digits.iter().zip(weights).map(|(digit, weight)| digit * weight).sum()
}

fn luhn(digits: &[u32]) -> bool {
    let double = |digit: u32| if digit > 4 { digit * 2 - 9 } else { digit * 2 };
    let sum: u32 = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(place, digit)| if place % 2 == 1 { double(*digit) } else { *digit })
        .sum();
    sum.is_multiple_of(10)
}

fn dk(text: &str) -> Judged {
    let Some(it) = digits::<8>(text).filter(|it| it[0] != 0) else { return Judged::Form };
    Judged::Digits(weighted(&it, &[2, 7, 6, 5, 4, 3, 2, 1]).is_multiple_of(11))
}

fn se_organisation(text: &str) -> Judged {
    digits::<10>(text).map_or(Judged::Form, |it| Judged::Digits(luhn(&it)))
}

fn no(text: &str) -> Judged {
    let Some(it) = digits::<9>(text) else { return Judged::Form };
    Judged::Digits(weighted(&it, &[3, 2, 7, 6, 5, 4, 3, 2, 1]).is_multiple_of(11))
}

/// The rule of the ninth digit is not published for all ranges, and a person's newer number is the
/// national one: the form is all that is checked.
fn npwp(text: &str) -> Judged {
    let form = text.bytes().all(|it| it.is_ascii_digit()) && matches!(text.len(), 15 | 16);
    if form { Judged::Unchecked } else { Judged::Form }
}

fn other(text: &str) -> Judged {
    let digits = text.bytes().any(|it| it.is_ascii_digit());
    if (2..=20).contains(&text.len()) && digits { Judged::Unchecked } else { Judged::Form }
}

fn eu(country: &str) -> Option<Check> {
    Some(match country {
        "DK" => dk,
        "SE" => se_vat,
        "DE" => de,
        "FI" => fi,
        "NL" => nl,
        "BE" => be,
        "IT" => it,
        "PL" => pl,
        "PT" => pt,
        "LU" => lu,
        "EE" => ee,
        "AT" => at,
        "BG" | "CZ" | "CY" | "EL" | "ES" | "FR" | "HR" | "HU" | "IE" | "LT" | "LV" | "MT"
        | "RO" | "SI" | "SK" => form_only,
        _ => return None,
    })
}

fn form_only(text: &str) -> Judged {
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    if (2..=12).contains(&text.len()) && digits >= 2 { Judged::Unchecked } else { Judged::Form }
}

fn se_vat(text: &str) -> Judged {
    let Some(number) = text.strip_suffix("01") else { return Judged::Form };
    se_organisation(number)
}

/// ISO 7064, modulus 11, 10.
fn de(text: &str) -> Judged {
    let Some(it) = digits::<9>(text).filter(|it| it[0] != 0) else { return Judged::Form };
    let product = it[..8].iter().fold(10, |product, digit| {
        let sum = (digit + product) % 10;
        (if sum == 0 { 10 } else { sum }) * 2 % 11
    });
    Judged::Digits((11 - product) % 10 == it[8])
}

fn fi(text: &str) -> Judged {
    let Some(it) = digits::<8>(text) else { return Judged::Form };
    Judged::Digits(weighted(&it, &[7, 9, 10, 5, 8, 4, 2, 1]).is_multiple_of(11))
}

/// Nine digits, `B`, two digits: of older numbers the first nine hold modulus 11; of those of sole
/// traders the whole holds modulus 97 with letters as numbers.
fn nl(text: &str) -> Judged {
    let parts = text.split_once('B');
    let Some((number, suffix)) = parts.filter(|(a, b)| a.len() == 9 && b.len() == 2) else {
        return Judged::Form;
    };
    let (Some(it), Some(end)) = (digits::<9>(number), digits::<2>(suffix)) else {
        return Judged::Form;
    };
    let eleven = weighted(&it, &[9, 8, 7, 6, 5, 4, 3, 2]) % 11 == it[8];
    let all = [2, 3, 2, 1].iter().chain(&it).chain(&[1, 1]).chain(&end);
    let ninety_seven = all.fold(0, |rest, digit| (rest * 10 + digit) % 97) == 1;
    Judged::Digits(eleven || ninety_seven)
}

fn be(text: &str) -> Judged {
    let it = digits::<10>(text).filter(|it| it[0] <= 1);
    let Some(it) = it else { return Judged::Form };
    let number = it[..8].iter().fold(0, |number, digit| number * 10 + digit);
    Judged::Digits(97 - number % 97 == it[8] * 10 + it[9])
}

fn it(text: &str) -> Judged {
    digits::<11>(text).map_or(Judged::Form, |it| Judged::Digits(luhn(&it)))
}

fn pl(text: &str) -> Judged {
    let Some(it) = digits::<10>(text) else { return Judged::Form };
    Judged::Digits(weighted(&it, &[6, 5, 7, 2, 3, 4, 5, 6, 7]) % 11 == it[9])
}

fn pt(text: &str) -> Judged {
    let Some(it) = digits::<9>(text).filter(|it| it[0] != 0) else { return Judged::Form };
    let rest = weighted(&it, &[9, 8, 7, 6, 5, 4, 3, 2]) % 11;
    Judged::Digits((if rest < 2 { 0 } else { 11 - rest }) == it[8])
}

fn lu(text: &str) -> Judged {
    let Some(it) = digits::<8>(text) else { return Judged::Form };
    let number = it[..6].iter().fold(0, |number, digit| number * 10 + digit);
    Judged::Digits(number % 89 == it[6] * 10 + it[7])
}

fn ee(text: &str) -> Judged {
    let Some(it) = digits::<9>(text) else { return Judged::Form };
    Judged::Digits(weighted(&it, &[3, 7, 1, 3, 7, 1, 3, 7, 1]).is_multiple_of(10))
}

fn at(text: &str) -> Judged {
    let Some(it) = text.strip_prefix('U').and_then(digits::<8>) else { return Judged::Form };
    let double = |digit: u32| digit * 2 / 10 + digit * 2 % 10;
    let odd: u32 = [0, 2, 4, 6].iter().map(|place| it[*place]).sum();
    let even: u32 = [1, 3, 5].iter().map(|place| double(it[*place])).sum();
    Judged::Digits((100 - (odd + even + 4)) % 10 == it[7])
}
