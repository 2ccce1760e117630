//! The start page of a merchant's people.

use askama::Template;
use chrono::{DateTime, Duration, NaiveDate, Utc};
use diesel::PgConnection;

use crate::auth::{MerchantScope, MerchantUser};
use crate::documents::overview::{self as documents, Owed};
use crate::email_payments::overview::{self as email_payments, Due};
use crate::home::chart::{Chart, Frame, last_days};
use crate::kernel::{Currency, Error, Right, Texts, UserId, money_grouped};
use crate::merchants::{self, overview::EXPIRES_WITHIN_DAYS};
use crate::settlement::{self, Collected};
use crate::tickets::overview as tickets;
use crate::transactions::overview as transactions;
use crate::web::ui::{Badge, Icon, counted};
use crate::web::{App, Html, Query, Shell, html};

/// The periods that the chart offers, in days.
const PERIODS: [u64; 3] = [7, 30, 90];
const PERIOD_AT_FIRST: u64 = 30;

/// How long each part may take that counts rows. A page without one of them says so.
const WAIT: std::time::Duration = email_payments::WAIT;

#[derive(Template)]
#[template(path = "home/merchant.html")]
struct MerchantPage {
    shell: Shell,
    t: &'static Texts,
    /// What needs somebody, a link each.
    needed: Vec<(Badge, &'static str)>,
    /// Whether a part of `needed` was not counted in time.
    is_needed_untold: bool,
    /// The first steps of who has no payments yet; empty for everybody else.
    steps: Vec<Step>,
    picture: Picture,
    periods: Vec<Choice>,
    currencies: Vec<Choice>,
    due: Part<Vec<DueCell>>,
    /// `None` for who sees no documents.
    balances: Option<Part<Vec<Owed>>>,
}

/// What was counted, or was not in time.
#[derive(Clone, Debug)]
enum Part<T> {
    Told(T),
    Untold,
}

impl<T> Part<T> {
    fn of(counted: Option<T>) -> Self {
        counted.map_or(Self::Untold, Self::Told)
    }

    fn map<U>(self, words: impl FnOnce(T) -> U) -> Part<U> {
        match self {
            Self::Told(told) => Part::Told(words(told)),
            Self::Untold => Part::Untold,
        }
    }

    const fn told(&self) -> Option<&T> {
        match self {
            Self::Told(told) => Some(told),
            Self::Untold => None,
        }
    }
}

enum Picture {
    Chart(Chart),
    /// Nothing was collected in the period.
    Nothing,
    Untold,
}

/// One thing to begin with.
struct Step {
    icon: Icon,
    words: String,
    url: &'static str,
}

/// A link to the same page with another period or currency.
struct Choice {
    words: String,
    url: String,
    is_current: bool,
}

/// What is waited for in one currency.
struct DueCell {
    currency: Currency,
    sum: String,
    payments: String,
    url: String,
}

impl MerchantPage {
    fn may_ask_for_money(&self) -> bool {
        self.shell.may(Right::WriteEmailPayments)
    }

    /// The zone whose days the chart shows.
    fn zone(&self) -> &'static str {
        self.shell.trading_zone.name()
    }
}

/// What is asked: how many days, and which currency.
#[derive(Clone, Copy)]
struct Asked {
    days: u64,
    currency: Option<Currency>,
}

impl Asked {
    /// What can't be read is left out.
    fn of(query: &Query) -> Self {
        let days = query.one("days").and_then(|typed| typed.parse().ok());
        Self {
            days: days.filter(|days| PERIODS.contains(days)).unwrap_or(PERIOD_AT_FIRST),
            currency: query.one("currency").and_then(Currency::parse),
        }
    }

    fn url(self) -> String {
        let currency = self.currency.map_or_else(String::new, |code| format!("&currency={code}"));
        format!("/?days={}{currency}", self.days)
    }
}

/// Whose page it is: a scope for each of its parts, where there is one.
#[derive(Clone, Copy)]
struct Sight {
    payments: MerchantScope,
    documents: Option<MerchantScope>,
    tickets: Option<tickets::Asker>,
    /// Whose refunds they may approve.
    refunds: Option<MerchantScope>,
    user_id: UserId,
}

/// What is read in one transaction; `None` where the role has no such part.
struct Read {
    attention: Part<email_payments::Attention>,
    due: Part<Vec<Due>>,
    collected: Part<Vec<Collected>>,
    is_new: bool,
    own_currency: Option<Currency>,
    documents: Option<Part<documents::Overview>>,
    waiting: Option<Part<i64>>,
    refunds: Option<Part<i64>>,
}

