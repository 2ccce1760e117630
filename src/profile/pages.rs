//! The profile, and what the links in the mails open.

pub mod confirm;
pub mod profile;
