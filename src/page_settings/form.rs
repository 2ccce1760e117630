//! What was typed → what was meant.

use serde::Deserialize;
use url::Url;

use crate::email_payments::page_setting::{
    ADDRESS_MAX, ATTEMPTS, DAYS_OFFERED, MAIL_TEXT_MAX, PAGE_TEXT_MAX, PageSettings, PageTexts,
    own_words, sender,
};
use crate::kernel::{CONTRAST_MIN, Colour, EmailAddress, Error, Lang, Texts, separators, text};
use crate::web::Faults;

/// The settings as they are typed. A box that is not ticked is not sent.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct SettingsForm {
    /// The version that the form was filled from.
    pub version: String,
    pub displayed_name: String,
    pub sender_name: String,
    pub colour: String,
    pub support: String,
    pub terms_url: String,
    pub must_accept_terms: Option<String>,
    pub attempts_max: String,
    pub valid_days: String,
    pub mail_text_it: String,
    pub page_text_it: String,
    pub mail_text_en: String,
    pub page_text_en: String,
    pub mail_text_es: String,
    pub page_text_es: String,
    pub mail_text_fr: String,
    pub page_text_fr: String,
    /// The language of the preview.
    pub language: String,
    /// `preview`: shown, not kept.
    pub action: String,
    /// The button that takes a shade on which white can be read.
    pub shade: String,
}

/// The words of one language as they are typed, with the names of their fields.
pub struct TypedTexts<'a> {
    pub lang: Lang,
    pub mail_field: &'static str,
    pub mail: &'a str,
    pub page_field: &'static str,
    pub page: &'a str,
}

impl SettingsForm {
    #[must_use]
    pub fn of(settings: &PageSettings, version: i32, language: Lang) -> Self {
        let mail = |lang| settings.mail_text(lang).to_owned();
        let page = |lang| settings.page_text(lang).to_owned();
        Self {
            version: version.to_string(),
            displayed_name: settings.displayed_name.clone(),
            sender_name: settings.sender_name.clone(),
            colour: settings.colour.map(|colour| colour.to_string()).unwrap_or_default(),
            support: settings.support.clone(),
            terms_url: settings.terms_url.clone(),
            must_accept_terms: settings.must_accept_terms.then(|| "on".to_owned()),
            attempts_max: settings.attempts_max.to_string(),
            valid_days: settings.valid_days.to_string(),
            mail_text_it: mail(Lang::It),
            page_text_it: page(Lang::It),
            mail_text_en: mail(Lang::En),
            page_text_en: page(Lang::En),
            mail_text_es: mail(Lang::Es),
            page_text_es: page(Lang::Es),
            mail_text_fr: mail(Lang::Fr),
            page_text_fr: page(Lang::Fr),
            language: language.code().to_owned(),
            action: String::new(),
            shade: String::new(),
        }
    }

    /// Whether it only asks how it looks. The button that takes a shade does so, and asks.
    pub fn is_preview(&mut self) -> bool {
        if self.shade.is_empty() {
            return self.action == "preview";
        }
        self.colour = std::mem::take(&mut self.shade);
        true
    }

    /// # Errors
    /// [`Error::Malformed`]: no page of ours sends that.
    pub fn version(&self) -> Result<i32, Error> {
        self.version.parse().map_err(|_| Error::Malformed("version is no number"))
    }

    /// The words by language, in the order of [`Lang::ALL`].
    #[must_use]
    pub fn texts(&self) -> [TypedTexts<'_>; 4] {
        Lang::ALL.map(|lang| {
            let (mail_field, mail, page_field, page) = match lang {
                Lang::It => {
                    ("mail_text_it", &self.mail_text_it, "page_text_it", &self.page_text_it)
                }
                Lang::En => {
                    ("mail_text_en", &self.mail_text_en, "page_text_en", &self.page_text_en)
                }
                Lang::Es => {
                    ("mail_text_es", &self.mail_text_es, "page_text_es", &self.page_text_es)
                }
                Lang::Fr => {
                    ("mail_text_fr", &self.mail_text_fr, "page_text_fr", &self.page_text_fr)
                }
            };
            TypedTexts { lang, mail_field, mail, page_field, page }
        })
    }

