//! The adapters against a small service: streams that are cut anywhere, garbage, refusals, and who hangs up.

#![expect(clippy::disallowed_methods, reason = "the service of a test ends with its runtime")]

use std::sync::{Arc, Mutex};
use std::time::Duration;

use base::{Clock, Ids, Secret, Timestamp};
use llm::anthropic::Anthropic;
use llm::ollama::Ollama;
use llm::openai::OpenAi;
use llm::{Failure, Part, Parts, Prompt, Provider, Redactor, Request, Speaker, Stop, Usage};
use outbound::{Allowed, Dependency, Limits, Outbound, Wait};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;
use tokio::time::timeout;
use url::Url;

const OPENAI: &str = "data: {\"choices\":[{\"delta\":{\"role\":\"assistant\",\"content\":null}}]}\n\n\
    data: {\"choices\":[{\"delta\":{\"content\":\"Grüße \"}}]}\n\n: ping\n\n\
    data: {\"choices\":[{\"delta\":{\"content\":\"👋\"},\"finish_reason\":\"stop\"}]}\n\n\
    data: {\"choices\":[],\"usage\":{\"prompt_tokens\":12,\"completion_tokens\":3}}\n\ndata: [DONE]\n\n";

const ANTHROPIC: &str = "event: message_start\r\ndata: {\"type\":\"message_start\",\"message\":{\"usage\":{\"input_tokens\":12,\"output_tokens\":1}}}\r\n\r\n\
    event: ping\r\ndata: {\"type\":\"ping\"}\r\n\r\n\
    event: content_block_delta\r\ndata: {\"type\":\"content_block_delta\",\"delta\":{\"type\":\"text_delta\",\"text\":\"Grüße \"}}\r\n\r\n\
    event: content_block_delta\r\ndata: {\"type\":\"content_block_delta\",\"delta\":{\"type\":\"text_delta\",\"text\":\"👋\"}}\r\n\r\n\
    event: message_delta\r\ndata: {\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"end_turn\"},\"usage\":{\"output_tokens\":3}}\r\n\r\n\
    event: message_stop\r\ndata: {\"type\":\"message_stop\"}\r\n\r\n";

const OLLAMA: &str = "{\"message\":{\"content\":\"Grüße \"},\"done\":false}\n\
    {\"message\":{\"content\":\"👋\"},\"done\":false}\n\
    {\"message\":{\"content\":\"\"},\"done\":true,\"done_reason\":\"stop\",\"prompt_eval_count\":12,\"eval_count\":3}\n";

/// What the service does with each connection.
#[derive(Clone)]
enum Act {
    /// Sends this after a success, in pieces of so many bytes, and closes.
    Stream(Vec<u8>, usize),
    /// Answers with this status, headers and body.
    Refuse(u16, &'static str, &'static str),
    /// Sends this and no more; tells when the other side has hung up.
    Hang(&'static str, Arc<Notify>),
}

struct Service {
    base: Url,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Service {
    async fn start(act: Act) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}/v1", listener.local_addr().unwrap()).parse().unwrap();
        let asked: Arc<Mutex<Vec<String>>> = Arc::default();
        let log = Arc::clone(&asked);
        tokio::spawn(async move {
            loop {
                let (socket, _) = listener.accept().await.unwrap();
                tokio::spawn(serve(socket, act.clone(), Arc::clone(&log)));
            }
        });
        Self { base, asked }
    }

    fn outbound(&self) -> Outbound {
        let allowed = Allowed::new([format!("127.0.0.1:{}", self.base.port().unwrap())]);
        let clock = Clock::manual(Timestamp::from_seconds(1_000));
        let options = outbound::Options { allowed, ..outbound::Options::default() };
        Outbound::waiting(options, clock.clone(), Ids::counted(), Wait::Virtual(clock)).unwrap()
    }

    /// Each adapter, speaking to this service.
    fn providers(&self) -> [Box<dyn Provider>; 3] {
        let client = || self.outbound().client(Dependency::new("model:test"), Limits::default());
        let key = Secret::new("sk-very-secret".to_owned());
        [
            Box::new(OpenAi::new("openai", self.base.clone(), Some(key.clone()), client())),
            Box::new(Anthropic::new("anthropic", self.base.join("/").unwrap(), key, client())),
            Box::new(Ollama::new("ollama", self.base.join("/").unwrap(), client())),
        ]
    }
}

