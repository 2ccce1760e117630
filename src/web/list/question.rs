//! A list's question: query string ⇄ what is asked ⇄ chips.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;

use super::asked::{Asked, choice, one_line};
use super::column::{Asks, Column, Parameter};
use super::page::{PLACE, asked_place};
use crate::kernel::{Direction, Key, Lang, PageSize, Texts};
use crate::web::{Faults, Query, Shell};

/// Below this many characters a trigram index does not help.
pub const SEARCH_ANYWHERE_FROM: usize = 3;

/// Who reads: their language, and when a day begins for them.
#[derive(Clone, Copy)]
pub struct Reader {
    pub t: &'static Texts,
    pub lang: Lang,
    pub zone: Tz,
    pub now: DateTime<Utc>,
}

impl Reader {
    /// Who looks at a page.
    #[must_use]
    pub fn of(shell: &Shell) -> Self {
        Self { t: shell.t, lang: shell.lang, zone: shell.zone, now: shell.now }
    }
}

/// By which column, and whether the largest stands on top.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sort<C> {
    pub column: C,
    pub is_descending: bool,
}

impl<C: Column> Sort<C> {
    fn at_first() -> Self {
        Self { column: C::SORTED_AT_FIRST, is_descending: C::FALLS_AT_FIRST }
    }

    /// `created`, `-created`.
    fn parse(word: &str) -> Option<Self> {
        let (is_descending, key) = word.strip_prefix('-').map_or((false, word), |key| (true, key));
        let column = C::parse(key).filter(|column| column.spec().sorted_by.is_some())?;
        Some(Self { column, is_descending })
    }

    #[must_use]
    pub fn word(self) -> String {
        format!("{}{}", if self.is_descending { "-" } else { "" }, self.column.key())
    }

    #[must_use]
    pub fn is_at_first(self) -> bool {
        self == Self::at_first()
    }
}

/// What was asked, and what of it could be read. A value that can't be read narrows nothing and is
/// told at its field; it stays in the URL, so that nothing that was typed is lost.
#[derive(Clone, Debug)]
pub struct Question<C> {
    pub search: Option<String>,
    /// At most one entry per column, in the columns' order.
    pub asked: Vec<(C, Asked)>,
    pub sort: Sort<C>,
    pub size: PageSize,
    pub direction: Option<Direction<Key>>,
    /// Everything that was given, but the place in the list.
    typed: Vec<(String, String)>,
}

impl<C: Column> Default for Question<C> {
    fn default() -> Self {
        Self {
            search: None,
            asked: Vec::new(),
            sort: Sort::at_first(),
            size: PageSize::default(),
            direction: None,
            typed: Vec::new(),
        }
    }
}

const SEARCH: &str = "q";
const SORT: &str = "sort";
const SIZE: &str = "size";

impl<C: Column> Question<C> {
    /// Every parameter that a list of these columns understands.
    #[must_use]
    pub fn parameters() -> Vec<Parameter> {
        let once = |name| Parameter { name, may_repeat: false };
        let own = [SEARCH].map(once).into_iter();
        let columns = C::ALL.iter().flat_map(|column| column.asks().parameters());
        own.chain(columns).chain([SORT, SIZE].into_iter().chain(PLACE).map(once)).collect()
    }

    /// Reads a query string.
    pub fn read(query: &Query, reader: &Reader) -> (Self, Faults) {
        let (t, mut faults) = (reader.t, Faults::default());
        let asked = C::ALL.iter().filter_map(|column| {
            let knows = |word: &str| column.knows(word);
            let asked = Asked::read(column.asks(), knows, query, reader, &mut faults)?;
            Some((*column, asked))
        });
        let asked = asked.collect();
        let sort = choice(SORT, query, t, &mut faults, Sort::parse).unwrap_or_else(Sort::at_first);
        let question = Self {
            search: query.one(SEARCH).map(one_line).filter(|text| !text.is_empty()),
            asked,
            sort,
            size: choice(SIZE, query, t, &mut faults, PageSize::parse).unwrap_or_default(),
            direction: direction(query, sort, t, &mut faults),
            typed: typed::<C>(query),
        };
        (question, faults)
    }

    /// What was asked about a column.
    #[must_use]
    pub fn about(&self, column: C) -> Option<&Asked> {
        self.asked.iter().find(|(asked, _)| *asked == column).map(|(_, asked)| asked)
    }

    /// Whether anything but the tab narrows the list.
    #[must_use]
    pub fn is_narrowed(&self) -> bool {
        self.search.is_some() || self.is_filtered()
    }

    /// Whether one of the fields behind the filter button does.
    #[must_use]
    pub fn is_filtered(&self) -> bool {
        self.asked.iter().any(|(_, asked)| !matches!(asked, Asked::Tab { .. }))
    }

