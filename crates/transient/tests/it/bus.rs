//! Hints between nodes.

use std::time::Duration;

use base::{Clock, Ids};
use transient::{Bus, Heard, Listener, Topic};

use crate::{Node, redis_here};

/// The next hint; a test that hears nothing has failed.
async fn next(listener: &mut Listener) -> Heard {
    tokio::time::timeout(Duration::from_secs(10), listener.next())
        .await
        .unwrap_or_else(|_| panic!("nothing was heard for ten seconds"))
}

#[tokio::test]
async fn others_hear_what_a_node_says_and_it_does_not_hear_itself() {
    let Some(server) = redis_here() else { return };
    let (one, two) = (Node::new(&server), Node::new(&server));
    let (mut own, mut heard) = (one.bus.listen(Topic::Events), two.bus.listen(Topic::Events));
    let mut jobs = two.bus.listen(Topic::Jobs);
    // A line that is new may have missed something.
    for listener in [&mut own, &mut heard, &mut jobs] {
        assert_eq!(next(listener).await, Heard::Missed);
    }
    assert_eq!((one.bus.is_connected(), two.bus.is_connected()), (Some(true), Some(true)));
    // The server of the tests is everybody's: other tests may be heard too.
    let word = Ids::random(Clock::system()).new_id::<base::id::UserId>().to_string();
    one.bus.say(Topic::Events, format!("{word} 1"));
    one.bus.say(Topic::Jobs, word.clone());
    while next(&mut heard).await != Heard::Said(format!("{word} 1").into()) {}
    while next(&mut jobs).await != Heard::Said(word.clone().into()) {}
    two.bus.say(Topic::Events, format!("{word} 2"));
    loop {
        let hint = next(&mut own).await;
        assert_ne!(hint, Heard::Said(format!("{word} 1").into()), "its own word");
        if hint == Heard::Said(format!("{word} 2").into()) {
            break;
        }
    }
}

#[tokio::test]
async fn a_node_that_is_alone_hears_nothing_and_waits_for_nobody() {
    let bus = Bus::Alone;
    bus.say(Topic::Cache, "all".to_owned());
    let mut listener = bus.listen(Topic::Cache);
    assert!(tokio::time::timeout(Duration::from_millis(20), listener.next()).await.is_err());
    assert_eq!(bus.is_connected(), None);
}
