//! The demo's secrets, made at the first start and kept beside its data.

use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};

use crate::crypto::{self, Keyring};

/// What has to be the same at the next start.
#[derive(Clone, Serialize, Deserialize)]
pub struct Keep {
    pub client_id: String,
    pub client_secret: String,
    pub encryption_key: String,
    /// One API key for each originator of the seed, in its order.
    pub api_keys: Vec<String>,
}

impl Keep {
    /// Reads the file, or makes it.
    pub fn open(folder: &Path) -> Result<Self, String> {
        let path = folder.join("keep.json");
        let failed = |words: String| format!("{} can't be used: {words}", path.display());
        match std::fs::read_to_string(&path) {
            Ok(text) => serde_json::from_str(&text).map_err(|error| failed(error.to_string())),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                let keep = Self::make().map_err(|error| failed(error.to_string()))?;
                let text = serde_json::to_string_pretty(&keep)
                    .map_err(|error| failed(error.to_string()))?;
                let file = std::fs::OpenOptions::new()
                    .write(true)
                    .create_new(true)
                    .mode(0o600)
                    .open(&path);
                file.and_then(|mut file| file.write_all(text.as_bytes()))
                    .map_err(|error| failed(error.to_string()))?;
                Ok(keep)
            }
            Err(error) => Err(failed(error.to_string())),
        }
    }

    fn make() -> Result<Self, crate::kernel::Error> {
        let api_keys = (0..super::seed::ORIGINATORS_MAX).map(|_| crypto::token::<18>());
        Ok(Self {
            client_id: "central".to_owned(),
            client_secret: crypto::token::<32>()?,
            encryption_key: STANDARD.encode(crypto::random::<32>()?),
            api_keys: api_keys.collect::<Result<_, _>>()?,
        })
    }

    pub fn keys(&self) -> Result<Keyring, crate::kernel::Error> {
        Keyring::parse(&self.encryption_key).map_err(crate::kernel::Error::internal)
    }
}
