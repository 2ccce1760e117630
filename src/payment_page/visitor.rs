//! Who follows a pay link: a person in a browser, or a program that looks at links before people do.
//! Told by what the request says of itself; the rules and their limits: docs/decisions/0012.

use actix_web::http::Method;
use actix_web::http::header::{ACCEPT_LANGUAGE, HeaderMap, USER_AGENT};

use crate::email_payments::VisitReason;

/// What browsers say when nobody has followed the link yet.
const AHEAD: [&str; 3] = ["sec-purpose", "purpose", "x-moz"];

/// Parts of the names, in lower case, by which scanners of mail, previews of links and programs call
/// themselves. "cubot" is a telephone.
const PROGRAMS: [&str; 40] = [
    // Words that most of them have in their names.
    "bot",
    "crawl",
    "spider",
    "preview",
    "scanner",
    "headless",
    "phantomjs",
    // Scanners of mail.
    "proofpoint",
    "barracuda",
    "mimecast",
    "messagelabs",
    "symantec",
    "trendmicro",
    "fortinet",
    "sophos",
    "forcepoint",
    "zscaler",
    "virustotal",
    "urlscan",
    "microsoft office",
    "ms-office",
    // Previews of links in mail and chat programs.
    "facebookexternalhit",
    "whatsapp/",
    "slack-imgproxy",
    "googleimageproxy",
    "yahoomailproxy",
    "embedly",
    "iframely",
    // Libraries.
    "curl/",
    "wget/",
    "python",
    "go-http-client",
    "java/",
    "okhttp",
    "libwww",
    "httpclient",
    "node-fetch",
    "axios/",
    "ruby",
    "php/",
];

/// The first rule that fits.
pub fn reason(method: &Method, headers: &HeaderMap) -> VisitReason {
    let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let agent = header(USER_AGENT.as_str()).unwrap_or_default();
    let says_otherwise =
        |name: &str, expected: &str| header(name).is_some_and(|value| value != expected);
    if *method == Method::HEAD {
        VisitReason::HeadOnly
    } else if AHEAD.iter().any(|name| headers.contains_key(*name)) {
        VisitReason::LooksAhead
    } else if agent.trim().is_empty() {
        VisitReason::NoAgent
    } else if is_program(agent) {
        VisitReason::KnownAgent
    } else if says_otherwise("sec-fetch-mode", "navigate")
        || says_otherwise("sec-fetch-dest", "document")
    {
        VisitReason::NoNavigation
    } else if header("sec-fetch-mode").is_none() && always_sends_metadata(agent) {
        VisitReason::NoFetchMetadata
    } else if !headers.contains_key(ACCEPT_LANGUAGE) {
        VisitReason::NoLanguage
    } else {
        VisitReason::Navigation
    }
}

fn is_program(agent: &str) -> bool {
    let agent = agent.to_ascii_lowercase().replace("cubot", "");
    PROGRAMS.iter().any(|name| agent.contains(name))
}

/// Whether a browser of this name sends `Sec-Fetch-Mode` with every request over https: Chromium
/// from 76, Firefox from 90, Safari from 16.4 (MDN, browser compatibility of `Sec-Fetch-Mode`).
fn always_sends_metadata(agent: &str) -> bool {
    let version = |mark: &str| {
        let (_, rest) = agent.split_once(mark)?;
        let mut numbers = rest.split(|c: char| !c.is_ascii_digit());
        let major: u32 = numbers.next()?.parse().ok()?;
        Some((major, numbers.next().and_then(|minor| minor.parse().ok()).unwrap_or(0)))
    };
    version("Chrome/").is_some_and(|version| version >= (76, 0))
        || version("Firefox/").is_some_and(|version| version >= (90, 0))
        || (agent.contains("Safari/")
            && !agent.contains("Chrome/")
            && version("Version/").is_some_and(|version: (u32, u32)| version >= (16, 4)))
}

#[cfg(test)]
mod tests {
    use actix_web::http::header::{HeaderName, HeaderValue};

    use super::*;

    const FIREFOX: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0";
    const CHROME: &str = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36";
    const SAFARI: &str = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Mobile/15E148 Safari/604.1";
    const OLD_SAFARI: &str = "Mozilla/5.0 (iPhone; CPU iPhone OS 15_8 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/15.6 Mobile/15E148 Safari/604.1";
    const IN_APP: &str = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148";
    const CUBOT: &str = "Mozilla/5.0 (Linux; Android 13; CUBOT P80) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Mobile Safari/537.36";

