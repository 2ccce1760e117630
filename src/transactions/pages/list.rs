//! `GET /processing/transactions`

use std::time::Duration;

use actix_web::web::Data;
use askama::Template;
use chrono::{DateTime, Utc};
use diesel::PgConnection;

use crate::auth::{MerchantScope, MerchantUser};
use crate::kernel::{Error, Right, Texts, UserId, dates, money_grouped};
use crate::reconciliation;
use crate::transactions::LIST;
use crate::transactions::columns::{Column, Names};
use crate::transactions::display;
use crate::transactions::filter::{Question, order};
use crate::transactions::model::number;
use crate::transactions::queries::{self, COUNT_MAX, ListRow};
use crate::transactions::totals::{self, PATIENCE, Totals, WAIT};
use crate::views::{self, Layout, Listed as _, Tabs};
use crate::web::list::{Chip, Field, FieldKind, Head, Pages, Reader, SEARCH_ANYWHERE_FROM, Slice};
use crate::web::ui::{Badge, counted};
use crate::web::{App, Faults, Html, Query, Shell, html};

/// How long a page waits for the count of its rows, once it has waited for their totals.
const COUNT_WAIT: Duration = Duration::from_millis(30);

#[derive(Template)]
#[template(path = "transactions/list.html")]
struct ListPage {
    shell: Shell,
    t: &'static Texts,
    question: Question,
    faults: Faults,
    read: Read,
    heads: Vec<Head<Column>>,
    pages: Pages,
    chips: Vec<Chip>,
    fields: Vec<Field>,
    exports_url: Option<String>,
    is_panel_open: bool,
}

/// What is read in one transaction.
struct Read {
    layout: Layout<Column>,
    slice: Slice<ListRow>,
    totals: Totals,
    /// How many rows fit; `Err`: more than so many.
    count: Result<i64, i64>,
    has_any: bool,
    /// Open differences between email payments and transactions.
    differences: i64,
    names: Names,
    views: Tabs,
}

/// What is to be read.
struct Asked {
    question: Question,
    reader: Reader,
    user_id: UserId,
    wait: Duration,
    is_panel_open: bool,
}

pub async fn list(user: MerchantUser, shell: Shell, app: Data<App>, query: Query) -> Html {
    let t = shell.t;
    let scope = user.scope(Right::ViewTransactions)?;
    let reader = Reader::of(&shell);
    let (question, faults) = Question::read(&query, &reader);
    let is_panel_open = query.one("filters") == Some("open") || !faults.is_empty();
    let wait = if query.one("totals") == Some("count") { PATIENCE } else { WAIT };
    let user_id = user.user_id();
    let asked = Asked { question: question.clone(), reader, user_id, wait, is_panel_open };
    let found =
        app.db.run(scope.tenants(), move |conn: &mut PgConnection| read(conn, scope, &asked));
    let read = found.await?;
    let exports_url = (read.has_any && user.may(Right::Export))
        .then(|| question.url(&format!("{LIST}/exports"), &[("size", None)]));
    html(&ListPage {
        heads: question.heads(LIST, &read.layout.columns, t),
        pages: question.pages(LIST, &read.slice, |row| order::place(question.sort, row)),
        chips: question.chips(LIST, &read.names, &reader),
        fields: if is_panel_open { question.fields(&read.names, t) } else { Vec::new() },
        exports_url,
        shell,
        t,
        question,
        faults,
        read,
        is_panel_open,
    })
}

fn read(conn: &mut PgConnection, scope: MerchantScope, asked: &Asked) -> Result<Read, Error> {
    let Asked { question, reader, user_id, wait, is_panel_open } = asked;
    let layout: Layout<Column> = views::layout(conn, *user_id, Column::LIST.key)?;
    let totals = totals::totals(conn, scope, question, *wait)?;
    // Nothing is not looked for a second time.
    let slice = match &totals {
        Totals::Counted(cells) if cells.is_empty() => Slice::empty(),
        Totals::Counted(_) | Totals::NotCounted => queries::list(conn, scope, question)?,
    };
    let count = match &totals {
        Totals::Counted(cells) => Ok(cells.iter().map(|cell| cell.count).sum()),
        Totals::NotCounted => count(conn, scope, question, &slice)?,
    };
    // Names are asked for where something shows them.
    let needs_names = *is_panel_open
        || layout.columns.contains(&Column::Originator)
        || question.about(Column::Originator).is_some();
    Ok(Read {
        has_any: !slice.rows.is_empty() || queries::has_any(conn, scope)?,
        differences: reconciliation::open_count(conn, scope)?,
        names: if needs_names { queries::names(conn, scope)? } else { Names::default() },
        views: views::tabs(conn, scope, *user_id, question, reader)?,
        layout,
        slice,
        totals,
        count,
    })
}

