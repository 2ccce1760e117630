//! What is published about the API, against what there is.

#![expect(
    clippy::indexing_slicing,
    reason = "an index of a JSON value that is not there gives null, which fails the comparison"
)]

use std::collections::BTreeSet;

use openidconnect::reqwest::StatusCode;
use serde_json::Value;

use crate::support::*;

fn document() -> Value {
    serde_json::to_value(central::api::describe("https://central.example")).unwrap()
}

#[test]
fn every_address_of_the_api_is_described_and_no_other() {
    let document = document();
    let mut described = BTreeSet::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for method in item.as_object().unwrap().keys() {
            described.insert((method.to_uppercase(), path.clone()));
        }
    }
    let routes = central::server::routes();
    let there: BTreeSet<(String, String)> = routes
        .listing()
        .iter()
        .filter(|route| route.path.starts_with("/api/"))
        .map(|route| (route.method.to_string(), route.path.to_owned()))
        .collect();
    assert_eq!(described, there);
    // And each says the scope that its guard asks for.
    for route in routes.listing().iter().filter(|route| route.path.starts_with("/api/")) {
        let operation = &document["paths"][route.path][route.method.as_str().to_lowercase()];
        let scopes = operation["security"][0]["bearer"].as_array().cloned().unwrap_or_default();
        if let central::web::Audience::Api(scope) | central::web::Audience::StaffApi(scope) =
            route.audience
        {
            assert_eq!(scopes, [scope.as_str()], "{}", route.path);
        } else {
            assert!(scopes.is_empty(), "{}", route.path);
        }
    }
}

