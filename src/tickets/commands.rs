//! Writes: opening, answering, taking, noting, watching. One transaction each, audit row included.

mod canned;
mod close;

use chrono::{DateTime, Utc};
use diesel::dsl::{max, sql};
use diesel::prelude::*;
use diesel::sql_types::BigInt;
use serde_json::{Value, json};
use uuid::Uuid;

use super::filter::{Asker, Sight};
use super::form::NewTicket;
use super::model::{Subject, Ticket, TicketEvent, TicketState};
use super::queries::{self, Hearer, Side};
use crate::auth::audit::{self, By, Entry};
use crate::auth::{MerchantScope, SupportScope, SystemScope};
use crate::db::schema::{
    merchants, ticket_files, ticket_messages, ticket_notes, ticket_states, ticket_watchers, tickets,
};
use crate::kernel::{
    BusinessHours, Error, Lang, MerchantId, TicketFileId, TicketId, TicketMessageId, UserId,
};
use crate::mail::{self, About, MailKind, NewMail};
use crate::notifications::{self, Event};
use crate::store::Kept;

pub use canned::{add as add_canned, change as change_canned, remove as remove_canned};
pub use close::close_solved;

/// Bytes of all files of a merchant's tickets.
const MERCHANT_BYTES_MAX: i64 = 500 * 1024 * 1024;

/// Who writes, when, and by which hours deadlines are counted.
#[derive(Clone)]
pub struct Writer {
    pub by: By,
    pub user_id: UserId,
    pub now: DateTime<Utc>,
    pub hours: BusinessHours,
}

/// A file that lies in the store, or gets there with the message.
pub struct KeptFile {
    pub name: String,
    pub kept: Kept,
}

/// What is said in a ticket.
pub struct NewMessage {
    pub text: String,
    pub files: Vec<KeptFile>,
    pub form_id: Uuid,
}

/// The merchant's tickets hold as many bytes as they may.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Full;

/// Why an answer is not said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unsaid {
    Full,
    /// The ticket is closed.
    Closed,
}

/// Opens a ticket; its number. The same form a second time finds the first one's ticket. The merchant's
/// row is locked: numbers follow each other without a gap.
///
/// # Errors
/// [`Error::NotFound`]: what it is to go on from is not there for the asker.
pub fn open(
    conn: &mut PgConnection,
    asker: Asker,
    writer: &Writer,
    new: NewTicket,
    files: Vec<KeptFile>,
    about: Option<Subject>,
    follows: Option<i64>,
) -> Result<Result<i64, Full>, Error> {
    let merchant_id = asker.scope.merchant_id();
    let _locked: MerchantId =
        merchants::table.find(merchant_id).select(merchants::id).for_no_key_update().first(conn)?;
    if let Some(number) = earlier(conn, merchant_id, writer.user_id, new.form_id)? {
        return Ok(Ok(number));
    }
    // Before the first row: what is refused ends no transaction, so that a ticket would stay, empty.
    if is_full(conn, merchant_id, &files)? {
        return Ok(Err(Full));
    }
    let follows = match follows {
        Some(number) => Some(queries::closed(conn, asker, number)?.ok_or(Error::NotFound)?.id),
        None => None,
    };
    let last: Option<i64> = tickets::table
        .filter(tickets::merchant_id.eq(merchant_id))
        .select(max(tickets::number))
        .first(conn)?;
    let (email_payment_id, document_id, notice_id, transaction_id) = match about {
        Some(Subject::EmailPayment(id)) => (Some(id), None, None, None),
        Some(Subject::Document(id)) => (None, Some(id), None, None),
        Some(Subject::Notice(id)) => (None, None, Some(id), None),
        Some(Subject::Transaction(id)) => (None, None, None, Some(id)),
        None => (None, None, None, None),
    };
    let within = |worked| writer.hours.after(writer.now, worked);
    let ticket: Ticket = diesel::insert_into(tickets::table)
        .values((
            tickets::merchant_id.eq(merchant_id),
            tickets::id.eq(TicketId::new()),
            tickets::number.eq(last.unwrap_or(0) + 1),
            tickets::category.eq(new.category),
            tickets::priority.eq(new.priority),
            tickets::subject.eq(&new.subject),
            tickets::phone.eq(&new.phone),
            tickets::visibility.eq(new.visibility),
            (
                tickets::state.eq(TicketState::Open),
                tickets::state_at.eq(writer.now),
                tickets::author_id.eq(writer.user_id),
                tickets::email_payment_id.eq(email_payment_id),
                tickets::document_id.eq(document_id),
                tickets::notice_id.eq(notice_id),
                tickets::transaction_id.eq(transaction_id),
                tickets::follows.eq(follows),
                tickets::created_at.eq(writer.now),
                tickets::answered_at.eq(writer.now),
                tickets::first_answer_due_at.eq(within(new.priority.first_answer_within())),
                tickets::solution_due_at.eq(within(new.priority.solution_within())),
            ),
        ))
        .returning(Ticket::as_returning())
        .get_result(conn)?;
    note_state(conn, &ticket, TicketState::Open, Some(writer.user_id), writer.now)?;
    let facts = json!({
        "number": ticket.number,
        "category": new.category.as_str(),
        "priority": new.priority.as_str(),
    });
    record(conn, &writer.by, &ticket, "ticket.open", None, Some(facts))?;
    let message = NewMessage { text: new.text, files, form_id: new.form_id };
    say(conn, writer, &ticket, &message, false)?;
    Ok(Ok(ticket.number))
}

