//! What Postgres writes into its log about the statements of a page.

use std::fs::File;
use std::io::{Read as _, Seek as _, SeekFrom};

use diesel::prelude::*;
use serde_json::Value;

use super::{Browser, TestApp, cluster};

/// The log, from where it was read last, and the database whose statements are looked for.
pub struct Explained(File, String);

/// A statement that was run.
pub struct Statement {
    pub text: String,
    pub milliseconds: f64,
    pub plan: Value,
}

impl Statement {
    /// Steps of the plan that read more rows of a table than `most`.
    pub fn walks(&self, most: u64) -> Vec<String> {
        let mut found = Vec::new();
        walked(&self.plan, most, &mut found);
        found.iter().map(|fault| format!("{fault}: {:.60}", self.text)).collect()
    }

    /// What is wrong with the plan: it reads a table from end to end, or sorts more than [`SORTED_MAX`]
    /// rows. Told with the time it took and its conditions.
    pub fn faults(&self, table: &str) -> Option<String> {
        let found = faults(&self.plan, table);
        let conditions = self.text.split_once(" FROM ").map_or("", |(_, conditions)| conditions);
        let told = format!("{} in {} ms: {conditions}", found.join(", "), self.milliseconds);
        (!found.is_empty()).then_some(told)
    }
}

/// The most rows that a list's plan may sort.
const SORTED_MAX: u64 = 10_000;

fn faults(plan: &Value, table: &str) -> Vec<String> {
    let text = |name: &str| plan.get(name).and_then(Value::as_str).unwrap_or_default();
    let below = plan.get("Plans").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    let mut found = Vec::new();
    if text("Node Type") == "Seq Scan" && text("Relation Name") == table {
        found.push("reads the whole table".to_owned());
    }
    if text("Node Type") == "Sort" {
        let of = |name: &str| below.first().and_then(|step| step.get(name)?.as_u64());
        let told = of("Actual Rows").zip(of("Actual Loops"));
        let rows = told.map(|(rows, loops)| rows * loops).expect("what a step below a sort gave");
        if rows > SORTED_MAX {
            found.push(format!("sorts {rows} rows"));
        }
    }
    found.extend(below.iter().flat_map(|plan| faults(plan, table)));
    found
}

fn walked(plan: &Value, most: u64, found: &mut Vec<String>) {
    let number = |name: &str| plan.get(name).and_then(Value::as_u64).unwrap_or_default();
    let text = |name: &str| plan.get(name).and_then(Value::as_str).unwrap_or_default();
    let read = number("Actual Loops")
        * (number("Actual Rows")
            + number("Rows Removed by Filter")
            + number("Rows Removed by Index Recheck"));
    let relation = text("Relation Name");
    if !relation.is_empty() && read > most {
        found.push(format!("{} reads {read} rows of {relation}", text("Node Type")));
    }
    for below in plan.get("Plans").and_then(Value::as_array).into_iter().flatten() {
        walked(below, most, found);
    }
}

impl Explained {
    /// Makes Postgres explain each statement of this database, for the pages' connections: those
    /// that are there are ended. `has_rows`: with the rows that each step gave, which takes time.
    pub async fn start(app: &TestApp, browser: &mut Browser, page: &str, has_rows: bool) -> Self {
        let mut log = Self::from_now_on(app, has_rows);
        app.change(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
             WHERE datname = current_database() AND usename = 'app'",
        );
        // Each connection of the pool notices once that it was ended.
        let mut answered = 0;
        app.until("pages are answered over new connections", async || {
            answered = if browser.get(page).await.status == 200 { answered + 1 } else { 0 };
            answered > 20
        })
        .await;
        log.0.seek(SeekFrom::End(0)).expect("a file");
        log
    }

    /// The same for connections that are made from now on.
    pub fn from_now_on(app: &TestApp, has_rows: bool) -> Self {
        let analyze = format!("auto_explain.log_analyze = {has_rows}");
        let settings = [
            "session_preload_libraries = 'auto_explain'",
            "auto_explain.log_min_duration = 0",
            &analyze,
            "auto_explain.log_timing = off",
            // A function that is called for each row would be written down for each row.
            "auto_explain.log_nested_statements = off",
            "auto_explain.log_format = 'json'",
        ];
        app.look(|conn| {
            // Known only where it is loaded; it comes with Postgres.
            diesel::sql_query("LOAD 'auto_explain'").execute(conn)?;
            for setting in settings {
                let database = &app.database;
                diesel::sql_query(format!("ALTER DATABASE {database} SET {setting}"))
                    .execute(conn)?;
            }
            QueryResult::Ok(())
        })
        .expect("auto_explain");
        let mut log = File::open(cluster().log()).expect("the log of Postgres");
        log.seek(SeekFrom::End(0)).expect("a file");
        Self(log, app.database.clone())
    }

    /// The statements about `name` that were run since the last look.
    pub fn statements(&mut self, name: &str) -> Vec<Statement> {
        let mut written = Vec::new();
        self.0.read_to_end(&mut written).expect("a file");
        let written = String::from_utf8_lossy(&written);
        // Other tests' databases write into the same log: each line's head names its own.
        let mark = format!(" {} LOG:  duration: ", self.1);
        let statements = written.split(mark.as_str()).skip(1).filter_map(|entry| {
            let (milliseconds, rest) = entry.split_once(" ms  plan:\n")?;
            let json: String = rest.lines().take_while(|line| line.starts_with('\t')).collect();
            let mut explained: Value = serde_json::from_str(&json).ok()?;
            Some(Statement {
                text: explained.get("Query Text")?.as_str()?.to_owned(),
                milliseconds: milliseconds.parse().ok()?,
                plan: explained.get_mut("Plan")?.take(),
            })
        });
        statements.filter(|statement| statement.text.contains(name)).collect()
    }
}
