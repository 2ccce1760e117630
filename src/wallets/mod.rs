//! The wallets of Alipay+ as data: a file of the platform's, in versions. Which of them a merchant's
//! customers can pay with follows from it at once; whether a merchant has Alipay+ at all, `features` says.

mod commands;
mod file;
mod model;
mod pages;
mod queries;

use crate::kernel::Right;
use crate::web::{Audience, Routes};

pub use model::Wallet;
pub use queries::wallets;

const PLATFORM: Audience = Audience::Staff(Right::ManageMerchants);

/// The addresses of this slice. They come before those of merchants, which take what is left below the
/// same path for an id.
pub fn routes(r: &mut Routes) {
    r.get("/merchants/wallets", PLATFORM, pages::show);
    r.upload("/merchants/wallets", PLATFORM, pages::BODY_BYTES_MAX, pages::replace);
    r.get("/merchants/wallets/{version}/file", PLATFORM, pages::download);
    r.post("/merchants/wallets/{version}/restore", PLATFORM, pages::restore);
}
