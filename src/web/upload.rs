//! Forms that carry a file: `multipart/form-data` (RFC 7578). By the time that anything here runs, the
//! check of form tokens has read the body up to the route's limit.

use std::future::Future;
use std::pin::Pin;

use actix_multipart::{Field, Multipart};
use actix_web::dev::Payload;
use actix_web::error::PayloadError;
use actix_web::http::header::HeaderMap;
use actix_web::web::Bytes;
use actix_web::{FromRequest, HttpRequest};
use futures_util::{Stream, TryStreamExt as _, stream};

use super::csrf::TOKEN_FIELD;
use crate::kernel::Error;

pub(super) const ESSENCE: &str = "multipart/form-data";

/// Parts of one form, at most.
const PARTS_MAX: usize = 20;
const TOKEN_BYTES_MAX: usize = 1024;

/// A form with files, read to its end.
#[derive(Default)]
pub struct Upload {
    fields: Vec<(String, String)>,
    /// In the order in which they were chosen.
    pub files: Vec<UploadedFile>,
}

/// What somebody chose to send.
pub struct UploadedFile {
    /// As their system calls it: theirs to choose, to be shown and nothing else.
    pub name: String,
    pub bytes: Bytes,
}

impl Upload {
    /// The text of a field; empty where it is not there.
    #[must_use]
    pub fn text(&self, name: &str) -> &str {
        let found = self.fields.iter().find(|(known, _)| known == name);
        found.map_or("", |(_, value)| value.as_str())
    }

    /// The file of a form that asks for one.
    #[must_use]
    pub fn into_file(mut self) -> Option<UploadedFile> {
        self.files.pop()
    }

    /// A body that was read before, of a request with these headers.
    pub(super) async fn of(headers: &HeaderMap, body: Bytes) -> Result<Self, Error> {
        Self::read(Multipart::new(headers, once(body))).await
    }

    /// What was typed of a body that was read before, as a form without files sends it.
    pub(super) async fn typed(headers: &HeaderMap, body: Bytes) -> Result<String, Error> {
        let upload = Self::of(headers, body).await?;
        serde_urlencoded::to_string(upload.fields).map_err(Error::internal)
    }

    /// Names and texts of the fields, in the order in which they came.
    pub fn fields(&self) -> impl Iterator<Item = (&str, &str)> {
        self.fields.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    async fn read(mut parts: Multipart) -> Result<Self, Error> {
        let mut upload = Self::default();
        let mut count = 0;
        while let Some(mut part) = parts.try_next().await.map_err(unreadable)? {
            count += 1;
            if count > PARTS_MAX {
                return Err(Error::Malformed("a form of too many parts"));
            }
            let name = part.name().unwrap_or_default().to_owned();
            let file_name = file_name(&part);
            let bytes = bytes(&mut part, usize::MAX).await?;
            match file_name {
                // What browsers send where no file was chosen.
                Some(file_name) if file_name.is_empty() && bytes.is_empty() => {}
                Some(file_name) => {
                    upload.files.push(UploadedFile { name: file_name, bytes });
                }
                None => {
                    let text = String::from_utf8(bytes.into())
                        .map_err(|_| Error::Malformed("not UTF-8"))?;
                    upload.fields.push((name, text));
                }
            }
        }
        Ok(upload)
    }
}

impl FromRequest for Upload {
    type Error = Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Error>>>>;

    fn from_request(req: &HttpRequest, payload: &mut Payload) -> Self::Future {
        if super::forms::essence(req) != ESSENCE {
            return Box::pin(std::future::ready(Err(Error::UnsupportedMedia)));
        }
        let parts = Multipart::new(req.headers(), payload.take());
        Box::pin(Self::read(parts))
    }
}

/// The form token of a body; it stands before the file, so that the file is not read for it.
pub(super) async fn token(headers: &HeaderMap, body: Bytes) -> Option<String> {
    let mut parts = Multipart::new(headers, once(body));
    while let Ok(Some(mut part)) = parts.try_next().await {
        if part.name() == Some(TOKEN_FIELD) {
            let bytes = bytes(&mut part, TOKEN_BYTES_MAX).await.ok()?;
            return String::from_utf8(bytes.into()).ok();
        }
        if file_name(&part).is_some() {
            return None;
        }
    }
    None
}

fn once(body: Bytes) -> impl Stream<Item = Result<Bytes, PayloadError>> + 'static {
    stream::iter([Ok(body)])
}

fn file_name(part: &Field) -> Option<String> {
    part.content_disposition().and_then(|head| head.get_filename()).map(str::to_owned)
}

async fn bytes(part: &mut Field, bytes_max: usize) -> Result<Bytes, Error> {
    part.bytes(bytes_max).await.map_err(|_| Error::TooLarge)?.map_err(unreadable)
}

#[expect(clippy::needless_pass_by_value, reason = "as `map_err` hands it on")]
fn unreadable(cause: actix_multipart::MultipartError) -> Error {
    tracing::debug!(error = %cause, "a form of parts could not be read");
    Error::Malformed("a form of parts that can't be read")
}
