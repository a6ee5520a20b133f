//! A proxy that speaks TLS to browsers and plain HTTP to the server behind it, as nginx and its kind do.

use std::sync::{Arc, OnceLock};

use rcgen::{CertificateParams, KeyPair};
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, copy_bidirectional};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;

/// What the proxy does with the `Host` header.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Host {
    /// Passes it on.
    Kept,
    /// Puts the server's own address there, as many do unless told otherwise.
    Replaced,
}

/// A proxy, reached as `localhost`. What it forwards to is said once it is known.
pub(crate) struct Proxy {
    pub(crate) port: u16,
    /// Its certificate, in PEM.
    pub(crate) certificate: String,
    upstream: Arc<OnceLock<String>>,
}

impl Proxy {
    pub(crate) async fn start(host: Host) -> Self {
        let (config, certificate) = certified();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let upstream = Arc::new(OnceLock::<String>::new());
        let behind = Arc::clone(&upstream);
        tokio::spawn(async move {
            let acceptor = TlsAcceptor::from(Arc::new(config));
            while let Ok((socket, _)) = listener.accept().await {
                let (acceptor, behind) = (acceptor.clone(), Arc::clone(&behind));
                tokio::spawn(async move { forward(acceptor, socket, behind.get().unwrap(), host).await });
            }
        });
        Self { port, certificate, upstream }
    }

    pub(crate) fn forward_to(&self, address: &str) {
        self.upstream.set(address.to_owned()).unwrap();
    }

    /// Where browsers find it.
    pub(crate) fn url(&self) -> String {
        format!("https://localhost:{}", self.port)
    }
}

fn certified() -> (rustls::ServerConfig, String) {
    let key = KeyPair::generate().unwrap();
    let certificate =
        CertificateParams::new(vec!["localhost".to_owned()]).unwrap().self_signed(&key).unwrap();
    let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate.der().clone()], key)
        .unwrap();
    (config, certificate.pem())
}

/// Passes one request on, with what proxies add, and everything that follows on its connection.
async fn forward(acceptor: TlsAcceptor, socket: TcpStream, upstream: &str, host: Host) -> Option<()> {
    let mut client = acceptor.accept(socket).await.ok()?;
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(client.read_u8().await.ok()?);
    }
    let head = String::from_utf8(head).ok()?;
    let upgrade = head.to_ascii_lowercase().contains("\r\nupgrade:");
    let mut passed = String::new();
    for line in head.trim_end().split("\r\n") {
        let name = line.split(':').next()?.to_ascii_lowercase();
        if (name == "host" && host == Host::Replaced) || (name == "connection" && !upgrade) {
            continue;
        }
        passed.push_str(line);
        passed.push_str("\r\n");
    }
    if host == Host::Replaced {
        passed.extend(["Host: ", upstream, "\r\n"]);
    }
    if !upgrade {
        passed.push_str("Connection: close\r\n");
    }
    passed.push_str("X-Forwarded-For: 192.0.2.7\r\nX-Forwarded-Proto: https\r\n\r\n");
    let mut server = TcpStream::connect(upstream).await.ok()?;
    server.write_all(passed.as_bytes()).await.ok()?;
    copy_bidirectional(&mut client, &mut server).await.ok()?;
    Some(())
}
