//! Every route x nobody, another owner's key, a key without the scope, a key with it. A route of
//! the document that is not in the table fails the test.

use std::collections::{BTreeMap, BTreeSet};

use http::Method;
use serde_json::json;
use tributary_app::upload::work_uploads;
use tributary_directory::Scope;

use crate::common::TestApp;
use crate::openapi::operations;

/// `operation | scope | with the right key | with another owner's | path's id and body`.
/// In the last column words in braces stand for ids of ours. A dash in the scope: no key is asked
/// for. `empty`: another owner gets an answer in which nothing is ours.
const TABLE: &str = r#"
GET   /v1/programs                       | read       | 200 | empty |
POST  /v1/programs                       | manage     | 201 | empty | - {"name":"B","currency":"DKK","time_zone":"UTC","landing_url":"https://b.example"}
GET   /v1/programs/{id}                  | read       | 200 | 404   | {program}
PATCH /v1/programs/{id}                  | manage     | 200 | 404   | {program} {"name":"B"}
POST  /v1/programs/{id}/go_live          | manage     | 200 | 404   | {program}
GET   /v1/programs/{id}/plans            | read       | 200 | 404   | {program}
POST  /v1/programs/{id}/plans            | manage     | 201 | 404   | {program} {"document":{"format":1,"name":"New","rules":[{"id":"sale","events":["sale"],"amount":{"percent":"5","of":"gross"}}]}}
GET   /v1/programs/{id}/attribution      | read       | 200 | 404   | {program}
POST  /v1/programs/{id}/attribution      | manage     | 201 | 404   | {program} {"model":"linear_distinct"}
POST  /v1/programs/{id}/attribution/preview | read    | 200 | 404   | {program} {"policy":{"model":"linear_distinct"},"from":"2026-03-01","to":"2026-03-31"}
GET   /v1/programs/{id}/journeys?from=2026-03-01&to=2026-03-31 | read | 200 | 404 | {program}
GET   /v1/plans/{id}/diff?against={plan} | read       | 200 | 404   | {plan}
POST  /v1/programs/{id}/simulations      | read       | 200 | 404   | {program} {"ready":"ahrefs","from":"2026-01-01","until":"2026-12-31"}
GET   /v1/plan_schema                    | -          | 200 | empty |
GET   /v1/partners/{id}                  | read       | 200 | 404   | {partner}
PATCH /v1/partners/{id}                  | manage     | 200 | 404   | {partner} {"name":"Anna H","website":"https://anna.example/"}
GET   /v1/partners/{id}/tax_profile      | pay        | 200 | 404   | {partner}
PUT   /v1/partners/{id}/tax_profile      | pay        | 200 | 404   | {partner} {"person":"company","name":"Anna ApS","town":"Aarhus","country":"DK","company_number":"13585628","vat":"registered","vat_number":"DK13585628"}
GET   /v1/partners/{id}/self_billing     | pay        | 200 | 404   | {partner}
POST  /v1/partners/{id}/self_billing     | pay        | 409 | 404   | {partner} {"agreed_on":"2026-11-01"}
POST  /v1/partners/{id}/self_billing/end | pay        | 200 | 404   | {partner}
GET   /v1/partners/{id}/vat_answers      | pay        | 200 | 404   | {partner}
POST  /v1/partners/{id}/vat_answers      | pay        | 201 | 404   | {partner} {"number":"DK13585628","valid":true,"asked_on":"2026-11-01"}
GET   /v1/partnerships                   | read       | 200 | empty |
POST  /v1/partnerships                   | manage     | 201 | 404   | - {"program":"{program}","name":"Bo","email":"bo@b.example","kind":"creator","country":"DK"}
GET   /v1/partnerships/{id}              | read       | 200 | 404   | {partnership}
PATCH /v1/partnerships/{id}              | manage     | 200 | 404   | {partnership} {"status":"paused"}
POST  /v1/partnerships/{id}/invite       | manage     | 200 | 404   | {invited}
GET   /v1/links                          | read       | 200 | empty |
POST  /v1/links                          | manage     | 201 | 422   | - {"partnership":"{partnership}"}
POST  /v1/links/{id}/disable             | manage     | 200 | 404   | {link}
POST  /v1/links/{id}/enable              | manage     | 200 | 404   | {link}
GET   /v1/coupons                        | read       | 200 | empty |
POST  /v1/coupons                        | manage     | 201 | 422   | - {"partnership":"{partnership}","code":"NEW"}
POST  /v1/coupons/{id}/disable           | manage     | 200 | 404   | {coupon}
POST  /v1/coupons/{id}/enable            | manage     | 200 | 404   | {coupon}
GET   /v1/conversions                    | read       | 200 | empty |
POST  /v1/conversions                    | report     | 201 | 422   | - {"program":"{program}","type":"lead","order_id":"new"}
GET   /v1/conversions/{id}               | read       | 200 | 404   | {conversion}
GET   /v1/conversions/{id}/explanation   | read       | 200 | 404   | {conversion}
GET   /v1/credit_changes                 | read       | 200 | empty |
POST  /v1/conversions/{id}/credit_change/confirm | decide | 404 | 404 | {conversion}
POST  /v1/conversions/{id}/credit_change/dismiss | decide | 404 | 404 | {conversion}
GET   /v1/conversions/{id}/models        | read       | 200 | 404   | {conversion}
POST  /v1/conversions/{id}/refunds       | report     | 200 | 404   | {conversion} {"refund_id":"r"}
POST  /v1/conversions/{id}/corrections   | report     | 200 | 404   | {conversion} {"correction_id":"c","amount":{"amount":1,"currency":"DKK"}}
POST  /v1/conversions/{id}/departures    | report     | 200 | 404   | {conversion} {"departure_id":"d"}
GET   /v1/programs/{id}/uploads          | read       | 200 | 404   | {program}
POST  /v1/programs/{id}/uploads?kind=conversions | report | 201 | 404 | {program} {file}
GET   /v1/programs/{id}/uploads/{upload} | read       | 200 | 404   | {program}
PUT   /v1/programs/{id}/uploads/{upload}/mapping | report | 200 | 404 | {program} {"columns":{"order_id":0},"decimal":"point","dates":"day_first"}
POST  /v1/programs/{id}/uploads/{upload}/commit | report | 200 | 404 | {program}
POST  /v1/programs/{id}/uploads/{upload}/cancel | report | 200 | 404 | {program}
GET   /v1/programs/{id}/uploads/{upload}/rows | read  | 200 | 404   | {program}
GET   /v1/programs/{id}/uploads/{upload}/table | read | 200 | 404 | {program}
POST  /v1/missing_sales                  | read       | 200 | empty | - {"order_id":"1009"}
GET   /v1/leads                          | read       | 200 | empty |
POST  /v1/leads                          | report     | 201 | 404   | - {"program":"{program}","company":"Bolt","contact_email":"new@bolt.example"}
GET   /v1/leads/{id}                     | read       | 200 | 404   | {lead}
PATCH /v1/leads/{id}                     | report     | 200 | 404   | {lead} {"note":"Call after nine."}
POST  /v1/leads/{id}/moves               | report     | 200 | 404   | {lead} {"stage":"meeting"}
POST  /v1/leads/{id}/qualifications      | report     | 200 | 404   | {lead} {"to":"qualified","grade":"A"}
POST  /v1/leads/{id}/answer              | decide     | 200 | 404   | {waiting_lead} {"answer":"accept"}
GET   /v1/programs/{id}/lead_settings    | read       | 200 | 404   | {program}
PATCH /v1/programs/{id}/lead_settings    | manage     | 200 | 404   | {program} {"rules":{"protection_days":60,"protected":"review","customer":"refuse","opportunity":"accept"}}
GET   /v1/inquiries                      | read       | 200 | empty |
POST  /v1/inquiries                      | decide     | 201 | 404   | - {"partnership":"{partnership}","kind":"missing_sale","order_id":"77","words":"It was mine"}
GET   /v1/inquiries/{id}                 | read       | 200 | 404   | {inquiry}
POST  /v1/inquiries/{id}/messages        | decide     | 200 | 404   | {inquiry} {"words":"Which day?","ask":true}
POST  /v1/inquiries/{id}/accept          | decide     | 200 | 404   | {inquiry} {"words":"Yes","amount":{"amount":100,"currency":"DKK"}}
POST  /v1/inquiries/{id}/refuse          | decide     | 200 | 404   | {inquiry} {"words":"No","reason":"not_tracked"}
POST  /v1/conversions/{id}/assign        | decide     | 200 | 404   | {uncredited} {"partnership":"{partnership}","reason":"Theirs"}
GET   /v1/quarantine                     | read       | 200 | empty |
POST  /v1/quarantine/{id}/replay         | decide     | 200 | 404   | {quarantine} {"occurred_at":"2026-11-21T11:00:00Z"}
POST  /v1/quarantine/{id}/dismiss        | decide     | 200 | 404   | {quarantine}
GET   /v1/commissions                    | read       | 200 | empty |
POST  /v1/commissions                    | decide     | 201 | 404   | - {"partnership":"{partnership}","amount":{"amount":100,"currency":"DKK"},"reason":"fee","note":"Talk"}
GET   /v1/commissions/{id}               | read       | 200 | 404   | {commission}
POST  /v1/commissions/{id}/approve       | decide     | 200 | 404   | {commission}
POST  /v1/commissions/{id}/unapprove     | decide     | 200 | 404   | {approved}
POST  /v1/commissions/{id}/decline       | decide     | 200 | 404   | {commission} {"reason":"fraud"}
POST  /v1/commissions/{id}/reverse       | decide     | 200 | 404   | {approved} {"reason":"fraud"}
POST  /v1/commissions/bulk               | decide     | 200 | empty | - {"step":"approve","commissions":["{commission}"]}
POST  /v1/commissions/preview            | decide     | 200 | empty | - {"step":"approve","filter":{}}
GET   /v1/payout_runs/preview?program={program} | read | 200 | 404   |
POST  /v1/payout_runs                    | pay        | 409 | 404   | - {"program":"{program}","seen":"another"}
GET   /v1/payout_runs                    | read       | 200 | empty |
GET   /v1/payout_runs/{id}               | read       | 200 | 404   | {run}
POST  /v1/payout_runs/{id}/sent          | pay        | 200 | 404   | {run}
POST  /v1/payout_runs/{id}/paid          | pay        | 200 | 404   | {run}
POST  /v1/payout_runs/{id}/cancel        | pay        | 200 | 404   | {run}
GET   /v1/payout_runs/{id}/bank_file     | pay        | 200 | 404   | {run}
GET   /v1/payout_runs/{id}/table         | pay        | 200 | 404   | {run}
GET   /v1/payouts                        | read       | 200 | empty |
GET   /v1/payouts/{id}                   | read       | 200 | 404   | {payout}
GET   /v1/payouts/{id}/statement         | read       | 200 | 404   | {payout}
GET   /v1/payouts/{id}/statement/proof   | read       | 200 | 404   | {payout}
POST  /v1/payouts/{id}/returned          | pay        | 409 | 404   | {payout}
GET   /v1/payouts/{id}/partner_invoice   | read       | 200 | 404   | {payout}
POST  /v1/payouts/{id}/partner_invoice   | pay        | 201 | 404   | {payout} {"number":"2026-17","issued_on":"2026-11-01","net":{"amount":187500,"currency":"DKK"}}
GET   /v1/tax_documents                  | read       | 200 | empty |
GET   /v1/tax_documents/{id}             | read       | 200 | 404   | {document}
GET   /v1/tax_documents/{id}/pdf         | read       | 200 | 404   | {document}
GET   /v1/tax_documents/{id}/ubl         | read       | 200 | 404   | {document}
GET   /v1/bank_replies                   | read       | 200 | empty |
POST  /v1/bank_replies                   | pay        | 201 | 422   | {reply} {"content":"{report}"}
GET   /v1/bank_replies/{id}              | read       | 200 | 404   | {reply}
POST  /v1/bank_replies/{id}/confirm      | pay        | 200 | 404   | {reply}
GET   /v1/finance/liability              | read       | 200 | empty |
GET   /v1/finance/forecast               | read       | 200 | empty |
GET   /v1/finance/vouchers?from=2026-11-01&through=2026-11-30 | read | 200 | empty |
GET   /v1/finance/bookkeeping            | read       | 200 | empty |
PATCH /v1/finance/bookkeeping            | pay        | 200 | empty | - {"series":"P"}
GET   /v1/finance/invoicing              | read       | 200 | empty |
PUT   /v1/finance/invoicing              | pay        | 200 | empty | - {"name":"Acme A/S","town":"Aarhus","country":"DK","company_number":"88146328","vat":"registered","vat_number":"DK88146328","vat_percent":"25","prefix":"SB-"}
GET   /v1/finance/withholding_rules      | read       | 200 | empty |
POST  /v1/finance/withholding_rules      | pay        | 201 | empty | - {"name":"PPh 23","country":"ID","percent":"2","from":"2026-01-01","source":"Adviser, 5 January 2026"}
POST  /v1/finance/withholding_rules/{id}/end | pay    | 200 | 404   | {rule} {"until":"2026-12-31"}
GET   /v1/finance/locks                  | read       | 200 | empty |
POST  /v1/finance/locks                  | pay        | 201 | empty | - {"through":"2026-10-31"}
GET   /v1/reports?from=2026-11-01&to=2026-11-30&by=program,partner,link | read | 200 | empty |
GET   /v1/intake                         | read       | 200 | empty |
GET   /v1/ledger/head                    | read       | 200 | empty |
GET   /v1/keys                           | administer | 200 | empty |
POST  /v1/keys                           | administer | 201 | empty | - {"integration":"x","name":"x","scopes":["read"]}
POST  /v1/keys/{id}/revoke               | administer | 200 | 404   | {key}
GET   /v1/members                        | administer | 200 | empty |
POST  /v1/members                        | administer | 201 | empty | - {"email":"new@acme.example","name":"New","role":"viewer"}
GET   /v1/members/{id}                   | administer | 200 | 404   | {member}
PATCH /v1/members/{id}                   | administer | 200 | 404   | {member} {"role":"manager","disabled":true}
POST  /v1/members/{id}/invite            | administer | 200 | 404   | {member}
GET   /v1/billing_sources                | administer | 200 | empty |
POST  /v1/billing_sources                | administer | 201 | 422   | - {"program":"{program}","kind":"stripe","name":"New","webhook_secrets":["whsec_0123456789abcdef"]}
POST  /v1/billing_sources/{id}/secrets   | administer | 200 | 404   | {billing_source} {"webhook_secrets":["whsec_0123456789abcdef"]}
GET   /v1/billing_sources/{id}/events    | administer | 200 | 404   | {billing_source}
GET   /postback                          | -          | 422 | empty |
GET   /p.gif                             | -          | 200 | empty |
"#;

