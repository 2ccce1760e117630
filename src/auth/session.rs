//! Sessions live in Postgres; the browser holds 256 random bits and nothing else (SEC-3, SEC-4).

use std::collections::HashMap;

use actix_session::storage::{LoadError, SaveError, SessionKey, SessionStore, UpdateError};
use actix_session::{Session, SessionExt as _};
use actix_web::cookie::time::Duration;
use actix_web::{HttpMessage as _, HttpRequest};
use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::{Binary, Jsonb, Nullable, Text, Uuid as SqlUuid};
use diesel::{QueryableByName, sql_query};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::principal::{MembershipJson, Principal, PrincipalJson};
use crate::crypto::{self, Keyring};
use crate::db::schema::sessions;
use crate::db::{Db, Tenants};
use crate::kernel::{Error, MerchantId, SessionId, UserId};

/// Sessions that one user may have at a time; with one more, the oldest ends.
const SESSIONS_MAX: i64 = 5;

/// Made by the store with each request; never written back.
const PRINCIPAL: &str = "principal";
/// Stands there instead where the database did not answer.
const UNREADABLE: &str = "unreadable";
/// Put in at sign-in; taken out when the row is made.
const SIGN_IN: &str = "sign_in";
const MERCHANT: &str = "merchant";
const FLASH: &str = "flash";

/// What a sign-in leaves in the new session.
#[derive(Serialize, Deserialize)]
pub struct NewSession {
    pub user_id: UserId,
    pub id_token: String,
    pub provider_session: Option<String>,
    /// When the provider's access token ends, if that is earlier than eight hours from now.
    pub access_expires_at: DateTime<Utc>,
}

/// Who is signed in; `None` for nobody.
///
/// # Errors
/// [`Error::Unavailable`]: the session could not be read, so that nobody knows.
pub fn principal(req: &HttpRequest) -> Result<Option<Principal>, Error> {
    if let Some(known) = req.extensions().get::<Principal>() {
        return Ok(Some(known.clone()));
    }
    let session = req.get_session();
    if let Some(cause) = read::<String>(&session, UNREADABLE) {
        return Err(Error::unavailable("database", cause));
    }
    let Some(json) = read::<PrincipalJson>(&session, PRINCIPAL) else { return Ok(None) };
    let principal = json.into_principal(read(&session, MERCHANT));
    if let Some(principal) = &principal {
        req.extensions_mut().insert(principal.clone());
    }
    Ok(principal)
}

/// Begins a session: what was there before is dead, its key included.
pub fn begin(session: &Session, new: &NewSession) -> Result<(), Error> {
    session.clear();
    session.renew();
    session.insert(SIGN_IN, new).map_err(Error::internal)
}

/// Ends the session of this request.
pub fn end(session: &Session) {
    session.purge();
}

/// Remembers the merchant that the user works for now.
pub fn choose_merchant(session: &Session, merchant_id: MerchantId) -> Result<(), Error> {
    session.insert(MERCHANT, merchant_id).map_err(Error::internal)
}

/// Leaves a message for the next page.
pub fn set_flash(session: &Session, flash: &impl Serialize) -> Result<(), Error> {
    session.insert(FLASH, flash).map_err(Error::internal)
}

/// Takes the message that the last request left. Looks first: removing, even of nothing, makes
/// actix-session write the session back.
#[must_use]
pub fn take_flash<T: DeserializeOwned>(session: &Session) -> Option<T> {
    if !session.contains_key(FLASH) {
        return None;
    }
    session.remove_as(FLASH).and_then(Result::ok)
}

fn read<T: DeserializeOwned>(session: &Session, key: &str) -> Option<T> {
    session.get(key).ok().flatten()
}

/// The session ended while its request was on its way: whoever asks is signed out.
#[derive(Debug)]
pub struct SessionEnded;

impl std::fmt::Display for SessionEnded {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("the session has ended")
    }
}

impl std::error::Error for SessionEnded {}

/// actix-session's storage, in the table `sessions`.
#[derive(Clone)]
pub struct PostgresSessions {
    db: Db,
    keys: Keyring,
}

impl PostgresSessions {
    #[must_use]
    pub const fn new(db: Db, keys: Keyring) -> Self {
        Self { db, keys }
    }
}

#[derive(QueryableByName)]
struct OpenSession {
    #[diesel(sql_type = SqlUuid)]
    session_id: SessionId,
    #[diesel(sql_type = Binary)]
    csrf_secret: Vec<u8>,
    #[diesel(sql_type = Jsonb)]
    state: serde_json::Value,
    #[diesel(sql_type = SqlUuid)]
    user_id: UserId,
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Text)]
    email: String,
    #[diesel(sql_type = Nullable<Text>)]
    staff_role: Option<String>,
    #[diesel(sql_type = Jsonb)]
    merchants: serde_json::Value,
}

impl OpenSession {
    fn into_state(self) -> Result<HashMap<String, String>, serde_json::Error> {
        let mut state: HashMap<String, String> = serde_json::from_value(self.state)?;
        let merchants: Vec<MembershipJson> = serde_json::from_value(self.merchants)?;
        let principal = PrincipalJson {
            session_id: self.session_id,
            user_id: self.user_id,
            name: self.name,
            email: self.email,
            staff_role: self.staff_role,
            csrf_secret: self.csrf_secret,
            merchants,
        };
        state.insert(PRINCIPAL.to_owned(), serde_json::to_string(&principal)?);
        Ok(state)
    }
}

