//! The mails: in memory, and as files if they are to outlive the process.

use std::collections::VecDeque;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::{fs, io};

use chrono::{DateTime, Utc};
use mail_parser::{HeaderName, MessageParser, MimeHeaders as _};
use tokio::sync::watch;

/// The oldest go when there are more.
const MAILS_MAX: usize = 5_000;

/// A mail that was taken.
#[derive(Clone, Debug)]
pub struct Mail {
    /// Counts up from 1; the newest has the greatest.
    pub id: u64,
    pub received_at: DateTime<Utc>,
    /// The sender of the envelope (`MAIL FROM`).
    pub from: String,
    /// The recipients of the envelope (`RCPT TO`), which need not be those of the `To` header.
    pub to: Vec<String>,
    pub subject: String,
    /// As it came, dots unstuffed, under the trace headers that a server adds (RFC 5321 4.4).
    pub raw: Vec<u8>,
    /// The text part, if the mail has one.
    pub text: Option<String>,
    /// The HTML part, if the mail has one.
    pub html: Option<String>,
}

impl Mail {
    pub(super) fn read(stored: &Stored) -> Self {
        let message = MessageParser::default().parse(&stored.raw);
        let part = |is_html: bool| {
            let message = message.as_ref()?;
            let mut bodies: Box<dyn Iterator<Item = _>> = if is_html {
                Box::new(message.html_bodies())
            } else {
                Box::new(message.text_bodies())
            };
            // Without a part of a kind, the parser offers the other one.
            let part = bodies.find(|part| part.is_text_html() == is_html)?;
            part.text_contents().map(str::to_owned)
        };
        Self {
            id: stored.id,
            received_at: stored.received_at,
            from: stored.from.clone(),
            to: stored.to.clone(),
            subject: stored.subject.clone(),
            text: part(false),
            html: part(true),
            raw: stored.raw.clone(),
        }
    }

    /// The HTML part as mail programs show it: with the pictures that came along (RFC 2392).
    #[must_use]
    pub fn shown_html(&self) -> Option<String> {
        let mut html = self.html.clone()?;
        let message = MessageParser::default().parse(&self.raw)?;
        for part in &message.parts {
            if let Some(id) = part.content_id() {
                let picture = data_encoding::BASE64.encode(part.contents());
                let shown = format!("data:image/png;base64,{picture}");
                html = html.replace(&format!("cid:{id}"), &shown);
            }
        }
        Some(html)
    }

    /// The first header of that name: unfolded, its encoded words (RFC 2047) decoded.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<String> {
        headers(&self.raw)
            .into_iter()
            .find(|(known, _)| known.eq_ignore_ascii_case(name))
            .map(|(_, value)| value)
    }

    pub(super) fn headers(&self) -> Vec<(String, String)> {
        headers(&self.raw)
    }
}

fn headers(raw: &[u8]) -> Vec<(String, String)> {
    // Without one header named, the parser would go back to its own ways of reading the others.
    let parser = MessageParser::new().header_text(HeaderName::Subject).default_header_text();
    let Some(message) = parser.parse_headers(raw) else { return Vec::new() };
    message
        .headers()
        .iter()
        .map(|header| {
            let value = header.value().as_text().unwrap_or_default();
            (header.name.as_str().to_owned(), value.to_owned())
        })
        .collect()
}

/// What came over SMTP.
pub(super) struct Incoming {
    pub(super) from: String,
    pub(super) to: Vec<String>,
    pub(super) data: Vec<u8>,
}

/// A mail as it is kept: parsed only as far as a list needs.
#[derive(Debug)]
pub(super) struct Stored {
    pub(super) id: u64,
    pub(super) received_at: DateTime<Utc>,
    pub(super) from: String,
    pub(super) to: Vec<String>,
    pub(super) subject: String,
    raw: Vec<u8>,
}

impl Stored {
    fn new(id: u64, incoming: &Incoming, now: DateTime<Utc>) -> Self {
        let mut raw = format!("Return-Path: <{}>\r\n", incoming.from).into_bytes();
        for to in &incoming.to {
            raw.extend_from_slice(format!("Delivered-To: {to}\r\n").as_bytes());
        }
        raw.extend_from_slice(format!("X-Sandbox-Received: {}\r\n", now.to_rfc3339()).as_bytes());
        raw.extend_from_slice(&incoming.data);
        Self {
            id,
            received_at: now,
            from: incoming.from.clone(),
            to: incoming.to.clone(),
            subject: subject(&incoming.data),
            raw,
        }
    }

