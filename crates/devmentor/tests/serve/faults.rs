//! What the server depends on fails in every way, and comes back: nothing dies, nobody is told that the server is broken
//! when something else is, and it heals by itself.

mod wire;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use reqwest::{Client, Method, StatusCode};
use serde_json::{Value, json};
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep, timeout};

use crate::program::{LONG, Running, builder, home};
use wire::{FAULTS, Fault, Wire};

/// How long each fault lasts.
const LASTS: Duration = Duration::from_secs(8);
/// How long the server may take to be as it was once a fault is over.
const HEALS: Duration = Duration::from_secs(5);
/// People who go on asking meanwhile.
const CALLERS: usize = 4;

const TASKS: &str = "/api/v1/w/home/tasks";

/// Somebody who asks whatever happens.
#[derive(Clone)]
struct Asker {
    client: Client,
    base: String,
    token: String,
}

impl Asker {
    async fn ask(&self, method: Method, path: &str, body: Option<Value>) -> (StatusCode, Value) {
        let request = self.client.request(method, format!("{}{path}", self.base)).bearer_auth(&self.token);
        let request = match body {
            Some(body) => request.json(&body),
            None => request,
        };
        let asked = async {
            let answer = request.send().await.expect("it is gone");
            (answer.status(), answer.json().await.unwrap_or_default())
        };
        timeout(LONG, asked).await.expect("it never answers")
    }

    async fn get(&self, path: &str) -> (StatusCode, Value) {
        self.ask(Method::GET, path, None).await
    }
}

