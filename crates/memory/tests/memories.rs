//! Memories, on each engine: what is saved is found, by whom it may be, and nothing of it is left when it is forgotten.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::path::Path;
use std::time::Duration;

use base::id::{UserId, WorkspaceId};
use base::{Actor, Clock, Ids, PageSize, Role, Timestamp};
use events::Events;
use memory::{
    Budget, Change, ChangeError, Edit, Evidence, EvidenceKind, Filter, InvalidMemory, Kind, Memories, Memory,
    NewMemory, Origin, Question, Recalled, SaveError, State, Trust,
};
use retrieval::{Embedder, Retrieval};
use storage::Db;
use storage::testing::{TestDb, each_engine};
use tokio::task::JoinSet;

const DAY: Duration = Duration::from_hours(24);

struct Scene {
    memories: Memories,
    clock: Clock,
    ids: Ids,
    db: Db,
}

impl Scene {
    async fn new(test: TestDb) -> Self {
        Self::over(test.open().await, None)
    }

    fn over(db: Db, folder: Option<&Path>) -> Self {
        let clock = Clock::manual(Timestamp::from_seconds(1_000_000));
        let ids = Ids::counted();
        Self { memories: memories(&db, folder, &clock, &ids), clock, ids, db }
    }

    fn actor(&self) -> Actor {
        Actor::new(self.ids.new_id::<UserId>(), self.ids.new_id::<WorkspaceId>(), Role::Member)
    }

    async fn save(&self, actor: &Actor, title: &str, text: &str) -> Memory {
        self.memories.remember(actor, new(title, text)).await.unwrap()
    }

    async fn recall(&self, actor: &Actor, text: &str) -> Vec<Recalled> {
        self.memories.recall(actor, &question(text)).await.unwrap()
    }

    async fn titles(&self, actor: &Actor, text: &str) -> Vec<String> {
        self.recall(actor, text).await.into_iter().map(|it| it.memory.title).collect()
    }
}

fn memories(db: &Db, folder: Option<&Path>, clock: &Clock, ids: &Ids) -> Memories {
    let events = Events::without_hub(clock.clone(), ids.clone());
    let retrieval = Retrieval::in_process(folder.map(Path::to_owned));
    Memories::new(db.clone(), retrieval, Embedder::new(), events, clock.clone(), ids.clone())
}

fn new(title: &str, text: &str) -> NewMemory {
    NewMemory {
        kind: Kind::Note,
        title: title.into(),
        text: text.into(),
        tags: Vec::new(),
        evidence: Vec::new(),
        private: false,
        origin: Origin::Person,
        expires_at: None,
    }
}

fn question(text: &str) -> Question {
    let (kinds, tags, budget) = (Vec::new(), Vec::new(), Budget::default());
    Question { text: text.into(), kinds, tags, shared: false, budget }
}

#[tokio::test]
async fn what_is_saved_is_found_at_once_by_words_and_by_meaning_and_says_why() {
    each_engine(|test| async move {
        let scene = Scene::new(test).await;
        let actor = scene.actor();
        scene.save(&actor, "Bake the cake", "Forty minutes at 180 degrees.").await;
        let saved =
            scene.save(&actor, "Postgres refuses connections", "Raise max_connections; restart.").await;
        let found = scene.recall(&actor, "cannot connect to the database").await;
        assert_eq!(found[0].memory, saved);
        let fit = found[0].why.fit.unwrap();
        assert!(fit.from_meaning > 0.0, "{fit:?}");
        let found = scene.recall(&actor, "max_connections").await;
        assert_eq!(found[0].memory, saved);
        assert!(found[0].why.terms.contains(&"max".to_owned()), "{:?}", found[0].why.terms);
        let parts = &found[0].why;
        let sum = parts.fit.unwrap().score + parts.neighbours + parts.recency + parts.trust;
        assert!((found[0].score - sum).abs() < 1e-9);
    })
    .await;
}

