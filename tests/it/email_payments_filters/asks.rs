//! Everything that can be asked of the list, with the rows that must be found.

use super::*;

/// Something that can be asked: its parameters, and the rows that must be found.
#[derive(Clone)]
pub struct Ask {
    pub query: String,
    pub fits: std::rc::Rc<dyn Fn(&Row) -> bool>,
}

impl Ask {
    pub fn new(parameters: &[(&str, &str)], fits: impl Fn(&Row) -> bool + 'static) -> Self {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        query.extend_pairs(parameters);
        Self { query: query.finish(), fits: std::rc::Rc::new(fits) }
    }
}

const TEXTS: [(&str, &str); 4] = [
    ("customer", "Customer"),
    ("email", "Email address"),
    ("order_id", "Order ID"),
    ("description", "Description"),
];

/// What is typed into text fields.
const TYPED: [&str; 28] = [
    "josé",
    "JOSE PEREZ",
    "perez",
    "d'angelo",
    "D’ANGELO",
    "100%",
    "100% lana",
    "e_c",
    "snake_case",
    "ck\\s",
    "\\ all",
    "🎁",
    "Zoë 🎁",
    "strasse",
    "łódź",
    "=SUM(",
    "<b>",
    "\" sons",
    "OEUVRE",
    "ёлк",
    "ОЛЬГА",
    "maria@example.it",
    "o'b",
    "a_b",
    "cb-2026-",
    "A\\B-",
    "É🎁-",
    "nobody at all",
];

pub fn texts() -> Vec<Ask> {
    let mut asks = Vec::new();
    for (name, head) in TEXTS {
        let operator = format!("{name}_op");
        for (place, typed) in TYPED.into_iter().enumerate() {
            let wanted = plain(typed);
            let contains = |cell: &str, wanted: &str| cell.contains(wanted);
            // "Contains" with each text, the other operators in turn.
            let other: (&str, fn(&str, &str) -> bool) = match place % 3 {
                0 => ("is", |cell, wanted| cell == wanted),
                1 => ("starts", |cell, wanted| cell.starts_with(wanted)),
                _ => ("not", |cell, wanted| !cell.contains(wanted)),
            };
            for (word, fits) in [("contains", contains as fn(&str, &str) -> bool), other] {
                // Fewer than three characters are refused: any part is found by three.
                if word == "contains" && typed.chars().count() < 3 {
                    continue;
                }
                let wanted = wanted.clone();
                asks.push(Ask::new(&[(name, typed), (&operator, word)], move |row| {
                    fits(&plain(row.word(head)), &wanted)
                }));
            }
        }
        asks.push(Ask::new(&[(&operator, "empty")], move |row| row.word(head).is_empty()));
        asks.push(Ask::new(&[(&operator, "filled")], move |row| !row.word(head).is_empty()));
    }
    asks
}

pub fn searches() -> Vec<Ask> {
    let mut asks = Vec::new();
    for typed in TYPED.into_iter().chain(["A_", "cb", "É"]) {
        let wanted = plain(typed);
        let is_short = typed.chars().count() < 3;
        asks.push(Ask::new(&[("q", typed)], move |row| {
            if is_short {
                return plain(row.word("Order ID")).starts_with(&wanted);
            }
            TEXTS.iter().any(|(_, head)| plain(row.word(head)).contains(&wanted))
        }));
    }
    asks
}

