//! The columns of the list, each defined once: head, filter, sort, parameters, file and help.

use std::collections::BTreeMap;

use super::display;
use super::means::{METHODS, NETWORKS};
use super::model::number;
use super::queries::ListRow;
use super::result_codes::CODES;
use crate::gateway::{AttemptStatus, method_name};
use crate::kernel::{Currency, Lang, OriginatorId, Texts};
use crate::settlement::{Channel, Operation};
use crate::web::list::{self, Choice, Spec};

/// Those that stand in the table, and those that are only asked about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Column {
    Number,
    Date,
    Operation,
    Status,
    Amount,
    Currency,
    Customer,
    Email,
    Method,
    Network,
    Card,
    Order,
    Result,
    Originator,
    Channel,
    Provider,
    Reference,
    Country,
    Ip,
    /// By what it was followed.
    Followed,
    Test,
}

/// What originators are called, and what the merchant's transactions have in them.
#[derive(Clone, Debug, Default)]
pub struct Names {
    pub originators: BTreeMap<OriginatorId, String>,
    pub providers: Vec<String>,
    pub currencies: Vec<Currency>,
    pub countries: Vec<String>,
}

type Words = fn(&Texts) -> String;

/// The words of [`Column::Test`].
const TEST: [(&str, bool); 2] = [("yes", true), ("no", false)];

impl list::Column for Column {
    type Names = Names;