    /// A colour that was typed and that white words can't be read on.
    #[must_use]
    pub fn too_light(&self) -> Option<Colour> {
        Colour::parse(&self.colour).filter(|colour| !colour.is_dark_enough())
    }

    /// The settings as a preview shows them, good or not yet; `standing` where nothing readable is typed.
    #[must_use]
    pub fn typed(&self, standing: &PageSettings) -> PageSettings {
        let line = |typed: &str| text::without_controls(typed);
        let lines =
            |typed: &str| typed.lines().map(text::without_controls).collect::<Vec<_>>().join("\n");
        let name = line(&self.displayed_name);
        let texts = self.texts().map(|typed| {
            (typed.lang, PageTexts { mail: lines(typed.mail), page: lines(typed.page) })
        });
        let terms_url = address(&self.terms_url).unwrap_or_default();
        PageSettings {
            displayed_name: if name.is_empty() { standing.displayed_name.clone() } else { name },
            sender_name: line(&self.sender_name),
            colour: Colour::parse(&self.colour).filter(|colour| colour.is_dark_enough()),
            logo: standing.logo,
            must_accept_terms: self.must_accept_terms.is_some() && !terms_url.is_empty(),
            terms_url,
            support: supported(&self.support).unwrap_or_else(|| standing.support.clone()),
            texts: texts.into(),
            ..standing.clone()
        }
    }

    /// The settings that are meant, without a logo: the form has none.
    pub fn validate(&self, lang: Lang) -> Result<PageSettings, Faults> {
        let t = lang.texts();
        let mut faults = Faults::default();
        let displayed_name = faults.keep("displayed_name", name(&self.displayed_name, t));
        let sender_name = faults.keep("sender_name", sender(&self.sender_name, t));
        let colour = faults.keep("colour", colour(&self.colour, lang));
        let support = faults.keep("support", support(&self.support, t));
        let terms_url = faults.keep("terms_url", self.terms(t));
        let attempts_max = faults.keep("attempts_max", attempts(&self.attempts_max, t));
        let valid_days = faults.keep("valid_days", days(&self.valid_days, t));
        let mut texts = Vec::new();
        for TypedTexts { lang, mail_field, mail, page_field, page } in self.texts() {
            let mail = faults.keep(mail_field, own_words(mail, MAIL_TEXT_MAX, t));
            let page = faults.keep(page_field, own_words(page, PAGE_TEXT_MAX, t));
            let words =
                PageTexts { mail: mail.unwrap_or_default(), page: page.unwrap_or_default() };
            if words != PageTexts::default() {
                texts.push((lang, words));
            }
        }
        match (displayed_name, sender_name, colour, support, terms_url, attempts_max, valid_days) {
            (
                Some(displayed_name),
                Some(sender_name),
                Some(colour),
                Some(support),
                Some(terms_url),
                Some(attempts_max),
                Some(valid_days),
            ) if faults.is_empty() => Ok(PageSettings {
                displayed_name,
                sender_name,
                colour,
                logo: None,
                must_accept_terms: self.must_accept_terms.is_some(),
                terms_url,
                support,
                attempts_max,
                valid_days,
                texts,
            }),
            _ => Err(faults),
        }
    }

    /// The terms' address; it is missing where they have to be accepted.
    fn terms(&self, t: &Texts) -> Result<String, String> {
        if self.terms_url.trim().is_empty() {
            let is_needed = self.must_accept_terms.is_some();
            return if is_needed { Err(t.msg_paypage_fault_terms()) } else { Ok(String::new()) };
        }
        address(&self.terms_url).ok_or_else(|| t.msg_paypage_fault_address())
    }
}

/// What a first request needs.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct FirstForm {
    pub displayed_name: String,
    pub support: String,
    /// Of the state that it was filled from.
    pub version: String,
    /// The parameters of the form that waits.
    pub then: String,
}

impl FirstForm {
    /// The version that it was filled from; 0: nothing was ever saved.
    #[must_use]
    pub fn version(&self) -> i32 {
        self.version.parse().unwrap_or(0)
    }

