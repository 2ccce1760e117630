//! Where a sign-in goes on: only to a page of ours (SEC-6).

use actix_web::dev::ResourceDef;
use actix_web::http::Method;

use super::routes::Route;

/// A hundred picked rows of a list, and what was typed about them.
const BYTES_MAX: usize = 6 * 1024;

/// The wanted path with its query, if it is one that a `GET` of ours answers; else `/`. One slash
/// and no second one, nor a backslash; visible ASCII; at most 6 KiB; no page of the sign-in
/// itself, which would turn in a circle.
#[must_use]
pub fn safe(wanted: &str, routes: &[Route]) -> String {
    if is_local(wanted) && is_known(wanted, routes) { wanted.to_owned() } else { "/".to_owned() }
}

/// The wanted path, if it stays on this site; else `/`.
#[must_use]
pub fn local(wanted: &str) -> String {
    if is_local(wanted) { wanted.to_owned() } else { "/".to_owned() }
}

/// Whether a browser that follows `wanted` stays on this site.
fn is_local(wanted: &str) -> bool {
    let mut bytes = wanted.bytes();
    bytes.next() == Some(b'/')
        && bytes.next() != Some(b'/')
        && wanted.len() <= BYTES_MAX
        && wanted.bytes().all(|byte| (0x21..0x7f).contains(&byte) && byte != b'\\')
}

fn is_known(wanted: &str, routes: &[Route]) -> bool {
    let path = wanted.split(['?', '#']).next().unwrap_or_default();
    let is_circle = path.starts_with("/sign-in") || path.starts_with("/signed-out");
    !is_circle
        && routes
            .iter()
            .filter(|route| route.method == Method::GET)
            .any(|route| ResourceDef::new(route.path).is_match(path))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use url::Url;

    fn safe(wanted: &str) -> String {
        super::safe(wanted, crate::server::routes().listing())
    }

    #[test]
    fn sec_06_pages_of_ours_are_returned_to() {
        for good in [
            "/",
            "/processing/email-payments?q=a&status=paid",
            "/processing/email-payments/01932f5e-0000-7000-8000-000000000000",
            "/display?return_to=%2F",
        ] {
            assert_eq!(safe(good), good);
        }
        let long = format!("/display?x={}", "x".repeat(7000));
        for bad in [
            "",
            "//evil.example",
            "/\\evil.example",
            "https://evil.example",
            "/display\r\nb",
            "/display b",
            "/sign-in",
            "/sign-in/callback?code=1",
            "/display\\b",
            "/nowhere",
            "/sign-out",
            &long,
        ] {
            assert_eq!(safe(bad), "/", "{bad:?}");
        }
    }

    proptest! {
        /// Whatever is wanted, a browser on our site stays on it.
        #[test]
        fn sec_06_no_text_leads_to_another_site(
            wanted in prop_oneof![
                any::<String>(),
                "[/\\\\.:@?#%a-z\t\r\n ]{0,40}",
                "/{0,3}[\\\\/]?(display|processing/email-payments)?[?#@:/\\\\.]{0,5}[a-z.@:/\\\\]{0,30}",
            ],
        ) {
            let ours = Url::parse("https://central.example/sign-in/callback").unwrap();
            let there = ours.join(&safe(&wanted)).unwrap();
            prop_assert_eq!(there.origin(), ours.origin(), "{:?}", wanted);
            prop_assert!(!there.path().starts_with("/sign-in"));
        }
    }
}
