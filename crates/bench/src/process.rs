//! Servers under measurement: pinned to a core, awaited, and gone at the end.

use std::net::{SocketAddr, TcpListener};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use crate::error::{BenchError, During};
use crate::wait::{self, Patience};

/// For a server to listen.
const START: Patience =
    Patience { every: Duration::from_millis(10), at_most: Duration::from_secs(20) };
/// For a server to end once asked, or when its time has come.
const END: Patience = START;

/// A server process. Dropped, it is asked to end, and killed if it does not.
#[derive(Debug)]
pub(crate) struct Server {
    child: Child,
    pub(crate) address: SocketAddr,
}

/// How the address of a server is known.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Listens {
    /// It was told.
    At(SocketAddr),
    /// It takes a free port and prints it, alone on its first line.
    Announced,
}

impl Server {
    /// Starts `command` on `core` and waits until it listens. Its output goes to `log`.
    pub(crate) async fn start(
        command: &Command,
        core: usize,
        listens: Listens,
        log: &Path,
    ) -> Result<Self, BenchError> {
        let name = command.get_program().to_string_lossy().into_owned();
        let output = std::fs::File::create(log).during(log.display().to_string())?;
        let mut child = pinned(command, core)
            .stdin(Stdio::null())
            .stdout(output.try_clone().during("the log of a server")?)
            .stderr(output)
            .spawn()
            .during(format!("taskset {name}"))?;
        let address = wait::until(START, async || {
            let address = match listens {
                Listens::At(address) => Some(address),
                Listens::Announced => announced(log),
            };
            if let Some(address) = address
                && tokio::net::TcpStream::connect(address).await.is_ok()
            {
                return Ok(Ok(address));
            }
            match child.try_wait().during(&name)? {
                Some(status) => Err(BenchError::Unfit(format!("it ended: {status}"))),
                None => Ok(Err("nothing listens".into())),
            }
        })
        .await;
        match address {
            Ok(address) => Ok(Self { child, address }),
            Err(error) => {
                // Already gone is as good as killed.
                drop(child.kill());
                let said = std::fs::read_to_string(log).unwrap_or_default();
                Err(BenchError::Unfit(format!("{name} does not serve: {error}; {said}")))
            }
        }
    }

    /// Asks the server to end and waits until it has, so that the next one has the core for itself.
    pub(crate) async fn stop(self) -> Result<(), BenchError> {
        self.terminate();
        self.end().await
    }

    /// Waits until a server that ends by itself has.
    pub(crate) async fn end(mut self) -> Result<(), BenchError> {
        wait::until(END, async || {
            let ended = self.child.try_wait().during("a server's end")?;
            Ok(ended.map(drop).ok_or_else(|| "a server does not end".into()))
        })
        .await
    }

    /// `SIGTERM`, which the standard library cannot send; nginx ends its worker upon it.
    fn terminate(&self) {
        let pid = self.child.id().to_string();
        let sent = Command::new("kill").args(["-TERM", &pid]).stderr(Stdio::null()).status();
        drop(sent);
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if let Ok(None) = self.child.try_wait() {
            self.terminate();
            // Errors mean that it is gone, which is what is wanted.
            drop(self.child.wait());
        }
    }
}

/// The port on the first line of what a server printed; `None` while the line is not whole.
fn announced(log: &Path) -> Option<SocketAddr> {
    let said = std::fs::read_to_string(log).ok()?;
    let port = said.split_once('\n')?.0.parse().ok()?;
    Some(SocketAddr::from(([127, 0, 0, 1], port)))
}

/// The same command, held to one core. `taskset` becomes the program, so its process is the
/// server's.
pub(crate) fn pinned(command: &Command, core: usize) -> Command {
    let mut pinned = Command::new("taskset");
    pinned.arg("--cpu-list").arg(core.to_string()).arg(command.get_program());
    pinned.args(command.get_args());
    if let Some(folder) = command.get_current_dir() {
        pinned.current_dir(folder);
    }
    pinned
}

/// Holds this process, and threads and programs it starts from now on, to one core.
pub(crate) fn pin_self(core: usize) -> Result<(), BenchError> {
    let pid = std::process::id().to_string();
    let core = core.to_string();
    finish(Command::new("taskset").args(["--cpu-list", "--pid", &core, &pid])).map(drop)
}

/// Says which of the programs that a bench stands on is missing.
pub(crate) fn require(programs: &[&str]) -> Result<(), BenchError> {
    for program in programs {
        let found = Command::new("which").arg(program).output();
        if !found.is_ok_and(|found| found.status.success()) {
            return Err(BenchError::Unfit(format!("{program} is missing: install it")));
        }
    }
    Ok(())
}

/// Waits until the disk has everything that was written so far.
pub(crate) fn settle_disk() -> Result<(), BenchError> {
    finish(&mut Command::new("sync")).map(drop)
}

/// Removes a folder, if there is one.
pub(crate) fn remove_folder(folder: &Path) -> Result<(), BenchError> {
    match std::fs::remove_dir_all(folder) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(error).during(format!("remove {}", folder.display()))
        }
        _ => Ok(()),
    }
}

/// Runs a program to its end and returns what it printed.
pub(crate) fn finish(command: &mut Command) -> Result<String, BenchError> {
    let program = command.get_program().to_string_lossy().into_owned();
    let output = command.stdin(Stdio::null()).output().during(&program)?;
    let printed = String::from_utf8_lossy(&output.stdout).into_owned();
    if output.status.success() {
        return Ok(printed);
    }
    let output_text = format!("{printed}{}", String::from_utf8_lossy(&output.stderr));
    Err(BenchError::Program { program, status: output.status, output: output_text })
}

/// A loopback address whose port was free a moment ago.
pub(crate) fn free_address() -> Result<SocketAddr, BenchError> {
    let listener = TcpListener::bind("127.0.0.1:0").during("a free port")?;
    listener.local_addr().during("a free port")
}
