//! What the operator decided about the server, and what follows from the address it listens on.

use std::net::SocketAddr;
use std::time::Duration;

use ipnet::IpNet;

use crate::proxies::Proxies;

/// How the server behaves. [`Config::direct`] has the values a laptop wants.
#[derive(Debug, Clone)]
pub struct Config {
    /// Names the program that was built: its version, with the commit where that is known. What another build made and
    /// left for others is not taken for this one's.
    pub build: String,
    /// The address it listens on.
    pub address: SocketAddr,
    /// Names and addresses by which browsers may reach it, each with its port unless that is the scheme's own:
    /// `127.0.0.1:4680`, `mentor.example.org`. A request for any other host is refused, so that a foreign name
    /// that resolves to this machine (DNS rebinding) leads nowhere.
    pub hosts: Vec<String>,
    /// Whether browsers reach it over https, through a proxy in front. Without it only loopback is safe.
    pub https: bool,
    /// Networks of proxies whose word is taken about where a request comes from; none: a proxy on this machine, where
    /// [`Self::https`] says that there is one.
    pub trusted_proxies: Vec<IpNet>,
    /// How often somebody may ask; none: as often as they like.
    pub quotas: Option<Quotas>,
    /// The largest request body, in bytes.
    pub body_limit: usize,
    /// How long a request may take before it is given up.
    pub request_timeout: Duration,
    /// The same for the few that take minutes by nature, such as importing a mirror.
    pub long_request_timeout: Duration,
    /// How many requests are worked on at once; more are turned away at once rather than queued.
    pub concurrency: usize,
    /// How long a stop waits for requests that are being worked on.
    pub stop_timeout: Duration,
    /// Time between two pings on a live channel.
    pub heartbeat: Duration,
    /// How many live connections one person may have.
    pub live_connections: usize,
    /// Folders on this machine under which repositories may be picked; none: only addresses.
    pub allowed_roots: Vec<std::path::PathBuf>,
}

/// How often one session or token may ask. All of one person may ask twice as often, and an address ten times, for all who
/// are signed in behind it; who is not signed in counts by address alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quotas {
    /// Reads in a minute.
    pub reads: u32,
    /// Changes in a minute.
    pub changes: u32,
    /// Analyses and imports in an hour; code hosts may be asked ten times as often.
    pub analyses: u32,
    /// Questions to the mentor in a minute, with looks at what they would send.
    pub questions: u32,
    /// Attempts to get in, in a minute.
    pub sign_ins: u32,
}

impl Config {
    /// Plain http, straight to this address.
    pub fn direct(address: SocketAddr) -> Self {
        let port = address.port();
        let mut hosts = ["127.0.0.1", "localhost", "[::1]"].map(|host| format!("{host}:{port}")).to_vec();
        let own = address.to_string();
        if !hosts.contains(&own) {
            hosts.push(own);
        }
        Self::new(address, hosts, false)
    }

    /// Behind a proxy that speaks TLS and that browsers reach under that host: its name, with the port unless it
    /// is 443. The server's own address is no name for it then, so that no page leads past the proxy.
    pub fn behind_proxy(address: SocketAddr, host: String) -> Self {
        Self::new(address, vec![host], true)
    }

    fn new(address: SocketAddr, hosts: Vec<String>, https: bool) -> Self {
        Self {
            build: env!("CARGO_PKG_VERSION").to_owned(),
            address,
            hosts,
            https,
            trusted_proxies: Vec::new(),
            quotas: None,
            body_limit: 1024 * 1024,
            request_timeout: Duration::from_secs(30),
            long_request_timeout: Duration::from_mins(20),
            concurrency: 256,
            stop_timeout: Duration::from_secs(8),
            heartbeat: Duration::from_secs(30),
            live_connections: 32,
            allowed_roots: Vec::new(),
        }
    }

    /// Whether only programs on this machine can reach it: it listens on loopback and no proxy stands in front.
    /// Who is local is trusted with what everybody on this machine may see anyway.
    pub fn is_local(&self) -> bool {
        self.address.ip().is_loopback() && !self.https
    }

