//! What a mail is about, and where it is on its way.

use diesel::deserialize;
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::row::NamedRow;

use crate::db::Tenants;
use crate::db::columns::text_column;
use crate::db::schema::mails;
use crate::kernel::{
    EmailChangeId, EmailPaymentId, HandOverId, InvitationId, MerchantId, NoticeId,
    OperationRequestId, TicketMessageId,
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
        /// A colleague has handed merchants over to you.
        HandOver = "hand_over",
        /// Money comes back to you.
        Refunded = "refunded",
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
    HandOver(HandOverId),
    OperationRequest(OperationRequestId),
}

/// One column per kind of thing, of which one is filled.
#[derive(Insertable, QueryableByName)]
#[diesel(table_name = mails)]
#[expect(clippy::struct_field_names, reason = "they are the columns' names")]
pub(super) struct AboutColumns {
    email_payment_id: Option<EmailPaymentId>,
    invitation_id: Option<InvitationId>,
    notice_id: Option<NoticeId>,
    ticket_message_id: Option<TicketMessageId>,
    email_change_id: Option<EmailChangeId>,
    hand_over_id: Option<HandOverId>,
    operation_request_id: Option<OperationRequestId>,
}

impl About {
    pub(super) const fn columns(self) -> AboutColumns {
        let mut columns = AboutColumns {
            email_payment_id: None,
            invitation_id: None,
            notice_id: None,
            ticket_message_id: None,
            email_change_id: None,
            hand_over_id: None,
            operation_request_id: None,
        };
        match self {
            Self::EmailPayment(id) => columns.email_payment_id = Some(id),
            Self::Invitation(id) => columns.invitation_id = Some(id),
            Self::Notice(id) => columns.notice_id = Some(id),
            Self::TicketMessage(id) => columns.ticket_message_id = Some(id),
            Self::EmailChange(id) => columns.email_change_id = Some(id),
            Self::HandOver(id) => columns.hand_over_id = Some(id),
            Self::OperationRequest(id) => columns.operation_request_id = Some(id),
        }
        columns
    }
}

impl QueryableByName<Pg> for About {
    fn build<'a>(row: &impl NamedRow<'a, Pg>) -> deserialize::Result<Self> {
        let columns = <AboutColumns as QueryableByName<Pg>>::build(row)?;
        let all = [
            columns.email_payment_id.map(Self::EmailPayment),
            columns.invitation_id.map(Self::Invitation),
            columns.notice_id.map(Self::Notice),
            columns.ticket_message_id.map(Self::TicketMessage),
            columns.email_change_id.map(Self::EmailChange),
            columns.hand_over_id.map(Self::HandOver),
            columns.operation_request_id.map(Self::OperationRequest),
        ];
        let mut filled = all.into_iter().flatten();
        match (filled.next(), filled.next()) {
            (Some(about), None) => Ok(about),
            _ => Err("a mail tells about one thing".into()),
        }
    }
}
