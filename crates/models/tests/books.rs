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
    Server, State, Used, Which, keys_in_use, reseal,
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

/// One that makes up what it took.
fn absurd() -> Arc<dyn llm::Provider> {
    let used = Part::Used(Usage { input: u64::MAX, output: u64::MAX });
    let acts = vec![Act::Say(Part::Text("x".into())), Act::Say(used), Act::Say(Part::Ended(Stop::Done))];
    Arc::new(Scripted::new("absurd", vec![acts]))
}

fn scene(db: Db, server: Server) -> Scene {
    let folder = tempfile::tempdir().unwrap();
    let clock = Clock::manual(Timestamp::from_seconds(1_795_339_920));
    let ids = Ids::counted();
    let keyring = Keyring::from_file(folder.path().join("secrets.key"), ids.clone()).unwrap();
    let known: BTreeMap<&str, Arc<dyn llm::Provider>> =
        [("house", speaking("house")), ("other", speaking("other")), ("absurd", absurd())].into();
    let connect: models::Connect = Arc::new(move |service: models::Service<'_>| {
        known.get(service.name).cloned().ok_or_else(|| Failure::Key(service.name.to_owned()))
    });
    let tracker = TaskTracker::new();
    let models = Models::new(Parts {
        db: db.clone(),
        keyring: keyring.clone(),
        connect,
        named: Allowed::default().with(&Kind::Ollama.usual_address().parse().unwrap()),
        redactor: Redactor::new(Arc::new(|_| Vec::new())),
        server,
        tracker: tracker.clone(),
        clock,
        ids: ids.clone(),
    });
    let actor = Actor::new(ids.new_id(), ids.new_id(), Role::Owner);
    Scene { models, db, keyring, tracker, actor, _folder: folder }
}

impl Scene {
    async fn add(&self, name: &str) -> models::Provider {
        let key = Some(Secret::new("sk-0123456789"));
        let new = NewProvider { kind: Kind::OpenAi, name: name.to_owned(), address: None, key };
        self.models.add(&self.actor, new).await.unwrap()
    }

    async fn ask(&self) -> Result<String, Refusal> {
        self.ask_as(&self.actor).await
    }

