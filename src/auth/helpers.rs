//! Whom somebody may ask for what they have not got.

use diesel::prelude::*;

use super::matrix::{MerchantRole, StaffRole};
use crate::db::schema::{memberships, success_manager_assignments, users};
use crate::kernel::{Error, MerchantId};

/// Names that a page tells at most.
const NAMES_MAX: i64 = 10;

/// People of and for a merchant, by name.
#[derive(Clone, Debug, Default)]
pub struct Helpers {
    pub owners: Vec<String>,
    pub managers: Vec<String>,
}

/// Who gives rights to people of the platform, by name.
pub fn administrators(conn: &mut PgConnection) -> Result<Vec<String>, Error> {
    Ok(users::table
        .filter(users::is_active)
        .filter(users::staff_role.eq(StaffRole::Administrator.as_str()))
        .order((users::name, users::id))
        .limit(NAMES_MAX)
        .select(users::name)
        .load(conn)?)
}

/// Those of a merchant, which is the transaction's tenant.
pub fn helpers(conn: &mut PgConnection, id: MerchantId) -> Result<Helpers, Error> {
    let owners = memberships::table
        .inner_join(users::table)
        .filter(memberships::merchant_id.eq(id))
        .filter(memberships::role.eq(MerchantRole::Owner.as_str()))
        .filter(users::is_active)
        .order((users::name, users::id))
        .limit(NAMES_MAX)
        .select(users::name)
        .load(conn)?;
    let managers = success_manager_assignments::table
        .inner_join(users::table)
        .filter(success_manager_assignments::merchant_id.eq(id))
        .filter(users::is_active)
        .filter(users::staff_role.eq(StaffRole::SuccessManager.as_str()))
        .order((users::name, users::id))
        .limit(NAMES_MAX)
        .select(users::name)
        .load(conn)?;
    Ok(Helpers { owners, managers })
}
