//! The letters of notices: what there is and where, and no figure of it.

use askama::Template;
use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use diesel::PgConnection;

use super::display;
use super::model::{NoticeKind, Stop, Told};
use super::queries::told::{self, Item, Notice};
use super::queries::{self, Merchant};
use crate::auth::SystemScope;
use crate::crypto::Keyring;
use crate::db::Db;
use crate::kernel::{Clock, Error, Lang, MerchantId, NoticeId, Texts, UserId, dates};
use crate::mail::{Claimed, Letter, NoLetter};

/// What the links that end mails are signed for.
const PURPOSE: &str = "unsubscribe";

/// What every letter says.
struct Frame {
    t: &'static Texts,
    lang: Lang,
    /// By which clock the reader reads.
    zone: Tz,
    /// Where an answer goes: to the merchant.
    reply_to: String,
    public_origin: String,
    /// Where such letters are ended; empty: a test.
    stop: String,
}

impl Frame {
    /// `lunedì 7 dicembre 2026, 08:12 (Europe/Rome)`.
    fn moment(&self, at: DateTime<Utc>) -> String {
        let day = dates::weekday(at, self.zone, self.lang);
        format!("{day}, {} ({})", dates::time(at, self.zone), self.zone.name())
    }

    fn settings(&self) -> String {
        format!("{}/notifications", self.public_origin)
    }

    fn letter(&self, to: &str, subject: String, html: String, text: String) -> Letter {
        Letter {
            to: to.to_owned(),
            from_name: self.t.msg_product(),
            reply_to: self.reply_to.clone(),
            subject,
            language: self.lang,
            html,
            text,
            unsubscribe: Some(self.stop.clone()).filter(|stop| !stop.is_empty()),
            logo: None,
        }
    }
}

/// What the letter of one notice says: the same facts in HTML and in text.
struct LetterFacts {
    t: &'static Texts,
    lang: Lang,
    merchant: Merchant,
    frame: Frame,
    notice: Notice,
}

impl LetterFacts {
    fn subject(&self) -> String {
        let name = &self.merchant.name;
        match (self.number(), self.is_document()) {
            ("", _) => self.t.msg_notice_mail_test_subject(name),
            (number, true) => self.t.msg_notice_mail_subject(name, self.document(), number),
            (number, false) => self.t.msg_notice_mail_payment_subject(name, self.what(), number),
        }
    }

    fn intro(&self) -> String {
        match (self.number(), self.is_document()) {
            ("", _) => self.t.msg_notice_mail_test_intro(),
            (_, true) => self.t.msg_notice_mail_intro(&self.merchant.name),
            (_, false) => self.happened(),
        }
    }

    /// What has become of a payment, as a sentence.
    fn happened(&self) -> String {
        let name = &self.merchant.name;
        match self.notice.kind {
            Told::PaymentPaid => self.t.msg_notice_mail_paid_intro(name),
            Told::PaymentDeclined => self.t.msg_notice_mail_declined_intro(name),
            Told::PaymentUndelivered => self.t.msg_notice_mail_undelivered_intro(name),
            Told::PaymentExpiring => self.t.msg_notice_mail_expiring_intro(name),
            Told::DocumentCreated
            | Told::TicketAnswered
            | Told::PermissionGranted
            | Told::PermissionWithdrawn
            | Told::Digest => self.what(),
        }
    }

    fn what(&self) -> String {
        display::told(self.notice.kind, self.t)
    }

    fn is_document(&self) -> bool {
        self.notice.document_id.is_some()
    }

    fn document(&self) -> String {
        display::document(self.notice.document_kind.as_deref().unwrap_or_default(), self.t)
    }

    /// Empty: a test.
    fn number(&self) -> &str {
        self.notice.number.as_deref().unwrap_or_default()
    }

    /// `1 ottobre 2026 – 31 ottobre 2026`.
    fn period(&self) -> String {
        let days = [self.notice.period_from, self.notice.period_until].into_iter().flatten();
        let days: Vec<String> = days.map(|day| dates::plain_day(day, self.lang)).collect();
        days.join(" – ")
    }

    fn moment(&self) -> String {
        self.frame.moment(self.notice.created_at)
    }

    /// Until when a request that is about to end can be paid.
    fn ends(&self) -> Option<String> {
        let end = self.notice.expires_at.filter(|_| self.notice.kind == Told::PaymentExpiring)?;
        Some(self.frame.moment(end))
    }

    fn link(&self) -> String {
        let about = self.notice.about();
        about.map_or_else(|| self.settings(), |path| format!("{}{path}", self.frame.public_origin))
    }

