//! Publishing: the one way by which a document comes into a merchant's area, whichever door it takes.

use diesel::prelude::*;
use serde_json::json;

use super::Writer;
use super::state::{note, record, set};
use crate::auth::MerchantScope;
use crate::db::schema::documents;
use crate::documents::model::{Document, NewDocument, Refusal, State};
use crate::documents::queries;
use crate::kernel::{DocumentId, Error};
use crate::notifications::{Event, notify};
use crate::store::{Kept, OBJECT_BYTES_MAX};

/// The bytes of a PDF, by what is in them.
pub struct Pdf(Vec<u8>);

impl Pdf {
    /// How far from the beginning and the end its marks may stand (ISO 32000-1, annex H.3).
    const MARK_WITHIN: usize = 1024;

    /// # Errors
    /// [`Refusal::EmptyFile`], [`Refusal::TooLarge`], [`Refusal::NotAPdf`].
    pub fn read(bytes: Vec<u8>) -> Result<Self, Refusal> {
        if bytes.is_empty() {
            return Err(Refusal::EmptyFile);
        }
        if bytes.len() > OBJECT_BYTES_MAX {
            return Err(Refusal::TooLarge);
        }
        let tail = bytes.len().saturating_sub(Self::MARK_WITHIN);
        let has = |part: Option<&[u8]>, mark: &[u8]| {
            part.is_some_and(|part| part.windows(mark.len()).any(|window| window == mark))
        };
        // It begins as one: a file that is something else as well (a page, an archive) does not.
        if bytes.starts_with(b"%PDF-") && has(bytes.get(tail..), b"%%EOF") {
            Ok(Self(bytes))
        } else {
            Err(Refusal::NotAPdf)
        }
    }

    #[must_use]
    pub fn into_bytes(self) -> Vec<u8> {
        self.0
    }
}

/// What publishing led to.
#[derive(Debug)]
pub enum Published {
    New(Document),
    /// It was there: the same number of the same provider, the same entry and the same bytes. Nothing was done.
    Same(Document),
    Refused(Refusal),
}

/// Publishes a document: its row, its first state, the audit row, its bytes where Postgres keeps them,
/// and what is to be told about it; all or nothing. The bytes come through [`Pdf::read`] and
/// [`crate::store::Store::keep`] for the same merchant. The same entry and the same bytes again find
/// the first one's document; so a caller that does not know whether it came through asks again.
///
/// Runs inside a transaction of the caller's, which a [`Published::Refused`] leaves as it was.
pub fn publish(
    conn: &mut PgConnection,
    scope: MerchantScope,
    writer: &Writer,
    new: &NewDocument,
    kept: &Kept,
) -> Result<Published, Error> {
    if kept.merchant_id() != scope.merchant_id() {
        return Err(Error::internal("the bytes are another merchant's"));
    }
    if let Some(refusal) = new.refusal() {
        return Ok(Published::Refused(refusal));
    }
    if let Some(there) = queries::by_number(conn, scope, &new.provider, &new.number)? {
        return Ok(again(there, new, kept));
    }
    let corrected = match new.corrects {
        None => None,
        Some(id) => match queries::lock(conn, scope, id)? {
            None => return Ok(Published::Refused(Refusal::CorrectsUnknown)),
            Some(old) if old.state == State::Cancelled => {
                return Ok(Published::Refused(Refusal::CorrectsCancelled));
            }
            Some(old) => Some(old),
        },
    };
    kept.write(conn)?;
    let Some(document) = insert(conn, scope, writer, new, kept)? else {
        // Somebody else was faster with the number.
        let there = queries::by_number(conn, scope, &new.provider, &new.number)?;
        return there.map(|there| again(there, new, kept)).ok_or(Error::Conflict);
    };
    note(conn, writer, &document, document.state, "")?;
    let facts = json!({
        "number": document.number,
        "kind": document.kind.as_str(),
        "total_minor": document.total_minor,
        "currency": document.currency_code,
        "source": document.source.as_str(),
        "sha256": document.sha256_hex(),
    });
    record(conn, writer, &document, "document.publish", None, facts)?;
    let is_open = |old: &Document| old.state.next(old.total_minor).contains(&State::Cancelled);
    if let Some(old) = corrected.filter(is_open) {
        set(conn, writer, &old, State::Cancelled, &document.number)?;
    }
    notify(conn, scope, &Event::DocumentCreated { id: document.id }, writer.now)?;
    Ok(Published::New(document))
}

/// The document that has the number: the same one, or another, be it that only what was typed about it differs.
fn again(there: Document, new: &NewDocument, kept: &Kept) -> Published {
    let is_same = there.sha256 == kept.sha256()
        && there.kind == new.kind
        && (there.period_from, there.period_until) == (new.period_from, new.period_until)
        && (there.issued_on, there.due_on) == (new.issued_on, new.due_on)
        && there.currency_code == new.total.currency.code()
        && there.total_minor == new.total.minor
        && there.corrects == new.corrects;
    if is_same { Published::Same(there) } else { Published::Refused(Refusal::NumberTaken) }
}

/// The row; `None` where the number was taken meanwhile.
fn insert(
    conn: &mut PgConnection,
    scope: MerchantScope,
    writer: &Writer,
    new: &NewDocument,
    kept: &Kept,
) -> Result<Option<Document>, Error> {
    let inserted = diesel::insert_into(documents::table)
        .values((
            documents::merchant_id.eq(scope.merchant_id()),
            documents::id.eq(DocumentId::new()),
            documents::kind.eq(new.kind),
            documents::provider.eq(&new.provider),
            documents::number.eq(&new.number),
            documents::period_from.eq(new.period_from),
            documents::period_until.eq(new.period_until),
            documents::issued_on.eq(new.issued_on),
            documents::due_on.eq(new.due_on),
            documents::currency.eq(new.total.currency.code()),
            documents::total_minor.eq(new.total.minor),
            documents::state.eq(new.kind.first_state(new.total.minor)),
            documents::state_at.eq(writer.now),
            documents::corrects.eq(new.corrects),
            documents::sha256.eq(&kept.sha256()[..]),
            documents::size_bytes.eq(kept.size_bytes()),
            documents::source.eq(new.source),
            documents::created_by.eq(writer.user_id),
            documents::created_at.eq(writer.now),
        ))
        .on_conflict((documents::merchant_id, documents::number, documents::provider))
        .do_nothing()
        .returning(Document::as_returning())
        .get_result(conn)
        .optional()?;
    Ok(inserted)
}
