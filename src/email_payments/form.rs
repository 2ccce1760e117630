//! The create form: what was typed → what was meant.

use chrono::{DateTime, Duration, NaiveDate, Utc};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::commands::state_of;
use super::model::{EmailPayment, Hindrance, VALIDITY_MAX};
use super::page_settings::DAYS_USUAL;
use super::plan::{REMINDERS_MAX, Reminder, ReminderRule, ReminderState, Sending};
use super::queries::{MerchantView, Originator};
use super::when::Clockwork;
use crate::kernel::{
    Currency, EmailAddress, Error, Lang, Money, MoneyError, OriginatorId, Texts, text,
};
use crate::web::{Faults, field_fault};

pub const ORDER_ID_MAX: usize = 100;
pub const NAME_MAX: usize = 80;
pub const DESCRIPTION_MAX: usize = 500;
pub const MESSAGE_MAX: usize = 500;
pub const REASON_MAX: usize = 200;

/// What was typed. Exactly the fields that may be given; each as text, so that all of it comes back.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
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
    /// `now`, `later` or `link`.
    #[serde(default)]
    pub sending: String,
    /// Day and time of `later`, in the merchant's zone.
    #[serde(default)]
    pub send_on: String,
    #[serde(default)]
    pub send_time: String,
    /// The instant of `later`, where a program gives it.
    #[serde(skip)]
    pub send_at: Option<DateTime<Utc>>,
    /// A box for each reminder of `ReminderRule::OFFERED`.
    #[serde(default)]
    pub after_sending_3: String,
    #[serde(default)]
    pub after_sending_7: String,
    #[serde(default)]
    pub after_sending_14: String,
    #[serde(default)]
    pub before_end_7: String,
    #[serde(default)]
    pub before_end_3: String,
    #[serde(default)]
    pub before_end_1: String,
    /// Which button: `send`, `draft` or `preview`.
    #[serde(default)]
    pub action: String,
    /// The button that puts the address which was probably meant in place of the typed one.
    #[serde(default)]
    pub suggestion: String,
    /// The marks of the warnings that were shown, see `preflight.rs`.
    #[serde(default)]
    pub seen: String,
    /// What stands for the draft that it was filled from, see `commands::state_of`.
    #[serde(default)]
    pub state: String,
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
    pub sending: Sending,
    pub reminders: Vec<ReminderRule>,
}

impl Draft {
    /// When it leaves by itself.
    #[must_use]
    pub const fn send_at(&self) -> Option<DateTime<Utc>> {
        match self.sending {
            Sending::At(at) => Some(at),
            Sending::Now | Sending::LinkOnly => None,
        }
    }

    /// The reminders that are planned. Where no mail goes out, none reminds of it: a draft alone keeps them.
    #[must_use]
    pub fn reminders(&self, is_sent: bool) -> &[ReminderRule] {
        if is_sent && self.sending == Sending::LinkOnly { &[] } else { &self.reminders }
    }
}

/// What the form is checked against.
pub struct Context<'a> {
    pub merchant: &'a MerchantView,
    pub originators: &'a [Originator],
    pub now: DateTime<Utc>,
    /// The language of the person who types.
    pub lang: Lang,
}

impl Context<'_> {
    fn clockwork(&self) -> Clockwork {
        Clockwork { now: self.now, zone: self.merchant.zone(), lang: self.lang }
    }

    /// The last day of a link where none is given: as long as its originator's are valid by themselves.
    #[must_use]
    pub fn usual_last_day(&self, originator: &str) -> NaiveDate {
        let chosen = self.originators.iter().find(|one| one.id.to_string() == originator);
        let days =
            chosen.or_else(|| self.originators.first()).map_or(DAYS_USUAL, |one| one.valid_days);
        let last = (self.now + Duration::days(days.into())).with_timezone(&self.merchant.zone());
        last.date_naive().min(last_possible_day(self.now, self.merchant.zone()))
    }
}

