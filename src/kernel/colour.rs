//! A colour that white words have to be read on.

use std::fmt;

/// Red, green and blue, 0 to 255 each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Colour([u8; 3]);

/// What words of normal size need, in hundredths (WCAG 2.2, 1.4.3: 4.5 to 1).
pub const CONTRAST_MIN: u32 = 450;

impl Colour {
    /// Reads `#1f4e79`, `1F4E79` and the short `#abc`.
    #[must_use]
    pub fn parse(typed: &str) -> Option<Self> {
        let typed = typed.trim();
        let digits = typed.strip_prefix('#').unwrap_or(typed);
        let digit = |c: char| c.to_digit(16).and_then(|digit| u8::try_from(digit).ok());
        let digits: Vec<u8> = digits.chars().map(digit).collect::<Option<_>>()?;
        match *digits.as_slice() {
            [red, green, blue] => Some(Self([17 * red, 17 * green, 17 * blue])),
            [red, red_low, green, green_low, blue, blue_low] => {
                Some(Self([16 * red + red_low, 16 * green + green_low, 16 * blue + blue_low]))
            }
            _ => None,
        }
    }

    /// How well white words are read on it, in hundredths: 100 (white) to 2100 (black).
    /// Source: WCAG 2.2, "contrast ratio".
    #[must_use]
    pub fn contrast_with_white(self) -> u32 {
        let [r, g, b] = self.0.map(linear);
        let luminance = 2126 * r + 7152 * g + 722 * b;
        // Of a hundred thousand, times ten thousand; 0.05 of it is light that the screen reflects.
        let reflected = 50_000_000;
        let ratio = 100 * (1_000_000_000 + reflected) / (luminance + reflected);
        u32::try_from(ratio).unwrap_or(u32::MAX)
    }

    /// Whether white words on it can be read.
    #[must_use]
    pub fn is_dark_enough(self) -> bool {
        self.contrast_with_white() >= CONTRAST_MIN
    }

    /// The lightest shade of the same tone on which white words can be read; itself where it is one.
    #[must_use]
    pub fn dark_enough(self) -> Self {
        let shade = |light: u16| {
            let part = |part: u8| u8::try_from(u16::from(part) * light / 255).unwrap_or(part);
            Self(self.0.map(part))
        };
        (0..=255).rev().map(shade).find(|shade| shade.is_dark_enough()).unwrap_or(Self([0; 3]))
    }
}

impl fmt::Display for Colour {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [r, g, b] = self.0;
        write!(f, "#{r:02x}{g:02x}{b:02x}")
    }
}

const MILLION: u128 = 1_000_000;

/// A part of a colour as light, of a hundred thousand (IEC 61966-2-1), in whole numbers.
fn linear(part: u8) -> u64 {
    let part = u128::from(part) * MILLION / 255;
    let light = if part <= 40_450 {
        part * 10 / 1292
    } else {
        // To the power of 2.4: the square, times the square's fifth root.
        let square = ((part + 55_000) * 1000 / 1055).pow(2);
        square * fifth_root(square * MILLION.pow(3)) / (10 * MILLION.pow(2))
    };
    u64::try_from(light).unwrap_or(u64::MAX)
}

/// The whole part of a fifth root of at most a million.
fn fifth_root(of: u128) -> u128 {
    let (mut low, mut high) = (0, MILLION);
    while low < high {
        let middle = (low + high).div_ceil(2);
        if middle.pow(5) <= of {
            low = middle;
        } else {
            high = middle - 1;
        }
    }
    low
}

#[cfg(test)]
mod tests {
    use super::*;

    fn colour(text: &str) -> Colour {
        Colour::parse(text).unwrap()
    }

    #[test]
    fn colours_are_read_as_people_write_them() {
        for (typed, read) in [
            ("#1f4e79", "#1f4e79"),
            (" 1F4E79 ", "#1f4e79"),
            ("#abc", "#aabbcc"),
            ("000", "#000000"),
        ] {
            assert_eq!(colour(typed).to_string(), read);
        }
        for typed in ["", "#", "red", "#12345", "#1234567", "#12345g", "url(x)", "#１２３"] {
            assert_eq!(Colour::parse(typed), None, "{typed}");
        }
    }

    #[test]
    fn contrast_is_what_others_measure() {
        // By the formula, and by the checkers of contrast that are in use.
        for (typed, hundredths) in [
            ("#ffffff", 100),
            ("#000000", 2100),
            ("#767676", 454),
            ("#777777", 447),
            ("#0b7a3b", 543),
        ] {
            let measured = colour(typed).contrast_with_white();
            assert!(measured.abs_diff(hundredths) <= 1, "{typed}: {measured}");
        }
    }

    #[test]
    fn a_light_colour_has_a_shade_that_can_be_read_and_the_next_lighter_one_can_not() {
        for typed in ["#ffffff", "#ffcc00", "#00ffff", "#ff0000", "#7f7f80", "#f0f"] {
            let shade = colour(typed).dark_enough();
            assert!(shade.is_dark_enough(), "{typed} → {shade}");
            let lighter = Colour(shade.0.map(|part| part.saturating_add(3)));
            assert!(!lighter.is_dark_enough(), "{typed} → {shade}, but {lighter} is enough");
        }
        assert_eq!(colour("#1f4e79").dark_enough(), colour("#1f4e79"));
    }
}
