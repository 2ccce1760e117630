//! A private Postgres: run by hand from the machine's programs, reachable through a socket only, and
//! ended together with this process.
//!
//! Postgres runs below a few lines of shell that hold the reading end of a pipe. The pipe closes
//! when this process ends, however it ends (`kill -9` too), and Postgres is then asked to stop. That
//! works on every Unix, from any thread and without `unsafe`; a parent-death signal would be tied to
//! the thread that started Postgres, and a test's thread ends before its test binary does.
//!
//! A test binary therefore keeps one cluster in a `static OnceLock<Cluster>` and never stops it.

mod place;
mod programs;
#[cfg(test)]
mod tests;

use std::ffi::OsStr;
use std::fs::{self, File};
use std::io;
use std::os::unix::net::UnixStream;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use place::{Account, Place};
use programs::Programs;

/// How long a start or a stop may take before we give up on it.
const PATIENCE: Duration = Duration::from_secs(30);

/// Between two looks at whether Postgres is ready, or has ended.
const PAUSE: Duration = Duration::from_millis(5);

/// The superuser that `initdb` makes.
const SUPERUSER: &str = "postgres";

/// For speed alone: the data survives the death of Postgres, not that of the machine.
const SETTINGS: [&str; 11] = [
    "listen_addresses=",
    "unix_socket_permissions=0700",
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "shared_buffers=128MB",
    "max_connections=200",
    "logging_collector=off",
    // With the database: tests read what was written about theirs.
    "log_line_prefix=%m [%p] %d ",
    "timezone=UTC",
    "log_timezone=UTC",
];

/// Runs its arguments as a child and stops that child (fast mode) when its standard input closes.
/// The signal is repeated, since it is ignored until Postgres has installed its handlers.
const UNTIL_STDIN_CLOSES: &str = r#"
exec 3<&0
"$@" </dev/null 3<&- &
server=$!
{ read -r _ <&3; while kill -INT "$server"; do sleep 1; done; } 2>/dev/null &
watcher=$!
wait "$server"
status=$?
kill "$watcher" 2>/dev/null
exit "$status"
"#;

/// Why there is no Postgres. Each is one sentence that says what to do, with the log below it where
/// only the log knows.
#[derive(Debug, thiserror::Error)]
pub enum ClusterError {
    #[error(
        "Postgres is missing: install its server programs, version 14 or later \
         (Debian and Ubuntu: `apt-get install postgresql`; macOS: `brew install postgresql@17`)."
    )]
    NoPrograms,
    #[error(
        "Postgres {found} in {bin} is too old: install version 14 or later beside it.",
        bin = bin.display()
    )]
    TooOld { bin: PathBuf, found: u32 },
    #[error(
        "Postgres in {bin} has no extension {name}: install its contrib modules \
         (Debian and Ubuntu: `apt-get install postgresql-contrib`).",
        bin = bin.display()
    )]
    NoExtension { bin: PathBuf, name: &'static str },
    #[error(
        "The data in {data} belongs to Postgres {found}, which is not installed: install it, or \
         begin with new data (`--fresh`).",
        data = data.display()
    )]
    OtherVersion { data: PathBuf, found: String },
    #[error(
        "Postgres refuses to run as root and the machine has neither a user `postgres` nor \
         `nobody`: start this as an ordinary user."
    )]
    NoAccount,
    #[error("Another demo runs on this folder ({folder}): end it first, or choose another folder.", folder = folder.display())]
    Busy { folder: PathBuf },
    #[error("{path} belongs to somebody else: remove it, or choose another folder.", path = path.display())]
    NotOurs { path: PathBuf },
    #[error("{path} can't be used ({cause}): choose another folder.", path = path.display())]
    Folder { path: PathBuf, cause: io::Error },
    #[error("{program} can't be run ({cause}): check the installation of Postgres.", program = program.display())]
    Program { program: PathBuf, cause: io::Error },
    #[error("Postgres did not {what}; its last words say why:\n{log}")]
    Refused { what: &'static str, log: String },
}

/// A running Postgres of our own. Dropping it stops it.
#[derive(Debug)]
pub struct Cluster {
    place: Place,
    server: Child,
    /// Held while we use the folder.
    _lock: File,
}

