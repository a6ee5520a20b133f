//! A wire between the server and what it depends on, that can be broken in every way in which networks break.

use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::sleep;

/// What the wire does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fault {
    /// It carries everything.
    None,
    /// Nobody listens, and what was open is closed.
    Refuse,
    /// Connections are taken and nothing ever comes back: not even later, on those that were open meanwhile.
    Silent,
    /// Each piece takes its time.
    Slow,
    /// Connections are taken and thrown away, and so are those that were open.
    Reset,
    /// It is refused and carried in turns.
    Flap,
    /// Answers end in the middle.
    Cut,
}

/// All of them.
pub(super) const FAULTS: [Fault; 6] =
    [Fault::Refuse, Fault::Silent, Fault::Slow, Fault::Reset, Fault::Flap, Fault::Cut];

/// How much later a piece arrives on a slow wire.
const DELAY: Duration = Duration::from_millis(150);
/// How long a wire that flaps stays as it is.
const TURN: Duration = Duration::from_millis(300);

/// The wire; it ends when it is dropped.
pub(super) struct Wire {
    /// Where it begins.
    pub(super) address: SocketAddr,
    fault: watch::Sender<Fault>,
    _tasks: JoinSet<()>,
}

impl Wire {
    /// A whole wire to `server`.
    pub(super) fn to(server: String) -> Self {
        let listener = listen(SocketAddr::from((Ipv4Addr::LOCALHOST, 0)));
        let address = listener.local_addr().unwrap();
        let (fault, seen) = watch::channel(Fault::None);
        let mut tasks = JoinSet::new();
        tasks.spawn(serve(listener, address, server, seen));
        Self { address, fault, _tasks: tasks }
    }

    /// Breaks it, or mends it.
    pub(super) fn set(&self, fault: Fault) {
        self.fault.send_replace(fault);
    }
}

/// On the same port as before, though connections of then are not forgotten yet.
fn listen(address: SocketAddr) -> TcpListener {
    let socket = TcpSocket::new_v4().unwrap();
    socket.set_reuseaddr(true).unwrap();
    socket.bind(address).unwrap();
    socket.listen(128).unwrap()
}

async fn serve(first: TcpListener, address: SocketAddr, server: String, mut fault: watch::Receiver<Fault>) {
    let mut listener = Some(first);
    let mut open = JoinSet::new();
    loop {
        let now = *fault.borrow_and_update();
        let closed = now == Fault::Refuse || (now == Fault::Flap && listener.is_some());
        if closed {
            listener = None;
            open.abort_all();
        } else if listener.is_none() {
            listener = Some(listen(address));
        }
        let turn = async {
            match now {
                Fault::Flap => sleep(TURN).await,
                _ => std::future::pending().await,
            }
        };
        tokio::pin!(turn);
        loop {
            let next = async {
                match &listener {
                    Some(listener) => listener.accept().await,
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                changed = fault.changed() => match changed {
                    Ok(()) => break,
                    Err(_) => return,
                },
                () = &mut turn => break,
                Ok((client, _)) = next => {
                    // Its end, whatever the reason, is the end of that connection.
                    open.spawn(carry(client, server.clone(), fault.clone()));
                }
            }
        }
    }
}

/// Carries one connection until an end is closed, or the wire breaks.
async fn carry(
    mut client: TcpStream,
    server: String,
    mut fault: watch::Receiver<Fault>,
) -> std::io::Result<()> {
    let mut server = TcpStream::connect(server).await?;
    let (mut asked, mut answered) = (vec![0; 64 << 10], vec![0; 64 << 10]);
    loop {
        let now = *fault.borrow_and_update();
        match now {
            Fault::Silent => return swallow(client).await,
            Fault::Reset => return client.set_zero_linger(),
            _ => {}
        }
        tokio::select! {
            changed = fault.changed() => changed.map_err(std::io::Error::other)?,
            read = client.read(&mut asked) => {
                let sent = asked.get(..read?).unwrap_or_default();
                if sent.is_empty() {
                    return Ok(());
                }
                server.write_all(sent).await?;
            }
            read = server.read(&mut answered) => {
                let sent = answered.get(..read?).unwrap_or_default();
                let fault = *fault.borrow();
                if sent.is_empty() {
                    return Ok(());
                }
                if fault == Fault::Slow {
                    sleep(DELAY).await;
                }
                if fault == Fault::Cut {
                    return client.write_all(&sent[..sent.len() / 2]).await;
                }
                client.write_all(sent).await?;
            }
        }
    }
}

/// Takes all that comes until the client gives up.
async fn swallow(mut client: TcpStream) -> std::io::Result<()> {
    let mut lost = vec![0; 64 << 10];
    while client.read(&mut lost).await? > 0 {}
    Ok(())
}