pub async fn show(user: &MerchantUser, shell: Shell, app: &App, query: &Query) -> Html {
    let asked = Asked::of(query);
    let sight = Sight {
        payments: user.scope(Right::ViewEmailPayments)?,
        documents: user.scope(Right::ViewDocuments).ok(),
        tickets: tickets::asker(user).ok(),
        refunds: user.scope(Right::ApproveOperations).ok(),
        user_id: user.user_id(),
    };
    let now = shell.now;
    let today = now.with_timezone(&shell.trading_zone).date_naive();
    let days = last_days(today, asked.days);
    let read = move |conn: &mut PgConnection| read(conn, sight, now, days);
    let found = app.db.run(sight.payments.tenants(), read).await?;
    html(&page(shell, asked, days, found))
}

fn read(
    conn: &mut PgConnection,
    sight: Sight,
    now: DateTime<Utc>,
    days: (NaiveDate, NaiveDate),
) -> Result<Read, Error> {
    let scope = sight.payments;
    let soon = now + Duration::days(EXPIRES_WITHIN_DAYS);
    let attention = Part::of(email_payments::attention(conn, scope, (now, soon), WAIT)?);
    let due = Part::of(email_payments::due(conn, scope, WAIT)?);
    let collected = Part::of(settlement::collected(conn, scope, days, WAIT)?);
    let is_empty =
        due.told().is_some_and(Vec::is_empty) && collected.told().is_some_and(Vec::is_empty);
    Ok(Read {
        is_new: is_empty && !email_payments::has_any(conn, scope)?,
        attention,
        due,
        collected,
        own_currency: merchants::currency_of(conn, scope.merchant_id())?,
        documents: match sight.documents {
            Some(scope) => Some(Part::of(documents::overview(conn, scope, sight.user_id, WAIT)?)),
            None => None,
        },
        waiting: match sight.tickets {
            Some(asker) => Some(Part::of(tickets::waiting(conn, asker, WAIT)?)),
            None => None,
        },
        refunds: match sight.refunds {
            Some(scope) => {
                let waiting = transactions::waiting_count(conn, scope, sight.user_id, WAIT)?;
                Some(Part::of(waiting))
            }
            None => None,
        },
    })
}

fn page(shell: Shell, asked: Asked, days: (NaiveDate, NaiveDate), found: Read) -> MerchantPage {
    let (t, lang) = (shell.t, shell.lang);
    let (needed, is_needed_untold) = needed(&found, t);
    let (currency, used) = currency(&found, asked);
    let (from, until) = days;
    let picture = match (&found.collected, currency) {
        (Part::Untold, _) => Picture::Untold,
        (Part::Told(_), None) => Picture::Nothing,
        (Part::Told(rows), Some(currency)) => {
            Chart::of(rows, Frame { from, until, currency, lang, now: shell.now })
                .map_or(Picture::Nothing, Picture::Chart)
        }
    };
    let balances = |documents: documents::Overview| {
        let owed = |balance| documents::owed(balance, crate::documents::LIST, lang);
        documents.balances.iter().map(owed).collect()
    };
    MerchantPage {
        steps: if found.is_new { steps(&shell) } else { Vec::new() },
        t,
        needed,
        is_needed_untold,
        picture,
        periods: periods(asked, t),
        currencies: currencies(asked, currency, &used),
        due: found.due.map(|due| due.iter().map(|due| due_cell(due, &shell)).collect()),
        balances: found.documents.map(|documents| documents.map(balances)),
        shell,
    }
}

