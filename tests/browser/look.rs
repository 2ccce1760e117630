//! A look at the page that is open: what axe-core finds, what is cut off, where the focus can't be seen,
//! what the browser complains about.

use std::sync::LazyLock;

use super::driver::Driver;
use super::npm::package;

const AXE: &str = "axe-core@4.14.1";

/// The rules of WCAG 2.0 to 2.2, levels A and AA; and good habits of pages.
const WCAG: &str = "'wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa'";
const RULES: &str = "'wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa', 'best-practice'";
/// Colours that are still changing from one scheme to the other say nothing: waits for them. Then asks
/// axe-core, which takes its rules in the place of `RULES`.
const CHECK: &str = r"
    const done = arguments[0];
    Promise.allSettled(document.getAnimations().map(a => a.finished)).then(() => axe.run(document, { runOnly: [RULES], resultTypes: ['violations'] }))
        .then(r => done(r.violations.map(v => v.id + ': ' + v.nodes.map(n => n.target.join(' ') + ' ' + (n.any[0]?.message ?? '')).join('; '))),
              e => done([String(e)]));
";

/// What sticks out, in words; nothing where nothing does.
const OVERFLOW: &str = r"
    const cut = document.documentElement.scrollWidth - innerWidth;
    const name = element => [element.localName, ...element.classList].join('.');
    const sticksOut = element => element.getBoundingClientRect().right > innerWidth + 0.5;
    return cut <= 0 ? '' : `${cut} px too wide: ` + [...document.querySelectorAll('body *')].filter(sticksOut).map(name).join(' ');
";

/// Widths, each with whether it is in dark colours.
const SIX_WAYS: [(u32, bool); 6] =
    [(1440, false), (390, false), (320, false), (1440, true), (390, true), (320, true)];

/// Rows that have more or fewer cells in sight than their table has heads.
const UNEVEN: &str = r"
    const inSight = element => getComputedStyle(element).display !== 'none';
    const cells = row => [...row.cells].filter(inSight).reduce((sum, cell) => sum + cell.colSpan, 0);
    const isTable = table => getComputedStyle(table).display === 'table' && table.tHead;
    return [...document.querySelectorAll('main table')].filter(isTable).flatMap(table => {
        const heads = cells(table.tHead.rows[0]);
        const rows = [...table.tBodies].flatMap(body => [...body.rows]).filter(inSight);
        return rows.filter(row => cells(row) !== heads).map(row => `${cells(row)} cells below ${heads} heads: ${row.innerText}`);
    }).slice(0, 3).join(', ');
";

/// What is of no use on paper, and what does nothing without scripts.
const OF_THE_SCREEN: &str = r"
    const stays = [...document.querySelectorAll('nav, .side, .top, .skip, .pager, button:not(.link-button), .btn, dialog')].filter(element => element.checkVisibility({ visibilityProperty: true, opacityProperty: true }));
    const back = getComputedStyle(document.body).backgroundColor;
    return [...stays.map(element => `${element.localName}.${element.className} ${element.innerText}`), ...back === 'rgb(255, 255, 255)' || back === 'rgba(0, 0, 0, 0)' ? [] : [back]].join(', ');
";
const DEAD: &str = r"
    const inSight = element => element.checkVisibility({ visibilityProperty: true });
    const dead = document.querySelectorAll('button[type=button]:not([popovertarget]), button:not([type]):not(form button), [data-pick-all], a:not([href])[class]');
    return [...dead].filter(inSight).map(element => `${element.localName}.${element.className} ${element.innerText}`).join(', ');
";

/// What takes the focus on its way through the page without a sign of it, or below something else.
const FOCUS: &str = r#"
    const stops = 'a[href], button, input, select, textarea, summary, iframe, [tabindex="0"]';
    const isStop = element => element.checkVisibility({ visibilityProperty: true }) && element.tabIndex >= 0 && !element.disabled;
    const name = element => [element.localName, ...element.classList].join('.') + (element.id && '#' + element.id);
    const isMarked = element => { const style = getComputedStyle(element); return style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2; };
    const around = element => element ? [element, ...around(element.parentElement)] : [];
    const wrong = element => {
        element.focus();
        if (document.activeElement !== element) return 'takes no focus';
        if (!around(element).slice(0, 3).some(isMarked)) return 'has the focus and no mark';
        const box = element.getClientRects()[0];
        // Where a strip that scrolls cuts it off, its beginning or its end is in sight.
        const across = [4, box.width / 2, box.width - 4].map(step => box.left + step);
        const down = (Math.max(box.top, 0) + Math.min(box.bottom, innerHeight)) / 2;
        const above = across.map(x => document.elementFromPoint(x, down));
        const isOn = on => on && (element.contains(on) || on.contains(element) || [...element.labels ?? []].some(label => label.contains(on)));
        return above.some(isOn) ? '' : `has the focus below ${above.map(on => on ? name(on) : 'nothing')}: ${element.innerText || element.value}`;
    };
    const told = [...document.querySelectorAll(stops)].filter(isStop).map(element => [name(element), wrong(element)]).filter(([, words]) => words);
    document.activeElement.blur();
    scrollTo(0, 0);
    return told.slice(0, 5).map(words => words.join(' ')).join(', ');
