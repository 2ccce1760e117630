//! Who writes which letters: each slice those about its own things.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use diesel::PgConnection;

use crate::config::Config;
use crate::db::Db;
use crate::email_payments::{EmailPaymentLetters, Logos, Parts};
use crate::kernel::{EmailPaymentId, Error, MailId};
use crate::mail::{About, Claimed, Draft, Ended, Letters};
use crate::merchants::HandOverLetters;
use crate::notifications::NoticeLetters;
use crate::profile::ChangeLetters;
use crate::team::InvitationLetters;
use crate::tickets::TicketLetters;
use crate::transactions::RefundLetters;
use crate::web::App;

/// All of them.
pub struct Writers {
    email_payments: EmailPaymentLetters,
    invitations: InvitationLetters,
    notices: NoticeLetters,
    tickets: TicketLetters,
    changes: ChangeLetters,
    hand_overs: HandOverLetters,
    refunds: RefundLetters,
}

impl Writers {
    pub fn new(db: &Db, app: &App, config: &Config, parts: &Parts) -> Self {
        let logos = Logos::new(app.store.clone());
        Self {
            email_payments: EmailPaymentLetters {
                parts: parts.clone(),
                logos: logos.clone(),
                public_host: app.public_host.clone(),
            },
            invitations: InvitationLetters {
                db: db.clone(),
                keys: app.keys.clone(),
                clock: app.clock.clone(),
                public_origin: app.public_origin.clone(),
                public_host: app.public_host.clone(),
            },
            notices: NoticeLetters {
                db: db.clone(),
                keys: app.keys.clone(),
                clock: app.clock.clone(),
                public_origin: app.public_origin.clone(),
            },
            tickets: TicketLetters {
                db: db.clone(),
                keys: app.keys.clone(),
                clock: app.clock.clone(),
                public_origin: app.public_origin.clone(),
                public_host: app.public_host.clone(),
                reply_to: config.mail.from.clone(),
            },
            changes: ChangeLetters {
                db: db.clone(),
                keys: app.keys.clone(),
                clock: app.clock.clone(),
                public_origin: app.public_origin.clone(),
                public_host: app.public_host.clone(),
                reply_to: config.mail.from.clone(),
                support_email: app.support_email.clone(),
            },
            hand_overs: HandOverLetters {
                db: db.clone(),
                public_origin: app.public_origin.clone(),
                public_host: app.public_host.clone(),
                reply_to: config.mail.from.clone(),
            },
            refunds: RefundLetters { db: db.clone(), logos },
        }
    }
}

/// The payment that a mail is about, if it is about one.
const fn payment(mail: &Claimed) -> Option<EmailPaymentId> {
    match mail.about {
        About::EmailPayment(id) => Some(id),
        About::Invitation(_)
        | About::Notice(_)
        | About::TicketMessage(_)
        | About::EmailChange(_)
        | About::HandOver(_)
        | About::OperationRequest(_) => None,
    }
}

impl Letters for Writers {
    /// Many at a time are only those about payments.
    async fn letters(&self, mails: &[Claimed]) -> HashMap<MailId, Draft> {
        let of_payments = mails.iter().filter_map(|mail| Some((mail.clone(), payment(mail)?)));
        self.email_payments.letters(of_payments.collect()).await
    }

    async fn letter(&self, mail: &Claimed) -> Draft {
        match mail.about {
            About::EmailPayment(id) => self.email_payments.letter(mail, id).await,
            About::Invitation(id) => self.invitations.letter(mail, id).await,
            About::Notice(id) => self.notices.letter(mail, id).await,
            About::TicketMessage(id) => self.tickets.letter(mail, id).await,
            About::EmailChange(id) => self.changes.letter(mail, id).await,
            About::HandOver(id) => self.hand_overs.letter(mail, id).await,
            About::OperationRequest(id) => self.refunds.letter(mail, id).await,
        }
    }

    fn settled(
        &self,
        conn: &mut PgConnection,
        ended: &[Ended],
        now: DateTime<Utc>,
    ) -> Result<(), Error> {
        let of_payments: Vec<(&Ended, EmailPaymentId)> =
            ended.iter().filter_map(|one| Some((one, payment(&one.mail)?))).collect();
        EmailPaymentLetters::settled(conn, &of_payments, now)?;
        // What became of the others stands with the mail; a ticket's thread stands whatever that is.
        for Ended { mail, outcome, .. } in ended {
            match mail.about {
                About::Invitation(id) => InvitationLetters::settled(conn, mail, id, outcome)?,
                About::EmailChange(id) => ChangeLetters::settled(conn, mail, id, outcome)?,
                About::EmailPayment(_)
                | About::Notice(_)
                | About::TicketMessage(_)
                | About::HandOver(_)
                | About::OperationRequest(_) => {}
            }
        }
        Ok(())
    }
}
