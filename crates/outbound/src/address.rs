//! Which machines may be contacted on behalf of a user.
//!
//! A user's address is resolved once, and only the addresses found then are contacted. Otherwise a name could mean a
//! harmless machine while it is looked at and an internal one a moment later.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use url::{Host, Url};

/// The operator's choice of internal hosts that may be contacted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Allowed {
    hosts: Vec<(String, Option<u16>)>,
}

/// The host is not on the public network, and the operator did not name it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{host}` is not on the public network")]
pub struct NotPublic {
    /// The host, as it was written.
    pub host: String,
}

impl NotPublic {
    pub(crate) fn new(host: impl Into<String>) -> Self {
        Self { host: host.into() }
    }
}

/// Why there is no address to contact.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum VetError {
    /// No such host.
    #[error("the host `{0}` is not known")]
    Unknown(String),
    /// It must not be contacted.
    #[error(transparent)]
    NotPublic(#[from] NotPublic),
}

impl Allowed {
    /// From names or addresses, each with or without a port: `git.internal`, `10.0.0.5:8443`, `[fd00::5]`.
    pub fn new(hosts: impl IntoIterator<Item = impl AsRef<str>>) -> Self {
        Self { hosts: hosts.into_iter().map(|host| split_port(host.as_ref())).collect() }
    }

    /// The same with the host and port of an address that the operator wrote: naming it is allowing it.
    #[must_use]
    pub fn with(mut self, address: &Url) -> Self {
        if let Some((host, port)) = host_and_port(address) {
            self.hosts.push((host, Some(port)));
        }
        self
    }

    /// Whether the operator named the host of that address, on its port.
    pub fn names_address(&self, address: &Url) -> bool {
        host_and_port(address).is_some_and(|(host, port)| self.names(&host, port))
    }

    /// Whether the operator named this host, on this port.
    pub fn names(&self, host: &str, port: u16) -> bool {
        let host = host.trim_end_matches('.').to_ascii_lowercase();
        self.hosts.iter().any(|(name, only)| *name == host && only.is_none_or(|only| only == port))
    }
}

fn split_port(text: &str) -> (String, Option<u16>) {
    let text = text.trim().trim_end_matches('.').to_ascii_lowercase();
    if let Some(rest) = text.strip_prefix('[') {
        let (host, port) = rest.split_once(']').unwrap_or((rest, ""));
        return (host.to_owned(), port.strip_prefix(':').and_then(|port| port.parse().ok()));
    }
    match text.split_once(':') {
        Some((host, port)) if !port.contains(':') => match port.parse() {
            Ok(port) => (host.to_owned(), Some(port)),
            Err(_) => (text, None),
        },
        _ => (text, None),
    }
}

/// Host (an IPv6 address without its brackets) and port of an address.
pub(crate) fn host_and_port(address: &Url) -> Option<(String, u16)> {
    let host = match address.host()? {
        Host::Domain(name) => name.trim_end_matches('.').to_ascii_lowercase(),
        Host::Ipv4(address) => address.to_string(),
        Host::Ipv6(address) => address.to_string(),
    };
    Some((host, address.port_or_known_default()?))
}

/// Finds the address to contact for a host: public, or named by the operator.
pub async fn vet(host: &str, port: u16, allowed: &Allowed) -> Result<SocketAddr, VetError> {
    let named = allowed.names(host, port);
    let found: Vec<SocketAddr> = match host.parse::<IpAddr>() {
        Ok(address) => vec![SocketAddr::new(address, port)],
        Err(_) => tokio::net::lookup_host((host, port))
            .await
            .map_err(|_| VetError::Unknown(host.to_owned()))?
            .collect(),
    };
    let fits = |address: &SocketAddr| named || is_public(address.ip());
    found.into_iter().find(fits).ok_or_else(|| NotPublic::new(host).into())
}

/// Whether the address belongs to the public network. Everything else is refused: this machine, its neighbours,
/// its cloud's metadata service, and ranges that only embed such addresses.
pub fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    // Azure's metadata and name service has an address that looks public.
    const AZURE: Ipv4Addr = Ipv4Addr::new(168, 63, 129, 16);
    let [a, b, c, _] = address.octets();
    !(a == 0
        || address.is_private()
        || address.is_loopback()
        || address.is_link_local()
        || (a == 100 && b & 0xc0 == 64)
        || (a == 192 && b == 0 && c == 0)
        || (a == 192 && b == 88 && c == 99)
        || (a == 198 && b & 0xfe == 18)
        || address.is_documentation()
        || a >= 224
        || address == AZURE)
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    let [first, second, ..] = address.segments();
    // Only 2000::/3 is given out at all; in it lie examples, and tunnels that embed IPv4 addresses.
    let tunnel = first == 0x2002 || (first == 0x2001 && second == 0);
    let example = (first == 0x2001 && second == 0x0db8) || (first == 0x3fff && second < 0x1000);
    first & 0xe000 == 0x2000 && !tunnel && !example
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_public_network_is_public() {
        for text in [
            "0.0.0.0",
            "0.1.2.3",
            "10.0.0.1",
            "100.64.0.1",
            "100.127.255.255",
            "127.0.0.1",
            "127.9.9.9",
            "169.254.169.254",
            "172.16.0.1",
            "172.31.255.255",
            "192.0.0.8",
            "192.0.2.1",
            "192.88.99.1",
            "192.168.1.1",
            "198.18.0.1",
            "198.19.255.255",
            "198.51.100.1",
            "203.0.113.1",
            "224.0.0.1",
            "240.0.0.1",
            "255.255.255.255",
            "168.63.129.16",
            "::",
            "::1",
            "::ffff:127.0.0.1",
            "::ffff:8.8.8.8",
            "::127.0.0.1",
            "64:ff9b::7f00:1",
            "fc00::1",
            "fd00:ec2::254",
            "fe80::1",
            "fec0::1",
            "ff02::1",
            "2001:db8::1",
            "2001::1",
            "2002:7f00:1::",
            "3fff::1",
            "100::1",
        ] {
            assert!(!is_public(text.parse().unwrap()), "{text}");
        }
        for text in [
            "8.8.8.8",
            "100.63.0.1",
            "100.128.0.1",
            "172.32.0.1",
            "198.20.0.1",
            "2606:4700::1",
            "2a00:1450::1",
        ] {
            assert!(is_public(text.parse().unwrap()), "{text}");
        }
    }

    #[tokio::test]
    async fn the_operator_can_open_a_host_and_port() {
        let allowed = Allowed::new(["127.0.0.1:8443", "[::1]"]);
        assert!(vet("127.0.0.1", 8443, &allowed).await.is_ok());
        assert_eq!(vet("127.0.0.1", 443, &allowed).await, Err(NotPublic::new("127.0.0.1").into()));
        assert!(vet("::1", 9, &allowed).await.is_ok());
        assert_eq!(vet("localhost", 8443, &allowed).await, Err(NotPublic::new("localhost").into()));
        let named = Allowed::default().with(&"http://[::1]:9/v1".parse().unwrap());
        assert!(named.names("::1", 9) && !named.names("::1", 10));
    }
}
