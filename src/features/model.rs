//! What can be switched, and what is on.

use crate::db::columns::text_column;
use crate::gateway::Method;
use crate::kernel::Error;

text_column! {
    /// What a merchant has, or has not.
    Feature {
        /// Asking customers for money by e-mail.
        EmailPayments = "email_payments",
        /// Cards, on the payment page.
        Card = "card",
        /// Wallets of Alipay+, on the payment page.
        AlipayPlus = "alipay_plus",
    }
}

/// What is off for a merchant at an instant; everything else is on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Features {
    pub(super) off: Vec<Feature>,
}

impl Features {
    #[must_use]
    pub fn is_on(&self, feature: Feature) -> bool {
        !self.off.contains(&feature)
    }

    /// Whether a payment page would have anything to offer.
    #[must_use]
    pub fn has_method(&self) -> bool {
        self.is_on(Feature::Card) || self.is_on(Feature::AlipayPlus)
    }

    /// The one method that a payment page offers; `None`: a choice of all that the gateway's account has.
    ///
    /// # Errors
    /// [`Error::Internal`]: there is none, which the switches refuse.
    pub fn only_method(&self) -> Result<Option<Method>, Error> {
        match (self.is_on(Feature::Card), self.is_on(Feature::AlipayPlus)) {
            (true, true) => Ok(None),
            (true, false) => Ok(Some(Method::CreditCard)),
            (false, true) => Ok(Some(Method::Alipay)),
            (false, false) => Err(Error::internal("no payment method is on")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_offers_all_or_the_one_that_is_left() {
        let off = |features: &[Feature]| Features { off: features.to_vec() };
        assert_eq!(off(&[]).only_method().unwrap(), None);
        assert_eq!(off(&[Feature::EmailPayments]).only_method().unwrap(), None);
        assert_eq!(off(&[Feature::Card]).only_method().unwrap(), Some(Method::Alipay));
        assert_eq!(off(&[Feature::AlipayPlus]).only_method().unwrap(), Some(Method::CreditCard));
        assert!(off(&[Feature::AlipayPlus, Feature::Card]).only_method().is_err());
    }
}
