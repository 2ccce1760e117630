//! Sending by SMTP, over connections of our own.
//!
//! lettre's pool writes a message's body and its final dot apart and leaves Nagle's algorithm on,
//! which costs 40 ms a message; a connection with `TCP_NODELAY` sends thousands a second.

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use lettre::address::Envelope;
use lettre::message::dkim::DkimConfig;
use lettre::message::header::{self, ContentType, Header, HeaderName, HeaderValue};
use lettre::message::{Attachment, Mailbox, Message, MultiPart, SinglePart};
use lettre::transport::smtp;
use lettre::transport::smtp::authentication::{Credentials, Mechanism};
use lettre::transport::smtp::client::{AsyncSmtpConnection, TlsParameters};
use lettre::transport::smtp::commands::{Data, Mail, Rcpt};
use lettre::transport::smtp::extension::ClientId;
use lettre::transport::smtp::response::Response;
use secrecy::{ExposeSecret as _, SecretString};
use tokio::net::TcpStream;
use url::Url;
use uuid::Uuid;

use super::dkim;
use crate::config::MailConfig;
use crate::kernel::{Error, Lang, text};

const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// For the connection under TLS, and for the relay's first words.
const GREETING_TIMEOUT: Duration = Duration::from_secs(30);
/// The whole try: shorter than a lease.
const TRY_TIMEOUT: Duration = Duration::from_secs(100);

/// A message, before it is put into MIME.
#[derive(Clone, Debug)]
pub struct Letter {
    pub to: String,
    /// The merchant's name; mails say `… via Central`.
    pub from_name: String,
    pub reply_to: String,
    pub subject: String,
    pub language: Lang,
    pub text: String,
    pub html: String,
    /// Where a reader's mail program ends such letters by a POST, for those that nobody needs
    /// (RFC 8058).
    pub unsubscribe: Option<String>,
    /// A PNG that the HTML shows as [`LOGO`]. It comes along: what is fetched tells who reads.
    pub logo: Option<Arc<[u8]>>,
}

/// How the HTML names the logo: `<img src="cid:…">` (RFC 2392).
pub const LOGO: &str = "logo@letter";

/// Why a message was not taken.
#[derive(Debug, PartialEq, Eq)]
pub enum SendError {
    /// A time-out, a lost connection, a 4xx, a relay that takes nothing from us: try again.
    Later(String),
    /// A 5xx to the recipient or to the message: this address does not take it.
    Refused(String),
    /// No message can be made of it: our fault.
    Unsendable(String),
}

/// One worker's way to the relay. The connection is kept between messages.
pub struct Transport {
    host: String,
    port: u16,
    security: Security,
    credentials: Option<Credentials>,
    from: String,
    domain: String,
    signer: Option<Arc<DkimConfig>>,
    connection: Option<AsyncSmtpConnection>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Security {
    /// Loopback only; the settings refuse it elsewhere.
    Plain,
    StartTls,
    Tls,
}

/// RFC 3834: nobody's holiday notice needs to answer this.
#[derive(Clone)]
struct AutoSubmitted;

impl Header for AutoSubmitted {
    fn name() -> HeaderName {
        HeaderName::new_from_ascii_str("Auto-Submitted")
    }

    fn parse(_: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        Ok(Self)
    }

    fn display(&self) -> HeaderValue {
        HeaderValue::new(Self::name(), "auto-generated".to_owned())
    }
}

/// RFC 2369: an address that ends such letters.
#[derive(Clone)]
struct ListUnsubscribe(String);

impl Header for ListUnsubscribe {
    fn name() -> HeaderName {
        HeaderName::new_from_ascii_str("List-Unsubscribe")
    }

    fn parse(text: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        Ok(Self(text.trim_matches(['<', '>']).to_owned()))
    }

    fn display(&self) -> HeaderValue {
        HeaderValue::new(Self::name(), format!("<{}>", self.0))
    }
}

/// RFC 8058: a POST to that address is enough.
#[derive(Clone)]
struct ListUnsubscribePost;

impl Header for ListUnsubscribePost {
    fn name() -> HeaderName {
        HeaderName::new_from_ascii_str("List-Unsubscribe-Post")
    }

    fn parse(_: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        Ok(Self)
    }

    fn display(&self) -> HeaderValue {
        HeaderValue::new(Self::name(), "List-Unsubscribe=One-Click".to_owned())
    }
}

/// RFC 3282: the language of the letter.
#[derive(Clone)]
struct ContentLanguage(Lang);

impl Header for ContentLanguage {
    fn name() -> HeaderName {
        HeaderName::new_from_ascii_str("Content-Language")
    }

