//! Killed with -9 at random moments, started again, and again: what was acknowledged is there
//! once, what was not is there once at most.

use std::collections::{HashMap, HashSet};
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::{Value, json};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tributary_click::ClickId;
use tributary_kernel::{Clock, Entropy, SeededEntropy, Stopwatch, SystemClock};
use tributary_testkit::{until, within};

use crate::installation::{Installation, PATIENCE, Serving, browser, click_id, number, rows};

/// An answer within this time was given after the click was on disk: the edge lets a visitor wait
/// for 250 ms, then sends them on unconfirmed.
const CONFIRMED: Duration = Duration::from_millis(200);
/// Each start begins a second past the last id on record, so that starts in quick succession run
/// ahead of the clock. Ten seconds ahead no ids are made; before that the clock is waited for.
const LEAD_US_MAX: i64 = 5_000_000;
/// Orders in a request of several.
const BATCH: usize = 5;

/// What a client was told, over all runs.
#[derive(Debug, Default)]
pub(crate) struct Told {
    /// Ids of all answers.
    seen: HashSet<ClickId>,
    /// Those given after the click was on disk.
    pub(crate) acknowledged: Vec<ClickId>,
    /// Orders that were acknowledged, with the conversion they were told.
    pub(crate) sold: HashMap<String, String>,
    /// Conversions whose refund was acknowledged, with the adjustment.
    pub(crate) refunded: HashMap<String, String>,
    /// Refunds asked for.
    pub(crate) refunds: HashSet<String>,
    /// Requests whose answer never came.
    open: Vec<Vec<(String, ClickId)>>,
    orders: usize,
}

impl Told {
    /// How far the newest id is ahead of the clock.
    fn lead_us(&self) -> i64 {
        let newest = self.seen.iter().map(ClickId::at).max();
        newest.map_or(0, |at| at.microseconds_since(SystemClock.now()))
    }
}

/// Where a client notes what it was told, as soon as it was.
pub(crate) type Journal = Arc<dyn Fn(Fact) + Send + Sync>;

/// What somebody was told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Fact {
    Click(ClickId),
    /// An order and its conversion.
    Sold(String, String),
    /// A conversion and the adjustment of its refund.
    Refunded(String, String),
}

/// What all clients of a run share.
#[derive(Clone)]
pub(crate) struct Clients {
    pub(crate) installation: Arc<Installation>,
    pub(crate) told: Arc<Mutex<Told>>,
    /// Answers in this run.
    pub(crate) answers: Arc<watch::Sender<usize>>,
    pub(crate) journal: Journal,
}

impl Clients {
    /// Visitors, shops that send one order and several, and refunds, all at once.
    pub(crate) fn run(self, serving: &Serving) -> JoinSet<()> {
        let mut tasks = JoinSet::new();
        for _ in 0..4 {
            tasks.spawn(self.clone().clicks(serving.edge));
        }
        for size in [1, 1, BATCH] {
            tasks.spawn(self.clone().orders(serving.web, size));
        }
        tasks.spawn(self.refunds(serving.web));
        tasks
    }

    fn answered(&self) {
        self.answers.send_modify(|count| *count += 1);
    }

    /// A visitor who clicks until the server is gone.
    async fn clicks(self, edge: SocketAddr) {
        let mut browser = browser(edge);
        loop {
            let watch = Stopwatch::start();
            let Ok(answer) = browser.get(&self.installation.link).await else { return };
            let confirmed = watch.elapsed() < CONFIRMED;
            let id = click_id(&answer).unwrap_or_else(|| panic!("no id: {answer:?}"));
            let mut told = self.told.lock().unwrap();
            assert!(told.seen.insert(id), "{id} was given twice");
            if confirmed {
                told.acknowledged.push(id);
                (self.journal)(Fact::Click(id));
            }
            drop(told);
            self.answered();
        }
    }

