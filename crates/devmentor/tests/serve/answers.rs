//! The program is killed in the middle of an answer: what came is kept, said to be a part, and can be asked again.

use std::time::Duration;

use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::sleep;

use crate::program::{Running, home};

const CHAT: &str = "/api/v1/w/home/chat";

/// A language model that says a word every 50 ms for as long as somebody listens; where it is.
async fn talkative() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(talk(stream));
        }
    });
    format!("http://{address}/v1")
}

/// Answers one question, in the words of Chat Completions.
async fn talk(mut stream: TcpStream) -> std::io::Result<()> {
    // The question ends with its JSON; what it says does not matter.
    let mut question = Vec::new();
    while !question.ends_with(b"}") {
        if stream.read_buf(&mut question).await? == 0 {
            return Ok(());
        }
    }
    let head = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nconnection: close\r\n\r\n";
    stream.write_all(head.as_bytes()).await?;
    for number in 1_u64.. {
        let part = json!({ "choices": [{ "index": 0, "delta": { "content": format!("w{number} ") } }] });
        stream.write_all(format!("data: {part}\n\n").as_bytes()).await?;
        sleep(Duration::from_millis(50)).await;
    }
    Ok(())
}

/// The words of an answer.
fn words(message: &Value) -> Vec<&str> {
    message["text"].as_str().unwrap().split_whitespace().collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_survives_the_death_of_the_program() {
    let (home, model) = (home(), talkative().await);
    let providers = format!("[{{name=\"house\",kind=\"openai\",address=\"{model}\"}}]");
    let settings = [
        ("DEVMENTOR_MODELS__PROVIDERS", providers.as_str()),
        ("DEVMENTOR_MODELS__ROUTES", "[{provider=\"house\",model=\"qwen\"}]"),
    ];
    let server = Running::start(home.path(), &settings).await;
    let owner = server.owner().await;
    let thread = owner.post(&format!("{CHAT}/threads"), json!({})).await["id"].as_str().unwrap().to_owned();
    let place = format!("{CHAT}/threads/{thread}");
    let mut reading = owner.stream(&format!("{place}/messages"), json!({ "text": "Why?" })).await;
    // As much as a reader has seen.
    let mut seen = String::new();
    while !seen.contains("w40 ") {
        seen.push_str(std::str::from_utf8(&reading.chunk().await.unwrap().expect("it ended")).unwrap());
    }
    // What is kept lags behind by a beat at most.
    let kept = owner.get(&place).await["data"]["messages"][1].clone();
    assert_eq!(kept["state"], "answering", "{kept}");
    assert!(words(&kept).len() >= 10, "{kept}");

    let server = server.kill_and_restart().await;
    let over = owner.wait_for(&place, |read| read["data"]["messages"][1]["state"] != "answering").await;
    let messages = over["data"]["messages"].as_array().unwrap();
    assert_eq!((messages.len(), &messages[0]["text"]), (2, &json!("Why?")));
    assert_eq!(messages[1]["state"], "partial", "{over}");
    // Every word that came, in order, and none that did not come.
    let found = words(&messages[1]);
    assert!(
        found.len() >= words(&kept).len(),
        "{} words were kept, {} are left",
        words(&kept).len(),
        found.len()
    );
    assert!(found.iter().enumerate().all(|(at, word)| *word == format!("w{}", at + 1)), "{found:?}");

    // The conversation goes on.
    let again = json!({ "again": messages[1]["id"] });
    let mut reading = owner.stream(&format!("{place}/messages"), again).await;
    let mut seen = String::new();
    while !seen.contains("w3 ") {
        seen.push_str(std::str::from_utf8(&reading.chunk().await.unwrap().expect("it ended")).unwrap());
    }
    drop(server);
}
