//! Extractors: a handler that asks for one runs only for who may. No extractor, no scope.

use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};

use super::matrix::Reach;
use super::principal::Principal;
use super::scope::{ManagedScope, MerchantScope, SupportScope};
use super::session;
use crate::kernel::{Error, Right, UserId};

/// Proof that somebody is signed in, whoever it is.
pub struct SignedIn(pub Principal);

/// Proof that the request comes from a user of one merchant.
pub struct MerchantUser {
    principal: Principal,
}

/// Proof that the request comes from a person of the platform.
pub struct Staff {
    principal: Principal,
}

impl MerchantUser {
    /// Who sends a request, where it is somebody of a merchant.
    ///
    /// # Errors
    /// [`Error::SignInRequired`]; [`Error::Forbidden`] for staff and who works for nobody.
    pub fn of(req: &HttpRequest) -> Result<Self, Error> {
        let principal = signed_in(req)?;
        let is_merchants = principal.staff.is_none() && principal.current().is_some();
        if is_merchants { Ok(Self { principal }) } else { Err(Error::Forbidden(None)) }
    }

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
        self.principal.may(right)
    }

    /// What is the user's own at the merchant, whatever the role.
    ///
    /// # Errors
    /// [`Error::Forbidden`]: they work for no merchant.
    pub fn own(&self) -> Result<MerchantScope, Error> {
        let membership = self.principal.current().ok_or(Error::Forbidden(None))?;
        Ok(MerchantScope::new(membership.merchant_id, Some(self.user_id())))
    }

    /// The rows that the user may touch with `right`.
    ///
    /// # Errors
    /// [`Error::Forbidden`] where the role does not have the right at all.
    pub fn scope(&self, right: Right) -> Result<MerchantScope, Error> {
        let membership = self.principal.current().ok_or(Error::Forbidden(Some(right)))?;
        match membership.role.reach(right) {
            Reach::None => Err(Error::Forbidden(Some(right))),
            Reach::Own => Ok(MerchantScope::new(membership.merchant_id, Some(self.user_id()))),
            Reach::All => Ok(MerchantScope::new(membership.merchant_id, None)),
        }
    }
}

/// The user's other merchants, where their role there has all of `right`: for what a link leads to while
/// another merchant is chosen.
#[must_use]
pub fn elsewhere(principal: &Principal, right: Right) -> Vec<MerchantScope> {
    let current = principal.current().map(|current| current.merchant_id);
    principal
        .merchants
        .iter()
        .filter(|one| Some(one.merchant_id) != current && one.role.reach(right) == Reach::All)
        .map(|one| MerchantScope::new(one.merchant_id, None))
        .collect()
}

impl Staff {
    /// Who sends a request, where it is somebody of the platform.
    ///
    /// # Errors
    /// [`Error::SignInRequired`]; [`Error::Forbidden`] for everybody else.
    pub fn of(req: &HttpRequest) -> Result<Self, Error> {
        let principal = signed_in(req)?;
        if principal.staff.is_some() { Ok(Self { principal }) } else { Err(Error::Forbidden(None)) }
    }

    /// The tickets of all merchants.
    ///
    /// # Errors
    /// [`Error::Forbidden`] where the role does not answer tickets.
    pub fn support(&self) -> Result<SupportScope, Error> {
        if self.principal.may(Right::UseTickets) {
            Ok(SupportScope::new())
        } else {
            Err(Error::Forbidden(Some(Right::UseTickets)))
        }
    }

    #[must_use]
    pub const fn user_id(&self) -> UserId {
        self.principal.user_id
    }

    #[must_use]
    pub const fn principal(&self) -> &Principal {
        &self.principal
    }

    /// The merchants that the user looks after, for what `right` allows.
    ///
    /// # Errors
    /// [`Error::Forbidden`] where the role does not have the right.
    pub fn scope(&self, right: Right) -> Result<ManagedScope, Error> {
        if self.principal.may(right) {
            Ok(ManagedScope::new(self.principal.managed.clone()))
        } else {
            Err(Error::Forbidden(Some(right)))
        }
    }

    /// One merchant that the user manages, by the address.
    ///
    /// # Errors
    /// [`Error::Forbidden`] where the role manages none; [`Error::NotFound`] for every other merchant and
    /// for what is no id.
    pub fn managed(&self, id: &str) -> Result<MerchantScope, Error> {
        let id = id.parse().map_err(|_| Error::NotFound)?;
        self.scope(Right::ManageMerchants)?.merchant(id)
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
        ready(Self::of(req))
    }
}

impl FromRequest for Staff {
    type Error = Error;
    type Future = Ready<Result<Self, Error>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Self::of(req))
    }
}
