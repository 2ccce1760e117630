//! What is wrong with a page's HTML, as far as a parser and the rules that pages break most can tell.

use std::collections::HashSet;

use scraper::{ElementRef, Html, Selector};

/// Those that hold words and what stands among them, no blocks (HTML Standard, phrasing content).
const OF_WORDS: &str =
    "p, span, strong, em, small, b, code, label, button, h1, h2, h3, h4, h5, h6, dt > a, time";
const BLOCKS: [&str; 26] = [
    "address",
    "article",
    "aside",
    "blockquote",
    "details",
    "dialog",
    "div",
    "dl",
    "fieldset",
    "figure",
    "footer",
    "form",
    "h1",
    "h2",
    "h3",
    "h4",
    "header",
    "hr",
    "main",
    "nav",
    "ol",
    "p",
    "pre",
    "section",
    "table",
    "ul",
];

/// What a page breaks of the HTML Standard: each fault once, in words.
pub fn faults(body: &str) -> Vec<String> {
    let page = Html::parse_document(body);
    let mut faults: Vec<String> =
        page.errors.iter().map(|error| format!("parser: {error}")).collect();
    let all = |selector: &str| -> Vec<ElementRef<'_>> {
        page.select(&Selector::parse(selector).expect("a selector")).collect()
    };

    let mut ids = HashSet::new();
    for element in all("[id]") {
        let id = element.attr("id").unwrap_or_default();
        if id.is_empty() || id.contains(char::is_whitespace) || !ids.insert(id) {
            faults.push(format!("the id {id:?} is empty, has a space or is there twice"));
        }
    }
    for name in [
        "for",
        "aria-labelledby",
        "aria-describedby",
        "aria-controls",
        "aria-errormessage",
        "headers",
        "form",
        "list",
    ] {
        for element in all(&format!("[{name}]")) {
            for id in element.attr(name).unwrap_or_default().split_whitespace() {
                if !ids.contains(id) {
                    faults.push(format!("{name} names {id:?}, which is nowhere"));
                }
            }
        }
    }
    for element in all(OF_WORDS) {
        let block = element
            .descendent_elements()
            .skip(1)
            .find(|inner| BLOCKS.contains(&inner.value().name()));
        if let Some(block) = block {
            faults.push(format!("<{}> inside <{}>", block.value().name(), element.value().name()));
        }
    }
    let pressed = "a[href], button, input, select, textarea, summary, label";
    for outer in ["a", "button"] {
        for element in all(&format!("{outer} :is({pressed})")) {
            faults.push(format!("<{}> inside <{outer}>", element.value().name()));
        }
    }
    for (parent, children) in [
        ("ul", &["li", "script", "template"][..]),
        ("ol", &["li", "script", "template"]),
        ("dl", &["dt", "dd", "div", "script", "template"]),
    ] {
        for child in all(&format!("{parent} > *")) {
            if !children.contains(&child.value().name()) {
                faults.push(format!("<{}> as a child of <{parent}>", child.value().name()));
            }
        }
    }
    for (selector, count) in
        [("head > title", 1), ("main", 1), ("h1", 1), ("html[lang]", 1), ("meta[charset]", 1)]
    {
        if all(selector).len() != count {
            faults.push(format!("{} of {selector}", all(selector).len()));
        }
    }
    for (selector, why) in [
        ("img:not([alt])", "a picture without words"),
        ("button:not([type])", "a button of no type"),
        ("[style], style", "a style in the page"),
        ("a:not([href])", "a link to nowhere"),
        ("center, font, big, strike, tt, [align], [bgcolor], [valign], td[width]", "obsolete"),
        ("label label, form form, table caption:not(:first-child)", "nested wrongly"),
    ] {
        for element in all(selector) {
            faults.push(format!("{why}: {}", opening(&element)));
        }
    }
    faults.sort();
    faults.dedup();
    faults
}

fn opening(element: &ElementRef<'_>) -> String {
    let html = element.html();
    html.split_inclusive('>').next().unwrap_or_default().to_owned()
}