    fn button(&self) -> String {
        match (self.number(), self.is_document()) {
            ("", _) => self.t.msg_notice_mail_test_button(),
            (_, true) => self.t.msg_notice_mail_button(),
            (_, false) => self.t.msg_notice_mail_payment_button(),
        }
    }

    /// Why it came.
    fn why(&self) -> String {
        if self.is_document() || self.number().is_empty() {
            self.t.msg_notice_mail_why()
        } else {
            self.t.msg_notice_mail_payment_why()
        }
    }

    fn settings(&self) -> String {
        self.frame.settings()
    }

    fn stop(&self) -> &str {
        &self.frame.stop
    }
}

#[derive(Template)]
#[template(path = "mail/notifications_notice.html")]
struct NoticeHtml<'a>(&'a LetterFacts);

#[derive(Template)]
#[template(path = "mail/notifications_notice.txt", escape = "none")]
struct NoticeText<'a>(&'a LetterFacts);

/// What a digest says.
struct DigestFacts {
    t: &'static Texts,
    lang: Lang,
    merchant: Merchant,
    frame: Frame,
    items: Vec<Item>,
}

/// Events that a digest lists; of more it gives the number.
const LISTED: usize = 50;

impl DigestFacts {
    fn subject(&self) -> String {
        self.t.msg_digest_subject(&self.merchant.name, self.items.len())
    }

    fn listed(&self) -> &[Item] {
        self.items.get(..LISTED).unwrap_or(&self.items)
    }

    fn more(&self) -> usize {
        self.items.len().saturating_sub(LISTED)
    }

    fn words(&self, item: &Item) -> String {
        display::item(item.kind, item.number.as_deref(), self.t)
    }

    fn time(&self, item: &Item) -> String {
        let zone = self.frame.zone;
        let day = dates::short_day(item.created_at.with_timezone(&zone).date_naive(), self.lang);
        format!("{day}, {}", dates::time(item.created_at, zone))
    }

    /// Until when a request that is about to end can be paid.
    fn ends(&self, item: &Item) -> Option<String> {
        let end = item.expires_at.filter(|_| item.kind == Told::PaymentExpiring)?;
        Some(self.frame.moment(end))
    }

    fn link(&self, item: &Item) -> String {
        let origin = &self.frame.public_origin;
        item.about().map_or_else(|| self.inbox(), |path| format!("{origin}{path}"))
    }

    fn inbox(&self) -> String {
        format!("{}/notifications/inbox", self.frame.public_origin)
    }
}

#[derive(Template)]
#[template(path = "mail/notifications_digest.html")]
struct DigestHtml<'a>(&'a DigestFacts);

#[derive(Template)]
#[template(path = "mail/notifications_digest.txt", escape = "none")]
struct DigestText<'a>(&'a DigestFacts);

/// Signs what a link may end: whose mails, and which.
fn link_text(merchant_id: MerchantId, user_id: UserId, what: Stop) -> String {
    format!("{}.{}.{}", merchant_id.as_uuid().simple(), user_id.as_uuid().simple(), what.as_str())
}

/// The token of a link that ends mails. It has no end, as the mails have none.
fn write_link(
    keys: &Keyring,
    merchant_id: MerchantId,
    user_id: UserId,
    what: Stop,
) -> Result<String, Error> {
    let text = link_text(merchant_id, user_id, what);
    let signature = keys.sign(PURPOSE, &text)?;
    Ok(format!("{text}.{signature}"))
}

/// The address in a mail that ends such mails.
pub fn stop_link(
    keys: &Keyring,
    public_origin: &str,
    merchant_id: MerchantId,
    user_id: UserId,
    what: Stop,
) -> Result<String, Error> {
    let token = write_link(keys, merchant_id, user_id, what)?;
    Ok(format!("{public_origin}/unsubscribe/{token}"))
}

/// What a link of ours ends; `None`: it is none of ours.
pub fn read_link(keys: &Keyring, token: &str) -> Option<(SystemScope, UserId, Stop)> {
    let (text, signature) = token.rsplit_once('.')?;
    if !keys.verify(PURPOSE, text, signature) {
        return None;
    }
    let mut parts = text.splitn(3, '.');
    let merchant_id: MerchantId = parts.next()?.parse().ok()?;
    let user_id: UserId = parts.next()?.parse().ok()?;
    let what = Stop::parse(parts.next()?)?;
    Some((SystemScope::found(merchant_id), user_id, what))
}

/// The outbox asks here for the words of a notice.
pub struct NoticeLetters {
    pub db: Db,
    pub keys: Keyring,
    pub clock: Clock,
    pub public_origin: String,
}

/// What a letter is made of, or why there is none.
enum Read {
    One(Merchant, Notice),
    Several(Merchant, Notice, Vec<Item>),
    Unwanted,
}

