//! The pages: the success manager's switches of a merchant; the merchant's own side of them; an
//! originator's words.

pub mod mine;
pub mod switches;
pub mod texts;
