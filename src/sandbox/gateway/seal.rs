//! The `data` field of the browser's return form: AES-128, ECB, PKCS#7, URL-safe base64.

use aes::Aes128;
use aes::cipher::{BlockEncrypt as _, KeyInit as _};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

const BLOCK: usize = 16;

/// Encrypts a status under the merchant token; `None` if the token is not 16 bytes of base64.
pub fn seal(plain: &str, merchant_token: &str) -> Option<String> {
    let key = URL_SAFE_NO_PAD.decode(merchant_token).ok()?;
    let cipher = Aes128::new_from_slice(&key).ok()?;
    let mut bytes = plain.as_bytes().to_vec();
    let padding = BLOCK - bytes.len() % BLOCK;
    bytes.resize(bytes.len() + padding, u8::try_from(padding).ok()?);
    for chunk in bytes.chunks_exact_mut(BLOCK) {
        let mut block = aes::Block::from(<[u8; BLOCK]>::try_from(&*chunk).ok()?);
        cipher.encrypt_block(&mut block);
        chunk.copy_from_slice(&block);
    }
    Some(URL_SAFE_NO_PAD.encode(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_published_clients_can_read_what_we_seal() {
        assert_eq!(
            seal(r#"{"errorCode":"000","status":"Authorized"}"#, "AAECAwQFBgcICQoLDA0ODw").unwrap(),
            "6n9wKzabhvzqFJzZ50XdMp5PVayLgfs127esa73Ttf219VANicCcLFmkEHlW1Mdz"
        );
        assert_eq!(
            seal(
                r#"{"merchantToken":"---------------------w","errorCode":"051"}"#,
                "---------------------w"
            )
            .unwrap(),
            "yh3vvLA_I9tXpeByT1NelUkWhs2-ifRYEjqzUbpud3mIh51pns0mzrjZZtZK9dKnFkXS8oiB67UGqzhw4ojVAw"
        );
        assert_eq!(seal("{}", "short"), None);
    }
}
