//! The way of one krone, over the API.

use serde_json::json;

use crate::common::TestApp;

#[tokio::test]
async fn a_sale_by_click_has_a_journey_and_a_commission() {
    let app = TestApp::new().await;
    let key = &app.ours.key;
    let mut sale = app.ours.sale("1009");
    let click = app.click(app.ours.link_number);
    let fields = sale.as_object_mut().unwrap();
    fields.remove("code");
    fields.insert("click_id".into(), json!(click));
    fields.insert("amount".into(), json!({ "amount": "12500.00", "currency": "DKK" }));
    let made = app.post(key, "/v1/conversions", sale.clone()).await.expect(201);
    assert_eq!(made.json["outcome"], "applied");
    let id = made.str("/conversion");

    let found = app.get(key, &format!("/v1/conversions/{id}")).await.expect(200);
    assert_eq!(found.json["amount"], json!({ "amount": 1_250_000, "currency": "DKK" }));
    assert_eq!(found.json["status"], "pending");
    assert_eq!(found.json["journey"][0]["touch"], json!(click));
    assert_eq!(found.json["journey"][0]["verdict"], "credited");
    assert_eq!(found.json["credits"][0]["partner"], json!(app.ours.partner));
    assert_eq!(found.json["credits"][0]["share"], 1_000_000_000);

    let again = app.post(key, "/v1/conversions", sale).await.expect(200);
    assert_eq!((again.str("/outcome"), again.str("/conversion")), ("duplicate".into(), id.clone()));

    let list = app.get(key, "/v1/commissions?state=pending").await.expect(200);
    let commission = &list.json["items"][0];
    assert_eq!(commission["conversion"], json!(id));
    assert_eq!(commission["amount"], json!({ "amount": 187_500, "currency": "DKK" }));
    assert_eq!(commission["test"], true);

    for (query, count) in [
        (format!("program={}", app.ours.program), 1),
        (format!("partner={}", app.ours.partner), 1),
        (format!("partner={}", app.theirs.partner), 0),
        ("order_id=1009&type=sale&status=pending".to_owned(), 1),
        ("order_id=1010".to_owned(), 0),
        ("from=2026-11-21T12:00:00Z&until=2026-11-21T12:00:01Z".to_owned(), 1),
        ("until=2026-11-21T12:00:00Z".to_owned(), 0),
    ] {
        let list = app.get(key, &format!("/v1/conversions?{query}")).await.expect(200);
        assert_eq!(list.json["items"].as_array().unwrap().len(), count, "{query}");
    }
}

#[tokio::test]
async fn refunds_and_corrections_are_calls_of_their_own() {
    let app = TestApp::new().await;
    let key = &app.ours.key;
    let made = app.post(key, "/v1/conversions", app.ours.sale("1009")).await.expect(201);
    let id = made.str("/conversion");
    let correct = format!("/v1/conversions/{id}/corrections");
    let right =
        json!({ "correction_id": "c-1", "amount": { "amount": 1_000_000, "currency": "DKK" } });
    let corrected = app.post(key, &correct, right).await.expect(200);
    assert_eq!(corrected.json["conversion"]["amount"]["amount"], 1_000_000);

    let refunds = format!("/v1/conversions/{id}/refunds");
    let half = json!({ "refund_id": "r-1", "amount": { "amount": 500_000, "currency": "DKK" } });
    let first = app.post(key, &refunds, half.clone()).await.expect(200);
    assert_eq!(first.json["duplicate"], false);
    assert_eq!(first.json["conversion"]["returned_amount"]["amount"], 500_000);
    let again = app.post(key, &refunds, half).await.expect(200);
    assert_eq!(again.json["duplicate"], true);
    assert_eq!(again.json["adjustment"], first.json["adjustment"]);
    let other = json!({ "refund_id": "r-1", "amount": { "amount": 1, "currency": "DKK" } });
    assert_eq!(app.post(key, &refunds, other).await.expect(409).json["code"], "refund_differs");
    for (amount, expected) in [
        (json!({ "amount": 500_001, "currency": "DKK" }), "/amount exceeds_rest"),
        (json!({ "amount": 1, "currency": "SEK" }), "/amount/currency currency_mismatch"),
        (json!({ "amount": 0, "currency": "DKK" }), "/amount not_positive"),
        (json!({ "amount": 1.5, "currency": "DKK" }), "/amount/amount amount_fraction"),
    ] {
        let body = json!({ "refund_id": "r-2", "amount": amount });
        assert_eq!(app.post(key, &refunds, body).await.expect(422).mistake(), expected);
    }
    let rest = app.post(key, &refunds, json!({ "refund_id": "r-3" })).await.expect(200);
    assert_eq!(rest.json["conversion"]["status"], "reversed");
    let remaining: i64 = rest.json["commissions"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| it["remaining"]["amount"].as_i64().unwrap())
        .sum();
    assert_eq!(remaining, 0);
}

#[tokio::test]
async fn the_same_order_with_another_amount_waits_for_a_person() {
    let app = TestApp::new().await;
    let key = &app.ours.key;
    let first = app.post(key, "/v1/conversions", app.ours.sale("1009")).await.expect(201);
    let mut other = app.ours.sale("1009");
    other["amount"]["amount"] = json!(99);
    let conflict = app.post(key, "/v1/conversions", other).await.expect(202);
    assert_eq!(conflict.json["reason"], "conflict");
    let list = app.get(key, "/v1/quarantine").await.expect(200);
    assert_eq!(list.json["items"][0]["conversion"], first.json["conversion"]);
    let replay = format!("/v1/quarantine/{}/replay", conflict.str("/quarantine"));
    let refused = app.post(key, &replay, json!({})).await.expect(409);
    assert_eq!(refused.json["code"], "replay_conflicts");
}
