//! The words of the domain: money, languages, identifiers, time. No input or output of any kind.

mod business_hours;
mod clock;
mod colour;
mod country;
pub mod dates;
mod email_address;
mod error;
mod ids;
mod lang;
mod money;
mod paging;
mod rights;
pub mod text;

pub use business_hours::{BusinessHours, HoursError};
pub use clock::Clock;
pub use colour::{CONTRAST_MIN, Colour};
pub use country::Country;
pub use email_address::EmailAddress;
pub use error::{Cause, Error};
pub use ids::{
    AccessTokenId, ApiAnswerId, AttemptId, BulkActionId, CannedAnswerId, ConditionsId,
    ConfirmationSwitchId, DifferenceId, DocumentId, DocumentStateId, EmailChangeId, EmailPaymentId,
    EventId, ExportId, FeatureSwitchId, GatewaySessionId, HandOverId, ImportId, InvitationId,
    KeptFormId, MailId, MerchantId, NoticeId, NotificationPermissionId, NotificationRequestId,
    OperationRequestId, OriginatorId, PageLogoId, ReminderId, SavedViewId, SessionId, SignInId,
    StatementId, TicketFileId, TicketId, TicketMessageId, TransactionId, UserId, VisitId,
};
pub use lang::{Lang, Texts};
pub use money::{Currency, Money, MoneyError, grouped as money_grouped, separators};
pub use paging::{Cursor, CursorKey, Direction, Key, KeyKind, PageSize};
pub use rights::Right;
