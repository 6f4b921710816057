//! Chromium as a person uses it: finds things by the words they show, clicks, types, waits until
//! something is seen. Driven over WebDriver, which is JSON over HTTP, by ChromeDriver.
//!
//! A step waits for what it needs and no longer; nothing is found by its place in the markup.

mod driver;

use std::net::SocketAddr;
use std::path::Path;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use crate::wait::within;
use driver::{Driver, Fault};

/// How long a thing may take to be seen on a busy machine.
const PATIENCE: Duration = Duration::from_secs(60);
/// How often a page is looked at while something is waited for.
const LOOK_AGAIN: Duration = Duration::from_millis(25);
/// The key of an element's reference, fixed by the standard.
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";
/// Finds what a person would by the words it shows; evaluated before every use.
const FINDERS: &str = include_str!("finders.js");

/// What a browser is told before it starts.
#[derive(Debug, Clone, Default)]
pub struct BrowserOptions {
    /// Names that lead to servers of the test, with the port left out of addresses.
    pub hosts: Vec<(String, SocketAddr)>,
    /// Origins such as `http://shop.example.test` that count as if they had TLS.
    pub trusted: Vec<String>,
    /// What it asks for, such as `en-GB`.
    pub language: String,
}

/// A running browser with one window. Closed when dropped.
#[derive(Debug)]
pub struct Browser {
    driver: Driver,
    runs_scripts: bool,
    screen: Screen,
}

impl Browser {
    /// Starts one with a profile of its own.
    ///
    /// # Panics
    /// When Chromium or ChromeDriver is missing or does not start; the message says what to do.
    pub async fn start(options: &BrowserOptions) -> Self {
        Self { driver: Driver::start(options).await, runs_scripts: true, screen: Screen::Desk }
    }

    /// Goes to an address, and waits until the page is loaded.
    ///
    /// # Panics
    /// When it cannot be reached.
    pub async fn open(&mut self, url: &str) {
        self.must("POST /url", json!({ "url": url })).await;
    }

    /// Where it is.
    ///
    /// # Panics
    /// When the browser is gone.
    pub async fn url(&mut self) -> String {
        let url = self.must("GET /url", Value::Null).await;
        url.as_str().unwrap_or_default().to_owned()
    }

    /// The words that can be seen.
    ///
    /// # Panics
    /// When the browser is gone.
    pub async fn words(&mut self) -> String {
        let words = self.script("return words()", json!([])).await;
        words.as_str().unwrap_or_default().to_owned()
    }

    /// Waits until some words can be seen.
    ///
    /// # Panics
    /// When they do not come, with what is seen instead.
    pub async fn sees(&mut self, wanted: &str) {
        self.seek("return words().includes(arguments[0]) || null", json!([wanted]), wanted).await;
    }

    /// Waits until an address begins so, which it does once a page there is shown.
    ///
    /// # Panics
    /// When it does not come to that.
    pub async fn arrives(&mut self, url: &str) {
        let code = "return document.readyState !== 'loading' \
                    && location.href.startsWith(arguments[0]) || null";
        self.seek(code, json!([url]), url).await;
    }

    /// Presses the button, link or menu that says these words.
    ///
    /// # Panics
    /// When there is none, or it is covered by something else.
    pub async fn press(&mut self, words: &str) {
        self.act("return pressable(arguments[0])", words, Act::Click).await;
    }

    /// Writes into the field with this label, in place of what stands there.
    ///
    /// # Panics
    /// When there is none that can be written into.
    pub async fn write(&mut self, label: &str, text: &str) {
        self.act("return field(arguments[0])", label, Act::Write(text)).await;
    }

    /// Chooses from the list with this label the entry with these words.
    ///
    /// # Panics
    /// When there is no such list or entry.
    pub async fn choose(&mut self, label: &str, words: &str) {
        let code = "return choose(arguments[0], arguments[1])";
        self.seek(code, json!([label, words]), &format!("{label}: {words}")).await;
    }

