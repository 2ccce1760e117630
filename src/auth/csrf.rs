//! Form tokens: the session's secret, masked anew for each page, so that the compressed page does
//! not betray it (SEC-5).

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::crypto;
use crate::kernel::Error;

/// A token for one page: a random mask, then the secret under it.
pub fn mask(secret: &[u8; 32]) -> Result<String, Error> {
    let mask = crypto::random::<32>()?;
    let masked = mask.iter().zip(secret).map(|(mask, byte)| mask ^ byte);
    Ok(URL_SAFE_NO_PAD.encode(mask.iter().copied().chain(masked).collect::<Vec<u8>>()))
}

/// Whether `token` came from [`mask`] with the same secret.
#[must_use]
pub fn verify(secret: &[u8; 32], token: &str) -> bool {
    let Ok(bytes) = URL_SAFE_NO_PAD.decode(token) else { return false };
    let Some((mask, masked)) = bytes.split_at_checked(32) else { return false };
    let opened: Vec<u8> = mask.iter().zip(masked).map(|(mask, byte)| mask ^ byte).collect();
    crypto::equal(&opened, secret)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sec_05_a_masked_token_belongs_to_one_secret() {
        let (ours, theirs) = ([7; 32], [8; 32]);
        let (one, two) = (mask(&ours).unwrap(), mask(&ours).unwrap());
        assert_ne!(one, two);
        assert!(verify(&ours, &one) && verify(&ours, &two));
        assert!(!verify(&theirs, &one));
        assert!(!verify(&ours, ""));
        assert!(!verify(&ours, &one[..20]));
    }
}
