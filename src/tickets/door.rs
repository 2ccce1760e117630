//! The doors to one ticket: `/support/tickets/{number}` for the merchant's people,
//! `/portfolio/{merchant}/tickets/{number}` for who looks after the merchant,
//! `/merchants/{id}/tickets/{number}` for support. Behind them the page is the same but for what support
//! alone sees.

use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::web::Data;
use actix_web::{FromRequest, HttpRequest};

use super::LIST;
use super::commands::Writer;
use super::filter::{Asker, Sight};
use crate::auth::{MerchantScope, MerchantUser, Principal, Staff, SupportScope};
use crate::db::Tenants;
use crate::kernel::{Error, MerchantId, Right};
use crate::web::{App, Client};

/// Somebody of a merchant who may look at tickets.
pub fn asker(user: &MerchantUser) -> Result<Asker, Error> {
    let current = user.principal().current();
    let role = current.ok_or(Error::Forbidden(Some(Right::UseTickets)))?.role;
    Ok(Asker { scope: user.scope(Right::UseTickets)?, user_id: user.user_id(), role })
}

/// The merchant that the address names, for who looks after it.
///
/// # Errors
/// [`Error::NotFound`] for every other.
pub fn looked_after(user: &Staff, req: &HttpRequest) -> Result<MerchantScope, Error> {
    user.managed(req.match_info().query("merchant"))
}

/// Where who looks after a merchant finds its tickets.
#[must_use]
pub fn portfolio(id: MerchantId) -> String {
    format!("/portfolio/{id}/tickets")
}

/// The page of a merchant, for who looks after it.
#[must_use]
pub fn merchant_page(id: MerchantId) -> String {
    format!("/merchants/{id}")
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
    /// Where the merchant's tickets stand by their number.
    pub base: String,
    /// The ticket's own address.
    pub address: String,
    req: HttpRequest,
}

impl Door {
    fn of(req: &HttpRequest) -> Result<Self, Error> {
        let number = req.match_info().query("number");
        // `017` would be a second address of the same ticket.
        let parsed = number.parse::<i64>().ok().filter(|parsed| parsed.to_string() == number);
        let (principal, sight, merchant_id, base) =
            match (req.match_info().get("id"), req.match_info().get("merchant")) {
                (Some(id), _) => {
                    let user = Staff::of(req)?;
                    let scope = user.support()?;
                    let id: MerchantId = id.parse().map_err(|_| Error::NotFound)?;
                    let base = format!("/merchants/{id}/tickets");
                    (user.principal().clone(), Sight::Support(scope), id, base)
                }
                (None, Some(_)) => {
                    let user = Staff::of(req)?;
                    let scope = looked_after(&user, req)?;
                    let id = scope.merchant_id();
                    (user.principal().clone(), Sight::Manager(scope), id, portfolio(id))
                }
                (None, None) => {
                    let user = MerchantUser::of(req)?;
                    let asker = asker(&user)?;
                    let id = asker.scope.merchant_id();
                    (user.principal().clone(), Sight::Merchant(asker), id, LIST.to_owned())
                }
            };
        let number = parsed.ok_or(Error::NotFound)?;
        let address = format!("{base}/{number}");
        Ok(Self { principal, sight, merchant_id, number, base, address, req: req.clone() })
    }

    /// For this ticket and what belongs to it.
    #[must_use]
    pub fn tenants(&self) -> Tenants {
        match self.sight {
            Sight::Merchant(asker) => asker.scope.tenants(),
            Sight::Manager(scope) => scope.tenants(),
            Sight::Support(scope) => scope.tenants_of(self.merchant_id),
        }
    }

    /// # Errors
    /// [`Error::Forbidden`] for everybody else.
    pub fn support(&self) -> Result<SupportScope, Error> {
        match self.sight {
            Sight::Support(scope) => Ok(scope),
            Sight::Merchant(_) | Sight::Manager(_) => {
                Err(Error::Forbidden(Some(Right::UseTickets)))
            }
        }
    }

    /// # Errors
    /// [`Error::Forbidden`] for everybody else.
    pub fn asker(&self) -> Result<Asker, Error> {
        match self.sight {
            Sight::Merchant(asker) => Ok(asker),
            Sight::Support(_) | Sight::Manager(_) => Err(Error::Forbidden(Some(Right::UseTickets))),
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
