//! The tabs above a list: a view each, with how many rows it has.

use diesel::PgConnection;

use super::Listed;
use super::queries::{self, ViewRow};
use crate::auth::MerchantScope;
use crate::kernel::{Error, UserId, money_grouped};
use crate::web::Query;
use crate::web::list::{Question, Reader};

/// Tabs in one row; who has more views finds them on the views' page.
const TABS_MAX: usize = 24;
/// Above this many rows a tab says "more".
const COUNT_MAX: i64 = 1_000;

/// One view.
pub struct Tab {
    pub words: String,
    pub url: String,
    pub is_current: bool,
    /// Empty where it can't be had in time.
    pub count: String,
}

pub struct Tabs {
    pub each: Vec<Tab>,
    /// Where the present question is saved; none where nothing is asked, or a view asks it.
    pub save_url: Option<String>,
    /// Where views are managed; none where there is nothing to manage.
    pub manage_url: Option<&'static str>,
}

/// A stored question, read again, so that what is relative moves with the calendar. `None`: not all
/// of it can be read any more, and what is left would show other rows than were meant.
pub fn read<C: Listed>(stored: &str, reader: &Reader) -> Option<Question<C>> {
    let query = Query::parse(stored).ok()?;
    let (question, faults) = Question::<C>::read(&query, reader);
    let again = Query::parse(&question.filter_query()).ok()?;
    let sorted = |Query(mut pairs): Query| {
        pairs.sort();
        pairs
    };
    (faults.is_empty() && sorted(query) == sorted(again)).then_some(question)
}

/// The tabs for a reader who asks `question`.
pub fn tabs<C: Listed>(
    conn: &mut PgConnection,
    scope: MerchantScope,
    user_id: UserId,
    question: &Question<C>,
    reader: &Reader,
) -> Result<Tabs, Error> {
    let (t, asked) = (reader.t, question.filter_query());
    let mut rows = queries::views(conn, scope, user_id, C::LIST.key)?;
    rows.retain(|row| !row.is_deleted);
    let built_in = C::built_in(t);
    let built_in_counts = C::count_built_in(conn, scope, user_id, COUNT_MAX)?
        .filter(|counts| counts.len() == built_in.len());
    let built_in = built_in.into_iter().map(|(words, query)| (words, query.to_owned()));
    let saved = rows.iter().map(|ViewRow { name, query, .. }| (name.clone(), query.clone()));
    let views: Vec<(String, Option<Question<C>>)> =
        built_in.chain(saved).map(|(words, query)| (words, read(&query, reader))).collect();
    let is_current = |view: &Question<C>| view.filter_query() == asked;
    let is_kept = views.iter().any(|(_, view)| view.as_ref().is_some_and(is_current));
    let shown = views.get(..TABS_MAX.min(views.len())).unwrap_or_default();
    let mut counts: Vec<Option<i64>> = built_in_counts.into_iter().flatten().map(Some).collect();
    let others = shown.iter().skip(counts.len());
    let questions: Vec<&Option<Question<C>>> = others.map(|(_, view)| view).collect();
    counts.extend(queries::counts(conn, &questions, |conn, view| match view {
        Some(view) => C::count(conn, scope, user_id, reader.zone, view, COUNT_MAX),
        None => Ok(None),
    }));
    let words = |count: i64| {
        let grouped = money_grouped(count.min(COUNT_MAX).unsigned_abs(), reader.lang);
        if count > COUNT_MAX { t.msg_views_count_more(grouped) } else { grouped }
    };
    let tab = |((name, view), count): (&(String, Option<Question<C>>), Option<i64>)| Tab {
        words: name.clone(),
        // One that can't be read leads to where that is told.
        url: view.as_ref().map_or_else(
            || C::LIST.views.to_owned(),
            |view| view.url(C::LIST.path, &[("size", None)]),
        ),
        is_current: view.as_ref().is_some_and(is_current),
        count: count.map(words).unwrap_or_default(),
    };
    Ok(Tabs {
        each: shown.iter().zip(counts).map(tab).collect(),
        save_url: (!is_kept && !asked.is_empty()).then(|| question.url(C::LIST.new_view, &[])),
        manage_url: (!rows.is_empty()).then_some(C::LIST.views),
    })
}
