//! Providers, decisions, budgets and the books, on both engines.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::collections::BTreeMap;
use std::sync::Arc;

use base::id::WorkspaceId;
use base::{Actor, Clock, Ids, Role, Secret, Timestamp};
use llm::scripted::{Act, Scripted};
use llm::{Failure, Limit, Part, Prompt, Redactor, Refusal, Request, Speaker, Stop, Usage};
use models::{
    Allowance, Error, Feature, Invalid, Kind, Models, NewProvider, Parts, ProviderChange, Question, Route,
    Server, State, Which, keys_in_use, reseal,
};
use outbound::Allowed;
use secrets::Keyring;
use storage::Db;
use storage::testing::each_engine;
use tempfile::TempDir;
use tokio_util::task::TaskTracker;

struct Scene {
    models: Models,
    db: Db,
    keyring: Keyring,
    tracker: TaskTracker,
    actor: Actor,
    _folder: TempDir,
}

/// A model that says two words, which it counts as 10 and 5 tokens.
fn speaking(name: &str) -> Arc<dyn llm::Provider> {
    let used = Part::Used(Usage { input: 10, output: 5 });
    let acts =
        vec![Act::Say(Part::Text("two words".into())), Act::Say(used), Act::Say(Part::Ended(Stop::Done))];
    Arc::new(Scripted::new(name, vec![acts]))
}

fn scene(db: Db, server: Server) -> Scene {
    let folder = tempfile::tempdir().unwrap();
    let clock = Clock::manual(Timestamp::from_seconds(1_795_339_920));
    let ids = Ids::counted();
    let keyring = Keyring::from_file(folder.path().join("secrets.key"), ids.clone()).unwrap();
    let known: BTreeMap<&str, Arc<dyn llm::Provider>> =
        [("house", speaking("house")), ("other", speaking("other"))].into();
    let connect: models::Connect = Arc::new(move |service: models::Service<'_>| {
        known.get(service.name).cloned().ok_or_else(|| Failure::Key(service.name.to_owned()))
    });
    let tracker = TaskTracker::new();
    let models = Models::new(Parts {
        db: db.clone(),
        keyring: keyring.clone(),
        connect,
        redactor: Redactor::new(Arc::new(|_| Vec::new())),
        server,
        tracker: tracker.clone(),
        clock,
        ids: ids.clone(),
    });
    let actor = Actor::new(ids.new_id(), ids.new_id(), Role::Owner);
        named: Allowed::default().with(&Kind::Ollama.usual_address().parse().unwrap()),
    Scene { models, db, keyring, tracker, actor, _folder: folder }
}

impl Scene {
    async fn add(&self, name: &str) -> models::Provider {
        let key = Some(Secret::new("sk-0123456789"));
        let new = NewProvider { kind: Kind::OpenAi, name: name.to_owned(), address: None, key };
        self.models.add(&self.actor, new).await.unwrap()
    }

    async fn ask(&self) -> Result<String, Refusal> {
        let prompt =
            Prompt { turns: vec![(Speaker::Person, "why".into())], most_tokens: 50, ..Prompt::default() };
        let (request, _) = Request::of(&prompt, self.models.redactor());
        let line = self.models.line(self.actor.workspace).await.unwrap();
        let question = Question { feature: Feature::Chat, request, cited: Vec::new(), reuse: false };
        let answer = self.models.ask(&self.actor, line, question).await.unwrap();
        let (text, over) = answer.whole().await;
        self.settled().await;
        over.map(|_| text)
    }

    /// Waits until everything is in the books.
    async fn settled(&self) {
        self.tracker.close();
        self.tracker.wait().await;
        self.tracker.reopen();
    }
}

fn route(provider: Which) -> Route {
    Route {
        provider,
        model: "small".into(),
        input_price: 1_000_000,
        output_price: 2_000_000,
        context_tokens: None,
        first_word_seconds: None,
    }
}

