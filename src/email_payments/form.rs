//! The create form: what was typed → what was meant.

use chrono::{DateTime, Duration, NaiveDate, Utc};
use chrono_tz::Tz;
use serde::Deserialize;
use uuid::Uuid;

use super::commands::Hindrance;
use super::model::{EmailPayment, VALIDITY_DEFAULT, VALIDITY_MAX, VALIDITY_MIN};
use super::queries::{MerchantView, Originator};
use crate::kernel::text::{self, TextError};
use crate::kernel::{
    Currency, EmailAddress, Error, Lang, Money, MoneyError, OriginatorId, Texts, dates,
};
use crate::web::Faults;

pub const ORDER_ID_MAX: usize = 100;
pub const NAME_MAX: usize = 80;
pub const DESCRIPTION_MAX: usize = 500;
pub const MESSAGE_MAX: usize = 500;
pub const REASON_MAX: usize = 200;

/// What was typed. Exactly the fields that may be given; each as text, so that all of it comes back.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CreateForm {
    /// Made with the page: the same form sent twice makes one payment.
    #[serde(default)]
    pub form_id: String,
    #[serde(default)]
    pub originator: String,
    #[serde(default)]
    pub customer_name: String,
    #[serde(default)]
    pub customer_email: String,
    #[serde(default)]
    pub language: String,
    #[serde(default)]
    pub amount: String,
    #[serde(default)]
    pub currency: String,
    #[serde(default)]
    pub order_id: String,
    /// The order ID that the page came with: untouched, it may give way to the next free one.
    #[serde(default)]
    pub proposed_order_id: String,
    #[serde(default)]
    pub description: String,
    #[serde(default)]
    pub message: String,
    /// The last day of the link's validity.
    #[serde(default)]
    pub expires_on: String,
    /// Which button: `send`, `draft` or `preview`.
    #[serde(default)]
    pub action: String,
    /// The button that puts the address which was probably meant in place of the typed one.
    #[serde(default)]
    pub suggestion: String,
    /// The marks of the warnings that were shown, see [`super::preflight`].
    #[serde(default)]
    pub seen: String,
}

/// What the buttons of the form mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    Send,
    Draft,
    Preview,
}

/// What was meant.
#[derive(Clone, Debug)]
pub struct Draft {
    pub originator_id: OriginatorId,
    pub amount: Money,
    pub customer_email: EmailAddress,
    pub customer_name: String,
    pub description: String,
    pub message: String,
    pub language: Lang,
    pub order_id: String,
    /// The order ID is the system's own proposal, so that the next free one is as good.
    pub is_proposal: bool,
    pub expires_at: DateTime<Utc>,
}

/// What the form is checked against.
pub struct Context<'a> {
    pub merchant: &'a MerchantView,
    pub originators: &'a [Originator],
    pub now: DateTime<Utc>,
    /// The language of the person who types.
    pub lang: Lang,
}

impl CreateForm {
    /// An empty form: order ID, language, currency and expiry filled in.
    #[must_use]
    pub fn fresh(context: &Context<'_>) -> Self {
        let merchant = context.merchant;
        let order_id = merchant.order_id(merchant.next_order_number, context.now);
        let currency =
            context.originators.first().and_then(|originator| originator.currencies().next());
        let last_day =
            (context.now + VALIDITY_DEFAULT).with_timezone(&merchant.zone()).date_naive();
        Self {
            form_id: Uuid::new_v4().to_string(),
            language: merchant.language.code().to_owned(),
            currency: currency.unwrap_or(Currency::EUR).code().to_owned(),
            proposed_order_id: order_id.clone(),
            order_id,
            expires_on: last_day.to_string(),
            ..Self::default()
        }
    }

    /// The form of a draft that is edited.
    pub fn of(payment: &EmailPayment, context: &Context<'_>) -> Result<Self, Error> {
        Ok(Self {
            form_id: Uuid::new_v4().to_string(),
            originator: payment.originator_id.to_string(),
            customer_name: payment.customer_name.clone(),
            customer_email: payment.customer_email.clone(),
            language: payment.language.code().to_owned(),
            amount: payment.amount()?.for_field(context.lang),
            currency: payment.currency.clone(),
            order_id: payment.order_id.clone(),
            proposed_order_id: String::new(),
            description: payment.description.clone(),
            message: payment.message.clone(),
            expires_on: payment
                .expires_at
                .with_timezone(&context.merchant.zone())
                .date_naive()
                .to_string(),
            ..Self::default()
        })
    }

