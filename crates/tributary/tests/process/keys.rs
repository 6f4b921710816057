//! Click keys rotated by a command while the server runs.

use tributary_testkit::until;

use crate::installation::{Installation, PATIENCE};

#[tokio::test(flavor = "multi_thread")]
async fn ids_of_a_new_key_are_good_at_once_and_old_ones_stay_so() {
    let installation = Installation::with_a_link("").await;
    let mut serving = installation.serve().await;
    let old = installation.click(serving.edge).await.expect("the edge serves");
    installation.succeed(&["keys", "rotate"]);
    let new = until(PATIENCE, "an id of the new key", async || {
        let id = installation.click(serving.edge).await?;
        (id.key_id() != old.key_id()).then_some(id)
    })
    .await;
    installation.sell(serving.web, "new", new).await;
    installation.sell(serving.web, "old", old).await;
    assert!(serving.process.stop().await.success());
    installation.verify();
}
