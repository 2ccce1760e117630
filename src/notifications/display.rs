//! Kinds, the ledger and deliveries in words.

use chrono::{DateTime, Utc};

use super::model::{NoticeKind, RequestAnswer, Standing, Told};
use super::queries::told::{Delivery, Notice};
use super::queries::{Merchant, Permission, Request};
use crate::kernel::{NoticeId, Texts, dates};
use crate::mail::MailState;
use crate::web::Shell;
use crate::web::ui::{Badge, Entry, Icon};

pub fn kind(kind: NoticeKind, t: &Texts) -> String {
    match kind {
        NoticeKind::DocumentCreated => t.msg_notice_document(),
        NoticeKind::PaymentPaid => t.msg_notice_paid(),
        NoticeKind::PaymentDeclined => t.msg_notice_declined(),
        NoticeKind::PaymentUndelivered => t.msg_notice_undelivered(),
        NoticeKind::PaymentExpiring => t.msg_notice_expiring(),
        NoticeKind::TicketAnswered => t.msg_notice_answered(),
    }
}

/// What a notice of the kind says, in one sentence.
pub fn explain(kind: NoticeKind, t: &Texts) -> String {
    match kind {
        NoticeKind::DocumentCreated => t.msg_notice_document_words(),
        NoticeKind::PaymentPaid => t.msg_notice_paid_words(),
        NoticeKind::PaymentDeclined => t.msg_notice_declined_words(),
        NoticeKind::PaymentUndelivered => t.msg_notice_undelivered_words(),
        NoticeKind::PaymentExpiring => t.msg_notice_expiring_words(),
        NoticeKind::TicketAnswered => t.msg_notice_answered_words(),
    }
}

/// What has been told.
pub fn told(told: Told, t: &Texts) -> String {
    match told {
        Told::DocumentCreated => t.msg_notice_document(),
        Told::PaymentPaid => t.msg_notice_paid(),
        Told::PaymentDeclined => t.msg_notice_declined(),
        Told::PaymentUndelivered => t.msg_notice_undelivered(),
        Told::PaymentExpiring => t.msg_notice_expiring(),
        Told::TicketAnswered => t.msg_notice_answered(),
        Told::PermissionGranted => t.msg_notice_permission_granted(),
        Told::PermissionWithdrawn => t.msg_notice_permission_withdrawn(),
        Told::Digest => t.msg_notice_digest(),
    }
}

/// Its icon and colour, in a list.
pub const fn sign(told: Told) -> (Icon, &'static str) {
    match told {
        Told::DocumentCreated => (Icon("file-invoice"), ""),
        Told::PaymentPaid => (Icon("circle-check"), "pos"),
        Told::PaymentDeclined => (Icon("circle-x"), "neg"),
        Told::PaymentUndelivered => (Icon("mail-x"), "neg"),
        Told::PaymentExpiring => (Icon("hourglass"), "warn"),
        Told::TicketAnswered => (Icon("lifebuoy"), "wait"),
        Told::PermissionGranted => (Icon("shield-check"), "pos"),
        Told::PermissionWithdrawn => (Icon("shield-x"), "neg"),
        Told::Digest => (Icon("mail"), ""),
    }
}

/// `Payment received, CB-2026-1`
pub fn item(kind: Told, number: Option<&str>, t: &Texts) -> String {
    let what = told(kind, t);
    match number {
        Some(number) => t.msg_delivery_what(what, number),
        None => what,
    }
}

/// The same of a mail: one about nothing in particular is a test.
fn sent(kind: Told, number: Option<&str>, t: &Texts) -> String {
    let is_test = number.is_none() && kind != Told::Digest;
    if is_test { t.msg_delivery_test() } else { item(kind, number, t) }
}

/// The same of a notice.
pub fn told_of(notice: &Notice, t: &Texts) -> String {
    item(notice.kind, notice.number.as_deref(), t)
}

/// What became of a mail; `next`: when it is tried next, while it waits.
pub fn fared(delivery: &Delivery, next: String, t: &Texts) -> Badge {
    let (icon, words, tone) = match delivery.state {
        MailState::Ready if delivery.attempts > 0 => {
            ("clock", t.msg_delivery_again(i64::from(delivery.attempts), next), "warn")
        }
        MailState::Ready | MailState::Sending => ("send", t.msg_team_mail_ready(), "wait"),
        MailState::Sent => ("mail-check", t.msg_team_mail_sent(), "pos"),
        MailState::Failed => ("mail-x", t.msg_team_mail_failed(), "neg"),
        MailState::Dropped => ("ban", t.msg_delivery_dropped(), "neu"),
    };
    Badge { icon: Icon(icon), words, tone }
}

/// What a document is called, by its word in the database.
pub fn document(kind: &str, t: &Texts) -> String {
    match kind {
        "invoice" => t.msg_doc_kind_invoice(),
        "credit_note" => t.msg_doc_kind_credit_note(),
        "payout_statement" => t.msg_doc_kind_payout_statement(),
        "holdback_statement" => t.msg_doc_kind_holdback_statement(),
        _ => t.msg_notice_document(),
    }
}

/// Whose words, and the merchant's clock.
pub struct Reader<'a> {
    pub shell: &'a Shell,
    pub merchant: &'a Merchant,
}

