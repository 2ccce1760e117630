//! `/processing/email-payments/import`

use actix_web::web::{Bytes, Data};
use askama::Template;
use diesel::PgConnection;

use super::super::columns::Column;
use super::super::commands::{self, NewImport};
use super::super::display;
use super::super::file::{self, FILE_BYTES_MAX, ROWS_MAX};
use super::super::model::Settings;
use super::super::queries::Ground;
use super::{LIST, PAYMENTS, UPLOAD};
use crate::auth::{MerchantScope, MerchantUser};
use crate::crypto;
use crate::email_payments::making::DAYS_USUAL;
use crate::features::{self, Feature, OffNotice};
use crate::kernel::{Currency, Error, ImportId, Right, Texts, money_grouped};
use crate::web::{App, Client, Faults, Html, Shell, Upload, html, invalid, see_other};

/// Characters of a file's name that are kept.
const NAME_CHARS_MAX: usize = 120;
const MEGABYTES_MAX: usize = FILE_BYTES_MAX / 1024 / 1024;

#[derive(Template)]
#[template(path = "imports/new.html")]
struct UploadPage {
    shell: Shell,
    t: &'static Texts,
    faults: Faults,
    /// Makes the same form, sent twice, one import.
    form_id: ImportId,
    /// What was pasted; a file can't be put back into a form.
    pasted: String,
    has_originator: bool,
    /// The merchant has no email payments: nothing is made of a file.
    off: Option<OffNotice>,
}

impl UploadPage {
    /// Columns with what they hold; whether one can be left out.
    fn columns(&self) -> [(String, String, bool); 10] {
        let t = self.t;
        let row = |column: Column, hint: String, is_needed| (column.words(t), hint, is_needed);
        [
            row(Column::CustomerEmail, t.msg_imports_hint_email(), true),
            row(Column::Amount, t.msg_imports_hint_amount(), true),
            row(Column::Currency, t.msg_imports_hint_currency(), false),
            row(Column::CustomerName, String::new(), false),
            row(Column::OrderId, t.msg_imports_hint_order_id(), false),
            row(Column::Description, t.msg_form_description_hint(), false),
            row(Column::Message, String::new(), false),
            row(Column::Language, t.msg_imports_hint_language(), false),
            row(Column::ExpiresOn, t.msg_imports_hint_expires_on(), false),
            row(Column::Originator, t.msg_imports_hint_originator(), false),
        ]
    }

    fn rows_max(&self) -> String {
        money_grouped(ROWS_MAX as u64, self.shell.lang)
    }
}

/// `GET`: what a file must look like, and the form for it.
pub async fn new(user: MerchantUser, shell: Shell, app: Data<App>) -> Html {
    let scope = user.scope(Right::WriteEmailPayments)?;
    let read = move |conn: &mut PgConnection| Ground::read(conn, scope);
    let ground = app.db.run(scope.tenants(), read).await?;
    html(&UploadPage {
        off: switched_off(&app, scope, &shell).await?,
        t: shell.t,
        shell,
        faults: Faults::default(),
        form_id: ImportId::new(),
        pasted: String::new(),
        has_originator: !ground.originators.is_empty(),
    })
}

/// `POST`: reads the file, keeps its rows, and leads to the page that tells what would be made.
pub async fn create(
    user: MerchantUser,
    shell: Shell,
    app: Data<App>,
    client: Client,
    upload: Upload,
) -> Html {
    let scope = user.scope(Right::WriteEmailPayments)?;
    app.limits.uploads.take(&user.user_id())?;
    let form_id = upload.text("form_id").parse().map_err(|_| Error::Malformed("form_id"))?;
    let pasted = upload.text("pasted").to_owned();
    let off = switched_off(&app, scope, &shell).await?;
    if off.is_some() {
        return invalid(&UploadPage {
            t: shell.t,
            shell,
            faults: Faults::default(),
            form_id,
            pasted,
            has_originator: true,
            off,
        });
    }
    let (bytes, name) = match upload.into_file() {
        Some(file) => (file.bytes, name(&file.name)),
        None => (Bytes::from(pasted.clone()), String::new()),
    };
    let again = |words: String| {
        let mut faults = Faults::default();
        faults.add(if name.is_empty() && !pasted.is_empty() { "pasted" } else { "file" }, words);
        let pasted = pasted.clone();
        (faults, pasted)
    };
    let refused = if bytes.is_empty() && name.is_empty() {
        Some(shell.t.msg_imports_file_none())
    } else {
        None
    };
    let hashed = bytes.clone();
    let sheet = actix_web::web::block(move || file::read(&bytes)).await;
    let sheet = sheet.map_err(|cause| Error::unavailable("file", cause))?;
    let sheet = match (refused, sheet) {
        (None, Ok(sheet)) => sheet,
        (refused, outcome) => {
            let words = refused
                .or_else(|| outcome.err().map(|why| display::refusal(&why, shell.t, shell.lang)));
            let (faults, pasted) = again(words.unwrap_or_default());
            return invalid(&UploadPage {
                t: shell.t,
                shell,
                faults,
                form_id,
                pasted,
                has_originator: true,
                off,
            });
        }
    };
    let (user_id, by, now) = (user.user_id(), client.user(user.principal()), shell.now);
    let work = move |conn: &mut PgConnection| {
        let ground = Ground::read(conn, scope)?;
        let currency = ground.originators.first().and_then(|one| one.currencies().next());
        let settings = Settings {
            originator_id: ground.originators.first().map(|one| one.id),
            currency: currency.unwrap_or(Currency::EUR).code().to_owned(),
            language: ground.merchant.language,
            valid_days: DAYS_USUAL,
            usual_validity: true,
            with_repeats: false,
        };
        let file_hash = crypto::hash(&hashed);
        let new = NewImport { id: form_id, file_name: name, file_hash, sheet, settings };
        commands::create(conn, scope, &by, user_id, &new, now)
    };
    let id = app.db.run(scope.tenants(), work).await?;
    Ok(see_other(format!("{LIST}/{id}")))
}

/// That the merchant has no email payments, and who can switch them on.
async fn switched_off(
    app: &App,
    scope: MerchantScope,
    shell: &Shell,
) -> Result<Option<OffNotice>, Error> {
    let now = shell.now;
    let read = move |conn: &mut PgConnection| {
        features::whom_to_ask(conn, scope.merchant_id(), Feature::EmailPayments, now)
    };
    let whom_to_ask = app.db.run(scope.tenants(), read).await?;
    Ok(whom_to_ask.map(|helpers| OffNotice::of(Feature::EmailPayments, &helpers, shell)))
}

/// A file's name as it may be shown: its last part, without what steers a terminal or turns text.
fn name(given: &str) -> String {
    let last = given.rsplit(['/', '\\']).next().unwrap_or_default();
    let kept: String = last
        .chars()
        .filter(|c| !crate::kernel::text::has_controls(c.encode_utf8(&mut [0; 4])))
        .take(NAME_CHARS_MAX)
        .collect();
    let kept = kept.trim();
    if kept.is_empty() { "?".to_owned() } else { kept.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sec_17_a_files_name_is_kept_as_text_without_its_path() {
        for (given, kept) in [
            ("rows.csv", "rows.csv"),
            ("C:\\Users\\Anna\\rows.csv", "rows.csv"),
            ("../../etc/passwd", "passwd"),
            ("a\u{202e}vsc.exe\n", "avsc.exe"),
            ("", "?"),
        ] {
            assert_eq!(name(given), kept);
        }
        assert_eq!(name(&"x".repeat(500)).len(), NAME_CHARS_MAX);
    }
}