    /// A shop that reports orders until the server is gone: first those that it does not know the
    /// answer of, but not all of them.
    async fn orders(self, web: SocketAddr, size: usize) {
        let mut api = self.installation.api(web);
        loop {
            let Some(orders) = self.next_orders(size) else {
                // No click was answered yet: there is nobody to sell to.
                let mut answers = self.answers.subscribe();
                if within(PATIENCE, "a click", answers.changed()).await.is_err() {
                    return;
                }
                continue;
            };
            let sales: Vec<Value> =
                orders.iter().map(|(order, click)| self.installation.sale(order, *click)).collect();
            let key = format!("key/{}", orders[0].0);
            let body = if sales.len() == 1 { sales[0].clone() } else { json!(sales) };
            let Ok(answer) = api.post("/v1/conversions", Some(&key), &body).await else {
                self.told.lock().unwrap().open.push(orders);
                return;
            };
            assert!(matches!(answer.status, 200 | 201), "{answer:?}");
            let answer = answer.json();
            let results = answer["results"].as_array().cloned().unwrap_or(vec![answer]);
            let mut told = self.told.lock().unwrap();
            for ((order, _), result) in orders.into_iter().zip(results) {
                assert_eq!(result["outcome"], "applied", "{order}: {result}");
                let id = result["conversion"].as_str().expect("an id").to_owned();
                (self.journal)(Fact::Sold(order.clone(), id.clone()));
                let before = told.sold.insert(order.clone(), id.clone());
                assert!(before.is_none_or(|before| before == id), "{order} got another answer");
            }
            drop(told);
            self.answered();
        }
    }

    /// Orders of which the answer is not known, or new ones; none as long as nobody has clicked.
    fn next_orders(&self, size: usize) -> Option<Vec<(String, ClickId)>> {
        let mut told = self.told.lock().unwrap();
        // Every other is never sent again: then it is there once or not at all.
        if told.open.len() > 20
            && let Some(place) = told.open.iter().position(|it| it.len() == size)
        {
            return Some(told.open.swap_remove(place));
        }
        let click = *told.acknowledged.last()?;
        let first = told.orders;
        told.orders += size;
        Some((first..first + size).map(|number| (format!("order/{number}"), click)).collect())
    }

    /// A shop that gives money back until the server is gone.
    async fn refunds(self, web: SocketAddr) {
        let mut api = self.installation.api(web);
        loop {
            let next = {
                let mut told = self.told.lock().unwrap();
                let open = |id: &&String| !told.refunded.contains_key(*id);
                let next = told.sold.values().find(open).cloned();
                told.refunds.extend(next.clone());
                next
            };
            let Some(conversion) = next else {
                let mut answers = self.answers.subscribe();
                if within(PATIENCE, "a sale", answers.changed()).await.is_err() {
                    return;
                }
                continue;
            };
            let body = json!({
                "refund_id": "refund", "amount": {"amount": 33_333, "currency": "DKK"},
            });
            let target = format!("/v1/conversions/{conversion}/refunds");
            let Ok(answer) = api.post(&target, None, &body).await else { return };
            assert_eq!(answer.status, 200, "{answer:?}");
            let adjustment = answer.json()["adjustment"].as_str().expect("an id").to_owned();
            (self.journal)(Fact::Refunded(conversion.clone(), adjustment.clone()));
            self.told.lock().unwrap().refunded.insert(conversion, adjustment);
            self.answered();
        }
    }
}

/// A number below `below`, by the seed of the test.
pub(crate) fn chance(entropy: &SeededEntropy, below: u64) -> u64 {
    let mut bytes = [0; 8];
    entropy.fill(&mut bytes);
    u64::from_le_bytes(bytes) % below
}

/// One life of the server: it is killed after a number of answers; or, one time in six, while it
/// starts.
async fn live_and_die(
    installation: &Arc<Installation>,
    told: &Arc<Mutex<Told>>,
    dice: &SeededEntropy,
) {
    if chance(dice, 6) == 0 {
        let mut process = installation.spawn();
        let until = Duration::from_millis(chance(dice, 250));
        // What has come of it by then is cut off.
        let _ = tokio::time::timeout(until, process.addresses()).await;
        process.kill();
        return;
    }
    until(PATIENCE, "the clock to catch up with ids", async || {
        (told.lock().unwrap().lead_us() < LEAD_US_MAX).then_some(())
    })
    .await;
    let mut serving = installation.serve().await;
    let (answers, mut count) = watch::channel(0);
    let clients = Clients {
        installation: Arc::clone(installation),
        told: Arc::clone(told),
        answers: Arc::new(answers),
        journal: Arc::new(|_| ()),
    };
    let tasks = clients.run(&serving);
    let enough = 1 + usize::try_from(chance(dice, 1_500)).unwrap();
    let reached = count.wait_for(|count| *count >= enough);
    let reached = within(PATIENCE, "answers", reached).await.is_ok();
    serving.process.kill();
    // A client that found something wrong has panicked, and this panics with it.
    within(PATIENCE, "the clients to notice", tasks.join_all()).await;
    assert!(reached, "the clients left before {enough} answers");
}

