//! Each filter of the list against a reference: all rows are exported once, and what a filter must
//! find among them is worked out here from the words of that file, in plain Rust. Pages, file, totals
//! and API have to agree with it.

mod asks;

use std::collections::BTreeMap;
use std::fmt::Write as _;

use asks::{Ask, amounts, choices, days, searches, texts};
use chrono::{DateTime, Duration, NaiveDate, Utc};
use openidconnect::reqwest::StatusCode;
use rand::rngs::StdRng;
use rand::seq::{IndexedRandom as _, SliceRandom as _};
use rand::{Rng as _, SeedableRng as _};
use scraper::{Html, Selector};

use crate::exports::download;
use crate::support::*;
use crate::views::save_columns;

const ROWS: usize = 120;

/// As many files as one person may make in an hour, less the first.
const FILES: usize = 28;

/// Names that are searched for in other cases and with other accents, and what means something to SQL,
/// to patterns, to spreadsheets and to HTML.
const NAMES: [&str; 16] = [
    "",
    "José Pérez",
    "JOSE PEREZ",
    "D'Angelo Niccolò",
    "D’Angelo Nicola",
    "100% Lana",
    "100 Lana",
    "snake_case",
    "snakeXcase",
    "back\\slash",
    "Zoë 🎁 Gift",
    "Straße Łódź",
    "=SUM(A1:A9)",
    "<b>Bold</b> & \"Sons\"",
    "Œuvre, façade; ñandú",
    "Ольга Ёлкина",
];

const EMAILS: [&str; 6] = [
    "maria@example.it",
    "Maria.Rossi@Example.IT",
    "o'brien@example.com",
    "a_b%c@example.org",
    "axbxc@example.org",
    "josé@example.es",
];

const DESCRIPTIONS: [&str; 6] =
    ["", "Dinner set", "Café à emporter", "CAFE A EMPORTER", "50% _off_ \\ all", "+39 call"];

const ORDERS: [&str; 7] = ["CB-2026-", "cb-2025-", "100%-", "100x-", "A_B-", "A\\B-", "É🎁-"];

const STATUSES: [(&str, &str); 9] = [
    ("draft", "Draft"),
    ("scheduled", "Scheduled"),
    ("open", "Awaiting payment"),
    ("processing", "Payment in progress"),
    ("authorised", "Authorised"),
    ("paid", "Paid"),
    ("expired", "Expired"),
    ("cancelled", "Cancelled"),
    ("failed", "Failed"),
];

const DELIVERIES: [(&str, &str); 8] = [
    ("", ""),
    ("queued", "on its way"),
    ("sent", "sent"),
    ("deferred", "delayed, we keep trying"),
    ("bounced", "refused by the recipient"),
    ("suppressed", "not sent: address blocked"),
    ("failed", "could not be sent"),
    ("not_sent", "not sent"),
];

const METHODS: [(&str, &str); 4] =
    [("", ""), ("CreditCard", "Card"), ("Alipay", "Alipay+"), ("Bancontact", "Bancontact")];

const LANGUAGES: [(&str, &str); 4] =
    [("en", "English"), ("it", "Italiano"), ("es", "Español"), ("fr", "Français")];

/// The digits after the decimal sign.
const CURRENCIES: [(&str, usize); 4] = [("EUR", 2), ("JPY", 0), ("KWD", 3), ("GBP", 2)];

/// Amounts in thousandths: those of the questions below, and what lies next to them in each currency.
const AMOUNTS: [i64; 10] =
    [1_000, 9_999, 10_000, 10_001, 10_010, 10_500, 11_000, 45_000, 1_830_050, 4_500_000];

