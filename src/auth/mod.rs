//! Who is asking, as types. No HTML.

pub mod api;
pub mod audit;
pub mod csrf;
mod extract;
pub mod helpers;
pub mod kept_forms;
pub mod logout;
pub mod matrix;
pub mod principal;
pub mod provider;
mod scope;
pub mod session;

pub use extract::{MerchantUser, SignedIn, Staff, elsewhere};
pub use matrix::{MerchantRole, Reach, StaffRole};
pub use principal::{Membership, Principal};
pub use scope::{ManagedScope, MerchantScope, SupportScope, SystemScope};