/// What is stored, held against what was told.
pub(crate) async fn compare(installation: &Installation, told: &Told) {
    let [record, touches] = installation.engines().await;
    let stored: HashSet<[u8; 16]> = rows(&*touches, "SELECT click_id FROM touch")
        .await
        .iter()
        .map(|row| row.array(0).unwrap())
        .collect();
    let lost: Vec<_> =
        told.acknowledged.iter().filter(|id| !stored.contains(id.as_bytes())).collect();
    assert!(lost.is_empty(), "acknowledged clicks without touch: {lost:?}");
    // Touches have their id as key; what was taken twice would show in the counts.
    let counted = number(&*touches, "SELECT CAST(SUM(clicks) AS BIGINT) FROM clicks_hourly").await;
    assert_eq!(counted, i64::try_from(stored.len()).unwrap(), "clicks were counted twice");

    let mut sold: HashMap<String, Vec<String>> = HashMap::new();
    for row in rows(&*record, "SELECT business_key, id FROM conversion").await {
        let id: tributary_kernel::ConversionId = row.id(1).unwrap();
        sold.entry(row.text(0).unwrap().to_owned()).or_default().push(id.to_string());
    }
    for (order, id) in &told.sold {
        assert_eq!(sold.get(order), Some(&vec![id.clone()]), "{order}");
    }
    assert!(sold.values().all(|ids| ids.len() == 1), "an order is there twice");
    let mut refunded: HashMap<String, Vec<String>> = HashMap::new();
    for row in rows(&*record, "SELECT conversion_id, id FROM adjustment").await {
        let conversion: tributary_kernel::ConversionId = row.id(0).unwrap();
        let id: tributary_kernel::AdjustmentId = row.id(1).unwrap();
        refunded.entry(conversion.to_string()).or_default().push(id.to_string());
    }
    for (conversion, id) in &told.refunded {
        assert_eq!(refunded.get(conversion), Some(&vec![id.clone()]), "{conversion}");
    }
    assert!(refunded.values().all(|ids| ids.len() == 1), "a refund is there twice");
    assert!(refunded.keys().all(|id| told.refunds.contains(id)), "a refund nobody asked for");
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_acknowledged_is_lost() {
    let loops = if std::env::var_os("TRIBUTARY_SOAK").is_some() { 300 } else { 30 };
    let installation = Arc::new(Installation::with_a_link("").await);
    let told = Arc::new(Mutex::new(Told::default()));
    let dice = SeededEntropy::new(9);
    for _ in 0..loops {
        live_and_die(&installation, &told, &dice).await;
    }
    // Once more, undisturbed, until everything before it has been taken in.
    let mut serving = installation.serve().await;
    let last = installation.click(serving.edge).await.expect("the edge serves");
    let conversion = installation.sell(serving.web, "last", last).await;
    installation.recorded(serving.web, &conversion).await;
    assert!(serving.process.stop().await.success());
    let told = std::mem::take(&mut *told.lock().unwrap());
    eprintln!(
        "soak: {loops} kills: {} clicks acknowledged of {}, {} orders of {}, {} refunds of {}",
        told.acknowledged.len(),
        told.seen.len(),
        told.sold.len(),
        told.orders,
        told.refunded.len(),
        told.refunds.len(),
    );
    assert!(told.acknowledged.len() > 20 * loops && told.sold.len() > loops, "too little was done");
    assert!(!told.seen.contains(&last), "{last} was given twice");
    compare(&installation, &told).await;
    installation.verify();
}