#[tokio::test]
async fn a_memory_is_edited_confirmed_put_away_and_brought_back_and_the_index_follows() {
    each_engine(|test| async move {
        let scene = Scene::new(test).await;
        let actor = scene.actor();
        let saved = scene.save(&actor, "Use tabs", "Everywhere.").await;
        let edit = Edit { title: Some("Use spaces".into()), ..Edit::default() };
        let edited = scene.memories.change(&actor, saved.id, 1, Change::Edit(edit)).await.unwrap();
        assert_eq!((edited.title.as_str(), edited.version), ("Use spaces", 2));
        let stale = scene.memories.change(&actor, saved.id, 1, Change::Archive).await;
        assert!(matches!(stale, Err(ChangeError::Conflict)));
        let doubted = scene.memories.change(&actor, saved.id, 2, Change::Doubt).await.unwrap();
        assert_eq!(doubted.state, State::NeedsReview);
        let confirmed = scene.memories.change(&actor, saved.id, 3, Change::Confirm).await.unwrap();
        assert_eq!((confirmed.state, confirmed.trust), (State::Active, Trust::High));
        assert!(scene.titles(&actor, "spaces").await.contains(&"Use spaces".to_owned()));
        scene.memories.change(&actor, saved.id, 4, Change::Archive).await.unwrap();
        assert_eq!(scene.titles(&actor, "spaces").await, [""; 0]);
        scene.memories.change(&actor, saved.id, 5, Change::Restore).await.unwrap();
        assert_eq!(scene.titles(&actor, "spaces").await, ["Use spaces"]);
        assert!(scene.memories.note_use(&actor, saved.id).await.unwrap());
        let now = scene.memories.memory(&actor, saved.id).await.unwrap().unwrap();
        assert_eq!((now.used, now.version), (1, 6));
    })
    .await;
}

#[tokio::test]
async fn a_successor_takes_the_place_and_the_old_one_stays_dated() {
    each_engine(|test| async move {
        let scene = Scene::new(test).await;
        let actor = scene.actor();
        let old = scene.save(&actor, "Deploy on Fridays", "We deploy whenever.").await;
        scene.clock.advance(DAY);
        let new = new("Deploy on Mondays only", "After the outage.");
        let next = scene.memories.supersede(&actor, old.id, 1, new.clone()).await.unwrap();
        let old = scene.memories.memory(&actor, old.id).await.unwrap().unwrap();
        assert_eq!((old.state, old.superseded_by), (State::Superseded, Some(next.id)));
        assert_eq!(old.updated_at, scene.clock.now());
        assert_eq!(scene.titles(&actor, "when do we deploy").await, ["Deploy on Mondays only"]);
        let again = scene.memories.supersede(&actor, old.id, old.version, new).await;
        assert!(matches!(again, Err(ChangeError::Invalid(InvalidMemory::Superseded))));
    })
    .await;
}

#[tokio::test]
async fn what_is_forgotten_is_gone_from_every_table_and_index() {
    each_engine(|test| async move {
        let scene = Scene::new(test).await;
        let actor = scene.actor();
        let canary = "xylophone-canary";
        let tagged = NewMemory { tags: vec!["canary".into()], ..new(canary, canary) };
        let gone = scene.memories.remember(&actor, tagged).await.unwrap();
        let stays = scene.save(&actor, "xylophone stays", "").await;
        scene.memories.relate(&actor, gone.id, stays.id).await.unwrap();
        scene.memories.forget(&actor, gone.id, 1).await.unwrap();
        assert_eq!(scene.memories.memory(&actor, gone.id).await.unwrap(), None);
        assert_eq!(scene.titles(&actor, "xylophone").await, ["xylophone stays"]);
        assert_eq!(scene.memories.reindex().await.unwrap(), 1);
        for table in [
            "SELECT COUNT(*) FROM event_outbox WHERE body LIKE '%canary%'",
            "SELECT COUNT(*) FROM memory_memory WHERE title LIKE '%canary%'",
            "SELECT COUNT(*) FROM memory_tag",
            "SELECT COUNT(*) FROM memory_link",
            "SELECT COUNT(*) FROM memory_forgotten WHERE change = 0",
        ] {
            let (left,) = scene.db.query(table).one::<(i64,)>().await.unwrap();
            assert_eq!(left, 0, "{table}");
        }
        let again = scene.memories.forget(&actor, gone.id, 1).await;
        assert!(matches!(again, Err(ChangeError::NotFound)));
    })
    .await;
}

