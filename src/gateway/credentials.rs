//! Who asks the gateway: the name and the password of an originator, as they are kept.

use diesel::prelude::*;
use secrecy::SecretString;

use crate::crypto::Keyring;
use crate::db::schema::originators;
use crate::kernel::{Error, MerchantId, OriginatorId};

/// The name and the password of one originator at the gateway.
#[derive(Clone, Debug)]
pub struct Credentials {
    pub number: String,
    pub api_key: SecretString,
}

/// An originator's name and password at the gateway.
///
/// # Errors
/// [`Error::NotFound`]: the merchant has no such originator. [`Error::Internal`]: no key opens what is kept.
pub fn credentials(
    conn: &mut PgConnection,
    keys: &Keyring,
    merchant_id: MerchantId,
    id: OriginatorId,
) -> Result<Credentials, Error> {
    let (number, sealed): (String, Vec<u8>) = originators::table
        .find((merchant_id, id))
        .select((originators::number, originators::api_key_encrypted))
        .first(conn)?;
    Ok(Credentials { number, api_key: SecretString::from(keys.open(id.as_uuid(), &sealed)?) })
}
