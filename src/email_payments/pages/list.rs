//! `GET /processing/email-payments`

use actix_web::web::Data;
use askama::Template;

use super::super::display::{self, Standing};
use super::super::filter::{Filter, Group, SEARCH_ANYWHERE_FROM};
use super::super::model::{Delivery, Status};
use super::super::queries::{self, COUNT_MAX, ListRow, ListSlice};
use crate::auth::MerchantUser;
use crate::kernel::{Currency, Cursor, PageSize, Right, Texts, dates, money_grouped};
use crate::web::ui::{self, Badge};
use crate::web::{App, Faults, Html, Query, Shell, html};

#[derive(Template)]
#[template(path = "email_payments/list.html")]
struct ListPage {
    shell: Shell,
    t: &'static Texts,
    filter: Filter,
    faults: Faults,
    slice: ListSlice,
    has_any: bool,
    may_write: bool,
    currencies: Vec<Currency>,
    is_panel_open: bool,
}

/// Current and past payments, newest first.
pub async fn list(user: MerchantUser, shell: Shell, app: Data<App>, query: Query) -> Html {
    let t = shell.t;
    let scope = user.scope(Right::ViewEmailPayments)?;
    let (filter, faults) = Filter::read(&query, shell.zone, t);
    let is_panel_open = query.one("filters") == Some("open") || !faults.is_empty();
    let asked = filter.clone();
    let read = move |conn: &mut diesel::PgConnection| {
        let slice = queries::list(conn, scope, &asked)?;
        let has_any = !slice.rows.is_empty() || queries::has_any(conn, scope)?;
        // Only the panel offers currencies.
        let currencies = if is_panel_open {
            queries::currencies_of(conn, scope.merchant_id())?
        } else {
            Vec::new()
        };
        Ok((slice, has_any, currencies))
    };
    let (slice, has_any, currencies) = app.db.run(scope.tenants(), read).await?;
    let may_write = user.may(Right::WriteEmailPayments);
    html(&ListPage {
        shell,
        t,
        filter,
        faults,
        slice,
        has_any,
        may_write,
        currencies,
        is_panel_open,
    })
}

/// A filter that is on: its words, and the address without it.
struct Chip {
    words: String,
    url: String,
}

impl ListPage {
    fn title(&self) -> String {
        let t = self.t;
        match self.slice.rows.as_slice() {
            [] => t.msg_list_title(),
            rows => t.msg_list_title_rows(t.msg_list_title(), rows.len()),
        }
    }

    fn groups(&self) -> impl Iterator<Item = (String, String, bool)> {
        Group::ALL.into_iter().map(|group| {
            let url = self.filter.url(&[("group", Some(group.as_str()))]);
            (display::group_words(group, self.t), url, group == self.filter.group)
        })
    }

    fn statuses(&self) -> impl Iterator<Item = (&'static str, String, bool)> {
        // No page makes these two yet: a filter that finds nothing would only puzzle.
        let shown = Status::ALL
            .iter()
            .filter(|status| !matches!(status, Status::Scheduled | Status::Authorised));
        shown.map(|status| {
            (
                status.as_str(),
                display::status_words(*status, self.t),
                self.filter.has_status(*status),
            )
        })
    }

    fn deliveries(&self) -> impl Iterator<Item = (&'static str, String, bool)> {
        let shown = [
            Delivery::Queued,
            Delivery::Sent,
            Delivery::Deferred,
            Delivery::Bounced,
            Delivery::Failed,
        ];
        shown.into_iter().map(|delivery| {
            (
                delivery.as_str(),
                display::delivery_words(delivery, self.t),
                self.filter.has_delivery(delivery),
            )
        })
    }

