//! The files that the pages need, compiled in.

use actix_web::HttpResponse;

/// A file by its name; `None` for a name that is not served.
pub fn get(name: &str) -> Option<HttpResponse> {
    let (content_type, content) = match name {
        "public.css" => ("text/css; charset=utf-8", include_str!("../../../static/css/public.css")),
        "sandbox.css" => ("text/css; charset=utf-8", include_str!("sandbox.css")),
        "icons.svg" => ("image/svg+xml", include_str!("../../../static/icons.svg")),
        "pay.js" => ("text/javascript; charset=utf-8", include_str!("../../../static/js/pay.js")),
        _ => return None,
    };
    let answer = HttpResponse::Ok()
        .insert_header(("Content-Type", content_type))
        .insert_header(("X-Content-Type-Options", "nosniff"))
        .insert_header(("Cache-Control", "no-cache"))
        .body(content);
    Some(answer)
}
