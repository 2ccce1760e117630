//! The pages: what a user is told and who permitted it; a success manager's permissions of a merchant;
//! what was sent, on both sides.

pub mod deliveries;
pub mod ending;
pub mod inbox;
pub mod mine;
pub mod permissions;
pub mod stop;

use crate::auth::{MerchantScope, MerchantUser};
use crate::kernel::{Error, Right};

/// What a merchant's user reads of the ledger and the mails: owners all of it, others their own.
fn readable(user: &MerchantUser) -> Result<MerchantScope, Error> {
    if user.may(Right::ManageTeam) { user.scope(Right::ManageTeam) } else { user.own() }
}
