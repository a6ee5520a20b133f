//! Falling back, stopping, sharing, keeping, and what all of it costs.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use base::id::WorkspaceId;
use base::{Clock, Ids, Timestamp};
use llm::scripted::{Act, Scripted, Seen};
use llm::{
    Account, Answer, Ask, Budgets, Failure, Gateway, Limit, Options, Part, Piece, Price, Prompt, Record,
    Redactor, Refusal, Request, Route, Speaker, Stop, Usage,
};
use tokio::sync::Notify;
use tokio::task::JoinSet;
use tokio::time::timeout;
use tokio_util::task::TaskTracker;

/// Longer than anything here takes; where a test waits this long, it fails.
const PATIENCE: Duration = Duration::from_secs(5);

struct Scene {
    gateway: Gateway,
    records: Arc<Mutex<Vec<Record>>>,
    workspace: WorkspaceId,
}

impl Scene {
    fn new() -> Self {
        let records: Arc<Mutex<Vec<Record>>> = Arc::default();
        let log = Arc::clone(&records);
        let clock = Clock::manual(Timestamp::from_seconds(1_000));
        let gateway = Gateway::new(Options {
            budgets: Budgets::new(clock.clone()),
            clock,
            tracker: TaskTracker::new(),
            record: Arc::new(move |record| log.lock().unwrap().push(record)),
            kept_bytes: 1 << 20,
        });
        Self { gateway, records, workspace: Ids::counted().new_id() }
    }

    fn ask(&self, routes: Vec<Route>) -> Ask {
        let prompt = Prompt {
            system: "Be brief.".into(),
            turns: vec![(Speaker::Person, "Why is the build red?".into())],
            most_tokens: 100,
        };
        let redactor = Redactor::new(Arc::new(|_| Vec::new()));
        Ask {
            workspace: self.workspace,
            routes,
            request: Request::of(&prompt, &redactor).0,
            accounts: vec![ann()],
            house: vec![house()],
            cited: vec!["c0ffee".into()],
            reuse: false,
        }
    }

    async fn answer(&self, ask: Ask) -> Answer {
        self.gateway.ask(ask).await
    }

    /// The records, once there are so many.
    async fn records(&self, many: usize) -> Vec<Record> {
        until(|| self.records.lock().unwrap().len() >= many).await;
        self.records.lock().unwrap().clone()
    }
}

/// Lets the others go on until it is so.
async fn until(so: impl Fn() -> bool) {
    let wait = async {
        while !so() {
            tokio::task::yield_now().await;
        }
    };
    timeout(PATIENCE, wait).await.unwrap();
}

fn ann() -> Account {
    Account::new("user", "ann")
}

fn house() -> Account {
    Account::new("house", "ann").called("what ann may use")
}

fn route(provider: Scripted, price: Price) -> (Route, Arc<Mutex<Seen>>) {
    let seen = provider.seen();
    let patience = PATIENCE * 2;
    let route = Route {
        provider: Arc::new(provider),
        model: "m".into(),
        price,
        first_word: patience,
        for_token: Duration::ZERO,
        house: false,
    };
    (route, seen)
}

fn free(name: &str, acts: Vec<Vec<Act>>) -> (Route, Arc<Mutex<Seen>>) {
    route(Scripted::new(name, acts), Price::default())
}

fn text(text: &str) -> Act {
    Act::Say(Part::Text(text.into()))
}

fn used(input: u64, output: u64) -> Act {
    Act::Say(Part::Used(Usage { input, output }))
}

fn done() -> Act {
    Act::Say(Part::Ended(Stop::Done))
}

fn down(name: &str) -> Failure {
    Failure::Down { provider: name.into(), detail: "connection refused".into() }
}

fn asked(seen: &Mutex<Seen>) -> usize {
    seen.lock().unwrap().asked.len()
}

