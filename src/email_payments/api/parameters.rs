//! The published parameters of the list, made of its columns: what is read is what is described.

use utoipa::Modify;
use utoipa::openapi::path::{Parameter, ParameterBuilder, ParameterIn};
use utoipa::openapi::schema::{
    ArrayBuilder, KnownFormat, ObjectBuilder, Schema, SchemaFormat, Type,
};
use utoipa::openapi::{OpenApi, RefOr, Required};

use super::BASE;
use super::wire::words_schema;
use crate::email_payments::columns::Column;
use crate::email_payments::filter::Question;
use crate::email_payments::model::{Delivery, Status};
use crate::kernel::{Lang, PageSize, Texts};
use crate::web::list::{AmountOperator, Asks, Column as _, Preset, TextOperator};

/// Adds them to the list's operation.
pub struct ListParameters;

impl Modify for ListParameters {
    fn modify(&self, openapi: &mut OpenApi) {
        let operation = openapi.paths.paths.get_mut(BASE).and_then(|path| path.get.as_mut());
        if let Some(operation) = operation {
            operation.parameters = Some(parameters().into_iter().map(RefOr::T).collect());
        }
    }
}

fn parameters() -> Vec<Parameter> {
    let t = Lang::En.texts();
    Question::parameters()
        .into_iter()
        .map(|parameter| {
            let column = Column::ALL.iter().copied().find(|column| {
                column.asks().parameters().iter().any(|own| own.name == parameter.name)
            });
            let (schema, words) = match column {
                Some(column) => of_column(column, parameter.name, t),
                None => of_list(parameter.name),
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
#[expect(clippy::wildcard_enum_match_arm, reason = "the other columns take any text")]
fn of_column(column: Column, name: &str, t: &Texts) -> (Schema, String) {
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
            let schema = match column {
                Column::Status => one_of(Status::ALL.iter().map(|status| status.as_str())),
                Column::Delivery => one_of(Delivery::ALL.iter().map(|delivery| delivery.as_str())),
                Column::Language => one_of(Lang::ALL.iter().map(|lang| lang.code())),
                _ => text(),
            };
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
        Asks::Tab { .. } => (one_of(["current", "past"].into_iter()), help),
        Asks::Text { .. } | Asks::Nothing | Asks::Rows { .. } => (text(), help),
    }
}

/// What a parameter of every list takes, and what it does.
fn of_list(name: &str) -> (Schema, String) {
    let words = match name {
        "q" => {
            "Any part of the order ID, the customer's email or name, or the description; with fewer \
             than three characters the beginning of the order ID."
        }
        "sort" => {
            "A column; with `-` in front the largest first. Only `created`, `expires`, `paid`, `amount`, `order_id`."
        }
        "size" => "Payments on a page.",
        "after" => "The place that `next` names; `oldest` for the last page.",
        _ => "The place that `previous` names.",
    };
    let schema = match name {
        "sort" => {
            let sortable = Column::ALL.iter().filter(|column| column.spec().is_sortable);
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
