//! Hosts in configuration values: `postgres://user:password@db:5432/app` names `db`.

use std::sync::LazyLock;

use regex::Regex;

use super::units::Host;

/// Longer values are not configuration of addresses.
const LONGEST: usize = 4_096;

#[expect(clippy::expect_used, reason = "a fixed pattern, which every test of hosts compiles")]
static HOST: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?i)(?:[a-z][a-z0-9+.-]{1,30}://(?:[^\s/@,\x22\x27]{0,200}@)?|@tcp\(|(?:^|[\s,=\x22\x27]))([a-z0-9](?:[a-z0-9_.-]{0,250}[a-z0-9])?)(:[0-9]{2,5}(?:\b|$))?",
    )
    .expect("the pattern of hosts is well formed")
});

#[expect(clippy::expect_used, reason = "a fixed pattern, which every test of hosts compiles")]
static NAME: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)(?:^|[_.-])(?:host|hostname|hosts|server|servers|addr|address|url|uri|endpoint|upstream|broker|brokers|service|dsn)$")
        .expect("the pattern of names is well formed")
});

/// The hosts that a value names. A word alone is one only where the variable's name says that it is an address.
pub(super) fn hosts(variable: &str, value: &str, line: u32) -> Vec<Host> {
    if value.len() > LONGEST {
        return Vec::new();
    }
    let named = NAME.is_match(variable);
    HOST.captures_iter(value)
        .filter_map(|captures| {
            let whole = captures.get(0)?.as_str();
            let host = captures.get(1)?.as_str();
            let address = whole.contains("://") || whole.contains("@tcp(") || captures.get(2).is_some();
            let certain = address || (named && host.len() == value.trim().len());
            let plain = host.bytes().any(|byte| byte.is_ascii_alphabetic());
            (certain && plain).then(|| Host { name: host.to_ascii_lowercase(), line })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_are_found_in_addresses_and_passwords_are_not() {
        let found = |name: &str, value: &str| {
            hosts(name, value, 1).into_iter().map(|host| host.name).collect::<Vec<_>>().join(" ")
        };
        assert_eq!(found("DATABASE_URL", "postgres://app:secret@db:5432/app"), "db");
        assert_eq!(found("X", "http://api.internal/v1"), "api.internal");
        assert_eq!(found("KAFKA", "kafka-1:9092,kafka-2:9092"), "kafka-1 kafka-2");
        assert_eq!(found("DSN", "root:pw@tcp(mysql:3306)/app"), "mysql");
        assert_eq!(found("REDIS_HOST", "redis"), "redis");
        assert_eq!(found("MODE", "redis"), "");
        assert_eq!(found("DB_NAME", "web"), "");
        assert_eq!(found("BIND_ADDR", "0.0.0.0:80"), "");
        assert_eq!(found("command", "wait-for db:5432 -- serve"), "db");
        assert_eq!(found("AMQP", "amqp://guest:guest@rabbit/"), "rabbit");
        assert_eq!(found("JDBC", "jdbc:postgresql://pg:5432/x"), "pg");
    }
}
