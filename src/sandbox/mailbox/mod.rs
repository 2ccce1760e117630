//! A mailbox that takes every mail, for every address, and shows it as its reader would see it.
//! SMTP on one port, a web view on another. Nothing is ever sent on.

mod smtp;
mod store;
#[cfg(test)]
mod tests;
mod web;

use std::io;
use std::net::TcpListener;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio_util::sync::CancellationToken;

use self::store::Store;
use super::site;
use crate::kernel::Clock;

pub use self::store::Mail;

const WAIT_MAX: Duration = Duration::from_secs(20);

/// Everybody at this domain is refused, each in a way that real servers have.
pub const REFUSING_DOMAIN: &str = "refuses.example";
/// The part before the @, and the answer.
pub const REFUSALS: [(&str, &str); 6] = [
    ("unknown", "550 5.1.1 User unknown"),
    ("closed", "550 5.2.1 Mailbox disabled"),
    ("full", "552 5.2.2 Mailbox full"),
    ("spam", "554 5.7.1 Refused as spam"),
    ("nowhere", "550 5.1.2 Domain not found"),
    ("greylist", "451 4.7.1 Greylisted, try again later"),
];

/// The answer to a recipient at the refusing domain.
fn refusal(to: &str) -> Option<&'static str> {
    let (local, domain) = to.rsplit_once('@')?;
    let known = REFUSALS.iter().find(|(name, _)| name.eq_ignore_ascii_case(local));
    domain
        .eq_ignore_ascii_case(REFUSING_DOMAIN)
        .then(|| known.map_or("550 5.7.1 Nobody here takes mail", |(_, answer)| answer))
}

/// How the mailbox starts.
pub struct Options {
    /// Where mails are kept between starts, one `.eml` file each; made if it does not exist.
    pub folder: Option<PathBuf>,
    pub clock: Clock,
}

/// What the SMTP server does instead of taking a mail; for tests.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SmtpReply {
    /// Answers RCPT with a code such as 451 (try again later) or 550 (never), for one address or,
    /// with `None`, for all.
    Refuse { to: Option<String>, code: u16 },
    /// Answers RCPT for one address in a server's own words: `550 5.1.1 User unknown`.
    Say { to: String, answer: String },
    /// Answers MAIL FROM in a server's own words: `550 5.7.1 Daily limit reached`.
    RefuseSender(String),
    /// Hangs up after the mail, instead of the answer. The mail may have been taken all the same.
    DropAfterData { is_kept: bool },
    /// Waits before it answers RCPT.
    Delay(Duration),
}

/// The running mailbox; copies are the same one.
#[derive(Clone)]
pub struct Mailbox(Arc<Inner>);

struct Inner {
    store: Store,
    reply: Mutex<Option<SmtpReply>>,
    clock: Clock,
}

impl Mailbox {
    /// Starts to take mails on `smtp` and to show them on `web`, until `stop`.
    ///
    /// # Errors
    /// A listener can't be used, or the folder can't be read.
    pub async fn start(
        smtp: TcpListener,
        web: TcpListener,
        options: Options,
        stop: CancellationToken,
    ) -> io::Result<Self> {
        let Options { folder, clock } = options;
        let store = tokio::task::spawn_blocking(move || Store::open(folder))
            .await
            .map_err(io::Error::other)??;
        let mailbox = Self(Arc::new(Inner { store, reply: Mutex::new(None), clock }));
        smtp.set_nonblocking(true)?;
        let smtp = tokio::net::TcpListener::from_std(smtp)?;
        tokio::spawn(smtp::listen(smtp, mailbox.clone(), stop.clone()));
        let shown = mailbox.clone();
        site::serve(web, stop, move |config| web::routes(&shown, config))?;
        Ok(mailbox)
    }

    /// Every mail that is kept, newest first. Parses them all: with thousands, ask for less.
    #[must_use]
    pub fn mails(&self) -> Vec<Mail> {
        self.0.store.all().iter().map(|stored| Mail::read(stored)).collect()
    }

    /// Waits for at least `count` mails to an address, 20 seconds at most, and returns those that
    /// there are, newest first: fewer than `count` when the time is over.
    pub async fn wait_for(&self, to: &str, count: usize) -> Vec<Mail> {
        let mut changes = self.0.store.changes();
        let enough =
            async { while self.0.store.to(to).len() < count && changes.changed().await.is_ok() {} };
        // Whether it came in time, the caller sees by the number.
        let _ = tokio::time::timeout(WAIT_MAX, enough).await;
        self.0.store.to(to).iter().map(|stored| Mail::read(stored)).collect()
    }

    /// What the SMTP server does from now on instead of taking mails; `None`: takes them again.
    pub fn set_reply(&self, reply: Option<SmtpReply>) {
        *self.0.reply.lock().unwrap_or_else(PoisonError::into_inner) = reply;
    }

    /// How many mails are kept.
    #[must_use]
    pub fn count(&self) -> usize {
        self.0.store.count()
    }

    /// Forgets every mail, files included.
    pub fn clear(&self) {
        self.0.store.clear();
    }

    fn reply(&self) -> Option<SmtpReply> {
        self.0.reply.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}
