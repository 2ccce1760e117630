//! What can go wrong, told without a word about HTTP, SQL or HTML.

use std::fmt;

use super::Right;

/// The technical reason behind [`Error::Internal`] and [`Error::Unavailable`]. It is logged once and
/// never shown: it may name a table, a host, a file.
pub type Cause = Box<dyn std::error::Error + Send + Sync>;

/// Why a request or a job could not be done.
#[derive(Debug)]
pub enum Error {
    /// Nobody is signed in, or the session has ended.
    SignInRequired,
    /// Who asks has to show anew who they are: the act gives rights or secrets away.
    FreshSignInRequired,
    /// Who asks is known and may not do this: the right that is missing, where it is one of the
    /// permission matrix.
    Forbidden(Option<Right>),
    /// There is no such thing, or not for this user: the two are told in the same words.
    NotFound,
    /// The state does not allow it (any more): somebody else was faster.
    Conflict,
    /// The request can't be read. The text is for the log.
    Malformed(&'static str),
    /// The body has a type that this address does not read.
    UnsupportedMedia,
    /// The body is larger than this address reads.
    TooLarge,
    /// Too often. Try again after so many seconds.
    TooManyRequests { retry_after_seconds: u64 },
    /// The form does not carry this session's secret: another site may have sent it.
    ForeignForm,
    /// A part that we depend on (named first) is out of reach. Trying again helps.
    Unavailable(&'static str, Cause),
    /// Our fault.
    Internal(Cause),
}

impl Error {
    pub fn internal(cause: impl Into<Cause>) -> Self {
        Self::Internal(cause.into())
    }

    pub fn unavailable(what: &'static str, cause: impl Into<Cause>) -> Self {
        Self::Unavailable(what, cause.into())
    }

    /// The technical reason, for the log.
    #[must_use]
    pub const fn cause(&self) -> Option<&Cause> {
        match self {
            Self::Internal(cause) | Self::Unavailable(_, cause) => Some(cause),
            Self::SignInRequired
            | Self::FreshSignInRequired
            | Self::Forbidden(_)
            | Self::NotFound
            | Self::Conflict
            | Self::Malformed(_)
            | Self::UnsupportedMedia
            | Self::TooLarge
            | Self::TooManyRequests { .. }
            | Self::ForeignForm => None,
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::SignInRequired => f.write_str("sign-in required"),
            Self::FreshSignInRequired => f.write_str("fresh sign-in required"),
            Self::Forbidden(None) => f.write_str("forbidden"),
            Self::Forbidden(Some(right)) => write!(f, "forbidden: without {}", right.as_str()),
            Self::NotFound => f.write_str("not found"),
            Self::Conflict => f.write_str("conflict"),
            Self::Malformed(what) => write!(f, "malformed request: {what}"),
            Self::UnsupportedMedia => f.write_str("unsupported media type"),
            Self::TooLarge => f.write_str("body too large"),
            Self::TooManyRequests { retry_after_seconds } => {
                write!(f, "too many requests, again in {retry_after_seconds} s")
            }
            Self::ForeignForm => f.write_str("form without this session's token"),
            Self::Unavailable(what, _) => write!(f, "{what} unavailable"),
            Self::Internal(_) => f.write_str("internal error"),
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.cause().map(|cause| cause.as_ref() as &(dyn std::error::Error + 'static))
    }
}
