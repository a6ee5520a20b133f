//! A mail server, spoken to by lettre.

use std::net::IpAddr;
use std::time::Duration;

use base::Secret;
use lettre::message::Mailbox;
use lettre::transport::smtp::AsyncSmtpTransport;
use lettre::{AsyncTransport as _, Message, Tokio1Executor};

use super::{Letter, Mailer, SendError, Sending};

/// How long the server may take to be reached.
const CONNECTING: Duration = Duration::from_secs(15);
/// How long a letter may take in all, unless another time is said. Servers look a letter through before they say that they
/// have it; who gives up before sends it twice.
const PATIENCE: Duration = Duration::from_mins(3);

/// The mail server is not described well enough to be used.
#[derive(Debug, thiserror::Error)]
pub enum SmtpError {
    /// Its address.
    #[error(
        "`mail.smtp_url` is not understood: write smtps://user:password@host, or \
         smtp://user:password@host?tls=required"
    )]
    Address,
    /// The sender's.
    #[error("`mail.from` is not understood: write an address, or `Name <address>`")]
    From,
}

/// A mail server.
pub struct Smtp {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
    patience: Duration,
}

impl Smtp {
    /// The server at that address (`smtps://`, or `smtp://` with `?tls=required` unless it runs on this machine), and whom
    /// letters come from. Nothing is sent until there is a letter.
    pub fn new(url: &Secret, from: &str) -> Result<Self, SmtpError> {
        if !is_private(url.expose()) {
            return Err(SmtpError::Address);
        }
        // A second provider in one process can only mean that another part was first; they are the same.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let transport = AsyncSmtpTransport::<Tokio1Executor>::from_url(url.expose())
            .map_err(|_| SmtpError::Address)?
            .timeout(Some(CONNECTING))
            .build();
        Ok(Self { transport, from: from.parse().map_err(|_| SmtpError::From)?, patience: PATIENCE })
    }

    /// The same with another time for a letter in all.
    #[must_use]
    pub fn waiting(self, patience: Duration) -> Self {
        Self { patience, ..self }
    }
}

/// Whether letters reach that server unread: they hold codes and links. lettre takes `smtp://` without `tls=required` for
/// the wish to send in the clear, which is one only to a server of this machine.
fn is_private(url: &str) -> bool {
    let Some((scheme, rest)) = url.split_once("://") else { return false };
    if !scheme.eq_ignore_ascii_case("smtp") {
        return true;
    }
    let (authority, rest) = rest.split_at(rest.find(['/', '?', '#']).unwrap_or(rest.len()));
    let query = rest.split_once('?').map_or("", |(_, query)| query);
    let mut tls = query.split('&').filter_map(|pair| pair.strip_prefix("tls=")).peekable();
    if tls.peek().is_some() && tls.all(|tls| tls == "required") {
        return true;
    }
    let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    let host = match host.strip_prefix('[') {
        Some(host) => host.split(']').next(),
        None => host.split(':').next(),
    };
    host.is_some_and(|host| {
        host.eq_ignore_ascii_case("localhost") || host.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
    })
}

impl Mailer for Smtp {
    fn send<'a>(&'a self, recipient: &'a str, letter: &'a Letter) -> Sending<'a> {
        Box::pin(async move {
            let to: Mailbox = recipient.parse().map_err(|_| SendError::Never("its address".to_owned()))?;
            let message = Message::builder()
                .from(self.from.clone())
                .to(to)
                .subject(letter.subject.as_str())
                .body(letter.body.clone())
                .map_err(|error| SendError::Never(error.to_string()))?;
            // The transport bounds the connecting alone: for a server that says nothing after it, it would wait for ever.
            match tokio::time::timeout(self.patience, self.transport.send(message)).await {
                Ok(Ok(_)) => Ok(()),
                Ok(Err(error)) if error.is_permanent() => Err(SendError::Never(error.to_string())),
                Ok(Err(error)) => Err(SendError::Later(error.to_string())),
                Err(slow) => {
                    Err(SendError::Later(format!("the mail server said nothing for too long: {slow}")))
                }
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_go_in_the_clear_to_this_machine_only() {
        let taken = |url: &str| Smtp::new(&Secret::new(url), "mentor@example.org").is_ok();
        for private in [
            "smtps://user:password@mail.example.org",
            "smtp://user:password@mail.example.org:587?tls=required",
            "smtp://localhost:2525",
            "smtp://127.0.0.1:2525",
            "smtp://[::1]:2525",
        ] {
            assert!(taken(private), "{private}");
        }
        for clear in [
            "smtp://user:password@mail.example.org",
            "smtp://mail.example.org?tls=opportunistic",
            "smtp://mail.example.org/?tls=opportunistic&tls=required",
            "SMTP://mail.example.org",
            "smtp://localhost@mail.example.org",
            "smtp://localhost.example.org",
            "mail.example.org",
        ] {
            assert!(!taken(clear), "{clear}");
        }
    }
}
