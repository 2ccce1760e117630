//! A logo: a picture that is let in as any other file (SEC-17), and kept as a small PNG.

use image::DynamicImage;
use image::imageops::FilterType;

use crate::web::checked_files::{Refusal, check_picture, written_png};

/// Points of a logo: twice what pages and letters give it, for fine screens. It comes along with each
/// letter.
const WIDTH_MAX: u32 = 480;
const HEIGHT_MAX: u32 = 160;

/// The PNG that is kept. Takes up to a second: on a thread that may wait.
///
/// # Errors
/// [`Refusal`], the first that applies.
pub fn made(name: &str, bytes: &[u8]) -> Result<Vec<u8>, Refusal> {
    let picture = check_picture(name, bytes)?;
    let fits = picture.width() <= WIDTH_MAX && picture.height() <= HEIGHT_MAX;
    let picture =
        if fits { picture } else { picture.resize(WIDTH_MAX, HEIGHT_MAX, FilterType::Triangle) };
    written_png(&DynamicImage::ImageRgba8(picture.into_rgba8()))
}