#[tokio::test]
async fn who_fails_before_the_first_word_is_replaced_and_nobody_notices_but_it_is_recorded() {
    let scene = Scene::new();
    let (refuses, _) = free("a", vec![vec![Act::Fail(down("a"))]]);
    let (breaks, _) = free("b", vec![vec![used(7, 0), Act::Fail(Failure::BrokeOff("b".into()))]]);
    let (silent, _) = free("c", vec![vec![]]);
    let (answers, _) = free("d", vec![vec![text("Because "), text("of you."), done(), used(10, 3)]]);
    let answer = scene.answer(scene.ask(vec![refuses, breaks, silent, answers])).await;
    let (said, over) = timeout(Duration::from_secs(1), answer.whole()).await.unwrap();
    let outcome = over.unwrap();
    assert_eq!(said, "Because of you.");
    assert_eq!((outcome.provider.as_str(), outcome.stop), ("d", Some(Stop::Done)));
    assert_eq!(outcome.usage, Usage { input: 10, output: 3 });
    let missed: Vec<&str> = outcome.missed.iter().map(|missed| missed.provider.as_str()).collect();
    assert_eq!(missed, ["a", "b", "c"]);
    assert_eq!(outcome.missed[2].failure, Failure::BrokeOff("c".into()));
    let record = &scene.records(1).await[0];
    assert_eq!(record.usage, Usage { input: 17, output: 3 }, "what b counted is counted too");
    assert!(record.first_word.is_some());
}

#[tokio::test]
async fn an_answer_that_breaks_off_is_partial_and_nobody_else_is_asked() {
    let scene = Scene::new();
    let (breaks, _) = free("a", vec![vec![text("Half an ans"), Act::Fail(Failure::BrokeOff("a".into()))]]);
    let (other, seen) = free("b", vec![vec![text("whole"), done()]]);
    let ask = Ask { reuse: true, ..scene.ask(vec![breaks, other]) };
    let (said, over) = scene.answer(ask.clone()).await.whole().await;
    let outcome = over.unwrap();
    assert_eq!(said, "Half an ans");
    assert!(outcome.is_partial());
    assert_eq!(outcome.missed[0].failure, Failure::BrokeOff("a".into()));
    assert_eq!(asked(&seen), 0);
    // It is not kept either: the next one asks again.
    scene.answer(ask).await.whole().await.1.unwrap();
    assert!(scene.records(2).await.iter().all(|record| matches!(&record.over, Ok(over) if !over.kept)));
}

#[tokio::test]
async fn who_says_nothing_in_time_is_replaced() {
    let scene = Scene::new();
    let (mut silent, seen) =
        free("a", vec![vec![Act::Say(Part::Text(String::new())), Act::Wait(Arc::default())]]);
    silent.first_word = Duration::from_millis(50);
    let (answers, _) = free("b", vec![vec![text("yes"), done()]]);
    let (said, over) = scene.answer(scene.ask(vec![silent, answers])).await.whole().await;
    assert_eq!((said.as_str(), over.unwrap().missed.len()), ("yes", 1));
    assert_eq!(seen.lock().unwrap().dropped, 1, "the silent call is ended");
}

#[tokio::test]
async fn without_anybody_who_answers_it_says_why() {
    let scene = Scene::new();
    let (_, over) = scene.answer(scene.ask(Vec::new())).await.whole().await;
    assert_eq!(over, Err(Refusal::NoModel));
    let (refuses, _) = free("a", vec![vec![Act::Fail(Failure::Key("a".into()))]]);
    let (_, over) = scene.answer(scene.ask(vec![refuses])).await.whole().await;
    let refusal = over.unwrap_err();
    assert_eq!(
        refusal.to_string(),
        "no model answered: a refused the key: check it in the settings of the provider"
    );
    assert_eq!(scene.records(2).await[1].over, Err(refusal));
}

#[tokio::test]
async fn a_call_ends_upstream_when_nobody_listens_and_what_was_used_is_counted() {
    let scene = Scene::new();
    let (endless, seen) = free("a", vec![vec![text("one two three four"), Act::Wait(Arc::default())]]);
    let mut answer = scene.answer(scene.ask(vec![endless])).await;
    assert_eq!(answer.next().await, Some(Piece::Text("one two three four".into())));
    drop(answer);
    let ended = until(|| seen.lock().unwrap().dropped == 1);
    timeout(Duration::from_secs(1), ended).await.unwrap();
    let record = &scene.records(1).await[0];
    assert_eq!(record.over, Err(Refusal::Stopped));
    assert_eq!(record.usage.output, 5);
    let spent = scene.gateway.budgets().spent(&ann());
    assert_eq!(spent.tokens, record.usage.input + record.usage.output);
}

