//! The wire: what goes in and what comes out. Amounts in whole minor units, instants in UTC, enums
//! as the words of the database.

use std::borrow::Cow;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize, Serializer};
use utoipa::openapi::schema::{ObjectBuilder, Schema, SchemaType, Type};
use utoipa::openapi::{RefOr, schema};
use utoipa::{PartialSchema, ToSchema};

use crate::email_payments::filter::{Question, order};
use crate::email_payments::form::{Context, CreateForm, Draft};
use crate::email_payments::model::{Delivery, EmailPayment, EndReason, Status};
use crate::email_payments::plan::{REMINDERS_MAX, ReminderRule};
use crate::email_payments::queries::ListRow;
use crate::kernel::{Currency, EmailAddress, EmailPaymentId, Lang, Money, OriginatorId, Texts};
use crate::web::Faults;
use crate::web::api::parameters::words_schema;
use crate::web::api::{Body, Field, FieldFault, Problem};
use crate::web::list::Slice;

/// Enums of the database go over the wire as their words.
macro_rules! words {
    ($($name:ident as $public:literal: $doc:literal,)+) => {$(
        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl PartialSchema for $name {
            fn schema() -> RefOr<Schema> {
                let words = Self::ALL.iter().map(|word| word.as_str());
                words_schema(words).description(Some($doc)).into()
            }
        }

        impl ToSchema for $name {
            fn name() -> Cow<'static, str> {
                Cow::Borrowed($public)
            }
        }
    )+};
}

words! {
    Status as "Status": "Whether money is due or received.",
    Delivery as "Delivery": "How far the latest email with the link got.",
    EndReason as "EndReason": "Why it ended without money.",
}

fn languages() -> schema::Object {
    words_schema(Lang::ALL.iter().map(|lang| lang.code())).build()
}

fn reminders() -> schema::Array {
    let words = ReminderRule::OFFERED.map(ReminderRule::word);
    let word =
        ObjectBuilder::new().schema_type(SchemaType::Type(Type::String)).enum_values(Some(words));
    schema::ArrayBuilder::new().items(word).max_items(Some(REMINDERS_MAX)).build()
}

/// A request for payment.
#[derive(Debug, Serialize, ToSchema)]
#[schema(
    as = EmailPayment,
    example = json!({
        "id": "019ac1f0-5c1e-7d53-9d0c-7f2f6b6f1a55", "order_id": "CB-2026-1205",
        "status": "open", "end_reason": null, "is_late": false, "delivery": "queued",
        "amount_minor": 183_000, "currency": "EUR",
        "customer_email": "maria@example.it", "customer_name": "Maria Conti", "language": "it",
        "description": "Tiles, 40 m²", "message": "",
        "originator_id": "019ac1ee-0b1a-7a10-8a53-0b1f1a2c3d4e",
        "payment_method": null, "last_result_code": null, "attempts": 0, "sends": 1,
        "created_at": "2026-11-27T09:12:44.127351Z", "expires_at": "2026-12-27T22:59:59Z",
        "last_sent_at": "2026-11-27T09:12:44.127351Z", "first_opened_at": null,
        "paid_at": null, "ended_at": null, "send_at": null, "replaced_by": null,
        "pay_url": "https://central.example/pay/3q2-7wAAAADerb7vq83vEjRWeJCrze8S"
    })
)]
pub struct EmailPaymentJson {
    #[schema(value_type = String, format = Uuid)]
    id: EmailPaymentId,
    /// The merchant's own number; no two payments of a merchant have the same.
    order_id: String,
    status: Status,
    end_reason: Option<EndReason>,
    /// Paid after its end, by an attempt that began before.
    is_late: bool,
    delivery: Option<Delivery>,
    /// In minor units of the currency: 183000 is 1,830.00 EUR.
    amount_minor: i64,
    /// An ISO 4217 code.
    currency: String,
    customer_email: String,
    /// Empty where none was given.
    customer_name: String,
    /// The language of the emails.
    #[schema(schema_with = languages)]
    language: Lang,
    /// What the customer reads in the email and on the payment page.
    description: String,
    /// A few words of the merchant's in the email.
    message: String,
    /// Where the money is booked.
    #[schema(value_type = String, format = Uuid)]
    originator_id: OriginatorId,
    /// How it was paid, in the gateway's word: `CreditCard`, `Alipay` …
    payment_method: Option<String>,
    /// The acquirer's code for the latest attempt that was declined.
    last_result_code: Option<String>,
    /// How often the customer has tried to pay.
    attempts: i32,
    /// How often the email was sent.
    sends: i32,
    created_at: DateTime<Utc>,
    /// Until then it can be paid.
    expires_at: DateTime<Utc>,
    last_sent_at: Option<DateTime<Utc>>,
    /// When the customer first opened the link.
    first_opened_at: Option<DateTime<Utc>>,
    paid_at: Option<DateTime<Utc>>,
    /// When it ended, with money or without.
    ended_at: Option<DateTime<Utc>>,
    /// When it leaves by itself, or did.
    send_at: Option<DateTime<Utc>>,
    /// The payment that took its place.
    #[schema(value_type = Option<String>, format = Uuid)]
    replaced_by: Option<EmailPaymentId>,
    /// Where the customer pays, as long as it can be paid. Whoever has it can pay for the customer.
    pay_url: Option<String>,
}

