//! The way of one krone, over the API.

use serde_json::json;
use tributary_app::upload::work_uploads;
use tributary_app::verify::statement::ProofFile;

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

#[tokio::test]
async fn a_commission_is_explained_approved_and_taken_back() {
    let app = TestApp::new().await;
    let key = &app.ours.key;
    let live = format!("/v1/programs/{}/go_live", app.ours.program);
    app.post(key, &live, json!({})).await.expect(200);
    let made = app.post(key, "/v1/conversions", app.ours.sale("1009")).await.expect(201);
    let conversion = made.str("/conversion");
    let why = app.get(key, &format!("/v1/conversions/{conversion}/explanation")).await.expect(200);
    assert_eq!(why.json["touches"][0]["verdict"], "credited");
    let id = why.str("/commissions/0/id");
    let path = format!("/v1/commissions/{id}");
    let found = app.get(key, &path).await.expect(200);
    let steps = found.json["explanation"]["steps"].as_array().unwrap();
    let names: Vec<&str> = steps.iter().map(|it| it["step"].as_str().unwrap()).collect();
    assert_eq!(names, ["inputs", "journey_credit", "rule_chosen", "arithmetic", "hold"]);
    let arithmetic = &steps[3];
    assert_eq!(arithmetic["base"], json!({ "amount": 1_250_000, "currency": "DKK" }));
    assert_eq!(arithmetic["result"], json!({ "amount": 187_500, "currency": "DKK" }));
    assert_eq!(found.json["transfers"][0]["amount"]["amount"], 187_500);

    let preview = json!({ "step": "approve", "filter": { "program": app.ours.program } });
    let preview = app.post(key, "/v1/commissions/preview", preview).await.expect(200);
    assert_eq!(preview.json["count"], 1);
    assert_eq!(preview.json["totals"], json!([{ "amount": 187_500, "currency": "DKK" }]));
    let bulk = json!({ "step": "approve", "filter": {}, "expected": 2 });
    let changed = app.post(key, "/v1/commissions/bulk", bulk).await.expect(409);
    assert_eq!(changed.json["code"], "selection_changed");
    let bulk = json!({ "step": "approve", "filter": {}, "expected": 1 });
    let done = app.post(key, "/v1/commissions/bulk", bulk).await.expect(200);
    assert_eq!(done.json["results"][0]["commission"]["state"], "approved");

    let again = app.post(key, &format!("{path}/approve"), json!({})).await.expect(409);
    assert_eq!(again.json["code"], "wrong_state");
    let unapproved = app.post(key, &format!("{path}/unapprove"), json!({})).await.expect(200);
    assert_eq!(unapproved.json["state"], "pending");
    app.post(key, &format!("{path}/approve"), json!({})).await.expect(200);
    let reasonless = app.post(key, &format!("{path}/reverse"), json!({})).await.expect(422);
    assert_eq!(reasonless.mistake(), "/reason required");
    let odd = json!({ "reason": "refund" });
    let odd = app.post(key, &format!("{path}/reverse"), odd).await.expect(422);
    assert_eq!(odd.mistake(), "/reason unknown_value");
    let fraud = json!({ "reason": "fraud" });
    let reversed = app.post(key, &format!("{path}/reverse"), fraud).await.expect(200);
    assert_eq!(
        (&reversed.json["state"], &reversed.json["reason"]),
        (&json!("reversed"), &json!("fraud"))
    );
    assert_eq!(reversed.json["remaining"]["amount"], 0);

    let head = app.get(key, "/v1/ledger/head").await.expect(200);
    assert_eq!(head.json["size"], 5, "accrue, approve, unapprove, approve, reverse");
    assert_eq!(head.str("/root").len(), 64);
    assert_eq!(head.json["signed"], json!(null));
}

#[tokio::test]
async fn reports_count_by_what_is_asked_for() {
    let app = TestApp::new().await;
    let key = &app.ours.key;
    let live = format!("/v1/programs/{}/go_live", app.ours.program);
    app.post(key, &live, json!({})).await.expect(200);
    let sales = json!([app.ours.sale("a"), app.ours.sale("b"), app.ours.sale("b"), { "x": 1 }]);
    app.post(key, "/v1/conversions", sales).await.expect(200);
    let mut wrong = app.ours.sale("c");
    wrong["code"] = json!("NOBODY");
    app.post(key, "/v1/conversions", wrong).await.expect(422);

    let path = "/v1/reports?from=2026-11-01&to=2026-11-30&by=program,partner&granularity=day";
    let report = app.get(key, path).await.expect(200);
    let rows = report.json["rows"].as_array().unwrap();
    assert_eq!(rows.len(), 1, "{rows:?}");
    assert_eq!(rows[0]["period"], "2026-11-21");
    assert_eq!(rows[0]["program"], json!(app.ours.program));
    assert_eq!(rows[0]["partner"], json!(app.ours.partner));
    assert_eq!(rows[0]["conversions"], 2);
    assert_eq!(rows[0]["amount"], json!({ "amount": 2_500_000, "currency": "DKK" }));
    assert_eq!(rows[0]["commission"]["pending"]["amount"], 375_000);
    assert_eq!(report.json["totals"][0]["commission"]["earned"]["amount"], 375_000);
    for (query, expected) in [
        ("to=2026-11-30", "/from required"),
        ("from=2026-12-01&to=2026-11-30", "/from range"),
        ("from=2026-11-01&to=2026-11-30&by=moon", "/by unknown_value"),
        ("from=2026-11-01&to=2026-11-30&measures=love", "/measures unknown_value"),
        ("from=2000-01-01&to=2026-11-30", "/from range_too_long"),
    ] {
        let refused = app.get(key, &format!("/v1/reports?{query}")).await.expect(422);
        assert_eq!(refused.mistake(), expected, "{query}");
    }

    let intake = app.get(key, "/v1/intake").await.expect(200);
    let expected = json!({
        "received": 4, "applied": 2, "duplicate": 1, "refused": 1, "quarantined": 0, "pending": 0,
    });
    assert_eq!(intake.json, expected, "what could not be read was not received");
}