#[tokio::test]
async fn callers_at_the_same_moment_do_not_pass_a_limit_together() {
    let scene = Scene::new();
    // Each answer costs what it can cost at most.
    let price = Price { input: 0, output: 1_000_000 };
    let go = Arc::new(Notify::new());
    let acts = vec![text("x"), Act::Wait(Arc::clone(&go)), done(), used(1, 100)];
    let (costly, seen) = route(Scripted::new("a", vec![acts]), price);
    scene.gateway.budgets().limit(ann(), Limit { tokens: None, micros: Some(1_050) });
    let mut callers = JoinSet::new();
    for _ in 0..64 {
        let answer = scene.answer(scene.ask(vec![costly.clone()])).await;
        callers.spawn(answer.whole());
    }
    until(|| asked(&seen) + scene.records.lock().unwrap().len() == 64).await;
    while !callers.is_empty() {
        go.notify_waiters();
        while callers.try_join_next().is_some() {}
        tokio::task::yield_now().await;
    }
    let records = scene.records(64).await;
    let answered = records.iter().filter(|record| record.over.is_ok()).count();
    let refused = records.iter().filter(|record| matches!(record.over, Err(Refusal::OverBudget(_)))).count();
    assert_eq!((answered, refused), (10, 54));
    assert_eq!(scene.gateway.budgets().spent(&ann()).micros, 1_000);
    assert_eq!(asked(&seen), 10, "who has nothing left asks nobody");
}

#[tokio::test]
async fn a_fallback_that_costs_too_much_is_not_asked_and_a_free_one_is() {
    let scene = Scene::new();
    scene.gateway.budgets().limit(ann(), Limit { tokens: None, micros: Some(50) });
    let (fails, _) = free("a", vec![vec![Act::Fail(down("a"))]]);
    let costly = Scripted::new("b", vec![vec![text("dear"), done()]]);
    let (costly, seen) = route(costly, Price { input: 0, output: 1_000_000 });
    let (local, _) = free("c", vec![vec![text("free"), done()]]);
    let ask = scene.ask(vec![fails.clone(), costly.clone(), local]);
    assert_eq!(scene.answer(ask).await.whole().await.0, "free");
    let (_, over) = scene.answer(scene.ask(vec![fails, costly])).await.whole().await;
    assert!(matches!(over, Err(Refusal::OverBudget(over)) if over.account == ann()));
    assert_eq!(asked(&seen), 0);
}

#[tokio::test]
async fn the_house_counts_and_bounds_what_it_pays_for_and_nothing_else() {
    let scene = Scene::new();
    let breaks = vec![vec![used(30, 0), Act::Fail(Failure::BrokeOff("own".into()))]];
    let (own, _) = free("own", breaks);
    let (theirs, seen) = free("theirs", vec![vec![text("yes"), done(), used(10, 3)]]);
    let theirs = Route { house: true, ..theirs };
    scene.gateway.budgets().limit(house(), Limit { tokens: Some(150), micros: None });
    let ask = || scene.ask(vec![own.clone(), theirs.clone()]);
    assert_eq!(scene.answer(ask()).await.whole().await.0, "yes");
    let charges = scene.records(1).await[0].charges.clone();
    let charged = |account| charges.get(&account).map(|charge| charge.usage);
    assert_eq!(charged(ann()), Some(Usage { input: 40, output: 3 }));
    assert_eq!(charged(house()), Some(Usage { input: 10, output: 3 }));
    scene.gateway.budgets().count(&house(), llm::Spend { tokens: 100, micros: 0 });
    let told = async || scene.answer(ask()).await.whole().await.1.unwrap_err().to_string();
    assert_eq!(
        told().await,
        "of what ann may use 37 tokens are left for today, and this may take 126: ask for less or after midnight (UTC), \
         or have it raised"
    );
    scene.gateway.budgets().count(&house(), llm::Spend { tokens: 37, micros: 0 });
    assert_eq!(
        told().await,
        "what ann may use for today is used up: ask again after midnight (UTC), or have it raised"
    );
    assert_eq!(asked(&seen), 1);
    let (free, _) = free("free", vec![vec![text("still"), done()]]);
    assert_eq!(scene.answer(scene.ask(vec![free])).await.whole().await.0, "still");
}

