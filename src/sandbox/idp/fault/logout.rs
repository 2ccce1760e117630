//! What can be wrong with a logout token (Back-Channel Logout 1.0, 2.4 to 2.6).

use serde_json::json;

use super::{Alg, Spoiled, faults};
use crate::sandbox::idp::logout::EVENT;

const HOUR: i64 = 60 * 60;

faults! {
    /// One thing that is wrong with a logout token; the rest is as it should be.
    LogoutFault {
        /// `backchannel-alg-none`
        AlgNone,
        /// Signed with the client's secret: `backchannel-wrong-alg`
        Hs256,
        /// Signed with the RSA key, by an algorithm that the client does not pin.
        Ps256,
        BadSignature,
        /// `kid` is not in `/jwks`.
        UnknownKid,
        /// `backchannel-wrong-iss`
        WrongIssuer,
        /// `backchannel-wrong-aud`
        WrongAudience,
        /// `backchannel-no-event`
        MissingEvents,
        /// `backchannel-wrong-event`
        WrongEvent,
        /// `events` is the event's name.
        EventsNotAnObject,
        /// The event's value is `true`.
        EventNotAnObject,
        /// `backchannel-with-nonce`
        Nonce,
        /// Neither `sub` nor `sid`.
        Nobody,
        MissingJti,
        /// `jti` of the token that was sent before.
        ReplayedJti,
        MissingIat,
        /// `iat` is an hour ago; `exp` is ahead.
        IssuedLongAgo,
        /// `iat` is an hour ahead.
        IssuedInFuture,
        /// Ended an hour ago.
        Expired,
        /// `typ` is that of an access token.
        WrongType,
        /// No `typ`: some providers still send none.
        NoType,
        /// `typ` is `JWT`: some providers still say so.
        JwtType,
        /// `crit` names an extension that nobody knows.
        Critical,
    }
}

impl LogoutFault {
    pub(in crate::sandbox::idp) fn spoils(self, jti_before: &str, now: i64) -> Spoiled {
        match self {
            Self::AlgNone => Spoiled::Alg(Alg::None),
            Self::Hs256 => Spoiled::Alg(Alg::Hs256),
            Self::Ps256 => Spoiled::Alg(Alg::Ps256),
            Self::BadSignature => Spoiled::Signature,
            Self::UnknownKid => Spoiled::header("kid", json!("of-no-key")),
            Self::WrongIssuer => Spoiled::claim("iss", json!("https://other.example")),
            Self::WrongAudience => Spoiled::claim("aud", json!("another-client")),
            Self::MissingEvents => Spoiled::Without(&["events"]),
            Self::WrongEvent => {
                Spoiled::claim("events", json!({ "https://other.example/event": {} }))
            }
            Self::EventsNotAnObject => Spoiled::claim("events", json!(EVENT)),
            Self::EventNotAnObject => Spoiled::claim("events", json!({ EVENT: true })),
            Self::Nonce => Spoiled::claim("nonce", json!("of-a-sign-in")),
            Self::Nobody => Spoiled::Without(&["sub", "sid"]),
            Self::MissingJti => Spoiled::Without(&["jti"]),
            Self::ReplayedJti => Spoiled::claim("jti", json!(jti_before)),
            Self::MissingIat => Spoiled::Without(&["iat"]),
            Self::IssuedLongAgo => Spoiled::claim("iat", json!(now - HOUR)),
            Self::IssuedInFuture => Spoiled::claim("iat", json!(now + HOUR)),
            Self::Expired => Spoiled::claim("exp", json!(now - HOUR)),
            Self::WrongType => Spoiled::header("typ", json!("at+jwt")),
            Self::NoType => Spoiled::Header("typ", None),
            Self::JwtType => Spoiled::header("typ", json!("JWT")),
            Self::Critical => Spoiled::header("crit", json!(["urn:example:unknown"])),
        }
    }
}
