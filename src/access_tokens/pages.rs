//! The list of tokens, making one, revoking one.

use actix_session::Session;
use actix_web::web::{Data, Path};
use askama::Template;
use chrono::{DateTime, Utc};
use diesel::PgConnection;

use super::commands::{self, Made, NewToken, TOKENS_MAX};
use super::form::{self, DAYS, TokenForm};
use super::queries::{self, TokenRow};
use crate::auth::api::Scope;
use crate::auth::{MerchantRole, MerchantUser};
use crate::kernel::{AccessTokenId, Error, Right, Texts, UserId, dates};
use crate::web::ui::{Badge, Icon};
use crate::web::{
    App, Client, Faults, Flash, FormBody, Fresh, Html, Kept, Shell, html, invalid, see_other,
    set_flash,
};

const LIST: &str = "/settings/access-tokens";

/// Who manages the team sees and ends everybody's tokens, others their own.
fn only_of(user: &MerchantUser) -> Option<UserId> {
    (!user.may(Right::ManageTeam)).then(|| user.user_id())
}

fn role(user: &MerchantUser) -> Result<MerchantRole, Error> {
    user.principal().current().map(|current| current.role).ok_or(Error::Forbidden(None))
}

fn scope_words(scope: Scope, t: &Texts) -> String {
    match scope {
        Scope::ReadEmailPayments => t.msg_scope_read_email_payments(),
        Scope::WriteEmailPayments => t.msg_scope_write_email_payments(),
        Scope::ReadDocuments => t.msg_scope_read_documents(),
        Scope::PublishDocuments => t.msg_right_publish_documents(),
    }
}

#[derive(Template)]
#[template(path = "access_tokens/list.html")]
struct ListPage {
    shell: Shell,
    t: &'static Texts,
    tokens: Vec<TokenRow>,
    /// Others' tokens are among them.
    is_everybodys: bool,
}

impl ListPage {
    fn badge(&self, token: &TokenRow) -> Badge {
        let t = self.t;
        let (icon, words, tone) = if token.revoked_at.is_some() {
            ("ban", t.msg_access_token_revoked(), "neu")
        } else if token.is_good(self.shell.now) {
            ("circle-check", t.msg_access_token_good(), "pos")
        } else {
            ("clock", t.msg_access_token_expired(), "neu")
        };
        Badge { icon: Icon(icon), words, tone }
    }

    fn scopes(&self, token: &TokenRow) -> String {
        token.scopes().map(|scope| scope_words(scope, self.t)).collect::<Vec<_>>().join(" · ")
    }

    fn moment(&self, at: &DateTime<Utc>) -> String {
        dates::moment(*at, self.shell.now, self.shell.zone, self.shell.lang)
    }

    fn day(&self, at: &DateTime<Utc>) -> String {
        dates::day(*at, self.shell.now, self.shell.zone, self.shell.lang)
    }

    fn machine(&self, at: &DateTime<Utc>) -> String {
        dates::machine(*at, self.shell.zone)
    }

    fn is_good(&self, token: &TokenRow) -> bool {
        token.is_good(self.shell.now)
    }
}

/// `GET /settings/access-tokens`
pub async fn list(user: MerchantUser, shell: Shell, app: Data<App>) -> Html {
    let scope = user.scope(Right::UseApi)?;
    let (only_of, now) = (only_of(&user), shell.now);
    let read = move |conn: &mut PgConnection| queries::list(conn, scope, only_of, now);
    let tokens = app.db.run(scope.tenants(), read).await?;
    html(&ListPage { t: shell.t, shell, tokens, is_everybodys: only_of.is_none() })
}

#[derive(Template)]
#[template(path = "access_tokens/form.html")]
struct FormPage {
    shell: Shell,
    t: &'static Texts,
    form: TokenForm,
    faults: Faults,
    role: MerchantRole,
}

impl FormPage {
    /// Word, what it is called, whether it is ticked.
    fn scopes(&self) -> impl Iterator<Item = (&'static str, String, bool)> {
        Scope::of(self.role)
            .map(|scope| (scope.as_str(), scope_words(scope, self.t), self.form.has(scope)))
    }

    fn lives(&self) -> impl Iterator<Item = (i64, String, bool)> {
        DAYS.into_iter().map(|days| {
            (days, self.t.msg_access_token_days(days), days.to_string() == self.form.days)
        })
    }
}

