//! `GET /settings/activity`, `GET /merchants/{id}/activity`

use std::collections::HashMap;

use actix_web::web::{Data, Path};
use askama::Template;
use uuid::Uuid;

use super::actions::Group;
use super::commands;
use super::display::{Field, Reader};
use super::filter::{Filter, PRESETS, cursor};
use super::queries::{self, Person, Row};
use crate::auth::audit::By;
use crate::auth::{MerchantScope, MerchantUser, Staff};
use crate::kernel::{Error, MerchantId, Right, Texts, UserId, dates};
use crate::web::list::Slice;
use crate::web::{App, Client, Faults, Html, Query, Shell, html, ui};

/// Where a merchant's own people read.
pub const OWN: &str = "/settings/activity";

/// Where staff read, of one merchant.
pub fn of(id: MerchantId) -> String {
    format!("/merchants/{id}/activity")
}

/// The merchant in an address. One that is no id answers like one that is unknown.
pub fn merchant(path: &Path<String>) -> Result<MerchantId, Error> {
    path.parse().map_err(|_| Error::NotFound)
}

#[derive(Template)]
#[template(path = "activity/list.html")]
struct ListPage {
    shell: Shell,
    t: &'static Texts,
    /// The page's own address.
    base: String,
    /// Set for staff: name and page of the merchant that they look into.
    of_merchant: Option<(String, String)>,
    filter: Filter,
    faults: Faults,
    is_panel_open: bool,
    slice: Slice<Row>,
    people: Vec<Person>,
    /// Payments that the reader may open.
    order_ids: HashMap<Uuid, String>,
}

/// `GET /settings/activity`
pub async fn own(
    user: MerchantUser,
    shell: Shell,
    app: Data<App>,
    client: Client,
    query: Query,
) -> Html {
    let scope = user.scope(Right::ViewActivity)?;
    let door = Door {
        by: client.user(user.principal()),
        base: OWN.to_owned(),
        is_staff: false,
        may_open_payments: user.may(Right::ViewEmailPayments),
    };
    list(scope, door, shell, &app, &query).await
}

/// `GET /merchants/{id}/activity`
pub async fn of_merchant(
    user: Staff,
    shell: Shell,
    app: Data<App>,
    client: Client,
    path: Path<String>,
    query: Query,
) -> Html {
    let id = merchant(&path)?;
    let scope = user.scope(Right::ViewActivity)?.merchant(id)?;
    let door = Door {
        by: client.user(user.principal()),
        base: of(id),
        is_staff: true,
        may_open_payments: false,
    };
    list(scope, door, shell, &app, &query).await
}

/// Which of the two ways in.
struct Door {
    by: By,
    base: String,
    is_staff: bool,
    may_open_payments: bool,
}

async fn list(
    scope: MerchantScope,
    door: Door,
    shell: Shell,
    app: &Data<App>,
    query: &Query,
) -> Html {
    let t = shell.t;
    let (filter, faults) = Filter::read(query, shell.zone, t);
    let is_panel_open = query.one("filters") == Some("open") || !faults.is_empty();
    let Door { by, base, is_staff, may_open_payments } = door;
    let asked = filter.clone();
    let read = move |conn: &mut diesel::PgConnection| {
        let slice = queries::page(conn, scope, &asked)?;
        let people = queries::people(conn, scope)?;
        let order_ids = if may_open_payments {
            queries::order_ids(conn, scope, &slice.rows)?
        } else {
            HashMap::new()
        };
        let name = if is_staff { Some(queries::merchant_name(conn, scope)?) } else { None };
        commands::note_view(conn, scope, &by)?;
        Ok((slice, people, order_ids, name))
    };
    let (slice, people, order_ids, name) = app.db.run(scope.tenants(), read).await?;
    let of_merchant = name.map(|name| (name, format!("/merchants/{}", scope.merchant_id())));
    html(&ListPage {
        shell,
        t,
        base,
        of_merchant,
        filter,
        faults,
        is_panel_open,
        slice,
        people,
        order_ids,
    })
}

/// A filter that is on: its words, and the address without it.
struct Chip {
    words: String,
    url: String,
}

impl ListPage {
    fn reader(&self) -> Reader {
        Reader::of(&self.shell)
    }

    /// This page with another question.
    fn url(&self, changes: &[(&str, &str)]) -> String {
        let query = self.filter.query(changes);
        if query.is_empty() { self.base.clone() } else { format!("{}?{query}", self.base) }
    }

    fn open_url(&self) -> String {
        self.url(&[("filters", "open")])
    }

    fn csv_url(&self) -> String {
        let query = self.filter.query(&[]);
        let mark = if query.is_empty() { "" } else { "?" };
        format!("{}.csv{mark}{query}", self.base)
    }