impl EmailPaymentJson {
    pub fn of(payment: EmailPayment, pay_url: Option<String>) -> Self {
        Self {
            id: payment.id,
            order_id: payment.order_id,
            status: payment.status,
            end_reason: payment.end_reason,
            is_late: payment.is_late,
            delivery: payment.delivery,
            amount_minor: payment.amount_minor,
            currency: payment.currency,
            customer_email: payment.customer_email,
            customer_name: payment.customer_name,
            language: payment.language,
            description: payment.description,
            message: payment.message,
            originator_id: payment.originator_id,
            payment_method: payment.payment_method,
            last_result_code: payment.last_result_code,
            attempts: payment.attempts,
            sends: payment.sends,
            created_at: payment.created_at,
            expires_at: payment.expires_at,
            last_sent_at: payment.last_sent_at,
            first_opened_at: payment.first_opened_at,
            paid_at: payment.paid_at,
            ended_at: payment.ended_at,
            send_at: payment.send_at,
            replaced_by: payment.replaced_by,
            pay_url,
        }
    }
}

/// What the list tells about a payment; the rest stands at its own address.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = EmailPaymentInList)]
pub struct RowJson {
    #[schema(value_type = String, format = Uuid)]
    id: EmailPaymentId,
    order_id: String,
    status: Status,
    end_reason: Option<EndReason>,
    is_late: bool,
    delivery: Option<Delivery>,
    /// In minor units of the currency.
    amount_minor: i64,
    currency: String,
    customer_email: String,
    customer_name: String,
    payment_method: Option<String>,
    last_result_code: Option<String>,
    created_at: DateTime<Utc>,
    expires_at: DateTime<Utc>,
    first_opened_at: Option<DateTime<Utc>>,
    paid_at: Option<DateTime<Utc>>,
}

impl From<ListRow> for RowJson {
    fn from(row: ListRow) -> Self {
        Self {
            id: row.id,
            order_id: row.order_id,
            status: row.status,
            end_reason: row.end_reason,
            is_late: row.is_late,
            delivery: row.delivery,
            amount_minor: row.amount_minor,
            currency: row.currency,
            customer_email: row.customer_email,
            customer_name: row.customer_name,
            payment_method: row.payment_method,
            last_result_code: row.last_result_code,
            created_at: row.created_at,
            expires_at: row.expires_at,
            first_opened_at: row.first_opened_at,
            paid_at: row.paid_at,
        }
    }
}

/// One page of a list.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = EmailPaymentPage)]
pub struct PageJson {
    data: Vec<RowJson>,
    /// The page of older payments; null on the last one.
    #[schema(format = "uri")]
    next: Option<String>,
    /// The page of newer payments; null on the first one.
    #[schema(format = "uri")]
    previous: Option<String>,
}

impl PageJson {
    /// `base` is the list's address.
    pub fn of(slice: Slice<ListRow>, question: &Question, base: &str) -> Self {
        let pages = question.pages(base, &slice, |row| order::place(question.sort, row));
        let data = slice.rows.into_iter().map(RowJson::from).collect();
        Self { data, next: pages.next, previous: pages.previous }
    }
}

