//! The two doors to one ticket: `/support/tickets/{number}` for the merchant's people,
//! `/merchants/{id}/tickets/{number}` for support. Behind them the page is the same but for what support
//! alone sees.

use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::web::Data;
use actix_web::{FromRequest, HttpRequest};

use super::LIST;
use super::commands::Writer;
use super::filter::{Asker, Sight};
use crate::auth::{MerchantUser, Principal, Staff, SupportScope};
use crate::db::Tenants;
use crate::kernel::{Error, MerchantId, Right};
use crate::web::{App, Client};

/// Somebody of a merchant who may look at tickets.
pub fn asker(user: &MerchantUser) -> Result<Asker, Error> {
    let current = user.principal().current();
    let role = current.ok_or(Error::Forbidden(Some(Right::UseTickets)))?.role;
    Ok(Asker { scope: user.scope(Right::UseTickets)?, user_id: user.user_id(), role })
}

/// Who writes, by a request.
pub fn writer(req: &HttpRequest, principal: &Principal) -> Result<Writer, Error> {
    let app = req.app_data::<Data<App>>().ok_or_else(|| Error::internal("no App"))?;
    Ok(Writer {
        by: Client::of(req).user(principal),
        user_id: principal.user_id,
        now: app.clock.now(),
        hours: app.support_hours.clone(),
    })
}

/// Proof that the request comes from somebody who may look at the merchant's tickets. Whether at the
/// one that the address names is told by the ticket's row.
pub struct Door {
    pub principal: Principal,
    pub sight: Sight,
    pub merchant_id: MerchantId,
    pub number: i64,
    /// The ticket's own address.
    pub address: String,
    req: HttpRequest,
}

impl Door {
    fn of(req: &HttpRequest) -> Result<Self, Error> {
        let number = req.match_info().query("number");
        // `017` would be a second address of the same ticket.
        let parsed = number.parse::<i64>().ok().filter(|parsed| parsed.to_string() == number);
        let number = || parsed.ok_or(Error::NotFound);
        match req.match_info().get("id") {
            None => {
                let user = MerchantUser::of(req)?;
                let (asker, number) = (asker(&user)?, number()?);
                Ok(Self {
                    principal: user.principal().clone(),
                    sight: Sight::Merchant(asker),
                    merchant_id: asker.scope.merchant_id(),
                    number,
                    address: format!("{LIST}/{number}"),
                    req: req.clone(),
                })
            }
            Some(id) => {
                let user = Staff::of(req)?;
                let (scope, number) = (user.support()?, number()?);
                let id: MerchantId = id.parse().map_err(|_| Error::NotFound)?;
                Ok(Self {
                    principal: user.principal().clone(),
                    sight: Sight::Support(scope),
                    merchant_id: id,
                    number,
                    address: format!("/merchants/{id}/tickets/{number}"),
                    req: req.clone(),
                })
            }
        }
    }

    /// For this ticket and what belongs to it.
    #[must_use]
    pub fn tenants(&self) -> Tenants {
        match self.sight {
            Sight::Merchant(asker) => asker.scope.tenants(),
            Sight::Support(scope) => scope.tenants_of(self.merchant_id),
        }
    }

    /// # Errors
    /// [`Error::Forbidden`] for everybody else.
    pub fn support(&self) -> Result<SupportScope, Error> {
        match self.sight {
            Sight::Support(scope) => Ok(scope),
            Sight::Merchant(_) => Err(Error::Forbidden(Some(Right::UseTickets))),
        }
    }

    /// # Errors
    /// [`Error::Forbidden`] for everybody else.
    pub fn asker(&self) -> Result<Asker, Error> {
        match self.sight {
            Sight::Merchant(asker) => Ok(asker),
            Sight::Support(_) => Err(Error::Forbidden(Some(Right::UseTickets))),
        }
    }

    pub fn writer(&self) -> Result<Writer, Error> {
        writer(&self.req, &self.principal)
    }

    #[must_use]
    pub fn request(&self) -> &HttpRequest {
        &self.req
    }
}

impl FromRequest for Door {
    type Error = Error;
    type Future = Ready<Result<Self, Error>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Self::of(req))
    }
}
