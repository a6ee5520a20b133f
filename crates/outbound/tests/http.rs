//! HTTP against a small service that misbehaves on demand. Time between tries is virtual; connections are real.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]
#![expect(clippy::disallowed_methods, reason = "the service of a test ends with its runtime")]

use std::sync::{Arc, Mutex};
use std::time::Duration;

use base::{Clock, Ids, Timestamp};
use outbound::{Allowed, Condition, Dependency, Error, Limits, Options, Outbound, Wait};
use serde_json::json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use url::Url;

/// What the service does with one connection.
#[derive(Clone)]
enum Act {
    /// Sends this and closes.
    Say(String),
    /// Says nothing.
    Silence,
    /// Closes without a word.
    Close,
}

struct Service {
    port: u16,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Service {
    /// Does the acts one after the other; the last one stays.
    async fn start(acts: Vec<Act>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let asked = Arc::new(Mutex::new(Vec::new()));
        let log = Arc::clone(&asked);
        tokio::spawn(async move {
            let mut silent = Vec::new();
            for number in 0.. {
                let (mut socket, _) = listener.accept().await.unwrap();
                let mut head = vec![0; 64 << 10];
                let read = socket.read(&mut head).await.unwrap();
                let head = String::from_utf8_lossy(&head[..read]).into_owned();
                log.lock().unwrap().push(head.lines().next().unwrap_or_default().to_owned());
                match &acts[number.min(acts.len() - 1)] {
                    // Who went away already does not hear it.
                    Act::Say(text) => drop(socket.write_all(text.as_bytes()).await),
                    Act::Silence => silent.push(socket),
                    Act::Close => drop(socket),
                }
            }
        });
        Self { port, asked }
    }

    fn url(&self, host: &str) -> Url {
        format!("http://{host}:{}/v1/things?key=hunter2", self.port).parse().unwrap()
    }

    fn asked(&self) -> usize {
        self.asked.lock().unwrap().len()
    }

    fn outbound(&self) -> Outbound {
        outbound(Allowed::new([format!("127.0.0.1:{}", self.port)]))
    }
}

fn outbound(allowed: Allowed) -> Outbound {
    let clock = Clock::manual(Timestamp::from_seconds(1_795_339_920));
    let options = Options { allowed, ..Options::default() };
    Outbound::waiting(options, clock.clone(), Ids::counted(), Wait::Virtual(clock)).unwrap()
}

fn client(outbound: &Outbound, limits: Limits) -> outbound::Client {
    outbound.client(Dependency::new("things"), limits)
}

fn answer(status: u16, headers: &str, body: &str) -> Act {
    let length = body.len();
    Act::Say(format!(
        "HTTP/1.1 {status} X\r\nContent-Length: {length}\r\nConnection: close\r\n{headers}\r\n{body}"
    ))
}

#[tokio::test]
async fn nobody_is_led_to_this_machine_or_its_neighbours() {
    let service = Service::start(vec![answer(200, "", "{}")]).await;
    let closed = outbound(Allowed::default());
    let elsewhere = outbound(Allowed::new(["127.0.0.1:1", "localhost:1"]));
    for outbound in [&closed, &elsewhere] {
        let client = client(outbound, Limits::default());
        for host in ["127.0.0.1", "localhost", "[::1]", "[::ffff:127.0.0.1]", "2130706433", "0x7f.1", "0"] {
            let result = client.get(service.url(host)).send().await;
            assert!(matches!(result, Err(Error::Refused(_))), "{host}: {result:?}");
        }
        for url in ["http://169.254.169.254/latest/meta-data", "http://10.0.0.1", "http://[fd00::1]/"] {
            let result = client.get(url.parse().unwrap()).send().await;
            assert!(matches!(result, Err(Error::Refused(_))), "{url}: {result:?}");
        }
        let result = client.get("file:///etc/passwd".parse().unwrap()).send().await;
        assert!(matches!(result, Err(Error::Malformed(_))), "{result:?}");
        assert_eq!(
            outbound.states()[0].condition,
            Condition::Working,
            "a refusal says nothing of the other side"
        );
    }
    assert_eq!(service.asked(), 0, "no packet may leave");
    let open = service.outbound();
    assert_eq!(
        client(&open, Limits::default()).get(service.url("127.0.0.1")).send().await.unwrap().status,
        200
    );
}

#[tokio::test]
async fn what_stumbles_is_asked_again_and_what_refuses_is_not() {
    let (sick, well) = (answer(503, "", ""), answer(200, "", "{\"a\":1}"));
    let stumbling = Service::start(vec![sick.clone(), Act::Close, well.clone()]).await;
    let outbound = stumbling.outbound();
    let found = client(&outbound, Limits::default()).get(stumbling.url("127.0.0.1")).send().await.unwrap();
    assert_eq!(found.json::<serde_json::Value>().unwrap(), json!({ "a": 1 }));
    assert_eq!(stumbling.asked(), 3);

    for status in [400, 401, 404, 302] {
        let refusing = Service::start(vec![answer(status, "Location: http://127.0.0.1:1/\r\n", "why")]).await;
        let outbound = refusing.outbound();
        let error =
            client(&outbound, Limits::default()).get(refusing.url("127.0.0.1")).send().await.unwrap_err();
        assert!(
            matches!(&error, Error::Status(answer) if answer.status == status && &answer.body[..] == b"why")
        );
        assert_eq!(refusing.asked(), 1, "{status}");
        assert_eq!(outbound.states()[0].failures, 0);
    }

    for (repeatable, tries) in [(false, 1), (true, 3)] {
        let down = Service::start(vec![sick.clone()]).await;
        let outbound = down.outbound();
        let client = client(&outbound, Limits::default());
        let request = client.post(down.url("127.0.0.1")).json(&json!({ "q": "x" }));
        let request = if repeatable { request.repeatable() } else { request };
        assert!(matches!(request.send().await, Err(Error::Status(_))));
        assert_eq!(down.asked(), tries);
    }

    let busy = Service::start(vec![answer(429, "Retry-After: 7\r\n", ""), well.clone()]).await;
    let outbound = busy.outbound();
    assert!(client(&outbound, Limits::default()).get(busy.url("127.0.0.1")).send().await.is_ok());
    let full = Service::start(vec![answer(429, "Retry-After: 3600\r\n", "")]).await;
    let outbound = full.outbound();
    let error = client(&outbound, Limits::default()).get(full.url("127.0.0.1")).send().await.unwrap_err();
    assert_eq!((error.retry_after(), full.asked()), (Some(Duration::from_hours(1)), 1));
}

#[tokio::test]
async fn one_that_fails_is_left_in_peace_and_says_so_without_secrets() {
    let down = Service::start(vec![Act::Close]).await;
    let outbound = down.outbound();
    let client = client(&outbound, Limits::default());
    for _ in 0..2 {
        let error = client.get(down.url("127.0.0.1")).send().await.unwrap_err();
        assert!(matches!(error, Error::Unreachable(_)), "{error}");
        assert!(!format!("{error:?} {error}").contains("hunter2"));
    }
    assert_eq!(down.asked(), 5, "three tries, then two more and it rests");
    assert!(matches!(client.get(down.url("127.0.0.1")).send().await, Err(Error::Resting(_))));
    assert_eq!(down.asked(), 5);
    let state = &outbound.states()[0];
    assert_eq!((state.name.as_str(), state.condition), ("things", Condition::Resting));
    assert!(!format!("{state:?}").contains("hunter2"));
    assert!(outbound.reset("things") && !outbound.reset("nothing"));
    assert_eq!(outbound.states()[0].condition, Condition::Working);
}

#[tokio::test]
async fn answers_have_bounds_in_size_and_in_time() {
    let large = Service::start(vec![answer(200, "", &"x".repeat(2_000))]).await;
    let outbound = large.outbound();
    let limits = Limits { answer: 1_000, ..Limits::default() };
    let error = client(&outbound, limits).get(large.url("127.0.0.1")).send().await.unwrap_err();
    assert!(matches!(error, Error::TooLarge));
    assert_eq!(large.asked(), 1);

    let begun = Act::Say("HTTP/1.1 200 X\r\nContent-Length: 10\r\n\r\nhalf".to_owned());
    for act in [Act::Silence, begun] {
        let slow = Service::start(vec![act]).await;
        let outbound = slow.outbound();
        let limits = Limits { one_try: Duration::from_millis(50), ..Limits::default() };
        let error = client(&outbound, limits).get(slow.url("127.0.0.1")).send().await.unwrap_err();
        assert!(matches!(error, Error::TimedOut | Error::Unreachable(_)), "{error}");
        assert_eq!(slow.asked(), 3);
    }
}

#[tokio::test]
async fn an_answer_can_be_read_as_it_comes_and_counts_when_it_breaks_off() {
    let parts = "HTTP/1.1 200 X\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nfirst\r\n6\r\nsecond\r\n";
    let whole = Service::start(vec![Act::Say(format!("{parts}0\r\n\r\n"))]).await;
    let outbound = whole.outbound();
    let client_of = |outbound: &Outbound| client(outbound, Limits::default());
    let mut stream = client_of(&outbound).get(whole.url("127.0.0.1")).stream().await.unwrap();
    let mut text = Vec::new();
    while let Some(part) = stream.next().await.unwrap() {
        text.extend_from_slice(&part);
    }
    assert_eq!(text, b"firstsecond");

    let broken = Service::start(vec![Act::Say(parts.to_owned())]).await;
    let outbound = broken.outbound();
    let mut stream = client_of(&outbound).get(broken.url("127.0.0.1")).stream().await.unwrap();
    let error = loop {
        match stream.next().await {
            Ok(part) => assert!(part.is_some(), "the end must not look like one"),
            Err(error) => break error,
        }
    };
    assert!(matches!(error, Error::Unreachable(_)), "{error}");
    assert_eq!((outbound.states()[0].failures, broken.asked()), (1, 1));

    let refusing = Service::start(vec![answer(400, "", "{\"error\":\"too long\"}")]).await;
    let outbound = refusing.outbound();
    let error = client_of(&outbound).get(refusing.url("127.0.0.1")).stream().await.unwrap_err();
    assert!(matches!(error, Error::Status(answer) if answer.body.starts_with(b"{\"error\"")));
}
