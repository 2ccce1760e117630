//! The first door: documents that the product makes at the end of a period. What they say stands
//! already (`statements`); here each is rendered and published, by whichever process claims it first.

use chrono::{DateTime, TimeDelta, Utc};
use diesel::PgConnection;
use futures_util::{StreamExt as _, stream};

use super::{Pdf, Published, Writer, publish};
use crate::auth::SystemScope;
use crate::auth::audit::{Actor, By};
use crate::db::{Db, Tenants};
use crate::documents::model::{Kind, NewDocument, Source};
use crate::kernel::{Clock, Error, StatementId};
use crate::statements::{self, Claimed, Statement};
use crate::store::{Kept, Store};

/// Documents of one batch, and how many of them are worked on at the same time.
const DOCUMENTS: i32 = 32;
const AT_ONCE: usize = 3;
/// A process that says nothing for so long has died, or could not do it: somebody else tries again.
const LEASE: TimeDelta = TimeDelta::minutes(2);

/// What makes documents of statements.
#[derive(Clone)]
pub struct Maker {
    pub db: Db,
    pub store: Store,
    pub clock: Clock,
}

/// Job: publishes the documents of statements that have none. How many were published.
pub async fn publish_due(maker: &Maker) -> Result<usize, Error> {
    let now = maker.clock.now();
    let claim = move |conn: &mut PgConnection| statements::claim(conn, now, now + LEASE, DOCUMENTS);
    let claimed = maker.db.run(Tenants::none(), claim).await?;
    let work = stream::iter(claimed).map(async |Claimed { merchant_id, statement_id }| {
        let scope = SystemScope::found(merchant_id);
        match maker.make(scope, statement_id, now).await {
            Ok(()) => 1,
            Err(error) => {
                tracing::error!(statement.id = %statement_id, error = ?error, "a statement's document could not be made");
                0
            }
        }
    });
    Ok(work.buffer_unordered(AT_ONCE).fold(0, async |sum, one| sum + one).await)
}

impl Maker {
    async fn make(
        &self,
        scope: SystemScope,
        id: StatementId,
        now: DateTime<Utc>,
    ) -> Result<(), Error> {
        let read = move |conn: &mut PgConnection| statements::to_publish(conn, scope, id);
        let (statement, lang) = self.db.run(scope.tenants(), read).await?;
        let render = move || {
            let bytes = statements::invoice(&statement, lang).render()?;
            Ok::<_, Error>((statement, bytes))
        };
        let (statement, bytes) = actix_web::web::block(render).await.map_err(Error::internal)??;
        let pdf = Pdf::read(bytes).map_err(refused)?;
        let kept = self.store.keep(scope.merchant_id(), pdf.into_bytes()).await?;
        let write = move |conn: &mut PgConnection| settle(conn, scope, id, &statement, &kept, now);
        self.db.run(scope.tenants(), write).await
    }
}

fn refused(why: impl std::fmt::Debug) -> Error {
    Error::internal(format!("our own document is refused: {why:?}"))
}

/// Publishes the document and notes it at its statement, unless another process was faster.
fn settle(
    conn: &mut PgConnection,
    scope: SystemScope,
    id: StatementId,
    statement: &Statement,
    kept: &Kept,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    if !statements::lock_unpublished(conn, scope, id)? {
        return Ok(());
    }
    let writer = Writer { by: By::other(Actor::Clock), user_id: None, program: None, now };
    let new = NewDocument {
        kind: Kind::Invoice,
        provider: statement.provider.clone(),
        number: statement.number.clone(),
        period_from: statement.period.from,
        period_until: statement.period.until,
        issued_on: statement.issued_on,
        due_on: Some(statement.due_on),
        total: statement.to_receive(),
        corrects: None,
        source: Source::PeriodEnd,
    };
    match publish(conn, scope.into(), &writer, &new, kept)? {
        Published::New(document) | Published::Same(document) => {
            statements::note_document(conn, scope, id, document.id)
        }
        Published::Refused(why) => Err(refused(why)),
    }
}