    /// The headers of a request; a name that is given as "" is left out.
    fn reason_of(method: &Method, agent: &str, more: &[(&str, &str)]) -> VisitReason {
        let mut all = vec![
            ("user-agent", agent),
            ("accept-language", "it-IT,it;q=0.8"),
            ("sec-fetch-mode", "navigate"),
            ("sec-fetch-dest", "document"),
        ];
        for (name, value) in more {
            all.retain(|(known, _)| known != name);
            all.push((name, value));
        }
        let mut headers = HeaderMap::new();
        for (name, value) in all.into_iter().filter(|(_, value)| !value.is_empty()) {
            headers
                .insert(HeaderName::try_from(name).unwrap(), HeaderValue::from_str(value).unwrap());
        }
        reason(method, &headers)
    }

    const BARE: [(&str, &str); 2] = [("sec-fetch-mode", ""), ("sec-fetch-dest", "")];

    #[test]
    fn sec_12_people_are_told_by_their_browsers() {
        for agent in [FIREFOX, CHROME, SAFARI, CUBOT] {
            assert_eq!(reason_of(&Method::GET, agent, &[]), VisitReason::Navigation, "{agent}");
        }
        for agent in [OLD_SAFARI, IN_APP] {
            let old = reason_of(&Method::GET, agent, &BARE);
            assert_eq!(old, VisitReason::Navigation, "never sent it: {agent}");
        }
    }

    #[test]
    fn sec_12_programs_are_told_by_what_they_say_and_by_what_they_leave_out() {
        type Case<'a> = (&'a str, &'a Method, &'a str, &'a [(&'a str, &'a str)], VisitReason);
        let cases: [Case<'_>; 12] = [
            ("HEAD", &Method::HEAD, FIREFOX, &[], VisitReason::HeadOnly),
            (
                "prefetch",
                &Method::GET,
                CHROME,
                &[("sec-purpose", "prefetch;prerender")],
                VisitReason::LooksAhead,
            ),
            (
                "old prefetch",
                &Method::GET,
                CHROME,
                &[("purpose", "prefetch")],
                VisitReason::LooksAhead,
            ),
            ("Firefox's", &Method::GET, FIREFOX, &[("x-moz", "prefetch")], VisitReason::LooksAhead),
            ("nameless", &Method::GET, "", &[], VisitReason::NoAgent),
            (
                "a fetch",
                &Method::GET,
                CHROME,
                &[("sec-fetch-mode", "cors")],
                VisitReason::NoNavigation,
            ),
            (
                "an image",
                &Method::GET,
                CHROME,
                &[("sec-fetch-dest", "image")],
                VisitReason::NoNavigation,
            ),
            ("no metadata", &Method::GET, FIREFOX, &BARE, VisitReason::NoFetchMetadata),
            ("no metadata", &Method::GET, CHROME, &BARE, VisitReason::NoFetchMetadata),
            ("no metadata", &Method::GET, SAFARI, &BARE, VisitReason::NoFetchMetadata),
            (
                "no language",
                &Method::GET,
                FIREFOX,
                &[("accept-language", "")],
                VisitReason::NoLanguage,
            ),
            (
                "the first rule",
                &Method::HEAD,
                "curl/8.5.0",
                &[("purpose", "prefetch")],
                VisitReason::HeadOnly,
            ),
        ];
        for (name, method, agent, more, expected) in cases {
            assert_eq!(reason_of(method, agent, more), expected, "{name}: {agent}");
        }
    }

    #[test]
    fn sec_12_scanners_and_previews_are_known_by_name() {
        for agent in [
            "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)",
            "Mozilla/5.0 (Windows NT 6.1; WOW64) SkypeUriPreview Preview/0.5",
            "WhatsApp/2.23.20.0 A",
            "TelegramBot (like TwitterBot)",
            "facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)",
            "Mozilla/5.0 (compatible; MSIE 7.0; Windows NT 5.1; Microsoft Office Existence Discovery)",
            "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; Googlebot/2.1; +http://www.google.com/bot.html) Chrome/142.0.0.0 Safari/537.36",
            "BarracudaCentral/1.0",
            "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/142.0.0.0 Safari/537.36",
            "curl/8.5.0",
            "python-requests/2.32.3",
            "Go-http-client/2.0",
            "Java/17.0.8",
        ] {
            assert_eq!(reason_of(&Method::GET, agent, &[]), VisitReason::KnownAgent, "{agent}");
        }
    }
}
