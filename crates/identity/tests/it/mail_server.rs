//! Letters and a mail server that misbehaves: every letter arrives once, or is the operator's to pass on.

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use base::{Clock, Ids, Secret, Timestamp};
use events::Events;
use identity::mail::{Letter, Mailer, SendError, Smtp};
use identity::{Config, Identity, Parts, SignUp};
use jobs::{Handlers, Jobs, Runner, RunnerOptions};
use storage::testing::each_engine;
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};
use transient::Limits;

use crate::scene::{ORIGIN, PASSWORD, Scene};

const ANA: &str = "ana@example.org";

/// What the server does with a connection.
#[derive(Clone, Copy)]
enum Act {
    /// Takes letters.
    Well,
    /// Closes without a word.
    Close,
    /// Greets with something that is no SMTP.
    Garbage,
    /// Says nothing.
    Silence,
    /// Closes in the middle of a letter.
    CutOff,
    /// Answers to every recipient with that.
    Answer(&'static str),
}

/// A mail server of this machine.
#[derive(Clone)]
struct Server {
    port: u16,
    act: Arc<Mutex<Act>>,
    taken: Arc<Mutex<Vec<String>>>,
    asked: Arc<Mutex<u32>>,
}

impl Server {
    async fn start(act: Act) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let server =
            Self { port, act: Arc::new(Mutex::new(act)), taken: Arc::default(), asked: Arc::default() };
        let serving = server.clone();
        tokio::spawn(async move {
            loop {
                let (socket, _) = listener.accept().await.unwrap();
                let one = serving.clone();
                *one.asked.lock().unwrap() += 1;
                // Who hangs up does not hear the rest.
                tokio::spawn(async move { drop(one.serve(socket).await) });
            }
        });
        server
    }

    fn becomes(&self, act: Act) {
        *self.act.lock().unwrap() = act;
    }

    fn asked(&self) -> u32 {
        *self.asked.lock().unwrap()
    }

    fn mailer(&self) -> Smtp {
        Smtp::new(&Secret::new(format!("smtp://127.0.0.1:{}", self.port)), "mentor@example.org").unwrap()
    }

    async fn serve(&self, socket: TcpStream) -> std::io::Result<()> {
        let act = *self.act.lock().unwrap();
        let (reading, mut writing) = socket.into_split();
        let mut lines = BufReader::new(reading).lines();
        match act {
            Act::Close => return Ok(()),
            Act::Garbage => return writing.write_all(b"HTTP/1.1 200 OK\r\n\r\n<html>").await,
            Act::Silence => while lines.next_line().await?.is_some() {},
            Act::Well | Act::CutOff | Act::Answer(_) => writing.write_all(b"220 here ESMTP\r\n").await?,
        }
        let mut letter = None;
        while let Some(line) = lines.next_line().await? {
            let reply = match (&mut letter, line.as_str()) {
                (Some(text), ".") => {
                    self.taken.lock().unwrap().push(std::mem::take(text));
                    letter = None;
                    "250 taken"
                }
                (Some(_), _) if matches!(act, Act::CutOff) => return Ok(()),
                (Some(text), line) => {
                    text.push_str(line);
                    text.push('\n');
                    continue;
                }
                (None, "DATA") => {
                    letter = Some(String::new());
                    "354 go on"
                }
                (None, line) if line.starts_with("RCPT") => match act {
                    Act::Answer(answer) => answer,
                    _ => "250 known",
                },
                (None, "QUIT") => "221 bye",
                (None, _) => "250 yes",
            };
            writing.write_all(format!("{reply}\r\n").as_bytes()).await?;
        }
        Ok(())
    }
}

#[tokio::test]
async fn a_letter_outlives_whatever_its_server_does_and_arrives_once() {
    each_engine(|test| async move {
        let db = test.open().await;
        let scene = Scene::over(db.clone()).await;
        let clock = Clock::manual(Timestamp::from_seconds(1_767_225_600));
        let ids = Ids::random(clock.clone());
        let jobs = Jobs::new(db.clone(), clock.clone(), ids.clone());
        let server = Server::start(Act::Close).await;
        let config =
            Config { sign_up: SignUp::Open, mailer: Some(Arc::new(server.mailer())), ..Config::closed() };
        let people = Identity::new(Parts {
            db,
            events: Events::without_hub(clock.clone(), ids.clone()),
            jobs: jobs.clone(),
            limits: Limits::in_process(clock.clone()),
            clock: clock.clone(),
            ids,
            config,
        });
        let run = async || {
            let handlers = people.handlers(Handlers::new());
            Runner::new(jobs.clone(), handlers, RunnerOptions::default()).run_until_idle().await.unwrap();
            clock.advance(Duration::from_mins(20));
        };
        let held = async || people.outbox(scene.owner.user, &Scene::client()).await.unwrap();

        // Nobody who signs up notices any of it.
        people.sign_up("Ana", ANA, &Secret::new(PASSWORD), ORIGIN, &Scene::client()).await.unwrap();
        for act in [Act::Close, Act::Garbage, Act::CutOff, Act::Answer("451 later"), Act::Well] {
            assert!(held().await.is_empty() && server.taken.lock().unwrap().is_empty());
            server.becomes(act);
            run().await;
        }
        run().await;
        let taken = server.taken.lock().unwrap().clone();
        assert_eq!((taken.len(), server.asked()), (1, 5));
        assert!(taken[0].contains("To: ana@example.org") && taken[0].contains("Your code is "), "{taken:?}");

        // What is refused for good is not tried again: the operator has the letter, and why.
        server.becomes(Act::Answer("550 no such mailbox"));
        people.forgot(ANA, ORIGIN, &Scene::client()).await.unwrap();
        people
            .sign_up("Ben", "ben@example.org", &Secret::new(PASSWORD), ORIGIN, &Scene::client())
            .await
            .unwrap();
        run().await;
        run().await;
        assert_eq!(server.asked(), 6);
        let refused = held().await;
        assert_eq!(refused.len(), 1);
        assert!(refused[0].error.as_ref().unwrap().contains("no such mailbox"), "{refused:?}");

        // A server that never comes back is asked eight times; then, too, the operator has the letter.
        server.becomes(Act::Close);
        people
            .sign_up("Cleo", "cleo@example.org", &Secret::new(PASSWORD), ORIGIN, &Scene::client())
            .await
            .unwrap();
        for _ in 0..12 {
            run().await;
        }
        assert_eq!((server.asked(), held().await.len()), (6 + 8, 2));
        assert!(held().await.iter().all(|letter| letter.error.is_some()));
    })
    .await;
}

#[tokio::test]
async fn a_server_that_says_nothing_or_is_not_there_is_waited_for_only_so_long() {
    let letter = Letter { subject: "Hello".to_owned(), body: "There.\n".to_owned() };
    let silent = Server::start(Act::Silence).await;
    let began = Instant::now();
    let patience = Duration::from_secs(2);
    let sent = silent.mailer().waiting(patience).send(ANA, &letter).await;
    assert!(matches!(sent, Err(SendError::Later(_))), "{sent:?}");
    assert!(began.elapsed() >= patience, "{:?}", began.elapsed());

    // A port that nobody listens on.
    let free = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap().port();
    let nobody = Smtp::new(&Secret::new(format!("smtp://127.0.0.1:{free}")), "mentor@example.org").unwrap();
    let sent = nobody.send(ANA, &letter).await;
    assert!(matches!(sent, Err(SendError::Later(_))), "{sent:?}");
}