#[tokio::test]
async fn the_time_of_a_memory_ends() {
    each_engine(|test| async move {
        let scene = Scene::new(test).await;
        let actor = scene.actor();
        let at = scene.clock.now().plus(DAY);
        let dated = NewMemory { expires_at: Some(at), ..new("Feature freeze", "Until tomorrow.") };
        let saved = scene.memories.remember(&actor, dated).await.unwrap();
        assert_eq!(scene.memories.expire().await.unwrap(), 0);
        scene.clock.advance(DAY);
        // Not recalled from that moment on, whenever the sweep comes by.
        assert_eq!(scene.titles(&actor, "feature freeze").await, [""; 0]);
        assert_eq!(scene.memories.expire().await.unwrap(), 1);
        let ended = scene.memories.memory(&actor, saved.id).await.unwrap().unwrap();
        assert_eq!((ended.state, ended.version), (State::Expired, 2));
        scene.memories.change(&actor, saved.id, 2, Change::Restore).await.unwrap();
        assert_eq!(scene.titles(&actor, "feature freeze").await, ["Feature freeze"]);
    })
    .await;
}

#[tokio::test]
async fn equal_memories_of_two_workspaces_never_meet() {
    each_engine(|test| async move {
        let scene = Scene::new(test).await;
        let (ours, theirs) = (scene.actor(), scene.actor());
        let mine = scene.save(&ours, "Rotate the signing key", "Every ninety days.").await;
        let other = scene.save(&theirs, "Rotate the signing key", "Every ninety days.").await;
        scene.memories.relate(&theirs, other.id, other.id).await.unwrap();
        for text in ["signing key", "rotate", "how often are secrets changed", ""] {
            let found = scene.recall(&ours, text).await;
            assert!(found.iter().all(|it| it.memory.id == mine.id && it.same.is_empty()), "{found:?}");
        }
        assert_eq!(scene.memories.memory(&ours, other.id).await.unwrap(), None);
        let foreign = scene.memories.change(&ours, other.id, 1, Change::Archive).await;
        assert!(matches!(foreign, Err(ChangeError::NotFound)));
        let foreign = scene.memories.relate(&ours, mine.id, other.id).await;
        assert!(matches!(foreign, Err(ChangeError::NotFound)));
        assert!(!scene.memories.note_use(&ours, other.id).await.unwrap());

        let mut tx = scene.db.begin().await.unwrap();
        scene.memories.erase_in(&mut tx, theirs.workspace).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(scene.recall(&theirs, "signing key").await, []);
        assert_eq!(scene.titles(&ours, "signing key").await, ["Rotate the signing key"]);
    })
    .await;
}

#[tokio::test]
async fn what_is_private_is_seen_by_its_owner_alone_and_told_to_nobody_else() {
    each_engine(|test| async move {
        let scene = Scene::new(test).await;
        let ours = scene.actor();
        let mate = Actor { user: scene.ids.new_id(), ..ours };
        let private =
            NewMemory { private: true, tags: vec!["pay".into()], ..new("Salary talk", "In March.") };
        let saved = scene.memories.remember(&ours, private).await.unwrap();
        assert_eq!(scene.titles(&ours, "salary").await, ["Salary talk"]);
        assert_eq!(scene.titles(&mate, "salary").await, [""; 0]);
        assert_eq!(scene.memories.memory(&mate, saved.id).await.unwrap(), None);
        let seen = scene.memories.memories(&mate, &Filter::default(), None, PageSize::DEFAULT).await.unwrap();
        assert_eq!((seen.page.total, seen.kinds.len(), seen.tags.len()), (0, 0, 0));
        let channels = scene
            .db
            .query("SELECT DISTINCT channel FROM event_outbox ORDER BY channel")
            .all::<(String,)>()
            .await
            .unwrap();
        assert_eq!(channels, [(format!("user:{}", ours.user),)]);
    })
    .await;
}

