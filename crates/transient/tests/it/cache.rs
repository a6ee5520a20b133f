//! Values that are kept, in one process and in both tiers.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use base::id::WorkspaceId;
use base::{Clock, Ids};
use tokio::task::JoinSet;
use transient::{Cache, Family, Key, Tag, Wanted};

use crate::{Node, clock, redis_here};

const FAMILY: Family =
    Family { name: "test", in_process: Duration::from_mins(5), shared: Duration::from_hours(1) };

/// Makes values, and counts how often.
#[derive(Default, Clone)]
struct Work(Arc<AtomicU32>);

impl Work {
    async fn of(&self, cache: &Cache, key: &Key, wanted: Wanted) -> String {
        let value = cache.get::<String>(key, wanted, async {
            Ok(format!("made {}", self.0.fetch_add(1, Ordering::SeqCst) + 1).into_bytes())
        });
        String::from_utf8(value.await.unwrap().to_vec()).unwrap()
    }
}

fn owner() -> WorkspaceId {
    Ids::random(Clock::system()).new_id()
}

fn tiered(node: &Node) -> Cache {
    let (redis, bus) = (node.redis.clone(), node.bus.clone());
    Cache::tiered(1 << 20, redis, bus, node.clock.clone(), &node.tracker, &node.stop)
}

#[tokio::test]
async fn a_value_is_made_once_for_its_owner_and_again_when_it_is_old_or_forgotten() {
    let clock = clock();
    let cache = Cache::in_process(1 << 20, clock.clone());
    let (work, mine, theirs) = (Work::default(), owner(), owner());
    let key = Key::new(FAMILY, mine, &["a", "b"]).tagged(Tag::of("repo", "1"));
    assert_eq!(work.of(&cache, &key, Wanted::Any).await, "made 1");
    assert_eq!(work.of(&cache, &key, Wanted::Any).await, "made 1");
    // Another owner, other parts and parts that only look alike when they are joined have values of their own.
    for (number, other) in [
        Key::new(FAMILY, theirs, &["a", "b"]),
        Key::new(FAMILY, mine, &["ab"]),
        Key::new(FAMILY, mine, &["ab", ""]),
    ]
    .iter()
    .enumerate()
    {
        assert_eq!(work.of(&cache, other, Wanted::Any).await, format!("made {}", number + 2));
    }
    assert_eq!(work.of(&cache, &key, Wanted::Fresh).await, "made 5");
    assert_eq!(work.of(&cache, &key, Wanted::Any).await, "made 5", "what a reader wanted anew is for all");
    clock.advance(FAMILY.in_process);
    assert_eq!(work.of(&cache, &key, Wanted::Any).await, "made 6");
    let mut expected = 6_u32;
    for tag in [Tag::of("repo", "1"), Tag::workspace(mine), Tag::family("test"), Tag::all()] {
        cache.forget(&[Tag::of("repo", "2"), Tag::workspace(theirs)]).await;
        assert_eq!(work.of(&cache, &key, Wanted::Any).await, format!("made {expected}"));
        cache.forget(std::slice::from_ref(&tag)).await;
        expected += 1;
        assert_eq!(work.of(&cache, &key, Wanted::Any).await, format!("made {expected}"), "{tag:?}");
    }
    let used = cache.families();
    assert_eq!((used[0].family, used[0].shared, used[0].made), (FAMILY, 0, u64::from(expected)));
    assert!(cache.held().await.bytes > 0);
    cache.forget(&[Tag::all()]).await;
    assert_eq!((cache.held().await.values, cache.held().await.bytes), (0, 0), "its room is given back");
}

#[tokio::test]
async fn of_many_that_ask_at_once_one_makes_it_and_what_fails_is_not_kept() {
    let cache = Cache::in_process(1 << 20, clock());
    let key = Key::new(FAMILY, owner(), &["a"]);
    let work = Work::default();
    let (go, gate) = tokio::sync::watch::channel(false);
    let mut asking = JoinSet::new();
    for _ in 0..16 {
        let (cache, key, work, mut gate) = (cache.clone(), key.clone(), work.clone(), gate.clone());
        asking.spawn(async move {
            let made = async {
                gate.wait_for(|open| *open).await.unwrap();
                work.0.fetch_add(1, Ordering::SeqCst);
                Ok::<_, String>(vec![7])
            };
            cache.get(&key, Wanted::Any, made).await.unwrap()
        });
    }
    tokio::task::yield_now().await;
    go.send(true).unwrap();
    for one in asking.join_all().await {
        assert_eq!(&*one, [7]);
    }
    assert_eq!(work.0.load(Ordering::SeqCst), 1);

    let failing = Key::new(FAMILY, owner(), &["b"]);
    let failed = cache.get(&failing, Wanted::Any, async { Err::<Vec<u8>, _>("broken".to_owned()) }).await;
    assert_eq!(failed.unwrap_err(), "broken");
    assert_eq!(work.of(&cache, &failing, Wanted::Any).await, "made 2");
}