    /// Ticks or unticks the box with this label.
    ///
    /// # Panics
    /// When there is none.
    pub async fn tick(&mut self, label: &str) {
        self.act("return box(arguments[0])", label, Act::Click).await;
    }

    /// What JavaScript returns, in the page that is shown.
    ///
    /// # Panics
    /// When it throws.
    pub async fn script(&mut self, code: &str, arguments: Value) -> Value {
        let body = json!({ "script": format!("{FINDERS}\n{code}"), "args": arguments });
        self.must("POST /execute/sync", body).await
    }

    /// Shows pages as a screen of this size does.
    ///
    /// # Panics
    /// When the browser is gone.
    pub async fn screen(&mut self, screen: Screen) {
        self.screen = screen;
        self.size(screen.height()).await;
        let phone = screen == Screen::Phone;
        let touch = json!({ "enabled": phone, "maxTouchPoints": 1 });
        self.devtools("Emulation.setTouchEmulationEnabled", touch).await;
    }

    /// The screen that pages are shown on.
    #[must_use]
    pub const fn seen_on(&self) -> Screen {
        self.screen
    }

    async fn size(&mut self, height: u32) {
        let (width, phone) = (self.screen.width(), self.screen == Screen::Phone);
        let size = json!({
            "width": width, "height": height, "deviceScaleFactor": 1, "mobile": phone,
        });
        self.devtools("Emulation.setDeviceMetricsOverride", size).await;
    }

    /// Whether the person likes it dark.
    ///
    /// # Panics
    /// When the browser is gone.
    pub async fn dark(&mut self, dark: bool) {
        let value = if dark { "dark" } else { "light" };
        let media = json!({ "features": [{ "name": "prefers-color-scheme", "value": value }] });
        self.devtools("Emulation.setEmulatedMedia", media).await;
    }

    /// Switches the scripts of pages off, for the pages that are opened from now on.
    ///
    /// # Panics
    /// When the browser is gone.
    pub async fn without_script(&mut self) {
        self.devtools("Emulation.setScriptExecutionDisabled", json!({ "value": true })).await;
        self.runs_scripts = false;
    }

    /// Whether the scripts of pages run.
    #[must_use]
    pub const fn runs_scripts(&self) -> bool {
        self.runs_scripts
    }

    /// Puts files that are downloaded into a folder.
    ///
    /// # Panics
    /// When the browser is gone.
    pub async fn downloads_to(&mut self, folder: &Path) {
        let behaviour = json!({ "behavior": "allow", "downloadPath": folder });
        self.devtools("Browser.setDownloadBehavior", behaviour).await;
    }

    /// A picture of the whole page, however long, as a PNG. The screen is made as high as the page
    /// for it, so that what keeps to an edge of the screen is at an edge of the picture.
    ///
    /// # Panics
    /// When the browser is gone.
    pub async fn picture(&mut self) -> Vec<u8> {
        let code = "return Math.ceil(document.documentElement.scrollHeight)";
        let length = self.script(code, json!([])).await;
        let length = length.as_u64().and_then(|it| u32::try_from(it).ok()).unwrap_or_default();
        let longer = length > self.screen.height();
        if longer {
            self.size(length).await;
        }
        let taken = self.devtools("Page.captureScreenshot", json!({ "format": "png" })).await;
        if longer {
            self.size(self.screen.height()).await;
        }
        STANDARD.decode(taken["data"].as_str().unwrap_or_default()).expect("it is base64")
    }

    /// The value of a cookie of the site that is shown.
    ///
    /// # Panics
    /// When the browser is gone.
    pub async fn cookie(&mut self, name: &str) -> Option<String> {
        let answer = self.driver.command("GET", &format!("/cookie/{name}"), &Value::Null).await;
        answer.ok()?["value"].as_str().map(ToOwned::to_owned)
    }

    async fn devtools(&mut self, command: &str, parameters: Value) -> Value {
        let body = json!({ "cmd": command, "params": parameters });
        self.must("POST /goog/cdp/execute", body).await
    }

