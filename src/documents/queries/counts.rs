//! What the table keeps of its own count, by triggers: read in one step, however many documents there are.

use diesel::prelude::*;

use crate::auth::MerchantScope;
use crate::db::schema::{document_counts, document_read_counts};
use crate::documents::columns::{Column, unread};
use crate::documents::filter::Question;
use crate::documents::model::Kind;
use crate::kernel::UserId;
use crate::web::list::Asked;

/// How many documents a merchant has of each kind, and how many of them a user has read.
#[derive(Clone, Debug)]
pub struct Counts {
    by_kind: Vec<(Kind, i64)>,
    read: i64,
}

impl Counts {
    pub fn read(
        conn: &mut PgConnection,
        scope: MerchantScope,
        user_id: UserId,
    ) -> QueryResult<Self> {
        let of_user = document_read_counts::table
            .find((scope.merchant_id(), user_id))
            .select(document_read_counts::documents)
            .single_value();
        let rows: Vec<(Kind, i64, Option<i64>)> = document_counts::table
            .filter(document_counts::merchant_id.eq(scope.merchant_id()))
            .select((document_counts::kind, document_counts::documents, of_user))
            .load(conn)?;
        let read = rows.iter().find_map(|(_, _, read)| *read).unwrap_or(0);
        let by_kind = rows.into_iter().map(|(kind, documents, _)| (kind, documents)).collect();
        Ok(Self { by_kind, read })
    }

    #[must_use]
    pub fn all(&self) -> i64 {
        self.by_kind.iter().map(|(_, documents)| documents).sum()
    }

    #[must_use]
    pub fn unread(&self) -> i64 {
        self.all() - self.read
    }

    #[must_use]
    pub fn of(&self, kinds: &[Kind]) -> i64 {
        let these = self.by_kind.iter().filter(|(kind, _)| kinds.contains(kind));
        these.map(|(_, documents)| documents).sum()
    }
}

/// A question whose count is kept.
pub enum Kept {
    All,
    Unread,
    Kinds(Vec<Kind>),
}

impl Kept {
    /// `None` for any other question: its rows have to be counted.
    pub fn of(question: &Question) -> Option<Self> {
        if question.search.is_some() {
            return None;
        }
        match question.asked.as_slice() {
            [] => Some(Self::All),
            [(column, Asked::Choices { words, is_none_of: false })] => match column {
                Column::Kind => {
                    Some(Self::Kinds(words.iter().filter_map(|w| Kind::parse(w)).collect()))
                }
                Column::Unread => {
                    words.iter().all(|word| unread(word) == Some(true)).then_some(Self::Unread)
                }
                Column::Number
                | Column::State
                | Column::Period
                | Column::Total
                | Column::Currency
                | Column::Issued
                | Column::Due
                | Column::Provider => None,
            },
            _ => None,
        }
    }

    #[must_use]
    pub fn count(&self, counts: &Counts) -> i64 {
        match self {
            Self::All => counts.all(),
            Self::Unread => counts.unread(),
            Self::Kinds(kinds) => counts.of(kinds),
        }
    }
}
