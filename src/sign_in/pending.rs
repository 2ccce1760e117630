//! Somebody whom the provider has proved and who came for an invitation: known to this browser for
//! ten minutes, until they say yes. A person whom the product does not know yet has no session.

use actix_session::Session;
use actix_web::HttpRequest;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use diesel::PgConnection;
use serde::{Deserialize, Serialize};

use super::commands;
use super::journey::{LOGIN_COOKIE, new_session};
use crate::auth::provider::Identity;
use crate::auth::session;
use crate::db::Tenants;
use crate::kernel::{Error, SignInId, UserId};
use crate::web::{App, Client};

/// Who waits, as it is kept: the identity, and the user that it is bound to already.
#[derive(Serialize, Deserialize)]
pub(super) struct Waiting {
    pub identity: Identity,
    pub user_id: Option<UserId>,
}

/// An identity that waits.
pub struct Pending {
    id: SignInId,
    identity: Identity,
    /// The secret behind the token of the form that says yes: see [`crate::auth::csrf::mask`].
    pub form_secret: [u8; 32],
}

impl Pending {
    #[must_use]
    pub fn issuer(&self) -> &str {
        &self.identity.issuer
    }

    /// The provider's name for the user.
    #[must_use]
    pub fn subject(&self) -> &str {
        &self.identity.subject
    }

    #[must_use]
    pub fn name(&self) -> Option<&str> {
        self.identity.name.as_deref()
    }

    #[must_use]
    pub fn email(&self) -> Option<&str> {
        self.identity.email.as_deref()
    }

    #[must_use]
    pub const fn is_email_verified(&self) -> bool {
        self.identity.is_email_verified
    }
}

/// Who waits in this browser. Somebody whom the product knows waits only while they are signed in: an
/// identity that waits must not outlive a sign-out.
pub async fn pending(app: &App, req: &HttpRequest) -> Result<Option<Pending>, Error> {
    let Some(cookie) = req.cookie(LOGIN_COOKIE).map(|cookie| cookie.value().to_owned()) else {
        return Ok(None);
    };
    let find = move |conn: &mut PgConnection| commands::waiting(conn, &cookie);
    let Some(waiting) = app.db.run(Tenants::none(), find).await? else { return Ok(None) };
    let text = app.keys.open(waiting.id.as_uuid(), &waiting.identity_encrypted)?;
    let Waiting { identity, user_id } = serde_json::from_str(&text).map_err(Error::internal)?;
    if user_id.is_some() && session::principal(req)?.map(|who| who.user_id) != user_id {
        return Ok(None);
    }
    let form_secret = URL_SAFE_NO_PAD.decode(&waiting.state).map_err(Error::internal)?;
    Ok(Some(Pending {
        id: waiting.id,
        identity,
        form_secret: form_secret.try_into().map_err(|_| Error::internal("a state of 32 bytes"))?,
    }))
}

/// The person said yes and is `user_id` now: their session begins, and nobody waits any more.
pub async fn welcome_bound(
    app: &App,
    session: &Session,
    client: &Client,
    pending: Pending,
    user_id: UserId,
) -> Result<(), Error> {
    let id = pending.id;
    app.db
        .run(Tenants::none(), move |conn: &mut PgConnection| commands::stop_waiting(conn, id))
        .await?;
    session::begin(session, &new_session(client, pending.identity, user_id))
}
