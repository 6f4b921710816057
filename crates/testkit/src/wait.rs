use std::time::Duration;

/// How often [`until`] looks.
const LOOK_AGAIN: Duration = Duration::from_millis(5);

/// The future's output.
///
/// # Panics
/// When it is not there within the limit, naming what was waited for.
pub async fn within<T>(limit: Duration, what: &str, future: impl Future<Output = T>) -> T {
    match tokio::time::timeout(limit, future).await {
        Ok(output) => output,
        Err(_) => panic!("{what}: not within {limit:?}"),
    }
}

/// What the probe finds, as soon as it finds something. For things that cannot be waited on: a
/// file of another process, a server that comes up. Where there is a signal, wait for that.
///
/// # Panics
/// When it has found nothing within the limit, naming what was waited for.
pub async fn until<T>(limit: Duration, what: &str, mut probe: impl AsyncFnMut() -> Option<T>) -> T {
    let found = async {
        let mut tick = tokio::time::interval(LOOK_AGAIN);
        loop {
            tick.tick().await;
            if let Some(found) = probe().await {
                return found;
            }
        }
    };
    within(limit, what, found).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn finds_what_comes_later() {
        let mut looks = 0;
        let found = until(Duration::from_secs(5), "third look", async || {
            looks += 1;
            (looks == 3).then_some("found")
        });
        assert_eq!(found.await, "found");
    }

    #[tokio::test]
    #[should_panic(expected = "pigs that fly: not within 20ms")]
    async fn gives_up_and_says_on_what() {
        until(Duration::from_millis(20), "pigs that fly", async || None::<()>).await;
    }
}