/// A preset and the first and last day that it means.
type Named = (&'static str, &'static str, &'static str);

/// Two Sundays in Rome: one of 25 hours and one of 23. The first and the last day that each preset
/// means, taken from a calendar.
const SUNDAYS: [(&str, [Named; 10]); 2] = [
    (
        "2026-10-25T11:07:00Z",
        [
            ("today", "2026-10-25", "2026-10-25"),
            ("yesterday", "2026-10-24", "2026-10-24"),
            ("last_7_days", "2026-10-19", "2026-10-25"),
            ("last_30_days", "2026-09-26", "2026-10-25"),
            ("this_week", "2026-10-19", "2026-10-25"),
            ("last_week", "2026-10-12", "2026-10-18"),
            ("this_month", "2026-10-01", "2026-10-25"),
            ("last_month", "2026-09-01", "2026-09-30"),
            ("this_quarter", "2026-10-01", "2026-10-25"),
            ("this_year", "2026-01-01", "2026-10-25"),
        ],
    ),
    (
        "2026-03-29T11:07:00Z",
        [
            ("today", "2026-03-29", "2026-03-29"),
            ("yesterday", "2026-03-28", "2026-03-28"),
            ("last_7_days", "2026-03-23", "2026-03-29"),
            ("last_30_days", "2026-02-28", "2026-03-29"),
            ("this_week", "2026-03-23", "2026-03-29"),
            ("last_week", "2026-03-16", "2026-03-22"),
            ("this_month", "2026-03-01", "2026-03-29"),
            ("last_month", "2026-02-01", "2026-02-28"),
            ("this_quarter", "2026-01-01", "2026-03-29"),
            ("this_year", "2026-01-01", "2026-03-29"),
        ],
    ),
];

/// Where days, weeks, months, quarters and years begin in Rome, in UTC; around each of them and around
/// the hours that come twice or never lie the rows.
const EDGES: [&str; 14] = [
    "2025-12-31T23:00:00Z",
    "2026-01-31T23:00:00Z",
    "2026-02-27T23:00:00Z",
    "2026-02-28T23:00:00Z",
    "2026-03-22T23:00:00Z",
    "2026-03-28T23:00:00Z",
    "2026-03-29T01:00:00Z",
    "2026-03-29T22:00:00Z",
    "2026-09-30T22:00:00Z",
    "2026-10-18T22:00:00Z",
    "2026-10-24T22:00:00Z",
    "2026-10-25T00:30:00Z",
    "2026-10-25T01:30:00Z",
    "2026-10-25T23:00:00Z",
];

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn pick<T: Clone>(random: &mut StdRng, of: &[T]) -> T {
    of.choose(random).unwrap().clone()
}

impl TestApp {
    /// Rows in every state, each fact from the lists above; by two people and two originators.
    fn hard_rows(&self, random: &mut StdRng) {
        let (merchant, shop) = (self.world.first, self.world.first_originator);
        self.change(&format!(
            "INSERT INTO originators (merchant_id, id, name, number, api_key_encrypted, currencies, created_at)
             SELECT merchant_id, gen_random_uuid(), 'Fiera', '100009', api_key_encrypted, currencies, created_at
             FROM originators WHERE id = '{shop}'"
        ));
        let mut values = Vec::new();
        for number in 0..ROWS {
            let (currency, exponent) = pick(random, &CURRENCIES);
            let unit = 10_i64.pow(u32::try_from(3 - exponent).unwrap());
            let amount = (pick(random, &AMOUNTS) / unit).max(1);
            // Each state at least once, then at random.
            let status = STATUSES.get(number).copied().unwrap_or_else(|| pick(random, &STATUSES)).0;
            let around = |random: &mut StdRng| {
                let seconds = pick(random, &[-1_800, -1, 0, 1_800, 3_600, 7_200]);
                at(pick(random, &EDGES)) + Duration::seconds(seconds)
            };
            let created = around(random);
            let expires = if ["open", "processing"].contains(&status) {
                // Later than both Sundays: no job ends them.
                at("2026-10-26T00:00:00Z") + Duration::hours(random.random_range(0..900))
            } else {
                around(random)
            };
            let paid = around(random);
            let is_past = ["paid", "expired", "cancelled", "failed"].contains(&status);
            let text = |words: &str| format!("'{}'", words.replace('\'', "''"));
            let or_null =
                |words: &str| if words.is_empty() { "NULL".to_owned() } else { text(words) };
            let only = |is_so: bool, words: String| if is_so { words } else { "NULL".to_owned() };
            values.push(format!(
                "('{merchant}', gen_random_uuid(), {originator}, {person}, {order}, {amount}, {refunded}, '{currency}',
                  {email}, {name}, {description}, '', '{language}', '{status}', {reason}, {delivery}, {method},
                  sha256('{number}'), '{created}', '{expires}', {paid}, {ended}, {send})",
                originator = pick(random, &[
                    format!("'{shop}'::uuid"),
                    "(SELECT id FROM originators WHERE name = 'Fiera')".to_owned(),
                ]),
                person = format_args!(
                    "(SELECT id FROM users WHERE subject = '{}')",
                    pick(random, &[ANNA, ANNA, CARLA])
                ),
                order = text(&format!("{}{number:03}", pick(random, &ORDERS))),
                refunded = if status == "paid" { amount / 3 } else { 0 },
                email = text(pick(random, &EMAILS)),
                name = text(pick(random, &NAMES)),
                description = text(pick(random, &DESCRIPTIONS)),
                language = pick(random, &LANGUAGES).0,
                reason = only(is_past && status != "paid", "'by_merchant'".to_owned()),
                delivery = or_null(pick(random, &DELIVERIES).0),
                method = or_null(pick(random, &METHODS).0),
                paid = only(status == "paid", format!("'{paid}'")),
                ended = only(is_past, format!("'{paid}'")),
                send = only(status == "scheduled", "'2027-06-01'".to_owned()),
            ));
        }
        self.change(&format!(
            "INSERT INTO email_payments (merchant_id, id, originator_id, created_by, order_id, amount_minor,
                 refunded_minor, currency, customer_email, customer_name, description, message, language, status,
                 end_reason, delivery, payment_method, pay_token_hash, created_at, expires_at, paid_at, ended_at, send_at)
             VALUES {}",
            values.join(",\n")
        ));
    }
}

