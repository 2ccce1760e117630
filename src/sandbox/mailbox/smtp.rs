//! The server's side of SMTP (RFC 5321), with 8BITMIME, SMTPUTF8, SIZE and PIPELINING; neither TLS
//! nor authentication, for it listens on loopback only.

use std::io;
use std::time::Duration;

use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio_util::sync::CancellationToken;

use super::store::Incoming;
use super::{Mailbox, SmtpReply};
use crate::kernel::text;

const MAIL_BYTES_MAX: usize = 10 * 1024 * 1024;
const COMMAND_BYTES_MAX: u64 = 2048;
const RECIPIENTS_MAX: usize = 100;
const IDLE_MAX: Duration = Duration::from_secs(5 * 60);

/// Takes connections until `stop`.
pub(super) async fn listen(listener: TcpListener, mailbox: Mailbox, stop: CancellationToken) {
    loop {
        let accepted = tokio::select! {
            () = stop.cancelled() => return,
            accepted = listener.accept() => accepted,
        };
        let Ok((stream, _)) = accepted else {
            // Out of file descriptors, most likely: some will come back.
            tokio::time::sleep(Duration::from_millis(50)).await;
            continue;
        };
        let (mailbox, stop) = (mailbox.clone(), stop.clone());
        tokio::spawn(async move {
            let talk = async { Connection::new(stream, mailbox)?.talk().await };
            let ended = tokio::select! {
                () = stop.cancelled() => Ok(()),
                ended = talk => ended,
            };
            if let Err(error) = ended {
                tracing::debug!(error = ?error, "SMTP connection lost");
            }
        });
    }
}

struct Connection {
    reader: BufReader<OwnedReadHalf>,
    writer: OwnedWriteHalf,
    /// Answers that wait until the client has nothing more to say (RFC 2920).
    answers: Vec<u8>,
    mailbox: Mailbox,
    envelope: Option<Envelope>,
}

struct Envelope {
    from: String,
    to: Vec<String>,
}

enum Next {
    Command,
    Data,
    HangUp,
}

impl Connection {
    fn new(stream: TcpStream, mailbox: Mailbox) -> io::Result<Self> {
        stream.set_nodelay(true)?;
        let (reader, writer) = stream.into_split();
        let reader = BufReader::with_capacity(64 * 1024, reader);
        Ok(Self { reader, writer, answers: Vec::new(), mailbox, envelope: None })
    }

    async fn talk(mut self) -> io::Result<()> {
        self.answer("220 sandbox ESMTP");
        loop {
            let next = match self.command_line().await? {
                Some(line) => self.obey(&line).await,
                None => Next::HangUp,
            };
            let is_over = match next {
                Next::Command => false,
                Next::Data => self.take_mail().await?,
                Next::HangUp => true,
            };
            if is_over {
                return self.flush().await;
            }
        }
    }

    fn answer(&mut self, text: &str) {
        self.answers.extend_from_slice(text.as_bytes());
        self.answers.extend_from_slice(b"\r\n");
    }

    async fn flush(&mut self) -> io::Result<()> {
        self.writer.write_all(&self.answers).await?;
        self.answers.clear();
        Ok(())
    }

    /// `None` at the end of the connection, or when a line is too long to be a command.
    async fn command_line(&mut self) -> io::Result<Option<String>> {
        if self.reader.buffer().is_empty() {
            self.flush().await?;
        }
        let mut line = Vec::new();
        let mut bounded = (&mut self.reader).take(COMMAND_BYTES_MAX);
        tokio::time::timeout(IDLE_MAX, bounded.read_until(b'\n', &mut line)).await??;
        if !line.ends_with(b"\n") {
            return Ok(None);
        }
        Ok(Some(String::from_utf8_lossy(&line).trim_end().to_owned()))
    }

    async fn obey(&mut self, line: &str) -> Next {
        let (verb, argument) = line.split_once(' ').unwrap_or((line, ""));
        match verb.to_ascii_uppercase().as_str() {
            "EHLO" => {
                self.envelope = None;
                let size = format!("250-SIZE {MAIL_BYTES_MAX}");
                for line in ["250-sandbox", "250-PIPELINING", "250-8BITMIME", &size] {
                    self.answer(line);
                }
                self.answer("250 ENHANCEDSTATUSCODES");
            }
            "HELO" => {
                self.envelope = None;
                self.answer("250 sandbox");
            }
            "MAIL" => self.begin(argument),
            "RCPT" => self.add_recipient(argument).await,
            "DATA" => return self.expect_data(),
            "RSET" => {
                self.envelope = None;
                self.answer("250 2.0.0 Forgotten");
            }
            "NOOP" => self.answer("250 2.0.0 Here"),
            "VRFY" => self.answer("252 2.0.0 Every address is taken"),
            "QUIT" => {
                self.answer("221 2.0.0 Bye");
                return Next::HangUp;
            }
            _ => self.answer("502 5.5.1 Not a command of this server"),
        }
        Next::Command
    }

    fn begin(&mut self, argument: &str) {
        let Some((from, parameters)) = path(argument, "FROM:") else {
            return self.answer("501 5.5.4 MAIL FROM:<address>");
        };
        let size = parameters.split(' ').find_map(|parameter| {
            let (name, value) = parameter.split_once('=')?;
            name.eq_ignore_ascii_case("SIZE").then(|| value.parse::<usize>().ok())?
        });
        if size.is_some_and(|size| size > MAIL_BYTES_MAX) {
            return self.answer("552 5.3.4 Too large");
        }
        if let Some(SmtpReply::RefuseSender(answer)) = self.mailbox.reply() {
            return self.answer(&answer);
        }
        self.envelope = Some(Envelope { from, to: Vec::new() });
        self.answer("250 2.1.0 Sender taken");
    }

