//! The filter panel and the chips, made of the columns.

use super::amount::{AmountOperator, AmountRange};
use super::asked::{Asked, Span, TextOperator};
use super::column::{Asks, Choice, Column};
use super::preset::Preset;
use super::question::{Question, Reader, address};
use crate::kernel::{Lang, Texts, dates};

/// A filter that is on: its words, and the address without it.
pub struct Chip {
    pub words: String,
    pub url: String,
}

/// One filter of the panel.
pub struct Field {
    /// Of the whole field; its inputs are called as their parameters.
    pub id: &'static str,
    pub title: String,
    pub help: String,
    pub is_main: bool,
    pub kind: FieldKind,
}

/// One of a few values.
pub struct Pick {
    pub word: String,
    pub words: String,
    pub is_on: bool,
}

pub enum FieldKind {
    Text {
        operator: &'static str,
        operators: Vec<Pick>,
        value: String,
    },
    Days {
        presets: Vec<Pick>,
        from: &'static str,
        from_value: String,
        to: &'static str,
        to_value: String,
        /// Parameter and value of "within so many days".
        within: Option<(&'static str, String)>,
    },
    Amount {
        operator: &'static str,
        operators: Vec<Pick>,
        min: &'static str,
        min_value: String,
        max: &'static str,
        max_value: String,
    },
    Choices {
        operator: &'static str,
        is_none_of: bool,
        choices: Vec<Pick>,
    },
}

impl<C: Column> Question<C> {
    /// Every filter, filled with what was asked.
    #[must_use]
    pub fn fields(&self, names: &C::Names, t: &Texts) -> Vec<Field> {
        let field = |column: &C| {
            Some(Field {
                id: column.key(),
                title: column.title(t),
                help: column.help(t),
                is_main: column.spec().is_main,
                kind: self.kind(*column, names, t)?,
            })
        };
        C::ALL.iter().filter_map(field).collect()
    }

    /// Whether one of the filters that are not in sight at first is on.
    #[must_use]
    pub fn asks_for_more(&self) -> bool {
        self.asked.iter().any(|(column, asked)| {
            let has_field = !matches!(asked, Asked::Tab { .. } | Asked::Rows(_));
            has_field && !column.spec().is_main
        })
    }

    fn kind(&self, column: C, names: &C::Names, t: &Texts) -> Option<FieldKind> {
        let value = |name: &str| self.typed(name).to_owned();
        let pick = |name: &str, word: &str, words| Pick {
            word: word.to_owned(),
            words,
            is_on: self.typed(name) == word,
        };
        Some(match column.asks() {
            Asks::Nothing | Asks::Tab { .. } | Asks::Rows { .. } => return None,
            Asks::Text { word, operator } => FieldKind::Text {
                operator,
                operators: TextOperator::ALL
                    .map(|how| pick(operator, how.as_str(), how.words(t)))
                    .into(),
                value: value(word),
            },
            Asks::Days { named, from, to, within } => FieldKind::Days {
                presets: Preset::ALL
                    .map(|preset| pick(named, preset.as_str(), preset.words(t)))
                    .into(),
                from,
                from_value: value(from),
                to,
                to_value: value(to),
                within: within.map(|within| (within, value(within))),
            },
            Asks::Amount { operator, min, max, .. } => FieldKind::Amount {
                operator,
                operators: AmountOperator::ALL
                    .map(|how| pick(operator, how.as_str(), how.words(t)))
                    .into(),
                min,
                min_value: value(min),
                max,
                max_value: value(max),
            },
            Asks::Choices { word, operator } => {
                let mut choices = column.choices(names, t);
                // What is asked for stands among them, also where it is not offered any more.
                for asked in self.kept().filter(|(name, _)| *name == word).map(|(_, asked)| asked) {
                    if choices.iter().all(|choice| choice.word != asked) {
                        let words = column.name(asked, names, t);
                        choices.push(Choice { word: asked.to_owned(), words });
                    }
                }
                if choices.is_empty() {
                    return None;
                }
                let pick = |Choice { word: value, words }| Pick {
                    is_on: self.has(word, &value),
                    word: value,
                    words,
                };
                FieldKind::Choices {
                    operator,
                    is_none_of: self.typed(operator) == "not",
                    choices: choices.into_iter().map(pick).collect(),
                }
            }
        })
    }

