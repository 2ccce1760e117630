//! What was collected, as a picture with its numbers: stacked bars, one for each day. Pure.

use std::collections::BTreeMap;
use std::fmt;

use chrono::{DateTime, Days, NaiveDate, NaiveTime, Utc};

use crate::kernel::{Currency, Lang, Money, Texts, dates, money_grouped};
use crate::settlement::{Channel, Collected};

/// A length on the picture, which is 720 by 200: in tenths, for no float touches an amount.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tenths(i64);

impl fmt::Display for Tenths {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.0 / 10, self.0 % 10)
    }
}

/// Where the bars begin at the left, beside the numbers of the lines; where they end at the right, so
/// that the last day's name has room.
const LEFT: i64 = 720;
const RIGHT: i64 = 6960;
/// Where the highest line may be, and where the bars stand.
const TOP: i64 = 100;
const BASE: i64 = 1760;
/// Lines above the base, about; days that are named, at most.
const LINES: i64 = 4;
const DAYS_NAMED: usize = 8;

/// One day's part by one channel.
#[derive(Debug)]
pub struct Bar {
    pub class: &'static str,
    pub x: Tenths,
    pub y: Tenths,
    pub width: Tenths,
    pub height: Tenths,
}

/// Words at a line, or below a day.
#[derive(Debug)]
pub struct Mark {
    pub at: Tenths,
    pub words: String,
}

/// A channel with its colour and what it came to.
pub struct Series {
    pub class: &'static str,
    pub words: String,
    pub sum: String,
}

/// A day of the table: what each channel came to, and all of them.
pub struct Row {
    pub day: String,
    pub machine: String,
    pub amounts: Vec<String>,
    pub sum: String,
    pub count: String,
}

pub struct Chart {
    pub title: String,
    pub words: String,
    pub series: Vec<Series>,
    pub bars: Vec<Bar>,
    pub lines: Vec<Mark>,
    pub days: Vec<Mark>,
    /// Days without anything are left out.
    pub rows: Vec<Row>,
}

/// What is drawn: whole days, both inclusive.
#[derive(Clone, Copy)]
pub struct Frame {
    pub from: NaiveDate,
    pub until: NaiveDate,
    pub currency: Currency,
    pub lang: Lang,
    pub now: DateTime<Utc>,
}

/// What was collected on a day: by channel, in the order of [`Channel::ALL`], and how often.
#[derive(Default)]
struct Day {
    minor: BTreeMap<usize, i64>,
    count: i64,
}

impl Day {
    fn of(&self, place: usize) -> i64 {
        self.minor.get(&place).copied().unwrap_or_default()
    }

    fn sum(&self) -> i64 {
        self.minor.values().sum()
    }
}

impl Chart {
    /// The picture of one currency; `None` where nothing was collected in it.
    pub fn of(collected: &[Collected], frame: Frame) -> Option<Self> {
        let days = by_day(collected, frame);
        let most = days.values().map(Day::sum).max().filter(|most| *most > 0)?;
        let total: i64 = days.values().map(Day::sum).sum();
        let Frame { lang, currency, .. } = frame;
        let t = lang.texts();
        let (best, _) = days.iter().max_by_key(|(day, of)| (of.sum(), **day))?;
        let channels: Vec<usize> = (0..Channel::ALL.len())
            .filter(|place| days.values().any(|day| day.of(*place) > 0))
            .collect();
        let money = |minor| Money::new(minor, currency).with_code(lang);
        let series = channels.iter().filter_map(|place| {
            let sum = days.values().map(|day| day.of(*place)).sum();
            Some(Series {
                class: class(*place),
                words: channel_words(*Channel::ALL.get(*place)?, t),
                sum: Money::new(sum, currency).number(lang),
            })
        });
        let step = step(most);
        let top = step.saturating_mul(most.div_euclid(step) + i64::from(most % step > 0));
        Some(Self {
            title: t.msg_overview_chart_title(
                currency.code(),
                dates::plain_day(frame.from, lang),
                dates::plain_day(frame.until, lang),
            ),
            words: t.msg_overview_chart_words(
                money(total),
                dates::plain_day(*best, lang),
                money(most),
            ),
            series: series.collect(),
            bars: bars(&days, frame, &channels, top),
            lines: lines(step, top, frame),
            days: named_days(frame),
            rows: days
                .iter()
                .rev()
                .filter(|(_, day)| day.count > 0)
                .map(|(day, of)| row(*day, of, &channels, frame))
                .collect(),
        })
    }
}

