//! The columns of the list, each defined once: head, filter, sort, parameters, file and help.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use diesel::Queryable;

use super::display;
use super::filter::Group;
use super::model::{Delivery, Status};
use crate::gateway::method_name;
use crate::kernel::{Currency, ImportId, Lang, OriginatorId, Texts, UserId};
use crate::web::list::{self, Asks, Choice, Spec};

/// Those that stand in the table, and those that are only asked about because they share a place
/// with another: the currency with the amount, the address with the customer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Column {
    Group,
    Status,
    Created,
    Amount,
    Currency,
    Delivery,
    Customer,
    Email,
    Order,
    Description,
    Expires,
    Paid,
    Opened,
    Method,
    Refunded,
    Language,
    Originator,
    CreatedBy,
    Attempts,
    Sends,
    Import,
    Picked,
}

/// Files that the list offers to ask about, of those that it knows the names of.
const IMPORTS_OFFERED: usize = 20;

/// A file that payments were made from; `name` is empty where its rows were pasted.
#[derive(Clone, Debug, Queryable)]
pub struct Imported {
    pub id: ImportId,
    pub name: String,
    pub created_at: DateTime<Utc>,
}

/// What people, originators and files are called.
#[derive(Clone, Debug, Default)]
pub struct Names {
    pub originators: BTreeMap<OriginatorId, String>,
    pub people: BTreeMap<UserId, String>,
    /// The newest, the last one first.
    pub imports: Vec<Imported>,
    /// The currencies that the merchant has used.
    pub currencies: Vec<Currency>,
}

/// The gateway's words for methods that are known to it (Connect2Pay, payment types).
pub const METHODS: [&str; 7] =
    ["CreditCard", "Alipay", "WeChat", "BankTransfer", "DirectDebit", "UnionPay", "Bancontact"];

impl list::Column for Column {
    type Names = Names;

    const ALL: &'static [Self] = &[
        Self::Group,
        Self::Status,
        Self::Created,
        Self::Amount,
        Self::Currency,
        Self::Delivery,
        Self::Customer,
        Self::Email,
        Self::Order,
        Self::Description,
        Self::Expires,
        Self::Paid,
        Self::Opened,
        Self::Method,
        Self::Refunded,
        Self::Language,
        Self::Originator,
        Self::CreatedBy,
        Self::Attempts,
        Self::Sends,
        Self::Import,
        Self::Picked,
    ];
    const SHOWN_AT_FIRST: &'static [Self] =
        &[Self::Customer, Self::Amount, Self::Status, Self::Order, Self::Created, Self::Expires];
    const SORTED_AT_FIRST: Self = Self::Created;

    fn spec(self) -> Spec {
        match self {
            Self::Group => {
                let asks = Asks::Tab { word: "group" };
                Spec::new("group", Texts::msg_col_group, Texts::msg_help_group, asks).only_asked()
            }
            Self::Status => {
                let asks = list::choices!("status");
                Spec::new("status", Texts::msg_col_status, Texts::msg_help_status, asks).main()
            }
            Self::Created => {
                let asks = list::days!("created");
                Spec::new("created", Texts::msg_col_created, Texts::msg_help_created, asks)
                    .sortable()
                    .main()
            }
            Self::Amount => {
                let asks = list::amount!("amount", "currency");
                Spec::new("amount", Texts::msg_col_amount, Texts::msg_help_amount, asks)
                    .sortable()
                    .main()
            }
            Self::Currency => {
                let asks = list::choices!("currency");
                Spec::new("currency", Texts::msg_col_currency, Texts::msg_help_currency, asks)
                    .only_asked()
                    .main()
            }
            Self::Delivery => {
                let asks = list::choices!("delivery");
                Spec::new("delivery", Texts::msg_col_delivery, Texts::msg_help_delivery, asks)
                    .main()
            }
            Self::Customer => {
                let asks = list::text!("customer");
                Spec::new("customer", Texts::msg_col_customer, Texts::msg_help_customer, asks)
            }
            Self::Email => {
                let asks = list::text!("email");
                Spec::new("email", Texts::msg_col_email, Texts::msg_help_email, asks).only_asked()
            }
            Self::Order => {
                let asks = list::text!("order_id");
                Spec::new("order_id", Texts::msg_col_order, Texts::msg_help_order, asks).sortable()
            }
            Self::Description => {
                let asks = list::text!("description");
                let (title, help) = (Texts::msg_col_description, Texts::msg_help_description);
                Spec::new("description", title, help, asks)
            }
            Self::Expires => {
                let asks = list::days!("expires", within);
                Spec::new("expires", Texts::msg_col_expires, Texts::msg_help_expires, asks)
                    .sortable()
            }
            Self::Paid => {
                let asks = list::days!("paid");
                Spec::new("paid", Texts::msg_col_paid, Texts::msg_help_paid, asks).sortable()
            }
            Self::Method => {
                let asks = list::choices!("method");
                Spec::new("method", Texts::msg_col_method, Texts::msg_help_method, asks)
            }
            Self::Language => {
                let asks = list::choices!("language");
                Spec::new("language", Texts::msg_col_language, Texts::msg_help_language, asks)
            }
            Self::Originator => {
                let asks = list::choices!("originator");
                Spec::new("originator", Texts::msg_col_originator, Texts::msg_help_originator, asks)
            }
            Self::CreatedBy => {
                let asks = list::choices!("created_by");
                Spec::new("created_by", Texts::msg_col_created_by, Texts::msg_help_created_by, asks)
            }
            // Facts without an index: they are shown, not asked about.
            Self::Opened => {
                let asks = Asks::Nothing;
                Spec::new("opened", Texts::msg_col_opened, Texts::msg_help_opened, asks)
            }
            Self::Refunded => {
                let asks = Asks::Nothing;
                Spec::new("refunded", Texts::msg_col_refunded, Texts::msg_help_refunded, asks)
            }
            Self::Attempts => {
                let asks = Asks::Nothing;
                Spec::new("attempts", Texts::msg_col_attempts, Texts::msg_help_attempts, asks)
            }
            Self::Sends => {
                let asks = Asks::Nothing;
                Spec::new("sends", Texts::msg_col_sends, Texts::msg_help_sends, asks)
            }
            Self::Import => {
                let asks = list::choices!("import");
                Spec::new("import", Texts::msg_col_import, Texts::msg_help_import, asks)
                    .only_asked()
            }
            Self::Picked => {
                let asks = Asks::Rows { word: "id" };
                Spec::new("id", Texts::msg_col_picked, Texts::msg_help_picked, asks).only_asked()
            }
        }
    }

    fn knows(self, word: &str) -> bool {
        self.value(word).is_some()
    }

    fn choices(self, names: &Names, t: &Texts) -> Vec<Choice> {
        let choice = |value: Value| Choice { word: value.word(), words: value.name(names, t) };
        let mut choices: Vec<Choice> = self.offered(names).into_iter().map(choice).collect();
        if matches!(self, Self::Originator | Self::CreatedBy) {
            choices.sort_by_key(|choice| choice.words.to_lowercase());
        }
        choices
    }

    fn name(self, word: &str, names: &Names, t: &Texts) -> String {
        let name = self.value(word).map(|value| value.name(names, t));
        name.filter(|name| !name.is_empty()).unwrap_or_else(|| word.to_owned())
    }
}

