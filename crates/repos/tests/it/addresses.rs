//! Hostile addresses and branches: none runs a command, none leads to a connection.

use std::os::unix::fs::PermissionsExt as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use repos::fetch::FetchConfig;
use repos::{FailureCode, RepoError};
use storage::testing::on_sqlite;
use tokio::net::TcpListener;

use crate::context::World;
use crate::support::{Repo, supervisor};

/// `CANARY` is a command's target, `PORT` a listener on loopback.
const SOURCES: &[&str] = &[
    "--upload-pack=touch CANARY",
    "-u touch CANARY",
    "-oProxyCommand=touch CANARY",
    "--config=core.sshCommand=touch CANARY",
    "ext::sh -c touch% CANARY",
    "ext::sh -c 'touch CANARY' %G",
    "fd::17/foo",
    "EXT::sh -c touch% CANARY",
    "https::ext::touch CANARY",
    "transport::address",
    "ssh://-oProxyCommand=touch CANARY/x",
    "ssh://-oProxyCommand=touch%20CANARY/x",
    "ssh://git@-oProxyCommand=touch CANARY/x",
    "ssh://-oProxyCommand=touch@127.0.0.1:PORT/x",
    "ssh://a;touch CANARY@127.0.0.1:PORT/x",
    "ssh://$(touch CANARY)@127.0.0.1:PORT/x",
    "ssh://127.0.0.1:PORT/$(touch CANARY)",
    "ssh://127.0.0.1:PORT/`touch CANARY`",
    "ssh://127.0.0.1:PORT/--upload-pack=touch",
    "ssh://127.0.0.1:PORT/a/-x",
    "-oProxyCommand=touch CANARY:x",
    "git@-oProxyCommand=touch CANARY:x",
    "-x@127.0.0.1:repo",
    "git@127.0.0.1:--upload-pack=touch CANARY",
    "git@127.0.0.1:a;touch CANARY",
    "git@127.0.0.1:a\ntouch CANARY",
    "git@127.0.0.1:x",
    "git@localhost:x",
    "git@[::1]:x",
    "file:///etc",
    "FILE:///etc",
    "file://localhost/etc",
    "http://127.0.0.1:PORT/x",
    "HTTP://127.0.0.1:PORT/x",
    "git://127.0.0.1:PORT/x",
    "ftp://127.0.0.1:PORT/x",
    "ftps://127.0.0.1:PORT/x",
    "rsync://127.0.0.1:PORT/x",
    "javascript://127.0.0.1:PORT/x",
    "git+ssh://127.0.0.1:PORT/x",
    "https://127.0.0.1:PORT/x",
    "https://localhost:PORT/x",
    "https://LOCALHOST:PORT/x",
    "https://localhost.:PORT/x",
    "https://127.1:PORT/x",
    "https://127.0.1:PORT/x",
    "https://2130706433:PORT/x",
    "https://0x7f000001:PORT/x",
    "https://0x7f.0.0.1:PORT/x",
    "https://0177.0.0.1:PORT/x",
    "https://017700000001:PORT/x",
    "https://0:PORT/x",
    "https://0.0.0.0:PORT/x",
    "https://127.255.255.254:PORT/x",
    "https://[::1]:PORT/x",
    "https://[::]:PORT/x",
    "https://[::ffff:127.0.0.1]:PORT/x",
    "https://[::ffff:7f00:1]:PORT/x",
    "https://[::127.0.0.1]:PORT/x",
    "https://[64:ff9b::7f00:1]:PORT/x",
    "https://[2002:7f00:1::]:PORT/x",
    "https://[fe80::1]:PORT/x",
    "https://①②⑦.⓪.⓪.①:PORT/x",
    "https://127。0。0。1:PORT/x",
    "https://169.254.169.254/latest/meta-data",
    "https://[fd00:ec2::254]/latest",
    "https://100.100.100.200/latest",
    "https://168.63.129.16/x",
    "https://10.0.0.1/x",
    "https://172.16.0.1/x",
    "https://192.168.0.1/x",
    "https://100.64.0.1/x",
    "https://user:secret@127.0.0.1:PORT/x",
    "https://host.example@127.0.0.1:PORT/x",
    "https://127.0.0.1:PORT/x?a=b",
    "https://127.0.0.1:PORT/x#a",
    "https://127.0.0.1:PORT/../../x",
    "https://127.0.0.1:PORT/",
    "https:///x",
    "https://-host.example/x",
    "https://127.0.0.1:PORT/x\0y",
    "https://127.0.0.1:PORT/x\r\nHost: y",
    "https://127.0.0.1:99999/x",
    "https://127.0.0.1:PORT\\@host.example/x",
    "~root/x",
    "\u{1b}]0;x\u{7}",
    "",
    "   ",
];

