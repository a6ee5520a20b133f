//! Two nodes over one PostgreSQL and one Redis: what happens on one is felt on the other at once.

use std::collections::BTreeMap;
use std::time::Duration;

use reqwest::StatusCode;
use serde_json::{Value, json};
use tokio::time::Instant;

use crate::beside::repository;
use crate::live::Stream;
use crate::program::{Caller, Running, client, home};

/// Reads that one session may make in a minute, in these tests.
const READS: u32 = 40;

/// The address of the Redis server that tests may use. It needs PostgreSQL too, which `on_postgres` sees to.
pub(crate) fn redis_here() -> Option<String> {
    let server = std::env::var("DEVMENTOR_TEST_REDIS").ok();
    if server.is_none() {
        assert!(std::env::var_os("CI").is_none(), "DEVMENTOR_TEST_REDIS must be set in CI");
        println!("not tried: set DEVMENTOR_TEST_REDIS to the address of a Redis server");
    }
    server
}

/// The status of a read with that token.
async fn read(node: &Running, token: &str) -> StatusCode {
    let address = format!("http://{}/api/v1/session", node.address);
    client().get(address).bearer_auth(token).send().await.unwrap().status()
}

async fn two_nodes(database: String, redis: String) {
    let (here_home, there_home) = (home(), home());
    let reads = READS.to_string();
    let settings = [
        ("DEVMENTOR_DATABASE__URL", database.as_str()),
        ("DEVMENTOR_REDIS__URL", redis.as_str()),
        ("DEVMENTOR_LIMITS__APPLY", "always"),
        ("DEVMENTOR_LIMITS__READS_PER_MINUTE", reads.as_str()),
    ];
    let here = Running::start(here_home.path(), &settings).await;
    // Before the other starts, whose new link ends the one of this.
    let owner = here.owner().await;
    let there = Running::start(there_home.path(), &settings).await;
    let (counted, watcher) = (there.owner().await, there.new_owner(there_home.path()).await);

    a_job_is_run_once(&here, &there, &owner, &watcher).await;
    limits_hold_across_both(&here, &there, &counted).await;
    signing_out_is_felt_on_the_other(&here, &there, &owner).await;
}

/// Six repositories analysed, their runs asked for on one node and heard on the other.
async fn a_job_is_run_once(here: &Running, there: &Running, owner: &Caller, watcher: &Caller) {
    let (mut stream, _) = Stream::open(there, watcher, None).await;
    let folder = home();
    let source = repository(folder.path());
    let mut asked = Vec::new();
    for _ in 0..6 {
        let copy = folder.path().join(format!("copy-{}", asked.len()));
        let done = std::process::Command::new("git")
            .args(["clone", "--quiet"])
            .arg(&source)
            .arg(&copy)
            .env("GIT_CONFIG_GLOBAL", "/dev/null")
            .env("GIT_CONFIG_NOSYSTEM", "1")
            .status();
        assert!(done.unwrap().success());
        let repo = owner.post("/api/v1/w/home/repos", json!({ "source": copy })).await;
        asked.push(repo["running"]["id"].as_str().unwrap().to_owned());
    }
    let mut started: BTreeMap<String, u32> = BTreeMap::new();
    let mut finished: BTreeMap<String, u32> = BTreeMap::new();
    while finished.len() < asked.len() {
        let frame = stream.next().await;
        let event = &frame["event"];
        let analysis = event["analysis"].as_str().unwrap_or_default().to_owned();
        match event["type"].as_str() {
            Some("analysis.started") => *started.entry(analysis).or_default() += 1,
            Some("analysis.finished") => *finished.entry(analysis).or_default() += 1,
            Some("analysis.failed") => panic!("{frame}"),
            _ => {}
        }
    }
    for id in &asked {
        assert_eq!((started.get(id), finished.get(id)), (Some(&1), Some(&1)), "{id}");
    }
    assert!(!here.log().contains("panicked") && !there.log().contains("panicked"));
}

/// One session that asks both in turn has what one node alone would give it.
async fn limits_hold_across_both(here: &Running, there: &Running, counted: &Caller) {
    let token = counted.token.as_ref().unwrap();
    let began = Instant::now();
    let mut served = 0;
    for number in 0..4 * READS {
        let node = if number % 2 == 0 { here } else { there };
        served += u32::from(read(node, token).await == StatusCode::OK);
    }
    // What comes back while the test runs is more.
    let back = u32::try_from(began.elapsed().as_secs()).unwrap() * READS / 60 + 1;
    println!("{served} of {} reads were served by two nodes, {READS} are allowed in a minute", 4 * READS);
    assert!((READS..=READS + back).contains(&served), "{served}, at most {back} came back");
}

async fn signing_out_is_felt_on_the_other(here: &Running, there: &Running, owner: &Caller) {
    let token = owner.token.as_ref().unwrap();
    let (mut stream, _) = Stream::open(there, owner, None).await;
    assert_eq!(read(there, token).await, StatusCode::OK);
    let address = format!("http://{}/api/v1/session", here.address);
    let ended = client().delete(address).bearer_auth(token).send().await.unwrap();
    assert_eq!(ended.status(), StatusCode::NO_CONTENT);
    let began = Instant::now();
    // The live channel ends.
    stream.end().await;
    let live = began.elapsed();
    while read(there, token).await == StatusCode::OK {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    let asked = began.elapsed();
    println!(
        "a session that ended on one node was over on the other after {live:?} (live), {asked:?} (asked)"
    );
    assert!(live < Duration::from_secs(1) && asked < Duration::from_secs(1), "{live:?} {asked:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_happens_on_one_node_is_felt_on_the_other_within_a_second() {
    let Some(redis) = redis_here() else { return };
    storage::testing::on_postgres(|test| {
        let redis = redis.clone();
        async move {
            let storage::Config::Postgres { url } = &test.config else { panic!("{:?}", test.engine) };
            two_nodes(url.expose().to_owned(), redis).await;
        }
    })
    .await;
}

#[tokio::test]
async fn a_node_whose_redis_is_away_says_so_and_works() {
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let home = home();
    let redis = format!("redis://{free}");
    let settings = [("DEVMENTOR_REDIS__URL", redis.as_str()), ("DEVMENTOR_LIMITS__APPLY", "always")];
    let server = Running::start(home.path(), &settings).await;
    let owner = server.owner().await;
    owner.post("/api/v1/w/home/tasks", json!({ "title": "Mend it" })).await;
    let ready: Value = owner.get("/readyz").await;
    assert_eq!((&ready["ready"], &ready["shared"]), (&json!(true), &json!("failing")), "{ready}");
    let health = owner.get("/api/v1/admin/health").await["data"].clone();
    let nodes = health["components"].as_array().unwrap().iter().find(|part| part["name"] == "nodes").unwrap();
    assert_eq!(nodes["state"], "failing", "{health}");
}
