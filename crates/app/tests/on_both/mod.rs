/// Runs a test on both engines.
macro_rules! on_both {
    ($($(#[$doc:meta])* async fn $name:ident($world:ident: World) $body:block)*) => {$(
        mod $name {
            use super::*;

            $(#[$doc])*
            async fn run($world: World) $body

            #[tokio::test]
            async fn on_sqlite() {
                run(World::sqlite().await).await;
            }

            #[tokio::test(flavor = "multi_thread")]
            async fn on_postgres() {
                run(World::postgres().await).await;
            }
        }
    )*};
}