#[tokio::test]
async fn what_is_asked_is_in_the_books_and_a_budget_holds_across_processes() {
    each_engine(|test| async move {
        let scene = scene(test.open().await, Server::default());
        let house = scene.add("house").await;
        let routes = vec![route(Which::Own(house.id))];
        let allowance =
            Allowance { workspace: Limit { tokens: Some(90), micros: None }, ..Allowance::default() };
        let decided = scene.models.decide(&scene.actor, 0, routes.clone(), allowance).await.unwrap();
        assert_eq!((decided.version, scene.models.settings(&scene.actor).await.unwrap()), (1, decided));
        let late = scene.models.decide(&scene.actor, 0, routes, allowance).await;
        assert!(matches!(late, Err(Error::Conflict)), "{late:?}");

        assert_eq!(scene.ask().await, Ok("two words".to_owned()));
        let days = scene.models.spent(&scene.actor, 30, true).await.unwrap();
        let mine = format!("user:{}", scene.actor.user);
        let told: Vec<_> = days
            .iter()
            .map(|day| (day.account.as_str(), day.questions, day.input, day.output, day.micros))
            .collect();
        let accounts = ["feature:chat", "model:house/small", &mine, "workspace"];
        assert_eq!(told, accounts.map(|account| (account, 1, 10, 5, 20)));
        let stranger = Actor::new(Ids::random(Clock::system()).new_id(), scene.actor.workspace, Role::Member);
        let theirs = scene.models.spent(&stranger, 30, false).await.unwrap();
        assert!(!theirs.iter().any(|day| day.account.starts_with("user:")), "{theirs:?}");

        // Another process over the same database has seen nothing of this one.
        let again = Scene { models: self::scene(scene.db.clone(), Server::default()).models, ..scene };
        let line = again.models.line(again.actor.workspace).await.unwrap();
        assert!(line.routes.len() == 1 && line.context == 32_768);
        assert_eq!(again.ask().await, Ok("two words".to_owned()));
        let over = again.ask().await;
        assert!(matches!(over, Err(Refusal::OverBudget(_))), "{over:?}");
        assert_eq!(again.models.trim().await.unwrap(), 0);
        let mut tx = again.db.begin().await.unwrap();
        again.models.erase_in(&mut tx, again.actor.workspace).await.unwrap();
        tx.commit().await.unwrap();
        assert!(again.models.providers(&again.actor).await.unwrap().is_empty());
    })
    .await;
}

#[tokio::test]
async fn providers_belong_to_their_workspace_and_keys_follow_a_change_of_keys() {
    each_engine(|test| async move {
        let scene = scene(test.open().await, Server::default());
        let house = scene.add("house").await;
        let taken = NewProvider { kind: Kind::Ollama, name: "house".into(), address: None, key: None };
        let taken = scene.models.add(&scene.actor, taken).await;
        assert!(matches!(taken, Err(Error::Invalid(Invalid::Taken))), "{taken:?}");
        scene.add("gone").await;
        let rename = ProviderChange { name: Some("gone".into()), ..ProviderChange::default() };
        let taken = scene.models.change(&scene.actor, house.id, 1, rename).await;
        assert!(matches!(taken, Err(Error::Invalid(Invalid::Taken))), "{taken:?}");

        let checked = scene.models.check(&scene.actor, &Which::Own(house.id)).await.unwrap();
        assert_eq!(checked.state, State::Working);
        let moved =
            ProviderChange { address: Some("https://x.example/v1".into()), ..ProviderChange::default() };
        let moved = scene.models.change(&scene.actor, house.id, 1, moved).await;
        assert!(matches!(moved, Err(Error::Invalid(Invalid::KeyMoves))), "{moved:?}");

        let workspace: WorkspaceId = Ids::random(Clock::system()).new_id();
        let stranger = Actor::new(scene.actor.user, workspace, Role::Owner);
        assert!(scene.models.providers(&stranger).await.unwrap().is_empty());
        let foreign = scene.models.check(&stranger, &Which::Own(house.id)).await;
        assert!(matches!(foreign, Err(Error::NotFound)), "{foreign:?}");
        let foreign = scene.models.remove(&stranger, house.id, 1).await;
        assert!(matches!(foreign, Err(Error::NotFound)), "{foreign:?}");

        let before = keys_in_use(&scene.db, &scene.keyring).await.unwrap();
        let current = scene.keyring.rotate().unwrap();
        assert_eq!(reseal(&scene.db, &scene.keyring).await.unwrap().done, 2);
        let after = keys_in_use(&scene.db, &scene.keyring).await.unwrap();
        assert!(!before.contains(&current) && after == [current].into());

        let routes = vec![route(Which::Own(house.id))];
        scene.models.decide(&scene.actor, 0, routes, Allowance::default()).await.unwrap();
        scene.models.remove(&scene.actor, house.id, 1).await.unwrap();
        let left = scene.models.settings(&scene.actor).await.unwrap();
        assert!(left.routes.is_empty() && left.version == 2);
    })
    .await;
}

