//! The table `mails` as an outbox: claim, send, settle.

use std::time::Duration as StdDuration;

use chrono::{DateTime, Duration, Utc};
use diesel::deserialize;
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::row::NamedRow;
use diesel::sql_types::{Integer, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel::{QueryableByName, sql_query};
use rand::Rng as _;
use uuid::Uuid;

use super::transport::{Letter, SendError, Transport};
use crate::db::columns::text_column;
use crate::db::schema::mails;
use crate::db::{Db, Tenants};
use crate::kernel::{
    Clock, EmailPaymentId, Error, InvitationId, Lang, MailId, MerchantId, NoticeId, TicketMessageId,
};

text_column! {
    /// Where a mail is on its way.
    MailState {
        Ready = "ready",
        Sending = "sending",
        Sent = "sent",
        Failed = "failed",
        Dropped = "dropped",
    }
}

text_column! {
    /// What a mail tells its reader.
    MailKind {
        /// Please pay: the green button.
        Request = "request",
        /// It still waits: the green button again.
        Reminder = "reminder",
        /// You have paid.
        Receipt = "receipt",
        /// Your payment was declined.
        Declined = "declined",
        /// You need not pay any more.
        Cancelled = "cancelled",
        /// Somebody asks you to join a merchant's team.
        Invitation = "invitation",
        /// Something has happened that a user may be told about.
        Notice = "notice",
        /// Somebody has written in a ticket.
        Ticket = "ticket",
    }
}

impl MailKind {
    /// Whether the mail carries the link to pay: what counts against the limits, and what tells how a
    /// payment was delivered.
    #[must_use]
    pub const fn has_link(self) -> bool {
        matches!(self, Self::Request | Self::Reminder)
    }

    /// What a merchant causes by its own acts, one by one or many at once.
    pub const BY_MERCHANT: [Self; 3] = [Self::Request, Self::Reminder, Self::Cancelled];

    /// The kinds that do.
    pub const WITH_LINK: [Self; 2] = [Self::Request, Self::Reminder];
}

/// What a mail tells about: whose slice writes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum About {
    EmailPayment(EmailPaymentId),
    Invitation(InvitationId),
    Notice(NoticeId),
    TicketMessage(TicketMessageId),
}

/// One column per kind of thing, of which one is filled.
type AboutColumns =
    (Option<EmailPaymentId>, Option<InvitationId>, Option<NoticeId>, Option<TicketMessageId>);

impl About {
    const fn columns(self) -> AboutColumns {
        match self {
            Self::EmailPayment(id) => (Some(id), None, None, None),
            Self::Invitation(id) => (None, Some(id), None, None),
            Self::Notice(id) => (None, None, Some(id), None),
            Self::TicketMessage(id) => (None, None, None, Some(id)),
        }
    }
}

impl QueryableByName<Pg> for About {
    fn build<'a>(row: &impl NamedRow<'a, Pg>) -> deserialize::Result<Self> {
        let payment = NamedRow::get::<Nullable<SqlUuid>, _>(row, "email_payment_id")?;
        let invitation = NamedRow::get::<Nullable<SqlUuid>, _>(row, "invitation_id")?;
        let notice = NamedRow::get::<Nullable<SqlUuid>, _>(row, "notice_id")?;
        let message = NamedRow::get::<Nullable<SqlUuid>, _>(row, "ticket_message_id")?;
        match (payment, invitation, notice, message) {
            (Some(id), None, None, None) => Ok(Self::EmailPayment(id)),
            (None, Some(id), None, None) => Ok(Self::Invitation(id)),
            (None, None, Some(id), None) => Ok(Self::Notice(id)),
            (None, None, None, Some(id)) => Ok(Self::TicketMessage(id)),
            _ => Err("a mail tells about one thing".into()),
        }
    }
}

/// Mails that a worker takes at a time.
const BATCH: i32 = 10;
const LEASE: Duration = Duration::seconds(120);
/// With less than this left of a lease, it is renewed before sending: a try takes up to 100 s.
const LEASE_ENOUGH: Duration = Duration::seconds(105);
/// The pauses after failures; with the last one used up, the mail has failed.
const PAUSES: [Duration; 8] = [
    Duration::minutes(1),
    Duration::minutes(5),
    Duration::minutes(15),
    Duration::hours(1),
    Duration::hours(3),
    Duration::hours(6),
    Duration::hours(12),
    Duration::hours(24),
];

/// A mail to be queued.
pub struct NewMail<'a> {
    pub merchant_id: MerchantId,
    pub about: About,
    pub kind: MailKind,
    pub recipient: &'a str,
    pub language: Lang,
    /// When it leaves, at the earliest.
    pub run_at: DateTime<Utc>,
    pub created_at: DateTime<Utc>,
}

