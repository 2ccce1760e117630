//! Servers on loopback that stand in for the services Central depends on. They speak the real
//! protocols and share no code with the clients they answer.

pub mod gateway;
pub mod idp;
pub mod mailbox;
mod site;
