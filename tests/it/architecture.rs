//! Who may use whom, and where what may stand. The lists in this file are the rule; a new edge is a
//! new word here.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use crate::support::*;

/// Module → the modules of ours that it may use, besides itself.
const FLOOR: [(&str, &[&str]); 14] = [
    ("kernel", &[]),
    ("crypto", &["kernel"]),
    ("config", &["kernel", "crypto"]),
    ("traces", &["kernel", "config"]),
    // When a job last ended well; what is timed is a step of a trace, too.
    ("metrics", &["kernel", "traces"]),
    ("db", &["kernel", "metrics", "traces"]),
    ("auth", &["kernel", "db", "crypto", "config", "metrics", "traces"]),
    // The words of an attempt are those of a column.
    ("gateway", &["kernel", "db", "crypto", "config", "metrics"]),
    ("mail", &["kernel", "db", "config", "metrics", "traces"]),
    ("jobs", &["kernel", "db", "config", "metrics", "traces"]),
    ("pdf", &["kernel"]),
    // The status of a transaction is an attempt's.
    ("settlement", &["kernel", "db", "auth", "gateway"]),
    ("store", &["kernel", "db", "config"]),
    ("web", &["kernel", "db", "auth", "gateway", "crypto", "metrics", "store", "traces"]),
];

/// What every slice may use.
const BELOW_SLICES: [&str; 13] = [
    "kernel",
    "crypto",
    "config",
    "db",
    "auth",
    "gateway",
    "mail",
    "jobs",
    "metrics",
    "pdf",
    "settlement",
    "store",
    "web",
];

/// Slice → the slices that it may use, one way.
const SLICES: &[(&str, &[&str])] = &[
    ("access_tokens", &[]),
    ("activity", &["exports"]),
    // Each slice describes its own part of the API.
    ("api", &["documents", "email_payments"]),
    // It does to many what each one's page does to one.
    ("bulk_actions", &["email_payments"]),
    // Its previews are the letters themselves.
    ("confirmations", &["email_payments"]),
    ("documents", &["exports", "notifications", "statements", "views"]),
    // Whether there are any, and which methods their pages offer; what a wallet's customers pay in.
    ("email_payments", &["exports", "features", "notifications", "views", "wallets"]),
    ("exports", &["views"]),
    // What the gateway offers stands beside what is switched on.
    ("features", &["gateway_accounts", "wallets"]),
    ("gateway_accounts", &[]),
    // It tells of everything, and changes nothing.
    ("home", &["documents", "email_payments", "merchants", "tickets", "transactions"]),
    // It makes payments by the rules of the form.
    ("imports", &["email_payments", "features"]),
    ("merchants", &[]),
    ("notifications", &[]),
    // Its previews are the letters themselves.
    ("page_settings", &["email_payments", "gateway_accounts"]),
    ("payment_page", &["email_payments"]),
    // Language and appearance are the start page's.
    ("profile", &["home"]),
    // What its transactions follow, and whom to tell.
    ("reconciliation", &["email_payments", "wallets"]),
    ("sessions", &[]),
    ("sign_in", &[]),
    ("statements", &[]),
    ("team", &["access_tokens", "merchants", "sign_in"]),
    // What a ticket is about is shown to who answers it.
    ("tickets", &["documents", "email_payments", "notifications", "transactions"]),
    // What is done to a transaction is told to the payment that it is of; how many differences there are.
    ("transactions", &["email_payments", "exports", "reconciliation", "views"]),
    ("views", &[]),
    ("wallets", &[]),
];

/// They may use anything, or nearly.
const TOP: [&str; 5] = ["server", "sandbox", "demo", "cli", "main"];

/// A source without its comments, and without its unit tests.
fn code(path: &Path) -> String {
    let text = source(path);
    let text = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default().to_owned();
    let lines = text.lines().filter(|line| !line.trim_start().starts_with("//"));
    lines.collect::<Vec<_>>().join("\n")
}

fn module_of(path: &Path) -> String {
    let first = path.strip_prefix("src").unwrap().iter().next().unwrap().to_string_lossy();
    first.trim_end_matches(".rs").to_owned()
}