    /// Records of files: for the merchant's own people.
    fn exports_url(&self) -> Option<String> {
        let query = self.filter.query(&[]);
        let mark = if query.is_empty() { "" } else { "?" };
        self.of_merchant.is_none().then(|| format!("{OWN}/exports{mark}{query}"))
    }

    fn presets(&self) -> impl Iterator<Item = (String, String, bool)> {
        PRESETS.into_iter().map(|preset| {
            let (from, to) = preset.days(self.shell.now, self.shell.zone);
            let is_on = (self.filter.from, self.filter.to) == (Some(from), Some(to));
            let url = self.url(&[("from", &from.to_string()), ("to", &to.to_string())]);
            (preset.words(self.t), url, is_on)
        })
    }

    fn any_time_url(&self) -> String {
        self.url(&[("from", ""), ("to", "")])
    }

    fn is_any_time(&self) -> bool {
        self.filter.from.is_none() && self.filter.to.is_none()
    }

    fn kinds(&self) -> impl Iterator<Item = (&'static str, String, bool)> {
        Group::ALL
            .into_iter()
            .map(|group| (group.as_str(), group.words(self.t), self.filter.group == Some(group)))
    }

    fn outcomes(&self) -> [(&'static str, String, bool); 2] {
        let is = |value| self.filter.is_done == Some(value);
        [
            ("done", self.t.msg_activity_done(), is(true)),
            ("refused", self.t.msg_activity_refused(), is(false)),
        ]
    }

    fn is_person(&self, id: &UserId) -> bool {
        self.filter.person == Some(*id)
    }

    /// The name of the chosen person: one of the merchant's, or one that a row on this page names.
    fn chosen_name(&self, chosen: UserId) -> String {
        let known = self.people.iter().find(|(id, _)| *id == chosen).map(|(_, name)| name);
        let row = || self.slice.rows.iter().find(|row| row.user_id == Some(chosen));
        known
            .cloned()
            .or_else(|| row().and_then(|row| row.user_name.clone()))
            .unwrap_or_else(|| chosen.to_string())
    }

    /// Somebody chosen who is none of the merchant's people (any more): kept in the form.
    fn former_person(&self) -> Option<(UserId, String)> {
        let chosen = self.filter.person?;
        let is_known = self.people.iter().any(|(id, _)| *id == chosen);
        (!is_known).then(|| (chosen, self.chosen_name(chosen)))
    }

    fn chips(&self) -> Vec<Chip> {
        let person = self.filter.person.map(|person| self.chosen_name(person));
        let words = self.reader().filter_words(&self.filter, person);
        let chip = |(name, words)| Chip { words, url: self.url(&[(name, "")]) };
        words.into_iter().map(chip).collect()
    }

    fn moment(&self, row: &Row) -> String {
        dates::moment(row.at, self.shell.now, self.shell.zone, self.shell.lang)
    }

    fn seconds(&self, row: &Row) -> String {
        let day =
            dates::plain_day(row.at.with_timezone(&self.shell.zone).date_naive(), self.shell.lang);
        format!("{day}, {}", row.at.with_timezone(&self.shell.zone).format("%H:%M:%S"))
    }

    fn machine(&self, row: &Row) -> String {
        self.reader().machine(row)
    }

    fn who(&self, row: &Row) -> String {
        self.reader().who(row)
    }

    fn role(&self, row: &Row) -> String {
        self.reader().role(row)
    }

    fn what(&self, row: &Row) -> String {
        self.reader().what(row)
    }

    fn outcome(&self, row: &Row) -> ui::Badge {
        let words = self.reader().outcome(row);
        if row.is_done {
            ui::Badge { icon: ui::Icon("circle-check"), words, tone: "neu" }
        } else {
            ui::Badge { icon: ui::Icon("ban"), words, tone: "neg" }
        }
    }

    fn reason(&self, row: &Row) -> String {
        self.reader().reason(row)
    }

    fn fields(&self, row: &Row) -> Vec<Field> {
        self.reader().fields(row)
    }

    /// Name and page of what the row is about, where the reader may open one.
    fn object(&self, row: &Row) -> Option<(&str, String)> {
        let id = row.object_id?;
        let order_id = self.order_ids.get(&id)?;
        Some((order_id, format!("/processing/email-payments/{id}")))
    }

    fn person_url(&self, id: &UserId) -> String {
        self.url(&[("person", &id.to_string())])
    }

    fn newer_url(&self) -> Option<String> {
        let first = self.slice.rows.first().filter(|_| self.slice.has_newer)?;
        Some(self.url(&[("before", &cursor(first.at, first.id).encode())]))
    }

    fn older_url(&self) -> Option<String> {
        let last = self.slice.rows.last().filter(|_| self.slice.has_older)?;
        Some(self.url(&[("after", &cursor(last.at, last.id).encode())]))
    }

    fn newest_url(&self) -> Option<String> {
        self.slice.has_newer.then(|| self.url(&[]))
    }
}
