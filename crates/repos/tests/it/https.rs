//! Git over https: the real `git http-backend` behind a TLS server whose authority only the test knows, on a
//! loopback address that only the operator's allow-list opens. Real hosts cannot be reached from a test.

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use base::Secret;
use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};
use repos::fetch::{Credential, FetchConfig, Fetcher};
use repos::net::Allowed;
use repos::source::Address;
use repos::{AnalysisState, FailureCode, Source};
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use storage::testing::each_engine;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;
use tokio_util::sync::CancellationToken;

use crate::code_host::Api;
use crate::context::World;
use crate::support::{Repo, supervisor};

/// A host of repositories, reached as `localhost`.
pub(crate) struct Host {
    pub(crate) port: u16,
    pub(crate) authority: PathBuf,
    pub(crate) connections: Arc<AtomicUsize>,
    pub(crate) folder: tempfile::TempDir,
    /// What it answers to programs as GitHub Enterprise Server would.
    pub(crate) api: Arc<Api>,
}

impl Host {
    pub(crate) async fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let (config, authority) = certified();
        let path = folder.path().join("authority.pem");
        std::fs::write(&path, authority).unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let connections = Arc::new(AtomicUsize::new(0));
        let (count, root) = (Arc::clone(&connections), folder.path().to_owned());
        let api = Arc::new(Api::default());
        let served = Arc::clone(&api);
        tokio::task::spawn(async move {
            let acceptor = TlsAcceptor::from(Arc::new(config));
            while let Ok((socket, _)) = listener.accept().await {
                count.fetch_add(1, Ordering::SeqCst);
                let (acceptor, root, api) = (acceptor.clone(), root.clone(), Arc::clone(&served));
                tokio::task::spawn(async move {
                    if let Ok(mut stream) = acceptor.accept(socket).await {
                        answer(&mut stream, &root, port, &api).await;
                        let _ = stream.shutdown().await;
                    }
                });
            }
        });
        Self { port, authority: path, connections, folder, api }
    }

    /// Offers a copy of the repository under that name.
    pub(crate) fn offer(&self, repo: &Repo, name: &str) {
        let target = self.folder.path().join(name);
        repo.git(["clone", "-q", "--bare", "--no-hardlinks", ".", target.to_str().unwrap()]);
    }

    pub(crate) fn address(&self, path: &str) -> String {
        format!("https://localhost:{}/{path}", self.port)
    }

    pub(crate) fn config(&self) -> FetchConfig {
        FetchConfig {
            allowed: Allowed::new([format!("localhost:{}", self.port)]),
            authorities: Some(self.authority.clone()),
            ..FetchConfig::default()
        }
    }
}

fn certified() -> (rustls::ServerConfig, String) {
    let authority_key = KeyPair::generate().unwrap();
    let mut authority = CertificateParams::new(Vec::new()).unwrap();
    authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let authority_certificate = authority.self_signed(&authority_key).unwrap();
    let issuer = Issuer::new(authority, authority_key);
    let key = KeyPair::generate().unwrap();
    let params = CertificateParams::new(vec!["localhost".to_owned()]).unwrap();
    let certificate = params.signed_by(&key, &issuer).unwrap();
    let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate.der().clone()], key)
        .unwrap();
    (config, authority_certificate.pem())
}

