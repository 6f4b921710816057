//! Bad input: a problem document that names the field, and nothing written.

use serde_json::{Value, json};

use crate::common::{Answer, TestApp};

/// One field of a good sale replaced by something bad, and what is said of it. `-` takes the field
/// away.
fn table(app: &TestApp) -> Vec<(&'static str, Value, u16, &'static str)> {
    let foreign = app.click(app.theirs.link_number);
    let unknown = app.click(4_000_000);
    let mut forged = app.click(app.ours.link_number);
    let last = if forged.ends_with('0') { "1" } else { "0" };
    forged.replace_range(forged.len() - 3..forged.len() - 2, last);
    let money = |amount: Value, currency: &str| json!({ "amount": amount, "currency": currency });
    vec![
        ("program", json!("-"), 422, "/program required"),
        ("program", json!("prog_1"), 422, "/program malformed"),
        ("program", json!(app.ours.link), 422, "/program malformed"),
        ("program", json!(app.theirs.program), 422, "/program unknown_program"),
        ("type", json!("-"), 422, "/type required"),
        ("type", json!("Big Sale"), 422, "/type event_name"),
        ("type", json!("refund"), 422, "/type refund_is_a_call"),
        ("type", json!(7), 422, "/type type"),
        ("order_id", json!("-"), 422, "/order_id required"),
        ("order_id", json!("  "), 422, "/order_id length"),
        ("order_id", json!("x".repeat(201)), 422, "/order_id length"),
        ("order_id", json!("a\u{7}b"), 422, "/order_id characters"),
        ("amount", money(json!(-1), "DKK"), 422, "/amount negative"),
        ("amount", money(json!(1_000_000_000_000_001_i64), "DKK"), 422, "/amount too_large"),
        ("amount", money(json!(9.5), "DKK"), 422, "/amount/amount amount_fraction"),
        ("amount", money(json!(12500.0), "DKK"), 422, "/amount/amount amount_fraction"),
        ("amount", money(json!(u64::MAX), "DKK"), 422, "/amount/amount amount_overflow"),
        ("amount", money(json!("1.005"), "DKK"), 422, "/amount/amount amount_precision"),
        ("amount", money(json!("1e3"), "DKK"), 422, "/amount/amount decimal_malformed"),
        ("amount", money(json!(true), "DKK"), 422, "/amount/amount malformed"),
        ("amount", money(json!(1), "DKX"), 422, "/amount/currency currency_unknown"),
        ("amount", money(json!(1), "SEK"), 422, "/amount/currency currency_mismatch"),
        ("amount", json!({ "amount": 1 }), 422, "/amount/currency required"),
        ("amount", json!(1), 422, "/amount type"),
        ("amount", json!("-"), 422, "/amount amount_missing"),
        ("net_amount", money(json!(1_250_001), "DKK"), 422, "/net_amount above_gross"),
        ("quantity", json!(0), 422, "/quantity range"),
        ("quantity", json!(-1), 422, "/quantity range"),
        ("quantity", json!(1_000_001), 422, "/quantity range"),
        ("occurred_at", json!("yesterday"), 422, "/occurred_at malformed"),
        ("occurred_at", json!("2026-11-21 12:00"), 422, "/occurred_at malformed"),
        ("click_id", json!("clk_1"), 422, "/click_id click_id_malformed"),
        ("click_id", json!(forged), 422, "/click_id click_id_refused"),
        ("click_id", json!(foreign), 422, "/click_id click_foreign"),
        ("click_id", json!(unknown), 422, "/click_id click_unknown"),
        ("code", json!("NOBODY"), 422, "/code code_unknown"),
        ("code", json!("a b"), 422, "/code coupon_characters"),
        ("via", json!("nobody"), 422, "/via code_unknown"),
        ("partner", json!(app.theirs.partner), 422, "/partner partner_unknown"),
        ("customer_id", json!("anna@acme.example"), 422, "/customer_id personal_data"),
        ("idempotency_key", json!(""), 422, "/idempotency_key length"),
        ("colour", json!("red"), 422, "/colour unknown_field"),
    ]
}

