//! Files that the reader's spreadsheet opens: the template, and the rows that were left out.

use actix_web::HttpRequest;
use actix_web::web::{Data, Path};
use chrono::{DateTime, Utc};
use diesel::PgConnection;

use super::check;
use super::columns::{Cells, Column};
use super::display;
use super::model::{Import, ImportState, Reason, RowState};
use super::pages::id;
use super::queries::{self, Ground};
use crate::auth::{MerchantScope, MerchantUser};
use crate::kernel::{Currency, Error, Lang, Money, Right, dates};
use crate::web::files::{self, Cell};
use crate::web::{App, Html, Shell};

/// What a template shows: for whom, how much.
const EXAMPLES: [(&str, &str, i64); 2] = [
    ("maria.conti@example.com", "Maria Conti", 183_000),
    ("luca@example.com", "Luca Rossi", 4_550),
];

/// `GET /processing/email-payments/import/template.csv`
pub async fn template(user: MerchantUser, shell: Shell, app: Data<App>, req: HttpRequest) -> Html {
    let scope = user.scope(Right::WriteEmailPayments)?;
    let read = move |conn: &mut PgConnection| Ground::read(conn, scope);
    let ground = app.db.run(scope.tenants(), read).await?;
    let (t, lang) = (shell.t, shell.lang);
    let has_several = ground.originators.len() > 1;
    let originator = ground.originators.first();
    let currency = originator.and_then(|one| one.currencies().next()).unwrap_or(Currency::EUR);
    let last_day =
        dates::end_of((shell.now + chrono::Duration::days(30)).date_naive(), shell.trading_zone);
    let columns: Vec<Column> = Column::ALL
        .into_iter()
        .filter(|column| *column != Column::AmountMinor)
        .filter(|column| *column != Column::Originator || has_several)
        .collect();
    let heads = columns.iter().map(|column| column.words(t)).collect();
    let rows = EXAMPLES.into_iter().enumerate().map(|(place, (address, name, minor))| {
        let cell = |column: &Column| match column {
            Column::CustomerEmail => Cell::word(address),
            Column::CustomerName => Cell::word(name),
            Column::Amount | Column::AmountMinor => {
                Cell::word(Money::new(minor, currency).for_field(lang))
            }
            Column::Currency => Cell::word(currency.code()),
            // The second row shows that the system fills it in.
            Column::OrderId if place == 0 => {
                Cell::word(format!("{}-A1", ground.merchant.order_prefix))
            }
            Column::Description if place == 0 => Cell::word(t.msg_imports_example_description()),
            Column::Language => Cell::word(ground.merchant.language.code()),
            Column::ExpiresOn if place == 0 => {
                Cell::word(last_day.with_timezone(&shell.trading_zone).date_naive().to_string())
            }
            Column::Originator => Cell::text(originator.map_or("", |one| one.name.as_str())),
            Column::OrderId | Column::Description | Column::Message | Column::ExpiresOn => {
                Cell::Empty
            }
        };
        columns.iter().map(cell).collect()
    });
    files::whole(&req, (shell.lang, shell.zone), &t.msg_imports_template_name(), heads, rows)
}

/// A row that was left out, or would be: its cells, and why.
pub struct LeftOut {
    pub number: i32,
    pub cells: Cells,
    pub reason: Reason,
    /// Column and words, where the cells are wrong.
    pub faults: Vec<(Column, String)>,
}

impl LeftOut {
    /// Why, in one line.
    pub fn words(&self, lang: Lang) -> String {
        let t = lang.texts();
        if self.reason == Reason::Faulty && !self.faults.is_empty() {
            let words = self.faults.iter().map(|(column, words)| {
                let label = column.words(t);
                t.msg_imports_fault(label, words)
            });
            return words.collect::<Vec<_>>().join("; ");
        }
        display::reason(self.reason, t)
    }
}

/// The rows of an import that were or would be left out, by number; of an import that was confirmed,
/// those whose cells are still kept.
pub fn left_out_rows(
    conn: &mut PgConnection,
    scope: MerchantScope,
    import: &Import,
    now: DateTime<Utc>,
    lang: Lang,
    most: i64,
) -> Result<Vec<LeftOut>, Error> {
    let ground = Ground::read(conn, scope)?;
    let context = ground.context(import.confirmed_at.unwrap_or(now), lang);
    if import.state == ImportState::Checked {
        let report = queries::report(conn, scope, import, &context)?;
        let rows = report.rows.into_iter().filter_map(|row| {
            let reason = row.reason?;
            Some(LeftOut { number: row.number, cells: row.cells, reason, faults: row.faults })
        });
        return Ok(rows.take(usize::try_from(most).unwrap_or(usize::MAX)).collect());
    }
    let rows = queries::typed(conn, scope, import.id, RowState::LeftOut, most)?;
    Ok(rows
        .into_iter()
        .map(|row| {
            let reason = row.reason.unwrap_or(Reason::Failed);
            // The words of a fault are not kept, they are found again as of the confirmation.
            let checked = check::one(row.number, row.cells, &import.settings, &context);
            LeftOut {
                number: row.number,
                cells: checked.cells,
                reason,
                faults: if reason == Reason::Faulty { checked.faults } else { Vec::new() },
            }
        })
        .collect())
}

/// `GET /processing/email-payments/imports/{id}/left-out.csv`: what was typed, and why it was left out;
/// mended, it can be uploaded as it is.
pub async fn left_out(
    user: MerchantUser,
    shell: Shell,
    app: Data<App>,
    path: Path<String>,
    req: HttpRequest,
) -> Html {
    let scope = user.scope(Right::WriteEmailPayments)?;
    let (id, now, lang) = (id(&path)?, shell.now, shell.lang);
    let read = move |conn: &mut PgConnection| {
        let import = queries::get(conn, scope, id)?;
        left_out_rows(conn, scope, &import, now, lang, i64::MAX)
    };
    let rows = app.db.run(scope.tenants(), read).await?;
    let t = shell.t;
    let is_used = |column: &Column| rows.iter().any(|row| !row.cells.get(*column).is_empty());
    let columns: Vec<Column> = Column::ALL.into_iter().filter(is_used).collect();
    let heads = columns.iter().map(|column| column.words(t));
    let heads = heads.chain([t.msg_imports_col_row(), t.msg_imports_col_reason()]).collect();
    let cells = rows.iter().map(|row| {
        let typed = columns.iter().map(|column| Cell::text(row.cells.get(*column)));
        typed.chain([Cell::Number(row.number.into()), Cell::text(row.words(lang))]).collect()
    });
    files::whole(&req, (shell.lang, shell.zone), &t.msg_imports_left_out_name(), heads, cells)
}
