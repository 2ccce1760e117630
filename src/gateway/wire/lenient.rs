//! Reading what should have another type: numbers in strings, strings as numbers, an empty list where
//! an object belongs, `null` anywhere.

use serde::de::DeserializeOwned;
use serde::{Deserialize as _, Deserializer};
use serde_json::Value;

/// A text that may come as a number, or not at all.
pub fn text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    Ok(match Value::deserialize(deserializer)? {
        Value::String(text) => text,
        Value::Number(number) => number.to_string(),
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => String::new(),
    })
}

/// A whole number that may come as a text or with decimals that are nothing: `1830`, `"1830"`,
/// `1830.00`.
pub fn whole_number<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<i64>, D::Error> {
    let written = text(deserializer)?;
    let (whole, decimals) = written.split_once('.').unwrap_or((&written, ""));
    Ok(decimals.bytes().all(|byte| byte == b'0').then(|| whole.parse().ok()).flatten())
}

/// Yes or no, also as a number or a text; anything else is no answer.
pub fn flag<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<bool>, D::Error> {
    let word = match Value::deserialize(deserializer)? {
        Value::Bool(flag) => return Ok(Some(flag)),
        Value::String(text) => text.to_ascii_lowercase(),
        Value::Number(number) => number.to_string(),
        Value::Null | Value::Array(_) | Value::Object(_) => return Ok(None),
    };
    Ok(match word.as_str() {
        "true" | "1" => Some(true),
        "false" | "0" => Some(false),
        _ => None,
    })
}

/// An object; whatever else stands there (an empty one often comes as `[]`) is none.
pub fn object<'de, D, T>(deserializer: D) -> Result<Option<T>, D::Error>
where
    D: Deserializer<'de>,
    T: DeserializeOwned,
{
    let value = Value::deserialize(deserializer)?;
    Ok(value.is_object().then(|| serde_json::from_value(value).ok()).flatten())
}

/// A list; what is no list is an empty one, and items that can't be read are left out.
pub fn list<'de, D, T>(deserializer: D) -> Result<Vec<T>, D::Error>
where
    D: Deserializer<'de>,
    T: DeserializeOwned,
{
    let Value::Array(items) = Value::deserialize(deserializer)? else { return Ok(Vec::new()) };
    Ok(items.into_iter().filter_map(|item| serde_json::from_value(item).ok()).collect())
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    #[derive(Deserialize)]
    struct Read {
        #[serde(default, deserialize_with = "whole_number")]
        number: Option<i64>,
        #[serde(default, deserialize_with = "flag")]
        flag: Option<bool>,
        #[serde(default, deserialize_with = "object")]
        object: Option<Box<Read>>,
        #[serde(default, deserialize_with = "list")]
        list: Vec<Read>,
    }

    fn read(json: &str) -> Read {
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn amounts_are_read_in_every_form_that_means_the_same() {
        for (json, expected) in [
            ("1830", Some(1830)),
            ("\"1830\"", Some(1830)),
            ("1830.00", Some(1830)),
            ("\"1830.0\"", Some(1830)),
            ("18.30", None),
            ("\"\"", None),
            ("\"1 830\"", None),
            ("null", None),
            ("[]", None),
            ("99999999999999999999", None),
        ] {
            assert_eq!(read(&format!(r#"{{"number":{json}}}"#)).number, expected, "{json}");
        }
    }

    #[test]
    fn other_types_are_nothing_instead_of_an_error() {
        assert_eq!(read(r#"{"flag":"1"}"#).flag, Some(true));
        assert_eq!(read(r#"{"flag":"maybe"}"#).flag, None);
        assert!(read(r#"{"object":[]}"#).object.is_none());
        assert_eq!(read(r#"{"object":{"number":1}}"#).object.unwrap().number, Some(1));
        assert!(read(r#"{"list":null}"#).list.is_empty());
        assert_eq!(read(r#"{"list":[1,{"number":"2"},"x"]}"#).list.len(), 1);
    }
}
