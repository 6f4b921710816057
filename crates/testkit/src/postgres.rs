//! A PostgreSQL server for one test process, gone when the process is.

use std::collections::BTreeMap;
use std::fs;
use std::io::{PipeWriter, pipe};
use std::os::unix::fs::{PermissionsExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};

use sqlx::postgres::PgConnectOptions;
use sqlx::{AssertSqlSafe, ConnectOptions, Connection};

const SUPERUSER: &str = "tributary";
const NEEDED: [&str; 3] = ["initdb", "pg_ctl", "postgres"];

/// Waits for the end of the process that holds the other end of its standard input, however that
/// comes, then ends the server and removes its folder. Deaf to the keyboard's interrupt.
const WATCHDOG: &str = r#"
trap '' INT TERM HUP
cat > /dev/null
pid=$(head -n 1 "$1/data/postmaster.pid" 2> /dev/null)
pid=${pid#-} # initdb's own server writes a minus before it
if [ -n "$pid" ]; then
    kill -QUIT "$pid" 2> /dev/null
    tries=0
    while kill -0 "$pid" 2> /dev/null && [ $tries -lt 200 ]; do
        sleep 0.02
        tries=$((tries + 1))
    done
fi
rm -rf "$1" || { sleep 1; rm -rf "$1"; }
"#;

/// Why there is no server.
#[derive(Debug, thiserror::Error)]
pub enum ServerError {
    /// It is not installed.
    #[error(
        "PostgreSQL is not installed: `initdb`, `pg_ctl` and `postgres` are not together in PATH, \
         /usr/lib/postgresql/*/bin or /usr/local/pgsql/bin. On Debian or Ubuntu: `apt-get install \
         postgresql`; on macOS: `brew install postgresql`"
    )]
    NotInstalled,
    /// PostgreSQL refuses to run as root.
    #[error("PostgreSQL does not run as root, and there is no user `postgres` or `nobody` for it")]
    NoUser,
    /// Something it needs could not be done.
    #[error("{what}: {detail}")]
    Failed {
        /// What was tried.
        what: String,
        /// What came of it, with the server's log where there is one.
        detail: String,
    },
}

/// How the server runs.
#[derive(Debug, Clone)]
pub struct ServerOptions {
    /// `fsync`: off makes tests faster where durability is not what they test.
    pub fsync: bool,
    /// Further settings, by name.
    pub settings: BTreeMap<String, String>,
}

impl Default for ServerOptions {
    fn default() -> Self {
        Self { fsync: true, settings: BTreeMap::new() }
    }
}

/// A server of its own in a folder of its own, reached by a Unix socket in it, so that no port is
/// taken and nobody else is let in. Stopped and removed when dropped, and also when the process
/// ends in any other way.
#[derive(Debug)]
pub struct ThrowawayPostgres {
    binaries: PathBuf,
    folder: PathBuf,
    owner: Option<Owner>,
    options: ServerOptions,
    databases: AtomicU64,
    watchdog: Watchdog,
}

/// The user that the server runs as, when we are root.
#[derive(Debug, Clone, Copy)]
struct Owner {
    uid: u32,
    gid: u32,
}

#[derive(Debug)]
struct Watchdog {
    /// Closed by the system when this process ends.
    leash: Option<PipeWriter>,
    process: Child,
}