/// Answers a ticket, or says that it is solved; the same form twice says it once.
///
/// # Errors
/// [`Error::NotFound`]: not for these eyes.
pub fn answer(
    conn: &mut PgConnection,
    sight: Sight,
    writer: &Writer,
    merchant_id: MerchantId,
    number: i64,
    message: &NewMessage,
    is_solved: bool,
) -> Result<Result<(), Unsaid>, Error> {
    let ticket = queries::lock(conn, sight, merchant_id, number)?;
    if earlier(conn, merchant_id, writer.user_id, message.form_id)?.is_some() {
        return Ok(Ok(()));
    }
    let by_support = sight.is_platform();
    let event = match (is_solved, by_support) {
        (true, _) => TicketEvent::Solved,
        (false, true) => TicketEvent::AnsweredBySupport,
        (false, false) => TicketEvent::AnsweredByMerchant,
    };
    let Some(next) = ticket.state.after(event) else { return Ok(Err(Unsaid::Closed)) };
    if is_full(conn, merchant_id, &message.files)? {
        return Ok(Err(Unsaid::Full));
    }
    say(conn, writer, &ticket, message, by_support)?;
    if by_support && ticket.first_answered_at.is_none() {
        diesel::update(tickets::table.find((merchant_id, ticket.id)))
            .set(tickets::first_answered_at.eq(writer.now))
            .execute(conn)?;
    }
    let facts = json!({ "number": ticket.number });
    record(conn, &writer.by, &ticket, "ticket.answer", None, Some(facts))?;
    move_to(conn, writer, &ticket, next)?;
    Ok(Ok(()))
}

/// Who of support has a ticket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Assigned {
    Done,
    /// A colleague changed that since the page was read: who has it now, if anybody. Nothing was done.
    Meanwhile(Option<String>),
}

