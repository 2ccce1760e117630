//! Objects as rows: one for each, and its pieces.

use diesel::prelude::*;

use crate::db::schema::{object_pieces, objects};
use crate::kernel::{Error, MerchantId};

/// The bytes of one row.
const PIECE_BYTES: usize = 256 * 1024;

/// Writes an object, unless it is there.
pub fn write(
    conn: &mut PgConnection,
    merchant_id: MerchantId,
    sha256: &[u8; 32],
    bytes: &[u8],
) -> Result<(), Error> {
    let size_bytes = i64::try_from(bytes.len()).map_err(Error::internal)?;
    let made = diesel::insert_into(objects::table)
        .values((
            objects::merchant_id.eq(merchant_id),
            objects::sha256.eq(&sha256[..]),
            objects::size_bytes.eq(size_bytes),
        ))
        .on_conflict_do_nothing()
        .execute(conn)?;
    if made == 0 {
        return Ok(());
    }
    for (number, piece) in (0_i32..).zip(bytes.chunks(PIECE_BYTES)) {
        diesel::insert_into(object_pieces::table)
            .values((
                object_pieces::merchant_id.eq(merchant_id),
                object_pieces::sha256.eq(&sha256[..]),
                object_pieces::number.eq(number),
                object_pieces::bytes.eq(piece),
            ))
            .execute(conn)?;
    }
    Ok(())
}

/// Hands on an object's pieces, one row at a time.
pub fn read(
    conn: &mut PgConnection,
    merchant_id: MerchantId,
    sha256: &[u8],
    take: &mut dyn FnMut(Vec<u8>) -> Result<(), Error>,
) -> Result<(), Error> {
    for number in 0_i32.. {
        let piece: Option<Vec<u8>> = object_pieces::table
            .find((merchant_id, sha256, number))
            .select(object_pieces::bytes)
            .first(conn)
            .optional()?;
        match piece {
            Some(piece) => take(piece)?,
            None => break,
        }
    }
    Ok(())
}
