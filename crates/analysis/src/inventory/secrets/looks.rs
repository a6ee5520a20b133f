//! What tells a credential from a text that only stands where one could.

/// Whether the value only says what should stand there.
pub(super) fn is_word_for_secret(secret: &str) -> bool {
    const WORDS: &[&str] =
        &["password", "passwd", "secret", "token", "credential", "credentials", "username", "userpassword"];
    WORDS.iter().any(|word| secret.eq_ignore_ascii_case(word))
}

/// Whether a name, or a path, says of what it names that it is not real: `TEST_FAKE_KEY_1`, `ci/test-values.yaml`,
/// `TestData/key.pem`.
pub(in crate::inventory) fn names_a_sample(text: &str) -> bool {
    const WORDS: &[&str] = &[
        "test", "tests", "testing", "testdata", "fake", "dummy", "example", "examples", "sample", "samples",
        "mock", "mocks", "fixture", "fixtures", "demo", "demos",
    ];
    words(text).any(|word| WORDS.iter().any(|known| word.eq_ignore_ascii_case(known)))
}

/// The words of a name or a path: `testKey` and `test_key` have the same two.
fn words(text: &str) -> impl Iterator<Item = &str> {
    let parts = text.split(|letter: char| !letter.is_ascii_alphabetic());
    parts.flat_map(|part| {
        let mut rest = part;
        std::iter::from_fn(move || {
            let bytes = rest.as_bytes();
            let humps = bytes
                .windows(2)
                .position(|pair| pair[0].is_ascii_lowercase() && pair[1].is_ascii_uppercase());
            let (word, after) = rest.split_at(humps.map_or(rest.len(), |at| at + 1));
            rest = after;
            (!word.is_empty()).then_some(word)
        })
    })
}

/// Whether a path says that what is assigned in it is a sample, and that a key in it is one: by [`names_a_sample`], or
/// because it is there for readers, for one's own machine or for development. Real credentials are in such places as well,
/// so that this says nothing of most that have a form of their own and that somebody has issued.
pub(in crate::inventory) fn is_place_of_samples(path: &str) -> bool {
    const WORDS: &[&str] =
        &["guides", "guide", "howto", "tutorial", "tutorials", "localhost", "snakeoil", "selfsigned"];
    let known = || words(path).any(|word| WORDS.iter().any(|known| word.eq_ignore_ascii_case(known)));
    names_a_sample(path) || known() || is_for_development(path)
}

/// Whether a path is that of a file of a pipeline, whatever its name says it tests or deploys to.
pub(in crate::inventory) fn is_of_pipeline(path: &str) -> bool {
    const PIPELINES: &[&str] =
        &[".github/", ".gitlab/", ".circleci/", ".buildkite/", ".woodpecker/", ".drone"];
    let compose = path.contains("compose") && path.split('/').any(|folder| matches!(folder, ".ci" | "ci"));
    compose || PIPELINES.iter().any(|start| path.starts_with(start))
}

/// Whether a path is that of settings or keys, no code, for development or for one's own machine.
fn is_for_development(path: &str) -> bool {
    const WORDS: &[&str] = &["dev", "devel", "development", "local", "sandbox"];
    const SETTINGS: &[&str] = &[
        "key",
        "pem",
        "crt",
        "cer",
        "p8",
        "yml",
        "yaml",
        "env",
        "json",
        "toml",
        "ini",
        "conf",
        "properties",
        "xml",
    ];
    let name = path.rsplit('/').next().unwrap_or(path);
    let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending);
    let settings = SETTINGS.contains(&ending) || name.starts_with(".env") || !name.contains('.');
    // Names of packages are turned round: `dev/acme/app`.
    let package = path.contains("src/main/java/") || path.contains("src/main/kotlin/");
    // Programs that a machine's owner installs lie there, whoever's machine it is.
    let path = path.replace("usr/local/", "usr/");
    settings
        && !package
        && words(&path).any(|word| WORDS.iter().any(|known| word.eq_ignore_ascii_case(known)))
}

/// Whether a path is that of a key or a certificate whose own name says that it is a sample.
pub(in crate::inventory) fn is_sample_key(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    let of_key = name.rsplit_once('.').is_some_and(|(_, end)| matches!(end, "key" | "pem" | "crt" | "cer"));
    let own = |word: &str| matches!(word, "localhost" | "snakeoil" | "selfsigned");
    of_key && (names_a_sample(name) || words(name).any(own))
}