    /// Whose word is taken about where a request comes from.
    pub(crate) fn proxies(&self) -> Proxies<'_> {
        match (self.trusted_proxies.as_slice(), self.https) {
            ([], false) => Proxies::None,
            ([], true) => Proxies::ThisMachine,
            (networks, _) => Proxies::Networks(networks),
        }
    }

    /// Whether a browser may reach it under that host (with its port, as in the `Host` header).
    pub(crate) fn allows_host(&self, host: &str) -> bool {
        // Browsers leave out the scheme's own port; who writes a configuration may or may not.
        let default = if self.https { ":443" } else { ":80" };
        let bare = |host| str::strip_suffix(host, default).unwrap_or(host);
        self.hosts.iter().any(|allowed| bare(allowed).eq_ignore_ascii_case(bare(host)))
    }

    /// Whether that is the server's own origin.
    pub(crate) fn allows_origin(&self, origin: &str) -> bool {
        let scheme = if self.https { "https://" } else { "http://" };
        origin.strip_prefix(scheme).is_some_and(|host| self.allows_host(host))
    }

    /// Where people reach it: what the addresses in mails begin with. Never taken from a request, whose sender could
    /// name a server of theirs.
    pub(crate) fn origin(&self) -> String {
        match self.hosts.first() {
            Some(host) if self.https => format!("https://{host}"),
            _ if self.address.ip().is_unspecified() => format!("http://127.0.0.1:{}", self.address.port()),
            _ => format!("http://{}", self.address),
        }
    }

    /// Name of the session cookie. Cookies ignore ports, so on loopback the name tells two servers apart; the
    /// `__Host-` prefix makes browsers refuse a cookie that another host of the domain sets.
    pub(crate) fn cookie_name(&self) -> String {
        self.cookie("")
    }

    /// Name of the cookie with the refresh token. It goes with every request, since the prefix wants the path to be `/`: a
    /// narrower path would keep it from nobody (pages of the same origin reach every path), while without the prefix a
    /// neighbour of the domain could plant theirs, and with it sign somebody in as somebody else.
    pub(crate) fn refresh_cookie_name(&self) -> String {
        self.cookie("-refresh")
    }

    /// Name of the cookie that makes a browser one that its person trusts.
    pub(crate) fn browser_cookie_name(&self) -> String {
        self.cookie("-browser")
    }

    /// Name of the cookie by which a browser that comes back from a provider is the one that went there.
    pub(crate) fn journey_cookie_name(&self) -> String {
        self.cookie("-journey")
    }

    fn cookie(&self, what: &str) -> String {
        if self.https {
            format!("__Host-devmentor{what}")
        } else {
            format!("devmentor-{}{what}", self.address.port())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config() -> Config {
        Config::direct(SocketAddr::from(([127, 0, 0, 1], 4680)))
    }

    #[test]
    fn only_its_own_names_are_allowed() {
        let config = config();
        for host in ["127.0.0.1:4680", "LOCALHOST:4680", "[::1]:4680"] {
            assert!(config.allows_host(host), "{host}");
        }
        for host in ["", "127.0.0.1", "127.0.0.1:80", "evil.example:4680", "localhost:4680.evil.example"] {
            assert!(!config.allows_host(host), "{host}");
        }
        assert!(config.allows_origin("http://localhost:4680"));
        for origin in ["null", "https://localhost:4680", "http://localhost:4681", "http://evil.example"] {
            assert!(!config.allows_origin(origin), "{origin}");
        }
    }

    #[test]
    fn the_address_it_listens_on_is_allowed_as_browsers_write_it() {
        let other = Config::direct(SocketAddr::from(([127, 0, 0, 2], 4680)));
        assert!(other.allows_host("127.0.0.2:4680"));
        assert!(other.allows_origin("http://127.0.0.2:4680"));
        assert!(!config().allows_host("127.0.0.2:4680"));
        let plain = Config::direct(SocketAddr::from(([127, 0, 0, 1], 80)));
        for host in ["127.0.0.1", "localhost", "[::1]", "localhost:80"] {
            assert!(plain.allows_host(host), "{host}");
        }
        assert!(plain.allows_origin("http://localhost"));
        assert!(!plain.allows_host("localhost:443"));
        let secure = Config { https: true, hosts: vec!["mentor.example.org:443".to_owned()], ..config() };
        assert!(secure.allows_origin("https://mentor.example.org"));
        assert!(!secure.allows_host("mentor.example.org:80"));
    }

    #[test]
    fn behind_a_proxy_only_its_name_is_allowed_and_nobody_is_local() {
        let address = SocketAddr::from(([127, 0, 0, 1], 4680));
        let config = Config::behind_proxy(address, "mentor.example.org".to_owned());
        assert!(config.allows_host("mentor.example.org") && config.allows_host("Mentor.Example.org:443"));
        assert!(config.allows_origin("https://mentor.example.org"));
        for origin in
            ["http://mentor.example.org", "https://mentor.example.org:8443", "http://127.0.0.1:4680"]
        {
            assert!(!config.allows_origin(origin), "{origin}");
        }
        assert!(!config.allows_host("127.0.0.1:4680") && !config.allows_host("localhost:4680"));
        assert!(!config.is_local());
        assert!(Config::direct(address).is_local());
        assert!(!Config::direct(SocketAddr::from(([192, 0, 2, 1], 4680))).is_local());
    }

    #[test]
    fn mails_lead_to_the_address_that_people_use() {
        let address = SocketAddr::from(([127, 0, 0, 1], 4680));
        assert_eq!(config().origin(), "http://127.0.0.1:4680");
        assert_eq!(Config::direct(SocketAddr::from(([0, 0, 0, 0], 80))).origin(), "http://127.0.0.1:80");
        let behind = Config::behind_proxy(address, "mentor.example.org".to_owned());
        assert_eq!(behind.origin(), "https://mentor.example.org");
    }

    #[test]
    fn two_servers_on_one_machine_do_not_share_a_cookie() {
        let other = Config::direct(SocketAddr::from(([127, 0, 0, 1], 4681)));
        assert_ne!(config().cookie_name(), other.cookie_name());
        assert_ne!(config().refresh_cookie_name(), other.refresh_cookie_name());
        let secure = Config { https: true, ..config() };
        assert_eq!(secure.cookie_name(), "__Host-devmentor");
        assert_eq!(secure.refresh_cookie_name(), "__Host-devmentor-refresh");
    }
}
