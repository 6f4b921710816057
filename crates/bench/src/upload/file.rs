//! Orders as a shop's export has them.

use std::fmt::Write as _;

use serde_json::{Value, json};

/// Orders of one customer, over time.
const ORDERS_PER_CUSTOMER: usize = 3;
/// Orders in whole days before now.
const DAYS: usize = 300;

/// Whose orders.
pub(super) struct Orders {
    pub(super) program: String,
    /// Referral codes of partners.
    pub(super) codes: Vec<String>,
}

impl Orders {
    fn code(&self, number: usize) -> &str {
        self.codes.get(number % self.codes.len().max(1)).map_or("", String::as_str)
    }

    const fn minor(number: usize) -> usize {
        9_900 + (number * 7_919) % 900_000
    }

    /// A file with a semicolon between cells and decimal commas, as Excel writes it in the north.
    pub(super) fn file(&self, rows: usize) -> Vec<u8> {
        let today = Days::new();
        let mut text = String::from("\u{feff}Ordrenr.;Dato;Beløb;Kundenr.;Henvisning\r\n");
        for number in 0..rows {
            let (minor, customer) = (Self::minor(number), number / ORDERS_PER_CUSTOMER);
            let day = today.back(1 + (rows - number) * DAYS / rows.max(1));
            let (crowns, cents, code) = (minor / 100, minor % 100, self.code(customer));
            let _ = write!(
                text,
                "F{number};{day};{},{cents:02};kunde-{customer};{code}\r\n",
                grouped(crowns)
            );
        }
        text.into_bytes()
    }

    /// The same over the API.
    pub(super) fn report(&self, number: usize) -> Value {
        let customer = number / ORDERS_PER_CUSTOMER;
        json!({
            "program": self.program, "type": "sale", "order_id": format!("B{number}"),
            "amount": { "amount": Self::minor(number), "currency": "DKK" },
            "customer_id": format!("batched-{customer}"), "via": self.code(customer),
        })
    }
}

/// `1.250`.
fn grouped(number: usize) -> String {
    match number / 1_000 {
        0 => number.to_string(),
        thousands => format!("{thousands}.{:03}", number % 1_000),
    }
}

/// Days as they are written.
struct Days(tributary_kernel::LocalDate);

impl Days {
    fn new() -> Self {
        let now = tributary_kernel::Clock::now(&tributary_kernel::SystemClock);
        Self(tributary_kernel::Zone::utc().date(now))
    }

    fn back(&self, days: usize) -> String {
        let day = self.0.plus_days(-i32::try_from(days).unwrap_or(0)).to_string();
        let mut parts = day.split('-');
        let (year, month, day) = (parts.next(), parts.next(), parts.next());
        format!("{}.{}.{}", day.unwrap_or(""), month.unwrap_or(""), year.unwrap_or(""))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_as_a_spreadsheet_writes_them() {
        let orders = Orders { program: "prog_x".into(), codes: vec!["anna".into(), "bo".into()] };
        let text = String::from_utf8(orders.file(7)).unwrap();
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines.len(), 8);
        assert!(lines[1].starts_with("F0;") && lines[1].ends_with(";99,00;kunde-0;anna"));
        assert!(lines[4].ends_with(";kunde-1;bo"), "{}", lines[4]);
        assert_eq!((grouped(99), grouped(9_005)), ("99".to_owned(), "9.005".to_owned()));
        let day = Days("2026-11-21".parse().unwrap()).back(21);
        assert_eq!(day, "31.10.2026");
    }
}
