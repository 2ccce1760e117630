//! Who changes one payment: what every handler below `/processing/email-payments/{id}/…` needs.

use std::future::{Ready, ready};

use actix_session::{Session, SessionExt as _};
use actix_web::dev::Payload;
use actix_web::web::Data;
use actix_web::{FromRequest, HttpRequest};
use chrono::{DateTime, Utc};
use diesel::PgConnection;

use super::super::commands::Writer;
use super::super::model::EmailPayment;
use super::super::queries;
use super::{LIST, writer};
use crate::auth::{MerchantScope, MerchantUser};
use crate::kernel::{EmailPaymentId, Error, Right};
use crate::web::{App, Client, Flash, Html, Shell, see_other, set_flash};

/// Somebody who may change payments, on a page of one of them. Whether it is there, and theirs, the
/// first question to the database tells.
pub struct Editor {
    pub app: Data<App>,
    pub scope: MerchantScope,
    pub id: EmailPaymentId,
    pub user: MerchantUser,
    pub session: Session,
    /// The instant that is written down: lengths of time count from it.
    pub now: DateTime<Utc>,
    client: Client,
    req: HttpRequest,
}

impl Editor {
    fn of(req: &HttpRequest) -> Result<Self, Error> {
        let user = MerchantUser::of(req)?;
        let app = req.app_data::<Data<App>>().ok_or_else(|| Error::internal("no App"))?;
        // An id that is none answers like one that is unknown.
        let id = req.match_info().get("id").and_then(|id| id.parse().ok());
        Ok(Self {
            scope: user.scope(Right::WriteEmailPayments)?,
            id: id.ok_or(Error::NotFound)?,
            now: app.clock.now(),
            app: app.clone(),
            session: req.get_session(),
            client: Client::of(req),
            req: req.clone(),
            user,
        })
    }

    pub fn shell(&self) -> Result<Shell, Error> {
        Shell::of(&self.req)
    }

    fn writer(&self) -> Writer {
        Writer { now: self.now, ..writer(&self.user, &self.client, &self.app) }
    }

    pub async fn payment(&self) -> Result<EmailPayment, Error> {
        let (scope, id) = (self.scope, self.id);
        self.app.db.run(scope.tenants(), move |conn| queries::get(conn, scope, id)).await
    }

    /// One unit of work in this user's name, now.
    pub async fn act<T: Send + 'static>(
        &self,
        act: impl FnOnce(&mut PgConnection, MerchantScope, &Writer, EmailPaymentId) -> Result<T, Error>
        + Send
        + 'static,
    ) -> Result<T, Error> {
        let (scope, id, writer) = (self.scope, self.id, self.writer());
        self.app.db.run(scope.tenants(), move |conn| act(conn, scope, &writer, id)).await
    }

    /// Back to the payment's page, which tells what was done.
    pub fn done(&self, flash: &Flash) -> Html {
        set_flash(&self.session, flash)?;
        Ok(see_other(format!("{LIST}/{}", self.id)))
    }
}

impl FromRequest for Editor {
    type Error = Error;
    type Future = Ready<Result<Self, Error>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Self::of(req))
    }
}
