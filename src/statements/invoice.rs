//! An invoice with its account statement and fees, as a document to be read.

use super::model::{Fee, FeeKind, Figures, Movement, Statement};
use crate::kernel::{Lang, Money, dates, money_grouped, separators};
use crate::pdf::{Block, Column, Head, Paper, Row, RowWeight, Table};
use crate::settlement::Operation;

/// The document in a merchant's language.
#[must_use]
pub fn paper(statement: &Statement, lang: Lang) -> Paper {
    let t = lang.texts();
    let content = &statement.content;
    let number = &statement.number;
    let page = Page { statement, lang };
    let mut blocks = vec![
        Block::Head {
            from: content.issuer.legal_name.clone(),
            number: t.msg_statement_number(number),
            title: t.msg_statement_invoice(),
            words: page.period(statement.period.from, statement.period.until),
        },
        Block::Columns(page.parties()),
        Block::Facts(page.facts()),
        page.sum(),
    ];
    let account = (t.msg_statement_account(), page.account());
    let fees = (t.msg_statement_fees(), page.fees());
    for (heading, table) in [account, fees] {
        blocks.push(Block::Heading(heading));
        blocks.push(Block::Table(table));
    }
    blocks.push(Block::Table(page.balance()));
    blocks.push(Block::Note(t.msg_statement_rounding()));
    Paper {
        lang,
        title: t.msg_statement_invoice_title(number),
        author: content.issuer.legal_name.clone(),
        issued_on: statement.issued_on,
        foot: format!("{} · {}", content.issuer.legal_name, t.msg_statement_invoice_title(number)),
        page_words: |lang, page, pages| {
            lang.texts().msg_statement_page(page.to_string(), pages.to_string())
        },
        blocks,
    }
}

struct Page<'a> {
    statement: &'a Statement,
    lang: Lang,
}