impl Cluster {
    /// Starts the cluster of `folder`, which is made first where there is none, and waits until it
    /// takes connections: a second or two for a new one, else a tenth of a second. `path` is the
    /// `PATH` to search for the programs where no usual place has them.
    ///
    /// What a previous process left behind, a stale `postmaster.pid` or a Postgres that outlived it,
    /// is cleared away.
    ///
    /// # Errors
    /// [`ClusterError`], for the eyes of whoever started us. It gives up after 30 s.
    pub fn start(folder: &Path, path: Option<&OsStr>) -> Result<Self, ClusterError> {
        Self::begin(folder, path, false)
    }

    /// The same, with an empty cluster in the place of one that is there.
    ///
    /// # Errors
    /// As [`Cluster::start`].
    pub fn start_fresh(folder: &Path, path: Option<&OsStr>) -> Result<Self, ClusterError> {
        Self::begin(folder, path, true)
    }

    fn begin(folder: &Path, path: Option<&OsStr>, is_fresh: bool) -> Result<Self, ClusterError> {
        let account = Account::find()?;
        let lock = place::lock(folder)?;
        let place = Place::find(folder, account)?;
        let data = place.data();
        let version = if is_fresh { None } else { version_of(&data) };
        let programs = Programs::find(path, version.as_deref(), &data)?;
        end_leftover(&place, &programs)?;
        if version.is_none() {
            initialise(&place, &programs)?;
        }
        let server = launch(&place, &programs)?;
        // Made before the wait, so that a start that fails is also stopped.
        let mut cluster = Self { place, server, _lock: lock };
        cluster.wait_until_ready()?;
        Ok(cluster)
    }

    /// `postgres://role@/database?host=/socket/folder`, as libpq reads it. No password: only this
    /// user and root may enter the socket's folder.
    #[must_use]
    pub fn url(&self, role: &str, database: &str) -> String {
        let (role, database) = (percent_encoded(role), percent_encoded(database));
        // The socket's folder has no letter that needs encoding; `Place` sees to that.
        format!("postgres://{role}@/{database}?host={}", self.place.socket().display())
    }

    /// The URL of the superuser, who may make roles and databases.
    #[must_use]
    pub fn superuser_url(&self, database: &str) -> String {
        self.url(SUPERUSER, database)
    }

    /// Where the log of Postgres is.
    #[must_use]
    pub fn log(&self) -> PathBuf {
        self.place.log()
    }

    /// One sentence for the reader when the data had to be kept outside the folder that was asked
    /// for.
    #[must_use]
    pub fn note(&self) -> Option<&str> {
        self.place.note()
    }

    /// Stops Postgres (fast mode: open transactions are rolled back) and waits for its end.
    pub fn stop(&mut self) {
        drop(self.server.stdin.take());
        let since = Instant::now();
        while matches!(self.server.try_wait(), Ok(None)) && since.elapsed() < PATIENCE {
            std::thread::sleep(PAUSE);
        }
        self.place.tidy();
    }

    fn wait_until_ready(&mut self) -> Result<(), ClusterError> {
        let status = self.place.data().join("postmaster.pid");
        let since = Instant::now();
        while since.elapsed() < PATIENCE {
            // Line 8 is the state of the postmaster; there is none before it is known.
            let lines = fs::read_to_string(&status).unwrap_or_default();
            if lines.lines().nth(7).is_some_and(|state| state.trim() == "ready") {
                return Ok(());
            }
            if !matches!(self.server.try_wait(), Ok(None)) {
                break;
            }
            std::thread::sleep(PAUSE);
        }
        Err(ClusterError::Refused { what: "start", log: last_lines(&self.place.log()) })
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        self.stop();
    }
}

/// The major version that made the data; `None` where there is no data.
fn version_of(data: &Path) -> Option<String> {
    let version = fs::read_to_string(data.join("PG_VERSION")).ok()?;
    Some(version.trim().to_owned())
}

