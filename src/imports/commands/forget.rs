//! What was typed is kept as long as it is needed, and no longer (SEC-24). What became of each row, and
//! the payment that was made of it, stay.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::{Integer, Timestamptz, Uuid as SqlUuid};
use diesel::{QueryableByName, sql_query};
use serde_json::json;

use super::{end, note, row};
use crate::auth::SystemScope;
use crate::auth::audit::{Actor, By};
use crate::db::schema::{import_rows, imports};
use crate::db::{Db, Tenants};
use crate::imports::model::{ImportState, KEPT_ENDED, KEPT_UNCONFIRMED, RowState};
use crate::imports::queries;
use crate::jobs;
use crate::kernel::{Error, ImportId, MerchantId};

/// Imports of one batch.
const IMPORTS: i32 = 20;

#[derive(Debug, QueryableByName)]
struct Due {
    #[diesel(sql_type = SqlUuid)]
    merchant_id: MerchantId,
    #[diesel(sql_type = SqlUuid)]
    import_id: ImportId,
}

/// Job: discards imports that nobody has confirmed for a day, and deletes what was typed thirty days
/// after an import's end. How many imports it was.
pub async fn forget_due(db: &Db, now: DateTime<Utc>) -> Result<usize, Error> {
    let find = move |conn: &mut PgConnection| -> Result<Vec<Due>, Error> {
        Ok(sql_query("SELECT * FROM imports_to_forget($1, $2, $3)")
            .bind::<Timestamptz, _>(now - KEPT_UNCONFIRMED)
            .bind::<Timestamptz, _>(now - KEPT_ENDED)
            .bind::<Integer, _>(IMPORTS)
            .load(conn)?)
    };
    let due = db.run(Tenants::none(), find).await?;
    let forget = async |&Due { merchant_id, import_id }: &Due| {
        let scope = SystemScope::found(merchant_id);
        db.run(scope.tenants(), move |conn| forget(conn, scope, import_id, now)).await
    };
    Ok(jobs::each("an import could not be forgotten", &due, forget).await)
}

fn forget(
    conn: &mut PgConnection,
    scope: SystemScope,
    id: ImportId,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    let import = queries::lock(conn, scope.into(), id)?;
    let is_over = import.ended_at.is_some_and(|ended_at| ended_at < now - KEPT_ENDED);
    let is_due = import.state == ImportState::Checked || is_over;
    if !is_due || import.forgotten_at.is_some() {
        // Somebody confirmed it in this very moment, or another process was faster.
        return Ok(());
    }
    if import.state == ImportState::Checked {
        end(conn, scope.merchant_id(), id, ImportState::Discarded, now)?;
    }
    let rows = rows_of(conn, scope.merchant_id(), id, now)?;
    let by = By::other(Actor::Clock);
    note(conn, &by, scope.merchant_id(), id, "import.forget", Some(json!({ "rows": rows })))
}

/// Deletes what was typed: rows of which nothing came as a whole, of the others the cells. How many
/// rows.
pub(super) fn rows_of(
    conn: &mut PgConnection,
    merchant_id: MerchantId,
    id: ImportId,
    now: DateTime<Utc>,
) -> Result<usize, Error> {
    let rows = import_rows::table
        .filter(import_rows::merchant_id.eq(merchant_id))
        .filter(import_rows::import_id.eq(id));
    let state = imports::table
        .filter(imports::merchant_id.eq(merchant_id))
        .filter(imports::id.eq(id))
        .select(imports::state)
        .first::<ImportState>(conn)?;
    let is_nothing = matches!(state, ImportState::Undone | ImportState::Discarded);
    let count = if is_nothing {
        diesel::delete(rows).execute(conn)?
    } else {
        diesel::update(rows.filter(import_rows::state.eq_any([RowState::Made, RowState::LeftOut])))
            .set(import_rows::typed.eq(None::<serde_json::Value>))
            .execute(conn)?
    };
    diesel::update(row(merchant_id, id)).set(imports::forgotten_at.eq(now)).execute(conn)?;
    Ok(count)
}
