//! What people make of a list: the columns that they see, and the views that they keep. Of any list
//! whose columns implement [`Listed`]; everything is stored under the list's key.

mod commands;
mod pages;
mod queries;
mod tabs;

use chrono_tz::Tz;
use diesel::PgConnection;

use crate::auth::MerchantScope;
use crate::kernel::{Error, Right, Texts, UserId};
use crate::web::list::{Column, Question};
use crate::web::{Audience, Routes};

pub use commands::{NewView, VIEWS_MAX, Writer};
pub use queries::{Layout, layout};
pub use tabs::{Tabs, tabs};

/// A list with columns to choose and views to keep.
pub struct List {
    /// Under which everything is stored.
    pub key: &'static str,
    /// Where the list lives; below it, its pages for columns and views.
    pub path: &'static str,
    pub columns: &'static str,
    pub views: &'static str,
    pub new_view: &'static str,
    /// Ends in `{id}`.
    pub view: &'static str,
    pub title: fn(&Texts) -> String,
    /// Who sees the list arranges it for themselves.
    pub see: Right,
    /// Who has this right over everybody's rows may share views with everybody.
    pub share: Right,
}

/// The columns of a [`List`].
pub trait Listed: Column + Send + Sync {
    const LIST: List;

    /// The views that everybody has: words, and query string.
    fn built_in(t: &Texts) -> Vec<(String, &'static str)>;

    /// How many rows each of the views that everybody has shows, in their order and like
    /// [`Listed::count`]: in one statement, without a time-out. `None` where an index does not answer
    /// each of them at once; they are then counted like all others.
    fn count_built_in(
        _conn: &mut PgConnection,
        _scope: MerchantScope,
        _user_id: UserId,
        _most: i64,
    ) -> Result<Option<Vec<i64>>, Error> {
        Ok(None)
    }

    /// How many rows fit for a reader and their days, counted up to one more than `most`; `None` where that can't be told soon.
    /// It runs under a statement time-out.
    fn count(
        conn: &mut PgConnection,
        scope: MerchantScope,
        user_id: UserId,
        zone: Tz,
        question: &Question<Self>,
        most: i64,
    ) -> Result<Option<i64>, Error>;

    /// What values are called, to tell a view in words.
    fn names(conn: &mut PgConnection, scope: MerchantScope) -> Result<Self::Names, Error>;
}

/// The addresses of a list's columns and views.
pub fn routes<C: Listed<Names: Send>>(r: &mut Routes) {
    let see = Audience::Merchant(C::LIST.see);
    r.get(C::LIST.columns, see, pages::columns::<C>);
    r.post(C::LIST.columns, see, pages::save_columns::<C>);
    r.get(C::LIST.views, see, pages::views::<C>);
    r.post(C::LIST.views, see, pages::create::<C>);
    r.get(C::LIST.new_view, see, pages::new::<C>);
    r.post(C::LIST.view, see, pages::change::<C>);
}
