//! The built program as a process of its own, to be killed, stopped and watched.

use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::Duration;

use serde_json::Value;
use tokio::sync::watch;

use crate::wait::within;

/// How long a start, a line of the log or an orderly end may take on a busy machine.
const PATIENCE: Duration = Duration::from_secs(60);

/// A running `tributary serve`, which logs as JSON to standard error. Killed when dropped.
#[derive(Debug)]
pub struct ServerProcess {
    child: Child,
    log: watch::Receiver<Vec<Value>>,
}

impl ServerProcess {
    /// Starts it, and does not wait for anything.
    ///
    /// # Panics
    /// When there is no such program.
    #[must_use]
    pub fn spawn(mut command: Command) -> Self {
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
        let mut child = match command.spawn() {
            Ok(child) => child,
            Err(error) => panic!("{command:?}: {error}"),
        };
        let (lines, log) = watch::channel(Vec::new());
        let stderr = child.stderr.take().expect("it was asked for");
        std::thread::spawn(move || {
            for line in BufReader::new(stderr).lines().map_while(Result::ok) {
                // What is no JSON is said by a person's command line: kept as text.
                let value = serde_json::from_str(&line).unwrap_or(Value::String(line));
                lines.send_modify(|all| all.push(value));
            }
        });
        Self { child, log }
    }

    /// The process's id.
    #[must_use]
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// The first line of the log with this message, as soon as it is there; `None` when the process
    /// ended without.
    ///
    /// # Panics
    /// When it is not there within a minute.
    pub async fn logged(&self, message: &str) -> Option<Value> {
        let is_it = |line: &&Value| line["message"] == message;
        let mut log = self.log.clone();
        let wait = log.wait_for(|all| all.iter().any(|line| is_it(&line)));
        let found = within(PATIENCE, message, wait).await;
        found.ok()?.iter().find(is_it).cloned()
    }

    /// Everything logged so far.
    #[must_use]
    pub fn log(&self) -> Vec<Value> {
        self.log.borrow().clone()
    }

    /// The addresses of pages with API, and of the edge, once it serves.
    ///
    /// # Panics
    /// When it does not come to that, with what it logged.
    pub async fn addresses(&self) -> (SocketAddr, SocketAddr) {
        let Some(line) = self.logged("tributary.serving").await else {
            panic!("it does not serve: {:#?}", self.log());
        };
        let address = |name: &str| line[name].as_str().and_then(|text| text.parse().ok());
        match (address("web_address"), address("edge_address")) {
            (Some(web), Some(edge)) => (web, edge),
            _ => panic!("no addresses in {line}"),
        }
    }

    /// Kills it at once, as `kill -9` does, and waits until it is gone.
    ///
    /// # Panics
    /// When the system refuses.
    pub fn kill(&mut self) {
        self.child.kill().and_then(|()| self.child.wait()).expect("a process of ours is killed");
    }

    /// Asks it to stop, and waits until it has.
    ///
    /// # Panics
    /// When it takes longer than a minute.
    pub async fn stop(&mut self) -> ExitStatus {
        let pid = self.child.id().to_string();
        let asked = Command::new("kill").args(["-TERM", &pid]).status();
        assert!(asked.is_ok_and(|status| status.success()), "it was asked to stop");
        self.ended().await
    }

    /// Waits until it ends by itself.
    ///
    /// # Panics
    /// When it takes longer than a minute.
    pub async fn ended(&mut self) -> ExitStatus {
        // Its log is closed when it ends.
        let mut log = self.log.clone();
        let closed = async { while log.changed().await.is_ok() {} };
        within(PATIENCE, "the end of the process", closed).await;
        self.child.wait().expect("a process of ours is waited for")
    }
}

impl Drop for ServerProcess {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shell(script: &str) -> ServerProcess {
        let mut command = Command::new("sh");
        command.args(["-c", script]);
        ServerProcess::spawn(command)
    }

    #[tokio::test]
    async fn a_process_is_watched_killed_and_stopped() {
        let serving = r#"{"message":"tributary.serving","web_address":"127.0.0.1:1",
            "edge_address":"127.0.0.1:2"}"#
            .replace('\n', " ");
        let mut running = shell(&format!("echo words >&2; echo '{serving}' >&2; exec sleep 60"));
        let (web, edge) = running.addresses().await;
        assert_eq!((web.port(), edge.port()), (1, 2));
        assert_eq!(running.log()[0], "words");
        running.kill();
        assert_eq!(running.logged("never").await, None);

        let mut running = shell(&format!(
            "trap 'echo \"{{\\\"message\\\":\\\"bye\\\"}}\" >&2; exit 3' TERM; echo '{serving}' >&2; \
             while :; do sleep 0.01; done"
        ));
        running.addresses().await;
        assert_eq!(running.stop().await.code(), Some(3));
        assert!(running.logged("bye").await.is_some());
    }
}
