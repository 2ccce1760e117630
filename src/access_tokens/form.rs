//! The form of a new token: what was typed → what was meant.

use chrono::Duration;
use uuid::Uuid;

use crate::auth::MerchantRole;
use crate::auth::api::Scope;
use crate::kernel::{Error, Texts, text};
use crate::web::{Faults, FormBody, field_fault};

const NAME_MAX: usize = 80;
/// How long a token may live, in days; the second is proposed.
pub const DAYS: [i64; 3] = [30, 90, 365];

/// What was typed, as text, so that all of it comes back.
#[derive(Clone, Debug, Default)]
pub struct TokenForm {
    /// Made with the page: the same form sent twice makes one token.
    pub form_id: String,
    pub name: String,
    pub scopes: Vec<String>,
    pub days: String,
}

/// What was meant.
#[derive(Clone, Debug)]
pub struct Meant {
    pub name: String,
    pub scopes: Vec<Scope>,
    pub life: Duration,
}

impl TokenForm {
    /// An empty form: reading is ticked, ninety days are chosen.
    pub fn fresh() -> Self {
        Self {
            form_id: Uuid::new_v4().to_string(),
            scopes: vec![Scope::ReadEmailPayments.as_str().to_owned()],
            days: "90".to_owned(),
            ..Self::default()
        }
    }

    /// # Errors
    /// [`Error::Malformed`] for a field that is not one of this form, or given twice.
    pub fn read(FormBody(fields): FormBody) -> Result<Self, Error> {
        let mut form = Self::default();
        for (name, value) in fields {
            let place = match name.as_str() {
                "form_id" => &mut form.form_id,
                "name" => &mut form.name,
                "days" => &mut form.days,
                "scope" => {
                    form.scopes.push(value);
                    continue;
                }
                _ => return Err(Error::Malformed("a field that is not one of this form")),
            };
            if !place.is_empty() {
                return Err(Error::Malformed("a field is given twice"));
            }
            *place = value;
        }
        Ok(form)
    }

    pub fn form_key(&self) -> Result<Uuid, Error> {
        self.form_id.parse().map_err(|_| Error::Malformed("form_id"))
    }

    #[must_use]
    pub fn has(&self, scope: Scope) -> bool {
        self.scopes.iter().any(|word| word == scope.as_str())
    }

    /// Every field is checked; nobody gives a program more than their role may.
    ///
    /// # Errors
    /// [`Faults`], in the words of `t`.
    pub fn validate(&self, role: MerchantRole, t: &Texts) -> Result<Meant, Faults> {
        let mut faults = Faults::default();
        let name = text::line(&self.name, NAME_MAX)
            .map_err(|error| field_fault(error, Texts::msg_access_token_name_missing, t));
        let name = faults.keep("name", name);
        let may_give: Vec<Scope> = Scope::of(role).collect();
        let scopes: Option<Vec<Scope>> = self
            .scopes
            .iter()
            .map(|word| Scope::parse(word).filter(|scope| may_give.contains(scope)))
            .collect();
        let scopes = scopes.filter(|scopes| !scopes.is_empty());
        let scopes = faults.keep("scope", scopes.ok_or_else(|| t.msg_access_token_choose_scope()));
        let days = DAYS.into_iter().find(|days| days.to_string() == self.days);
        let days = faults.keep("days", days.ok_or_else(|| t.msg_access_token_choose_days()));
        match (name, scopes, days) {
            (Some(name), Some(scopes), Some(days)) => {
                let scopes =
                    Scope::ALL.into_iter().filter(|scope| scopes.contains(scope)).collect();
                Ok(Meant { name, scopes, life: Duration::days(days) })
            }
            _ => Err(faults),
        }
    }
}

/// There are as many working tokens as there may be; told at the first field.
pub fn too_many(most: i64, t: &Texts) -> Faults {
    let mut faults = Faults::default();
    faults.add("name", t.msg_access_token_too_many(most));
    faults
}
