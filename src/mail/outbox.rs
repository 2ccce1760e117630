//! The table `mails` as an outbox: claim, send, settle.

use std::collections::{HashMap, HashSet, VecDeque};
use std::ops::Range;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::{Duration as StdDuration, Instant};

use chrono::{DateTime, Duration, Utc};
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Integer, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel::{QueryableByName, sql_query};
use futures_util::FutureExt as _;
use rand::Rng as _;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::model::{About, MailKind, MailState};
use super::transport::{Letter, SendError, Transport};
use crate::db::schema::mails;
use crate::db::{Db, Tenants, by_keys};
use crate::kernel::{Clock, Error, Lang, MailId, MerchantId};
use crate::metrics::{self, MailsNow};
use crate::traces::{KeyValue, Work};

/// Mails that a worker takes at a time where many wait: read, and settled, by a few statements together.
const BATCH_MAX: i32 = 100;
/// Where fewer wait, workers share them: each takes at most a quarter of them, but these at least.
const BATCH_MIN: i32 = 10;
/// Workers of a process, each with a connection of its own to the relay.
pub const WORKERS: u8 = 4;
/// How long a result may wait for being settled together with others. A sender that is killed leaves at
/// most the mails of one such time sent and not settled; see [`Outbox`].
const WINDOW: StdDuration = StdDuration::from_millis(100);
/// How old the words of a letter may be that were read together with others'; beyond it they are read
/// again, so that nobody is asked to pay what was paid or cancelled meanwhile.
const FRESH: StdDuration = StdDuration::from_secs(1);
const LEASE: Duration = Duration::seconds(200);
/// With less than this left of a lease, it is renewed before sending: a try takes up to 100 s of the relay, and
/// before it 60 s of a gateway that prepares the page.
const LEASE_ENOUGH: Duration = Duration::seconds(165);
/// Mails that wait are counted up to this.
const WAITING_MAX: i64 = 10_000;
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
    diesel::insert_into(mails::table)
        .values((
            mails::merchant_id.eq(mail.merchant_id),
            mails::id.eq(MailId::new()),
            mail.about.columns(),
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

impl Outcome {
    /// Its word in the figures.
    const fn name(&self) -> &'static str {
        match self {
            Self::Sent => "sent",
            Self::Deferred => "deferred",
            Self::Failed { is_refused: true } => "refused",
            Self::Failed { is_refused: false } => "failed",
            Self::Dropped => "dropped",
        }
    }
}

/// A try that has ended.
#[derive(Clone, Debug)]
pub struct Ended {
    pub mail: Claimed,
    pub outcome: Outcome,
    /// What the mail server said, or why there is no letter.
    words: String,
    was_asked: bool,
}

impl Ended {
    /// What the mail server said, or why it could not be asked; `None` where there was no letter to send.
    #[must_use]
    pub fn answer(&self) -> Option<&str> {
        self.was_asked.then_some(self.words.as_str())
    }
}

/// What is to be sent, or why nothing is.
pub type Draft = Result<Letter, NoLetter>;

/// The slices' part: the words of mails, and what their end means.
pub trait Letters: Send + Sync {
    /// The letters of several mails, read together. One that is missing here is asked for alone, when it is
    /// its turn.
    fn letters(&self, mails: &[Claimed]) -> impl Future<Output = HashMap<MailId, Draft>> + Send;

    /// Makes one letter. May call the gateway.
    fn letter(&self, mail: &Claimed) -> impl Future<Output = Draft> + Send;

    /// Tells the slices how tries ended, inside the transaction that settles the mails.
    fn settled(
        &self,
        conn: &mut PgConnection,
        ended: &[Ended],
        now: DateTime<Utc>,
    ) -> Result<(), Error>;
}

/// Sends what is due. One per worker.
///
/// A batch is claimed by one statement, its letters are read by a few, each is sent alone, and what became
/// of them is settled by a few again, at least every 100 ms. Each mail is settled once: by whom holds
/// its claim. A sender that is killed leaves its batch under a lease; another sender takes it over after
/// that. Whether a mail that was on its way or not yet settled (those of the last 100 ms) had
/// left, nobody knows: it is sent again under the same Message-ID, by which mail servers and readers tell
/// a repeat.
pub struct Outbox<L> {
    db: Db,
    clock: Clock,
    transport: tokio::sync::Mutex<Transport>,
    letters: Arc<L>,
    stop: CancellationToken,
}

impl<L: Letters + 'static> Outbox<L> {
    /// `stop`: after it no further mail of a batch is begun.
    pub fn new(
        db: Db,
        clock: Clock,
        transport: Transport,
        letters: Arc<L>,
        stop: CancellationToken,
    ) -> Self {
        Self { db, clock, transport: tokio::sync::Mutex::new(transport), letters, stop }
    }

    /// Takes mails that are due, a hundred at most, and tries each once. Returns how many were taken.
    pub async fn send_due(&self) -> Result<usize, Error> {
        let now = self.clock.now();
        let claimed = self.db.run(Tenants::none(), move |conn| claim(conn, now)).await?;
        let taken = claimed.len();
        if taken > 0 {
            self.send_all(claimed.into()).await?;
        }
        Ok(taken)
    }

    async fn send_all(&self, mut mails: VecDeque<Claimed>) -> Result<(), Error> {
        let mut transport = self.transport.lock().await;
        let mut drafts = self.letters.letters(mails.make_contiguous()).await;
        let read_at = Instant::now();
        let mut results = Results::default();
        while !self.stop.is_cancelled() {
            self.renew(&mut mails).await?;
            let Some(mail) = mails.pop_front() else { break };
            let draft = drafts.remove(&mail.id).filter(|_| read_at.elapsed() < FRESH);
            let trying = self.send_one(&mut transport, mail, draft);
            tokio::pin!(trying);
            // What has ended is settled while the next is on its way.
            let in_time = tokio::time::timeout(results.time_left(), &mut trying).await;
            let (ended, settled) = if let Ok(ended) = in_time {
                (ended, Ok(()))
            } else {
                tokio::join!(&mut trying, self.settle(results.take()))
            };
            results.add(ended);
            settled?;
        }
        self.settle(results.take()).await?;
        self.release(mails).await
    }

    /// One bad mail never stops the rest: whatever goes wrong is its outcome.
    async fn send_one(
        &self,
        transport: &mut Transport,
        mail: Claimed,
        draft: Option<Draft>,
    ) -> Ended {
        let work = Work::begin();
        let ended = work.around(self.try_one(transport, mail, draft)).await;
        let (kind, outcome) = (ended.mail.kind.as_str(), ended.outcome.name());
        metrics::mail_tried(kind, outcome);
        let is_failed = !matches!(ended.outcome, Outcome::Sent | Outcome::Dropped);
        work.ended(is_failed, || {
            let about = vec![
                KeyValue::new("mail.id", ended.mail.id.to_string()),
                KeyValue::new("merchant.id", ended.mail.merchant_id.to_string()),
                KeyValue::new("mail.attempts", i64::from(ended.mail.attempts)),
                KeyValue::new("outcome", outcome),
            ];
            (format!("mail {kind}"), about)
        });
        ended
    }

    async fn try_one(
        &self,
        transport: &mut Transport,
        mail: Claimed,
        draft: Option<Draft>,
    ) -> Ended {
        let draft = match draft {
            Some(draft) => draft,
            // A panic over one letter must not take the others' results with it.
            None => AssertUnwindSafe(self.letters.letter(&mail))
                .catch_unwind()
                .await
                .unwrap_or_else(|_| Err(NoLetter::Later(Error::internal("it panicked")))),
        };
        let was_asked = draft.is_ok();
        let (outcome, words) = match draft {
            Ok(letter) => {
                let sending = transport.send(mail.id.as_uuid(), &letter, self.clock.now());
                let started = Instant::now();
                let sent = AssertUnwindSafe(sending).catch_unwind().await;
                metrics::relay_answered(started.elapsed());
                match sent.unwrap_or_else(|_| Err(SendError::Later("it panicked".to_owned()))) {
                    Ok(words) => (Outcome::Sent, words),
                    Err(SendError::Refused(words)) => (Outcome::Failed { is_refused: true }, words),
                    Err(SendError::Unsendable(words)) => {
                        (Outcome::Failed { is_refused: false }, words)
                    }
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
            tracing::warn!(mail.id = %mail.id, mail.attempts = mail.attempts, ?outcome, answer = words, "a mail was not sent");
        }
        Ended { mail, outcome, words: words.chars().take(300).collect(), was_asked }
    }

    /// Renews the lease of what is left of a batch, where it may not last for a try; what another sender has
    /// taken meanwhile is left to it.
    async fn renew(&self, mails: &mut VecDeque<Claimed>) -> Result<(), Error> {
        let now = self.clock.now();
        let Some(first) = mails.front().filter(|mail| mail.lease_until - now < LEASE_ENOUGH) else {
            return Ok(());
        };
        let (claim_id, until) = (first.claim_id, now + LEASE);
        let work = move |conn: &mut PgConnection| {
            let ours: Vec<MailId> =
                diesel::update(mails::table.filter(mails::claim_id.eq(claim_id)))
                    .set(mails::lease_until.eq(until))
                    .returning(mails::id)
                    .load(conn)?;
            Ok(ours.into_iter().collect::<HashSet<_>>())
        };
        let ours = self.db.run(Tenants::none(), work).await?;
        let before = mails.len();
        mails.retain(|mail| ours.contains(&mail.id));
        if mails.len() < before {
            tracing::warn!("another sender has taken {} mails", before - mails.len());
        }
        for mail in mails {
            mail.lease_until = until;
        }
        Ok(())
    }

    /// Gives back what was claimed and not begun: somebody else may take it at once.
    async fn release(&self, mails: VecDeque<Claimed>) -> Result<(), Error> {
        let Some(claim_id) = mails.front().map(|mail| mail.claim_id) else { return Ok(()) };
        let ids: Vec<MailId> = mails.iter().map(|mail| mail.id).collect();
        let work = move |conn: &mut PgConnection| {
            let ours =
                mails::table.filter(mails::claim_id.eq(claim_id)).filter(mails::id.eq_any(ids));
            diesel::update(ours)
                .set((
                    mails::state.eq(MailState::Ready),
                    mails::claim_id.eq(None::<Uuid>),
                    mails::lease_until.eq(None::<DateTime<Utc>>),
                    mails::attempts.eq(mails::attempts - 1),
                ))
                .execute(conn)?;
            Ok(())
        };
        self.db.run(Tenants::none(), work).await
    }

    /// Settles what has ended, together; where that fails, each for itself, so that one that can't be
    /// settled keeps no other from it.
    ///
    /// # Errors
    /// The database is out of reach: no further mail should leave.
    async fn settle(&self, ended: Vec<Ended>) -> Result<(), Error> {
        let ended: Arc<[Ended]> = ended.into();
        let Err(error) = self.settle_some(ended.clone(), 0..ended.len()).await else {
            return Ok(());
        };
        tracing::warn!(?error, "{} mails are settled one by one", ended.len());
        for (place, Ended { mail, .. }) in ended.iter().enumerate() {
            match self.settle_some(ended.clone(), place..place + 1).await {
                Ok(()) => {}
                Err(error @ Error::Unavailable(..)) => return Err(error),
                Err(error) => {
                    tracing::error!(?error, mail.id = %mail.id, "a mail could not be settled: its lease will run out");
                }
            }
        }
        Ok(())
    }

    async fn settle_some(&self, ended: Arc<[Ended]>, part: Range<usize>) -> Result<(), Error> {
        let some = ended.get(part.clone()).unwrap_or_default();
        if some.is_empty() {
            return Ok(());
        }
        let tenants = Tenants::of(some.iter().map(|one| one.mail.merchant_id));
        let (letters, now) = (self.letters.clone(), self.clock.now());
        let work = move |conn: &mut PgConnection| {
            let some = ended.get(part).unwrap_or_default();
            by_keys(conn)?;
            let ours = settle(conn, some, now)?;
            let some: Vec<Ended> =
                some.iter().filter(|one| ours.contains(&one.mail.id)).cloned().collect();
            letters.settled(conn, &some, now)
        };
        self.db.run(tenants, work).await
    }
}

/// Results that wait for being settled.
#[derive(Default)]
struct Results {
    ended: Vec<Ended>,
    since: Option<Instant>,
}

impl Results {
    fn add(&mut self, ended: Ended) {
        self.ended.push(ended);
        self.since.get_or_insert_with(Instant::now);
    }

    fn take(&mut self) -> Vec<Ended> {
        self.since = None;
        std::mem::take(&mut self.ended)
    }

    /// Until the oldest has to be settled.
    fn time_left(&self) -> StdDuration {
        self.since.map_or(StdDuration::MAX, |since| WINDOW.saturating_sub(since.elapsed()))
    }
}

fn claim(conn: &mut PgConnection, now: DateTime<Utc>) -> Result<Vec<Claimed>, Error> {
    Ok(sql_query(
        "WITH waiting AS MATERIALIZED (
             SELECT FROM mails WHERE state = 'ready' AND run_at <= $3 ORDER BY run_at, id LIMIT $4 * $6),
         share AS MATERIALIZED (
             SELECT greatest(least(count(*) / $6, $4), $5) AS size FROM waiting),
         ready AS MATERIALIZED (
             SELECT merchant_id, id, run_at FROM mails WHERE state = 'ready' AND run_at <= $3
             ORDER BY run_at, id LIMIT (SELECT size FROM share) FOR UPDATE SKIP LOCKED),
         lost AS MATERIALIZED (
             SELECT merchant_id, id, run_at FROM mails WHERE state = 'sending' AND lease_until < $3
             ORDER BY lease_until LIMIT $5 FOR UPDATE SKIP LOCKED),
         due AS (SELECT * FROM ready UNION ALL SELECT * FROM lost ORDER BY run_at, id LIMIT $4)
         UPDATE mails m SET state = 'sending', claim_id = $1, lease_until = $2, attempts = m.attempts + 1
         FROM due WHERE m.merchant_id = due.merchant_id AND m.id = due.id
         RETURNING m.merchant_id, m.id, m.email_payment_id, m.invitation_id, m.notice_id, m.ticket_message_id, m.email_change_id,
                   m.hand_over_id, m.operation_request_id,
                   m.kind, m.recipient, m.language, m.attempts, m.claim_id, m.lease_until",
    )
    .bind::<SqlUuid, _>(Uuid::new_v4())
    .bind::<Timestamptz, _>(now + LEASE)
    .bind::<Timestamptz, _>(now)
    .bind::<Integer, _>(BATCH_MAX)
    .bind::<Integer, _>(BATCH_MIN)
    .bind::<Integer, _>(i32::from(WORKERS))
    .load(conn)?)
}

/// Writes how tries of one claim have ended; those mails that were still under it.
fn settle(
    conn: &mut PgConnection,
    ended: &[Ended],
    now: DateTime<Utc>,
) -> Result<HashSet<MailId>, Error> {
    #[derive(QueryableByName)]
    struct Settled {
        #[diesel(sql_type = SqlUuid)]
        id: MailId,
    }
    let mails = || ended.iter().map(|one| &one.mail);
    let (states, next_tries): (Vec<MailState>, Vec<Option<DateTime<Utc>>>) = ended
        .iter()
        .map(|Ended { mail, outcome, .. }| match outcome {
            Outcome::Sent => (MailState::Sent, None),
            Outcome::Failed { .. } => (MailState::Failed, None),
            Outcome::Dropped => (MailState::Dropped, None),
            Outcome::Deferred => (MailState::Ready, Some(now + pause(mail.attempts))),
        })
        .unzip();
    let settled: Vec<Settled> = sql_query(
        "UPDATE mails m SET state = e.state, claim_id = NULL, lease_until = NULL, answer = e.answer,
                run_at = coalesce(e.run_at, m.run_at), sent_at = CASE e.state WHEN 'sent' THEN $1 END
         FROM unnest($2, $3, $4, $5, $6, $7) AS e (merchant_id, id, claim_id, state, answer, run_at)
         WHERE m.merchant_id = e.merchant_id AND m.id = e.id AND m.claim_id = e.claim_id
         RETURNING m.id",
    )
    .bind::<Timestamptz, _>(now)
    .bind::<Array<SqlUuid>, _>(mails().map(|mail| mail.merchant_id).collect::<Vec<_>>())
    .bind::<Array<SqlUuid>, _>(mails().map(|mail| mail.id).collect::<Vec<_>>())
    .bind::<Array<SqlUuid>, _>(mails().map(|mail| mail.claim_id).collect::<Vec<_>>())
    .bind::<Array<Text>, _>(states)
    .bind::<Array<Text>, _>(ended.iter().map(|one| one.words.as_str()).collect::<Vec<_>>())
    .bind::<Array<Nullable<Timestamptz>>, _>(next_tries)
    .load(conn)?;
    Ok(settled.into_iter().map(|one| one.id).collect())
}

/// What is due and waits, for the figures: the first rows of the index that senders claim by, however
/// many there are. The job's role only.
pub fn waiting(conn: &mut PgConnection, now: DateTime<Utc>) -> Result<MailsNow, Error> {
    #[derive(QueryableByName)]
    struct Waiting {
        #[diesel(sql_type = BigInt)]
        count: i64,
        #[diesel(sql_type = Nullable<Timestamptz>)]
        oldest_at: Option<DateTime<Utc>>,
    }
    let Waiting { count, oldest_at } = sql_query(
        "SELECT count(*) AS count, min(run_at) AS oldest_at FROM (
             SELECT run_at FROM mails WHERE state = 'ready' AND run_at <= $1 ORDER BY run_at, id LIMIT $2
         ) due",
    )
    .bind::<Timestamptz, _>(now)
    .bind::<BigInt, _>(WAITING_MAX)
    .get_result(conn)?;
    let oldest_seconds = oldest_at.map_or(0, |at| (now - at).num_seconds());
    Ok(MailsNow { ready: count, oldest_seconds })
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
