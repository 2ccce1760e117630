//! Every page that somebody reaches, taken from the table of all addresses: valid, accessible in both
//! colour schemes, nothing cut off at 320 px in any language or on paper, the focus always in sight,
//! nothing that moves while it loads or does nothing without scripts, the way out on each, no complaint of
//! the browser, no more bytes and requests than a page may have. Pictures are in `tests/output/pages`.

use central::web::Audience;

use super::accessibility::another_person;
use super::driver::Driver;
use super::look::{Look, axe};
use super::support::{ADA, ANNA, CARLA, IRENE, SOFIA, TOM};
use super::validity::Pages;
use super::{skip, start};

#[path = "../it/access/ids.rs"]
#[expect(dead_code, clippy::unwrap_used, reason = "a helper of tests/it, which uses the rest")]
mod ids;
#[path = "../it/access/personas.rs"]
#[expect(dead_code, reason = "tests/it uses the rest")]
mod personas;
#[path = "../it/access/routes.rs"]
#[expect(dead_code, reason = "tests/it uses the rest")]
mod routes;

use ids::Ids;
use personas::Persona;
use routes::ROUTES;

/// How far the page's parts moved while it loaded, as browsers add it up, and which ones.
const MOVED: &str = r"
    const done = arguments[0];
    const moves = [];
    new PerformanceObserver(list => moves.push(...list.getEntries()))
        .observe({ type: 'layout-shift', buffered: true });
    const name = ({ node }) => node?.nodeType === 1 ? [node.localName, ...node.classList].join('.') : String(node?.nodeName);
    const told = () => moves.map(move => `${move.value} (${move.sources.map(name).join(' ')})`).join(', ');
    requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(() => done(told()), 20)));
";
/// Bytes and requests of the page with all that it loads, as they come over the wire, or came before.
const WEIGHT: &str = r"
    const all = [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')];
    return [all.reduce((sum, entry) => sum + entry.encodedBodySize, 0), all.length];
";
const TRANSLATIONS: [&str; 3] = ["it", "es", "fr"];
const SIGN_OUT: &str = "form[action='/sign-out'] button";
/// Of a page of the backoffice.
const BYTES_MAX: f64 = 60.0 * 1024.0;
/// Of what customers meet.
const PUBLIC_BYTES_MAX: f64 = 30.0 * 1024.0;
const REQUESTS_MAX: f64 = 8.0;

#[actix_web::test]
async fn what_everybody_and_owners_reach() {
    look_at("pages-of-owners", &[(Persona::Nobody, ""), (Persona::Owner, ANNA)]).await;
}

#[actix_web::test]
async fn what_the_platforms_people_reach() {
    let people = [
        (Persona::SuccessManager, SOFIA),
        (Persona::PlatformAccountant, IRENE),
        (Persona::Support, TOM),
        (Persona::Administrator, ADA),
    ];
    look_at("pages-of-staff", &people).await;
}

/// At the pages of these people, each where the first of them reaches it. `name`: of no other test's.
async fn look_at(name: &str, people: &[(Persona, &str)]) {
    let axe = match axe() {
        Ok(axe) => axe,
        Err(reason) => return skip(reason),
    };
    let html = match Pages::none(name) {
        Ok(html) => html,
        Err(reason) => return skip(&reason),
    };
    let Some((app, browser)) = start(true).await else { return };
    let ids = Ids::make(&app, &mut app.sign_in(CARLA).await).await;
    let (mut look, mut seen) = (Look::new(&browser, axe), Vec::new());
    for (persona, subject) in people {
        let mut reader =
            if subject.is_empty() { app.browser() } else { app.sign_in(subject).await };
        if !subject.is_empty() {
            another_person(&app, &browser, subject).await;
        }
        // First what asks for a sign-in of the last minutes.
        let mut pages: Vec<_> = ROUTES.iter().filter(|page| page.0 == "GET").collect();
        pages.sort_by_key(|page| !page.1.ends_with("/new"));
        for (_, path, audience) in pages {
            // A letter is no page, and has its styles in it; what staff and merchants share looks
            // different to each.
            let is_seen = path.ends_with("/mail") || (*path != "/" && seen.contains(path));
            if is_seen || !persona.may(*audience) {
                continue;
            }
            let page = reader.get(&ids.fill(path)).await;
            let kind = page.header("content-type").unwrap_or_default();
            if page.status != 200 || !kind.starts_with("text/html") || page.body.is_empty() {
                continue;
            }
            seen.push(path);
            browser.look(390, false).await;
            browser.open(&app.browser().url(&ids.fill(path))).await;
            let name = format!("{persona:?} {path}");
            html.add(&name, &page.body);
            assert!(
                !browser.url().await.contains("/sign-in/again"),
                "{name}: signed in too long ago"
            );
            weigh(&mut look, &browser, &name, *persona == Persona::Nobody).await;
            look.at(&name, &[(390, false), (1440, true)], &[320, 390, 768, 1440]).await;
            if *audience != Audience::Public && page.texts(SIGN_OUT).is_empty() {
                look.found.push(format!("{name}: no way to sign out"));
            }
            in_other_ways(&mut look, &browser, &name, &app.browser().url(&ids.fill(path))).await;
            for lang in TRANSLATIONS {
                reader = reader.speaking(lang);
                html.add(&format!("{name} {lang}"), &reader.get(&ids.fill(path)).await.body);
            }
            reader = reader.speaking("en");
        }
    }
    assert!(seen.len() > 20, "only {} pages were looked at", seen.len());
    // What was not found would have been found.
    browser.run("document.body.prepend(document.createElement('h1'))").await;
    assert_ne!(browser.run_async(MOVED).await, "");
    look.found.extend(html.faults());
    html.add("a bad one", "<!doctype html><title>Bad</title><p><b><div></div></b>");
    assert!(html.faults().iter().any(|fault| fault.contains("a bad one")));
    look.found_nothing();
}

/// On paper, without scripts, in the other languages; keeps pictures in one of them.
async fn in_other_ways(look: &mut Look<'_>, browser: &Driver, name: &str, url: &str) {
    look.on_paper(name).await;
    browser.let_scripts_run(false).await;
    browser.open(url).await;
    look.without_scripts(name).await;
    browser.let_scripts_run(true).await;
    for lang in TRANSLATIONS {
        browser.speak(lang).await;
        browser.open(url).await;
        look.in_language(name, lang).await;
        if lang == "it" {
            let file = name.to_lowercase().replace(['/', ' ', '{', '}'], "-");
            browser.shot_of_all(&format!("pages/{file}-wide")).await;
            browser.look(390, true).await;
            browser.shot_of_all(&format!("pages/{file}-phone-dark")).await;
        }
    }
    browser.speak("en").await;
}

/// What came, and whether it stayed where it was.
async fn weigh(look: &mut Look<'_>, browser: &Driver, name: &str, is_public: bool) {
    let moved = browser.run_async(MOVED).await;
    if moved != "" {
        look.found.push(format!("{name}: moved by {moved} while it loaded"));
    }
    let weight = browser.run(WEIGHT).await;
    let (bytes, requests): (f64, f64) =
        serde_json::from_value(weight.clone()).expect("two numbers");
    let most = if is_public { PUBLIC_BYTES_MAX } else { BYTES_MAX };
    if bytes > most || bytes == 0.0 || requests > REQUESTS_MAX {
        look.found.push(format!("{name}: {weight} bytes and requests"));
    }
}
