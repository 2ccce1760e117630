//! Objects as files of a folder, each named by its SHA-256 below its merchant's id.

use std::fs::{self, File, OpenOptions};
use std::io::{ErrorKind, Read as _, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use uuid::Uuid;

use crate::kernel::{Error, MerchantId};

/// The bytes that are read at a time.
const PIECE_BYTES: usize = 256 * 1024;

fn path(root: &Path, merchant_id: MerchantId, sha256: &[u8]) -> PathBuf {
    root.join(merchant_id.to_string()).join(data_encoding::HEXLOWER.encode(sha256))
}

/// Writes an object, unless it is there. It gets its name when all of it is on the disk: no other
/// process, and no start after a crash, ever sees half of it.
pub fn write(
    root: &Path,
    merchant_id: MerchantId,
    sha256: &[u8; 32],
    bytes: &[u8],
) -> Result<(), Error> {
    let path = path(root, merchant_id, sha256);
    let folder = path.parent().unwrap_or(root);
    let unavailable = |error| Error::unavailable("document store", error);
    if path.try_exists().map_err(unavailable)? {
        return Ok(());
    }
    fs::create_dir_all(folder).map_err(unavailable)?;
    let draft = folder.join(format!("{}.draft", Uuid::new_v4()));
    let written = (|| {
        let mut file = OpenOptions::new().write(true).create_new(true).mode(0o400).open(&draft)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        match fs::hard_link(&draft, &path) {
            Err(error) if error.kind() != ErrorKind::AlreadyExists => Err(error),
            // Somebody else was as fast: it is the same.
            Ok(()) | Err(_) => File::open(folder)?.sync_all(),
        }
    })();
    let removed = fs::remove_file(&draft);
    written.and(removed).map_err(unavailable)
}

/// Hands on an object's bytes, some at a time.
pub fn read(
    root: &Path,
    merchant_id: MerchantId,
    sha256: &[u8],
    take: &mut dyn FnMut(Vec<u8>) -> Result<(), Error>,
) -> Result<(), Error> {
    let unavailable = |error| Error::unavailable("document store", error);
    let opened = File::open(path(root, merchant_id, sha256));
    let mut file = opened.map_err(|error| {
        let is_missing = error.kind() == std::io::ErrorKind::NotFound;
        if is_missing { Error::internal("an object is missing") } else { unavailable(error) }
    })?;
    loop {
        let mut piece = Vec::with_capacity(PIECE_BYTES);
        let most = u64::try_from(PIECE_BYTES).map_err(Error::internal)?;
        if std::io::Read::by_ref(&mut file)
            .take(most)
            .read_to_end(&mut piece)
            .map_err(unavailable)?
            == 0
        {
            return Ok(());
        }
        take(piece)?;
    }
}

#[cfg(test)]
mod tests {
    use sha2::{Digest as _, Sha256};

    use super::*;

    #[test]
    fn sec_17_an_object_is_written_once_and_read_in_pieces() {
        let root = std::env::temp_dir().join(format!("central-store-{}", Uuid::new_v4()));
        let merchant = MerchantId::new();
        let bytes: Vec<u8> = (0..600_000_u32).map(|n| u8::try_from(n % 251).unwrap()).collect();
        let sha256: [u8; 32] = Sha256::digest(&bytes).into();
        write(&root, merchant, &sha256, &bytes).unwrap();
        // Under its name it stands: what comes later under the same name changes nothing.
        write(&root, merchant, &sha256, b"other").unwrap();
        let mut pieces = Vec::new();
        let mut take = |piece: Vec<u8>| {
            pieces.push(piece);
            Ok(())
        };
        read(&root, merchant, &sha256, &mut take).unwrap();
        assert_eq!(pieces.len(), 3);
        assert_eq!(pieces.concat(), bytes);
        assert_eq!(fs::read_dir(root.join(merchant.to_string())).unwrap().count(), 1);
        let other = MerchantId::new();
        assert!(read(&root, other, &sha256, &mut |_| Ok(())).is_err(), "another merchant's");
        fs::remove_dir_all(&root).unwrap();
    }
}
