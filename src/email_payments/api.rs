//! Email payments for programs: the same rules and the same words as the pages.

mod wire;

use actix_web::HttpRequest;
use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use chrono::Duration;
use diesel::PgConnection;
use utoipa::{Modify, OpenApi, openapi};

use super::columns::Column;
use super::commands::{self, Created, Writer};
use super::filter::Question;
use super::form::{Context, hindered, reason};
use super::model::{Delivery, EmailPayment, Hindrance, Status};
use super::{display, pages, prepare, queries};
use crate::auth::api::answers::Answer;
use crate::auth::api::{ApiClient, Scope};
use crate::crypto::Keyring;
use crate::kernel::{EmailAddress, Error, Lang, Texts};
use crate::web::api::parameters::{self, ListWords};
use crate::web::api::{ApiAnswer, Done, Post, Problem, ProblemJson, json, once};
use crate::web::list::Reader;
use crate::web::{App, Client, Query, Ui};
use wire::{CancelJson, EmailPaymentJson, NewEmailPaymentJson, PageJson, ResendJson};

/// Where the API keeps email payments.
const BASE: &str = "/api/v1/email-payments";

/// The part of the published description that tells about email payments.
#[derive(OpenApi)]
#[openapi(
    paths(list, create, show, cancel, resend),
    modifiers(&ListParameters),
    tags((name = "Email payments", description = "Requests for payment, sent to customers by email."))
)]
pub struct Description;

/// Adds the list's parameters to its operation.
struct ListParameters;

impl Modify for ListParameters {
    fn modify(&self, openapi: &mut openapi::OpenApi) {
        let words = ListWords {
            search: "Any part of the order ID, the customer's email or name, or the description; with \
                     fewer than three characters the beginning of the order ID.",
            rows: "Payments on a page.",
            values,
        };
        parameters::describe::<Column>(openapi, BASE, &words);
    }
}

/// The words of the columns that have few.
#[expect(clippy::wildcard_enum_match_arm, reason = "the other columns take any text")]
fn values(column: Column) -> Vec<&'static str> {
    match column {
        Column::Group => vec!["current", "past"],
        Column::Status => Status::ALL.iter().map(|status| status.as_str()).collect(),
        Column::Delivery => Delivery::ALL.iter().map(|delivery| delivery.as_str()).collect(),
        Column::Language => Lang::ALL.iter().map(|lang| lang.code()).collect(),
        _ => Vec::new(),
    }
}

/// What every handler here needs besides its client.
struct Tools {
    lang: Lang,
    t: &'static Texts,
    keys: Keyring,
    origin: String,
}

impl Tools {
    fn of(req: &HttpRequest, app: &App) -> Self {
        let lang = Ui::of(req).lang;
        let (keys, origin) = (app.keys.clone(), app.public_origin.clone());
        Self { lang, t: lang.texts(), keys, origin }
    }

    fn json(&self, payment: EmailPayment) -> Result<EmailPaymentJson, Error> {
        let link = prepare::shown_link(&self.keys, &self.origin, &payment)?;
        Ok(EmailPaymentJson::of(payment, link))
    }

    /// A good answer about a payment, to be kept with its key.
    fn answer(&self, status: StatusCode, payment: EmailPayment) -> Result<Done, Error> {
        let is_new = status == StatusCode::CREATED;
        let location = is_new.then(|| format!("{}{BASE}/{}", self.origin, payment.id));
        let body = serde_json::to_string(&self.json(payment)?).map_err(Error::internal)?;
        Ok(Ok(Answer { status: status.as_u16(), location, body }))
    }
}

fn writer(client: &ApiClient, from: &Client, app: &App) -> Writer {
    Writer {
        by: from.program(client),
        user_id: client.user_id(),
        program: Some(client.credential().facts()),
        now: app.clock.now(),
    }
}

