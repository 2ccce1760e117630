//! Where everything stands. Points from the upper left corner of an A4 page.

use super::fonts::{Faces, Run, Weight};
use super::{Block, Column, Paper, Row, RowWeight, Table};

pub const WIDTH: f32 = 595.28;
pub const HEIGHT: f32 = 841.89;
const LEFT: f32 = 51.0;
const RIGHT: f32 = WIDTH - LEFT;
const INNER: f32 = RIGHT - LEFT;
/// The first line of the first page, and of those that follow below their head.
const TOP: f32 = 52.0;
const TOP_AGAIN: f32 = 84.0;
/// Nothing but the foot stands below.
const BOTTOM: f32 = HEIGHT - 62.0;
const FOOT: f32 = HEIGHT - 40.0;
const GAP: f32 = 18.0;
const CELL_GAP: f32 = 8.0;
/// Remarks are read in shorter lines.
const NOTE_WIDTH: f32 = INNER * 0.9;
/// What is higher is long: it is not kept on one page.
const SHORT: f32 = (BOTTOM - TOP_AGAIN) / 2.0;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Color(pub u8, pub u8, pub u8);

const INK: Color = Color(0x16, 0x1d, 0x29);
const MUTED: Color = Color(0x56, 0x61, 0x72);
const LINE: Color = Color(0xd5, 0xdb, 0xe4);
const HAIRLINE: Color = Color(0xe6, 0xea, 0xf0);
const SUNKEN: Color = Color(0xf5, 0xf7, 0xfa);
const ACCENT: Color = Color(0x24, 0x56, 0xc7);

/// How a text looks: size and distance of lines in points.
#[derive(Clone, Copy)]
struct Style {
    size: f32,
    line: f32,
    weight: Weight,
    color: Color,
}

const fn style(size: f32, line: f32, weight: Weight, color: Color) -> Style {
    Style { size, line, weight, color }
}

const TEXT: Style = style(9.25, 13.5, Weight::Regular, INK);
const STRONG: Style = style(9.25, 13.5, Weight::SemiBold, INK);
const LABEL: Style = style(8.0, 12.0, Weight::Regular, MUTED);
const NOTE: Style = style(8.5, 12.5, Weight::Regular, MUTED);
const TITLE: Style = style(25.0, 31.0, Weight::SemiBold, INK);
const SUBTITLE: Style = style(11.0, 16.0, Weight::Regular, MUTED);
const HEADING: Style = style(12.5, 17.0, Weight::SemiBold, INK);
const AMOUNT: Style = style(21.0, 26.0, Weight::SemiBold, INK);
const TOTAL: Style = style(10.5, 15.0, Weight::SemiBold, INK);

/// What a part of the document is to who hears it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Role {
    /// Level and words.
    Heading(u16, String),
    Paragraph,
    Group,
    /// With its summary.
    Table(String),
    HeadRows,
    BodyRows,
    Row,
    ColumnHead,
    RowHead,
    Cell,
}

/// A part of the document, in the order in which it is read.
#[derive(Debug)]
pub struct Part {
    pub role: Role,
    pub inside: Vec<Inside>,
}

#[derive(Debug)]
pub enum Inside {
    Part(Part),
    /// A line of text, by its number.
    Leaf(usize),
}

impl Part {
    const fn new(role: Role) -> Self {
        Self { role, inside: Vec::new() }
    }

    fn with(role: Role, parts: Vec<Self>) -> Self {
        Self { role, inside: parts.into_iter().map(Inside::Part).collect() }
    }
}

/// Something to be drawn.
pub enum Op {
    /// `leaf`: its number among what is read; none where it is there for the eye alone.
    Text {
        leaf: Option<usize>,
        x: f32,
        y: f32,
        size: f32,
        weight: Weight,
        color: Color,
        run: Run,
    },
    Rule {
        x: f32,
        y: f32,
        length: f32,
        thickness: f32,
        color: Color,
    },
    Area {
        x: f32,
        y: f32,
        width: f32,
        height: f32,
        color: Color,
    },
}