impl ThrowawayPostgres {
    /// The server that all tests of a process share; started by the first, with default options.
    /// Tests that stop a server [start](Self::start) their own.
    ///
    /// # Panics
    /// When there can be no server, saying what to do about it: a test that needs PostgreSQL is
    /// not skipped.
    #[must_use]
    pub fn shared() -> &'static Self {
        static SHARED: OnceLock<ThrowawayPostgres> = OnceLock::new();
        SHARED.get_or_init(|| match Self::start(ServerOptions::default()) {
            Ok(server) => server,
            Err(error) => panic!("{error}"),
        })
    }

    /// Makes and starts a server. Takes a second or two, and blocks.
    ///
    /// # Errors
    /// When PostgreSQL is not installed, or cannot be run by this user.
    pub fn start(options: ServerOptions) -> Result<Self, ServerError> {
        let binaries = find_binaries()?;
        let owner = owner()?;
        let folder = make_folder(owner)?;
        let watchdog = Watchdog::set(&folder)?;
        let databases = AtomicU64::new(0);
        let server = Self { binaries, folder, owner, options, databases, watchdog };
        let data = server.data();
        let made = server
            .command("initdb")
            .args(["--no-sync", "--auth=trust", "--encoding=UTF8", "--locale=C"])
            .arg(format!("--username={SUPERUSER}"))
            .arg("--pgdata")
            .arg(&data)
            .stderr(Stdio::piped())
            .output();
        let made = made.map_err(|error| failed("initdb", &error))?;
        if !made.status.success() {
            return Err(failed("initdb", &String::from_utf8_lossy(&made.stderr)));
        }
        server.start_again()?;
        Ok(server)
    }

    /// Starts it again after [`ThrowawayPostgres::stop`], with its data, and waits until it takes
    /// connections. Blocks.
    ///
    /// # Errors
    /// With the server's log, when it does not start.
    pub fn start_again(&self) -> Result<(), ServerError> {
        let log = self.folder.join("server.log");
        let mut settings = format!(
            "-c listen_addresses='' -c unix_socket_directories='{}' -c max_connections=200 -c \
             fsync={}",
            self.folder.display(),
            if self.options.fsync { "on" } else { "off" },
        );
        for (name, value) in &self.options.settings {
            settings.push_str(&format!(" -c {name}='{value}'"));
        }
        let started = self
            .command("pg_ctl")
            .args(["start", "--wait", "--timeout=60", "--silent", "--options"])
            .arg(settings)
            .arg("--log")
            .arg(&log)
            .arg("--pgdata")
            .arg(self.data())
            .status();
        match started {
            Ok(status) if status.success() => Ok(()),
            Ok(_) => Err(failed("pg_ctl start", &fs::read_to_string(log).unwrap_or_default())),
            Err(error) => Err(failed("pg_ctl start", &error)),
        }
    }

    /// Stops it, breaking connections off, and waits until it is gone: the database is away.
    /// Blocks.
    ///
    /// # Errors
    /// When it does not stop.
    pub fn stop(&self) -> Result<(), ServerError> {
        let stopped = self
            .command("pg_ctl")
            .args(["stop", "--wait", "--mode=immediate", "--silent", "--pgdata"])
            .arg(self.data())
            .status();
        match stopped {
            Ok(status) if status.success() => Ok(()),
            Ok(status) => Err(failed("pg_ctl stop", &status)),
            Err(error) => Err(failed("pg_ctl stop", &error)),
        }
    }

    /// A new, empty database; its address.
    ///
    /// # Panics
    /// When the server does not make it.
    pub async fn database(&self) -> String {
        self.database_with("").await
    }

    /// As [`ThrowawayPostgres::database`], with further words for `CREATE DATABASE`, such as
    /// `TEMPLATE template0 LOCALE_PROVIDER icu ICU_LOCALE 'da'`.
    ///
    /// # Panics
    /// When the server does not make it.
    pub async fn database_with(&self, words: &str) -> String {
        let name = format!("test_{}", self.databases.fetch_add(1, Ordering::Relaxed));
        let options = PgConnectOptions::new_without_pgpass()
            .socket(&self.folder)
            .username(SUPERUSER)
            .database("postgres");
        let made = async {
            let mut connection = options.connect().await?;
            let sql = format!("CREATE DATABASE {name} {words}");
            sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut connection).await?;
            connection.close().await
        };
        if let Err(error) = made.await {
            panic!("cannot make a test database: {error}");
        }
        self.url(&name)
    }

    /// The address of one of its databases.
    #[must_use]
    pub fn url(&self, database: &str) -> String {
        let host = self.folder.display();
        format!("postgres://{SUPERUSER}@localhost/{database}?host={host}")
    }

    /// The folder of its socket: the `--host` of its tools.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// One of the tools that came with it, such as `pgbench` or `pg_dump`, ready to be run as its
    /// superuser.
    #[must_use]
    pub fn tool(&self, name: &str) -> Command {
        let mut command = self.command(name);
        command.env("PGHOST", &self.folder).env("PGUSER", SUPERUSER);
        command
    }

    fn data(&self) -> PathBuf {
        self.folder.join("data")
    }

    fn command(&self, name: &str) -> Command {
        let mut command = Command::new(self.binaries.join(name));
        command.current_dir(&self.folder).stdin(Stdio::null()).stdout(Stdio::null());
        command.stderr(Stdio::null()).env("LC_ALL", "C");
        if let Some(owner) = self.owner {
            command.uid(owner.uid).gid(owner.gid);
        }
        command
    }
}

