//! `/support/tickets/new`: a merchant asks support, from the support page or from what it is about.

use actix_session::Session;
use actix_web::HttpRequest;
use actix_web::web::Data;
use askama::Template;
use diesel::PgConnection;

use super::about::{Eyes, Matter};
use super::{check_files, form_key, keep};
use crate::auth::MerchantUser;
use crate::kernel::{Error, Right, Texts};
use crate::tickets::LIST;
use crate::tickets::commands::{self, Full};
use crate::tickets::display;
use crate::tickets::door;
use crate::tickets::filter::Asker;
use crate::tickets::form::TicketForm;
use crate::tickets::model::{Category, Priority, Subject, Ticket, Visibility};
use crate::tickets::queries;
use crate::web::{
    App, Faults, Flash, Html, Kept, Query, Shell, Ui, Upload, html, invalid, see_other, set_flash,
};

#[derive(Template)]
#[template(path = "tickets/new.html")]
struct NewPage {
    shell: Shell,
    t: &'static Texts,
    form: TicketForm,
    faults: Faults,
    about: About,
}

/// What a new ticket goes on from, and what it is about.
#[derive(Default)]
struct About {
    matter: Option<Matter>,
    closed: Option<Ticket>,
}

/// One value of a choice: word, words, whether it is chosen.
type Choice = (&'static str, String, bool);

impl NewPage {
    fn categories(&self) -> Vec<Choice> {
        let choice = |one: &Category| {
            (one.as_str(), display::category(*one, self.t), self.form.category == one.as_str())
        };
        Category::ALL.iter().map(choice).collect()
    }

    fn priorities(&self) -> Vec<Choice> {
        let choice = |one: &Priority| {
            (one.as_str(), display::priority(*one, self.t), self.form.priority == one.as_str())
        };
        Priority::ALL.iter().map(choice).collect()
    }

    fn visibilities(&self) -> Vec<Choice> {
        let choice = |(one, words): (Visibility, String)| {
            (one.as_str(), words, self.form.visibility == one.as_str())
        };
        [
            (Visibility::Company, self.t.msg_ticket_visibility_company()),
            (Visibility::Private, self.t.msg_ticket_visibility_private()),
        ]
        .map(choice)
        .to_vec()
    }
}

/// `GET`: the form; what it is about stands above it.
pub async fn new(
    user: MerchantUser,
    shell: Shell,
    app: Data<App>,
    query: Query,
    Kept(kept): Kept<TicketForm>,
) -> Html {
    let asker = door::asker(&user)?;
    let given = |name: &str| query.one(name).unwrap_or_default().to_owned();
    let mut form = TicketForm {
        category: given("category"),
        subject: given("subject"),
        text: given("text"),
        payment: given("payment"),
        document: given("document"),
        notice: given("notice"),
        transaction: given("transaction"),
        follows: given("follows"),
        priority: Priority::Normal.as_str().to_owned(),
        visibility: Visibility::Company.as_str().to_owned(),
        form_id: form_key(),
        ..TicketForm::default()
    };
    let about = about(&user, asker, &app, &form).await?;
    if let Some(category) = about.matter.as_ref().and_then(Matter::category) {
        category.as_str().clone_into(&mut form.category);
    }
    if let Some(closed) = &about.closed {
        closed.category.as_str().clone_into(&mut form.category);
        form.subject.clone_from(&closed.subject);
    }
    let form = kept.unwrap_or(form);
    html(&NewPage { t: shell.t, shell, form, faults: Faults::default(), about })
}

/// `POST`: opens the ticket, or the same form with what is wrong.
pub async fn create(
    user: MerchantUser,
    req: HttpRequest,
    app: Data<App>,
    session: Session,
    upload: Upload,
) -> Html {
    let asker = door::asker(&user)?;
    let (form, t) = (TicketForm::of(&upload), Ui::of(&req).lang.texts());
    let validated = form.validate(t)?;
    if !upload.files.is_empty() {
        app.limits.uploads.take(&user.user_id())?;
    }
    let about = about(&user, asker, &app, &form).await?;
    let (files, mut faults) = check_files(upload.files, t).await?;
    match validated {
        Ok(new) if faults.is_empty() => {
            app.limits.tickets.take(&user.user_id())?;
            let writer = door::writer(&req, user.principal())?;
            let files = keep(&app, asker.scope.merchant_id(), files).await?;
            let subject = form.about()?;
            let follows = about.closed.as_ref().map(|closed| closed.number);
            let work = move |conn: &mut PgConnection| {
                commands::open(conn, asker, &writer, new, files, subject, follows)
            };
            match app.db.run(asker.scope.tenants(), work).await? {
                Ok(number) => {
                    set_flash(&session, &Flash::TicketOpened { number })?;
                    return Ok(see_other(format!("{LIST}/{number}")));
                }
                Err(Full) => faults.add("files", t.msg_ticket_fault_full()),
            }
        }
        Ok(_) => {}
        Err(wrong) => {
            let found: Vec<(&'static str, String)> =
                wrong.each().map(|(field, words)| (field, words.to_owned())).collect();
            let of_files = std::mem::take(&mut faults);
            for (field, words) in found {
                faults.add(field, words);
            }
            for (field, words) in of_files.each() {
                faults.add(field, words.to_owned());
            }
        }
    }
    let shell = Shell::of(&req)?;
    invalid(&NewPage { t: shell.t, shell, form, faults, about })
}

/// What the form names, where it is there for the user.
///
/// # Errors
/// [`Error::NotFound`]: it names something else.
async fn about(
    user: &MerchantUser,
    asker: Asker,
    app: &App,
    form: &TicketForm,
) -> Result<About, Error> {
    let subject = form.about()?;
    if subject.is_none() && form.follows.is_empty() {
        return Ok(About::default());
    }
    // Who may see nothing of the kind is told which right is missing.
    match subject {
        Some(Subject::EmailPayment(_)) => drop(user.scope(Right::ViewEmailPayments)?),
        Some(Subject::Document(_)) => drop(user.scope(Right::ViewDocuments)?),
        Some(Subject::Transaction(_)) => drop(user.scope(Right::ViewTransactions)?),
        Some(Subject::Notice(_)) | None => {}
    }
    let eyes = Eyes::of(user, user.own()?);
    let follows: Option<i64> = match form.follows.as_str() {
        "" => None,
        number => Some(number.parse().map_err(|_| Error::NotFound)?),
    };
    let read = move |conn: &mut PgConnection| {
        Ok(About {
            matter: match subject {
                Some(subject) => Some(Matter::read(conn, &eyes, subject)?.ok_or(Error::NotFound)?),
                None => None,
            },
            closed: match follows {
                Some(number) => Some(queries::closed(conn, asker, number)?.ok_or(Error::NotFound)?),
                None => None,
            },
        })
    };
    app.db.run(asker.scope.tenants(), read).await
}