/// What needs somebody, what presses most first; and whether some of it was not counted in time.
fn needed(found: &Read, t: &'static Texts) -> (Vec<(Badge, &'static str)>, bool) {
    let Read { attention, documents, waiting, refunds, .. } = found;
    let is_untold = attention.told().is_none()
        || documents.as_ref().is_some_and(|documents| documents.told().is_none())
        || [waiting, refunds].into_iter().flatten().any(|part| part.told().is_none());
    let (undelivered, expiring) =
        attention.told().map_or((0, 0), |attention| (attention.undelivered, attention.expiring));
    let documents = documents.as_ref().and_then(Part::told);
    let (blocked, unread) =
        documents.map_or((0, 0), |documents| (documents.blocked, documents.unread));
    let [waiting, refunds] = [waiting, refunds]
        .map(|part| part.as_ref().and_then(Part::told).copied().unwrap_or_default());
    let soon = t.msg_needed_expiring(expiring, counted(expiring), EXPIRES_WITHIN_DAYS);
    let all = [
        (
            undelivered,
            t.msg_needed_unreached(undelivered, counted(undelivered)),
            ("mail-x", "neg"),
            "/processing/email-payments/undelivered",
        ),
        (
            blocked,
            t.msg_needed_documents(blocked, counted(blocked)),
            ("file-invoice", "neg"),
            "/accounting/documents?state=blocked_payment&state=blocked_review&state=blocked_missing_information",
        ),
        (
            refunds,
            t.msg_overview_refunds(refunds, counted(refunds)),
            ("receipt-refund", "warn"),
            "/processing/transactions/operations",
        ),
        (
            waiting,
            t.msg_overview_tickets(waiting, counted(waiting)),
            ("lifebuoy", "warn"),
            "/support/tickets?state=waiting_merchant",
        ),
        (
            expiring,
            soon,
            ("clock", "warn"),
            "/processing/email-payments?status=open&expires_within=3",
        ),
        (
            unread,
            t.msg_overview_unread(unread, counted(unread)),
            ("file-plus", "wait"),
            "/accounting/documents?unread=yes",
        ),
    ];
    let badge = |(_, words, (icon, tone), url)| (Badge { icon: Icon(icon), words, tone }, url);
    (all.into_iter().filter(|(count, ..)| *count > 0).map(badge).collect(), is_untold)
}

/// The currency to draw: the one that was asked for, else the merchant's own where something was
/// collected in it, else the first; and all there are.
fn currency(found: &Read, asked: Asked) -> (Option<Currency>, Vec<Currency>) {
    let rows = found.collected.told().map_or(&[][..], Vec::as_slice);
    let mut used: Vec<Currency> =
        rows.iter().filter_map(|row| Currency::parse(&row.currency)).collect();
    used.sort_by_key(|currency| currency.code());
    used.dedup();
    let own = found.own_currency.filter(|own| used.contains(own));
    (asked.currency.or(own).or_else(|| used.first().copied()), used)
}

fn periods(asked: Asked, t: &Texts) -> Vec<Choice> {
    let choice = |days| Choice {
        words: t.msg_overview_days(i64::try_from(days).unwrap_or_default()),
        url: Asked { days, ..asked }.url(),
        is_current: days == asked.days,
    };
    PERIODS.into_iter().map(choice).collect()
}

/// Nothing where there is nothing to choose.
fn currencies(asked: Asked, current: Option<Currency>, used: &[Currency]) -> Vec<Choice> {
    let choice = |currency: &Currency| Choice {
        words: currency.code().to_owned(),
        url: Asked { currency: Some(*currency), ..asked }.url(),
        is_current: Some(*currency) == current,
    };
    let has_choice = used.iter().any(|currency| Some(*currency) != current);
    if has_choice { used.iter().map(choice).collect() } else { Vec::new() }
}

fn due_cell(due: &Due, shell: &Shell) -> DueCell {
    let currency = due.sum.currency;
    let grouped = money_grouped(due.payments.unsigned_abs(), shell.lang);
    DueCell {
        currency,
        sum: due.sum.number(shell.lang),
        payments: shell.t.msg_overview_requests(due.payments, grouped),
        url: format!(
            "/processing/email-payments?status=open&status=processing&status=authorised&currency={currency}"
        ),
    }
}

/// What somebody of a new merchant may begin with.
fn steps(shell: &Shell) -> Vec<Step> {
    let t = shell.t;
    [
        (
            shell.may(Right::WriteEmailPayments),
            "mail-forward",
            t.msg_overview_step_request(),
            "/processing/email-payments/new",
        ),
        (shell.may(Right::ManageTeam), "user-plus", t.msg_overview_step_team(), "/settings/team"),
        (
            shell.may(Right::WritePageSettings),
            "settings",
            t.msg_overview_step_page(),
            "/settings/payment-page",
        ),
        (
            shell.may(Right::ViewPageSettings),
            "receipt",
            t.msg_overview_step_confirmations(),
            "/settings/confirmations",
        ),
        (true, "lifebuoy", t.msg_overview_step_contacts(), "/support/contacts"),
    ]
    .into_iter()
    .filter(|(may, ..)| *may)
    .map(|(_, icon, words, url)| Step { icon: Icon(icon), words, url })
    .collect()
}
