//! Checkers from npm, which is no part of the product.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Mutex;

/// The folder in which a package `name@version` is installed, downloaded where it is not there yet. The
/// tests run side by side and share one download: half of a file that another one is still writing is
/// no script.
///
/// # Errors
/// The sentence that says why there is none.
pub fn package(name: &str) -> Result<PathBuf, String> {
    static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());
    let _only = ONE_AT_A_TIME.lock().map_err(|error| error.to_string())?;
    let folder = target().join("npm").join(name);
    if folder.is_dir() {
        return Ok(folder);
    }
    // It comes to its place whole, in one step, so an end in the middle leaves nothing behind.
    let half = target().join("npm").join(format!("half-of-{name}"));
    let npm = Command::new("npm")
        .args(["install", "--no-audit", "--no-fund", "--loglevel=error", "--prefix"])
        .arg(&half)
        .arg(name)
        .output()
        .map_err(|error| format!("no {name} without npm ({error})"))?;
    if !npm.status.success() {
        let words = String::from_utf8_lossy(&npm.stderr);
        return Err(format!("npm can't get {name}: {}", words.trim()));
    }
    std::fs::rename(&half, &folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    Ok(folder)
}

/// The folder `target`, wherever cargo was told to put it.
fn target() -> PathBuf {
    let scratch = Path::new(env!("CARGO_TARGET_TMPDIR"));
    scratch.parent().unwrap_or(scratch).to_owned()
}
