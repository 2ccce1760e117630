//! Writes. Each is one transaction, its mail and its audit row included.

mod accept;
mod invitations;
mod members;

pub use accept::{Accepted, Applicant, accept};
pub use invitations::{NewInvitation, end_mail, invite, resend, withdraw};
pub use members::{end_sessions, remove, set_role};

use chrono::{DateTime, Utc};
use diesel::prelude::*;

use super::model::Authority;
use crate::auth::audit::By;
use crate::auth::{MerchantRole, MerchantScope};
use crate::db::schema::{memberships, merchants, success_manager_assignments, users};
use crate::kernel::{Error, MerchantId, Right, UserId};

/// Who changes a team, by which request, and when.
pub struct Writer {
    pub by: By,
    pub user_id: UserId,
    /// One of the platform's people, who are in no team.
    pub is_staff: bool,
    pub now: DateTime<Utc>,
}

/// Takes the team's lock: teams change one step at a time, so that of two owners who remove each
/// other one stays. It ends with the transaction.
fn lock(conn: &mut PgConnection, merchant_id: MerchantId) -> Result<(), Error> {
    merchants::table
        .find(merchant_id)
        .select(merchants::id)
        .for_no_key_update()
        .first::<MerchantId>(conn)?;
    Ok(())
}

/// Takes the team's lock and reads what the writer may give: since the request began, it may have
/// been taken away.
///
/// # Errors
/// The writer does not manage this team any more: [`Error::Forbidden`] for its own people,
/// [`Error::NotFound`] for the platform's.
fn authority(
    conn: &mut PgConnection,
    scope: MerchantScope,
    writer: &Writer,
) -> Result<Authority, Error> {
    lock(conn, scope.merchant_id())?;
    if writer.is_staff {
        let assignment = success_manager_assignments::table
            .inner_join(users::table)
            .filter(success_manager_assignments::merchant_id.eq(scope.merchant_id()))
            .filter(success_manager_assignments::user_id.eq(writer.user_id))
            .filter(users::is_active);
        let is_assigned = diesel::select(diesel::dsl::exists(assignment)).get_result(conn)?;
        return if is_assigned { Ok(Authority::Platform) } else { Err(Error::NotFound) };
    }
    let role: Option<MerchantRole> = memberships::table
        .find((scope.merchant_id(), writer.user_id))
        .select(memberships::role)
        .first(conn)
        .optional()?;
    role.filter(|role| role.may(Right::ManageTeam))
        .map(Authority::Role)
        .ok_or(Error::Forbidden(Some(Right::ManageTeam)))
}
