//! The OpenAPI document: what every operation shares is added here, once, to what the routes say of themselves.

use std::collections::BTreeSet;

use utoipa::openapi::{
    ContentBuilder, HttpMethod, OpenApi, PathItem, Ref, RefOr, Required, ResponseBuilder,
    path::{Operation, Parameter, ParameterBuilder, ParameterIn},
    schema::{ArrayItems, ObjectBuilder, Schema, Type},
    security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme},
};

use crate::routes::LOOKS;

/// What the routes cannot say of themselves.
#[derive(utoipa::OpenApi)]
#[openapi(
    info(
        title = "DevMentor",
        version = "1",
        description = "Self-hosted mentor for developers. Every failure is a problem document (RFC 9457). Reads carry an ETag; \
                       mutations accept an Idempotency-Key. The live channel speaks `ClientFrame` and `ServerFrame`. \
                       Beside this interface stands OpenAI's: `/v1/chat/completions` and `/v1/models`, for programs with an \
                       API token that has the scope `model.use`.",
        license(name = "Apache-2.0", identifier = "Apache-2.0")
    ),
    components(schemas(api::Problem, api::live::ClientFrame, api::live::ServerFrame)),
    tags(
        (name = "session", description = "Who is signed in"),
        (name = "auth", description = "Signing up, in and out"),
        (name = "me", description = "One's own account"),
        (name = "people", description = "Workspaces, who is in them, and what was done there"),
        (name = "admin", description = "Running this server"),
        (name = "server", description = "This server"),
        (name = "repos", description = "Connected repositories"),
        (name = "hosts", description = "Code hosts: connected accounts and what they offer"),
        (name = "analyses", description = "Runs"),
        (name = "report", description = "What the newest analysis found"),
        (name = "insights", description = "What is worth doing"),
        (name = "tasks", description = "Tasks"),
        (name = "memories", description = "What was learned, and how it is recalled"),
        (name = "chat", description = "Conversations with the mentor: questions, answers and what they rest on"),
        (name = "models", description = "Which language models are asked, and what may be spent on them"),
        (name = "advisories", description = "How known vulnerabilities are looked up"),
        (name = "live", description = "Events as they happen"),
    )
)]
pub(crate) struct Document;

/// Adds what all operations share: path parameters, the default error, idempotency, security.
pub(crate) fn finish(mut document: OpenApi) -> OpenApi {
    for (path, item) in &mut document.paths.paths {
        for (method, operation) in operations(item) {
            add_path_parameters(path, operation);
            add_default_error(operation);
            if changes_something(&method) {
                if path.contains("{workspace}") && !LOOKS.contains(&path.as_str()) {
                    add_header(operation, "Idempotency-Key", IDEMPOTENCY);
                }
            } else if !path.contains("/live") {
                add_header(
                    operation,
                    "If-None-Match",
                    "The ETag of the answer that is already there: 304 when it still holds.",
                );
                let holds =
                    ResponseBuilder::new().description("The answer that is already there still holds");
                operation.responses.responses.insert("304".to_owned(), RefOr::T(holds.build()));
            }
            if !is_open(path, &method) {
                operation.security = Some(vec![
                    SecurityRequirement::new("cookie", Vec::<String>::new()),
                    SecurityRequirement::new("bearer", Vec::<String>::new()),
                ]);
            }
        }
    }
    require_every_member_of_answers(&mut document);
    if let Some(components) = &mut document.components {
        let bearer = HttpBuilder::new()
            .scheme(HttpAuthScheme::Bearer)
            .description(Some(
                "A session's access token, or an API token (`dm_…`) within its workspace and scopes",
            ))
            .build();
        components.add_security_scheme("bearer", SecurityScheme::Http(bearer));
        let cookie = ApiKeyValue::with_description(
            "__Host-devmentor",
            "A session's access token as a cookie; on plain-http loopback its name is `devmentor-PORT`",
        );
        components.add_security_scheme("cookie", SecurityScheme::ApiKey(ApiKey::Cookie(cookie)));
    }
    document
}

const IDEMPOTENCY: &str = "Names this change, 1 to 128 visible characters: sent again with the same content within a day it \
                           answers as the first time and changes nothing; what was told as a stream answers 409 `asked_already`.";

/// What the parameters in paths mean; every route uses the same names.
const PATH_PARAMETERS: [(&str, &str); 10] = [
    ("workspace", "The workspace's name in addresses."),
    ("repo", "The repository's name in addresses, or its id."),
    ("id", "The id."),
    ("key", "The task's key: `WEB-12`."),
    ("commit", "The commit's full id."),
    ("name", "The dependency's name."),
    ("memory", "The memory's id."),
    ("thread", "The conversation's id."),
    ("message", "The id of a question or an answer."),
    ("provider", "The provider's name in addresses, as `auth/methods` lists it."),
];

fn operations(item: &mut PathItem) -> impl Iterator<Item = (HttpMethod, &mut Operation)> {
    [
        (HttpMethod::Get, &mut item.get),
        (HttpMethod::Put, &mut item.put),
        (HttpMethod::Post, &mut item.post),
        (HttpMethod::Delete, &mut item.delete),
        (HttpMethod::Patch, &mut item.patch),
    ]
    .into_iter()
    .filter_map(|(method, operation)| Some((method, operation.as_mut()?)))
}