    async fn must(&mut self, call: &str, body: Value) -> Value {
        let (method, path) = call.split_once(' ').expect("a method and a path");
        match self.driver.command(method, path, &body).await {
            Ok(value) => value,
            Err(fault) => panic!("{call} {body}: {fault}"),
        }
    }

    /// Does something to what a script finds, again and again until it is done: a page that is
    /// being left may take its elements with it.
    async fn act(&mut self, finder: &str, words: &str, act: Act<'_>) {
        let tried = async {
            let mut tick = tokio::time::interval(LOOK_AGAIN);
            loop {
                tick.tick().await;
                match self.try_act(finder, words, act).await {
                    Ok(true) => return,
                    Ok(false) => {}
                    Err(fault) if fault.passes() => {}
                    Err(fault) => panic!("`{words}`: {fault}"),
                }
            }
        };
        if tokio::time::timeout(PATIENCE, tried).await.is_err() {
            self.give_up(words).await;
        }
    }

    async fn try_act(&mut self, finder: &str, words: &str, act: Act<'_>) -> Result<bool, Fault> {
        let find = json!({ "script": format!("{FINDERS}\n{finder}"), "args": [words] });
        let found = self.driver.command("POST", "/execute/sync", &find).await?;
        let Some(id) = found[ELEMENT].as_str() else { return Ok(false) };
        match act {
            Act::Click => {
                self.driver.command("POST", &format!("/element/{id}/click"), &json!({})).await?;
            }
            Act::Write(text) => {
                // Days are typed in the order of the browser's language: set them as a picker does.
                let code = format!("{FINDERS}\nreturn setDay(arguments[0], arguments[1])");
                let set = json!({ "script": code, "args": [found, text] });
                if self.driver.command("POST", "/execute/sync", &set).await? == json!(true) {
                    return Ok(true);
                }
                let path = format!("/element/{id}");
                self.driver.command("POST", &format!("{path}/clear"), &json!({})).await?;
                let keys = json!({ "text": text });
                self.driver.command("POST", &format!("{path}/value"), &keys).await?;
            }
        }
        Ok(true)
    }

    /// What a script returns, as soon as that is not null.
    async fn seek(&mut self, code: &str, arguments: Value, what: &str) -> Value {
        let body = json!({ "script": format!("{FINDERS}\n{code}"), "args": arguments });
        let found = async {
            let mut tick = tokio::time::interval(LOOK_AGAIN);
            loop {
                tick.tick().await;
                match self.driver.command("POST", "/execute/sync", &body).await {
                    Ok(Value::Null) => {}
                    Ok(found) => return found,
                    Err(fault) if fault.passes() => {}
                    Err(fault) => panic!("{what}: {fault}"),
                }
            }
        };
        match tokio::time::timeout(PATIENCE, found).await {
            Ok(found) => found,
            Err(_) => self.give_up(what).await,
        }
    }

    async fn give_up(&mut self, what: &str) -> ! {
        let url = within(PATIENCE, "the address of a page", self.url()).await;
        let words = within(PATIENCE, "the words of a page", self.words()).await;
        panic!("`{what}` is not on {url}, which says:\n{words}");
    }
}

#[derive(Debug, Clone, Copy)]
enum Act<'a> {
    Click,
    Write(&'a str),
}

/// How large a screen is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Screen {
    /// 390 px wide, touched.
    Phone,
    /// 1,280 px wide.
    Desk,
}

impl Screen {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Phone, Self::Desk];

    /// For file names.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Phone => "phone",
            Self::Desk => "desk",
        }
    }

    /// CSS pixels.
    #[must_use]
    pub const fn height(self) -> u32 {
        match self {
            Self::Phone => 844,
            Self::Desk => 800,
        }
    }

    /// CSS pixels.
    #[must_use]
    pub const fn width(self) -> u32 {
        match self {
            Self::Phone => 390,
            Self::Desk => 1_280,
        }
    }
}