pub fn choices(app: &TestApp) -> Vec<Ask> {
    let id = |from: &str| app.text(&format!("SELECT id FROM {from}"));
    let own = |words: &[(&str, &str)]| -> Vec<(String, String)> {
        let filled = words.iter().filter(|(word, _)| !word.is_empty());
        filled.map(|(word, name)| ((*word).to_owned(), (*name).to_owned())).collect()
    };
    let currencies: Vec<(&str, &str)> = CURRENCIES.iter().map(|(code, _)| (*code, *code)).collect();
    let mut asks = Vec::new();
    for (name, head, values) in [
        ("status", "Status", own(&STATUSES)),
        ("delivery", "Email", own(&DELIVERIES)),
        ("method", "Method", own(&METHODS)),
        ("language", "Language", own(&LANGUAGES)),
        ("currency", "Currency", own(&currencies)),
        (
            "originator",
            "Originator",
            ["Shop", "Fiera"]
                .map(|name| (id(&format!("originators WHERE name = '{name}'")), name.to_owned()))
                .to_vec(),
        ),
        (
            "created_by",
            "Created by",
            ["Anna Rossi", "Carla Verdi"]
                .map(|name| (id(&format!("users WHERE name = '{name}'")), name.to_owned()))
                .to_vec(),
        ),
    ] {
        let operator = format!("{name}_op");
        let ones = values.iter().map(std::slice::from_ref);
        for chosen in ones.chain(values.windows(2)) {
            let words: Vec<String> = chosen.iter().map(|(_, words)| words.clone()).collect();
            for is_none_of in [false, true] {
                let mut parameters: Vec<(&str, &str)> =
                    chosen.iter().map(|(word, _)| (name, word.as_str())).collect();
                if is_none_of {
                    parameters.push((&operator, "not"));
                }
                let words = words.clone();
                asks.push(Ask::new(&parameters, move |row| {
                    words.iter().any(|word| word == row.word(head)) != is_none_of
                }));
            }
        }
    }
    let past = ["Paid", "Expired", "Cancelled", "Failed"];
    asks.push(Ask::new(&[("group", "past")], move |row| past.contains(&row.word("Status"))));
    asks.push(Ask::new(&[("group", "current")], move |row| !past.contains(&row.word("Status"))));
    asks
}

/// Both amounts in thousandths, as the question means them.
pub fn amounts() -> Vec<Ask> {
    let mut asks = Vec::new();
    for (typed, wanted) in
        [("10", 10_000), ("10.50", 10_500), ("9,99", 9_990), ("1,830.05", 1_830_050)]
    {
        for (operator, fits) in [
            ("is", (|amount, wanted| amount == wanted) as fn(i64, i64) -> bool),
            ("is_not", |amount, wanted| amount != wanted),
            ("above", |amount, wanted| amount > wanted),
            ("at_least", |amount, wanted| amount >= wanted),
            ("below", |amount, wanted| amount < wanted),
            ("at_most", |amount, wanted| amount <= wanted),
        ] {
            asks.push(Ask::new(&[("amount_op", operator), ("amount_min", typed)], move |row| {
                fits(row.thousandths("Amount"), wanted)
            }));
        }
    }
    for (parameters, currency, within) in [
        (vec![("amount_min", "10"), ("amount_max", "10.50")], "", 10_000..=10_500),
        (vec![("amount_min", "10.01")], "", 10_010..=i64::MAX),
        (vec![("amount_max", "10")], "", 0..=10_000),
        // In one currency its own decimals can be asked for.
        (vec![("amount_max", "10.0010"), ("currency", "KWD")], "KWD", 0..=10_001),
        (vec![("amount_min", "4500"), ("currency", "JPY")], "JPY", 4_500_000..=i64::MAX),
    ] {
        asks.push(Ask::new(&parameters, move |row| {
            within.contains(&row.thousandths("Amount"))
                && (currency.is_empty() || row.word("Currency") == currency)
        }));
    }
    asks
}

pub fn days(now: DateTime<Utc>, presets: &[(&str, &str, &str)]) -> Vec<Ask> {
    let day = |text: &str| text.parse::<NaiveDate>().unwrap();
    let mut asks = Vec::new();
    for (name, head) in [("created", "Created"), ("expires", "Expires"), ("paid", "Paid")] {
        let (first, last) = (format!("{name}_from"), format!("{name}_to"));
        for (preset, from, to) in presets {
            let span = day(from)..=day(to);
            asks.push(Ask::new(&[(name, preset)], move |row| {
                row.day(head).is_some_and(|day| span.contains(&day))
            }));
        }
        for sunday in ["2026-03-29", "2026-10-25"] {
            let sunday_at = day(sunday);
            asks.push(Ask::new(&[(&first, sunday), (&last, sunday)], move |row| {
                row.day(head) == Some(sunday_at)
            }));
            asks.push(Ask::new(&[(&first, sunday)], move |row| {
                row.day(head).is_some_and(|day| day >= sunday_at)
            }));
            asks.push(Ask::new(&[(&last, sunday)], move |row| {
                row.day(head).is_some_and(|day| day <= sunday_at)
            }));
        }
    }
    for within in [1, 7, 30] {
        let span = now..now + Duration::days(within);
        asks.push(Ask::new(&[("expires_within", &within.to_string())], move |row| {
            row.instant("Expires").is_some_and(|expires| span.contains(&expires))
        }));
    }
    asks
}
