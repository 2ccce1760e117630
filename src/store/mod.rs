//! Where bytes lie that never change: each written once, found by merchant and SHA-256. In Postgres
//! where nothing else is configured.

mod postgres;

use sha2::{Digest as _, Sha256};

use crate::kernel::{Error, MerchantId};

/// What one object may hold: 25 MiB.
pub const OBJECT_BYTES_MAX: usize = 25 * 1024 * 1024;

/// Bytes that are in the store already, or get there with the transaction that [`Kept::write`]s them.
pub struct Kept {
    merchant_id: MerchantId,
    sha256: [u8; 32],
    size_bytes: i64,
    /// Those that Postgres is to keep.
    bytes: Option<Vec<u8>>,
}

impl Kept {
    #[must_use]
    pub const fn sha256(&self) -> &[u8; 32] {
        &self.sha256
    }

    #[must_use]
    pub const fn size_bytes(&self) -> i64 {
        self.size_bytes
    }

    #[must_use]
    pub const fn merchant_id(&self) -> MerchantId {
        self.merchant_id
    }

    /// Writes what Postgres is to keep, unless it is there; nothing where another store has it.
    pub fn write(&self, conn: &mut diesel::PgConnection) -> Result<(), Error> {
        match &self.bytes {
            Some(bytes) => postgres::write(conn, self.merchant_id, &self.sha256, bytes),
            None => Ok(()),
        }
    }
}

/// The configured store.
#[derive(Clone, Debug)]
pub struct Store {
    place: Place,
}

#[derive(Clone, Debug)]
enum Place {
    Postgres,
}

impl Store {
    #[must_use]
    pub const fn postgres() -> Self {
        Self { place: Place::Postgres }
    }

    /// Puts bytes where they are to lie. A second time the same bytes change nothing. Bytes that no
    /// row points to afterwards, because the transaction failed, do no harm.
    ///
    /// # Errors
    /// [`Error::TooLarge`] above [`OBJECT_BYTES_MAX`]; [`Error::Unavailable`] where the store does not
    /// answer.
    pub async fn keep(&self, merchant_id: MerchantId, bytes: Vec<u8>) -> Result<Kept, Error> {
        if bytes.len() > OBJECT_BYTES_MAX {
            return Err(Error::TooLarge);
        }
        let sha256: [u8; 32] = Sha256::digest(&bytes).into();
        let size_bytes = i64::try_from(bytes.len()).map_err(Error::internal)?;
        match self.place {
            Place::Postgres => Ok(Kept { merchant_id, sha256, size_bytes, bytes: Some(bytes) }),
        }
    }
}