/// Whether the value consists of words joined by punctuation: a name, a path, a key of a translation. A digit beside a
/// letter is no word, but a number of its own, or behind the letters, is part of many names.
pub(super) fn is_made_of_words(secret: &str) -> bool {
    let parts = secret.split(|letter: char| !letter.is_ascii_alphanumeric()).filter(|part| !part.is_empty());
    let mut letters = 0_usize;
    for part in parts {
        // `neo4j`, `LWM2M`: a name of its own, where whole words stand beside it.
        if part.len() <= 5 && part.bytes().filter(u8::is_ascii_digit).count() == 1 {
            continue;
        }
        let word = part.trim_end_matches(|letter: char| letter.is_ascii_digit());
        // The number of a ticket, or of a release.
        if word.is_empty() && part.len() <= 6 {
            continue;
        }
        if part.len() - word.len() > 4 || !word.bytes().all(|byte| byte.is_ascii_alphabetic()) {
            return false;
        }
        if !is_word(word) {
            return false;
        }
        letters += word.len();
    }
    letters >= 8
}

/// Whether letters could be words: those that a machine drew change their case too often, or have no vowel for long.
fn is_word(letters: &str) -> bool {
    let bytes = letters.as_bytes();
    let lower_to_upper =
        |pair: &[u8]| matches!(pair, [a, b] if a.is_ascii_lowercase() && b.is_ascii_uppercase());
    let changes = bytes.windows(2).filter(|pair| lower_to_upper(pair)).count();
    let is_vowel = |letter: char| "aeiouyAEIOUY".contains(letter);
    let longest = letters.split(is_vowel).map(str::len).max().unwrap_or(0);
    changes * 4 <= bytes.len() && (longest <= 6 || bytes.len() <= 6)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_made_of_words_and_keys_are_not() {
        for name in [
            "string.attribute-value.xml",
            "/api/documents/remove_password/",
            "zookeeper-client-password",
            "LWM2_CREDENTIALS",
            "LWM2M_CREDENTIALS",
            "neo4j.auth.password",
            "pm-27086-update-authentication-apis",
            "airflow-cluster1-mysql-password",
            "getTokenFromTheSession",
            "Applikationshemmelighed",
        ] {
            assert!(is_made_of_words(name), "{name}");
        }
        for key in
            ["q2Xw9vLkT4pR7nYb3mZc6hJ1", "aZqkQwLxmXgvBynRhtYrcDjfGuhJopSi", "3f9a1c7e5b2d8064", "aB3-xY9zq"]
        {
            assert!(!is_made_of_words(key), "{key}");
        }
    }

    #[test]
    fn paths_of_samples_are_known() {
        for path in [
            "caddytest/a.caddy.localhost.key",
            "guides/source/debugging.md",
            "templates/howto_app.html.twig",
            "ci/test-values.yaml",
            "internal/configuration/test_resources/config.yml",
            "src/TestData/server.pem",
            "config.example.yml",
            "deploy/dev/server.key",
            "certs/local.key",
            ".env.local",
        ] {
            assert!(is_place_of_samples(path), "{path}");
        }
        for path in [
            "src/latest.rs",
            "config/contest.yml",
            "lib/request.js",
            "circle/a.py",
            "deploy/prod.key",
            "ci/config.py",
            "shortest/config.py",
            "Contest/config.py",
            "src/dev/config.py",
            "app/src/main/java/dev/acme/app.properties",
            "devices/config.yml",
            "rootfs/usr/local/etc/ssl/server.key",
        ] {
            assert!(!is_place_of_samples(path), "{path}");
        }
        for path in [".ci/compose.yaml", ".github/workflows/root.key", ".github/workflows/deploy.yml"] {
            assert!(is_of_pipeline(path) && !is_place_of_samples(path), "{path}");
        }
        assert!(!is_of_pipeline("ci/config.py") && !is_of_pipeline("github/deploy.yml"));
        assert!(is_sample_key("caddytest/a.caddy.localhost.key") && is_sample_key("ssl-cert-snakeoil.pem"));
        assert!(!is_sample_key("example/prod.key") && !is_sample_key("ci/test.py"));
    }
}