#[tokio::test]
async fn lists_are_filtered_counted_and_read_on() {
    each_engine(|test| async move {
        let scene = Scene::new(test).await;
        let actor = scene.actor();
        for (title, kind, tags) in [
            ("one", Kind::Note, vec!["Rust", "db"]),
            ("two", Kind::Decision, vec!["rust"]),
            ("three", Kind::Decision, vec![]),
        ] {
            let tags = tags.into_iter().map(str::to_owned).collect();
            let memory = NewMemory { kind, tags, ..new(title, "") };
            scene.memories.remember(&actor, memory).await.unwrap();
        }
        let list = async |filter: Filter, after: Option<base::Cursor>, size| {
            scene.memories.memories(&actor, &filter, after.as_ref(), PageSize::clamped(size)).await.unwrap()
        };
        let first = list(Filter::default(), None, 2).await;
        let titles = |memories: &[Memory]| memories.iter().map(|it| it.title.clone()).collect::<Vec<_>>();
        assert_eq!((titles(&first.page.items), first.page.total), (vec!["three".into(), "two".into()], 3));
        let rest = list(Filter::default(), first.page.next, 2).await;
        assert_eq!((titles(&rest.page.items), rest.page.next), (vec!["one".into()], None));
        let counts = |facets: &[memory::Facet]| {
            facets.iter().map(|facet| format!("{} {}", facet.value, facet.count)).collect::<Vec<_>>()
        };
        assert_eq!(counts(&first.kinds), ["decision 2", "note 1"]);
        assert_eq!(counts(&first.states), ["active 3"]);
        assert_eq!(counts(&first.tags), ["rust 2", "db 1"]);
        let tagged = Filter { tags: vec!["rust".into()], kinds: vec![Kind::Decision], ..Filter::default() };
        assert_eq!(titles(&list(tagged, None, 9).await.page.items), ["two"]);
        let none = Filter { private: true, states: vec![State::Active], ..Filter::default() };
        assert_eq!(list(none, None, 9).await.page.total, 0);
        let asked =
            Question { tags: vec!["rust".into()], kinds: vec![Kind::Note], ..question("one two three") };
        let found = scene.memories.recall(&actor, &asked).await.unwrap();
        assert_eq!(found.iter().map(|it| it.memory.title.as_str()).collect::<Vec<_>>(), ["one"]);
    })
    .await;
}

#[tokio::test]
async fn an_answer_is_few_and_says_nothing_twice_and_neighbours_come_along() {
    each_engine(|test| async move {
        let scene = Scene::new(test).await;
        let actor = scene.actor();
        let first = scene.save(&actor, "Flaky upload test", "It needs a port of its own.").await;
        let double = scene.save(&actor, "Flaky upload test", "It needs a port of its own").await;
        let beside = scene.save(&actor, "Elephants", "Grey, large, quiet.").await;
        scene.memories.relate(&actor, first.id, beside.id).await.unwrap();
        let found = scene.recall(&actor, "flaky upload test").await;
        assert_eq!((found[0].memory.id, found[0].same.as_slice()), (first.id, [double.id].as_slice()));
        let neighbour = found.iter().find(|it| it.memory.id == beside.id).unwrap();
        assert!(neighbour.why.neighbours > 0.0);
        let small = Question { budget: Budget { memories: 1, characters: 10 }, ..question("flaky") };
        assert_eq!(scene.memories.recall(&actor, &small).await.unwrap().len(), 1);
    })
    .await;
}

