//! Where the bytes of a file go: into pieces for the reader, through the hash of the whole.

use std::io;

use actix_web::web::Bytes;
use sha2::{Digest as _, Sha256};

use crate::kernel::Error;

/// A piece of the file is sent when it has grown so large.
const PIECE_BYTES: usize = 32 * 1024;

/// Takes bytes, hands on pieces.
pub struct Sink<F> {
    piece: Vec<u8>,
    hash: Sha256,
    bytes: u64,
    /// Called with each piece, and the bytes of the file so far.
    send: F,
}

impl<F: FnMut(Bytes, u64) -> Result<(), Error>> Sink<F> {
    pub fn new(send: F) -> Self {
        Self { piece: Vec::with_capacity(PIECE_BYTES * 2), hash: Sha256::new(), bytes: 0, send }
    }

    fn hand_on(&mut self) -> Result<(), Error> {
        self.hash.update(&self.piece);
        self.bytes += u64::try_from(self.piece.len()).unwrap_or(u64::MAX);
        let next = Vec::with_capacity(PIECE_BYTES * 2);
        (self.send)(std::mem::replace(&mut self.piece, next).into(), self.bytes)
    }

    /// Hands on what is left; the file's length, and the SHA-256 of its bytes.
    pub fn finish(mut self) -> Result<(u64, [u8; 32]), Error> {
        self.hand_on()?;
        Ok((self.bytes, self.hash.finalize().into()))
    }
}

impl<F: FnMut(Bytes, u64) -> Result<(), Error>> io::Write for Sink<F> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.piece.extend_from_slice(bytes);
        if self.piece.len() >= PIECE_BYTES {
            self.hand_on().map_err(io::Error::other)?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
