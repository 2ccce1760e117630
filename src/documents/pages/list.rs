//! `GET /accounting/documents`, and the same of `/merchants/{id}/documents`.

use actix_web::web::Data;
use askama::Template;
use diesel::PgConnection;

use super::show::Paper;
use crate::auth::MerchantScope;
use crate::documents::columns::{Column, Names};
use crate::documents::commands;
use crate::documents::display::{self, Owed};
use crate::documents::door::Door;
use crate::documents::filter::{Question, Viewer, order};
use crate::documents::model::Document;
use crate::documents::queries::{self, Balance, COUNT_MAX, Counts, ListRow};
use crate::kernel::{DocumentId, Error, Right, Texts, dates, money_grouped};
use crate::settlement::{self, Period};
use crate::views::{self, Layout, Listed as _, Tabs};
use crate::web::list::{Chip, Column as _, Field, FieldKind, Head, Pages, Reader, Slice};
use crate::web::ui::Badge;
use crate::web::{App, Faults, Html, Query, Shell, html};

#[derive(Template)]
#[template(path = "documents/list.html")]
struct ListPage {
    shell: Shell,
    t: &'static Texts,
    base: String,
    /// Set where somebody of the platform looks: what the merchant is called.
    merchant: Option<String>,
    question: Question,
    faults: Faults,
    slice: Slice<ListRow>,
    count: i64,
    balances: Vec<Balance>,
    heads: Vec<Head<Column>>,
    pages: Pages,
    chips: Vec<Chip>,
    fields: Vec<Field>,
    views: Option<Tabs>,
    layout: Layout<Column>,
    has_any: bool,
    /// The period that is running.
    next: Option<Period>,
    unread: i64,
    exports_url: Option<String>,
    is_panel_open: bool,
    /// The document beside the list.
    open: Option<Paper>,
    /// What was asked, with the place in the list: rows lead back to it.
    here: Vec<(String, String)>,
}

/// What is read in one transaction.
struct Read {
    layout: Layout<Column>,
    slice: Slice<ListRow>,
    count: i64,
    balances: Vec<Balance>,
    has_any: bool,
    next: Option<Period>,
    unread: i64,
    names: Names,
    views: Option<Tabs>,
    merchant: Option<String>,
    open: Option<Paper>,
}

pub async fn list(door: Door, shell: Shell, app: Data<App>, query: Query) -> Html {
    let (t, scope, viewer) = (shell.t, door.scope, door.viewer(&shell));
    let reader = Reader::of(&shell);
    let (question, faults) = Question::read(&query, &reader);
    let is_panel_open = query.one("filters") == Some("open") || !faults.is_empty();
    let asked = Asked {
        question: question.clone(),
        open: query.one("open").and_then(|id| id.parse().ok()),
        reader,
        viewer,
        is_staffs: door.is_staffs(),
        is_noted: !door.is_head(),
        is_panel_open,
    };
    let read = move |conn: &mut PgConnection| read(conn, scope, &asked);
    let found = app.db.run(scope.tenants(), read).await?;
    let Read { layout, slice, count, balances, has_any, next, unread, names, views, .. } = found;
    let (merchant, open) = (found.merchant, found.open);
    let mut fields = if is_panel_open { question.fields(&names, t) } else { Vec::new() };
    if door.is_staffs() {
        fields.retain(|field| field.id != Column::Unread.key());
    }
    let exports_url = (has_any && !door.is_staffs() && door.may(Right::Export))
        .then(|| question.url(&format!("{}/exports", door.base), &[("size", None)]));
    let mut columns = layout.columns.clone();
    if open.is_some() && !layout.is_chosen {
        // It says its state itself, and takes the room.
        columns.retain(|column| *column != Column::State);
    }
    html(&ListPage {
        heads: question.heads(&door.base, &columns, t),
        pages: question.pages(&door.base, &slice, |row| order::place(question.sort, &row.document)),
        chips: question.chips(&door.base, &names, &reader),
        here: query.0.into_iter().filter(|(name, _)| name != "open").collect(),
        base: door.base,
        exports_url,
        shell,
        t,
        merchant,
        question,
        faults,
        slice,
        count,
        balances,
        fields,
        views,
        layout,
        has_any,
        next,
        unread,
        is_panel_open,
        open,
    })
}

struct Asked {
    question: Question,
    open: Option<DocumentId>,
    reader: Reader,
    viewer: Viewer,
    is_staffs: bool,
    is_noted: bool,
    is_panel_open: bool,
}

