//! One payment: what happened, what comes next, what can be done.

use actix_web::HttpResponse;
use actix_web::http::header;
use actix_web::web::{Data, Path};
use askama::Template;
use chrono::{DateTime, Utc};
use diesel::PgConnection;

use super::super::commands;
use super::super::display::{self, Standing, TimelineEntry};
use super::super::letter::{LetterFacts, RequestHtml};
use super::super::model::{Delivery, EmailPayment, Event, Status};
use super::super::page_settings::PageSettings;
use super::super::plan::Reminder;
use super::super::prepare::{pay_token, shown_link};
use super::super::queries::page_settings::page_settings_of_one;
use super::super::queries::{self, AttemptRow, MailRow, Originator};
use super::super::visits;
use super::remind::Planned;
use super::{LIST, id};
use crate::auth::MerchantUser;
use crate::kernel::{Currency, EmailPaymentId, Error, Lang, Money, Right, Texts, dates};
use crate::mail::MailState;
use crate::settlement::{self, WalletTook};
use crate::web::ui::Badge;
use crate::web::{App, Html, Poll, Shell, html};

#[derive(Template)]
#[template(path = "email_payments/show.html")]
struct ShowPage {
    shell: Shell,
    t: &'static Texts,
    /// Of what it shows, see [`queries::mark`].
    mark: String,
    /// What stands for a draft, see [`commands::state_of`].
    state: String,
    payment: EmailPayment,
    timeline: Vec<TimelineEntry>,
    mails: Vec<MailRow>,
    attempts: Vec<AttemptRow>,
    originator: Originator,
    has_several_originators: bool,
    may_write: bool,
    link: Option<String>,
    reminders: Vec<Planned>,
    are_reminders_stopped: bool,
    /// What took its place, and what it took the place of: id and order ID.
    replaced_by: Option<(EmailPaymentId, String)>,
    replaces: Option<(EmailPaymentId, String)>,
    wallet: Option<WalletTook>,
}

/// `GET /processing/email-payments/{id}`
pub async fn show(
    user: MerchantUser,
    shell: Shell,
    app: Data<App>,
    path: Path<String>,
    poll: Poll,
) -> Html {
    let scope = user.scope(Right::ViewEmailPayments)?;
    let id = id(&path)?;
    let today = shell.today();
    let read = move |conn: &mut PgConnection| {
        let mark = queries::mark(conn, scope, today)?;
        if poll.has_seen(&mark) {
            return Ok(None);
        }
        let payment = queries::get(conn, scope, id)?;
        let originators = queries::originators_of(conn, scope.merchant_id())?;
        let facts = Facts {
            events: queries::events(conn, scope, id)?,
            visits: queries::visits_of(conn, scope, id)?,
            mails: queries::mails_of(conn, scope, id)?,
            attempts: queries::attempts(conn, scope, id)?,
            originator: queries::originator(conn, scope.merchant_id(), payment.originator_id)?,
            has_several_originators: originators.len() > 1,
            reminders: commands::reminders_of(conn, scope, id)?,
            are_reminders_stopped: commands::are_reminders_stopped(conn, scope.merchant_id(), id)?,
            replaced_by: match payment.replaced_by {
                Some(id) => queries::order_id_of(conn, scope, id)?,
                None => None,
            },
            replaces: queries::replaced_one(conn, scope, id)?,
            wallet: settlement::wallet_took(conn, scope, id)?,
            payment,
        };
        Ok(Some((mark, facts)))
    };
    let Some((mark, facts)) = app.db.run(scope.tenants(), read).await? else {
        return Ok(Poll::unchanged());
    };
    let timeline = visits::timeline(&facts.events, &facts.visits, &shell);
    let link = shown_link(&app.keys, &app.public_origin, &facts.payment)?;
    html(&ShowPage {
        mark,
        state: commands::state_of(&facts.payment, &facts.reminders),
        t: shell.t,
        may_write: user.may(Right::WriteEmailPayments),
        reminders: Planned::of(&facts.reminders, &shell),
        shell,
        timeline,
        link,
        payment: facts.payment,
        mails: facts.mails,
        attempts: facts.attempts,
        originator: facts.originator,
        has_several_originators: facts.has_several_originators,
        are_reminders_stopped: facts.are_reminders_stopped,
        replaced_by: facts.replaced_by,
        replaces: facts.replaces,
        wallet: facts.wallet,
    })
}

