//! `/merchants/{id}/conditions`: what holds for a merchant, what held, and new ones; how often its
//! transactions are summed up.

pub mod providers;

use actix_session::Session;
use actix_web::HttpRequest;
use actix_web::web::{Data, Path};
use askama::Template;
use chrono::{DateTime, NaiveDate, Utc};
use diesel::PgConnection;
use serde::Deserialize;

use super::commands;
use super::form::{ConditionsForm, Ground};
use super::invoice::percent;
use super::model::Conditions;
use super::queries::{self, Noted};
use crate::auth::{MerchantScope, Staff};
use crate::kernel::{Error, MerchantId, Money, Right, Texts, dates};
use crate::settlement::{Rhythm, open_period};
use crate::web::{
    App, Client, Faults, Flash, Form, Html, Kept, Shell, Ui, html, invalid, see_other, set_flash,
};

#[derive(Template)]
#[template(path = "statements/conditions.html")]
struct ConditionsPage {
    shell: Shell,
    t: &'static Texts,
    merchant_id: MerchantId,
    known: Known,
    form: ConditionsForm,
    faults: Faults,
}

/// What is read of a merchant.
struct Known {
    merchant: String,
    currency: String,
    rhythm: Rhythm,
    history: Vec<Noted>,
    providers: Vec<String>,
    /// The first day that is not summed up yet.
    first_day: Option<NaiveDate>,
}

impl Known {
    fn read(conn: &mut PgConnection, scope: MerchantScope) -> Result<Self, Error> {
        let (merchant, currency, rhythm) = queries::merchant(conn, scope)?;
        Ok(Self {
            merchant,
            currency,
            rhythm,
            history: queries::history(conn, scope)?,
            providers: queries::provider_names(conn)?,
            first_day: open_period(conn, scope)?.map(|period| period.from),
        })
    }
}

impl ConditionsPage {
    fn may_add(&self) -> bool {
        self.shell.may(Right::PublishDocuments)
    }

    fn is_weekly(&self) -> bool {
        self.known.rhythm == Rhythm::Weekly
    }

    fn rhythm(&self) -> String {
        match self.known.rhythm {
            Rhythm::Weekly => self.t.msg_cond_weekly(),
            Rhythm::Monthly => self.t.msg_cond_monthly(),
        }
    }

    #[expect(clippy::trivially_copy_pass_by_ref, reason = "templates call by reference")]
    fn day(&self, day: &NaiveDate) -> String {
        dates::plain_day(*day, self.shell.lang)
    }

    #[expect(clippy::trivially_copy_pass_by_ref, reason = "templates call by reference")]
    fn percent(&self, basis_points: &i32) -> String {
        format!("{}\u{a0}%", percent(*basis_points, self.shell.lang))
    }

    fn each(&self, one: &Conditions) -> String {
        [one.per_sale_minor, one.per_refund_minor, one.per_chargeback_minor]
            .map(|minor| Money::new(minor, one.currency()).number(self.shell.lang))
            .join(" · ")
    }

    fn holdback(&self, one: &Conditions) -> String {
        if one.holdback_bp == 0 {
            return self.t.msg_cond_holdback_none();
        }
        let rate = percent(one.holdback_bp, self.shell.lang);
        self.t.msg_cond_holdback_words(one.holdback_days, rate)
    }

    fn by(&self, name: Option<&str>, at: &DateTime<Utc>) -> String {
        let moment = dates::moment(*at, self.shell.now, self.shell.zone, self.shell.lang);
        let name = name.map_or_else(|| self.t.msg_cond_product(), str::to_owned);
        self.t.msg_cond_by(name, moment)
    }
}

/// Whose conditions the address names, for who has a right.
fn scope(user: &Staff, right: Right, path: &str) -> Result<MerchantScope, Error> {
    let id: MerchantId = path.parse().map_err(|_| Error::NotFound)?;
    user.scope(right)?.merchant(id)
}

/// `GET`: what holds and held, and a form for who may add.
pub async fn show(
    user: Staff,
    shell: Shell,
    app: Data<App>,
    path: Path<String>,
    Kept(kept): Kept<ConditionsForm>,
) -> Html {
    let scope = scope(&user, Right::ViewDocuments, &path)?;
    let known = app.db.run(scope.tenants(), move |conn| Known::read(conn, scope)).await?;
    let form = kept.unwrap_or_else(|| ConditionsForm {
        currency: known.currency.clone(),
        provider: known.providers.first().cloned().unwrap_or_default(),
        ..ConditionsForm::default()
    });
    let merchant_id = scope.merchant_id();
    let faults = Faults::default();
    html(&ConditionsPage { t: shell.t, shell, merchant_id, known, form, faults })
}

/// `POST`: new conditions from a day on.
pub async fn create(
    user: Staff,
    req: HttpRequest,
    app: Data<App>,
    client: Client,
    session: Session,
    path: Path<String>,
    Form(form): Form<ConditionsForm>,
) -> Html {
    let scope = scope(&user, Right::PublishDocuments, &path)?;
    let lang = Ui::of(&req).lang;
    let known = app.db.run(scope.tenants(), move |conn| Known::read(conn, scope)).await?;
    let ground = Ground { providers: &known.providers, first_day: known.first_day, lang };
    let faults = match form.validate(&ground) {
        Ok(new) => {
            let (by, user_id, now) =
                (client.user(user.principal()), user.user_id(), app.clock.now());
            let from = dates::plain_day(new.valid_from, lang);
            let write = move |conn: &mut PgConnection| {
                commands::add_conditions(conn, scope, &by, Some(user_id), &new, now)
            };
            if app.db.run(scope.tenants(), write).await? {
                set_flash(&session, &Flash::ConditionsAdded { from })?;
                return Ok(see_other(format!("/merchants/{}/conditions", scope.merchant_id())));
            }
            let mut faults = Faults::default();
            faults.add("valid_from", lang.texts().msg_cond_fault_taken());
            faults
        }
        Err(faults) => faults,
    };
    let shell = Shell::of(&req)?;
    let merchant_id = scope.merchant_id();
    invalid(&ConditionsPage { t: shell.t, shell, merchant_id, known, form, faults })
}

/// How often a merchant's transactions are to be summed up.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RhythmForm {
    rhythm: String,
}

/// `POST`: another rhythm. The period that has begun ends as it would have.
pub async fn set_rhythm(
    user: Staff,
    app: Data<App>,
    client: Client,
    session: Session,
    path: Path<String>,
    Form(RhythmForm { rhythm }): Form<RhythmForm>,
) -> Html {
    let scope = scope(&user, Right::PublishDocuments, &path)?;
    let rhythm = Rhythm::parse(&rhythm).ok_or(Error::Malformed("no rhythm"))?;
    let by = client.user(user.principal());
    let write = move |conn: &mut PgConnection| commands::set_rhythm(conn, scope, &by, rhythm);
    app.db.run(scope.tenants(), write).await?;
    set_flash(&session, &Flash::RhythmSet)?;
    Ok(see_other(format!("/merchants/{}/conditions", scope.merchant_id())))
}