#[tokio::test]
async fn a_run_is_approved_sent_and_paid_with_file_table_and_statement() {
    let app = TestApp::new().await;
    let key = &app.ours.key;
    let (run, payout) = app.paid_out().await;
    let path = format!("/v1/payout_runs/{run}");
    let found = app.get(key, &path).await.expect(200);
    assert_eq!(found.json["state"], "approved");
    assert_eq!(found.json["total"], json!({ "amount": 187_500, "currency": "DKK" }));
    assert_eq!(found.json["items"][0]["id"], json!(payout));
    assert_eq!(found.json["file"]["rail"], "bank_file");

    let file = app.get(key, &format!("{path}/bank_file")).await.expect(200);
    assert_eq!(file.headers["content-type"], "application/xml");
    let disposition = file.headers["content-disposition"].to_str().unwrap();
    assert!(disposition.starts_with("attachment; filename=\"") && disposition.ends_with(".xml\""));
    assert!(file.text().contains("<InstdAmt Ccy=\"DKK\">1875.00</InstdAmt>"), "{}", file.text());
    let table = app.get(key, &format!("{path}/table")).await.expect(200);
    assert_eq!(table.headers["content-type"], "text/csv; charset=utf-8");
    assert!(table.text().contains(&payout), "{}", table.text());

    let statement = app.get(key, &format!("/v1/payouts/{payout}/statement")).await.expect(200);
    assert_eq!(statement.json["paid"]["amount"], 187_500);
    assert_eq!(statement.json["lines"][0]["rate"], "0.15");
    assert!(!statement.text().contains("440116243"), "account numbers are masked");
    let proof = app.get(key, &format!("/v1/payouts/{payout}/statement/proof")).await.expect(200);
    assert_eq!(proof.headers["content-type"], "application/json");
    let name = format!("attachment; filename=\"{payout}-proof.json\"");
    assert_eq!(proof.headers["content-disposition"].to_str().unwrap(), name);
    let proved = ProofFile::from_bytes(proof.text().as_bytes()).unwrap().check();
    assert!(proved.holds(), "{:?}", proved.findings);
    assert_eq!(proved.statement.unwrap().payout.unwrap().to_string(), payout);
    assert!(!proof.text().contains("440116243"), "account numbers are masked here too");

    let sent = app.post(key, &format!("{path}/sent"), json!({})).await.expect(200);
    assert_eq!(sent.json["state"], "sent");
    app.post(key, &format!("{path}/paid"), json!({})).await.expect(200);
    let late = app.post(key, &format!("{path}/cancel"), json!({})).await.expect(409);
    assert_eq!(late.json["code"], "wrong_state");
    let one = app.get(key, &format!("/v1/payouts/{payout}")).await.expect(200);
    assert_eq!(one.json["state"], "paid");
    let commissions = app.get(key, &format!("/v1/commissions?payout={payout}")).await.expect(200);
    assert_eq!(commissions.json["items"][0]["state"], "paid");
    let why = app.get(key, &format!("/v1/commissions/{}", commissions.str("/items/0/id"))).await;
    assert_eq!(why.expect(200).json["payout_detail"]["id"], json!(payout));

    let report = app.status_report(&run, &payout, "RJCT");
    let body = json!({ "name": "svar.xml", "content": report });
    let read = app.post(key, "/v1/bank_replies", body.clone()).await.expect(201);
    assert_eq!(read.json["lines"][0]["effect"], "returns", "{}", read.text());
    assert_eq!(read.json["confirmed_at"], json!(null));
    let confirm = format!("/v1/bank_replies/{}/confirm", read.str("/id"));
    for _ in 0..2 {
        let done = app.post(key, &confirm, json!({})).await.expect(200);
        assert_eq!(done.json["lines"][0]["effect"], "returns");
    }
    assert_eq!(
        app.post(key, "/v1/bank_replies", body).await.expect(201).str("/id"),
        read.str("/id")
    );
    let one = app.get(key, &format!("/v1/payouts/{payout}")).await.expect(200);
    assert_eq!(one.json["state"], "returned");
    let reason = json!({ "code": "AC04", "class": "account", "text": null });
    assert_eq!(one.json["bank_reason"], reason);
    let list = app.get(key, "/v1/bank_replies").await.expect(200);
    assert_eq!(list.json["items"][0]["kind"], "status_report");
    let wrong = app.post(key, "/v1/bank_replies", json!({ "content": "x" })).await.expect(422);
    assert_eq!(wrong.mistake(), "/content bank_reply_unreadable");

    let preview = format!("/v1/payout_runs/preview?program={}", app.ours.program);
    let seen = app.get(key, &preview).await.expect(200).str("/seen");
    let body = json!({ "program": app.ours.program, "seen": seen });
    let again = app.post(key, "/v1/payout_runs", body).await.expect(409);
    assert_eq!(again.json["code"], "nothing_to_pay");
    let list = app.get(key, &format!("/v1/payouts?run={run}&state=returned")).await.expect(200);
    assert_eq!(list.json["items"].as_array().unwrap().len(), 1);
}

