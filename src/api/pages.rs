//! The description as JSON, and as a page.

use actix_web::http::StatusCode;
use actix_web::web::Data;
use askama::Template;
use serde_json::Value;

use super::description::describe;
use crate::kernel::{Error, Lang, Texts};
use crate::web::api::{ApiAnswer, ProblemKind, json};
use crate::web::{App, Html, PublicShell, Query, Ui, public_html};

/// This description
///
/// The document that you are reading, for programs.
#[utoipa::path(
    get,
    path = "/api/v1/openapi.json",
    tag = "Description",
    operation_id = "getDescription",
    responses((status = 200, description = "OpenAPI 3.1.", body = Value, content_type = "application/json")),
    security(())
)]
pub async fn openapi(app: Data<App>) -> ApiAnswer {
    json(StatusCode::OK, &describe(&app.public_origin))
}

#[derive(Template)]
#[template(path = "api/show.html")]
struct ShowPage {
    ui_of: Ui,
    t: &'static Texts,
    intro: Vec<String>,
    operations: Vec<Operation>,
    objects: Vec<Object>,
}

/// One method of one address.
struct Operation {
    id: String,
    method: String,
    path: String,
    summary: String,
    words: Vec<String>,
    scope: Option<String>,
    parameters: Vec<Field>,
    /// The name of the object that the body is.
    body: Option<String>,
    answers: Vec<Answer>,
    request_example: String,
    answer_example: Option<String>,
}

struct Answer {
    status: String,
    words: String,
}

/// A schema with a name.
struct Object {
    name: String,
    words: String,
    fields: Vec<Field>,
    /// Its type, where it is no object: the words of an enum.
    kind: String,
}

/// A property or a parameter.
struct Field {
    name: String,
    kind: String,
    is_required: bool,
    words: String,
}

impl ShowPage {
    fn problems(&self) -> impl Iterator<Item = (u16, &'static str, String, String)> {
        ProblemKind::ALL.into_iter().map(|kind| {
            (kind.status().as_u16(), kind.word(), kind.title(self.t), kind.words(self.t))
        })
    }
}

/// `GET /api`: made of the same document. Its chrome speaks the reader's language, the document
/// itself English.
pub async fn show(shell: PublicShell, app: Data<App>, query: Query) -> Html {
    let lang = query.one("lang").and_then(Lang::parse).unwrap_or(shell.ui.lang);
    let origin = &app.public_origin;
    let document = serde_json::to_value(describe(origin)).map_err(Error::internal)?;
    let page = ShowPage {
        ui_of: Ui { lang, ..shell.ui },
        t: lang.texts(),
        intro: paragraphs(at(&document, "/info/description")),
        operations: operations(&document, origin),
        objects: objects(&document),
    };
    public_html(&app, StatusCode::OK, &page)
}

/// A text in parts; what stands between backticks is code.
fn marked(words: &str) -> impl Iterator<Item = (&str, bool)> {
    words.split('`').enumerate().map(|(place, part)| (part, place % 2 == 1))
}

/// What stands at a JSON pointer; null where there is nothing.
fn at<'a>(value: &'a Value, pointer: &str) -> &'a Value {
    value.pointer(pointer).unwrap_or(&Value::Null)
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

fn paragraphs(value: &Value) -> Vec<String> {
    text(value)
        .split("\n\n")
        .map(|part| part.replace('\n', " "))
        .filter(|p| !p.is_empty())
        .collect()
}

/// What `$ref` points to, else the value itself.
fn resolved<'a>(document: &'a Value, value: &'a Value) -> &'a Value {
    let target =
        at(value, "/$ref").as_str().and_then(|at| document.pointer(at.trim_start_matches('#')));
    target.unwrap_or(value)
}

fn name_of(value: &Value) -> Option<String> {
    at(value, "/$ref").as_str()?.rsplit('/').next().map(str::to_owned)
}

fn entries(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
    value.as_object().into_iter().flatten()
}

fn operations(document: &Value, origin: &str) -> Vec<Operation> {
    let mut all = Vec::new();
    for (path, item) in entries(at(document, "/paths")) {
        for (method, operation) in entries(item) {
            all.push(self::operation(document, origin, path, method, operation));
        }
    }
    all
}

