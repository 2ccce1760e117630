//! The pages: the originators; one's settings with their preview and history; its logo; and the short
//! way through it before a first request.

pub mod edit;
pub mod first;
pub mod list;
pub mod logo;

use diesel::PgConnection;

use super::queries::{self, Originator};
use crate::auth::MerchantScope;
use crate::email_payments::page_setting::{MerchantView, PageSettings, merchant};
use crate::kernel::{Error, OriginatorId};

const LIST: &str = "/settings/payment-page";

/// An id that is none answers like one that is unknown.
fn id_of(path: &str) -> Result<OriginatorId, Error> {
    path.parse().map_err(|_| Error::NotFound)
}

/// Whose page it is, and what counts for it.
struct Facts {
    merchant: MerchantView,
    originator: Originator,
    /// 0: nothing was ever saved.
    version: i32,
    settings: PageSettings,
}

impl Facts {
    /// # Errors
    /// [`Error::NotFound`]: the merchant has no such originator.
    fn read(
        conn: &mut PgConnection,
        scope: MerchantScope,
        id: OriginatorId,
    ) -> Result<Self, Error> {
        let merchant = merchant(conn, scope.merchant_id())?;
        let originator = queries::originator(conn, scope, id)?;
        let (version, settings) = queries::standing(conn, &merchant, &originator)?;
        Ok(Self { merchant, originator, version, settings })
    }

    /// Where the backoffice shows the logo; another logo has another address.
    fn logo(&self) -> Option<String> {
        let logo = self.settings.logo?;
        Some(format!("{LIST}/{}/logo.png?v={logo}", self.originator.id))
    }
}