/// Takes a ticket, hands it to somebody of support, or gives it back: `None`. `seen` is who had it when the
/// page was read.
///
/// # Errors
/// [`Error::NotFound`]: no such ticket, or nobody of support. [`Error::Conflict`]: it is closed.
pub fn assign(
    conn: &mut PgConnection,
    scope: SupportScope,
    writer: &Writer,
    merchant_id: MerchantId,
    number: i64,
    (seen, assignee_id): (Option<UserId>, Option<UserId>),
) -> Result<Assigned, Error> {
    let ticket = queries::lock(conn, Sight::Support(scope), merchant_id, number)?;
    if ticket.assignee_id != seen && ticket.assignee_id != assignee_id {
        let has = ticket.assignee_id.map(|id| queries::user_name(conn, id)).transpose()?;
        return Ok(Assigned::Meanwhile(has));
    }
    let next = ticket.state.after(TicketEvent::Taken).ok_or(Error::Conflict)?;
    let people = queries::support_team(conn)?;
    let name = |id: UserId| people.iter().find(|(known, _)| *known == id).map(|(_, name)| name);
    if assignee_id.is_some_and(|id| name(id).is_none()) {
        return Err(Error::NotFound);
    }
    diesel::update(tickets::table.find((merchant_id, ticket.id)))
        .set(tickets::assignee_id.eq(assignee_id))
        .execute(conn)?;
    let facts = |id: Option<UserId>| json!({ "number": number, "assignee": id.and_then(name) });
    let entry = Entry {
        // Support's own affair: it is in no merchant's activity.
        merchant_id: None,
        action: "ticket.assign",
        object_id: Some(ticket.id.as_uuid()),
        is_done: true,
        before: Some(facts(ticket.assignee_id)),
        after: Some(facts(assignee_id)),
    };
    audit::record(conn, &writer.by, entry)?;
    if assignee_id.is_some() {
        move_to(conn, writer, &ticket, next)?;
    }
    Ok(Assigned::Done)
}

/// Writes a note that support alone reads. The audit says that there is one, not to the merchant, and
/// not what it says.
pub fn add_note(
    conn: &mut PgConnection,
    scope: SupportScope,
    writer: &Writer,
    merchant_id: MerchantId,
    number: i64,
    text: &str,
) -> Result<(), Error> {
    let ticket = queries::get(conn, Sight::Support(scope), merchant_id, number)?;
    diesel::insert_into(ticket_notes::table)
        .values((
            ticket_notes::merchant_id.eq(merchant_id),
            ticket_notes::ticket_id.eq(ticket.id),
            ticket_notes::id.eq(TicketMessageId::new()),
            ticket_notes::author_id.eq(writer.user_id),
            ticket_notes::text.eq(text),
            ticket_notes::at.eq(writer.now),
        ))
        .execute(conn)?;
    let entry = Entry {
        merchant_id: None,
        action: "ticket.note",
        object_id: Some(ticket.id.as_uuid()),
        is_done: true,
        before: None,
        after: None,
    };
    audit::record(conn, &writer.by, entry)
}

/// Lets somebody of the team follow a ticket, or no longer.
///
/// # Errors
/// [`Error::NotFound`]: not for these eyes, or nobody of the team.
pub fn watch(
    conn: &mut PgConnection,
    asker: Asker,
    writer: &Writer,
    number: i64,
    user_id: UserId,
    is_watching: bool,
) -> Result<(), Error> {
    let merchant_id = asker.scope.merchant_id();
    let ticket = queries::lock(conn, Sight::Merchant(asker), merchant_id, number)?;
    let team = queries::team(conn, merchant_id)?;
    let (_, name) = team.iter().find(|(id, _)| *id == user_id).ok_or(Error::NotFound)?;
    let changed = if is_watching {
        diesel::insert_into(ticket_watchers::table)
            .values((
                ticket_watchers::merchant_id.eq(merchant_id),
                ticket_watchers::ticket_id.eq(ticket.id),
                ticket_watchers::user_id.eq(user_id),
                ticket_watchers::at.eq(writer.now),
            ))
            .on_conflict_do_nothing()
            .execute(conn)?
    } else {
        diesel::delete(ticket_watchers::table.find((merchant_id, ticket.id, user_id)))
            .execute(conn)?
    };
    if changed == 0 {
        return Ok(());
    }
    let facts = json!({ "number": number, "name": name });
    let (before, after) = if is_watching { (None, Some(facts)) } else { (Some(facts), None) };
    record(conn, &writer.by, &ticket, "ticket.watch", before, after)
}

