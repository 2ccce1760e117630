//! The columns of the two lists, each defined once. A merchant's list knows nothing of what support
//! alone sees: [`QueueColumn`] adds that.

use super::display;
use super::model::{Category, Priority, TicketState};
use crate::kernel::{Texts, UserId};
use crate::web::list::{self, Choice, Spec};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Column {
    Subject,
    State,
    Priority,
    Category,
    Author,
    Created,
    Answered,
    /// The rest: support's own.
    Due,
    Merchant,
    Assignee,
}

/// A text in each language.
type Words = fn(&Texts) -> String;

/// People of support, for the names of [`Column::Assignee`]'s values.
#[derive(Clone, Debug, Default)]
pub struct Names {
    pub support: Vec<(UserId, String)>,
}

/// The word of [`Column::Assignee`] for what nobody has taken.
pub const NOBODY: &str = "nobody";

impl Column {
    const fn key_word(self) -> &'static str {
        match self {
            Self::Subject => "subject",
            Self::State => "state",
            Self::Priority => "priority",
            Self::Category => "category",
            Self::Author => "author",
            Self::Created => "created",
            Self::Answered => "answered",
            Self::Due => "due",
            Self::Merchant => "merchant",
            Self::Assignee => "assignee",
        }
    }

    fn specified(self) -> Spec {
        let (title, help, asks): (Words, Words, _) = match self {
            Self::Subject => (
                Texts::msg_ticket_col_subject,
                Texts::msg_ticket_help_subject,
                list::text!("subject"),
            ),
            Self::State => {
                (Texts::msg_ticket_col_state, Texts::msg_ticket_help_state, list::choices!("state"))
            }
            Self::Priority => (
                Texts::msg_ticket_col_priority,
                Texts::msg_ticket_help_priority,
                list::choices!("priority"),
            ),
            Self::Category => (
                Texts::msg_ticket_col_category,
                Texts::msg_ticket_help_category,
                list::choices!("category"),
            ),
            Self::Author => {
                (Texts::msg_ticket_col_author, Texts::msg_ticket_help_author, list::text!("author"))
            }
            Self::Created => (
                Texts::msg_ticket_col_created,
                Texts::msg_ticket_help_created,
                list::days!("created"),
            ),
            Self::Answered => (
                Texts::msg_ticket_col_answered,
                Texts::msg_ticket_help_answered,
                list::days!("answered"),
            ),
            Self::Due => {
                (Texts::msg_ticket_col_due, Texts::msg_ticket_help_due, list::days!("due"))
            }
            Self::Merchant => (
                Texts::msg_ticket_col_merchant,
                Texts::msg_ticket_help_merchant,
                list::text!("merchant"),
            ),
            Self::Assignee => (
                Texts::msg_ticket_col_assignee,
                Texts::msg_ticket_help_assignee,
                list::choices!("assignee"),
            ),
        };
        let spec = Spec::new(self.key_word(), title, help, asks);
        match self {
            Self::State | Self::Priority | Self::Category | Self::Assignee => spec.main(),
            Self::Created | Self::Answered | Self::Due => spec.sortable(),
            Self::Subject | Self::Author | Self::Merchant => spec,
        }
    }

    fn knows_word(self, word: &str) -> bool {
        match self {
            Self::State => TicketState::parse(word).is_some(),
            Self::Priority => Priority::parse(word).is_some(),
            Self::Category => Category::parse(word).is_some(),
            Self::Assignee => word == NOBODY || word.parse::<UserId>().is_ok(),
            Self::Subject
            | Self::Author
            | Self::Created
            | Self::Answered
            | Self::Due
            | Self::Merchant => false,
        }
    }

    fn offered(self, names: &Names, t: &Texts) -> Vec<Choice> {
        let words: Vec<String> = match self {
            Self::State => TicketState::ALL.iter().map(|state| state.as_str().to_owned()).collect(),
            Self::Priority => {
                Priority::ALL.iter().rev().map(|one| one.as_str().to_owned()).collect()
            }
            Self::Category => Category::ALL.iter().map(|one| one.as_str().to_owned()).collect(),
            Self::Assignee => {
                let people = names.support.iter().map(|(id, _)| id.to_string());
                std::iter::once(NOBODY.to_owned()).chain(people).collect()
            }
            Self::Subject
            | Self::Author
            | Self::Created
            | Self::Answered
            | Self::Due
            | Self::Merchant => Vec::new(),
        };
        let choice = |word: String| Choice { words: self.named(&word, names, t), word };
        words.into_iter().map(choice).collect()
    }

    fn named(self, word: &str, names: &Names, t: &Texts) -> String {
        let name = match self {
            Self::State => TicketState::parse(word).map(|state| display::state(state, t)),
            Self::Priority => Priority::parse(word).map(|one| display::priority(one, t)),
            Self::Category => Category::parse(word).map(|one| display::category(one, t)),
            Self::Assignee if word == NOBODY => Some(t.msg_ticket_nobody()),
            Self::Assignee => {
                let found = names.support.iter().find(|(id, _)| id.to_string() == word);
                found.map(|(_, name)| name.clone())
            }
            Self::Subject
            | Self::Author
            | Self::Created
            | Self::Answered
            | Self::Due
            | Self::Merchant => None,
        };
        name.unwrap_or_else(|| word.to_owned())
    }
}

impl list::Column for Column {
    type Names = Names;

    const ALL: &'static [Self] = &[
        Self::State,
        Self::Category,
        Self::Priority,
        Self::Subject,
        Self::Author,
        Self::Created,
        Self::Answered,
    ];
    const SHOWN_AT_FIRST: &'static [Self] =
        &[Self::Subject, Self::State, Self::Priority, Self::Author, Self::Created, Self::Answered];
    const SORTED_AT_FIRST: Self = Self::Answered;

    fn spec(self) -> Spec {
        self.specified()
    }

    fn knows(self, word: &str) -> bool {
        self.knows_word(word)
    }

    fn choices(self, names: &Names, t: &Texts) -> Vec<Choice> {
        self.offered(names, t)
    }

    fn name(self, word: &str, names: &Names, t: &Texts) -> String {
        self.named(word, names, t)
    }
}

/// A column of support's queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct QueueColumn(pub Column);

impl list::Column for QueueColumn {
    type Names = Names;

    const ALL: &'static [Self] = &[
        Self(Column::State),
        Self(Column::Priority),
        Self(Column::Category),
        Self(Column::Assignee),
        Self(Column::Merchant),
        Self(Column::Subject),
        Self(Column::Author),
        Self(Column::Due),
        Self(Column::Created),
        Self(Column::Answered),
    ];
    const SHOWN_AT_FIRST: &'static [Self] = &[
        Self(Column::Subject),
        Self(Column::Due),
        Self(Column::State),
        Self(Column::Priority),
        Self(Column::Merchant),
        Self(Column::Assignee),
        Self(Column::Answered),
    ];
    const SORTED_AT_FIRST: Self = Self(Column::Due);
    const FALLS_AT_FIRST: bool = false;

    fn spec(self) -> Spec {
        self.0.specified()
    }

    fn knows(self, word: &str) -> bool {
        self.0.knows_word(word)
    }

    fn choices(self, names: &Names, t: &Texts) -> Vec<Choice> {
        self.0.offered(names, t)
    }

    fn name(self, word: &str, names: &Names, t: &Texts) -> String {
        self.0.named(word, names, t)
    }
}
