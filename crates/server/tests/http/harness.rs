//! A whole server over a fresh database, and callers of it.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, OnceLock};

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::ConnectInfo;
use axum::http::{HeaderMap, Method, Request, Response, StatusCode, header};
use base::{Actor, Clock, Ids, Secret, Timestamp};
use chat::Chats;
use events::{Events, Hub, HubOptions};
use identity::mail::Memory;
use identity::providers::{Kind, Provider, Providers};
use identity::{Identity, SignUp};
use jobs::Jobs;
use memory::Memories;
use mentor::Mentor;
use mentor::operate::Operations;
use metrics_exporter_prometheus::PrometheusHandle;
use models::Models;
use outbound::{Allowed, Options, Outbound};
use projects::Projects;
use repos::advisories::Advisories;
use repos::child::Supervisor;
use repos::fetch::{FetchConfig, Fetcher};
use repos::kept::Kept;
use repos::{Limits, Repos};
use retrieval::{Embedder, Retrieval};
use secrets::Keyring;
use serde_json::Value;
use server::{App, Config};
use storage::Db;
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tower::ServiceExt;

/// The address the server believes to listen on.
pub(crate) const HOST: &str = "127.0.0.1:4680";

/// The process's recorder: there can be only one, so the servers of all tests share it.
fn recorder() -> PrometheusHandle {
    static HANDLE: OnceLock<PrometheusHandle> = OnceLock::new();
    let install = || {
        let recorder = server::recorder().unwrap();
        let handle = recorder.handle();
        metrics::set_global_recorder(recorder).unwrap();
        handle
    };
    HANDLE.get_or_init(install).clone()
}

/// Language models that say what a test wrote down, by the name of the provider.
#[derive(Clone, Default)]
pub(crate) struct Scripts(Arc<Mutex<BTreeMap<String, Arc<dyn llm::Provider>>>>);

impl Scripts {
    /// Has a provider answer.
    pub(crate) fn set(&self, provider: llm::scripted::Scripted) {
        use llm::Provider as _;
        self.0.lock().unwrap().insert(provider.name().to_owned(), Arc::new(provider));
    }

    fn connect(&self) -> models::Connect {
        let all = Arc::clone(&self.0);
        Arc::new(move |service: models::Service<'_>| {
            let found = all.lock().unwrap().get(service.name).cloned();
            found.ok_or_else(|| llm::Failure::Key(service.name.to_owned()))
        })
    }
}

/// A server that nobody else uses. It goes away with its data when dropped.
pub(crate) struct Server {
    pub(crate) app: App,
    pub(crate) owner: Actor,
    pub(crate) stop: CancellationToken,
    pub(crate) tracker: TaskTracker,
    /// What was sent by mail, once its jobs ran.
    pub(crate) mail: Memory,
    /// Who answers as a language model.
    pub(crate) scripts: Scripts,
    router: Router,
    pub(crate) data: TempDir,
}

impl Server {
    /// With the usual configuration.
    pub(crate) async fn start() -> Self {
        Self::start_with(|_| {}).await
    }

    /// With another configuration.
    pub(crate) async fn start_with(configure: impl FnOnce(&mut Config)) -> Self {
        let data = tempfile::tempdir().unwrap();
        let database = storage::Config::sqlite(data.path().join("devmentor.db"));
        Self::start_in(data, &database, configure).await
    }

    /// Over a database of the caller's.
    pub(crate) async fn start_over(database: &storage::Config) -> Self {
        Self::start_in(tempfile::tempdir().unwrap(), database, |_| {}).await
    }

