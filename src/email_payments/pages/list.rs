//! `GET /processing/email-payments`

use std::time::Duration;

use actix_web::web::Data;
use askama::Template;

use super::super::columns::{Column, Names};
use super::super::display::{self, Standing};
use super::super::filter::{self, Question, order};
use super::super::model::{Delivery, Status, money};
use super::super::queries::{self, COUNT_MAX, ListRow};
use super::super::totals::{self, Narrowed, PATIENCE, Totals, WAIT, WAIT_FOR_TEXTS};
use super::LIST;
use crate::auth::{MerchantScope, MerchantUser};
use crate::gateway::method_name;
use crate::kernel::{Error, Money, Right, Texts, dates, money_grouped};
use crate::views::{self, Layout, Listed as _, Tabs};
use crate::web::list::{Chip, Field, FieldKind, Head, Pages, Reader, SEARCH_ANYWHERE_FROM, Slice};
use crate::web::ui::{self, Badge};
use crate::web::{App, Faults, Html, Poll, Query, Shell, html};

/// How long a page waits for the count of its rows, once it has waited for their totals.
const COUNT_WAIT: Duration = Duration::from_millis(30);

#[derive(Template)]
#[template(path = "email_payments/list.html")]
struct ListPage {
    shell: Shell,
    t: &'static Texts,
    /// Of what it shows, see [`queries::mark`]; `None` where sums were counted with patience, which
    /// nobody wants again and again.
    mark: Option<String>,
    question: Question,
    faults: Faults,
    slice: Slice<ListRow>,
    count: Count,
    totals: Totals,
    heads: Vec<Head<Column>>,
    pages: Pages,
    chips: Vec<Chip>,
    fields: Vec<Field>,
    names: Names,
    views: Tabs,
    layout: Layout<Column>,
    has_any: bool,
    /// Requests that wait for payment while their mail has not arrived.
    undelivered: i64,
    may_write: bool,
    /// Where what is shown can be taken along, for who may.
    exports_url: Option<String>,
    is_panel_open: bool,
}

/// Current and past payments.
pub async fn list(
    user: MerchantUser,
    shell: Shell,
    app: Data<App>,
    query: Query,
    poll: Poll,
) -> Html {
    let t = shell.t;
    let scope = user.scope(Right::ViewEmailPayments)?;
    let reader = Reader::of(&shell);
    let (question, faults) = Question::read(&query, &reader);
    let is_panel_open = query.one("filters") == Some("open") || !faults.is_empty();
    let (asked, user_id) = (question.clone(), user.user_id());
    let wait = if query.one("totals") == Some("count") {
        PATIENCE
    } else if filter::texts(&question).is_some() {
        WAIT_FOR_TEXTS
    } else {
        WAIT
    };
    let today = shell.today();
    let read = move |conn: &mut diesel::PgConnection| {
        let mark = queries::mark(conn, scope, today)?;
        if poll.has_seen(&mark) {
            return Ok(None);
        }
        let layout: Layout<Column> = views::layout(conn, user_id, Column::LIST.key)?;
        // Names are asked for where something shows them.
        let needs_names = is_panel_open
            || [Column::Originator, Column::CreatedBy, Column::Import]
                .iter()
                .any(|column| layout.columns.contains(column) || asked.about(*column).is_some());
        let totals = sums(conn, scope, &asked, wait)?;
        // Nothing is not looked for a second time.
        let slice = match &totals {
            Totals::Counted(cells) if cells.is_empty() => Slice::empty(),
            Totals::Counted(_) | Totals::NotCounted => queries::list(conn, scope, &asked)?,
        };
        let count = match &totals {
            Totals::Counted(cells) => Count::Exactly(cells.iter().map(|cell| cell.count).sum()),
            Totals::NotCounted => Count::of(conn, scope, &asked, &slice)?,
        };
        let has_any = !slice.rows.is_empty() || queries::has_any(conn, scope)?;
        let names = if needs_names { queries::names(conn, scope)? } else { Names::default() };
        let undelivered = queries::undelivered::count(conn, scope)?;
        let tabs = views::tabs(conn, scope, user_id, &asked, &reader)?;
        Ok(Some((mark, slice, count, totals, has_any, undelivered, names, layout, tabs)))
    };
    let read = app.db.run(scope.tenants(), read).await?;
    let Some((mark, slice, count, totals, has_any, undelivered, names, layout, views)) = read
    else {
        return Ok(Poll::unchanged());
    };
    let fields = if is_panel_open { question.fields(&names, t) } else { Vec::new() };
    html(&ListPage {
        mark: query.one("totals").is_none().then_some(mark),
        heads: question.heads(LIST, &layout.columns, t),
        pages: question.pages(LIST, &slice, |row| order::place(question.sort, row)),
        chips: question.chips(LIST, &names, &reader),
        fields,
        names,
        views,
        layout,
        may_write: user.may(Right::WriteEmailPayments),
        exports_url: (has_any && user.may(Right::Export))
            .then(|| question.url(&format!("{LIST}/exports"), &[("size", None)])),
        shell,
        t,
        question,
        faults,
        slice,
        count,
        totals,
        has_any,
        undelivered,
        is_panel_open,
    })
}

