//! What a mail server meant when it did not take a mail. Pure.
//!
//! Servers answer with a code (RFC 5321 4.2.3), most add an enhanced one (RFC 3463), and all add words
//! of their own. The enhanced code is believed first where it says something, then well-known words,
//! then the code. What none of them tells is told as it is: refused, or to be tried again.

use super::model::Delivery;
use crate::kernel::Texts;

/// Why a mail did not arrive, as far as the merchant can do something about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// Nobody has this address.
    UnknownMailbox,
    /// The part after the @ takes no mail, or does not exist.
    NoMailServer,
    MailboxFull,
    /// The address exists and is closed.
    MailboxClosed,
    /// Taken for spam, or against a rule of the recipient's.
    RefusedByRule,
    /// A server that lets unknown senders wait and try again.
    Greylisted,
    /// The server asks for patience.
    Busy,
    /// No mail server could be spoken with.
    NotReached,
    /// Our side: the payment page is not ready, so that the mail would carry a dead link.
    PageNotReady,
    /// Nobody is written to at this address any more.
    Suppressed,
    /// Refused for a reason that its words must tell.
    Refused,
    /// Not taken so far, and nobody has said why.
    NotYet,
    /// Not taken in two days of trying.
    GivenUp,
}

impl Why {
    /// Reads what was said to the latest mail of a payment that did not get it. An empty answer: there
    /// was no letter to hand over yet; `None`: it is not known.
    #[must_use]
    pub fn of(delivery: Delivery, answer: Option<&str>) -> Self {
        let is_refused = delivery == Delivery::Bounced;
        let why = match answer {
            _ if delivery == Delivery::Suppressed => Self::Suppressed,
            None if is_refused => Self::Refused,
            None => Self::NotYet,
            Some("") => Self::PageNotReady,
            Some(answer) => match Reply::read(answer) {
                Some(reply) => reply.why(),
                None if is_refused => Self::Refused,
                None => Self::NotReached,
            },
        };
        let passes = matches!(
            why,
            Self::Greylisted | Self::Busy | Self::NotReached | Self::PageNotReady | Self::NotYet
        );
        // What would pass by itself has not, in time.
        if passes && delivery == Delivery::Failed { Self::GivenUp } else { why }
    }

    #[must_use]
    pub fn words(self, t: &Texts) -> String {
        match self {
            Self::UnknownMailbox => t.msg_answer_unknown_mailbox(),
            Self::NoMailServer => t.msg_answer_no_mail_server(),
            Self::MailboxFull => t.msg_answer_mailbox_full(),
            Self::MailboxClosed => t.msg_answer_mailbox_closed(),
            Self::RefusedByRule => t.msg_answer_refused_by_rule(),
            Self::Greylisted => t.msg_answer_greylisted(),
            Self::Busy => t.msg_answer_busy(),
            Self::NotReached => t.msg_answer_not_reached(),
            Self::PageNotReady => t.msg_answer_page_not_ready(),
            Self::Suppressed => t.msg_answer_suppressed(),
            Self::Refused => t.msg_answer_refused(),
            Self::NotYet => t.msg_answer_not_yet(),
            Self::GivenUp => t.msg_answer_given_up(),
        }
    }
}

/// A server's answer, taken apart.
struct Reply {
    code: u32,
    /// Subject and detail of the enhanced code: `5.1.1` is (1, 1).
    enhanced: Option<(u32, u32)>,
    /// In lower case.
    words: String,
}

const GREYLISTED: [&str; 4] = ["greylist", "graylist", "grey list", "grey-list"];
const FULL: [&str; 6] = [
    "quota",
    "mailbox full",
    "mailbox is full",
    "inbox is full",
    "out of storage",
    "insufficient storage",
];
const CLOSED: [&str; 5] = ["disabled", "inactive", "suspended", "deactivated", "not active"];
const NO_SERVER: [&str; 9] = [
    "domain not found",
    "domain does not exist",
    "host not found",
    "unknown host",
    "host unknown",
    "nxdomain",
    "no mx",
    "null mx",
    "unrouteable",
];
const UNKNOWN: [&str; 13] = [
    "user unknown",
    "unknown user",
    "unknown recipient",
    "recipient unknown",
    "no such user",
    "no such recipient",
    "no such mailbox",
    "mailbox not found",
    "mailbox unavailable",
    "does not exist",
    "invalid recipient",
    "recipient address rejected",
    "recipient rejected",
];
const BY_RULE: [&str; 11] = [
    "spam",
    "blacklist",
    "blocklist",
    "block list",
    "blocked",
    "reputation",
    "policy",
    "dmarc",
    "dkim",
    "spf",
    "denied",
];

impl Reply {
    /// `None`: no answer of a server, for it begins with no code of refusal.
    fn read(answer: &str) -> Option<Self> {
        let (first, rest) = answer.split_once([' ', '-']).unwrap_or((answer, ""));
        let code: u32 = first.parse().ok().filter(|code| (400..600).contains(code))?;
        let second = rest.split_whitespace().next().unwrap_or_default();
        let mut numbers = second.split('.').map(|part| part.parse::<u32>().ok());
        let enhanced = match (numbers.next(), numbers.next(), numbers.next(), numbers.next()) {
            (Some(Some(4 | 5)), Some(Some(subject)), Some(Some(detail)), None) => {
                Some((subject, detail))
            }
            _ => None,
        };
        Some(Self { code, enhanced, words: rest.to_lowercase() })
    }

