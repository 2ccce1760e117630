//! Random names that cannot be guessed.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rand::Rng as _;

/// The merchant's token: 16 random bytes, because it is also the key of the browser's return form.
pub fn merchant() -> String {
    URL_SAFE_NO_PAD.encode(rand::random::<[u8; 16]>())
}

/// The cardholder's token, 192 random bits.
pub fn customer() -> String {
    URL_SAFE_NO_PAD.encode(rand::random::<[u8; 24]>())
}

/// Names one attempt at paying; a form that carries an older one has been sent before.
pub fn attempt_key() -> String {
    URL_SAFE_NO_PAD.encode(rand::random::<[u8; 16]>())
}

/// `length` characters of base 36, in small letters: the style of the gateway's payment numbers.
pub fn base36(length: usize) -> String {
    let mut random = rand::rng();
    (0..length).filter_map(|_| char::from_digit(random.random_range(0..36), 36)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_have_the_lengths_of_the_protocol() {
        assert_eq!(merchant().len(), 22);
        assert!(customer().len() <= 50);
        assert_ne!(customer(), customer());
        assert_eq!(base36(10).len(), 10);
    }
}