    /// What its button means. The one that corrects the address does so, and asks how it looks then.
    pub fn press(&mut self) -> Result<Action, Error> {
        if !self.suggestion.is_empty() {
            self.customer_email = std::mem::take(&mut self.suggestion);
            return Ok(Action::Preview);
        }
        match self.action.as_str() {
            "send" => Ok(Action::Send),
            "draft" => Ok(Action::Draft),
            "preview" => Ok(Action::Preview),
            _ => Err(Error::Malformed("no button of this form")),
        }
    }

    pub fn form_key(&self) -> Result<Uuid, Error> {
        self.form_id.parse().map_err(|_| Error::Malformed("form_id"))
    }

    /// Every field is checked; all faults come back together, in the order of the form.
    ///
    /// # Errors
    /// [`Faults`], in the words of `context.lang`.
    pub fn validate(&self, context: &Context<'_>) -> Result<Draft, Faults> {
        let t = context.lang.texts();
        let mut faults = Faults::default();
        let name = faults.keep("customer_name", line(&self.customer_name, NAME_MAX, t));
        let email = faults.keep("customer_email", self.email(t));
        let language = faults.keep(
            "language",
            Lang::parse(&self.language).ok_or_else(|| t.msg_form_choose_language()),
        );
        let originator = faults.keep("originator", self.originator(context, t));
        let amount =
            originator.and_then(|originator| faults.keep("amount", self.money(originator, t)));
        let order_id = faults.keep("order_id", self.order_id(t));
        let description = faults.keep("description", line(&self.description, DESCRIPTION_MAX, t));
        let message = faults.keep("message", self.message(t));
        let expires_at = faults.keep("expires_on", self.expires_at(context, t));
        match (
            name,
            email,
            language,
            originator,
            amount,
            order_id,
            description,
            message,
            expires_at,
        ) {
            (
                Some(customer_name),
                Some(customer_email),
                Some(language),
                Some(originator),
                Some(amount),
                Some(order_id),
                Some(description),
                Some(message),
                Some(expires_at),
            ) if faults.is_empty() => Ok(Draft {
                originator_id: originator.id,
                amount,
                customer_email,
                customer_name,
                description,
                message,
                language,
                is_proposal: order_id == self.proposed_order_id,
                order_id,
                expires_at,
            }),
            _ => Err(faults),
        }
    }

    /// Whether the chosen originator takes the currency: what else is wrong with the amount is its
    /// number.
    #[must_use]
    pub fn is_currency_taken(&self, context: &Context<'_>) -> bool {
        let originator = self.originator(context, context.lang.texts());
        originator.is_ok_and(|one| one.currencies().any(|known| known.code() == self.currency))
    }

    fn email(&self, t: &Texts) -> Result<EmailAddress, String> {
        let typed = self.customer_email.trim();
        match EmailAddress::parse(typed) {
            Some(address) => Ok(address),
            None if typed.is_empty() => Err(t.msg_form_email_missing()),
            None if text::has_controls(typed) => Err(t.msg_form_controls()),
            None if typed.chars().count() > EmailAddress::LENGTH_MAX => {
                Err(t.msg_form_too_long(EmailAddress::LENGTH_MAX))
            }
            None if !typed.contains('@') => Err(t.msg_form_email_at()),
            None => Err(t.msg_form_email_unreadable()),
        }
    }

