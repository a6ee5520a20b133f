//! What breaks off: readers that leave, models that fail, servers that die.

use std::sync::Arc;
use std::time::Duration;

use chat::{State, Turn};
use llm::scripted::{Act, Scripted};
use llm::{Failure, Part};
use mentor::answer::{AskError, Said};
use serde_json::json;
use storage::testing::each_engine;
use tokio::sync::Notify;

use super::{ask, begun, ended, models, question, says, thread};
use crate::harness::Server;

#[tokio::test]
async fn whoever_leaves_stops_the_model_and_keeps_what_was_said() {
    each_engine(|test| async move {
        let server = Server::start_over(&test.config).await;
        let owner = server.owner().await;
        let never = Arc::new(Notify::new());
        let model = Scripted::new("house", vec![vec![Act::Say(Part::Text("Half".into())), Act::Wait(never)]]);
        let seen = model.seen();
        models(&server, &owner, vec![model]).await;
        let thread = begun(&server).await;
        let mentor = &server.app.mentor;
        let mut answering =
            mentor.ask(&server.owner, thread.id, question("why", Turn::Next), false).await.unwrap();
        while answering.said.recv().await.unwrap() != Said::Text("Half".into()) {}
        let again = mentor.ask(&server.owner, thread.id, question("more", Turn::Next), false).await;
        assert!(
            matches!(again, Err(AskError::Chat(chat::Error::Answering))),
            "one answer at a time: {again:?}"
        );
        drop(answering);
        let over = async {
            loop {
                let messages = mentor.chats().messages(&server.owner, thread.id).await.unwrap();
                if messages[1].state != State::Answering && seen.lock().unwrap().dropped == 1 {
                    break messages[1].clone();
                }
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        };
        let stopped = tokio::time::timeout(Duration::from_secs(1), over).await.expect("within a second");
        assert_eq!((stopped.state, stopped.text.as_str()), (State::Stopped, "Half"));
    })
    .await;
}

#[tokio::test]
async fn what_fails_is_said_and_what_was_said_is_kept() {
    let server = Server::start().await;
    let owner = server.owner().await;
    let down = |name: &str| {
        vec![Act::Fail(Failure::Down { provider: name.into(), detail: "nobody is there".into() })]
    };
    let busy = |name: &str| {
        let retry_after = Some(Duration::from_secs(7));
        vec![Act::Fail(Failure::Busy { provider: name.into(), retry_after })]
    };
    let broken = vec![Act::Say(Part::Text("It be".into())), Act::Fail(Failure::BrokeOff("second".into()))];
    let first = Scripted::new("first", vec![down("first"), down("first"), busy("first")]);
    let second = Scripted::new("second", vec![says(&["Well."]), broken, down("second")]);
    models(&server, &owner, vec![first, second]).await;
    let id = thread(&owner).await;

    let events = ask(&owner, &id, json!({ "text": "Why the first?" })).await;
    let facts = &ended(&events)["answer"];
    assert_eq!(
        (&facts["writer"]["provider"], &facts["missed"][0]["provider"]),
        (&json!("second"), &json!("first"))
    );
    let why = facts["missed"][0]["why"].as_str().unwrap();
    assert!(why.contains("nobody is there"), "{why}");

    let events = ask(&owner, &id, json!({ "text": "Why the second?" })).await;
    let partial = ended(&events);
    assert_eq!((&partial["state"], &partial["text"]), (&json!("partial"), &json!("It be")));
    assert!(partial["answer"]["note"].as_str().unwrap().contains("broke off"));

    let events = ask(&owner, &id, json!({ "text": "Why the third?" })).await;
    let facts = &ended(&events)["answer"];
    assert_eq!((&facts["writer"]["why"], &facts["writer"]["retry_after"]), (&json!("unanswered"), &json!(7)));
    assert_eq!(facts["missed"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn an_answer_whose_server_died_ends_by_itself() {
    each_engine(|test| async move {
        let server = Server::start_over(&test.config).await;
        let chats = server.app.mentor.chats();
        let thread = begun(&server).await;
        let begun = chats.ask(&server.owner, thread.id, question("why", Turn::Next)).await.unwrap();
        assert!(chats.progress(server.owner.workspace, begun.answer.id, "It was", None).await.unwrap());
        let state = async || chats.messages(&server.owner, thread.id).await.unwrap()[1].clone();
        assert_eq!(state().await.state, State::Answering);
        server.app.clock.advance(Duration::from_secs(31));
        let lost = state().await;
        assert_eq!((lost.state, lost.text.as_str()), (State::Partial, "It was"));
        assert!(lost.facts.note.unwrap().contains("stopped"));
        chats.ask(&server.owner, thread.id, question("and now", Turn::Next)).await.unwrap();
        let late = chats.finish(server.owner.workspace, begun.answer, None).await;
        assert!(matches!(late, Err(chat::Error::NotFound)), "{late:?}");
        assert_eq!(state().await.state, State::Partial);
    })
    .await;
}

#[tokio::test]
async fn a_database_that_rests_for_a_moment_costs_no_answer() {
    let server = Server::start().await;
    let owner = server.owner().await;
    let go = Arc::new(Notify::new());
    let acts = [vec![Act::Say(Part::Text("Half".into())), Act::Wait(Arc::clone(&go))], says(&[" of it"])];
    models(&server, &owner, vec![Scripted::new("house", vec![acts.concat()])]).await;
    let thread = begun(&server).await;
    let asked = question("why", Turn::Next);
    let mut asked = server.app.mentor.ask(&server.owner, thread.id, asked, false).await.unwrap();
    while asked.said.recv().await.unwrap() != Said::Text("Half".into()) {}
    let change = async |statement: &'static str| {
        let mut tx = server.app.db.begin().await.unwrap();
        tx.query(statement).execute().await.unwrap();
        tx.commit().await.unwrap();
    };
    change("CREATE TRIGGER rest BEFORE UPDATE ON chat_message BEGIN SELECT RAISE(ABORT, 'it rests'); END")
        .await;
    // A beat fails, and so does the first try to keep the end.
    tokio::time::sleep(Duration::from_millis(1_300)).await;
    go.notify_one();
    tokio::time::sleep(Duration::from_millis(300)).await;
    change("DROP TRIGGER rest").await;
    let answer = loop {
        match asked.said.recv().await.unwrap() {
            Said::Ended(answer) => break answer,
            Said::Failed(why) => panic!("{why}"),
            _ => {}
        }
    };
    assert_eq!((answer.state, answer.text.as_str()), (State::Done, "Half of it"));
}
