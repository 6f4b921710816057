//! Every page in a real browser, with its samples, in four languages, on a phone and at a desk,
//! light and dark: nothing runs out of the screen or is cut off, and everything that is touched is
//! large enough for a thumb. The pictures are for people to look at: `target/screenshots`.

#![expect(clippy::unwrap_used, reason = "a test that cannot set itself up fails")]

use std::fmt::Write as _;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};

use serde_json::json;
use tributary_console::{catalogue, gallery_router};
use tributary_i18n::Language;
use tributary_testkit::{Browser, BrowserOptions, Screen};

/// What is wrong with the page that is shown, in words; the argument is the screen's width.
const LOOK: &str = include_str!("looks.js");

async fn gallery() -> SocketAddr {
    let listener = tokio::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, gallery_router()).await });
    address
}

fn pictures() -> PathBuf {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/screenshots/pages");
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

/// The pages of one language; what is wrong with them.
async fn look_at(address: SocketAddr, language: Language) -> String {
    let folder = pictures();
    let mut browser = Browser::start(&BrowserOptions::default()).await;
    let mut wrong = String::new();
    // Both schemes have the same shapes: a page's first sample is pictured light on one screen and
    // dark on the other, the other way round for every second page, and the other samples on one
    // of the screens; everything in all four ways in a soak.
    let thorough = std::env::var_os("TRIBUTARY_SOAK").is_some();
    for screen in Screen::ALL {
        browser.screen(screen).await;
        for (page, entry) in catalogue().into_iter().enumerate() {
            for sample in 0..(entry.samples)() {
                let url =
                    format!("http://{address}/gallery/{}/{sample}?lang={language}", entry.name);
                browser.open(&url).await;
                let said = browser.script(LOOK, json!([screen.width()])).await;
                for line in said.as_array().unwrap() {
                    let line = line.as_str().unwrap();
                    let name = screen.name();
                    writeln!(wrong, "{}/{sample} {language} {name}: {line}", entry.name).unwrap();
                }
                let dark_here = (page + sample + usize::from(screen == Screen::Phone)) % 2 == 1;
                let one_screen = (sample % 2 == 0) == (screen == Screen::Phone);
                for dark in [false, true] {
                    if thorough || (dark == dark_here && (sample == 0 || one_screen)) {
                        browser.dark(dark).await;
                        let scheme = if dark { "dark" } else { "light" };
                        let name = format!(
                            "{}-{sample}-{language}-{}-{scheme}.png",
                            entry.name,
                            screen.name()
                        );
                        std::fs::write(folder.join(name), browser.picture().await).unwrap();
                    }
                }
            }
        }
    }
    wrong
}

#[tokio::test(flavor = "multi_thread")]
async fn every_page_fits_its_screen() {
    let address = gallery().await;
    let looks = Language::ALL.map(|language| tokio::spawn(look_at(address, language)));
    let mut wrong = String::new();
    for look in looks {
        wrong += &look.await.unwrap();
    }
    assert!(wrong.is_empty(), "\n{wrong}");
}