    fn originator<'a>(
        &self,
        context: &'a Context<'_>,
        t: &Texts,
    ) -> Result<&'a Originator, String> {
        if let ([only], "") = (context.originators, self.originator.as_str()) {
            return Ok(only);
        }
        let wanted = self.originator.parse::<OriginatorId>().ok();
        context
            .originators
            .iter()
            .find(|originator| Some(originator.id) == wanted)
            .ok_or_else(|| t.msg_form_choose_originator())
    }

    fn money(&self, originator: &Originator, t: &Texts) -> Result<Money, String> {
        let currency = originator
            .currencies()
            .find(|currency| currency.code() == self.currency)
            .ok_or_else(|| t.msg_form_choose_currency(&originator.name))?;
        Money::parse(&self.amount, currency).map_err(|error| match error {
            MoneyError::NotAnAmount if self.amount.trim().is_empty() => t.msg_form_amount_missing(),
            MoneyError::NotAnAmount => t.msg_form_amount_unreadable(),
            MoneyError::Ambiguous => t.msg_amount_ambiguous(),
            MoneyError::TooManyDecimals if currency.exponent() == 0 => {
                t.msg_form_amount_no_decimals(currency.code())
            }
            MoneyError::TooManyDecimals => {
                t.msg_form_amount_decimals(currency.code(), currency.exponent())
            }
            MoneyError::TooLarge => {
                t.msg_form_amount_too_large(Money::new(Money::MINOR_MAX, currency).number(Lang::En))
            }
            MoneyError::NotPositive => t.msg_form_amount_zero(),
        })
    }

    fn order_id(&self, t: &Texts) -> Result<String, String> {
        text::line(&self.order_id, ORDER_ID_MAX).map_err(|error| match error {
            TextError::Empty => t.msg_form_order_id_missing(),
            TextError::TooLong(_) | TextError::Controls | TextError::CardNumber => words(error, t),
        })
    }

    fn message(&self, t: &Texts) -> Result<String, String> {
        text::lines(&self.message, MESSAGE_MAX).map_err(|error| words(error, t))
    }

    /// 23:59:59 of the chosen day, in the merchant's zone; between an hour and 90 days from now.
    fn expires_at(&self, context: &Context<'_>, t: &Texts) -> Result<DateTime<Utc>, String> {
        let typed = self.expires_on.trim();
        if typed.is_empty() {
            return Err(t.msg_form_expiry_missing());
        }
        let day: NaiveDate = typed.parse().map_err(|_| t.msg_form_expiry_unreadable())?;
        let zone = context.merchant.zone();
        let expires_at = dates::last_second_of(day, zone);
        let last = last_possible_day(context.now, zone);
        if expires_at - context.now < VALIDITY_MIN {
            let today = context.now.with_timezone(&zone).date_naive();
            return Err(t.msg_form_expiry_past(dates::plain_day(today, context.lang)));
        }
        if day > last {
            return Err(t.msg_form_expiry_too_late(
                VALIDITY_MAX.num_days(),
                dates::plain_day(last, context.lang),
            ));
        }
        Ok(expires_at)
    }
}

/// Why a good form could not be done, at the field where it can be mended. Why a payment can't be
/// sent again is no matter of a field: [`super::display::resend_hindrance`] says it.
pub fn hindered(hindrance: Hindrance, t: &Texts) -> Faults {
    let mut faults = Faults::default();
    match hindrance {
        Hindrance::OrderIdTaken => faults.add("order_id", t.msg_form_order_id_taken()),
        Hindrance::TooManyToAddress => {
            faults.add("customer_email", t.msg_form_too_many_to_address());
        }
        Hindrance::TooManyOfMerchant => {
            faults.add("customer_email", t.msg_form_too_many_of_merchant());
        }
        Hindrance::Resend(_) => {}
    }
    faults
}

/// Why a payment is cancelled: one line, may be empty.
pub fn reason(typed: &str, t: &Texts) -> Result<String, String> {
    line(typed, REASON_MAX, t)
}

/// The last day that a link may be valid for.
pub fn last_possible_day(now: DateTime<Utc>, zone: Tz) -> NaiveDate {
    // The last second of the ninetieth day may be most of a day beyond 90 times 24 hours.
    (now + VALIDITY_MAX - Duration::days(1)).with_timezone(&zone).date_naive()
}

fn line(typed: &str, length_max: usize, t: &Texts) -> Result<String, String> {
    text::optional_line(typed, length_max).map_err(|error| words(error, t))
}

fn words(error: TextError, t: &Texts) -> String {
    match error {
        TextError::Empty => t.msg_form_missing(),
        TextError::TooLong(length_max) => t.msg_form_too_long(length_max),
        TextError::Controls => t.msg_form_controls(),
        TextError::CardNumber => t.msg_form_card_number(),
    }
}
