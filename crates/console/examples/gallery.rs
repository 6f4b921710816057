//! Serves the design page and every sample page on loopback:
//! `cargo run -p tributary-console --example gallery -- 4010`, then
//! <http://127.0.0.1:4010/design> and `/gallery/partner-home/0?lang=da`.

use std::net::Ipv4Addr;

use tributary_console::{catalogue, gallery_router};

const PORT_DEFAULT: u16 = 4010;

#[tokio::main(flavor = "current_thread")]
#[expect(clippy::print_stdout, reason = "a tool run by hand tells where it listens")]
async fn main() -> std::io::Result<()> {
    let port = std::env::args().nth(1).and_then(|text| text.parse().ok()).unwrap_or(PORT_DEFAULT);
    let listener = tokio::net::TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await?;
    println!("http://127.0.0.1:{port}/design");
    for entry in catalogue() {
        for sample in 0..(entry.samples)() {
            println!("http://127.0.0.1:{port}/gallery/{}/{sample}", entry.name);
        }
    }
    axum::serve(listener, gallery_router()).await
}
