//! The published parameters of a list, made of its columns: what is read is what is described.

use utoipa::openapi::path::{Parameter, ParameterBuilder, ParameterIn};
use utoipa::openapi::schema::{
    ArrayBuilder, KnownFormat, ObjectBuilder, Schema, SchemaFormat, SchemaType, Type,
};
use utoipa::openapi::{OpenApi, RefOr, Required};

use super::problem::{FieldFault, Problem, Unreadable};
use crate::kernel::{Lang, PageSize, Texts};
use crate::web::Query;
use crate::web::list::{AmountOperator, Asks, Column, Preset, Question, TextOperator};

/// What the description says of a list besides its columns.
pub struct ListWords<C> {
    /// What `q` looks for.
    pub search: &'static str,
    /// What `size` counts.
    pub rows: &'static str,
    /// The words of a column that has few; none: any text.
    pub values: fn(C) -> Vec<&'static str>,
}

/// A text that is one of a few words.
pub fn words_schema<'a>(words: impl Iterator<Item = &'a str>) -> ObjectBuilder {
    ObjectBuilder::new()
        .schema_type(SchemaType::Type(Type::String))
        .enum_values(Some(words.collect::<Vec<_>>()))
}

/// Adds a list's parameters to the operation at `path`.
pub fn describe<C: Column>(openapi: &mut OpenApi, path: &str, words: &ListWords<C>) {
    let operation = openapi.paths.paths.get_mut(path).and_then(|path| path.get.as_mut());
    if let Some(operation) = operation {
        operation.parameters = Some(parameters(words).into_iter().map(RefOr::T).collect());
    }
}

/// A parameter with a typing error must not show more than was asked for.
pub fn check<C: Column>(query: &Query, t: &Texts) -> Result<(), Problem> {
    let parameters = Question::<C>::parameters();
    let is_known = |name: &str| parameters.iter().any(|known| known.name == name);
    let unknown = query.0.iter().filter(|(name, _)| !is_known(name));
    let faults: Vec<FieldFault> = unknown
        .map(|(name, _)| FieldFault {
            field: name.chars().take(100).collect(),
            message: t.msg_api_parameter_unknown(),
        })
        .collect();
    if !faults.is_empty() {
        return Err(Problem::Fields(faults));
    }
    let repeated =
        parameters.iter().find(|known| !known.may_repeat && query.all(known.name).count() > 1);
    repeated.map_or(Ok(()), |known| Err(Problem::Unreadable(Unreadable::Repeated(known.name))))
}

fn parameters<C: Column>(words: &ListWords<C>) -> Vec<Parameter> {
    let t = Lang::En.texts();
    Question::<C>::parameters()
        .into_iter()
        .map(|parameter| {
            let column = C::ALL.iter().copied().find(|column| {
                column.asks().parameters().iter().any(|own| own.name == parameter.name)
            });
            let (schema, words) = match column {
                Some(column) => of_column(column, parameter.name, words, t),
                None => of_list(parameter.name, words),
            };
            let mut builder = ParameterBuilder::new()
                .name(parameter.name)
                .parameter_in(ParameterIn::Query)
                .required(Required::False)
                .description(Some(words));
            builder = if parameter.may_repeat {
                builder
                    .schema(Some(ArrayBuilder::new().items(RefOr::T(schema)).build()))
                    .explode(Some(true))
            } else {
                builder.schema(Some(schema))
            };
            builder.build()
        })
        .collect()
}

fn text() -> Schema {
    Schema::Object(ObjectBuilder::new().schema_type(Type::String).build())
}

fn day() -> Schema {
    let format = SchemaFormat::KnownFormat(KnownFormat::Date);
    Schema::Object(ObjectBuilder::new().schema_type(Type::String).format(Some(format)).build())
}

fn one_of<'a>(words: impl Iterator<Item = &'a str>) -> Schema {
    Schema::Object(words_schema(words).build())
}

/// What a column's parameter takes, and what it does.
fn of_column<C: Column>(
    column: C,
    name: &str,
    words: &ListWords<C>,
    t: &Texts,
) -> (Schema, String) {
    let help = column.help(t);
    match column.asks() {
        Asks::Text { operator, .. } if operator == name => (
            one_of(TextOperator::ALL.iter().map(|operator| operator.as_str())),
            format!("How `{}` is compared; `contains` where it is not given.", column.key()),
        ),
        Asks::Choices { operator, .. } if operator == name => {
            (one_of(["not"].into_iter()), format!("`not`: all but what `{}` names.", column.key()))
        }
        Asks::Choices { .. } => {
            let values = (words.values)(column);
            let schema = if values.is_empty() { text() } else { one_of(values.into_iter()) };
            (schema, help)
        }
        Asks::Amount { operator, .. } if operator == name => (
            one_of(AmountOperator::ALL.iter().map(|operator| operator.as_str())),
            format!("How `{}` is compared; `between` where it is not given.", column.key()),
        ),
        Asks::Amount { min, .. } if min == name => (
            text(),
            format!("{help} As people write it: in the decimals of `currency`, else with two."),
        ),
        Asks::Amount { .. } => (text(), "The second amount of `between`, included.".to_owned()),
        Asks::Days { named, .. } if named == name => (
            one_of(Preset::ALL.iter().map(|preset| preset.as_str())),
            format!("{help} As a span that moves with the calendar."),
        ),
        Asks::Days { from, .. } if from == name => (day(), format!("{help} On this day or later.")),
        Asks::Days { to, .. } if to == name => (day(), format!("{help} On this day or earlier.")),
        Asks::Days { .. } => (text(), format!("{help} Within so many days from now.")),
        Asks::Tab { .. } => (one_of((words.values)(column).into_iter()), help),
        Asks::Text { .. } | Asks::Nothing | Asks::Rows { .. } => (text(), help),
    }
}

/// What a parameter of every list takes, and what it does.
fn of_list<C: Column>(name: &str, words: &ListWords<C>) -> (Schema, String) {
    let words = match name {
        "q" => words.search,
        "sort" => "A column; with `-` in front the largest first.",
        "size" => words.rows,
        "after" => "The place that `next` names; `oldest` for the last page.",
        _ => "The place that `previous` names.",
    };
    let schema = match name {
        "sort" => {
            let sortable = C::ALL.iter().filter(|column| column.spec().sorted_by.is_some());
            let words: Vec<String> = sortable
                .flat_map(|column| [column.key().to_owned(), format!("-{}", column.key())])
                .collect();
            one_of(words.iter().map(String::as_str))
        }
        "size" => Schema::Object(
            ObjectBuilder::new()
                .schema_type(Type::Integer)
                .enum_values(Some(PageSize::ALL.map(PageSize::rows)))
                .default(Some(PageSize::default().rows().into()))
                .build(),
        ),
        _ => text(),
    };
    (schema, words.to_owned())
}
