//! Who is asking, as types. No HTML.

pub mod audit;
pub mod csrf;
mod extract;
pub mod principal;
pub mod provider;
mod scope;
pub mod session;

pub use extract::{MerchantUser, SignedIn, SuccessManager};
pub use principal::{Membership, MerchantRole, Principal, Right, StaffRole};
pub use scope::{ManagedScope, MerchantScope, SystemScope};