impl CreateForm {
    /// An empty form: order ID, language, currency and expiry filled in.
    #[must_use]
    pub fn fresh(context: &Context<'_>) -> Self {
        let merchant = context.merchant;
        let order_id = merchant.order_id(merchant.next_order_number, context.now);
        let currency =
            context.originators.first().and_then(|originator| originator.currencies().next());
        Self {
            form_id: Uuid::new_v4().to_string(),
            language: merchant.language.code().to_owned(),
            currency: currency.unwrap_or(Currency::EUR).code().to_owned(),
            proposed_order_id: order_id.clone(),
            order_id,
            expires_on: context.usual_last_day("").to_string(),
            sending: "now".to_owned(),
            ..Self::default()
        }
    }

    /// The form of a draft, or of a scheduled request, that is edited.
    pub fn of(
        payment: &EmailPayment,
        reminders: &[Reminder],
        context: &Context<'_>,
    ) -> Result<Self, Error> {
        let zone = context.merchant.zone();
        let local = payment.send_at.map(|at| at.with_timezone(&zone));
        let mut form = Self {
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
            expires_on: payment.expires_at.with_timezone(&zone).date_naive().to_string(),
            sending: match local {
                Some(_) => "later",
                None if payment.is_link_only => "link",
                None => "now",
            }
            .to_owned(),
            send_on: local.map(|at| at.date_naive().to_string()).unwrap_or_default(),
            send_time: local.map(|at| at.format("%H:%M").to_string()).unwrap_or_default(),
            state: state_of(payment, reminders),
            ..Self::default()
        };
        let planned = reminders.iter().filter(|one| one.state == ReminderState::Planned);
        for rule in planned.filter_map(Reminder::rule) {
            if let Some(tick) = form.tick_mut(rule) {
                "on".clone_into(tick);
            }
        }
        Ok(form)
    }

    /// A new form with what another payment asks for: its own order ID, a validity from now on.
    pub fn copy(payment: &EmailPayment, context: &Context<'_>) -> Result<Self, Error> {
        let fresh = Self::fresh(context);
        Ok(Self {
            order_id: fresh.order_id,
            proposed_order_id: fresh.proposed_order_id,
            expires_on: context.usual_last_day(&payment.originator_id.to_string()).to_string(),
            sending: fresh.sending,
            send_on: String::new(),
            send_time: String::new(),
            state: String::new(),
            ..Self::of(payment, &[], context)?
        })
    }

    fn tick_mut(&mut self, rule: ReminderRule) -> Option<&mut String> {
        match rule.word().as_str() {
            "after_sending_3" => Some(&mut self.after_sending_3),
            "after_sending_7" => Some(&mut self.after_sending_7),
            "after_sending_14" => Some(&mut self.after_sending_14),
            "before_end_7" => Some(&mut self.before_end_7),
            "before_end_3" => Some(&mut self.before_end_3),
            "before_end_1" => Some(&mut self.before_end_1),
            _ => None,
        }
    }

    /// Each reminder that is offered, and whether it is ticked.
    #[must_use]
    pub fn reminder_ticks(&self) -> [(ReminderRule, bool); 6] {
        let ticks = [
            &self.after_sending_3,
            &self.after_sending_7,
            &self.after_sending_14,
            &self.before_end_7,
            &self.before_end_3,
            &self.before_end_1,
        ];
        let mut place = 0;
        ReminderRule::OFFERED.map(|rule| {
            let is_on = ticks.get(place).is_some_and(|tick| !tick.is_empty());
            place += 1;
            (rule, is_on)
        })
    }