/// Queues a mail, in the transaction of what it tells about.
pub fn insert(conn: &mut PgConnection, mail: &NewMail<'_>) -> Result<(), Error> {
    let (email_payment_id, invitation_id, notice_id, ticket_message_id) = mail.about.columns();
    diesel::insert_into(mails::table)
        .values((
            mails::merchant_id.eq(mail.merchant_id),
            mails::id.eq(MailId::new()),
            mails::email_payment_id.eq(email_payment_id),
            mails::invitation_id.eq(invitation_id),
            mails::notice_id.eq(notice_id),
            mails::ticket_message_id.eq(ticket_message_id),
            mails::kind.eq(mail.kind),
            mails::recipient.eq(mail.recipient),
            mails::language.eq(mail.language),
            mails::state.eq(MailState::Ready),
            mails::run_at.eq(mail.run_at),
            mails::created_at.eq(mail.created_at),
        ))
        .execute(conn)?;
    Ok(())
}

/// A mail that this worker holds.
#[derive(Clone, Debug, QueryableByName)]
pub struct Claimed {
    #[diesel(sql_type = SqlUuid)]
    pub merchant_id: MerchantId,
    #[diesel(sql_type = SqlUuid)]
    pub id: MailId,
    #[diesel(embed)]
    pub about: About,
    #[diesel(sql_type = Text)]
    pub kind: MailKind,
    #[diesel(sql_type = Text)]
    pub recipient: String,
    #[diesel(sql_type = Text)]
    pub language: Lang,
    /// This try included.
    #[diesel(sql_type = Integer)]
    pub attempts: i32,
    #[diesel(sql_type = SqlUuid)]
    claim_id: Uuid,
    #[diesel(sql_type = Timestamptz)]
    lease_until: DateTime<Utc>,
}

impl Claimed {
    fn tenants(&self) -> Tenants {
        Tenants::one(self.merchant_id)
    }
}

/// Why there is nothing to send.
#[derive(Debug)]
pub enum NoLetter {
    /// Nobody needs it any more.
    Drop(&'static str),
    /// Something that it needs is out of reach: try again.
    Later(Error),
}

/// How a try ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    Sent,
    /// It will be tried again.
    Deferred,
    /// Given up. `is_refused`: the recipient's side said no.
    Failed {
        is_refused: bool,
    },
    Dropped,
}

/// The slices' part: the words of a mail, and what its end means.
pub trait Letters: Send + Sync {
    /// Makes the letter. May call the gateway.
    fn letter(&self, mail: &Claimed) -> impl Future<Output = Result<Letter, NoLetter>> + Send;

    /// Tells the slice how it ended, inside the transaction that settles the mail. `answer`: what
    /// the mail server said, or why it could not be asked; `None` where there was no letter to send.
    fn settled(
        &self,
        conn: &mut PgConnection,
        mail: &Claimed,
        outcome: &Outcome,
        answer: Option<&str>,
        now: DateTime<Utc>,
    ) -> Result<(), Error>;
}

/// Sends what is due. One per worker.
pub struct Outbox<L> {
    db: Db,
    clock: Clock,
    transport: tokio::sync::Mutex<Transport>,
    letters: std::sync::Arc<L>,
}

impl<L: Letters + 'static> Outbox<L> {
    pub fn new(db: Db, clock: Clock, transport: Transport, letters: std::sync::Arc<L>) -> Self {
        Self { db, clock, transport: tokio::sync::Mutex::new(transport), letters }
    }

    /// Takes up to ten mails that are due and tries each once. Returns how many were taken.
    pub async fn send_due(&self) -> Result<usize, Error> {
        let now = self.clock.now();
        let claimed = self.db.run(Tenants::none(), move |conn| claim(conn, now)).await?;
        let taken = claimed.len();
        for mail in claimed {
            // One bad mail never stops the rest.
            if let Err(error) = self.send_one(mail).await {
                tracing::error!(error = ?error, "a mail could not be settled: its lease will run out");
            }
        }
        Ok(taken)
    }

    async fn send_one(&self, mut mail: Claimed) -> Result<(), Error> {
        let now = self.clock.now();
        if mail.lease_until - now < LEASE_ENOUGH && !self.renew(&mut mail, now).await? {
            tracing::warn!(mail.id = %mail.id, "another sender has taken this mail");
            return Ok(());
        }
        let letter = self.letters.letter(&mail).await;
        let was_tried = letter.is_ok();
        let (outcome, answer) = match letter {
            Ok(letter) => {
                let sent = self.transport.lock().await.send(mail.id.as_uuid(), &letter, now).await;
                match sent {
                    Ok(words) => (Outcome::Sent, words),
                    Err(SendError::Refused(words)) => (Outcome::Failed { is_refused: true }, words),
                    Err(SendError::Later(words)) => (after_failure(mail.attempts), words),
                }
            }
            Err(NoLetter::Drop(why)) => (Outcome::Dropped, why.to_owned()),
            Err(NoLetter::Later(error)) => {
                let words = error
                    .cause()
                    .map_or_else(|| error.to_string(), |cause| format!("{error}: {cause}"));
                (after_failure(mail.attempts), words)
            }
        };
        if outcome != Outcome::Sent {
            tracing::warn!(mail.id = %mail.id, mail.attempts = mail.attempts, ?outcome, answer, "a mail was not sent");
        }
        self.settle(mail, outcome, answer, was_tried).await
    }

    async fn renew(&self, mail: &mut Claimed, now: DateTime<Utc>) -> Result<bool, Error> {
        let (claim_id, until) = (mail.claim_id, now + LEASE);
        let work = move |conn: &mut PgConnection| {
            Ok(diesel::update(mails::table.filter(mails::claim_id.eq(claim_id)))
                .set(mails::lease_until.eq(until))
                .execute(conn)?)
        };
        mail.lease_until = until;
        Ok(self.db.run(mail.tenants(), work).await? > 0)
    }

    async fn settle(
        &self,
        mail: Claimed,
        outcome: Outcome,
        answer: String,
        was_tried: bool,
    ) -> Result<(), Error> {
        let (letters, now, tenants) = (self.letters.clone(), self.clock.now(), mail.tenants());
        let answer: String = answer.chars().take(300).collect();
        let work = move |conn: &mut PgConnection| {
            let (state, run_at) = match outcome {
                Outcome::Sent => (MailState::Sent, None),
                Outcome::Failed { .. } => (MailState::Failed, None),
                Outcome::Dropped => (MailState::Dropped, None),
                Outcome::Deferred => (MailState::Ready, Some(now + pause(mail.attempts))),
            };
            let ours = mails::table
                .filter(mails::merchant_id.eq(mail.merchant_id))
                .filter(mails::id.eq(mail.id))
                .filter(mails::claim_id.eq(mail.claim_id));
            let changed = diesel::update(ours)
                .set((
                    mails::state.eq(state),
                    mails::claim_id.eq(None::<Uuid>),
                    mails::lease_until.eq(None::<DateTime<Utc>>),
                    mails::answer.eq(&answer),
                    mails::sent_at.eq((state == MailState::Sent).then_some(now)),
                    run_at.map(|run_at| mails::run_at.eq(run_at)),
                ))
                .execute(conn)?;
            if changed > 0 {
                let answer = was_tried.then_some(answer.as_str());
                letters.settled(conn, &mail, &outcome, answer, now)?;
            }
            Ok(())
        };
        self.db.run(tenants, work).await
    }
}