/// How often each answer was given.
type Answers = Arc<Mutex<BTreeMap<(&'static str, u16), u32>>>;

/// Reads and writes until it is told to stop; the titles of what was acknowledged.
async fn go_on(asker: Asker, who: usize, until: Instant, answers: Answers) -> Vec<String> {
    let mut made = Vec::new();
    let count =
        |what, status: StatusCode| *answers.lock().unwrap().entry((what, status.as_u16())).or_default() += 1;
    for number in 0.. {
        if Instant::now() >= until {
            break;
        }
        let title = format!("{until:?} {who} {number}");
        let (status, _) = asker.ask(Method::POST, TASKS, Some(json!({ "title": title }))).await;
        count("write", status);
        if status.is_success() {
            made.push(title);
        }
        count("read", asker.get(TASKS).await.0);
        let began = Instant::now();
        let (alive, _) = asker.get("/livez").await;
        assert_eq!(alive, StatusCode::OK, "it lives whatever else does not");
        assert!(began.elapsed() < Duration::from_secs(5), "{:?}", began.elapsed());
        sleep(Duration::from_millis(50)).await;
    }
    made
}

/// One fault of one thing, from its beginning until the server is as it was.
async fn endure(server: &Running, asker: &Asker, name: &str, wire: &Wire, fault: Fault) {
    let answers = Answers::default();
    let until = Instant::now() + LASTS;
    wire.set(fault);
    let mut asking: JoinSet<_> =
        (0..CALLERS).map(|who| go_on(asker.clone(), who, until, Arc::clone(&answers))).collect();
    let mut ready = Vec::new();
    while Instant::now() < until {
        let (status, state) = asker.get("/readyz").await;
        let working = |part: &str| state[part] == "ok";
        assert_eq!(status == StatusCode::OK, working("database"), "{state}");
        ready.push((working("database"), working("shared")));
        sleep(Duration::from_millis(200)).await;
    }
    wire.set(Fault::None);
    let healed = Instant::now();
    let mut good = 0;
    while good < 3 {
        let (read, _) = asker.get(TASKS).await;
        let (_, state) = asker.get("/readyz").await;
        let whole = read == StatusCode::OK && state["ready"] == true && state["shared"] == "ok";
        good = if whole { good + 1 } else { 0 };
        assert!(healed.elapsed() < LONG, "{name} {fault:?}: {read} {state}\n{}", server.log());
        sleep(Duration::from_millis(50)).await;
    }
    let took = healed.elapsed();
    let mut made = Vec::new();
    while let Some(theirs) = asking.join_next().await {
        made.extend(theirs.unwrap());
    }
    let answers = answers.lock().unwrap().clone();
    println!("{name} {fault:?}: healed after {took:?}, answers {answers:?}");
    assert!(took < HEALS, "{name} {fault:?}: {took:?}\n{}", server.log());
    for ((what, status), times) in &answers {
        let honest = (200..300).contains(status) || [409, 503, 504].contains(status);
        assert!(honest, "{name} {fault:?}: {what} {status} {times} times\n{}", server.log());
    }
    // Whoever only flaps, or is slow, may be met when it works.
    if matches!(fault, Fault::Refuse | Fault::Silent | Fault::Reset | Fault::Cut) {
        let told =
            ready.iter().any(|(database, shared)| if name == "database" { !database } else { !shared });
        assert!(told, "{name} {fault:?}: /readyz never said so: {ready:?}");
    }
    if name == "shared" {
        let refused: u32 =
            answers.iter().filter(|((_, status), _)| *status >= 500).map(|(_, times)| times).sum();
        assert_eq!(refused, 0, "{name} {fault:?}: what is only shared is nothing that anybody needs");
        assert!(!made.is_empty(), "{name} {fault:?}: nothing was done meanwhile");
    }
    let listed = titles(asker).await;
    let lost: Vec<_> = made.iter().filter(|title| !listed.contains(title)).collect();
    assert!(lost.is_empty(), "{name} {fault:?}: acknowledged and lost: {lost:?}");
    assert!(!server.log().contains("panicked"), "{}", server.log());
}

/// The titles of all tasks.
async fn titles(asker: &Asker) -> Vec<String> {
    let (mut titles, mut next) = (Vec::new(), String::new());
    loop {
        let (status, page) = asker.get(&format!("{TASKS}?limit=500{next}")).await;
        assert_eq!(status, StatusCode::OK, "{page}");
        let rows = page["items"].as_array().unwrap().iter();
        titles.extend(rows.map(|task| task["title"].as_str().unwrap().to_owned()));
        match &page["next"] {
            Value::String(cursor) => next = format!("&cursor={cursor}"),
            _ => return titles,
        }
    }
}

/// Where a database or another server is, without what else its address says.
fn place(url: &str) -> (usize, usize) {
    let begin = url.find("//").map_or(0, |at| at + 2);
    let begin = url[begin..].find('@').map_or(begin, |at| begin + at + 1);
    (begin, url[begin..].find(['/', '?']).map_or(url.len(), |at| begin + at))
}

/// The same address over a wire.
fn over_a_wire(url: &str) -> (Wire, String) {
    let (begin, end) = place(url);
    assert!(url[begin..end].contains(':'), "{url}: say its port");
    let wire = Wire::to(url[begin..end].to_owned());
    let over = format!("{}{}{}", &url[..begin], wire.address, &url[end..]);
    (wire, over)
}

async fn everything_fails_once(database: &str, redis: &str) {
    let home = home();
    let (database_wire, database) = over_a_wire(database);
    let (redis_wire, redis) = over_a_wire(redis);
    let settings = [
        ("DEVMENTOR_DATABASE__URL", database.as_str()),
        ("DEVMENTOR_REDIS__URL", redis.as_str()),
        ("DEVMENTOR_LIMITS__APPLY", "never"),
    ];
    let server = Running::start(home.path(), &settings).await;
    let token = server.owner().await.token.unwrap();
    // A connection for each request, so that none waits behind another.
    let client = builder().pool_max_idle_per_host(0).build().unwrap();
    let asker = Asker { client, base: format!("http://{}", server.address), token };
    for fault in FAULTS {
        endure(&server, &asker, "shared", &redis_wire, fault).await;
        endure(&server, &asker, "database", &database_wire, fault).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_fails_comes_back_and_nothing_else_was_broken() {
    let Some(redis) = crate::nodes::redis_here() else { return };
    storage::testing::on_postgres(|test| {
        let redis = redis.clone();
        async move {
            let storage::Config::Postgres { url } = &test.config else { panic!("{:?}", test.engine) };
            everything_fails_once(url.expose(), &redis).await;
        }
    })
    .await;
}