/// Answers one request, as a CGI server does, and closes.
async fn answer(stream: &mut (impl AsyncRead + AsyncWrite + Unpin), root: &Path, port: u16, api: &Api) {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        let Ok(byte) = stream.read_u8().await else { return };
        head.push(byte);
    }
    let head = String::from_utf8(head).unwrap();
    let header = |name: &str| {
        head.lines().skip(1).find_map(|line| {
            let (key, value) = line.split_once(':')?;
            key.eq_ignore_ascii_case(name).then(|| value.trim().to_owned())
        })
    };
    let mut request = head.lines().next().unwrap().split(' ');
    let (method, target) = (request.next().unwrap().to_owned(), request.next().unwrap().to_owned());
    let body = body(stream, header("content-length"), header("transfer-encoding").is_some()).await;
    let (path, query) = target.split_once('?').unwrap_or((&target, ""));
    if let Some(path) = path.strip_prefix("/api/v3/") {
        let reply = api.answer(&method, path, query, header("authorization").as_deref(), &body);
        let _ = stream.write_all(reply.as_bytes()).await;
        return;
    }
    if path.starts_with("/octo/") && !api.admits(header("authorization").as_deref()) {
        return status(stream, "401 Unauthorized\r\nWWW-Authenticate: Basic realm=\"git\"").await;
    }
    if path.starts_with("/private/") && header("authorization").as_deref() != Some("Basic Z2l0OnMzY3JldA==") {
        return status(stream, "401 Unauthorized\r\nWWW-Authenticate: Basic realm=\"git\"").await;
    }
    if path.starts_with("/moved/") {
        let to = format!("302 Found\r\nLocation: https://localhost:{port}/tool.git/info/refs?{query}");
        return status(stream, &to).await;
    }
    if path.starts_with("/slow/") {
        return std::future::pending().await;
    }
    let path = path.strip_prefix("/private").unwrap_or(path);
    let backend =
        String::from_utf8(std::process::Command::new("git").arg("--exec-path").output().unwrap().stdout)
            .unwrap();
    let mut child = tokio::process::Command::new(Path::new(backend.trim()).join("git-http-backend"))
        .env("GIT_PROJECT_ROOT", root)
        .env("GIT_HTTP_EXPORT_ALL", "1")
        .env("GIT_CONFIG_COUNT", "1")
        .env("GIT_CONFIG_KEY_0", "safe.directory")
        .env("GIT_CONFIG_VALUE_0", "*")
        .env("PATH_INFO", path)
        .env("QUERY_STRING", query)
        .env("REQUEST_METHOD", &method)
        .env("CONTENT_TYPE", header("content-type").unwrap_or_default())
        .env("CONTENT_LENGTH", body.len().to_string())
        .env("HTTP_CONTENT_ENCODING", header("content-encoding").unwrap_or_default())
        .env("GIT_PROTOCOL", header("git-protocol").unwrap_or_default())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut input = child.stdin.take().unwrap();
    tokio::task::spawn(async move {
        let _ = input.write_all(&body).await;
    });
    let output = child.wait_with_output().await.unwrap().stdout;
    let split = output.windows(4).position(|four| four == b"\r\n\r\n").unwrap();
    let headers = String::from_utf8_lossy(&output[..split]).into_owned();
    let code = headers.lines().find_map(|line| line.strip_prefix("Status: ")).unwrap_or("200 OK").to_owned();
    let content = &output[split + 4..];
    let reply = format!(
        "HTTP/1.1 {code}\r\n{headers}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
        content.len()
    );
    let _ = stream.write_all(reply.as_bytes()).await;
    let _ = stream.write_all(content).await;
}

async fn body(stream: &mut (impl AsyncRead + Unpin), length: Option<String>, chunked: bool) -> Vec<u8> {
    let mut body = vec![0; length.and_then(|length| length.parse().ok()).unwrap_or(0)];
    stream.read_exact(&mut body).await.unwrap();
    if !chunked {
        return body;
    }
    loop {
        let mut line = Vec::new();
        while !line.ends_with(b"\r\n") {
            line.push(stream.read_u8().await.unwrap());
        }
        let size = usize::from_str_radix(std::str::from_utf8(&line).unwrap().trim(), 16).unwrap();
        let mut chunk = vec![0; size + 2];
        stream.read_exact(&mut chunk).await.unwrap();
        body.extend_from_slice(&chunk[..size]);
        if size == 0 {
            return body;
        }
    }
}