fn read(conn: &mut PgConnection, scope: MerchantScope, asked: &Asked) -> Result<Read, Error> {
    let Asked { question, reader, viewer, .. } = asked;
    let user_id = viewer.user_id;
    let (layout, views, merchant) = if asked.is_staffs {
        let layout = Layout { columns: Column::SHOWN_AT_FIRST.to_vec(), is_chosen: false };
        (layout, None, Some(queries::merchant_name(conn, scope)?))
    } else {
        let layout = views::layout(conn, user_id, Column::LIST.key)?;
        // Before the document beside the list counts as read: the tabs say how it was.
        (layout, Some(views::tabs(conn, scope, user_id, question, reader)?), None)
    };
    let open = match asked.open {
        Some(id) => Paper::read(conn, scope, id, reader.lang)?,
        None => None,
    };
    if let Some(paper) = &open
        && asked.is_noted
        && !asked.is_staffs
    {
        commands::mark_read(conn, scope, user_id, paper.document.id, reader.now)?;
    }
    let slice = queries::list(conn, scope, *viewer, question)?;
    Ok(Read {
        count: queries::count(conn, scope, *viewer, question, COUNT_MAX)?,
        balances: queries::balances(conn, scope)?,
        has_any: !slice.rows.is_empty() || queries::has_any(conn, scope)?,
        next: settlement::open_period(conn, scope)?,
        unread: if asked.is_staffs { 0 } else { Counts::read(conn, scope, user_id)?.unread() },
        // Only the panel offers what the merchant has.
        names: if asked.is_panel_open { queries::names(conn, scope)? } else { Names::default() },
        slice,
        layout,
        views,
        merchant,
        open,
    })
}

impl ListPage {
    /// When the next documents come, in words; empty until a new merchant has its first period.
    fn next(&self) -> String {
        let day = |day| dates::plain_day(day, self.shell.lang);
        self.next.map_or_else(String::new, |period| {
            self.t.msg_statement_next(day(period.next_day()), day(period.from), day(period.until))
        })
    }

    /// Where the platform's people read what the merchant's periods are summed up by.
    fn conditions_url(&self) -> String {
        self.base.replace("/documents", "/conditions")
    }

    fn url(&self, changes: &[(&str, Option<&str>)]) -> String {
        self.question.url(&self.base, changes)
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

    fn count(&self) -> String {
        let grouped = |count: i64| money_grouped(count.unsigned_abs(), self.shell.lang);
        if self.count > COUNT_MAX {
            self.t.msg_doc_count_more(grouped(COUNT_MAX))
        } else {
            self.t.msg_doc_count(self.count, grouped(self.count))
        }
    }

    /// This page, with a document beside the list.
    fn open_url(&self, row: &ListRow) -> String {
        let id = row.document.id.to_string();
        let here = self.here.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        let pairs: Vec<(&str, &str)> = here.chain([("open", id.as_str())]).collect();
        let query = serde_urlencoded::to_string(pairs).unwrap_or_default();
        format!("{}?{query}#preview", self.base)
    }

    fn is_open(&self, row: &ListRow) -> bool {
        self.open.as_ref().is_some_and(|paper| paper.document.id == row.document.id)
    }

    /// Unread marks are a merchant's own affair.
    fn is_unread(&self, row: &ListRow) -> bool {
        self.merchant.is_none() && !row.is_read && !self.is_open(row)
    }

    /// Rows with the heading of their month, where they stand by it: its words, and its file's address.
    fn rows(&self) -> Vec<(Option<(String, String)>, &ListRow)> {
        let is_by_month = order::is_by_month(self.question.sort);
        let (mut rows, mut last) = (Vec::new(), String::new());
        for row in &self.slice.rows {
            let issued_on = row.document.issued_on;
            let month = issued_on.format("%Y-%m").to_string();
            let heading = (is_by_month && month != last).then(|| {
                let url = format!("{}.zip?month={month}", self.base);
                (dates::month(issued_on, self.shell.lang), url)
            });
            last = month;
            rows.push((heading, row));
        }
        rows
    }

    /// The balance of one currency in words.
    fn owed(&self, balance: &Balance) -> Owed {
        display::owed(balance, &self.base, self.shell.lang)
    }

    fn may_publish(&self) -> bool {
        self.shell.may(Right::PublishDocuments)
    }

    fn kind(&self, document: &Document) -> String {
        display::kind(document.kind, self.t)
    }

    fn badge(&self, document: &Document) -> Badge {
        display::badge(document.state, self.t)
    }

    fn period(&self, document: &Document) -> String {
        display::period(document.period_from, document.period_until, self.shell.lang)
    }

    fn total(&self, document: &Document) -> String {
        document.total().number(self.shell.lang)
    }

    fn issued(&self, document: &Document) -> String {
        dates::short_day(document.issued_on, self.shell.lang)
    }

    /// Empty where nothing is due.
    fn due(&self, document: &Document) -> String {
        let due_on = document.due_on.map(|day| dates::short_day(day, self.shell.lang));
        due_on.unwrap_or_default()
    }
}

impl Column {
    /// Columns that give way first where there is little room; figures stand at the right.
    const fn class(self) -> &'static str {
        match self {
            Self::Kind | Self::State => "",
            Self::Total => "num",
            Self::Number
            | Self::Period
            | Self::Currency
            | Self::Issued
            | Self::Due
            | Self::Provider
            | Self::Unread => "hide-s",
        }
    }
}
