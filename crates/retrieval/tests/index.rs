//! The index: what is found, by whom, and what is left after the process ends.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use base::Ids;
use base::id::WorkspaceId;
use retrieval::{Change, Document, Embedder, Hit, Mix, Retrieval, Search, Watermark};
use uuid::Uuid;

struct Scene {
    retrieval: Retrieval,
    embedder: Embedder,
    workspace: WorkspaceId,
    other: WorkspaceId,
}

impl Scene {
    fn new(folder: Option<&Path>) -> Self {
        let ids = Ids::counted();
        Self {
            retrieval: Retrieval::in_process(folder.map(Path::to_owned)),
            embedder: Embedder::new(),
            workspace: ids.new_id(),
            other: ids.new_id(),
        }
    }

    fn put(&self, number: u128, workspace: WorkspaceId, keys: &[&str], text: &str) -> Change {
        Change::Put(Document {
            id: Uuid::from_u128(number),
            workspace,
            keys: keys.iter().map(|key| (*key).to_owned()).collect(),
            text: text.to_owned(),
            vector: self.embedder.embed(text).unwrap(),
        })
    }

    async fn apply(&self, changes: Vec<Change>, seen: i64) {
        self.retrieval.apply(changes, mark(seen)).await.unwrap();
    }

    async fn search(&self, text: &str, filter: &[&[&str]]) -> Vec<Hit> {
        self.search_in(self.workspace, text, filter).await
    }

    async fn search_in(&self, workspace: WorkspaceId, text: &str, filter: &[&[&str]]) -> Vec<Hit> {
        let search = Search {
            workspace,
            text: text.to_owned(),
            vector: Some(self.embedder.embed(text).unwrap()),
            filter: filter.iter().map(|keys| keys.iter().map(|key| (*key).to_owned()).collect()).collect(),
            limit: 10,
            mix: Mix::default(),
        };
        self.retrieval.search(search).await.unwrap()
    }
}

fn mark(seen: i64) -> Watermark {
    Watermark { epoch: "e".to_owned(), seen }
}

fn numbers(hits: &[Hit]) -> Vec<u128> {
    hits.iter().map(|hit| hit.id.as_u128()).collect()
}

const RETRY: &str = "Retry calls to the payment service with jitter, because it refuses bursts";
const COLORS: &str = "Buttons are blue in both themes";

#[tokio::test]
async fn what_was_put_is_found_at_once_with_its_reasons() {
    let scene = Scene::new(None);
    assert_eq!(scene.search("anything", &[]).await, []);
    let changes = vec![scene.put(1, scene.workspace, &[], COLORS), scene.put(2, scene.workspace, &[], RETRY)];
    scene.apply(changes, 1).await;
    let hits = scene.search("payment retries", &[]).await;
    assert_eq!(hits[0].id, Uuid::from_u128(2));
    assert_eq!(hits[0].terms, ["payment", "retri"]);
    assert!(hits[0].score.words.unwrap() > 0.0 && hits[0].score.likeness.unwrap() > 0.2);

    // Replaced, not doubled; then gone.
    scene.apply(vec![scene.put(2, scene.workspace, &[], "Invoices are sent on Mondays")], 2).await;
    let hits = scene.search("payment retries", &[]).await;
    assert!(hits.iter().all(|hit| hit.terms.is_empty()), "{hits:?}");
    assert_eq!(scene.retrieval.size().await.unwrap(), 2);
    scene.apply(vec![Change::Remove { workspace: scene.workspace, id: Uuid::from_u128(2) }], 3).await;
    assert_eq!(numbers(&scene.search("invoices on mondays", &[]).await), [1]);
    assert_eq!(scene.retrieval.ids(scene.workspace).await.unwrap(), [Uuid::from_u128(1)]);
}