    /// From a file: the envelope stands in the trace headers.
    fn load(id: u64, raw: Vec<u8>) -> Self {
        let headers = headers(&raw);
        let all = |name: &str| {
            let of_name = headers.iter().filter(move |(known, _)| known.eq_ignore_ascii_case(name));
            of_name.map(|(_, value)| value.clone()).collect::<Vec<_>>()
        };
        let first = |name| all(name).into_iter().next().unwrap_or_default();
        Self {
            id,
            received_at: first("X-Sandbox-Received").parse().unwrap_or_default(),
            from: first("Return-Path").trim_matches(['<', '>']).to_owned(),
            to: all("Delivered-To"),
            subject: subject(&raw),
            raw,
        }
    }
}

fn subject(raw: &[u8]) -> String {
    let parser = MessageParser::new().header_text(HeaderName::Subject);
    let message = parser.parse_headers(raw);
    message.as_ref().and_then(|message| message.subject()).unwrap_or_default().to_owned()
}

pub(super) struct Store {
    folder: Option<PathBuf>,
    mails: Mutex<Mails>,
    changed: watch::Sender<()>,
}

struct Mails {
    newest_first: VecDeque<Arc<Stored>>,
    last_id: u64,
}

impl Store {
    /// Reads what the folder holds.
    pub(super) fn open(folder: Option<PathBuf>) -> io::Result<Self> {
        let newest_first = folder.as_deref().map(load).transpose()?.unwrap_or_default();
        let last_id = newest_first.front().map_or(0, |mail| mail.id);
        let mails = Mutex::new(Mails { newest_first, last_id });
        Ok(Self { folder, mails, changed: watch::Sender::new(()) })
    }

    /// Keeps a mail. When it returns, the mail is in the folder.
    pub(super) fn keep(&self, incoming: &Incoming, now: DateTime<Utc>) -> io::Result<()> {
        {
            let mut mails = self.mails();
            let mail = Stored::new(mails.last_id + 1, incoming, now);
            if let Some(file) = self.file(mail.id) {
                fs::write(file, &mail.raw)?;
            }
            mails.last_id = mail.id;
            mails.newest_first.push_front(Arc::new(mail));
            while mails.newest_first.len() > MAILS_MAX {
                if let Some(oldest) = mails.newest_first.pop_back() {
                    self.remove(oldest.id);
                }
            }
        }
        self.changed.send_replace(());
        Ok(())
    }

    pub(super) fn changes(&self) -> watch::Receiver<()> {
        self.changed.subscribe()
    }

    pub(super) fn count(&self) -> usize {
        self.mails().newest_first.len()
    }

    pub(super) fn get(&self, id: u64) -> Option<Arc<Stored>> {
        let mails = self.mails();
        let place = mails.newest_first.binary_search_by(|mail| id.cmp(&mail.id)).ok()?;
        mails.newest_first.get(place).cloned()
    }

    pub(super) fn all(&self) -> Vec<Arc<Stored>> {
        self.mails().newest_first.iter().cloned().collect()
    }

    /// At most `limit` mails that are older than `before`, newest first.
    pub(super) fn page(&self, before: u64, limit: usize) -> Vec<Arc<Stored>> {
        let mails = self.mails();
        let older = mails.newest_first.iter().skip_while(|mail| mail.id >= before);
        older.take(limit).cloned().collect()
    }

    /// The mails to an address, newest first.
    pub(super) fn to(&self, address: &str) -> Vec<Arc<Stored>> {
        let is_to = |mail: &&Arc<Stored>| mail.to.iter().any(|to| to.eq_ignore_ascii_case(address));
        self.mails().newest_first.iter().filter(is_to).cloned().collect()
    }

    pub(super) fn clear(&self) {
        for mail in std::mem::take(&mut self.mails().newest_first) {
            self.remove(mail.id);
        }
        self.changed.send_replace(());
    }

    fn remove(&self, id: u64) {
        if let Some(Err(error)) = self.file(id).map(fs::remove_file) {
            tracing::warn!(error = ?error, "a mail's file can't be removed");
        }
    }

    fn file(&self, id: u64) -> Option<PathBuf> {
        self.folder.as_ref().map(|folder| folder.join(format!("{id:06}.eml")))
    }

    fn mails(&self) -> MutexGuard<'_, Mails> {
        self.mails.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The newest mails of a folder.
fn load(folder: &Path) -> io::Result<VecDeque<Arc<Stored>>> {
    fs::create_dir_all(folder)?;
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let id = path.file_stem().and_then(|stem| stem.to_str()?.parse::<u64>().ok());
        if let Some(id) = id.filter(|_| path.extension().is_some_and(|kind| kind == "eml")) {
            found.push((id, path));
        }
    }
    found.sort_by(|(a, _), (b, _)| b.cmp(a));
    let newest = found.into_iter().take(MAILS_MAX);
    newest.map(|(id, path)| Ok(Arc::new(Stored::load(id, fs::read(path)?)))).collect()
}