fn claim(conn: &mut PgConnection, now: DateTime<Utc>) -> Result<Vec<Claimed>, Error> {
    Ok(sql_query(
        "WITH ready AS MATERIALIZED (
             SELECT merchant_id, id, run_at FROM mails WHERE state = 'ready' AND run_at <= $3
             ORDER BY run_at, id LIMIT $4 FOR UPDATE SKIP LOCKED),
         lost AS MATERIALIZED (
             SELECT merchant_id, id, run_at FROM mails WHERE state = 'sending' AND lease_until < $3
             ORDER BY lease_until LIMIT $4 FOR UPDATE SKIP LOCKED),
         due AS (SELECT * FROM ready UNION ALL SELECT * FROM lost ORDER BY run_at, id LIMIT $4)
         UPDATE mails m SET state = 'sending', claim_id = $1, lease_until = $2, attempts = m.attempts + 1
         FROM due WHERE m.merchant_id = due.merchant_id AND m.id = due.id
         RETURNING m.merchant_id, m.id, m.email_payment_id, m.invitation_id, m.notice_id, m.ticket_message_id,
                   m.kind, m.recipient, m.language, m.attempts, m.claim_id, m.lease_until",
    )
    .bind::<SqlUuid, _>(Uuid::new_v4())
    .bind::<Timestamptz, _>(now + LEASE)
    .bind::<Timestamptz, _>(now)
    .bind::<Integer, _>(BATCH)
    .load(conn)?)
}

/// The next try, or the end of trying.
fn after_failure(attempts: i32) -> Outcome {
    let used = usize::try_from(attempts).unwrap_or(usize::MAX);
    if used > PAUSES.len() { Outcome::Failed { is_refused: false } } else { Outcome::Deferred }
}

/// The pause after so many tries, 10 % more or less, so that not all come back at once.
fn pause(attempts: i32) -> Duration {
    let place = usize::try_from(attempts - 1).unwrap_or(0).min(PAUSES.len() - 1);
    let base = PAUSES.get(place).copied().unwrap_or(LEASE);
    let tenth = base.num_milliseconds() / 10;
    base + Duration::milliseconds(rand::rng().random_range(-tenth..=tenth))
}

/// How long an idle worker waits before it looks again.
pub const IDLE: StdDuration = StdDuration::from_secs(1);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sec_15_pauses_grow_and_end() {
        assert_eq!(after_failure(1), Outcome::Deferred);
        assert_eq!(after_failure(8), Outcome::Deferred);
        assert_eq!(after_failure(9), Outcome::Failed { is_refused: false });
        for (attempts, minutes) in [(1, 1), (2, 5), (3, 15), (8, 24 * 60)] {
            let pause = pause(attempts).num_seconds();
            let expected = minutes * 60;
            assert!(
                (expected * 9 / 10..=expected * 11 / 10).contains(&pause),
                "{attempts}: {pause} s"
            );
        }
    }
}