    async fn add_recipient(&mut self, argument: &str) {
        let Some(envelope) = &mut self.envelope else {
            return self.answer("503 5.5.1 MAIL comes first");
        };
        let Some((to, _)) = path(argument, "TO:").filter(|(to, _)| !to.is_empty()) else {
            return self.answer("501 5.5.4 RCPT TO:<address>");
        };
        // As many relays do, it has no SMTPUTF8 (RFC 6531).
        if !to.is_ascii() {
            return self.answer("553 5.6.7 Addresses are in ASCII here");
        }
        if envelope.to.len() >= RECIPIENTS_MAX {
            return self.answer("452 4.5.3 Too many recipients");
        }
        if let Some(answer) = super::refusal(&to) {
            return self.answer(answer);
        }
        match self.mailbox.reply() {
            Some(SmtpReply::Refuse { to: only, code })
                if only.as_ref().is_none_or(|only| only.eq_ignore_ascii_case(&to)) =>
            {
                // The first digit of both codes is the same (RFC 3463 2).
                return self.answer(&format!("{code} {}.0.0 Refused, as told", code / 100));
            }
            Some(SmtpReply::Say { to: only, answer }) if only.eq_ignore_ascii_case(&to) => {
                return self.answer(&answer);
            }
            Some(SmtpReply::Delay(delay)) => tokio::time::sleep(delay).await,
            Some(
                SmtpReply::Refuse { .. }
                | SmtpReply::Say { .. }
                | SmtpReply::RefuseSender(_)
                | SmtpReply::DropAfterData { .. },
            )
            | None => {}
        }
        envelope.to.push(to);
        self.answer("250 2.1.5 Recipient taken");
    }

    fn expect_data(&mut self) -> Next {
        if self.envelope.as_ref().is_none_or(|envelope| envelope.to.is_empty()) {
            self.answer("503 5.5.1 RCPT comes first");
            return Next::Command;
        }
        self.answer("354 End with a line that is one dot");
        Next::Data
    }

    /// Reads a mail and keeps it; whether the connection is over.
    async fn take_mail(&mut self) -> io::Result<bool> {
        self.flush().await?;
        let data = tokio::time::timeout(IDLE_MAX, self.data()).await??;
        let Some(envelope) = self.envelope.take() else { return Ok(true) };
        let Some(data) = data else {
            self.answer("552 5.3.4 Too large");
            return Ok(false);
        };
        let incoming = Incoming { from: envelope.from, to: envelope.to, data };
        if let Some(SmtpReply::DropAfterData { is_kept }) = self.mailbox.reply() {
            if is_kept {
                keep(&self.mailbox, incoming).await?;
            }
            return Ok(true);
        }
        match keep(&self.mailbox, incoming).await {
            Ok(()) => self.answer("250 2.0.0 Taken"),
            Err(error) => {
                tracing::error!(error = ?error, "mail not kept");
                self.answer("452 4.3.1 Not kept");
            }
        }
        Ok(false)
    }

    /// The lines up to the one that is a dot, dots unstuffed (RFC 5321 4.5.2); `None` if they are
    /// too many. Only CR LF ends a line: a bare LF must not make a dot the last one.
    async fn data(&mut self) -> io::Result<Option<Vec<u8>>> {
        let mut data = Vec::with_capacity(16 * 1024);
        let mut is_too_large = false;
        let mut is_line_start = true;
        let mut line = Vec::with_capacity(1024);
        loop {
            line.clear();
            let line_bytes_max = MAIL_BYTES_MAX as u64 + 2;
            (&mut self.reader).take(line_bytes_max).read_until(b'\n', &mut line).await?;
            if !line.ends_with(b"\n") {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            let mut text = line.as_slice();
            if is_line_start && let Some(unstuffed) = line.strip_prefix(b".") {
                if unstuffed == b"\r\n" {
                    return Ok((!is_too_large).then_some(data));
                }
                text = unstuffed;
            }
            is_line_start = line.ends_with(b"\r\n");
            is_too_large |= data.len() + text.len() > MAIL_BYTES_MAX;
            if !is_too_large {
                data.extend_from_slice(text);
            }
        }
    }
}

async fn keep(mailbox: &Mailbox, incoming: Incoming) -> io::Result<()> {
    let inner = mailbox.0.clone();
    let now = inner.clock.now();
    tokio::task::spawn_blocking(move || inner.store.keep(&incoming, now))
        .await
        .map_err(io::Error::other)?
}

/// The address between `<` and `>`, empty for bounces, and the parameters behind it.
fn path<'a>(argument: &'a str, keyword: &str) -> Option<(String, &'a str)> {
    let (start, rest) = argument.trim_start().split_at_checked(keyword.len())?;
    if !start.eq_ignore_ascii_case(keyword) {
        return None;
    }
    let (address, parameters) = rest.trim_start().strip_prefix('<')?.split_once('>')?;
    let is_sound = address.len() <= 320 && !text::has_controls(address);
    is_sound.then(|| (address.to_owned(), parameters.trim_start()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_stands_in_angle_brackets() {
        let read = |argument| path(argument, "FROM:");
        assert_eq!(read("FROM:<a@b.it> SIZE=9"), Some(("a@b.it".to_owned(), "SIZE=9")));
        assert_eq!(read("from: <>"), Some((String::new(), "")));
        assert_eq!(read("TO:<a@b.it>"), None);
        assert_eq!(read("FROM:a@b.it"), None);
        assert_eq!(read("FROM:<a\u{7}@b.it>"), None);
        assert_eq!(read("FRÖM:<a@b.it>"), None);
    }
}