    async fn ask_as(&self, actor: &Actor) -> Result<String, Refusal> {
        let prompt =
            Prompt { turns: vec![(Speaker::Person, "why".into())], most_tokens: 50, ..Prompt::default() };
        let (request, _) = Request::of(&prompt, self.models.redactor());
        let line = self.models.line(actor.workspace).await.unwrap();
        let question = Question { feature: Feature::Chat, request, cited: Vec::new(), reuse: false };
        let answer = self.models.ask(actor, line, question).await.unwrap();
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
        let decided = scene.models.decide(&scene.actor, 0, Some(routes.clone()), allowance).await.unwrap();
        assert_eq!((decided.version, scene.models.settings(&scene.actor).await.unwrap()), (1, decided));
        let late = scene.models.decide(&scene.actor, 0, Some(routes), allowance).await;
        assert!(matches!(late, Err(Error::Conflict)), "{late:?}");

        assert_eq!(scene.ask().await, Ok("two words".to_owned()));
        let spent = scene.models.spent(&scene.actor, 30, true).await.unwrap();
        let once = Used { questions: 1, input: 10, output: 5, micros: 20 };
        assert_eq!(spent.days, [(20_779, once)]);
        let mine = format!("user:{}", scene.actor.user);
        let accounts = ["feature:chat", "model:house/small", &mine];
        assert_eq!(spent.accounts, accounts.map(|account| (account.to_owned(), once)));
        let stranger = Actor::new(Ids::random(Clock::system()).new_id(), scene.actor.workspace, Role::Member);
        let theirs = scene.models.spent(&stranger, 30, false).await.unwrap().accounts;
        assert!(theirs.len() == 2 && !theirs.iter().any(|(name, _)| name == &mine), "{theirs:?}");

        // Another process over the same database has seen nothing of this one.
        let again = Scene { models: self::scene(scene.db.clone(), Server::default()).models, ..scene };
        let line = again.models.line(again.actor.workspace).await.unwrap();
        assert!(line.routes.len() == 1 && line.context == 32_768);
        assert_eq!(again.ask().await, Ok("two words".to_owned()));
        let over = again.ask().await;
        assert!(matches!(over, Err(Refusal::OverBudget(_))), "{over:?}");
        assert_eq!(again.models.trim().await.unwrap(), 0, "a day is kept for more than a year");
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
        scene.models.decide(&scene.actor, 0, Some(routes), Allowance::default()).await.unwrap();
        scene.models.remove(&scene.actor, house.id, 1).await.unwrap();
        let left = scene.models.settings(&scene.actor).await.unwrap();
        assert_eq!((left.routes, left.version), (Some(Vec::new()), 2));
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
async fn a_line_says_where_each_of_its_models_is_asked_also_of_two_with_one_name() {
    each_engine(|test| async move {
        let scene = scene(test.open().await, operators(Allowance::default()));
        let hosts = async || -> Vec<String> {
            let line = scene.models.line(scene.actor.workspace).await.unwrap();
            assert_eq!(line.routes.len(), line.addresses.len());
            line.addresses.iter().map(|address| address.host_str().unwrap().to_owned()).collect()
        };
        // A provider of the workspace is called as the operator's one is.
        let own = scene.add("other").await;
        assert_eq!(hosts().await, ["127.0.0.1"]);
        let routes = vec![route(Which::Own(own.id)), route(Which::Server("other".into()))];
        scene.models.decide(&scene.actor, 0, Some(routes), Allowance::default()).await.unwrap();
        assert_eq!(hosts().await, ["api.openai.com", "127.0.0.1"]);
    })
    .await;
}

#[tokio::test]
async fn a_workspace_cannot_make_the_operators_models_cheaper_or_ask_others_of_that_key() {
    each_engine(|test| async move {
        let most = Limit { tokens: None, micros: Some(125) };
        let named = operators(Allowance { workspace: most, ..Allowance::default() });
        let scene = scene(test.open().await, named);
        let theirs = route(Which::Server("other".into()));
        let dearest = Route { model: "dearest".into(), ..theirs.clone() };
        let refused = scene.models.decide(&scene.actor, 0, Some(vec![dearest]), Allowance::default()).await;
        assert!(matches!(refused, Err(Error::Invalid(Invalid::NotOffered(..)))), "{refused:?}");

        let free = Route { input_price: 0, output_price: 0, first_word_seconds: Some(1), ..theirs.clone() };
        let decided =
            scene.models.decide(&scene.actor, 0, Some(vec![free]), Allowance::default()).await.unwrap();
        assert_eq!(decided.routes, Some(vec![theirs]));
        assert_eq!(scene.ask().await, Ok("two words".to_owned()));
        assert_eq!(scene.models.today_spent(&scene.actor).await.unwrap()[0].micros, 20);
        let over = scene.ask().await;
        assert!(matches!(over, Err(Refusal::OverBudget(_))), "{over:?}");

        // What was decided before the operator took a model out, or raised its price.
        let raised = Route { input_price: 9, ..route(Which::Server("other".into())) };
        let now = Server { routes: vec![raised.clone()], ..operators(Allowance::default()) };
        let later = self::scene(scene.db.clone(), now).models;
        assert_eq!(later.settings(&scene.actor).await.unwrap().routes, Some(vec![raised]));
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

#[tokio::test]
async fn what_the_operator_lets_a_person_use_is_theirs_once_however_many_workspaces_they_make() {
    each_engine(|test| async move {
        let most = Limit { tokens: Some(90), micros: None };
        let named = operators(Allowance { person: most, ..Allowance::default() });
        let scene = scene(test.open().await, named.clone());
        let ids = Ids::random(Clock::system());
        let user = scene.actor.user;
        let elsewhere = || Actor::new(user, ids.new_id(), Role::Owner);
        assert_eq!(scene.ask().await, Ok("two words".to_owned()));
        // Another process, which has only the books, and another workspace, which has spent nothing.
        let again = Scene { models: self::scene(scene.db.clone(), named).models, ..scene };
        assert_eq!(again.ask_as(&elsewhere()).await, Ok("two words".to_owned()));
        let over = again.ask_as(&elsewhere()).await.unwrap_err();
        let left =
            "of what you may use of the server's models, in all workspaces together, 60 tokens are left";
        assert!(over.to_string().starts_with(left), "{over}");
        let other = Actor::new(ids.new_id(), again.actor.workspace, Role::Member);
        assert_eq!(again.ask_as(&other).await, Ok("two words".to_owned()));

        // At a provider of their own the operator has nothing to say about other workspaces.
        let own = elsewhere();
        let new = NewProvider { kind: Kind::Ollama, name: "house".into(), address: None, key: None };
        let house = again.models.add(&own, new).await.unwrap();
        let routes = Some(vec![route(Which::Own(house.id))]);
        again.models.decide(&own, 0, routes, Allowance::default()).await.unwrap();
        assert_eq!(again.ask_as(&own).await, Ok("two words".to_owned()));
    })
    .await;
}

#[tokio::test]
async fn nobody_is_somebody_elses_default() {
    each_engine(|test| async move {
        let scene = scene(test.open().await, operators(Allowance::default()));
        let actor = &scene.actor;
        let asked = async || scene.models.line(actor.workspace).await.unwrap().routes.len();
        // Only a budget: whom to ask is still the operator's to say.
        let budget = Allowance { person: Limit { tokens: Some(500), micros: None }, ..Allowance::default() };
        let decided = scene.models.decide(actor, 0, None, budget).await.unwrap();
        assert_eq!((decided.routes, asked().await), (None, 1));
        assert_eq!(scene.models.settings(actor).await.unwrap().routes, None);
        let own = scene.add("house").await;
        scene.models.decide(actor, 1, Some(vec![route(Which::Own(own.id))]), budget).await.unwrap();
        scene.models.remove(actor, own.id, 1).await.unwrap();
        assert_eq!(asked().await, 0, "what was meant for their own is not sent elsewhere");
        assert_eq!(scene.ask().await, Err(Refusal::NoModel));
        scene.models.decide(actor, 3, None, budget).await.unwrap();
        assert_eq!(asked().await, 1);
        scene.models.decide(actor, 4, Some(Vec::new()), budget).await.unwrap();
        assert_eq!(scene.models.settings(actor).await.unwrap().routes, Some(Vec::new()));
    })
    .await;
}

#[tokio::test]
async fn neither_key_nor_prompt_travels_in_the_clear_but_where_the_operator_said_so() {
    each_engine(|test| async move {
        let scene = scene(test.open().await, Server::default());
        let new = |kind, address: &str| NewProvider {
            kind,
            name: "house".into(),
            address: Some(address.into()),
            key: Some(Secret::new("sk-1")),
        };
        for address in ["http://api.example.org/v1", "http://127.0.0.1:8080", "http://127.0.0.1:11435"] {
            let refused = scene.models.add(&scene.actor, new(Kind::OpenAi, address)).await;
            assert!(matches!(refused, Err(Error::Invalid(Invalid::NotEncrypted))), "{refused:?}");
        }
        let named = new(Kind::Ollama, Kind::Ollama.usual_address());
        let added = scene.models.add(&scene.actor, named).await.unwrap();
        let key = Some(Some(Secret::new("sk-2")));
        let moved =
            ProviderChange { address: Some("http://x.example/".into()), key, ..ProviderChange::default() };
        let refused = scene.models.change(&scene.actor, added.id, 1, moved).await;
        assert!(matches!(refused, Err(Error::Invalid(Invalid::NotEncrypted))), "{refused:?}");

        // Set up while the operator still named the host.
        let mut tx = scene.db.begin().await.unwrap();
        tx.query("UPDATE model_provider SET address = 'http://x.example/'").execute().await.unwrap();
        tx.commit().await.unwrap();
        let routes = Some(vec![route(Which::Own(added.id))]);
        scene.models.decide(&scene.actor, 0, routes, Allowance::default()).await.unwrap();
        assert!(scene.models.line(scene.actor.workspace).await.unwrap().routes.is_empty());
        let checked = scene.models.check(&scene.actor, &Which::Own(added.id)).await.unwrap();
        assert_eq!(checked.state, State::Unreachable);
        assert!(checked.detail.unwrap().contains("only sent over https"));
    })
    .await;
}

#[tokio::test]
async fn the_books_hold_what_a_provider_makes_up() {
    each_engine(|test| async move {
        let scene = scene(test.open().await, Server::default());
        let own = scene.add("absurd").await;
        let routes = Some(vec![Route { input_price: 1_000_000_000_000, ..route(Which::Own(own.id)) }]);
        scene.models.decide(&scene.actor, 0, routes, Allowance::default()).await.unwrap();
        for _ in 0..3 {
            assert_eq!(scene.ask().await, Ok("x".to_owned()));
        }
        let spent = scene.models.spent(&scene.actor, 30, true).await.unwrap();
        let thrice = 3 << 40;
        assert_eq!(
            spent.days[0].1,
            Used { questions: 3, input: thrice, output: thrice, micros: thrice },
            "no more than a call can come to"
        );
        assert_eq!(scene.models.today_spent(&scene.actor).await.unwrap()[0].tokens, 2 * thrice);
    })
    .await;
}
