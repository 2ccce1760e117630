//! Bodies of the API: JSON objects, bounded, with exactly the fields that an address names.

use std::fmt;
use std::future::Future;
use std::pin::Pin;

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};
use serde::de::{DeserializeOwned, IgnoredAny, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::Value;

use super::problem::{FieldFault, Problem, Unreadable};
use crate::auth::api::answers::Keyed;
use crate::crypto;
use crate::kernel::{Error, Texts};
use crate::web::{Upload, forms, upload};

/// Bytes of a body, and how deep its lists and objects may nest (SEC-16).
const BYTES_MAX: usize = 256 * 1024;
const DEPTH_MAX: usize = 32;
const KEY_LENGTH_MAX: usize = 255;

/// A POST of the API: what it sends, and the key that makes it safe to send again.
pub struct Post {
    body: String,
    pub keyed: Option<Keyed>,
}

/// A body's type. A test compares the names with those of the published schema.
pub trait Body: DeserializeOwned {
    const FIELDS: &'static [&'static str];
}

/// A field of a body. That it has the wrong type is told with all else that is wrong.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Field<T> {
    /// Not given, or `null`.
    #[default]
    Absent,
    Given(T),
    /// A value of another type.
    Wrong,
}

impl<'de, T: DeserializeOwned> Deserialize<'de> for Field<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = Value::deserialize(deserializer)?;
        if value.is_null() {
            return Ok(Self::Absent);
        }
        Ok(T::deserialize(value).map_or(Self::Wrong, Self::Given))
    }
}

impl<T> Field<T> {
    /// The value; a wrong one leaves a fault under `name`.
    pub fn take(
        self,
        name: &str,
        words: impl FnOnce() -> String,
        faults: &mut Vec<FieldFault>,
    ) -> Option<T> {
        match self {
            Self::Absent => None,
            Self::Given(value) => Some(value),
            Self::Wrong => {
                faults.push(FieldFault { field: name.to_owned(), message: words() });
                None
            }
        }
    }
}

impl Post {
    /// The key, where the address needs one.
    pub fn require_key(&self) -> Result<(), Problem> {
        self.keyed.as_ref().map(|_| ()).ok_or(Problem::Unreadable(Unreadable::KeyMissing))
    }

    /// The body as `T`; no body at all is an empty object.
    ///
    /// # Errors
    /// Not JSON or too deep: unreadable. Unknown fields are named.
    pub fn read<T: Body>(&self, t: &Texts) -> Result<T, Problem> {
        let body = if self.body.trim().is_empty() { "{}" } else { self.body.as_str() };
        if depth(body) > DEPTH_MAX {
            return Err(Problem::Unreadable(Unreadable::TooDeep));
        }
        let Names(names) = serde_json::from_str(body).map_err(|error| unreadable(&error))?;
        let unknown = names.iter().filter(|name| !T::FIELDS.contains(&name.as_str()));
        let faults: Vec<FieldFault> = unknown
            .map(|name| FieldFault {
                field: name.chars().take(100).collect(),
                message: t.msg_api_field_unknown(),
            })
            .collect();
        if !faults.is_empty() {
            return Err(Problem::Fields(faults));
        }
        serde_json::from_str(body).map_err(|error| unreadable(&error))
    }
}

/// Where a body stops being what this address reads. What was sent is not repeated.
fn unreadable(error: &serde_json::Error) -> Problem {
    Problem::Unreadable(Unreadable::NotJson { line: error.line(), column: error.column() })
}

/// No object of ours has more members.
const NAMES_MAX: usize = 64;

/// The names in an object, in order; each may stand there once.
struct Names(Vec<String>);

impl<'de> Deserialize<'de> for Names {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Object;
        impl<'de> Visitor<'de> for Object {
            type Value = Names;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Names, A::Error> {
                let mut names: Vec<String> = Vec::new();
                while let Some((name, IgnoredAny)) = map.next_entry::<String, IgnoredAny>()? {
                    if names.contains(&name) {
                        return Err(serde::de::Error::custom("a name stands there twice"));
                    }
                    if names.len() == NAMES_MAX {
                        return Err(serde::de::Error::custom("more names than any object has"));
                    }
                    names.push(name);
                }
                Ok(Names(names))
            }
        }
        deserializer.deserialize_map(Object)
    }
}

