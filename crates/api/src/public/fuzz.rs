//! What a fuzzer calls. It takes any bytes and panics only if an invariant is broken.

use http::HeaderValue;
use tributary_app::conversion::ReportConversion;
use tributary_web::{Problem, strict_pairs};

use super::parameters::{Answer, FIELD_BYTES_MAX, read_query, result_text};
use super::signature::canonical;

/// The longest plain text of a result but for the field that it names.
const RESULT_BYTES_MAX: usize = 100;

/// Takes bytes as the query of a postback: what is signed reads as what was sent, in whatever order
/// it came; what is reported is what was sent; a refusal can be told in a header.
///
/// # Panics
/// When one of these does not hold.
pub fn postback(bytes: &[u8]) {
    let Ok(query) = std::str::from_utf8(bytes) else { return };
    let read = strict_pairs(query);
    if let Ok(pairs) = &read {
        signed_text(pairs);
    }
    match read.map_err(Problem::malformed).and_then(|pairs| Ok((read_query(&pairs)?, pairs))) {
        Ok((report, pairs)) => reported(&report, &pairs),
        Err(problem) => {
            let text = result_text(&Err::<Answer, _>(problem));
            assert!(text.len() <= RESULT_BYTES_MAX + FIELD_BYTES_MAX, "{} bytes", text.len());
            assert!(HeaderValue::from_str(&text).is_ok(), "{text:?}");
        }
    }
}

fn signed_text(pairs: &[(String, String)]) {
    let text = canonical(pairs);
    assert!(text.bytes().all(|byte| byte.is_ascii_graphic()), "{text:?}");
    let mut turned = pairs.to_vec();
    turned.reverse();
    assert_eq!(canonical(&turned), text, "the order does not matter");
    let mut again = strict_pairs(&text).expect("no more parameters than before");
    let mut signed: Vec<_> = pairs.iter().filter(|(name, _)| name != "sig").cloned().collect();
    again.sort_unstable();
    signed.sort_unstable();
    assert_eq!(again, signed, "no two queries have the same signed text");
}

fn reported(report: &ReportConversion, pairs: &[(String, String)]) {
    let sent = |name: &str| {
        let mut values = pairs.iter().filter(|(found, value)| found == name && !value.is_empty());
        values.next().map(|(_, value)| value.as_str())
    };
    assert_eq!(Some(report.kind.as_str()), sent("type"));
    assert_eq!(Some(report.order_id.as_str()), sent("order_id"));
    assert_eq!(report.click_id.as_deref(), sent("click_id"));
    assert_eq!(report.code.as_deref(), sent("code"));
    assert_eq!(report.via.as_deref(), sent("via"));
    assert_eq!(report.customer_id.as_deref(), sent("customer_id"));
    assert_eq!(report.amount.is_some(), sent("amount").is_some());
    if let Some(amount) = report.amount {
        assert_eq!(Some(amount.currency.code()), sent("currency"), "the currency as sent");
        let text = amount.to_decimal_string();
        let again = tributary_money::Money::parse_decimal(&text, amount.currency);
        assert_eq!(again.ok(), Some(amount), "{text}");
    }
}

#[cfg(test)]
mod tests {
    /// Good, and wrong in ways that refuse it at different places.
    #[test]
    fn the_target_takes_what_people_send() {
        let good = "program=prg_01k8zq3v5x7h2m9t4c6w8y0abd&type=sale&order_id=A+1%2F2&amount=12.50\
                    &currency=EUR&click_id=&cb=7&token=x";
        let long = "a".repeat(5_000);
        for query in [good, "", "=", "a=1&a=2", "%FF=1", "sig=1&sig=2", "%", "%ZZ=%", &long] {
            super::postback(query.as_bytes());
        }
        super::postback(&good.replace("12.50", "12.505").into_bytes());
        super::postback(&good.replace("EUR", "eur").into_bytes());
        super::postback(&good.replace("prg_", "clk_").into_bytes());
        super::postback(b"\xff");
    }
}
