//! Extractors: a handler that asks for one runs only for who may. No extractor, no scope.

use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};

use super::principal::{Principal, Reach, Right, StaffRole};
use super::scope::{ManagedScope, MerchantScope};
use super::session;
use crate::kernel::{Error, UserId};

/// Proof that somebody is signed in, whoever it is.
pub struct SignedIn(pub Principal);

/// Proof that the request comes from a user of one merchant.
pub struct MerchantUser {
    principal: Principal,
}

/// Proof that the request comes from a success manager.
pub struct SuccessManager {
    principal: Principal,
}

impl MerchantUser {
    #[must_use]
    pub const fn user_id(&self) -> UserId {
        self.principal.user_id
    }

    #[must_use]
    pub const fn principal(&self) -> &Principal {
        &self.principal
    }

    /// Whether `right` is the user's, so that a page can leave out what can't be done.
    #[must_use]
    pub fn may(&self, right: Right) -> bool {
        self.scope(right).is_ok()
    }

    /// The rows that the user may touch with `right`.
    ///
    /// # Errors
    /// [`Error::Forbidden`] where the role does not have the right at all.
    pub fn scope(&self, right: Right) -> Result<MerchantScope, Error> {
        let membership = self.principal.current().ok_or(Error::Forbidden)?;
        match membership.role.reach(right) {
            Reach::None => Err(Error::Forbidden),
            Reach::Own => Ok(MerchantScope::new(membership.merchant_id, Some(self.user_id()))),
            Reach::All => Ok(MerchantScope::new(membership.merchant_id, None)),
        }
    }
}

impl SuccessManager {
    #[must_use]
    pub const fn user_id(&self) -> UserId {
        self.principal.user_id
    }

    #[must_use]
    pub const fn principal(&self) -> &Principal {
        &self.principal
    }

    #[must_use]
    pub fn scope(&self) -> ManagedScope {
        ManagedScope::new(self.principal.managed.clone())
    }
}

fn signed_in(req: &HttpRequest) -> Result<Principal, Error> {
    session::principal(req)?.ok_or(Error::SignInRequired)
}

impl FromRequest for SignedIn {
    type Error = Error;
    type Future = Ready<Result<Self, Error>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(signed_in(req).map(Self))
    }
}

impl FromRequest for MerchantUser {
    type Error = Error;
    type Future = Ready<Result<Self, Error>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(signed_in(req).and_then(|principal| {
            let is_merchants = principal.staff.is_none() && principal.current().is_some();
            if is_merchants { Ok(Self { principal }) } else { Err(Error::Forbidden) }
        }))
    }
}

impl FromRequest for SuccessManager {
    type Error = Error;
    type Future = Ready<Result<Self, Error>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(signed_in(req).and_then(|principal| {
            let is_manager = principal.staff == Some(StaffRole::SuccessManager);
            if is_manager { Ok(Self { principal }) } else { Err(Error::Forbidden) }
        }))
    }
}
