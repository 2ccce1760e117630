//! Writes: columns chosen, views saved, changed, moved, deleted and put back.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::Text;
use serde_json::json;

use super::queries::{self, ViewRow};
use crate::auth::MerchantScope;
use crate::auth::audit::{self, By, Entry};
use crate::db::schema::{list_layouts, saved_views};
use crate::kernel::{Error, SavedViewId, UserId};
use crate::web::list::Column;

/// Views that a user may have, and that a merchant may share: more would be no help.
pub const VIEWS_MAX: usize = 20;

/// Keeps the columns that a user wants to see.
pub fn save_layout<C: Column>(
    conn: &mut PgConnection,
    user_id: UserId,
    list: &str,
    columns: &[C],
    now: DateTime<Utc>,
) -> Result<(), Error> {
    let keys: Vec<&str> = columns.iter().map(|column| column.key()).collect();
    let values = (list_layouts::column_keys.eq(&keys), list_layouts::changed_at.eq(now));
    diesel::insert_into(list_layouts::table)
        .values((list_layouts::user_id.eq(user_id), list_layouts::list.eq(list), values))
        .on_conflict((list_layouts::user_id, list_layouts::list))
        .do_update()
        .set(values)
        .execute(conn)?;
    Ok(())
}

/// Back to the columns that the product shows.
pub fn reset_layout(conn: &mut PgConnection, user_id: UserId, list: &str) -> Result<(), Error> {
    diesel::delete(list_layouts::table.find((user_id, list))).execute(conn)?;
    Ok(())
}

/// Why a view was not kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// There are [`VIEWS_MAX`] already.
    TooMany,
    /// Another one has the name.
    NameTaken,
}

/// Whose views, of which list, and who changes them.
#[derive(Clone, Debug)]
pub struct Writer {
    pub scope: MerchantScope,
    pub list: &'static str,
    pub user_id: UserId,
    pub by: By,
    pub now: DateTime<Utc>,
}

/// A view to be saved.
#[derive(Clone, Debug)]
pub struct NewView {
    pub name: String,
    pub is_shared: bool,
    pub query: String,
}

impl Writer {
    /// Saves a view behind the others. The same again is there already, and that is well.
    pub fn create(
        &self,
        conn: &mut PgConnection,
        new: &NewView,
    ) -> Result<Result<(), Refusal>, Error> {
        self.lock(conn)?;
        let others = self.others(conn, self.user_id, new.is_shared)?;
        let is_same = |row: &&ViewRow| {
            row.user_id == self.user_id && row.name == new.name && row.query == new.query
        };
        if others.iter().any(|row| is_same(&row)) {
            return Ok(Ok(()));
        }
        if let Err(refusal) = has_place(&others, None, &new.name) {
            return Ok(Err(refusal));
        }
        let id = SavedViewId::new();
        diesel::insert_into(saved_views::table)
            .values((
                saved_views::merchant_id.eq(self.scope.merchant_id()),
                saved_views::id.eq(id),
                saved_views::list.eq(self.list),
                saved_views::user_id.eq(self.user_id),
                saved_views::is_shared.eq(new.is_shared),
                saved_views::name.eq(&new.name),
                saved_views::query.eq(&new.query),
                saved_views::position.eq(END),
                saved_views::created_at.eq(self.now),
            ))
            .execute(conn)?;
        self.number(conn, self.user_id, new.is_shared)?;
        if new.is_shared {
            self.note(conn, "saved_view.create", id, None, Some(true))?;
        }
        Ok(Ok(()))
    }

    /// A view, held until the transaction ends: what was read before may have been changed since, by
    /// the same press a second time. [`Writer::change`] and those after it take it.
    ///
    /// # Errors
    /// [`Error::NotFound`]: there is none, or it is another user's own.
    pub fn hold(&self, conn: &mut PgConnection, id: SavedViewId) -> Result<ViewRow, Error> {
        self.lock(conn)?;
        queries::view(conn, self.scope, self.user_id, (self.list, id))
    }

    /// Another name, shared or not.
    pub fn change(
        &self,
        conn: &mut PgConnection,
        row: &ViewRow,
        name: &str,
        is_shared: bool,
    ) -> Result<Result<(), Refusal>, Error> {
        if row.name == name && row.is_shared == is_shared {
            return Ok(Ok(()));
        }
        let others = self.others(conn, row.user_id, is_shared)?;
        if let Err(refusal) = has_place(&others, Some(row.id), name) {
            return Ok(Err(refusal));
        }
        let values = (saved_views::name.eq(name), saved_views::is_shared.eq(is_shared));
        diesel::update(self.one(row.id)).set(values).execute(conn)?;
        if row.is_shared != is_shared {
            diesel::update(self.one(row.id)).set(saved_views::position.eq(END)).execute(conn)?;
            self.number(conn, row.user_id, is_shared)?;
        }
        if row.is_shared || is_shared {
            self.note(conn, "saved_view.change", row.id, Some(row.is_shared), Some(is_shared))?;
        }
        Ok(Ok(()))
    }