fn operation(
    document: &Value,
    origin: &str,
    path: &str,
    method: &str,
    operation: &Value,
) -> Operation {
    let parameters = at(operation, "/parameters").as_array();
    let schema = at(operation, "/requestBody/content/application~1json/schema");
    let body = object_name(schema);
    let good = entries(at(operation, "/responses")).find(|(status, _)| status.starts_with('2'));
    let answer =
        good.and_then(|(_, answer)| object_name(at(answer, "/content/application~1json/schema")));
    let example = |name: &String| {
        let example = at(document, &format!("/components/schemas/{name}/example"));
        (!example.is_null()).then(|| serde_json::to_string_pretty(example).unwrap_or_default())
    };
    Operation {
        id: text(at(operation, "/operationId")),
        method: method.to_uppercase(),
        path: path.to_owned(),
        summary: text(at(operation, "/summary")),
        words: paragraphs(at(operation, "/description")),
        scope: at(operation, "/security/0/bearer/0").as_str().map(str::to_owned),
        parameters: parameters.into_iter().flatten().map(parameter).collect(),
        request_example: command(origin, path, method, operation, body.as_ref().and_then(example)),
        answer_example: answer.as_ref().and_then(example),
        answers: entries(at(operation, "/responses"))
            .map(|(status, answer)| Answer {
                status: status.clone(),
                words: text(at(resolved(document, answer), "/description")),
            })
            .collect(),
        body,
    }
}

/// The object that a body is, whether it may be left out or not.
fn object_name(schema: &Value) -> Option<String> {
    let choices = at(schema, "/oneOf").as_array().into_iter().flatten();
    name_of(schema).or_else(|| choices.into_iter().find_map(name_of))
}

fn parameter(parameter: &Value) -> Field {
    let place = match at(parameter, "/in").as_str() {
        Some("header") => "header, ",
        Some("path") => "path, ",
        _ => "",
    };
    Field {
        name: text(at(parameter, "/name")),
        kind: format!("{place}{}", kind(at(parameter, "/schema"))),
        is_required: at(parameter, "/required") == true,
        words: text(at(parameter, "/description")),
    }
}

fn objects(document: &Value) -> Vec<Object> {
    entries(at(document, "/components/schemas"))
        .map(|(name, schema)| {
            let required: Vec<&str> = at(schema, "/required")
                .as_array()
                .into_iter()
                .flatten()
                .filter_map(Value::as_str)
                .collect();
            let fields = entries(at(schema, "/properties")).map(|(name, property)| Field {
                name: name.clone(),
                kind: kind(property),
                is_required: required.contains(&name.as_str()),
                words: text(at(property, "/description")),
            });
            let fields: Vec<Field> = fields.collect();
            Object {
                name: name.clone(),
                words: text(at(schema, "/description")),
                kind: if fields.is_empty() { kind(schema) } else { String::new() },
                fields,
            }
        })
        .collect()
}

/// A schema in a few words: `string (uuid)`, `array of EmailPayment`, `open | paid or null`.
fn kind(schema: &Value) -> String {
    if let Some(name) = name_of(schema) {
        return name;
    }
    if let Some(choices) = at(schema, "/oneOf").as_array() {
        return choices.iter().map(kind).collect::<Vec<_>>().join(" or ");
    }
    if let Some(words) = at(schema, "/enum").as_array() {
        let words =
            words.iter().map(|word| word.as_str().map_or_else(|| word.to_string(), str::to_owned));
        return words.collect::<Vec<_>>().join(" | ");
    }
    if !at(schema, "/items").is_null() {
        return format!("array of {}", kind(at(schema, "/items")));
    }
    let names: Vec<String> = match at(schema, "/type") {
        Value::Array(several) => several.iter().map(text).collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Object(_) => {
            vec![text(at(schema, "/type"))]
        }
    };
    let format =
        at(schema, "/format").as_str().filter(|format| *format != "int64" && *format != "int32");
    let format = format.map(|format| format!(" ({format})")).unwrap_or_default();
    let limit = at(schema, "/maxLength").as_u64().map(|max| format!(", at most {max} characters"));
    names.join(" or ").replacen(" or null", &format!("{format} or null"), 1)
        + if names.len() == 1 { &format } else { "" }
        + &limit.unwrap_or_default()
}

/// A line for a terminal that does the operation.
fn command(
    origin: &str,
    path: &str,
    method: &str,
    operation: &Value,
    body: Option<String>,
) -> String {
    let mut lines = Vec::new();
    let verb =
        if method == "get" { String::new() } else { format!("-X {} ", method.to_uppercase()) };
    lines.push(format!("curl {verb}{origin}{}", path.replace("{id}", "$ID")));
    if at(operation, "/security/0/bearer").is_array() {
        lines.push("-H \"Authorization: Bearer $TOKEN\"".to_owned());
    }
    let parameters = at(operation, "/parameters").as_array().into_iter().flatten();
    for header in
        parameters.filter(|one| at(one, "/in") == "header" && at(one, "/required") == true)
    {
        lines.push(format!(
            "-H \"{}: {}\"",
            text(at(header, "/name")),
            text(at(header, "/example"))
        ));
    }
    if let Some(body) = body {
        lines.push("-H \"Content-Type: application/json\"".to_owned());
        lines.push(format!("-d '{}'", body.replace('\'', "'\\''")));
    }
    lines.join(" \\\n  ")
}
