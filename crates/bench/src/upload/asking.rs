//! The API asked at a steady pace over several connections: by turns an order is reported and a list
//! is read. Each one's time counts from the moment it was due, whether or not the one before it on
//! its connection was answered by then.

use std::cell::Cell;
use std::rc::Rc;
use std::time::Duration;

use serde_json::json;
use tokio::task::{JoinSet, LocalSet};
use tributary_kernel::Stopwatch;
use tributary_testkit::HttpClient;

use crate::error::{BenchError, During};

/// Between two requests, over all connections.
const PACE: Duration = Duration::from_millis(20);
/// Enough that a slow answer makes none wait behind it.
const CONNECTIONS: u32 = 16;
/// Fewer requests say nothing of the hundredth.
const ASKED_MIN: usize = 200;

/// How long answers took.
#[derive(Debug, Clone, Default)]
pub(super) struct Asked {
    pub(super) times: Vec<Duration>,
}

/// See the module.
#[derive(Clone)]
pub(super) struct Asker {
    client: Rc<dyn Fn() -> HttpClient>,
    program: String,
    number: Rc<Cell<usize>>,
}

impl Asker {
    pub(super) fn new(client: impl Fn() -> HttpClient + 'static, program: String) -> Self {
        Self { client: Rc::new(client), program, number: Rc::default() }
    }

    /// Orders that it has reported.
    pub(super) fn reported(&self) -> usize {
        self.number.get().div_ceil(2)
    }

    /// Asks until it is enough.
    pub(super) async fn ask(
        &self,
        enough: impl Fn() -> bool + Clone + 'static,
    ) -> Result<Asked, BenchError> {
        LocalSet::new().run_until(self.over_all(enough)).await
    }

    async fn over_all(
        &self,
        enough: impl Fn() -> bool + Clone + 'static,
    ) -> Result<Asked, BenchError> {
        let watch = Rc::new(Stopwatch::start());
        let mut connections = JoinSet::new();
        for place in 0..CONNECTIONS {
            let (it, watch, enough) = (self.clone(), Rc::clone(&watch), enough.clone());
            connections.spawn_local(async move { it.over_one(place, &watch, enough).await });
        }
        let mut asked = Asked::default();
        while let Some(done) = connections.join_next().await {
            let times = done.map_err(|error| BenchError::Unfit(error.to_string()))??;
            asked.times.extend(times);
        }
        Ok(asked)
    }

    async fn over_one(
        self,
        place: u32,
        watch: &Stopwatch,
        enough: impl Fn() -> bool,
    ) -> Result<Vec<Duration>, BenchError> {
        let mut api = (self.client)();
        let mut times = Vec::new();
        let (mut due, every) = (PACE * place, PACE * CONNECTIONS);
        while !enough() || times.len() * (CONNECTIONS as usize) < ASKED_MIN {
            let early = due.saturating_sub(watch.elapsed());
            // Never ready: what ends it is that the moment has come.
            let _ = tokio::time::timeout(early, std::future::pending::<()>()).await;
            self.one(&mut api).await?;
            times.push(watch.elapsed().saturating_sub(due));
            due += every;
        }
        Ok(times)
    }

    async fn one(&self, api: &mut HttpClient) -> Result<(), BenchError> {
        let number = self.number.get();
        self.number.set(number + 1);
        let answer = if number.is_multiple_of(2) {
            let order = json!({
                "program": self.program, "type": "sale", "order_id": format!("S{number}"),
                "amount": { "amount": 10_000, "currency": "DKK" },
            });
            api.post("/v1/conversions", None, &order).await
        } else {
            api.get("/v1/conversions?limit=50").await
        };
        let answer = answer.during("the API meanwhile")?;
        if matches!(answer.status, 200 | 201) {
            return Ok(());
        }
        let body = String::from_utf8_lossy(&answer.body).into_owned();
        Err(BenchError::Unfit(format!("meanwhile: {}: {body}", answer.status)))
    }
}