impl Drop for ThrowawayPostgres {
    fn drop(&mut self) {
        // The watchdog does both: ends what runs and removes the folder.
        self.watchdog.release();
    }
}

impl Watchdog {
    fn set(folder: &Path) -> Result<Self, ServerError> {
        let watchdog = |error: std::io::Error| failed("the watchdog", &error);
        let (end, leash) = pipe().map_err(watchdog)?;
        let process = Command::new("sh")
            .args(["-c", WATCHDOG, "watchdog"])
            .arg(folder)
            .stdin(end)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .process_group(0)
            .spawn()
            .map_err(watchdog)?;
        Ok(Self { leash: Some(leash), process })
    }

    fn release(&mut self) {
        self.leash = None;
        let _ = self.process.wait();
    }
}

fn failed(what: &str, detail: &impl std::fmt::Display) -> ServerError {
    ServerError::Failed { what: what.to_owned(), detail: detail.to_string() }
}

/// The folder that has all the programs needed; the newest version of several.
fn find_binaries() -> Result<PathBuf, ServerError> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    // A program in PATH is often a link into the folder that has the others.
    let in_path = std::env::split_paths(&path)
        .filter_map(|folder| fs::canonicalize(folder.join("postgres")).ok())
        .filter_map(|program| program.parent().map(Path::to_owned));
    let mut versions: Vec<(u32, PathBuf)> = fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .filter_map(|entry| entry.ok().map(|entry| entry.path()))
        .filter_map(|path| Some((path.file_name()?.to_str()?.parse().ok()?, path.join("bin"))))
        .collect();
    versions.sort();
    let packaged = versions.into_iter().rev().map(|(_, folder)| folder);
    let others = ["/usr/local/bin", "/usr/local/pgsql/bin"].map(PathBuf::from);
    in_path
        .chain(packaged)
        .chain(others)
        .find(|folder| NEEDED.iter().all(|name| folder.join(name).exists()))
        .ok_or(ServerError::NotInstalled)
}

/// `None` when we are not root and the server runs as ourselves.
fn owner() -> Result<Option<Owner>, ServerError> {
    let answer = Command::new("id").arg("-u").output().map_err(|error| failed("id -u", &error))?;
    if answer.stdout.trim_ascii() != b"0" {
        return Ok(None);
    }
    let users = fs::read_to_string("/etc/passwd").map_err(|error| failed("/etc/passwd", &error))?;
    let find = |name: &str| {
        let mut fields = users.lines().map(|line| line.split(':').collect::<Vec<_>>());
        let fields = fields.find(|fields| fields.len() > 3 && fields[0] == name)?;
        Some(Owner { uid: fields[2].parse().ok()?, gid: fields[3].parse().ok()? })
    };
    find("postgres").or_else(|| find("nobody")).map(Some).ok_or(ServerError::NoUser)
}

fn make_folder(owner: Option<Owner>) -> Result<PathBuf, ServerError> {
    let make = || {
        let folder = tempfile::Builder::new().prefix("tributary-postgres-").tempdir()?;
        fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o700))?;
        if let Some(owner) = owner {
            chown(folder.path(), Some(owner.uid), Some(owner.gid))?;
        }
        // From here on the watchdog removes it.
        Ok(folder.keep())
    };
    make().map_err(|error: std::io::Error| failed("a temporary folder", &error))
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn connects(url: &str) -> bool {
        let options: PgConnectOptions = url.parse().unwrap();
        match options.connect().await {
            Ok(connection) => connection.close().await.is_ok(),
            Err(_) => false,
        }
    }

    #[tokio::test]
    async fn it_comes_and_goes() {
        let options = ServerOptions { fsync: false, ..ServerOptions::default() };
        let server = ThrowawayPostgres::start(options).unwrap();
        let (one, other) = (server.database().await, server.database().await);
        assert_ne!(one, other);
        assert!(connects(&one).await && connects(&other).await);
        server.stop().unwrap();
        assert!(!connects(&one).await, "away");
        server.start_again().unwrap();
        assert!(connects(&one).await, "back, with its data");

        let folder = server.folder().to_owned();
        let pid = fs::read_to_string(folder.join("data/postmaster.pid")).unwrap();
        let pid = pid.lines().next().unwrap().to_owned();
        assert!(Path::new("/proc").join(&pid).exists() || !Path::new("/proc").exists());
        drop(server);
        assert!(!folder.exists(), "its folder is removed");
        assert!(!Path::new("/proc").join(&pid).exists(), "its process is gone");
    }
}