    const ALL: &'static [Self] = &[
        Self::Date,
        Self::Operation,
        Self::Status,
        Self::Amount,
        Self::Currency,
        Self::Channel,
        Self::Number,
        Self::Order,
        Self::Customer,
        Self::Email,
        Self::Method,
        Self::Network,
        Self::Card,
        Self::Result,
        Self::Originator,
        Self::Provider,
        Self::Reference,
        Self::Country,
        Self::Ip,
        Self::Followed,
        Self::Test,
    ];
    const SHOWN_AT_FIRST: &'static [Self] =
        &[Self::Number, Self::Amount, Self::Status, Self::Operation, Self::Customer, Self::Date];
    const SORTED_AT_FIRST: Self = Self::Date;

    fn spec(self) -> Spec {
        let (title, help, asks): (Words, Words, _) = match self {
            Self::Number => {
                (Texts::msg_tx_col_number, Texts::msg_tx_help_number, list::text!("number"))
            }
            Self::Date => (Texts::msg_tx_col_date, Texts::msg_tx_help_date, list::days!("date")),
            Self::Operation => (
                Texts::msg_tx_col_operation,
                Texts::msg_tx_help_operation,
                list::choices!("operation"),
            ),
            Self::Status => {
                (Texts::msg_col_status, Texts::msg_tx_help_status, list::choices!("status"))
            }
            Self::Amount => (
                Texts::msg_col_amount,
                Texts::msg_tx_help_amount,
                list::amount!("amount", "currency"),
            ),
            Self::Currency => {
                (Texts::msg_col_currency, Texts::msg_help_currency, list::choices!("currency"))
            }
            Self::Customer => {
                (Texts::msg_col_customer, Texts::msg_help_customer, list::text!("customer"))
            }
            Self::Email => (Texts::msg_col_email, Texts::msg_tx_help_email, list::text!("email")),
            Self::Method => {
                (Texts::msg_col_method, Texts::msg_help_method, list::choices!("method"))
            }
            Self::Network => {
                (Texts::msg_tx_col_network, Texts::msg_tx_help_network, list::choices!("network"))
            }
            Self::Card => (Texts::msg_tx_col_card, Texts::msg_tx_help_card, list::text!("card")),
            Self::Order => (Texts::msg_col_order, Texts::msg_help_order, list::text!("order_id")),
            Self::Result => {
                (Texts::msg_tx_col_result, Texts::msg_tx_help_result, list::choices!("result"))
            }
            Self::Originator => (
                Texts::msg_col_originator,
                Texts::msg_tx_help_originator,
                list::choices!("originator"),
            ),
            Self::Channel => {
                (Texts::msg_tx_col_channel, Texts::msg_tx_help_channel, list::choices!("channel"))
            }
            Self::Provider => (
                Texts::msg_doc_col_provider,
                Texts::msg_tx_help_provider,
                list::choices!("provider"),
            ),
            Self::Reference => (
                Texts::msg_tx_col_reference,
                Texts::msg_tx_help_reference,
                list::text!("reference"),
            ),
            Self::Country => {
                (Texts::msg_tx_col_country, Texts::msg_tx_help_country, list::choices!("country"))
            }
            Self::Ip => (Texts::msg_tx_col_ip, Texts::msg_tx_help_ip, list::text!("ip")),
            Self::Followed => (
                Texts::msg_tx_col_followed,
                Texts::msg_tx_help_followed,
                list::choices!("followed"),
            ),
            Self::Test => (Texts::msg_tx_col_test, Texts::msg_tx_help_test, list::choices!("test")),
        };
        let spec = Spec::new(self.word(), title, help, asks);
        match self {
            Self::Date | Self::Amount => spec.sortable().main(),
            Self::Operation | Self::Status | Self::Channel => spec.main(),
            Self::Currency => spec.only_asked().main(),
            Self::Followed | Self::Test => spec.only_asked(),
            Self::Number
            | Self::Customer
            | Self::Email
            | Self::Method
            | Self::Network
            | Self::Card
            | Self::Order
            | Self::Result
            | Self::Originator
            | Self::Provider
            | Self::Reference
            | Self::Country
            | Self::Ip => spec,
        }
    }

    fn knows(self, word: &str) -> bool {
        let is_made_of = |most: usize, fits: fn(&u8) -> bool| {
            (1..=most).contains(&word.len()) && word.as_bytes().iter().all(fits)
        };
        match self {
            Self::Operation => Operation::parse(word).is_some(),
            Self::Status => AttemptStatus::parse(word).is_some(),
            Self::Channel => Channel::parse(word).is_some(),
            Self::Currency => Currency::parse(word).is_some(),
            Self::Originator => word.parse::<OriginatorId>().is_ok(),
            Self::Followed => FOLLOWING.iter().any(|one| one.as_str() == word),
            Self::Test => is_test(word).is_some(),
            Self::Method => is_made_of(32, u8::is_ascii_alphanumeric),
            Self::Network => is_made_of(32, |b| b.is_ascii_lowercase() || b.is_ascii_digit()),
            Self::Result => is_made_of(8, |b| b.is_ascii_alphanumeric() || *b == b'-'),
            Self::Country => word.len() == 2 && is_made_of(2, u8::is_ascii_uppercase),
            Self::Provider => {
                (1..=60).contains(&word.chars().count()) && !word.chars().any(char::is_control)
            }
            Self::Number
            | Self::Date
            | Self::Amount
            | Self::Customer
            | Self::Email
            | Self::Card
            | Self::Order
            | Self::Reference
            | Self::Ip => false,
        }
    }

    fn choices(self, names: &Names, t: &Texts) -> Vec<Choice> {
        fn owned<'a>(words: impl IntoIterator<Item = &'a str>) -> Vec<String> {
            words.into_iter().map(str::to_owned).collect()
        }
        let words: Vec<String> = match self {
            Self::Operation => owned(Operation::ALL.iter().map(|one| one.as_str())),
            Self::Status => owned(AttemptStatus::ALL.iter().map(|one| one.as_str())),
            Self::Channel => owned(Channel::ALL.iter().map(|one| one.as_str())),
            Self::Currency => owned(names.currencies.iter().map(|one| one.code())),
            Self::Originator => names.originators.keys().map(ToString::to_string).collect(),
            Self::Followed => owned(FOLLOWING.map(Operation::as_str)),
            Self::Test => owned(TEST.map(|(word, _)| word)),
            Self::Method => owned(METHODS),
            Self::Network => owned(NETWORKS.map(|(word, _)| word)),
            Self::Result => owned(CODES.iter().map(|known| known.code)),
            Self::Country => names.countries.clone(),
            Self::Provider => names.providers.clone(),
            Self::Number
            | Self::Date
            | Self::Amount
            | Self::Customer
            | Self::Email
            | Self::Card
            | Self::Order
            | Self::Reference
            | Self::Ip => Vec::new(),
        };
        let choice = |word: String| Choice { words: self.name(&word, names, t), word };
        let mut choices: Vec<Choice> = words.into_iter().map(choice).collect();
        if self == Self::Originator {
            choices.sort_by_key(|choice| choice.words.to_lowercase());
        }
        choices
    }

    fn name(self, word: &str, names: &Names, t: &Texts) -> String {
        let name = match self {
            Self::Operation | Self::Followed => {
                Operation::parse(word).map(|one| display::operation_words(one, t))
            }
            Self::Status => AttemptStatus::parse(word).map(|one| display::status(one, t)),
            Self::Channel => Channel::parse(word).map(|one| display::channel(one, t)),
            Self::Originator => {
                word.parse().ok().and_then(|id: OriginatorId| names.originators.get(&id).cloned())
            }
            Self::Test => is_test(word)
                .map(|is_test| if is_test { t.msg_tx_test_yes() } else { t.msg_tx_test_no() }),
            Self::Method => Some(method_name(word, t)),
            Self::Network => Some(display::network(word)),
            Self::Result => Some(display::explained(word, t)),
            Self::Country
            | Self::Provider
            | Self::Currency
            | Self::Number
            | Self::Date
            | Self::Amount
            | Self::Customer
            | Self::Email
            | Self::Card
            | Self::Order
            | Self::Reference
            | Self::Ip => None,
        };
        name.unwrap_or_else(|| word.to_owned())
    }
}

