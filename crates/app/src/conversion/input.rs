use std::borrow::Cow;

use tributary_click::ClickId;
use tributary_commission::EventName;
use tributary_directory::normalise_code;
use tributary_kernel::{
    FieldError, LeadId, PartnerId, ProgramId, Refusal, RefusalKind, Timestamp, limits,
};
use tributary_money::Money;
use tributary_store::decision::MANUAL_EVENT;

use super::details::{AMOUNT_MAX, QUANTITY_MAX, ReportedDetails};
use crate::secrets::sha256;
use crate::text;

/// A conversion as it is reported: by body, postback, image or upload.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ReportConversion {
    /// Of which program.
    pub program: Option<ProgramId>,
    /// `lead`, `sale`, … or the program's own.
    pub kind: String,
    /// The order, invoice or lead id: one fact for ever, whatever reports it.
    pub order_id: String,
    /// When it happened; none: now.
    pub occurred_at: Option<Timestamp>,
    /// Gross amount.
    pub amount: Option<Money>,
    /// Net of tax, shipping and discount.
    pub net_amount: Option<Money>,
    /// Items; none: one.
    pub quantity: Option<u32>,
    /// The click it followed.
    pub click_id: Option<String>,
    /// The partner's code that was used.
    pub code: Option<String>,
    /// The advertiser's own id of the customer.
    pub customer_id: Option<String>,
    /// Hash of the customer's mail address, of [`App::mail_key`](crate::App::mail_key). The address
    /// itself is not kept anywhere.
    pub mail_key: Option<String>,
    /// The partner, when the reporter knows it.
    pub partner: Option<PartnerId>,
    /// The partner's referral code, when the reporter knows that.
    pub via: Option<String>,
    /// The lead that it came of, where the reporter knows it.
    pub lead: Option<LeadId>,
    /// The delivery's own key: a retry with it gets the first answer.
    pub delivery_key: Option<String>,
    /// What else is known of it; none where nothing is.
    pub details: Option<Box<ReportedDetails>>,
}

/// Format of the content that is hashed. Format 1 had no details; without them both are the same
/// bytes, so that hashes of both can be compared.
pub(crate) const CONTENT_FORMAT: u32 = 2;

/// A report whose fields are well-formed. Whether they name things that exist, the database says.
#[derive(Debug, Clone)]
pub(crate) struct Checked {
    pub(crate) program: ProgramId,
    pub(crate) event: EventName,
    pub(crate) order_id: String,
    pub(crate) occurred_at: Timestamp,
    pub(crate) amount: Option<Money>,
    pub(crate) net_amount: Option<Money>,
    pub(crate) quantity: u32,
    pub(crate) click: Option<ClickId>,
    pub(crate) code_key: Option<String>,
    pub(crate) customer: Option<String>,
    pub(crate) mail_key: Option<String>,
    pub(crate) partner: Option<PartnerId>,
    pub(crate) via: Option<String>,
    pub(crate) lead: Option<LeadId>,
    pub(crate) delivery_key: Option<String>,
    pub(crate) details: Option<Box<ReportedDetails>>,
    /// The fields as sent, canonical JSON: what is hashed, kept and replayed.
    pub(crate) given: String,
    pub(crate) content_hash: [u8; 32],
    /// Why it must wait for a person, though well-formed.
    pub(crate) quarantine: Option<&'static str>,
}

/// Checks every field and says of each what is wrong.
pub(crate) fn check(it: &ReportConversion, now: Timestamp) -> Result<Checked, Refusal> {
    let mut errors = Vec::new();
    let program = it.program;
    if program.is_none() {
        let detail = "Name the program, like prog_….";
        errors.push(FieldError::new("/program", "required", detail));
    }
    let event: Option<EventName> = match it.kind.parse() {
        Ok(event) => Some(event),
        Err(error) => {
            errors.push(FieldError::new("/type", "event_name", format!("{error}")));
            None
        }
    };
    if event.as_ref().is_some_and(EventName::is_refund) {
        let detail = "Report a refund with POST /v1/conversions/{id}/refunds.";
        errors.push(FieldError::new("/type", "refund_is_a_call", detail));
    }
    if it.kind == MANUAL_EVENT {
        let detail = "Give an amount with POST /v1/commissions.";
        errors.push(FieldError::new("/type", "amount_is_a_call", detail));
    }
    let order_id = text::external_id("/order_id", &it.order_id, &mut errors);
    check_amounts(it, &mut errors);
    let quantity = it.quantity.unwrap_or(1);
    if !(1..=QUANTITY_MAX).contains(&quantity) {
        let detail = format!("A quantity is 1 to {QUANTITY_MAX}.");
        errors.push(FieldError::new("/quantity", "range", detail));
    }
    let click = match &it.click_id {
        Some(text) => match text.trim().parse::<ClickId>() {
            Ok(click) => Some(click),
            Err(error) => {
                errors.push(FieldError::new("/click_id", "click_id_malformed", error.to_string()));
                None
            }
        },
        None => None,
    };
    let code_key = match &it.code {
        Some(code) => match normalise_code(code) {
            Ok(key) => Some(key),
            Err(error) => {
                errors.push(error.under("/code"));
                None
            }
        },
        None => None,
    };
    let customer =
        it.customer_id.as_ref().map(|id| text::customer_id("/customer_id", id, &mut errors));
    let via =
        it.via.as_ref().map(|code| code.trim().to_lowercase()).filter(|code| !code.is_empty());
    let delivery_key =
        it.delivery_key.as_ref().map(|key| text::external_id("/idempotency_key", key, &mut errors));
    let details = it.details.clone().filter(|details| !details.is_empty());
    if let Some(details) = &details {
        details.check(it.amount, &mut errors);
        if details.subscription.is_some() && customer.is_none() {
            let detail = "Send the customer whose subscription it is.";
            errors.push(FieldError::new("/customer_id", "required", detail));
        }
    }
    let (Some(program), Some(event)) = (program, event) else {
        return Err(Refusal::invalid(errors));
    };
    if !errors.is_empty() {
        return Err(Refusal::invalid(errors));
    }
    let occurred_at = it.occurred_at.unwrap_or(now);
    let given = canonical(it);
    Ok(Checked {
        program,
        event,
        order_id,
        occurred_at,
        amount: it.amount,
        net_amount: it.net_amount,
        quantity,
        click,
        code_key,
        customer,
        mail_key: it.mail_key.clone(),
        partner: it.partner,
        via,
        lead: it.lead,
        delivery_key,
        details,
        content_hash: sha256(given.as_bytes()),
        given,
        quarantine: implausible(occurred_at, now),
    })
}