    /// What was given for a parameter, to fill its field again.
    #[must_use]
    pub fn typed(&self, name: &str) -> &str {
        self.typed.iter().rev().find(|(given, _)| given == name).map_or("", |(_, value)| value)
    }

    /// Whether a value of a parameter that may be repeated was given.
    #[must_use]
    pub fn has(&self, name: &str, value: &str) -> bool {
        self.typed.iter().any(|(given, word)| given == name && word == value)
    }

    /// The query string of this question, with some parameters changed: `None` takes one out. The
    /// place in the list is always taken out: another question starts at the top.
    #[must_use]
    pub fn query(&self, changes: &[(&str, Option<&str>)]) -> String {
        let is_changed = |name: &str| changes.iter().any(|(changed, _)| *changed == name);
        let kept = self.typed.iter().filter(|(name, _)| !is_changed(name));
        let kept = kept.map(|(name, value)| (name.as_str(), value.as_str()));
        let added = changes.iter().filter_map(|(name, value)| Some((*name, (*value)?)));
        let pairs: Vec<(&str, &str)> =
            kept.chain(added).filter(|(_, value)| !value.is_empty()).collect();
        serde_urlencoded::to_string(pairs).unwrap_or_default()
    }

    /// The same as an address.
    #[must_use]
    pub fn url(&self, path: &str, changes: &[(&str, Option<&str>)]) -> String {
        address(path, &self.query(changes))
    }

    /// Parameters of the filters, to travel as hidden fields where the panel is closed.
    pub fn kept(&self) -> impl Iterator<Item = (&str, &str)> {
        let own = [SEARCH, SORT, SIZE];
        let is_tab = |name: &str| {
            C::ALL.iter().any(|column| matches!(column.asks(), Asks::Tab { word } if word == name))
        };
        self.typed
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .filter(move |(name, _)| !own.contains(name) && !is_tab(name))
    }

    /// The query string without what belongs to some columns.
    #[must_use]
    pub fn query_without(&self, asks: Asks) -> String {
        let parameters = asks.parameters();
        let changes: Vec<(&str, Option<&str>)> =
            parameters.iter().map(|parameter| (parameter.name, None)).collect();
        self.query(&changes)
    }

    /// The query string of what is asked alone: without the number of rows on a page.
    #[must_use]
    pub fn filter_query(&self) -> String {
        self.query(&[(SIZE, None)])
    }
}

/// A path with a query string, where there is one.
pub(super) fn address(path: &str, query: &str) -> String {
    if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") }
}

/// What was given, in the order of the parameters; what is so by itself is left out.
fn typed<C: Column>(query: &Query) -> Vec<(String, String)> {
    let parameters = Question::<C>::parameters();
    let parameters = parameters.iter().filter(|parameter| !PLACE.contains(&parameter.name));
    let mut pairs: Vec<(String, String)> = Vec::new();
    for Parameter { name, may_repeat } in parameters {
        if *may_repeat {
            let values = query.all(name).map(|value| ((*name).to_owned(), value.to_owned()));
            pairs.extend(values);
        } else if let Some(value) = query.one(name) {
            pairs.push(((*name).to_owned(), value.to_owned()));
        }
    }
    pairs.retain(|(name, value)| match name.as_str() {
        SORT => !Sort::<C>::parse(value).is_some_and(Sort::is_at_first),
        SIZE => PageSize::parse(value) != Some(PageSize::default()),
        name if name.ends_with("_op") => value != "contains" && value != "between",
        _ => true,
    });
    // An operator without its text asks for nothing.
    let alone: Vec<&str> = C::ALL
        .iter()
        .filter_map(|column| match column.asks() {
            Asks::Choices { word, operator } => Some((operator, vec![word])),
            Asks::Amount { operator, min, max, .. } => Some((operator, vec![min, max])),
            Asks::Text { word, operator }
                if !matches!(query.one(operator), Some("empty" | "filled")) =>
            {
                Some((operator, vec![word]))
            }
            Asks::Text { .. }
            | Asks::Nothing
            | Asks::Days { .. }
            | Asks::Tab { .. }
            | Asks::Rows { .. } => None,
        })
        .filter(|(_, words)| words.iter().all(|word| query.one(word).is_none()))
        .map(|(operator, _)| operator)
        .collect();
    pairs.retain(|(name, _)| !alone.contains(&name.as_str()));
    pairs
}

/// The place that is asked for, of this order alone.
fn direction<C: Column>(
    query: &Query,
    sort: Sort<C>,
    t: &Texts,
    faults: &mut Faults,
) -> Option<Direction<Key>> {
    let kind = sort.column.spec().sorted_by;
    asked_place(query, |key: &Key| Some(key.kind()) == kind).unwrap_or_else(|name| {
        faults.add(name, t.msg_filter_unknown_value(query.one(name).unwrap_or_default()));
        None
    })
}