/// Every `crate::…` of a text, as paths; what stands in braces once each.
fn paths(code: &str) -> BTreeSet<String> {
    let mut all = BTreeSet::new();
    for start in code.match_indices("crate::").map(|(at, word)| at + word.len()) {
        let rest = &code[start..];
        if let Some(list) = rest.strip_prefix('{') {
            let mut depth = 1;
            let mut item = String::new();
            for c in list.chars() {
                match c {
                    '{' => depth += 1,
                    '}' => depth -= 1,
                    ',' if depth == 1 => {
                        all.insert(std::mem::take(&mut item).trim().to_owned());
                        continue;
                    }
                    _ => {}
                }
                if depth == 0 {
                    break;
                }
                item.push(c);
            }
            all.insert(item.trim().to_owned());
        } else {
            let end = rest.find(|c: char| c != ':' && c != '_' && !c.is_ascii_alphanumeric());
            all.insert(rest[..end.unwrap_or(rest.len())].to_owned());
        }
    }
    all.remove("");
    all
}

fn first_word(path: &str) -> &str {
    path.split(|c: char| c != '_' && !c.is_ascii_alphanumeric()).next().unwrap_or_default()
}

/// Module → modules that its sources name.
fn edges() -> BTreeMap<String, BTreeSet<String>> {
    let mut edges: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for path in files_below("src", "rs").iter().filter(|path| !path.ends_with("lib.rs")) {
        let module = module_of(path);
        let used = paths(&code(path))
            .iter()
            .map(|path| first_word(path).to_owned())
            .collect::<BTreeSet<_>>();
        let used = used.into_iter().filter(|used| *used != module);
        edges.entry(module.clone()).or_default().extend(used);
    }
    edges
}

#[test]
fn every_module_uses_only_what_its_line_names() {
    let edges = edges();
    let known: BTreeSet<&str> = FLOOR
        .iter()
        .map(|(name, _)| *name)
        .chain(SLICES.iter().map(|(name, _)| *name))
        .chain(TOP)
        .collect();
    let there: BTreeSet<&str> = edges.keys().map(String::as_str).collect();
    assert_eq!(there, known, "each module has a line");
    for (module, used) in &edges {
        let allowed: BTreeSet<&str> = match module.as_str() {
            "sandbox" => ["kernel"].into(),
            "server" => known
                .iter()
                .copied()
                .filter(|name| !["sandbox", "demo", "cli", "main"].contains(name))
                .collect(),
            "demo" | "cli" | "main" => continue,
            slice if SLICES.iter().any(|(name, _)| *name == slice) => {
                let own =
                    SLICES.iter().find(|(name, _)| *name == slice).map_or(&[][..], |(_, to)| *to);
                BELOW_SLICES.iter().chain(own).copied().collect()
            }
            floor => FLOOR
                .iter()
                .find(|(name, _)| *name == floor)
                .map_or(&[][..], |(_, to)| *to)
                .iter()
                .copied()
                .collect(),
        };
        for name in used {
            assert!(allowed.contains(name.as_str()), "{module} uses {name}");
        }
    }
    for (slice, allowed) in SLICES.iter().copied() {
        for to in allowed {
            assert!(edges[slice].contains(*to), "{slice} → {to} is listed and not there");
        }
    }
}

/// Whether a way leads from one module to another.
fn leads(
    edges: &BTreeMap<String, BTreeSet<String>>,
    from: &str,
    to: &str,
    seen: &mut BTreeSet<String>,
) -> bool {
    let Some(next) = edges.get(from) else { return false };
    next.iter()
        .any(|next| next == to || (seen.insert(next.clone()) && leads(edges, next, to, seen)))
}

#[test]
fn no_two_modules_use_each_other() {
    let edges = edges();
    for module in edges.keys().filter(|module| !["demo", "cli", "main"].contains(&module.as_str()))
    {
        assert!(!leads(&edges, module, module, &mut BTreeSet::new()), "a circle through {module}");
    }
}

