//! ChromeDriver as a process, and one session of it.

use std::fmt;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use serde_json::{Value, json};
use tempfile::TempDir;

use super::BrowserOptions;
use crate::http::HttpClient;

/// How many drivers are started until one finds a port.
const STARTS_MAX: u32 = 10;
/// How long the driver's end may take; after that it is killed and the browser with it.
const FAREWELL: Duration = Duration::from_secs(10);

/// Nothing that goes to the network by itself, and nothing that needs a screen.
const ARGUMENTS: [&str; 15] = [
    "--headless=new",
    // A headless browser says so, and is not counted as a person then.
    "--user-agent=Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) \
     Chrome/150.0.0.0 Safari/537.36",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--no-default-browser-check",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-extensions",
    "--disable-sync",
    "--force-color-profile=srgb",
    // Names of the test have no TLS.
    "--disable-features=HttpsUpgrades,HttpsFirstBalancedModeAutoEnable,Translate,MediaRouter",
];

/// A session of a browser.
#[derive(Debug)]
pub(super) struct Driver {
    child: Child,
    client: HttpClient,
    address: SocketAddr,
    session: String,
    /// Outlives the browser.
    _profile: TempDir,
}

/// Why the driver did not do it.
#[derive(Debug)]
pub(super) struct Fault {
    code: String,
    message: String,
}

impl Fault {
    /// Whether the page was on its way: what was found is gone, or not yet where it will be.
    pub(super) fn passes(&self) -> bool {
        matches!(
            self.code.as_str(),
            "stale element reference"
                | "no such element"
                | "element not interactable"
                | "element click intercepted"
                | "no such execution context"
        ) || self.message.contains("aborted by navigation")
            || self.message.contains("execution context")
            || self.message.contains("Node with given id")
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.code, self.message.lines().next().unwrap_or_default())
    }
}

/// The program named by the variable, else one of these on the path.
fn program(variable: &str, names: &[&str]) -> PathBuf {
    if let Some(named) = std::env::var_os(variable) {
        return PathBuf::from(named);
    }
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders: Vec<PathBuf> = std::env::split_paths(&path).collect();
    let found = names.iter().flat_map(|name| folders.iter().map(move |folder| folder.join(name)));
    match found.into_iter().find(|it| it.is_file()) {
        Some(program) => program,
        None => panic!(
            "{} is missing: `apt-get install chromium chromium-driver`, or set {variable} to the \
             program. `cargo xtask test` does it.",
            names[0]
        ),
    }
}

impl Driver {
    pub(super) async fn start(options: &BrowserOptions) -> Self {
        let chromium = program(
            "TRIBUTARY_CHROMIUM",
            &["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"],
        );
        let (mut child, port) = listening();
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
        let profile = tempfile::tempdir().expect("a folder for the profile");
        let mut client = HttpClient::new(address);
        let asked = capabilities(&chromium, profile.path(), options);
        let made = client.post("/session", None, &asked).await.expect("the driver answers");
        let made = made.json();
        let Some(session) = made["value"]["sessionId"].as_str().map(ToOwned::to_owned) else {
            let _ = child.kill();
            panic!("{} does not start: {made}", chromium.display());
        };
        Self { child, client, address, session, _profile: profile }
    }

    /// What a command of the session gives.
    pub(super) async fn command(
        &mut self,
        method: &str,
        path: &str,
        body: &Value,
    ) -> Result<Value, Fault> {
        let target = format!("/session/{}{path}", self.session);
        let answer = match method {
            "GET" => self.client.get(&target).await,
            _ => self.client.post(&target, None, body).await,
        };
        let answer = match answer {
            Ok(answer) => answer,
            Err(error) => {
                return Err(Fault {
                    code: "the driver is gone".into(),
                    message: error.to_string(),
                });
            }
        };
        let mut json = answer.json();
        let value = json["value"].take();
        if answer.status == 200 {
            return Ok(value);
        }
        let text = |name: &str| value[name].as_str().unwrap_or_default().to_owned();
        Err(Fault { code: text("error"), message: text("message") })
    }
}

/// A driver and its port. Asked for any free port it takes one of IPv6 first and then the same of
/// IPv4, which somebody else may hold: it ends, and the next one gets another number.
fn listening() -> (Child, u16) {
    let mut command = Command::new(program("TRIBUTARY_CHROMEDRIVER", &["chromedriver"]));
    command.arg("--port=0").stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
    for turn in 1.. {
        let mut child = match command.spawn() {
            Ok(child) => child,
            Err(error) => panic!("{command:?}: {error}"),
        };
        let stdout = child.stdout.take().expect("it was asked for");
        match port_in(BufReader::new(stdout)) {
            Ok(port) => return (child, port),
            Err(said) => {
                let _ = child.wait();
                let taken = said.contains("port not available");
                assert!(taken && turn < STARTS_MAX, "ChromeDriver names no port: {said}");
            }
        }
    }
    unreachable!("the last turn returns or panics")
}

/// The port, as the driver says it on its standard output, which is read to its end from then on
/// so that the driver never waits for a reader; else all it said.
fn port_in(mut stdout: impl BufRead + Send + 'static) -> Result<u16, String> {
    let mut said = String::new();
    while stdout.read_line(&mut said).is_ok_and(|bytes| bytes > 0) {
        let port = said
            .lines()
            .last()
            .and_then(|line| line.trim_end_matches('.').rsplit_once("successfully on port "))
            .and_then(|(_, port)| port.parse().ok());
        if let Some(port) = port {
            std::thread::spawn(move || std::io::copy(&mut stdout, &mut std::io::sink()));
            return Ok(port);
        }
    }
    Err(said)
}

fn capabilities(chromium: &PathBuf, profile: &std::path::Path, options: &BrowserOptions) -> Value {
    let mut arguments: Vec<String> = ARGUMENTS.iter().map(|&it| it.to_owned()).collect();
    arguments.push(format!("--user-data-dir={}", profile.display()));
    if !options.language.is_empty() {
        arguments.push(format!("--accept-lang={}", options.language));
    }
    let rules: Vec<String> =
        options.hosts.iter().map(|(name, address)| format!("MAP {name} {address}")).collect();
    if !rules.is_empty() {
        arguments.push(format!("--host-resolver-rules={}", rules.join(",")));
    }
    if !options.trusted.is_empty() {
        let origins = options.trusted.join(",");
        arguments.push(format!("--unsafely-treat-insecure-origin-as-secure={origins}"));
    }
    json!({ "capabilities": { "alwaysMatch": {
        "browserName": "chrome",
        "timeouts": { "script": 30_000, "pageLoad": 60_000 },
        "goog:chromeOptions": { "binary": chromium, "args": arguments },
    }}})
}

impl Drop for Driver {
    fn drop(&mut self) {
        // The browser ends with its session; the driver alone would leave it running.
        let farewell = || -> std::io::Result<()> {
            let mut stream = TcpStream::connect(self.address)?;
            stream.set_read_timeout(Some(FAREWELL))?;
            write!(
                stream,
                "DELETE /session/{} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\r\n",
                self.session, self.address
            )?;
            stream.read_exact(&mut [0; 12])
        };
        let _ = farewell();
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