pub(crate) struct Row {
    pub(crate) operation: String,
    pub(crate) scope: Option<Scope>,
    pub(crate) status: u16,
    /// `None`: an answer without anything of ours.
    foreign: Option<u16>,
    id: Option<String>,
    body: String,
}

/// A row as a request.
pub(crate) struct Filled {
    ids: BTreeMap<&'static str, String>,
    method: String,
    pub(crate) path: String,
    pub(crate) body: String,
}

impl Row {
    fn needs_payout(&self) -> bool {
        self.id.as_ref().is_some_and(|id| matches!(id.as_str(), "{run}" | "{payout}" | "{reply}"))
    }

    /// The row for things that are there, made for it.
    pub(crate) async fn filled(&self, app: &TestApp) -> Filled {
        let mut ids = ids(app).await;
        if self.id.as_deref() == Some("{document}") {
            app.lets_invoice().await;
            let (_, payout) = app.paid_out().await;
            let found = app.get(&app.ours.key, "/v1/tax_documents").await.expect(200);
            assert_eq!(found.str("/items/0/payout"), payout);
            ids.insert("{document}", found.str("/items/0/id"));
        }
        if self.needs_payout() {
            let (run, payout) = app.paid_out().await;
            let report = app.status_report(&run, &payout, "RJCT");
            let body = json!({ "content": report });
            let reply = app.post(&app.ours.key, "/v1/bank_replies", body).await.expect(201);
            // Another one than was given, so that giving it does something.
            let report = app.status_report(&run, &payout, "ACSC").replace('"', "\\\"");
            ids.extend([("{reply}", reply.str("/id")), ("{report}", report)]);
            ids.extend([("{run}", run), ("{payout}", payout)]);
        }
        let fill = |text: &str| {
            ids.iter().fold(text.to_owned(), |text, (word, id)| text.replace(word, id))
        };
        let (method, template) = self.operation.split_once(' ').unwrap();
        let path = fill(template);
        let path =
            self.id.as_ref().map_or_else(|| path.clone(), |id| path.replace("{id}", &fill(id)));
        assert!(!path.contains('{'), "{path}");
        let (method, body) = (method.to_owned(), fill(&self.body));
        Filled { ids, method, path, body }
    }