/// List email payments
///
/// One page of the payments that agree with all parameters, newest first. `next` and `previous` are
/// addresses: follow them until they are null. Days begin and end in the merchant's time zone. Every
/// parameter is the one of the page Processing > Email payments, whose address can be taken over.
#[utoipa::path(
    get,
    path = "/api/v1/email-payments",
    tag = "Email payments",
    operation_id = "listEmailPayments",
    responses(
        (status = 200, description = "One page.", body = PageJson, content_type = "application/json"),
        (status = 400, description = "A parameter stands there twice.", body = ProblemJson, content_type = "application/problem+json"),
        (status = 422, description = "A parameter is unknown or can't be read.", body = ProblemJson, content_type = "application/problem+json"),
    ),
    security(("bearer" = ["email_payments:read"]))
)]
pub async fn list(client: ApiClient, app: Data<App>, req: HttpRequest, query: Query) -> ApiAnswer {
    let scope = client.scope(Scope::ReadEmailPayments)?;
    let tools = Tools::of(&req, &app);
    parameters::check::<Column>(&query, tools.t)?;
    let reader = Reader { t: tools.t, lang: tools.lang, zone: client.zone(), now: app.clock.now() };
    let (question, faults) = Question::read(&query, &reader);
    if !faults.is_empty() {
        return Err(Problem::of_faults(&faults, |name| name));
    }
    let asked = question.clone();
    let read = move |conn: &mut PgConnection| queries::list(conn, scope, &asked);
    let slice = app.db.run(scope.tenants(), read).await?;
    json(StatusCode::OK, &PageJson::of(slice, &question, &format!("{}{BASE}", tools.origin)))
}

/// Create an email payment
///
/// Makes a request for payment and, unless `send` is false, sends the customer an email with the
/// link to pay: now, or at `send_at`. What is not given is filled in as on the page: the next order
/// ID, the merchant's language, the validity that its originator's payment page says (thirty days
/// unless somebody has chosen another).
#[utoipa::path(
    post,
    path = "/api/v1/email-payments",
    tag = "Email payments",
    operation_id = "createEmailPayment",
    params(
        ("Idempotency-Key" = String, Header, description = "1 to 255 printable ASCII characters, new for each new payment, such as a UUID. Within 72 hours the same request with the same key gets the same answer and makes no second payment.", example = "5d3c2ff8-2f0c-4d8e-9c54-1f6f2b1f9a10"),
    ),
    request_body(content = NewEmailPaymentJson, content_type = "application/json"),
    responses(
        (status = 201, description = "The payment is made, and its email on the way unless `send` is false.", body = EmailPaymentJson, content_type = "application/json",
            headers(
                ("Location" = String, description = "The payment's address."),
                ("Idempotent-Replayed" = String, description = "`true` where this answer was given before."),
            )),
        (status = 400, description = "No Idempotency-Key, or a body that is no JSON object.", body = ProblemJson, content_type = "application/problem+json"),
        (status = 409, description = "A request with the same key is being worked on, or email payments are switched off: `detail` says which.", body = ProblemJson, content_type = "application/problem+json"),
        (status = 413, description = "The body is larger than 256 KiB.", body = ProblemJson, content_type = "application/problem+json"),
        (status = 415, description = "The body is not JSON.", body = ProblemJson, content_type = "application/problem+json"),
        (status = 422, description = "Fields are wrong, or the key was used for another request.", body = ProblemJson, content_type = "application/problem+json"),
    ),
    security(("bearer" = ["email_payments:write"]))
)]
pub async fn create(
    client: ApiClient,
    app: Data<App>,
    req: HttpRequest,
    from: Client,
    post: Post,
) -> ApiAnswer {
    let scope = client.scope(Scope::WriteEmailPayments)?;
    let tools = Tools::of(&req, &app);
    post.require_key()?;
    let new: NewEmailPaymentJson = post.read(tools.t)?;
    let writer = writer(&client, &from, &app);
    let now = writer.now;
    let work = move |conn: &mut PgConnection| {
        let merchant = queries::merchant(conn, scope.merchant_id())?;
        let originators = queries::originators_of(conn, scope.merchant_id())?;
        let context =
            Context { merchant: &merchant, originators: &originators, now, lang: tools.lang };
        let (draft, is_sent) = match new.validate(&context) {
            Ok(meant) => meant,
            Err(faults) => return Ok(Err(Problem::Fields(faults))),
        };
        match commands::create(conn, &tools.keys, scope, &writer, &draft, None, is_sent)? {
            Created::Done { id, .. } => {
                tools.answer(StatusCode::CREATED, queries::get(conn, scope, id)?)
            }
            Created::Hindered(Hindrance::SwitchedOff) => {
                Ok(Err(Problem::State(tools.t.msg_hindrance_switched_off())))
            }
            Created::Hindered(hindrance) => {
                Ok(Err(Problem::of_faults(&hindered(hindrance, tools.t), |name| name)))
            }
        }
    };
    once(&app, scope, post, now, work).await
}

