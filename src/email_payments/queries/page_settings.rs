//! What is set up of payment pages.

use std::collections::{BTreeSet, HashMap};

use chrono::{DateTime, Utc};
use diesel::prelude::*;

use crate::db::schema::{page_logos, page_settings, page_texts, users};
use crate::email_payments::page_settings::{PageSettings, PageTexts};
use crate::kernel::{Colour, Error, Lang, MerchantId, OriginatorId, PageLogoId};
use crate::store::Store;

/// States that a history shows.
const SHOWN_MAX: i64 = 50;

#[derive(Queryable, Selectable)]
#[diesel(table_name = page_settings)]
struct Row {
    merchant_id: MerchantId,
    originator_id: OriginatorId,
    version: i32,
    displayed_name: String,
    sender_name: String,
    colour: Option<String>,
    logo_id: Option<PageLogoId>,
    terms_url: String,
    must_accept_terms: bool,
    support: String,
    attempts_max: i32,
    valid_days: i32,
}

impl Row {
    fn settings(self, texts: &mut Texts) -> PageSettings {
        let mut texts = texts.remove(&(self.originator_id, self.version)).unwrap_or_default();
        texts.sort_by_key(|(lang, _)| Lang::ALL.iter().position(|known| known == lang));
        PageSettings {
            displayed_name: self.displayed_name,
            sender_name: self.sender_name,
            colour: self.colour.as_deref().and_then(Colour::parse),
            logo: self.logo_id,
            terms_url: self.terms_url,
            must_accept_terms: self.must_accept_terms,
            support: self.support,
            attempts_max: self.attempts_max,
            valid_days: self.valid_days,
            texts,
        }
    }
}

type Texts = HashMap<(OriginatorId, i32), Vec<(Lang, PageTexts)>>;

/// The words of some states: one question.
fn texts(conn: &mut PgConnection, of: &[&Row]) -> Result<Texts, Error> {
    use page_texts as t;
    if of.is_empty() {
        return Ok(Texts::new());
    }
    let rows: Vec<(OriginatorId, i32, Lang, String, String)> = t::table
        .filter(t::merchant_id.eq_any(of.iter().map(|row| row.merchant_id)))
        .filter(t::originator_id.eq_any(of.iter().map(|row| row.originator_id)))
        .filter(t::version.eq_any(of.iter().map(|row| row.version)))
        .select((t::originator_id, t::version, t::language, t::mail_text, t::page_text))
        .load(conn)?;
    let mut all = Texts::new();
    for (originator_id, version, language, mail, page) in rows {
        all.entry((originator_id, version)).or_default().push((language, PageTexts { mail, page }));
    }
    Ok(all)
}

/// What counts now for several originators, with its version; those that were never set up are not there.
pub fn page_settings_of(
    conn: &mut PgConnection,
    keys: &BTreeSet<(MerchantId, OriginatorId)>,
) -> Result<HashMap<OriginatorId, (i32, PageSettings)>, Error> {
    use page_settings as p;
    let rows: Vec<Row> = p::table
        .filter(p::merchant_id.eq_any(keys.iter().map(|(merchant_id, _)| *merchant_id)))
        .filter(p::originator_id.eq_any(keys.iter().map(|(_, id)| *id)))
        .distinct_on(p::originator_id)
        .order((p::originator_id, p::version.desc()))
        .select(Row::as_select())
        .load(conn)?;
    let mut texts = texts(conn, &rows.iter().collect::<Vec<_>>())?;
    let standing = |row: Row| (row.originator_id, (row.version, row.settings(&mut texts)));
    Ok(rows.into_iter().map(standing).collect())
}

/// The same for one originator.
pub fn page_settings_of_one(
    conn: &mut PgConnection,
    merchant_id: MerchantId,
    id: OriginatorId,
) -> Result<Option<(i32, PageSettings)>, Error> {
    Ok(page_settings_of(conn, &BTreeSet::from([(merchant_id, id)]))?.remove(&id))
}

/// A state that was saved once.
pub struct SavedPage {
    pub version: i32,
    pub settings: PageSettings,
    pub taken_back_from: Option<i32>,
    pub by: String,
    pub at: DateTime<Utc>,
}

/// The states of an originator's settings, the newest first.
pub fn saved_pages(
    conn: &mut PgConnection,
    merchant_id: MerchantId,
    id: OriginatorId,
) -> Result<Vec<SavedPage>, Error> {
    use page_settings as p;
    let rows: Vec<(Row, Option<i32>, String, DateTime<Utc>)> = p::table
        .inner_join(users::table)
        .filter(p::merchant_id.eq(merchant_id))
        .filter(p::originator_id.eq(id))
        .order(p::version.desc())
        .limit(SHOWN_MAX)
        .select((Row::as_select(), p::taken_back_from, users::name, p::changed_at))
        .load(conn)?;
    let mut texts = texts(conn, &rows.iter().map(|(row, ..)| row).collect::<Vec<_>>())?;
    let saved = |(row, taken_back_from, by, at): (Row, Option<i32>, String, DateTime<Utc>)| {
        let version = row.version;
        SavedPage { version, settings: row.settings(&mut texts), taken_back_from, by, at }
    };
    Ok(rows.into_iter().map(saved).collect())
}

/// One state of an originator's settings.
///
/// # Errors
/// [`Error::NotFound`]: there was none of that number.
pub fn saved_page(
    conn: &mut PgConnection,
    merchant_id: MerchantId,
    id: OriginatorId,
    version: i32,
) -> Result<PageSettings, Error> {
    let row: Row = page_settings::table
        .find((merchant_id, id, version))
        .select(Row::as_select())
        .first(conn)?;
    let mut texts = texts(conn, &[&row])?;
    Ok(row.settings(&mut texts))
}

/// A logo's bytes: a PNG of some dozen kilobytes. On a thread that may wait.
///
/// # Errors
/// [`Error::NotFound`]: the merchant has no such logo. What the store says.
pub fn logo_bytes(
    conn: &mut PgConnection,
    store: &Store,
    merchant_id: MerchantId,
    id: PageLogoId,
) -> Result<Vec<u8>, Error> {
    let sha256: Vec<u8> =
        page_logos::table.find((merchant_id, id)).select(page_logos::sha256).first(conn)?;
    let mut bytes = Vec::new();
    store.read(conn, merchant_id, &sha256, &mut |piece| {
        bytes.extend_from_slice(&piece);
        Ok(())
    })?;
    Ok(bytes)
}