impl Page<'_> {
    const fn figures(&self) -> &Figures {
        &self.statement.content.figures
    }

    fn number(&self, minor: i64) -> String {
        self.statement.money(minor).number(self.lang)
    }

    fn count(&self, count: i64) -> String {
        money_grouped(count.unsigned_abs(), self.lang)
    }

    fn day(&self, day: chrono::NaiveDate) -> String {
        dates::plain_day(day, self.lang)
    }

    fn period(&self, from: chrono::NaiveDate, until: chrono::NaiveDate) -> String {
        self.lang.texts().msg_statement_period(self.day(from), self.day(until))
    }

    fn parties(&self) -> Vec<Column> {
        let t = self.lang.texts();
        let content = &self.statement.content;
        [
            (t.msg_statement_issuer(), &content.issuer),
            (t.msg_statement_merchant(), &content.merchant),
        ]
        .into_iter()
        .map(|(label, party)| {
            let mut lines = vec![party.legal_name.clone(), party.address.clone()];
            if !party.tax_number.is_empty() {
                lines.push(t.msg_statement_tax_number(&party.tax_number));
            }
            Column { label, lines }
        })
        .collect()
    }

    fn facts(&self) -> Vec<(String, String)> {
        let t = self.lang.texts();
        vec![
            (t.msg_statement_issued_on(), self.day(self.statement.issued_on)),
            (t.msg_statement_due_on(), self.day(self.statement.due_on)),
            (t.msg_statement_provider(), self.statement.provider.clone()),
            (t.msg_statement_currency(), self.statement.currency.code().to_owned()),
        ]
    }

    /// What it comes to, and who pays whom.
    fn sum(&self) -> Block {
        let t = self.lang.texts();
        let receive = self.statement.to_receive();
        let due = self.day(self.statement.due_on);
        let (label, words) = match receive.minor {
            0 => (t.msg_statement_to_receive(), t.msg_statement_nothing_words()),
            1.. => (t.msg_statement_to_receive(), t.msg_statement_receive_words(due)),
            _ => (t.msg_statement_to_pay(), t.msg_statement_pay_words(due)),
        };
        let owed = Money::new(receive.minor.saturating_abs(), receive.currency);
        Block::Sum { label, amount: owed.with_code(self.lang), words }
    }

    fn heads<const N: usize>(&self, heads: [(String, u16, bool); N]) -> Vec<Head> {
        let t = self.lang.texts();
        let amount = (t.msg_statement_col_amount(self.statement.currency.code()), 200, true);
        let head = |(words, share, is_number)| Head { words, share, is_number };
        heads.into_iter().chain([amount]).map(head).collect()
    }

    fn account(&self) -> Table {
        let t = self.lang.texts();
        let figures = self.figures();
        let plain = |cells| Row { cells, weight: RowWeight::Plain };
        let mut rows: Vec<Row> =
            figures.movements.iter().map(|movement| plain(self.movement(movement))).collect();
        if let Some(kept) = figures.kept {
            let rate = percent(kept.rate_bp, self.lang);
            let words = t.msg_statement_kept(rate, self.day(kept.release_on));
            let amount = self.number(-kept.amount_minor);
            rows.push(plain(vec![words, String::new(), String::new(), amount]));
        }
        for one in &figures.released {
            let (from, until) = (self.day(one.period_from), self.day(one.period_until));
            let words = t.msg_statement_released(from, until);
            rows.push(plain(vec![
                words,
                String::new(),
                String::new(),
                self.number(one.amount_minor),
            ]));
        }
        rows.push(self.total(t.msg_statement_total(), 4, figures.statement_minor));
        Table {
            summary: t.msg_statement_account_summary(),
            heads: self.heads([
                (t.msg_statement_col_operation(), 430, false),
                (t.msg_statement_col_originator(), 250, false),
                (t.msg_statement_col_count(), 120, true),
            ]),
            rows,
        }
    }

    fn movement(&self, movement: &Movement) -> Vec<String> {
        vec![
            operation_words(movement.operation, self.lang),
            movement.originator.clone(),
            self.count(movement.count),
            self.number(movement.signed_minor()),
        ]
    }

    fn fees(&self) -> Table {
        let t = self.lang.texts();
        let figures = self.figures();
        let mut rows: Vec<Row> = figures
            .fees
            .iter()
            .map(|fee| Row { cells: self.fee(fee), weight: RowWeight::Plain })
            .collect();
        let sum = |words, minor| {
            let cells = vec![words, String::new(), String::new(), self.number(minor)];
            Row { cells, weight: RowWeight::Sum }
        };
        rows.push(sum(t.msg_statement_net(), figures.fees_minor()));
        if figures.tax_bp > 0 {
            let words = t.msg_statement_tax(percent(figures.tax_bp, self.lang));
            rows.push(sum(words, figures.tax_minor));
        }
        rows.push(self.total(t.msg_statement_invoice_total(), 4, figures.invoice_minor));
        Table {
            summary: t.msg_statement_fees_summary(),
            heads: self.heads([
                (t.msg_statement_col_fee(), 430, false),
                (t.msg_statement_col_base(), 200, true),
                (t.msg_statement_col_price(), 170, true),
            ]),
            rows,
        }
    }

    fn fee(&self, fee: &Fee) -> Vec<String> {
        let t = self.lang.texts();
        let words = match fee.kind {
            FeeKind::Percent => t.msg_statement_fee_percent(),
            FeeKind::PerSale => t.msg_statement_fee_per_sale(),
            FeeKind::PerRefund => t.msg_statement_fee_per_refund(),
            FeeKind::PerChargeback => t.msg_statement_fee_per_chargeback(),
        };
        let (base, price) = if fee.kind == FeeKind::Percent {
            let rate = format!("{}\u{a0}%", percent(fee.rate_bp, self.lang));
            (self.number(fee.base_minor), rate)
        } else {
            (self.count(fee.count), self.number(fee.each_minor))
        };
        vec![words, base, price, self.number(fee.amount_minor)]
    }

    fn balance(&self) -> Table {
        let t = self.lang.texts();
        let figures = self.figures();
        let plain =
            |words, minor| Row { cells: vec![words, self.number(minor)], weight: RowWeight::Plain };
        let last = if figures.receive_minor < 0 {
            t.msg_statement_pay_total()
        } else {
            t.msg_statement_receive_total()
        };
        Table {
            summary: t.msg_statement_balance_summary(),
            heads: self.heads([(t.msg_statement_balance(), 800, false)]),
            rows: vec![
                plain(t.msg_statement_total(), figures.statement_minor),
                plain(t.msg_statement_invoice_total(), -figures.invoice_minor),
                self.total(last, 2, figures.receive_minor),
            ],
        }
    }

    fn total(&self, words: String, cells: usize, minor: i64) -> Row {
        let mut all = vec![String::new(); cells.saturating_sub(2)];
        all.insert(0, words);
        all.push(self.number(minor));
        Row { cells: all, weight: RowWeight::Total }
    }
}

fn operation_words(operation: Operation, lang: Lang) -> String {
    let t = lang.texts();
    match operation {
        Operation::Sale => t.msg_statement_sale(),
        Operation::Capture => t.msg_statement_capture(),
        Operation::Rebill => t.msg_statement_rebill(),
        Operation::Collection => t.msg_statement_collection(),
        Operation::Refund => t.msg_statement_refund(),
        Operation::Chargeback => t.msg_statement_chargeback(),
        Operation::Reversal => t.msg_statement_reversal(),
        Operation::Representment => t.msg_statement_representment(),
        // They move no money, so no statement has a line of them.
        Operation::Authorize | Operation::Cancel | Operation::Submission => {
            operation.as_str().to_owned()
        }
    }
}

/// Basis points as per cent, without decimals that say nothing: `1,4`, `20`, `0,25`.
pub fn percent(basis_points: i32, lang: Lang) -> String {
    let (whole, rest) = (basis_points / 100, basis_points % 100);
    let (_, decimal) = separators(lang);
    match (rest, rest % 10) {
        (0, _) => whole.to_string(),
        (_, 0) => format!("{whole}{decimal}{}", rest / 10),
        _ => format!("{whole}{decimal}{rest:02}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentages_have_the_decimals_that_say_something() {
        for (basis_points, words) in
            [(140, "1,4"), (2_000, "20"), (25, "0,25"), (5, "0,05"), (0, "0")]
        {
            assert_eq!(percent(basis_points, Lang::It), words);
        }
        assert_eq!(percent(290, Lang::En), "2.9");
    }
}
