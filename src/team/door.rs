//! The two doors of a team: `/settings/team` for its owners, `/merchants/{id}/team` for the
//! platform's people who look after the merchant. Behind them everything is the same.

use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};

use super::commands::Writer;
use super::model::Authority;
use crate::auth::{MerchantScope, MerchantUser, Principal, Staff};
use crate::kernel::{Error, InvitationId, MerchantId, Right, UserId};
use crate::web::{App, Client};

/// Proof that the request may manage one team, and how far.
pub struct Door {
    pub principal: Principal,
    pub scope: MerchantScope,
    pub authority: Authority,
    /// The address of the team's page: the others begin with it.
    pub base: String,
    req: HttpRequest,
}

impl Door {
    fn of(req: &HttpRequest, payload: &mut Payload) -> Result<Self, Error> {
        let (principal, scope, base) = match req.match_info().get("id") {
            None => {
                let user = MerchantUser::from_request(req, payload).into_inner()?;
                let scope = user.scope(Right::ManageTeam)?;
                (user.principal().clone(), scope, "/settings/team".to_owned())
            }
            Some(id) => {
                let user = Staff::from_request(req, payload).into_inner()?;
                let id: MerchantId = id.parse().map_err(|_| Error::NotFound)?;
                let scope = user.scope(Right::ManageTeam)?.merchant(id)?;
                (user.principal().clone(), scope, format!("/merchants/{id}/team"))
            }
        };
        let authority = Authority::of(&principal).ok_or(Error::Forbidden(None))?;
        Ok(Self { principal, scope, authority, base, req: req.clone() })
    }

    #[must_use]
    pub fn is_staffs(&self) -> bool {
        self.authority == Authority::Platform
    }

    /// The member whom the address names.
    pub fn member(&self) -> Result<UserId, Error> {
        self.req.match_info().query("user").parse().map_err(|_| Error::NotFound)
    }

    /// The invitation that the address names.
    pub fn invitation(&self) -> Result<InvitationId, Error> {
        self.req.match_info().query("invitation").parse().map_err(|_| Error::NotFound)
    }

    pub fn writer(&self, client: &Client, app: &App) -> Writer {
        Writer {
            by: client.user(&self.principal),
            user_id: self.principal.user_id,
            is_staff: self.is_staffs(),
            now: app.clock.now(),
        }
    }

    /// Where the writer goes on: not to the team's page after giving up the right to see it.
    #[must_use]
    pub fn after_changing(&self, user_id: UserId) -> &str {
        if user_id == self.principal.user_id { "/" } else { &self.base }
    }
}

impl FromRequest for Door {
    type Error = Error;
    type Future = Ready<Result<Self, Error>>;

    fn from_request(req: &HttpRequest, payload: &mut Payload) -> Self::Future {
        ready(Self::of(req, payload))
    }
}