#[tokio::test]
async fn whoever_keeps_people_waiting_is_told_of() {
    let scene = Scene::new();
    let never = Arc::new(Notify::new());
    let impatient = |(route, seen)| (Route { first_word: Duration::from_millis(1), ..route }, seen);
    let (hangs, before) = impatient(free("a", vec![vec![Act::Wait(Arc::clone(&never))]]));
    let (begins, after) = impatient(free("b", vec![vec![used(1, 0), Act::Wait(never)]]));
    let (answers, well) = free("c", vec![vec![text("well"), done()]]);
    let (said, over) = scene.answer(scene.ask(vec![hangs, begins, answers])).await.whole().await;
    assert_eq!((said.as_str(), over.unwrap().missed.len()), ("well", 2));
    let silent = [before, after, well].map(|seen| seen.lock().unwrap().silent);
    assert_eq!(silent, [1, 1, 0]);
}

#[tokio::test]
async fn who_asks_the_same_at_the_same_moment_listens_along_and_goes_on_alone() {
    let scene = Scene::new();
    let go = Arc::new(Notify::new());
    let (slow, seen) = free("a", vec![vec![text("one "), Act::Wait(Arc::clone(&go)), text("two"), done()]]);
    let ask = Ask { reuse: true, ..scene.ask(vec![slow]) };
    let mut first = scene.answer(ask.clone()).await;
    assert_eq!(first.next().await, Some(Piece::Text("one ".into())));
    let second = scene.answer(ask).await;
    drop(first);
    tokio::task::yield_now().await;
    go.notify_one();
    let (said, over) = timeout(PATIENCE, second.whole()).await.unwrap();
    assert_eq!((said.as_str(), over.unwrap().stop), ("one two", Some(Stop::Done)));
    assert_eq!(asked(&seen), 1);
    assert_eq!(scene.records(1).await.len(), 1);
}

#[tokio::test]
async fn a_whole_answer_is_kept_until_the_code_it_cites_changes_and_for_its_workspace_alone() {
    let scene = Scene::new();
    let answers =
        vec![vec![text("first"), done()], vec![text("second"), done()], vec![text("third"), done()]];
    let (answers, seen) = route(Scripted::new("a", answers), Price { input: 0, output: 1_000_000 });
    let ask = Ask { reuse: true, ..scene.ask(vec![answers]) };
    let said = async |ask: Ask| scene.answer(ask).await.whole().await;
    assert_eq!(said(ask.clone()).await.0, "first");
    let (text, over) = said(ask.clone()).await;
    let over = over.unwrap();
    assert_eq!((text.as_str(), over.kept, over.micros), ("first", true, 0));
    let pushed = Ask { cited: vec!["decade".into()], ..ask.clone() };
    assert_eq!(said(pushed).await.0, "second");
    let ids = Ids::counted();
    let _ = ids.new_id::<WorkspaceId>();
    let elsewhere = Ask { workspace: ids.new_id(), ..ask.clone() };
    assert_eq!(said(elsewhere).await.0, "third");
    assert_eq!(said(ask.clone()).await.0, "first");
    assert_eq!(asked(&seen), 3);
    let anew = Ask { reuse: false, ..ask };
    assert_eq!(said(anew).await.0, "third");
}

#[tokio::test]
async fn counts_that_cannot_be_are_counted_as_far_as_books_go() {
    const MOST: u64 = 1 << 40;
    let scene = Scene::new();
    let absurd = vec![used(u64::MAX, u64::MAX), text("x"), Act::Fail(Failure::BrokeOff("a".into()))];
    let (first, _) = free("a", vec![vec![used(u64::MAX, 1), Act::Fail(down("a"))]]);
    let (second, _) = route(Scripted::new("b", vec![absurd]), Price { input: u64::MAX, output: u64::MAX });
    let ask = Ask { routes: vec![first, second], ..scene.ask(Vec::new()) };
    let (said, over) = scene.answer(ask).await.whole().await;
    assert_eq!((said.as_str(), over.unwrap().micros), ("x", MOST));
    assert_eq!(scene.records(1).await[0].usage, Usage { input: 2 * MOST, output: MOST + 1 });
}

#[tokio::test]
async fn an_answer_that_was_cut_at_its_limit_is_not_kept() {
    let scene = Scene::new();
    let cut = vec![text("long"), Act::Say(Part::Ended(Stop::Length))];
    let (cut, seen) = free("a", vec![cut]);
    let ask = Ask { reuse: true, ..scene.ask(vec![cut]) };
    for _ in 0..2 {
        assert_eq!(scene.answer(ask.clone()).await.whole().await.1.unwrap().stop, Some(Stop::Length));
    }
    assert_eq!(asked(&seen), 2);
}