/// One mail as a line.
pub struct Line {
    pub what: String,
    pub to: String,
    pub moment: String,
    pub machine: String,
    pub badge: Badge,
    /// The mail server's words.
    pub answer: String,
    pub href: String,
    /// The notice, where its mail was given up and can be sent again.
    pub again: Option<NoticeId>,
}

impl Reader<'_> {
    fn t(&self) -> &'static Texts {
        self.shell.t
    }

    pub fn moment(&self, at: DateTime<Utc>) -> String {
        dates::moment(at, self.shell.now, self.merchant.zone(), self.shell.lang)
    }

    pub fn moment_within(&self, at: DateTime<Utc>) -> String {
        dates::moment_within(at, self.shell.now, self.merchant.zone(), self.shell.lang)
    }

    pub fn day(&self, at: DateTime<Utc>) -> String {
        dates::day(at, self.shell.now, self.merchant.zone(), self.shell.lang)
    }

    /// `31 dic 2026`, or that there is no end.
    pub fn until(&self, valid_until: Option<DateTime<Utc>>) -> String {
        valid_until.map_or_else(
            || self.t().msg_permission_no_end(),
            |until| {
                let day = until.with_timezone(&self.merchant.zone()).date_naive();
                dates::plain_day(day, self.shell.lang)
            },
        )
    }

    /// The ledger, the newest first.
    pub fn ledger(&self, permissions: &[Permission], requests: &[Request]) -> Vec<Entry> {
        let mut entries = Vec::new();
        for permission in permissions {
            self.tell_permission(permission, &mut entries);
        }
        for request in requests {
            self.tell_request(request, &mut entries);
        }
        entries.sort_by_key(|entry| std::cmp::Reverse(entry.at));
        entries
    }

    fn tell_permission(&self, permission: &Permission, entries: &mut Vec<Entry>) {
        let (t, of) = (self.t(), &permission.user_name);
        let what = kind(permission.kind, t);
        let granted = t.msg_ledger_granted(&permission.granted_by, of);
        let until = self.until(permission.valid_until);
        let words = t.msg_ledger_grant_words(&what, until, &permission.reason);
        entries.push(self.entry(permission.granted_at, granted, words, ("shield-check", "pos")));
        match permission.standing(self.shell.now) {
            Standing::Valid => {}
            Standing::Ended => {
                if let Some(at) = permission.valid_until {
                    let title = t.msg_ledger_ended(of);
                    entries.push(self.entry(at, title, what, ("hourglass", "neu")));
                }
            }
            Standing::Withdrawn => {
                if let Some(at) = permission.withdrawn_at {
                    let by = permission.withdrawn_by.as_deref().unwrap_or_default();
                    let why = permission.withdrawn_for.as_deref().unwrap_or_default();
                    let title = t.msg_ledger_withdrawn(by, of);
                    let words = t.msg_ledger_words(what, why);
                    entries.push(self.entry(at, title, words, ("shield-x", "neg")));
                }
            }
        }
    }

    fn tell_request(&self, request: &Request, entries: &mut Vec<Entry>) {
        let (t, of) = (self.t(), &request.user_name);
        let what = kind(request.kind, t);
        let words = if request.words.is_empty() {
            what.clone()
        } else {
            t.msg_ledger_words(&what, &request.words)
        };
        let asked = t.msg_ledger_asked(of);
        entries.push(self.entry(request.asked_at, asked, words, ("inbox", "wait")));
        let refused_at =
            request.answered_at.filter(|_| request.answer == Some(RequestAnswer::Refused));
        if let Some(at) = refused_at {
            let by = request.answered_by.as_deref().unwrap_or_default();
            let title = t.msg_ledger_refused(by, of);
            let why = request.reason.as_deref().unwrap_or_default();
            entries.push(self.entry(at, title, t.msg_ledger_words(what, why), ("ban", "neg")));
        }
    }

    fn entry(
        &self,
        at: DateTime<Utc>,
        title: String,
        words: String,
        (icon, tone): (&'static str, &'static str),
    ) -> Entry {
        let machine = dates::machine(at, self.merchant.zone());
        Entry { at, title, words, icon: Icon(icon), tone, moment: self.moment(at), machine }
    }

    /// Mails as lines; `documents` is where the reader finds documents, empty where they don't see them.
    pub fn lines(&self, deliveries: &[Delivery], documents: &str) -> Vec<Line> {
        deliveries.iter().map(|delivery| self.line(delivery, documents)).collect()
    }

    fn line(&self, delivery: &Delivery, documents: &str) -> Line {
        let t = self.t();
        let href = match (delivery.document_id, delivery.email_payment_id) {
            (Some(id), _) if !documents.is_empty() => format!("{documents}/{id}"),
            (_, Some(id)) if self.shell.current().is_some() => {
                format!("/processing/email-payments/{id}")
            }
            _ => String::new(),
        };
        let is_dropped = delivery.state == MailState::Dropped;
        Line {
            what: sent(delivery.kind, delivery.number.as_deref(), t),
            to: t.msg_delivery_to(&delivery.user_name, &delivery.recipient),
            moment: self.moment(delivery.created_at),
            machine: dates::machine(delivery.created_at, self.merchant.zone()),
            badge: fared(delivery, self.moment_within(delivery.run_at), t),
            // Ours of a dropped one stand in the badge.
            answer: delivery.answer.clone().filter(|_| !is_dropped).unwrap_or_default(),
            href,
            again: delivery.is_work().then_some(delivery.notice_id),
        }
    }
}
