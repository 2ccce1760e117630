//! The description of the API: each slice's part, put together.

use utoipa::openapi::path::Operation;
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::{
    ContentBuilder, HeaderBuilder, OpenApi, Ref, RefOr, Response, ResponseBuilder, Server,
};
use utoipa::{OpenApi as _, openapi};

use crate::{documents, email_payments};

#[derive(utoipa::OpenApi)]
#[openapi(
    info(
        title = "Central API",
        version = "1",
        description = "Ask for payments by email from your own programs, by the same rules as the pages of Central.\n\nSend an access token with each request, in the header `Authorization: Bearer …` and nowhere else. A token is for one merchant and does what its scopes and the present role of its user allow, whichever is less.\n\nAmounts are whole numbers of minor units of their currency, instants are RFC 3339 in UTC, ids are texts. Fields and parameters that an address does not know are refused. `Accept-Language` (en, it, es, fr) chooses the language of messages.\n\nA token may send 600 requests a minute and 100 at once; a merchant's programs together have 20 requests worked on at the same time. What is more gets 429 with `Retry-After`.",
        license(name = "MIT", identifier = "MIT")
    ),
    paths(super::pages::openapi)
)]
struct Frame;

/// The whole description; `origin` is where the product stands, such as `https://central.example`.
#[must_use]
pub fn describe(origin: &str) -> OpenApi {
    let mut description = Frame::openapi()
        .merge_from(email_payments::ApiDescription::openapi())
        .merge_from(documents::ApiDescription::openapi());
    description.servers = Some(vec![Server::new(origin)]);
    let components = description.components.get_or_insert_with(openapi::Components::new);
    components.add_security_scheme(
        "bearer",
        SecurityScheme::Http(
            HttpBuilder::new()
                .scheme(HttpAuthScheme::Bearer)
                .description(Some(
                    "An access token made under Settings > Access tokens (`central_…`), or one of the identity provider for this API. The words beside it are scopes.",
                ))
                .build(),
        ),
    );
    for (name, response) in common() {
        components.responses.insert(name.to_owned(), response.into());
    }
    for operation in description.paths.paths.values_mut().flat_map(operations) {
        if operation.security.as_ref().is_some_and(|security| !security.is_empty()) {
            for (status, name) in COMMON {
                let reference = RefOr::Ref(Ref::from_response_name(name));
                operation.responses.responses.entry(status.to_owned()).or_insert(reference);
            }
        }
    }
    description
}

fn operations(path: &mut openapi::PathItem) -> impl Iterator<Item = &mut Operation> {
    let openapi::PathItem { get, put, post, delete, patch, .. } = path;
    [get, put, post, delete, patch].into_iter().flatten()
}

/// What every address that needs a token may answer.
const COMMON: [(&str, &str); 5] = [
    ("401", "Unauthorized"),
    ("403", "Forbidden"),
    ("429", "TooManyRequests"),
    ("500", "InternalError"),
    ("503", "Unavailable"),
];

fn common() -> [(&'static str, Response); 5] {
    let problem = |words: &str, header: Option<(&str, &str)>| {
        let content = ContentBuilder::new().schema(Some(Ref::from_schema_name("Problem"))).build();
        let response =
            ResponseBuilder::new().description(words).content("application/problem+json", content);
        match header {
            None => response.build(),
            Some((name, words)) => {
                response.header(name, HeaderBuilder::new().description(Some(words)).build()).build()
            }
        }
    };
    let retry = Some(("Retry-After", "Seconds to wait."));
    let challenge = Some(("WWW-Authenticate", "Why, as RFC 6750 says it."));
    [
        (COMMON[0].1, problem("No token, or one that is not valid (any more).", challenge)),
        (
            COMMON[1].1,
            problem(
                "The token lacks the scope, its user the right, or its user works for several merchants.",
                challenge,
            ),
        ),
        (COMMON[2].1, problem("Too many requests.", retry)),
        (COMMON[3].1, problem("Something went wrong on our side; nothing was done.", None)),
        (COMMON[4].1, problem("Out of reach for a moment.", retry)),
    ]
}
