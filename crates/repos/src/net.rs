//! Which machines git may contact: the rules of every outgoing call, in this crate's words.

use std::net::SocketAddr;

pub use outbound::Allowed;
use outbound::address::{self, VetError};

use crate::failure::{Failure, FailureCode};

/// Finds the address to contact for a host: public, or named by the operator.
pub async fn vet(host: &str, port: u16, allowed: &Allowed) -> Result<SocketAddr, Failure> {
    address::vet(host, port, allowed).await.map_err(|error| match error {
        VetError::Unknown(_) => {
            Failure::new(FailureCode::Unreachable, format!("The host `{host}` is not known."))
        }
        VetError::NotPublic(_) => Failure::new(
            FailureCode::UrlRefused,
            format!(
                "`{host}` is not on the public network. The operator can allow it: add it to `allowed_hosts` in the \
                 configuration."
            ),
        ),
    })
}