    async fn start_in(
        data: TempDir,
        database: &storage::Config,
        configure: impl FnOnce(&mut Config),
    ) -> Self {
        let db = Db::open(database).await.unwrap();
        let clock = Clock::manual(Timestamp::from_seconds(1_795_339_920));
        let ids = Ids::counted();
        let (stop, tracker) = (CancellationToken::new(), TaskTracker::new());
        let hub = Hub::start(db.clone(), &ids, HubOptions::default(), &tracker, stop.clone()).await.unwrap();
        let events = Events::new(hub.clone(), clock.clone(), ids.clone());
        let projects = Projects::new(db.clone(), events.clone(), clock.clone(), ids.clone());
        let jobs = Jobs::new(db.clone(), clock.clone(), ids.clone());
        let mail = Memory::default();
        let keyring = Keyring::from_file(data.path().join("secrets.key"), ids.clone()).unwrap();
        let people = people(&mail, &keyring, github(&clock, &ids));
        let identity = Identity::new(identity::Parts {
            db: db.clone(),
            events: events.clone(),
            jobs: jobs.clone(),
            limits: transient::Limits::in_process(clock.clone()),
            clock: clock.clone(),
            ids: ids.clone(),
            config: people,
        });
        let memory_events = events.clone();
        let repos = Repos::new(repos::Parts {
            db: db.clone(),
            events,
            hub: Some(hub.clone()),
            jobs: jobs.clone(),
            clock: clock.clone(),
            ids: ids.clone(),
            advisories: Advisories::new(db.clone(), clock.clone(), None),
            config: repos::Config {
                clones: data.path().join("clones"),
                roots: Some(vec![data.path().canonicalize().unwrap()]),
                // Nothing here reads a repository; the tests of the whole product do.
                supervisor: Supervisor::new("/nonexistent".into(), [], Limits::default()),
                fetcher: Fetcher::new(FetchConfig::default()),
                kept: Kept::new(data.path().join("facts"), 1 << 20),
            },
            hosting: repos::Hosting {
                outbound: Outbound::new(Options::default(), clock.clone(), ids.clone()).unwrap(),
                keyring: keyring.clone(),
                public_url: None,
            },
        });
        let index = Retrieval::in_process(None);
        let memories =
            Memories::new(db.clone(), index, Embedder::new(), memory_events, clock.clone(), ids.clone());
        let scripts = Scripts::default();
        let models = Models::new(models::Parts {
            db: db.clone(),
            keyring,
            connect: scripts.connect(),
            named: Allowed::default().with(&llm::ollama::USUAL.parse().unwrap()),
            redactor: llm::Redactor::new(Arc::new(analysis::inventory::credentials)),
            server: models::Server::default(),
            tracker: tracker.clone(),
            clock: clock.clone(),
            ids: ids.clone(),
        });
        let mentor = Mentor::new(mentor::Parts {
            db: db.clone(),
            jobs: jobs.clone(),
            repos: repos.clone(),
            projects: projects.clone(),
            memories: memories.clone(),
            models: models.clone(),
            chats: Chats::new(db.clone(), clock.clone(), ids.clone()),
            embedder: Embedder::new(),
            tracker: tracker.clone(),
            stop: stop.clone(),
            clock: clock.clone(),
        });
        let owner = identity.ensure_owner().await.unwrap();
        let mut config = Config::direct(HOST.parse::<SocketAddr>().unwrap());
        configure(&mut config);
        let metrics = Some(recorder());
        let handlers = Arc::new(repos.handlers(jobs::Handlers::new()));
        let app = App {
            operations: Operations::new(db.clone(), jobs.clone(), identity.audit(), handlers),
            outbound: Outbound::new(Options::default(), clock.clone(), ids.clone()).unwrap(),
            limits: transient::Limits::in_process(clock.clone()),
            cache: transient::Cache::in_process(1 << 20, clock.clone()),
            bus: transient::Bus::Alone,
            db,
            identity,
            repos,
            projects,
            memories,
            models,
            mentor,
            jobs,
            hub,
            clock,
            ids,
            config,
            metrics,
        };
        let router = server::router(app.clone());
        Self { app, owner, stop, tracker, mail, scripts, router, data }
    }

    /// The same server over the same data, as another build of the program.
    pub(crate) fn rebuilt(&mut self, build: &str) {
        build.clone_into(&mut self.app.config.build);
        self.router = server::router(self.app.clone());
    }

    /// Sends a request as it is.
    pub(crate) async fn send(&self, request: Request<Body>) -> Answer {
        let (parts, body) = self.begin(request).await.into_parts();
        let body = to_bytes(body, usize::MAX).await.unwrap().to_vec();
        Answer { status: parts.status, headers: parts.headers, body }
    }

    /// Sends a request, and reads nothing yet of what comes back.
    async fn begin(&self, mut request: Request<Body>) -> Response<Body> {
        let peer = ConnectInfo(SocketAddr::from(([127, 0, 0, 1], 50_000)));
        request.extensions_mut().insert(peer);
        self.router.clone().oneshot(request).await.unwrap()
    }

    /// Somebody who is not signed in.
    pub(crate) fn anonymous(&self) -> Caller<'_> {
        Caller { server: self, headers: vec![] }
    }

    /// The owner, signed in with a bearer token.
    pub(crate) async fn owner(&self) -> Caller<'_> {
        let token = self.owner_token().await;
        Caller { server: self, headers: vec![("authorization".to_owned(), format!("Bearer {token}"))] }
    }

    /// A fresh bearer token of the owner.
    pub(crate) async fn owner_token(&self) -> String {
        let link = self.app.identity.new_link(self.owner.user).await.unwrap();
        let body = serde_json::json!({ "token": link.expose(), "hand_over": "token" });
        let answer = self.anonymous().call("POST", "/api/v1/session", Some(body)).await;
        assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text());
        answer.json()["token"].as_str().unwrap().to_owned()
    }

    /// Serves on a real socket. The configuration's hosts are those of the address given.
    pub(crate) async fn listen(&self) -> (SocketAddr, tokio::task::JoinHandle<std::io::Result<()>>) {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let app = App {
            config: Config {
                stop_timeout: self.app.config.stop_timeout,
                heartbeat: self.app.config.heartbeat,
                ..Config::direct(address)
            },
            ..self.app.clone()
        };
        let serving = server::serve(listener, app, self.stop.clone(), self.tracker.clone());
        (address, self.tracker.spawn(serving))
    }
}