/// A payment to be made.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(
    as = NewEmailPayment,
    example = json!({
        "amount_minor": 183_000, "currency": "EUR", "customer_email": "maria@example.it",
        "customer_name": "Maria Conti", "description": "Tiles, 40 m²", "language": "it"
    })
)]
pub struct NewEmailPaymentJson {
    /// In minor units of the currency: 183000 is 1,830.00 EUR.
    #[schema(value_type = i64, required = true, minimum = 1, maximum = 999_999_999)]
    #[serde(default)]
    amount_minor: Field<i64>,
    /// An ISO 4217 code that the originator takes.
    #[schema(value_type = String, required = true, pattern = "^[A-Z]{3}$")]
    #[serde(default)]
    currency: Field<String>,
    /// Where the request goes.
    #[schema(value_type = String, required = true, max_length = 100)]
    #[serde(default)]
    customer_email: Field<String>,
    #[schema(value_type = Option<String>, max_length = 80)]
    #[serde(default)]
    customer_name: Field<String>,
    /// The language of the emails; the merchant's where it is not given.
    #[schema(schema_with = languages)]
    #[serde(default)]
    language: Field<String>,
    /// The merchant's own number, not used before; the next one where it is not given.
    #[schema(value_type = Option<String>, max_length = 100)]
    #[serde(default)]
    order_id: Field<String>,
    /// What the customer reads in the email and on the payment page.
    #[schema(value_type = Option<String>, max_length = 500)]
    #[serde(default)]
    description: Field<String>,
    /// A few words in the email.
    #[schema(value_type = Option<String>, max_length = 500)]
    #[serde(default)]
    message: Field<String>,
    /// The last day to pay, until 23:59:59 in the merchant's time zone; at most 90 days from now.
    /// Where it is not given, the validity that its originator's payment page says.
    #[schema(value_type = Option<String>, format = Date)]
    #[serde(default)]
    expires_on: Field<String>,
    /// Where the money is booked; needed where the merchant has several originators.
    #[schema(value_type = Option<String>, format = Uuid)]
    #[serde(default)]
    originator_id: Field<String>,
    /// Whether the email goes out now; `false` keeps a draft.
    #[schema(value_type = Option<bool>, default = true)]
    #[serde(default)]
    send: Field<bool>,
    /// When the email goes out; now where it is not given. Later than now, at most 90 days.
    #[schema(value_type = Option<String>, format = DateTime)]
    #[serde(default)]
    send_at: Field<DateTime<Utc>>,
    /// When the customer is reminded while the payment is open: at most three, each at 9:00 in the
    /// merchant's time zone.
    #[schema(schema_with = reminders)]
    #[serde(default)]
    reminders: Field<Vec<String>>,
}

impl Body for NewEmailPaymentJson {
    const FIELDS: &'static [&'static str] = &[
        "amount_minor",
        "currency",
        "customer_email",
        "customer_name",
        "language",
        "order_id",
        "description",
        "message",
        "expires_on",
        "originator_id",
        "send",
        "send_at",
        "reminders",
    ];
}

impl NewEmailPaymentJson {
    /// The rules of the form, said in the names of the wire; and whether it is to be sent.
    pub fn validate(self, context: &Context<'_>) -> Result<(Draft, bool), Vec<FieldFault>> {
        let mut wrong = Vec::new();
        let (form, is_sent) = self.into_form(context, &mut wrong);
        let draft = form.validate(context);
        let is_currency_taken = form.is_currency_taken(context);
        let faults = draft.as_ref().err().into_iter().flat_map(Faults::each);
        for (field, words) in faults {
            let field = match field {
                "originator" => "originator_id",
                "send_on" => "send_at",
                "amount" if is_currency_taken => "amount_minor",
                "amount" => "currency",
                other => other,
            };
            if !wrong.iter().any(|known: &FieldFault| known.field == field) {
                wrong.push(FieldFault { field: field.to_owned(), message: words.to_owned() });
            }
        }
        match draft {
            Ok(draft) if wrong.is_empty() => Ok((draft, is_sent)),
            _ => Err(wrong),
        }
    }