    fn chips(&self) -> Vec<Chip> {
        let (t, filter) = (self.t, &self.filter);
        let lang = self.shell.lang;
        let mut chips = Vec::new();
        let mut add = |name: &str, words: String| {
            chips.push(Chip { words, url: filter.url(&[(name, None)]) });
        };
        if let Some(search) = &filter.search {
            add("q", t.msg_chip_search(search));
        }
        if !filter.statuses.is_empty() {
            let names: Vec<String> =
                filter.statuses.iter().map(|status| display::status_words(*status, t)).collect();
            add("status", t.msg_chip_status(names.join(", ")));
        }
        if !filter.deliveries.is_empty() {
            let names: Vec<String> = filter
                .deliveries
                .iter()
                .map(|delivery| display::delivery_words(*delivery, t))
                .collect();
            add("delivery", t.msg_chip_delivery(names.join(", ")));
        }
        if let Some(day) = filter.created_from {
            add("created_from", t.msg_chip_from(dates::plain_day(day, lang)));
        }
        if let Some(day) = filter.created_to {
            add("created_to", t.msg_chip_to(dates::plain_day(day, lang)));
        }
        if let Some(amount) = &filter.amount_min {
            add("amount_min", t.msg_chip_amount_min(amount));
        }
        if let Some(amount) = &filter.amount_max {
            add("amount_max", t.msg_chip_amount_max(amount));
        }
        if let Some(currency) = filter.currency {
            add("currency", currency.code().to_owned());
        }
        chips
    }

    /// `86 requests`, or `more than 10,000 requests`.
    fn count(&self) -> String {
        let count = self.slice.count;
        let grouped = |count: i64| money_grouped(count.unsigned_abs(), self.shell.lang);
        if count > COUNT_MAX {
            self.t.msg_list_count_more(grouped(COUNT_MAX))
        } else {
            self.t.msg_list_count(count, grouped(count))
        }
    }

    fn is_short_search(&self) -> bool {
        self.filter
            .search
            .as_ref()
            .is_some_and(|search| search.chars().count() < SEARCH_ANYWHERE_FROM)
    }

    fn badge(&self, row: &ListRow) -> Badge {
        Standing::from(row).badge(self.t, self.shell.now)
    }

    fn detail(&self, row: &ListRow) -> String {
        Standing::from(row).detail(&self.shell)
    }

    fn number(&self, row: &ListRow) -> String {
        super::super::model::money(row.amount_minor, &row.currency)
            .map_or_else(|_| row.amount_minor.to_string(), |money| money.number(self.shell.lang))
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

    /// The one next best act for a row: its icon, its word, its address.
    fn next_act(&self, row: &ListRow) -> Option<(String, String, String)> {
        if !self.may_write {
            return None;
        }
        let at = |verb: &str| format!("{}/{}/{verb}", super::LIST, row.id);
        let act = |icon: &str, words: String, url: String| Some((ui::icon(icon), words, url));
        match row.status {
            Status::Draft | Status::Scheduled => act("pencil", self.t.msg_act_edit(), at("edit")),
            Status::Open => match row.delivery {
                Some(Delivery::Bounced | Delivery::Failed) => {
                    act("pencil", self.t.msg_act_correct(), at("resend"))
                }
                _ => act("send", self.t.msg_act_resend(), at("resend")),
            },
            Status::Expired => act("refresh", self.t.msg_act_renew(), at("resend")),
            Status::Processing
            | Status::Authorised
            | Status::Paid
            | Status::Cancelled
            | Status::Failed => None,
        }
    }

    fn currency_choices(&self) -> impl Iterator<Item = (&'static str, bool)> {
        self.currencies
            .iter()
            .map(|currency| (currency.code(), self.filter.currency == Some(*currency)))
    }

    fn newer_url(&self) -> Option<String> {
        let first = self.slice.rows.first().filter(|_| self.slice.has_newer)?;
        let cursor = Cursor { at: first.created_at, id: first.id.as_uuid() }.encode();
        Some(self.filter.url(&[("before", Some(&cursor))]))
    }

    fn older_url(&self) -> Option<String> {
        let last = self.slice.rows.last().filter(|_| self.slice.has_older)?;
        let cursor = Cursor { at: last.created_at, id: last.id.as_uuid() }.encode();
        Some(self.filter.url(&[("after", Some(&cursor))]))
    }

    fn newest_url(&self) -> Option<String> {
        self.slice.has_newer.then(|| self.filter.url(&[]))
    }

    fn oldest_url(&self) -> Option<String> {
        self.slice.has_older.then(|| self.filter.url(&[("after", Some("oldest"))]))
    }

    fn sizes(&self) -> impl Iterator<Item = (usize, String, bool)> {
        PageSize::ALL.into_iter().map(|size| {
            let url = self.filter.url(&[("size", Some(&size.rows().to_string()))]);
            (size.rows(), url, size == self.filter.size)
        })
    }
}
