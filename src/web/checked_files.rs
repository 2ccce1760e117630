//! Files that people send: what is let in, by what is in them (SEC-17).
//!
//! Name, first bytes and content have to agree. Pictures are decoded and written anew, so that nothing
//! of what was sent but its pixels is kept.

use std::io::Cursor;

use image::codecs::jpeg::{JpegDecoder, JpegEncoder};
use image::codecs::png::{PngDecoder, PngEncoder};
use image::{DynamicImage, ImageDecoder, Limits};

use crate::kernel::{Texts, text};

/// Bytes of one file.
pub const FILE_BYTES_MAX: usize = 10 * 1024 * 1024;
/// Characters of a name.
const NAME_CHARS_MAX: usize = 120;
/// Points of a picture.
const PIXELS_MAX: u64 = 40_000_000;
/// What a decoder may ask for: forty megapixels of four times sixteen bits.
const DECODER_BYTES_MAX: u64 = 8 * PIXELS_MAX;
/// How good a JPEG is written anew.
const JPEG_QUALITY: u8 = 88;

/// Why a file was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    Empty,
    TooLarge,
    /// Control, direction-changing or path characters, or more than one ending.
    Name,
    /// Not one of the kinds that are taken.
    Kind,
    /// The content is not what the name says, or is broken.
    Content,
    /// More points than a picture may have.
    TooManyPixels,
    /// A PDF that carries a program, a form or other files.
    Active,
    /// A full card number stands in it.
    CardNumber,
}

impl Refusal {
    /// Why, in words; `name` as [`shown`].
    #[must_use]
    pub fn words(self, name: &str, t: &Texts) -> String {
        match self {
            Self::Empty => t.msg_ticket_fault_file_empty(name),
            Self::TooLarge => t.msg_ticket_fault_file_large(name),
            Self::Name => t.msg_ticket_fault_file_name(name),
            Self::Kind => t.msg_ticket_fault_file_kind(name),
            Self::Content => t.msg_ticket_fault_file_content(name),
            Self::TooManyPixels => t.msg_ticket_fault_file_pixels(name),
            Self::Active => t.msg_ticket_fault_file_active(name),
            Self::CardNumber => t.msg_ticket_fault_file_card(name),
        }
    }
}

/// A file's name as it may stand in a sentence.
#[must_use]
pub fn shown(name: &str) -> String {
    text::without_controls(name).chars().take(60).collect()
}

/// The kinds that are taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Pdf,
    Png,
    Jpeg,
    Text,
}

/// A file that may be kept.
#[derive(Debug)]
pub struct CheckedFile {
    pub name: String,
    pub bytes: Vec<u8>,
}

/// Looks at a file, and makes it anew where it is a picture. Takes up to a second: on a thread that may
/// wait.
///
/// # Errors
/// [`Refusal`], the first that applies.
pub fn check(name: &str, bytes: &[u8]) -> Result<CheckedFile, Refusal> {
    let (name, kind) = checked_name(name)?;
    if bytes.is_empty() {
        return Err(Refusal::Empty);
    }
    if bytes.len() > FILE_BYTES_MAX {
        return Err(Refusal::TooLarge);
    }
    let bytes = match kind {
        Kind::Pdf => pdf(bytes)?,
        Kind::Png => png(bytes)?,
        Kind::Jpeg => jpeg(bytes)?,
        Kind::Text => plain_text(bytes)?,
    };
    if bytes.len() > FILE_BYTES_MAX {
        return Err(Refusal::TooLarge);
    }
    Ok(CheckedFile { name, bytes })
}

/// A picture that may be kept, decoded: what is sent with its pixels is gone. Takes up to a second: on a
/// thread that may wait.
///
/// # Errors
/// [`Refusal`], the first that applies; whatever is no picture is [`Refusal::Kind`].
pub fn check_picture(name: &str, bytes: &[u8]) -> Result<DynamicImage, Refusal> {
    let (_, kind) = checked_name(name)?;
    if bytes.is_empty() {
        return Err(Refusal::Empty);
    }
    if bytes.len() > FILE_BYTES_MAX {
        return Err(Refusal::TooLarge);
    }
    match kind {
        Kind::Png => decoded_png(bytes),
        Kind::Jpeg => decoded_jpeg(bytes),
        Kind::Pdf | Kind::Text => Err(Refusal::Kind),
    }
}

/// A picture as a PNG, which shows the same everywhere.
///
/// # Errors
/// [`Refusal::Content`] where it can't be written.
pub fn written_png(picture: &DynamicImage) -> Result<Vec<u8>, Refusal> {
    let mut anew = Vec::new();
    picture.write_with_encoder(PngEncoder::new(&mut anew)).map_err(|_| Refusal::Content)?;
    Ok(anew)
}

fn checked_name(name: &str) -> Result<(String, Kind), Refusal> {
    let name = name.trim();
    if text::has_controls(name) || name.contains(['/', '\\', ':', '\u{2024}', '\u{ff0e}']) {
        return Err(Refusal::Name);
    }
    let (stem, ending) = name.rsplit_once('.').ok_or(Refusal::Kind)?;
    let kind = match ending.to_ascii_lowercase().as_str() {
        "pdf" => Kind::Pdf,
        "png" => Kind::Png,
        "jpg" | "jpeg" => Kind::Jpeg,
        "txt" => Kind::Text,
        _ => return Err(Refusal::Kind),
    };
    // `invoice.exe.pdf` has two endings, `Screenshot 10.30.12.png` has one.
    let is_ending = |part: &str| {
        part.chars().count() <= 5
            && part.starts_with(|c: char| c.is_alphabetic())
            && part.chars().all(char::is_alphanumeric)
    };
    if stem.trim().is_empty() || stem.starts_with('.') || stem.split('.').skip(1).any(is_ending) {
        return Err(Refusal::Name);
    }
    let most = NAME_CHARS_MAX - ending.chars().count() - 1;
    let stem: String = stem.chars().take(most).collect();
    Ok((format!("{stem}.{ending}"), kind))
}