    /// The operation as the document names it: without a query.
    pub(crate) fn name(&self) -> &str {
        self.operation.split('?').next().unwrap_or_default()
    }
}

pub(crate) fn table() -> Vec<Row> {
    let lines = TABLE.lines().filter(|line| !line.trim().is_empty());
    let row = |line: &str| {
        let parts: Vec<&str> = line.splitn(5, '|').map(str::trim).collect();
        let operation = parts[0].split_whitespace().collect::<Vec<_>>().join(" ");
        let (id, body) = parts[4].split_once(' ').unwrap_or((parts[4], "{}"));
        Row {
            operation,
            scope: (parts[1] != "-").then(|| parts[1].parse().unwrap()),
            status: parts[2].parse().unwrap(),
            foreign: (parts[3] != "empty").then(|| parts[3].parse().unwrap()),
            id: Some(id.to_owned()).filter(|id| id.starts_with('{')),
            body: body.to_owned(),
        }
    };
    lines.map(row).collect()
}

#[test]
fn every_operation_of_the_document_is_in_the_table() {
    let document = tributary_api::document();
    let documented: BTreeSet<String> = operations(&document)
        .into_iter()
        .map(|(path, method, _)| format!("{method} {path}"))
        .collect();
    let known: Vec<String> = table().iter().map(|row| row.name().to_owned()).collect();
    let distinct: BTreeSet<String> = known.iter().cloned().collect();
    assert_eq!(distinct.len(), known.len(), "each once");
    assert_eq!(documented, distinct);
    for (path, method, operation) in operations(&document) {
        let text = operation["description"].as_str().unwrap_or_default();
        let row = table().into_iter().find(|row| row.name() == format!("{method} {path}"));
        let scope = row.unwrap().scope;
        let said = scope.is_none_or(|scope| text.contains(&format!("the scope `{scope}`.")));
        assert!(said, "{method} {path} does not say that it needs {scope:?}");
    }
}

