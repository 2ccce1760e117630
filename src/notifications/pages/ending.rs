//! A permission is withdrawn, a request refused: each asks for the reason first.

use actix_session::Session;
use actix_web::HttpRequest;
use actix_web::web::{Data, Path};
use askama::Template;
use diesel::PgConnection;
use serde::Deserialize;

use crate::auth::{MerchantScope, Staff};
use crate::kernel::{
    Error, MerchantId, NotificationPermissionId, NotificationRequestId, Texts, UserId,
};
use crate::notifications::model::NoticeKind;
use crate::notifications::queries::{self, Merchant};
use crate::notifications::{commands, display};
use crate::web::{
    App, Client, Faults, Flash, Form, Html, Kept, Shell, Ui, html, invalid, see_other, set_flash,
};

/// What is to be ended.
#[derive(Clone, Copy)]
enum What {
    Permission(NotificationPermissionId),
    Request(NotificationRequestId),
}

#[derive(Template)]
#[template(path = "notifications/ending.html")]
struct EndingPage {
    shell: Shell,
    t: &'static Texts,
    merchant_id: MerchantId,
    merchant: Merchant,
    what: What,
    user_id: UserId,
    user_name: String,
    kind: NoticeKind,
    form: ReasonForm,
    faults: Faults,
}

impl EndingPage {
    /// # Errors
    /// [`Error::NotFound`]: there is none; [`Error::Conflict`]: it has ended.
    async fn new(
        scope: MerchantScope,
        what: What,
        shell: Shell,
        app: &App,
        form: ReasonForm,
        faults: Faults,
    ) -> Result<Self, Error> {
        let read = move |conn: &mut PgConnection| {
            let merchant = queries::merchant(conn, scope)?;
            let (user_id, user_name, kind, is_open) = match what {
                What::Permission(id) => {
                    let one = queries::permission(conn, scope, id)?;
                    (one.user_id, one.user_name, one.kind, one.withdrawn_at.is_none())
                }
                What::Request(id) => {
                    let one = queries::request(conn, scope, id)?;
                    (one.user_id, one.user_name, one.kind, one.answer.is_none())
                }
            };
            if is_open { Ok((merchant, user_id, user_name, kind)) } else { Err(Error::Conflict) }
        };
        let (merchant, user_id, user_name, kind) = app.db.run(scope.tenants(), read).await?;
        let merchant_id = scope.merchant_id();
        Ok(Self {
            t: shell.t,
            shell,
            merchant_id,
            merchant,
            what,
            user_id,
            user_name,
            kind,
            form,
            faults,
        })
    }

    fn base(&self) -> String {
        format!("/merchants/{}/permissions", self.merchant_id)
    }

    fn action(&self) -> String {
        match self.what {
            What::Permission(id) => format!("{}/{id}/withdrawal", self.base()),
            What::Request(id) => format!("{}/requests/{id}/refusal", self.base()),
        }
    }

    fn title(&self) -> String {
        let kind = display::kind(self.kind, self.t);
        match self.what {
            What::Permission(_) => self.t.msg_permission_withdraw_title(&self.user_name, kind),
            What::Request(_) => self.t.msg_permission_refuse_title(&self.user_name, kind),
        }
    }

    fn words(&self) -> String {
        match self.what {
            What::Permission(_) => self.t.msg_permission_withdraw_words(&self.user_name),
            What::Request(_) => self.t.msg_permission_refuse_words(&self.user_name),
        }
    }

    fn button(&self) -> String {
        match self.what {
            What::Permission(_) => self.t.msg_permission_withdraw_button(),
            What::Request(_) => self.t.msg_permission_refuse_button(),
        }
    }
}

/// What is typed.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReasonForm {
    #[serde(default)]
    reason: String,
}

fn permission(user: &Staff, path: &(String, String)) -> Result<(MerchantScope, What), Error> {
    let id = path.1.parse().map_err(|_| Error::NotFound)?;
    Ok((user.managed(&path.0)?, What::Permission(id)))
}

fn request(user: &Staff, path: &(String, String)) -> Result<(MerchantScope, What), Error> {
    let id = path.1.parse().map_err(|_| Error::NotFound)?;
    Ok((user.managed(&path.0)?, What::Request(id)))
}

/// `GET /merchants/{id}/permissions/{permission}/withdrawal`
pub async fn ask_withdrawal(
    user: Staff,
    shell: Shell,
    app: Data<App>,
    path: Path<(String, String)>,
    Kept(kept): Kept<ReasonForm>,
) -> Html {
    let (scope, what) = permission(&user, &path)?;
    let form = kept.unwrap_or_default();
    html(&EndingPage::new(scope, what, shell, &app, form, Faults::default()).await?)
}

/// `GET /merchants/{id}/permissions/requests/{request}/refusal`
pub async fn ask_refusal(
    user: Staff,
    shell: Shell,
    app: Data<App>,
    path: Path<(String, String)>,
    Kept(kept): Kept<ReasonForm>,
) -> Html {
    let (scope, what) = request(&user, &path)?;
    let form = kept.unwrap_or_default();
    html(&EndingPage::new(scope, what, shell, &app, form, Faults::default()).await?)
}

/// `POST /merchants/{id}/permissions/{permission}/withdrawal`
pub async fn withdraw(
    user: Staff,
    req: HttpRequest,
    app: Data<App>,
    client: Client,
    session: Session,
    path: Path<(String, String)>,
    Form(form): Form<ReasonForm>,
) -> Html {
    let target = permission(&user, &path)?;
    end(&user, target, &req, &app, &client, &session, form).await
}

/// `POST /merchants/{id}/permissions/requests/{request}/refusal`
pub async fn refuse(
    user: Staff,
    req: HttpRequest,
    app: Data<App>,
    client: Client,
    session: Session,
    path: Path<(String, String)>,
    Form(form): Form<ReasonForm>,
) -> Html {
    let target = request(&user, &path)?;
    end(&user, target, &req, &app, &client, &session, form).await
}

async fn end(
    user: &Staff,
    (scope, what): (MerchantScope, What),
    req: &HttpRequest,
    app: &App,
    client: &Client,
    session: &Session,
    form: ReasonForm,
) -> Html {
    let reason = match crate::web::reason(&form.reason, Ui::of(req).lang.texts()) {
        Ok(reason) => reason,
        Err(words) => {
            let mut faults = Faults::default();
            faults.add("reason", words);
            let shell = Shell::of(req)?;
            return invalid(&EndingPage::new(scope, what, shell, app, form, faults).await?);
        }
    };
    let writer = client.writer(user.principal(), app);
    let work = move |conn: &mut PgConnection| match what {
        What::Permission(id) => commands::withdraw(conn, scope, &writer, id, &reason),
        What::Request(id) => commands::refuse(conn, scope, &writer, id, &reason),
    };
    // Pressed twice: the first time has told.
    if let Some(name) = app.db.run(scope.tenants(), work).await? {
        let flash = match what {
            What::Permission(_) => Flash::PermissionWithdrawn { name },
            What::Request(_) => Flash::PermissionRefused { name },
        };
        set_flash(session, &flash)?;
    }
    Ok(see_other(format!("/merchants/{}/permissions", scope.merchant_id())))
}
