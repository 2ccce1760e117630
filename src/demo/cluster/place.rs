//! Where a cluster lives, and under which user it runs.

use std::fs::{self, DirBuilder, File, Permissions, TryLockError};
use std::io;
use std::os::unix::fs::{DirBuilderExt as _, MetadataExt as _, PermissionsExt as _, chown};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use data_encoding::HEXLOWER;
use sha2::{Digest as _, Sha256};

use super::{ClusterError, command};

/// The longest folder of a socket. The socket's whole path has room for 103 bytes on macOS and 107
/// on Linux, and its name takes 14.
const SOCKET_FOLDER_MAX: usize = 88;

/// An unprivileged user of the machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    pub name: String,
    pub uid: u32,
    pub gid: u32,
}

impl Account {
    /// Whom Postgres runs as when we are root, which it refuses to be: `postgres`, else `nobody`.
    /// `None` when we are somebody ordinary: then as ourselves.
    pub fn find() -> Result<Option<Self>, ClusterError> {
        if !fs::metadata("/proc/self").is_ok_and(|process| process.uid() == 0) {
            return Ok(None);
        }
        let users = fs::read_to_string("/etc/passwd").unwrap_or_default();
        let account = Self::named("postgres", &users).or_else(|| Self::named("nobody", &users));
        account.map(Some).ok_or(ClusterError::NoAccount)
    }

    /// Reads `name:password:uid:gid:…`.
    pub fn named(name: &str, users: &str) -> Option<Self> {
        let mut fields = users
            .lines()
            .map(|line| line.split(':'))
            .find_map(|mut fields| (fields.next() == Some(name)).then_some(fields.skip(1)))?;
        let uid = fields.next()?.parse().ok()?;
        let gid = fields.next()?.parse().ok()?;
        Some(Self { name: name.to_owned(), uid, gid })
    }

    /// May this user pass through the folder? Asked of the system, which also knows access lists.
    fn may_enter(&self, folder: &Path) -> bool {
        let mut shell = command(Path::new("/bin/sh"), Some(self));
        shell.args(["-c", "cd -- \"$1\" 2>/dev/null", "sh"]).arg(folder);
        shell.status().is_ok_and(|status| status.success())
    }
}

/// How long a folder may seem taken.
const LOCK_PATIENCE: Duration = Duration::from_secs(1);

/// Makes the folder and takes it for this process. The system lets go of it when the process ends.
pub fn lock(folder: &Path) -> Result<File, ClusterError> {
    let path = folder.join("lock");
    let file = fs::create_dir_all(folder)
        .and_then(|()| File::options().create(true).append(true).open(&path))
        .map_err(unusable(&path))?;
    let since = Instant::now();
    loop {
        match file.try_lock() {
            Ok(()) => return Ok(file),
            // A program that is just being started holds every open file for a moment, this one's
            // predecessor too: who really runs here still holds it after that.
            Err(TryLockError::WouldBlock) if since.elapsed() < LOCK_PATIENCE => {
                std::thread::sleep(Duration::from_millis(20));
            }
            Err(TryLockError::WouldBlock) => {
                return Err(ClusterError::Busy { folder: folder.to_owned() });
            }
            Err(TryLockError::Error(cause)) => return Err(unusable(&path)(cause)),
        }
    }
}

/// The folders of one cluster.
#[derive(Debug)]
pub struct Place {
    /// Holds the data, the log and, where its path is short and plain, the socket.
    home: PathBuf,
    socket: PathBuf,
    account: Option<Account>,
    note: Option<String>,
}