    fn parse(text: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        Lang::parse(text).map(Self).ok_or_else(|| "no language of ours".into())
    }

    fn display(&self) -> HeaderValue {
        HeaderValue::new(Self::name(), self.0.code().to_owned())
    }
}

impl Transport {
    /// Reads `SMTP_URL`; connects with the first message.
    pub fn new(config: &MailConfig) -> Result<Self, Error> {
        let url = Url::parse(config.smtp_url.expose_secret()).map_err(Error::internal)?;
        let security = match url.scheme() {
            "smtps" => Security::Tls,
            _ if url.query_pairs().any(|(name, value)| name == "tls" && value == "required") => {
                Security::StartTls
            }
            _ => Security::Plain,
        };
        let default_port = match security {
            Security::Plain => 25,
            Security::StartTls => 587,
            Security::Tls => 465,
        };
        let credentials = url.password().map(|password| {
            Credentials::new(text::percent_decoded(url.username()), text::percent_decoded(password))
        });
        let domain = config.from.rsplit('@').next().unwrap_or_default().to_owned();
        let signer = config.dkim.as_ref().map(|settings| dkim::signer(settings, &domain));
        Ok(Self {
            host: url.host_str().unwrap_or_default().trim_matches(['[', ']']).to_owned(),
            port: url.port().unwrap_or(default_port),
            security,
            credentials,
            from: config.from.clone(),
            domain,
            signer: signer.transpose()?.map(Arc::new),
            connection: None,
        })
    }

    /// Sends one letter. The message's id is made of `id`: a repeat after a crash is recognisable.
    /// A connection that was kept and is stale is replaced once. At most 100 seconds.
    ///
    /// Returns the relay's words.
    pub async fn send(
        &mut self,
        id: Uuid,
        letter: &Letter,
        now: DateTime<Utc>,
    ) -> Result<String, SendError> {
        let message = self.signed(self.message(id, letter, now)?).await?;
        let sent = tokio::time::timeout(TRY_TIMEOUT, self.deliver(&message)).await;
        let outcome =
            sent.unwrap_or_else(|_| Err(SendError::Later("no answer in 100 seconds".to_owned())));
        if outcome.is_err() {
            self.connection = None;
        }
        outcome
    }

    /// Opens a connection and closes it again: whether the relay is there. At most half a minute.
    pub async fn check(&mut self) -> Result<(), SendError> {
        let checked = tokio::time::timeout(GREETING_TIMEOUT, async {
            let mut connection = self.connect().await?;
            connection.quit().await.map_err(|error| later(&error))
        });
        match checked.await {
            Ok(checked) => checked.map(|_| ()),
            Err(_) => Err(SendError::Later("it takes the connection and says nothing".to_owned())),
        }
    }

    /// An RSA signature takes milliseconds, which are no time for the thread that serves others.
    async fn signed(&self, mut message: Message) -> Result<Message, SendError> {
        let Some(signer) = self.signer.clone() else { return Ok(message) };
        let work = move || {
            message.sign(&signer);
            message
        };
        tokio::task::spawn_blocking(work).await.map_err(|error| SendError::Later(error.to_string()))
    }

    async fn deliver(&mut self, message: &Message) -> Result<String, SendError> {
        let (envelope, bytes) = (message.envelope().clone(), message.formatted());
        if let Some(mut kept) = self.connection.take()
            && kept.test_connected().await
        {
            return self.hand_over(kept, &envelope, &bytes).await;
        }
        let fresh = self.connect().await?;
        self.hand_over(fresh, &envelope, &bytes).await
    }

    async fn hand_over(
        &mut self,
        mut connection: AsyncSmtpConnection,
        envelope: &Envelope,
        bytes: &[u8],
    ) -> Result<String, SendError> {
        // A relay that wants no mail of ours at all says nothing about the recipient.
        let from = Mail::new(envelope.from().cloned(), Vec::new());
        if let Err(error) = connection.command(from).await {
            if error.is_permanent() {
                tracing::error!(answer = said(&error), "the relay takes no mail from this sender");
            }
            return Err(later(&error));
        }
        let response = Self::address(&mut connection, envelope, bytes).await;
        let response = response.map_err(|error| {
            if error.is_permanent() { SendError::Refused(said(&error)) } else { later(&error) }
        })?;
        self.connection = Some(connection);
        let answer = response.message().collect::<Vec<_>>().join(" ");
        Ok(words(&format!("{} {answer}", response.code())))
    }

