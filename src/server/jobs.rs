//! What works beside the requests: every job, by the name that it has in figures and log, with how long
//! it rests when there was nothing to do.

use std::sync::Arc;
use std::time::Duration;

use actix_web::rt::task::JoinHandle;
use actix_web::web::Data;
use chrono::{DateTime, Utc};
use diesel::PgConnection;
use tokio_util::sync::CancellationToken;

use super::writers::Writers;
use crate::auth::api::answers;
use crate::auth::audit;
use crate::config::Config;
use crate::db::{Db, Tenants};
use crate::email_payments::{self, Parts};
use crate::kernel::Error;
use crate::mail::{self, Outbox, Transport};
use crate::web::{App, connections};
use crate::{
    bulk_actions, documents, exports, gateway_accounts, imports, jobs, notifications,
    reconciliation, settlement, sign_in, statements, tickets, transactions,
};

const SECOND: Duration = Duration::from_secs(1);
const OFTEN: Duration = Duration::from_secs(5);
const NOW_AND_THEN: Duration = Duration::from_secs(20);
const MINUTE: Duration = Duration::from_secs(60);
const HOUR: Duration = Duration::from_secs(60 * 60);
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// Starts them all; each ends soon after `stop`.
///
/// # Errors
/// [`Error::Internal`]: the settings of the mail relay can't be used.
pub fn start(
    config: &Config,
    app: &Data<App>,
    db: &Db,
    stop: &CancellationToken,
) -> Result<Vec<JoinHandle<()>>, Error> {
    let parts = Parts {
        db: db.clone(),
        keys: app.keys.clone(),
        gateway: app.gateway.clone(),
        clock: app.clock.clone(),
        public_origin: app.public_origin.as_str().into(),
    };
    let mut jobs = Jobs { parts, stop: stop.clone(), tasks: Vec::new() };
    jobs.tasks.push(actix_web::rt::spawn(connections::sweep(stop.clone())));
    jobs.send_mails(config, app)?;
    jobs.follow_requests();
    jobs.do_long_work(app);
    jobs.stay_in_step(app);
    jobs.close_periods(app);
    jobs.tidy_up();
    Ok(jobs.tasks)
}

struct Jobs {
    parts: Parts,
    stop: CancellationToken,
    tasks: Vec<JoinHandle<()>>,
}

impl Jobs {
    fn send_mails(&mut self, config: &Config, app: &App) -> Result<(), Error> {
        let letters = Arc::new(Writers::new(&self.parts.db, app, config, &self.parts));
        for _ in 0..mail::WORKERS {
            let Parts { db, clock, .. } = self.parts.clone();
            let transport = Transport::new(&config.mail)?;
            let outbox = Outbox::new(db, clock, transport, letters.clone(), self.stop.clone());
            self.every("mail", mail::IDLE, async move || outbox.send_due().await);
        }
        Ok(())
    }

    /// What the clock and the gateway do to requests for money, and to what was paid.
    fn follow_requests(&mut self) {
        self.with_parts("reconcile", OFTEN, email_payments::jobs::reconcile_due);
        self.with_parts("operations", OFTEN, transactions::jobs::resolve_due);
        self.with_parts("send what is scheduled", OFTEN, email_payments::jobs::send_due);
        self.by_the_clock("expire", OFTEN, email_payments::jobs::expire_due);
        self.by_the_clock("lapse", 2 * OFTEN, email_payments::jobs::lapse_due);
        self.by_the_clock("remind", OFTEN, email_payments::jobs::remind_due);
        self.by_the_clock("tell what ends soon", OFTEN, email_payments::jobs::tell_expiring);
        self.by_the_clock("digests", OFTEN, notifications::jobs::send_digests);
        self.by_the_clock("tickets", MINUTE, tickets::jobs::close_solved);
    }