impl SessionStore for PostgresSessions {
    /// One question per request: the session, who it is, and which merchants are theirs.
    async fn load(&self, key: &SessionKey) -> Result<Option<HashMap<String, String>>, LoadError> {
        let hash = crypto::hash(key.as_ref());
        let work = move |conn: &mut PgConnection| {
            Ok(sql_query("SELECT * FROM session_open($1)")
                .bind::<Binary, _>(hash)
                .get_result::<OpenSession>(conn)
                .optional()?)
        };
        // An error here would leave the request without a problem page: it is told by `principal`.
        match self.db.ask(work).await {
            Ok(None) => Ok(None),
            Ok(Some(open)) => open
                .into_state()
                .map(Some)
                .map_err(|error| LoadError::Deserialization(error.into())),
            Err(error) => {
                let cause = error.cause().map_or_else(|| error.to_string(), ToString::to_string);
                let cause = serde_json::to_string(&cause).unwrap_or_default();
                Ok(Some(HashMap::from([(UNREADABLE.to_owned(), cause)])))
            }
        }
    }

    async fn save(
        &self,
        mut state: HashMap<String, String>,
        _: &Duration,
    ) -> Result<SessionKey, SaveError> {
        let insert = async {
            let new =
                state.remove(SIGN_IN).ok_or_else(|| Error::internal("a session needs a user"))?;
            let new: NewSession = serde_json::from_str(&new).map_err(Error::internal)?;
            let (key, id) = (crypto::token::<32>()?, SessionId::new());
            let row = SessionRow {
                id,
                key_hash: crypto::hash(&key),
                user_id: new.user_id,
                csrf_secret: crypto::random::<32>()?.to_vec(),
                state: persistent(state)?,
                id_token_encrypted: self.keys.seal(id.as_uuid(), &new.id_token)?,
                provider_session: new.provider_session,
            };
            let expires_at = new.access_expires_at;
            self.db.run(Tenants::none(), move |conn| insert(conn, &row, expires_at)).await?;
            key.try_into().map_err(|_| Error::internal("a session key that actix-session refuses"))
        };
        insert.await.map_err(|error: Error| SaveError::Other(error.into()))
    }

    /// Writes only where the session has not ended: a request in flight must not revive it.
    async fn update(
        &self,
        key: SessionKey,
        state: HashMap<String, String>,
        _: &Duration,
    ) -> Result<SessionKey, UpdateError> {
        let hash = crypto::hash(key.as_ref());
        let state = persistent(state).map_err(|error| UpdateError::Other(error.into()))?;
        let work = move |conn: &mut PgConnection| {
            let open = sessions::table
                .filter(sessions::key_hash.eq(hash))
                .filter(sessions::ended_at.is_null());
            Ok(diesel::update(open).set(sessions::state.eq(state)).execute(conn)?)
        };
        match self.db.run(Tenants::none(), work).await {
            Ok(0) => Err(UpdateError::Other(SessionEnded.into())),
            Ok(_) => Ok(key),
            Err(error) => {
                // actix-session does not pass the cause on.
                tracing::error!(error = ?error, "a session could not be written");
                Err(UpdateError::Other(error.into()))
            }
        }
    }

    /// The use of a session is noted when it is read.
    async fn update_ttl(&self, _: &SessionKey, _: &Duration) -> anyhow::Result<()> {
        Ok(())
    }

    async fn delete(&self, key: &SessionKey) -> anyhow::Result<()> {
        let hash = crypto::hash(key.as_ref());
        let work = move |conn: &mut PgConnection| {
            let open = sessions::table
                .filter(sessions::key_hash.eq(hash))
                .filter(sessions::ended_at.is_null());
            Ok(diesel::update(open).set(sessions::ended_at.eq(diesel::dsl::now)).execute(conn)?)
        };
        Ok(self.db.run(Tenants::none(), work).await.map(|_| ())?)
    }
}

/// The provider's ID token of a session, for signing out there.
pub async fn id_token(db: &Db, keys: &Keyring, id: SessionId) -> Result<String, Error> {
    let work = move |conn: &mut PgConnection| {
        Ok(sessions::table.find(id).select(sessions::id_token_encrypted).first::<Vec<u8>>(conn)?)
    };
    keys.open(id.as_uuid(), &db.run(Tenants::none(), work).await?)
}

fn persistent(mut state: HashMap<String, String>) -> Result<serde_json::Value, Error> {
    state.remove(PRINCIPAL);
    state.remove(UNREADABLE);
    serde_json::to_value(state).map_err(Error::internal)
}

#[derive(Insertable)]
#[diesel(table_name = sessions)]
struct SessionRow {
    id: SessionId,
    key_hash: Vec<u8>,
    user_id: UserId,
    csrf_secret: Vec<u8>,
    state: serde_json::Value,
    id_token_encrypted: Vec<u8>,
    provider_session: Option<String>,
}

/// A new row; the oldest ends where there are too many.
fn insert(
    conn: &mut PgConnection,
    row: &SessionRow,
    access_expires_at: DateTime<Utc>,
) -> Result<(), Error> {
    let eight_hours =
        diesel::dsl::sql::<diesel::sql_types::Timestamptz>("LEAST(now() + interval '8 hours', ")
            .bind::<diesel::sql_types::Timestamptz, _>(access_expires_at)
            .sql(")");
    diesel::insert_into(sessions::table)
        .values((row, sessions::expires_at.eq(eight_hours)))
        .execute(conn)?;
    sql_query(
        "UPDATE sessions SET ended_at = now() WHERE id IN (
             SELECT id FROM sessions WHERE user_id = $1 AND ended_at IS NULL AND expires_at > now()
             ORDER BY created_at DESC, id DESC OFFSET $2)",
    )
    .bind::<SqlUuid, _>(row.user_id)
    .bind::<diesel::sql_types::BigInt, _>(SESSIONS_MAX)
    .execute(conn)?;
    Ok(())
}