/// Nobody holds the folder but us, so a Postgres that still answers there has lost its owner, and a
/// `postmaster.pid` without one is stale. Its process id may be somebody else's by now, so it is
/// used only after the socket, which is private, has answered.
fn end_leftover(place: &Place, programs: &Programs) -> Result<(), ClusterError> {
    let data = place.data();
    if UnixStream::connect(place.socket().join(".s.PGSQL.5432")).is_ok() {
        let mut stop = command(programs.pg_ctl(), place.account());
        stop.args(["stop", "--silent", "--mode=fast", "--timeout=30", "-D"]).arg(&data);
        run(&mut stop, "stop after its owner had gone")?;
    }
    match fs::remove_file(data.join("postmaster.pid")) {
        Err(cause) if cause.kind() != io::ErrorKind::NotFound => {
            Err(ClusterError::Folder { path: data, cause })
        }
        Ok(()) | Err(_) => Ok(()),
    }
}

/// Makes the cluster beside its place and moves it there when it is whole, so that an interrupted
/// start leaves nothing that looks like a cluster.
fn initialise(place: &Place, programs: &Programs) -> Result<(), ClusterError> {
    let (data, unfinished) = (place.data(), place.unfinished_data());
    place::remove(&data)?;
    place::remove(&unfinished)?;
    place.make_private(&unfinished)?;
    // macOS had no C.UTF-8 for long; both sort by code point or close to it, which tests don't ask.
    let locale = if cfg!(target_os = "macos") { "en_US.UTF-8" } else { "C.UTF-8" };
    let mut initdb = command(programs.initdb(), place.account());
    initdb.args(["--no-sync", "--no-instructions", "--auth=trust", "--encoding=UTF8"]);
    initdb.args(["--username", SUPERUSER, "--locale", locale, "-D"]).arg(&unfinished);
    run(&mut initdb, "make its data folder")?;
    fs::rename(&unfinished, &data).map_err(|cause| ClusterError::Folder { path: data, cause })
}

fn launch(place: &Place, programs: &Programs) -> Result<Child, ClusterError> {
    let log = place.log();
    let (out, err) = File::create(&log)
        .and_then(|file| Ok((file.try_clone()?, file)))
        .map_err(|cause| ClusterError::Folder { path: log, cause })?;
    let mut shell = command(Path::new("/bin/sh"), place.account());
    shell.args(["-c", UNTIL_STDIN_CLOSES, "sh"]).arg(programs.postgres());
    shell.arg("-D").arg(place.data()).arg("-k").arg(place.socket());
    shell.args(SETTINGS.iter().flat_map(|setting| ["-c", setting]));
    // A group of its own: Ctrl-C is for us, who let go of the connections first.
    shell.process_group(0).stdin(Stdio::piped()).stdout(out).stderr(err);
    shell.spawn().map_err(|cause| ClusterError::Program { program: "/bin/sh".into(), cause })
}

/// A command under `account` (else ours), in a folder that everybody may enter, that does not see
/// our environment: `PGDATA` and its kin would change what it does.
fn command(program: &Path, account: Option<&Account>) -> Command {
    let mut command = Command::new(program);
    command.env_clear().env("LC_ALL", "C").env("PATH", "/usr/bin:/bin").current_dir("/");
    command.stdin(Stdio::null());
    if let Some(account) = account {
        command.uid(account.uid).gid(account.gid); // drops the other groups as well
    }
    command
}

fn run(command: &mut Command, what: &'static str) -> Result<Output, ClusterError> {
    let output = command.output().map_err(|cause| {
        let program = command.get_program().into();
        ClusterError::Program { program, cause }
    })?;
    if output.status.success() {
        Ok(output)
    } else {
        let log = String::from_utf8_lossy(&output.stderr).trim().to_owned();
        Err(ClusterError::Refused { what, log })
    }
}

/// The end of the log, for an error.
fn last_lines(log: &Path) -> String {
    let text = fs::read(log).unwrap_or_default();
    let text = String::from_utf8_lossy(&text);
    let lines: Vec<&str> = text.lines().collect();
    lines.get(lines.len().saturating_sub(15)..).unwrap_or_default().join("\n")
}

/// Everything but letters, digits and `-._~` as `%XX`.
fn percent_encoded(text: &str) -> String {
    url::form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>().replace('+', "%20")
}
