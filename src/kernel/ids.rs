//! Identifiers as types, so that a user's id can't stand where a merchant's is expected.
//! All are `UUIDv7` (RFC 9562): new rows land at the right edge of their index.

use std::fmt;
use std::str::FromStr;

use diesel::deserialize::{self, FromSql, FromSqlRow};
use diesel::expression::AsExpression;
use diesel::pg::{Pg, PgValue};
use diesel::serialize::{self, Output, ToSql};
use diesel::sql_types;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

macro_rules! typed_id {
    ($($(#[$doc:meta])+ $name:ident;)+) => {$(
        $(#[$doc])+
        #[derive(
            Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
            AsExpression, FromSqlRow,
        )]
        #[diesel(sql_type = sql_types::Uuid)]
        #[serde(transparent)]
        pub struct $name(Uuid);

        impl $name {
            /// A fresh identifier, greater than those made before.
            #[must_use]
            #[expect(clippy::new_without_default, reason = "two defaults would differ")]
            pub fn new() -> Self {
                Self(Uuid::now_v7())
            }

            #[must_use]
            pub const fn from_uuid(uuid: Uuid) -> Self {
                Self(uuid)
            }

            #[must_use]
            pub const fn as_uuid(self) -> Uuid {
                self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = uuid::Error;

            fn from_str(text: &str) -> Result<Self, uuid::Error> {
                text.parse().map(Self)
            }
        }

        impl ToSql<sql_types::Uuid, Pg> for $name {
            fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
                ToSql::<sql_types::Uuid, Pg>::to_sql(&self.0, out)
            }
        }

        impl FromSql<sql_types::Uuid, Pg> for $name {
            fn from_sql(value: PgValue<'_>) -> deserialize::Result<Self> {
                FromSql::<sql_types::Uuid, Pg>::from_sql(value).map(Self)
            }
        }
    )+};
}

typed_id! {
    /// A merchant: the tenant. Every row a merchant may see carries one.
    MerchantId;
    /// A merchant's source of income, with credentials of its own at the gateway.
    OriginatorId;
    /// A person with access: of a merchant, or of the platform.
    UserId;
    /// One browser that is signed in.
    SessionId;
    /// A form that waits until its user has signed in again.
    KeptFormId;
    /// One way to the identity provider and back.
    SignInId;
    /// A request for payment sent to a customer by e-mail.
    EmailPaymentId;
    /// An email payment prepared at the gateway: one address that a customer can be sent to.
    GatewaySessionId;
    /// One thing that happened to an email payment.
    EventId;
    /// A reminder of an email payment, planned or sent.
    ReminderId;
    /// One try of a customer to pay.
    AttemptId;
    /// One visit of a pay link.
    VisitId;
    /// A change of somebody's e-mail address.
    EmailChangeId;
    /// An address that was asked to join a merchant's team.
    InvitationId;
    /// One message to be sent.
    MailId;
    /// A key with which a program asks in a user's stead.
    AccessTokenId;
    /// A file of payments to be made.
    ImportId;
    /// One thing that is done to many payments.
    BulkActionId;
    /// A file of many rows that left.
    ExportId;
    /// What the API answered to a request that carried a key of its own.
    ApiAnswerId;
    /// A question that is kept under a name.
    SavedViewId;
    /// An accounting document of a merchant.
    DocumentId;
    /// A grant to be told about something.
    NotificationPermissionId;
    /// A wish for such a grant.
    NotificationRequestId;
    /// A logo on payment pages.
    PageLogoId;
    /// A turn of a switch of order confirmations.
    ConfirmationSwitchId;
    /// A change of what a merchant has.
    FeatureSwitchId;
    /// One thing told to one user.
    NoticeId;
    /// One movement at the gateway, through any channel.
    TransactionId;
    /// Something that a merchant's people asked to be done to a transaction.
    OperationRequestId;
    /// A disagreement between an email payment and what moved at the gateway.
    DifferenceId;
    /// What a period came to, with one provider and in one currency.
    StatementId;
    /// A provider's conditions for a merchant, from a day on.
    ConditionsId;
    /// One state that a document came into.
    DocumentStateId;
    /// A question of a merchant to the platform's support.
    TicketId;
    /// One message, note or state of a ticket.
    TicketMessageId;
    /// A file of a ticket's message.
    TicketFileId;
    /// A change of who looks after a merchant.
    HandOverId;
    /// An answer that support gives often.
    CannedAnswerId;
}
