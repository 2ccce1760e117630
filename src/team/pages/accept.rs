//! What the link in an invitation opens: who invites whom, then the identity, then the binding.

use std::future::{Ready, ready};

use actix_session::Session;
use actix_web::http::StatusCode;
use actix_web::web::Data;
use actix_web::{FromRequest, HttpRequest, dev};
use askama::Template;
use diesel::PgConnection;
use serde::Deserialize;

use super::super::commands::{self, Accepted, Applicant};
use super::super::lookups::{self, OpenInvitation};
use super::super::model::is_same_address;
use crate::auth::audit::Actor;
use crate::auth::{SystemScope, csrf, session};
use crate::kernel::{Error, InvitationId, Lang, Texts, dates};
use crate::sign_in::{self, Pending};
use crate::web::ui::Icon;
use crate::web::{
    App, Client, Flash, Form, Html, Ui, html, html_with, rights, see_other, set_flash,
};

/// A request with an invitation's link.
pub struct Visit {
    req: HttpRequest,
    app: Data<App>,
    client: Client,
    ui: Ui,
    t: &'static Texts,
    token: String,
}

impl FromRequest for Visit {
    type Error = Error;
    type Future = Ready<Result<Self, Error>>;

    fn from_request(req: &HttpRequest, _: &mut dev::Payload) -> Self::Future {
        ready(Self::of(req))
    }
}

impl Visit {
    /// At most 30 a minute from one address: a token can't be guessed, and need not be tried.
    fn of(req: &HttpRequest) -> Result<Self, Error> {
        let app = req.app_data::<Data<App>>().ok_or_else(|| Error::internal("no App"))?;
        let (client, ui) = (Client::of(req), Ui::of(req));
        app.limits.invitation.take(&client.neighbours())?;
        Ok(Self {
            app: app.clone(),
            client,
            t: ui.lang.texts(),
            ui,
            token: req.match_info().query("token").to_owned(),
            req: req.clone(),
        })
    }

    /// The invitation, while it can be accepted.
    async fn find(&self) -> Result<Option<(SystemScope, InvitationId, OpenInvitation)>, Error> {
        let Some((scope, id)) = lookups::by_token(&self.app.db, &self.token).await? else {
            return Ok(None);
        };
        let now = self.app.clock.now();
        let read = move |conn: &mut PgConnection| lookups::open(conn, scope, id, now);
        let invited = self.app.db.run(scope.tenants(), read).await?;
        Ok(invited.map(|invited| (scope, id, invited)))
    }

    fn tell(&self, message: Message) -> Html {
        let page =
            MessagePage { ui_of: self.ui, t: self.t, message, path: self.req.path().to_owned() };
        html_with(message.status(), &page)
    }
}

/// Why nothing comes of it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Message {
    /// Unknown, used, withdrawn, replaced or expired: told in the same words.
    Gone,
    OtherAddress,
    AlreadyMember,
    NotThisAccount,
}

impl Message {
    const fn status(self) -> StatusCode {
        match self {
            Self::Gone => StatusCode::NOT_FOUND,
            Self::OtherAddress | Self::NotThisAccount => StatusCode::FORBIDDEN,
            Self::AlreadyMember => StatusCode::CONFLICT,
        }
    }
}

#[derive(Template)]
#[template(path = "team/message.html")]
struct MessagePage {
    ui_of: Ui,
    t: &'static Texts,
    message: Message,
    path: String,
}

impl MessagePage {
    fn icon(&self) -> Icon {
        Icon(match self.message {
            Message::Gone => "search",
            Message::OtherAddress => "mail-x",
            Message::AlreadyMember => "circle-check",
            Message::NotThisAccount => "lock",
        })
    }

    fn title(&self) -> String {
        match self.message {
            Message::Gone => self.t.msg_invitation_gone_title(),
            Message::OtherAddress => self.t.msg_invitation_other_title(),
            Message::AlreadyMember => self.t.msg_invitation_member_title(),
            Message::NotThisAccount => self.t.msg_invitation_account_title(),
        }
    }

    fn words(&self) -> String {
        match self.message {
            Message::Gone => self.t.msg_invitation_gone_words(),
            Message::OtherAddress => self.t.msg_invitation_other_words(),
            Message::AlreadyMember => self.t.msg_invitation_member_words(),
            Message::NotThisAccount => self.t.msg_invitation_account_words(),
        }
    }
}

