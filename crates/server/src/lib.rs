//! The HTTP server.
mod openapi;
mod problem;
mod routes;

/// The OpenAPI document of every route.
pub fn openapi() -> utoipa::openapi::OpenApi {
    openapi::finish(routes::api().into_openapi())
}

#[cfg(test)]
mod tests {
    #[test]
    fn write_it() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../openapi/devmentor.json");
        std::fs::write(path, crate::openapi().to_pretty_json().unwrap() + "\n").unwrap();
    }
}