#[tokio::test]
async fn identical_documents_of_another_workspace_are_never_found() {
    let scene = Scene::new(None);
    let mut changes = Vec::new();
    for number in 0..300 {
        let whose = if number % 2 == 0 { scene.workspace } else { scene.other };
        changes.push(scene.put(number, whose, &["team"], RETRY));
    }
    scene.apply(changes, 1).await;
    for (workspace, rest) in [(scene.workspace, 0), (scene.other, 1)] {
        let own: BTreeSet<u128> = (0..300).filter(|number| number % 2 == rest).collect();
        for question in ["retry with jitter", RETRY, "zzz"] {
            for filter in [&[][..], &[&["team"][..]][..]] {
                let hits = scene.search_in(workspace, question, filter).await;
                assert!(numbers(&hits).iter().all(|number| own.contains(number)), "{question}");
            }
        }
        assert_eq!(scene.search_in(workspace, RETRY, &[]).await.len(), 10);
    }
    let nobody: WorkspaceId = "00000000-0000-7000-8000-0000000000ff".parse().unwrap();
    assert_eq!(scene.search_in(nobody, RETRY, &[]).await, []);
}

#[tokio::test]
async fn what_others_write_changes_no_score() {
    let (alone, beside) = (Scene::new(None), Scene::new(None));
    for scene in [&alone, &beside] {
        let texts = [RETRY, COLORS, "Payment is due on Mondays"];
        let own = (1..).zip(texts).map(|(number, text)| scene.put(number, scene.workspace, &[], text));
        scene.apply(own.collect(), 1).await;
    }
    let theirs = (100..200)
        .map(|number| beside.put(number, beside.other, &[], "payment payment of much longer texts"));
    beside.apply(theirs.collect(), 2).await;
    for question in ["payment", "retry the payment", "blue buttons"] {
        assert_eq!(alone.search(question, &[]).await, beside.search(question, &[]).await, "{question}");
    }
}

#[tokio::test]
async fn of_each_group_of_keys_one_is_needed() {
    let scene = Scene::new(None);
    let changes = vec![
        scene.put(1, scene.workspace, &["team", "kind:note"], RETRY),
        scene.put(2, scene.workspace, &["user:a", "kind:note"], RETRY),
        scene.put(3, scene.workspace, &["user:b", "kind:decision"], RETRY),
    ];
    scene.apply(changes, 1).await;
    let found = async |filter: &[&[&str]]| numbers(&scene.search(RETRY, filter).await);
    assert_eq!(found(&[&["team", "user:a"]]).await, [1, 2]);
    assert_eq!(found(&[&["team", "user:b"], &["kind:decision"]]).await, [3]);
    assert_eq!(found(&[&["nobody"]]).await, [0; 0]);
    assert_eq!(found(&[&[]]).await, [0; 0]);
}

#[tokio::test]
async fn an_index_is_whole_after_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("index");
    let first = Scene::new(Some(&path));
    assert_eq!(first.retrieval.watermark().await.unwrap(), None);
    first.apply(vec![first.put(1, first.workspace, &["team"], RETRY)], 7).await;
    // While somebody writes there, another process has one of its own.
    let beside = Scene::new(Some(&path));
    assert_eq!(beside.retrieval.watermark().await.unwrap(), None);
    drop((first, beside));
    let again = Scene::new(Some(&path));
    assert_eq!(again.retrieval.watermark().await.unwrap(), Some(mark(7)));
    assert_eq!(numbers(&again.search("payment", &[&["team"]]).await), [1]);
    again.retrieval.clear().await.unwrap();
    assert_eq!(again.retrieval.watermark().await.unwrap(), None);
    assert_eq!(again.search(RETRY, &[]).await, []);
}

#[tokio::test]
async fn a_damaged_index_is_thrown_away() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("index");
    let first = Scene::new(Some(&path));
    first.apply(vec![first.put(1, first.workspace, &[], RETRY)], 7).await;
    drop(first);
    fs::write(path.join("meta.json"), "{").unwrap();
    let again = Scene::new(Some(&path));
    assert_eq!(again.retrieval.watermark().await.unwrap(), None);
    again.apply(vec![again.put(2, again.workspace, &[], RETRY)], 1).await;
    assert_eq!(numbers(&again.search(RETRY, &[]).await), [2]);
}

#[tokio::test]
async fn odd_questions_have_an_answer() {
    let scene = Scene::new(None);
    scene.apply(vec![scene.put(1, scene.workspace, &[], RETRY)], 1).await;
    for question in ["", "the", "\u{0}", "😀", "a AND (b OR", &"x".repeat(100_000), &"é ".repeat(10_000)] {
        assert!(scene.search(question, &[]).await.len() <= 1);
    }
}
