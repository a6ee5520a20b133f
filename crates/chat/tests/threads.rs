//! What happens to conversations at the same time, on both engines.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::time::Duration;

use base::{Actor, Clock, Ids, Role, Timestamp};
use chat::{
    Asked, Begun, Chats, Error, Invalid, Mode, NewQuestion, NewThread, State, Thread, ThreadChange, Turn,
};
use storage::Db;
use storage::testing::each_engine;

struct Scene {
    chats: Chats,
    db: Db,
    actor: Actor,
    thread: Thread,
}

impl Scene {
    async fn begin(db: Db) -> Self {
        let (clock, ids) = (Clock::manual(Timestamp::from_seconds(1_795_339_920)), Ids::counted());
        let actor = Actor::new(ids.new_id(), ids.new_id(), Role::Owner);
        let chats = Chats::new(db.clone(), clock, ids);
        let thread = chats.begin(&actor, NewThread::default()).await.unwrap();
        Self { chats, db, actor, thread }
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
