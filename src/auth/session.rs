//! Sessions live in Postgres; the browser holds 256 random bits and nothing else (SEC-3, SEC-4).

use std::cell::Cell;
use std::collections::HashMap;

use actix_session::storage::{LoadError, SaveError, SessionKey, SessionStore, UpdateError};
use actix_session::{Session, SessionExt as _};
use actix_web::cookie::time::Duration;
use actix_web::{HttpMessage as _, HttpRequest};
use chrono::{DateTime, Utc};
use data_encoding::HEXLOWER;
use diesel::prelude::*;
use diesel::sql_types::{
    Array, BigInt, Binary, Bool, Jsonb, Nullable, Text, Timestamptz, Uuid as SqlUuid,
};
use diesel::{QueryableByName, sql_query};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::logout;
use super::principal::{Principal, PrincipalJson};
use crate::crypto::{self, Keyring};
use crate::db::schema::sessions;
use crate::db::{Db, Tenants};
use crate::kernel::{Error, MerchantId, SessionId, UserId};

/// Sessions that one user may have at a time; with one more, the oldest ends.
const SESSIONS_MAX: i64 = 5;

/// Made by the store with each request; never written back.
const PRINCIPAL: &str = "principal";
/// Stands there instead where the session is past its time: a [`Lapsed`].
const LAPSED: &str = "lapsed";
/// Stands there instead where the database did not answer.
const UNREADABLE: &str = "unreadable";
/// What the row held when the request began, as JSON; never written back. By it is known what changed.
const LOADED: &str = "loaded";
/// Put in at sign-in; taken out when the row is made.
const SIGN_IN: &str = "sign_in";
const MERCHANT: &str = "merchant";
const FLASH: &str = "flash";

/// What a sign-in leaves in the new session.
#[derive(Serialize, Deserialize)]
pub struct NewSession {
    pub user_id: UserId,
    /// The provider's name for the user.
    pub subject: String,
    pub id_token: String,
    pub provider_session: Option<String>,
    /// When the provider made the ID token: a logout that it tells about later ends the session.
    pub issued_at: DateTime<Utc>,
    /// When the provider last saw the user prove who they are (`auth_time`).
    pub authenticated_at: Option<DateTime<Utc>>,
    /// When the user began, where this session follows one without a click; else now. The eight hours
    /// count from here.
    pub began_at: Option<DateTime<Utc>>,
    /// When the provider's access token ends, if that is earlier.
    pub access_expires_at: DateTime<Utc>,
    /// Browser and system, and the network prefix: what users tell their sessions by.
    pub device: String,
    pub network: String,
}

/// A session that is past its time, for an hour at most after its longest life, and that nobody has ended:
/// enough to know that a form was this user's own, and whether the provider may answer for them without a
/// page.
#[derive(Clone, Debug, Deserialize)]
pub struct Lapsed {
    pub user_id: UserId,
    #[serde(deserialize_with = "hex_secret")]
    pub csrf_secret: [u8; 32],
    /// When the user last began by themselves.
    pub began_at: DateTime<Utc>,
    /// Only the provider's access token ran out. After 15 idle minutes or 8 hours the user has to
    /// ask for a new session themselves.
    pub is_silent: bool,
}

/// The session of this request, if it is past its time. Kept with the request: actix-session empties
/// the session when the handler is done.
#[must_use]
pub fn lapsed(req: &HttpRequest) -> Option<Lapsed> {
    if let Some(known) = req.extensions().get::<Lapsed>() {
        return Some(known.clone());
    }
    let lapsed: Lapsed = read(&req.get_session(), LAPSED)?;
    req.extensions_mut().insert(lapsed.clone());
    Some(lapsed)
}

pub(super) fn hex_secret<'de, D: serde::Deserializer<'de>>(from: D) -> Result<[u8; 32], D::Error> {
    let text = String::deserialize(from)?;
    let bytes = HEXLOWER.decode(text.as_bytes()).map_err(serde::de::Error::custom)?;
    bytes.try_into().map_err(|_| serde::de::Error::custom("a secret has 32 bytes"))
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
    let Some(json) = read::<PrincipalJson>(&session, PRINCIPAL) else {
        let _kept_with_the_request = lapsed(req);
        return Ok(None);
    };
    let principal = json.into_principal(read(&session, MERCHANT));
    if let Some(principal) = &principal {
        req.extensions_mut().insert(principal.clone());
    }
    Ok(principal)
}

