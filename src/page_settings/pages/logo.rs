//! `/settings/payment-page/{originator}/logo`: the logo goes on its own, so that what is typed beside it
//! is never sent with a file.

use actix_session::Session;
use actix_web::HttpRequest;
use actix_web::web::{self, Data, Path};
use askama::Template;
use diesel::PgConnection;

use super::{Facts, LIST, id_of};
use crate::auth::{MerchantScope, MerchantUser};
use crate::email_payments::logo_bytes;
use crate::kernel::{Error, OriginatorId, Right, Texts};
use crate::page_settings::{commands, logo};
use crate::web::checked_files::{self, FILE_BYTES_MAX, Refusal};
use crate::web::{
    App, Client, Faults, Flash, Html, Shell, Ui, Upload, UploadedFile, html, invalid, png,
    see_other, set_flash,
};

/// A file, and what a form says besides.
pub const BODY_BYTES_MAX: usize = FILE_BYTES_MAX + 64 * 1024;

#[derive(Template)]
#[template(path = "page_settings/logo.html")]
struct LogoPage {
    shell: Shell,
    t: &'static Texts,
    facts: Facts,
    faults: Faults,
}

impl LogoPage {
    async fn new(
        scope: MerchantScope,
        id: OriginatorId,
        shell: Shell,
        app: &App,
        faults: Faults,
    ) -> Result<Self, Error> {
        let read = move |conn: &mut PgConnection| Facts::read(conn, scope, id);
        let facts = app.db.run(scope.tenants(), read).await?;
        Ok(Self { t: shell.t, shell, facts, faults })
    }

    fn base(&self) -> String {
        format!("{LIST}/{}", self.facts.originator.id)
    }
}

/// `GET /settings/payment-page/{originator}/logo`
pub async fn ask(user: MerchantUser, shell: Shell, app: Data<App>, path: Path<String>) -> Html {
    let scope = user.scope(Right::WritePageSettings)?;
    html(&LogoPage::new(scope, id_of(&path)?, shell, &app, Faults::default()).await?)
}

/// `POST /settings/payment-page/{originator}/logo`: another one, or none with the button `remove`.
pub async fn replace(
    user: MerchantUser,
    req: HttpRequest,
    app: Data<App>,
    client: Client,
    session: Session,
    path: Path<String>,
    upload: Upload,
) -> Html {
    let scope = user.scope(Right::WritePageSettings)?;
    let (id, t) = (id_of(&path)?, Ui::of(&req).lang.texts());
    let writer = client.writer(user.principal(), &app);
    let kept = if upload.text("action") == "remove" {
        None
    } else {
        app.limits.uploads.take(&user.user_id())?;
        match made(upload.into_file(), t).await? {
            Ok(bytes) => Some(app.store.keep(scope.merchant_id(), bytes).await?),
            Err(words) => {
                let (shell, mut faults) = (Shell::of(&req)?, Faults::default());
                faults.add("file", words);
                return invalid(&LogoPage::new(scope, id, shell, &app, faults).await?);
            }
        }
    };
    let work = move |conn: &mut PgConnection| {
        commands::change_logo(conn, scope, &writer, id, kept.as_ref())
    };
    let originator = app.db.run(scope.tenants(), work).await?;
    set_flash(&session, &Flash::PageSettingsSaved { originator })?;
    Ok(see_other(format!("{LIST}/{id}")))
}

/// The picture that is kept, or why there is none.
async fn made(
    file: Option<UploadedFile>,
    t: &'static Texts,
) -> Result<Result<Vec<u8>, String>, Error> {
    let Some(UploadedFile { name, bytes }) = file else {
        return Ok(Err(t.msg_paypage_fault_no_file()));
    };
    let make = move || {
        logo::made(&name, &bytes).map_err(|refusal| {
            let shown = checked_files::shown(&name);
            if refusal == Refusal::Kind {
                t.msg_paypage_fault_logo_kind(shown)
            } else {
                refusal.words(&shown, t)
            }
        })
    };
    web::block(make).await.map_err(Error::internal)
}

/// `GET /settings/payment-page/{originator}/logo.png`
pub async fn picture(user: MerchantUser, app: Data<App>, path: Path<String>) -> Html {
    let scope = user.scope(Right::ViewPageSettings)?;
    let (id, store) = (id_of(&path)?, app.store.clone());
    let read = move |conn: &mut PgConnection| {
        let logo = Facts::read(conn, scope, id)?.settings.logo.ok_or(Error::NotFound)?;
        logo_bytes(conn, &store, scope.merchant_id(), logo)
    };
    Ok(png(app.db.run(scope.tenants(), read).await?))
}