/// What the page reads.
struct Facts {
    payment: EmailPayment,
    events: Vec<queries::EventRow>,
    visits: Vec<visits::VisitRow>,
    mails: Vec<MailRow>,
    attempts: Vec<AttemptRow>,
    originator: Originator,
    has_several_originators: bool,
    reminders: Vec<Reminder>,
    are_reminders_stopped: bool,
    replaced_by: Option<(EmailPaymentId, String)>,
    replaces: Option<(EmailPaymentId, String)>,
    wallet: Option<WalletTook>,
}

impl ShowPage {
    fn address(&self) -> String {
        format!("{LIST}/{}", self.payment.id)
    }

    fn badge(&self) -> Badge {
        Standing::from(&self.payment).badge(&self.shell)
    }

    fn number(&self) -> String {
        self.payment.amount().map_or_else(
            |_| self.payment.amount_minor.to_string(),
            |money| money.number(self.shell.lang),
        )
    }

    fn moment(&self, at: &DateTime<Utc>) -> String {
        dates::moment(*at, self.shell.now, self.shell.zone, self.shell.lang)
    }

    fn moment_within(&self, at: &DateTime<Utc>) -> String {
        dates::moment_within(*at, self.shell.now, self.shell.zone, self.shell.lang)
    }

    fn full(&self, at: &DateTime<Utc>) -> String {
        dates::full(*at, self.shell.zone, self.shell.lang)
    }

    fn machine(&self, at: &DateTime<Utc>) -> String {
        dates::machine(*at, self.shell.zone)
    }

    /// The line below the amount: when it ends, or how it ended.
    fn ending(&self) -> String {
        let zone = self.shell.zone;
        let day = |at| dates::weekday(at, zone, self.shell.lang);
        match self.payment.status {
            Status::Draft => self.t.msg_show_not_sent(),
            Status::Scheduled => self.t.msg_show_leaves(self.leaves_at()),
            Status::Open | Status::Processing => {
                self.t.msg_show_expires(day(self.payment.expires_at))
            }
            Status::Authorised => self
                .t
                .msg_show_capture_by(day(self.payment.capture_before.unwrap_or(self.shell.now))),
            Status::Paid => {
                self.t.msg_show_paid_on(day(self.payment.paid_at.unwrap_or(self.shell.now)))
            }
            Status::Expired | Status::Cancelled | Status::Failed => self
                .payment
                .end_reason
                .map(|reason| display::end_reason(reason, self.t))
                .unwrap_or_default(),
        }
    }

    /// What the merchant has to know or do; only where somebody must act.
    fn next_step(&self) -> Option<(String, String)> {
        let t = self.t;
        if let Some(why) = self.payment.send_hindrance {
            let why = display::send_hindrance(why, t);
            return Some(if self.payment.status == Status::Scheduled {
                (t.msg_next_held_up_title(), t.msg_next_held_up_words(why, self.leaves_at()))
            } else {
                (t.msg_next_not_left_title(), t.msg_next_not_left_words(why))
            });
        }
        let waits =
            self.mails.first().filter(|mail| mail.state == MailState::Ready && mail.attempts > 0);
        if let Some(mail) = waits {
            let why = mail.answer.clone().unwrap_or_default();
            return Some((
                t.msg_next_deferred_title(),
                t.msg_next_deferred_words(self.moment_within(&mail.run_at), why),
            ));
        }
        match (self.payment.status, self.payment.delivery, &self.payment.last_result_code) {
            (Status::Open, Some(Delivery::Bounced), _) => {
                Some((t.msg_next_bounced_title(), t.msg_next_bounced_words()))
            }
            (Status::Open, Some(Delivery::Failed), _) => {
                Some((t.msg_next_failed_title(), t.msg_next_failed_words()))
            }
            (Status::Open, _, Some(code)) => Some((
                t.msg_next_declined_title(display::result_code(code, t)),
                t.msg_next_declined_words(),
            )),
            (Status::Expired, ..) => Some((t.msg_next_expired_title(), t.msg_next_expired_words())),
            (Status::Failed, ..) => {
                Some((t.msg_next_exhausted_title(), t.msg_next_exhausted_words()))
            }
            _ => None,
        }
    }

    fn may_cancel(&self) -> bool {
        self.may_write && self.payment.status.is_cancellable()
    }

    fn may_edit(&self) -> bool {
        self.may_write && self.payment.status.is_editable()
    }

    /// Whether "send again" is offered; the page behind it says why it may have to wait.
    fn may_resend(&self) -> bool {
        self.may_write && matches!(self.payment.status, Status::Open | Status::Expired)
    }

    fn is_scheduled(&self) -> bool {
        self.may_write && self.payment.status == Status::Scheduled
    }

    /// When it leaves by itself.
    fn leaves_at(&self) -> String {
        let at = self.payment.send_at.unwrap_or(self.shell.now);
        display::planned(at, self.shell.trading_zone, self.shell.lang)
    }

