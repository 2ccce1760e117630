//! Instants as people write them, in each language and time zone.
//!
//! Rows show the day in letters and leave out the year while it is this one; pages about one thing
//! show everything. Nothing here knows the time by itself: `now` is a parameter.

use chrono::{DateTime, Datelike as _, Locale, NaiveDate, TimeZone as _, Utc};
use chrono_tz::Tz;

use super::{Lang, Texts};

const fn locale(lang: Lang) -> Locale {
    match lang {
        Lang::En => Locale::en_GB,
        Lang::It => Locale::it_IT,
        Lang::Es => Locale::es_ES,
        Lang::Fr => Locale::fr_FR,
    }
}

/// `20 nov 2026`, and `20 nov` while the year is `now`'s.
#[must_use]
pub fn day(at: DateTime<Utc>, now: DateTime<Utc>, zone: Tz, lang: Lang) -> String {
    let local = at.with_timezone(&zone);
    let pattern =
        if local.year() == now.with_timezone(&zone).year() { "%-d %b" } else { "%-d %b %Y" };
    local.format_localized(pattern, locale(lang)).to_string()
}

/// For rows: `Oggi 09:12`, `20 nov 16:02`, `20 nov 2025`.
#[must_use]
pub fn moment(at: DateTime<Utc>, now: DateTime<Utc>, zone: Tz, lang: Lang) -> String {
    moment_as(at, now, zone, lang, Texts::msg_dates_today)
}

/// The same inside a sentence: `oggi 09:12`.
#[must_use]
pub fn moment_within(at: DateTime<Utc>, now: DateTime<Utc>, zone: Tz, lang: Lang) -> String {
    moment_as(at, now, zone, lang, Texts::msg_dates_today_within)
}

fn moment_as(
    at: DateTime<Utc>,
    now: DateTime<Utc>,
    zone: Tz,
    lang: Lang,
    today_at: impl Fn(&Texts, String) -> String,
) -> String {
    let (local, today) = (at.with_timezone(&zone), now.with_timezone(&zone));
    if local.date_naive() == today.date_naive() {
        today_at(lang.texts(), local.format("%H:%M").to_string())
    } else if local.year() == today.year() {
        local.format_localized("%-d %b %H:%M", locale(lang)).to_string()
    } else {
        day(at, now, zone, lang)
    }
}

/// For pages about one thing: `19 nov 2026, 09:05`.
#[must_use]
pub fn full(at: DateTime<Utc>, zone: Tz, lang: Lang) -> String {
    at.with_timezone(&zone).format_localized("%-d %b %Y, %H:%M", locale(lang)).to_string()
}

/// For customers: `lunedì 7 dicembre 2026`.
#[must_use]
pub fn weekday(at: DateTime<Utc>, zone: Tz, lang: Lang) -> String {
    let local = at.with_timezone(&zone);
    let pattern = match (lang, local.day()) {
        (Lang::Es, _) => "%A, %-d de %B de %Y",
        (Lang::Fr, 1) => "%A 1er %B %Y",
        (Lang::En | Lang::It | Lang::Fr, _) => "%A %-d %B %Y",
    };
    local.format_localized(pattern, locale(lang)).to_string()
}

/// `7 dicembre 2026`, for a day without a time.
#[must_use]
pub fn plain_day(day: NaiveDate, lang: Lang) -> String {
    let pattern = match (lang, day.day()) {
        (Lang::Es, _) => "%-d de %B de %Y",
        (Lang::Fr, 1) => "1er %B %Y",
        (Lang::En | Lang::It | Lang::Fr, _) => "%-d %B %Y",
    };
    day.format_localized(pattern, locale(lang)).to_string()
}

/// `9 nov 2026`, for a day without a time.
#[must_use]
pub fn short_day(day: NaiveDate, lang: Lang) -> String {
    day.format_localized("%-d %b %Y", locale(lang)).to_string()
}

