//! The page of the form: what it shows of what is typed.

use std::collections::HashMap;

use askama::Template;
use chrono::{DateTime, Utc};

use super::super::display;
use super::super::form::{CreateForm, MESSAGE_MAX, last_possible_day};
use super::super::letter::LetterFacts;
use super::super::page_settings::PageSettings;
use super::super::plan::{AHEAD_MAX, REMINDERS_MAX, ReminderRule};
use super::super::preflight::{self, Warning};
use super::super::queries::{MerchantView, Originator};
use super::LIST;
use super::ask::clockwork;
use crate::features::OffNotice;
use crate::kernel::{Currency, EmailPaymentId, Lang, Money, OriginatorId, Texts, dates};
use crate::web::{Faults, Shell};

/// What the form is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Purpose {
    New,
    /// A draft or a scheduled request.
    Edit(EmailPaymentId),
    /// Another payment in the place of this one.
    Replace {
        id: EmailPaymentId,
        order_id: String,
    },
}

#[derive(Template)]
#[template(path = "email_payments/form.html")]
pub struct FormPage {
    pub shell: Shell,
    pub t: &'static Texts,
    pub form: CreateForm,
    pub faults: Faults,
    pub merchant: MerchantView,
    pub originators: Vec<Originator>,
    /// How the pages of those look that were set up.
    pub pages: HashMap<OriginatorId, (i32, PageSettings)>,
    pub purpose: Purpose,
    pub host: String,
    /// What should be looked at before it is sent.
    pub checks: Vec<Warning>,
    /// It was to be sent, and had not been looked at.
    pub is_held: bool,
    /// The merchant has no email payments: nothing new is made.
    pub off: Option<OffNotice>,
}

impl FormPage {
    fn action(&self) -> String {
        match &self.purpose {
            Purpose::New => LIST.to_owned(),
            Purpose::Edit(id) => format!("{LIST}/{id}/edit"),
            Purpose::Replace { id, .. } => format!("{LIST}/{id}/replacement"),
        }
    }

    fn leave(&self) -> String {
        match &self.purpose {
            Purpose::New => LIST.to_owned(),
            Purpose::Edit(id) | Purpose::Replace { id, .. } => format!("{LIST}/{id}"),
        }
    }

    fn title(&self) -> String {
        match &self.purpose {
            Purpose::New => self.t.msg_form_title(),
            Purpose::Edit(_) => self.t.msg_form_edit_title(&self.form.order_id),
            Purpose::Replace { order_id, .. } => self.t.msg_form_replace_title(order_id),
        }
    }

    fn intro(&self) -> String {
        match &self.purpose {
            Purpose::New | Purpose::Edit(_) => self.t.msg_form_intro(),
            Purpose::Replace { order_id, .. } => self.t.msg_form_replace_intro(order_id),
        }
    }

    /// The last part of the way here.
    fn crumb(&self) -> String {
        match &self.purpose {
            Purpose::New => self.t.msg_list_new(),
            Purpose::Edit(_) => self.form.order_id.clone(),
            Purpose::Replace { .. } => self.t.msg_act_replace(),
        }
    }

    fn may_be_draft(&self) -> bool {
        !matches!(self.purpose, Purpose::Replace { .. })
    }

    fn sends_later(&self) -> bool {
        self.form.sending == "later"
    }

    fn makes_link_only(&self) -> bool {
        self.form.sending == "link"
    }

    /// When it would leave, as far as that can be read.
    fn starts_at(&self) -> DateTime<Utc> {
        let typed = clockwork(&self.shell).instant(&self.form.send_on, &self.form.send_time);
        typed.ok().filter(|_| self.sends_later()).unwrap_or(self.shell.now)
    }

    /// Word, words, and whether it is ticked.
    fn reminders(&self) -> impl Iterator<Item = (String, String, bool)> {
        let words = |rule: ReminderRule| display::rule_words(rule, self.t);
        let ticks = self.form.reminder_ticks().into_iter();
        ticks.map(move |(rule, is_on)| (rule.word(), words(rule), is_on))
    }

    fn has_several_originators(&self) -> bool {
        self.originators.len() > 1
    }

