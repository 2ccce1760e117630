//! Writes: each saves one state whole, under the lock of the originator's row.

use diesel::prelude::*;
use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::queries::{self, Originator};
use crate::auth::MerchantScope;
use crate::auth::audit::{self, Entry, Writer};
use crate::db::schema::{originators, page_logos, page_settings, page_texts};
use crate::email_payments::page_setting::{PageSettings, merchant, saved_page};
use crate::kernel::{Error, OriginatorId, PageLogoId};
use crate::store::Kept;

/// What became of what was to be saved.
#[derive(Debug, PartialEq, Eq)]
pub enum Saved {
    /// The originator's name.
    Done(String),
    /// Somebody has saved another state since the form was read.
    Meanwhile,
}

/// Saves what a form says, the logo aside. `seen` is the version that the form was filled from.
///
/// # Errors
/// [`Error::NotFound`]: the merchant has no such originator.
pub fn save(
    conn: &mut PgConnection,
    scope: MerchantScope,
    writer: &Writer,
    id: OriginatorId,
    seen: i32,
    wanted: PageSettings,
) -> Result<Saved, Error> {
    let standing = Standing::lock(conn, scope, id)?;
    if standing.version != seen {
        return Ok(Saved::Meanwhile);
    }
    let after = PageSettings { logo: standing.settings.logo, ..wanted };
    standing.follow(conn, scope, writer, &after, None).map(Saved::Done)
}

/// Saves the two things that a first request needs, unless somebody has set the page up since the form was
/// filled from the version `seen`: then that stands. Returns the originator's name.
///
/// # Errors
/// [`Error::NotFound`]: the merchant has no such originator.
pub fn begin(
    conn: &mut PgConnection,
    scope: MerchantScope,
    writer: &Writer,
    id: OriginatorId,
    seen: i32,
    (displayed_name, support): (String, String),
) -> Result<String, Error> {
    let standing = Standing::lock(conn, scope, id)?;
    if standing.version != seen {
        return Ok(standing.originator.name);
    }
    let after = PageSettings { displayed_name, support, ..standing.settings.clone() };
    standing.follow(conn, scope, writer, &after, None)
}

/// Makes an earlier state count again. Returns the originator's name.
///
/// # Errors
/// [`Error::NotFound`]: the merchant has no such originator, or it had no such state.
/// [`Error::Malformed`]: it is said of none.
pub fn take_back(
    conn: &mut PgConnection,
    scope: MerchantScope,
    writer: &Writer,
    id: OriginatorId,
    version: Option<i32>,
) -> Result<String, Error> {
    let standing = Standing::lock(conn, scope, id)?;
    let version = version.ok_or(Error::Malformed("version is no number"))?;
    let after = saved_page(conn, scope.merchant_id(), id, version)?;
    standing.follow(conn, scope, writer, &after, Some(version))
}

/// Gives an originator another logo, or none. Returns the originator's name.
///
/// # Errors
/// [`Error::NotFound`]: the merchant has no such originator.
pub fn change_logo(
    conn: &mut PgConnection,
    scope: MerchantScope,
    writer: &Writer,
    id: OriginatorId,
    kept: Option<&Kept>,
) -> Result<String, Error> {
    let standing = Standing::lock(conn, scope, id)?;
    let logo = match kept {
        Some(kept) => Some(keep_logo(conn, writer, kept)?),
        None => None,
    };
    let after = PageSettings { logo, ..standing.settings.clone() };
    standing.follow(conn, scope, writer, &after, None)
}

fn keep_logo(conn: &mut PgConnection, writer: &Writer, kept: &Kept) -> Result<PageLogoId, Error> {
    let id = PageLogoId::from_uuid(Uuid::new_v4());
    kept.write(conn)?;
    diesel::insert_into(page_logos::table)
        .values((
            page_logos::merchant_id.eq(kept.merchant_id()),
            page_logos::id.eq(id),
            page_logos::sha256.eq(&kept.sha256()[..]),
            page_logos::size_bytes.eq(kept.size_bytes()),
            page_logos::uploaded_by.eq(writer.user_id),
            page_logos::uploaded_at.eq(writer.now),
        ))
        .execute(conn)?;
    Ok(id)
}

/// What counts, held until the transaction ends.
struct Standing {
    originator: Originator,
    /// 0: nothing was ever saved.
    version: i32,
    settings: PageSettings,
}

