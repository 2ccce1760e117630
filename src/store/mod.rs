//! Where bytes lie that never change: each written once, found by merchant and SHA-256. In Postgres
//! where nothing else is configured.

mod bucket;
mod folder;
mod postgres;

use std::path::PathBuf;

use actix_web::web;
use diesel::PgConnection;
use sha2::{Digest as _, Sha256};

use self::bucket::Bucket;
use crate::config::DocumentsConfig;
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
    /// What Postgres is to keep.
    ///
    /// # Errors
    /// [`Error::TooLarge`] above [`OBJECT_BYTES_MAX`].
    pub fn for_postgres(merchant_id: MerchantId, bytes: Vec<u8>) -> Result<Self, Error> {
        if bytes.len() > OBJECT_BYTES_MAX {
            return Err(Error::TooLarge);
        }
        let sha256 = Sha256::digest(&bytes).into();
        let size_bytes = i64::try_from(bytes.len()).map_err(Error::internal)?;
        Ok(Self { merchant_id, sha256, size_bytes, bytes: Some(bytes) })
    }

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
    pub fn write(&self, conn: &mut PgConnection) -> Result<(), Error> {
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
    Folder(PathBuf),
    Bucket(Bucket),
}

impl Store {
    /// The one that the settings name. Inside a runtime.
    ///
    /// # Errors
    /// [`Error::Internal`] where no client for a bucket can be made of the settings.
    pub fn new(config: &DocumentsConfig) -> Result<Self, Error> {
        let place = match config {
            DocumentsConfig::Postgres => Place::Postgres,
            DocumentsConfig::Folder(folder) => Place::Folder(folder.clone()),
            DocumentsConfig::Bucket(bucket) => Place::Bucket(Bucket::new(bucket)?),
        };
        Ok(Self { place })
    }

    /// Puts bytes where they are to lie. A second time the same bytes change nothing. Bytes that no
    /// row points to afterwards, because the transaction failed, do no harm.
    ///
    /// # Errors
    /// [`Error::TooLarge`] above [`OBJECT_BYTES_MAX`]; [`Error::Unavailable`] where the store does not
    /// answer.
    pub async fn keep(&self, merchant_id: MerchantId, bytes: Vec<u8>) -> Result<Kept, Error> {
        let mut kept = Kept::for_postgres(merchant_id, bytes)?;
        let sha256 = kept.sha256;
        match &self.place {
            Place::Postgres => {}
            Place::Folder(root) => {
                let (root, bytes) = (root.clone(), kept.bytes.take().unwrap_or_default());
                let write = move || folder::write(&root, merchant_id, &sha256, &bytes);
                let written = web::block(write).await;
                written.map_err(|cause| Error::unavailable("document store", cause))??;
            }
            Place::Bucket(bucket) => {
                let bytes = kept.bytes.take().unwrap_or_default();
                bucket.write(merchant_id, &sha256, bytes).await?;
            }
        }
        Ok(kept)
    }

    /// Hands on an object's bytes, piece by piece. On a thread that may wait.
    ///
    /// # Errors
    /// [`Error::Internal`]: it is not there, or its bytes are not those that were put there.
    /// [`Error::Unavailable`]: its place does not answer. By then
    /// pieces have gone: what is made of them has to break off. What `take` says.
    pub fn read(
        &self,
        conn: &mut PgConnection,
        merchant_id: MerchantId,
        sha256: &[u8],
        take: &mut dyn FnMut(Vec<u8>) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let mut hash = Sha256::new();
        let mut checked = |piece: Vec<u8>| {
            hash.update(&piece);
            take(piece)
        };
        match &self.place {
            Place::Postgres => postgres::read(conn, merchant_id, sha256, &mut checked)?,
            Place::Folder(root) => folder::read(root, merchant_id, sha256, &mut checked)?,
            Place::Bucket(bucket) => bucket.read(merchant_id, sha256, &mut checked)?,
        }
        if hash.finalize().as_slice() == sha256 {
            Ok(())
        } else {
            Err(Error::internal("an object is missing, or not what was stored"))
        }
    }
}
