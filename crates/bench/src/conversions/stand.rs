//! Orders reported to a running server, and looked at afterwards.

use serde_json::Value;

use super::orders::{self, Shop};
use crate::error::{BenchError, During};
use crate::installation::{Click, Installation, Serving};
use crate::load;

/// Orders of a warm-up, per shape.
const WARM_UP: usize = 2_000;
/// Conversions that are looked at one by one at the end.
const LOOKED_AT: usize = 20;

/// How orders are sent.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Shape {
    /// Orders in a request.
    pub(crate) size: usize,
    pub(crate) connections: usize,
}

/// As a system that catches up sends them.
pub(crate) const BATCHES: Shape = Shape { size: 100, connections: 8 };
/// As shops send them.
pub(crate) const SINGLES: Shape = Shape { size: 1, connections: 64 };

/// A server that runs from the first round to the last, with clicks that no order followed yet.
pub(crate) struct Stand {
    installation: Installation,
    serving: Serving,
    clicks: Vec<Click>,
    reported: usize,
    /// Some of the conversions, from answers.
    some: Vec<String>,
}

impl Stand {
    /// On a furnished installation that runs, for so many orders.
    pub(crate) async fn new(
        installation: Installation,
        serving: Serving,
        orders: usize,
    ) -> Result<Self, BenchError> {
        let clicks = installation.click(&serving, orders + 2 * WARM_UP).await?;
        let (reported, some) = (0, Vec::new());
        let mut it = Self { installation, serving, clicks, reported, some };
        for shape in [BATCHES, SINGLES] {
            it.report(shape, WARM_UP).await?;
        }
        Ok(it)
    }

    /// Reports fresh orders; how many per second.
    pub(crate) async fn report(&mut self, shape: Shape, count: usize) -> Result<f64, BenchError> {
        let Shape { size, connections } = shape;
        let clicks = &self.clicks[self.reported..self.reported + count];
        let orders: Vec<Value> = orders::orders(self.reported, clicks);
        let shop = Shop { web: self.serving.web, key: self.installation.key.clone() };
        let requests = shop.requests(&orders, size);
        let done = load::closed_loop(self.serving.web, requests, connections).await?;
        orders::check(&done.answers, count)?;
        self.reported += count;
        if let Some(answer) = done.answers.last() {
            let answer = String::from_utf8_lossy(answer);
            let id =
                answer.split_once("\"conversion\":\"").and_then(|(_, rest)| rest.split_once('"'));
            self.some.extend(id.map(|(id, _)| id.to_owned()));
        }
        Ok(count as f64 / done.elapsed.as_secs_f64())
    }

    /// Everything that was reported is there, once, credited to the click that was recorded, and
    /// the program's own recount agrees.
    pub(crate) async fn check(mut self) -> Result<(), BenchError> {
        let mut api = self.installation.api(&self.serving);
        for id in self.some.iter().take(LOOKED_AT) {
            let found = api.get(&format!("/v1/conversions/{id}")).await.during("a conversion")?;
            let found = found.json();
            let touches = found["journey"].as_array().cloned().unwrap_or_default();
            let recorded = touches.iter().all(|touch| touch["proof"] == "recorded");
            let credited = found["credits"].as_array().is_some_and(|it| !it.is_empty());
            if touches.is_empty() || !recorded || !credited {
                return Err(BenchError::Unfit(format!("not decided in full: {found}")));
            }
        }
        self.serving.process.stop().await;
        let counted = self.installation.verify()?;
        if counted != self.reported {
            let detail = format!("{counted} conversions of {} reported", self.reported);
            return Err(BenchError::Unfit(detail));
        }
        println!("verify: everything agrees, {counted} conversions");
        Ok(())
    }
}
