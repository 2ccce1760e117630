//! Ways in which a provider can be wrong, for tests of what the client refuses.
//!
//! Modes that the OpenID Foundation's conformance suite has name its modules for relying parties:
//! `oidcc-…` is short for `oidcc-client-test-…`, `backchannel-…` for
//! `oidcc-client-test-rp-backchannel-rpinitlogout-…`, and `fapi2-…` for
//! `fapi2-security-profile-final-client-test-…`.

mod api_token;
mod id_token;
mod logout;
mod provider;

use serde_json::Value;

pub use self::api_token::ApiTokenFault;
pub use self::id_token::IdTokenFault;
pub use self::logout::LogoutFault;
pub use self::provider::{
    CallbackFault, EndSessionFault, KeysFault, MetadataFault, TokenAnswerFault, UserinfoFault,
};

/// An enum of faults, and the list of all of them.
macro_rules! faults {
    ($(#[$about:meta])* $name:ident { $($(#[$doc:meta])* $fault:ident,)* }) => {
        $(#[$about])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum $name { $($(#[$doc])* $fault,)* }

        impl $name {
            /// Every one, for tests that try them all.
            pub const ALL: &'static [Self] = &[$(Self::$fault,)*];
        }
    };
}
use faults;

/// One way to be wrong while somebody signs in or out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// `/.well-known/openid-configuration`
    Metadata(MetadataFault),
    /// `/jwks`, and what is signed with its keys.
    Keys(KeysFault),
    /// The way back to the client.
    Callback(CallbackFault),
    /// `/token`, but for the ID token.
    TokenAnswer(TokenAnswerFault),
    IdToken(IdTokenFault),
    /// `/userinfo`
    Userinfo(UserinfoFault),
    /// The way back after the sign-out.
    EndSession(EndSessionFault),
}

/// So that a test can name the fault alone.
macro_rules! into_fault {
    ($($variant:ident: $kind:ty,)*) => {
        $(impl From<$kind> for Fault {
            fn from(fault: $kind) -> Self {
                Self::$variant(fault)
            }
        })*
    };
}
into_fault! {
    Metadata: MetadataFault,
    Keys: KeysFault,
    Callback: CallbackFault,
    TokenAnswer: TokenAnswerFault,
    IdToken: IdTokenFault,
    Userinfo: UserinfoFault,
    EndSession: EndSessionFault,
}

impl Fault {
    /// What it means for the ID token. `nonce_before` is that of the sign-in before.
    pub(super) fn spoils_id_token(
        self,
        client_id: &str,
        nonce_before: &str,
        now: i64,
    ) -> Option<Spoiled> {
        match self {
            Self::IdToken(fault) => Some(fault.spoils(client_id, nonce_before, now)),
            Self::Keys(fault) => fault.spoils(),
            Self::Metadata(_)
            | Self::Callback(_)
            | Self::TokenAnswer(_)
            | Self::Userinfo(_)
            | Self::EndSession(_) => None,
        }
    }

    /// What ID tokens are signed with, when it is not RS256. The provider says so in advance, so
    /// that only the client's own list can refuse it.
    pub(super) const fn alg(self) -> Option<Alg> {
        match self {
            Self::IdToken(IdTokenFault::AlgNone) => Some(Alg::None),
            Self::IdToken(IdTokenFault::Hs256) => Some(Alg::Hs256),
            Self::IdToken(IdTokenFault::Ps256) => Some(Alg::Ps256),
            Self::IdToken(IdTokenFault::Es256) => Some(Alg::Es256),
            Self::IdToken(_)
            | Self::Metadata(_)
            | Self::Keys(_)
            | Self::Callback(_)
            | Self::TokenAnswer(_)
            | Self::Userinfo(_)
            | Self::EndSession(_) => None,
        }
    }
}

/// The one part of a token that a fault changes.
#[derive(Debug, PartialEq)]
pub(super) enum Spoiled {
    /// A member of the header; `None` takes it away.
    Header(&'static str, Option<Value>),
    Claim(&'static str, Value),
    /// These claims are missing.
    Without(&'static [&'static str]),
    /// Another algorithm, in the header and in truth.
    Alg(Alg),
    /// The bytes of the signature.
    Signature,
    /// The key that signs.
    Key(Signer),
    /// What stands after the signature.
    Tail(&'static str),
}

/// How a token is signed, when it is not RS256.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Alg {
    None,
    /// With the client's secret.
    Hs256,
    Ps256,
    Es256,
}

impl Alg {
    /// Its name in headers and metadata (RFC 7518).
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Hs256 => "HS256",
            Self::Ps256 => "PS256",
            Self::Es256 => "ES256",
        }
    }
}

/// Who signs, when it is not the current key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Signer {
    /// A key that was in `/jwks` and no longer is. There is one after two rotations.
    Withdrawn,
    /// RSA with 1024 bits.
    Short,
    /// A stranger's key, which the token itself carries as `jwk`, under the current key's id.
    Embedded,
}

impl Spoiled {
    pub(super) const fn claim(name: &'static str, value: Value) -> Self {
        Self::Claim(name, value)
    }

    pub(super) const fn header(name: &'static str, value: Value) -> Self {
        Self::Header(name, Some(value))
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