    fn currencies(&self) -> Vec<Currency> {
        let mut all: Vec<Currency> =
            self.originators.iter().flat_map(Originator::currencies).collect();
        all.sort_by_key(|currency| currency.code());
        all.dedup();
        all
    }

    /// How the chosen originator's page looks; the first one's where none is chosen.
    fn page_settings(&self) -> PageSettings {
        let chosen = self.originators.iter().find(|one| one.id.to_string() == self.form.originator);
        let chosen = chosen.or_else(|| self.originators.first());
        let page = chosen.and_then(|originator| self.pages.get(&originator.id));
        page.map_or_else(|| PageSettings::usual(&self.merchant), |(_, page)| page.clone())
    }

    fn letter_lang(&self) -> Lang {
        Lang::parse(&self.form.language).unwrap_or(self.merchant.language)
    }

    /// What was typed, as money, where it can be read.
    fn amount(&self) -> Option<Money> {
        Money::parse(&self.form.amount, Currency::parse(&self.form.currency)?).ok()
    }

    /// `Send request for €1,830.00`, as far as the amount is known.
    fn send_words(&self) -> String {
        let is_questioned = !self.checks.is_empty();
        match self.amount() {
            Some(amount) if is_questioned => {
                self.t.msg_checks_send_amount_anyway(amount.with_symbol(self.shell.lang))
            }
            None if is_questioned => self.t.msg_checks_send_anyway(),
            Some(amount) => self.t.msg_form_send_amount(amount.with_symbol(self.shell.lang)),
            None => self.t.msg_form_send(),
        }
    }

    fn words_of(&self, check: &Warning) -> String {
        check.words(self.t, self.shell.lang)
    }

    /// What the form carries of what is shown.
    fn seen(&self) -> String {
        preflight::marks(&self.checks)
    }

    fn moment_within(&self, at: &DateTime<Utc>) -> String {
        dates::moment_within(*at, self.shell.now, self.shell.zone, self.shell.lang)
    }

    fn schedule_words(&self) -> String {
        match self.amount() {
            Some(amount) => self.t.msg_form_schedule_amount(amount.with_symbol(self.shell.lang)),
            None => self.t.msg_form_schedule(),
        }
    }

    fn link_words(&self) -> String {
        match self.amount() {
            Some(amount) => self.t.msg_form_link_amount(amount.with_symbol(self.shell.lang)),
            None => self.t.msg_form_link(),
        }
    }

    fn last_day(&self) -> String {
        last_possible_day(self.starts_at(), self.merchant.zone()).to_string()
    }

    fn last_send_day(&self) -> String {
        (self.shell.now + AHEAD_MAX).with_timezone(&self.merchant.zone()).date_naive().to_string()
    }

    fn first_day(&self) -> String {
        self.shell.now.with_timezone(&self.merchant.zone()).date_naive().to_string()
    }

    /// The letter as it would be sent: for the preview beside the form.
    pub fn preview(&self) -> LetterFacts {
        let lang = self.letter_lang();
        let zone = self.merchant.zone();
        let expires_at = self
            .form
            .expires_on
            .parse()
            .map_or(self.shell.now, |day| dates::last_second_of(day, zone));
        let currency = Currency::parse(&self.form.currency).unwrap_or(Currency::EUR);
        LetterFacts {
            t: lang.texts(),
            lang,
            merchant: self.merchant.clone(),
            customer_name: self.form.customer_name.trim().to_owned(),
            order_id: self.form.order_id.trim().to_owned(),
            description: self.form.description.trim().to_owned(),
            message: self.form.message.trim().to_owned(),
            amount: self.amount().unwrap_or(Money::new(0, currency)),
            expires_at,
            link: None,
            host: self.host.clone(),
            last_four: None,
            paid_at: None,
            is_reminder: false,
            sender: self.merchant.name.clone(),
            own_text: String::new(),
            page_text: String::new(),
            colour: None,
            has_logo: false,
            support_url: None,
            declined_for: String::new(),
            is_payable: true,
        }
        .on_page(&self.page_settings())
    }
}