/// Every day of the frame, whether there is something or not.
fn by_day(collected: &[Collected], frame: Frame) -> BTreeMap<NaiveDate, Day> {
    let mut days: BTreeMap<NaiveDate, Day> =
        all_days(frame).map(|day| (day, Day::default())).collect();
    let code = frame.currency.code();
    for row in collected.iter().filter(|row| row.currency == code) {
        let place = Channel::ALL.iter().position(|channel| *channel == row.channel);
        if let (Some(day), Some(place)) = (days.get_mut(&row.day), place) {
            *day.minor.entry(place).or_default() += row.amount_minor;
            day.count += row.count;
        }
    }
    days
}

fn all_days(frame: Frame) -> impl Iterator<Item = NaiveDate> {
    frame.from.iter_days().take_while(move |day| *day <= frame.until)
}

/// The distance of two lines: 1, 2 or 5 of some power of ten, in minor units.
fn step(most: i64) -> i64 {
    let at_least = (most / LINES).max(1);
    let mut power: i64 = 1;
    loop {
        for times in [1, 2, 5] {
            let step = power.saturating_mul(times);
            if step >= at_least {
                return step;
            }
        }
        power = power.saturating_mul(10);
    }
}

const fn class(place: usize) -> &'static str {
    match place {
        0 => "c1",
        1 => "c2",
        2 => "c3",
        _ => "c4",
    }
}

fn channel_words(channel: Channel, t: &Texts) -> String {
    match channel {
        Channel::Email => t.msg_overview_channel_email(),
        Channel::Ecommerce => t.msg_overview_channel_ecommerce(),
        Channel::InStore => t.msg_overview_channel_in_store(),
        Channel::VirtualTerminal => t.msg_overview_channel_virtual_terminal(),
    }
}

/// The width of a day's place.
fn slot(frame: Frame) -> i64 {
    let days = (frame.until - frame.from).num_days() + 1;
    (RIGHT - LEFT) / days.max(1)
}

/// How high an amount is where `top` reaches the top; in a wider integer, for amounts are large.
fn height(minor: i64, top: i64) -> i64 {
    let tall = i128::from(minor) * i128::from(BASE - TOP) / i128::from(top.max(1));
    i64::try_from(tall).unwrap_or(BASE - TOP)
}

fn bars(days: &BTreeMap<NaiveDate, Day>, frame: Frame, channels: &[usize], top: i64) -> Vec<Bar> {
    let slot = slot(frame);
    let width = slot * 64 / 100;
    let mut bars = Vec::new();
    let mut left = LEFT + (slot - width) / 2;
    for day in days.values() {
        let mut below = 0;
        for place in channels {
            let minor = day.of(*place);
            if minor > 0 {
                let (low, high) = (height(below, top), height(below + minor, top));
                below += minor;
                bars.push(Bar {
                    class: class(*place),
                    x: Tenths(left),
                    y: Tenths(BASE - high),
                    width: Tenths(width),
                    height: Tenths(high - low),
                });
            }
        }
        left += slot;
    }
    bars
}

/// The lines from the base up, in whole units where the currency allows it.
fn lines(step: i64, top: i64, frame: Frame) -> Vec<Mark> {
    let Frame { currency, lang, .. } = frame;
    let unit = 10_i64.saturating_pow(u32::try_from(currency.exponent()).unwrap_or_default());
    let words = |minor: i64| {
        if step % unit == 0 {
            money_grouped((minor / unit).unsigned_abs(), lang)
        } else {
            Money::new(minor, currency).number(lang)
        }
    };
    (0..=top / step)
        .map(|place| step * place)
        .map(|minor| Mark { at: Tenths(BASE - height(minor, top)), words: words(minor) })
        .collect()
}

