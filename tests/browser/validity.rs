//! Whether pages are HTML, as html-validate reads the standard. Its rules are in `html-validate.json`:
//! the standard has not called `details` sectioning for years.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::npm::package;

const CHECKER: &str = "html-validate@10.17.0";

/// Pages that are checked together.
pub struct Pages {
    checker: PathBuf,
    folder: PathBuf,
}

impl Pages {
    /// None yet. `name`: of the folder that they are kept in, and of nobody else's.
    ///
    /// # Errors
    /// The sentence that says why none can be checked.
    pub fn none(name: &str) -> Result<Self, String> {
        let checker = package(CHECKER)?.join("node_modules/.bin/html-validate");
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        let _ = std::fs::remove_dir_all(&folder);
        std::fs::create_dir_all(&folder).map_err(|error| error.to_string())?;
        Ok(Self { checker, folder })
    }

    pub fn add(&self, name: &str, html: &str) {
        let file = format!("{}.html", name.replace('/', "-"));
        std::fs::write(self.folder.join(file), html).expect("a file");
    }

    /// What is wrong with them, a line each.
    pub fn faults(&self) -> Vec<String> {
        let said = Command::new(&self.checker)
            .arg("--config")
            .arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/browser/html-validate.json"))
            .args(["--formatter", "text", "."])
            .current_dir(&self.folder)
            .output()
            .expect("the checker can be run");
        let words = String::from_utf8_lossy(&said.stdout);
        let complaint = String::from_utf8_lossy(&said.stderr);
        assert!(said.status.success() || !words.trim().is_empty(), "{CHECKER}: {complaint}");
        words.lines().filter(|line| line.contains(": error ")).map(str::to_owned).collect()
    }
}
