//! Ways in which a provider can be wrong, for tests of what the client refuses.

use serde_json::{Value, json};

/// One way to be wrong. All but the last three spoil the ID token only.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    WrongIssuer,
    WrongAudience,
    /// The client's id and one more.
    ExtraAudience,
    /// `azp` names another client.
    OtherAzp,
    /// Ended an hour ago.
    Expired,
    MissingExp,
    /// `iat` is an hour ahead.
    IssuedInFuture,
    /// `iat` is a year ago.
    IssuedLongAgo,
    MissingIat,
    /// `nbf` is an hour ahead.
    NotYetValid,
    WrongNonce,
    MissingNonce,
    MissingSub,
    /// Longer than the 255 characters that are allowed.
    LongSub,
    WrongAccessTokenHash,
    /// `auth_time` is of 1970.
    AncientAuthTime,
    /// `amr` does not tell of a second factor.
    NoSecondFactor,
    BadSignature,
    AlgNone,
    /// Signed with the client's secret.
    Hs256,
    NoKid,
    /// `kid` is not in `/jwks`.
    UnknownKid,
    /// `typ` is that of an access token.
    WrongType,
    /// `crit` names an extension that nobody knows.
    Critical,
    /// The `iss` parameter beside the code names another provider (RFC 9207).
    WrongCallbackIssuer,
    /// `/userinfo` tells of somebody else.
    OtherUserinfoSubject,
    /// Nobody has shown that the address is theirs; both the ID token and `/userinfo` say so.
    UnverifiedEmail,
}

/// The part that a fault replaces; `None` takes it away.
pub(super) enum Spoiled {
    Header(&'static str, Option<Value>),
    Claim(&'static str, Option<Value>),
    Signature,
    Callback,
    Userinfo,
}

impl Fault {
    /// Every fault, for tests that try them all.
    pub const ALL: [Self; 27] = [
        Self::WrongIssuer,
        Self::WrongAudience,
        Self::ExtraAudience,
        Self::OtherAzp,
        Self::Expired,
        Self::MissingExp,
        Self::IssuedInFuture,
        Self::IssuedLongAgo,
        Self::MissingIat,
        Self::NotYetValid,
        Self::WrongNonce,
        Self::MissingNonce,
        Self::MissingSub,
        Self::LongSub,
        Self::WrongAccessTokenHash,
        Self::AncientAuthTime,
        Self::NoSecondFactor,
        Self::BadSignature,
        Self::AlgNone,
        Self::Hs256,
        Self::NoKid,
        Self::UnknownKid,
        Self::WrongType,
        Self::Critical,
        Self::WrongCallbackIssuer,
        Self::OtherUserinfoSubject,
        Self::UnverifiedEmail,
    ];

    pub(super) fn spoils(self, client_id: &str, now: i64) -> Spoiled {
        const HOUR: i64 = 60 * 60;
        let header = |name, value| Spoiled::Header(name, Some(value));
        let claim = |name, value| Spoiled::Claim(name, Some(value));
        match self {
            Self::WrongIssuer => claim("iss", json!("https://other.example")),
            Self::WrongAudience => claim("aud", json!("another-client")),
            Self::ExtraAudience => claim("aud", json!([client_id, "another-client"])),
            Self::OtherAzp => claim("azp", json!("another-client")),
            Self::Expired => claim("exp", json!(now - HOUR)),
            Self::MissingExp => Spoiled::Claim("exp", None),
            Self::IssuedInFuture => claim("iat", json!(now + HOUR)),
            Self::IssuedLongAgo => claim("iat", json!(now - 365 * 24 * HOUR)),
            Self::MissingIat => Spoiled::Claim("iat", None),
            Self::NotYetValid => claim("nbf", json!(now + HOUR)),
            Self::WrongNonce => claim("nonce", json!("of-another-sign-in")),
            Self::MissingNonce => Spoiled::Claim("nonce", None),
            Self::MissingSub => Spoiled::Claim("sub", None),
            Self::LongSub => claim("sub", json!("s".repeat(256))),
            Self::WrongAccessTokenHash => claim("at_hash", json!("AAAAAAAAAAAAAAAAAAAAAA")),
            Self::AncientAuthTime => claim("auth_time", json!(0)),
            Self::NoSecondFactor => claim("amr", json!(["pwd"])),
            Self::BadSignature => Spoiled::Signature,
            Self::AlgNone => header("alg", json!("none")),
            Self::Hs256 => header("alg", json!("HS256")),
            Self::NoKid => Spoiled::Header("kid", None),
            Self::UnknownKid => header("kid", json!("of-no-key")),
            Self::WrongType => header("typ", json!("at+jwt")),
            Self::Critical => header("crit", json!(["urn:example:unknown"])),
            Self::WrongCallbackIssuer => Spoiled::Callback,
            Self::OtherUserinfoSubject => Spoiled::Userinfo,
            Self::UnverifiedEmail => claim("email_verified", json!(false)),
        }
    }
}

/// Puts a member in its place, or takes it away.
pub(super) fn replace(object: &mut Value, name: &str, value: Option<Value>) {
    if let Some(object) = object.as_object_mut() {
        match value {
            Some(value) => object.insert(name.to_owned(), value),
            None => object.remove(name),
        };
    }
}
