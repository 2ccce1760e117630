//! The pages: the success manager's switches of a merchant; the merchant's own side of them.

pub mod mine;
pub mod switches;
