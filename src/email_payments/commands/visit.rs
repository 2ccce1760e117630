//! A visit of the pay link: a fact with a time, no change of status.

use chrono::{DateTime, Duration, Utc};
use diesel::prelude::*;
use serde_json::json;

use crate::auth::SystemScope;
use crate::auth::audit::Actor;
use crate::db::schema::{email_payment_events, email_payments, mails, pay_link_visits};
use crate::email_payments::history::{Happening, record, row};
use crate::email_payments::lookups::hold;
use crate::email_payments::queries::EventKind;
use crate::email_payments::visits::{VISITS_MAX, VisitKind, VisitReason};
use crate::kernel::{EmailPaymentId, Error, VisitId};
use crate::mail::MailKind;

/// Nobody gets a mail, reads it and follows its link sooner; scanners on the way do.
const PERSON_NEEDS: Duration = Duration::seconds(10);

/// Notes a visit of the link, by what its request says. A browser's visit within ten seconds of the
/// mail's acceptance may be a scanner's in a browser's clothes: it counts for neither.
pub fn note_visit(
    conn: &mut PgConnection,
    scope: SystemScope,
    id: EmailPaymentId,
    why: VisitReason,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    let is_person = why.kind() == VisitKind::Person;
    let why =
        if is_person && came_too_soon(conn, scope, id, now)? { VisitReason::TooSoon } else { why };
    let noted = match why.kind() {
        VisitKind::Person => {
            note_first(conn, scope, id, now)?;
            diesel::update(row(scope.merchant_id(), id))
                .set((
                    email_payments::opens.eq(email_payments::opens + 1),
                    email_payments::last_opened_at.eq(now),
                ))
                .returning(email_payments::opens + email_payments::scanner_visits)
                .get_result::<i32>(conn)?
        }
        VisitKind::Scanner | VisitKind::Unsure => diesel::update(row(scope.merchant_id(), id))
            .set(email_payments::scanner_visits.eq(email_payments::scanner_visits + 1))
            .returning(email_payments::opens + email_payments::scanner_visits)
            .get_result::<i32>(conn)?,
    };
    if noted <= VISITS_MAX {
        diesel::insert_into(pay_link_visits::table)
            .values((
                pay_link_visits::merchant_id.eq(scope.merchant_id()),
                pay_link_visits::id.eq(VisitId::new()),
                pay_link_visits::email_payment_id.eq(id),
                pay_link_visits::at.eq(now),
                pay_link_visits::kind.eq(why.kind()),
                pay_link_visits::why.eq(why),
            ))
            .execute(conn)?;
    }
    Ok(())
}

/// Notes that the customer accepts the terms as they stand, once for each state of the page's settings.
pub fn accept_terms(
    conn: &mut PgConnection,
    scope: SystemScope,
    id: EmailPaymentId,
    (version, terms_url): (i32, &str),
    now: DateTime<Utc>,
) -> Result<(), Error> {
    hold(conn, scope.into(), id)?;
    let facts = json!({ "terms_url": terms_url, "version": version });
    let noted = email_payment_events::table
        .filter(email_payment_events::merchant_id.eq(scope.merchant_id()))
        .filter(email_payment_events::email_payment_id.eq(id))
        .filter(email_payment_events::kind.eq(EventKind::TermsAccepted))
        .filter(email_payment_events::details.eq(&facts));
    if diesel::select(diesel::dsl::exists(noted)).get_result(conn)? {
        return Ok(());
    }
    let kind = EventKind::TermsAccepted;
    let accepted = Happening::by(scope.merchant_id(), id, kind, Actor::Customer, now).with(facts);
    record(conn, &accepted, None, None)
}

/// The first visit of a person stands in the history too.
fn note_first(
    conn: &mut PgConnection,
    scope: SystemScope,
    id: EmailPaymentId,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    let changed = diesel::update(
        row(scope.merchant_id(), id).filter(email_payments::first_opened_at.is_null()),
    )
    .set(email_payments::first_opened_at.eq(now))
    .execute(conn)?;
    if changed > 0 {
        let opened =
            Happening::by(scope.merchant_id(), id, EventKind::Opened, Actor::Customer, now);
        record(conn, &opened, None, None)?;
    }
    Ok(())
}

/// Whether a server has taken a mail with the link only seconds ago.
fn came_too_soon(
    conn: &mut PgConnection,
    scope: SystemScope,
    id: EmailPaymentId,
    now: DateTime<Utc>,
) -> Result<bool, Error> {
    let just_sent = mails::table
        .filter(mails::merchant_id.eq(scope.merchant_id()))
        .filter(mails::email_payment_id.eq(id))
        .filter(mails::kind.eq_any(MailKind::WITH_LINK))
        .filter(mails::sent_at.gt(now - PERSON_NEEDS));
    Ok(diesel::select(diesel::dsl::exists(just_sent)).get_result(conn)?)
}