#[test]
fn a_slice_is_entered_through_its_front_door() {
    for (slice, _) in SLICES {
        let door = source(format!("src/{slice}/mod.rs"));
        assert_eq!(
            found(r"(?m)^pub(?:\(crate\))? mod (\w+);", &door),
            Vec::<String>::new(),
            "{slice}"
        );
        assert!(door.starts_with("//! "), "{slice} says what it is");
        // The routes of a slice that works for lists of others depend on the list.
        assert!(!found(r"pub fn routes(?:<.+>)?\((r: &mut Routes)\)", &door).is_empty(), "{slice}");
    }
}

/// Files whose text matches, outside tests.
fn files_with(pattern: &str, files: Vec<std::path::PathBuf>) -> BTreeSet<String> {
    let pattern = regex::Regex::new(pattern).unwrap();
    let matching = files
        .into_iter()
        .filter(|path| !path.ends_with("tests.rs") && pattern.is_match(&code(path)));
    matching.map(|path| path.display().to_string()).collect()
}

fn none() -> BTreeSet<String> {
    BTreeSet::new()
}

#[test]
fn pages_are_made_in_web_and_in_slices_only() {
    let pages = files_with(r"\baskama\b|text/html", files_below("src", "rs"));
    let below = ["kernel", "crypto", "config", "db", "auth", "gateway", "mail", "jobs"];
    let wrong = pages.iter().filter(|path| below.contains(&module_of(Path::new(path)).as_str()));
    assert_eq!(wrong.collect::<Vec<_>>(), Vec::<&String>::new());
}

#[test]
fn statements_stand_where_statements_stand() {
    let homes = [
        "queries.rs",
        "told.rs",
        "lookups.rs",
        "commands.rs",
        "history.rs",
        "outcome.rs",
        "outcome/asking.rs",
        "outcome/attempts.rs",
        "prepare.rs",
        "mails.rs",
        "filter.rs",
        "texts.rs",
        "totals.rs",
        "outbox.rs",
    ];
    let wrong: Vec<String> = files_with(
        r"sql_query\(|insert_into\(|diesel::(update|delete)\(|\.for_update\(\)|batch_execute",
        files_below("src", "rs"),
    )
    .into_iter()
    .filter(|path| {
        !homes.iter().any(|home| path.ends_with(home))
            && !path.contains("/commands/")
            && !["src/auth/", "src/db/", "src/demo/seed", "src/store/"]
                .iter()
                .any(|home| path.starts_with(home))
    })
    .collect();
    assert_eq!(wrong, Vec::<String>::new());
    let pages = files_with(r"\bschema::", files_below("src", "rs"));
    assert_eq!(pages.iter().filter(|path| path.contains("pages")).count(), 0, "{pages:?}");
}

#[test]
fn time_environment_and_floats_have_one_place_or_none() {
    let sources = || files_below("src", "rs");
    assert_eq!(
        files_with(r"\b(Utc|Local)::now\(", sources()),
        ["src/kernel/clock.rs".to_owned()].into()
    );
    assert_eq!(files_with(r"SystemTime::now\(", sources()), none());
    assert_eq!(
        files_with(r"\benv::(var|vars|var_os)\b", sources()),
        ["src/config.rs".to_owned()].into()
    );
    let floats = files_with(r"\bf(32|64)\b", sources());
    // Places on a page; amounts of money come there as texts. Seconds of the figures.
    let outside = floats.iter().filter(|path| {
        !["/sandbox/", "/demo/", "src/pdf/", "src/metrics.rs"]
            .iter()
            .any(|place| path.contains(place))
    });
    assert_eq!(outside.collect::<Vec<_>>(), Vec::<&String>::new());
}

