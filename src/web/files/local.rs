//! Instants in a zone, quickly: files hold millions of them.

use chrono::{
    DateTime, Datelike as _, NaiveDateTime, Offset as _, TimeZone as _, Timelike as _, Utc,
};
use chrono_tz::Tz;

/// What a clock on the wall shows, and how far it is from UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Local {
    pub clock: NaiveDateTime,
    pub offset_seconds: i32,
}

/// The clock of a zone. Keeps the last offset: rows of a list lie close to each other.
pub struct Clock {
    zone: Tz,
    /// A quarter of an hour since 1970, in which no zone has changed its clock since, and its offset.
    last: Option<(i64, i32)>,
}

/// Zones change their clocks on quarters of an hour (of UTC), at least since 1973.
const QUARTER_SECONDS: i64 = 15 * 60;

impl Clock {
    pub const fn new(zone: Tz) -> Self {
        Self { zone, last: None }
    }

    pub fn at(&mut self, at: DateTime<Utc>) -> Local {
        let quarter = at.timestamp().div_euclid(QUARTER_SECONDS);
        let offset_seconds = match self.last {
            Some((known, offset)) if known == quarter => offset,
            _ => {
                let offset = self.zone.offset_from_utc_datetime(&at.naive_utc()).fix();
                self.last = Some((quarter, offset.local_minus_utc()));
                offset.local_minus_utc()
            }
        };
        let clock = at.naive_utc() + chrono::Duration::seconds(offset_seconds.into());
        Local { clock, offset_seconds }
    }
}

impl Local {
    /// Adds `2026-11-28T10:43:07`.
    pub fn write(&self, out: &mut Vec<u8>) {
        let year = u32::try_from(self.clock.year()).unwrap_or_default();
        digits::<4>(out, year);
        for (mark, two) in [
            (b'-', self.clock.month()),
            (b'-', self.clock.day()),
            (b'T', self.clock.hour()),
            (b':', self.clock.minute()),
            (b':', self.clock.second()),
        ] {
            out.push(mark);
            digits::<2>(out, two);
        }
    }

    /// Adds `+01:00`.
    pub fn write_offset(&self, out: &mut Vec<u8>) {
        out.push(if self.offset_seconds < 0 { b'-' } else { b'+' });
        let minutes = self.offset_seconds.unsigned_abs() / 60;
        digits::<2>(out, minutes / 60);
        out.push(b':');
        digits::<2>(out, minutes % 60);
    }
}

/// Adds a number in exactly so many digits.
fn digits<const N: usize>(out: &mut Vec<u8>, mut number: u32) {
    let mut text = [b'0'; N];
    for digit in text.iter_mut().rev() {
        *digit = b'0' + u8::try_from(number % 10).unwrap_or_default();
        number /= 10;
    }
    out.extend_from_slice(&text);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::dates;

    #[test]
    fn instants_are_written_as_everywhere_else() {
        for zone in [
            chrono_tz::Europe::Rome,
            chrono_tz::America::St_Johns,
            chrono_tz::UTC,
            chrono_tz::Asia::Kathmandu,
        ] {
            let mut clock = Clock::new(zone);
            // Over the night in which Europe's clocks go back, and some years to each side.
            for step in -400..400_i64 {
                let at =
                    DateTime::from_timestamp(1_761_440_400 + step * step * step * 17, 0).unwrap();
                let mut text = Vec::new();
                let local = clock.at(at);
                local.write(&mut text);
                local.write_offset(&mut text);
                assert_eq!(String::from_utf8(text).unwrap(), dates::machine(at, zone));
            }
        }
    }
}