/// That somebody took a file along, and where it broke off, why.
pub fn note_download(
    conn: &mut PgConnection,
    by: &By,
    ticket: &Ticket,
    failure: Option<&Error>,
) -> Result<(), Error> {
    let entry = Entry {
        merchant_id: Some(ticket.merchant_id),
        action: "ticket.download",
        object_id: Some(ticket.id.as_uuid()),
        is_done: failure.is_none(),
        before: None,
        after: Some(match failure {
            Some(error) => json!({ "number": ticket.number, "reason": error.to_string() }),
            None => json!({ "number": ticket.number }),
        }),
    };
    audit::record(conn, by, entry)
}

/// The ticket that a form has said something in already.
fn earlier(
    conn: &mut PgConnection,
    merchant_id: MerchantId,
    author_id: UserId,
    form_id: Uuid,
) -> Result<Option<i64>, Error> {
    Ok(ticket_messages::table
        .inner_join(
            tickets::table.on(tickets::merchant_id
                .eq(ticket_messages::merchant_id)
                .and(tickets::id.eq(ticket_messages::ticket_id))),
        )
        .filter(ticket_messages::merchant_id.eq(merchant_id))
        .filter(ticket_messages::author_id.eq(author_id))
        .filter(ticket_messages::form_id.eq(form_id))
        .select(tickets::number)
        .first(conn)
        .optional()?)
}

/// A message, its files for which there is room, and the mails that tell of it.
fn say(
    conn: &mut PgConnection,
    writer: &Writer,
    ticket: &Ticket,
    message: &NewMessage,
    by_support: bool,
) -> Result<(), Error> {
    let message_id = TicketMessageId::new();
    diesel::insert_into(ticket_messages::table)
        .values((
            ticket_messages::merchant_id.eq(ticket.merchant_id),
            ticket_messages::ticket_id.eq(ticket.id),
            ticket_messages::id.eq(message_id),
            ticket_messages::author_id.eq(writer.user_id),
            ticket_messages::by_support.eq(by_support),
            ticket_messages::text.eq(&message.text),
            ticket_messages::at.eq(writer.now),
            ticket_messages::form_id.eq(message.form_id),
        ))
        .execute(conn)?;
    for file in &message.files {
        file.kept.write(conn)?;
        diesel::insert_into(ticket_files::table)
            .values((
                ticket_files::merchant_id.eq(ticket.merchant_id),
                ticket_files::id.eq(TicketFileId::from_uuid(Uuid::new_v4())),
                ticket_files::ticket_id.eq(ticket.id),
                ticket_files::message_id.eq(message_id),
                ticket_files::name.eq(&file.name),
                ticket_files::sha256.eq(&file.kept.sha256()[..]),
                ticket_files::size_bytes.eq(file.kept.size_bytes()),
            ))
            .execute(conn)?;
    }
    // A solved ticket closes fourteen days after the last word in it.
    let state_at = if ticket.state == TicketState::Solved { writer.now } else { ticket.state_at };
    diesel::update(tickets::table.find((ticket.merchant_id, ticket.id)))
        .set((tickets::answered_at.eq(writer.now), tickets::state_at.eq(state_at)))
        .execute(conn)?;
    let (_, spoken) = queries::merchant(conn, ticket.merchant_id)?;
    let hearers = queries::hearers(conn, ticket, writer.user_id, by_support)?;
    for hearer in to_write_to(conn, writer, ticket, hearers, by_support)? {
        let usual = if hearer.side == Side::Merchant { spoken } else { Lang::En };
        let letter = NewMail {
            merchant_id: ticket.merchant_id,
            about: About::TicketMessage(message_id),
            kind: MailKind::Ticket,
            recipient: &hearer.email,
            language: hearer.language.unwrap_or(usual),
            run_at: writer.now,
            created_at: writer.now,
        };
        mail::insert(conn, &letter)?;
    }
    Ok(())
}

