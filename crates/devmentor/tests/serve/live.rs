//! Server-sent events, as a client hears them that loses its connection.

use serde_json::{Value, json};
use tokio::time::timeout;

use crate::program::{Caller, LONG, Running, client, home};

const TASKS: &str = "/api/v1/w/home/tasks";

/// A client that reads what comes, line by line.
pub(crate) struct Stream {
    response: reqwest::Response,
    unread: String,
    /// The id that came last; a browser sends it back by itself.
    last: String,
}

impl Stream {
    /// Connects, and reads the frames that say where it stands: the answer's `recovered` for each channel.
    pub(crate) async fn open(server: &Running, owner: &Caller, last: Option<&str>) -> (Self, Vec<bool>) {
        let mut request = client()
            .get(format!("http://{}/api/v1/w/home/live/sse", server.address))
            .bearer_auth(owner.token.as_ref().unwrap());
        if let Some(last) = last {
            request = request.header("last-event-id", last);
        }
        let response = request.send().await.unwrap();
        assert_eq!(response.status(), 200);
        let mut stream = Self { response, unread: String::new(), last: String::new() };
        let mut recovered = Vec::new();
        assert_eq!(stream.next().await["type"], "hello");
        // The channel without missed events may speak last: what was missed comes in between.
        while recovered.is_empty() {
            let frame = stream.next().await;
            assert_eq!(frame["type"], "subscribed", "{frame}");
            recovered.push(frame["recovered"].as_bool().unwrap());
        }
        (stream, recovered)
    }

    /// The next frame.
    pub(crate) async fn next(&mut self) -> Value {
        loop {
            if let Some((event, rest)) = self.unread.split_once("\n\n") {
                let field = |name| event.lines().find_map(|line: &str| line.strip_prefix(name));
                if let Some(id) = field("id: ") {
                    id.clone_into(&mut self.last);
                }
                let data = serde_json::from_str(field("data: ").unwrap()).unwrap();
                let rest = rest.len();
                self.unread.drain(..self.unread.len() - rest);
                return data;
            }
            let chunk = timeout(LONG, self.response.chunk()).await.expect("nothing is heard").unwrap();
            self.unread.push_str(std::str::from_utf8(&chunk.expect("the stream ended")).unwrap());
        }
    }

    /// Waits until the server ends it.
    pub(crate) async fn end(&mut self) {
        // A stream that breaks off has ended too.
        while let Ok(Some(_)) = timeout(LONG, self.response.chunk()).await.expect("it never ends") {}
    }

    /// The keys of the next tasks that were created, with the places of their events.
    async fn tasks(&mut self, count: usize) -> Vec<(String, u64)> {
        let mut heard = Vec::new();
        while heard.len() < count {
            let frame = self.next().await;
            if frame["event"]["type"] == "task.created" {
                let key = frame["event"]["task"]["key"].as_str().unwrap().to_owned();
                heard.push((key, frame["position"]["offset"].as_u64().unwrap()));
            }
        }
        heard
    }
}

async fn create(owner: &Caller, count: usize) {
    for _ in 0..count {
        owner.post(TASKS, json!({ "title": "Mend it" })).await;
    }
}

fn keys(range: std::ops::RangeInclusive<u64>) -> Vec<String> {
    range.map(|number| format!("DEV-{number}")).collect()
}

#[tokio::test]
async fn a_lost_connection_and_a_killed_server_leave_no_gap() {
    let home = home();
    let server = Running::start(home.path(), &[]).await;
    let owner = server.owner().await;
    let (mut stream, _) = Stream::open(&server, &owner, None).await;
    create(&owner, 2).await;
    let mut heard = stream.tasks(2).await;
    let last = stream.last.clone();
    drop(stream);

    // Nobody listens.
    create(&owner, 3).await;
    let (mut stream, recovered) = Stream::open(&server, &owner, Some(&last)).await;
    assert!(recovered[0]);
    heard.extend(stream.tasks(3).await);
    // And live again, without a seam.
    create(&owner, 1).await;
    heard.extend(stream.tasks(1).await);
    let last = stream.last.clone();

    create(&owner, 2).await;
    let server = server.kill_and_restart().await;
    drop(stream);
    create(&owner, 1).await;
    let (mut stream, recovered) = Stream::open(&server, &owner, Some(&last)).await;
    assert!(recovered[0], "the log survives its server");
    heard.extend(stream.tasks(3).await);

    let (names, places): (Vec<_>, Vec<_>) = heard.into_iter().unzip();
    assert_eq!(names, keys(1..=9));
    let first = places[0];
    assert_eq!(places, (first..first + 9).collect::<Vec<_>>());
}

#[tokio::test]
async fn what_cannot_be_resumed_is_said_to_be_lost() {
    let home = home();
    let server = Running::start(home.path(), &[]).await;
    let owner = server.owner().await;
    create(&owner, 2).await;
    let (mut stream, recovered) = Stream::open(&server, &owner, None).await;
    assert!(recovered[0], "who is new has missed nothing");
    create(&owner, 1).await;
    stream.tasks(1).await;
    let (epoch, places) = stream.last.split_once(':').unwrap();
    let places: Vec<u64> = places.split(':').map(|place| place.parse().unwrap()).collect();

    // The same offsets of another log, such as one restored from a copy; a place that is not there yet; nonsense.
    let other_log = format!("another:{}:{}", places[0], places[1]);
    let future = format!("{epoch}:{}:{}", places[0] + 100, places[1] + 100);
    for last in [other_log.as_str(), &future, "nonsense", ""] {
        let (mut stream, recovered) = Stream::open(&server, &owner, Some(last)).await;
        assert!(!recovered[0], "{last}");
        // From here on it hears everything again, and its new place is a good one.
        create(&owner, 1).await;
        let heard = stream.tasks(1).await;
        let (again, recovered) = Stream::open(&server, &owner, Some(&stream.last)).await;
        assert!(recovered[0], "{last} {heard:?}");
        drop(again);
    }
}
