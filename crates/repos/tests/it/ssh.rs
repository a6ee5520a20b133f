//! Git over ssh: a real `sshd` on loopback, with keys that are thrown away with the test.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use repos::fetch::{FetchConfig, Fetcher, SshConfig};
use repos::net::Allowed;
use repos::{AnalysisState, FailureCode};
use storage::testing::on_sqlite;
use tokio_util::sync::CancellationToken;

use crate::context::World;
use crate::https::git;
use crate::support::{Repo, supervisor};

/// Where systems keep it; it wants to be started by its whole path.
const PROGRAMS: [&str; 3] = ["/usr/sbin/sshd", "/usr/local/sbin/sshd", "/usr/bin/sshd"];

/// A host that lets the account of this test in, by a key of its own. It ends with the test.
struct Host {
    server: Child,
    port: u16,
    account: String,
    folder: tempfile::TempDir,
}

impl Host {
    /// `None`, with one line that says so, where there is no `sshd`.
    #[expect(clippy::disallowed_methods, reason = "tests are configured by the environment")]
    #[expect(clippy::print_stderr, reason = "a test that is left out says how to have it")]
    async fn start() -> Option<Self> {
        let Some(program) = PROGRAMS.into_iter().find(|path| Path::new(path).exists()) else {
            assert!(std::env::var_os("CI").is_none(), "sshd must be installed in CI");
            eprintln!("git over ssh is not tried: there is no sshd (apt-get install openssh-server)");
            return None;
        };
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name).display().to_string();
        for key in ["host", "user", "stranger"] {
            output(Command::new("ssh-keygen").args(["-q", "-t", "ed25519", "-N", "", "-f", &path(key)]));
        }
        std::fs::copy(path("user.pub"), path("authorized")).unwrap();
        let account = output(Command::new("id").arg("-un"));
        if account == "root" {
            // Its unprivileged half lives there; a system that starts it by itself makes the folder.
            std::fs::create_dir_all("/run/sshd").unwrap();
        }
        let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let known = std::fs::read_to_string(path("host.pub")).unwrap();
        std::fs::write(path("known_hosts"), format!("[localhost]:{port} {known}")).unwrap();
        let other = std::fs::read_to_string(path("stranger.pub")).unwrap();
        std::fs::write(path("other_hosts"), format!("[localhost]:{port} {other}")).unwrap();
        std::fs::write(path("no_hosts"), "").unwrap();
        let config = format!(
            "Port {port}\nListenAddress 127.0.0.1\nHostKey {}\nAuthorizedKeysFile {}\nPidFile none\nStrictModes no\n\
             UsePAM no\nPasswordAuthentication no\nKbdInteractiveAuthentication no\nPermitRootLogin prohibit-password\n\
             AllowUsers {account}\nLogLevel ERROR\n",
            path("host"),
            path("authorized"),
        );
        std::fs::write(path("config"), config).unwrap();
        let server = Command::new(program)
            .args(["-D", "-e", "-f", &path("config")])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        let host = Self { server, port, account, folder };
        for _ in 0..500 {
            if tokio::net::TcpStream::connect(("127.0.0.1", port)).await.is_ok() {
                return Some(host);
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        panic!("sshd does not answer");
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn offer(&self, repo: &Repo, name: &str) -> String {
        repo.git(["clone", "-q", "--bare", "--no-hardlinks", ".", self.path(name).to_str().unwrap()]);
        self.address(name)
    }

    fn address(&self, name: &str) -> String {
        format!("ssh://{}@localhost:{}{}", self.account, self.port, self.path(name).display())
    }

    fn config(&self, key: &str, known_hosts: &str) -> FetchConfig {
        FetchConfig {
            allowed: Allowed::new([format!("localhost:{}", self.port)]),
            ssh: SshConfig {
                key: Some(self.path(key)),
                known_hosts: Some(self.path(known_hosts)),
                agent: None,
            },
            ..FetchConfig::default()
        }
    }
}

impl Drop for Host {
    fn drop(&mut self) {
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}

fn output(command: &mut Command) -> String {
    let output = command.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_repository_is_copied_kept_up_to_date_and_analysed() {
    on_sqlite(|test| async move {
        let Some(host) = Host::start().await else { return };
        let mut repo = Repo::with(&[("src/a.rs", "fn a() {}\n"), ("b.py", "b = 1\n")]);
        let address = host.offer(&repo, "tool.git");
        let world = World::with(&test, supervisor(), host.config("user", "known_hosts"), None).await;
        let probe = world.repos.probe(&world.actor, &address, None).await.unwrap();
        assert_eq!((probe.branch.as_deref(), probe.name.as_str()), (Some("main"), "tool"));
        let first = world.analyzed(&address).await;
        assert_eq!(first.state, AnalysisState::Done, "{first:?}");
        assert_eq!((first.summary.unwrap().files, first.commit), (2, probe.commit));

        repo.write("c.go", "package c\n");
        let head = repo.commit("More");
        repo.git(["push", "-q", host.path("tool.git").to_str().unwrap(), "main"]);
        world.clock.advance(Duration::from_mins(1));
        let second = world.analyzed(&address).await;
        assert_eq!((second.summary.unwrap().files, second.commit), (3, Some(head)));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_refusal_has_its_reason() {
    let Some(host) = Host::start().await else { return };
    let address = host.offer(&Repo::with(&[("a.rs", "fn a() {}\n")]), "tool.git");
    host.offer(&Repo::empty(), "empty.git");
    let missing = host.address("none.git");
    let empty = host.address("empty.git");
    let nobody = format!("ssh://nobody-here@localhost:{}/tool.git", host.port);
    let closed = FetchConfig { allowed: Allowed::default(), ..host.config("user", "known_hosts") };
    for (what, address, config, code) in [
        (
            "a host of which no key is known",
            &address,
            host.config("user", "no_hosts"),
            FailureCode::Certificate,
        ),
        ("a host with another key", &address, host.config("user", "other_hosts"), FailureCode::Certificate),
        (
            "a key that opens nothing",
            &address,
            host.config("stranger", "known_hosts"),
            FailureCode::AuthRequired,
        ),
        ("another account", &nobody, host.config("user", "known_hosts"), FailureCode::AuthRequired),
        ("no such repository", &missing, host.config("user", "known_hosts"), FailureCode::NotFound),
        ("no commit yet", &empty, host.config("user", "known_hosts"), FailureCode::EmptyRepository),
        ("a host that nobody opened", &address, closed, FailureCode::UrlRefused),
    ] {
        let copy = host.path("copy.git");
        let cancel = CancellationToken::new();
        let fetched = Fetcher::new(config).fetch(&git(address), None, &copy, &cancel, |_, _, _| {}).await;
        assert_eq!(fetched.expect_err(what).code, code, "{what}");
        assert!(!copy.exists(), "{what}: half a copy is left");
    }
}
