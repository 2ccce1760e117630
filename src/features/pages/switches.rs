//! `/merchants/{id}/features`: what a success manager puts at a merchant's disposal, or takes back.

use actix_session::Session;
use actix_web::HttpRequest;
use actix_web::web::{Data, Path};
use askama::Template;
use chrono::Duration;
use diesel::PgConnection;

use crate::auth::{MerchantScope, Staff};
use crate::features::commands::{self, Hindrance};
use crate::features::display::{self, Row};
use crate::features::form::ChangeForm;
use crate::features::model::{Feature, Features};
use crate::features::queries::{self, Change, MerchantView};
use crate::kernel::{Error, FeatureSwitchId, Texts};
use crate::web::ui::Entry;
use crate::web::{
    App, Client, Faults, Flash, Form, Html, Kept, Shell, Ui, html, invalid, see_other, set_flash,
};

#[derive(Template)]
#[template(path = "features/switches.html")]
struct SwitchesPage {
    shell: Shell,
    t: &'static Texts,
    merchant: MerchantView,
    features: Features,
    changes: Vec<Change>,
    form: ChangeForm,
    faults: Faults,
}

impl SwitchesPage {
    async fn new(
        scope: MerchantScope,
        shell: Shell,
        app: &App,
        form: ChangeForm,
        faults: Faults,
    ) -> Result<Self, Error> {
        let now = shell.now;
        let read = move |conn: &mut PgConnection| {
            let merchant = queries::merchant(conn, scope)?;
            let features = queries::features(conn, scope.merchant_id(), now)?;
            Ok((merchant, features, queries::changes(conn, scope)?))
        };
        let (merchant, features, changes) = app.db.run(scope.tenants(), read).await?;
        Ok(Self { t: shell.t, shell, merchant, features, changes, form, faults })
    }

    fn base(&self) -> String {
        format!("/merchants/{}/features", self.merchant.id)
    }

    fn rows(&self) -> Vec<Row> {
        display::rows(&self.features, &self.changes, &self.shell, self.merchant.zone)
    }

    /// Word, words, and whether it is chosen.
    fn choices(&self) -> Vec<(&'static str, String, bool)> {
        let choice = |one: &Feature| {
            (one.as_str(), display::feature(*one, self.t), self.form.feature == one.as_str())
        };
        Feature::ALL.iter().map(choice).collect()
    }

    /// Whether `on` or `off` is what was chosen.
    fn turns(&self, state: &str) -> bool {
        self.form.state == state
    }

    fn first_day(&self) -> String {
        self.shell.now.with_timezone(&self.merchant.zone).date_naive().to_string()
    }

    fn last_day(&self) -> String {
        let last = self.shell.now + Duration::days(365);
        last.with_timezone(&self.merchant.zone).date_naive().to_string()
    }

    fn ledger(&self) -> Vec<Entry> {
        display::ledger(&self.changes, &self.shell, self.merchant.zone)
    }
}

/// `GET /merchants/{id}/features`
pub async fn show(
    user: Staff,
    shell: Shell,
    app: Data<App>,
    path: Path<String>,
    Kept(kept): Kept<ChangeForm>,
) -> Html {
    let scope = user.managed(&path)?;
    let form = kept.unwrap_or_default();
    html(&SwitchesPage::new(scope, shell, &app, form, Faults::default()).await?)
}

/// `POST /merchants/{id}/features`
pub async fn turn(
    user: Staff,
    req: HttpRequest,
    app: Data<App>,
    client: Client,
    session: Session,
    path: Path<String>,
    Form(form): Form<ChangeForm>,
) -> Html {
    let (scope, t) = (user.managed(&path)?, Ui::of(&req).lang.texts());
    let writer = client.writer(user.principal(), &app);
    let read = move |conn: &mut PgConnection| queries::merchant(conn, scope);
    let merchant = app.db.run(scope.tenants(), read).await?;
    let faults = match form.validate(t, merchant.zone, writer.now)? {
        Ok(wanted) => {
            let feature = display::feature(wanted.feature, t);
            let work = move |conn: &mut PgConnection| commands::turn(conn, scope, &writer, &wanted);
            match app.db.run(scope.tenants(), work).await? {
                Ok(()) => {
                    set_flash(&session, &Flash::FeatureSwitched { feature })?;
                    return Ok(see_other(format!("/merchants/{}/features", merchant.id)));
                }
                Err(hindrance) => hindered(hindrance, t),
            }
        }
        Err(faults) => faults,
    };
    invalid(&SwitchesPage::new(scope, Shell::of(&req)?, &app, form, faults).await?)
}

/// `POST /merchants/{id}/features/{switch}/undo`
pub async fn undo(
    user: Staff,
    req: HttpRequest,
    app: Data<App>,
    client: Client,
    session: Session,
    path: Path<(String, String)>,
) -> Html {
    let (merchant, switch) = path.into_inner();
    let (scope, t) = (user.managed(&merchant)?, Ui::of(&req).lang.texts());
    let id: FeatureSwitchId = switch.parse().map_err(|_| Error::NotFound)?;
    let writer = client.writer(user.principal(), &app);
    let work = move |conn: &mut PgConnection| commands::take_back(conn, scope, &writer, id);
    match app.db.run(scope.tenants(), work).await? {
        Ok(feature) => {
            let feature = display::feature(feature, t);
            set_flash(&session, &Flash::FeatureTakenBack { feature })?;
            Ok(see_other(format!("/merchants/{}/features", scope.merchant_id())))
        }
        Err(hindrance) => {
            let (shell, faults) = (Shell::of(&req)?, hindered(hindrance, t));
            let form = ChangeForm::default();
            invalid(&SwitchesPage::new(scope, shell, &app, form, faults).await?)
        }
    }
}

fn hindered(hindrance: Hindrance, t: &Texts) -> Faults {
    let mut faults = Faults::default();
    faults.add(
        "state",
        match hindrance {
            Hindrance::Unchanged => t.msg_feature_fault_unchanged(),
            Hindrance::NoMethodLeft => t.msg_feature_fault_no_method(),
        },
    );
    faults
}