fn changed(mut sale: Value, field: &str, value: &Value) -> Value {
    let fields = sale.as_object_mut().unwrap();
    if *value == json!("-") {
        fields.remove(field);
    } else {
        fields.insert(field.to_owned(), value.clone());
    }
    sale
}

#[tokio::test]
async fn each_field_alone() {
    let app = TestApp::new().await;
    let before = app.rows().await;
    for (field, value, status, expected) in table(&app) {
        let sale = changed(app.ours.sale("1009"), field, &value);
        let answer = app.post(&app.ours.key, "/v1/conversions", sale).await;
        assert_eq!(answer.headers["content-type"], "application/problem+json");
        assert_eq!(answer.status.as_u16(), status, "{field} {value}: {}", answer.text());
        assert_eq!(answer.mistake(), expected, "{field} {value}: {}", answer.json);
        assert_eq!(answer.json["type"], "/docs#invalid");
        assert!(!answer.str("/errors/0/detail").is_empty());
    }
    assert_eq!(app.changed_since(&before).await, [""; 0], "nothing was written");
    app.post(&app.ours.key, "/v1/conversions", app.ours.sale("1009")).await.expect(201);
}

#[tokio::test]
async fn in_an_array_the_others_are_recorded() {
    let app = TestApp::new().await;
    let table = table(&app);
    let mut items = vec![app.ours.sale("first")];
    items.extend(
        table.iter().map(|(field, value, ..)| changed(app.ours.sale("1009"), field, value)),
    );
    items.push(app.ours.sale("last"));
    let count = items.len();
    let answer = app.post(&app.ours.key, "/v1/conversions", Value::Array(items)).await.expect(200);
    let results = answer.json["results"].as_array().unwrap();
    assert_eq!(results.len(), count);
    assert_eq!(results[0]["outcome"], "applied");
    assert_eq!(results[count - 1]["outcome"], "applied");
    for (index, (_, _, status, expected)) in table.iter().enumerate() {
        let result = &results[index + 1];
        assert_eq!(result["outcome"], "refused", "{result}");
        assert_eq!(result["problem"]["status"], *status);
        let error = &result["problem"]["errors"][0];
        let found =
            format!("{} {}", error["pointer"].as_str().unwrap(), error["code"].as_str().unwrap());
        assert_eq!(found, format!("/{}{expected}", index + 1));
    }
}

#[tokio::test]
async fn bodies_that_cannot_be_read_write_nothing() {
    let app = TestApp::new().await;
    let before = app.rows().await;
    let sale = app.ours.sale("1009").to_string();
    let bad_utf8 = sale.replace("1009", "10\u{1}09").into_bytes();
    let bad_utf8: Vec<u8> = bad_utf8.iter().map(|b| if *b == 1 { 0xff } else { *b }).collect();
    let in_array = [b"[".as_slice(), sale.as_bytes(), b",", &bad_utf8, b"]"].concat();
    let large = vec![b' '; tributary_kernel::limits::API_BODY_BYTES_MAX + 1];
    let many = format!("[{}]", vec![sale.as_str(); 1_001].join(","));
    let table: Vec<(Vec<u8>, u16, &str)> = vec![
        (b"".to_vec(), 400, " json_malformed"),
        (b"{\"program\":".to_vec(), 400, "/program json_malformed"),
        (format!("{sale}{sale}").into_bytes(), 400, " json_malformed"),
        (bad_utf8, 400, "/order_id invalid_utf8"),
        (in_array, 400, "/1/order_id invalid_utf8"),
        (format!("[{sale},").into_bytes(), 400, " json_malformed"),
        (b"[]".to_vec(), 422, " batch_size"),
        (many.into_bytes(), 422, " batch_size"),
        (large, 413, " too_large"),
        (b"7".to_vec(), 422, " type"),
    ];
    for (body, status, expected) in table {
        let shown = String::from_utf8_lossy(&body).chars().take(60).collect::<String>();
        let answer = app.post_raw(&app.ours.key, "/v1/conversions", &body).await;
        assert_eq!(answer.status.as_u16(), status, "{shown}: {}", answer.text());
        assert_eq!(answer.mistake(), expected, "{shown}: {}", answer.json);
    }
    assert_eq!(app.changed_since(&before).await, [""; 0], "nothing was written");
}

