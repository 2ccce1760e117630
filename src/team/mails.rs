//! The letter that invites somebody.

use askama::Template;
use chrono::{DateTime, Utc};
use diesel::PgConnection;

use super::commands::end_mail;
use super::lookups::{self, OpenInvitation};
use super::queries::Merchant;
use crate::auth::{MerchantRole, SystemScope};
use crate::crypto::Keyring;
use crate::db::Db;
use crate::kernel::{Clock, Error, InvitationId, Lang, Texts, dates};
use crate::mail::{Claimed, Letter, NoLetter, Outcome};
use crate::web::rights;

/// What the letter says: the same facts in HTML and in text.
struct LetterFacts {
    t: &'static Texts,
    lang: Lang,
    merchant: Merchant,
    invited_by: String,
    role: MerchantRole,
    expires_at: DateTime<Utc>,
    link: String,
    /// The host that the reader is told to look for.
    host: String,
}

impl LetterFacts {
    fn role(&self) -> String {
        rights::merchant_role(self.t, self.role)
    }

    /// `lunedì 7 dicembre 2026, 23:59 (Europe/Rome)`.
    fn until(&self) -> String {
        let zone = self.merchant.zone();
        let day = dates::weekday(self.expires_at, zone, self.lang);
        format!("{day}, {} ({})", dates::time(self.expires_at, zone), zone.name())
    }
}

#[derive(Template)]
#[template(path = "mail/team_invitation.html")]
struct InvitationHtml<'a>(&'a LetterFacts);

#[derive(Template)]
#[template(path = "mail/team_invitation.txt", escape = "none")]
struct InvitationText<'a>(&'a LetterFacts);

/// The outbox asks here for the words of an invitation and tells what became of it.
pub struct InvitationLetters {
    pub db: Db,
    pub keys: Keyring,
    pub clock: Clock,
    pub public_origin: String,
    pub public_host: String,
}

impl InvitationLetters {
    /// Makes the letter of an invitation.
    ///
    /// # Errors
    /// [`NoLetter`]: the invitation has ended, or the database is out of reach.
    pub async fn letter(&self, mail: &Claimed, id: InvitationId) -> Result<Letter, NoLetter> {
        let (scope, now) = (SystemScope::found(mail.merchant_id), self.clock.now());
        let read = move |conn: &mut PgConnection| lookups::open(conn, scope, id, now);
        match self.db.run(scope.tenants(), read).await {
            Ok(Some(invited)) => self.write(&mail.recipient, id, invited).map_err(NoLetter::Later),
            Ok(None) => Err(NoLetter::Drop("the invitation is not open any more")),
            Err(error) => Err(NoLetter::Later(error)),
        }
    }

    /// The mail's token is kept only as long as it may still be sent.
    pub fn settled(
        conn: &mut PgConnection,
        mail: &Claimed,
        id: InvitationId,
        outcome: &Outcome,
    ) -> Result<(), Error> {
        match outcome {
            Outcome::Deferred => Ok(()),
            Outcome::Sent | Outcome::Failed { .. } | Outcome::Dropped => {
                end_mail(conn, mail.merchant_id, id)
            }
        }
    }

    fn write(&self, to: &str, id: InvitationId, invited: OpenInvitation) -> Result<Letter, Error> {
        let sealed = invited.token_encrypted.ok_or_else(|| Error::internal("no token is kept"))?;
        let token = self.keys.open(id.as_uuid(), &sealed)?;
        let facts = LetterFacts {
            t: invited.language.texts(),
            lang: invited.language,
            merchant: invited.merchant,
            invited_by: invited.invited_by,
            role: invited.role,
            expires_at: invited.expires_at,
            link: format!("{}/invitations/{token}", self.public_origin),
            host: self.public_host.clone(),
        };
        Ok(Letter {
            to: to.to_owned(),
            from_name: facts.t.msg_mail_from(&facts.merchant.name),
            reply_to: facts.merchant.email.clone(),
            subject: facts.t.msg_team_mail_subject(&facts.merchant.name),
            language: facts.lang,
            html: InvitationHtml(&facts).render().map_err(Error::internal)?,
            text: InvitationText(&facts).render().map_err(Error::internal)?,
            unsubscribe: None,
            logo: None,
        })
    }
}
