//! A Git host over https: the real `git http-backend` behind a certificate whose authority only the test knows. Real
//! hosts cannot be reached from a test.

use std::fs;
use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::thread;

use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};
use tempfile::TempDir;

use crate::support::git;

/// The host, reached as `localhost`. It serves until the test's process ends.
pub(crate) struct Host {
    port: u16,
    folder: TempDir,
}

impl Host {
    pub(crate) fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let (config, authority) = certified();
        fs::write(folder.path().join("authority.pem"), authority).unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let (config, root) = (Arc::new(config), folder.path().to_owned());
        thread::spawn(move || {
            for socket in listener.incoming() {
                let (config, root) = (Arc::clone(&config), root.clone());
                // A client that refuses the certificate breaks off; that is its right.
                thread::spawn(move || {
                    let _ = serve(socket.ok()?, config, &root);
                    Some(())
                });
            }
        });
        Self { port, folder }
    }

    /// Offers a copy of the repository under that name.
    pub(crate) fn offer(&self, repository: &Path, name: &str) {
        let copy = self.folder.path().join(name);
        git(repository, ["clone", "--quiet", "--bare", "--no-hardlinks", ".", copy.to_str().unwrap()]);
    }

    pub(crate) fn address(&self, path: &str) -> String {
        format!("https://localhost:{}/{path}", self.port)
    }

    /// What the operator sets so that this host may be asked.
    pub(crate) fn settings(&self) -> String {
        format!(
            "[repositories]\nallowed_hosts = [\"localhost:{}\"]\nca_file = \"{}\"\n",
            self.port,
            self.authority().display()
        )
    }

    fn authority(&self) -> PathBuf {
        self.folder.path().join("authority.pem")
    }
}

fn certified() -> (ServerConfig, String) {
    let authority_key = KeyPair::generate().unwrap();
    let mut authority = CertificateParams::new(Vec::new()).unwrap();
    authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let pem = authority.self_signed(&authority_key).unwrap().pem();
    let issuer = Issuer::new(authority, authority_key);
    let key = KeyPair::generate().unwrap();
    let names = CertificateParams::new(vec!["localhost".to_owned()]).unwrap();
    let certificate = names.signed_by(&key, &issuer).unwrap();
    let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
    let config = ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate.der().clone()], key)
        .unwrap();
    (config, pem)
}

type Stream = StreamOwned<ServerConnection, TcpStream>;

/// One request of a line, headers and a body.
struct Request {
    head: String,
    body: Vec<u8>,
}

impl Request {
    fn read(stream: &mut Stream) -> std::io::Result<Self> {
        let head = String::from_utf8_lossy(&until(stream, b"\r\n\r\n")?).into_owned();
        let mut request = Self { head, body: Vec::new() };
        request.body = match request.header("content-length") {
            Some(length) => exactly(stream, length.parse().unwrap())?,
            None if request.header("transfer-encoding").is_some() => chunks(stream)?,
            None => Vec::new(),
        };
        Ok(request)
    }

    fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().skip(1).find_map(|line| {
            let (key, value) = line.split_once(':')?;
            key.eq_ignore_ascii_case(name).then(|| value.trim())
        })
    }
}

fn until(stream: &mut Stream, end: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    while !bytes.ends_with(end) {
        bytes.extend(exactly(stream, 1)?);
    }
    Ok(bytes)
}

fn exactly(stream: &mut Stream, length: usize) -> std::io::Result<Vec<u8>> {
    let mut bytes = vec![0; length];
    stream.read_exact(&mut bytes)?;
    Ok(bytes)
}

fn chunks(stream: &mut Stream) -> std::io::Result<Vec<u8>> {
    let mut body = Vec::new();
    loop {
        let line = until(stream, b"\r\n")?;
        let size = usize::from_str_radix(String::from_utf8_lossy(&line).trim(), 16).unwrap();
        body.extend(exactly(stream, size)?);
        until(stream, b"\r\n")?;
        if size == 0 {
            return Ok(body);
        }
    }
}

/// Answers one request, as a CGI server does, and closes. Below `/private/` it wants to know who asks.
fn serve(socket: TcpStream, config: Arc<ServerConfig>, root: &Path) -> std::io::Result<()> {
    let mut stream = StreamOwned::new(ServerConnection::new(config).unwrap(), socket);
    let request = Request::read(&mut stream)?;
    let mut words = request.head.split(' ');
    let (method, target) = (words.next().unwrap(), words.next().unwrap());
    if target.starts_with("/private/") {
        let wall =
            "HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Basic realm=\"git\"\r\nContent-Length: 0\r\n";
        write!(stream, "{wall}Connection: close\r\n\r\n")?;
    } else {
        let output = backend(root, method, target, &request)?;
        let split = output.windows(4).position(|four| four == b"\r\n\r\n").unwrap();
        let headers = String::from_utf8_lossy(&output[..split]);
        let status = headers.lines().find_map(|line| line.strip_prefix("Status: ")).unwrap_or("200 OK");
        write!(stream, "HTTP/1.1 {status}\r\n{headers}\r\nConnection: close\r\n\r\n")?;
        stream.write_all(&output[split + 4..])?;
    }
    stream.conn.send_close_notify();
    stream.flush()
}

fn backend(root: &Path, method: &str, target: &str, request: &Request) -> std::io::Result<Vec<u8>> {
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let mut child = Command::new("git")
        .arg("http-backend")
        .env("GIT_PROJECT_ROOT", root)
        .env("GIT_HTTP_EXPORT_ALL", "1")
        .env("PATH_INFO", path)
        .env("QUERY_STRING", query)
        .env("REQUEST_METHOD", method)
        .env("CONTENT_TYPE", request.header("content-type").unwrap_or_default())
        .env("CONTENT_LENGTH", request.body.len().to_string())
        .env("HTTP_CONTENT_ENCODING", request.header("content-encoding").unwrap_or_default())
        .env("GIT_PROTOCOL", request.header("git-protocol").unwrap_or_default())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()?;
    // Requests are small: they fit into the pipe.
    child.stdin.take().unwrap().write_all(&request.body)?;
    Ok(child.wait_with_output()?.stdout)
}
