//! Signatures by which a reader's mail server knows the sender's domain (RFC 6376, RFC 8463).

use lettre::message::dkim::{DkimCanonicalization, DkimCanonicalizationType, DkimConfig};
use lettre::message::header::HeaderName;

use crate::config::DkimSettings;
use crate::kernel::Error;

/// What a signature covers beside the body: what readers see, and what their programs act on
/// (RFC 6376 5.4, RFC 8058 4). Not `Content-Type`: for lettre it is the body's, and it would sign that
/// there is none.
const SIGNED: [&str; 9] = [
    "From",
    "Reply-To",
    "To",
    "Subject",
    "Date",
    "Message-ID",
    "MIME-Version",
    "List-Unsubscribe",
    "List-Unsubscribe-Post",
];

/// What signs the mails of a domain. Blanks that relays change are left out of account.
///
/// # Errors
/// Where the key is none; the settings have looked at it before.
pub(super) fn signer(settings: &DkimSettings, domain: &str) -> Result<DkimConfig, Error> {
    let relaxed = DkimCanonicalization {
        header: DkimCanonicalizationType::Relaxed,
        body: DkimCanonicalizationType::Relaxed,
    };
    let key = settings.key().map_err(Error::internal)?;
    let headers = SIGNED.map(HeaderName::new_from_ascii_str).to_vec();
    Ok(DkimConfig::new(settings.selector.clone(), domain.to_owned(), key, headers, relaxed))
}
