//! What happens to conversations at the same time, on both engines.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::time::Duration;

use base::id::MessageId;
use base::{Actor, Clock, Ids, PageSize, Role, Timestamp};
use chat::{
    Asked, Begun, Chats, Error, Exchange, Facts, Filter, Gone, Invalid, LeftOut, Mode, NewQuestion,
    NewThread, Source, SourceKind, State, Thread, ThreadChange, Turn, Writer,
};
use storage::Db;
use storage::testing::each_engine;

struct Scene {
    chats: Chats,
    clock: Clock,
    db: Db,
    actor: Actor,
    thread: Thread,
}

impl Scene {
    async fn begin(db: Db) -> Self {
        let (clock, ids) = (Clock::manual(Timestamp::from_seconds(1_795_339_920)), Ids::counted());
        let actor = Actor::new(ids.new_id(), ids.new_id(), Role::Owner);
        let chats = Chats::new(db.clone(), clock.clone(), ids);
        let thread = chats.begin(&actor, NewThread::default()).await.unwrap();
        Self { chats, clock, db, actor, thread }
    }

    async fn ask(&self, text: &str, turn: Turn) -> Result<Begun, Error> {
        let new = NewQuestion { text: text.to_owned(), mode: Mode::Answer, asked: Asked::default(), turn };
        self.chats.ask(&self.actor, self.thread.id, new).await
    }

    /// A question with its answer.
    async fn said(&self, text: &str, turn: Turn) -> Begun {
        let begun = self.ask(text, turn).await.unwrap();
        let mut answer = begun.answer.clone();
        (answer.state, answer.text) = (State::Done, format!("To {text}"));
        self.chats.finish(self.actor.workspace, answer, None).await.unwrap();
        begun
    }

    async fn texts(&self) -> Vec<String> {
        let messages = self.chats.messages(&self.actor, self.thread.id).await.unwrap();
        messages.into_iter().map(|message| message.text).collect()
    }

    /// How many threads and messages there are, of everybody.
    async fn held(&self) -> (i64, i64) {
        let query = "SELECT (SELECT COUNT(*) FROM chat_thread), (SELECT COUNT(*) FROM chat_message)";
        self.db.query(query).one().await.unwrap()
    }
}

#[tokio::test]
async fn who_reads_an_older_page_replaces_nothing_that_was_said_since() {
    each_engine(|test| async move {
        let scene = Scene::begin(test.open().await).await;
        let first = scene.said("one", Turn::Next).await;
        scene.said("two", Turn::InsteadOf(first.question.id)).await;
        for turn in [Turn::Again(first.answer.id), Turn::InsteadOf(first.question.id)] {
            let refused = scene.ask(if matches!(turn, Turn::Again(_)) { "" } else { "three" }, turn).await;
            assert!(matches!(refused, Err(Error::Conflict)), "{refused:?}");
        }
        assert_eq!(scene.texts().await, ["two", "To two"]);
    })
    .await;
}

#[tokio::test]
async fn nothing_is_said_in_a_thread_that_is_being_deleted() {
    each_engine(|test| async move {
        let scene = Scene::begin(test.open().await).await;
        let mut tx = scene.db.begin().await.unwrap();
        for statement in
            ["DELETE FROM chat_message WHERE thread_id = $1", "DELETE FROM chat_thread WHERE id = $1"]
        {
            tx.query(statement).bind(scene.thread.id).execute().await.unwrap();
        }
        let commit = async {
            tokio::time::sleep(Duration::from_millis(200)).await;
            tx.commit().await.unwrap();
        };
        let (asked, ()) = tokio::join!(scene.ask("why", Turn::Next), commit);
        assert!(matches!(asked, Err(Error::NotFound)), "{asked:?}");
        let count = scene.db.query("SELECT COUNT(*) FROM chat_message").one::<(i64,)>().await.unwrap();
        assert_eq!(count, (0,));
    })
    .await;
}

#[tokio::test]
async fn a_thread_holds_so_much_and_no_more() {
    each_engine(|test| async move {
        let scene = Scene::begin(test.open().await).await;
        let begun = scene.ask("why", Turn::Next).await.unwrap();
        let mut answer = begun.answer;
        (answer.state, answer.text) = (State::Done, "x".repeat(17 * 1024 * 1024));
        scene.chats.finish(scene.actor.workspace, answer.clone(), None).await.unwrap();
        // What was replaced is held too.
        let refused = scene.ask("", Turn::Again(answer.id)).await;
        assert!(matches!(refused, Err(Error::Invalid(Invalid::Full))), "{refused:?}");
    })
    .await;
}