#[tokio::test]
async fn a_value_that_was_being_made_when_it_was_forgotten_is_not_found_afterwards() {
    let Some(server) = redis_here() else { return };
    let (alone, node) = (Cache::in_process(1 << 20, clock()), Node::new(&server));
    for cache in [alone, tiered(&node)] {
        let key = Key::new(FAMILY, owner(), &["a"]).tagged(Tag::of("repo", "1"));
        let making = async {
            cache.forget(&[Tag::of("repo", "1")]).await;
            Ok::<_, String>(b"old".to_vec())
        };
        let first = Box::pin(cache.get(&key, Wanted::Any, making)).await.unwrap();
        let again = cache.get(&key, Wanted::Any, async { Ok::<_, String>(b"new".to_vec()) }).await.unwrap();
        assert_eq!((&*first, &*again), (&b"old"[..], &b"new"[..]));
    }
}

#[tokio::test]
async fn what_one_node_made_others_find_and_what_one_forgets_all_forget() {
    let Some(server) = redis_here() else { return };
    let (one, two) = (Node::new(&server), Node::new(&server));
    let (here, there) = (tiered(&one), tiered(&two));
    let (work, mine) = (Work::default(), owner());
    let key = Key::new(FAMILY, mine, &["a"]).tagged(Tag::of("repo", "1"));
    assert_eq!(work.of(&here, &key, Wanted::Any).await, "made 1");
    assert_eq!(work.of(&there, &key, Wanted::Any).await, "made 1");
    assert_eq!((there.families()[0].shared, there.families()[0].made), (1, 0));
    // Until both hear each other, and have forgotten what they held because they may have missed something.
    while one.bus.is_connected() != Some(true) || two.bus.is_connected() != Some(true) {
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    let mut expected = 1;
    for tag in [Tag::of("repo", "1"), Tag::workspace(mine)] {
        assert_eq!(work.of(&there, &key, Wanted::Any).await, format!("made {expected}"));
        here.forget(&[tag]).await;
        expected += 1;
        let started = tokio::time::Instant::now();
        while work.of(&there, &key, Wanted::Any).await != format!("made {expected}") {
            assert!(started.elapsed() < Duration::from_secs(10), "the other node still has it");
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
        assert_eq!(work.of(&here, &key, Wanted::Any).await, format!("made {expected}"));
    }
    assert_eq!(work.0.load(Ordering::SeqCst), expected);
}

#[tokio::test]
async fn without_its_redis_a_node_keeps_by_itself() {
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let node = Node::new(&format!("redis://{free}"));
    let (cache, work) = (tiered(&node), Work::default());
    let key = Key::new(FAMILY, owner(), &["a"]);
    assert_eq!(work.of(&cache, &key, Wanted::Any).await, "made 1");
    assert_eq!(work.of(&cache, &key, Wanted::Any).await, "made 1");
    cache.forget(&[Tag::all()]).await;
    assert_eq!(work.of(&cache, &key, Wanted::Any).await, "made 2");
    assert_eq!(node.bus.is_connected(), Some(false));
}

#[tokio::test]
async fn what_was_forgotten_stays_so_when_redis_drops_the_note_of_it() {
    let Some(server) = redis_here() else { return };
    let (one, two) = (Node::new(&server), Node::new(&server));
    let (here, there) = (tiered(&one), tiered(&two));
    let (work, tag) = (Work::default(), Tag::of("evicted", &owner().to_string()));
    let key = Key::new(FAMILY, owner(), &["a"]).tagged(tag.clone());
    assert_eq!(work.of(&here, &key, Wanted::Any).await, "made 1");
    here.forget(&[tag]).await;
    assert_eq!(work.of(&here, &key, Wanted::Any).await, "made 2");
    // What `allkeys-lru` does when memory is short.
    let client = redis::Client::open(server).unwrap();
    let mut connection = client.get_multiplexed_async_connection().await.unwrap();
    let turns: Vec<String> =
        redis::cmd("KEYS").arg("*turn:evicted:*").query_async(&mut connection).await.unwrap();
    assert!(!turns.is_empty());
    let _: i64 = redis::cmd("DEL").arg(&turns).query_async(&mut connection).await.unwrap();
    assert_eq!(work.of(&there, &key, Wanted::Any).await, "made 3");
}
