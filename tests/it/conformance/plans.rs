//! The plans, and ours: how the provider behaves, and what becomes of the sign-in.

use central::sandbox::idp::{
    CallbackFault, Fault, IdTokenFault, KeysFault, MetadataFault, TokenAnswerFault, UserinfoFault,
};

/// A module of the suite, or words of ours; how the provider behaves; what becomes of the sign-in; and
/// how often the keys are fetched in its course.
pub type Case = (&'static str, Mode, Outcome, u64);

#[derive(Clone, Copy, Debug)]
pub enum Mode {
    Good,
    /// There is a new key since the last sign-in.
    Rotated,
    Wrong(Fault),
}

#[derive(Clone, Copy, Debug)]
pub enum Outcome {
    SignedIn,
    /// Refused before the code is used. The audit's reason has this word in it.
    RefusedAtOnce(&'static str),
    /// Refused once the tokens are there, likewise.
    Refused(&'static str),
    /// The provider counts as out of reach.
    OutOfReach,
}

use Mode::{Good, Rotated, Wrong};
use Outcome::{OutOfReach, Refused, RefusedAtOnce, SignedIn};

const fn id(fault: IdTokenFault) -> Mode {
    Wrong(Fault::IdToken(fault))
}

const fn keys(fault: KeysFault) -> Mode {
    Wrong(Fault::Keys(fault))
}

const fn callback(fault: CallbackFault) -> Mode {
    Wrong(Fault::Callback(fault))
}

const fn answer(fault: TokenAnswerFault) -> Mode {
    Wrong(Fault::TokenAnswer(fault))
}

pub const BASIC: [Case; 14] = [
    ("oidcc-client-test", Good, SignedIn, 0),
    ("oidcc-client-test-invalid-iss", id(IdTokenFault::WrongIssuer), Refused("iss"), 0),
    ("oidcc-client-test-missing-sub", id(IdTokenFault::MissingSub), Refused("sub is missing"), 0),
    ("oidcc-client-test-invalid-aud", id(IdTokenFault::WrongAudience), Refused("aud"), 0),
    ("oidcc-client-test-missing-iat", id(IdTokenFault::MissingIat), Refused("iat is missing"), 0),
    ("oidcc-client-test-kid-absent-single-jwks", id(IdTokenFault::NoKid), SignedIn, 0),
    // The suite lets a client try each key; ours has to be told which (OIDC Core 10.1).
    (
        "oidcc-client-test-kid-absent-multiple-jwks",
        keys(KeysFault::SeveralWithoutKid),
        Refused("several keys"),
        1,
    ),
    ("oidcc-client-test-idtoken-sig-rs256", Good, SignedIn, 0),
    ("oidcc-client-test-idtoken-sig-none", id(IdTokenFault::AlgNone), Refused("algorithm"), 0),
    (
        "oidcc-client-test-invalid-sig-rs256",
        id(IdTokenFault::BadSignature),
        Refused("signature"),
        0,
    ),
    // The user information is not asked for.
    (
        "oidcc-client-test-userinfo-invalid-sub",
        Wrong(Fault::Userinfo(UserinfoFault::OtherSubject)),
        SignedIn,
        0,
    ),
    ("oidcc-client-test-nonce-invalid", id(IdTokenFault::WrongNonce), Refused("nonce"), 0),
    ("oidcc-client-test-scope-userinfo-claims", Good, SignedIn, 0),
    // The sandbox takes no other credentials.
    ("oidcc-client-test-client-secret-basic", Good, SignedIn, 0),
];

pub const CONFIG: [Case; 6] = [
    ("oidcc-client-test-discovery-openid-config", Good, SignedIn, 0),
    ("oidcc-client-test-discovery-jwks-uri-keys", Good, SignedIn, 0),
    (
        "oidcc-client-test-discovery-issuer-mismatch",
        Wrong(Fault::Metadata(MetadataFault::WrongIssuer)),
        OutOfReach,
        0,
    ),
    ("oidcc-client-test-idtoken-sig-none", id(IdTokenFault::AlgNone), Refused("algorithm"), 0),
    (
        "oidcc-client-test-signing-key-rotation-just-before-signing",
        keys(KeysFault::RotatedBeforeSigning),
        SignedIn,
        1,
    ),
    ("oidcc-client-test-signing-key-rotation", Rotated, SignedIn, 1),
];

pub const FAPI: [Case; 20] = [
    ("fapi2-security-profile-final-client-test-happy-path", Good, SignedIn, 0),
    (
        "fapi2-security-profile-final-client-test-discovery-issuer-mismatch",
        Wrong(Fault::Metadata(MetadataFault::WrongIssuer)),
        OutOfReach,
        0,
    ),
    (
        "fapi2-security-profile-final-client-test-invalid-iss",
        id(IdTokenFault::WrongIssuer),
        Refused("iss"),
        0,
    ),
    (
        "fapi2-security-profile-final-client-test-invalid-aud",
        id(IdTokenFault::WrongAudience),
        Refused("aud"),
        0,
    ),
    (
        "fapi2-security-profile-final-client-test-invalid-secondary-aud",
        id(IdTokenFault::ExtraAudience),
        Refused("aud"),
        0,
    ),
    (
        "fapi2-security-profile-final-client-test-invalid-null-alg",
        id(IdTokenFault::AlgNone),
        Refused("algorithm"),
        0,
    ),
    (
        "fapi2-security-profile-final-client-test-invalid-alternate-alg",
        id(IdTokenFault::Ps256),
        Refused("algorithm"),
        1,
    ),
    (
        "fapi2-security-profile-final-client-test-invalid-expired-exp",
        id(IdTokenFault::Expired),
        Refused("exp"),
        0,
    ),
    (
        "fapi2-security-profile-final-client-test-invalid-missing-exp",
        id(IdTokenFault::MissingExp),
        Refused("exp is missing"),
        0,
    ),
    (
        "fapi2-security-profile-final-client-test-invalid-missing-aud",
        id(IdTokenFault::MissingAudience),
        Refused("aud"),
        0,
    ),
    (
        "fapi2-security-profile-final-client-test-invalid-missing-iss",
        id(IdTokenFault::MissingIssuer),
        Refused("iss is missing"),
        0,
    ),
    (
        "fapi2-security-profile-final-client-test-valid-aud-as-array",
        id(IdTokenFault::AudienceAsArray),
        SignedIn,
        0,
    ),
    (
        "fapi2-security-profile-final-client-test-invalid-nonce",
        id(IdTokenFault::WrongNonce),
        Refused("nonce"),
        0,
    ),
    (
        "fapi2-security-profile-final-client-test-invalid-missing-nonce",
        id(IdTokenFault::MissingNonce),
        Refused("nonce"),
        0,
    ),
    (
        "fapi2-security-profile-final-client-test-invalid-authorization-response-iss",
        callback(CallbackFault::WrongIssuer),
        RefusedAtOnce("issuer"),
        0,
    ),
    (
        "fapi2-security-profile-final-client-test-remove-authorization-response-iss",
        callback(CallbackFault::MissingIssuer),
        RefusedAtOnce("issuer"),
        0,
    ),
    (
        "fapi2-security-profile-final-client-test-ensure-authorization-response-with-invalid-state-fails",
        callback(CallbackFault::WrongState),
        RefusedAtOnce("state"),
        0,
    ),
    (
        "fapi2-security-profile-final-client-test-ensure-authorization-response-with-invalid-missing-state-fails",
        callback(CallbackFault::MissingState),
        RefusedAtOnce("state"),
        0,
    ),
    (
        "fapi2-security-profile-final-client-test-token-endpoint-response-without-expires_in",
        answer(TokenAnswerFault::NoExpiresIn),
        SignedIn,
        0,
    ),
    (
        "fapi2-security-profile-final-client-test-token-type-case-insensitivity",
        answer(TokenAnswerFault::LowerCaseTokenType),
        SignedIn,
        0,
    ),
];

/// What no module asks for.
pub const OURS: [Case; 44] = [
    ("the ID token is for another party", id(IdTokenFault::OtherAzp), Refused("azp"), 0),
    ("the ID token was issued in the future", id(IdTokenFault::IssuedInFuture), Refused("iat"), 0),
    ("the ID token was issued a year ago", id(IdTokenFault::IssuedLongAgo), Refused("iat"), 0),
    ("the ID token is not valid yet", id(IdTokenFault::NotYetValid), Refused("nbf"), 0),
    (
        "the nonce is that of the sign-in before",
        id(IdTokenFault::ReplayedNonce),
        Refused("nonce"),
        0,
    ),
    ("the subject is too long", id(IdTokenFault::LongSub), Refused("sub"), 0),
    (
        "at_hash is of another access token",
        id(IdTokenFault::WrongAccessTokenHash),
        Refused("at_hash"),
        0,
    ),
    ("there is no at_hash", id(IdTokenFault::MissingAccessTokenHash), SignedIn, 0),
    // Neither a fresh proof nor a second factor was asked for.
    ("the sign-in at the provider is old", id(IdTokenFault::AncientAuthTime), SignedIn, 0),
    ("there was no second factor", id(IdTokenFault::NoSecondFactor), SignedIn, 0),
    ("the address is not verified", id(IdTokenFault::UnverifiedEmail), SignedIn, 0),
    ("HS256 with the client’s secret", id(IdTokenFault::Hs256), Refused("algorithm"), 0),
    ("ES256, announced, with a published key", id(IdTokenFault::Es256), Refused("algorithm"), 1),
    ("the key is not published", id(IdTokenFault::UnknownKid), Refused("does not publish"), 1),
    ("the key was withdrawn", id(IdTokenFault::WithdrawnKey), Refused("does not publish"), 1),
    ("the token brings its own key", id(IdTokenFault::EmbeddedKey), Refused("signature"), 0),
    ("the token is an access token by its type", id(IdTokenFault::WrongType), Refused("typ"), 0),
    ("the token asks for an extension", id(IdTokenFault::Critical), Refused("crit"), 0),
    ("the token is longer than 16 KiB", id(IdTokenFault::TooLong), Refused("16 KiB"), 0),
    ("the token has four parts", id(IdTokenFault::FourParts), Refused("three parts"), 0),
    (
        "an error comes with a code",
        callback(CallbackFault::CodeWithError),
        RefusedAtOnce("error"),
        0,
    ),
    ("an unknown token type", answer(TokenAnswerFault::WrongTokenType), Refused("type"), 0),
    ("the user has declined", callback(CallbackFault::Denied), RefusedAtOnce("error"), 0),
    ("no ID token in the answer", answer(TokenAnswerFault::NoIdToken), Refused("there is none"), 0),
    ("the token answer is a page", answer(TokenAnswerFault::NotJson), OutOfReach, 0),
    ("the token answer is longer than 256 KiB", answer(TokenAnswerFault::TooLarge), OutOfReach, 0),
    ("the token endpoint redirects", answer(TokenAnswerFault::Redirect), OutOfReach, 0),
    ("the token endpoint is slow", answer(TokenAnswerFault::Slow), OutOfReach, 0),
    ("the code is refused", answer(TokenAnswerFault::Refused), Refused("error"), 0),
    ("the token endpoint fails", answer(TokenAnswerFault::ServerError), OutOfReach, 0),
    ("the keys are a page", keys(KeysFault::NotJson), OutOfReach, 1),
    ("the keys are longer than 256 KiB", keys(KeysFault::TooLarge), OutOfReach, 1),
    ("the keys’ address redirects", keys(KeysFault::Redirect), OutOfReach, 1),
    ("the keys’ address is slow", keys(KeysFault::Slow), OutOfReach, 1),
    ("the keys’ address fails", keys(KeysFault::ServerError), OutOfReach, 1),
    // A key that may not sign is no key; the second request is the one that an unknown key allows.
    ("the key has 1024 bits", keys(KeysFault::ShortKey), Refused("does not publish"), 2),
    ("the key is for encryption", keys(KeysFault::EncryptionKey), Refused("does not publish"), 2),
    ("two keys have one name", keys(KeysFault::DuplicateKid), Refused("several keys"), 1),
    ("metadata: it is a page", Wrong(Fault::Metadata(MetadataFault::NotJson)), OutOfReach, 0),
    (
        "metadata: it is longer than 256 KiB",
        Wrong(Fault::Metadata(MetadataFault::TooLarge)),
        OutOfReach,
        0,
    ),
    (
        "metadata: its addresses are at another host, over http",
        Wrong(Fault::Metadata(MetadataFault::PlainHttp)),
        OutOfReach,
        0,
    ),
    ("metadata: it redirects", Wrong(Fault::Metadata(MetadataFault::Redirect)), OutOfReach, 0),
    ("metadata: it is slow", Wrong(Fault::Metadata(MetadataFault::Slow)), OutOfReach, 0),
    ("metadata: it fails", Wrong(Fault::Metadata(MetadataFault::ServerError)), OutOfReach, 0),
];