/// Everybody may sign up, and mail stays in memory.
fn people(mail: &Memory, keyring: &Keyring, providers: Providers) -> identity::Config {
    identity::Config {
        sign_up: SignUp::Open,
        mailer: Some(Arc::new(mail.clone())),
        keyring: Some(keyring.clone()),
        providers,
        ..identity::Config::closed()
    }
}

/// A provider of accounts that nobody reaches: where browsers are sent is known without asking it.
fn github(clock: &Clock, ids: &Ids) -> Providers {
    let (web, api) = ("http://127.0.0.1:9/".parse().unwrap(), "http://127.0.0.1:9/api/v3".parse().unwrap());
    let provider = Provider {
        id: "github".to_owned(),
        name: "GitHub".to_owned(),
        kind: Kind::GitHub { web, api },
        client_id: "devmentor".to_owned(),
        client_secret: Secret::new("hunter2"),
    };
    let outbound = Outbound::new(Options::default(), clock.clone(), ids.clone()).unwrap();
    Providers::new(vec![provider], &outbound, clock).unwrap()
}

/// Somebody who calls.
#[derive(Clone)]
pub(crate) struct Caller<'a> {
    server: &'a Server,
    headers: Vec<(String, String)>,
}

impl Caller<'_> {
    /// The same with one more header.
    pub(crate) fn with(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// What it sends with every request under that name.
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value)
    }

    fn request(&self, method: &str, path: &str) -> axum::http::request::Builder {
        let mut request = Request::builder().method(Method::from_bytes(method.as_bytes()).unwrap()).uri(path);
        if !self.headers.iter().any(|(name, _)| name == "host") {
            request = request.header(header::HOST, HOST);
        }
        for (name, value) in &self.headers {
            request = request.header(name, value);
        }
        request
    }

    /// Puts a file there.
    pub(crate) async fn upload(&self, path: &str, file: Vec<u8>) -> Answer {
        let request = self.request("PUT", path).header(header::CONTENT_TYPE, "application/octet-stream");
        self.server.send(request.body(Body::from(file)).unwrap()).await
    }

    pub(crate) async fn call(&self, method: &str, path: &str, body: Option<Value>) -> Answer {
        let mut request = self.request(method, path);
        let body = match body {
            None => Body::empty(),
            Some(body) => {
                request = request.header(header::CONTENT_TYPE, "application/json");
                Body::from(body.to_string())
            }
        };
        self.server.send(request.body(body).unwrap()).await
    }

    /// Posts, and reads nothing yet of what comes back.
    pub(crate) async fn begin(&self, path: &str, body: Value) -> Response<Body> {
        let request = self.request("POST", path).header(header::CONTENT_TYPE, "application/json");
        self.server.begin(request.body(Body::from(body.to_string())).unwrap()).await
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.call("GET", path, None).await
    }

    pub(crate) async fn post(&self, path: &str, body: Value) -> Answer {
        self.call("POST", path, Some(body)).await
    }
}

/// What came back.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.text()))
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// The problem's code, once everything about the document is as it should be.
    pub(crate) fn problem(&self) -> String {
        assert_eq!(
            self.header("content-type"),
            "application/problem+json",
            "{} {}",
            self.status,
            self.text()
        );
        let problem = self.json();
        assert_eq!(problem["status"], self.status.as_u16());
        assert_eq!(problem["request_id"], self.header("x-request-id"));
        let code = problem["code"].as_str().unwrap().to_owned();
        assert_eq!(problem["type"], format!("/problems/{code}"));
        code
    }
}

/// Method and path of every operation in the document, with parameters filled in.
pub(crate) fn operations() -> Vec<(String, String)> {
    let document = serde_json::to_value(server::openapi()).unwrap();
    let mut all = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        let path = path
            .replace("{workspace}", "home")
            .replace("{repo}", "unknown")
            .replace("{id}", "00000000-0000-7000-8000-000000000000")
            .replace("{name}", "unknown")
            .replace("{key}", "DEV-999");
        for method in item.as_object().unwrap().keys() {
            all.push((method.to_uppercase(), path.clone()));
        }
    }
    all
}