async fn status(stream: &mut (impl AsyncWrite + Unpin), line: &str) {
    let reply = format!("HTTP/1.1 {line}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
    let _ = stream.write_all(reply.as_bytes()).await;
}

pub(crate) fn git(address: &str) -> Address {
    match Source::parse(address) {
        Ok(Source::Git(address)) => address,
        other => panic!("{address}: {other:?}"),
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_repository_is_copied_kept_up_to_date_and_analysed() {
    each_engine(|test| async move {
        let host = Host::start().await;
        let mut repo = Repo::with(&[("src/a.rs", "fn a() {}\n"), ("b.py", "b = 1\n")]);
        host.offer(&repo, "tool.git");
        let world = World::with(&test, supervisor(), host.config(), None).await;
        let address = host.address("tool.git");
        let probe = world.repos.probe(&world.actor, &address, None).await.unwrap();
        assert_eq!((probe.branch.as_deref(), probe.name.as_str()), (Some("main"), "tool"));
        assert_eq!(probe.branches, Some(vec!["main".to_owned()]));

        let first = world.analyzed(&address).await;
        assert_eq!(first.state, AnalysisState::Done, "{first:?}");
        assert_eq!(first.summary.as_ref().unwrap().files, 2);
        assert_eq!(first.commit, probe.commit);

        repo.write("c.go", "package c\n");
        let head = repo.commit("More");
        repo.git(["push", "-q", host.folder.path().join("tool.git").to_str().unwrap(), "main"]);
        world.clock.advance(Duration::from_mins(1));
        let second = world.analyzed(&address).await;
        assert_eq!(second.repo, first.repo);
        assert_eq!(second.commit, Some(head));
        assert_eq!(second.summary.unwrap().files, 3);
        let (_, lines) = world.repos.lines(&world.actor, second.repo, None, "c.go", 1..=1).await.unwrap();
        assert_eq!(lines.lines, ["package c"]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_killed_git_leaves_does_not_spoil_a_copy() {
    let host = Host::start().await;
    let mut repo = Repo::with(&[("a.rs", "fn a() {}\n")]);
    host.offer(&repo, "tool.git");
    let folder = tempfile::tempdir().unwrap();
    let copy = folder.path().join("copy.git");
    let (address, fetcher) = (git(&host.address("tool.git")), Fetcher::new(host.config()));
    let fetch = async || {
        fetcher.fetch(&address, None, &copy, &CancellationToken::new(), |_, _, _| {}).await.unwrap().commit
    };
    // It was killed in its first fetch: there is a `HEAD`, and nothing else is right.
    std::fs::create_dir_all(copy.join("refs")).unwrap();
    std::fs::write(copy.join("HEAD"), "ref: refs/heads/main\n").unwrap();
    std::fs::write(copy.join("config"), "nonsense").unwrap();
    fetch().await;

    // It was killed in a later one.
    let leftovers =
        ["refs/heads/main.lock", "packed-refs.lock", "objects/pack/tmp_pack_x"].map(|name| copy.join(name));
    for leftover in &leftovers {
        std::fs::write(leftover, "half").unwrap();
    }
    repo.write("b.rs", "fn b() {}\n");
    let head = repo.commit("More");
    repo.git(["push", "-q", host.folder.path().join("tool.git").to_str().unwrap(), "main"]);
    assert_eq!(fetch().await, head);
    let now = std::fs::read_to_string(copy.join("refs/heads/main")).unwrap();
    assert_eq!(now.trim(), head);
    assert!(leftovers.iter().all(|leftover| !leftover.exists()));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_copy_holds_the_branch_it_was_made_of_and_no_other() {
    let host = Host::start().await;
    let repo = Repo::with(&[("a.rs", "fn a() {}\n")]);
    let folder = tempfile::tempdir().unwrap();
    let copy = folder.path().join("copy.git");
    let fetcher = Fetcher::new(host.config());
    // Each is in the way of the next one: a folder cannot have the name of a file.
    for (at, branch) in ["release", "release/2.0", "release"].into_iter().enumerate() {
        repo.git(["branch", "-m", branch]);
        let name = format!("tool{at}.git");
        host.offer(&repo, &name);
        let address = git(&host.address(&name));
        let cancel = CancellationToken::new();
        let fetched = fetcher.fetch(&address, Some(branch), &copy, &cancel, |_, _, _| {}).await;
        assert_eq!(fetched.unwrap().branch.as_deref(), Some(branch));
        let refs = repo.git(["--git-dir", copy.to_str().unwrap(), "for-each-ref", "--format=%(refname)"]);
        assert_eq!(refs, format!("refs/heads/{branch}"));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_refusal_has_its_reason() {
    let host = Host::start().await;
    let repo = Repo::with(&[("a.rs", "fn a() {}\n")]);
    host.offer(&repo, "tool.git");
    host.offer(&Repo::empty(), "empty.git");
    let folder = tempfile::tempdir().unwrap();
    let code = async |config: FetchConfig, path: &str, branch: Option<&str>| {
        let copy = folder.path().join("copy.git");
        let cancel = CancellationToken::new();
        let fetched =
            Fetcher::new(config).fetch(&git(&host.address(path)), branch, &copy, &cancel, |_, _, _| {}).await;
        let failure = fetched.expect_err(path);
        assert!(!copy.exists(), "{path}: half a copy is left");
        failure.code
    };
    let allowed = host.config();
    assert_eq!(code(allowed.clone(), "none.git", None).await, FailureCode::NotFound);
    assert_eq!(code(allowed.clone(), "empty.git", None).await, FailureCode::EmptyRepository);
    assert_eq!(code(allowed.clone(), "tool.git", Some("nope")).await, FailureCode::NoSuchBranch);
    assert_eq!(code(allowed.clone(), "private/tool.git", None).await, FailureCode::AuthRequired);
    assert_eq!(code(allowed.clone(), "moved/tool.git", None).await, FailureCode::UrlRefused);
    let strange = FetchConfig { authorities: None, ..allowed.clone() };
    assert_eq!(code(strange, "tool.git", None).await, FailureCode::Certificate);
    let missing = FetchConfig { git: "/nonexistent/git".into(), ..allowed.clone() };
    assert_eq!(code(missing, "tool.git", None).await, FailureCode::GitMissing);

    let before = host.connections.load(Ordering::SeqCst);
    let closed = FetchConfig { allowed: Allowed::default(), ..allowed.clone() };
    assert_eq!(code(closed, "tool.git", None).await, FailureCode::UrlRefused);
    let elsewhere = FetchConfig { allowed: Allowed::new(["localhost:1"]), ..allowed };
    assert_eq!(code(elsewhere, "tool.git", None).await, FailureCode::UrlRefused);
    assert_eq!(host.connections.load(Ordering::SeqCst), before, "a refused host was contacted");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_token_opens_a_private_repository_and_stays_out_of_sight() {
    let host = Host::start().await;
    host.offer(&Repo::with(&[("a.rs", "fn a() {}\n")]), "tool.git");
    let credential =
        Credential { host: "localhost".into(), user: "git".into(), token: Secret::new("s3cret") };
    let config = FetchConfig { credentials: vec![credential], ..host.config() };
    assert!(!format!("{config:?}").contains("s3cret"));
    let folder = tempfile::tempdir().unwrap();
    let copy = folder.path().join("copy.git");
    let address = git(&host.address("private/tool.git"));
    let fetcher = Fetcher::new(config);
    fetcher.fetch(&address, None, &copy, &CancellationToken::new(), |_, _, _| {}).await.unwrap();
    let mut folders = vec![copy];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let bytes = std::fs::read(&path).unwrap();
                let text = String::from_utf8_lossy(&bytes);
                assert!(!text.contains("s3cret") && !text.contains("Z2l0OnMzY3JldA"), "{}", path.display());
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn copies_are_bounded_in_time_and_size_and_can_be_cancelled() {
    let host = Host::start().await;
    let mut repo = Repo::empty();
    // Random, so that it does not pack.
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut noise = Vec::new();
    while noise.len() < 8_000_000 {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        noise.extend_from_slice(&state.to_le_bytes());
    }
    repo.write("noise", noise);
    repo.commit("Begin");
    host.offer(&repo, "large.git");
    let folder = tempfile::tempdir().unwrap();
    let copy = folder.path().join("copy.git");
    let slow = FetchConfig { time: Duration::from_millis(1), ..host.config() };
    let cancel = CancellationToken::new();
    let address = git(&host.address("large.git"));
    let late = Fetcher::new(slow).fetch(&address, None, &copy, &cancel, |_, _, _| {}).await.unwrap_err();
    assert_eq!(late.code, FailureCode::Timeout);
    assert!(!copy.exists());

    let small = FetchConfig { bytes: 10_000, ..host.config() };
    let large = Fetcher::new(small).fetch(&address, None, &copy, &cancel, |_, _, _| {}).await.unwrap_err();
    assert_eq!(large.code, FailureCode::TooLarge);
    assert!(!copy.exists());

    let stopper = cancel.clone();
    let waiting = git(&host.address("slow/tool.git"));
    let fetcher = Fetcher::new(host.config());
    let fetching = fetcher.fetch(&waiting, None, &copy, &cancel, |_, _, _| {});
    let (fetched, ()) = tokio::join!(fetching, async {
        while host.connections.load(Ordering::SeqCst) == 0 {
            tokio::task::yield_now().await;
        }
        stopper.cancel();
    });
    assert_eq!(fetched.unwrap_err().code, FailureCode::Cancelled);
}