    /// What people asked for, row by row.
    fn do_long_work(&mut self, app: &App) {
        let Parts { db, clock, .. } = self.parts.clone();
        let acts = async move || bulk_actions::jobs::work_due(&db, &clock).await;
        self.every("bulk actions", SECOND, acts);
        let (Parts { db, clock, .. }, keys) = (self.parts.clone(), app.keys.clone());
        let makes = async move || imports::jobs::make_due(&db, &keys, &clock).await;
        self.every("imports", SECOND, makes);
        self.by_the_clock("rows of imports", HOUR, imports::jobs::forget_due);
        self.by_the_clock("exports", MINUTE, exports::jobs::close_lost);
    }

    /// What others know, and we want to know, too.
    fn stay_in_step(&mut self, app: &App) {
        // Two windows at a time: one that takes minutes keeps no other waiting.
        for _ in 0..2 {
            self.with_parts("transactions", OFTEN, reconciliation::jobs::import_due);
        }
        let Parts { db, keys, gateway, clock, .. } = self.parts.clone();
        let asker = gateway_accounts::Asker { db, keys, gateway, clock };
        let asks = async move || gateway_accounts::jobs::ask_due(&asker).await;
        self.every("gateway accounts", 2 * OFTEN, asks);
        let provider = app.provider.clone();
        self.every("provider", 2 * OFTEN, async move || Ok(provider.renew_due().await));
    }

    /// At the end of merchants' periods what moved is summed up, then told by documents.
    fn close_periods(&mut self, app: &App) {
        self.by_the_clock("first periods", 2 * OFTEN, statements::jobs::begin_due);
        self.by_the_clock("periods that end", 2 * OFTEN, statements::jobs::close_due);
        let Parts { db, clock, .. } = self.parts.clone();
        let maker = documents::jobs::Maker { db, store: app.store.clone(), clock };
        let publishes = async move || documents::jobs::publish_due(&maker).await;
        self.every("documents of periods", OFTEN, publishes);
    }

    /// What the database needs now and then, whatever the product does.
    fn tidy_up(&mut self) {
        self.in_one_go("totals", NOW_AND_THEN, email_payments::jobs::add_up);
        self.in_one_go("collected per day", NOW_AND_THEN, settlement::add_up);
        self.in_one_go("audit seal", MINUTE, |conn| count(audit::seal(conn)?));
        self.in_one_go("audit partitions", DAY, |conn| count(audit::make_partitions(conn)?));
        self.in_one_go("sweep", HOUR, sign_in::sweep);
        self.by_the_clock("sweep of the API's answers", HOUR, async |db, now| {
            db.run(Tenants::none(), move |conn| answers::sweep(conn, now)).await
        });
    }

    fn every(
        &mut self,
        name: &'static str,
        idle: Duration,
        batch: impl AsyncFn() -> Result<usize, Error> + 'static,
    ) {
        let job = jobs::repeat(name, idle, self.stop.clone(), batch);
        self.tasks.push(actix_web::rt::spawn(job));
    }

    /// A job that asks the gateway, or sends a request.
    fn with_parts(
        &mut self,
        name: &'static str,
        idle: Duration,
        batch: impl AsyncFn(&Parts) -> Result<usize, Error> + 'static,
    ) {
        let parts = self.parts.clone();
        self.every(name, idle, async move || batch(&parts).await);
    }

    /// A job for what is due by now.
    fn by_the_clock(
        &mut self,
        name: &'static str,
        idle: Duration,
        batch: impl AsyncFn(&Db, DateTime<Utc>) -> Result<usize, Error> + 'static,
    ) {
        let Parts { db, clock, .. } = self.parts.clone();
        self.every(name, idle, async move || batch(&db, clock.now()).await);
    }

    /// A job that is one transaction over the rows of all merchants.
    fn in_one_go(
        &mut self,
        name: &'static str,
        idle: Duration,
        batch: fn(&mut PgConnection) -> Result<usize, Error>,
    ) {
        let db = self.parts.db.clone();
        self.every(name, idle, async move || db.run(Tenants::none(), batch).await);
    }
}

fn count(rows: i64) -> Result<usize, Error> {
    usize::try_from(rows).map_err(Error::internal)
}
