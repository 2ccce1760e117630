//! The columns of the list, each defined once: head, filter, sort, parameters, file and help.

use super::display;
use super::model::{Kind, State};
use crate::kernel::{Currency, KeyKind, Texts};
use crate::web::list::{self, Choice, Spec};

/// Those that stand in the table, and those that are only asked about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Column {
    Kind,
    Number,
    State,
    Period,
    Total,
    Currency,
    Issued,
    Due,
    Provider,
    Unread,
}

/// What the merchant's documents have in them.
#[derive(Clone, Debug, Default)]
pub struct Names {
    pub currencies: Vec<Currency>,
}

type Words = fn(&Texts) -> String;

/// The words of [`Column::Unread`].
pub const UNREAD: [(&str, bool); 2] = [("yes", true), ("no", false)];

impl list::Column for Column {
    type Names = Names;

    const ALL: &'static [Self] = &[
        Self::Kind,
        Self::State,
        Self::Period,
        Self::Issued,
        Self::Due,
        Self::Total,
        Self::Currency,
        Self::Number,
        Self::Provider,
        Self::Unread,
    ];
    const SHOWN_AT_FIRST: &'static [Self] =
        &[Self::Kind, Self::Period, Self::Total, Self::State, Self::Issued];
    const SORTED_AT_FIRST: Self = Self::Issued;

    fn spec(self) -> Spec {
        let (title, help, asks): (Words, Words, _) = match self {
            Self::Kind => {
                (Texts::msg_doc_col_kind, Texts::msg_doc_help_kind, list::choices!("type"))
            }
            Self::Number => {
                (Texts::msg_doc_col_number, Texts::msg_doc_help_number, list::text!("number"))
            }
            Self::State => {
                (Texts::msg_doc_col_state, Texts::msg_doc_help_state, list::choices!("state"))
            }
            Self::Period => {
                (Texts::msg_doc_col_period, Texts::msg_doc_help_period, list::days!("period"))
            }
            Self::Total => (
                Texts::msg_doc_col_total,
                Texts::msg_doc_help_total,
                list::amount!("amount", "currency"),
            ),
            Self::Currency => {
                (Texts::msg_col_currency, Texts::msg_help_currency, list::choices!("currency"))
            }
            Self::Issued => {
                (Texts::msg_doc_col_issued, Texts::msg_doc_help_issued, list::days!("issued"))
            }
            Self::Due => (Texts::msg_doc_col_due, Texts::msg_doc_help_due, list::days!("due")),
            Self::Provider => {
                (Texts::msg_doc_col_provider, Texts::msg_doc_help_provider, list::text!("provider"))
            }
            Self::Unread => {
                (Texts::msg_doc_col_unread, Texts::msg_doc_help_unread, list::choices!("unread"))
            }
        };
        let spec = Spec::new(self.word(), title, help, asks);
        match self {
            Self::Kind | Self::State => spec.main(),
            Self::Issued => spec.sortable_by(KeyKind::Day).main(),
            Self::Total => spec.sortable().main(),
            Self::Number => spec.sortable(),
            Self::Currency | Self::Unread => spec.only_asked().main(),
            Self::Period | Self::Due | Self::Provider => spec,
        }
    }

    fn knows(self, word: &str) -> bool {
        match self {
            Self::Kind => Kind::parse(word).is_some(),
            Self::State => State::parse(word).is_some(),
            Self::Currency => Currency::parse(word).is_some(),
            Self::Unread => unread(word).is_some(),
            Self::Number
            | Self::Period
            | Self::Total
            | Self::Issued
            | Self::Due
            | Self::Provider => false,
        }
    }

    fn choices(self, names: &Names, t: &Texts) -> Vec<Choice> {
        let words: Vec<&str> = match self {
            Self::Kind => Kind::ALL.iter().map(|kind| kind.as_str()).collect(),
            Self::State => State::ALL.iter().map(|state| state.as_str()).collect(),
            Self::Currency => names.currencies.iter().map(|currency| currency.code()).collect(),
            Self::Unread => UNREAD.iter().map(|(word, _)| *word).collect(),
            Self::Number
            | Self::Period
            | Self::Total
            | Self::Issued
            | Self::Due
            | Self::Provider => Vec::new(),
        };
        let choice =
            |word: &str| Choice { word: word.to_owned(), words: self.name(word, names, t) };
        words.into_iter().map(choice).collect()
    }

    fn name(self, word: &str, _: &Names, t: &Texts) -> String {
        let name = match self {
            Self::Kind => Kind::parse(word).map(|kind| display::kind(kind, t)),
            Self::State => State::parse(word).map(|state| display::state(state, t)),
            Self::Unread => unread(word).map(|is_unread| {
                if is_unread { t.msg_doc_unread_yes() } else { t.msg_doc_unread_no() }
            }),
            Self::Currency
            | Self::Number
            | Self::Period
            | Self::Total
            | Self::Issued
            | Self::Due
            | Self::Provider => None,
        };
        name.unwrap_or_else(|| word.to_owned())
    }
}

/// Whether a word of [`Column::Unread`] asks for what is unread.
#[must_use]
pub fn unread(word: &str) -> Option<bool> {
    UNREAD.iter().find(|(known, _)| *known == word).map(|(_, is_unread)| *is_unread)
}

impl Column {
    /// The word in URLs and in saved layouts.
    const fn word(self) -> &'static str {
        match self {
            Self::Kind => "type",
            Self::Number => "number",
            Self::State => "state",
            Self::Period => "period",
            Self::Total => "amount",
            Self::Currency => "currency",
            Self::Issued => "issued",
            Self::Due => "due",
            Self::Provider => "provider",
            Self::Unread => "unread",
        }
    }
}