/// The values of [`Column::Followed`].
const FOLLOWING: [Operation; 2] = [Operation::Refund, Operation::Chargeback];

/// Whether a word of [`Column::Test`] asks for tests.
#[must_use]
pub fn is_test(word: &str) -> Option<bool> {
    TEST.iter().find(|(known, _)| *known == word).map(|(_, is_test)| *is_test)
}

impl Column {
    /// The word in URLs and in saved layouts.
    const fn word(self) -> &'static str {
        match self {
            Self::Number => "number",
            Self::Date => "date",
            Self::Operation => "operation",
            Self::Status => "status",
            Self::Amount => "amount",
            Self::Currency => "currency",
            Self::Customer => "customer",
            Self::Email => "email",
            Self::Method => "method",
            Self::Network => "network",
            Self::Card => "card",
            Self::Order => "order_id",
            Self::Result => "result",
            Self::Originator => "originator",
            Self::Channel => "channel",
            Self::Provider => "provider",
            Self::Reference => "reference",
            Self::Country => "country",
            Self::Ip => "ip",
            Self::Followed => "followed",
            Self::Test => "test",
        }
    }

    /// What stands in the table: its words, and a second line where there is one.
    #[must_use]
    pub fn cell(self, row: &ListRow, names: &Names, t: &Texts, lang: Lang) -> (String, String) {
        let one = |words: String| (words, String::new());
        match self {
            Self::Number => (row.gateway_transaction_id.clone(), row.order_id.clone()),
            Self::Operation => one(display::operation_words(row.operation, t)),
            Self::Status => one(display::status(row.status, t)),
            Self::Amount => {
                one(format!("{} {}", number(row.amount_minor, &row.currency, lang), row.currency))
            }
            Self::Customer if row.customer_name.is_empty() => one(row.customer_email.clone()),
            Self::Customer => (row.customer_name.clone(), row.customer_email.clone()),
            Self::Email => one(row.customer_email.clone()),
            Self::Method => {
                (display::means_of(&row.method, &row.network, t), row.card_number_masked.clone())
            }
            Self::Network => one(display::network(&row.network)),
            Self::Card => one(row.card_number_masked.clone()),
            Self::Order => one(row.order_id.clone()),
            Self::Result => one(row.result_code.clone()),
            Self::Originator => {
                one(names.originators.get(&row.originator_id).cloned().unwrap_or_default())
            }
            Self::Channel => one(display::channel(row.channel, t)),
            Self::Provider => one(row.provider.clone()),
            Self::Reference => one(row.reference_id.clone()),
            Self::Country => one(row.country.clone()),
            Self::Ip => one(row.ip_address.clone()),
            // Told by an element of its own, or not in the table.
            Self::Date | Self::Currency | Self::Followed | Self::Test => one(String::new()),
        }
    }
}
