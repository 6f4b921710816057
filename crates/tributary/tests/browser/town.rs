//! An empty installation and a shop, each under a name of its own, with everybody's browsers.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::time::Duration;

use serde_json::json;
use tempfile::TempDir;
use tributary_i18n::Language;
use tributary_testkit::{Browser, BrowserOptions, HttpClient, Screen, ServerProcess, until};

use crate::post::Post;
use crate::shop::Shop;

const PATIENCE: Duration = Duration::from_secs(60);
/// Where the pages are.
pub(crate) const PAGES: &str = "http://app.acme.test";
/// How links begin.
pub(crate) const LINKS: &str = "http://go.acme.test";
/// The shop, which is another site.
pub(crate) const SHOP: &str = "http://shop.example.test";

/// See the module. Gone when dropped.
#[derive(Debug)]
pub(crate) struct Town {
    folder: TempDir,
    pub(crate) process: ServerProcess,
    pub(crate) web: SocketAddr,
    pub(crate) edge: SocketAddr,
    pub(crate) shop: Arc<Shop>,
    options: BrowserOptions,
}

impl Town {
    /// Whose people read this language.
    pub(crate) async fn new(language: Language) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let config = format!(
            "folder = \"{}\"\n\
             [web]\nlisten = \"127.0.0.1:0\"\npublic_url = \"{PAGES}\"\n\
             [edge]\nlisten = \"127.0.0.1:0\"\npublic_url = \"{LINKS}\"\nthreads = 1\n\
             [metrics]\nlisten = \"127.0.0.1:0\"\n\
             [jobs]\ninterval_seconds = 1\ningest_interval_milliseconds = 20\n\
             [log]\nformat = \"json\"\n",
            folder.path().join("data").display(),
        );
        let path = folder.path().join("tributary.toml");
        std::fs::write(&path, config).unwrap();
        let mut command = Command::new(env!("CARGO_BIN_EXE_tributary"));
        command.arg("--config").arg(path).arg("serve");
        let process = ServerProcess::spawn(command);
        let (web, edge) = process.addresses().await;
        let (shop, shop_address) = Shop::open().await;
        let name = |url: &str| url.trim_start_matches("http://").to_owned();
        let options = BrowserOptions {
            hosts: vec![(name(PAGES), web), (name(LINKS), edge), (name(SHOP), shop_address)],
            trusted: [PAGES, LINKS, SHOP].map(ToOwned::to_owned).to_vec(),
            language: language.code().to_owned(),
        };
        Self { folder, process, web, edge, shop, options }
    }

    /// Somebody's browser, who knows nothing yet.
    pub(crate) async fn browser(&self, screen: Screen) -> Browser {
        let mut browser = Browser::start(&self.options).await;
        browser.screen(screen).await;
        browser
    }

    /// Waits until a link works. Asked as a machine: machines are not counted.
    pub(crate) async fn link_works(&self, path: &str) {
        let mut machine = HttpClient::new(self.edge).with("User-Agent", "curl/8.0");
        until(PATIENCE, "the link to work", async || {
            let answer = machine.get(path).await.ok()?;
            (answer.status == 302).then_some(())
        })
        .await;
    }

    /// Everybody's mail.
    pub(crate) fn post(&self) -> Post {
        Post::in_folder(self.folder.path().join("data/mail"))
    }

    /// A new folder for somebody's downloads.
    pub(crate) fn downloads(&self) -> PathBuf {
        let folder = self.folder.path().join("downloads");
        std::fs::create_dir_all(&folder).unwrap();
        folder
    }

    /// Everything recounted by the program itself.
    pub(crate) fn verify(&self) {
        let config = self.folder.path().join("tributary.toml");
        let program = env!("CARGO_BIN_EXE_tributary");
        let output = Command::new(program).arg("--config").arg(config).arg("verify").output();
        let output = output.unwrap();
        let said = String::from_utf8_lossy(&output.stdout);
        assert!(said.contains("Everything agrees."), "{output:?}");
    }
}

/// Keeps pictures of what a browser shows on both screens, for people to look at.
pub(crate) async fn picture(browser: &mut Browser, name: &str) {
    let language = browser.script("return document.documentElement.lang", json!([])).await;
    let language = language.as_str().unwrap_or_default();
    let album = if browser.runs_scripts() { "road" } else { "road-without-script" };
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../target/screenshots")
        .join(format!("{album}-{language}"));
    std::fs::create_dir_all(&folder).unwrap();
    let own = browser.seen_on();
    for screen in Screen::ALL {
        browser.screen(screen).await;
        let file = folder.join(format!("{name}-{}.png", screen.name()));
        std::fs::write(file, browser.picture().await).unwrap();
    }
    browser.screen(own).await;
}
