//! The binary as a running server over a folder of its own, and a caller of it.

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use reqwest::{Client, Method, RequestBuilder};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::{Child, Command};
use tokio::time::{Instant, sleep, timeout};

/// How long the program may take for anything; the machine may be busy.
pub(crate) const LONG: Duration = Duration::from_mins(1);

/// A folder for the program: its home and its data.
pub(crate) fn home() -> TempDir {
    tempfile::tempdir().unwrap()
}

/// The program with nothing of the caller's environment.
pub(crate) fn devmentor(home: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_devmentor"));
    command
        .env_clear()
        .env("HOME", home)
        .env("PATH", "/usr/local/bin:/usr/bin:/bin")
        .current_dir(home)
        .stdin(Stdio::null())
        .kill_on_drop(true)
        .arg("--data-dir")
        .arg(home.join("data"));
    command
}

/// Runs the program to its end; what it printed.
pub(crate) async fn run(home: &Path, args: &[&str]) -> String {
    let done = timeout(LONG, devmentor(home).args(args).output()).await.expect("it never ends").unwrap();
    assert!(done.status.success(), "{args:?}: {}", String::from_utf8_lossy(&done.stderr));
    String::from_utf8(done.stdout).unwrap()
}

/// A server that runs.
pub(crate) struct Running {
    /// What it was started with.
    home: PathBuf,
    settings: Vec<(String, String)>,
    child: Child,
    /// Where it listens.
    pub(crate) address: String,
    /// The link it printed.
    pub(crate) link: String,
    log: Arc<Mutex<String>>,
}

impl Running {
    /// Starts it on a free port with more settings, each as the environment names it.
    pub(crate) async fn start(home: &Path, settings: &[(&str, &str)]) -> Self {
        let settings = settings.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        Self::launch(home.to_owned(), settings.collect(), "127.0.0.1:0").await
    }

    async fn launch(home: PathBuf, settings: Vec<(String, String)>, listen: &str) -> Self {
        let mut command = devmentor(&home);
        command.args(["serve", "--listen", listen]).envs(settings.iter().cloned());
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let log = Arc::new(Mutex::new(String::new()));
        let (written, mut errors) = (Arc::clone(&log), BufReader::new(child.stderr.take().unwrap()).lines());
        tokio::spawn(async move {
            while let Ok(Some(line)) = errors.next_line().await {
                let mut written = written.lock().unwrap();
                written.push_str(&line);
                written.push('\n');
            }
        });
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let (mut address, mut link) = (None, None);
        while link.is_none() {
            let line = timeout(LONG, lines.next_line()).await.expect("no link").unwrap();
            let line = line.unwrap_or_else(|| panic!("it ended: {}", log.lock().unwrap()));
            if line.starts_with("DevMentor is running at ") {
                address = line.rsplit(['/', ' ']).next().map(str::to_owned);
            } else if line.contains("/enter#") {
                link = Some(line.trim().to_owned());
            }
        }
        // Whoever prints into a pipe that nobody reads stands still one day.
        tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
        Self { home, settings, child, address: address.unwrap(), link: link.unwrap(), log }
    }

    /// Kills it without a word and starts it again over the same data, on the same port.
    pub(crate) async fn kill_and_restart(mut self) -> Self {
        // It may have ended already.
        drop(self.child.kill().await);
        Self::launch(self.home.clone(), self.settings.clone(), &self.address).await
    }

    /// Asks it to stop, and waits until it has.
    pub(crate) async fn terminate(&mut self) -> std::process::ExitStatus {
        let id = self.child.id().expect("it has ended").to_string();
        let told = Command::new("kill").args(["-TERM", &id]).status().await.unwrap();
        assert!(told.success());
        timeout(LONG, self.child.wait()).await.expect("it never stops").unwrap()
    }

    /// What it logged so far.
    pub(crate) fn log(&self) -> String {
        self.log.lock().unwrap().clone()
    }

    /// The secret of the link it printed.
    pub(crate) fn secret(&self) -> &str {
        self.link.split_once('#').unwrap().1
    }

    /// The owner, signed in as a program.
    pub(crate) async fn owner(&self) -> Caller {
        self.enter(self.secret()).await
    }

    /// The owner, signed in once more with a fresh link.
    pub(crate) async fn new_owner(&self, home: &Path) -> Caller {
        let settings = self.settings.iter().map(|(name, value)| (name, value));
        let done = timeout(LONG, devmentor(home).envs(settings).arg("link").output());
        let link = String::from_utf8(done.await.expect("it never ends").unwrap().stdout).unwrap();
        self.enter(link.trim().split_once('#').unwrap().1).await
    }

    async fn enter(&self, secret: &str) -> Caller {
        let mut caller = Caller { client: client(), base: format!("http://{}", self.address), token: None };
        let body = json!({ "token": secret, "hand_over": "token" });
        let session = caller.send(Method::POST, "/api/v1/session", Some(body)).await;
        caller.token = Some(session["token"].as_str().unwrap().to_owned());
        caller
    }
}

/// A client that trusts what this machine trusts.
pub(crate) fn client() -> Client {
    builder().build().unwrap()
}

/// A client to be made; the way it encrypts is chosen.
pub(crate) fn builder() -> reqwest::ClientBuilder {
    // Another test of this process may have been first; they all choose the same.
    let _ = rustls::crypto::ring::default_provider().install_default();
    Client::builder()
}

/// Somebody who calls and expects to be served.
pub(crate) struct Caller {
    client: Client,
    base: String,
    pub(crate) token: Option<String>,
}

impl Caller {
    fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let request = self.client.request(method, format!("{}{path}", self.base)).timeout(LONG);
        match &self.token {
            Some(token) => request.bearer_auth(token),
            None => request,
        }
    }

    async fn send(&self, method: Method, path: &str, body: Option<Value>) -> Value {
        let mut request = self.request(method, path);
        if let Some(body) = body {
            request = request.json(&body);
        }
        let answer = request.send().await.unwrap();
        let status = answer.status();
        let text = answer.text().await.unwrap();
        assert!(status.is_success(), "{path}: {status} {text}");
        serde_json::from_str(&text).unwrap()
    }

    pub(crate) async fn get(&self, path: &str) -> Value {
        self.send(Method::GET, path, None).await
    }

    pub(crate) async fn post(&self, path: &str, body: Value) -> Value {
        self.send(Method::POST, path, Some(body)).await
    }

    /// Asks for what comes piece by piece.
    pub(crate) async fn stream(&self, path: &str, body: Value) -> reqwest::Response {
        let answer = self.request(Method::POST, path).json(&body).send().await.unwrap();
        let status = answer.status();
        assert!(status.is_success(), "{path}: {status} {}", answer.text().await.unwrap());
        answer
    }

    /// Approves the program that shows a code, or says no.
    pub(crate) async fn decide(&self, code: &str, allow: bool) {
        let body = json!({ "user_code": code, "allow": allow });
        let answer =
            self.request(Method::POST, "/api/v1/auth/device/decide").json(&body).send().await.unwrap();
        assert_eq!(answer.status(), 204, "{}", answer.text().await.unwrap());
    }

    /// Asks until the answer is what is waited for.
    pub(crate) async fn wait_for(&self, path: &str, holds: impl Fn(&Value) -> bool) -> Value {
        let began = Instant::now();
        loop {
            let answer = self.get(path).await;
            if holds(&answer) {
                return answer;
            }
            assert!(began.elapsed() < LONG, "{path} stays {answer}");
            sleep(Duration::from_millis(50)).await;
        }
    }
}