/// How many rows the list has, as far as that is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Count {
    Exactly(i64),
    MoreThan(i64),
}

impl Count {
    /// Where totals took too long: up to [`COUNT_MAX`], if that can be had soon; else what the page
    /// itself tells.
    fn of(
        conn: &mut diesel::PgConnection,
        scope: MerchantScope,
        question: &Question,
        slice: &Slice<ListRow>,
    ) -> Result<Self, Error> {
        let counted = queries::count_soon(conn, scope, question, COUNT_MAX, COUNT_WAIT)?;
        let shown = i64::try_from(slice.rows.len()).map_err(Error::internal)?;
        Ok(Self::told(counted, shown, slice.has_newer || slice.has_older))
    }

    /// `counted`: at most one more than [`COUNT_MAX`]; `shown`: rows of this page, which may have others
    /// before or behind it.
    const fn told(counted: Option<i64>, shown: i64, has_others: bool) -> Self {
        match counted {
            Some(count) if count <= COUNT_MAX => Self::Exactly(count),
            Some(_) => Self::MoreThan(COUNT_MAX),
            None if has_others => Self::MoreThan(shown),
            None => Self::Exactly(shown),
        }
    }
}

/// What the rows of a question come to.
fn sums(
    conn: &mut diesel::PgConnection,
    scope: MerchantScope,
    question: &Question,
    wait: Duration,
) -> Result<Totals, Error> {
    let used = queries::currencies_for(conn, scope, question)?;
    totals::totals(conn, scope, Narrowed::of(scope, question, &used), wait)
}

impl ListPage {
    fn title(&self) -> String {
        let t = self.t;
        match self.slice.rows.as_slice() {
            [] => t.msg_list_title(),
            rows => t.msg_list_title_rows(t.msg_list_title(), rows.len()),
        }
    }

    /// Whether there is something to do with picked rows.
    const fn may_pick(&self) -> bool {
        self.may_write || self.exports_url.is_some()
    }

    fn columns_url(&self) -> String {
        self.question.url(Column::LIST.columns, &[])
    }

    /// What the form has to send along, besides what its own fields say.
    fn hidden(&self) -> Vec<(&str, &str)> {
        let kept = ["group", "sort", "size"].map(|name| (name, self.question.typed(name)));
        let kept = kept.into_iter().filter(|(_, value)| !value.is_empty());
        // Picked rows have no field in the panel.
        let picked = self.question.kept().filter(|(name, _)| self.is_panel_open && *name == "id");
        kept.chain(picked).collect()
    }

    fn url(&self, changes: &[(&str, Option<&str>)]) -> String {
        self.question.url(LIST, changes)
    }

    fn typed(&self, name: &str) -> &str {
        self.question.typed(name)
    }

    fn main_fields(&self) -> impl Iterator<Item = &Field> {
        self.fields.iter().filter(|field| field.is_main)
    }