    /// One place up or down among those of its kind. `from` is where its mover saw it: the same
    /// press twice moves it once.
    pub fn shift(
        &self,
        conn: &mut PgConnection,
        row: &ViewRow,
        from: usize,
        is_up: bool,
    ) -> Result<(), Error> {
        let mut ids: Vec<SavedViewId> =
            self.others(conn, row.user_id, row.is_shared)?.iter().map(|row| row.id).collect();
        let to = if is_up { from.checked_sub(1) } else { from.checked_add(1) };
        let Some(to) = to.filter(|to| *to < ids.len()) else { return Ok(()) };
        if ids.get(from) != Some(&row.id) {
            return Ok(());
        }
        ids.swap(from, to);
        self.put(conn, &ids)
    }

    /// Takes a view out. It can be put back until its owner's next one is deleted.
    pub fn delete(&self, conn: &mut PgConnection, row: &ViewRow) -> Result<(), Error> {
        if row.is_deleted {
            return Ok(());
        }
        let before = saved_views::table
            .filter(saved_views::merchant_id.eq(self.scope.merchant_id()))
            .filter(saved_views::list.eq(self.list))
            .filter(saved_views::user_id.eq(row.user_id))
            .filter(saved_views::id.ne(row.id))
            .filter(saved_views::deleted_at.is_not_null());
        diesel::delete(before).execute(conn)?;
        diesel::update(self.one(row.id)).set(saved_views::deleted_at.eq(self.now)).execute(conn)?;
        if row.is_shared {
            self.note(conn, "saved_view.delete", row.id, Some(true), None)?;
        }
        Ok(())
    }

    /// Puts a deleted view back, where it was.
    pub fn restore(
        &self,
        conn: &mut PgConnection,
        row: &ViewRow,
    ) -> Result<Result<(), Refusal>, Error> {
        if !row.is_deleted {
            return Ok(Ok(()));
        }
        let others = self.others(conn, row.user_id, row.is_shared)?;
        if let Err(refusal) = has_place(&others, None, &row.name) {
            return Ok(Err(refusal));
        }
        diesel::update(self.one(row.id))
            .set(saved_views::deleted_at.eq(None::<DateTime<Utc>>))
            .execute(conn)?;
        if row.is_shared {
            self.note(conn, "saved_view.restore", row.id, None, Some(true))?;
        }
        Ok(Ok(()))
    }

    /// One at a time per list of a merchant, so that limits and names hold.
    fn lock(&self, conn: &mut PgConnection) -> Result<(), Error> {
        let what = format!("saved_views {} {}", self.scope.merchant_id(), self.list);
        sql_query("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))")
            .bind::<Text, _>(what)
            .execute(conn)?;
        Ok(())
    }

    #[diesel::dsl::auto_type(no_type_alias)]
    fn one(&self, id: SavedViewId) -> _ {
        let merchant_id: crate::kernel::MerchantId = self.scope.merchant_id();
        saved_views::table
            .filter(saved_views::merchant_id.eq(merchant_id))
            .filter(saved_views::id.eq(id))
    }

    /// The views that stand in one row of tabs: a user's own, or the shared ones.
    fn others(
        &self,
        conn: &mut PgConnection,
        owner: UserId,
        is_shared: bool,
    ) -> Result<Vec<ViewRow>, Error> {
        let mut rows = queries::views(conn, self.scope, owner, self.list)?;
        rows.retain(|row| row.is_shared == is_shared && !row.is_deleted);
        Ok(rows)
    }

    fn number(&self, conn: &mut PgConnection, owner: UserId, is_shared: bool) -> Result<(), Error> {
        let rows = self.others(conn, owner, is_shared)?;
        self.put(conn, &rows.iter().map(|row| row.id).collect::<Vec<_>>())
    }

    fn put(&self, conn: &mut PgConnection, ids: &[SavedViewId]) -> Result<(), Error> {
        for (position, id) in (0_i32..).zip(ids) {
            diesel::update(self.one(*id)).set(saved_views::position.eq(position)).execute(conn)?;
        }
        Ok(())
    }

    /// What changes for others is audited; what somebody keeps for themselves is not.
    fn note(
        &self,
        conn: &mut PgConnection,
        action: &'static str,
        id: SavedViewId,
        before: Option<bool>,
        after: Option<bool>,
    ) -> Result<(), Error> {
        let fields = |is_shared| json!({ "is_shared": is_shared });
        let entry = Entry {
            merchant_id: Some(self.scope.merchant_id()),
            action,
            object_id: Some(id.as_uuid()),
            is_done: true,
            before: before.map(fields),
            after: after.map(fields),
        };
        audit::record(conn, &self.by, entry)
    }
}

/// Behind all others, until they are numbered again.
const END: i32 = i32::MAX;

/// Whether a view may stand among others under a name.
fn has_place(others: &[ViewRow], own: Option<SavedViewId>, name: &str) -> Result<(), Refusal> {
    let others: Vec<&ViewRow> = others.iter().filter(|row| Some(row.id) != own).collect();
    if others.iter().any(|row| row.name.to_lowercase() == name.to_lowercase()) {
        Err(Refusal::NameTaken)
    } else if others.len() >= VIEWS_MAX {
        Err(Refusal::TooMany)
    } else {
        Ok(())
    }
}
