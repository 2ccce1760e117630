//! A statement's rows and totals as a table, for files: the same figures as on its document.

use super::model::{Figures, Statement};
use crate::kernel::{Lang, Money};
use crate::web::files::{Cell, Head, Kind};

/// The rows of one statement. Sections and lines are named by words of ours that never change with the
/// language, so that programs can read them: `statement`, `invoice`, `balance`; `sale`, `percent`, `total`.
pub struct Data<'a>(pub &'a Statement);

impl Data<'_> {
    #[must_use]
    pub fn heads(lang: Lang) -> Vec<Head> {
        let t = lang.texts();
        let head = |title, kind, width| Head { title, kind, width };
        vec![
            head(t.msg_statement_data_section(), Kind::Text, 12),
            head(t.msg_statement_data_line(), Kind::Text, 18),
            head(t.msg_statement_col_originator(), Kind::Text, 24),
            head(t.msg_statement_data_from(), Kind::Text, 12),
            head(t.msg_statement_data_until(), Kind::Text, 12),
            head(t.msg_statement_col_count(), Kind::Number, 10),
            head(t.msg_statement_col_base(), Kind::Money, 14),
            head(t.msg_statement_data_rate(), Kind::Text, 10),
            head(t.msg_statement_data_each(), Kind::Money, 14),
            head(t.msg_statement_data_amount(), Kind::Money, 14),
            head(t.msg_statement_currency(), Kind::Text, 8),
            head(t.msg_statement_data_given_back(), Kind::Text, 14),
        ]
    }

    #[must_use]
    pub fn rows(&self) -> Vec<Vec<Cell<'_>>> {
        let figures = &self.0.content.figures;
        let mut rows = self.account(figures);
        rows.extend(self.fees(figures));
        rows.push(self.row("balance", "total", figures.receive_minor));
        rows
    }

    fn account<'b>(&'b self, figures: &'b Figures) -> Vec<Vec<Cell<'b>>> {
        let mut rows = Vec::new();
        for movement in &figures.movements {
            let (word, amount) = (movement.operation.as_str(), movement.signed_minor());
            let mut row = self.row("statement", word, amount);
            set(&mut row, 2, Cell::text(movement.originator.as_str()));
            set(&mut row, 5, Cell::Number(movement.count));
            rows.push(row);
        }
        if let Some(kept) = figures.kept {
            let mut row = self.row("statement", "holdback_kept", -kept.amount_minor);
            set(&mut row, 7, Cell::word(rate(kept.rate_bp)));
            set(&mut row, 11, Cell::word(kept.release_on.to_string()));
            rows.push(row);
        }
        for one in &figures.released {
            let mut row = self.row("statement", "holdback_released", one.amount_minor);
            set(&mut row, 3, Cell::word(one.period_from.to_string()));
            set(&mut row, 4, Cell::word(one.period_until.to_string()));
            rows.push(row);
        }
        rows.push(self.row("statement", "total", figures.statement_minor));
        rows
    }

    fn fees(&self, figures: &Figures) -> Vec<Vec<Cell<'_>>> {
        let mut rows = Vec::new();
        for fee in &figures.fees {
            let mut row = self.row("invoice", fee.kind.as_str(), fee.amount_minor);
            set(&mut row, 5, Cell::Number(fee.count));
            if fee.rate_bp > 0 {
                set(&mut row, 6, self.money(fee.base_minor));
                set(&mut row, 7, Cell::word(rate(fee.rate_bp)));
            } else {
                set(&mut row, 8, self.money(fee.each_minor));
            }
            rows.push(row);
        }
        rows.push(self.row("invoice", "net", figures.fees_minor()));
        let mut tax = self.row("invoice", "tax", figures.tax_minor);
        set(&mut tax, 6, self.money(figures.fees_minor()));
        set(&mut tax, 7, Cell::word(rate(figures.tax_bp)));
        rows.push(tax);
        rows.push(self.row("invoice", "total", figures.invoice_minor));
        rows
    }

    const fn money(&self, minor: i64) -> Cell<'static> {
        Cell::Money(Money::new(minor, self.0.currency))
    }

    /// A row that says nothing but its amount. The period stands in each.
    fn row(&self, section: &'static str, line: &'static str, minor: i64) -> Vec<Cell<'_>> {
        let period = self.0.period;
        vec![
            Cell::word(section),
            Cell::word(line),
            Cell::Empty,
            Cell::word(period.from.to_string()),
            Cell::word(period.until.to_string()),
            Cell::Empty,
            Cell::Empty,
            Cell::Empty,
            Cell::Empty,
            self.money(minor),
            Cell::word(self.0.currency.code()),
            Cell::Empty,
        ]
    }
}

fn set<'a>(row: &mut [Cell<'a>], place: usize, cell: Cell<'a>) {
    if let Some(slot) = row.get_mut(place) {
        *slot = cell;
    }
}

/// Per cent with a point, for programs: `1.4`.
fn rate(basis_points: i32) -> String {
    super::invoice::percent(basis_points, Lang::En)
}