/// A file goes the whole road over the API: sent, looked at, put right, recorded.
#[tokio::test]
async fn a_file_with_rows() {
    let app = TestApp::new().await;
    let (key, ours) = (app.ours.key.as_str(), &app.ours);
    let uploads = format!("/v1/programs/{}/uploads", ours.program);
    let file = b"no;when;sum;code\nU-1;20.11.2026;1.250,00;ANNA10\nU-2;20.11.2026;x;ANNA10\n";
    let wrong = app.post_raw(key, &format!("{uploads}?kind=sales"), file).await;
    assert_eq!(wrong.status.as_u16(), 422, "{}", wrong.text());
    let empty = app.post_raw(key, &format!("{uploads}?kind=conversions"), b"").await.expect(422);
    assert_eq!(empty.mistake(), "/file file_empty");
    let sent = format!("{uploads}?kind=conversions&name=orders.csv");
    let sent = app.post_raw(key, &sent, file).await.expect(201);
    assert_eq!(sent.str("/state"), "mapping", "{}", sent.text());
    assert_eq!(sent.json["samples"][0]["cells"][2], "1.250,00");
    let one = format!("{uploads}/{}", sent.str("/id"));
    let mapping = json!({ "columns": { "order_id": 0, "occurred_at": 1, "amount": 2, "code": 3 },
        "decimal": "comma", "dates": "day_first" });
    let put = async |body: &serde_json::Value| {
        let body = Some(body.to_string().into_bytes());
        app.call(http::Method::PUT, Some(key), &format!("{one}/mapping"), body).await
    };
    let wrong = json!({ "columns": { "colour": 0 }, "decimal": "comma", "dates": "day_first" });
    assert_eq!(put(&wrong).await.expect(422).mistake(), "/columns/colour field_unknown");
    put(&mapping).await.expect(200);
    let early = app.post(key, &format!("{one}/commit"), json!({})).await.expect(409);
    assert_eq!(early.json["code"], "upload_not_checked");
    work_uploads(&app.app, &|| false).await.unwrap();
    let looked = app.get(key, &one).await.expect(200);
    assert_eq!(looked.json["counts"]["outcomes"], json!({ "ready": 1, "refused": 1 }));
    let rows = app.get(key, &format!("{one}/rows?outcome=refused")).await.expect(200);
    assert_eq!(rows.json["items"][0]["line"], 3);
    assert_eq!(rows.json["items"][0]["errors"][0]["column"], "sum");
    let first = app.get(key, &format!("{one}/rows?limit=1")).await.expect(200);
    let next = format!("{one}/rows?limit=1&cursor={}", first.str("/next_cursor"));
    let next = app.get(key, &next).await.expect(200);
    assert_eq!(
        (&next.json["items"][0]["line"], &next.json["next_cursor"]),
        (&json!(3), &json!(null))
    );
    let csv = app.get(key, &format!("{one}/table")).await.expect(200);
    assert!(csv.text().contains("3,refused,U-2,,amount,sum,x,amount_malformed,"), "{}", csv.text());

    let commit = json!({ "version": looked.json["version"] });
    app.post(key, &format!("{one}/commit"), commit).await.expect(200);
    work_uploads(&app.app, &|| false).await.unwrap();
    let done = app.get(key, &one).await.expect(200);
    assert_eq!(done.str("/state"), "committed");
    assert_eq!(done.json["counts"]["outcomes"], json!({ "applied": 1, "refused": 1 }));
    let applied = app.get(key, &format!("{one}/rows?outcome=applied")).await.expect(200);
    let conversion = format!("/v1/conversions/{}", applied.str("/items/0/subject"));
    let conversion = app.get(key, &conversion).await.expect(200);
    assert_eq!(conversion.str("/order_id"), "U-1");
    let list = app.get(key, &uploads).await.expect(200);
    assert_eq!(list.json["items"].as_array().unwrap().len(), 1);
    let late = app.post(key, &format!("{one}/cancel"), json!({})).await.expect(409);
    assert_eq!(late.json["code"], "upload_settled");
}