/// `GET /settings/access-tokens/new`; with what was typed before the user had to sign in again.
pub async fn new(
    user: MerchantUser,
    shell: Shell,
    Kept(kept): Kept<Vec<(String, String)>>,
) -> Html {
    let (role, faults) = (role(&user)?, Faults::default());
    let form = kept.and_then(|fields| TokenForm::read(FormBody(fields)).ok());
    let form = form.unwrap_or_else(TokenForm::fresh);
    html(&FormPage { t: shell.t, shell, form, faults, role })
}

#[derive(Template)]
#[template(path = "access_tokens/made.html")]
struct MadePage {
    shell: Shell,
    t: &'static Texts,
    name: String,
    /// Here and nowhere else, now and never again.
    token: String,
    expires_at: DateTime<Utc>,
    url: String,
}

impl MadePage {
    fn day(&self) -> String {
        dates::weekday(self.expires_at, self.shell.zone, self.shell.lang)
    }

    fn command(&self) -> String {
        format!("curl -H \"Authorization: Bearer {}\" {}", self.token, self.url)
    }
}

/// `POST /settings/access-tokens`: the answer itself shows the token; no address leads to it. The
/// same form again leads to the list: its token can't be shown a second time. It takes a fresh proof
/// of who it is: whoever finds a screen unlocked shall not leave with a key.
pub async fn create(
    user: MerchantUser,
    _: Fresh,
    shell: Shell,
    app: Data<App>,
    client: Client,
    body: FormBody,
) -> Html {
    let (scope, role) = (user.scope(Right::UseApi)?, role(&user)?);
    let form = TokenForm::read(body)?;
    let form_key = (user.principal().session_id, form.form_key()?);
    let meant = match form.validate(role, shell.t) {
        Ok(meant) => meant,
        Err(faults) => return invalid(&FormPage { t: shell.t, shell, form, faults, role }),
    };
    let (name, expires_at) = (meant.name.clone(), shell.now + meant.life);
    let new = NewToken {
        user_id: user.user_id(),
        name: meant.name,
        scopes: meant.scopes,
        created_at: shell.now,
        expires_at,
    };
    let by = client.user(user.principal());
    let work = move |conn: &mut PgConnection| commands::create(conn, scope, &by, &new, form_key);
    let token = match app.db.run(scope.tenants(), work).await? {
        Made::Token(token) => token,
        Made::Before => return Ok(see_other(LIST)),
        Made::TooMany => {
            let faults = form::too_many(TOKENS_MAX, shell.t);
            return invalid(&FormPage { t: shell.t, shell, form, faults, role });
        }
    };
    let url = app.url("/api/v1/email-payments");
    html(&MadePage { t: shell.t, shell, name, token, expires_at, url })
}

#[derive(Template)]
#[template(path = "access_tokens/revoke.html")]
struct RevokePage {
    shell: Shell,
    t: &'static Texts,
    token: TokenRow,
}

impl RevokePage {
    fn used(&self) -> String {
        match self.token.last_used_at {
            Some(at) => dates::moment(at, self.shell.now, self.shell.zone, self.shell.lang),
            None => self.t.msg_access_token_never_used(),
        }
    }
}

/// `GET /settings/access-tokens/{id}/revocation`: asks first.
pub async fn ask_revoke(
    user: MerchantUser,
    shell: Shell,
    app: Data<App>,
    path: Path<String>,
) -> Html {
    let scope = user.scope(Right::UseApi)?;
    let (id, only_of) = (id(&path)?, only_of(&user));
    let read = move |conn: &mut PgConnection| queries::get(conn, scope, only_of, id);
    let token = app.db.run(scope.tenants(), read).await?;
    html(&RevokePage { t: shell.t, shell, token })
}

/// `POST /settings/access-tokens/{id}/revocation`
pub async fn revoke(
    user: MerchantUser,
    app: Data<App>,
    client: Client,
    session: Session,
    path: Path<String>,
) -> Html {
    let scope = user.scope(Right::UseApi)?;
    let (id, only_of) = (id(&path)?, only_of(&user));
    let (by, now) = (client.user(user.principal()), app.clock.now());
    let work = move |conn: &mut PgConnection| commands::revoke(conn, scope, only_of, &by, id, now);
    let name = app.db.run(scope.tenants(), work).await?;
    set_flash(&session, &Flash::AccessTokenRevoked { name })?;
    Ok(see_other(LIST))
}

/// An id that is none answers like one that is unknown.
fn id(path: &Path<String>) -> Result<AccessTokenId, Error> {
    path.parse().map_err(|_| Error::NotFound)
}