#[tokio::test]
async fn what_is_ones_own_takes_no_place_where_others_read() {
    each_engine(|test| async move {
        let scene = Scene::new(test).await;
        let actor = scene.actor();
        let text = "Nobody waits for ever: there is a limit of a minute for each request, retries or not.";
        let decided = scene.save(&actor, "A limit for requests", text).await;
        let mut mine = Vec::new();
        for number in 1..=6 {
            let text = format!("Client retries, client retries: note {number}.");
            let private = NewMemory { private: true, ..new("Client retries", &text) };
            mine.push(scene.memories.remember(&actor, private).await.unwrap());
        }
        let budget = Budget { memories: 6, characters: 8_000 };
        let asked = Question { budget, ..question("client retries") };
        let alone = scene.memories.recall(&actor, &asked).await.unwrap();
        assert!(
            alone.len() == 6 && alone.iter().all(|it| it.memory.owner.is_some()),
            "they fit better: {alone:?}"
        );
        // Nor does it come along beside the other.
        scene.memories.relate(&actor, decided.id, mine[0].id).await.unwrap();
        let read = scene.memories.recall(&actor, &Question { shared: true, ..asked }).await.unwrap();
        assert_eq!(read.iter().map(|it| it.memory.id).collect::<Vec<_>>(), [decided.id]);
    })
    .await;
}

#[tokio::test]
async fn fields_that_make_no_memory_are_refused() {
    each_engine(|test| async move {
        let scene = Scene::new(test).await;
        let actor = scene.actor();
        let long = |letters| "x".repeat(letters);
        let evidence = Evidence { kind: EvidenceKind::Url, target: String::new(), repo: None, commit: None };
        for (memory, why) in [
            (new("  ", ""), InvalidMemory::NoTitle),
            (new(&long(301), ""), InvalidMemory::LongTitle),
            (new("t", &long(20_001)), InvalidMemory::LongText),
            (NewMemory { tags: vec![long(51)], ..new("t", "") }, InvalidMemory::Tags),
            (NewMemory { evidence: vec![evidence], ..new("t", "") }, InvalidMemory::Evidence),
            (NewMemory { expires_at: Some(scene.clock.now()), ..new("t", "") }, InvalidMemory::Expiry),
        ] {
            match scene.memories.remember(&actor, memory).await {
                Err(SaveError::Invalid(invalid)) => assert_eq!(invalid, why),
                other => panic!("{other:?}"),
            }
        }
    })
    .await;
}

#[tokio::test]
async fn an_index_that_is_behind_empty_or_of_another_database_heals_when_it_is_asked() {
    each_engine(|test| async move {
        let db = test.open().await;
        let folder = tempfile::tempdir().unwrap();
        let scene = Scene::over(db.clone(), Some(folder.path()));
        let actor = scene.actor();
        scene.save(&actor, "Cache invalidation", "Is hard.").await;
        // Another node, with an index of its own, changes the table meanwhile.
        let node = memories(&db, None, &scene.clock, &scene.ids);
        node.remember(&actor, new("Naming things", "Is hard too.")).await.unwrap();
        assert_eq!(scene.titles(&actor, "naming").await[0], "Naming things");
        let count =
            async |memories: &Memories| memories.recall(&actor, &question("hard")).await.unwrap().len();
        // Whoever asks for it has every index built anew.
        assert_eq!(node.reindex().await.unwrap(), 2);
        assert_eq!(count(&scene.memories).await, 2);
        drop(scene);

        // A process that begins again reads on from what its files have seen.
        let again = memories(&db, Some(folder.path()), &Clock::system(), &Ids::random(Clock::system()));
        assert_eq!(count(&again).await, 2);
        drop(again);

        // The database was restored from a copy: its numbers are lower, and of another life.
        let mut tx = db.begin().await.unwrap();
        tx.query("UPDATE memory_counter SET epoch = 'restored', last = last").execute().await.unwrap();
        tx.query("DELETE FROM memory_memory WHERE title = 'Naming things'").execute().await.unwrap();
        tx.commit().await.unwrap();
        let restored = memories(&db, Some(folder.path()), &Clock::system(), &Ids::random(Clock::system()));
        assert_eq!(count(&restored).await, 1);
    })
    .await;
}

