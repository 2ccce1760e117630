//! `GET /support/tickets`: a merchant's tickets, or support's queue over all merchants.

use actix_web::HttpRequest;
use actix_web::web::Data;
use askama::Template;
use chrono::{DateTime, Utc};
use diesel::PgConnection;

use crate::auth::{MerchantUser, SignedIn, Staff};
use crate::kernel::{Error, Texts, UserId, dates, money_grouped};
use crate::tickets::LIST;
use crate::tickets::columns::{Column, NOBODY, Names, QueueColumn};
use crate::tickets::display;
use crate::tickets::door;
use crate::tickets::filter::{Sight, Wanted, place};
use crate::tickets::model::{Ticket, TicketState};
use crate::tickets::queries::{self, COUNT_MAX, ListRow};
use crate::web::list::{self, Chip, Field, FieldKind, Head, Pages, Question, Reader};
use crate::web::ui::Badge;
use crate::web::{App, Faults, Html, Query, Shell, html};

#[derive(Template)]
#[template(path = "tickets/list.html")]
struct ListPage {
    shell: Shell,
    t: &'static Texts,
    is_queue: bool,
    /// Where the list stands.
    base: String,
    /// Whose it is, where somebody looks who looks after the merchant; else empty.
    of_merchant: String,
    rows: Vec<ListRow>,
    count: i64,
    has_any: bool,
    frame: Frame,
    faults: Faults,
}

/// What the two lists have in common, made of their columns.
struct Frame {
    tabs: Vec<Tab>,
    heads: Vec<Head<Column>>,
    pages: Pages,
    chips: Vec<Chip>,
    fields: Vec<Field>,
    search: String,
    /// What the form sends along besides its own fields: order and size; and the closed panel's.
    hidden: Vec<(String, String)>,
    kept: Vec<(String, String)>,
    panel_url: String,
    is_panel_open: bool,
    is_narrowed: bool,
}