/// Begins a session: what was there before is dead, its key included. Which merchant the user worked
/// for stays: it counts only while it is theirs.
pub fn begin(session: &Session, new: &NewSession) -> Result<(), Error> {
    let merchant: Option<MerchantId> = read(session, MERCHANT);
    session.clear();
    session.renew();
    if let Some(merchant) = merchant {
        choose_merchant(session, merchant)?;
    }
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

/// What `session_find` answers.
#[derive(Deserialize)]
#[serde(untagged)]
enum Found {
    Open { session: serde_json::Value, state: HashMap<String, String> },
    Lapsed { lapsed: serde_json::Value, state: HashMap<String, String> },
}

impl Found {
    fn into_state(self) -> HashMap<String, String> {
        let (mut state, made) = match self {
            Self::Open { session, state } => (state, (PRINCIPAL, session)),
            Self::Lapsed { lapsed, mut state } => {
                state.retain(|key, _| key == MERCHANT);
                (state, (LAPSED, lapsed))
            }
        };
        let loaded = serde_json::to_string(&state).unwrap_or_default();
        state.insert(LOADED.to_owned(), loaded);
        state.insert(made.0.to_owned(), made.1.to_string());
        state
    }
}

tokio::task_local! {
    /// Whether the request that is being answered was made by a page, not by a person.
    static IS_POLL: bool;
    /// Whether its session had ended when it was to be written.
    static HAS_ENDED: Cell<bool>;
}

/// Answers a request of which the storage of sessions, which does not see it, has to know whether it
/// is a use of its session. A page that looks by itself whether something has changed does not keep
/// its user signed in. With the answer: whether the session ended while the request was on its way, which
/// actix-session does not pass on.
pub async fn noting_use<T>(is_poll: bool, answer: impl Future<Output = T>) -> (T, bool) {
    let answer = async { (answer.await, HAS_ENDED.with(Cell::get)) };
    IS_POLL.scope(is_poll, HAS_ENDED.scope(Cell::new(false), answer)).await
}

fn find(conn: &mut PgConnection, hash: Vec<u8>, is_use: bool) -> Result<Option<Found>, Error> {
    #[derive(QueryableByName)]
    struct Row {
        #[diesel(sql_type = Nullable<Jsonb>)]
        found: Option<serde_json::Value>,
    }
    let row: Row = sql_query("SELECT session_find($1, $2) AS found")
        .bind::<Binary, _>(hash)
        .bind::<Bool, _>(is_use)
        .get_result(conn)?;
    row.found.map(serde_json::from_value).transpose().map_err(Error::internal)
}

impl SessionStore for PostgresSessions {
    /// One question per request: the session, who it is, and which merchants are theirs.
    async fn load(&self, key: &SessionKey) -> Result<Option<HashMap<String, String>>, LoadError> {
        let hash = crypto::hash(key.as_ref());
        // An error here would leave the request without a problem page: it is told by `principal`.
        let is_use = !IS_POLL.try_with(|is_poll| *is_poll).unwrap_or(false);
        match self.db.ask(move |conn| find(conn, hash, is_use)).await {
            Ok(found) => Ok(found.map(Found::into_state)),
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
                state: serde_json::to_value(own(state)).map_err(Error::internal)?,
                id_token_encrypted: self.keys.seal(id.as_uuid(), &new.id_token)?,
                provider_session: new.provider_session,
                authenticated_at: new.authenticated_at,
                device: new.device,
                network: new.network,
            };
            let proof = Proof {
                subject: new.subject,
                issued_at: new.issued_at,
                began_at: new.began_at,
                access_expires_at: new.access_expires_at,
            };
            self.db.run(Tenants::none(), move |conn| insert(conn, &row, &proof)).await?;
            key.try_into().map_err(|_| Error::internal("a session key that actix-session refuses"))
        };
        insert.await.map_err(|error: Error| {
            // actix-session does not pass the cause on.
            tracing::error!(error = ?error, "a session could not be written");
            SaveError::Other(error.into())
        })
    }

    /// Writes only where the session has not ended: a request in flight must not revive it. And only what
    /// the request has changed: another one may have chosen a merchant meanwhile.
    async fn update(
        &self,
        key: SessionKey,
        state: HashMap<String, String>,
        _: &Duration,
    ) -> Result<SessionKey, UpdateError> {
        let hash = crypto::hash(key.as_ref());
        let loaded: Option<HashMap<String, String>> =
            state.get(LOADED).and_then(|loaded| serde_json::from_str(loaded).ok());
        let (changed, removed) = differences(&loaded.unwrap_or_default(), own(state));
        let changed = serde_json::to_value(changed)
            .map_err(|error| UpdateError::Other(Error::internal(error).into()))?;
        let work = move |conn: &mut PgConnection| {
            let open = sessions::table
                .filter(sessions::key_hash.eq(hash))
                .filter(sessions::ended_at.is_null());
            let merged = diesel::dsl::sql::<Jsonb>("(state || ")
                .bind::<Jsonb, _>(changed)
                .sql(") - ")
                .bind::<Array<Text>, _>(removed);
            Ok(diesel::update(open).set(sessions::state.eq(merged)).execute(conn)?)
        };
        match self.db.run(Tenants::none(), work).await {
            Ok(0) => {
                let _ = HAS_ENDED.try_with(|has_ended| has_ended.set(true));
                Err(UpdateError::Other(SessionEnded.into()))
            }
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

/// What of the state is the session's own, and not made with each request.
fn own(mut state: HashMap<String, String>) -> HashMap<String, String> {
    for made in [PRINCIPAL, LAPSED, UNREADABLE, LOADED] {
        state.remove(made);
    }
    state
}

/// What is new or another one in `after`, and which keys are gone.
fn differences(
    before: &HashMap<String, String>,
    after: HashMap<String, String>,
) -> (HashMap<String, String>, Vec<String>) {
    let removed = before.keys().filter(|key| !after.contains_key(*key)).cloned().collect();
    let is_new = |(key, value): &(String, String)| before.get(key) != Some(value);
    (after.into_iter().filter(is_new).collect(), removed)
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
    authenticated_at: Option<DateTime<Utc>>,
    device: String,
    network: String,
}

/// What of the ID token decides whether and how long the session lives.
struct Proof {
    subject: String,
    issued_at: DateTime<Utc>,
    began_at: Option<DateTime<Utc>>,
    access_expires_at: DateTime<Utc>,
}

/// A new row; the oldest ends where there are too many. None where the provider has ended its own
/// session meanwhile.
fn insert(conn: &mut PgConnection, row: &SessionRow, proof: &Proof) -> Result<(), Error> {
    let subject = proof.subject.as_str();
    logout::lock_shared(conn)?;
    if logout::has_come(conn, subject, row.provider_session.as_deref(), proof.issued_at)? {
        tracing::warn!("a sign-in came after the provider had ended its session");
        return Err(Error::SignInRequired);
    }
    let began_at = || {
        diesel::dsl::sql::<Timestamptz>("LEAST(now(), coalesce(")
            .bind::<Nullable<Timestamptz>, _>(proof.began_at)
            .sql(", now()))")
    };
    let ends_at = diesel::dsl::sql::<Timestamptz>("LEAST(interval '8 hours' + ")
        .bind::<Timestamptz, _>(began_at())
        .sql(", ")
        .bind::<Timestamptz, _>(proof.access_expires_at)
        .sql(")");
    diesel::insert_into(sessions::table)
        .values((row, sessions::began_at.eq(began_at()), sessions::expires_at.eq(ends_at)))
        .execute(conn)?;
    sql_query(
        "UPDATE sessions SET ended_at = now() WHERE id IN (
             SELECT id FROM sessions WHERE user_id = $1 AND ended_at IS NULL AND expires_at > now()
             ORDER BY created_at DESC, id DESC OFFSET $2)",
    )
    .bind::<SqlUuid, _>(row.user_id)
    .bind::<BigInt, _>(SESSIONS_MAX)
    .execute(conn)?;
    Ok(())
}

/// A session as its user reads it.
#[derive(Clone, Debug, QueryableByName)]
pub struct OpenSession {
    #[diesel(sql_type = SqlUuid)]
    pub id: SessionId,
    #[diesel(sql_type = Text)]
    pub device: String,
    #[diesel(sql_type = Text)]
    pub network: String,
    #[diesel(sql_type = Timestamptz)]
    pub created_at: DateTime<Utc>,
    #[diesel(sql_type = Timestamptz)]
    pub last_used_at: DateTime<Utc>,
    #[diesel(sql_type = Timestamptz)]
    pub expires_at: DateTime<Utc>,
}

/// The sessions of a user that are alive, the last used first; at most five.
pub fn open_of(conn: &mut PgConnection, user_id: UserId) -> Result<Vec<OpenSession>, Error> {
    Ok(sql_query(
        "SELECT id, device, network, created_at, last_used_at, expires_at FROM sessions
         WHERE user_id = $1 AND ended_at IS NULL AND expires_at > now()
           AND last_used_at > now() - interval '15 minutes'
         ORDER BY last_used_at DESC, id DESC",
    )
    .bind::<SqlUuid, _>(user_id)
    .load(conn)?)
}

/// Ends one session of a user; whether there was one to end.
pub fn end_one(
    conn: &mut PgConnection,
    user_id: UserId,
    session_id: SessionId,
) -> Result<bool, Error> {
    let theirs = sessions::table
        .filter(sessions::id.eq(session_id))
        .filter(sessions::user_id.eq(user_id))
        .filter(sessions::ended_at.is_null());
    let ended =
        diesel::update(theirs).set(sessions::ended_at.eq(diesel::dsl::now)).execute(conn)?;
    Ok(ended == 1)
}

/// Ends every session of a user but one; how many.
pub fn end_others(
    conn: &mut PgConnection,
    user_id: UserId,
    keep: SessionId,
) -> Result<usize, Error> {
    let others = sessions::table
        .filter(sessions::user_id.eq(user_id))
        .filter(sessions::id.ne(keep))
        .filter(sessions::ended_at.is_null());
    Ok(diesel::update(others).set(sessions::ended_at.eq(diesel::dsl::now)).execute(conn)?)
}

/// Ends every session of a user; how many.
pub fn end_all_of(conn: &mut PgConnection, user_id: UserId) -> Result<usize, Error> {
    let all =
        sessions::table.filter(sessions::user_id.eq(user_id)).filter(sessions::ended_at.is_null());
    Ok(diesel::update(all).set(sessions::ended_at.eq(diesel::dsl::now)).execute(conn)?)
}
