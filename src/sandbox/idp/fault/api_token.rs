//! What can be wrong with an access token for the API.

use serde_json::json;

use super::{Alg, Spoiled, faults};
use crate::sandbox::idp::ApiTokenProfile;

const HOUR: i64 = 60 * 60;

faults! {
    /// One thing that is wrong with an access token; the rest is as it should be.
    ApiTokenFault {
        WrongIssuer,
        WrongAudience,
        /// The client's own id, as in an ID token.
        ClientAsAudience,
        /// Ended a second ago.
        Expired,
        MissingExp,
        MissingIat,
        /// `iat` is an hour ahead.
        IssuedInFuture,
        /// `nbf` is an hour ahead.
        NotYetValid,
        MissingSub,
        /// No `client_id`, or `cid`.
        MissingClient,
        /// `client_id`, or `cid`, is of a client that nobody allowed.
        OtherClient,
        MissingJti,
        /// No `scope`, or `scp`.
        MissingScope,
        /// `typ` of the other profile.
        OtherType,
        /// A `nonce`, as in an ID token.
        Nonce,
        AlgNone,
        /// Signed with the client's secret.
        Hs256,
        /// Signed with the RSA key, by an algorithm that is not pinned.
        Ps256,
        BadSignature,
        /// `kid` is not in `/jwks`.
        UnknownKid,
        /// `crit` names an extension that nobody knows.
        Critical,
        /// An ID token, which proves a sign-in and opens no API.
        IdToken,
    }
}

impl ApiTokenFault {
    /// `None` where another token stands in its place.
    pub(in crate::sandbox::idp) fn spoils(
        self,
        profile: ApiTokenProfile,
        client_id: &str,
        now: i64,
    ) -> Option<Spoiled> {
        Some(match self {
            Self::WrongIssuer => Spoiled::claim("iss", json!("https://other.example")),
            Self::WrongAudience => Spoiled::claim("aud", json!("another-api")),
            Self::ClientAsAudience => Spoiled::claim("aud", json!(client_id)),
            Self::Expired => Spoiled::claim("exp", json!(now - 1)),
            Self::MissingExp => Spoiled::Without(&["exp"]),
            Self::MissingIat => Spoiled::Without(&["iat"]),
            Self::IssuedInFuture => Spoiled::claim("iat", json!(now + HOUR)),
            Self::NotYetValid => Spoiled::claim("nbf", json!(now + HOUR)),
            Self::MissingSub => Spoiled::Without(&["sub"]),
            Self::MissingClient => Spoiled::Without(&["client_id", "cid"]),
            Self::OtherClient => Spoiled::claim(profile.client_claim(), json!("another-client")),
            Self::MissingJti => Spoiled::Without(&["jti"]),
            Self::MissingScope => Spoiled::Without(&["scope", "scp"]),
            Self::OtherType => match profile {
                ApiTokenProfile::Rfc9068 => Spoiled::header("typ", json!("JWT")),
                ApiTokenProfile::Okta => Spoiled::header("typ", json!("at+jwt")),
            },
            Self::Nonce => Spoiled::claim("nonce", json!("of-a-sign-in")),
            Self::AlgNone => Spoiled::Alg(Alg::None),
            Self::Hs256 => Spoiled::Alg(Alg::Hs256),
            Self::Ps256 => Spoiled::Alg(Alg::Ps256),
            Self::BadSignature => Spoiled::Signature,
            Self::UnknownKid => Spoiled::header("kid", json!("of-no-key")),
            Self::Critical => Spoiled::header("crit", json!(["urn:example:unknown"])),
            Self::IdToken => return None,
        })
    }
}
