//! What a mail is about, and where it is on its way.

use diesel::deserialize;
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::row::NamedRow;
use diesel::sql_types::{Nullable, Uuid as SqlUuid};

use crate::db::Tenants;
use crate::db::columns::text_column;
use crate::kernel::{
    EmailChangeId, EmailPaymentId, InvitationId, MerchantId, NoticeId, TicketMessageId,
};

text_column! {
    /// Where a mail is on its way.
    MailState {
        Ready = "ready",
        Sending = "sending",
        Sent = "sent",
        Failed = "failed",
        Dropped = "dropped",
    }
}

text_column! {
    /// What a mail tells its reader.
    MailKind {
        /// Please pay: the green button.
        Request = "request",
        /// It still waits: the green button again.
        Reminder = "reminder",
        /// You have paid.
        Receipt = "receipt",
        /// Your payment was declined.
        Declined = "declined",
        /// You need not pay any more.
        Cancelled = "cancelled",
        /// Somebody asks you to join a merchant's team.
        Invitation = "invitation",
        /// Something has happened that a user may be told about.
        Notice = "notice",
        /// Somebody has written in a ticket.
        Ticket = "ticket",
        /// Your address is to change, or to be somebody's: please confirm.
        Address = "address",
        /// Your address has been given up for another one.
        AddressChanged = "address_changed",
    }
}

impl MailKind {
    /// Whether the mail carries the link to pay: what counts against the limits, and what tells how a
    /// payment was delivered.
    #[must_use]
    pub const fn has_link(self) -> bool {
        matches!(self, Self::Request | Self::Reminder)
    }

    /// What a merchant causes by its own acts, one by one or many at once.
    pub const BY_MERCHANT: [Self; 3] = [Self::Request, Self::Reminder, Self::Cancelled];

    /// The kinds that carry it.
    pub const WITH_LINK: [Self; 2] = [Self::Request, Self::Reminder];
}

/// Whose mails are that no merchant's business makes: those about a user. It is no merchant's id.
pub const NOBODYS: MerchantId = MerchantId::from_uuid(uuid::Uuid::nil());

/// The tenants of a transaction that writes such a mail.
#[must_use]
pub fn nobodys() -> Tenants {
    Tenants::one(NOBODYS)
}

/// What a mail tells about: whose slice writes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum About {
    EmailPayment(EmailPaymentId),
    Invitation(InvitationId),
    Notice(NoticeId),
    TicketMessage(TicketMessageId),
    EmailChange(EmailChangeId),
}

/// One column per kind of thing, of which one is filled.
type AboutColumns = (
    Option<EmailPaymentId>,
    Option<InvitationId>,
    Option<NoticeId>,
    Option<TicketMessageId>,
    Option<EmailChangeId>,
);

impl About {
    pub(super) const fn columns(self) -> AboutColumns {
        match self {
            Self::EmailPayment(id) => (Some(id), None, None, None, None),
            Self::Invitation(id) => (None, Some(id), None, None, None),
            Self::Notice(id) => (None, None, Some(id), None, None),
            Self::TicketMessage(id) => (None, None, None, Some(id), None),
            Self::EmailChange(id) => (None, None, None, None, Some(id)),
        }
    }
}

impl QueryableByName<Pg> for About {
    fn build<'a>(row: &impl NamedRow<'a, Pg>) -> deserialize::Result<Self> {
        let payment = NamedRow::get::<Nullable<SqlUuid>, _>(row, "email_payment_id")?;
        let invitation = NamedRow::get::<Nullable<SqlUuid>, _>(row, "invitation_id")?;
        let notice = NamedRow::get::<Nullable<SqlUuid>, _>(row, "notice_id")?;
        let message = NamedRow::get::<Nullable<SqlUuid>, _>(row, "ticket_message_id")?;
        let change = NamedRow::get::<Nullable<SqlUuid>, _>(row, "email_change_id")?;
        match (payment, invitation, notice, message, change) {
            (Some(id), None, None, None, None) => Ok(Self::EmailPayment(id)),
            (None, Some(id), None, None, None) => Ok(Self::Invitation(id)),
            (None, None, Some(id), None, None) => Ok(Self::Notice(id)),
            (None, None, None, Some(id), None) => Ok(Self::TicketMessage(id)),
            (None, None, None, None, Some(id)) => Ok(Self::EmailChange(id)),
            _ => Err("a mail tells about one thing".into()),
        }
    }
}