fn check_amounts(it: &ReportConversion, errors: &mut Vec<FieldError>) {
    for (pointer, amount) in [("/amount", it.amount), ("/net_amount", it.net_amount)] {
        let Some(amount) = amount else { continue };
        if amount.minor < 0 {
            let detail = "An amount is zero or more; report a refund as a refund.";
            errors.push(FieldError::new(pointer, "negative", detail));
        } else if amount.minor > AMOUNT_MAX {
            let detail = format!("An amount has at most {AMOUNT_MAX} minor units.");
            errors.push(FieldError::new(pointer, "too_large", detail));
        }
    }
    if let (Some(gross), Some(net)) = (it.amount, it.net_amount) {
        if gross.currency != net.currency {
            let detail = "The net amount is in the currency of the gross amount.";
            errors.push(FieldError::new("/net_amount/currency", "currency_mismatch", detail));
        } else if net.minor > gross.minor {
            let detail = "The net amount is not more than the gross amount.";
            errors.push(FieldError::new("/net_amount", "above_gross", detail));
        }
    } else if it.net_amount.is_some() {
        let detail = "Send the gross amount too.";
        errors.push(FieldError::new("/amount", "required", detail));
    }
}

/// A date that no healthy source sends: somebody looks before money hangs on it.
fn implausible(occurred_at: Timestamp, now: Timestamp) -> Option<&'static str> {
    if occurred_at > now.plus_seconds(limits::OCCURRED_AHEAD_SECONDS_MAX) {
        Some("occurred_in_the_future")
    } else if occurred_at < now.plus_days(-limits::OCCURRED_BACK_DAYS_MAX) {
        Some("occurred_too_long_ago")
    } else {
        None
    }
}

/// The fields sent, in one order, without those that were not, and without the delivery's key.
pub(super) fn canonical(it: &ReportConversion) -> String {
    let mut map = std::collections::BTreeMap::new();
    let mut put = |name: &'static str, value: serde_json::Value| {
        if !value.is_null() {
            map.insert(name, value);
        }
    };
    put("program", serde_json::json!(it.program));
    put("type", serde_json::json!(it.kind));
    put("order_id", serde_json::json!(it.order_id.trim()));
    put("occurred_at", serde_json::json!(it.occurred_at));
    put("amount", serde_json::json!(it.amount));
    put("net_amount", serde_json::json!(it.net_amount));
    put("quantity", serde_json::json!(it.quantity));
    put("click_id", serde_json::json!(it.click_id.as_deref().map(str::trim)));
    put("code", serde_json::json!(it.code.as_deref().map(str::trim)));
    put("customer_id", serde_json::json!(it.customer_id.as_deref().map(str::trim)));
    put("mail_key", serde_json::json!(it.mail_key));
    put("partner", serde_json::json!(it.partner));
    put("via", serde_json::json!(it.via));
    put("lead", serde_json::json!(it.lead));
    let details = it.details.as_ref().filter(|details| !details.is_empty());
    put("details", serde_json::json!(details));
    serde_json::to_string(&map).expect("our types have string keys")
}

