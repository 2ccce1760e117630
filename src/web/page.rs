//! From a template to an answer.

use actix_web::http::{StatusCode, header};
use actix_web::web::Data;
use actix_web::{HttpResponse, HttpResponseBuilder};
use askama::Template;

use super::app::App;
use crate::kernel::Error;

/// What handlers of pages give back.
pub type Html = Result<HttpResponse, Error>;

/// 200 with a page.
pub fn html(page: &impl Template) -> Html {
    html_with(StatusCode::OK, page)
}

/// 422 with the same form again: nothing that was typed is lost.
pub fn invalid(page: &impl Template) -> Html {
    html_with(StatusCode::UNPROCESSABLE_ENTITY, page)
}

pub fn html_with(status: StatusCode, page: &impl Template) -> Html {
    let body = page.render().map_err(Error::internal)?;
    Ok(HttpResponseBuilder::new(status).content_type("text/html; charset=utf-8").body(body))
}

/// A page for customers: the policy without any script.
pub fn public_html(app: &Data<App>, status: StatusCode, page: &impl Template) -> Html {
    let mut response = html_with(status, page)?;
    response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, app.policies.public.clone());
    Ok(response)
}

/// A picture that was made here, for the page that asks for it and nothing else.
#[must_use]
pub fn png(bytes: Vec<u8>) -> HttpResponse {
    HttpResponse::Ok()
        .content_type("image/png")
        .insert_header((header::CONTENT_SECURITY_POLICY, "default-src 'none'; sandbox"))
        .insert_header((header::CACHE_CONTROL, "private, max-age=600"))
        .body(bytes)
}

/// 303: the answer to a good POST.
#[must_use]
pub fn see_other(location: impl AsRef<str>) -> HttpResponse {
    HttpResponse::SeeOther().insert_header((header::LOCATION, location.as_ref())).finish()
}
