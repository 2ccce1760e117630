//! What a column is.

use crate::kernel::{KeyKind, Texts};

/// A column of a list: an enum of the slice. What it says here is said once, for the head, the
/// filter, the sort, the URL, the file and the help.
pub trait Column: Copy + Eq + std::fmt::Debug + 'static {
    /// What a choice column's values are called needs more than the column: people, originators.
    type Names;

    /// In the order in which panels and pickers show them.
    const ALL: &'static [Self];
    /// Shown to who has chosen nothing.
    const SHOWN_AT_FIRST: &'static [Self];
    /// By which the rows stand where nobody has asked for another order.
    const SORTED_AT_FIRST: Self;
    /// Whether the largest stands on top then.
    const FALLS_AT_FIRST: bool = true;

    /// Everything else that a column is.
    fn spec(self) -> Spec;
    /// Whether a word of the URL is one of its values.
    fn knows(self, word: &str) -> bool;
    /// The values that are offered, each with its name.
    fn choices(self, names: &Self::Names, t: &Texts) -> Vec<Choice>;
    /// The name of one value, offered or not.
    fn name(self, word: &str, names: &Self::Names, t: &Texts) -> String;

    fn key(self) -> &'static str {
        self.spec().key
    }

    fn title(self, t: &Texts) -> String {
        (self.spec().title)(t)
    }

    fn help(self, t: &Texts) -> String {
        (self.spec().help)(t)
    }

    fn asks(self) -> Asks {
        self.spec().asks
    }

    fn parse(key: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|column| column.key() == key)
    }
}

/// What a column is, in one place.
#[derive(Clone, Copy)]
pub struct Spec {
    /// The word in URLs and in saved layouts.
    pub key: &'static str,
    pub title: fn(&Texts) -> String,
    /// One sentence: what stands there.
    pub help: fn(&Texts) -> String,
    pub asks: Asks,
    /// Set where an index gives the rows in its order: what a place in that order is.
    pub sorted_by: Option<KeyKind>,
    /// Whether it can stand in the table; others are only asked about.
    pub is_shown: bool,
    /// Whether its filter is in sight as soon as the panel is open.
    pub is_main: bool,
}

impl Spec {
    #[must_use]
    pub const fn new(
        key: &'static str,
        title: fn(&Texts) -> String,
        help: fn(&Texts) -> String,
        asks: Asks,
    ) -> Self {
        Self { key, title, help, asks, sorted_by: None, is_shown: true, is_main: false }
    }

    /// Its rows can be sorted by it: by what is asked about it. A place of another kind, from an address
    /// that was put together by hand, is told as a fault by [`super::Question::read`].
    #[must_use]
    pub const fn sortable(self) -> Self {
        let by = match self.asks {
            Asks::Amount { .. } => KeyKind::Number,
            Asks::Days { .. } => KeyKind::Instant,
            Asks::Nothing
            | Asks::Text { .. }
            | Asks::Choices { .. }
            | Asks::Tab { .. }
            | Asks::Rows { .. } => KeyKind::Text,
        };
        self.sortable_by(by)
    }

    /// The same where the rows stand by something else.
    #[must_use]
    pub const fn sortable_by(mut self, by: KeyKind) -> Self {
        self.sorted_by = Some(by);
        self
    }

    /// Not in the table.
    #[must_use]
    pub const fn only_asked(mut self) -> Self {
        self.is_shown = false;
        self
    }

    #[must_use]
    pub const fn main(mut self) -> Self {
        self.is_main = true;
        self
    }
}

/// One value of a choice.
#[derive(Clone, Debug)]
pub struct Choice {
    pub word: String,
    pub words: String,
}

/// What may be asked about a column, with the names of its parameters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asks {
    Nothing,
    Text {
        word: &'static str,
        operator: &'static str,
    },
    /// `named` takes a [`super::Preset`], `within` a number of days from now on.
    Days {
        named: &'static str,
        from: &'static str,
        to: &'static str,
        within: Option<&'static str>,
    },
    /// `currency` is the parameter whose one value says which decimals are meant.
    Amount {
        operator: &'static str,
        min: &'static str,
        max: &'static str,
        currency: &'static str,
    },
    /// Several values; `operator` `not` turns them round.
    Choices {
        word: &'static str,
        operator: &'static str,
    },
    /// One of a few, which are the tabs of the page.
    Tab {
        word: &'static str,
    },
    /// Rows that somebody picked, by their ids. It has no field: rows are picked in the table.
    Rows {
        word: &'static str,
    },
}

/// A parameter of the URL.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Parameter {
    pub name: &'static str,
    pub may_repeat: bool,
}

impl Asks {
    /// Every parameter that belongs to the column.
    #[must_use]
    pub fn parameters(self) -> Vec<Parameter> {
        let once = |name| Parameter { name, may_repeat: false };
        match self {
            Self::Nothing => Vec::new(),
            Self::Text { word, operator } => vec![once(word), once(operator)],
            Self::Days { named, from, to, within } => [Some(named), Some(from), Some(to), within]
                .into_iter()
                .flatten()
                .map(once)
                .collect(),
            Self::Amount { operator, min, max, .. } => vec![once(operator), once(min), once(max)],
            Self::Choices { word, operator } => {
                vec![Parameter { name: word, may_repeat: true }, once(operator)]
            }
            Self::Tab { word } => vec![once(word)],
            Self::Rows { word } => vec![Parameter { name: word, may_repeat: true }],
        }
    }
}

/// Parameters are made of the column's key, so that they can't differ from it.
macro_rules! text {
    ($key:literal) => {
        $crate::web::list::Asks::Text { word: $key, operator: concat!($key, "_op") }
    };
}

macro_rules! days {
    ($key:literal) => {
        $crate::web::list::Asks::Days {
            named: $key,
            from: concat!($key, "_from"),
            to: concat!($key, "_to"),
            within: None,
        }
    };
    ($key:literal, within) => {
        $crate::web::list::Asks::Days {
            named: $key,
            from: concat!($key, "_from"),
            to: concat!($key, "_to"),
            within: Some(concat!($key, "_within")),
        }
    };
}

macro_rules! amount {
    ($key:literal, $currency:literal) => {
        $crate::web::list::Asks::Amount {
            operator: concat!($key, "_op"),
            min: concat!($key, "_min"),
            max: concat!($key, "_max"),
            currency: $currency,
        }
    };
}

macro_rules! choices {
    ($key:literal) => {
        $crate::web::list::Asks::Choices { word: $key, operator: concat!($key, "_op") }
    };
}

pub(crate) use {amount, choices, days, text};
