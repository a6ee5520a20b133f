//! A mail server, spoken to by lettre.

use std::time::Duration;

use base::Secret;
use lettre::message::Mailbox;
use lettre::transport::smtp::AsyncSmtpTransport;
use lettre::{AsyncTransport as _, Message, Tokio1Executor};

use super::{Letter, Mailer, SendError, Sending};

/// How long the server may take for one step.
const PATIENCE: Duration = Duration::from_secs(15);

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
}

impl Smtp {
    /// The server at that address (`smtps://`, or `smtp://` with `?tls=required`), and whom letters come from. Nothing
    /// is sent until there is a letter.
    pub fn new(url: &Secret, from: &str) -> Result<Self, SmtpError> {
        // A second provider in one process can only mean that another part was first; they are the same.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let transport = AsyncSmtpTransport::<Tokio1Executor>::from_url(url.expose())
            .map_err(|_| SmtpError::Address)?
            .timeout(Some(PATIENCE))
            .build();
        Ok(Self { transport, from: from.parse().map_err(|_| SmtpError::From)? })
    }
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
            match self.transport.send(message).await {
                Ok(_) => Ok(()),
                Err(error) if error.is_permanent() => Err(SendError::Never(error.to_string())),
                Err(error) => Err(SendError::Later(error.to_string())),
            }
        })
    }
}