    async fn address(
        connection: &mut AsyncSmtpConnection,
        envelope: &Envelope,
        bytes: &[u8],
    ) -> Result<Response, smtp::Error> {
        for to in envelope.to() {
            connection.command(Rcpt::new(to.clone(), Vec::new())).await?;
        }
        connection.command(Data).await?;
        connection.message(bytes).await
    }

    async fn connect(&self) -> Result<AsyncSmtpConnection, SendError> {
        let hello = ClientId::Domain(self.domain.clone());
        let address = (self.host.as_str(), self.port);
        let mut connection = if self.security == Security::Tls {
            AsyncSmtpConnection::connect_tokio1(
                address,
                Some(GREETING_TIMEOUT),
                &hello,
                Some(self.tls()?),
                None,
            )
            .await
            .map_err(|error| later(&error))?
        } else {
            let stream = tokio::time::timeout(CONNECT_TIMEOUT, TcpStream::connect(address))
                .await
                .map_err(|_| SendError::Later("the relay does not answer".to_owned()))?
                .map_err(|error| SendError::Later(words(&error.to_string())))?;
            stream
                .set_nodelay(true)
                .map_err(|error| SendError::Later(words(&error.to_string())))?;
            AsyncSmtpConnection::connect_with_transport(Box::new(stream), &hello)
                .await
                .map_err(|error| later(&error))?
        };
        if self.security == Security::StartTls {
            connection.starttls(self.tls()?, &hello).await.map_err(|error| later(&error))?;
        }
        if let Some(credentials) = &self.credentials {
            connection
                .auth(&[Mechanism::Plain, Mechanism::Login], credentials)
                .await
                .map_err(|error| later(&error))?;
        }
        Ok(connection)
    }

    fn tls(&self) -> Result<TlsParameters, SendError> {
        TlsParameters::new(self.host.clone()).map_err(|error| later(&error))
    }

    /// The letter in MIME, all of it in ASCII.
    fn message(&self, id: Uuid, letter: &Letter, now: DateTime<Utc>) -> Result<Message, SendError> {
        // lettre panics over a control character in a name; nothing typed gets this far, but a row
        // may hold what an older program let in.
        if [&letter.from_name, &letter.subject].into_iter().any(|words| text::has_controls(words)) {
            return Err(SendError::Unsendable("a header can't hold control characters".to_owned()));
        }
        let mailbox = |name: Option<String>, address: &str| {
            let address = in_ascii(address).and_then(|address| address.parse().ok());
            let address =
                address.ok_or_else(|| SendError::Unsendable("not an address".to_owned()))?;
            Ok::<_, SendError>(Mailbox::new(name, address))
        };
        let part = |content_type: ContentType, body: &str| {
            SinglePart::builder().header(content_type).body(body.to_owned())
        };
        let text = MultiPart::alternative().singlepart(part(ContentType::TEXT_PLAIN, &letter.text));
        let html = part(ContentType::TEXT_HTML, &letter.html);
        let body = match &letter.logo {
            Some(png) => {
                text.multipart(MultiPart::related().singlepart(html).singlepart(logo(png)?))
            }
            None => text.singlepart(html),
        };
        let mut message = Message::builder();
        if let Some(address) = &letter.unsubscribe {
            message = message.header(ListUnsubscribe(address.clone())).header(ListUnsubscribePost);
        }
        message
            .from(mailbox(Some(letter.from_name.clone()), &self.from)?)
            .reply_to(mailbox(None, &letter.reply_to)?)
            .to(mailbox(None, &letter.to)?)
            .subject(letter.subject.clone())
            .date(std::time::SystemTime::from(now))
            .message_id(Some(format!("<{id}@{}>", self.domain)))
            .header(AutoSubmitted)
            .header(ContentLanguage(letter.language))
            .header(header::MIME_VERSION_1_0)
            .multipart(body)
            .map_err(|error| SendError::Unsendable(words(&error.to_string())))
    }
}

/// The domain as the DNS has it (RFC 5891): not every relay takes others.
fn in_ascii(address: &str) -> Option<String> {
    let (local, domain) = address.rsplit_once('@')?;
    Some(format!("{local}@{}", url::Host::parse(domain).ok()?))
}

/// A picture that stands in the letter (RFC 2387).
fn logo(png: &[u8]) -> Result<SinglePart, SendError> {
    let kind = ContentType::parse("image/png")
        .map_err(|error| SendError::Unsendable(error.to_string()))?;
    Ok(Attachment::new_inline(LOGO.to_owned()).body(png.to_vec(), kind))
}

fn later(error: &smtp::Error) -> SendError {
    SendError::Later(said(error))
}

/// What the server answered, its code first, as it said it; where it said nothing, what went wrong.
fn said(error: &smtp::Error) -> String {
    match (error.status(), std::error::Error::source(error)) {
        (Some(code), Some(answer)) => words(&format!("{code} {answer}")),
        _ => words(&error.to_string()),
    }
}

/// A relay's words, short enough to keep and without the addresses that may stand in them.
fn words(said: &str) -> String {
    let clean = |word: &str| if word.contains('@') { "…".to_owned() } else { word.to_owned() };
    let line: Vec<String> = said.split_whitespace().map(clean).collect();
    text::without_controls(&line.join(" ")).chars().take(200).collect()
}

/// So that a password in an address is not printed by accident.
impl std::fmt::Debug for Transport {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Transport({}:{}, {:?})", self.host, self.port, self.security)
    }
}