#[tokio::test]
async fn who_deletes_a_thread_deletes_what_was_said_in_it_and_nothing_else() {
    each_engine(|test| async move {
        let scene = Scene::begin(test.open().await).await;
        scene.said("one", Turn::Next).await;
        let other = scene.chats.begin(&scene.actor, NewThread::default()).await.unwrap();
        let Thread { id, version, .. } = scene.thread;

        let stranger = Actor { user: scene.thread.id.to_string().parse().unwrap(), ..scene.actor };
        let refused = scene.chats.delete(&stranger, id, version).await;
        assert!(matches!(refused, Err(Error::NotFound)), "{refused:?}");
        let refused = scene.chats.delete(&scene.actor, id, version + 1).await;
        assert!(matches!(refused, Err(Error::Conflict)), "{refused:?}");
        assert_eq!(scene.held().await, (2, 2));

        scene.chats.delete(&scene.actor, id, version).await.unwrap();
        assert_eq!(scene.held().await, (1, 0));
        assert_eq!(scene.chats.thread(&scene.actor, other.id).await.unwrap().id, other.id);
    })
    .await;
}

#[tokio::test]
async fn what_somebody_kept_for_themselves_goes_and_what_they_shared_stays() {
    each_engine(|test| async move {
        let scene = Scene::begin(test.open().await).await;
        scene.said("one", Turn::Next).await;
        let private = scene.chats.begin(&scene.actor, NewThread::default()).await.unwrap();
        let question = NewQuestion {
            text: "mine".to_owned(),
            mode: Mode::Answer,
            asked: Asked::default(),
            turn: Turn::Next,
        };
        scene.chats.ask(&scene.actor, private.id, question).await.unwrap();
        let share = ThreadChange { shared: Some(true), ..ThreadChange::default() };
        scene.chats.change(&scene.actor, scene.thread.id, 1, share).await.unwrap();
        let Actor { workspace, user, .. } = scene.actor;
        assert_eq!(scene.chats.owners().await.unwrap(), [(workspace, user)]);

        let mut tx = scene.db.begin().await.unwrap();
        scene.chats.erase_of(&mut tx, workspace, user).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(scene.texts().await, ["one", "To one"]);
        assert_eq!(scene.held().await, (1, 2));
        assert_eq!(scene.chats.owners().await.unwrap(), []);
    })
    .await;
}

/// An answer that a model wrote from these sources.
fn facts(sources: Vec<Source>, left_out: Vec<LeftOut>) -> Facts {
    let writer = Writer::Model {
        provider: "house".to_owned(),
        model: "m".to_owned(),
        input: 1,
        output: 1,
        micros: 0,
        kept: false,
    };
    Facts { writer: Some(writer), sources, left_out, ..Facts::default() }
}

fn source(kind: SourceKind, key: &str, owner: Option<&str>) -> Source {
    Source {
        number: 1,
        kind,
        key: key.to_owned(),
        name: format!("the name of {key}"),
        why: String::new(),
        terms: Vec::new(),
        by_person: false,
        score: 0.5,
        tokens: 1,
        // What looks like a mark of ours in a text is none.
        text: r#""owner":"x" "writer":{"writer":"nobody""#.to_owned(),
        place: None,
        id: None,
        owner: owner.map(str::to_owned),
    }
}

#[tokio::test]
async fn what_rests_on_private_memories_is_shared_by_a_second_decision() {
    each_engine(|test| async move {
        let scene = Scene::begin(test.open().await).await;
        let share = || ThreadChange { shared: Some(true), ..ThreadChange::default() };
        let change = async |change| scene.chats.change(&scene.actor, scene.thread.id, 1, change).await;
        let mut answer = scene.ask("why", Turn::Next).await.unwrap().answer;
        let early = change(share()).await;
        assert!(matches!(early, Err(Error::Answering)), "it may rest on anything yet: {early:?}");
        (answer.state, answer.text) = (State::Done, "so".to_owned());
        answer.facts = facts(
            vec![
                source(SourceKind::Code, "code:a", None),
                source(SourceKind::Memory, "memory:m", Some("u1")),
            ],
            vec![LeftOut {
                kind: SourceKind::Memory,
                key: "memory:n".to_owned(),
                name: "too long".to_owned(),
            }],
        );
        scene.chats.finish(scene.actor.workspace, answer, Some("sent")).await.unwrap();
        assert!(matches!(change(share()).await, Err(Error::Private(1))));
        // Forgotten or not: what was said may repeat it.
        for (key, times) in [("memory:m", 1), ("memory:n", 1), ("memory:o", 0)] {
            let gone = Gone::Source(key);
            assert_eq!(scene.chats.forget(scene.actor.workspace, &gone).await.unwrap(), times, "{key}");
        }
        let facts = scene.chats.messages(&scene.actor, scene.thread.id).await.unwrap()[1].facts.clone();
        assert!(facts.sources[1].is_hidden() && !facts.sources[0].is_hidden() && facts.left_out.is_empty());
        assert!(matches!(change(share()).await, Err(Error::Private(1))));
        let shared = change(ThreadChange { with_private: true, ..share() }).await.unwrap();
        assert!(shared.shared);
    })
    .await;
}