/// How many rows there are, where totals took too long: up to [`COUNT_MAX`], if that can be had soon;
/// else what the page itself tells. `Err`: more than so many.
fn count(
    conn: &mut PgConnection,
    scope: MerchantScope,
    question: &Question,
    slice: &Slice<ListRow>,
) -> Result<Result<i64, i64>, Error> {
    let shown = i64::try_from(slice.rows.len()).map_err(Error::internal)?;
    let has_others = slice.has_newer || slice.has_older;
    Ok(match queries::count_soon(conn, scope, question, COUNT_MAX, COUNT_WAIT)? {
        Some(count) if count <= COUNT_MAX => Ok(count),
        Some(_) => Err(COUNT_MAX),
        None if has_others => Err(shown),
        None => Ok(shown),
    })
}

/// The sums of one currency, in words.
struct Sum {
    currency: String,
    count: String,
    net: String,
    details: String,
}

impl ListPage {
    /// What disagrees, where something does.
    fn differences(&self) -> Option<String> {
        let count = self.read.differences;
        (count > 0).then(|| self.t.msg_tx_differences(count, counted(count)))
    }

    fn url(&self, changes: &[(&str, Option<&str>)]) -> String {
        self.question.url(LIST, changes)
    }

    fn typed(&self, name: &str) -> &str {
        self.question.typed(name)
    }

    /// What the form has to send along, besides what its own fields say.
    fn hidden(&self) -> Vec<(&'static str, &str)> {
        let kept = ["sort", "size"].map(|name| (name, self.question.typed(name)));
        kept.into_iter().filter(|(_, value)| !value.is_empty()).collect()
    }

    fn main_fields(&self) -> impl Iterator<Item = &Field> {
        self.fields.iter().filter(|field| field.is_main)
    }

    fn more_fields(&self) -> impl Iterator<Item = &Field> {
        self.fields.iter().filter(|field| !field.is_main)
    }

    fn columns_url(&self) -> String {
        self.question.url(Column::LIST.columns, &[])
    }

    fn is_short_search(&self) -> bool {
        let search = self.question.search.as_ref();
        search.is_some_and(|search| search.chars().count() < SEARCH_ANYWHERE_FROM)
    }

    fn count(&self) -> String {
        match self.read.count {
            Ok(count) => self.t.msg_tx_count(count, self.grouped(count)),
            Err(most) => self.t.msg_tx_count_more(self.grouped(most)),
        }
    }

    fn grouped(&self, count: i64) -> String {
        money_grouped(count.unsigned_abs(), self.shell.lang)
    }

    /// Per currency; nothing where nothing was found or the sums could not be had in time.
    fn sums(&self) -> Vec<Sum> {
        let Totals::Counted(cells) = &self.read.totals else { return Vec::new() };
        cells.iter().map(|cell| self.sum(cell)).collect()
    }

    fn sum(&self, cell: &totals::Cell) -> Sum {
        let t = self.t;
        let number = |minor: i64| number(minor, &cell.currency, self.shell.lang);
        let mut details = vec![t.msg_tx_totals_in(number(cell.in_minor))];
        if cell.refunded_minor > 0 {
            details.push(t.msg_totals_refunded(number(cell.refunded_minor)));
        }
        if cell.disputed_minor > 0 {
            details.push(t.msg_tx_totals_disputed(number(cell.disputed_minor)));
        }
        Sum {
            currency: cell.currency.clone(),
            count: t.msg_tx_count(cell.count, self.grouped(cell.count)),
            net: number(cell.net_minor()),
            details: details.join(" · "),
        }
    }

    /// Where the sums are counted with more patience.
    fn count_url(&self) -> Option<String> {
        let changes = [("totals", Some("count"))];
        (self.read.totals == Totals::NotCounted).then(|| self.url(&changes))
    }

    fn badge(&self, row: &ListRow) -> Badge {
        display::badge(row.status, self.t)
    }

    /// Below the status: why, where it was none of success.
    fn why(&self, row: &ListRow) -> String {
        let is_told = matches!(row.result_code.as_str(), "" | "000");
        if is_told { String::new() } else { display::explained(&row.result_code, self.t) }
    }

    /// What stands in a column: its words, and a second line where there is one.
    fn cell(&self, head: &Head<Column>, row: &ListRow) -> (String, String) {
        let column = head.column;
        if column == Column::Date {
            return (self.moment(&row.occurred_at), String::new());
        }
        column.cell(row, &self.read.names, self.t, self.shell.lang)
    }

    fn amount(&self, row: &ListRow) -> String {
        number(row.amount_minor, &row.currency, self.shell.lang)
    }

    fn moment(&self, at: &DateTime<Utc>) -> String {
        dates::moment(*at, self.shell.now, self.shell.zone, self.shell.lang)
    }

    fn machine(&self, at: &DateTime<Utc>) -> String {
        dates::machine(*at, self.shell.zone)
    }
}

impl Column {
    /// Columns that give way first where there is little room; figures stand at the right.
    const fn class(self) -> &'static str {
        match self {
            Self::Amount => "num",
            Self::Status => "",
            Self::Number
            | Self::Date
            | Self::Operation
            | Self::Currency
            | Self::Customer
            | Self::Email
            | Self::Method
            | Self::Network
            | Self::Card
            | Self::Order
            | Self::Result
            | Self::Originator
            | Self::Channel
            | Self::Provider
            | Self::Reference
            | Self::Country
            | Self::Ip
            | Self::Followed
            | Self::Test => "hide-s",
        }
    }
}
