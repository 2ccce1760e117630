//! Style sheets, scripts and icons: compiled in, named by content, packed at build time.

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse};

use crate::kernel::Error;

/// One file of `static/`, made by `build.rs`.
pub struct Asset {
    name: &'static str,
    hashed: &'static str,
    content_type: &'static str,
    plain: &'static [u8],
    gzip: &'static [u8],
    brotli: &'static [u8],
}

include!(concat!(env!("OUT_DIR"), "/assets.rs"));

/// The address of a file of `static/`; empty for a name that is not there, which a test looks for.
#[must_use]
pub fn asset(name: &str) -> String {
    ASSETS
        .iter()
        .find(|asset| asset.name == name)
        .map_or_else(String::new, |asset| format!("/static/{}", asset.hashed))
}

/// `GET /static/{name}`: for a year, since the name changes with the content.
pub async fn serve(req: HttpRequest) -> Result<HttpResponse, Error> {
    let wanted = req.match_info().query("name");
    let asset = ASSETS.iter().find(|asset| asset.hashed == wanted).ok_or(Error::NotFound)?;
    let accepted = req
        .headers()
        .get(header::ACCEPT_ENCODING)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    let mut response = HttpResponse::Ok();
    response
        .insert_header((header::CONTENT_TYPE, asset.content_type))
        .insert_header((header::CACHE_CONTROL, "public, max-age=31536000, immutable"))
        .insert_header((header::VARY, "Accept-Encoding"));
    Ok(if accepted.contains("br") {
        response.insert_header((header::CONTENT_ENCODING, "br")).body(asset.brotli)
    } else if accepted.contains("gzip") {
        response.insert_header((header::CONTENT_ENCODING, "gzip")).body(asset.gzip)
    } else {
        response.body(asset.plain)
    })
}