fn changes_something(method: &HttpMethod) -> bool {
    !matches!(method, HttpMethod::Get)
}

/// Paths of which every operation does.
const OPEN: [&str; 14] = [
    "/auth/methods",
    "/auth/sign-up",
    "/auth/verify",
    "/auth/sign-in",
    "/auth/refresh",
    "/auth/forgot",
    "/auth/reset",
    "/auth/reset/check",
    "/setup",
    "/auth/device",
    "/auth/device/token",
    "/auth/providers/{provider}",
    "/auth/providers/{provider}/finish",
    "/invites/check",
];

/// The operations that answer without a session.
fn is_open(path: &str, method: &HttpMethod) -> bool {
    OPEN.iter().any(|open| path.ends_with(open))
        || path.ends_with("/server")
        || path.ends_with("/openapi.json")
        || (path.ends_with("/session") && *method == HttpMethod::Post)
}

fn text() -> RefOr<Schema> {
    RefOr::T(Schema::Object(ObjectBuilder::new().schema_type(Type::String).build()))
}

fn add_path_parameters(path: &str, operation: &mut Operation) {
    let mut parameters = Vec::new();
    for name in path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}')) {
        let meaning = PATH_PARAMETERS.iter().find(|(known, _)| *known == name).map(|(_, meaning)| *meaning);
        parameters.push(RefOr::T(
            ParameterBuilder::new()
                .name(name)
                .parameter_in(ParameterIn::Path)
                .required(Required::True)
                .description(meaning)
                .schema(Some(text()))
                .build(),
        ));
    }
    let kept = operation.parameters.take().unwrap_or_default();
    parameters.extend(kept.into_iter().filter(|kept| match kept {
        RefOr::T(parameter) => parameter.parameter_in != ParameterIn::Path,
        RefOr::Ref(_) => true,
    }));
    operation.parameters = Some(parameters);
}

fn add_header(operation: &mut Operation, name: &str, meaning: &str) {
    let header: Parameter = ParameterBuilder::new()
        .name(name)
        .parameter_in(ParameterIn::Header)
        .required(Required::False)
        .description(Some(meaning))
        .schema(Some(text()))
        .build();
    operation.parameters.get_or_insert_default().push(RefOr::T(header));
}

fn add_default_error(operation: &mut Operation) {
    let problem = ContentBuilder::new().schema(Some(Ref::from_schema_name("Problem"))).build();
    let response = ResponseBuilder::new()
        .description("A problem: what went wrong and what to do next")
        .content("application/problem+json", problem)
        .build();
    operation.responses.responses.insert("default".to_owned(), RefOr::T(response));
}

/// Answers always hold every member, with `null` where there is nothing to say; schemas made from `Option` do not
/// know that. Types that only travel to the server keep their optional members.
fn require_every_member_of_answers(document: &mut OpenApi) {
    let Some(components) = &mut document.components else { return };
    let mut wanted = vec!["Problem".to_owned(), "ServerFrame".to_owned()];
    for item in document.paths.paths.values_mut() {
        for (_, operation) in operations(item) {
            let json = serde_json::to_value(&operation.responses).unwrap_or_default();
            collect_references(&json, &mut wanted);
        }
    }
    let mut seen = BTreeSet::new();
    while let Some(name) = wanted.pop() {
        if !seen.insert(name.clone()) {
            continue;
        }
        let Some(schema) = components.schemas.get_mut(&name) else { continue };
        if let RefOr::T(schema) = schema {
            require_members(schema);
        }
        // `Answer_Task` holds its own copy of `Task`.
        wanted.extend(name.split_once('_').map(|(_, held)| held.to_owned()));
        collect_references(&serde_json::to_value(&*schema).unwrap_or_default(), &mut wanted);
    }
}

fn require_members(schema: &mut Schema) {
    let parts = match schema {
        Schema::Object(object) => {
            object.required = object.properties.keys().cloned().collect();
            for member in object.properties.values_mut() {
                if let RefOr::T(member) = member {
                    require_members(member);
                }
            }
            return;
        }
        Schema::Array(array) => {
            if let ArrayItems::RefOrSchema(item) = &mut array.items
                && let RefOr::T(item) = &mut **item
            {
                require_members(item);
            }
            return;
        }
        Schema::OneOf(one) => &mut one.items,
        Schema::AllOf(all) => &mut all.items,
        Schema::AnyOf(any) => &mut any.items,
        _ => return,
    };
    for part in parts {
        if let RefOr::T(part) = part {
            require_members(part);
        }
    }
}

fn collect_references(json: &serde_json::Value, into: &mut Vec<String>) {
    match json {
        serde_json::Value::Object(members) => {
            for (key, value) in members {
                match value.as_str().and_then(|target| target.strip_prefix("#/components/schemas/")) {
                    Some(name) if key == "$ref" => into.push(name.to_owned()),
                    _ => collect_references(value, into),
                }
            }
        }
        serde_json::Value::Array(items) => items.iter().for_each(|item| collect_references(item, into)),
        _ => {}
    }
}

/// The document as it is served.
pub(crate) fn as_served() -> bytes::Bytes {
    bytes::Bytes::from(crate::openapi().to_json().unwrap_or_default())
}
