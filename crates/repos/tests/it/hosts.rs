//! Code hosts from end to end: a host with GitHub's interface and git behind one certificate, reached through the
//! operator's allow-list.

use std::time::Duration;

use base::id::{HostId, WorkspaceId};
use base::{Actor, Secret, Timestamp};
use hosts::{HostError, Kind};
use outbound::{Allowed, Options};
use repos::model::{HostState, RemoteState};
use repos::{AnalysisState, FailureCode, OfferFilter, Received, RepoError, Wanted};
use ring::hmac;
use serde_json::json;
use storage::testing::{TestDb, each_engine};

mod told;

use crate::context::World;
use crate::https::Host;
use crate::support::{Repo, supervisor};

/// An address that may be contacted, and nobody answers.
const NOBODY: &str = "localhost:1";

const TOKEN: &str = "ghp_abcdefghijklmnopqrstuvwxyz0123456789";

async fn world(test: &TestDb, host: &Host) -> World {
    let options = Options {
        allowed: Allowed::new([format!("localhost:{}", host.port), NOBODY.to_owned()]),
        authorities: Some(std::fs::read(&host.authority).unwrap()),
        proxy: None,
    };
    World::hosted(test, supervisor(), host.config(), None, options).await
}

async fn code_host() -> Host {
    let host = Host::start().await;
    host.api.set(|api| {
        TOKEN.clone_into(&mut api.token);
        "octo".clone_into(&mut api.login);
        api.hooks_allowed = true;
        api.repos = (1..=120).map(|id| (id, format!("octo/repo-{id:03}"), "main".to_owned())).collect();
    });
    host
}

impl World {
    async fn connected(&self, host: &Host) -> HostId {
        let (address, token) = (format!("https://localhost:{}", host.port), Secret::new(TOKEN));
        let host = self.repos.connect_host(&self.actor, Kind::GitHub, Some(&address), &token).await;
        host.unwrap().id
    }

    async fn only_host(&self) -> repos::model::HostOverview {
        let mut all = self.repos.hosts(&self.actor).await.unwrap();
        assert_eq!(all.len(), 1);
        all.remove(0)
    }

    async fn newest(&self, slug: &str) -> repos::RepoOverview {
        self.repos.repo_by_slug(&self.actor, slug).await.unwrap().unwrap()
    }

    async fn send(&self, host: HostId, delivery: &str, event: &str, body: &str, secret: &str) -> Received {
        let key = hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes());
        let signature = format!("sha256={}", hex::encode(hmac::sign(&key, body.as_bytes())));
        let header = |name: &str| match name {
            "x-github-event" => Some(event.to_owned()),
            "x-github-delivery" => Some(delivery.to_owned()),
            "x-hub-signature-256" => Some(signature.clone()),
            _ => None,
        };
        self.repos.receive(Kind::GitHub, Some(host), &header, body.as_bytes()).await.unwrap()
    }
}

