//! Where billing systems send their events. What a real system's events look like is tested with
//! its reader; this one is signed by its secret as it stands.

use axum::body::Body;
use http::{Method, Request};
use serde_json::json;
use tributary_app::billing::{BillingEvent, BillingReader, BillingSettings, Fact};
use tributary_kernel::Timestamp;

use crate::common::{Answer, TestApp};

pub(crate) const SECRET: &str = "whsec_0123456789abcdef";

/// Reads `{"id": "evt_1"}`, signed by the secret itself.
#[derive(Debug)]
pub(crate) struct PlainReader;

impl BillingReader for PlainReader {
    fn name(&self) -> &'static str {
        "stripe"
    }

    fn is_genuine(&self, signature: &str, _: &[u8], secrets: &[String], _: Timestamp) -> bool {
        secrets.iter().any(|it| it == signature)
    }

    fn read(&self, body: &[u8], _: &BillingSettings) -> Result<BillingEvent, String> {
        let value: serde_json::Value =
            serde_json::from_slice(body).map_err(|error| error.to_string())?;
        let id = value["id"].as_str().ok_or("no id")?.to_owned();
        Ok(BillingEvent {
            id,
            kind: "plain".into(),
            occurred_at: Timestamp::from_microsecond(0),
            live: false,
            facts: vec![Fact::Nothing { reason: "plain" }],
        })
    }
}

async fn deliver(app: &TestApp, path: &str, signature: Option<&str>, body: &[u8]) -> Answer {
    let mut request = Request::builder().method(Method::POST).uri(path);
    if let Some(signature) = signature {
        request = request.header("stripe-signature", signature);
    }
    app.send(request.body(Body::from(body.to_vec())).unwrap()).await
}

#[tokio::test]
async fn an_event_is_taken_once_and_what_is_not_genuine_is_told_nothing() {
    let app = TestApp::new().await;
    let key = &app.ours.key;
    let source = json!({"program": app.ours.program, "kind": "stripe", "name": "Stripe",
        "webhook_secrets": [SECRET]});
    let made = app.post(key, "/v1/billing_sources", source).await.expect(201);
    assert!(!String::from_utf8_lossy(&made.bytes).contains(SECRET));
    let (path, id) = (made.str("/webhook_path"), made.str("/id"));
    assert_eq!(path, format!("/hooks/stripe/{id}"));
    let body = br#"{"id": "evt_1"}"#;

    let other = path.replace("stripe", "another");
    let nowhere = format!("/hooks/stripe/{}", id.replace("int_0", "int_1"));
    for (path, signature, body) in [
        (&path, None, body.as_slice()),
        (&path, Some("whsec_wrong"), body),
        (&path, Some(SECRET), b"not json"),
        (&other, Some(SECRET), body),
        (&nowhere, Some(SECRET), body),
        (&"/hooks/stripe/int_x".to_owned(), Some(SECRET), body),
    ] {
        let before = app.rows().await;
        let answer = deliver(&app, path, signature, body).await.expect(400);
        assert!(answer.bytes.is_empty(), "{path}");
        assert_eq!(app.changed_since(&before).await, [""; 0], "{path}");
    }
    // Another owner's source has another secret: neither opens the other's.
    let (ours, foreign) = (SECRET, "whsec_fedcba9876543210");
    let theirs = json!({"program": app.theirs.program, "kind": "stripe", "name": "Stripe",
        "webhook_secrets": [foreign]});
    let theirs = app.post(&app.theirs.key, "/v1/billing_sources", theirs).await.expect(201);
    let their_path = theirs.str("/webhook_path");
    let before = app.rows().await;
    for (path, signature) in [(&path, foreign), (&their_path, ours)] {
        deliver(&app, path, Some(signature), body).await.expect(400);
    }
    assert_eq!(app.changed_since(&before).await, [""; 0]);
    let large = vec![b' '; 1024 * 1024 + 1];
    deliver(&app, &path, Some(SECRET), &large).await.expect(413);

    deliver(&app, &path, Some(SECRET), body).await.expect(200);
    let before = app.rows().await;
    deliver(&app, &path, Some(SECRET), body).await.expect(200);
    assert_eq!(app.changed_since(&before).await, [""; 0], "the same event again changes nothing");

    let events = format!("/v1/billing_sources/{id}/events?state=settled");
    let settled = app.get(key, &events).await.expect(200);
    assert_eq!(settled.json["items"].as_array().unwrap().len(), 1);
    assert_eq!(settled.str("/items/0/reason"), "plain");
    let left = app.get(key, &format!("/v1/billing_sources/{id}/events")).await.expect(200);
    assert_eq!(left.json["items"], json!([]));
}
