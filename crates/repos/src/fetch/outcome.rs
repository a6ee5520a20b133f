//! What git's words mean. They come partly from the other machine, so they decide about the kind of a failure and
//! are never shown.

use crate::failure::{Failure, FailureCode};

/// Words, in the order in which they are looked for, and what they mean.
const MEANINGS: &[(&[&str], FailureCode, &str)] = &[
    (
        &[
            "redirect",
            "returned error: 301",
            "returned error: 302",
            "returned error: 307",
            "returned error: 308",
        ],
        FailureCode::UrlRefused,
        "The host redirects to another address, which is not followed; give that address itself.",
    ),
    (
        &["host key verification failed", "no matching host key", "host key for"],
        FailureCode::Certificate,
        "The host's key is not known here; add it to the known hosts.",
    ),
    (
        &["certificate", "ssl: no alternative", "tls alert", "self-signed", "self signed"],
        FailureCode::Certificate,
        "The host's certificate is not trusted; the operator can name its authority in the configuration.",
    ),
    (
        &[
            "authentication failed",
            "could not read username",
            "could not read password",
            "terminal prompts disabled",
            "permission denied",
            "returned error: 401",
            "returned error: 403",
            "access denied",
        ],
        FailureCode::AuthRequired,
        "The host does not show this repository to strangers, or has none of that name.",
    ),
    (
        &[
            "returned error: 404",
            "not found",
            "does not exist",
            "does not appear to be a git repository",
            "no such file or directory",
        ],
        FailureCode::NotFound,
        "The host has no such repository.",
    ),
    (
        &["couldn't find remote ref", "could not find remote ref"],
        FailureCode::NoSuchBranch,
        "The branch is no longer there.",
    ),
    (
        &["not allowed", "unsupported protocol"],
        FailureCode::UrlRefused,
        "The address leads to a transport that is not used.",
    ),
    (&["no space left", "disk quota"], FailureCode::Internal, "There is no space left for the copy."),
    (
        &["timed out", "timeout", "operation too slow", "too slow"],
        FailureCode::Timeout,
        "The host took too long to answer.",
    ),
];

/// The failure that git's words describe.
pub(super) fn failure(words: &str) -> Failure {
    let own: String = words
        .lines()
        // What begins like this is text of the other machine.
        .filter(|line| !line.starts_with("remote:"))
        .flat_map(|line| [line, "\n"])
        .collect::<String>()
        .to_ascii_lowercase();
    let meaning = MEANINGS.iter().find(|(signs, _, _)| signs.iter().any(|sign| own.contains(sign)));
    match meaning {
        Some((_, code, detail)) => Failure::new(*code, *detail),
        None => Failure::new(FailureCode::Unreachable, "The host could not be reached, or broke off."),
    }
}

/// Understands a line such as `Receiving objects:  45% (450/1000), 1.20 MiB | 2.00 MiB/s`.
pub(super) fn progress(line: &[u8]) -> Option<(u64, u64, &'static str)> {
    let line = std::str::from_utf8(line).ok()?.trim_start();
    let unit = match line.split_once(':')?.0 {
        "Receiving objects" => "objects",
        "Resolving deltas" => "deltas",
        _ => return None,
    };
    let (done, rest) = line.split_once('(')?.1.split_once('/')?;
    let total = rest.split_once(')')?.0;
    Some((done.parse().ok()?, total.parse().ok()?, unit))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_understood_and_strangers_words_are_not() {
        let code = |words| failure(words).code;
        assert_eq!(
            code("fatal: could not read Username for 'https://h': terminal prompts disabled"),
            FailureCode::AuthRequired
        );
        assert_eq!(code("fatal: repository 'https://h/x/' not found"), FailureCode::NotFound);
        assert_eq!(
            code("fatal: unable to access 'https://h/': server certificate verification failed."),
            FailureCode::Certificate
        );
        assert_eq!(code("fatal: unable to access 'https://h/': Failed to connect"), FailureCode::Unreachable);
        assert_eq!(code("remote: certificate not found\nfatal: early EOF"), FailureCode::Unreachable);
    }

    #[test]
    fn progress_is_understood() {
        let line = b"Receiving objects:  45% (450/1000), 1.20 MiB | 2.00 MiB/s";
        assert_eq!(progress(line), Some((450, 1_000, "objects")));
        assert_eq!(progress(b"remote: Counting objects: 100% (3/3)"), None);
        assert_eq!(progress(b"fatal: (1/2)"), None);
    }
}
