//! `/support/answers`: answers that support gives often, by language.

use actix_session::Session;
use actix_web::HttpRequest;
use actix_web::web::{Data, Path};
use askama::Template;
use diesel::PgConnection;
use serde::Deserialize;

use crate::auth::Staff;
use crate::kernel::{CannedAnswerId, Error, Lang, Texts};
use crate::tickets::commands;
use crate::tickets::door;
use crate::tickets::form;
use crate::tickets::queries::{self, CannedAnswer};
use crate::web::{App, Faults, Flash, Form, Html, Shell, Ui, html, invalid, see_other, set_flash};

const ANSWERS: &str = "/support/answers";

fn fields() -> String {
    form::FIELDS.map(|field| format!("{{{field}}}")).join(", ")
}

#[derive(Template)]
#[template(path = "tickets/answers.html")]
struct AnswersPage {
    shell: Shell,
    t: &'static Texts,
    /// The one that is changed; `None`: the form makes a new one.
    id: Option<CannedAnswerId>,
    /// `{name}, {number}, …`
    fields: String,
    answers: Vec<CannedAnswer>,
    form: AnswerForm,
    faults: Faults,
}

/// What is typed.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AnswerForm {
    #[serde(default)]
    language: String,
    #[serde(default)]
    title: String,
    #[serde(default)]
    text: String,
}

impl AnswersPage {
    fn languages(&self) -> Vec<(&'static str, &'static str, bool)> {
        let choice = |lang: &Lang| (lang.code(), lang.name(), self.form.language == lang.code());
        Lang::ALL.iter().map(choice).collect()
    }

    fn action(&self) -> String {
        self.id.map_or_else(|| ANSWERS.to_owned(), |id| format!("{ANSWERS}/{id}"))
    }
}

/// `GET /support/answers`: all of them, and a form for a new one.
pub async fn list(user: Staff, shell: Shell, app: Data<App>) -> Html {
    let scope = user.support()?;
    let read = move |conn: &mut PgConnection| queries::canned_answers(conn, scope, None);
    let answers = app.db.run(scope.tenants(), read).await?;
    let form = AnswerForm { language: shell.lang.code().to_owned(), ..AnswerForm::default() };
    html(&AnswersPage {
        t: shell.t,
        shell,
        fields: fields(),
        id: None,
        answers,
        form,
        faults: Faults::default(),
    })
}

/// `GET /support/answers/{answer}`: one of them, to be changed.
pub async fn edit(user: Staff, shell: Shell, app: Data<App>, path: Path<String>) -> Html {
    let (scope, id) = (user.support()?, id(&path)?);
    let read = move |conn: &mut PgConnection| {
        let answers = queries::canned_answers(conn, scope, None)?;
        Ok((queries::canned_answer(conn, scope, id)?, answers))
    };
    let (CannedAnswer { language, title, text, .. }, answers) =
        app.db.run(scope.tenants(), read).await?;
    let form = AnswerForm { language: language.code().to_owned(), title, text };
    html(&AnswersPage {
        t: shell.t,
        shell,
        fields: fields(),
        id: Some(id),
        answers,
        form,
        faults: Faults::default(),
    })
}

/// `POST /support/answers`: a new one.
pub async fn add(
    user: Staff,
    req: HttpRequest,
    app: Data<App>,
    session: Session,
    Form(form): Form<AnswerForm>,
) -> Html {
    save(&user, &req, &app, &session, None, form).await
}

/// `POST /support/answers/{answer}`: one of them, changed.
pub async fn change(
    user: Staff,
    req: HttpRequest,
    app: Data<App>,
    session: Session,
    path: Path<String>,
    Form(form): Form<AnswerForm>,
) -> Html {
    save(&user, &req, &app, &session, Some(id(&path)?), form).await
}

async fn save(
    user: &Staff,
    req: &HttpRequest,
    app: &App,
    session: &Session,
    id: Option<CannedAnswerId>,
    form: AnswerForm,
) -> Html {
    let (scope, t) = (user.support()?, Ui::of(req).lang.texts());
    let language = Lang::parse(&form.language).ok_or(Error::Malformed("language"))?;
    let faults = match form::canned(&form.title, &form.text, t) {
        Err(faults) => faults,
        Ok((title, text)) => {
            let writer = door::writer(req, user.principal())?;
            let saved = title.clone();
            let work = move |conn: &mut PgConnection| match id {
                None => commands::add_canned(conn, scope, &writer, language, &title, &text),
                Some(id) => {
                    commands::change_canned(conn, scope, &writer, id, language, &title, &text)
                }
            };
            if app.db.run(scope.tenants(), work).await? == Ok(()) {
                set_flash(session, &Flash::AnswerSaved { title: saved })?;
                return Ok(see_other(ANSWERS));
            }
            let mut faults = Faults::default();
            faults.add("title", t.msg_ticket_fault_title());
            faults
        }
    };
    let read = move |conn: &mut PgConnection| queries::canned_answers(conn, scope, None);
    let answers = app.db.run(scope.tenants(), read).await?;
    let shell = Shell::of(req)?;
    invalid(&AnswersPage { t: shell.t, shell, fields: fields(), id, answers, form, faults })
}

/// `POST /support/answers/{answer}/removal`
pub async fn remove(
    user: Staff,
    req: HttpRequest,
    app: Data<App>,
    session: Session,
    path: Path<String>,
) -> Html {
    let (scope, id, writer) = (user.support()?, id(&path)?, door::writer(&req, user.principal())?);
    let work = move |conn: &mut PgConnection| commands::remove_canned(conn, scope, &writer, id);
    let title = app.db.run(scope.tenants(), work).await?;
    set_flash(&session, &Flash::AnswerRemoved { title })?;
    Ok(see_other(ANSWERS))
}

fn id(path: &str) -> Result<CannedAnswerId, Error> {
    path.parse().map_err(|_| Error::NotFound)
}
