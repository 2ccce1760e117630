//! Two things are made before the crate: the wordings of `locales/` become typed functions, and the
//! files of `static/` get names that change with their content, beside packed copies.

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

use flate2::{Compression, write::GzEncoder};
use fluent_typed::{BuildOptions, FtlOutputOptions, LintLevel, try_build_from_locales_folder};
use sha2::{Digest as _, Sha256};

type Failure = Box<dyn std::error::Error>;

#[expect(clippy::disallowed_methods, reason = "cargo speaks to build scripts by the environment")]
fn main() -> Result<(), Failure> {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=locales");
    println!("cargo::rerun-if-changed=static");
    println!("cargo::rerun-if-changed=migrations");
    let out = PathBuf::from(env::var_os("OUT_DIR").ok_or("cargo names no OUT_DIR")?);
    words(&out)?;
    assets(&out)
}

/// `locales/<lang>/<slice>.ftl` → `l10n.rs`, one function per wording.
fn words(out: &Path) -> Result<(), Failure> {
    let path = |name: &str| out.join(name).display().to_string();
    let options = BuildOptions::default()
        .with_output_file_path(&path("l10n.rs"))
        .with_ftl_output(FtlOutputOptions::single_file(&path("translations.ftl")))
        .with_lint_level(LintLevel::Strict)
        .without_bidi_isolation();
    try_build_from_locales_folder(options).map_err(|error| error.to_string().into())
}

/// `static/**` → `assets.rs`: name, hashed name, content type, content, gzip, brotli.
fn assets(out: &Path) -> Result<(), Failure> {
    let mut table = String::from("pub static ASSETS: &[Asset] = &[\n");
    for path in files(Path::new("static"))? {
        let name = path.strip_prefix("static")?.display().to_string();
        let Some(content_type) = content_type(&name) else { continue };
        let content = fs::read(&path)?;
        let hash = Sha256::digest(&content);
        let hash =
            hash.iter().take(5).fold(String::new(), |text, byte| format!("{text}{byte:02x}"));
        let (stem, extension) = name.rsplit_once('.').ok_or("a static file without extension")?;
        let flat = name.replace('/', "_");
        fs::write(out.join(format!("{flat}.gz")), gzip(&content)?)?;
        fs::write(out.join(format!("{flat}.br")), brotli(&content)?)?;
        let source = fs::canonicalize(&path)?.display().to_string();
        writeln!(
            table,
            "    Asset {{ name: {name:?}, hashed: \"{stem}.{hash}.{extension}\", content_type: {content_type:?}, \
             plain: include_bytes!({source:?}), gzip: include_bytes!(concat!(env!(\"OUT_DIR\"), \"/{flat}.gz\")), \
             brotli: include_bytes!(concat!(env!(\"OUT_DIR\"), \"/{flat}.br\")) }},"
        )?;
    }
    table.push_str("];\n");
    Ok(fs::write(out.join("assets.rs"), table)?)
}

fn files(folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            found.extend(files(&path)?);
        } else {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

/// `None` for sources that are not served.
fn content_type(name: &str) -> Option<&'static str> {
    match name.rsplit_once('.')?.1 {
        "css" => Some("text/css; charset=utf-8"),
        "js" => Some("text/javascript; charset=utf-8"),
        "svg" => Some("image/svg+xml"),
        _ => None,
    }
}

fn gzip(content: &[u8]) -> Result<Vec<u8>, Failure> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(content)?;
    Ok(encoder.finish()?)
}

fn brotli(content: &[u8]) -> Result<Vec<u8>, Failure> {
    let mut packed = Vec::new();
    brotli::BrotliCompress(
        &mut &*content,
        &mut packed,
        &brotli::enc::BrotliEncoderParams::default(),
    )?;
    Ok(packed)
}