#[tokio::test]
async fn an_answer_whose_writer_died_is_no_less_private() {
    each_engine(|test| async move {
        let scene = Scene::begin(test.open().await).await;
        let (workspace, id) = (scene.actor.workspace, scene.thread.id);
        let answer = scene.ask("why", Turn::Next).await.unwrap().answer.id;
        let known = facts(vec![source(SourceKind::Memory, "memory:m", Some("u1"))], Vec::new());
        let known = Facts { writer: None, ..known };
        assert!(scene.chats.progress(workspace, answer, "", Some(&known)).await.unwrap());
        // What it rests on stays, whatever is said from then on.
        assert!(scene.chats.progress(workspace, answer, "As you noted", None).await.unwrap());
        scene.clock.advance(Duration::from_secs(31));
        let share = ThreadChange { shared: Some(true), ..ThreadChange::default() };
        let refused = scene.chats.change(&scene.actor, id, 1, share).await;
        assert!(matches!(refused, Err(Error::Private(1))), "{refused:?}");
        let lost = scene.chats.message(&scene.actor, answer).await.unwrap();
        assert_eq!((lost.state, lost.text.as_str()), (State::Partial, "As you noted"));
        assert_eq!(lost.facts.sources, known.sources);
        assert!(lost.facts.note.is_some());
    })
    .await;
}

/// An answer that rests on these, by their keys.
async fn rests_on(scene: &Scene, keys: &[&str]) -> MessageId {
    let mut answer = scene.ask("why", Turn::Next).await.unwrap().answer;
    (answer.state, answer.text) = (State::Done, "so".to_owned());
    answer.facts = facts(keys.iter().map(|key| source(SourceKind::Memory, key, None)).collect(), Vec::new());
    scene.chats.finish(scene.actor.workspace, answer, Some("sent")).await.unwrap().id
}

#[tokio::test]
async fn what_two_take_out_of_an_answer_at_once_stays_out() {
    each_engine(|test| async move {
        let scene = Scene::begin(test.open().await).await;
        let workspace = scene.actor.workspace;
        let answer = rests_on(&scene, &["memory:m", "memory:n"]).await;
        // Somebody else has taken one of them out and is not done yet.
        let mut tx = scene.db.begin().await.unwrap();
        tx.query(
            "UPDATE chat_message SET detail = replace(detail, 'the name of memory:m', '') WHERE id = $1",
        )
        .bind(answer)
        .execute()
        .await
        .unwrap();
        let commit = async {
            tokio::time::sleep(Duration::from_millis(200)).await;
            tx.commit().await.unwrap();
        };
        let (forgotten, ()) = tokio::join!(scene.chats.forget(workspace, &Gone::Source("memory:n")), commit);
        assert_eq!(forgotten.unwrap(), 1);
        let sources = scene.chats.message(&scene.actor, answer).await.unwrap().facts.sources;
        assert!(sources[1].is_hidden() && sources[0].name.is_empty(), "{sources:?}");
    })
    .await;
}

#[tokio::test]
async fn one_answer_that_cannot_be_read_or_is_gone_keeps_nothing_in_the_others() {
    each_engine(|test| async move {
        let scene = Scene::begin(test.open().await).await;
        let workspace = scene.actor.workspace;
        let damaged = rests_on(&scene, &["memory:m"]).await;
        let whole = rests_on(&scene, &["memory:m"]).await;
        let mut tx = scene.db.begin().await.unwrap();
        tx.query("UPDATE chat_message SET detail = 'memory:m' WHERE id = $1")
            .bind(damaged)
            .execute()
            .await
            .unwrap();
        tx.commit().await.unwrap();
        let gone = Gone::Source("memory:m");
        let failed = scene.chats.forget(workspace, &gone).await;
        assert!(matches!(failed, Err(storage::Error::Corrupt(_))), "{failed:?}");
        let read = scene.chats.message(&scene.actor, whole).await.unwrap();
        assert!(read.facts.sources[0].is_hidden());
        assert_eq!(scene.chats.sent(&scene.actor, whole).await.unwrap(), None);
        // A list of answers is older than what is done with it.
        scene.chats.delete(&scene.actor, scene.thread.id, 1).await.unwrap();
        assert!(!scene.chats.forget_in(workspace, whole, &gone).await.unwrap());
    })
    .await;
}