    /// Ticks a reminder by its word; whether there is one.
    pub fn tick(&mut self, word: &str) -> bool {
        let tick = ReminderRule::parse(word).and_then(|rule| self.tick_mut(rule));
        tick.map(|tick| "on".clone_into(tick)).is_some()
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
        let sending = faults.keep("send_on", self.sending(context, t));
        let starts_at = match sending {
            Some(Sending::At(at)) => at,
            Some(Sending::Now | Sending::LinkOnly) | None => context.now,
        };
        let expires_at =
            faults.keep("expires_on", context.clockwork().end(&self.expires_on, starts_at));
        let span = sending.zip(expires_at);
        let reminders = span
            .and_then(|span| faults.keep("reminders", self.reminders(context, span, starts_at, t)));
        match (
            name,
            email,
            language,
            originator,
            amount,
            order_id,
            description,
            message,
            span,
            reminders,
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
                Some((sending, expires_at)),
                Some(reminders),
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
                sending,
                reminders,
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
        text::line(&self.order_id, ORDER_ID_MAX)
            .map_err(|error| field_fault(error, Texts::msg_form_order_id_missing, t))
    }

    fn message(&self, t: &Texts) -> Result<String, String> {
        text::lines(&self.message, MESSAGE_MAX)
            .map_err(|error| field_fault(error, Texts::msg_form_missing, t))
    }

    fn sending(&self, context: &Context<'_>, t: &Texts) -> Result<Sending, String> {
        let clockwork = context.clockwork();
        match (self.sending.as_str(), self.send_at) {
            ("now" | "", None) => Ok(Sending::Now),
            ("link", None) => Ok(Sending::LinkOnly),
            ("later", None) => clockwork.instant(&self.send_on, &self.send_time).map(Sending::At),
            (_, Some(at)) => clockwork.check(at).map(Sending::At),
            (_, None) => Err(t.msg_form_choose_sending()),
        }
    }

    /// The reminders that are ticked; each between the sending and the end.
    fn reminders(
        &self,
        context: &Context<'_>,
        (sending, expires_at): (Sending, DateTime<Utc>),
        starts_at: DateTime<Utc>,
        t: &Texts,
    ) -> Result<Vec<ReminderRule>, String> {
        let ticked = self.reminder_ticks().into_iter().filter(|(_, is_on)| *is_on);
        let rules: Vec<ReminderRule> = ticked.map(|(rule, _)| rule).collect();
        if sending == Sending::LinkOnly {
            // They are kept for the case that a letter is chosen after all, and checked then.
            return Ok(rules);
        }
        if rules.len() > REMINDERS_MAX {
            return Err(t.msg_form_reminders_too_many(REMINDERS_MAX));
        }
        let zone = context.merchant.zone();
        let is_out = |rule: &&ReminderRule| {
            let due_at = rule.due_at(starts_at, expires_at, zone);
            due_at <= starts_at || due_at >= expires_at
        };
        match rules.iter().find(is_out) {
            Some(rule) => {
                Err(t.msg_form_reminder_out_of_time(super::display::rule_words(*rule, t)))
            }
            None => Ok(rules),
        }
    }
}

/// Why a good form could not be done, at the field where it can be mended. What is no matter of a
/// field says [`super::display::hindrance`].
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
        Hindrance::Expiry => faults.add("expires_on", t.msg_hindrance_expiry()),
        Hindrance::OnItsWay => faults.add("customer_email", t.msg_hindrance_on_its_way()),
        Hindrance::SwitchedOff => faults.add("originator", t.msg_hindrance_switched_off()),
        Hindrance::NoOriginator => faults.add("originator", t.msg_hindrance_originator()),
        Hindrance::Changed => faults.add("payment", t.msg_hindrance_changed()),
        Hindrance::Status(_)
        | Hindrance::TooManySends
        | Hindrance::TooSoon(_)
        | Hindrance::NeverSent
        | Hindrance::NotDelivered
        | Hindrance::RemindersStopped
        | Hindrance::NotLater
        | Hindrance::TooManyReminders => {}
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
    text::optional_line(typed, length_max)
        .map_err(|error| field_fault(error, Texts::msg_form_missing, t))
}
