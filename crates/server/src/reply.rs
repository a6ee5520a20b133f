//! Answers of reads: a body with its entity tag.
//!
//! Everything here belongs to somebody and may change, so browsers keep it but ask each time (`private, no-cache`);
//! the tag lets the answer to that be "it still holds". The tag leaves out when live data was read: it would never
//! match otherwise.

use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use base::Timestamp;
use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::problem::Problem;

/// A read that succeeded.
pub(crate) struct Reply<T>(pub(crate) T);

/// Answers that carry their freshness.
pub(crate) trait Dated: Serialize {
    /// The freshness.
    fn meta(&mut self) -> &mut api::Meta;
}

macro_rules! dated {
    ($($type:ty),* $(,)?) => {$(
        impl Dated for $type {
            fn meta(&mut self) -> &mut api::Meta {
                &mut self.meta
            }
        }
    )*};
}

dated!(
    api::Findings,
    api::Dependencies,
    api::Hotspots,
    api::Insights,
    api::Memories,
    api::ModelUse,
    api::OfferedRepositories,
);

impl<T: Serialize> Dated for api::Answer<T> {
    fn meta(&mut self) -> &mut api::Meta {
        &mut self.meta
    }
}

impl<T: Serialize> Dated for api::Listing<T> {
    fn meta(&mut self) -> &mut api::Meta {
        &mut self.meta
    }
}

impl<T: Dated> IntoResponse for Reply<T> {
    fn into_response(mut self) -> Response {
        match encode(&mut self.0) {
            Ok((tag, body)) => tagged(&tag, "application/json", body),
            Err(error) => Problem::internal(error).into_response(),
        }
    }
}

fn encode<T: Dated>(answer: &mut T) -> Result<(String, Vec<u8>), serde_json::Error> {
    let as_of = answer.meta().as_of;
    if answer.meta().source == api::Freshness::Cache {
        let body = serde_json::to_vec(answer)?;
        return Ok((tag(&body), body));
    }
    answer.meta().as_of = Timestamp::default().into();
    let tag = tag(&serde_json::to_vec(answer)?);
    answer.meta().as_of = as_of;
    Ok((tag, serde_json::to_vec(answer)?))
}

/// The entity tag of a body. Weak, because compression and the time of reading change the bytes, not the meaning.
pub(crate) fn tag(body: &[u8]) -> String {
    format!("W/\"{}\"", hex::encode(&Sha256::digest(body)[..16]))
}

/// A body that browsers keep and ask about.
pub(crate) fn tagged(tag: &str, content_type: &'static str, body: Vec<u8>) -> Response {
    let mut response = body.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
    headers.insert(header::VARY, HeaderValue::from_static("cookie, authorization"));
    if let Ok(tag) = HeaderValue::from_str(tag) {
        headers.insert(header::ETAG, tag);
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(second: i64, data: &str) -> api::Answer<String> {
        api::Answer { meta: api::Meta::live(Timestamp::from_seconds(second)), data: data.to_owned() }
    }

    #[test]
    fn the_tag_of_live_data_changes_with_the_data_only() {
        let (first, body) = encode(&mut answer(1, "a")).unwrap();
        let (later, later_body) = encode(&mut answer(2, "a")).unwrap();
        let (other, _) = encode(&mut answer(1, "b")).unwrap();
        assert_eq!(first, later);
        assert_ne!(body, later_body);
        assert_ne!(first, other);
    }
}
