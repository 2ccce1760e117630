//! `GET …/bulk-actions/{id}/report.csv`: every row and what became of it.

use actix_web::HttpRequest;
use actix_web::web::{Data, Path};
use diesel::PgConnection;

use super::display;
use super::pages::id;
use super::queries;
use crate::auth::MerchantUser;
use crate::kernel::{Currency, Money, Right};
use crate::web::files::{self, Cell};
use crate::web::{App, Html, Shell};

pub async fn report(
    user: MerchantUser,
    shell: Shell,
    app: Data<App>,
    path: Path<String>,
    req: HttpRequest,
) -> Html {
    let scope = user.scope(Right::WriteEmailPayments)?;
    let id = id(&path)?;
    let read = move |conn: &mut PgConnection| {
        let action = queries::get(conn, scope, id)?;
        Ok((queries::report(conn, scope, id, None, i64::MAX)?, action.act))
    };
    let (rows, act) = app.db.run(scope.tenants(), read).await?;
    let t = shell.t;
    let titles = vec![
        t.msg_col_order(),
        t.msg_col_customer(),
        t.msg_col_email(),
        t.msg_col_amount(),
        t.msg_col_currency(),
        t.msg_bulk_col_outcome(),
    ];
    let cells = rows.iter().map(|row| {
        let amount = Currency::parse(&row.currency)
            .map_or(Cell::Number(row.amount_minor), |currency| {
                Cell::Money(Money::new(row.amount_minor, currency))
            });
        vec![
            Cell::text(&row.order_id),
            Cell::text(&row.customer_name),
            Cell::text(&row.customer_email),
            amount,
            Cell::word(&row.currency),
            Cell::word(display::outcome(act, row.state, row.reason, t)),
        ]
    });
    files::whole(&req, (shell.lang, shell.zone), &t.msg_bulk_report_name(), titles, cells)
}
