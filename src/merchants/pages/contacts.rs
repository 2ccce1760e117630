//! `GET /support/contacts`: who looks after the merchant, and how to reach support.

use actix_web::web::Data;
use askama::Template;
use diesel::PgConnection;

use crate::auth::MerchantUser;
use crate::kernel::{BusinessHours, Texts};
use crate::merchants::queries::{self, Manager};
use crate::web::{App, Html, Shell, html};

#[derive(Template)]
#[template(path = "merchants/contacts.html")]
struct ContactsPage {
    shell: Shell,
    t: &'static Texts,
    managers: Vec<Manager>,
    support_email: Option<String>,
    hours: BusinessHours,
}

impl ContactsPage {
    fn hours(&self) -> String {
        let (from, until, zone) = (self.hours.from(), self.hours.until(), self.hours.zone());
        if self.hours.is_monday_to_friday() {
            self.t.msg_contacts_hours_week(from, until, zone)
        } else {
            self.t.msg_contacts_hours(from, until, zone)
        }
    }
}

pub async fn contacts(user: MerchantUser, shell: Shell, app: Data<App>) -> Html {
    let scope = user.own()?;
    let read = move |conn: &mut PgConnection| queries::managers(conn, scope);
    let managers = app.db.run(scope.tenants(), read).await?;
    html(&ContactsPage {
        t: shell.t,
        shell,
        managers,
        support_email: app.support_email.as_ref().map(|email| email.as_str().to_owned()),
        hours: app.support_hours.clone(),
    })
}
