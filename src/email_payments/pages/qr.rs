//! The pay link as a code to be scanned.

use std::fmt::Write as _;

use actix_web::HttpResponse;
use actix_web::http::header;
use actix_web::web::{Data, Path};
use diesel::PgConnection;
use qrcode::{Color, EcLevel, QrCode};

use super::super::prepare::shown_link;
use super::super::queries;
use super::id;
use crate::auth::MerchantUser;
use crate::kernel::{Error, Right};
use crate::web::{App, Html};

/// The quiet zone that readers need, in modules (ISO/IEC 18004).
const QUIET: usize = 4;

/// `GET /processing/email-payments/{id}/qr.svg`: to be shown, kept or printed; 409 where nothing can be
/// paid.
pub async fn qr(user: MerchantUser, app: Data<App>, path: Path<String>) -> Html {
    let scope = user.scope(Right::ViewEmailPayments)?;
    let id = id(&path)?;
    let read = move |conn: &mut PgConnection| queries::get(conn, scope, id);
    let payment = app.db.run(scope.tenants(), read).await?;
    let link = shown_link(&app.keys, &app.public_origin, &payment)?.ok_or(Error::Conflict)?;
    let code = Code::of(&link)?;
    let body = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {0} {0}\" width=\"{1}\" height=\"{1}\" shape-rendering=\"crispEdges\"><path fill=\"#fff\" d=\"M0 0h{0}v{0}H0z\"/><path fill=\"#000\" d=\"{2}\"/></svg>\n",
        code.side,
        code.side * 8,
        code.path
    );
    let name: String =
        payment.order_id.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
    Ok(HttpResponse::Ok()
        .content_type("image/svg+xml; charset=utf-8")
        .insert_header((
            header::CONTENT_DISPOSITION,
            format!("attachment; filename=\"{name}.svg\""),
        ))
        .body(body))
}

/// A code as one path of squares, the quiet zone around it included.
struct Code {
    /// Modules from edge to edge.
    side: usize,
    path: String,
}

impl Code {
    fn of(text: &str) -> Result<Self, Error> {
        let code =
            QrCode::with_error_correction_level(text, EcLevel::M).map_err(Error::internal)?;
        let width = code.width();
        let colors = code.to_colors();
        let mut path = String::new();
        for (y, row) in colors.chunks(width).enumerate() {
            let mut x = 0;
            // Dark modules side by side are one stroke.
            for run in row.chunk_by(|left, right| left == right) {
                if run.first() == Some(&Color::Dark) {
                    let length = run.len();
                    write!(path, "M{} {}h{length}v1h-{length}z", x + QUIET, y + QUIET)
                        .map_err(Error::internal)?;
                }
                x += run.len();
            }
        }
        Ok(Self { side: width + 2 * QUIET, path })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_has_three_finders_and_a_quiet_zone() {
        let code = Code::of("https://pay.example/pay/abcdefghijklmnopqrstuvwxyz012345").unwrap();
        let finder = code.side - QUIET - 7;
        for (x, y) in [(QUIET, QUIET), (finder, QUIET), (QUIET, finder)] {
            assert!(code.path.contains(&format!("M{x} {y}h7v1h-7z")), "{x} {y}: {}", code.path);
        }
        assert!(!code.path.contains("M3 ") && !code.path.contains(" 3h"));
    }
}