/// What the operator wrote down: one provider with one model, and what a day may cost.
fn operators(allowance: Allowance) -> Server {
    let provider = models::ServerProvider {
        name: "other".into(),
        kind: Kind::Ollama,
        address: models::model::address(Kind::Ollama.usual_address()).unwrap(),
        key: None,
    };
    let server =
        Server { providers: vec![provider], routes: vec![route(Which::Server("other".into()))], allowance };
    server.check().unwrap();
    server
}

#[tokio::test]
async fn a_workspace_cannot_make_the_operators_models_cheaper_or_ask_others_of_that_key() {
    each_engine(|test| async move {
        let most = Limit { tokens: None, micros: Some(125) };
        let named = operators(Allowance { workspace: most, ..Allowance::default() });
        let scene = scene(test.open().await, named);
        let theirs = route(Which::Server("other".into()));
        let dearest = Route { model: "dearest".into(), ..theirs.clone() };
        let refused = scene.models.decide(&scene.actor, 0, vec![dearest], Allowance::default()).await;
        assert!(matches!(refused, Err(Error::Invalid(Invalid::NotOffered(..)))), "{refused:?}");

        let free = Route { input_price: 0, output_price: 0, first_word_seconds: Some(1), ..theirs.clone() };
        let decided = scene.models.decide(&scene.actor, 0, vec![free], Allowance::default()).await.unwrap();
        assert_eq!(decided.routes, [theirs]);
        assert_eq!(scene.ask().await, Ok("two words".to_owned()));
        assert_eq!(scene.models.today_spent(&scene.actor).await.unwrap()[0].micros, 20);
        let over = scene.ask().await;
        assert!(matches!(over, Err(Refusal::OverBudget(_))), "{over:?}");

        // What was decided before the operator took a model out, or raised its price.
        let raised = Route { input_price: 9, ..route(Which::Server("other".into())) };
        let now = Server { routes: vec![raised.clone()], ..operators(Allowance::default()) };
        let later = self::scene(scene.db.clone(), now).models;
        assert_eq!(later.settings(&scene.actor).await.unwrap().routes, [raised]);
        let none = Server { routes: Vec::new(), ..operators(Allowance::default()) };
        let later = self::scene(scene.db.clone(), none).models;
        assert!(later.line(scene.actor.workspace).await.unwrap().routes.is_empty());
    })
    .await;
}

#[tokio::test]
async fn a_workspace_that_decided_nothing_asks_whom_the_operator_named() {
    each_engine(|test| async move {
        let most = Limit { tokens: Some(70), micros: None };
        let named = operators(Allowance { person: most, ..Allowance::default() });
        let scene = scene(test.open().await, named);
        let line = scene.models.line(scene.actor.workspace).await.unwrap();
        assert_eq!((line.routes.len(), line.context), (1, 4_096));
        assert_eq!(scene.ask().await, Ok("two words".to_owned()));
        let over = scene.ask().await;
        assert!(matches!(over, Err(Refusal::OverBudget(_))), "{over:?}");
        assert_eq!(scene.models.today_spent(&scene.actor).await.unwrap().map(|spend| spend.tokens), [15, 15]);
    })
    .await;
}