#[tokio::test]
async fn what_is_of_a_repository_goes_with_it() {
    each_engine(|test| async move {
        let scene = Scene::begin(test.open().await).await;
        let (workspace, repo) = (scene.actor.workspace, Ids::counted().new_id());
        let new = NewThread { title: None, repo: Some(repo) };
        let about = Scene { thread: scene.chats.begin(&scene.actor, new).await.unwrap(), ..scene };
        let mut answer = about.ask("why", Turn::Next).await.unwrap().answer;
        let id = answer.id;
        (answer.state, answer.text) = (State::Done, "so".to_owned());
        let code = source(SourceKind::Code, "code:a", None);
        answer.facts = facts(vec![code, source(SourceKind::Memory, "memory:m", None)], Vec::new());
        about.chats.finish(workspace, answer, Some("sent")).await.unwrap();
        let other = Gone::Repo(Ids::random(Clock::system()).new_id());
        assert_eq!(about.chats.forget(workspace, &other).await.unwrap(), 0);
        assert_eq!(about.chats.sent(&about.actor, id).await.unwrap().as_deref(), Some("sent"));
        about.chats.forget_in(workspace, id, &Gone::Source("memory:m")).await.unwrap();
        assert_eq!(about.chats.forget(workspace, &Gone::Repo(repo)).await.unwrap(), 1);
        let messages = about.chats.messages(&about.actor, about.thread.id).await.unwrap();
        assert!(messages[1].facts.sources.iter().all(Source::is_hidden));
        assert_eq!(
            (messages[1].text.as_str(), about.chats.sent(&about.actor, id).await.unwrap()),
            ("so", None)
        );
    })
    .await;
}

#[tokio::test]
async fn what_models_answered_is_told_to_the_next_one() {
    each_engine(|test| async move {
        let scene = Scene::begin(test.open().await).await;
        let end = async |text: &str, state, facts: Facts| {
            let mut answer = scene.ask(text, Turn::Next).await.unwrap().answer;
            (answer.state, answer.text, answer.facts) = (state, format!("To {text}"), facts);
            scene.chats.finish(scene.actor.workspace, answer, None).await.unwrap();
        };
        let nobody = Writer::Nobody { why: chat::NoWriter::NoModel, words: String::new(), retry_after: None };
        end("one", State::Done, facts(vec![source(SourceKind::Code, "code:a", None)], Vec::new())).await;
        end("two", State::Done, Facts { writer: Some(nobody), ..Facts::default() }).await;
        end("three", State::Failed, Facts::default()).await;
        end("four", State::Stopped, Facts::default()).await;
        let begun = scene.ask("five", Turn::Next).await.unwrap();
        let said = |text: &str| Exchange { question: text.to_owned(), answer: format!("To {text}") };
        assert_eq!(begun.before, [said("one"), said("four")]);
        assert_eq!(scene.chats.exchanges(&scene.actor, scene.thread.id).await.unwrap(), begun.before);
    })
    .await;
}

#[tokio::test]
async fn what_was_said_is_found_as_it_is_written_and_titles_hold_no_secret() {
    each_engine(|test| async move {
        let scene = Scene::begin(test.open().await).await;
        let hide = |text: &str| text.replace("hunter2", "[secret]");
        let chats = scene.chats.clone().with_titles(std::sync::Arc::new(hide));
        let scene = Scene { chats, ..scene };
        scene.said("Why is hunter2 refused?\nIn der ÜBERSICHT: 100 % _", Turn::Next).await;
        let thread = scene.chats.thread(&scene.actor, scene.thread.id).await.unwrap();
        assert_eq!(thread.title, "Why is [secret] refused?");
        let long = "_".repeat(60_000);
        for (text, found) in [
            ("why IS", 1),
            ("der ÜBERSICHT", 1),
            ("der übersicht", 0),
            ("100 % _", 1),
            ("[SECRET] r", 1),
            ("100 _", 0),
            (long.as_str(), 0),
        ] {
            let filter = Filter { text: Some(text.to_owned()), ..Filter::default() };
            let size = PageSize::DEFAULT;
            let page = scene.chats.threads(&scene.actor, &filter, None, size).await.unwrap();
            assert_eq!(page.total, found, "{}", &text[..text.len().min(20)]);
        }
    })
    .await;
}