    /// Each filter that is on, as a link that takes it out.
    #[must_use]
    pub fn chips(&self, path: &str, names: &C::Names, reader: &Reader) -> Vec<Chip> {
        let (t, lang) = (reader.t, reader.lang);
        let search = self.search.iter().map(|text| Chip {
            words: t.msg_chip_search(text),
            url: self.url(path, &[("q", None)]),
        });
        let filters = self.asked.iter().filter_map(|(column, asked)| {
            let words = match asked {
                Asked::Tab { .. } => return None,
                Asked::Text { operator, text } if operator.is_alone() || text.is_empty() => {
                    operator.words(t)
                }
                Asked::Text { operator, text } => t.msg_chip_text(operator.words(t), text),
                Asked::Days { span, .. } => span_words(*span, t, lang),
                Asked::Rows(ids) => t.msg_picked_rows(ids.len()),
                Asked::Amount(range) => amount_words(range, t),
                Asked::Choices { words, is_none_of } => {
                    let names: Vec<String> =
                        words.iter().map(|word| column.name(word, names, t)).collect();
                    let names = names.join(", ");
                    if *is_none_of { t.msg_chip_none_of(names) } else { names }
                }
            };
            Some(Chip {
                words: t.msg_chip_column(column.title(t), words),
                url: address(path, &self.query_without(column.asks())),
            })
        });
        search.chain(filters).collect()
    }

    /// The question in words, one for each thing that was asked, for files, records and print.
    #[must_use]
    pub fn words(&self, names: &C::Names, reader: &Reader) -> Vec<String> {
        let tab = self.asked.iter().filter_map(|(column, asked)| match asked {
            Asked::Tab { word } => Some(column.name(word, names, reader.t)),
            Asked::Text { .. }
            | Asked::Days { .. }
            | Asked::Amount(_)
            | Asked::Choices { .. }
            | Asked::Rows(_) => None,
        });
        let chips = self.chips("", names, reader).into_iter().map(|chip| chip.words);
        tab.chain(chips).collect()
    }
}

fn span_words(span: Span, t: &Texts, lang: Lang) -> String {
    let day = |day| dates::plain_day(day, lang);
    match span {
        Span::Named(preset) => preset.words(t),
        Span::Within(days) => t.msg_chip_within(days),
        Span::Days { from: Some(from), to: Some(to) } if from == to => day(from),
        Span::Days { from: Some(from), to: Some(to) } => t.msg_chip_days(day(from), day(to)),
        Span::Days { from: Some(from), to: None } => t.msg_chip_from(day(from)),
        Span::Days { from: None, to: Some(to) } => t.msg_chip_to(day(to)),
        Span::Days { from: None, to: None } => String::new(),
    }
}

fn amount_words(range: &AmountRange, t: &Texts) -> String {
    let [first, second] = [0, 1].map(|place| range.typed.get(place).cloned().unwrap_or_default());
    if range.has_both() {
        return t.msg_chip_amount_between(first, second);
    }
    let operator = match range.operator {
        AmountOperator::Between if range.is_up_to() => AmountOperator::AtMost,
        AmountOperator::Between => AmountOperator::AtLeast,
        AmountOperator::Is
        | AmountOperator::IsNot
        | AmountOperator::Above
        | AmountOperator::AtLeast
        | AmountOperator::Below
        | AmountOperator::AtMost => range.operator,
    };
    t.msg_chip_text(operator.words(t), first)
}
