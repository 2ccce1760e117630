//! `/merchants/wallets`: the catalogue, a file to replace it, and the versions before.

use actix_session::Session;
use actix_web::http::header;
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;
use diesel::PgConnection;

use super::commands::{self, Difference, Source};
use super::file::{self, BYTES_MAX};
use super::model::Wallet;
use super::queries::{self, Version};
use crate::auth::Staff;
use crate::db::Tenants;
use crate::kernel::{Error, Texts, dates};
use crate::web::{
    App, Client, Faults, Flash, Html, Shell, Upload, html, invalid, see_other, set_flash,
};

/// The longest body that carries a file.
pub const BODY_BYTES_MAX: usize = BYTES_MAX + 64 * 1024;
const KILOBYTES_MAX: usize = BYTES_MAX / 1024;
const ADDRESS: &str = "/merchants/wallets";

#[derive(Template)]
#[template(path = "wallets/show.html")]
struct WalletsPage {
    shell: Shell,
    t: &'static Texts,
    wallets: Vec<Wallet>,
    versions: Vec<Version>,
    faults: Faults,
    /// What is wrong with a file, line by line.
    wrong: Vec<String>,
}

impl WalletsPage {
    fn moment(&self, version: &Version) -> String {
        dates::moment(version.created_at, self.shell.now, self.shell.zone, self.shell.lang)
    }

    fn machine(&self, version: &Version) -> String {
        dates::machine(version.created_at, self.shell.zone)
    }

    /// Older versions may be put back; the newest counts.
    fn counts(&self, version: &Version) -> bool {
        self.versions.first().is_some_and(|newest| newest.id == version.id)
    }
}

/// `GET`
pub async fn show(_user: Staff, shell: Shell, app: Data<App>) -> Html {
    html(&page(&app, shell, Faults::default(), Vec::new()).await?)
}

async fn page(
    app: &App,
    shell: Shell,
    faults: Faults,
    wrong: Vec<String>,
) -> Result<WalletsPage, Error> {
    let read = |conn: &mut PgConnection| Ok((queries::wallets(conn)?, queries::versions(conn)?));
    let (wallets, versions) = app.db.run(Tenants::none(), read).await?;
    Ok(WalletsPage { t: shell.t, shell, wallets, versions, faults, wrong })
}

/// `POST`: a file that replaces the catalogue, or the same page with what is wrong with it.
pub async fn replace(
    user: Staff,
    req: HttpRequest,
    app: Data<App>,
    client: Client,
    session: Session,
    upload: Upload,
) -> Html {
    app.limits.uploads.take(&user.principal().user_id)?;
    let shell = Shell::of(&req)?;
    let t = shell.t;
    let bytes = upload.into_file().map(|file| file.bytes);
    let content = match bytes {
        None => Err(vec![t.msg_wallet_fault_missing()]),
        Some(bytes) if bytes.len() > BYTES_MAX => {
            Err(vec![t.msg_wallet_fault_large(KILOBYTES_MAX)])
        }
        Some(bytes) => match std::str::from_utf8(&bytes) {
            Ok(text) if !text.contains('\0') => file::read(text, t).map(|_| text.to_owned()),
            Ok(_) | Err(_) => Err(vec![t.msg_wallet_fault_text()]),
        },
    };
    match content {
        Ok(content) => write(&user, &app, &client, &session, content, Source::Upload).await,
        Err(wrong) => {
            let mut faults = Faults::default();
            faults.add("file", t.msg_wallet_fault_file());
            invalid(&page(&app, shell, faults, wrong).await?)
        }
    }
}

/// `POST …/{version}/restore`: an older version counts again.
pub async fn restore(
    user: Staff,
    app: Data<App>,
    client: Client,
    session: Session,
    path: Path<i64>,
) -> Html {
    let version = path.into_inner();
    let read = move |conn: &mut PgConnection| queries::content_of(conn, version);
    let content = app.db.run(Tenants::none(), read).await?;
    write(&user, &app, &client, &session, content, Source::Version(version)).await
}

async fn write(
    user: &Staff,
    app: &App,
    client: &Client,
    session: &Session,
    content: String,
    source: Source,
) -> Html {
    let (by, user_id, now) =
        (client.user(user.principal()), user.principal().user_id, app.clock.now());
    let work =
        move |conn: &mut PgConnection| commands::write(conn, (&by, user_id), &content, source, now);
    let Difference { added, changed, withdrawn } = app.db.run(Tenants::none(), work).await?;
    set_flash(session, &Flash::WalletsReplaced { added, changed, withdrawn })?;
    Ok(see_other(ADDRESS))
}

/// `GET …/{version}/file`: a version as it was uploaded; 0 is the one that the program brings along.
pub async fn download(_user: Staff, app: Data<App>, path: Path<i64>) -> Html {
    let version = path.into_inner();
    let read = move |conn: &mut PgConnection| queries::content_of(conn, version);
    let content = app.db.run(Tenants::none(), read).await?;
    Ok(HttpResponse::Ok()
        .content_type("text/csv; charset=utf-8")
        .insert_header((header::CONTENT_DISPOSITION, "attachment; filename=\"wallets.csv\""))
        .body(content))
}
