//! Looking for something in the code of a repository.

use serde_json::{Value, json};
use test_support::{Fixture, on_each_engine};

use crate::analysis::{analyzed, connect};

#[tokio::test(flavor = "multi_thread")]
async fn code_is_found_by_what_it_does_and_by_its_names_in_one_s_own_repositories_alone() {
    on_each_engine(|app| async move {
        let mut fixture = Fixture::insecure();
        let owner = app.owner().await;
        let slug = connect(&owner, "home", &fixture).await;
        let search = format!("/w/home/repos/{slug}/search");
        let early = owner.get(&format!("{search}?q=request")).await;
        assert_eq!(early.problem(404), "not_analysed");
        analyzed(&app, &owner, &slug).await;

        let found = owner.get(&format!("{search}?q=which%20request%20runs%20a%20subprocess")).await.ok();
        let best = &found["data"]["passages"][0];
        assert_eq!((&best["path"], &best["start"]), (&json!("src/app.py"), &json!(1)), "{found:#}");
        assert!(best["text"].as_str().unwrap().contains("subprocess.call"), "{best:#}");
        assert_eq!((&found["meta"]["partial"], &found["data"]["symbols"]), (&json!([]), &json!([])));
        assert_eq!(found["meta"]["commit"], found["data"]["commit"]);
        assert_eq!(
            owner.get(&format!("{search}?q=which%20request%20runs%20a%20subprocess")).await.ok(),
            found
        );

        let names = owner.get(&format!("{search}?q=RUN&kind=symbol&limit=1")).await.ok();
        let symbol =
            json!({ "name": "run", "kind": "function", "path": "src/app.py", "start": 9, "end": 10 });
        assert_eq!(names["data"]["symbols"], json!([symbol]), "{names:#}");

        // What is not analysed yet is not searched.
        fixture.commit("More", &[("src/zebra.py", "def zebra():\n    return 'stripes'\n")]);
        let unknown = owner.get(&format!("{search}?q=zebra&kind=symbol")).await.ok();
        assert_eq!(unknown["data"]["symbols"], json!([]));
        analyzed(&app, &owner, &slug).await;
        let known = owner.get(&format!("{search}?q=zebra&kind=symbol")).await.ok();
        assert_eq!(known["data"]["symbols"][0]["name"], "zebra");

        for query in ["", "?q=", "?q=%20", "?q=a&kind=other", "?q=a&more=1"] {
            assert_eq!(owner.get(&format!("{search}{query}")).await.status, 400, "{query}");
        }
        let stranger = app.stranger("other").await;
        let own = format!("/w/other/repos/{slug}/search?q=request");
        let (foreign, through) =
            (stranger.get(&format!("{search}?q=request")).await, stranger.get(&own).await);
        assert_eq!((foreign.status, through.status), (404, 404));
        assert!(!foreign.body.to_string().contains("subprocess") && foreign.body != Value::Null);
    })
    .await;
}
