//! A wire to a PostgreSQL server that breaks at a commit.

use std::sync::{Arc, Mutex, PoisonError};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

use crate::config::Config;

/// Where the wire breaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cut {
    /// The server never hears of the commit: nothing is kept.
    BeforeCommit,
    /// The server commits, and its answer is lost: everything is kept.
    AfterCommit,
}

/// A wire between a [`Db`](crate::Db) and its server. Whoever uses it cannot tell it from the server.
pub struct CutWire {
    config: Config,
    armed: Armed,
    _tasks: JoinSet<()>,
}

/// The next cut, and a text that the transaction to cut sends to the server.
type Armed = Arc<Mutex<Option<(String, Cut)>>>;

impl CutWire {
    /// A whole wire to the server of a database.
    ///
    /// # Panics
    /// When the database is not on a PostgreSQL server, or no port is free.
    pub async fn to(config: &Config) -> Self {
        let Config::Postgres { url } = config else { panic!("only a server has a wire") };
        let url = url.expose();
        let start = url.rfind('@').or_else(|| url.find("//").map(|at| at + 1)).map_or(0, |at| at + 1);
        let end = url[start..].find('/').map_or(url.len(), |at| start + at);
        let server = url[start..end].to_owned();
        let listener = match TcpListener::bind("127.0.0.1:0").await {
            Ok(listener) => listener,
            Err(error) => panic!("no port for the wire: {error}"),
        };
        let port = listener.local_addr().map_or(0, |address| address.port());
        // An encrypted wire could not be read.
        let mark = if url.contains('?') { '&' } else { '?' };
        let config = Config::postgres(format!(
            "{}127.0.0.1:{port}{}{mark}sslmode=disable",
            &url[..start],
            &url[end..]
        ));
        let armed = Armed::default();
        let mut tasks = JoinSet::new();
        let shared = Arc::clone(&armed);
        tasks.spawn(async move {
            let mut wires = JoinSet::new();
            while let Ok((client, _)) = listener.accept().await {
                let (server, armed) = (server.clone(), Arc::clone(&shared));
                // Its end, whatever the reason, is the end of that connection.
                wires.spawn(async move { drop(carry(client, &server, &armed).await) });
            }
        });
        Self { config, armed, _tasks: tasks }
    }

    /// The database at the other end.
    pub fn config(&self) -> &Config {
        &self.config
    }

    /// Breaks once, at the commit of the next transaction that sends `text` to the server.
    pub fn cut(&self, text: &str, cut: Cut) {
        *self.armed.lock().unwrap_or_else(PoisonError::into_inner) = Some((text.to_owned(), cut));
    }
}

/// Carries one connection until an end is closed, or until it is cut.
async fn carry(mut client: TcpStream, server: &str, armed: &Armed) -> std::io::Result<()> {
    let mut server = TcpStream::connect(server).await?;
    let (mut asked, mut answered) = (vec![0; 64 << 10], vec![0; 64 << 10]);
    let mut transaction = Vec::new();
    loop {
        tokio::select! {
            read = client.read(&mut asked) => {
                let sent = asked.get(..read?).unwrap_or_default();
                if sent.is_empty() {
                    return Ok(());
                }
                transaction.extend_from_slice(sent);
                let cut = if has(sent, b"COMMIT\0") { due(armed, &std::mem::take(&mut transaction)) } else { None };
                if cut == Some(Cut::BeforeCommit) {
                    return Ok(());
                }
                server.write_all(sent).await?;
                if cut == Some(Cut::AfterCommit) {
                    return server.read(&mut answered).await.map(drop);
                }
            }
            read = server.read(&mut answered) => {
                let sent = answered.get(..read?).unwrap_or_default();
                if sent.is_empty() {
                    return Ok(());
                }
                client.write_all(sent).await?;
            }
        }
    }
}

/// Whether this transaction is the one to cut; it is not asked for again.
fn due(armed: &Armed, transaction: &[u8]) -> Option<Cut> {
    let mut armed = armed.lock().unwrap_or_else(PoisonError::into_inner);
    armed.take_if(|(text, _)| has(transaction, text.as_bytes())).map(|(_, cut)| cut)
}

fn has(bytes: &[u8], text: &[u8]) -> bool {
    bytes.windows(text.len()).any(|window| window == text)
}
