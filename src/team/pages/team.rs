//! The team's page: members and open invitations.

use actix_web::HttpRequest;
use actix_web::web::Data;
use askama::Template;
use chrono::{DateTime, Utc};
use diesel::PgConnection;

use super::super::door::Door;
use super::super::queries::{self, Invitation, Member};
use super::Frame;
use crate::auth::MerchantRole;
use crate::kernel::{Error, Texts, dates};
use crate::mail::MailState;
use crate::web::ui::{Badge, Icon};
use crate::web::{App, Faults, Html, Shell, html, invalid, rights};

#[derive(Template)]
#[template(path = "team/list.html")]
pub struct ListPage {
    shell: Shell,
    t: &'static Texts,
    frame: Frame,
    members: Vec<Member>,
    invitations: Vec<Invitation>,
    faults: Faults,
}

/// `GET /settings/team`, `GET /merchants/{id}/team`
pub async fn list(door: Door, req: HttpRequest, app: Data<App>) -> Html {
    html(&ListPage::of(door, &req, &app).await?)
}

impl ListPage {
    async fn of(door: Door, req: &HttpRequest, app: &App) -> Result<Self, Error> {
        let (scope, now) = (door.scope, app.clock.now());
        let read = move |conn: &mut PgConnection| {
            let members = queries::members(conn, scope)?;
            Ok((members, queries::invitations(conn, scope, now)?))
        };
        let (members, invitations) = app.db.run(scope.tenants(), read).await?;
        let (shell, frame) = (Shell::of(req)?, Frame::of(door, app).await?);
        let faults = Faults::default();
        Ok(Self { t: shell.t, shell, frame, members, invitations, faults })
    }

    #[expect(clippy::trivially_copy_pass_by_ref, reason = "templates pass references")]
    fn role(&self, role: &MerchantRole) -> String {
        rights::merchant_role(self.t, *role)
    }

    fn is_me(&self, member: &Member) -> bool {
        member.user_id == self.shell.principal.user_id
    }

    fn moment(&self, at: &DateTime<Utc>) -> String {
        dates::moment(*at, self.shell.now, self.frame.merchant.zone(), self.shell.lang)
    }

    fn machine(&self, at: &DateTime<Utc>) -> String {
        dates::machine(*at, self.frame.merchant.zone())
    }

    fn is_over(&self, invitation: &Invitation) -> bool {
        invitation.expires_at <= self.shell.now
    }

    /// What became of the mail, or of the invitation where its time is over.
    fn badge(&self, invitation: &Invitation) -> Badge {
        let t = self.t;
        let (icon, words, tone) = match invitation.mail {
            _ if self.is_over(invitation) => ("hourglass", t.msg_team_mail_expired(), "neu"),
            MailState::Ready if invitation.attempts > 0 => {
                ("clock", t.msg_team_mail_deferred(), "warn")
            }
            MailState::Ready | MailState::Sending => ("send", t.msg_team_mail_ready(), "wait"),
            MailState::Sent => ("mail-check", t.msg_team_mail_sent(), "pos"),
            MailState::Failed | MailState::Dropped => ("mail-x", t.msg_team_mail_failed(), "neg"),
        };
        Badge { icon: Icon(icon), words, tone }
    }

    /// The mail server's words, where the mail has not arrived.
    fn answer<'a>(&self, invitation: &'a Invitation) -> Option<&'a str> {
        let is_told = matches!(invitation.mail, MailState::Ready | MailState::Failed);
        invitation.answer.as_deref().filter(|_| is_told && !self.is_over(invitation))
    }
}

/// The page again, with a sentence that says why nothing was done.
pub async fn again(door: Door, req: &HttpRequest, app: &App, faults: Faults) -> Html {
    let page = ListPage::of(door, req, app).await?;
    invalid(&ListPage { faults, ..page })
}