impl Place {
    /// The folder itself, or one that is always the same for it where the account can't enter it.
    pub fn find(folder: &Path, account: Option<Account>) -> Result<Self, ClusterError> {
        let wanted = fs::canonicalize(folder).map_err(unusable(folder))?;
        let mut place = Self { home: wanted.clone(), socket: wanted.clone(), account, note: None };
        if let Some(account) = &place.account {
            let mode = fs::metadata(&wanted).map_err(unusable(&wanted))?.permissions().mode();
            // Passing through is all that is given.
            let open = Permissions::from_mode(mode | 0o011);
            fs::set_permissions(&wanted, open).map_err(unusable(&wanted))?;
            if !account.may_enter(&wanted) {
                place.home = stand_in("/var/tmp", &wanted);
                place.note = Some(format!(
                    "User {} may not enter {}, so Postgres keeps its data in {}.",
                    account.name,
                    wanted.display(),
                    place.home.display()
                ));
                place.make_stand_in(&place.home)?;
            }
        }
        place.socket = place.home.join("socket");
        if is_fit_for_sockets(&place.socket) {
            place.make_private(&place.socket)?;
        } else {
            place.socket = stand_in("/tmp", &wanted);
            place.make_stand_in(&place.socket)?;
            place.make_private(&place.socket)?;
        }
        Ok(place)
    }

    pub fn data(&self) -> PathBuf {
        self.home.join("data")
    }

    pub fn unfinished_data(&self) -> PathBuf {
        self.home.join("data.unfinished")
    }

    pub fn log(&self) -> PathBuf {
        self.home.join("postgres.log")
    }

    pub fn socket(&self) -> &Path {
        &self.socket
    }

    pub const fn account(&self) -> Option<&Account> {
        self.account.as_ref()
    }

    pub fn note(&self) -> Option<&str> {
        self.note.as_deref()
    }

    /// Makes a folder that only the account may enter.
    pub fn make_private(&self, folder: &Path) -> Result<(), ClusterError> {
        fs::create_dir_all(folder)
            .and_then(|()| fs::set_permissions(folder, Permissions::from_mode(0o700)))
            .and_then(|()| match &self.account {
                Some(account) => chown(folder, Some(account.uid), Some(account.gid)),
                None => Ok(()),
            })
            .map_err(unusable(folder))
    }

    /// Removes a socket's folder that is not part of the home. It stays where it is not empty.
    pub fn tidy(&self) {
        if !self.socket.starts_with(&self.home) {
            drop(fs::remove_dir(&self.socket));
        }
    }

    /// A folder below one that everybody may write to: its name can be guessed, so one that is there
    /// already has to be ours or the account's, and no link.
    fn make_stand_in(&self, folder: &Path) -> Result<(), ClusterError> {
        let us = fs::metadata("/proc/self").map(|process| process.uid()).ok();
        match DirBuilder::new().mode(0o711).create(folder) {
            Err(cause) if cause.kind() == io::ErrorKind::AlreadyExists => {}
            made => return made.map_err(unusable(folder)),
        }
        let found = fs::symlink_metadata(folder).map_err(unusable(folder))?;
        let owners = [us, self.account.as_ref().map(|account| account.uid)];
        let is_ours = us.is_none() || owners.contains(&Some(found.uid()));
        if found.is_dir() && is_ours {
            Ok(())
        } else {
            Err(ClusterError::NotOurs { path: folder.to_owned() })
        }
    }
}

/// Removes a folder with all that is in it; one that is not there is fine.
pub fn remove(folder: &Path) -> Result<(), ClusterError> {
    match fs::remove_dir_all(folder) {
        Err(cause) if cause.kind() != io::ErrorKind::NotFound => Err(unusable(folder)(cause)),
        Ok(()) | Err(_) => Ok(()),
    }
}

/// `below/central-0123456789ab`, the same for the same folder.
fn stand_in(below: &str, folder: &Path) -> PathBuf {
    let hash = Sha256::digest(folder.as_os_str().as_encoded_bytes());
    let name = HEXLOWER.encode(&hash);
    Path::new(below).join(format!("central-{name:.12}"))
}

/// Short enough, and without a letter that a URL, libpq (`,`) or Postgres reads as something else.
fn is_fit_for_sockets(folder: &Path) -> bool {
    let path = folder.as_os_str().as_encoded_bytes();
    path.len() <= SOCKET_FOLDER_MAX
        && path.iter().all(|byte| byte.is_ascii_alphanumeric() || b"/-._~".contains(byte))
}

fn unusable(path: &Path) -> impl FnOnce(io::Error) -> ClusterError + use<> {
    let path = path.to_owned();
    move |cause| ClusterError::Folder { path, cause }
}