/// Who of them gets the message by mail. That support has answered, the merchant's users are told in the
/// ways that they chose; everybody else, by mail.
fn to_write_to(
    conn: &mut PgConnection,
    writer: &Writer,
    ticket: &Ticket,
    hearers: Vec<Hearer>,
    by_support: bool,
) -> Result<Vec<Hearer>, Error> {
    if !by_support {
        return Ok(hearers);
    }
    let scope = MerchantScope::from(SystemScope::found(ticket.merchant_id));
    let to: Vec<UserId> = hearers.iter().map(|hearer| hearer.user_id).collect();
    let wanted = notifications::want_answers(conn, scope, &to, writer.now)?;
    let event = Event::TicketAnswered { id: ticket.id, to };
    notifications::notify(conn, scope, &event, writer.now)?;
    Ok(hearers.into_iter().filter(|hearer| wanted.contains(&hearer.user_id)).collect())
}

/// Whether these files are more than the merchant has room for.
fn is_full(
    conn: &mut PgConnection,
    merchant_id: MerchantId,
    files: &[KeptFile],
) -> Result<bool, Error> {
    if files.is_empty() {
        return Ok(false);
    }
    let there: Option<i64> = ticket_files::table
        .filter(ticket_files::merchant_id.eq(merchant_id))
        .select(sql::<diesel::sql_types::Nullable<BigInt>>("sum(size_bytes)::bigint"))
        .first(conn)?;
    let more: i64 = files.iter().map(|file| file.kept.size_bytes()).sum();
    Ok(there.unwrap_or(0) + more > MERCHANT_BYTES_MAX)
}

/// The move, its clock, its line in the history and the audit row; nothing where it stays.
fn move_to(
    conn: &mut PgConnection,
    writer: &Writer,
    ticket: &Ticket,
    next: TicketState,
) -> Result<(), Error> {
    if next == ticket.state {
        return Ok(());
    }
    let clock = ticket.clock_in(next, &writer.hours, writer.now);
    diesel::update(tickets::table.find((ticket.merchant_id, ticket.id)))
        .set((
            tickets::state.eq(next),
            tickets::state_at.eq(writer.now),
            tickets::solution_due_at.eq(clock.due_at()),
            tickets::solution_left_seconds.eq(clock.left_seconds()),
        ))
        .execute(conn)?;
    note_state(conn, ticket, next, Some(writer.user_id), writer.now)?;
    record_move(conn, &writer.by, ticket, next)
}

/// The audit row of a move.
fn record_move(
    conn: &mut PgConnection,
    by: &By,
    ticket: &Ticket,
    next: TicketState,
) -> Result<(), Error> {
    let facts = |state: TicketState| json!({ "number": ticket.number, "state": state.as_str() });
    let (before, after) = (facts(ticket.state), facts(next));
    record(conn, by, ticket, "ticket.move", Some(before), Some(after))
}

fn note_state(
    conn: &mut PgConnection,
    ticket: &Ticket,
    state: TicketState,
    user_id: Option<UserId>,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    diesel::insert_into(ticket_states::table)
        .values((
            ticket_states::merchant_id.eq(ticket.merchant_id),
            ticket_states::ticket_id.eq(ticket.id),
            ticket_states::id.eq(TicketMessageId::new()),
            ticket_states::state.eq(state),
            ticket_states::user_id.eq(user_id),
            ticket_states::at.eq(now),
        ))
        .execute(conn)?;
    Ok(())
}

fn record(
    conn: &mut PgConnection,
    by: &By,
    ticket: &Ticket,
    action: &'static str,
    before: Option<Value>,
    after: Option<Value>,
) -> Result<(), Error> {
    let entry = Entry {
        merchant_id: Some(ticket.merchant_id),
        action,
        object_id: Some(ticket.id.as_uuid()),
        is_done: true,
        before,
        after,
    };
    audit::record(conn, by, entry)
}
