//! Objects in an S3 bucket, each named by its SHA-256 below its merchant's id.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use futures_util::TryStreamExt as _;
use object_store::aws::{AmazonS3, AmazonS3Builder, Checksum};
use object_store::path::Path;
use object_store::{
    ClientOptions, Error as S3Error, ObjectStore as _, PutMode, PutPayload, RetryConfig,
};
use secrecy::ExposeSecret as _;
use tokio::runtime::Handle;

use crate::config::BucketConfig;
use crate::kernel::{Error, MerchantId};

/// How long one answer may take; an object has 25 MiB at most.
const TIMEOUT: Duration = Duration::from_secs(30);
/// How long an answer that says "later" is followed by further tries: somebody waits for the page.
const RETRIES_END: Duration = Duration::from_secs(10);

/// A bucket, or a part of one.
#[derive(Clone)]
pub struct Bucket {
    client: Arc<AmazonS3>,
    prefix: Path,
    /// Where the client's answers come in, for readers on threads that wait.
    runtime: Handle,
}

/// Never the client: it knows the key.
impl fmt::Debug for Bucket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Bucket").field("prefix", &self.prefix).finish_non_exhaustive()
    }
}

impl Bucket {
    /// Inside a runtime that runs as long as the bucket is used.
    ///
    /// # Errors
    /// [`Error::Internal`] where no client can be made of the settings.
    pub fn new(config: &BucketConfig) -> Result<Self, Error> {
        let is_plain = config.endpoint.as_ref().is_some_and(|url| url.scheme() == "http");
        let client = ClientOptions::new().with_timeout(TIMEOUT).with_allow_http(is_plain);
        let retries =
            RetryConfig { max_retries: 3, retry_timeout: RETRIES_END, ..RetryConfig::default() };
        let mut builder = AmazonS3Builder::new()
            .with_bucket_name(&config.name)
            .with_region(&config.region)
            .with_access_key_id(&config.access_key_id)
            .with_secret_access_key(config.secret_access_key.expose_secret())
            // The bucket's owner refuses what was changed on its way.
            .with_checksum_algorithm(Checksum::SHA256)
            .with_client_options(client)
            .with_retry(retries);
        if let Some(endpoint) = &config.endpoint {
            builder = builder.with_endpoint(endpoint.as_str().trim_end_matches('/'));
        }
        Ok(Self {
            client: Arc::new(builder.build().map_err(Error::internal)?),
            prefix: Path::parse(&config.prefix).map_err(Error::internal)?,
            runtime: Handle::try_current().map_err(Error::internal)?,
        })
    }

    fn path(&self, merchant_id: MerchantId, sha256: &[u8]) -> Path {
        self.prefix.child(merchant_id.to_string()).child(data_encoding::HEXLOWER.encode(sha256))
    }

    /// Writes an object, unless it is there: what comes later under the same name changes nothing.
    pub async fn write(
        &self,
        merchant_id: MerchantId,
        sha256: &[u8; 32],
        bytes: Vec<u8>,
    ) -> Result<(), Error> {
        let path = self.path(merchant_id, sha256);
        let payload = PutPayload::from(bytes);
        match self.client.put_opts(&path, payload, PutMode::Create.into()).await {
            Ok(_) | Err(S3Error::AlreadyExists { .. }) => Ok(()),
            Err(error) => Err(unavailable(error)),
        }
    }

    /// Hands on an object's bytes as they arrive. On a thread that may wait.
    pub fn read(
        &self,
        merchant_id: MerchantId,
        sha256: &[u8],
        take: &mut dyn FnMut(Vec<u8>) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let path = self.path(merchant_id, sha256);
        let found = self.runtime.block_on(self.client.get(&path)).map_err(|error| {
            let is_missing = matches!(error, S3Error::NotFound { .. });
            if is_missing { Error::internal("an object is missing") } else { unavailable(error) }
        })?;
        let mut pieces = found.into_stream();
        while let Some(piece) = self.runtime.block_on(pieces.try_next()).map_err(unavailable)? {
            take(piece.into())?;
        }
        Ok(())
    }
}

fn unavailable(error: S3Error) -> Error {
    Error::unavailable("document store", error)
}
