//! One order that everybody tells of: the shop's server one by one and in a batch, a postback, an
//! image on the page, and the payment system. It is one sale and pays once, whoever comes first.

use serde_json::{Value, json};
use tributary_kernel::Timestamp;
use tributary_testkit::{HttpAnswer, HttpClient, until};

use crate::installation::{Installation, PATIENCE, Serving, number};

const SECRET: &str = "whsec_0123456789abcdef";
const SOURCES: [&str; 5] = ["call", "batch", "postback", "image", "hook"];

/// The shop, and all it tells through.
struct Shop {
    installation: Installation,
    serving: Serving,
    token: String,
    hook: String,
    source: String,
}

impl Shop {
    async fn open() -> Self {
        let installation = Installation::with_a_link("").await;
        let serving = installation.serve().await;
        let mut api = installation.api(serving.web);
        let key = json!({"integration": "page", "name": "Page", "scopes": ["postback"]});
        let made = api.post("/v1/keys", None, &key).await.unwrap();
        let token = made.json()["secret"].as_str().expect("a key").to_owned();
        let source = json!({"program": installation.program, "kind": "stripe", "name": "Stripe",
            "webhook_secrets": [SECRET]});
        let made = api.post("/v1/billing_sources", None, &source).await.unwrap().json();
        let text = |name: &str| made[name].as_str().expect("a source").to_owned();
        let (hook, source) = (text("webhook_path"), text("id"));
        Self { installation, serving, token, hook, source }
    }

    /// A sale of 1,000.00 after a click, told in one of the ways.
    async fn tell(&self, way: &str, order: &str, click: tributary_click::ClickId) {
        let sale = self.installation.sale(order, click);
        let mut api = self.installation.api(self.serving.web);
        let answer = match way {
            "call" => api.post("/v1/conversions", None, &sale).await,
            "batch" => api.post("/v1/conversions", None, &json!([sale])).await,
            "postback" => self.by_address("/postback", order, click).await,
            "image" => self.by_address("/p.gif", order, click).await,
            "hook" => self.hook(order, click).await,
            other => panic!("{other}"),
        };
        let answer = answer.unwrap();
        assert!(matches!(answer.status, 200 | 201), "{way} {order}: {answer:?}");
        if way == "batch" {
            let results = answer.json();
            let status = results["results"][0]["outcome"].as_str().expect("an outcome").to_owned();
            assert!(matches!(status.as_str(), "applied" | "duplicate"), "{results}");
        }
        if way == "hook" {
            self.settled(order).await;
        }
    }

    async fn by_address(
        &self,
        path: &str,
        order: &str,
        click: tributary_click::ClickId,
    ) -> std::io::Result<HttpAnswer> {
        let query = format!(
            "program={}&type=sale&order_id={order}&amount=1000.00&currency=DKK&click_id={click}\
             &token={}",
            self.installation.program, self.token
        );
        let answer = HttpClient::new(self.serving.web).get(&format!("{path}?{query}")).await?;
        let result = answer.header("tributary-result").unwrap_or_default();
        let good = result.starts_with("applied") || result.starts_with("duplicate");
        assert!(good, "{path}: {answer:?}");
        Ok(answer)
    }

    /// What Stripe sends after a payment, signed as it signs.
    async fn hook(
        &self,
        order: &str,
        click: tributary_click::ClickId,
    ) -> std::io::Result<HttpAnswer> {
        // Stripe tells whole seconds; a payment is not before its click.
        let second = now() + 1;
        let session = json!({
            "id": format!("cs_{order}"), "object": "checkout.session", "mode": "payment",
            "payment_status": "paid", "payment_intent": order, "currency": "dkk",
            "amount_total": 100_000, "client_reference_id": click.to_string(),
        });
        let event = json!({
            "id": format!("evt_{order}"), "object": "event", "created": second, "livemode": true,
            "type": "checkout.session.completed", "data": {"object": session},
        });
        let signed = format!("{second}.{event}");
        let signature = format!("t={second},v1={}", hex(&hmac(SECRET, signed.as_bytes())));
        let mut stripe = HttpClient::new(self.serving.web).with("Stripe-Signature", &signature);
        stripe.post(&self.hook, None, &event).await
    }

    /// Waits until the payment system's event has come to its end.
    async fn settled(&self, order: &str) {
        let path = format!("/v1/billing_sources/{}/events?state=settled", self.source);
        let mut api = self.installation.api(self.serving.web);
        let id = format!("evt_{order}");
        until(PATIENCE, "the event to be settled", async || {
            let found = api.get(&path).await.ok()?.json();
            let items = found["items"].as_array()?;
            items.iter().any(|it: &Value| it["id"] == id.as_str()).then_some(())
        })
        .await;
    }
}

fn now() -> i64 {
    let at = tributary_kernel::Clock::now(&tributary_kernel::SystemClock);
    at.microseconds_since(Timestamp::from_microsecond(0)) / 1_000_000
}

/// HMAC-SHA256 (RFC 2104), so that not the code under test signs.
fn hmac(key: &str, message: &[u8]) -> [u8; 32] {
    let pad = |with: u8| -> Vec<u8> {
        (0..64).map(|at| key.as_bytes().get(at).copied().unwrap_or(0) ^ with).collect()
    };
    let inner = tributary_app::sha256(&[&pad(0x36), message].concat());
    tributary_app::sha256(&[pad(0x5c).as_slice(), &inner].concat())
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_order_told_by_everybody_pays_once_whoever_is_first() {
    let mut shop = Shop::open().await;
    for (turn, first) in SOURCES.iter().enumerate() {
        let click = shop.installation.click(shop.serving.edge).await.expect("the edge serves");
        let order = format!("pi_{turn}");
        shop.tell(first, &order, click).await;
        for way in SOURCES.iter().filter(|way| *way != first) {
            shop.tell(way, &order, click).await;
        }
        // And all once more, as after an answer that was lost.
        for way in SOURCES {
            shop.tell(way, &order, click).await;
        }
    }
    let [record, _] = shop.installation.engines().await;
    let orders = i64::try_from(SOURCES.len()).unwrap();
    // A click may be taken in after its sale, which is decided again then.
    let sql = "SELECT COUNT(*) FROM conversion WHERE status = 'uncredited'";
    until(PATIENCE, "the clicks to be taken in", async || {
        (number(&*record, sql).await == 0).then_some(())
    })
    .await;
    assert!(shop.serving.process.stop().await.success());
    let sql = "SELECT COUNT(*) FROM conversion";
    assert_eq!(number(&*record, sql).await, orders, "each order is one sale");
    let sql = "SELECT COUNT(*) FROM commission WHERE amount = 20000";
    assert_eq!(number(&*record, sql).await, orders, "and pays 20 % once");
    let sql = "SELECT COUNT(*) FROM commission";
    assert_eq!(number(&*record, sql).await, orders, "and nothing else");
    assert_eq!(number(&*record, "SELECT COUNT(*) FROM quarantine").await, 0);
    shop.installation.verify();
}
