//! What an invitation's link leads to, for whoever holds it.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::{Binary, Uuid as SqlUuid};
use diesel::{QueryableByName, sql_query};

use super::queries::{Merchant, merchant};
use crate::auth::{MerchantRole, SystemScope};
use crate::crypto;
use crate::db::Db;
use crate::db::schema::{invitations, users};
use crate::kernel::{Error, InvitationId, Lang, MerchantId};

/// An invitation as its reader sees it.
#[derive(Clone, Debug)]
pub struct OpenInvitation {
    pub merchant: Merchant,
    pub email: String,
    pub role: MerchantRole,
    pub language: Lang,
    pub invited_by: String,
    pub expires_at: DateTime<Utc>,
    /// Sealed for the invitation, until its mail has left.
    pub token_encrypted: Option<Vec<u8>>,
}

/// The invitation behind a link; `None` for what is not even a token of ours. The tenant is not
/// known before this.
pub async fn by_token(db: &Db, token: &str) -> Result<Option<(SystemScope, InvitationId)>, Error> {
    #[derive(QueryableByName)]
    struct Found {
        #[diesel(sql_type = SqlUuid)]
        merchant_id: MerchantId,
        #[diesel(sql_type = SqlUuid)]
        invitation_id: InvitationId,
    }
    let hash = crypto::hash(token);
    let find = move |conn: &mut PgConnection| {
        Ok(sql_query("SELECT * FROM invitation_open($1)")
            .bind::<Binary, _>(hash)
            .get_result::<Found>(conn)
            .optional()?)
    };
    let found = db.ask(find).await?;
    Ok(found.map(|found| (SystemScope::found(found.merchant_id), found.invitation_id)))
}

/// The invitation, while it can be accepted.
pub fn open(
    conn: &mut PgConnection,
    scope: SystemScope,
    id: InvitationId,
    now: DateTime<Utc>,
) -> Result<Option<OpenInvitation>, Error> {
    type Row = (String, MerchantRole, Lang, String, DateTime<Utc>, Option<Vec<u8>>);
    let row: Option<Row> = invitations::table
        .inner_join(users::table)
        .filter(invitations::merchant_id.eq(scope.merchant_id()))
        .filter(invitations::id.eq(id))
        .filter(invitations::ended_at.is_null())
        .filter(invitations::expires_at.gt(now))
        .select((
            invitations::email,
            invitations::role,
            invitations::language,
            users::name,
            invitations::expires_at,
            invitations::token_encrypted,
        ))
        .first(conn)
        .optional()?;
    let Some((email, role, language, invited_by, expires_at, token_encrypted)) = row else {
        return Ok(None);
    };
    let merchant = merchant(conn, scope.into())?;
    Ok(Some(OpenInvitation {
        merchant,
        email,
        role,
        language,
        invited_by,
        expires_at,
        token_encrypted,
    }))
}
