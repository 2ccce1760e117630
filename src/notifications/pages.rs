//! The pages: what a user is told and who permitted it; a success manager's permissions of a merchant;
//! what was sent, on both sides.

pub mod deliveries;
pub mod ending;
pub mod inbox;
pub mod mine;
pub mod permissions;
pub mod stop;

use crate::auth::{MerchantScope, MerchantUser, Staff};
use crate::kernel::{Error, MerchantId, Right};

use super::commands::Writer;
use crate::web::{App, Client};

/// What a merchant's user reads of the ledger and the mails: owners all of it, others their own.
fn readable(user: &MerchantUser) -> Result<MerchantScope, Error> {
    if user.may(Right::ManageTeam) { user.scope(Right::ManageTeam) } else { user.own() }
}

/// A merchant of the portfolio, by the address.
fn managed(user: &Staff, id: &str) -> Result<MerchantScope, Error> {
    let id: MerchantId = id.parse().map_err(|_| Error::NotFound)?;
    user.scope(Right::ManageMerchants)?.merchant(id)
}

fn staff_writer(user: &Staff, client: &Client, app: &App) -> Writer {
    Writer { by: client.user(user.principal()), user_id: user.user_id(), now: app.clock.now() }
}

fn merchant_writer(user: &MerchantUser, client: &Client, app: &App) -> Writer {
    Writer { by: client.user(user.principal()), user_id: user.user_id(), now: app.clock.now() }
}