/// A relay on this machine, for tests and the demo.
#[must_use]
pub fn local(port: u16, from: &str) -> MailConfig {
    MailConfig {
        smtp_url: SecretString::from(format!("smtp://127.0.0.1:{port}")),
        from: from.to_owned(),
        dkim: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn transport() -> Transport {
        Transport::new(&local(2525, "payments@central.example")).unwrap()
    }

    fn letter() -> Letter {
        Letter {
            to: "a.ricci@example.it".to_owned(),
            from_name: "Ceramiche \"Bellini\" via Central".to_owned(),
            reply_to: "ordini@bellini.example".to_owned(),
            subject: "Ceramiche Bellini: pagamento di 248,50 €".to_owned(),
            language: Lang::It,
            text: "Ciao".to_owned(),
            html: "<p>Ciao</p>".to_owned(),
            unsubscribe: None,
            logo: None,
        }
    }

    #[test]
    fn sec_15_a_letter_has_a_fixed_id_and_asks_for_no_answer() {
        let now = DateTime::from_timestamp(1_764_000_000, 0).unwrap();
        let id = Uuid::now_v7();
        let message = transport().message(id, &letter(), now).unwrap().formatted();
        let text = String::from_utf8(message).unwrap();
        for line in [
            format!("Message-ID: <{id}@central.example>"),
            "Auto-Submitted: auto-generated".to_owned(),
            "Content-Language: it".to_owned(),
            "Reply-To: ordini@bellini.example".to_owned(),
        ] {
            assert!(text.contains(&line), "{line} is missing in {text}");
        }
    }

    #[test]
    fn an_address_of_another_alphabet_leaves_as_the_dns_has_it() {
        let now = DateTime::from_timestamp(1_764_000_000, 0).unwrap();
        let letter = Letter { to: "info@münchen.example".to_owned(), ..letter() };
        let message = transport().message(Uuid::now_v7(), &letter, now).unwrap();
        let to: Vec<_> = message.envelope().to().iter().map(ToString::to_string).collect();
        assert_eq!(to, ["info@xn--mnchen-3ya.example"]);
        assert!(message.formatted().is_ascii());
    }

    #[test]
    fn sec_01_a_line_break_makes_no_header() {
        let now = DateTime::from_timestamp(1_764_000_000, 0).unwrap();
        let hostile = "X\r\nBcc: everybody@example.it".to_owned();
        for letter in [
            Letter { subject: hostile.clone(), ..letter() },
            Letter { from_name: hostile.clone(), ..letter() },
        ] {
            let refused = transport().message(Uuid::now_v7(), &letter, now);
            assert!(matches!(refused, Err(SendError::Unsendable(_))), "{refused:?}");
        }
    }

    #[test]
    fn a_relays_words_are_kept_without_addresses() {
        assert_eq!(
            words("550 5.1.1 <a.ricci@example.it>: no such\r\n user"),
            "550 5.1.1 … no such user"
        );
    }

    #[test]
    fn the_url_says_how_safe_the_way_is() {
        let of = |url: &str| {
            let config = MailConfig {
                smtp_url: SecretString::from(url.to_owned()),
                from: "a@b.example".to_owned(),
                dkim: None,
            };
            let transport = Transport::new(&config).unwrap();
            (transport.security, transport.port, transport.credentials.is_some())
        };
        assert_eq!(of("smtps://user:p%40ss@mail.example"), (Security::Tls, 465, true));
        assert_eq!(of("smtp://mail.example:2587?tls=required"), (Security::StartTls, 2587, false));
        assert_eq!(of("smtp://127.0.0.1:8085"), (Security::Plain, 8085, false));
    }
}