/// What in a PDF runs, fetches, or carries along (ISO 32000-1, 12.6 and 7.11).
const ACTIVE: [&str; 8] = [
    "/JavaScript",
    "/JS",
    "/Launch",
    "/EmbeddedFile",
    "/EmbeddedFiles",
    "/RichMedia",
    "/XFA",
    "/AA",
];

/// A PDF as it is: it begins and ends as one, and says nothing that a reader would run.
fn pdf(bytes: &[u8]) -> Result<Vec<u8>, Refusal> {
    let end = bytes.windows(5).rposition(|window| window == b"%%EOF").ok_or(Refusal::Content)?;
    let after = bytes.get(end + 5..).unwrap_or_default();
    // A file that is something else as well has that before or after.
    if !bytes.starts_with(b"%PDF-") || !after.iter().all(u8::is_ascii_whitespace) {
        return Err(Refusal::Content);
    }
    let words = pdf_names(bytes);
    if words.iter().any(|word| ACTIVE.iter().any(|active| active.as_bytes() == word.as_slice())) {
        return Err(Refusal::Active);
    }
    Ok(bytes.to_vec())
}

/// The names of a PDF's uncompressed part, with `#4A` read as `J`.
fn pdf_names(bytes: &[u8]) -> Vec<Vec<u8>> {
    let mut names: Vec<Vec<u8>> = Vec::new();
    let mut rest = bytes;
    while let Some(start) = rest.iter().position(|byte| *byte == b'/') {
        rest = rest.get(start + 1..).unwrap_or_default();
        let mut name = vec![b'/'];
        while let Some((byte, next)) = rest.split_first() {
            if *byte == b'#'
                && let Some(hex) = next.get(..2).and_then(|hex| std::str::from_utf8(hex).ok())
                && let Ok(meant) = u8::from_str_radix(hex, 16)
            {
                name.push(meant);
                rest = next.get(2..).unwrap_or_default();
            } else if byte.is_ascii_alphanumeric() && name.len() < 32 {
                name.push(*byte);
                rest = next;
            } else {
                break;
            }
        }
        names.push(name);
    }
    names
}

fn limits() -> Limits {
    let mut limits = Limits::default();
    limits.max_alloc = Some(DECODER_BYTES_MAX);
    limits
}

fn png(bytes: &[u8]) -> Result<Vec<u8>, Refusal> {
    written_png(&decoded_png(bytes)?)
}

fn decoded_png(bytes: &[u8]) -> Result<DynamicImage, Refusal> {
    if !bytes.starts_with(b"\x89PNG\r\n\x1a\n") {
        return Err(Refusal::Content);
    }
    let decoder = PngDecoder::with_limits(Cursor::new(bytes), limits());
    decoded(decoder.map_err(|_| Refusal::Content)?)
}

fn jpeg(bytes: &[u8]) -> Result<Vec<u8>, Refusal> {
    let picture = decoded_jpeg(bytes)?;
    let mut anew = Vec::new();
    let encoder = JpegEncoder::new_with_quality(&mut anew, JPEG_QUALITY);
    // JPEG has neither transparency nor sixteen bits.
    let picture = DynamicImage::ImageRgb8(picture.into_rgb8());
    picture.write_with_encoder(encoder).map_err(|_| Refusal::Content)?;
    Ok(anew)
}

fn decoded_jpeg(bytes: &[u8]) -> Result<DynamicImage, Refusal> {
    if !bytes.starts_with(&[0xff, 0xd8, 0xff]) {
        return Err(Refusal::Content);
    }
    decoded(JpegDecoder::new(Cursor::new(bytes)).map_err(|_| Refusal::Content)?)
}

/// The pixels, the right way up: what turned them goes with the metadata.
fn decoded(mut decoder: impl ImageDecoder) -> Result<DynamicImage, Refusal> {
    let (width, height) = decoder.dimensions();
    if u64::from(width) * u64::from(height) > PIXELS_MAX {
        return Err(Refusal::TooManyPixels);
    }
    decoder.set_limits(limits()).map_err(|_| Refusal::TooManyPixels)?;
    let orientation = decoder.orientation().ok();
    let mut picture = DynamicImage::from_decoder(decoder).map_err(|_| Refusal::Content)?;
    if let Some(orientation) = orientation {
        picture.apply_orientation(orientation);
    }
    Ok(picture)
}

/// Beginnings of what a browser would run, if it were ever asked to.
const MARKUP: [&str; 7] = ["<!doctype", "<html", "<svg", "<script", "<?xml", "<?php", "<iframe"];

/// UTF-8 text for people: no markup, no records of a browser's requests (they carry sessions).
fn plain_text(bytes: &[u8]) -> Result<Vec<u8>, Refusal> {
    let words = std::str::from_utf8(bytes).map_err(|_| Refusal::Content)?;
    let words = words.trim_start_matches('\u{feff}');
    let is_plain = |c: char| {
        matches!(c, '\n' | '\r' | '\t') || !text::has_controls(c.encode_utf8(&mut [0; 4]))
    };
    if words.trim().is_empty() {
        return Err(Refusal::Empty);
    }
    let small = words.to_ascii_lowercase();
    let is_har = small.contains("\"log\"") && small.contains("\"entries\"");
    if !words.chars().all(is_plain) || MARKUP.iter().any(|sign| small.contains(sign)) || is_har {
        return Err(Refusal::Content);
    }
    if text::holds_card_number(words) {
        return Err(Refusal::CardNumber);
    }
    Ok(words.as_bytes().to_vec())
}