/// How deep lists and objects nest.
fn depth(json: &str) -> usize {
    let (mut depth, mut deepest) = (0_usize, 0);
    let (mut is_text, mut is_escaped) = (false, false);
    for byte in json.bytes() {
        match byte {
            _ if is_escaped => is_escaped = false,
            b'\\' if is_text => is_escaped = true,
            b'"' => is_text = !is_text,
            b'{' | b'[' if !is_text => {
                depth += 1;
                deepest = deepest.max(depth);
            }
            b'}' | b']' if !is_text => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    deepest
}

impl FromRequest for Post {
    type Error = Problem;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Problem>>>>;

    fn from_request(req: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (req, payload) = (req.clone(), payload.take());
        Box::pin(async move {
            let key = key(&req)?;
            let body = forms::collect(payload, BYTES_MAX).await?;
            let essence = forms::essence(&req);
            let is_json = essence == "application/json" || (essence.is_empty() && body.is_empty());
            if !is_json {
                return Err(Error::UnsupportedMedia.into());
            }
            let body = String::from_utf8(body.to_vec())
                .map_err(|_| Problem::Unreadable(Unreadable::NotJson { line: 1, column: 1 }))?;
            let keyed = key.map(|key| Keyed {
                key,
                method: req.method().to_string(),
                path: req.path().to_owned(),
                body_hash: crypto::hash(&body),
            });
            Ok(Self { body, keyed })
        })
    }
}

/// A POST of the API that carries a file: `multipart/form-data` of at most so many bytes.
pub struct FilePost<const BYTES_MAX: usize> {
    pub upload: Upload,
    pub post: Post,
}

impl<const BYTES_MAX: usize> FromRequest for FilePost<BYTES_MAX> {
    type Error = Problem;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Problem>>>>;

    fn from_request(req: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (req, payload) = (req.clone(), payload.take());
        Box::pin(async move {
            let key = key(&req)?;
            if forms::essence(&req) != upload::ESSENCE {
                return Err(Error::UnsupportedMedia.into());
            }
            let body = forms::collect(payload, BYTES_MAX).await?;
            let upload = Upload::of(req.headers(), body).await?;
            let keyed = key.map(|key| Keyed {
                key,
                method: req.method().to_string(),
                path: req.path().to_owned(),
                body_hash: content_hash(&upload),
            });
            Ok(Self { upload, post: Post { body: String::new(), keyed } })
        })
    }
}

/// Of what was sent, not of how: what stands between the parts is another each time.
fn content_hash(upload: &Upload) -> Vec<u8> {
    let mut content = Vec::new();
    for (name, value) in upload.fields() {
        content.extend(crypto::hash(name));
        content.extend(crypto::hash(value));
    }
    if let Some(file) = upload.files.last() {
        content.extend(crypto::hash(&file.bytes));
    }
    crypto::hash(content)
}

/// `Idempotency-Key`: 1 to 255 printable ASCII characters, once.
fn key(req: &HttpRequest) -> Result<Option<String>, Problem> {
    let mut given = req.headers().get_all("idempotency-key");
    let Some(value) = given.next() else { return Ok(None) };
    let text = value.as_bytes();
    let is_good = given.next().is_none()
        && (1..=KEY_LENGTH_MAX).contains(&text.len())
        && text.iter().all(|byte| (0x20..0x7f).contains(byte));
    let key = value.to_str().ok().filter(|_| is_good);
    key.map(|key| Some(key.to_owned())).ok_or(Problem::Unreadable(Unreadable::KeyMalformed))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::Lang;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Two {
        #[serde(default)]
        one: Field<String>,
        #[serde(default)]
        two: Field<i64>,
    }

    impl Body for Two {
        const FIELDS: &'static [&'static str] = &["one", "two"];
    }

    fn read(body: &str) -> Result<Two, Problem> {
        Post { body: body.to_owned(), keyed: None }.read(Lang::En.texts())
    }

    #[test]
    fn sec_19_a_body_is_an_object_with_known_fields_each_once() {
        let two = read(r#"{"one": "x", "two": null}"#).unwrap();
        assert_eq!((two.one, two.two), (Field::Given("x".to_owned()), Field::Absent));
        let two = read(r#"{"one": 1, "two": 1.5}"#).unwrap();
        assert_eq!((two.one, two.two), (Field::Wrong, Field::Wrong));
        assert_eq!(read("").unwrap().two, Field::Absent);
        for bad in ["[]", "1", "{", r#"{"one": "x"} "#.trim_end_matches("} "), "nul"] {
            assert!(
                matches!(read(bad), Err(Problem::Unreadable(Unreadable::NotJson { .. }))),
                "{bad}"
            );
        }
        let twice = read(r#"{"one": "x", "one": "y"}"#);
        assert!(matches!(twice, Err(Problem::Unreadable(Unreadable::NotJson { .. }))));
        let Err(Problem::Fields(faults)) = read(r#"{"three": 1, "one": 2, "four": []}"#) else {
            panic!("unknown fields went through");
        };
        assert_eq!(faults.iter().map(|f| f.field.as_str()).collect::<Vec<_>>(), ["three", "four"]);
    }

    #[test]
    fn sec_16_what_nests_too_deep_is_not_read() {
        assert_eq!(depth(r#"{"a": ["[[[", {"b": "\"[{"}]}"#), 3);
        let deep = format!(r#"{{"one": {}{}}}"#, "[".repeat(32), "]".repeat(32));
        assert!(matches!(read(&deep), Err(Problem::Unreadable(Unreadable::TooDeep))));
        let allowed = format!(r#"{{"one": {}{}}}"#, "[".repeat(31), "]".repeat(31));
        assert_eq!(read(&allowed).unwrap().one, Field::Wrong);
    }
}
