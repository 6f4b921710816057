//! Files for services that pay by a list: PayPal's Payouts (web upload) and Wise's batch payments by
//! e-mail. These are the services' own formats and no standards; each is read by the service alone,
//! so a change of theirs shows at the upload.

use std::collections::BTreeSet;

use tributary_kernel::PayoutId;
use tributary_money::{Currency, Money};

use crate::csv::guarded;
use crate::pain001::end_to_end_id;

/// Rows of a PayPal file.
pub const PAYPAL_ROWS_MAX: usize = 5_000;
/// Rows of a Wise file.
pub const WISE_ROWS_MAX: usize = 1_000;
/// Longest note in both, well within what each takes.
const NOTE_MAX: usize = 100;

/// One payment of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListPayment {
    /// Which payout it carries out.
    pub payout: PayoutId,
    /// The payee's e-mail address with the service.
    pub email: String,
    /// The payee's name.
    pub name: String,
    /// Whether the payee is a business; otherwise a person.
    pub business: bool,
    /// How much; above zero.
    pub amount: Money,
    /// What the payee reads.
    pub note: String,
}

/// Why no file is written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ListError {
    /// None, or more than the service takes.
    #[error("{rows} payments; the service takes 1 to {max} in one file")]
    Rows {
        /// How many.
        rows: usize,
        /// How many it takes.
        max: usize,
    },
    /// A file has one currency.
    #[error("payment of {0} is in another currency than the first")]
    Currency(PayoutId),
    /// Not above zero.
    #[error("payment of {0} is not above zero")]
    Amount(PayoutId),
    /// Not an address that money could be sent to.
    #[error("payment of {0} has no usable e-mail address")]
    Email(PayoutId),
    /// The same payout twice.
    #[error("{0} stands in the list twice")]
    Twice(PayoutId),
}

/// PayPal Payouts, uploaded in the browser: no heading; recipient, amount, currency, our reference,
/// note, wallet. Amounts have a point, as accounts set to English write them.
///
/// # Errors
/// See [`ListError`].
pub fn paypal_file(payments: &[ListPayment]) -> Result<Vec<u8>, ListError> {
    check(payments, PAYPAL_ROWS_MAX)?;
    let rows = payments.iter().map(|it| {
        vec![
            it.email.trim().to_owned(),
            it.amount.to_decimal_string(),
            it.amount.currency.code().to_owned(),
            end_to_end_id(it.payout),
            note(&it.note),
            "PAYPAL".to_owned(),
        ]
    });
    Ok(write(rows))
}

/// Wise batch payments by e-mail: Wise asks the payee for the account. `source` is the currency that
/// pays; the payee gets exactly the amount, so Wise's `amountCurrency` is `target`.
///
/// # Errors
/// See [`ListError`].
pub fn wise_file(payments: &[ListPayment], source: Currency) -> Result<Vec<u8>, ListError> {
    check(payments, WISE_ROWS_MAX)?;
    let head = [
        "name",
        "recipientEmail",
        "paymentReference",
        "receiverType",
        "amountCurrency",
        "amount",
        "sourceCurrency",
        "targetCurrency",
        "type",
    ];
    let rows = payments.iter().map(|it| {
        vec![
            guarded(it.name.trim()).into_owned(),
            it.email.trim().to_owned(),
            end_to_end_id(it.payout),
            if it.business { "INSTITUTION" } else { "PERSON" }.to_owned(),
            "target".to_owned(),
            it.amount.to_decimal_string(),
            source.code().to_owned(),
            it.amount.currency.code().to_owned(),
            "EMAIL".to_owned(),
        ]
    });
    Ok(write(std::iter::once(head.map(str::to_owned).to_vec()).chain(rows)))
}

fn check(payments: &[ListPayment], max: usize) -> Result<(), ListError> {
    let rows = payments.len();
    let Some(first) = payments.first().filter(|_| rows <= max) else {
        return Err(ListError::Rows { rows, max });
    };
    let mut seen = BTreeSet::new();
    for it in payments {
        if !seen.insert(it.payout) {
            return Err(ListError::Twice(it.payout));
        }
        if it.amount.currency != first.amount.currency {
            return Err(ListError::Currency(it.payout));
        }
        if it.amount.minor <= 0 {
            return Err(ListError::Amount(it.payout));
        }
        let email = it.email.trim();
        let usable = email.split_once('@').is_some_and(|(user, host)| {
            !user.is_empty()
                && host.contains('.')
                && !host.contains('@')
                && email.chars().all(|it| !it.is_whitespace() && !it.is_control())
                && !email.starts_with(['=', '+', '-', '@'])
        });
        if !usable {
            return Err(ListError::Email(it.payout));
        }
    }
    Ok(())
}

/// One line, not too long, nothing that a spreadsheet would compute.
fn note(text: &str) -> String {
    let line: String =
        text.chars().map(|it| if it.is_control() { ' ' } else { it }).take(NOTE_MAX).collect();
    guarded(line.trim()).into_owned()
}

fn write(rows: impl Iterator<Item = Vec<String>>) -> Vec<u8> {
    let mut out =
        csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    for row in rows {
        out.write_record(row).expect("memory takes every byte");
    }
    out.into_inner().expect("memory takes every byte")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn payment(n: u8, minor: i64) -> ListPayment {
        ListPayment {
            payout: PayoutId::from_bytes([n; 16]),
            email: format!("p{n}@partners.example"),
            name: "Søren \"Sol\" Ås".to_owned(),
            business: n == 2,
            amount: Money::new(minor, Currency::USD),
            note: "=Commission,\nMarch".to_owned(),
        }
    }

    #[test]
    fn the_services_get_their_columns() {
        let payments = [payment(1, 10_050), payment(2, 1)];
        let references = payments.each_ref().map(|it| end_to_end_id(it.payout));
        let paypal = String::from_utf8(paypal_file(&payments).unwrap()).unwrap();
        let first = format!(
            "p1@partners.example,100.50,USD,{},\"'=Commission, March\",PAYPAL",
            references[0]
        );
        assert_eq!(paypal.lines().next(), Some(first.as_str()));
        assert_eq!(paypal.lines().count(), 2);
        let wise = String::from_utf8(wise_file(&payments, Currency::DKK).unwrap()).unwrap();
        let second = format!(
            "\"Søren \"\"Sol\"\" Ås\",p2@partners.example,{},INSTITUTION,target,0.01,DKK,USD,EMAIL",
            references[1]
        );
        assert_eq!(wise.lines().nth(2), Some(second.as_str()));
    }

    #[test]
    fn what_could_be_paid_wrongly_is_refused() {
        let id = |n| PayoutId::from_bytes([n; 16]);
        assert_eq!(paypal_file(&[]), Err(ListError::Rows { rows: 0, max: PAYPAL_ROWS_MAX }));
        assert_eq!(paypal_file(&[payment(1, 5), payment(1, 5)]), Err(ListError::Twice(id(1))));
        assert_eq!(paypal_file(&[payment(1, 0)]), Err(ListError::Amount(id(1))));
        let other = ListPayment { amount: Money::new(1, Currency::EUR), ..payment(2, 1) };
        assert_eq!(paypal_file(&[payment(1, 5), other]), Err(ListError::Currency(id(2))));
        for email in ["", "anna", "anna@", "@b.c", "=a@b.c", "a b@c.d", "a@b@c.d"] {
            let wrong = ListPayment { email: email.to_owned(), ..payment(1, 5) };
            assert_eq!(wise_file(&[wrong], Currency::USD), Err(ListError::Email(id(1))), "{email}");
        }
    }
}
