//! What the documents claim is there.

use std::collections::BTreeSet;

use crate::support::*;

/// The rows of docs/security.md: item, and the cells after it.
fn rows() -> Vec<(String, Vec<String>)> {
    let row = |line: &str| {
        let mut cells = line.trim_matches('|').split(" | ").map(|cell| cell.trim().to_owned());
        (cells.next().unwrap_or_default(), cells.collect())
    };
    let text = source("docs/security.md");
    let is_item = |line: &&str| line.trim_start_matches("| ").starts_with(char::is_numeric);
    text.lines().filter(is_item).map(row).collect()
}

/// What stands in code marks.
fn quoted(text: &str) -> Vec<String> {
    found("`([^`]+)`", text)
}

#[test]
fn every_item_of_the_security_table_stands_once_and_in_order_and_says_how_it_is_proved() {
    let mut last = Vec::new();
    for (item, cells) in rows() {
        let number: Vec<u32> =
            item.trim_end_matches('*').split('.').map(|part| part.parse().unwrap()).collect();
        assert!(number.len() == 3 && number > last, "{item} comes after {last:?}");
        last = number;
        assert!(cells.len() == 3 && cells.iter().all(|cell| !cell.is_empty()), "{item}: {cells:?}");
        let proof = &cells[2];
        let says = ["No test", "no test", "Not yet", "Operator", "Provider"];
        assert!(
            !quoted(proof).is_empty() || says.iter().any(|word| proof.contains(word)),
            "{item}: {proof}"
        );
    }
    assert!(rows().len() > 150, "{}", rows().len());
}

#[test]
fn every_test_that_the_security_table_cites_exists() {
    let tests: BTreeSet<String> = files_below("tests", "rs")
        .into_iter()
        .chain(files_below("src", "rs"))
        .flat_map(|path| found(r"#\[(?:actix_web::)?test\]\s+(?:async )?fn (\w+)\(", &source(path)))
        .collect();
    assert!(tests.len() > 200, "{}", tests.len());
    for (item, cells) in rows() {
        for name in quoted(&cells[2]) {
            assert!(tests.contains(&name), "{item} cites {name}, which is no test");
        }
    }
}

#[test]
fn every_file_that_the_security_table_names_exists() {
    let mut names = 0;
    for (item, cells) in rows() {
        for name in quoted(&cells[1]) {
            let name = name.split_whitespace().next().unwrap_or_default();
            let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
            let is_rust = std::path::Path::new(name).extension().is_some_and(|kind| kind == "rs");
            if name.starts_with('/') || !(name.contains('/') || is_rust) {
                continue;
            }
            assert!(
                root.join(name).exists() || root.join("src").join(name).exists(),
                "{item}: {name}"
            );
            names += 1;
        }
    }
    assert!(names > 60, "{names}");
}