impl Imported {
    /// With its day, in UTC: files are often called alike.
    fn words(&self, t: &Texts) -> String {
        let day = self.created_at.format("%Y-%m-%d");
        if self.name.is_empty() {
            format!("{} ({day})", t.msg_imports_pasted())
        } else {
            format!("{} ({day})", self.name)
        }
    }
}

/// One value of a column that has few.
pub enum Value {
    Group(Group),
    Status(Status),
    Delivery(Delivery),
    Currency(Currency),
    Language(Lang),
    Method(String),
    Originator(OriginatorId),
    Person(UserId),
    Import(ImportId),
}

impl Value {
    fn word(&self) -> String {
        match self {
            Self::Group(group) => group.as_str().to_owned(),
            Self::Status(status) => status.as_str().to_owned(),
            Self::Delivery(delivery) => delivery.as_str().to_owned(),
            Self::Currency(currency) => currency.code().to_owned(),
            Self::Language(lang) => lang.code().to_owned(),
            Self::Method(method) => method.clone(),
            Self::Originator(id) => id.to_string(),
            Self::Person(id) => id.to_string(),
            Self::Import(id) => id.to_string(),
        }
    }

    /// Empty where nobody knows it.
    fn name(&self, names: &Names, t: &Texts) -> String {
        match self {
            Self::Group(group) => display::group_words(*group, t),
            Self::Status(status) => display::status_words(*status, t),
            Self::Delivery(delivery) => display::delivery_words(*delivery, t),
            Self::Currency(currency) => currency.code().to_owned(),
            Self::Language(lang) => lang.name().to_owned(),
            Self::Method(method) => method_name(method, t),
            Self::Originator(id) => names.originators.get(id).cloned().unwrap_or_default(),
            Self::Person(id) => names.people.get(id).cloned().unwrap_or_default(),
            Self::Import(id) => {
                let import = names.imports.iter().find(|import| import.id == *id);
                import.map(|import| import.words(t)).unwrap_or_default()
            }
        }
    }
}

impl Column {
    /// A word of the URL as one of the column's values.
    #[expect(clippy::wildcard_enum_match_arm, reason = "the other columns have no such values")]
    #[must_use]
    pub fn value(self, word: &str) -> Option<Value> {
        match self {
            Self::Group => Group::parse(word).map(Value::Group),
            Self::Status => Status::parse(word).map(Value::Status),
            Self::Delivery => Delivery::parse(word).map(Value::Delivery),
            Self::Currency => Currency::parse(word).map(Value::Currency),
            Self::Language => Lang::parse(word).map(Value::Language),
            Self::Originator => word.parse().ok().map(Value::Originator),
            Self::CreatedBy => word.parse().ok().map(Value::Person),
            Self::Import => word.parse().ok().map(Value::Import),
            Self::Method => {
                let is_one = word.len() <= 32 && word.bytes().all(|b| b.is_ascii_alphanumeric());
                is_one.then(|| Value::Method(word.to_owned()))
            }
            _ => None,
        }
    }

    #[expect(clippy::wildcard_enum_match_arm, reason = "the other columns have no such values")]
    fn offered(self, names: &Names) -> Vec<Value> {
        match self {
            Self::Status => Status::ALL.iter().copied().map(Value::Status).collect(),
            Self::Delivery => Delivery::ALL.iter().copied().map(Value::Delivery).collect(),
            Self::Currency => names.currencies.iter().copied().map(Value::Currency).collect(),
            Self::Language => Lang::ALL.iter().copied().map(Value::Language).collect(),
            Self::Method => METHODS.iter().map(|word| Value::Method((*word).to_owned())).collect(),
            Self::Originator => names.originators.keys().copied().map(Value::Originator).collect(),
            Self::CreatedBy => names.people.keys().copied().map(Value::Person).collect(),
            Self::Import => {
                let newest = names.imports.iter().take(IMPORTS_OFFERED);
                newest.map(|import| Value::Import(import.id)).collect()
            }
            _ => Vec::new(),
        }
    }
}
