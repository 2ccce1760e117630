//! The pages of a team. Those behind the two doors take a [`Door`] and know no other difference.

pub mod accept;
pub mod invite;
pub mod member;
pub mod permissions;
pub mod team;

use diesel::PgConnection;

use super::door::Door;
use super::model::Hindrance;
use super::queries::{self, Merchant};
use crate::auth::MerchantRole;
use crate::kernel::{Error, Texts};
use crate::web::{App, Faults, rights};

/// What every page behind a door shows around its content.
struct Frame {
    door: Door,
    merchant: Merchant,
}

impl Frame {
    async fn of(door: Door, app: &App) -> Result<Self, Error> {
        let scope = door.scope;
        let read = move |conn: &mut PgConnection| queries::merchant(conn, scope);
        Ok(Self { merchant: app.db.run(scope.tenants(), read).await?, door })
    }

    /// The page of the merchant in the portfolio, above the team's: `/merchants/{id}`.
    fn portfolio(&self) -> Option<&str> {
        if self.door.is_staffs() { self.door.base.strip_suffix("/team") } else { None }
    }
}

/// A role as a form offers it.
struct Choice {
    role: MerchantRole,
    name: String,
    /// One sentence.
    words: String,
    is_chosen: bool,
}

/// The roles that may be given; `chosen` is one's word.
fn choices(door: &Door, t: &Texts, chosen: &str) -> Vec<Choice> {
    let given = MerchantRole::ALL.iter().copied().filter(|role| door.authority.covers(*role));
    given
        .map(|role| Choice {
            role,
            name: rights::merchant_role(t, role),
            words: explain(t, role),
            is_chosen: role.as_str() == chosen,
        })
        .collect()
}

fn explain(t: &Texts, role: MerchantRole) -> String {
    match role {
        MerchantRole::Owner => t.msg_role_owner_words(),
        MerchantRole::Manager => t.msg_role_manager_words(),
        MerchantRole::Accountant => t.msg_role_accountant_words(),
        MerchantRole::CustomerCare => t.msg_role_customer_care_words(),
        MerchantRole::Clerk => t.msg_role_clerk_words(),
        MerchantRole::Developer => t.msg_role_developer_words(),
        MerchantRole::ReadOnly => t.msg_role_read_only_words(),
    }
}

/// One sentence at one place of a page.
fn fault(field: &'static str, t: &Texts, hindrance: &Hindrance) -> Faults {
    let mut faults = Faults::default();
    faults.add(field, super::form::words(t, hindrance));
    faults
}