/// Ids of ours by the words of the table.
async fn ids(app: &TestApp) -> BTreeMap<&'static str, String> {
    let ours = &app.ours;
    let made = app.post(&ours.key, "/v1/conversions", ours.sale("1009")).await.expect(201);
    let mut late = ours.sale("1010");
    late["occurred_at"] = json!("2030-01-01T00:00:00Z");
    let waiting = app.post(&ours.key, "/v1/conversions", late).await.expect(202);
    let key = app.key(ours.owner, &[Scope::Read]).await;
    let commissions = app.get(&ours.key, "/v1/commissions").await.expect(200);
    let commission = commissions.str("/items/0/id");
    app.post(&ours.key, "/v1/conversions", ours.sale("1011")).await.expect(201);
    let commissions = app.get(&ours.key, "/v1/commissions").await.expect(200);
    let approved = commissions.json["items"].as_array().unwrap().iter();
    let approved = approved.map(|it| it["id"].as_str().unwrap().to_owned());
    let approved = approved.into_iter().find(|it| *it != commission).unwrap();
    let approve = format!("/v1/commissions/{approved}/approve");
    app.post(&ours.key, &approve, json!({})).await.expect(200);
    let source = json!({"program": ours.program, "kind": "stripe", "name": "Stripe",
        "webhook_secrets": ["whsec_0123456789abcdef"]});
    let source = app.post(&ours.key, "/v1/billing_sources", source).await.expect(201);
    let plans = format!("/v1/programs/{}/plans", ours.program);
    let plans = app.get(&ours.key, &plans).await.expect(200);
    let invited = json!({ "program": ours.program, "name": "Ida", "email": "ida@b.example",
        "kind": "creator", "country": "DK" });
    let invited = app.post(&ours.key, "/v1/partnerships", invited).await.expect(201);
    let alone = json!({"program": ours.program, "type": "sale", "order_id": "1012",
        "amount": {"amount": 100_000, "currency": "DKK"}});
    let alone = app.post(&ours.key, "/v1/conversions", alone).await.expect(201);
    let inquiry = json!({"partnership": ours.partnership, "kind": "missing_sale",
        "order_id": "88", "words": "It was mine"});
    let inquiry = app.post(&ours.key, "/v1/inquiries", inquiry).await.expect(201);
    let member = json!({"email": "vera@acme.example", "name": "Vera", "role": "viewer"});
    let member = app.post(&ours.key, "/v1/members", member).await.expect(201);
    let uploads = format!("/v1/programs/{}/uploads?kind=conversions", ours.program);
    let file = b"order_id,amount\nU-1,12.50\n";
    let upload = app.post_raw(&ours.key, &uploads, file).await.expect(201);
    work_uploads(&app.app, &|| false).await.unwrap();
    let settings = format!("/v1/programs/{}/lead_settings", ours.program);
    app.call(Method::PATCH, Some(&ours.key), &settings, Some(b"{}".to_vec())).await.expect(200);
    let lead = json!({ "program": ours.program, "company": "Nut",
        "contact_email": "boss@nut.example" });
    let own = app.post(&ours.key, "/v1/leads", lead).await.expect(201);
    let theirs = json!({ "program": ours.program, "partner": ours.partner, "company": "Nut",
        "contact_email": "chief@nut.example" });
    let waits = app.post(&ours.key, "/v1/leads", theirs).await.expect(201);
    assert_eq!(waits.str("/answer/answer"), "review");
    let rule = json!({"name": "Rule", "country": "SE", "percent": "30", "from": "2026-01-01",
        "source": "Law"});
    let rule = app.post(&ours.key, "/v1/finance/withholding_rules", rule).await.expect(201);
    BTreeMap::from([
        ("{rule}", rule.str("/id")),
        ("{upload}", upload.str("/id")),
        ("{file}", "order_id,amount\nU-2,80.00\n".to_owned()),
        ("{lead}", own.str("/lead/id")),
        ("{waiting_lead}", waits.str("/lead/id")),
        ("{member}", member.str("/member/id")),
        ("{inquiry}", inquiry.str("/id")),
        ("{uncredited}", alone.str("/conversion")),
        ("{plan}", plans.str("/items/0/id")),
        ("{billing_source}", source.str("/id")),
        ("{program}", ours.program.clone()),
        ("{partnership}", ours.partnership.clone()),
        ("{partner}", ours.partner.clone()),
        ("{invited}", invited.str("/id")),
        ("{link}", ours.link.clone()),
        ("{coupon}", ours.coupon.clone()),
        ("{conversion}", made.str("/conversion")),
        ("{commission}", commission),
        ("{approved}", approved),
        ("{quarantine}", waiting.str("/quarantine")),
        ("{key}", key.key.id.to_string()),
    ])
}

