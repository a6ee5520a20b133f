//! Who reaches which provider, and who learns that one fails.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::sync::Arc;

use base::{Clock, Ids, Timestamp};
use llm::{Failure, Provider};
use models::{Connect, Kind, Service, Whose, over};
use outbound::{Allowed, Options, Outbound, Wait};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use url::Url;

const MODELS: &str =
    "HTTP/1.1 200 OK\r\nContent-Length: 25\r\nConnection: close\r\n\r\n{\"data\":[{\"id\":\"small\"}]}";

/// A service with one model; it ends with the test's runtime.
async fn house() -> Url {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}/v1", listener.local_addr().unwrap());
    #[expect(clippy::disallowed_methods, reason = "the service of a test ends with its runtime")]
    tokio::spawn(async move {
        while let Ok((mut socket, _)) = listener.accept().await {
            let _ = socket.read(&mut [0; 4096]).await;
            let _ = socket.write_all(MODELS.as_bytes()).await;
        }
    });
    address.parse().unwrap()
}

fn outbound(allowed: Allowed) -> Outbound {
    let clock = Clock::manual(Timestamp::from_seconds(1_000));
    let options = Options { allowed, ..Options::default() };
    Outbound::waiting(options, clock.clone(), Ids::counted(), Wait::Virtual(clock)).unwrap()
}

fn provider(connect: &Connect, whose: Whose, address: &Url) -> Arc<dyn Provider> {
    connect(Service { whose, kind: Kind::OpenAi, name: "house", address, key: None }).unwrap()
}

#[tokio::test]
async fn what_the_operator_wrote_is_reached_by_the_servers_providers_alone() {
    let address = house().await;
    let connect = over(outbound(Allowed::default()));
    let models = provider(&connect, Whose::Server, &address).models().await.unwrap();
    assert_eq!(models[0].name, "small");
    let typed = address.join("/internal").unwrap();
    for whose in [Whose::Own(Ids::counted().new_id(), 1), Whose::Tried] {
        let refused = provider(&connect, whose, &typed).models().await.unwrap_err();
        assert!(refused.to_string().contains("not on the public network"), "{refused}");
    }
}

#[tokio::test]
async fn a_workspaces_provider_that_fails_rests_for_that_workspace_alone() {
    let address = house().await;
    // The same host and port, of which TLS makes nothing.
    let mut wrong = address.clone();
    wrong.set_scheme("https").unwrap();
    let outbound = outbound(Allowed::default().with(&address));
    let connect = over(outbound.clone());
    let ids = Ids::counted();
    let (mine, theirs) = (Whose::Own(ids.new_id(), 1), Whose::Own(ids.new_id(), 1));
    let mut rests = false;
    for _ in 0..50 {
        let failed = provider(&connect, mine, &wrong).models().await.unwrap_err();
        rests |= matches!(failed, Failure::Busy { .. });
        let tried = provider(&connect, Whose::Tried, &wrong).models().await.unwrap_err();
        assert!(matches!(tried, Failure::Down { .. }), "{tried}");
    }
    assert!(rests, "what fails again and again is left in peace");
    let failed = provider(&connect, theirs, &wrong).models().await.unwrap_err();
    assert!(matches!(failed, Failure::Down { .. }), "{failed}");
    provider(&connect, Whose::Server, &address).models().await.unwrap();
    let known = outbound.states().into_iter().map(|state| state.name);
    assert_eq!(known.collect::<Vec<_>>(), ["model:house"]);
}
