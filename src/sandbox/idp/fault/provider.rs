//! What can be wrong with the answers of the provider's addresses, other than the ID token.

use super::{Signer, Spoiled, faults};

faults! {
    /// What is wrong with the provider's metadata.
    MetadataFault {
        /// `oidcc-discovery-issuer-mismatch`, `fapi2-discovery-issuer-mismatch`
        WrongIssuer,
        /// Every address is at another host, over http.
        PlainHttp,
        NotJson,
        /// Good, but longer than 256 KiB.
        TooLarge,
        /// Good, but elsewhere.
        Redirect,
        /// Good, but after 20 seconds.
        Slow,
        /// 500
        ServerError,
    }
}

faults! {
    /// What is wrong with the published keys, or with how the provider uses them.
    KeysFault {
        NotJson,
        /// Good, but longer than 256 KiB.
        TooLarge,
        /// Good, but elsewhere.
        Redirect,
        /// Good, but after 20 seconds.
        Slow,
        /// 500
        ServerError,
        /// The key that signs has 1024 bits.
        ShortKey,
        /// `use` of the key that signs is `enc`.
        EncryptionKey,
        /// A stranger's key stands before the one that signs, under the same id.
        DuplicateKid,
        /// Two keys, and a token that does not say which: `oidcc-kid-absent-multiple-jwks`
        SeveralWithoutKid,
        /// Each token is signed with a key made for it, which `/jwks` has from that moment:
        /// `oidcc-signing-key-rotation-just-before-signing`
        RotatedBeforeSigning,
    }
}

impl KeysFault {
    /// What it means for the ID token.
    pub(in crate::sandbox::idp) const fn spoils(self) -> Option<Spoiled> {
        match self {
            Self::ShortKey => Some(Spoiled::Key(Signer::Short)),
            Self::SeveralWithoutKid => Some(Spoiled::Header("kid", None)),
            Self::NotJson
            | Self::TooLarge
            | Self::Redirect
            | Self::Slow
            | Self::ServerError
            | Self::EncryptionKey
            | Self::DuplicateKid
            | Self::RotatedBeforeSigning => None,
        }
    }
}

faults! {
    /// What is wrong with the parameters that the browser brings back.
    CallbackFault {
        /// Another provider (RFC 9207): `fapi2-invalid-authorization-response-iss`
        WrongIssuer,
        /// None, though announced: `fapi2-remove-authorization-response-iss`
        MissingIssuer,
        /// `fapi2-ensure-authorization-response-with-invalid-state-fails`
        WrongState,
        /// `fapi2-ensure-authorization-response-with-invalid-missing-state-fails`
        MissingState,
        /// An error in place of the code.
        Denied,
        /// A code that works, and an error beside it.
        CodeWithError,
    }
}

faults! {
    /// What is wrong with the answer that brings the tokens.
    TokenAnswerFault {
        NoIdToken,
        /// `token_type` is none that the client knows.
        WrongTokenType,
        /// `bearer`, which is good (RFC 6749 5.1): `fapi2-token-type-case-insensitivity`
        LowerCaseTokenType,
        /// Which may be left out: `fapi2-token-endpoint-response-without-expires_in`
        NoExpiresIn,
        NotJson,
        /// Good, but longer than 256 KiB.
        TooLarge,
        /// To the same address, where the code has been spent.
        Redirect,
        /// Good, but after 20 seconds.
        Slow,
        /// 400 `invalid_grant`
        Refused,
        /// 500
        ServerError,
    }
}

faults! {
    /// What is wrong with the answer about a person.
    UserinfoFault {
        /// Somebody else: `oidcc-userinfo-invalid-sub`
        OtherSubject,
    }
}

faults! {
    /// What is wrong with the way back after the sign-out.
    EndSessionFault {
        /// `oidcc-rp-init-logout-other-state`
        OtherState,
        /// `oidcc-rp-init-logout-no-state`
        NoState,
    }
}