impl Standing {
    fn lock(
        conn: &mut PgConnection,
        scope: MerchantScope,
        id: OriginatorId,
    ) -> Result<Self, Error> {
        let originator: Originator = originators::table
            .find((scope.merchant_id(), id))
            .select(Originator::as_select())
            .for_no_key_update()
            .first(conn)?;
        let merchant = merchant(conn, scope.merchant_id())?;
        let (version, settings) = queries::standing(conn, &merchant, &originator)?;
        Ok(Self { originator, version, settings })
    }

    /// The next state, unless it is the same. Returns the originator's name.
    fn follow(
        self,
        conn: &mut PgConnection,
        scope: MerchantScope,
        writer: &Writer,
        after: &PageSettings,
        taken_back_from: Option<i32>,
    ) -> Result<String, Error> {
        let Self { originator, version, settings: before } = self;
        if version > 0 && before == *after {
            return Ok(originator.name);
        }
        insert(conn, scope, writer, originator.id, version + 1, after, taken_back_from)?;
        diesel::update(originators::table.find((scope.merchant_id(), originator.id)))
            .set((
                originators::attempts_max.eq(after.attempts_max),
                originators::valid_days.eq(after.valid_days),
                originators::is_page_set_up.eq(true),
            ))
            .execute(conn)?;
        let (before, after) = differences(&before, after);
        let named = |mut facts: Map<String, Value>| {
            facts.insert("originator".to_owned(), originator.name.clone().into());
            Value::Object(facts)
        };
        let action = match taken_back_from {
            Some(_) => "originator.page_settings_taken_back",
            None => "originator.page_settings",
        };
        let entry = Entry {
            merchant_id: Some(scope.merchant_id()),
            action,
            object_id: Some(originator.id.as_uuid()),
            is_done: true,
            before: Some(named(before)),
            after: Some(named(after)),
        };
        audit::record(conn, &writer.by, entry)?;
        Ok(originator.name)
    }
}

fn insert(
    conn: &mut PgConnection,
    scope: MerchantScope,
    writer: &Writer,
    id: OriginatorId,
    version: i32,
    settings: &PageSettings,
    taken_back_from: Option<i32>,
) -> Result<(), Error> {
    use page_settings as p;
    use page_texts as t;
    diesel::insert_into(p::table)
        .values((
            p::merchant_id.eq(scope.merchant_id()),
            p::originator_id.eq(id),
            p::version.eq(version),
            p::displayed_name.eq(&settings.displayed_name),
            p::sender_name.eq(&settings.sender_name),
            p::colour.eq(settings.colour.map(|colour| colour.to_string())),
            p::logo_id.eq(settings.logo),
            p::terms_url.eq(&settings.terms_url),
            p::must_accept_terms.eq(settings.must_accept_terms),
            p::support.eq(&settings.support),
            p::attempts_max.eq(settings.attempts_max),
            p::valid_days.eq(settings.valid_days),
            p::taken_back_from.eq(taken_back_from),
            p::changed_by.eq(writer.user_id),
            p::changed_at.eq(writer.now),
        ))
        .execute(conn)?;
    for (language, texts) in &settings.texts {
        diesel::insert_into(t::table)
            .values((
                t::merchant_id.eq(scope.merchant_id()),
                t::originator_id.eq(id),
                t::version.eq(version),
                t::language.eq(*language),
                t::mail_text.eq(&texts.mail),
                t::page_text.eq(&texts.page),
            ))
            .execute(conn)?;
    }
    Ok(())
}

/// What differs, as the audit keeps it.
fn differences(
    before: &PageSettings,
    after: &PageSettings,
) -> (Map<String, Value>, Map<String, Value>) {
    let (mut before, mut after) = (facts(before), facts(after));
    let same: Vec<String> = before
        .iter()
        .filter(|(key, value)| after.get(*key) == Some(*value))
        .map(|(key, _)| key.clone())
        .collect();
    for key in same {
        before.remove(&key);
        after.remove(&key);
    }
    (before, after)
}

fn facts(settings: &PageSettings) -> Map<String, Value> {
    let named = json!({
        "displayed_name": settings.displayed_name,
        "sender_name": settings.sender_name,
        "colour": settings.colour.map(|colour| colour.to_string()),
        "logo": settings.logo,
        "terms_url": settings.terms_url,
        "must_accept_terms": settings.must_accept_terms,
        "support": settings.support,
        "attempts_max": settings.attempts_max,
        "valid_days": settings.valid_days,
    });
    let mut facts = named.as_object().cloned().unwrap_or_default();
    for (language, texts) in &settings.texts {
        facts.insert(format!("mail_text_{}", language.code()), texts.mail.as_str().into());
        facts.insert(format!("page_text_{}", language.code()), texts.page.as_str().into());
    }
    facts
}