/// Everything with its place, and the tree that it is read by.
pub struct Layout {
    pub pages: Vec<Vec<Op>>,
    pub parts: Vec<Part>,
    pub leaves: usize,
    /// Sections: words, page from 0, and how far down.
    pub sections: Vec<(String, usize, f32)>,
}

#[derive(Clone, Copy)]
enum Side {
    Left,
    Right,
}

pub fn lay_out(paper: &Paper, faces: &Faces) -> Layout {
    let layout = Layout {
        pages: vec![Vec::new()],
        parts: Vec::new(),
        leaves: 0,
        sections: vec![(paper.title.clone(), 0, 0.0)],
    };
    let mut composer = Composer { paper, faces, layout, y: TOP };
    for (place, block) in paper.blocks.iter().enumerate() {
        composer.block(block, paper.blocks.get(place + 1));
    }
    composer.feet();
    composer.layout
}

struct Composer<'a> {
    paper: &'a Paper,
    faces: &'a Faces,
    layout: Layout,
    /// The upper edge of what comes next.
    y: f32,
}

impl Composer<'_> {
    fn draw(&mut self, op: Op) {
        if let Some(page) = self.layout.pages.last_mut() {
            page.push(op);
        }
    }

    /// One line of text whose line box begins at `top`. `part`: where it is read; none: nowhere.
    fn line(
        &mut self,
        part: Option<&mut Part>,
        text: &str,
        style: Style,
        (x, top): (f32, f32),
        edge: Side,
    ) {
        if text.is_empty() {
            return;
        }
        let run = self.faces.shape(style.weight, text);
        let x = match edge {
            Side::Left => x,
            Side::Right => x - run.width * style.size,
        };
        // Capitals stand in the middle of the line: they are 0.727 of the size high.
        let y = top + f32::midpoint(style.line, 0.727 * style.size);
        let leaf = part.map(|part| {
            let leaf = self.layout.leaves;
            self.layout.leaves += 1;
            part.inside.push(Inside::Leaf(leaf));
            leaf
        });
        let (size, weight, color) = (style.size, style.weight, style.color);
        self.draw(Op::Text { leaf, x, y, size, weight, color, run });
    }

    /// A text as the lines that fit a width. A word that is too long alone is broken where it must be.
    fn lines(&self, text: &str, style: Style, width: f32) -> Vec<String> {
        let length = |text: &str| self.faces.shape(style.weight, text).width * style.size;
        if length(text) <= width {
            return vec![text.to_owned()];
        }
        let mut lines: Vec<String> = Vec::new();
        let mut current = String::new();
        // No-break spaces are no ends of words.
        for word in text.split(' ').filter(|word| !word.is_empty()) {
            let longer =
                if current.is_empty() { word.to_owned() } else { format!("{current} {word}") };
            if length(&longer) <= width {
                current = longer;
                continue;
            }
            if !current.is_empty() {
                lines.push(std::mem::take(&mut current));
            }
            for c in word.chars() {
                current.push(c);
                if current.chars().count() > 1 && length(&current) > width {
                    current.pop();
                    lines.push(std::mem::replace(&mut current, c.to_string()));
                }
            }
        }
        if !current.is_empty() {
            lines.push(current);
        }
        lines
    }

    /// Lines below each other from `top`; where the next one would begin.
    fn paragraph(
        &mut self,
        part: &mut Part,
        text: &str,
        style: Style,
        (x, top): (f32, f32),
        width: f32,
    ) -> f32 {
        let mut top = top;
        for line in self.lines(text, style, width) {
            self.line(Some(&mut *part), &line, style, (x, top), Side::Left);
            top += style.line;
        }
        top
    }

    fn rule(&mut self, y: f32, thickness: f32, color: Color) {
        self.draw(Op::Rule { x: LEFT, y, length: INNER, thickness, color });
    }

    /// A new page where less than `height` is left.
    fn make_room(&mut self, height: f32) -> bool {
        if self.y + height <= BOTTOM || self.y <= TOP_AGAIN {
            return false;
        }
        self.layout.pages.push(Vec::new());
        let title = self.paper.title.clone();
        self.line(None, &title, NOTE, (LEFT, TOP - 8.0), Side::Left);
        self.rule(TOP + 10.0, 0.6, LINE);
        self.y = TOP_AGAIN;
        true
    }

    fn block(&mut self, block: &Block, next: Option<&Block>) {
        match block {
            Block::Head { from, number, title, words } => self.head(from, number, title, words),
            Block::Columns(columns) => self.columns(columns),
            Block::Facts(facts) => self.facts(facts),
            Block::Sum { label, amount, words } => self.sum(label, amount, words),
            Block::Heading(words) => self.heading(words, next),
            Block::Table(table) => self.table(table, next),
            Block::Note(words) => {
                self.make_room(self.note_height(words));
                let mut part = Part::new(Role::Paragraph);
                self.y = self.paragraph(&mut part, words, NOTE, (LEFT, self.y), NOTE_WIDTH);
                self.layout.parts.push(part);
                self.y += GAP;
            }
        }
    }

    fn head(&mut self, from: &str, number: &str, title: &str, words: &str) {
        self.draw(Op::Area { x: LEFT, y: 0.0, width: 34.0, height: 6.0, color: ACCENT });
        let mut group = Part::new(Role::Group);
        let mut sender = Part::new(Role::Paragraph);
        self.line(Some(&mut sender), from, STRONG, (LEFT, self.y), Side::Left);
        let mut numbered = Part::new(Role::Paragraph);
        self.line(Some(&mut numbered), number, TEXT, (RIGHT, self.y), Side::Right);
        self.y += 34.0;
        let mut heading = Part::new(Role::Heading(1, title.to_owned()));
        self.y = self.paragraph(&mut heading, title, TITLE, (LEFT, self.y), INNER);
        let mut when = Part::new(Role::Paragraph);
        self.y = self.paragraph(&mut when, words, SUBTITLE, (LEFT, self.y + 2.0), INNER) + 18.0;
        // What it is comes first to who hears it.
        for part in [heading, sender, numbered, when] {
            group.inside.push(Inside::Part(part));
        }
        self.layout.parts.push(group);
    }

    fn columns(&mut self, columns: &[Column]) {
        let top = self.y;
        let each = (INNER + GAP) / f32::from(u8::try_from(columns.len().max(1)).unwrap_or(1));
        let mut x = LEFT;
        for column in columns {
            let mut group = Part::new(Role::Group);
            let mut label = Part::new(Role::Paragraph);
            self.line(Some(&mut label), &column.label, LABEL, (x, top), Side::Left);
            group.inside.push(Inside::Part(label));
            let mut y = top + LABEL.line + 2.0;
            for (place, line) in column.lines.iter().filter(|line| !line.is_empty()).enumerate() {
                let style = if place == 0 { STRONG } else { TEXT };
                let mut part = Part::new(Role::Paragraph);
                y = self.paragraph(&mut part, line, style, (x, y), each - GAP);
                group.inside.push(Inside::Part(part));
            }
            self.layout.parts.push(group);
            self.y = self.y.max(y);
            x += each;
        }
        self.y += GAP;
    }

    fn facts(&mut self, facts: &[(String, String)]) {
        self.rule(self.y, 0.6, HAIRLINE);
        self.y += 9.0;
        let each = (INNER + GAP) / 4.0;
        for row in facts.chunks(4) {
            let (top, mut x) = (self.y, LEFT);
            for (label, value) in row {
                let mut part = Part::new(Role::Paragraph);
                self.line(Some(&mut part), label, LABEL, (x, top), Side::Left);
                let y = self.paragraph(&mut part, value, TEXT, (x, top + LABEL.line), each - GAP);
                self.layout.parts.push(part);
                self.y = self.y.max(y);
                x += each;
            }
            self.y += 6.0;
        }
        self.y += 8.0;
    }

    fn sum(&mut self, label: &str, amount: &str, words: &str) {
        let (inset, half) = (16.0, INNER / 2.0);
        let wrapped = self.lines(words, NOTE, half - inset * 2.0);
        let lines = f32::from(u8::try_from(wrapped.len()).unwrap_or(u8::MAX));
        let height = (LABEL.line + AMOUNT.line + 24.0).max(lines * NOTE.line + 24.0);
        self.make_room(height + GAP);
        let top = self.y;
        self.draw(Op::Area { x: LEFT, y: top, width: INNER, height, color: SUNKEN });
        self.draw(Op::Area { x: LEFT, y: top, width: 3.0, height, color: ACCENT });
        let mut part = Part::new(Role::Paragraph);
        self.line(Some(&mut part), label, LABEL, (LEFT + inset, top + 12.0), Side::Left);
        let below = top + 12.0 + LABEL.line;
        self.line(Some(&mut part), amount, AMOUNT, (LEFT + inset, below), Side::Left);
        self.layout.parts.push(part);
        let mut part = Part::new(Role::Paragraph);
        let mut y = top + (height - lines * NOTE.line) / 2.0;
        for line in wrapped {
            self.line(Some(&mut part), &line, NOTE, (LEFT + half + inset, y), Side::Left);
            y += NOTE.line;
        }
        self.layout.parts.push(part);
        self.y = top + height + GAP + 4.0;
    }

    fn note_height(&self, words: &str) -> f32 {
        let lines = self.lines(words, NOTE, NOTE_WIDTH).len();
        f32::from(u8::try_from(lines).unwrap_or(u8::MAX)) * NOTE.line
    }

    /// The height of a whole table.
    fn table_height(&self, table: &Table) -> f32 {
        let places = places(table);
        let rows = table.rows.iter().map(|row| self.lay_row(table, row, &places).height);
        LABEL.line * 2.0 + 8.0 + rows.sum::<f32>()
    }

    /// A heading, on one page with the short table below it, or with the first rows of a long one.
    fn heading(&mut self, words: &str, next: Option<&Block>) {
        let first_rows = 92.0;
        let below = match next {
            Some(Block::Table(table)) => self.table_height(table),
            _ => first_rows,
        };
        self.make_room(HEADING.line + 6.0 + if below > SHORT { first_rows } else { below });
        let page = self.layout.pages.len() - 1;
        self.layout.sections.push((words.to_owned(), page, self.y));
        let mut part = Part::new(Role::Heading(2, words.to_owned()));
        self.y = self.paragraph(&mut part, words, HEADING, (LEFT, self.y), INNER) + 6.0;
        self.layout.parts.push(part);
    }

    /// A short table stays on one page, with the remark below it.
    fn table(&mut self, table: &Table, next: Option<&Block>) {
        let places = places(table);
        let below = match next {
            Some(Block::Note(words)) => GAP + 4.0 + self.note_height(words),
            _ => 0.0,
        };
        let height = self.table_height(table) + below;
        if height <= SHORT {
            self.make_room(height);
        }
        let head = self.table_head(table, &places, true);
        let mut body = Part::new(Role::BodyRows);
        let laid: Vec<LaidRow> =
            table.rows.iter().map(|row| self.lay_row(table, row, &places)).collect();
        for (index, (row, laid_row)) in table.rows.iter().zip(&laid).enumerate() {
            // Sums stay with the row above them.
            let following = table.rows.iter().zip(&laid).skip(index + 1);
            let sums: f32 = following
                .take_while(|(row, _)| row.weight != RowWeight::Plain)
                .map(|(_, laid)| laid.height)
                .sum();
            let together = if row.weight == RowWeight::Plain { sums.min(120.0) } else { 0.0 };
            if self.make_room(laid_row.height + together) {
                self.table_head(table, &places, false);
            }
            body.inside.push(Inside::Part(self.table_row(table, row, laid_row, &places)));
        }
        let role = Role::Table(table.summary.clone());
        self.layout.parts.push(Part::with(role, vec![head, body]));
        self.y += GAP + 4.0;
    }

    /// The heads of a table's columns. On pages after its first they are there for the eye alone.
    fn table_head(&mut self, table: &Table, places: &[(f32, f32)], is_first: bool) -> Part {
        let wrapped: Vec<Vec<String>> = table
            .heads
            .iter()
            .zip(places)
            .map(|(head, (_, width))| self.lines(&head.words, LABEL, *width))
            .collect();
        let lines = wrapped.iter().map(Vec::len).max().unwrap_or(1);
        let height = f32::from(u8::try_from(lines).unwrap_or(u8::MAX)) * LABEL.line + 8.0;
        let bottom = self.y + height;
        let mut row = Part::new(Role::Row);
        for ((head, lines), (x, width)) in table.heads.iter().zip(wrapped).zip(places) {
            let mut cell = Part::new(Role::ColumnHead);
            let (x, side) =
                if head.is_number { (x + width, Side::Right) } else { (*x, Side::Left) };
            let count = f32::from(u8::try_from(lines.len()).unwrap_or(u8::MAX));
            let mut top = bottom - 4.0 - count * LABEL.line;
            for line in lines {
                let part = is_first.then_some(&mut cell);
                self.line(part, &line, LABEL, (x, top), side);
                top += LABEL.line;
            }
            row.inside.push(Inside::Part(cell));
        }
        self.rule(bottom, 0.8, LINE);
        self.y = bottom;
        Part::with(Role::HeadRows, vec![row])
    }

    fn lay_row(&self, table: &Table, row: &Row, places: &[(f32, f32)]) -> LaidRow {
        let style = row_style(row.weight);
        let cells: Vec<Vec<String>> =
            row.cells
                .iter()
                .zip(&table.heads)
                .zip(places)
                .map(|((cell, head), (_, width))| {
                    if head.is_number {
                        vec![cell.clone()]
                    } else {
                        self.lines(cell, style, *width)
                    }
                })
                .collect();
        let lines = cells.iter().map(Vec::len).max().unwrap_or(1);
        let height = f32::from(u8::try_from(lines).unwrap_or(u8::MAX)) * style.line + 7.5;
        LaidRow { cells, height }
    }

    fn table_row(
        &mut self,
        table: &Table,
        row: &Row,
        laid: &LaidRow,
        places: &[(f32, f32)],
    ) -> Part {
        let (style, top) = (row_style(row.weight), self.y);
        if row.weight == RowWeight::Total {
            self.rule(top, 0.8, INK);
        }
        let mut part = Part::new(Role::Row);
        for (number, ((lines, head), (x, width))) in
            laid.cells.iter().zip(&table.heads).zip(places).enumerate()
        {
            let mut cell = Part::new(if number == 0 { Role::RowHead } else { Role::Cell });
            let (x, side) =
                if head.is_number { (x + width, Side::Right) } else { (*x, Side::Left) };
            let mut y = top + 3.75;
            for line in lines {
                self.line(Some(&mut cell), line, style, (x, y), side);
                y += style.line;
            }
            part.inside.push(Inside::Part(cell));
        }
        self.y = top + laid.height;
        if row.weight == RowWeight::Plain {
            self.rule(self.y, 0.6, HAIRLINE);
        }
        part
    }

    /// Foot lines, when the number of pages is known.
    fn feet(&mut self) {
        let pages = std::mem::take(&mut self.layout.pages);
        let count = pages.len();
        for (place, page) in pages.into_iter().enumerate() {
            self.layout.pages.push(page);
            let words = (self.paper.page_words)(self.paper.lang, place + 1, count);
            let foot = self.paper.foot.clone();
            self.rule(FOOT - 8.0, 0.6, HAIRLINE);
            self.line(None, &foot, LABEL, (LEFT, FOOT), Side::Left);
            self.line(None, &words, LABEL, (RIGHT, FOOT), Side::Right);
        }
    }
}

struct LaidRow {
    /// The lines of each cell.
    cells: Vec<Vec<String>>,
    height: f32,
}

const fn row_style(weight: RowWeight) -> Style {
    match weight {
        RowWeight::Plain => TEXT,
        RowWeight::Sum => STRONG,
        RowWeight::Total => TOTAL,
    }
}

/// Left edge and width of each column.
fn places(table: &Table) -> Vec<(f32, f32)> {
    let last = table.heads.len().saturating_sub(1);
    let mut x = LEFT;
    let mut places = Vec::with_capacity(table.heads.len());
    for (number, head) in table.heads.iter().enumerate() {
        let whole = INNER * f32::from(head.share) / 1000.0;
        let gap = if number == last { 0.0 } else { CELL_GAP };
        places.push((x, whole - gap));
        x += whole;
    }
    places
}
