//! A server that is told to stop under load finishes what it took in.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::{Value, json};
use tokio::time::{Instant, sleep};

use crate::program::{Caller, Running, builder, home};

const TASKS: &str = "/api/v1/w/home/tasks";
/// Clients that write all the time.
const WRITERS: usize = 8;

/// The titles of all tasks.
async fn titles(owner: &Caller) -> BTreeSet<String> {
    let (mut titles, mut next) = (BTreeSet::new(), String::new());
    loop {
        let page = owner.get(&format!("{TASKS}?limit=500{next}")).await;
        let rows = page["items"].as_array().unwrap().iter();
        titles.extend(rows.map(|task| task["title"].as_str().unwrap().to_owned()));
        match &page["next"] {
            Value::String(cursor) => next = format!("&cursor={cursor}"),
            _ => return titles,
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stop_under_load_fails_no_request_that_was_taken_in() {
    let home = home();
    let mut server = Running::start(home.path(), &[]).await;
    let owner = server.owner().await;
    let token = owner.token.clone().unwrap();
    let (acknowledged, refused) = (Arc::new(Mutex::new(BTreeSet::new())), Arc::new(Mutex::new(Vec::new())));
    let stopped = Arc::new(AtomicBool::new(false));
    let writers: Vec<_> = (0..WRITERS)
        .map(|writer| {
            let (token, url) = (token.clone(), format!("http://{}{TASKS}", server.address));
            let (acknowledged, refused) = (Arc::clone(&acknowledged), Arc::clone(&refused));
            let stopped = Arc::clone(&stopped);
            tokio::spawn(async move {
                // A connection for each request: one that is kept open may be closed while the next request is under way,
                // and that one was never taken in.
                let client = builder().pool_max_idle_per_host(0).build().unwrap();
                for number in 0.. {
                    let title = format!("writer {writer}, task {number}");
                    let sent = client.post(&url).bearer_auth(&token).json(&json!({ "title": title }));
                    match sent.send().await {
                        Ok(answer) if answer.status().is_success() => {
                            acknowledged.lock().unwrap().insert(title);
                        }
                        Ok(answer) => refused.lock().unwrap().push(answer.status()),
                        Err(_) if stopped.load(Ordering::SeqCst) => return,
                        Err(error) => panic!("before the stop: {error}"),
                    }
                }
            })
        })
        .collect();
    while acknowledged.lock().unwrap().len() < 100 {
        sleep(Duration::from_millis(10)).await;
    }
    stopped.store(true, Ordering::SeqCst);
    let began = Instant::now();
    let status = server.terminate().await;
    let took = began.elapsed();
    for writer in writers {
        writer.await.unwrap();
    }
    let acknowledged = acknowledged.lock().unwrap().clone();
    println!("{} writes were acknowledged; the stop took {took:?}", acknowledged.len());
    assert!(status.success() && took < Duration::from_secs(10), "{status} {took:?} {}", server.log());
    assert_eq!(*refused.lock().unwrap(), [] as [reqwest::StatusCode; 0]);

    // All that was said to be done is there, nothing else is, and the session goes on.
    let server = server.kill_and_restart().await;
    assert_eq!(titles(&owner).await, acknowledged);
    drop(server);
}
