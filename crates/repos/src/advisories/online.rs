//! Asking a service that speaks the OSV API.
//!
//! Only names of packages and ecosystems are sent; which versions are in use stays here.

use analysis::advisories::{OsvRecord, PackageKey};
use futures_util::stream::{self, StreamExt as _, TryStreamExt as _};
use outbound::{Client, Dependency, Limits, Outbound, Request};
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

/// The service. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Online {
    client: Client,
    base: Url,
}

/// Why the service gave no answer.
#[derive(Debug, thiserror::Error)]
pub enum OnlineError {
    /// It could not be asked, or did not answer.
    #[error(transparent)]
    Call(outbound::Error),
    /// It answered with something else than its API says.
    #[error("the service's answer cannot be read")]
    Malformed,
    /// It knows more than any honest repository can make it tell.
    #[error("the service's answer is too large")]
    TooLarge,
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
    /// The service at `base`.
    pub fn new(outbound: &Outbound, base: Url) -> Self {
        let limits = Limits { answer: ANSWER_BYTES, ..Limits::default() };
        Self { client: outbound.client(Dependency::new("advisories"), limits), base }
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
        // It only asks, in a body because there is much to ask.
        ask(self.client.post(self.at("v1/querybatch")?).json(&Batch { queries }).repeatable()).await
    }

    async fn record(&self, id: &str) -> Result<OsvRecord, OnlineError> {
        ask(self.client.get(self.at(&format!("v1/vulns/{id}"))?)).await
    }

    fn at(&self, path: &str) -> Result<Url, OnlineError> {
        let base = self.base.as_str().trim_end_matches('/');
        Url::parse(&format!("{base}/{path}")).map_err(|_| OnlineError::Malformed)
    }
}

async fn ask<T: serde::de::DeserializeOwned>(request: Request<'_>) -> Result<T, OnlineError> {
    let answer = request.send().await.map_err(OnlineError::Call)?;
    answer.json().map_err(|_| OnlineError::Malformed)
}

/// Ids go into addresses; anything but the characters that ids are made of is left out.
fn is_id(id: &str) -> bool {
    !id.is_empty()
        && id.len() <= 200
        && id.bytes().all(|it| it.is_ascii_alphanumeric() || b"-_.:".contains(&it))
        && !id.starts_with('.')
}
