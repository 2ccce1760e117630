//! The two doors to a merchant's documents: `/accounting/documents` for its users,
//! `/merchants/{id}/documents` for the platform's people who look after it. Behind them everything is
//! the same.

use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};

use super::LIST;
use super::commands::Writer;
use super::filter::Viewer;
use crate::auth::{MerchantScope, MerchantUser, Principal, Staff};
use crate::kernel::{DocumentId, Error, MerchantId, Right};
use crate::web::{App, Client, Shell};

/// Proof that the request may see one merchant's documents.
pub struct Door {
    pub principal: Principal,
    pub scope: MerchantScope,
    /// The address of the list: the others begin with it.
    pub base: String,
    req: HttpRequest,
}

impl Door {
    fn of(req: &HttpRequest, payload: &mut Payload) -> Result<Self, Error> {
        let (principal, scope, base) = match req.match_info().get("id") {
            None => {
                let user = MerchantUser::from_request(req, payload).into_inner()?;
                let scope = user.scope(Right::ViewDocuments)?;
                (user.principal().clone(), scope, LIST.to_owned())
            }
            Some(id) => {
                let user = Staff::from_request(req, payload).into_inner()?;
                let id: MerchantId = id.parse().map_err(|_| Error::NotFound)?;
                let scope = user.scope(Right::ViewDocuments)?.merchant(id)?;
                (user.principal().clone(), scope, format!("/merchants/{id}/documents"))
            }
        };
        Ok(Self { principal, scope, base, req: req.clone() })
    }

    #[must_use]
    pub const fn is_staffs(&self) -> bool {
        self.principal.staff.is_some()
    }

    #[must_use]
    pub fn may(&self, right: Right) -> bool {
        self.principal.may(right)
    }

    /// The document that the address names.
    pub fn document(&self) -> Result<DocumentId, Error> {
        self.req.match_info().query("document").parse().map_err(|_| Error::NotFound)
    }

    /// Whether the request asks for the head only: nothing is noted by it.
    #[must_use]
    pub fn is_head(&self) -> bool {
        self.req.method() == actix_web::http::Method::HEAD
    }

    #[must_use]
    pub fn viewer(&self, shell: &Shell) -> Viewer {
        Viewer { user_id: self.principal.user_id, zone: shell.zone }
    }

    #[must_use]
    pub fn request(&self) -> &HttpRequest {
        &self.req
    }

    #[must_use]
    pub fn writer(&self, client: &Client, app: &App) -> Writer {
        Writer {
            by: client.user(&self.principal),
            user_id: Some(self.principal.user_id),
            program: None,
            now: app.clock.now(),
        }
    }
}

impl FromRequest for Door {
    type Error = Error;
    type Future = Ready<Result<Self, Error>>;

    fn from_request(req: &HttpRequest, payload: &mut Payload) -> Self::Future {
        ready(Self::of(req, payload))
    }
}
