//! What an image starts, for a name where nothing else gives it one.

/// Programs that start others, and those that run a language.
const STARTERS: &[&str] = &[
    "--",
    "bash",
    "catalina.sh",
    "dotnet",
    "dumb-init",
    "env",
    "exec",
    "gosu",
    "java",
    "node",
    "npm",
    "npx",
    "php",
    "pnpm",
    "python",
    "python3",
    "ruby",
    "sh",
    "su-exec",
    "tini",
    "yarn",
];

/// Names that say what is started, but not of what.
const ANY: &[&str] = &[
    "app",
    "application",
    "build",
    "code",
    "data",
    "dist",
    "docker-entrypoint",
    "entrypoint",
    "home",
    "init",
    "main",
    "opt",
    "out",
    "publish",
    "root",
    "run",
    "server",
    "src",
    "srv",
    "start",
    "tmp",
    "usr",
    "work",
    "workdir",
    "workspace",
    "www",
];

/// The name of the program in the arguments of `ENTRYPOINT` or `CMD`: the first word, unless that starts something else.
pub(super) fn of_command(arguments: &str) -> Option<&str> {
    let brackets = |letter: char| letter.is_whitespace() || matches!(letter, '[' | ']' | ',' | '"');
    let first = arguments.split(brackets).find(|word| !word.is_empty())?;
    named(first)
}

/// The last folder of a `WORKDIR`.
pub(super) fn of_folder(arguments: &str) -> Option<&str> {
    named(arguments.trim().trim_matches('"').trim_end_matches('/'))
}

fn named(path: &str) -> Option<&str> {
    let name = path.rsplit('/').next().unwrap_or(path);
    let stem = name.strip_suffix(".sh").unwrap_or(name);
    let plain = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '-' | '_');
    let known = STARTERS.contains(&name) || ANY.contains(&stem.to_ascii_lowercase().as_str());
    (stem.starts_with(|letter: char| letter.is_ascii_alphabetic()) && stem.chars().all(plain) && !known)
        .then_some(stem)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_is_named_unless_it_only_starts_another() {
        for (arguments, name) in [
            ("[\"/jq\"]", Some("jq")),
            ("/bin/meilisearch --env production", Some("meilisearch")),
            ("[\"tini\", \"--\"]", None),
            ("[ \"/opt/x/jre/bin/java\", \"-jar\" ]", None),
            ("[\"/docker-entrypoint.sh\"]", None),
            ("[\"$BIN\"]", None),
            ("", None),
        ] {
            assert_eq!(of_command(arguments), name, "{arguments}");
        }
        for (arguments, name) in
            [("/opt/traccar", Some("traccar")), ("/app", None), ("/", None), ("/srv/${X}", None)]
        {
            assert_eq!(of_folder(arguments), name, "{arguments}");
        }
    }
}