#[tokio::test]
async fn implausible_dates_wait_in_quarantine_until_somebody_puts_them_right() {
    let app = TestApp::new().await;
    let key = &app.ours.key;
    let mut sale = app.ours.sale("1009");
    sale["occurred_at"] = json!("2026-11-22T12:00:00Z");
    let answer = app.post(key, "/v1/conversions", sale.clone()).await.expect(202);
    assert_eq!(answer.json["outcome"], "quarantined");
    assert_eq!(answer.json["reason"], "occurred_in_the_future");
    let id = answer.str("/quarantine");
    let list = app.get(key, "/v1/quarantine?waiting=true").await.expect(200);
    assert_eq!(list.str("/items/0/id"), id);
    assert_eq!(list.str("/items/0/given/order_id"), "1009");

    let replay = format!("/v1/quarantine/{id}/replay");
    let still = app.post(key, &replay, json!({})).await.expect(422);
    assert_eq!(still.mistake(), "/occurred_at occurred_in_the_future");
    let right = json!({ "occurred_at": "2026-11-21T11:00:00Z" });
    let applied = app.post(key, &replay, right.clone()).await.expect(200);
    assert_eq!(applied.json["outcome"], "applied");
    assert_eq!(app.post(key, &replay, right).await.expect(409).json["code"], "already_settled");

    sale["order_id"] = json!("1010");
    sale["occurred_at"] = json!("2020-01-01T00:00:00Z");
    let old = app.post(key, "/v1/conversions", sale).await.expect(202);
    assert_eq!(old.json["reason"], "occurred_too_long_ago");
    let dismiss = format!("/v1/quarantine/{}/dismiss", old.str("/quarantine"));
    app.post(key, &dismiss, json!({})).await.expect(200);
    let waiting = app.get(key, "/v1/quarantine?waiting=true").await.expect(200);
    assert_eq!(waiting.json["items"], json!([]));
}

async fn with_key(app: &TestApp, body: &Value, key: &str) -> Answer {
    let request = http::Request::post("/v1/conversions")
        .header("authorization", format!("Bearer {}", app.ours.key))
        .header("content-type", "application/json")
        .header("idempotency-key", key)
        .body(axum::body::Body::from(body.to_string()))
        .unwrap();
    app.send(request).await
}

#[tokio::test]
async fn other_content_under_the_same_key_is_a_conflict() {
    let app = TestApp::new().await;
    let sale = app.ours.sale("1009");
    let first = with_key(&app, &sale, "k-1").await.expect(201);
    let again = with_key(&app, &sale, "\"k-1\"").await.expect(201);
    assert_eq!(again.json, first.json, "a retry gets the first answer");
    let rows = app.rows().await;
    let mut other = sale.clone();
    other["amount"]["amount"] = json!(1);
    let conflict = with_key(&app, &other, "k-1").await.expect(409);
    assert_eq!(conflict.json["code"], "idempotency_key_reused");
    assert_eq!(conflict.mistake(), "/idempotency_key idempotency_key_reused");
    assert_eq!(app.changed_since(&rows).await, [""; 0], "nothing was written");

    let batch = json!([app.ours.sale("a"), app.ours.sale("b")]);
    let first = with_key(&app, &batch, "k-2").await.expect(200);
    assert_eq!(with_key(&app, &batch, "k-2").await.json, first.json);
    let swapped = json!([app.ours.sale("b"), app.ours.sale("a")]);
    let swapped = with_key(&app, &swapped, "k-2").await.expect(200);
    assert_eq!(swapped.json["results"][0]["problem"]["status"], 409);
    assert_eq!(swapped.json["results"][1]["outcome"], "refused");
}