    fn more_fields(&self) -> impl Iterator<Item = &Field> {
        self.fields.iter().filter(|field| !field.is_main)
    }

    /// `86 requests`, or `more than 10,000 requests`.
    fn count(&self) -> String {
        let grouped = |count: i64| money_grouped(count.unsigned_abs(), self.shell.lang);
        match self.count {
            Count::Exactly(count) => self.t.msg_list_count(count, grouped(count)),
            Count::MoreThan(count) => self.t.msg_list_count_more(count, grouped(count)),
        }
    }

    /// What one box picks at once.
    fn all_words(&self) -> String {
        match self.count {
            Count::Exactly(_) => self.t.msg_bulk_all(self.count()),
            Count::MoreThan(_) => self.t.msg_bulk_all_uncounted(),
        }
    }

    /// Per currency; nothing where nothing was found or the sums could not be had in time.
    fn sums(&self) -> Vec<SumView> {
        match &self.totals {
            Totals::Counted(cells) => {
                cells.iter().map(|cell| SumView::of(cell, &self.shell)).collect()
            }
            Totals::NotCounted => Vec::new(),
        }
    }

    /// `12`, or `999+`.
    fn undelivered_count(&self) -> String {
        let most = queries::undelivered::COUNT_MAX;
        if self.undelivered > most { format!("{most}+") } else { self.undelivered.to_string() }
    }

    /// Where the sums are counted with more patience.
    fn count_url(&self) -> Option<String> {
        let changes = [("totals", Some("count"))];
        (self.totals == Totals::NotCounted).then(|| self.url(&changes))
    }

    fn is_short_search(&self) -> bool {
        let search = self.question.search.as_ref();
        search.is_some_and(|search| search.chars().count() < SEARCH_ANYWHERE_FROM)
    }

    /// The search text as an amount, where it reads like one: the address that looks for it.
    fn amount_instead(&self) -> Option<(String, String)> {
        let typed = self.question.search.as_deref()?;
        let is_amount =
            typed.contains([',', '.']) && Money::parse(typed, crate::kernel::Currency::EUR).is_ok();
        let changes = [
            ("q", None),
            ("amount_op", Some("is")),
            ("amount_min", Some(typed)),
            ("amount_max", None),
        ];
        is_amount.then(|| (typed.to_owned(), self.url(&changes)))
    }

    fn badge(&self, row: &ListRow) -> Badge {
        Standing::from(row).badge(&self.shell)
    }

    fn detail(&self, row: &ListRow) -> String {
        Standing::from(row).detail(&self.shell)
    }

    fn amount(&self, row: &ListRow) -> String {
        self.number(row.amount_minor, row)
    }

    fn refunded(&self, row: &ListRow) -> String {
        self.number(row.refunded_minor, row)
    }

    fn number(&self, minor: i64, row: &ListRow) -> String {
        money(minor, &row.currency)
            .map_or_else(|_| minor.to_string(), |money| money.number(self.shell.lang))
    }

    fn moment(&self, at: &chrono::DateTime<chrono::Utc>) -> String {
        dates::moment(*at, self.shell.now, self.shell.zone, self.shell.lang)
    }

    fn day(&self, at: &chrono::DateTime<chrono::Utc>) -> String {
        dates::day(*at, self.shell.now, self.shell.zone, self.shell.lang)
    }

    fn machine(&self, at: &chrono::DateTime<chrono::Utc>) -> String {
        dates::machine(*at, self.shell.zone)
    }

    fn delivery(&self, row: &ListRow) -> String {
        row.delivery.map(|delivery| display::delivery_words(delivery, self.t)).unwrap_or_default()
    }

    fn method(&self, row: &ListRow) -> String {
        method_name(row.payment_method.as_deref().unwrap_or_default(), self.t)
    }

    fn originator(&self, row: &ListRow) -> &str {
        self.names.originators.get(&row.originator_id).map_or("", String::as_str)
    }

    fn person(&self, row: &ListRow) -> &str {
        self.names.people.get(&row.created_by).map_or("", String::as_str)
    }