/// `Ottobre 2026`: the month of a day, as it stands by itself.
#[must_use]
pub fn month(day: NaiveDate, lang: Lang) -> String {
    let words = day.format_localized("%B %Y", locale(lang)).to_string();
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// `23:59`.
#[must_use]
pub fn time(at: DateTime<Utc>, zone: Tz) -> String {
    at.with_timezone(&zone).format("%H:%M").to_string()
}

/// For `<time datetime>`: RFC 3339 with the zone's offset.
#[must_use]
pub fn machine(at: DateTime<Utc>, zone: Tz) -> String {
    at.with_timezone(&zone).to_rfc3339_opts(chrono::SecondsFormat::Secs, false)
}

/// The first instant of a day in a zone. Where the clocks jump over midnight, the first that exists.
#[must_use]
pub fn start_of(day: NaiveDate, zone: Tz) -> DateTime<Utc> {
    (0..24)
        .filter_map(|hour| day.and_hms_opt(hour, 0, 0))
        .find_map(|local| zone.from_local_datetime(&local).earliest())
        .map_or_else(|| day.and_time(chrono::NaiveTime::MIN).and_utc(), |at| at.with_timezone(&Utc))
}

/// A time of a day in a zone. Where the clocks jump over it, the first instant after.
#[must_use]
pub fn at_time(day: NaiveDate, time: chrono::NaiveTime, zone: Tz) -> DateTime<Utc> {
    let local = day.and_time(time);
    (0..=3)
        .filter_map(|hours| local.checked_add_signed(chrono::Duration::hours(hours)))
        .find_map(|local| zone.from_local_datetime(&local).earliest())
        .map_or_else(|| local.and_utc(), |at| at.with_timezone(&Utc))
}

/// The first instant after a day in a zone.
#[must_use]
pub fn end_of(day: NaiveDate, zone: Tz) -> DateTime<Utc> {
    start_of(day.succ_opt().unwrap_or(day), zone)
}

/// 23:59:59 of a day in a zone: when a link that is valid until that day ends.
#[must_use]
pub fn last_second_of(day: NaiveDate, zone: Tz) -> DateTime<Utc> {
    end_of(day, zone) - chrono::Duration::seconds(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    const ROME: Tz = chrono_tz::Europe::Rome;
    const MADRID: Tz = chrono_tz::Europe::Madrid;

    #[test]
    fn days_have_the_length_that_their_zone_gives_them() {
        let day = NaiveDate::from_ymd_opt(2025, 10, 26).unwrap();
        assert_eq!(start_of(day, MADRID), at("2025-10-25T22:00:00Z"));
        assert_eq!(end_of(day, MADRID), at("2025-10-26T23:00:00Z"));
        assert_eq!(last_second_of(day, MADRID), at("2025-10-26T22:59:59Z"));
    }

    #[test]
    fn rows_say_today_and_leave_out_this_year() {
        let now = at("2026-11-23T13:06:00Z");
        assert_eq!(moment(at("2026-11-23T08:12:00Z"), now, ROME, Lang::It), "Oggi 09:12");
        assert_eq!(moment(at("2026-11-20T15:02:00Z"), now, ROME, Lang::It), "20 nov 16:02");
        assert_eq!(moment(at("2025-11-20T15:02:00Z"), now, ROME, Lang::It), "20 nov 2025");
        assert_eq!(day(at("2026-12-07T22:59:59Z"), now, ROME, Lang::En), "7 Dec");
    }

    #[test]
    fn customers_read_the_day_in_full() {
        let due = at("2026-12-07T22:59:59Z");
        assert_eq!(weekday(due, ROME, Lang::It), "lunedì 7 dicembre 2026");
        assert_eq!(weekday(due, ROME, Lang::En), "Monday 7 December 2026");
        assert_eq!(weekday(due, ROME, Lang::Es), "lunes, 7 de diciembre de 2026");
        assert_eq!(weekday(at("2026-12-01T12:00:00Z"), ROME, Lang::Fr), "mardi 1er décembre 2026");
        assert_eq!(full(due, ROME, Lang::Fr), "7 déc. 2026, 23:59");
    }
}