#[tokio::test]
async fn many_writers_lose_nothing_and_table_and_index_agree() {
    each_engine(|test| async move {
        let scene = Scene::new(test).await;
        let actor = scene.actor();
        let mut writers = JoinSet::new();
        for number in 0..24 {
            let memories = scene.memories.clone();
            writers.spawn(async move {
                let saved =
                    memories.remember(&actor, new(&format!("Lesson {number}"), "learned")).await.unwrap();
                if number % 3 == 0 {
                    memories.forget(&actor, saved.id, 1).await.unwrap();
                }
            });
        }
        writers.join_all().await;
        let budget = Budget { memories: 100, characters: 100_000 };
        let asked = Question { budget, ..question("learned") };
        assert_eq!(scene.memories.recall(&actor, &asked).await.unwrap().len(), 16);
        assert_eq!(scene.memories.reindex().await.unwrap(), 16);
    })
    .await;
}

#[tokio::test]
async fn an_index_that_could_not_be_built_to_its_end_is_not_taken_for_whole() {
    each_engine(|test| async move {
        let db = test.open().await;
        let folder = tempfile::tempdir().unwrap();
        let scene = Scene::over(db.clone(), Some(folder.path()));
        let actor = scene.actor();
        for title in ["Locks: one", "Locks: two", "Locks: three"] {
            scene.save(&actor, title, "").await;
        }
        drop(scene);
        let set = async |statement: &'static str| {
            let mut tx = db.begin().await.unwrap();
            tx.query(statement).execute().await.unwrap();
            tx.commit().await.unwrap();
        };
        // The files hold one more than the table, so the index is built anew, and that breaks off at a row.
        set("DELETE FROM memory_memory WHERE title = 'Locks: three'").await;
        set("UPDATE memory_memory SET tags = 'damaged' WHERE title = 'Locks: one'").await;
        let again = memories(&db, Some(folder.path()), &Clock::system(), &Ids::random(Clock::system()));
        assert!(again.recall(&actor, &question("locks")).await.is_err());
        set("UPDATE memory_memory SET tags = '[]' WHERE title = 'Locks: one'").await;
        assert_eq!(again.recall(&actor, &question("locks")).await.unwrap().len(), 2);
    })
    .await;
}

#[tokio::test]
async fn what_everybody_saw_has_no_private_successor_and_what_somebody_kept_alone_can_be_erased() {
    each_engine(|test| async move {
        let scene = Scene::new(test).await;
        let ours = scene.actor();
        let mate = Actor { user: scene.ids.new_id(), ..ours };
        let open = scene.save(&ours, "Deploy on Fridays", "").await;
        let private = |title| NewMemory { private: true, ..new(title, "") };
        let refused = scene.memories.supersede(&ours, open.id, 1, private("Deploy by me")).await;
        assert!(matches!(refused, Err(ChangeError::Invalid(InvalidMemory::Private))));

        scene.memories.remember(&ours, private("Deploy: mine")).await.unwrap();
        scene.memories.remember(&mate, private("Deploy: theirs")).await.unwrap();
        let owners = scene.memories.owners().await.unwrap();
        assert_eq!(owners, [(ours.workspace, ours.user), (ours.workspace, mate.user)]);
        let mut tx = scene.db.begin().await.unwrap();
        scene.memories.erase_of(&mut tx, ours.workspace, ours.user).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(scene.titles(&ours, "deploy").await, ["Deploy on Fridays"]);
        assert_eq!(scene.titles(&mate, "deploy theirs").await.len(), 2);
        assert_eq!(scene.memories.owners().await.unwrap(), [(ours.workspace, mate.user)]);
        assert_eq!(scene.memories.reindex().await.unwrap(), 2);
    })
    .await;
}