    /// The one next best act for a row: its icon, its word, its address.
    fn next_act(&self, row: &ListRow) -> Option<(String, String, String)> {
        if !self.may_write {
            return None;
        }
        let at = |verb: &str| format!("{LIST}/{}/{verb}", row.id);
        let act = |icon: &str, words: String, url: String| Some((ui::icon(icon), words, url));
        match row.status {
            Status::Draft | Status::Scheduled => act("pencil", self.t.msg_act_edit(), at("edit")),
            Status::Open => match row.delivery {
                Some(Delivery::Bounced | Delivery::Failed | Delivery::Suppressed) => {
                    act("pencil", self.t.msg_act_correct(), at("resend"))
                }
                Some(Delivery::Sent) => act("send", self.t.msg_list_remind(), at("reminders")),
                // It is on its way: another one would only be a second one.
                Some(Delivery::Queued | Delivery::Deferred) => None,
                // Only its link was made.
                Some(Delivery::NotSent) | None => {
                    act("send", self.t.msg_act_resend(), at("resend"))
                }
            },
            Status::Expired => act("refresh", self.t.msg_act_renew(), at("resend")),
            Status::Failed => act("arrows-exchange", self.t.msg_act_replace(), at("replacement")),
            Status::Processing | Status::Authorised | Status::Paid | Status::Cancelled => None,
        }
    }
}

impl Column {
    /// Columns that give way first where there is little room; figures stand at the right.
    const fn class(self) -> &'static str {
        match self {
            Self::Customer | Self::Status => "",
            Self::Amount => "num",
            Self::Order => "hide-s col-order",
            Self::Created => "hide-s col-created",
            Self::Expires => "hide-s col-expires",
            Self::Refunded | Self::Attempts | Self::Sends => "num hide-s",
            Self::Group
            | Self::Currency
            | Self::Delivery
            | Self::Email
            | Self::Description
            | Self::Paid
            | Self::Opened
            | Self::Method
            | Self::Language
            | Self::Originator
            | Self::CreatedBy
            | Self::Import
            | Self::Picked => "hide-s",
        }
    }
}

/// The sums of one currency, in words.
struct SumView {
    currency: String,
    count: String,
    collected: String,
    /// Of what was asked for, in whole percent: up to 100 only where nothing is missing.
    percent: i64,
    details: String,
}

impl SumView {
    fn of(cell: &totals::Cell, shell: &Shell) -> Self {
        let (t, lang) = (shell.t, shell.lang);
        let number = |minor: i64| {
            money(minor, &cell.currency)
                .map_or_else(|_| minor.to_string(), |money| money.number(lang))
        };
        let percent = cell.collected_minor.saturating_mul(100).checked_div(cell.requested_minor);
        let percent = percent.unwrap_or_default();
        let mut details = vec![t.msg_totals_requested(percent, number(cell.requested_minor))];
        if cell.due_minor > 0 {
            details.push(t.msg_totals_due(number(cell.due_minor)));
        }
        if cell.refunded_minor > 0 {
            details.push(t.msg_totals_refunded(number(cell.refunded_minor)));
        }
        Self {
            count: t.msg_list_count(cell.count, money_grouped(cell.count.unsigned_abs(), lang)),
            collected: number(cell.collected_minor),
            currency: cell.currency.clone(),
            percent,
            details: details.join(" · "),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_count_is_exact_or_says_that_it_is_less_than_there_are() {
        for (counted, shown, has_others, told) in [
            (Some(86), 25, true, Count::Exactly(86)),
            (Some(COUNT_MAX), 25, true, Count::Exactly(COUNT_MAX)),
            (Some(COUNT_MAX + 1), 25, true, Count::MoreThan(COUNT_MAX)),
            (None, 25, true, Count::MoreThan(25)),
            (None, 7, false, Count::Exactly(7)),
            (None, 0, false, Count::Exactly(0)),
        ] {
            assert_eq!(Count::told(counted, shown, has_others), told, "{counted:?} {shown}");
        }
    }
}
