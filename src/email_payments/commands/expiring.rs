//! Job: a day before a request ends that nobody has paid, its merchant is told.

use chrono::{DateTime, Duration, Utc};
use diesel::prelude::*;
use diesel::sql_types::{Timestamptz, Uuid as SqlUuid};
use diesel::{QueryableByName, sql_query};
use uuid::Uuid;

use crate::auth::SystemScope;
use crate::db::schema::notification_marks;
use crate::db::{Db, Tenants};
use crate::jobs;
use crate::kernel::{EmailPaymentId, Error, MerchantId, UserId};
use crate::notifications::{Event, PaymentEvent, notify};

/// So long before the end.
const AHEAD: Duration = Duration::hours(24);
const NAME: &str = "payment_expiring";

#[derive(Clone, Debug, QueryableByName)]
struct Expiring {
    #[diesel(sql_type = SqlUuid)]
    merchant_id: MerchantId,
    #[diesel(sql_type = SqlUuid)]
    email_payment_id: EmailPaymentId,
    #[diesel(sql_type = SqlUuid)]
    created_by: UserId,
    #[diesel(sql_type = Timestamptz)]
    expires_at: DateTime<Utc>,
}

/// Tells about the next of them. A mark goes along their ends, so that each is told once for each end that
/// it has; what is made with less than a day to live is not told about. Returns how many.
pub async fn tell_expiring(db: &Db, now: DateTime<Utc>) -> Result<usize, Error> {
    let find = move |conn: &mut PgConnection| -> Result<Vec<Expiring>, Error> {
        let (at, id): (DateTime<Utc>, Uuid) = notification_marks::table
            .find(NAME)
            .select((notification_marks::reached_at, notification_marks::reached_id))
            .first(conn)?;
        // What has ended meanwhile is no news.
        let (at, id) = if at < now { (now, Uuid::nil()) } else { (at, id) };
        Ok(sql_query("SELECT * FROM email_payments_expiring($1, $2, $3)")
            .bind::<Timestamptz, _>(at)
            .bind::<SqlUuid, _>(id)
            .bind::<Timestamptz, _>(now + AHEAD)
            .load(conn)?)
    };
    let found = db.run(Tenants::none(), find).await?;
    let tell = async |one: &Expiring| {
        let (scope, one) = (SystemScope::found(one.merchant_id), one.clone());
        db.run(scope.tenants(), move |conn| tell(conn, scope, &one, now)).await
    };
    Ok(jobs::each("nobody could be told that a payment expires", &found, tell).await)
}

/// Moves the mark and tells, or nothing where another process has moved it further.
fn tell(
    conn: &mut PgConnection,
    scope: SystemScope,
    one: &Expiring,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    let place = (one.expires_at, one.email_payment_id.as_uuid());
    let is_before = notification_marks::reached_at.lt(place.0).or(notification_marks::reached_at
        .eq(place.0)
        .and(notification_marks::reached_id.lt(place.1)));
    let moved = diesel::update(notification_marks::table.find(NAME))
        .filter(is_before)
        .set((
            notification_marks::reached_at.eq(place.0),
            notification_marks::reached_id.eq(place.1),
        ))
        .execute(conn)?;
    if moved > 0 {
        let (id, created_by) = (one.email_payment_id, one.created_by);
        let event = Event::Payment { kind: PaymentEvent::Expiring, id, created_by };
        notify(conn, scope.into(), &event, now)?;
    }
    Ok(())
}
