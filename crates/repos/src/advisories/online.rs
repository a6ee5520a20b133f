//! Asking a service that speaks the OSV API.
//!
//! Only names of packages and ecosystems are sent; which versions are in use stays here.

use std::time::Duration;

use analysis::advisories::{OsvRecord, PackageKey};
use futures_util::stream::{self, StreamExt as _, TryStreamExt as _};
use serde::{Deserialize, Serialize};
use url::Url;

/// The public service.
pub const PUBLIC_SERVICE: &str = "https://api.osv.dev";

/// The ecosystems the public service covers, of those this program reads manifests of.
pub const ECOSYSTEMS: &[&str] = &[
    "ConanCenter",
    "CRAN",
    "crates.io",
    "GitHub Actions",
    "Go",
    "Hackage",
    "Hex",
    "Maven",
    "npm",
    "NuGet",
    "Packagist",
    "Pub",
    "PyPI",
    "RubyGems",
    "SwiftURL",
];

/// Packages of one request; the service takes a thousand.
const BATCH: usize = 500;

/// Pages of one package's list; each has up to a thousand ids.
const PAGES: usize = 20;

/// Records that are fetched for one analysis.
const RECORDS: usize = 20_000;

/// Requests at one time.
const AT_ONCE: usize = 8;

/// Bytes of one answer.
const ANSWER_BYTES: usize = 32 << 20;

/// Tries of one request, and how long each may take.
const TRIES: u32 = 3;
const TRY_TIME: Duration = Duration::from_secs(15);

/// Pause before the second try; doubled before the third.
const PAUSE: Duration = Duration::from_millis(500);

/// The service. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Online {
    client: reqwest::Client,
    base: Url,
}

/// Why the service gave no answer.
#[derive(Debug, thiserror::Error)]
pub enum OnlineError {
    /// It could not be reached, or broke off.
    #[error("the service could not be reached")]
    Unreachable(#[source] reqwest::Error),
    /// It answered with an error.
    #[error("the service answered with status {0}")]
    Status(u16),
    /// It answered with something else than its API says.
    #[error("the service's answer cannot be read")]
    Malformed,
    /// The answer is longer than any honest one.
    #[error("the service's answer is too large")]
    TooLarge,
}

impl OnlineError {
    fn passes(&self) -> bool {
        match self {
            Self::Unreachable(_) => true,
            Self::Status(status) => *status >= 500 || matches!(status, 408 | 429),
            Self::Malformed | Self::TooLarge => false,
        }
    }
}

#[derive(Serialize)]
struct Batch<'a> {
    queries: Vec<Query<'a>>,
}

#[derive(Serialize)]
struct Query<'a> {
    package: QueryPackage<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    page_token: Option<String>,
}

#[derive(Serialize)]
struct QueryPackage<'a> {
    ecosystem: &'a str,
    name: &'a str,
}

#[derive(Deserialize)]
struct BatchAnswer {
    results: Vec<Option<QueryAnswer>>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct QueryAnswer {
    vulns: Vec<Named>,
    next_page_token: Option<String>,
}

#[derive(Deserialize)]
struct Named {
    id: String,
}

impl Online {
    /// The service at `base`, asked through `client`.
    pub fn new(client: reqwest::Client, base: Url) -> Self {
        Self { client, base }
    }

    /// Every record that names one of the packages, by id.
    pub async fn look_up(&self, packages: &[PackageKey]) -> Result<Vec<OsvRecord>, OnlineError> {
        let mut ids = std::collections::BTreeSet::new();
        for batch in packages.chunks(BATCH) {
            let mut open: Vec<(&PackageKey, Option<String>)> = batch.iter().map(|key| (key, None)).collect();
            for _ in 0..PAGES {
                if open.is_empty() {
                    break;
                }
                let answer = self.batch(&open).await?;
                if answer.results.len() != open.len() {
                    return Err(OnlineError::Malformed);
                }
                let mut more = Vec::new();
                for ((key, _), result) in open.into_iter().zip(answer.results) {
                    let result = result.unwrap_or_default();
                    ids.extend(result.vulns.into_iter().map(|named| named.id).filter(|id| is_id(id)));
                    if let Some(token) = result.next_page_token.filter(|token| !token.is_empty()) {
                        more.push((key, Some(token)));
                    }
                }
                open = more;
            }
            if !open.is_empty() || ids.len() > RECORDS {
                return Err(OnlineError::TooLarge);
            }
        }
        // `buffered` keeps the order, so that equal look-ups give equal answers.
        stream::iter(ids.into_iter().map(|id| async move { self.record(&id).await }))
            .buffered(AT_ONCE)
            .try_collect()
            .await
    }

    async fn batch(&self, open: &[(&PackageKey, Option<String>)]) -> Result<BatchAnswer, OnlineError> {
        let queries = open
            .iter()
            .map(|(key, token)| Query {
                package: QueryPackage { ecosystem: &key.ecosystem, name: &key.name },
                page_token: token.clone(),
            })
            .collect();
        let body = serde_json::to_vec(&Batch { queries }).map_err(|_| OnlineError::Malformed)?;
        let url = self.at("v1/querybatch")?;
        let request = || {
            self.client
                .post(url.clone())
                .header(reqwest::header::CONTENT_TYPE, "application/json")
                .body(body.clone())
        };
        self.ask(request).await
    }

    async fn record(&self, id: &str) -> Result<OsvRecord, OnlineError> {
        let url = self.at(&format!("v1/vulns/{id}"))?;
        self.ask(|| self.client.get(url.clone())).await
    }

    fn at(&self, path: &str) -> Result<Url, OnlineError> {
        let base = self.base.as_str().trim_end_matches('/');
        Url::parse(&format!("{base}/{path}")).map_err(|_| OnlineError::Malformed)
    }

    async fn ask<T: serde::de::DeserializeOwned>(
        &self,
        request: impl Fn() -> reqwest::RequestBuilder,
    ) -> Result<T, OnlineError> {
        let mut pause = PAUSE;
        for attempt in 1.. {
            match once(request()).await {
                Ok(bytes) => return serde_json::from_slice(&bytes).map_err(|_| OnlineError::Malformed),
                Err(error) if attempt < TRIES && error.passes() => {
                    tokio::time::sleep(pause).await;
                    pause *= 2;
                }
                Err(error) => return Err(error),
            }
        }
        Err(OnlineError::Malformed)
    }
}

async fn once(request: reqwest::RequestBuilder) -> Result<Vec<u8>, OnlineError> {
    let mut response = request.timeout(TRY_TIME).send().await.map_err(OnlineError::Unreachable)?;
    if !response.status().is_success() {
        return Err(OnlineError::Status(response.status().as_u16()));
    }
    let mut bytes = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(OnlineError::Unreachable)? {
        if bytes.len() + chunk.len() > ANSWER_BYTES {
            return Err(OnlineError::TooLarge);
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes)
}

/// Ids go into addresses; anything but the characters that ids are made of is left out.
fn is_id(id: &str) -> bool {
    !id.is_empty()
        && id.len() <= 200
        && id.bytes().all(|it| it.is_ascii_alphanumeric() || b"-_.:".contains(&it))
        && !id.starts_with('.')
}