/// The last day and some before it, each in the middle of its place.
fn named_days(frame: Frame) -> Vec<Mark> {
    let days: Vec<NaiveDate> = all_days(frame).collect();
    let (slot, every) = (slot(frame), days.len().div_ceil(DAYS_NAMED).max(1));
    let mut middle = LEFT + slot / 2;
    let mut marks = Vec::new();
    for (place, day) in days.iter().enumerate() {
        if (days.len() - 1 - place).is_multiple_of(every) {
            marks.push(Mark { at: Tenths(middle), words: short(*day, frame) });
        }
        middle += slot;
    }
    marks
}

/// `15 nov`, with the year where it is another one.
fn short(day: NaiveDate, frame: Frame) -> String {
    let noon = day.and_time(NaiveTime::MIN).and_utc();
    dates::day(noon, frame.now, chrono_tz::UTC, frame.lang)
}

fn row(day: NaiveDate, of: &Day, channels: &[usize], frame: Frame) -> Row {
    let number = |minor| Money::new(minor, frame.currency).number(frame.lang);
    Row {
        day: dates::short_day(day, frame.lang),
        machine: day.to_string(),
        amounts: channels.iter().map(|place| number(of.of(*place))).collect(),
        sum: number(of.sum()),
        count: money_grouped(of.count.unsigned_abs(), frame.lang),
    }
}

/// The days that end with `today`.
#[must_use]
pub fn last_days(today: NaiveDate, days: u64) -> (NaiveDate, NaiveDate) {
    (today.checked_sub_days(Days::new(days.saturating_sub(1))).unwrap_or(today), today)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn frame(from: &str, until: &str) -> Frame {
        Frame {
            from: day(from),
            until: day(until),
            currency: Currency::EUR,
            lang: Lang::It,
            now: "2026-11-28T10:00:00Z".parse().unwrap(),
        }
    }

    fn paid(on: &str, channel: Channel, minor: i64) -> Collected {
        let currency = "EUR".to_owned();
        Collected { day: day(on), currency, channel, count: 1, amount_minor: minor }
    }

    #[test]
    fn lines_stand_at_round_amounts_and_reach_over_the_highest_bar() {
        for (most, expected) in [
            (1, 1),
            (4, 1),
            (5, 1),
            (9, 2),
            (123_456, 50_000),
            (400_000, 100_000),
            (i64::MAX / 1000, 5_000_000_000_000_000),
        ] {
            let step = step(most);
            assert_eq!(step, expected, "{most}");
            assert!(most / step <= 2 * LINES + 1, "{most}");
        }
    }

    #[test]
    fn bars_of_a_day_stand_upon_each_other_and_a_day_without_has_none() {
        let rows = [
            paid("2026-11-26", Channel::Email, 10_000),
            paid("2026-11-26", Channel::InStore, 30_000),
            paid("2026-11-28", Channel::Email, 20_000),
        ];
        let chart = Chart::of(&rows, frame("2026-11-26", "2026-11-28")).unwrap();
        let told: Vec<String> = chart
            .bars
            .iter()
            .map(|bar| format!("{} {} {} {}", bar.class, bar.x, bar.y, bar.height))
            .collect();
        assert_eq!(
            told,
            ["c1 109.4 134.5 41.5", "c3 109.4 10.0 124.5", "c1 525.4 93.0 83.0"],
            "{:?}",
            chart.bars
        );
        let lines: Vec<&str> = chart.lines.iter().map(|line| line.words.as_str()).collect();
        assert_eq!(lines, ["0", "100", "200", "300", "400"]);
        assert_eq!(chart.days.len(), 3);
        assert_eq!(chart.rows.len(), 2, "newest first, without the day that has nothing");
        assert_eq!(chart.rows[0].amounts, ["200,00", "0,00"]);
        assert_eq!((chart.rows[1].sum.as_str(), chart.rows[1].count.as_str()), ("400,00", "2"));
        assert_eq!(chart.series.len(), 2);
    }

    #[test]
    fn nothing_in_a_currency_is_no_picture() {
        let rows = [paid("2026-11-26", Channel::Email, 10_000)];
        let mut of = frame("2026-11-26", "2026-11-28");
        of.currency = Currency::JPY;
        assert!(Chart::of(&rows, of).is_none());
        assert!(Chart::of(&rows, frame("2026-11-27", "2026-11-28")).is_none());
    }

    #[test]
    fn a_period_ends_today() {
        assert_eq!(last_days(day("2026-11-28"), 7), (day("2026-11-22"), day("2026-11-28")));
    }
}