/// Read an email payment
#[utoipa::path(
    get,
    path = "/api/v1/email-payments/{id}",
    tag = "Email payments",
    operation_id = "getEmailPayment",
    params(("id" = String, Path, format = Uuid, description = "The payment's id.")),
    responses(
        (status = 200, description = "The payment.", body = EmailPaymentJson, content_type = "application/json"),
        (status = 404, description = "There is none with this id, or not for this token.", body = ProblemJson, content_type = "application/problem+json"),
    ),
    security(("bearer" = ["email_payments:read"]))
)]
pub async fn show(
    client: ApiClient,
    app: Data<App>,
    req: HttpRequest,
    path: Path<String>,
) -> ApiAnswer {
    let scope = client.scope(Scope::ReadEmailPayments)?;
    let id = pages::id(&path)?;
    let read = move |conn: &mut PgConnection| queries::get(conn, scope, id);
    let payment = app.db.run(scope.tenants(), read).await?;
    json(StatusCode::OK, &Tools::of(&req, &app).json(payment)?)
}

/// Cancel an email payment
///
/// The link stops working at once; a customer who has got the email already is told. It can't be
/// undone.
#[utoipa::path(
    post,
    path = "/api/v1/email-payments/{id}/cancel",
    tag = "Email payments",
    operation_id = "cancelEmailPayment",
    params(
        ("id" = String, Path, format = Uuid, description = "The payment's id."),
        ("Idempotency-Key" = Option<String>, Header, description = "As when creating; may be left out here."),
    ),
    request_body(content = Option<CancelJson>, content_type = "application/json"),
    responses(
        (status = 200, description = "The payment, cancelled.", body = EmailPaymentJson, content_type = "application/json"),
        (status = 400, description = "The body is no JSON object.", body = ProblemJson, content_type = "application/problem+json"),
        (status = 404, description = "There is none with this id, or not for this token.", body = ProblemJson, content_type = "application/problem+json"),
        (status = 409, description = "It has ended already, or the customer is paying now.", body = ProblemJson, content_type = "application/problem+json"),
        (status = 413, description = "The body is larger than 256 KiB.", body = ProblemJson, content_type = "application/problem+json"),
        (status = 415, description = "The body is not JSON.", body = ProblemJson, content_type = "application/problem+json"),
        (status = 422, description = "Fields are wrong, or the key was used for another request.", body = ProblemJson, content_type = "application/problem+json"),
    ),
    security(("bearer" = ["email_payments:write"]))
)]
pub async fn cancel(
    client: ApiClient,
    app: Data<App>,
    req: HttpRequest,
    from: Client,
    path: Path<String>,
    post: Post,
) -> ApiAnswer {
    let scope = client.scope(Scope::WriteEmailPayments)?;
    let (id, tools) = (pages::id(&path)?, Tools::of(&req, &app));
    let why = post.read::<CancelJson>(tools.t)?.text(tools.t)?;
    let why = reason(&why, tools.t).map_err(|words| wire::fault("reason", words))?;
    let writer = writer(&client, &from, &app);
    let now = writer.now;
    let work = move |conn: &mut PgConnection| {
        // It has ended already, or the customer is paying now.
        commands::cancel(conn, scope, &writer, id, &why, writer.now)?
            .map_err(|_| Error::Conflict)?;
        tools.answer(StatusCode::OK, queries::get(conn, scope, id)?)
    };
    once(&app, scope, post, now, work).await
}

