//! Which rows somebody may touch. Queries demand a scope; only this module's parents make one.

use diesel::prelude::*;

use super::matrix::{MerchantRole, Reach};
use crate::db::Tenants;
use crate::db::schema::{memberships, users};
use crate::kernel::{Error, MerchantId, Right, UserId};

/// One merchant's rows; perhaps only those that one user made.
#[derive(Clone, Copy, Debug)]
pub struct MerchantScope {
    merchant_id: MerchantId,
    only_created_by: Option<UserId>,
}

impl MerchantScope {
    pub(super) const fn new(merchant_id: MerchantId, only_created_by: Option<UserId>) -> Self {
        Self { merchant_id, only_created_by }
    }

    #[must_use]
    pub const fn merchant_id(self) -> MerchantId {
        self.merchant_id
    }

    /// Set where a user sees nothing but their own.
    #[must_use]
    pub const fn only_created_by(self) -> Option<UserId> {
        self.only_created_by
    }

    #[must_use]
    pub fn tenants(self) -> Tenants {
        Tenants::one(self.merchant_id)
    }
}

/// The merchants that one of the platform's people looks after, whatever their role.
#[derive(Clone, Debug)]
pub struct ManagedScope(Vec<MerchantId>);

impl ManagedScope {
    pub(super) const fn new(merchant_ids: Vec<MerchantId>) -> Self {
        Self(merchant_ids)
    }

    /// One of them, as a scope of its own.
    ///
    /// # Errors
    /// [`Error::NotFound`] for every other merchant, whether it exists or not.
    pub fn merchant(&self, id: MerchantId) -> Result<MerchantScope, Error> {
        if self.0.contains(&id) { Ok(MerchantScope::new(id, None)) } else { Err(Error::NotFound) }
    }

    #[must_use]
    pub fn merchant_ids(&self) -> &[MerchantId] {
        &self.0
    }

    #[must_use]
    pub fn tenants(&self) -> Tenants {
        Tenants::several(&self.0)
    }
}

/// The tickets of every merchant, for the platform's support. Of a merchant's other rows it opens
/// those that belong to one ticket.
#[derive(Clone, Copy, Debug)]
pub struct SupportScope(());

impl SupportScope {
    pub(super) const fn new() -> Self {
        Self(())
    }

    /// The queue: tickets and whose they are.
    #[must_use]
    pub fn tenants(self) -> Tenants {
        Tenants::support(None)
    }

    /// One merchant, to work on a ticket of theirs; what is written for support alone is seen too.
    #[must_use]
    pub fn tenants_of(self, merchant_id: MerchantId) -> Tenants {
        Tenants::support(Some(merchant_id))
    }
}

/// What the product itself does for one merchant: a job, a callback, a pay link. The merchant comes
/// from one of the database's look-up functions, never from a request.
#[derive(Clone, Copy, Debug)]
pub struct SystemScope {
    merchant_id: MerchantId,
}

impl SystemScope {
    /// For what a look-up by a secret's hash, or a claim by a job, has found.
    #[must_use]
    pub const fn found(merchant_id: MerchantId) -> Self {
        Self { merchant_id }
    }

    #[must_use]
    pub const fn merchant_id(self) -> MerchantId {
        self.merchant_id
    }

    #[must_use]
    pub fn tenants(self) -> Tenants {
        Tenants::one(self.merchant_id)
    }
}

impl SystemScope {
    /// The scope of somebody in whose name a job goes on with what they began. `None`: they may not
    /// any more.
    pub fn in_the_name_of(
        self,
        conn: &mut PgConnection,
        user_id: UserId,
        right: Right,
    ) -> Result<Option<MerchantScope>, Error> {
        let role: Option<MerchantRole> = memberships::table
            .inner_join(users::table)
            .filter(users::is_active)
            .filter(memberships::merchant_id.eq(self.merchant_id))
            .filter(memberships::user_id.eq(user_id))
            .select(memberships::role)
            .first(conn)
            .optional()?;
        Ok(match role.map_or(Reach::None, |role| role.reach(right)) {
            Reach::None => None,
            Reach::Own => Some(MerchantScope::new(self.merchant_id, Some(user_id))),
            Reach::All => Some(MerchantScope::new(self.merchant_id, None)),
        })
    }
}

impl From<SystemScope> for MerchantScope {
    fn from(scope: SystemScope) -> Self {
        Self { merchant_id: scope.merchant_id, only_created_by: None }
    }
}
