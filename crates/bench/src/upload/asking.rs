//! The API asked at a steady pace: by turns an order is reported and a list is read. Each one's time
//! counts from the moment it was due, whether or not the one before was answered by then.

use std::time::Duration;

use serde_json::json;
use tributary_kernel::Stopwatch;
use tributary_testkit::HttpClient;

use crate::error::{BenchError, During};

/// Between two requests.
const PACE: Duration = Duration::from_millis(20);
/// Fewer requests say nothing of the hundredth.
const ASKED_MIN: usize = 200;

/// How long answers took.
#[derive(Debug, Clone, Default)]
pub(super) struct Asked {
    pub(super) times: Vec<Duration>,
}

pub(super) struct Asker {
    api: HttpClient,
    program: String,
    number: usize,
}

impl Asker {
    pub(super) const fn new(api: HttpClient, program: String) -> Self {
        Self { api, program, number: 0 }
    }

    /// Orders that it has reported.
    pub(super) const fn reported(&self) -> usize {
        self.number.div_ceil(2)
    }

    /// Asks until it is enough.
    pub(super) async fn ask(&mut self, enough: impl Fn() -> bool) -> Result<Asked, BenchError> {
        let mut asked = Asked::default();
        let watch = Stopwatch::start();
        let mut ticks = tokio::time::interval(PACE);
        let mut due = Duration::ZERO;
        while !enough() || asked.times.len() < ASKED_MIN {
            ticks.tick().await;
            let answer = if self.number.is_multiple_of(2) {
                let order = json!({
                    "program": self.program, "type": "sale", "order_id": format!("S{}", self.number),
                    "amount": { "amount": 10_000, "currency": "DKK" },
                });
                self.api.post("/v1/conversions", None, &order).await
            } else {
                self.api.get("/v1/conversions?limit=50").await
            };
            let answer = answer.during("the API meanwhile")?;
            if !matches!(answer.status, 200 | 201) {
                let body = String::from_utf8_lossy(&answer.body).into_owned();
                return Err(BenchError::Unfit(format!("meanwhile: {}: {body}", answer.status)));
            }
            self.number += 1;
            asked.times.push(watch.elapsed().saturating_sub(due));
            due += PACE;
        }
        Ok(asked)
    }
}