/// Send an email payment again
///
/// The customer gets the email once more: at least ten minutes after the last one that was not
/// refused, at most ten times in all. A corrected address gets a new link, and the old one stops
/// working. An expired payment gets thirty more days.
#[utoipa::path(
    post,
    path = "/api/v1/email-payments/{id}/resend",
    tag = "Email payments",
    operation_id = "resendEmailPayment",
    params(
        ("id" = String, Path, format = Uuid, description = "The payment's id."),
        ("Idempotency-Key" = Option<String>, Header, description = "As when creating; may be left out here."),
    ),
    request_body(content = Option<ResendJson>, content_type = "application/json"),
    responses(
        (status = 200, description = "The payment, its email on the way.", body = EmailPaymentJson, content_type = "application/json"),
        (status = 400, description = "The body is no JSON object.", body = ProblemJson, content_type = "application/problem+json"),
        (status = 404, description = "There is none with this id, or not for this token.", body = ProblemJson, content_type = "application/problem+json"),
        (status = 409, description = "It can't be sent again, or not yet: `detail` says why.", body = ProblemJson, content_type = "application/problem+json"),
        (status = 413, description = "The body is larger than 256 KiB.", body = ProblemJson, content_type = "application/problem+json"),
        (status = 415, description = "The body is not JSON.", body = ProblemJson, content_type = "application/problem+json"),
        (status = 422, description = "Fields are wrong, or the key was used for another request.", body = ProblemJson, content_type = "application/problem+json"),
    ),
    security(("bearer" = ["email_payments:write"]))
)]
pub async fn resend(
    client: ApiClient,
    app: Data<App>,
    req: HttpRequest,
    from: Client,
    path: Path<String>,
    post: Post,
) -> ApiAnswer {
    let scope = client.scope(Scope::WriteEmailPayments)?;
    let (id, tools) = (pages::id(&path)?, Tools::of(&req, &app));
    let corrected = post.read::<ResendJson>(tools.t)?.address(tools.t)?;
    let (writer, zone) = (writer(&client, &from, &app), client.zone());
    let now = writer.now;
    let work = move |conn: &mut PgConnection| {
        let payment = queries::get(conn, scope, id)?;
        let address = match corrected {
            Some(address) => address,
            None => EmailAddress::parse(&payment.customer_email)
                .ok_or_else(|| Error::internal("a payment without an address"))?,
        };
        let originator = queries::originator(conn, scope.merchant_id(), payment.originator_id)?;
        let until = Some(now + Duration::days(originator.valid_days.into()));
        match commands::resend(conn, &tools.keys, scope, &writer, id, &address, until)? {
            Ok(payment) => tools.answer(StatusCode::OK, payment),
            Err(hindrance @ (Hindrance::TooManyToAddress | Hindrance::TooManyOfMerchant)) => {
                Ok(Err(Problem::of_faults(&hindered(hindrance, tools.t), |name| name)))
            }
            Err(hindrance) => {
                let words = display::hindrance(hindrance, now, zone, tools.lang);
                Ok(Err(Problem::State(words)))
            }
        }
    };
    once(&app, scope, post, now, work).await
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use utoipa::PartialSchema;

    use super::*;
    use crate::web::api::Body;

    fn properties<T: PartialSchema>() -> BTreeSet<String> {
        let schema = serde_json::to_value(T::schema()).unwrap();
        assert_eq!(schema["additionalProperties"], serde_json::json!(false), "{schema}");
        schema["properties"].as_object().unwrap().keys().cloned().collect()
    }

    fn fields<T: Body>() -> BTreeSet<String> {
        T::FIELDS.iter().map(|field| (*field).to_owned()).collect()
    }

    #[test]
    fn the_published_bodies_are_the_ones_that_are_read() {
        assert_eq!(properties::<NewEmailPaymentJson>(), fields::<NewEmailPaymentJson>());
        assert_eq!(properties::<CancelJson>(), fields::<CancelJson>());
        assert_eq!(properties::<ResendJson>(), fields::<ResendJson>());
    }

    #[test]
    fn the_published_parameters_are_the_ones_that_are_read() {
        let description = serde_json::to_value(Description::openapi()).unwrap();
        let published = description["paths"][BASE]["get"]["parameters"].as_array().unwrap();
        let names: Vec<&str> =
            published.iter().map(|parameter| parameter["name"].as_str().unwrap()).collect();
        let read: Vec<&str> =
            Question::parameters().iter().map(|parameter| parameter.name).collect();
        assert_eq!(names, read);
    }
}