const BRANCHES: &[&str] = &[
    "--upload-pack=touch CANARY",
    "-b",
    "--output=CANARY",
    "main --upload-pack=touch CANARY",
    "$(touch CANARY)",
    "`touch CANARY`",
    "main;touch CANARY",
    "main\ntouch CANARY",
    "../../../../etc/passwd",
    "refs/../../../etc/passwd",
    "refs/heads/../../HEAD",
    "main..dev",
    "main:refs/heads/x",
    "+main",
    "*",
    "main^{tree}",
    "main~1",
    "@{-1}",
    "@{upstream}",
    "a\0b",
    ".lock",
    "a.lock",
    "a/.b",
    "a//b",
    "/a",
    "HEAD:secret",
    ":/x",
    "\u{7f}",
];

#[tokio::test]
async fn hostile_addresses_and_branches_run_nothing_and_reach_nobody() {
    assert!(SOURCES.len() + BRANCHES.len() >= 60);
    on_sqlite(|test| async move {
        let folder = tempfile::tempdir().unwrap();
        let canary = folder.path().join("canary");
        // Stands for git: that it was started at all would be enough.
        let git = folder.path().join("git");
        std::fs::write(&git, format!("#!/bin/sh\ntouch {}\n", canary.display())).unwrap();
        std::fs::set_permissions(&git, std::fs::Permissions::from_mode(0o755)).unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let connections = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&connections);
        tokio::task::spawn(async move {
            while listener.accept().await.is_ok() {
                count.fetch_add(1, Ordering::SeqCst);
            }
        });
        let world =
            World::with(&test, supervisor(), FetchConfig { git, ..FetchConfig::default() }, None).await;
        let real =
            |text: &str| text.replace("CANARY", canary.to_str().unwrap()).replace("PORT", &port.to_string());
        for text in SOURCES {
            let source = real(text);
            let probe = world.repos.probe(&world.actor, &source, None).await;
            assert!(matches!(probe, Err(RepoError::Refused(_))), "{text}: {probe:?}");
            // An address that looks harmless may be connected; contacting it is what is refused.
            if let Ok(connected) = world.repos.connect(&world.actor, &source, None, None).await {
                let asked = world.repos.analyze(&world.actor, connected.repo.id, false).await.unwrap();
                world.run_jobs().await;
                let ended = world.repos.analysis(&world.actor, asked.analysis.id).await.unwrap().unwrap();
                assert_eq!(
                    ended.failure.map(|failure| failure.code),
                    Some(FailureCode::UrlRefused),
                    "{text}"
                );
            }
            assert!(!canary.exists(), "{text}");
        }
        let repo = Repo::with(&[("a.rs", "fn a() {}\n")]);
        let path = repo.path().to_str().unwrap().to_owned();
        for text in BRANCHES {
            let branch = real(text);
            match world.repos.connect(&world.actor, &path, Some(&branch), None).await {
                Err(RepoError::Refused(failure)) => {
                    assert_eq!(failure.code, FailureCode::NoSuchBranch, "{text}");
                }
                other => panic!("{text}: {other:?}"),
            }
            // The child does not rely on its caller.
            let failure = supervisor().probe(repo.path(), &[], Some(&branch)).await.unwrap_err();
            assert_eq!(failure.code, FailureCode::NoSuchBranch, "{text}");
            let address = format!("https://127.0.0.1:{port}/x");
            assert!(world.repos.probe(&world.actor, &address, Some(&branch)).await.is_err(), "{text}");
            assert!(!canary.exists(), "{text}");
        }
        let (commands, connections) = (u8::from(canary.exists()), connections.load(Ordering::SeqCst));
        println!(
            "{} addresses and {} branches: {commands} commands run, {connections} connections",
            SOURCES.len(),
            BRANCHES.len()
        );
        assert_eq!((commands, connections), (0, 0));
    })
    .await;
}