#[tokio::test]
async fn every_route_for_every_caller() {
    for row in table() {
        check(&row).await;
    }
}

async fn check(row: &Row) {
    let app = TestApp::new().await;
    let Filled { ids, method, path, body } = row.filled(&app).await;
    let method: Method = method.parse().unwrap();
    let send = async |key: Option<&str>| {
        let body = (method != Method::GET).then(|| body.clone().into_bytes());
        app.call(method.clone(), key, &path, body).await
    };
    let name = &row.operation;
    let nobody = send(None).await;
    let Some(scope) = row.scope else {
        assert_eq!(nobody.status.as_u16(), row.status, "{name}: nobody");
        return;
    };
    assert_eq!(nobody.status.as_u16(), 401, "{name}: nobody");
    let without: Vec<Scope> =
        Scope::ALL.iter().copied().filter(|it| *it != scope && *it != Scope::Postback).collect();
    // Who may manage may see, too.
    let sees = scope == Scope::Read;
    let without: Vec<Scope> =
        without.into_iter().filter(|it| !(sees && *it == Scope::Manage)).collect();
    let weak = app.key(app.ours.owner, &without).await.secret;
    let low = app.key(app.ours.owner, &[Scope::Postback]).await.secret;
    let right = app.key(app.ours.owner, &[scope]).await.secret;
    let unchanged = app.rows().await;
    assert_eq!(send(Some("trib_sk_nonsense")).await.status.as_u16(), 401, "{name}: nonsense");
    let answer = send(Some(&weak)).await;
    assert_eq!(answer.status.as_u16(), 403, "{name} without {scope}: {}", answer.text());
    assert_eq!(send(Some(&low)).await.status.as_u16(), 403, "{name}: postback key");
    assert_eq!(
        app.changed_since(&unchanged).await,
        [""; 0],
        "{name}: refused, and nothing written"
    );

    let ours = app.rows_of_ours().await;
    assert!(ours.iter().any(|(table, rows)| table == "program" && !rows.is_empty()));
    let foreign = send(Some(&app.theirs.key)).await;
    assert_eq!(app.rows_of_ours().await, ours, "{name}: another owner changed something of ours");
    if let Some(status) = row.foreign {
        assert_eq!(foreign.status.as_u16(), status, "{name}: another owner: {}", foreign.text());
        assert_eq!(
            app.changed_since(&unchanged).await,
            [""; 0],
            "{name}: another owner changed something"
        );
    } else {
        assert!(foreign.status.is_success(), "{name}: {}", foreign.text());
    }
    for id in ids.values() {
        let echoed = path.contains(id) || body.contains(id);
        assert!(echoed || !foreign.text().contains(id), "{name} shows {id} to another owner");
    }
    let answer = send(Some(&right)).await;
    assert_eq!(answer.status.as_u16(), row.status, "{name} with {scope}: {}", answer.text());
}
