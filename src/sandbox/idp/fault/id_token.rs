//! What can be wrong with an ID token.

use serde_json::json;

use super::{Alg, Signer, Spoiled, faults};

const HOUR: i64 = 60 * 60;

faults! {
    /// One thing that is wrong with the ID token; the rest is as it should be.
    IdTokenFault {
        /// `oidcc-invalid-iss`, `fapi2-invalid-iss`
        WrongIssuer,
        /// `fapi2-invalid-missing-iss`
        MissingIssuer,
        /// `oidcc-invalid-aud`, `fapi2-invalid-aud`
        WrongAudience,
        /// `fapi2-invalid-missing-aud`
        MissingAudience,
        /// The client's id and one more: `fapi2-invalid-secondary-aud`
        ExtraAudience,
        /// An array with the client's id alone, which is good: `fapi2-valid-aud-as-array`
        AudienceAsArray,
        /// `azp` names another client.
        OtherAzp,
        /// Ended an hour ago: `fapi2-invalid-expired-exp`
        Expired,
        /// `fapi2-invalid-missing-exp`
        MissingExp,
        /// `iat` is an hour ahead.
        IssuedInFuture,
        /// `iat` is a year ago.
        IssuedLongAgo,
        /// `oidcc-missing-iat`
        MissingIat,
        /// `nbf` is an hour ahead.
        NotYetValid,
        /// `oidcc-nonce-invalid`, `fapi2-invalid-nonce`
        WrongNonce,
        /// `fapi2-invalid-missing-nonce`
        MissingNonce,
        /// The nonce of the sign-in before this one.
        ReplayedNonce,
        /// `oidcc-missing-sub`
        MissingSub,
        /// Longer than the 255 characters that are allowed.
        LongSub,
        /// `at_hash` is of another access token.
        WrongAccessTokenHash,
        /// No `at_hash`: the code flow may leave it out (OIDC Core 3.1.3.6).
        MissingAccessTokenHash,
        /// `auth_time` is of 1970.
        AncientAuthTime,
        /// `amr` does not tell of a second factor.
        NoSecondFactor,
        /// Nobody has shown that the address is theirs: the ID token and `/userinfo` say so.
        UnverifiedEmail,
        /// `oidcc-invalid-sig-rs256`
        BadSignature,
        /// `oidcc-idtoken-sig-none`, `fapi2-invalid-null-alg`
        AlgNone,
        /// Signed with the client's secret.
        Hs256,
        /// Signed with the RSA key, announced, and not what the client pins:
        /// `fapi2-invalid-alternate-alg`
        Ps256,
        /// Signed with an elliptic key, announced, and not what the client pins.
        Es256,
        /// `oidcc-kid-absent-single-jwks`
        NoKid,
        /// `kid` is not in `/jwks`.
        UnknownKid,
        /// Signed with a key that is no longer in `/jwks`; needs two rotations before.
        WithdrawnKey,
        /// Signed with a stranger's key, which stands in the header as `jwk`.
        EmbeddedKey,
        /// `typ` is that of an access token.
        WrongType,
        /// `crit` names an extension that nobody knows.
        Critical,
        /// Longer than 16 KiB.
        TooLong,
        /// Four parts instead of three.
        FourParts,
    }
}

impl IdTokenFault {
    pub(in crate::sandbox::idp) fn spoils(
        self,
        client_id: &str,
        nonce_before: &str,
        now: i64,
    ) -> Spoiled {
        match self {
            Self::WrongIssuer => Spoiled::claim("iss", json!("https://other.example")),
            Self::MissingIssuer => Spoiled::Without(&["iss"]),
            Self::WrongAudience => Spoiled::claim("aud", json!("another-client")),
            Self::MissingAudience => Spoiled::Without(&["aud"]),
            Self::ExtraAudience => Spoiled::claim("aud", json!([client_id, "another-client"])),
            Self::AudienceAsArray => Spoiled::claim("aud", json!([client_id])),
            Self::OtherAzp => Spoiled::claim("azp", json!("another-client")),
            Self::Expired => Spoiled::claim("exp", json!(now - HOUR)),
            Self::MissingExp => Spoiled::Without(&["exp"]),
            Self::IssuedInFuture => Spoiled::claim("iat", json!(now + HOUR)),
            Self::IssuedLongAgo => Spoiled::claim("iat", json!(now - 365 * 24 * HOUR)),
            Self::MissingIat => Spoiled::Without(&["iat"]),
            Self::NotYetValid => Spoiled::claim("nbf", json!(now + HOUR)),
            Self::WrongNonce => Spoiled::claim("nonce", json!("of-another-sign-in")),
            Self::MissingNonce => Spoiled::Without(&["nonce"]),
            Self::ReplayedNonce => Spoiled::claim("nonce", json!(nonce_before)),
            Self::MissingSub => Spoiled::Without(&["sub"]),
            Self::LongSub => Spoiled::claim("sub", json!("s".repeat(256))),
            Self::WrongAccessTokenHash => {
                Spoiled::claim("at_hash", json!("AAAAAAAAAAAAAAAAAAAAAA"))
            }
            Self::MissingAccessTokenHash => Spoiled::Without(&["at_hash"]),
            Self::AncientAuthTime => Spoiled::claim("auth_time", json!(0)),
            Self::NoSecondFactor => Spoiled::claim("amr", json!(["pwd"])),
            Self::UnverifiedEmail => Spoiled::claim("email_verified", json!(false)),
            Self::BadSignature => Spoiled::Signature,
            Self::AlgNone => Spoiled::Alg(Alg::None),
            Self::Hs256 => Spoiled::Alg(Alg::Hs256),
            Self::Ps256 => Spoiled::Alg(Alg::Ps256),
            Self::Es256 => Spoiled::Alg(Alg::Es256),
            Self::NoKid => Spoiled::Header("kid", None),
            Self::UnknownKid => Spoiled::header("kid", json!("of-no-key")),
            Self::WithdrawnKey => Spoiled::Key(Signer::Withdrawn),
            Self::EmbeddedKey => Spoiled::Key(Signer::Embedded),
            Self::WrongType => Spoiled::header("typ", json!("at+jwt")),
            Self::Critical => Spoiled::header("crit", json!(["urn:example:unknown"])),
            Self::TooLong => Spoiled::claim("padding", json!("x".repeat(16 * 1024))),
            Self::FourParts => Spoiled::Tail(".e30"),
        }
    }
}
