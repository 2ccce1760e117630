//! The Postgres programs of this machine.

use std::cmp::Reverse;
use std::env;
use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};

use super::{ClusterError, command, run};

/// The oldest major version whose SQL we speak.
const VERSION_MIN: u32 = 14;

/// Extensions that the migrations make; they come with Postgres or in a package of their own.
const EXTENSIONS: [&str; 3] = ["pg_trgm", "btree_gin", "unaccent"];

/// Where packagers put versions side by side: folder, start of the name, the programs below it.
const PLACES: [(&str, &str, &str); 4] = [
    ("/usr/lib/postgresql", "", "bin"),
    ("/opt/homebrew/opt", "postgresql@", "bin"),
    ("/usr/local/opt", "postgresql@", "bin"),
    ("/usr", "pgsql-", "bin"),
];

/// One installation.
#[derive(Debug)]
pub struct Programs {
    initdb: PathBuf,
    postgres: PathBuf,
    pg_ctl: PathBuf,
}

impl Programs {
    /// The newest installation that will do; where `version` has made the data, one of it.
    ///
    /// # Errors
    /// What is wrong with the first one found, or that there is none.
    pub fn find(
        path: Option<&OsStr>,
        version: Option<&str>,
        data: &Path,
    ) -> Result<Self, ClusterError> {
        let mut reason = None;
        for bin in candidates(path) {
            match Self::check(&bin, version, data) {
                Ok(programs) => return Ok(programs),
                Err(error) => reason = reason.or(Some(error)),
            }
        }
        Err(reason.unwrap_or(ClusterError::NoPrograms))
    }

    pub fn initdb(&self) -> &Path {
        &self.initdb
    }

    pub fn postgres(&self) -> &Path {
        &self.postgres
    }

    pub fn pg_ctl(&self) -> &Path {
        &self.pg_ctl
    }

    fn check(bin: &Path, wanted: Option<&str>, data: &Path) -> Result<Self, ClusterError> {
        let postgres = bin.join("postgres");
        let output = run(command(&postgres, None).arg("--version"), "tell its version")?;
        let found = major(&String::from_utf8_lossy(&output.stdout)).unwrap_or(0);
        if found < VERSION_MIN {
            return Err(ClusterError::TooOld { bin: bin.to_owned(), found });
        }
        if let Some(wanted) = wanted.filter(|wanted| *wanted != found.to_string()) {
            let (data, found) = (data.to_owned(), wanted.to_owned());
            return Err(ClusterError::OtherVersion { data, found });
        }
        if let Some(name) = missing_extension(bin) {
            return Err(ClusterError::NoExtension { bin: bin.to_owned(), name });
        }
        Ok(Self { initdb: bin.join("initdb"), postgres, pg_ctl: bin.join("pg_ctl") })
    }
}

/// Folders that hold both programs: the usual places, newest first, then `path`.
fn candidates(path: Option<&OsStr>) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for (folder, prefix, below) in PLACES {
        let mut versions: Vec<(u32, PathBuf)> = fs::read_dir(folder)
            .into_iter()
            .flatten()
            .flatten()
            .filter_map(|entry| {
                let version = entry.file_name().to_str()?.strip_prefix(prefix)?.parse().ok()?;
                Some((version, entry.path().join(below)))
            })
            .collect();
        versions.sort_by_key(|(version, _)| Reverse(*version));
        found.extend(versions.into_iter().map(|(_, bin)| bin));
    }
    found.extend(path.map(env::split_paths).into_iter().flatten());
    found.retain(|bin| bin.join("initdb").is_file() && bin.join("postgres").is_file());
    found
}

/// `postgres (PostgreSQL) 15.20 (Debian …)` → 15; also `18beta1`.
pub fn major(version: &str) -> Option<u32> {
    let number = version.split_whitespace().find(|word| word.starts_with(char::is_numeric))?;
    number.split(|letter: char| !letter.is_ascii_digit()).next()?.parse().ok()
}

/// `None` also where the installation does not tell.
fn missing_extension(bin: &Path) -> Option<&'static str> {
    let asked = run(command(&bin.join("pg_config"), None).arg("--sharedir"), "tell its folders");
    let folder = String::from_utf8(asked.ok()?.stdout).ok()?;
    let folder = Path::new(folder.trim()).join("extension");
    EXTENSIONS.into_iter().find(|name| !folder.join(format!("{name}.control")).is_file())
}