"#;

/// Looks, and keeps what was found.
pub struct Look<'a> {
    browser: &'a Driver,
    axe: &'a str,
    pub found: Vec<String>,
}

impl<'a> Look<'a> {
    pub const fn new(browser: &'a Driver, axe: &'a str) -> Self {
        Self { browser, axe, found: Vec::new() }
    }

    /// # Panics
    /// Where something was found.
    pub fn found_nothing(self) {
        let found = self.found;
        assert!(found.is_empty(), "{} findings:\n{}", found.len(), found.join("\n"));
    }

    /// At the page that is open, in all six ways; keeps a picture of it.
    pub async fn at_state(&mut self, name: &str) {
        self.at(name, &SIX_WAYS, &[1440, 390, 320]).await;
        self.browser.shot(&format!("axe-{}", name.replace(' ', "-"))).await;
        self.browser.look(1440, false).await;
    }

    /// `ways`: those in which axe-core looks; `widths`: where nothing may be cut off, tables be uneven, or the
    /// focus be out of sight.
    pub async fn at(&mut self, name: &str, ways: &[(u32, bool)], widths: &[u32]) {
        let browser = self.browser;
        browser.run(self.axe).await;
        for (width, is_dark) in ways {
            browser.look(*width, *is_dark).await;
            let scheme = if *is_dark { "dark" } else { "light" };
            self.ask_axe(RULES, &format!("{name}, {scheme}, {width} px")).await;
        }
        for width in widths {
            browser.look(*width, false).await;
            self.run(&[OVERFLOW, UNEVEN, FOCUS], &format!("{name}, {width} px")).await;
        }
        self.keep_complaints(name).await;
    }

    /// At the page as it is printed, from light and dark screens: ink on white, nothing of the screen's
    /// frame, nothing cut off.
    pub async fn on_paper(&mut self, name: &str) {
        self.browser.print(true).await;
        let place = format!("{name}, on paper");
        self.run(&[OVERFLOW, UNEVEN, OF_THE_SCREEN], &place).await;
        self.ask_axe("'color-contrast'", &place).await;
    }

    /// At the page that was opened without scripts: nothing in it that does nothing, nothing cut off.
    pub async fn without_scripts(&mut self, name: &str) {
        self.browser.look(390, false).await;
        self.run(&[OVERFLOW, DEAD], &format!("{name}, without scripts")).await;
    }

    /// At the page in another language: nothing cut off, no table uneven.
    pub async fn in_language(&mut self, name: &str, language: &str) {
        for width in [320, 768, 1440] {
            self.browser.look(width, false).await;
            self.run(&[OVERFLOW, UNEVEN], &format!("{name}, {language}, {width} px")).await;
        }
        // A payment's pages speak its customer's language.
        let said = self.browser.run("return document.documentElement.lang").await;
        if said != language && !name.contains("/pay/") {
            self.found.push(format!("{name}: {said} instead of {language}"));
        }
        self.keep_complaints(name).await;
    }

    /// At a mail: what WCAG asks of it, nothing cut off.
    pub async fn at_mail(&mut self, name: &str) {
        self.browser.run(self.axe).await;
        for (width, is_dark) in [(320, false), (640, true), (1280, false)] {
            self.browser.look(width, is_dark).await;
            let place = format!("{name}, {width} px");
            self.run(&[OVERFLOW], &place).await;
            self.ask_axe(WCAG, &place).await;
        }
    }

    /// Keeps what scripts say that is not nothing.
    async fn run(&mut self, scripts: &[&str], place: &str) {
        for script in scripts {
            let wrong = self.browser.run(script).await;
            if wrong != "" {
                self.found.push(format!("{place}: {wrong}"));
            }
        }
    }

    async fn ask_axe(&mut self, rules: &str, place: &str) {
        let violations = self.browser.run_async(&CHECK.replace("RULES", rules)).await;
        for violation in violations.as_array().into_iter().flatten() {
            self.found.push(format!("{place}: {violation}"));
        }
    }

    async fn keep_complaints(&mut self, name: &str) {
        // A form with faults is a page with a status of 4xx, which Chromium tells as an error.
        let complaints = self.browser.complaints().await;
        let ours = complaints.iter().filter(|words| !words.contains("Failed to load resource"));
        self.found.extend(ours.map(|words| format!("{name}: {words}")));
    }
}

/// axe-core's text.
pub fn axe() -> Result<&'static str, &'static str> {
    static TEXT: LazyLock<Result<String, String>> = LazyLock::new(|| {
        let file = package(AXE)?.join("node_modules/axe-core/axe.min.js");
        std::fs::read_to_string(&file).map_err(|error| format!("{}: {error}", file.display()))
    });
    TEXT.as_deref().map_err(String::as_str)
}