/// A question that is asked often: its words, its parameters.
type AskedOften = (String, Vec<(&'static str, String)>);

/// The same as a link.
struct Tab {
    words: String,
    url: String,
    is_current: bool,
}

/// What is read in one transaction.
struct Read {
    slice: list::Slice<ListRow>,
    count: i64,
    has_any: bool,
    names: Names,
    of_merchant: String,
}

pub async fn list(
    SignedIn(principal): SignedIn,
    req: HttpRequest,
    shell: Shell,
    app: Data<App>,
    query: Query,
) -> Html {
    if principal.staff.is_some() {
        let sight = Sight::Support(Staff::of(&req)?.support()?);
        let tabs = queue_tabs(principal.user_id, shell.t);
        page::<QueueColumn>(sight, shell, &app, &query, |column| column.0, tabs).await
    } else {
        let asker = door::asker(&MerchantUser::of(&req)?)?;
        let tabs = merchant_tabs(shell.t);
        page::<Column>(Sight::Merchant(asker), shell, &app, &query, |column| column, tabs).await
    }
}

/// `GET /portfolio/{merchant}/tickets`: those of one merchant, for who looks after it.
pub async fn list_of_merchant(
    user: Staff,
    req: HttpRequest,
    shell: Shell,
    app: Data<App>,
    query: Query,
) -> Html {
    let scope = door::looked_after(&user, &req)?;
    let tabs = manager_tabs(shell.t);
    page::<Column>(Sight::Manager(scope), shell, &app, &query, |column| column, tabs).await
}

async fn page<C: list::Column<Names = Names>>(
    sight: Sight,
    shell: Shell,
    app: &App,
    query: &Query,
    column: fn(C) -> Column,
    tabs: Vec<AskedOften>,
) -> Html {
    let reader = Reader { t: shell.t, lang: shell.lang, zone: shell.zone, now: shell.now };
    let (question, faults) = Question::<C>::read(query, &reader);
    let wanted = Wanted::of(&question, column);
    let read = move |conn: &mut PgConnection| {
        let wanted = queries::looked_up(conn, sight, wanted)?;
        read(conn, sight, &wanted)
    };
    let Read { slice, count, has_any, names, of_merchant } =
        app.db.run(sight.tenants(), read).await?;
    let is_open = query.one("filters") == Some("open") || !faults.is_empty();
    let base = match sight {
        Sight::Manager(scope) => door::portfolio(scope.merchant_id()),
        Sight::Merchant(_) | Sight::Support(_) => LIST.to_owned(),
    };
    let frame = Frame::of(&base, &question, &names, &reader, &slice, column, (tabs, is_open));
    html(&ListPage {
        t: shell.t,
        shell,
        is_queue: matches!(sight, Sight::Support(_)),
        base,
        of_merchant,
        rows: slice.rows,
        count,
        has_any,
        frame,
        faults,
    })
}

fn read(conn: &mut PgConnection, sight: Sight, wanted: &Wanted) -> Result<Read, Error> {
    let slice = queries::list(conn, sight, wanted)?;
    Ok(Read {
        count: queries::count(conn, sight, wanted)?,
        has_any: !slice.rows.is_empty() || queries::has_any(conn, sight)?,
        names: queries::names(conn, sight)?,
        of_merchant: match sight {
            Sight::Manager(scope) => queries::merchant(conn, scope.merchant_id())?.0,
            Sight::Merchant(_) | Sight::Support(_) => String::new(),
        },
        slice,
    })
}

fn owed() -> Vec<(&'static str, String)> {
    TicketState::OWED.iter().map(|state| ("state", state.as_str().to_owned())).collect()
}

fn queue_tabs(own: UserId, t: &Texts) -> Vec<AskedOften> {
    let of = |assignee: String| [owed(), vec![("assignee", assignee)]].concat();
    vec![
        (t.msg_ticket_tab_all(), Vec::new()),
        (t.msg_ticket_tab_owed(), owed()),
        (t.msg_ticket_tab_mine(), of(own.to_string())),
        (t.msg_ticket_tab_nobody(), of(NOBODY.to_owned())),
    ]
}

fn manager_tabs(t: &Texts) -> Vec<AskedOften> {
    let waiting = TicketState::WaitingMerchant.as_str().to_owned();
    vec![
        (t.msg_ticket_tab_all(), Vec::new()),
        (t.msg_ticket_tab_owed(), owed()),
        (t.msg_ticket_tab_waiting_merchant(), vec![("state", waiting)]),
    ]
}

fn merchant_tabs(t: &Texts) -> Vec<AskedOften> {
    let waiting = TicketState::WaitingMerchant.as_str().to_owned();
    vec![
        (t.msg_ticket_tab_all(), Vec::new()),
        (t.msg_ticket_tab_waiting(), vec![("state", waiting)]),
        (t.msg_ticket_tab_owed(), owed()),
    ]
}

impl Frame {
    fn of<C: list::Column<Names = Names>>(
        base: &str,
        question: &Question<C>,
        names: &Names,
        reader: &Reader,
        slice: &list::Slice<ListRow>,
        column: fn(C) -> Column,
        (tabs, is_panel_open): (Vec<AskedOften>, bool),
    ) -> Self {
        let t = reader.t;
        let here = question.query(&[]);
        let tab = |(words, pairs): (String, Vec<(&str, String)>)| {
            let query = serde_urlencoded::to_string(&pairs).unwrap_or_default();
            let is_current = query == here;
            let url = if query.is_empty() { base.to_owned() } else { format!("{base}?{query}") };
            Tab { words, url, is_current }
        };
        let head = |head: Head<C>| Head {
            column: column(head.column),
            title: head.title,
            help: head.help,
            sort_url: head.sort_url,
            sorted: head.sorted,
        };
        let hidden =
            ["sort", "size"].map(|name| (name.to_owned(), question.typed(name).to_owned()));
        let owned = |(name, value): (&str, &str)| (name.to_owned(), value.to_owned());
        let sorted_by = column(question.sort.column);
        let panel = if is_panel_open { &[][..] } else { &[("filters", Some("open"))][..] };
        Self {
            tabs: tabs.into_iter().map(tab).collect(),
            heads: question.heads(base, C::SHOWN_AT_FIRST, t).into_iter().map(head).collect(),
            pages: question.pages(base, slice, |row| place(sorted_by, &row.ticket)),
            chips: question.chips(base, names, reader),
            fields: if is_panel_open { question.fields(names, t) } else { Vec::new() },
            search: question.typed("q").to_owned(),
            hidden: hidden.into_iter().filter(|(_, value)| !value.is_empty()).collect(),
            kept: question.kept().map(owned).collect(),
            panel_url: question.url(base, panel),
            is_panel_open,
            is_narrowed: question.is_narrowed(),
        }
    }

    fn main_fields(&self) -> impl Iterator<Item = &Field> {
        self.fields.iter().filter(|field| field.is_main)
    }

    fn more_fields(&self) -> impl Iterator<Item = &Field> {
        self.fields.iter().filter(|field| !field.is_main)
    }
}

impl ListPage {
    fn count(&self) -> String {
        let grouped = |count: i64| money_grouped(count.unsigned_abs(), self.shell.lang);
        if self.count > COUNT_MAX {
            self.t.msg_ticket_count_more(grouped(COUNT_MAX))
        } else {
            self.t.msg_ticket_count(self.count, grouped(self.count))
        }
    }

    fn url(&self, row: &ListRow) -> String {
        let Ticket { merchant_id, number, .. } = row.ticket;
        if self.is_queue {
            format!("/merchants/{merchant_id}/tickets/{number}")
        } else {
            format!("{}/{number}", self.base)
        }
    }

    /// The merchant's page in the portfolio.
    fn merchant_url(&self) -> String {
        self.base.replacen("/portfolio/", "/merchants/", 1).trim_end_matches("/tickets").to_owned()
    }

    fn badge(&self, row: &ListRow) -> Badge {
        display::badge(row.ticket.state, self.t)
    }

    fn due(&self, row: &ListRow) -> Option<Badge> {
        display::due(&row.ticket, self.shell.now, self.t)
    }

    fn priority(&self, row: &ListRow) -> String {
        display::priority(row.ticket.priority, self.t)
    }

    fn category(&self, row: &ListRow) -> String {
        display::category(row.ticket.category, self.t)
    }

    fn moment(&self, at: &DateTime<Utc>) -> String {
        dates::moment(*at, self.shell.now, self.shell.zone, self.shell.lang)
    }

    fn machine(&self, at: &DateTime<Utc>) -> String {
        dates::machine(*at, self.shell.zone)
    }
}

impl Column {
    /// Columns that give way first where there is little room.
    const fn class(self) -> &'static str {
        match self {
            Self::Subject | Self::State | Self::Due | Self::Answered => "",
            Self::Priority
            | Self::Category
            | Self::Author
            | Self::Created
            | Self::Merchant
            | Self::Assignee => "hide-s",
        }
    }
}