    /// Name and support.
    pub fn validate(&self, t: &Texts) -> Result<(String, String), Faults> {
        let mut faults = Faults::default();
        let name = faults.keep("displayed_name", name(&self.displayed_name, t));
        let support = faults.keep("support", support(&self.support, t));
        name.zip(support).ok_or(faults)
    }
}

/// Which state is to count again.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct TakeBackForm {
    pub version: String,
}

impl TakeBackForm {
    /// `None`: no page of ours sends that.
    #[must_use]
    pub fn version(&self) -> Option<i32> {
        self.version.parse().ok()
    }
}

fn name(typed: &str, t: &Texts) -> Result<String, String> {
    match sender(typed, t)? {
        name if name.is_empty() => Err(t.msg_paypage_fault_name()),
        name => Ok(name),
    }
}

fn colour(typed: &str, lang: Lang) -> Result<Option<Colour>, String> {
    if typed.trim().is_empty() {
        return Ok(None);
    }
    let colour = Colour::parse(typed).ok_or_else(|| lang.texts().msg_paypage_fault_colour())?;
    if colour.is_dark_enough() { Ok(Some(colour)) } else { Err(too_light(colour, lang)) }
}

/// Why a colour is refused, and which one is near it.
pub fn too_light(colour: Colour, lang: Lang) -> String {
    let (_, decimal) = separators(lang);
    let ratio = |hundredths: u32| format!("{}{decimal}{}", hundredths / 100, hundredths % 100 / 10);
    lang.texts().msg_paypage_fault_contrast(
        colour.to_string(),
        ratio(colour.contrast_with_white()),
        ratio(CONTRAST_MIN),
        colour.dark_enough().to_string(),
    )
}

fn support(typed: &str, t: &Texts) -> Result<String, String> {
    if typed.trim().is_empty() {
        return Err(t.msg_paypage_fault_support_missing());
    }
    supported(typed).ok_or_else(|| t.msg_paypage_fault_support())
}

/// An e-mail address, or a page.
fn supported(typed: &str) -> Option<String> {
    let email = || EmailAddress::parse(typed).map(|email| email.as_str().to_owned());
    address(typed).or_else(email)
}

/// The address of a page that anybody may open: `https`, a host with a dot, nobody's name or password.
fn address(typed: &str) -> Option<String> {
    let typed = text::line(typed, ADDRESS_MAX).ok()?;
    let url = Url::parse(&typed).ok()?;
    let is_public = url.scheme() == "https"
        && url.domain().is_some_and(|domain| domain.contains('.'))
        && url.username().is_empty()
        && url.password().is_none();
    let address = url.to_string();
    (is_public && address.chars().count() <= ADDRESS_MAX).then_some(address)
}

fn attempts(typed: &str, t: &Texts) -> Result<i32, String> {
    let number = typed.trim().parse().ok().filter(|number| ATTEMPTS.contains(number));
    number.ok_or_else(|| t.msg_paypage_fault_attempts(*ATTEMPTS.start(), *ATTEMPTS.end()))
}

fn days(typed: &str, t: &Texts) -> Result<i32, String> {
    let days = typed.parse().ok().filter(|days| DAYS_OFFERED.contains(days));
    days.ok_or_else(|| t.msg_paypage_fault_days())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sec_19_addresses_are_pages_that_anybody_may_open() {
        for (typed, read) in [
            ("https://bellini.example/terms", Some("https://bellini.example/terms")),
            (" https://bellini.example ", Some("https://bellini.example/")),
            ("http://bellini.example/terms", None),
            ("javascript:alert(1)", None),
            ("data:text/html,x", None),
            ("https://user@bellini.example/", None),
            ("https://user:secret@bellini.example/", None),
            ("https://localhost/", None),
            ("https://127.0.0.1/", None),
            ("//bellini.example", None),
            ("bellini.example", None),
            ("https://bellini.example/\u{202e}x", None),
        ] {
            assert_eq!(address(typed).as_deref(), read, "{typed}");
        }
        assert_eq!(supported("help@bellini.example").as_deref(), Some("help@bellini.example"));
        assert_eq!(supported("+39 02 1234"), None);
    }
}
