//! `/merchants/{id}/documents/new`: an accountant of the platform publishes a document.

use actix_session::Session;
use actix_web::HttpRequest;
use actix_web::web::Data;
use askama::Template;
use diesel::PgConnection;

use crate::documents::commands::{Pdf, Published};
use crate::documents::display;
use crate::documents::door::Door;
use crate::documents::form::{self, PublishForm};
use crate::documents::model::{Kind, Source};
use crate::documents::queries;
use crate::kernel::{Error, Right, Texts};
use crate::store::OBJECT_BYTES_MAX;
use crate::web::{
    App, Client, Faults, Flash, Html, Shell, Ui, Upload, html, invalid, see_other, set_flash,
};

const MEGABYTES_MAX: usize = OBJECT_BYTES_MAX / 1024 / 1024;

/// The longest body that carries a document.
pub const BODY_BYTES_MAX: usize = OBJECT_BYTES_MAX + 1024 * 1024;

#[derive(Template)]
#[template(path = "documents/new.html")]
struct PublishPage {
    shell: Shell,
    t: &'static Texts,
    base: String,
    merchant: String,
    form: PublishForm,
    faults: Faults,
}

impl PublishPage {
    fn kinds(&self) -> Vec<(&'static str, String, bool)> {
        let choice = |kind: &Kind| {
            let is_chosen = self.form.kind == kind.as_str();
            (kind.as_str(), display::kind(*kind, self.t), is_chosen)
        };
        Kind::ALL.iter().map(choice).collect()
    }
}

/// Refuses who may look and not publish.
fn check(door: &Door) -> Result<(), Error> {
    if door.may(Right::PublishDocuments) {
        Ok(())
    } else {
        Err(Error::Forbidden(Some(Right::PublishDocuments)))
    }
}

/// `GET`: the form.
pub async fn new(door: Door, shell: Shell, app: Data<App>) -> Html {
    check(&door)?;
    let scope = door.scope;
    let read = move |conn: &mut PgConnection| {
        let merchant = queries::merchant_name(conn, scope)?;
        Ok((
            merchant,
            queries::merchant_currency(conn, scope)?,
            queries::merchant_zone(conn, scope)?,
        ))
    };
    let (merchant, currency, zone) = app.db.run(scope.tenants(), read).await?;
    let today = shell.now.with_timezone(&zone).date_naive();
    html(&PublishPage {
        t: shell.t,
        shell,
        base: door.base,
        merchant,
        form: PublishForm {
            kind: Kind::Invoice.as_str().to_owned(),
            issued_on: today.to_string(),
            currency,
            ..PublishForm::default()
        },
        faults: Faults::default(),
    })
}

/// `POST`: publishes, or the same form with what is wrong.
pub async fn create(
    door: Door,
    req: HttpRequest,
    app: Data<App>,
    client: Client,
    session: Session,
    upload: Upload,
) -> Html {
    check(&door)?;
    app.limits.documents.take(&door.principal.user_id)?;
    let text = |name: &str| upload.text(name).to_owned();
    let form = PublishForm {
        kind: text("kind"),
        provider: text("provider"),
        number: text("number"),
        period_from: text("period_from"),
        period_until: text("period_until"),
        issued_on: text("issued_on"),
        due_on: text("due_on"),
        currency: text("currency"),
        total: text("total"),
        corrects: text("corrects"),
        ..PublishForm::default()
    };
    let (scope, t) = (door.scope, Ui::of(&req).lang.texts());
    let writer = door.writer(&client, &app);
    let zone = app.db.run(scope.tenants(), move |conn| queries::merchant_zone(conn, scope)).await?;
    let today = writer.now.with_timezone(&zone).date_naive();
    let bytes = upload.into_file().map(|file| file.bytes.to_vec());
    let mut faults = Faults::default();
    let meant = match form.validate(Source::Page, today, t) {
        Ok(meant) => {
            if let Some(refusal) = meant.refusal() {
                let (field, words) = form::refusal(refusal, t);
                faults.add(field, words);
            }
            Some(meant)
        }
        Err(found) => {
            faults = found;
            None
        }
    };
    let pdf = match bytes {
        None => Err(t.msg_doc_fault_file_missing()),
        Some(bytes) => Pdf::read(bytes).map_err(|refusal| form::refusal(refusal, t).1),
    };
    let pdf = faults.keep("file", pdf);
    if let (Some(meant), Some(pdf)) = (meant, pdf)
        && faults.is_empty()
    {
        let kept = app.store.keep(scope.merchant_id(), pdf.into_bytes()).await?;
        let work = move |conn: &mut PgConnection| meant.publish(conn, scope, &writer, &kept);
        match app.db.run(scope.tenants(), work).await? {
            Published::New(document) => {
                set_flash(&session, &Flash::DocumentPublished { number: document.number })?;
                return Ok(see_other(format!("{}/{}", door.base, document.id)));
            }
            Published::Same(document) => {
                set_flash(&session, &Flash::DocumentThere { number: document.number })?;
                return Ok(see_other(format!("{}/{}", door.base, document.id)));
            }
            Published::Refused(refusal) => {
                let (field, words) = form::refusal(refusal, t);
                faults.add(field, words);
            }
        }
    }
    again(&door, &req, &app, form, faults).await
}

/// The same form, with everything that was typed; a file can't be put back into a form.
async fn again(
    door: &Door,
    req: &HttpRequest,
    app: &App,
    form: PublishForm,
    mut faults: Faults,
) -> Html {
    let shell = Shell::of(req)?;
    if faults.of("file").is_none() {
        faults.add("file", shell.t.msg_doc_fault_file_again());
    }
    let scope = door.scope;
    let merchant =
        app.db.run(scope.tenants(), move |conn| queries::merchant_name(conn, scope)).await?;
    invalid(&PublishPage { t: shell.t, shell, base: door.base.clone(), merchant, form, faults })
}