    /// The zone of the times that are planned.
    fn zone_name(&self) -> &'static str {
        self.shell.trading_zone.name()
    }

    /// Whether it can be paid, so that its end and its reminders may be changed.
    fn is_open(&self) -> bool {
        self.may_write && self.payment.not_open(self.shell.now).is_none()
    }

    /// Whether a reminder is the thing to do: the customer has got a mail, and wants reminders.
    fn may_remind(&self) -> bool {
        self.is_open()
            && self.payment.sends > 0
            && !self.needs_address()
            && !self.are_reminders_stopped
    }

    /// Whether the address has to be corrected before anything else helps.
    fn needs_address(&self) -> bool {
        let is_lost = matches!(
            self.payment.delivery,
            Some(Delivery::Bounced | Delivery::Failed | Delivery::Suppressed)
        );
        self.is_open() && is_lost
    }

    fn may_replace(&self) -> bool {
        self.may_write && self.payment.status.after(Event::Replaced).is_some()
    }

    /// What happens next by itself.
    fn has_plans(&self) -> bool {
        self.payment.status.is_current() && self.payment.status != Status::Draft
    }

    /// Whether money of it may be given back, as far as is known here: what may be, its transaction says.
    fn may_refund(&self) -> bool {
        self.shell.may(Right::Operate)
            && self.payment.status == Status::Paid
            && self.payment.refunded_minor < self.payment.amount_minor
    }

    /// Whether money waits to be captured or set free.
    fn is_authorised(&self) -> bool {
        self.shell.may(Right::Operate) && self.payment.status == Status::Authorised
    }

    /// What went back to the customer; `None`: nothing.
    fn refunded(&self) -> Option<String> {
        let minor = Some(self.payment.refunded_minor).filter(|minor| *minor > 0)?;
        let currency = Currency::parse(&self.payment.currency)?;
        Some(Money::new(minor, currency).with_code(self.shell.lang))
    }

    fn paid_with(&self) -> Option<String> {
        display::paid_with(&self.attempts, self.t)
    }

    /// What the wallet took in its own currency, and at which rate: `62,50 PHP (1 EUR = 62,5 PHP)`.
    fn wallet_took(&self) -> Option<String> {
        let took = self.wallet.as_ref()?;
        let currency = Currency::parse(took.currency.as_deref()?)?;
        let total = Money::new(took.total_minor?, currency).with_code(self.shell.lang);
        let Some(rate) = &took.exchange_rate else { return Some(total) };
        let rate = if self.shell.lang == Lang::En { rate.clone() } else { rate.replace('.', ",") };
        let (ours, theirs) = (&self.payment.currency, currency.code());
        Some(format!("{total} (1\u{a0}{ours} = {rate}\u{a0}{theirs})"))
    }

    fn mail_state(&self, mail: &MailRow) -> String {
        display::mail_words(mail, self.t)
    }

    fn mail_kind(&self, mail: &MailRow) -> String {
        display::mail_kind_words(mail.kind, self.t)
    }
}

/// `GET /processing/email-payments/{id}/mail`: the letter, exactly as the customer gets it.
pub async fn mail(user: MerchantUser, app: Data<App>, path: Path<String>) -> Html {
    let scope = user.scope(Right::ViewEmailPayments)?;
    let id = id(&path)?;
    let read = move |conn: &mut PgConnection| {
        let payment = queries::get(conn, scope, id)?;
        let page = page_settings_of_one(conn, scope.merchant_id(), payment.originator_id)?;
        Ok((payment, queries::merchant(conn, scope.merchant_id())?, page))
    };
    let (payment, merchant, page) = app.db.run(scope.tenants(), read).await?;
    let link = if payment.status == Status::Open {
        Some(app.url(&format!("/pay/{}", pay_token(&app.keys, &payment)?)))
    } else {
        None
    };
    let page = page.map_or_else(|| PageSettings::usual(&merchant), |(_, page)| page);
    let facts = LetterFacts::of(&payment, merchant, &[], link, &app.public_host)?;
    letter(&facts.on_page(&page))
}

/// A letter as a page of its own: its styles stand in it, so that it gets a policy of its own, under
/// which nothing can run and no link leads anywhere.
pub fn letter(facts: &LetterFacts) -> Html {
    let body = RequestHtml(facts).render().map_err(Error::internal)?;
    Ok(HttpResponse::Ok()
        .content_type("text/html; charset=utf-8")
        .insert_header((
            header::CONTENT_SECURITY_POLICY,
            "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox",
        ))
        .body(body))
}
