//! What a page's own statements take in Postgres, by its log, at two sizes of a table.

use crate::support::{Browser, Explained, TestApp};

const REPEATS: usize = 5;
/// Times that must not grow with the table: at most so many times, or half a millisecond more.
const STEADY: f64 = 1.3;
/// All others, in ms.
const OTHERS: f64 = 60.0;
/// Totals, in ms: where the time of the page must stay as it is, and of all others.
const TOTALS: (f64, f64) = (10.0, 300.0);

/// What a page takes, in ms: its totals apart.
#[derive(Clone, Copy)]
pub struct Takes {
    rows: f64,
    totals: f64,
}

/// A list, who asks for it, and Postgres's log.
pub struct Asked {
    browser: Browser,
    page: &'static str,
    /// What the statements that count read from.
    table: &'static str,
    log: Explained,
    me: String,
}

impl Asked {
    /// `me`: what stands in a question for `{me}`.
    pub async fn start(
        app: &TestApp,
        mut browser: Browser,
        page: &'static str,
        table: &'static str,
        me: String,
    ) -> Self {
        let log = Explained::start(app, &mut browser, page, false).await;
        Self { browser, page, table, log, me }
    }

    /// What the statements about the table take together: the median.
    pub async fn takes(&mut self, query: &str) -> Takes {
        let url = format!("{}?{}", self.page, query.replace("{me}", &self.me));
        self.at(&url).await
    }

    async fn at(&mut self, url: &str) -> Takes {
        let (mut rows, mut totals) = (Vec::new(), Vec::new());
        for _ in 0..REPEATS {
            self.log.statements(self.table);
            let page = self.browser.get(url).await;
            assert_eq!(page.status, 200, "{url}");
            let written = self.log.statements(self.table);
            assert!(!written.is_empty(), "{url}: nothing is in the log");
            let sum = |is_total: bool| -> f64 {
                let of_kind = written.iter().filter(|s| s.text.contains("sum(") == is_total);
                of_kind.map(|s| s.milliseconds).sum()
            };
            rows.push(sum(false));
            totals.push(sum(true));
        }
        Takes { rows: median(rows), totals: median(totals) }
    }

    /// A page that only paging leads to, so many pages further.
    pub async fn after(&mut self, pages: usize) -> Takes {
        let mut url = self.page.to_owned();
        for _ in 0..pages {
            url = self.browser.get(&url).await.attribute(".pager a[rel=next]", "href");
        }
        self.at(&url).await
    }
}

fn median(mut times: Vec<f64>) -> f64 {
    times.sort_by(f64::total_cmp);
    times.get(times.len() / 2).copied().unwrap_or_default()
}

/// Prints the times at two sizes beside each other.
pub struct Table {
    missed: u32,
}

impl Table {
    pub fn begin(small: i64, large: i64) -> Self {
        println!(
            "{:<30}{small:>11}{large:>11}{:>8}{:>18}",
            "in Postgres, ms", "ratio", "totals, larger"
        );
        Self { missed: 0 }
    }

    /// `is_steady`: whether the time must stay as it is.
    pub fn line(&mut self, name: &str, before: Takes, after: Takes, is_steady: bool) {
        let is_met = if is_steady {
            after.rows <= before.rows * STEADY || after.rows <= before.rows + 0.5
        } else {
            after.rows <= OTHERS
        };
        let is_met = is_met && after.totals <= if is_steady { TOTALS.0 } else { TOTALS.1 };
        self.missed += u32::from(!is_met);
        let mark = if is_met { "" } else { "  missed" };
        println!(
            "{name:<30}{:>11.2}{:>11.2}{:>8.1}{:>18.2}{mark}",
            before.rows,
            after.rows,
            after.rows / before.rows,
            after.totals
        );
    }

    pub fn end(self) {
        println!("{} missed", self.missed);
    }
}