/// Every `$ref` of a value.
fn references(value: &Value, all: &mut Vec<String>) {
    match value {
        Value::Object(map) => {
            if let Some(Value::String(target)) = map.get("$ref") {
                all.push(target.clone());
            }
            map.values().for_each(|value| references(value, all));
        }
        Value::Array(list) => list.iter().for_each(|value| references(value, all)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// The members that `OpenAPI` 3.1 knows of an object; `x-` ones besides.
fn assert_members(value: &Value, known: &[&str], required: &[&str], what: &str) {
    let map = value.as_object().unwrap_or_else(|| panic!("{what} is no object: {value}"));
    for name in map.keys() {
        assert!(known.contains(&name.as_str()) || name.starts_with("x-"), "{what}: {name}");
    }
    for name in required {
        assert!(map.contains_key(*name), "{what} lacks {name}");
    }
}

fn assert_content(content: &Value, what: &str) {
    for (kind, media) in content.as_object().unwrap() {
        assert!(
            [
                "application/json",
                "application/problem+json",
                "application/pdf",
                "multipart/form-data"
            ]
            .contains(&kind.as_str()),
            "{what}"
        );
        assert_members(media, &["schema", "example", "examples", "encoding"], &["schema"], what);
        assert_schema(&media["schema"], what);
    }
}

/// JSON Schema 2020-12, as far as it is used here.
fn assert_schema(schema: &Value, what: &str) {
    if schema.get("$ref").is_some() {
        return;
    }
    let known = [
        "type",
        "format",
        "description",
        "properties",
        "required",
        "additionalProperties",
        "items",
        "enum",
        "oneOf",
        "default",
        "example",
        "examples",
        "minimum",
        "maximum",
        "maxItems",
        "maxLength",
        "minLength",
        "pattern",
        "title",
    ];
    assert_members(schema, &known, &[], what);
    let types: Vec<&str> = match &schema["type"] {
        Value::String(one) => vec![one],
        Value::Array(several) => several.iter().map(|one| one.as_str().unwrap()).collect(),
        Value::Null => Vec::new(),
        Value::Bool(_) | Value::Number(_) | Value::Object(_) => panic!("{what}: {schema}"),
    };
    let simple = ["string", "integer", "number", "boolean", "object", "array", "null"];
    assert!(types.iter().all(|kind| simple.contains(kind)), "{what}: {types:?}");
    for (name, property) in schema["properties"].as_object().into_iter().flatten() {
        assert_schema(property, &format!("{what}.{name}"));
    }
    for name in schema["required"].as_array().into_iter().flatten() {
        assert!(schema["properties"][name.as_str().unwrap()].is_object(), "{what}: {name}");
    }
    for choice in schema["oneOf"].as_array().into_iter().flatten() {
        assert_schema(choice, what);
    }
    if !schema["items"].is_null() {
        assert_schema(&schema["items"], what);
    }
}

fn assert_paths(paths: &Value) {
    let status_of_three = regex::Regex::new("^[2-5][0-9]{2}$").unwrap();
    let mut ids = BTreeSet::new();
    for (path, item) in paths.as_object().unwrap() {
        assert!(path.starts_with('/'), "{path}");
        for (method, operation) in item.as_object().unwrap() {
            let what = format!("{method} {path}");
            assert!(["get", "post"].contains(&method.as_str()), "{what}");
            assert_members(
                operation,
                &[
                    "tags",
                    "summary",
                    "description",
                    "operationId",
                    "parameters",
                    "requestBody",
                    "responses",
                    "security",
                ],
                &["summary", "operationId", "responses", "security"],
                &what,
            );
            assert!(ids.insert(operation["operationId"].to_string()), "{what}: an id twice");
            let in_path: BTreeSet<String> = found(r"\{(\w+)\}", path).into_iter().collect();
            let mut given = BTreeSet::new();
            for parameter in operation["parameters"].as_array().into_iter().flatten() {
                let known = [
                    "name",
                    "in",
                    "description",
                    "required",
                    "deprecated",
                    "schema",
                    "example",
                    "examples",
                    "style",
                    "explode",
                    "allowReserved",
                ];
                assert_members(parameter, &known, &["name", "in", "schema"], &what);
                assert_schema(&parameter["schema"], &what);
                if parameter["in"] == "path" {
                    assert_eq!(parameter["required"], true, "{what}");
                    given.insert(parameter["name"].as_str().unwrap().to_owned());
                }
            }
            assert_eq!(given, in_path, "{what}");
            if operation["requestBody"].is_object() {
                assert_members(
                    &operation["requestBody"],
                    &["content", "description", "required"],
                    &["content"],
                    &what,
                );
                assert_content(&operation["requestBody"]["content"], &what);
            }
            for (status, response) in operation["responses"].as_object().unwrap() {
                assert!(status_of_three.is_match(status), "{what}");
                if response.get("$ref").is_none() {
                    assert_members(
                        response,
                        &["description", "headers", "content"],
                        &["description"],
                        &what,
                    );
                    assert_content(&response["content"], &what);
                }
            }
        }
    }
}

#[test]
fn the_description_is_openapi_3_1() {
    let document = document();
    assert_members(
        &document,
        &["openapi", "info", "servers", "paths", "components", "tags", "security"],
        &["openapi", "info", "paths"],
        "document",
    );
    assert!(document["openapi"].as_str().unwrap().starts_with("3.1."));
    assert_members(
        &document["info"],
        &["title", "version", "description", "license", "summary", "contact", "termsOfService"],
        &["title", "version"],
        "info",
    );
    assert_eq!(document["servers"][0]["url"], "https://central.example");
    assert_paths(&document["paths"]);
    for (name, schema) in document["components"]["schemas"].as_object().unwrap() {
        let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"._-".contains(&byte);
        assert!(name.bytes().all(is_plain), "{name}");
        assert_schema(schema, name);
    }
    for (name, response) in document["components"]["responses"].as_object().unwrap() {
        assert_members(response, &["description", "headers", "content"], &["description"], name);
        assert_content(&response["content"], name);
    }
    let bearer = &document["components"]["securitySchemes"]["bearer"];
    assert_eq!((&bearer["type"], &bearer["scheme"]), (&"http".into(), &"bearer".into()));
    let mut all = Vec::new();
    references(&document, &mut all);
    assert!(all.len() > 30, "{}", all.len());
    for target in all {
        let at = target.strip_prefix('#').expect("within the document");
        assert!(document.pointer(at).is_some(), "{target} is not there");
    }
}

#[actix_web::test]
async fn the_description_and_its_page_need_no_token_and_no_script() {
    let app = TestApp::start().await;
    let mut nobody = app.browser();
    let page = nobody.get("/api/v1/openapi.json").await;
    assert_eq!(page.status, StatusCode::OK);
    assert_eq!(page.json()["servers"][0]["url"], app.base);
    assert_eq!(page.header("content-type").as_deref(), Some("application/json; charset=utf-8"));

    let page = nobody.get("/api").await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(!page.has("script"));
    let text = page.text("main");
    for (path, item) in document()["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let id = operation["operationId"].as_str().unwrap();
            let address = page.text(&format!("#{id} .api-address"));
            assert_eq!(address, format!("{} {path}", method.to_uppercase()));
        }
    }
    for name in document()["components"]["schemas"].as_object().unwrap().keys() {
        assert!(page.has(&format!("#{name}")), "{name}");
    }
    // Every type of a problem leads to a place on the page.
    for kind in central::web::api::ProblemKind::ALL {
        assert!(page.has(&format!("tr#{}", kind.word())), "{}", kind.word());
    }
    for words in ["Idempotency-Key", "amount_minor", "curl -X POST", "email_payments:write"] {
        assert!(text.contains(words), "{words}");
    }
    let page = nobody.get("/api?lang=it").await;
    assert_eq!(page.text("h1"), "API di Central");
}
