//! What the letters about a payment say.

use askama::Template;
use chrono::{DateTime, Duration, Utc};
use chrono_tz::Tz;

use super::confirmations::{Confirmation, FieldValues, Wording};
use super::display::result_code;
use super::model::{EmailPayment, Status};
use super::page_settings::PageSettings;
use super::queries::{AttemptRow, MerchantView};
use crate::kernel::{Colour, Currency, Error, Lang, Money, Texts, dates};

/// What the letters about a payment say: the same facts in HTML and in text.
pub struct LetterFacts {
    pub t: &'static Texts,
    pub lang: Lang,
    pub merchant: MerchantView,
    pub customer_name: String,
    pub order_id: String,
    pub description: String,
    pub message: String,
    pub amount: Money,
    pub expires_at: DateTime<Utc>,
    /// `None` in a preview of a payment that has no link yet.
    pub link: Option<String>,
    /// The host that the customer is told to look for.
    pub host: String,
    /// The last digits of the card, on a receipt.
    pub last_four: Option<String>,
    pub paid_at: Option<DateTime<Utc>>,
    /// Whether it asks once more: the request's letter with other words, and a way to end such
    /// letters.
    pub is_reminder: bool,
    /// Who writes: the merchant, or the originator's own name for it.
    pub sender: String,
    /// An originator's own words in place of the first sentence; empty: ours.
    pub own_text: String,
    /// What its requests and reminders say besides; may be empty.
    pub page_text: String,
    /// What the name at the top stands on, in white.
    pub colour: Option<Colour>,
    /// Whether the logo comes along with the letter. It is never fetched: that would tell who reads.
    pub has_logo: bool,
    /// The page where customers ask, where there is one.
    pub support_url: Option<String>,
    /// Of a declined payment: why, and whether the customer may try again.
    pub declined_for: String,
    pub is_payable: bool,
}

#[derive(Template)]
#[template(path = "mail/email_payments_request.html")]
pub struct RequestHtml<'a>(pub &'a LetterFacts);

#[derive(Template)]
#[template(path = "mail/email_payments_request.txt", escape = "none")]
pub struct RequestText<'a>(pub &'a LetterFacts);

#[derive(Template)]
#[template(path = "mail/email_payments_receipt.html")]
pub struct ReceiptHtml<'a>(pub &'a LetterFacts);

#[derive(Template)]
#[template(path = "mail/email_payments_receipt.txt", escape = "none")]
pub struct ReceiptText<'a>(pub &'a LetterFacts);

#[derive(Template)]
#[template(path = "mail/email_payments_declined.html")]
pub struct DeclinedHtml<'a>(pub &'a LetterFacts);

#[derive(Template)]
#[template(path = "mail/email_payments_declined.txt", escape = "none")]
pub struct DeclinedText<'a>(pub &'a LetterFacts);

#[derive(Template)]
#[template(path = "mail/email_payments_cancelled.html")]
pub struct CancelledHtml<'a>(pub &'a LetterFacts);

#[derive(Template)]
#[template(path = "mail/email_payments_cancelled.txt", escape = "none")]
pub struct CancelledText<'a>(pub &'a LetterFacts);

impl LetterFacts {
    /// The facts of a payment as it stands.
    pub fn of(
        payment: &EmailPayment,
        merchant: MerchantView,
        attempts: &[AttemptRow],
        link: Option<String>,
        host: &str,
    ) -> Result<Self, Error> {
        let paid_by = attempts
            .iter()
            .find(|attempt| attempt.status == crate::gateway::AttemptStatus::Authorised);
        Ok(Self {
            t: payment.language.texts(),
            lang: payment.language,
            customer_name: payment.customer_name.clone(),
            order_id: payment.order_id.clone(),
            description: payment.description.clone(),
            message: payment.message.clone(),
            amount: payment.amount()?,
            expires_at: payment.expires_at,
            link,
            host: host.to_owned(),
            last_four: paid_by.and_then(AttemptRow::last_four),
            paid_at: payment.paid_at,
            is_reminder: false,
            sender: merchant.name.clone(),
            own_text: String::new(),
            page_text: String::new(),
            colour: None,
            has_logo: false,
            support_url: None,
            declined_for: payment
                .last_result_code
                .as_deref()
                .map_or_else(String::new, |code| result_code(code, payment.language.texts())),
            is_payable: payment.status == Status::Open,
            merchant,
        })
    }

    /// A payment that nobody has made, for previews of confirmations.
    #[must_use]
    pub fn example(
        merchant: MerchantView,
        lang: Lang,
        currency: Currency,
        now: DateTime<Utc>,
    ) -> Self {
        let (t, units) =
            (lang.texts(), 10_i64.pow(u32::try_from(currency.exponent()).unwrap_or(0)));
        Self {
            t,
            lang,
            customer_name: t.msg_confirm_example_customer(),
            order_id: merchant.order_id(merchant.next_order_number, now),
            description: t.msg_confirm_example_description(),
            message: String::new(),
            amount: Money::new(45 * units, currency),
            expires_at: now + Duration::days(7),
            link: None,
            host: String::new(),
            last_four: Some("1111".to_owned()),
            paid_at: Some(now),
            is_reminder: false,
            sender: merchant.name.clone(),
            own_text: String::new(),
            page_text: String::new(),
            colour: None,
            has_logo: false,
            support_url: None,
            declined_for: result_code("051", t),
            is_payable: true,
            merchant,
        }
    }