/// Who the provider says is there, ready to be bound.
struct Identity {
    name: String,
    email: String,
    /// Shows that the form stands on a page of this browser's sign-in.
    proof: String,
}

#[derive(Template)]
#[template(path = "team/invitation.html")]
struct InvitationPage {
    ui_of: Ui,
    t: &'static Texts,
    token: String,
    path: String,
    invited: OpenInvitation,
    /// `None`: the reader has to sign in at the provider first.
    identity: Option<Identity>,
}

impl InvitationPage {
    fn merchant(&self) -> &str {
        &self.invited.merchant.name
    }

    fn role(&self) -> String {
        rights::merchant_role(self.t, self.invited.role)
    }

    fn role_words(&self) -> String {
        super::explain(self.t, self.invited.role)
    }

    fn until(&self) -> String {
        let zone = self.invited.merchant.zone();
        let at = self.invited.expires_at;
        format!("{} ({})", dates::full(at, zone, self.ui_of.lang), zone.name())
    }
}

/// `GET /invitations/{token}`: who invites to what; with an identity of this browser's, the question
/// whether to bind it.
pub async fn show(visit: Visit) -> Html {
    let Some((_, _, invited)) = visit.find().await? else { return visit.tell(Message::Gone) };
    let identity = match sign_in::pending(&visit.app, &visit.req).await? {
        None => None,
        Some(pending) if !is_invited(&pending, &invited) => {
            return visit.tell(Message::OtherAddress);
        }
        Some(pending) => {
            let email = pending.email().unwrap_or_default().to_owned();
            Some(Identity {
                name: pending.name().map_or_else(|| email.clone(), ToOwned::to_owned),
                email,
                proof: csrf::mask(&pending.form_secret)?,
            })
        }
    };
    html(&InvitationPage {
        ui_of: visit.ui,
        t: visit.t,
        path: visit.req.path().to_owned(),
        token: visit.token,
        invited,
        identity,
    })
}

/// The extra check (SEC-6): the identity is (issuer, subject); the address has to fit all the same.
fn is_invited(pending: &Pending, invited: &OpenInvitation) -> bool {
    pending.is_email_verified()
        && pending.email().is_some_and(|own| is_same_address(own, &invited.email))
}

/// What the button sends.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AcceptForm {
    #[serde(default)]
    proof: String,
}

/// `POST /invitations/{token}`: binds the identity that the page has named.
pub async fn accept(visit: Visit, session: Session, Form(form): Form<AcceptForm>) -> Html {
    let Some((scope, id, invited)) = visit.find().await? else { return visit.tell(Message::Gone) };
    let Some(pending) = sign_in::pending(&visit.app, &visit.req).await? else {
        // Signed in too long ago: the page asks again.
        return Ok(see_other(visit.req.path()));
    };
    if !csrf::verify(&pending.form_secret, &form.proof) {
        return Err(Error::ForeignForm);
    }
    let applicant = Applicant {
        issuer: pending.issuer().to_owned(),
        subject: pending.subject().to_owned(),
        name: pending.name().map(ToOwned::to_owned),
        email: pending.email().filter(|_| pending.is_email_verified()).map(ToOwned::to_owned),
    };
    let (by, now) = (visit.client.anonymous(Actor::User), visit.app.clock.now());
    let work =
        move |conn: &mut PgConnection| commands::accept(conn, scope, id, &by, &applicant, now);
    match visit.app.db.run(scope.tenants(), work).await? {
        Accepted::Joined(user_id) => {
            sign_in::welcome_bound(&visit.app, &session, &visit.client, pending, user_id).await?;
            session::choose_merchant(&session, scope.merchant_id())?;
            set_flash(&session, &Flash::TeamJoined { merchant: invited.merchant.name })?;
            Ok(see_other("/"))
        }
        Accepted::Gone => visit.tell(Message::Gone),
        Accepted::OtherAddress => visit.tell(Message::OtherAddress),
        Accepted::AlreadyMember => visit.tell(Message::AlreadyMember),
        Accepted::NotThisAccount => visit.tell(Message::NotThisAccount),
    }
}
