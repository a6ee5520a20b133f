//! Events as they happen, and after a gap.

use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use std::net::SocketAddr;
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

use crate::harness::Server;

const TASKS: &str = "/api/v1/w/home/tasks";
const LONG: Duration = Duration::from_secs(10);

struct Client(WebSocketStream<MaybeTlsStream<TcpStream>>);

impl Client {
    async fn open(
        address: SocketAddr,
        token: &str,
        headers: &[(&'static str, String)],
    ) -> Result<Self, Error> {
        let mut request = format!("ws://{address}/api/v1/w/home/live").into_client_request()?;
        request.headers_mut().insert("authorization", format!("Bearer {token}").parse().unwrap());
        request.headers_mut().insert("sec-websocket-protocol", "devmentor.v1".parse().unwrap());
        for (name, value) in headers {
            request.headers_mut().insert(*name, value.parse().unwrap());
        }
        connect_async(request).await.map(|(socket, _)| Self(socket))
    }

    async fn say(&mut self, frame: Value) {
        self.0.send(Message::text(frame.to_string())).await.unwrap();
    }

    /// The next frame; the close code when there is none.
    async fn hear(&mut self) -> Result<Value, u16> {
        loop {
            match timeout(LONG, self.0.next()).await.expect("nothing was heard") {
                Some(Ok(Message::Text(text))) => return Ok(serde_json::from_str(&text).unwrap()),
                Some(Ok(Message::Close(Some(close)))) => return Err(close.code.into()),
                Some(Ok(Message::Ping(_) | Message::Pong(_))) => {}
                other => panic!("{other:?}"),
            }
        }
    }

    async fn subscribe(&mut self, channel: &Value, since: Option<Value>) -> Value {
        self.say(json!({ "type": "subscribe", "channels": [{ "channel": channel, "since": since }] })).await;
        self.hear().await.unwrap()
    }
}

#[tokio::test]
async fn a_client_that_comes_back_gets_what_it_missed_in_order() {
    let server = Server::start().await;
    let owner = server.owner().await;
    let (address, _serving) = server.listen().await;
    let token = server.owner_token().await;

    let mut first = Client::open(address, &token, &[]).await.unwrap();
    let hello = first.hear().await.unwrap();
    assert_eq!((hello["type"].as_str(), hello["heartbeat_seconds"].as_i64()), (Some("hello"), Some(30)));
    let channel = hello["channels"][0].clone();
    assert_eq!(channel, format!("workspace:{}", server.owner.workspace));
    let joined = first.subscribe(&channel, None).await;
    assert_eq!((joined["type"].as_str(), joined["recovered"].as_bool()), (Some("subscribed"), Some(true)));

    owner.post(TASKS, json!({ "title": "one" })).await;
    let event = first.hear().await.unwrap();
    assert_eq!(event["event"]["type"], "task.created");
    assert_eq!(event["event"]["task"]["key"], "DEV-1");
    assert_eq!(event["actor"], server.owner.user.to_string());
    let seen = event["position"].clone();
    drop(first);

    for title in ["two", "three", "four"] {
        owner.post(TASKS, json!({ "title": title })).await;
    }
    let mut second = Client::open(address, &token, &[]).await.unwrap();
    second.hear().await.unwrap();
    let joined = second.subscribe(&channel, Some(seen.clone())).await;
    assert_eq!((joined["recovered"].as_bool(), &joined["position"]), (Some(true), &seen));
    assert_eq!(joined["missed"], 3, "a client can say how much it is catching up on");
    let start = seen["offset"].as_u64().unwrap();
    for (distance, key) in (1..).zip(["DEV-2", "DEV-3", "DEV-4"]) {
        let event = second.hear().await.unwrap();
        assert_eq!(event["event"]["task"]["key"], key);
        assert_eq!(event["position"]["offset"], start + distance);
    }
    // And live again, without a seam.
    owner.post(TASKS, json!({ "title": "five" })).await;
    assert_eq!(second.hear().await.unwrap()["event"]["task"]["key"], "DEV-5");
}

#[tokio::test]
async fn a_position_that_cannot_be_resumed_is_said_to_be_lost() {
    let server = Server::start().await;
    let (address, _serving) = server.listen().await;
    let mut client = Client::open(address, &server.owner_token().await, &[]).await.unwrap();
    let hello = client.hear().await.unwrap();
    let channel = hello["channels"][0].clone();
    let other_life = client.subscribe(&channel, Some(json!({ "epoch": "another", "offset": 0 }))).await;
    assert_eq!(other_life["recovered"], false);
    let future = client.subscribe(&channel, Some(json!({ "epoch": hello["epoch"], "offset": 1_000 }))).await;
    assert_eq!(future["recovered"], false);
}

#[tokio::test]
async fn only_own_channels_can_be_heard_and_nonsense_is_refused_politely() {
    let server = Server::start().await;
    let (address, _serving) = server.listen().await;
    let mut client = Client::open(address, &server.owner_token().await, &[]).await.unwrap();
    client.hear().await.unwrap();
    let foreign = format!("workspace:{}", server.app.ids.new_id::<base::id::WorkspaceId>());
    for channel in [foreign.as_str(), "workspace:x", ""] {
        let refused = client.subscribe(&json!(channel), None).await;
        assert_eq!(
            (refused["type"].as_str(), refused["code"].as_str()),
            (Some("refused"), Some("not_found"))
        );
    }
    client.say(json!({ "type": "dance" })).await;
    assert_eq!(client.hear().await.unwrap()["code"], "malformed");
    client.say(json!({ "type": "ping" })).await;
    assert_eq!(client.hear().await.unwrap()["type"], "pong");
}

#[tokio::test]
async fn the_handshake_is_refused_from_other_sites_and_without_a_session() {
    let server = Server::start().await;
    let (address, _serving) = server.listen().await;
    let token = server.owner_token().await;
    let status = |result: Result<Client, Error>| match result {
        Err(Error::Http(response)) => response.status().as_u16(),
        Err(error) => panic!("{error}"),
        Ok(_) => 101,
    };
    assert_eq!(status(Client::open(address, &token, &[("origin", format!("http://{address}"))]).await), 101);
    assert_eq!(status(Client::open(address, &token, &[("origin", "http://evil.example".into())]).await), 403);
    assert_eq!(status(Client::open(address, &"0".repeat(64), &[]).await), 401);
}

#[tokio::test]
async fn signing_out_closes_the_channel_at_once() {
    let server = Server::start().await;
    let (address, _serving) = server.listen().await;
    let token = server.owner_token().await;
    let mut client = Client::open(address, &token, &[]).await.unwrap();
    client.hear().await.unwrap();
    let caller = server.anonymous().with("authorization", &format!("Bearer {token}"));
    caller.call("DELETE", "/api/v1/session", None).await;
    assert_eq!(client.hear().await, Err(1008));
}

#[tokio::test]
async fn a_stop_says_goodbye_and_ends_in_time() {
    let server = Server::start().await;
    let (address, serving) = server.listen().await;
    let mut client = Client::open(address, &server.owner_token().await, &[]).await.unwrap();
    client.hear().await.unwrap();
    server.stop.cancel();
    assert_eq!(client.hear().await, Err(1012));
    drop(client);
    timeout(LONG, serving).await.unwrap().unwrap().unwrap();
    server.tracker.close();
    timeout(LONG, server.tracker.wait()).await.expect("something outlives the stop");
}

#[tokio::test]
async fn a_client_that_answers_no_ping_is_dropped() {
    let server = Server::start_with(|config| config.heartbeat = Duration::from_millis(50)).await;
    let (address, _serving) = server.listen().await;
    let mut client = Client::open(address, &server.owner_token().await, &[]).await.unwrap();
    client.hear().await.unwrap();
    // A client that only reads: pings come, and then the end.
    let mut pings = 0;
    while let Some(Ok(message)) = timeout(LONG, client.0.next()).await.unwrap() {
        if matches!(&message, Message::Text(text) if text.contains("ping")) {
            pings += 1;
        }
    }
    assert_eq!(pings, 2);
}

#[tokio::test]
async fn server_sent_events_carry_the_same_frames_and_resume_by_their_id() {
    let server = Server::start().await;
    let owner = server.owner().await;
    owner.post(TASKS, json!({ "title": "one" })).await;
    let (address, _serving) = server.listen().await;
    let token = server.owner_token().await;

    let mut stream = Sse::open(address, &token, None).await;
    assert_eq!(stream.next().await.1["type"], "hello");
    for _ in 0..2 {
        assert_eq!(stream.next().await.1["type"], "subscribed");
    }
    owner.post(TASKS, json!({ "title": "two" })).await;
    let (id, event) = stream.next().await;
    assert_eq!(event["event"]["task"]["key"], "DEV-2");
    drop(stream);

    owner.post(TASKS, json!({ "title": "three" })).await;
    let mut stream = Sse::open(address, &token, Some(&id)).await;
    let mut heard = Vec::new();
    while heard.len() < 4 {
        heard.push(stream.next().await.1);
    }
    assert!(
        heard[1..]
            .iter()
            .filter(|frame| frame["type"] == "subscribed")
            .all(|frame| frame["recovered"] == true)
    );
    let missed: Vec<_> = heard.iter().filter(|frame| frame["type"] == "event").collect();
    assert_eq!(missed.len(), 1);
    assert_eq!(missed[0]["event"]["task"]["key"], "DEV-3");
}

/// A client of server-sent events, as small as can be.
struct Sse {
    lines: tokio::io::Lines<tokio::io::BufReader<TcpStream>>,
}

impl Sse {
    async fn open(address: SocketAddr, token: &str, last: Option<&str>) -> Self {
        use tokio::io::{AsyncBufReadExt, AsyncWriteExt};
        let mut stream = TcpStream::connect(address).await.unwrap();
        let last = last.map(|id| format!("last-event-id: {id}\r\n")).unwrap_or_default();
        let request = format!(
            "GET /api/v1/w/home/live/sse HTTP/1.1\r\nhost: {address}\r\nauthorization: Bearer {token}\r\n{last}\r\n"
        );
        stream.write_all(request.as_bytes()).await.unwrap();
        Self { lines: tokio::io::BufReader::new(stream).lines() }
    }

    /// Id and data of the next event. Chunk sizes and headers are lines that are neither.
    async fn next(&mut self) -> (String, Value) {
        let mut id = String::new();
        loop {
            let line =
                timeout(LONG, self.lines.next_line()).await.expect("nothing was heard").unwrap().unwrap();
            if let Some(text) = line.strip_prefix("id: ") {
                text.clone_into(&mut id);
            } else if let Some(data) = line.strip_prefix("data: ") {
                return (id, serde_json::from_str(data).unwrap());
            }
        }
    }
}