/// Reads back what [`check`] kept, for replay from quarantine.
pub(crate) fn from_given(given: &str) -> Result<ReportConversion, String> {
    #[derive(serde::Deserialize)]
    struct Given {
        program: Option<ProgramId>,
        #[serde(rename = "type")]
        kind: String,
        order_id: String,
        occurred_at: Option<Timestamp>,
        amount: Option<Money>,
        net_amount: Option<Money>,
        quantity: Option<u32>,
        click_id: Option<String>,
        code: Option<String>,
        customer_id: Option<String>,
        mail_key: Option<String>,
        partner: Option<PartnerId>,
        via: Option<String>,
        lead: Option<LeadId>,
        #[serde(default)]
        details: Option<Box<ReportedDetails>>,
    }
    let it: Given = serde_json::from_str(given).map_err(|error| error.to_string())?;
    Ok(ReportConversion {
        program: it.program,
        kind: it.kind,
        order_id: it.order_id,
        occurred_at: it.occurred_at,
        amount: it.amount,
        net_amount: it.net_amount,
        quantity: it.quantity,
        click_id: it.click_id,
        code: it.code,
        customer_id: it.customer_id,
        mail_key: it.mail_key,
        partner: it.partner,
        via: it.via,
        lead: it.lead,
        delivery_key: None,
        details: it.details,
    })
}

/// One field is wrong, as far as the database knows.
pub(crate) fn wrong(
    pointer: impl Into<Cow<'static, str>>,
    code: &'static str,
    detail: String,
) -> Refusal {
    let errors = vec![FieldError::new(pointer, code, detail.clone())];
    Refusal { kind: RefusalKind::Invalid, code: "invalid", detail: detail.into(), errors }
}

#[cfg(test)]
mod tests {
    use tributary_kernel::SeededEntropy;
    use tributary_money::Currency;

    use super::*;

    fn now() -> Timestamp {
        "2026-11-21T12:00:00Z".parse().unwrap()
    }

    fn good() -> ReportConversion {
        ReportConversion {
            program: Some(ProgramId::new(now(), &SeededEntropy::new(1))),
            kind: "sale".into(),
            order_id: "1009".into(),
            amount: Some(Money::new(1_250_000, Currency::DKK)),
            ..ReportConversion::default()
        }
    }

    #[test]
    fn each_wrong_field_is_named() {
        let dkk = |minor| Some(Money::new(minor, Currency::DKK));
        let table: Vec<(&str, ReportConversion)> = vec![
            ("/program required", ReportConversion { program: None, ..good() }),
            ("/type event_name", ReportConversion { kind: "Big Sale".into(), ..good() }),
            ("/type refund_is_a_call", ReportConversion { kind: "refund".into(), ..good() }),
            ("/type amount_is_a_call", ReportConversion { kind: MANUAL_EVENT.into(), ..good() }),
            ("/order_id length", ReportConversion { order_id: " ".into(), ..good() }),
            ("/order_id characters", ReportConversion { order_id: "a\u{7}".into(), ..good() }),
            ("/amount negative", ReportConversion { amount: dkk(-1), ..good() }),
            ("/amount too_large", ReportConversion { amount: dkk(i64::MAX), ..good() }),
            ("/net_amount above_gross", ReportConversion { net_amount: dkk(1_250_001), ..good() }),
            (
                "/net_amount/currency currency_mismatch",
                ReportConversion { net_amount: Some(Money::new(1, Currency::SEK)), ..good() },
            ),
            ("/quantity range", ReportConversion { quantity: Some(0), ..good() }),
            (
                "/click_id click_id_malformed",
                ReportConversion { click_id: Some("clk_1".into()), ..good() },
            ),
            ("/code coupon_characters", ReportConversion { code: Some("a b".into()), ..good() }),
            (
                "/customer_id personal_data",
                ReportConversion { customer_id: Some("a@b.dk".into()), ..good() },
            ),
        ];
        for (expected, given) in table {
            let refusal = check(&given, now()).unwrap_err();
            let first = &refusal.errors[0];
            assert_eq!(format!("{} {}", first.pointer, first.code), expected);
            assert!(!first.detail.is_empty());
        }
        assert!(check(&good(), now()).is_ok());
    }

    #[test]
    fn implausible_dates_wait_for_a_person() {
        let at = |text: &str| ReportConversion { occurred_at: text.parse().ok(), ..good() };
        let reason = |text: &str| check(&at(text), now()).unwrap().quarantine;
        assert_eq!(reason("2026-11-21T12:04:59Z"), None);
        assert_eq!(reason("2026-11-21T12:05:01Z"), Some("occurred_in_the_future"));
        assert_eq!(reason("2025-10-17T12:00:01Z"), None);
        assert_eq!(reason("2025-10-17T11:59:59Z"), Some("occurred_too_long_ago"));
    }

    #[test]
    fn what_is_kept_reads_back_as_the_same_content() {
        let full = ReportConversion {
            occurred_at: Some(now()),
            net_amount: Some(Money::new(1, Currency::DKK)),
            quantity: Some(2),
            code: Some("ANNA".into()),
            customer_id: Some("c-1".into()),
            via: Some("anna".into()),
            delivery_key: Some("k".into()),
            ..good()
        };
        let checked = check(&full, now()).unwrap();
        let again = check(&from_given(&checked.given).unwrap(), now()).unwrap();
        assert_eq!(again.content_hash, checked.content_hash);
        assert_eq!(again.given, checked.given);
    }
}
