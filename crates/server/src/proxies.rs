//! The proxies in front, and what they say about where a request comes from.

use std::net::IpAddr;

use axum::http::HeaderMap;
use ipnet::IpNet;

/// Whose word about the address of a client is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Proxies<'a> {
    /// Nobody's: clients come straight to the server.
    None,
    /// That of a proxy on this machine. Where a request from elsewhere comes from is not known: that address may be a
    /// proxy's, and so everybody's.
    ThisMachine,
    /// That of these networks. Who comes from elsewhere comes straight.
    Networks(&'a [IpNet]),
}

impl Proxies<'_> {
    /// The address of the client behind that peer; `None` where it is not known.
    ///
    /// Each proxy appends the address it was reached from to `X-Forwarded-For`. So the list is read from its end, past
    /// the proxies that are trusted, up to the first address that is not one of theirs: what stands before it is what the
    /// client said of itself.
    pub(crate) fn place(self, peer: Option<IpAddr>, headers: &HeaderMap) -> Option<IpAddr> {
        let peer = peer?.to_canonical();
        if !self.trusts(peer) {
            return match self {
                Self::ThisMachine => None,
                Self::None | Self::Networks(_) => Some(peer),
            };
        }
        let mut place = None;
        let lines = headers.get_all("x-forwarded-for").iter().rev();
        // A line that is no text, or a part that is no address, says nothing; and what was said before it may be anybody's.
        for noted in lines.flat_map(|line| line.to_str().unwrap_or_default().rsplit(',')) {
            let address = noted.trim().parse::<IpAddr>().ok()?.to_canonical();
            place = Some(address);
            if !self.trusts(address) {
                break;
            }
        }
        place
    }

    fn trusts(self, address: IpAddr) -> bool {
        match self {
            Self::None => false,
            Self::ThisMachine => address.is_loopback(),
            Self::Networks(networks) => networks.iter().any(|network| network.contains(&address)),
        }
    }
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    fn address(text: &str) -> Option<IpAddr> {
        let parsed = text.parse();
        assert!(parsed.is_ok(), "{text}");
        parsed.ok()
    }

    fn headers(lines: &[&'static str]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append("x-forwarded-for", HeaderValue::from_static(line));
        }
        headers
    }

    #[test]
    fn only_what_the_proxy_itself_noted_is_believed() {
        let (here, there) = (address("127.0.0.1"), address("192.0.2.7"));
        let place = |peer, lines: &[&'static str]| Proxies::ThisMachine.place(peer, &headers(lines));
        let told = ["203.0.113.9, 198.51.100.4"];
        assert_eq!(place(here, &told), address("198.51.100.4"));
        assert_eq!(place(here, &["203.0.113.9", "2001:db8::1"]), address("2001:db8::1"));
        assert_eq!(place(here, &["203.0.113.9, nonsense"]), None);
        assert_eq!(place(here, &["203.0.113.9", ""]), None);
        assert_eq!(place(here, &[]), None, "the proxy's address is everybody's");
        assert_eq!(place(there, &told), None, "whoever is elsewhere may say anything");
        assert_eq!(place(None, &told), None);
    }

    #[test]
    fn without_a_proxy_the_peer_is_who_asks() {
        let told = headers(&["203.0.113.9"]);
        assert_eq!(Proxies::None.place(address("127.0.0.1"), &told), address("127.0.0.1"));
        assert_eq!(Proxies::None.place(address("::ffff:192.0.2.7"), &told), address("192.0.2.7"));
    }

    #[test]
    fn a_chain_is_read_from_its_end_past_the_proxies_that_are_named() {
        let networks = ["10.0.0.0/8", "2001:db8:1::/48"].map(|network| network.parse().unwrap());
        let proxies = Proxies::Networks(&networks);
        let place = |peer, lines: &[&'static str]| proxies.place(address(peer), &headers(lines));
        // Somebody says that they are another, and then two proxies say where they were reached from.
        let chain = ["203.0.113.66, 198.51.100.4", "2001:db8:1::5, 10.0.0.9"];
        assert_eq!(place("10.0.0.1", &chain), address("198.51.100.4"));
        assert_eq!(place("::ffff:10.0.0.1", &chain), address("198.51.100.4"));
        assert_eq!(
            place("192.0.2.7", &chain),
            address("192.0.2.7"),
            "who is no proxy has only their own address"
        );
        assert_eq!(place("10.0.0.1", &["10.0.0.9"]), address("10.0.0.9"), "somebody inside");
        assert_eq!(place("10.0.0.1", &["198.51.100.4, unknown, 10.0.0.9"]), None);
        assert_eq!(place("10.0.0.1", &[]), None);
        assert_eq!(place("127.0.0.1", &chain), address("127.0.0.1"), "this machine is not named");
    }
}