#[test]
fn the_product_does_not_know_that_there_is_a_demo() {
    let gated = files_with(r#"feature = "demo"|\bis_demo\b"#, files_below("src", "rs"));
    let allowed = ["src/cli.rs", "src/lib.rs"].map(str::to_owned).into();
    assert!(gated.is_subset(&allowed), "{gated:?}");
}

fn pages() -> Vec<std::path::PathBuf> {
    let own = |path: &std::path::PathBuf| {
        !path.starts_with("templates/mail") && !path.starts_with("templates/sandbox")
    };
    files_below("templates", "html").into_iter().filter(own).collect()
}

#[test]
fn sec_02_templates_hold_no_script_no_style_and_nothing_that_is_not_escaped() {
    assert_eq!(files_with(r"\|\s*safe\b|escape\s*=", files_below("templates", "html")), none());
    assert_eq!(files_with(r"\|\s*safe\b", files_below("templates", "txt")), none());
    assert_eq!(files_with(r"\sstyle=|<style", pages()), none());
    assert_eq!(files_with(r#"[\s"']on[a-z]+="#, pages()), none());
    for path in pages() {
        for script in source(&path).split("<script").skip(1) {
            let (head, rest) = script.split_once('>').unwrap();
            assert!(head.contains(" src=\"{{ crate::web::asset(") && rest.starts_with("</script>"));
        }
    }
    assert_eq!(
        files_with(
            r#"(href|src|action)="(javascript|data|https?):|<iframe|<object|<embed"#,
            pages()
        ),
        none()
    );
    for path in pages() {
        let text = source(&path);
        assert_eq!(
            text.matches(" target=\"_blank\"").count(),
            text.matches(" target=\"_blank\" rel=\"noopener\"").count(),
            "{}",
            path.display()
        );
    }
}

#[test]
fn every_form_that_needs_a_token_has_one() {
    for path in pages() {
        let text = source(&path);
        for form in text.split("<form").skip(1) {
            let form = form.split("</form>").next().unwrap();
            let head = form.split('>').next().unwrap();
            let without = [
                "action=\"/sign-in\"",
                "action=\"/display\"",
                "action=\"/pay/{{ token }}\"",
                "action=\"/pay/{{ token }}/reminders\"",
                "action=\"/invitations/{{ token }}\"",
                "action=\"/email-changes/{{ token }}\"",
                "action=\"/email-changes/{{ token }}/cancellation\"",
                "action=\"/unsubscribe/{{ token }}\"",
                "action=\"/unsubscribe/{{ token }}/undo\"",
            ];
            if head.contains("method=\"post\"")
                && !without.iter().any(|action| head.contains(action))
            {
                assert!(form.contains("name=\"_csrf\""), "{}: {head}", path.display());
            }
        }
    }
}

#[test]
fn every_file_and_icon_that_is_named_exists() {
    let sprite = source("static/icons.svg");
    let icons: BTreeSet<String> =
        found(r#"<symbol[^>]* id="([^"]+)""#, &sprite).into_iter().collect();
    assert!(icons.len() > 20, "{icons:?}");
    let (mut assets, mut names) = (BTreeSet::new(), BTreeSet::new());
    let literal = r#""([a-z][a-z0-9-]*)""#;
    for path in files_below("src", "rs").into_iter().chain(files_below("templates", "html")) {
        if path.starts_with("src/sandbox") || path.starts_with("templates/sandbox") {
            continue;
        }
        let text = code(&path);
        assets.extend(found(r#"\basset\("([^"]+)"\)"#, &text));
        // `Icon(…)`, `icon(…)`, `act(…)`: the words in the parentheses.
        for (at, word) in
            ["Icon(", "icon(", " act("].into_iter().flat_map(|word| text.match_indices(word))
        {
            let mut depth = 1;
            let inside: String = text[at + word.len()..]
                .chars()
                .take_while(|c| {
                    depth += i32::from(*c == '(') - i32::from(*c == ')');
                    depth > 0
                })
                .collect();
            let first = if word == " act(" {
                inside.split(',').next().unwrap_or_default()
            } else {
                &inside
            };
            names.extend(found(literal, first));
        }
        // `(icon, words, tone)` of a status or an event.
        if text.contains("Icon(icon)") {
            names.extend(found(r#"\(\s*"([a-z][a-z0-9-]*)",\s"#, &text));
        }
    }
    assert!(assets.len() >= 5 && names.len() > 25, "{assets:?} {names:?}");
    for asset in assets {
        assert!(!central::web::asset(&asset).is_empty(), "static/{asset} is missing");
    }
    for name in &names {
        assert!(icons.contains(name), "no icon is called {name}");
    }
}
