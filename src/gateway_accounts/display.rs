//! An account's settings in words.

use super::model::{AccountOf, Told, ToldMethod};
use crate::gateway::method_name;
use crate::kernel::{Texts, dates};
use crate::web::Shell;

/// What the gateway says of one originator, ready to be shown.
pub struct AccountView {
    /// When it said so, and since when.
    pub asked: String,
    /// That the last question got no answer.
    pub silent: Option<String>,
    /// What keeps customers from paying, or tells them twice.
    pub warnings: Vec<String>,
    pub facts: Vec<(String, String)>,
    pub methods: Vec<MethodLine>,
}

pub struct MethodLine {
    pub name: String,
    pub currencies: String,
    /// When the money moves.
    pub operation: String,
}

impl AccountView {
    /// `attempts_max`: how often a customer may try by the settings here.
    #[must_use]
    pub fn new(of: &AccountOf, attempts_max: i32, shell: &Shell) -> Self {
        let t = shell.t;
        let moment = |at| dates::moment_within(at, shell.now, shell.zone, shell.lang);
        let silent = of.failed_at.map(|at| t.msg_gwacc_silent(moment(at)));
        let Some((told, answered)) = &of.told else {
            let (warnings, facts, methods) = (Vec::new(), Vec::new(), Vec::new());
            return Self { asked: t.msg_gwacc_never(), silent, warnings, facts, methods };
        };
        Self {
            asked: t.msg_gwacc_asked(moment(answered.at), moment(answered.since)),
            silent,
            warnings: warnings(told, &of.currencies, attempts_max, t),
            facts: facts(told, t),
            methods: told.methods.iter().map(|method| MethodLine::new(method, t)).collect(),
        }
    }
}

impl MethodLine {
    fn new(method: &ToldMethod, t: &Texts) -> Self {
        let name = method_name(&method.method, t);
        let operation = match method.default_operation.as_deref() {
            Some("sale") => t.msg_gwacc_sale(),
            Some("authorize") => t.msg_gwacc_authorize(),
            Some(other) => other.to_owned(),
            None => String::new(),
        };
        Self {
            name: match &method.network {
                Some(network) => format!("{name} ({network})"),
                None => name,
            },
            currencies: method.currencies.join(", "),
            operation,
        }
    }
}

fn facts(told: &Told, t: &Texts) -> Vec<(String, String)> {
    let sender = match (&told.sender_name, &told.sender_email) {
        (Some(name), Some(email)) => Some(format!("{name} <{email}>")),
        (name, email) => name.clone().or_else(|| email.clone()),
    };
    let facts = [
        (t.msg_gwacc_name(), Some(told.name.clone()).filter(|name| !name.is_empty())),
        (t.msg_gwacc_attempts(), told.attempts_max.map(|count| count.to_string())),
        (t.msg_gwacc_terms(), told.terms_url.clone()),
        (t.msg_gwacc_support(), told.support_url.clone()),
        (t.msg_gwacc_sender(), sender),
        (t.msg_gwacc_merchant(), told.tells_merchant_at.clone()),
    ];
    facts.into_iter().filter_map(|(name, value)| value.map(|value| (name, value))).collect()
}

fn warnings(told: &Told, currencies: &[String], attempts_max: i32, t: &Texts) -> Vec<String> {
    let mut warnings = Vec::new();
    for currency in currencies.iter().filter(|currency| !told.takes(currency)) {
        warnings.push(t.msg_gwacc_warn_currency(currency));
    }
    let fewer = told.attempts_max.filter(|most| i64::from(*most) < i64::from(attempts_max));
    if let Some(most) = fewer {
        warnings.push(t.msg_gwacc_warn_attempts(most));
    }
    if told.tells_of_success {
        warnings.push(t.msg_gwacc_warn_success());
    }
    if told.tells_of_failure {
        warnings.push(t.msg_gwacc_warn_failure());
    }
    warnings
}
