//! What an originator's account at the gateway may do: `GET /account`.

use url::Url;

use super::call::Call;
use super::clean::{cut, filled};
use super::wire::account::{AccountAnswer, MethodAnswer};
use super::{Credentials, Gateway};
use crate::kernel::{Currency, EmailAddress, Error, Texts};

/// An account's settings. Texts are cut at the lengths that the gateway documents.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// The name that customers read.
    pub name: String,
    /// Terms that the page asks customers to accept.
    pub terms_url: Option<Url>,
    pub support_url: Option<Url>,
    /// How often a customer may try to pay one payment.
    pub attempts_max: Option<u32>,
    pub sender_name: Option<String>,
    pub sender_email: Option<EmailAddress>,
    /// Whether the gateway itself writes to customers who have paid. We write too.
    pub tells_of_success: bool,
    /// Whether the gateway itself writes to customers who could not pay.
    pub tells_of_failure: bool,
    /// Where the gateway itself tells the merchant of payments; `None`: it does not.
    pub tells_merchant_at: Option<EmailAddress>,
    /// One entry for each method, and one for each network of a method with several.
    pub methods: Vec<AccountMethod>,
}

/// A way to pay that the account has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountMethod {
    /// The gateway's word: `CreditCard`, `Alipay`, …; one that we don't know is kept as it is.
    pub method: String,
    /// Of bank transfers: `sofort`, `ideal`, ….
    pub network: Option<String>,
    /// Those that we know; a code that is none is left out.
    pub currencies: Vec<Currency>,
    /// `sale`, `authorize`, `submission` or `collection`, small letters.
    pub default_operation: Option<String>,
}

impl Gateway {
    /// Asks for the account's settings; also the way to see whether credentials are good. Waits at
    /// most 20 seconds, never retries.
    ///
    /// # Errors
    /// [`Error::Unavailable`]: timeout, refused connection, bad credentials, unreadable answer.
    ///
    /// Source: Connect2Pay API 002.73, "Account information".
    pub async fn account(&self, by: &Credentials) -> Result<Account, Error> {
        let request = self.http.get(self.versioned(&["account"]));
        self.ask::<AccountAnswer>(Call::Account, by, request)
            .await
            .map(|answer| Account::read(&answer))
    }
}

impl Account {
    fn read(answer: &AccountAnswer) -> Self {
        let address = |text: &str| Url::parse(text).ok().filter(Url::has_host);
        let tells_merchant = answer.merchant_notification == Some(true);
        let merchant_email = EmailAddress::parse(&answer.merchant_notification_to);
        Self {
            name: cut(&answer.name, 128),
            terms_url: address(&answer.terms_url).filter(|_| answer.display_terms != Some(false)),
            support_url: address(&answer.support_url),
            attempts_max: answer.max_attempts.and_then(|count| u32::try_from(count).ok()),
            sender_name: filled(&answer.notification_sender_name, 100),
            sender_email: EmailAddress::parse(&answer.notification_sender_email),
            tells_of_success: answer.notification_on_success == Some(true),
            tells_of_failure: answer.notification_on_failure == Some(true),
            tells_merchant_at: merchant_email.filter(|_| tells_merchant),
            methods: answer.payment_methods.iter().filter_map(method).collect(),
        }
    }
}

/// A method (the gateway's word) as people call it. One that has no name of ours stays the gateway's word.
#[must_use]
pub fn method_name(word: &str, t: &Texts) -> String {
    match word {
        "CreditCard" => t.msg_method_card(),
        "Alipay" => "Alipay+".to_owned(),
        "WeChat" => "WeChat Pay".to_owned(),
        "BankTransfer" => t.msg_tx_method_bank_transfer(),
        "DirectDebit" => t.msg_tx_method_direct_debit(),
        other => other.to_owned(),
    }
}

fn method(answer: &MethodAnswer) -> Option<AccountMethod> {
    Some(AccountMethod {
        method: filled(&answer.payment_method, 32)?,
        network: filled(&answer.payment_network, 32),
        currencies: answer.currencies.iter().filter_map(|code| Currency::parse(code)).collect(),
        default_operation: filled(&answer.default_operation.to_ascii_lowercase(), 32),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(json: &str) -> Account {
        Account::read(&serde_json::from_str(json).unwrap())
    }

    #[test]
    fn an_account_is_read_with_methods_networks_and_currencies() {
        let account = read(
            r#"{"apiVersion":"002.73","name":"Bellini","displayTerms":true,"termsUrl":"https://example.it/terms",
                "supportUrl":"https://example.it/help","maxAttempts":"5","notificationSenderName":"Bellini",
                "notificationSenderEmail":"pay@example.it","notificationOnSuccess":1,"notificationOnFailure":false,
                "merchantNotification":true,"merchantNotificationTo":"boss@example.it",
                "paymentMethods":[
                  {"paymentMethod":"CreditCard","currencies":["EUR","XXL","JPY"],"defaultOperation":"Sale",
                   "options":[{"name":"3dsMode","value":"honor"}]},
                  {"paymentMethod":"BankTransfer","paymentNetwork":"ideal","currencies":["EUR"]},
                  {"paymentMethod":"Alipay","currencies":["CNY"],"options":[]}],
                "themes":[{"themeId":7,"name":"Dark","seamlessLibraries":[]},{"name":"without number"}]}"#,
        );
        assert_eq!(account.attempts_max, Some(5));
        assert_eq!(account.terms_url.as_ref().unwrap().as_str(), "https://example.it/terms");
        assert_eq!(account.tells_merchant_at, EmailAddress::parse("boss@example.it"));
        assert!(account.tells_of_success && !account.tells_of_failure);
        let card = &account.methods[0];
        assert_eq!(card.currencies, [Currency::EUR, Currency::JPY]);
        assert_eq!(card.default_operation.as_deref(), Some("sale"));
        assert_eq!(account.methods[1].network.as_deref(), Some("ideal"));
    }

    #[test]
    fn what_an_old_account_leaves_out_is_nothing() {
        let account =
            read(r#"{"name":null,"paymentMethods":null,"displayTerms":false,"termsUrl":"x"}"#);
        assert_eq!((account.name.as_str(), account.methods.len()), ("", 0));
        assert_eq!((account.terms_url, account.attempts_max), (None, None));
    }
}