async fn serve(mut socket: TcpStream, act: Act, log: Arc<Mutex<Vec<String>>>) {
    let mut heard = Vec::new();
    let mut piece = [0; 4096];
    // The requests of these tests are short: head and body, as long as the head says.
    loop {
        let read = socket.read(&mut piece).await.unwrap_or(0);
        heard.extend_from_slice(&piece[..read]);
        let text = String::from_utf8_lossy(&heard).to_ascii_lowercase();
        let length =
            text.split("content-length: ").nth(1).and_then(|rest| rest.lines().next()?.trim().parse().ok());
        let body = text.split_once("\r\n\r\n").map(|(head, _)| heard.len() - head.len() - 4);
        if read == 0 || body.is_some_and(|body| body >= length.unwrap_or(0)) {
            break;
        }
    }
    log.lock().unwrap().push(String::from_utf8_lossy(&heard).into_owned());
    match act {
        Act::Stream(bytes, size) => {
            let _ = socket.write_all(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n").await;
            for piece in bytes.chunks(size) {
                let _ = socket.write_all(piece).await;
                let _ = socket.flush().await;
                tokio::task::yield_now().await;
            }
        }
        Act::Refuse(status, headers, body) => {
            let length = body.len();
            let head = format!(
                "HTTP/1.1 {status} X\r\nConnection: close\r\nContent-Length: {length}\r\n{headers}\r\n{body}"
            );
            let _ = socket.write_all(head.as_bytes()).await;
        }
        Act::Hang(text, gone) => {
            let head = format!("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n{text}");
            let _ = socket.write_all(head.as_bytes()).await;
            // Nothing more is sent to a service, so what can be read is the end.
            while !matches!(socket.read(&mut piece).await, Ok(0) | Err(_)) {}
            gone.notify_one();
        }
    }
}

fn request() -> Request {
    let prompt = Prompt {
        system: "Be kind.".into(),
        turns: vec![
            (Speaker::Person, "Say hello; my key is tok_1.".into()),
            (Speaker::Model, "To whom?".into()),
            (Speaker::Person, "To me.".into()),
        ],
        most_tokens: 50,
    };
    let secrets = |text: &str| text.match_indices("tok_1").map(|(at, word)| at..at + word.len()).collect();
    Request::of(&prompt, &Redactor::new(Arc::new(secrets))).0
}

async fn all(mut parts: Box<dyn Parts>) -> Result<(String, Option<Stop>, Usage), Failure> {
    let (mut text, mut stop, mut usage) = (String::new(), None, Usage::default());
    while let Some(part) = parts.next().await? {
        match part {
            Part::Text(more) => text.push_str(&more),
            Part::Ended(ended) => stop = Some(ended),
            Part::Used(used) => usage = usage.then(used),
        }
    }
    Ok((text, stop, usage))
}

async fn ask(provider: &dyn Provider) -> Result<(String, Option<Stop>, Usage), Failure> {
    let request = request();
    let parts = timeout(Duration::from_secs(10), provider.ask("m", &request)).await.unwrap()?;
    timeout(Duration::from_secs(10), all(parts)).await.unwrap()
}

#[tokio::test]
async fn an_answer_is_the_same_however_its_stream_is_cut() {
    for (which, stream) in [OPENAI, ANTHROPIC, OLLAMA].into_iter().enumerate() {
        for size in [1, 2, 3, 7, 4096] {
            let service = Service::start(Act::Stream(stream.into(), size)).await;
            let provider = &service.providers()[which];
            let whole = ("Grüße 👋".to_owned(), Some(Stop::Done), Usage { input: 12, output: 3 });
            assert_eq!(ask(provider.as_ref()).await, Ok(whole), "{} {size}", provider.name());
        }
    }
}

#[tokio::test]
async fn what_is_sent_is_redacted_limited_and_signed() {
    for (which, stream, signs) in [
        (0, OPENAI, "authorization: Bearer sk-very-secret"),
        (1, ANTHROPIC, "x-api-key: sk-very-secret"),
        (2, OLLAMA, "POST /api/chat "),
    ] {
        let service = Service::start(Act::Stream(stream.into(), 4096)).await;
        ask(service.providers()[which].as_ref()).await.unwrap();
        let sent = service.asked.lock().unwrap()[0].clone();
        assert!(sent.contains(signs), "{sent}");
        assert!(sent.contains("my key is [secret 1].") && !sent.contains("tok_1"), "{sent}");
        for said in ["Be kind.", "To whom?", "\"m\"", "50", "\"stream\":true"] {
            assert!(sent.contains(said), "{said}: {sent}");
        }
    }
}

#[tokio::test]
async fn a_stream_that_ends_early_broke_off_and_garbage_is_garbage() {
    for (which, stream) in [OPENAI, ANTHROPIC, OLLAMA].into_iter().enumerate() {
        let end = stream.find("👋").unwrap();
        let service = Service::start(Act::Stream(stream.as_bytes()[..end + 2].into(), 16)).await;
        let provider = &service.providers()[which];
        let failure = ask(provider.as_ref()).await.unwrap_err();
        let name = provider.name().to_owned();
        assert!(
            [Failure::BrokeOff(name.clone()), Failure::Garbage(name.clone())].contains(&failure),
            "{failure:?}"
        );
        let empty = Service::start(Act::Stream(Vec::new(), 1)).await;
        assert_eq!(ask(empty.providers()[which].as_ref()).await, Err(Failure::BrokeOff(name.clone())));
        for garbage in [&b"data: \xff\xfe\n\n"[..], b"data: <html>\n\n<html>\n\n", b"data: [1]\n\n[1]\n"] {
            let service = Service::start(Act::Stream(garbage.into(), 5)).await;
            let answer = ask(service.providers()[which].as_ref()).await;
            assert_eq!(answer, Err(Failure::Garbage(name.clone())), "{garbage:?}");
        }
    }
}

#[tokio::test]
async fn a_failure_in_the_stream_is_told() {
    for (which, stream) in [
        "data: {\"error\":{\"message\":\"overloaded\"}}\n\n",
        "event: error\ndata: {\"type\":\"error\",\"error\":{\"message\":\"overloaded\"}}\n\n",
        "{\"error\":\"overloaded\"}\n",
    ]
    .into_iter()
    .enumerate()
    {
        let service = Service::start(Act::Stream(stream.into(), 4096)).await;
        let provider = &service.providers()[which];
        let failure = Failure::Down { provider: provider.name().into(), detail: "overloaded".into() };
        assert_eq!(ask(provider.as_ref()).await, Err(failure));
    }
}

#[tokio::test]
async fn refusals_say_what_to_do() {
    let long = "{\"error\":{\"message\":\"the request exceeds the available context size (9000 tokens)\"}}";
    let answer = "{\"error\":{\"message\":\"max_tokens: 100000 > 8192, which is the maximum allowed number of output tokens\"}}";
    for (act, means) in [
        (Act::Refuse(401, "", "{}"), "openai refused the key: check it in the settings of the provider"),
        (Act::Refuse(404, "", "{}"), "openai has no model `m`: choose one of its list"),
        (
            Act::Refuse(400, "", long),
            "the prompt is too long for the model: the request exceeds the available context size (9000 tokens)",
        ),
        (
            Act::Refuse(400, "", answer),
            "openai refused the request with status 400: max_tokens: 100000 > 8192, which is the maximum allowed number of output tokens",
        ),
        (Act::Refuse(429, "Retry-After: 7\r\n", "{}"), "openai has too much to do"),
        (Act::Refuse(500, "", "oops"), "openai cannot be reached: it answered with status 500"),
        (
            Act::Refuse(418, "", "{\"error\":\"I am\\u0000 a\\u001b \\n teapot\"}"),
            "openai refused the request with status 418: I am a teapot",
        ),
    ] {
        let service = Service::start(act).await;
        let failure = ask(service.providers()[0].as_ref()).await.unwrap_err();
        assert_eq!(failure.to_string(), means);
        if let Failure::Busy { retry_after, .. } = failure {
            assert_eq!(retry_after, Some(Duration::from_secs(7)));
        }
        assert_eq!(service.asked.lock().unwrap().len(), 1, "{means}: a question is not repeated by itself");
    }
}

#[tokio::test]
async fn a_service_that_keeps_people_waiting_is_left_in_peace() {
    let service = Service::start(Act::Stream(OPENAI.into(), 4096)).await;
    for provider in service.providers() {
        for _ in 0..5 {
            provider.silent();
        }
        let resting = ask(provider.as_ref()).await.unwrap_err();
        assert!(matches!(resting, Failure::Busy { retry_after: Some(_), .. }), "{resting:?}");
    }
    assert!(service.asked.lock().unwrap().is_empty());
}

#[tokio::test]
async fn hanging_up_reaches_the_service_within_a_second() {
    for (which, text) in [OPENAI, ANTHROPIC, OLLAMA].into_iter().enumerate() {
        let gone = Arc::new(Notify::new());
        let begin = &text[..text.find("👋").unwrap()];
        let service = Service::start(Act::Hang(begin, Arc::clone(&gone))).await;
        let provider = &service.providers()[which];
        let request = request();
        let mut parts = provider.ask("m", &request).await.unwrap();
        while !matches!(parts.next().await.unwrap(), Some(Part::Text(_))) {}
        drop(parts);
        timeout(Duration::from_secs(1), gone.notified()).await.unwrap();
    }
}

#[tokio::test]
async fn models_are_listed_by_name() {
    for (which, body) in [
        "{\"data\":[{\"id\":\"b\"},{\"id\":\"a\"}]}",
        "{\"data\":[{\"id\":\"b\"},{\"id\":\"a\"}]}",
        "{\"models\":[{\"name\":\"b\"},{\"name\":\"a\"}]}",
    ]
    .into_iter()
    .enumerate()
    {
        let service = Service::start(Act::Refuse(200, "", body)).await;
        let models = service.providers()[which].models().await.unwrap();
        assert_eq!(models.iter().map(|model| model.name.as_str()).collect::<Vec<_>>(), ["a", "b"]);
        let service = Service::start(Act::Refuse(200, "", "[]")).await;
        assert!(matches!(service.providers()[which].models().await, Err(Failure::Garbage(_))));
    }
}
