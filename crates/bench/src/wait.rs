//! Waiting for what another process does by itself: it has no signal to wait for, so it is asked
//! again and again, and given up at a limit.

use std::time::Duration;

use tokio::time::{MissedTickBehavior, interval};
use tributary_kernel::Stopwatch;

use crate::error::BenchError;

/// How often is asked, and for how long.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Patience {
    pub(crate) every: Duration,
    pub(crate) at_most: Duration,
}

/// For what should come at once.
pub(crate) const USUAL: Patience =
    Patience { every: Duration::from_millis(20), at_most: Duration::from_secs(60) };

/// Asks until there is an answer, and returns it. `look` says why there is none yet, which is the
/// error at the limit; its own errors end the waiting at once.
pub(crate) async fn until<T>(
    patience: Patience,
    mut look: impl AsyncFnMut() -> Result<Result<T, String>, BenchError>,
) -> Result<T, BenchError> {
    let watch = Stopwatch::start();
    let mut ticks = interval(patience.every);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        match look().await? {
            Ok(answer) => return Ok(answer),
            Err(why) if watch.elapsed() > patience.at_most => {
                let limit = patience.at_most;
                return Err(BenchError::Unfit(format!("given up after {limit:?}: {why}")));
            }
            Err(_) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOON: Patience =
        Patience { every: Duration::from_micros(100), at_most: Duration::from_millis(5) };

    #[tokio::test]
    async fn it_asks_until_there_is_an_answer() {
        let mut asked = 0;
        let answer = until(SOON, async || {
            asked += 1;
            Ok(if asked == 3 { Ok(asked) } else { Err("not yet".into()) })
        });
        assert_eq!(answer.await.unwrap(), 3);
    }

    #[tokio::test]
    async fn at_the_limit_it_says_what_it_waited_for() {
        let given_up = until::<()>(SOON, async || Ok(Err("no link".into()))).await.unwrap_err();
        assert_eq!(given_up.to_string(), "given up after 5ms: no link");
    }
}
