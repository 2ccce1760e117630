//! What moved at the gateway, through every channel, and the periods in which it is summed up: the
//! ground of statements and invoices, without pages of its own.

mod commands;
mod model;
mod queries;

pub use commands::{Details, NewTransaction, Noted, add_up, record, record_all};
pub use model::{Channel, Operation, Period, Rhythm, Way, network_word};
pub use queries::{
    Collected, OfWallet, WalletTook, collected, collected_by_wallet, open_period, wallet_took,
};