    /// The same in an originator's own words, with what their fields stand for.
    #[must_use]
    pub fn in_words(mut self, wording: &Wording, confirmation: Confirmation) -> Self {
        if !wording.sender_name.is_empty() {
            self.sender.clone_from(&wording.sender_name);
        }
        self.own_text = self.filled(wording.text(confirmation));
        self
    }

    /// The same as the originator's payment page is set up: its names, its colour, what it says besides.
    #[must_use]
    pub fn on_page(mut self, page: &PageSettings) -> Self {
        self.merchant.name.clone_from(&page.displayed_name);
        page.sender().clone_into(&mut self.sender);
        self.colour = page.colour;
        match page.support_url() {
            Some(url) => self.support_url = Some(url.to_owned()),
            None => self.merchant.email.clone_from(&page.support),
        }
        self.page_text = self.filled(page.mail_text(self.lang));
        self
    }

    /// A text with what its fields stand for.
    #[must_use]
    pub fn filled(&self, text: &str) -> String {
        let values = FieldValues {
            customer: &self.customer_name,
            merchant: &self.merchant.name,
            amount: &self.amount(),
            order: &self.order_id,
            description: &self.description,
        };
        values.fill(text)
    }

    pub fn amount(&self) -> String {
        self.amount.with_symbol(self.lang)
    }

    /// `lunedì 7 dicembre 2026, 23:59 (Europe/Rome)`.
    pub fn until(&self) -> String {
        let day = dates::weekday(self.expires_at, self.zone(), self.lang);
        format!("{day}, {} ({})", dates::time(self.expires_at, self.zone()), self.zone().name())
    }

    pub fn paid_on(&self) -> String {
        self.paid_at.map_or_else(String::new, |at| {
            format!(
                "{}, {} ({})",
                dates::weekday(at, self.zone(), self.lang),
                dates::time(at, self.zone()),
                self.zone().name()
            )
        })
    }

    pub fn zone(&self) -> Tz {
        self.merchant.zone()
    }

    pub fn greeting(&self) -> String {
        if self.customer_name.is_empty() {
            self.t.msg_mail_hello()
        } else {
            self.t.msg_mail_hello_name(&self.customer_name)
        }
    }

    /// The lines of the merchant's message.
    pub fn message_lines(&self) -> impl Iterator<Item = &str> {
        self.message.lines()
    }

    pub fn request_subject(&self) -> String {
        let (merchant, amount) = (&self.merchant.name, self.amount());
        if self.is_reminder {
            self.t.msg_mail_reminder_subject(merchant, amount, &self.order_id)
        } else {
            self.t.msg_mail_request_subject(merchant, amount, &self.order_id)
        }
    }

    pub fn request_label(&self) -> String {
        if self.is_reminder {
            self.t.msg_mail_reminder_label(&self.merchant.name)
        } else {
            self.t.msg_mail_request_label(&self.merchant.name)
        }
    }

    pub fn request_intro(&self) -> String {
        if self.is_reminder {
            self.t.msg_mail_reminder_intro(&self.merchant.name)
        } else {
            self.t.msg_mail_request_intro(&self.merchant.name)
        }
    }

    /// Where the customer stops the reminders of this payment.
    pub fn stop_link(&self) -> Option<String> {
        let link = self.link.as_ref().filter(|_| self.is_reminder)?;
        Some(format!("{link}/reminders"))
    }

    /// `Ceramiche Bellini via Central`.
    pub fn sender_line(&self) -> String {
        self.t.msg_mail_from(&self.sender)
    }

    /// The lines of the originator's own words.
    pub fn own_lines(&self) -> impl Iterator<Item = &str> {
        self.own_text.lines()
    }

    /// The lines of what its requests say besides.
    pub fn page_lines(&self) -> impl Iterator<Item = &str> {
        self.page_text.lines()
    }

    /// What a confirmation is headed.
    pub fn confirmation_subject(&self, confirmation: Confirmation) -> String {
        let (merchant, amount, order) = (&self.merchant.name, self.amount(), &self.order_id);
        match confirmation {
            Confirmation::Success => self.t.msg_mail_receipt_subject(merchant, amount, order),
            Confirmation::Failure => self.t.msg_mail_declined_subject(merchant, amount, order),
        }
    }

    /// The first sentence of a confirmation, where the originator has no words of its own.
    pub fn confirmation_intro(&self, confirmation: Confirmation) -> String {
        match confirmation {
            Confirmation::Success => self.t.msg_mail_receipt_intro(&self.merchant.name),
            Confirmation::Failure => self.t.msg_mail_declined_intro(&self.merchant.name),
        }
    }

    /// What a customer whose payment was declined can do.
    pub fn declined_next(&self) -> String {
        if self.is_payable {
            self.t.msg_mail_declined_again(self.until())
        } else {
            self.t.msg_mail_declined_over(&self.merchant.name)
        }
    }

    pub fn cancelled_subject(&self) -> String {
        self.t.msg_mail_cancelled_subject(&self.merchant.name, &self.order_id)
    }
}