fn wanted(path: &str) -> Wanted {
    Wanted { path: path.to_owned(), branch: None }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_account_is_connected_and_its_repositories_are_listed_and_taken_over() {
    each_engine(|test| async move {
        let host = code_host().await;
        let repo = Repo::with(&[("src/a.rs", "fn a() {}\n")]);
        std::fs::create_dir(host.folder.path().join("octo")).unwrap();
        host.offer(&repo, "octo/repo-007.git");
        let world = world(&test, &host).await;
        let id = world.connected(&host).await;
        let shown = world.only_host().await.host;
        assert_eq!(
            (shown.login.as_str(), shown.name.as_deref(), shown.state),
            ("octo", Some("Octo Cat"), HostState::Working)
        );
        assert_eq!(shown.scopes, Some(vec!["repo".to_owned(), "admin:repo_hook".to_owned()]));
        // The same account again is the same connection.
        assert_eq!(world.connected(&host).await, id);

        // The token is not in the database as it is.
        let rows = world
            .db
            .query("SELECT token, hook_secret FROM repo_host")
            .all::<(Vec<u8>, Vec<u8>)>()
            .await
            .unwrap();
        assert!(rows.iter().all(|(token, _)| !token.windows(8).any(|part| part == &TOKEN.as_bytes()[..8])));

        let first = world.repos.offered(&world.actor, id, &OfferFilter::default()).await.unwrap();
        assert_eq!((first.items.len(), first.next), (100, Some(2)));
        let rest = OfferFilter { page: Some(2), ..OfferFilter::default() };
        let second = world.repos.offered(&world.actor, id, &rest).await.unwrap();
        assert_eq!((second.items.len(), second.next), (20, None));
        // What is on the second page only is found from the first.
        let text = OfferFilter { text: Some("REPO-115".to_owned()), ..OfferFilter::default() };
        let found = world.repos.offered(&world.actor, id, &text).await.unwrap();
        assert_eq!(found.items.iter().map(|it| it.repo.path.as_str()).collect::<Vec<_>>(), ["octo/repo-115"]);
        let org = OfferFilter { org: Some("else".to_owned()), ..OfferFilter::default() };
        assert!(world.repos.offered(&world.actor, id, &org).await.unwrap().items.is_empty());

        // One that can be copied, with the token, and one that the host lists but does not give.
        let both = [wanted("octo/repo-007"), wanted("octo/repo-008")];
        let imported = world.repos.import(&world.actor, id, &both).await.unwrap();
        assert!(imported.iter().all(|one| one.fresh));
        world.run_jobs().await;
        let good = world.newest("repo-007").await;
        assert_eq!(good.latest.unwrap().summary.unwrap().files, 1);
        let bad = world.newest("repo-008").await.last_failure.unwrap();
        assert_eq!(bad.failure.unwrap().code, FailureCode::NotFound);
        let again = world.repos.import(&world.actor, id, &both).await.unwrap();
        assert!(again.iter().all(|one| !one.fresh));
        world.run_jobs().await;

        let listed = world.repos.offered(&world.actor, id, &OfferFilter::default()).await.unwrap();
        let known: Vec<_> =
            listed.items.iter().filter(|it| it.connected.is_some()).map(|it| &it.repo.path).collect();
        assert_eq!(known, ["octo/repo-007", "octo/repo-008"]);
        let linked = world.only_host().await.repos;
        assert!(linked.iter().all(|one| one.remote.remote_id.is_some() && one.remote.hook.is_some()));
        assert_eq!(
            host.api.get(|api| api.hooks.len()),
            2,
            "one hook each, however often they are taken over"
        );

        // Nobody else sees any of it.
        let stranger = Actor { workspace: world.ids.new_id::<WorkspaceId>(), ..world.actor };
        assert!(world.repos.hosts(&stranger).await.unwrap().is_empty());
        let refused = world.repos.offered(&stranger, id, &OfferFilter::default()).await;
        assert!(matches!(refused, Err(RepoError::NotFound)), "{refused:?}");
        assert!(matches!(world.repos.import(&stranger, id, &both).await, Err(RepoError::NotFound)));
        assert!(matches!(world.repos.disconnect_host(&stranger, id).await, Err(RepoError::NotFound)));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_revoked_token_is_noticed_and_another_one_heals_it() {
    each_engine(|test| async move {
        let host = code_host().await;
        let repo = Repo::with(&[("src/a.rs", "fn a() {}\n")]);
        std::fs::create_dir(host.folder.path().join("octo")).unwrap();
        host.offer(&repo, "octo/repo-001.git");
        let world = world(&test, &host).await;
        let id = world.connected(&host).await;
        world.repos.import(&world.actor, id, &[wanted("octo/repo-001")]).await.unwrap();
        world.run_jobs().await;
        let repo = world.newest("repo-001").await.repo.id;

        host.api.set(|api| "another-token".clone_into(&mut api.token));
        world.clock.advance(Duration::from_mins(1));
        world.repos.analyze(&world.actor, repo, true).await.unwrap();
        world.run_jobs().await;
        let after = world.newest("repo-001").await;
        assert_eq!(after.last_failure.unwrap().failure.unwrap().code, FailureCode::AuthRequired);
        assert_eq!(after.latest.unwrap().state, AnalysisState::Done, "the stored report remains");
        assert_eq!(world.only_host().await.host.state, HostState::TokenRefused);

        // A wrong token changes nothing; the right one heals it.
        let wrong = world.repos.reconnect_host(&world.actor, id, &Secret::new("wrong")).await;
        assert!(matches!(wrong, Err(RepoError::Unsuitable { field: "/token", .. })), "{wrong:?}");
        let spaces = world.repos.reconnect_host(&world.actor, id, &Secret::new("to ken")).await;
        assert!(matches!(spaces, Err(RepoError::Unsuitable { field: "/token", .. })));
        let healed =
            world.repos.reconnect_host(&world.actor, id, &Secret::new("another-token")).await.unwrap();
        assert_eq!(healed.state, HostState::Working);
        world.repos.analyze(&world.actor, repo, true).await.unwrap();
        world.run_jobs().await;
        assert_eq!(world.newest("repo-001").await.last_failure, None);

        // A token of somebody else is refused.
        host.api.set(|api| "stranger".clone_into(&mut api.login));
        let other = world.repos.reconnect_host(&world.actor, id, &Secret::new("another-token")).await;
        assert!(matches!(other, Err(RepoError::Unsuitable { field: "/token", .. })));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_host_that_wants_a_pause_says_until_when_and_a_foreign_address_is_refused() {
    each_engine(|test| async move {
        let host = code_host().await;
        let world = world(&test, &host).await;
        let id = world.connected(&host).await;
        host.api.set(|api| api.limited_until = Some(1_790_000_600));
        let error = world.repos.offered(&world.actor, id, &OfferFilter::default()).await.unwrap_err();
        let until = Timestamp::from_seconds(1_790_000_600);
        assert!(
            matches!(error, RepoError::Host(HostError::RateLimited { until: Some(at) }) if at == until),
            "{error:?}"
        );
        assert_eq!(
            world.only_host().await.host.state,
            HostState::Working,
            "a pause says nothing about the token"
        );

        let token = Secret::new(TOKEN);
        for address in
            ["https://127.0.0.1:1", "https://10.0.0.1", "https://[::1]", "http://localhost", "nonsense"]
        {
            let refused = world.repos.connect_host(&world.actor, Kind::GitLab, Some(address), &token).await;
            assert!(
                matches!(refused, Err(RepoError::Unsuitable { field: "/address", .. })),
                "{address}: {refused:?}"
            );
        }
        // A path that would name something else is refused before anything is taken over.
        host.api.set(|api| api.limited_until = None);
        for path in [
            "../../etc",
            "octo/..",
            "octo/-x",
            "octo/a b",
            "octo",
            "",
            "octo/",
            "octo/x?y",
            "@evil.example/x",
        ] {
            let refused =
                world.repos.import(&world.actor, id, &[wanted("octo/repo-001"), wanted(path)]).await;
            assert!(
                matches!(refused, Err(RepoError::Unsuitable { field: "/repositories", .. })),
                "{path}: {refused:?}"
            );
        }
        assert!(world.repos.list(&world.actor).await.unwrap().is_empty());
    })
    .await;
}

fn push(branch: &str) -> String {
    json!({
        "ref": format!("refs/heads/{branch}"), "after": "76ae82c7b1a177c8d03f9e96e0adf2466113728f", "deleted": false,
        "repository": { "id": 1, "full_name": "octo/repo-001" },
    })
    .to_string()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_push_is_analysed_once_and_only_when_it_is_signed() {
    each_engine(|test| async move {
        let host = code_host().await;
        let mut git = Repo::with(&[("src/a.rs", "fn a() {}\n")]);
        std::fs::create_dir(host.folder.path().join("octo")).unwrap();
        host.offer(&git, "octo/repo-001.git");
        let world = world(&test, &host).await;
        let id = world.connected(&host).await;
        world.repos.import(&world.actor, id, &[wanted("octo/repo-001")]).await.unwrap();
        world.run_jobs().await;
        let (_, _, config) = host.api.get(|api| api.hooks[0].clone());
        assert_eq!(config["url"], format!("https://mentor.example/hooks/github/{id}"));
        let secret = config["secret"].as_str().unwrap().to_owned();

        git.write("src/b.rs", "fn b() {}\n");
        let head = git.commit("More");
        git.git(["push", "-q", host.folder.path().join("octo/repo-001.git").to_str().unwrap(), "main"]);
        let waiting = async || world.jobs.counts().await.unwrap().ready;

        // Whoever does not know the secret is told nothing, and nothing happens.
        assert_eq!(world.send(id, "d0", "push", &push("main"), "guess").await, Received::Refused);
        let unknown = world.ids.new_id::<HostId>();
        assert_eq!(world.send(unknown, "d0", "push", &push("main"), &secret).await, Received::Refused);
        assert_eq!(waiting().await, 0);
        // Another branch is not analysed.
        assert_eq!(world.send(id, "d1", "push", &push("feature"), &secret).await, Received::Taken);
        assert_eq!(waiting().await, 0);

        assert_eq!(world.send(id, "d2", "push", &push("main"), &secret).await, Received::Taken);
        assert_eq!(waiting().await, 1);
        world.run_jobs().await;
        let latest = world.newest("repo-001").await.latest.unwrap();
        assert_eq!((latest.commit, latest.summary.unwrap().files), (Some(head), 2));
        // The same delivery again is taken in, and counts once.
        assert_eq!(world.send(id, "d2", "push", &push("main"), &secret).await, Received::Taken);
        assert_eq!(waiting().await, 0);

        // What is signed and makes no sense is taken in without a word.
        assert_eq!(world.send(id, "d3", "push", "[]", &secret).await, Received::Taken);
        world.clock.advance(Duration::from_hours(31 * 24));
        assert_eq!(world.repos.trim_deliveries().await.unwrap(), 2);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_becomes_of_a_repository_is_shown_and_hooks_go_with_it() {
    each_engine(|test| async move {
        let host = code_host().await;
        let world = world(&test, &host).await;
        let id = world.connected(&host).await;
        world
            .repos
            .import(&world.actor, id, &[wanted("octo/repo-001"), wanted("octo/repo-002")])
            .await
            .unwrap();
        world.run_jobs().await;
        let secret = host.api.get(|api| api.hooks[0].2["secret"].as_str().unwrap().to_owned());
        let tell = async |delivery: &str, action: &str, path: &str| {
            let body = json!({ "action": action, "repository": { "id": 1, "full_name": path } }).to_string();
            assert_eq!(world.send(id, delivery, "repository", &body, &secret).await, Received::Taken);
            let linked = world.only_host().await.repos;
            let remote =
                linked.into_iter().find(|one| one.remote.remote_id.as_deref() == Some("1")).unwrap().remote;
            (remote.state, remote.path)
        };
        assert_eq!(tell("r1", "privatized", "octo/repo-001").await.0, RemoteState::Hidden);
        assert_eq!(tell("r2", "publicized", "octo/repo-001").await.0, RemoteState::There);
        assert_eq!(tell("r3", "renamed", "octo/tool").await, (RemoteState::Renamed, "octo/tool".to_owned()));
        assert_eq!(tell("r4", "deleted", "octo/tool").await.0, RemoteState::Gone);

        // A repository that is taken away here loses its hook there.
        let second = world.newest("repo-002").await.repo.id;
        world.repos.remove(&world.actor, second).await.unwrap();
        world.run_jobs().await;
        assert_eq!(host.api.get(|api| api.hooks.len()), 1);
        // Disconnecting takes the rest away, and then the token.
        world.repos.disconnect_host(&world.actor, id).await.unwrap();
        assert!(world.repos.hosts(&world.actor).await.unwrap().is_empty());
        assert_eq!(world.send(id, "r5", "push", &push("main"), &secret).await, Received::Refused);
        world.run_jobs().await;
        assert_eq!(host.api.get(|api| api.hooks.len()), 0);
        let left = world.db.query("SELECT COUNT(*) FROM repo_host").one::<(i64,)>().await.unwrap().0;
        assert_eq!(left, 0);
        // The repository stays, with what is known of it.
        assert_eq!(world.repos.list(&world.actor).await.unwrap().len(), 1);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_host_without_leave_for_hooks_is_shown_as_that() {
    each_engine(|test| async move {
        let host = code_host().await;
        host.api.set(|api| api.hooks_allowed = false);
        let world = world(&test, &host).await;
        let id = world.connected(&host).await;
        // The host does not know one of the two.
        world
            .repos
            .import(&world.actor, id, &[wanted("octo/repo-001"), wanted("octo/nothing")])
            .await
            .unwrap();
        world.run_jobs().await;
        let linked = world.only_host().await.repos;
        let told: Vec<_> = linked
            .iter()
            .map(|one| (one.remote.path.as_str(), one.remote.state, one.remote.hook_detail.is_some()))
            .collect();
        assert_eq!(
            told,
            [("octo/nothing", RemoteState::Hidden, false), ("octo/repo-001", RemoteState::There, true)]
        );
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_change_of_keys_under_writes_loses_no_token_and_a_token_that_was_moved_does_not_open() {
    each_engine(|test| async move {
        let host = code_host().await;
        let world = world(&test, &host).await;
        let mut ids = Vec::new();
        for number in 0..5 {
            host.api.set(|api| api.login = format!("person-{number}"));
            ids.push(world.connected(&host).await);
        }
        // Somebody gives one connection another token again and again, while the keys change twice.
        let (repos, actor, busy) = (world.repos.clone(), world.actor, ids[4]);
        let writing = tokio::task::spawn(async move {
            for _ in 0..20 {
                // Where the two meet, one of them sees that the row has changed, and tries again.
                let _ = repos.reconnect_host(&actor, busy, &Secret::new(TOKEN)).await;
            }
        });
        let keyring = &world.hosting.keyring;
        let old = keyring.current().unwrap();
        for _ in 0..2 {
            keyring.rotate().unwrap();
            repos::reseal(&world.db, keyring).await.unwrap();
        }
        writing.await.unwrap();
        repos::reseal(&world.db, keyring).await.unwrap();
        let used = repos::keys_in_use(&world.db, keyring).await.unwrap();
        assert_eq!(used.into_iter().collect::<Vec<_>>(), [keyring.current().unwrap()]);
        let gone = keyring.prune(&repos::keys_in_use(&world.db, keyring).await.unwrap()).unwrap();
        assert!(gone.len() == 2 && gone.contains(&old));
        for id in &ids {
            assert_eq!(
                world.repos.check_host(&world.actor, *id).await.unwrap().state,
                HostState::Working,
                "{id}"
            );
        }

        // One row's token in another's place.
        let mut tx = world.db.begin().await.unwrap();
        tx.query("UPDATE repo_host SET token = (SELECT token FROM repo_host WHERE id = $1) WHERE id = $2")
            .bind(ids[0])
            .bind(ids[1])
            .execute()
            .await
            .unwrap();
        tx.commit().await.unwrap();
        let moved = world.repos.check_host(&world.actor, ids[1]).await;
        assert!(matches!(moved, Err(RepoError::Sealed(_))), "{moved:?}");
        keyring.rotate().unwrap();
        let resealed = repos::reseal(&world.db, keyring).await.unwrap();
        assert_eq!((resealed.done, resealed.lost), (4, 1));
        // It is told which one, and another token heals it.
        host.api.set(|api| "person-1".clone_into(&mut api.login));
        world.repos.reconnect_host(&world.actor, ids[1], &Secret::new(TOKEN)).await.unwrap();
        assert_eq!(world.repos.check_host(&world.actor, ids[1]).await.unwrap().state, HostState::Working);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_workspace_that_is_erased_leaves_no_token_here_and_no_hook_there() {
    each_engine(|test| async move {
        let host = code_host().await;
        let world = world(&test, &host).await;
        let id = world.connected(&host).await;
        let both = [wanted("octo/repo-001"), wanted("octo/repo-002")];
        world.repos.import(&world.actor, id, &both).await.unwrap();
        world.run_jobs().await;
        assert_eq!(host.api.get(|api| api.hooks.len()), 2);

        world.repos.erase(&world.actor).await.unwrap();
        // A try that broke off is made again.
        world.repos.erase(&world.actor).await.unwrap();
        world.run_jobs().await;
        assert_eq!(host.api.get(|api| api.hooks.len()), 0);
        for rows in [
            "SELECT COUNT(*) FROM repo_host",
            "SELECT COUNT(*) FROM repo_remote",
            "SELECT COUNT(*) FROM repo_setting",
            "SELECT COUNT(*) FROM repo_repository WHERE source <> '' OR name <> ''",
        ] {
            assert_eq!(world.db.query(rows).one::<(i64,)>().await.unwrap().0, 0, "{rows}");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn mistyped_addresses_keep_nobody_from_connecting_a_host() {
    each_engine(|test| async move {
        let host = code_host().await;
        let world = world(&test, &host).await;
        let (address, token) = (format!("https://{NOBODY}"), Secret::new(TOKEN));
        for _ in 0..10 {
            let failed = world.repos.connect_host(&world.actor, Kind::GitLab, Some(&address), &token).await;
            assert!(matches!(failed, Err(RepoError::Host(HostError::Unavailable { .. }))), "{failed:?}");
        }
        world.connected(&host).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_repository_that_was_renamed_is_copied_from_its_new_path_with_the_token() {
    each_engine(|test| async move {
        let host = code_host().await;
        let mut git = Repo::with(&[("src/a.rs", "fn a() {}\n")]);
        let folder = host.folder.path().join("octo");
        std::fs::create_dir(&folder).unwrap();
        host.offer(&git, "octo/repo-001.git");
        let world = world(&test, &host).await;
        let id = world.connected(&host).await;
        world.repos.import(&world.actor, id, &[wanted("octo/repo-001")]).await.unwrap();
        world.run_jobs().await;
        let secret = host.api.get(|api| api.hooks[0].2["secret"].as_str().unwrap().to_owned());
        let rename = async |delivery: &str, path: &str| {
            let body = json!({ "action": "renamed", "repository": { "id": 1, "full_name": path } });
            let taken = world.send(id, delivery, "repository", &body.to_string(), &secret).await;
            assert_eq!(taken, Received::Taken);
        };
        let linked = async || world.only_host().await.repos.remove(0);

        // A path that would name something else is not believed, however well it is signed.
        rename("r1", "octo/../../etc").await;
        assert_eq!(linked().await.remote.path, "octo/repo-001");

        std::fs::rename(folder.join("repo-001.git"), folder.join("tool.git")).unwrap();
        host.api.set(|api| "octo/tool".clone_into(&mut api.repos[0].1));
        rename("r2", "octo/tool").await;
        let now = linked().await;
        assert_eq!(now.repo.source.to_string(), format!("https://localhost:{}/octo/tool.git", host.port));
        git.write("src/b.rs", "fn b() {}\n");
        let head = git.commit("More");
        git.git(["push", "-q", folder.join("tool.git").to_str().unwrap(), "main"]);
        assert_eq!(world.send(id, "p1", "push", &push("main"), &secret).await, Received::Taken);
        world.run_jobs().await;
        let after = world.newest("repo-001").await;
        assert_eq!((after.last_failure, after.latest.unwrap().commit), (None, Some(head)));

        // Where the new address is connected already, this one keeps its own.
        let both = world.repos.import(&world.actor, id, &[wanted("octo/repo-002")]).await.unwrap();
        rename("r3", "octo/repo-002").await;
        let sources: Vec<_> =
            world.repos.list(&world.actor).await.unwrap().into_iter().map(|one| one.repo.source).collect();
        assert!(both[0].fresh && sources.len() == 2 && sources[0] != sources[1]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_host_that_wants_a_pause_before_it_makes_a_hook_is_asked_after_it() {
    each_engine(|test| async move {
        let host = code_host().await;
        host.api.set(|api| api.pause = Some(600));
        let world = world(&test, &host).await;
        let id = world.connected(&host).await;
        world.repos.import(&world.actor, id, &[wanted("octo/repo-001")]).await.unwrap();
        world.run_jobs().await;
        // It said ten minutes: the tries until then would have been for nothing.
        for _ in 0..3 {
            world.clock.advance(Duration::from_mins(3));
            world.run_jobs().await;
        }
        host.api.set(|api| api.pause = None);
        world.run_jobs().await;
        assert_eq!(host.api.get(|api| api.hooks.len()), 0);
        world.clock.advance(Duration::from_mins(2));
        world.run_jobs().await;
        assert_eq!(host.api.get(|api| api.hooks.len()), 1);

        // One that never has the time is given up after most of a day, and that is told.
        host.api.set(|api| api.pause = Some(1_800));
        world.repos.import(&world.actor, id, &[wanted("octo/repo-002")]).await.unwrap();
        for _ in 0..40 {
            world.run_jobs().await;
            world.clock.advance(Duration::from_mins(30));
        }
        let told: Vec<_> =
            world.only_host().await.repos.into_iter().map(|one| one.remote.hook_detail.is_some()).collect();
        assert_eq!(told, [false, true]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_new_token_makes_the_hooks_that_were_missing_and_those_whose_secret_is_lost() {
    each_engine(|test| async move {
        let host = code_host().await;
        host.api.set(|api| api.hooks_allowed = false);
        let world = world(&test, &host).await;
        let id = world.connected(&host).await;
        world.repos.import(&world.actor, id, &[wanted("octo/repo-001")]).await.unwrap();
        world.run_jobs().await;
        let linked = async || world.only_host().await.repos.remove(0).remote;
        assert!(linked().await.hook_detail.is_some());
        host.api.set(|api| api.hooks_allowed = true);
        world.repos.reconnect_host(&world.actor, id, &Secret::new(TOKEN)).await.unwrap();
        world.run_jobs().await;
        let first = linked().await;
        assert!(first.hook.is_some() && first.hook_detail.is_none());

        // A secret that no key opens: what the host signs with is known to nobody any more.
        let mut tx = world.db.begin().await.unwrap();
        tx.query("UPDATE repo_host SET hook_secret = token").execute().await.unwrap();
        tx.commit().await.unwrap();
        world.repos.reconnect_host(&world.actor, id, &Secret::new(TOKEN)).await.unwrap();
        world.run_jobs().await;
        assert_ne!(linked().await.hook, first.hook);
        let hooks = host.api.get(|api| api.hooks.clone());
        assert_eq!(hooks.len(), 1, "the old one is taken away");
        let secret = hooks[0].2["secret"].as_str().unwrap();
        assert_eq!(world.send(id, "d1", "push", &push("main"), secret).await, Received::Taken);
    })
    .await;
}