/// One line of the file of everything: the words as they stand there, by their heads.
#[derive(Clone, Debug)]
struct Row(BTreeMap<String, String>);

impl Row {
    fn word(&self, head: &str) -> &str {
        self.0.get(head).unwrap_or_else(|| panic!("no column {head}: {self:?}"))
    }

    fn thousandths(&self, head: &str) -> i64 {
        let (whole, decimals) = self.word(head).split_once('.').unwrap_or((self.word(head), ""));
        format!("{whole}{decimals:0<3}").parse().unwrap()
    }

    /// As the reader's calendar has it: the file's instants are local times.
    fn day(&self, head: &str) -> Option<NaiveDate> {
        self.word(head).get(..10).map(|day| day.parse().unwrap())
    }

    fn instant(&self, head: &str) -> Option<DateTime<Utc>> {
        let word = self.word(head);
        (!word.is_empty()).then(|| word.parse::<DateTime<chrono::FixedOffset>>().unwrap().to_utc())
    }
}

/// Without case and accents, for the letters of this file.
fn plain(words: &str) -> String {
    let mut plain = String::new();
    for letter in words.to_lowercase().chars() {
        match letter {
            'à' | 'á' => plain.push('a'),
            'è' | 'é' | 'ë' => plain.push('e'),
            'ò' | 'ó' => plain.push('o'),
            'ú' => plain.push('u'),
            'ñ' => plain.push('n'),
            'ç' => plain.push('c'),
            'ł' => plain.push('l'),
            'ź' => plain.push('z'),
            'ß' => plain.push_str("ss"),
            'œ' => plain.push_str("oe"),
            'ё' => plain.push('е'),
            '’' => plain.push('\''),
            other => plain.push(other),
        }
    }
    plain
}

