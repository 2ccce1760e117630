use super::*;

fn words(_: Lang, page: usize, pages: usize) -> String {
    format!("Page {page} of {pages}")
}

fn paper(rows: usize) -> Paper {
    let head = |words: &str, share, is_number| Head { words: words.to_owned(), share, is_number };
    let row = |number: usize, weight| Row {
        cells: vec![
            format!("Row {number}"),
            "Città d’Ogni, naïve – 東京".to_owned(),
            "−1.234,50".to_owned(),
        ],
        weight,
    };
    let mut all: Vec<Row> = (0..rows).map(|number| row(number, RowWeight::Plain)).collect();
    all.push(row(rows, RowWeight::Total));
    Paper {
        lang: Lang::It,
        title: "Fattura 2026-000001".to_owned(),
        author: "Esempio".to_owned(),
        issued_on: NaiveDate::from_ymd_opt(2026, 6, 8).unwrap(),
        foot: "Esempio".to_owned(),
        page_words: words,
        blocks: vec![
            Block::Head {
                from: "Esempio".to_owned(),
                number: "n. 1".to_owned(),
                title: "Fattura".to_owned(),
                words: String::new(),
            },
            Block::Heading("Estratto conto".to_owned()),
            Block::Table(Table {
                summary: "Rows".to_owned(),
                heads: vec![
                    head("Row", 300, false),
                    head("Words", 500, false),
                    head("Amount", 200, true),
                ],
                rows: all,
            }),
        ],
    }
}

#[test]
fn the_same_description_gives_the_same_bytes() {
    let paper = paper(120);
    let bytes = paper.render().unwrap();
    assert!(bytes.starts_with(b"%PDF-1.7"));
    assert_eq!(bytes, paper.render().unwrap());
}

#[test]
fn a_long_table_goes_on_over_pages_and_its_sum_is_never_alone() {
    let faces = fonts::faces().unwrap();
    // Every way in which a page can end falls between these.
    for rows in (1..3).chain(28..50) {
        let layout = compose::lay_out(&paper(rows), faces);
        let texts = |page: &Vec<compose::Op>| -> Vec<String> {
            let text = |op: &compose::Op| match op {
                compose::Op::Text { run, .. } => Some(run.text.clone()),
                compose::Op::Rule { .. } | compose::Op::Area { .. } => None,
            };
            page.iter().filter_map(text).collect()
        };
        for page in &layout.pages {
            let texts = texts(page);
            assert!(texts.contains(&"Amount".to_owned()), "{rows}: the head is repeated");
            let count = texts.iter().filter(|text| text.starts_with("Row ")).count();
            assert!(count >= 2 || layout.pages.len() == 1, "{rows}: {texts:?}");
        }
        let last = texts(layout.pages.last().unwrap());
        let count = layout.pages.len();
        assert!(last.contains(&format!("Page {count} of {count}")), "{last:?}");
    }
}

#[test]
fn what_the_font_does_not_have_is_marked() {
    let run = fonts::faces().unwrap().shape(fonts::Weight::Regular, "é\u{202f}€ 東");
    assert_eq!(run.text.replace(['\u{202f}', '\u{a0}'], "_"), "é_€ ?");
}

#[test]
fn what_a_reader_needs_is_in_the_file() {
    let bytes = paper(3).render().unwrap();
    let has = |mark: &str| bytes.windows(mark.len()).any(|window| window == mark.as_bytes());
    for mark in [
        "/StructTreeRoot",
        "/Marked true",
        "/Lang (it)",
        "/DisplayDocTitle true",
        "/FontFile3",
        "/ToUnicode",
        "/Outlines",
        "pdfuaid:part",
    ] {
        assert!(has(mark), "{mark}");
    }
    // Fonts come as subsets: six letters before their names.
    let text = String::from_utf8_lossy(&bytes);
    for name in ["+Inter-Regular", "+Inter-SemiBold"] {
        assert!(text.contains(name), "{name}");
    }
    assert!(!has("/Subtype /Image"), "nothing but text and rules");
}
