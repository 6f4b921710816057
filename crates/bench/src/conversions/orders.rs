//! Orders as a shop reports them, prepared as requests, and what was answered.

use std::net::SocketAddr;

use serde_json::{Value, json};

use crate::error::BenchError;
use crate::installation::Click;

/// Orders of one customer, over time.
const ORDERS_PER_CUSTOMER: usize = 3;

/// How requests begin and whose they are.
#[derive(Debug, Clone)]
pub(super) struct Shop {
    pub(super) web: SocketAddr,
    pub(super) key: String,
}

/// Sales, leads and sign-ups, each after a click of its own. `first` numbers them on.
pub(super) fn orders(first: usize, clicks: &[Click]) -> Vec<Value> {
    (first..).zip(clicks).map(|(number, click)| order(number, click)).collect()
}

fn order(number: usize, click: &Click) -> Value {
    let kind = match number % 10 {
        0..=7 => "sale",
        8 => "lead",
        _ => "signup",
    };
    let mut order = json!({
        "program": click.program, "type": kind, "order_id": format!("order-{number}"),
        "click_id": click.id, "customer_id": format!("customer-{}", number / ORDERS_PER_CUSTOMER),
    });
    if kind == "sale" {
        let minor = 9_900 + (number * 7_919) % 900_000;
        order["amount"] = json!({ "amount": minor, "currency": "DKK" });
    }
    order
}

impl Shop {
    /// One request for each `size` orders, with the delivery's own key, as the documentation asks
    /// of a shop; a single order is sent as one object.
    pub(super) fn requests(&self, orders: &[Value], size: usize) -> Vec<Vec<u8>> {
        orders.chunks(size).map(|orders| self.request(orders)).collect()
    }

    fn request(&self, orders: &[Value]) -> Vec<u8> {
        let body = match orders {
            [one] => one.to_string(),
            many => Value::from(many).to_string(),
        };
        let delivery = orders.first().map_or("", |it| it["order_id"].as_str().unwrap_or_default());
        let (web, key, length) = (self.web, &self.key, body.len());
        format!(
            "POST /v1/conversions HTTP/1.1\r\nHost: {web}\r\nAuthorization: Bearer {key}\r\n\
             Content-Type: application/json\r\nContent-Length: {length}\r\n\
             Idempotency-Key: delivery-{delivery}\r\n\r\n{body}"
        )
        .into_bytes()
    }
}

/// Every order must have been applied; else the figure is of something else.
pub(super) fn check(answers: &[Vec<u8>], orders: usize) -> Result<(), BenchError> {
    const APPLIED: &str = "\"outcome\":\"applied\"";
    let texts = || answers.iter().map(|it| String::from_utf8_lossy(it));
    let applied: usize = texts().map(|text| text.matches(APPLIED).count()).sum();
    if applied == orders {
        return Ok(());
    }
    let other = texts().find(|text| !text.contains(APPLIED) || text.contains("\"refused\""));
    let other = other.unwrap_or_default();
    Err(BenchError::Unfit(format!("{applied} of {orders} orders were applied: {other}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn clicks(count: usize) -> Vec<Click> {
        vec![Click { id: "clk_x".into(), program: "prog_x".into() }; count]
    }

    #[test]
    fn orders_are_all_different_and_of_three_types() {
        let orders = orders(30, &clicks(20));
        let ids: std::collections::BTreeSet<_> =
            orders.iter().map(|it| it["order_id"].to_string()).collect();
        assert_eq!(ids.len(), 20);
        let kinds = |kind| orders.iter().filter(|it| it["type"] == kind).count();
        assert_eq!((kinds("sale"), kinds("lead"), kinds("signup")), (16, 2, 2));
        assert!(orders.iter().all(|it| (it["type"] == "sale") == it["amount"].is_object()));
    }

    #[test]
    fn requests_hold_what_they_say() {
        let shop = Shop { web: SocketAddr::from(([127, 0, 0, 1], 1)), key: "k".into() };
        let orders = orders(0, &clicks(5));
        let requests = shop.requests(&orders, 2);
        assert_eq!(requests.len(), 3);
        let text = String::from_utf8(requests[2].clone()).unwrap();
        let (head, body) = text.split_once("\r\n\r\n").unwrap();
        assert!(head.contains(&format!("Content-Length: {}", body.len())));
        assert!(head.contains("Idempotency-Key: delivery-order-4"));
        assert!(body.starts_with('{'), "one order is one object");
        assert!(requests[0].ends_with(b"]"));
    }

    #[test]
    fn one_order_less_does_not_count() {
        let answer =
            b"{\"results\":[{\"outcome\":\"applied\"},{\"outcome\":\"applied\"}]}".to_vec();
        assert!(check(std::slice::from_ref(&answer), 2).is_ok());
        assert!(check(std::slice::from_ref(&answer), 3).is_err());
        assert!(check(&[answer, b"HTTP/1.1 503".to_vec()], 3).is_err());
    }
}