#[tokio::test]
async fn lists_refuse_what_they_do_not_know() {
    let app = TestApp::new().await;
    let table = [
        ("/v1/programs?limit=0", "/limit range"),
        ("/v1/programs?limit=201", "/limit range"),
        ("/v1/programs?limit=x", "/limit malformed"),
        ("/v1/programs?cursor=x", "/cursor cursor_malformed"),
        ("/v1/programs?colour=red", "/colour unknown_field"),
        ("/v1/partnerships?status=big", "/status unknown_value"),
        ("/v1/partnerships?program=part_1", "/program malformed"),
        ("/v1/conversions?from=today", "/from malformed"),
        ("/v1/commissions?state=big", "/state unknown_value"),
        ("/v1/conversions?limit=1&limit=2", "/limit repeated"),
    ];
    for (path, expected) in table {
        assert_eq!(app.get(&app.ours.key, path).await.expect(422).mistake(), expected, "{path}");
    }
}

#[tokio::test]
async fn while_the_database_is_away_callers_are_told_to_come_back() {
    let app = TestApp::new().await;
    let token = app.key(app.ours.owner, &[tributary_directory::Scope::Postback]).await.secret;
    app.record.close().await.unwrap();
    let sale = app.ours.sale("1009");
    let away = app.post(&app.ours.key, "/v1/conversions", sale).await.expect(503);
    assert_eq!(away.headers["content-type"], "application/problem+json");
    assert_eq!(away.headers["retry-after"], "2");
    assert_eq!(away.json["code"], "unavailable");
    assert!(!away.text().contains("sqlite"), "{}", away.text());
    let query = format!("program={}&type=lead&order_id=1&token={token}", app.ours.program);
    let get = async |path: String| app.call(http::Method::GET, None, &path, None).await;
    let postback = get(format!("/postback?{query}")).await.expect(503);
    assert_eq!(postback.headers["retry-after"], "2");
    let image = get(format!("/p.gif?{query}")).await.expect(200);
    assert_eq!(image.headers["tributary-result"], "refused; reason=unavailable");
}

/// One item that the database refuses fails alone: the others are recorded, and it is told when to
/// come again.
#[tokio::test]
async fn an_item_that_cannot_be_recorded_fails_alone() {
    let app = TestApp::new().await;
    let run = async |sql: &'static str| {
        let mut tx = app.app.record.begin().await.unwrap();
        tx.execute(sql, vec![]).await.unwrap();
        tx.commit().await.unwrap();
    };
    run("CREATE TRIGGER poison BEFORE INSERT ON conversion WHEN NEW.business_key = 'poison' \
         BEGIN SELECT RAISE(ABORT, 'poison'); END")
    .await;
    let sales = json!(["a", "poison", "b"].map(|order| app.ours.sale(order)));
    let answer = with_key(&app, &sales, "k").await.expect(200);
    let results = answer.json["results"].as_array().unwrap();
    let outcomes: Vec<&str> = results.iter().map(|it| it["outcome"].as_str().unwrap()).collect();
    assert_eq!(outcomes, ["applied", "failed", "applied"]);
    let problem = &results[1]["problem"];
    assert_eq!(problem["status"], 503);
    assert_eq!(problem["code"], "not_recorded");
    assert_eq!(problem["retry_after"], 2);
    assert!(!answer.text().contains("business_key"), "what is inside is not shown");
    app.post(&app.ours.key, "/v1/conversions", app.ours.sale("poison")).await.expect(500);

    run("DROP TRIGGER poison").await;
    let again = with_key(&app, &sales, "k").await.expect(200);
    let results = again.json["results"].as_array().unwrap();
    assert!(results.iter().all(|it| it["outcome"] == "applied"), "{}", again.text());
    assert_eq!(results[0], answer.json["results"][0], "a retry gets the first answer");
}