impl NoticeLetters {
    /// Makes the letter of a notice, if its reader may still be told and wants to be.
    ///
    /// # Errors
    /// [`NoLetter`]: the permission has ended meanwhile, or the database is out of reach.
    pub async fn letter(&self, mail: &Claimed, id: NoticeId) -> Result<Letter, NoLetter> {
        let (scope, now) = (SystemScope::found(mail.merchant_id), self.clock.now());
        let read = move |conn: &mut PgConnection| {
            let notice = told::notice(conn, scope.into(), id)?;
            let merchant = queries::merchant(conn, scope.into())?;
            if notice.kind == Told::Digest {
                let items = told::digest(conn, scope, id, now)?;
                let is_empty = items.is_empty();
                return Ok(if is_empty {
                    Read::Unwanted
                } else {
                    Read::Several(merchant, notice, items)
                });
            }
            let Some(kind) = NoticeKind::parse(notice.kind.as_str()) else {
                return Ok(Read::Unwanted);
            };
            let is_wanted = told::is_wanted(conn, scope, kind, &notice, now)?;
            Ok(if is_wanted { Read::One(merchant, notice) } else { Read::Unwanted })
        };
        let letter = match self.db.run(scope.tenants(), read).await.map_err(NoLetter::Later)? {
            Read::Unwanted => {
                return Err(NoLetter::Drop(
                    "the permission has ended meanwhile, or it is not wanted any more",
                ));
            }
            Read::One(merchant, notice) => self.one(mail, merchant, notice),
            Read::Several(merchant, notice, items) => self.several(mail, merchant, &notice, items),
        };
        letter.map_err(NoLetter::Later)
    }

    fn frame(
        &self,
        mail: &Claimed,
        merchant: &Merchant,
        notice: &Notice,
        what: Option<Stop>,
    ) -> Result<Frame, Error> {
        let stop = match what {
            Some(what) => {
                let origin = &self.public_origin;
                stop_link(&self.keys, origin, mail.merchant_id, notice.user_id, what)?
            }
            None => String::new(),
        };
        Ok(Frame {
            t: mail.language.texts(),
            lang: mail.language,
            zone: notice.zone(),
            reply_to: merchant.email.clone(),
            public_origin: self.public_origin.clone(),
            stop,
        })
    }

    fn one(&self, mail: &Claimed, merchant: Merchant, notice: Notice) -> Result<Letter, Error> {
        let kind = NoticeKind::parse(notice.kind.as_str()).filter(|_| notice.number.is_some());
        let frame = self.frame(mail, &merchant, &notice, kind.map(Stop::AtOnce))?;
        let facts = LetterFacts { t: frame.t, lang: frame.lang, merchant, frame, notice };
        let html = NoticeHtml(&facts).render().map_err(Error::internal)?;
        let text = NoticeText(&facts).render().map_err(Error::internal)?;
        Ok(facts.frame.letter(&mail.recipient, facts.subject(), html, text))
    }

    fn several(
        &self,
        mail: &Claimed,
        merchant: Merchant,
        notice: &Notice,
        items: Vec<Item>,
    ) -> Result<Letter, Error> {
        let frame = self.frame(mail, &merchant, notice, Some(Stop::Digest))?;
        let facts = DigestFacts { t: frame.t, lang: frame.lang, merchant, frame, items };
        let html = DigestHtml(&facts).render().map_err(Error::internal)?;
        let text = DigestText(&facts).render().map_err(Error::internal)?;
        Ok(facts.frame.letter(&mail.recipient, facts.subject(), html, text))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys() -> Keyring {
        Keyring::parse("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=").expect("a key")
    }

    #[test]
    fn sec_15_a_link_ends_only_what_it_was_signed_for() {
        let (keys, merchant, user) = (keys(), MerchantId::new(), UserId::new());
        for what in [Stop::Digest, Stop::AtOnce(NoticeKind::PaymentPaid)] {
            let token = write_link(&keys, merchant, user, what).unwrap();
            let (scope, found, ends) = read_link(&keys, &token).unwrap();
            assert_eq!((scope.merchant_id(), found, ends), (merchant, user, what));
            let other = token.replace(
                &user.as_uuid().simple().to_string(),
                &UserId::new().as_uuid().simple().to_string(),
            );
            assert!(read_link(&keys, &other).is_none(), "somebody else's");
            assert!(read_link(&keys, &token.replace(what.as_str(), "payment_declined")).is_none());
        }
        for token in ["", ".", "a.b.c.d", "digest"] {
            assert!(read_link(&keys, token).is_none(), "{token}");
        }
    }
}
