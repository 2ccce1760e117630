//! `GET` and `POST …/columns`: which columns, and in which order.

use actix_session::Session;
use actix_web::HttpRequest;
use actix_web::web::Data;
use askama::Template;
use diesel::PgConnection;

use super::super::{Listed, commands, queries};
use crate::auth::MerchantUser;
use crate::kernel::{Error, Texts};
use crate::web::list::{Question, Reader};
use crate::web::{App, Flash, FormBody, Html, Query, Shell, html, see_other, set_flash};

#[derive(Template)]
#[template(path = "views/columns.html")]
struct ColumnsPage<C: Listed> {
    shell: Shell,
    t: &'static Texts,
    arrangement: Arrangement<C>,
    /// This page, with the list's question.
    action: String,
    /// The list as it was left.
    back: String,
    /// Which button was pressed, so that it has the focus again.
    pressed: String,
    path: &'static str,
}

/// Every column that can stand in the table, in an order, and which of them do.
struct Arrangement<C> {
    order: Vec<C>,
    shown: Vec<C>,
}

impl<C: Listed> Arrangement<C> {
    fn of(shown: Vec<C>) -> Self {
        let others = C::ALL.iter().filter(|column| column.spec().is_shown);
        let others = others.filter(|column| !shown.contains(column)).copied();
        Self { order: shown.iter().copied().chain(others).collect(), shown }
    }

    /// As the form has it. What it does not name stands behind, not shown.
    fn read(fields: &[(String, String)]) -> Self {
        let all = |name: &'static str| {
            let given = fields.iter().filter(move |(given, _)| given == name);
            queries::columns::<C>(given.map(|(_, value)| value.as_str()))
        };
        let (order, ticked) = (all("order"), all("column"));
        let order = Self::of(order).order;
        let shown = order.iter().copied().filter(|column| ticked.contains(column)).collect();
        Self { order, shown }
    }

    /// One place up or down; the first column stays the first.
    fn shift(&mut self, key: &str, is_up: bool) {
        let from = self.order.iter().position(|column| column.key() == key);
        let to = from.and_then(|from| if is_up { from.checked_sub(1) } else { Some(from + 1) });
        if let Some((from, to)) = from.zip(to)
            && from > 0
            && to > 0
            && to < self.order.len()
        {
            self.order.swap(from, to);
        }
    }
}

/// One line of the form.
#[expect(clippy::struct_excessive_bools, reason = "what a line shows, each for itself")]
struct Line {
    key: &'static str,
    title: String,
    help: String,
    is_shown: bool,
    /// It says what the row is, and always stands first.
    is_fixed: bool,
    may_rise: bool,
    may_fall: bool,
}

impl<C: Listed> ColumnsPage<C> {
    fn new(shell: Shell, query: &Query, arrangement: Arrangement<C>, pressed: String) -> Self {
        let question = Question::<C>::read(query, &Reader::of(&shell)).0;
        Self {
            t: shell.t,
            shell,
            arrangement,
            action: question.url(C::LIST.columns, &[]),
            back: question.url(C::LIST.path, &[]),
            pressed,
            path: C::LIST.path,
        }
    }

    fn lines(&self) -> Vec<Line> {
        let Arrangement { order, shown } = &self.arrangement;
        let line = |(place, column): (usize, &C)| Line {
            key: column.key(),
            title: column.title(self.t),
            help: column.help(self.t),
            is_shown: shown.contains(column),
            is_fixed: place == 0,
            may_rise: place > 1,
            may_fall: place > 0 && place + 1 < order.len(),
        };
        order.iter().enumerate().map(line).collect()
    }

    fn is_pressed(&self, verb: &str, key: &str) -> bool {
        self.pressed.strip_prefix(verb) == Some(key)
    }

    fn list_title(&self) -> String {
        (C::LIST.title)(self.t)
    }
}

pub async fn columns<C: Listed>(
    user: MerchantUser,
    shell: Shell,
    app: Data<App>,
    query: Query,
) -> Html {
    let (scope, user_id) = (user.scope(C::LIST.see)?, user.user_id());
    let read = move |conn: &mut PgConnection| queries::layout::<C>(conn, user_id, C::LIST.key);
    let layout = app.db.run(scope.tenants(), read).await?;
    let arrangement = Arrangement::of(layout.columns);
    html(&ColumnsPage::new(shell, &query, arrangement, String::new()))
}

/// Moving a column keeps nothing yet: the page comes back with everything as it was ticked.
pub async fn save_columns<C: Listed>(
    user: MerchantUser,
    req: HttpRequest,
    app: Data<App>,
    session: Session,
    query: Query,
    FormBody(fields): FormBody,
) -> Html {
    let scope = user.scope(C::LIST.see)?;
    let act = fields.iter().find(|(name, _)| name == "act").map_or("save", |(_, act)| act.as_str());
    let mut arrangement = Arrangement::<C>::read(&fields);
    let moved = act.strip_prefix("up-").map(|key| (key, true));
    if let Some((key, is_up)) = moved.or_else(|| Some((act.strip_prefix("down-")?, false))) {
        arrangement.shift(key, is_up);
        return html(&ColumnsPage::new(Shell::of(&req)?, &query, arrangement, act.to_owned()));
    }
    let is_reset = match act {
        "save" => arrangement.shown == C::SHOWN_AT_FIRST,
        "reset" => true,
        _ => return Err(Error::Malformed("act")),
    };
    let (user_id, now, shown) = (user.user_id(), app.clock.now(), arrangement.shown);
    let write = move |conn: &mut PgConnection| {
        if is_reset {
            commands::reset_layout(conn, user_id, C::LIST.key)
        } else {
            commands::save_layout(conn, user_id, C::LIST.key, &shown, now)
        }
    };
    app.db.run(scope.tenants(), write).await?;
    // The shell takes the message that waits: it is made before this one is left.
    let question = Question::<C>::read(&query, &Reader::of(&Shell::of(&req)?)).0;
    let flash = if act == "reset" { Flash::ColumnsReset } else { Flash::ColumnsSaved };
    set_flash(&session, &flash)?;
    Ok(see_other(question.url(C::LIST.path, &[])))
}
