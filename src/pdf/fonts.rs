//! The two fonts, and texts as glyphs of them.

use std::ops::Range;
use std::sync::LazyLock;

use krilla::text::{Font, GlyphId, KrillaGlyph};
use rustybuzz::ttf_parser::Tag;
use rustybuzz::{Face, Feature, UnicodeBuffer};

use crate::kernel::Error;

/// Inter 4.0 without what European languages don't need; its licence lies beside the files.
const REGULAR: &[u8] = include_bytes!("fonts/Inter-Regular.otf");
const SEMI_BOLD: &[u8] = include_bytes!("fonts/Inter-SemiBold.otf");

static FACES: LazyLock<Option<Faces>> =
    LazyLock::new(|| Some(Faces { regular: Cut::new(REGULAR)?, semi_bold: Cut::new(SEMI_BOLD)? }));

pub fn faces() -> Result<&'static Faces, Error> {
    FACES.as_ref().ok_or_else(|| Error::internal("the fonts can't be read"))
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weight {
    Regular,
    SemiBold,
}

pub struct Faces {
    regular: Cut,
    semi_bold: Cut,
}

struct Cut {
    shaper: Face<'static>,
    font: Font,
    units_per_em: f32,
}

impl Cut {
    fn new(bytes: &'static [u8]) -> Option<Self> {
        let font = Font::new(bytes.into(), 0)?;
        let units_per_em = font.units_per_em();
        Some(Self { shaper: Face::from_slice(bytes, 0)?, font, units_per_em })
    }

    /// What of a text the font can show.
    fn shown(&self, text: &str) -> String {
        let has = |c| self.shaper.glyph_index(c).is_some();
        text.chars()
            .map(|c| match c {
                _ if c.is_control() => ' ',
                _ if has(c) => c,
                '\u{202f}' => '\u{a0}',
                _ => '?',
            })
            .collect()
    }
}

/// A text in one weight, as glyphs. Lengths in parts of the font size.
pub struct Run {
    pub text: String,
    pub glyphs: Vec<KrillaGlyph>,
    pub width: f32,
}

impl Faces {
    const fn cut(&self, weight: Weight) -> &Cut {
        match weight {
            Weight::Regular => &self.regular,
            Weight::SemiBold => &self.semi_bold,
        }
    }

    pub fn font(&self, weight: Weight) -> Font {
        self.cut(weight).font.clone()
    }

    /// A text as glyphs, with figures of the same width, so that columns of amounts stand in line.
    pub fn shape(&self, weight: Weight, text: &str) -> Run {
        let cut = self.cut(weight);
        let text = cut.shown(text);
        let mut buffer = UnicodeBuffer::new();
        buffer.push_str(&text);
        buffer.guess_segment_properties();
        let same_width = Feature::new(Tag::from_bytes(b"tnum"), 1, ..);
        let shaped = rustybuzz::shape(&cut.shaper, &[same_width], buffer);
        let (places, infos) = (shaped.glyph_positions(), shaped.glyph_infos());
        let em = |units: i32| to_points(units) / cut.units_per_em;
        let mut glyphs = Vec::with_capacity(infos.len());
        let mut width = 0.0;
        for (index, (info, place)) in infos.iter().zip(places).enumerate() {
            let advance = em(place.x_advance);
            width += advance;
            glyphs.push(KrillaGlyph::new(
                GlyphId::new(info.glyph_id),
                advance,
                em(place.x_offset),
                em(place.y_offset),
                em(place.y_advance),
                cluster(infos, index, text.len()),
                None,
            ));
        }
        Run { text, glyphs, width }
    }
}

/// The part of the text that a glyph stands for.
fn cluster(infos: &[rustybuzz::GlyphInfo], index: usize, end: usize) -> Range<usize> {
    let start_of = |info: &rustybuzz::GlyphInfo| usize::try_from(info.cluster).unwrap_or(end);
    let start = infos.get(index).map_or(end, start_of);
    let next = infos.iter().skip(index).map(start_of).find(|next| *next > start).unwrap_or(end);
    start..next
}

/// Font units are far below what a float holds exactly.
#[expect(clippy::cast_precision_loss, reason = "at most some thousand units")]
const fn to_points(units: i32) -> f32 {
    units as f32
}