/// As English writes it: `1,830.05`.
fn written(thousandths: i64, exponent: usize) -> String {
    let whole = (thousandths / 1_000).to_string();
    let mut grouped = String::new();
    for (place, digit) in whole.chars().enumerate() {
        if place > 0 && (whole.len() - place).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    if exponent > 0 {
        let decimals = format!("{:03}", thousandths % 1_000);
        write!(grouped, ".{}", &decimals[..exponent]).unwrap();
    }
    grouped
}

/// What the strip has to say about some rows, currency by currency.
fn strip(rows: &[&Row]) -> Vec<String> {
    let mut codes = CURRENCIES;
    codes.sort_unstable();
    let mut cells = Vec::new();
    for (code, exponent) in codes {
        let rows: Vec<&&Row> = rows.iter().filter(|row| row.word("Currency") == code).collect();
        if rows.is_empty() {
            continue;
        }
        let sum = |head: &str, statuses: &[&str]| -> i64 {
            let of = rows
                .iter()
                .filter(|row| statuses.is_empty() || statuses.contains(&row.word("Status")));
            of.map(|row| row.thousandths(head)).sum()
        };
        let (asked, collected) = (sum("Amount", &[]), sum("Amount", &["Paid"]));
        let due = sum("Amount", &["Awaiting payment", "Payment in progress", "Authorised"]);
        let refunded = sum("Refunded", &[]);
        let mut details =
            format!("{}% of {} requested", collected * 100 / asked, written(asked, exponent));
        for (amount, words) in [(due, "still due"), (refunded, "refunded")] {
            if amount > 0 {
                write!(details, " · {} {words}", written(amount, exponent)).unwrap();
            }
        }
        let requests = if rows.len() == 1 { "request" } else { "requests" };
        let (count, collected) = (rows.len(), written(collected, exponent));
        cells.push(format!("{code}: {count} {requests}, {collected}, {details}"));
    }
    cells
}

/// A page that is read more than once.
struct Read(Html);

impl Read {
    fn texts(&self, selector: &str) -> Vec<String> {
        let selector = Selector::parse(selector).unwrap();
        self.0.select(&selector).map(|element| element.text().collect()).collect()
    }

    fn next(&self) -> Option<String> {
        let selector = Selector::parse(".pager a[rel=next]").unwrap();
        let link = self.0.select(&selector).next()?;
        link.attr("href").map(str::to_owned)
    }

    fn strip(&self) -> Vec<String> {
        let each = |part: &str| self.texts(&format!(".totals {part}"));
        let (codes, counts) = (each(".cur"), each("dt span:last-child"));
        let (collected, details) = (each(".big"), each(".sub"));
        let cells = codes.iter().zip(counts).zip(collected).zip(details);
        cells.map(|(((code, n), sum), more)| format!("{code}: {n}, {sum}, {more}")).collect()
    }
}

/// Everything that can be asked, and who asks.
struct World {
    app: TestApp,
    anna: Browser,
    program: Program,
    files: usize,
    rows: Vec<Row>,
}

impl World {
    async fn at(now: &str) -> Self {
        let app = TestApp::start().await;
        // Sessions and tokens live by the database's clock: they come first.
        let (mut anna, program) = (app.sign_in(ANNA).await, app.annas_program());
        app.clock.advance(at(now) - app.clock.now());
        app.hard_rows(&mut StdRng::seed_from_u64(4));
        let all = "customer amount status order_id created expires description paid method refunded language \
                   originator created_by delivery";
        save_columns(&mut anna, &all.split(' ').collect::<Vec<_>>(), "save").await;
        let rows = exported(&anna, "").await;
        assert_eq!(rows.len(), ROWS);
        // Short rows are read faster.
        save_columns(&mut anna, &["order_id"], "save").await;
        Self { app, anna, program, files: 0, rows }
    }

    /// What pages and totals show for a question, against the reference; the file too, as long as it
    /// may be made.
    async fn check(
        &mut self,
        query: &str,
        fits: impl Fn(&Row) -> bool,
        wrong: &mut Vec<String>,
    ) -> usize {
        let expected: Vec<&Row> = self.rows.iter().filter(|row| fits(row)).collect();
        let mut orders: Vec<&str> = expected.iter().map(|row| row.word("Order ID")).collect();
        orders.sort_unstable();
        let (mut shown, mut next) = (Vec::new(), Some(format!("{LIST}?size=100&{query}")));
        let mut totals = None;
        while let Some(url) = next {
            let page = self.anna.get(&url).await;
            assert_eq!(page.status, StatusCode::OK, "{query}");
            let page = Read(Html::parse_document(&page.body));
            let errors = page.texts(".errors li");
            if !errors.is_empty() {
                wrong.push(format!("{query}: {errors:?}"));
            }
            shown.extend(page.texts("td.col-order"));
            totals.get_or_insert_with(|| page.strip());
            next = page.next();
        }
        if self.files < FILES {
            self.files += 1;
            let file = exported(&self.anna, query).await;
            let filed: Vec<&str> = file.iter().map(|row| row.word("Order ID")).collect();
            if filed != shown {
                wrong.push(format!("{query}: the file has {filed:?}, the pages {shown:?}"));
            }
        }
        shown.sort_unstable();
        if shown != orders {
            let more: Vec<&String> =
                shown.iter().filter(|order| !orders.contains(&order.as_str())).collect();
            let less: Vec<&&str> =
                orders.iter().filter(|order| !shown.contains(&(**order).to_owned())).collect();
            wrong.push(format!("{query}: too many {more:?}, missing {less:?}"));
        }
        let totals = totals.unwrap_or_default();
        if totals != strip(&expected) {
            wrong.push(format!("{query}: totals {totals:?} instead of {:?}", strip(&expected)));
        }
        expected.len()
    }
}

/// The rows of a file, without the apostrophe that keeps spreadsheets from reckoning.
async fn exported(anna: &Browser, query: &str) -> Vec<Row> {
    let lines = download(anna, &format!("{LIST}.csv?separator=comma&{query}")).await.csv();
    let (heads, rows) = lines.split_first().unwrap();
    let own = |cell: &String| match cell.strip_prefix('\'') {
        Some(rest) if rest.starts_with(['=', '+', '-', '@']) => rest.to_owned(),
        _ => cell.clone(),
    };
    rows.iter()
        .map(|row| {
            // The second "Currency" is the refunds': the same.
            Row(heads.iter().cloned().zip(row.iter().map(own)).collect())
        })
        .collect()
}

#[actix_web::test]
async fn each_filter_finds_what_the_full_file_says() {
    let mut wrong = Vec::new();
    for (number, (now, presets)) in SUNDAYS.into_iter().enumerate() {
        let mut world = World::at(now).await;
        let mut asks = days(at(now), &presets);
        if number == 0 {
            asks.extend(texts());
            asks.extend(searches());
            asks.extend(choices(&world.app));
            asks.extend(amounts());
        }
        // The files are of all kinds.
        asks.shuffle(&mut StdRng::seed_from_u64(7));
        let mut found = 0;
        for ask in &asks {
            let fits = ask.fits.clone();
            found += usize::from(world.check(&ask.query, |row| fits(row), &mut wrong).await > 0);
        }
        assert!(found * 3 > asks.len(), "{found} of {} questions find anything", asks.len());
    }
    assert!(wrong.is_empty(), "{} findings:\n{}", wrong.len(), wrong.join("\n"));
}

#[actix_web::test]
async fn filters_together_find_what_the_full_file_says_on_pages_in_files_and_by_the_api() {
    let (now, presets) = SUNDAYS[0];
    let mut world = World::at(now).await;
    let kinds = [
        texts(),
        searches(),
        choices(&world.app),
        choices(&world.app),
        amounts(),
        days(at(now), &presets),
    ];
    let mut random = StdRng::seed_from_u64(20_261_025);
    let (mut wrong, mut found) = (Vec::new(), 0);
    for _ in 0..FILES {
        let mut asks: Vec<Ask> = Vec::new();
        for kind in &kinds {
            let ask = pick(&mut random, kind);
            // One question per column: another about the same would be about more values of it.
            let names = |query: &str| -> Vec<String> {
                url::form_urlencoded::parse(query.as_bytes())
                    .map(|(name, _)| name.split('_').next().unwrap_or_default().to_owned())
                    .collect()
            };
            let is_new = asks.iter().all(|other| {
                names(&other.query).iter().all(|name| !names(&ask.query).contains(name))
            });
            if is_new && asks.len() < 3 && random.random_bool(0.5) {
                asks.push(ask);
            }
        }
        let mut query = asks.iter().map(|ask| ask.query.as_str()).collect::<Vec<_>>().join("&");
        let fits = |row: &Row| asks.iter().all(|ask| (ask.fits)(row));
        let mut by_program = Vec::new();
        let mut next = Some(format!("/api/v1/email-payments?size=100&{query}"));
        while let Some(url) = next {
            let page = world.program.get(&url).await;
            assert_eq!(page.status, StatusCode::OK, "{query}: {}", page.body);
            let json = page.json();
            let rows = json["data"].as_array().unwrap();
            by_program.extend(rows.iter().map(|row| row["order_id"].as_str().unwrap().to_owned()));
            next = json["next"].as_str().map(str::to_owned);
        }
        by_program.sort_unstable();
        let expected = world.rows.iter().filter(|row| fits(row));
        let mut expected: Vec<&str> = expected.map(|row| row.word("Order ID")).collect();
        expected.sort_unstable();
        if by_program != expected {
            wrong.push(format!("{query}: the API has {by_program:?} instead of {expected:?}"));
        }
        let sort = pick(&mut random, &["created", "-amount", "order_id", "expires", "-paid"]);
        write!(query, "&sort={sort}").unwrap();
        // Only what is paid has a place in the order of payments.
        let fits = |row: &Row| fits(row) && (sort != "-paid" || !row.word("Paid").is_empty());
        found += world.check(&query, fits, &mut wrong).await;
    }
    assert!(found > 300, "{found} rows in all: the filters find something");
    assert!(wrong.is_empty(), "{} findings:\n{}", wrong.len(), wrong.join("\n"));
}
