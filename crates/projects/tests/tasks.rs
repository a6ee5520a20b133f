//! Tasks, on each engine.

use base::id::{UserId, WorkspaceId};
use base::{Actor, Clock, Ids, PageSize, Role, Timestamp};
use events::Events;
use projects::{
    Change, ChangeTaskError, CreateTaskError, Edit, InvalidTask, NewTask, Origin, Priority, Projects, Status,
};
use storage::testing::{TestDb, each_engine};
use tokio::task::JoinSet;

struct Scene {
    projects: Projects,
    ids: Ids,
    db: storage::Db,
}

impl Scene {
    async fn new(test: TestDb) -> Self {
        let db = test.open().await;
        let clock = Clock::manual(Timestamp::from_seconds(1_000_000));
        let ids = Ids::counted();
        let events = Events::without_hub(clock.clone(), ids.clone());
        Self { projects: Projects::new(db.clone(), events, clock, ids.clone()), ids, db }
    }

    fn actor(&self) -> Actor {
        Actor::new(self.ids.new_id::<UserId>(), self.ids.new_id::<WorkspaceId>(), Role::Member)
    }
}

fn titled(title: &str) -> NewTask {
    NewTask { title: title.into(), description: String::new(), priority: Priority::None, origin: None }
}

fn to(status: Status) -> Change {
    Change::Edit(Edit { status: Some(status), ..Edit::default() })
}

#[tokio::test]
async fn tasks_are_numbered_without_gaps_and_listed_newest_first() {
    each_engine(|test| async move {
        let scene = Scene::new(test).await;
        let actor = scene.actor();
        for title in ["one", "two", "three"] {
            scene.projects.create_task(&actor, titled(title)).await.unwrap();
        }
        assert!(matches!(
            scene.projects.create_task(&actor, titled(" ")).await,
            Err(CreateTaskError::Invalid(InvalidTask::NoTitle))
        ));
        scene.projects.create_task(&actor, titled("four")).await.unwrap();

        let first = scene.projects.tasks(&actor, None, None, PageSize::clamped(3)).await.unwrap();
        let keys: Vec<String> = first.items.iter().map(|task| task.key.to_string()).collect();
        assert_eq!(keys, ["DEV-4", "DEV-3", "DEV-2"]);
        assert_eq!(first.total, 4);
        let rest =
            scene.projects.tasks(&actor, None, first.next.as_ref(), PageSize::clamped(3)).await.unwrap();
        assert_eq!(rest.items.len(), 1);
        assert_eq!(rest.next, None);
        assert_eq!(rest.items[0].title, "one");
    })
    .await;
}

#[tokio::test]
async fn a_change_against_an_old_version_is_refused_with_what_is_there_now() {
    each_engine(|test| async move {
        let scene = Scene::new(test).await;
        let actor = scene.actor();
        let task = scene.projects.create_task(&actor, titled("one")).await.unwrap();
        let moved = scene.projects.change_task(&actor, &task.key, 1, to(Status::InProgress)).await.unwrap();
        assert_eq!((moved.version, moved.status), (2, Status::InProgress));
        match scene.projects.change_task(&actor, &task.key, 1, to(Status::Done)).await {
            Err(ChangeTaskError::Conflict(now)) => assert_eq!(*now, moved),
            other => panic!("{other:?}"),
        }
        assert_eq!(scene.projects.task(&actor, &task.key).await.unwrap(), Some(moved));
    })
    .await;
}

#[tokio::test]
async fn of_many_writers_with_one_version_one_wins_and_none_is_lost() {
    each_engine(|test| async move {
        let scene = Scene::new(test).await;
        let actor = scene.actor();
        let task = scene.projects.create_task(&actor, titled("one")).await.unwrap();
        let mut writers = JoinSet::new();
        for _ in 0..16 {
            let (projects, key) = (scene.projects.clone(), task.key.clone());
            writers.spawn(async move { projects.change_task(&actor, &key, 1, to(Status::Done)).await });
        }
        let outcomes = writers.join_all().await;
        assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 1);
        assert!(outcomes.iter().all(|outcome| matches!(outcome, Ok(_) | Err(ChangeTaskError::Conflict(_)))));
        let now = scene.projects.task(&actor, &task.key).await.unwrap().unwrap();
        assert_eq!(now.version, 2);
    })
    .await;
}

#[tokio::test]
async fn a_deleted_task_leaves_the_list_and_can_be_brought_back() {
    each_engine(|test| async move {
        let scene = Scene::new(test).await;
        let actor = scene.actor();
        let origin = Origin { kind: "insight".into(), id: "x".into(), repo: None };
        let new = NewTask { origin: Some(origin.clone()), ..titled("one") };
        let task = scene.projects.create_task(&actor, new).await.unwrap();
        let deleted = scene.projects.change_task(&actor, &task.key, 1, Change::Delete).await.unwrap();
        assert!(deleted.deleted_at.is_some());
        let size = PageSize::DEFAULT;
        assert_eq!(scene.projects.tasks(&actor, None, None, size).await.unwrap().total, 0);
        let back = scene.projects.change_task(&actor, &task.key, 2, Change::Restore).await.unwrap();
        assert_eq!(back.origin, Some(origin));
        let todo = scene.projects.tasks(&actor, Some(Status::Todo), None, size).await.unwrap();
        assert_eq!(todo.items, [back]);
        assert_eq!(scene.projects.tasks(&actor, Some(Status::Done), None, size).await.unwrap().total, 0);
    })
    .await;
}

#[tokio::test]
async fn another_workspace_sees_nothing_and_has_numbers_of_its_own() {
    each_engine(|test| async move {
        let scene = Scene::new(test).await;
        let (ours, theirs) = (scene.actor(), scene.actor());
        let task = scene.projects.create_task(&ours, titled("one")).await.unwrap();
        assert_eq!(scene.projects.task(&theirs, &task.key).await.unwrap(), None);
        assert!(matches!(
            scene.projects.change_task(&theirs, &task.key, 1, Change::Delete).await,
            Err(ChangeTaskError::NotFound(_))
        ));
        let other = scene.projects.create_task(&theirs, titled("two")).await.unwrap();
        assert_eq!(other.key, task.key);
        let seen = scene.projects.tasks(&ours, None, None, PageSize::DEFAULT).await.unwrap();
        assert_eq!(seen.items, [task]);

        let channels = scene
            .db
            .query("SELECT channel, COUNT(*) FROM event_outbox GROUP BY channel ORDER BY channel")
            .all::<(String, i64)>()
            .await
            .unwrap();
        assert_eq!(channels.len(), 2);
        assert!(channels.iter().all(|(_, events)| *events == 1));
    })
    .await;
}

#[tokio::test]
async fn a_workspace_that_goes_takes_its_tasks_along_and_no_others() {
    each_engine(|test| async move {
        let scene = Scene::new(test).await;
        let (gone, stays) = (scene.actor(), scene.actor());
        for actor in [&gone, &stays] {
            scene.projects.create_task(actor, titled("one")).await.unwrap();
        }
        let mut tx = scene.db.begin().await.unwrap();
        scene.projects.erase_in(&mut tx, gone.workspace).await.unwrap();
        tx.commit().await.unwrap();
        let count =
            async |actor| scene.projects.tasks(actor, None, None, PageSize::DEFAULT).await.unwrap().total;
        assert_eq!((count(&gone).await, count(&stays).await), (0, 1));
    })
    .await;
}