    /// The form that a person would have filled in.
    fn into_form(self, context: &Context<'_>, wrong: &mut Vec<FieldFault>) -> (CreateForm, bool) {
        let t = context.lang.texts();
        let fresh = CreateForm::fresh(context);
        let mut text =
            |field: Field<String>, name: &str| field.take(name, || t.msg_api_field_text(), wrong);
        let originator = text(self.originator_id, "originator_id").unwrap_or_default();
        let last_day = context.usual_last_day(&originator).to_string();
        // An order ID that is given is the program's own: it never gives way to another.
        let order_id = text(self.order_id, "order_id");
        let proposed_order_id =
            if order_id.is_none() { fresh.order_id.clone() } else { String::new() };
        let form = CreateForm {
            originator,
            currency: text(self.currency, "currency").unwrap_or_default(),
            customer_email: text(self.customer_email, "customer_email").unwrap_or_default(),
            customer_name: text(self.customer_name, "customer_name").unwrap_or_default(),
            language: text(self.language, "language").unwrap_or(fresh.language),
            order_id: order_id.unwrap_or(fresh.order_id),
            description: text(self.description, "description").unwrap_or_default(),
            message: text(self.message, "message").unwrap_or_default(),
            expires_on: text(self.expires_on, "expires_on").unwrap_or(last_day),
            proposed_order_id,
            ..CreateForm::default()
        };
        let send_at = self.send_at.take("send_at", || t.msg_api_field_instant(), wrong);
        let reminders = self.reminders.take("reminders", || t.msg_api_field_reminders(), wrong);
        let mut form = CreateForm { send_at, ..form };
        if !reminders.unwrap_or_default().iter().all(|word| form.tick(word)) {
            let message = t.msg_api_field_reminders();
            wrong.push(FieldFault { field: "reminders".to_owned(), message });
        }
        let minor = self.amount_minor.take("amount_minor", || t.msg_api_field_whole(), wrong);
        let is_sent = self.send.take("send", || t.msg_api_field_switch(), wrong).unwrap_or(true);
        // The form reads amounts as people write them: it reads this one back as the same. What is
        // below zero is refused in the same words as zero.
        let currency = Currency::parse(&form.currency).unwrap_or(Currency::EUR);
        let typed = |minor: i64| Money::new(minor.max(0), currency).for_field(context.lang);
        (CreateForm { amount: minor.map(typed).unwrap_or_default(), ..form }, is_sent)
    }
}

/// Why a payment is cancelled.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Cancellation, example = json!({ "reason": "Ordered twice" }))]
pub struct CancelJson {
    /// Only the merchant reads it.
    #[schema(value_type = Option<String>, max_length = 200)]
    #[serde(default)]
    reason: Field<String>,
}

impl Body for CancelJson {
    const FIELDS: &'static [&'static str] = &["reason"];
}

impl CancelJson {
    pub fn text(self, t: &Texts) -> Result<String, Problem> {
        match self.reason {
            Field::Absent => Ok(String::new()),
            Field::Given(reason) => Ok(reason),
            Field::Wrong => Err(fault("reason", t.msg_api_field_text())),
        }
    }
}

/// Where a payment is sent again.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Resend, example = json!({ "customer_email": "maria.conti@example.it" }))]
pub struct ResendJson {
    /// The corrected address; the old one where it is not given.
    #[schema(value_type = Option<String>, max_length = 100)]
    #[serde(default)]
    customer_email: Field<String>,
}

impl Body for ResendJson {
    const FIELDS: &'static [&'static str] = &["customer_email"];
}

impl ResendJson {
    /// The corrected address, if there is one.
    pub fn address(self, t: &Texts) -> Result<Option<EmailAddress>, Problem> {
        match self.customer_email {
            Field::Absent => Ok(None),
            Field::Given(typed) => EmailAddress::parse(typed.trim())
                .map(Some)
                .ok_or_else(|| fault("customer_email", t.msg_form_email_unreadable())),
            Field::Wrong => Err(fault("customer_email", t.msg_api_field_text())),
        }
    }
}

/// One field that is wrong.
pub fn fault(field: &str, words: String) -> Problem {
    Problem::Fields(vec![FieldFault { field: field.to_owned(), message: words }])
}