    fn says(&self, any: &[&str]) -> bool {
        any.iter().any(|words| self.words.contains(words))
    }

    fn why(&self) -> Why {
        let is_final = self.code >= 500;
        match self.enhanced {
            _ if !is_final && self.says(&GREYLISTED) => Why::Greylisted,
            // Domain not found, null MX (RFC 7505), no route to it.
            Some((1, 2 | 10)) => Why::NoMailServer,
            Some((4, 4)) if is_final => Why::NoMailServer,
            _ if self.says(&NO_SERVER) => Why::NoMailServer,
            Some((1, 1 | 3 | 6)) => Why::UnknownMailbox,
            Some((2, 1)) => Why::MailboxClosed,
            Some((2, 2)) => Why::MailboxFull,
            // Sendmail's and Postfix's greylisting say no more than "try again later".
            Some((7, 1)) if !is_final => Why::Greylisted,
            Some((7, _)) if is_final => Why::RefusedByRule,
            _ if self.says(&FULL) => Why::MailboxFull,
            _ if self.says(&CLOSED) => Why::MailboxClosed,
            _ if is_final && self.says(&UNKNOWN) => Why::UnknownMailbox,
            _ if is_final && self.says(&BY_RULE) => Why::RefusedByRule,
            _ if is_final => Why::Refused,
            _ => Why::Busy,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_of_real_servers_are_understood() {
        let cases = [
            (
                "550 5.1.1 The email account that you tried to reach does not exist.",
                Why::UnknownMailbox,
            ),
            (
                "550 5.1.1 …: Recipient address rejected: User unknown in virtual mailbox table",
                Why::UnknownMailbox,
            ),
            ("550 5.4.1 Recipient address rejected: Access denied.", Why::UnknownMailbox),
            ("550 5.5.0 Requested action not taken: mailbox unavailable", Why::UnknownMailbox),
            ("550 No such user here", Why::UnknownMailbox),
            ("552 5.2.2 The email account that you tried to reach is over quota", Why::MailboxFull),
            ("452 4.2.2 The recipient's inbox is out of storage space.", Why::MailboxFull),
            ("552 Mailbox full", Why::MailboxFull),
            (
                "550 5.2.1 The email account that you tried to reach is inactive.",
                Why::MailboxClosed,
            ),
            (
                "554 delivery error: dd This user doesn't have an account, mailbox disabled",
                Why::MailboxClosed,
            ),
            (
                "550 5.7.1 Service unavailable; Client host blocked using Spamhaus",
                Why::RefusedByRule,
            ),
            (
                "550-5.7.26 This mail has been blocked because the sender is unauthenticated",
                Why::RefusedByRule,
            ),
            ("554 Message rejected as spam", Why::RefusedByRule),
            (
                "450 4.2.0 …: Recipient address rejected: Greylisted, see http://postgrey",
                Why::Greylisted,
            ),
            ("451 4.7.1 Please try again later", Why::Greylisted),
            ("421 4.7.0 Messages temporarily deferred due to unexpected volume", Why::Busy),
            ("451 4.3.0 Temporary lookup failure", Why::Busy),
            ("451 4.0.0 Refused, as told", Why::Busy),
            ("450 4.1.2 …: Recipient address rejected: Domain not found", Why::NoMailServer),
            ("550 5.1.2 Bad destination system", Why::NoMailServer),
            ("556 5.1.10 Recipient address has null MX", Why::NoMailServer),
            ("550 5.4.4 Unable to route: no MX", Why::NoMailServer),
            ("550 Unrouteable address", Why::NoMailServer),
            ("550 5.0.0 Refused, as told", Why::Refused),
            ("550", Why::Refused),
        ];
        for (answer, why) in cases {
            let delivery =
                if answer.starts_with('5') { Delivery::Bounced } else { Delivery::Deferred };
            assert_eq!(Why::of(delivery, Some(answer)), why, "{answer}");
        }
    }

    #[test]
    fn what_no_server_said_is_told_apart() {
        for (delivery, answer, why) in [
            (Delivery::Deferred, Some("Connection error: connection refused"), Why::NotReached),
            (Delivery::Failed, Some("no answer in 100 seconds"), Why::GivenUp),
            (Delivery::Failed, Some("451 4.7.1 Greylisted"), Why::GivenUp),
            (Delivery::Failed, Some("452 4.2.2 Mailbox full"), Why::MailboxFull),
            (Delivery::Failed, None, Why::GivenUp),
            (Delivery::Deferred, Some("250 was it not"), Why::NotReached),
            (Delivery::Deferred, None, Why::NotYet),
            (Delivery::Deferred, Some(""), Why::PageNotReady),
            (Delivery::Bounced, None, Why::Refused),
            (Delivery::Bounced, Some("not an address"), Why::Refused),
            (Delivery::Suppressed, None, Why::Suppressed),
        ] {
            assert_eq!(Why::of(delivery, answer), why, "{answer:?}");
        }
    }
}
