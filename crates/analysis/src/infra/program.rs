//! What a command starts: for the name of an image where nothing else gives it one, and for where execution starts.

use serde::{Deserialize, Serialize};

use super::subject::texts;
use crate::inventory::tree::Node;

/// Something of the repository that a command may start.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Started {
    /// A file, by its path where the command runs.
    File(String),
    /// A module of Python that is loaded for what is in it: `app.wsgi:application`.
    Module(String),
    /// A module of Python that is run: `python -m app`.
    Run(String),
}

/// Things that one command may start; more would be arguments.
const MOST: usize = 8;
/// Endings of files that a program runs.
const RUN: &[&str] =
    &[".js", ".mjs", ".cjs", ".ts", ".mts", ".tsx", ".py", ".rb", ".ru", ".php", ".pl", ".sh", ".exs"];

/// Programs that run a file; the words behind it are its own.
const RUNNERS: &[&str] = &[
    "node", "nodejs", "bun", "deno", "tsx", "ts-node", "python", "python2", "python3", "pypy3", "ruby",
    "php", "perl",
];
/// Options behind which stands a file that is only read.
const READ: &[&str] = &[
    "-c",
    "-f",
    "--cert",
    "--certfile",
    "--conf",
    "--config",
    "--config-file",
    "--env-file",
    "--file",
    "--key",
    "--keyfile",
    "--log-config",
    "--project",
    "--ssl-certfile",
    "--ssl-keyfile",
    "--tsconfig",
];

/// What a command may start: its words that name a file or a module. Which of them are of the repository is not known
/// here.
pub(crate) fn started(command: &str) -> Vec<Started> {
    let mut found = Vec::new();
    for simple in command.split([';', '&', '|']) {
        one(simple, &mut found);
    }
    found
}

/// What a container is told to start: the words at both keys, in this order, are one command. With the line of the first.
pub(super) fn told(container: &Node, keys: [&str; 2]) -> Vec<(u32, Started)> {
    let words: Vec<(String, u32)> = keys.iter().flat_map(|key| texts(container.get(key))).collect();
    let Some((_, line)) = words.first() else { return Vec::new() };
    // Each line of a script is a command.
    let words: Vec<String> = words.iter().map(|(word, _)| word.replace('\n', ";")).collect();
    started(&words.join(" ")).into_iter().map(|started| (*line, started)).collect()
}

/// The same of one command without another behind it.
fn one(command: &str, found: &mut Vec<Started>) {
    let apart =
        |letter: char| letter.is_whitespace() || matches!(letter, '[' | ']' | ',' | '"' | '\'' | '(' | ')');
    let mut words = command.split(apart).filter(|word| !word.is_empty());
    let (mut runner, mut before, mut module_runs) = (None, "", false);
    while let Some(word) = words.next().filter(|_| found.len() < MOST) {
        let last = std::mem::replace(&mut before, word);
        if word == "-m" {
            let module = words.next().filter(|name| is_module(name));
            found.extend(module.map(|name| Started::Run(name.to_owned())));
            (runner, module_runs) = (None, true);
            continue;
        }
        // A shell is given a command so.
        if READ.contains(&word) && !(word == "-c" && last.ends_with("sh")) {
            words.next();
            continue;
        }
        // Of Flask and Celery.
        if matches!(word, "--app" | "-A") {
            let module = words.next().map(|name| name.split(':').next().unwrap_or(name));
            found.extend(module.filter(|name| is_module(name)).map(|name| Started::Module(name.to_owned())));
            continue;
        }
        if word.starts_with('-') || word.contains(['$', '=', '{', '*', '<', '>']) {
            continue;
        }
        let name = word.rsplit('/').next().unwrap_or(word);
        if RUNNERS.contains(&name) {
            runner = Some(name);
            continue;
        }
        if matches!(runner, Some("node" | "nodejs")) && is_script_of_node(word) {
            found.push(Started::File(format!("{word}.js")));
            return;
        }
        if let Some((module, object)) = word.split_once(':') {
            let named = object.starts_with(|letter: char| letter.is_ascii_alphabetic() || letter == '_');
            if named && is_module(module) {
                found.push(Started::Module(module.to_owned()));
            }
        } else if !module_runs && (word.contains('/') || RUN.iter().any(|ending| word.ends_with(ending))) {
            found.push(Started::File(word.to_owned()));
            if runner.is_some() {
                return;
            }
        }
    }
}

/// Whether Node reads this as a file whose ending is left out.
fn is_script_of_node(word: &str) -> bool {
    let plain = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '/' | '_' | '-');
    let path = word.trim_start_matches("./");
    word != "inspect" && !path.is_empty() && !path.ends_with('/') && path.chars().all(plain)
}

fn is_module(name: &str) -> bool {
    let begins = |part: &str| part.starts_with(|letter: char| letter.is_ascii_alphabetic() || letter == '_');
    let plain = |letter: char| letter.is_ascii_alphanumeric() || letter == '_';
    name.split('.').all(|part| begins(part) && part.chars().all(plain))
}

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
    fn a_command_starts_the_files_and_modules_that_it_names() {
        let file = |path: &str| Started::File(path.to_owned());
        assert_eq!(started("[\"node\", \"--inspect\", \"dist/main.js\"]"), [file("dist/main.js")]);
        assert_eq!(started("python -m app.worker -q x"), [Started::Run("app.worker".to_owned())]);
        let flask = Started::Module("desk.app".to_owned());
        let run = Started::Run("flask".to_owned());
        assert_eq!(
            started("[\"python\", \"-m\", \"flask\", \"--app\", \"desk.app:web\", \"run\"]"),
            [run, flask]
        );
        let wsgi = Started::Module("shop.wsgi".to_owned());
        assert_eq!(started("gunicorn -b 0.0.0.0:8000 shop.wsgi:application"), [wsgi]);
        assert_eq!(started("bin/rails server -p $PORT && ./run.sh"), [file("bin/rails"), file("./run.sh")]);
        assert_eq!(started("tini -- node --inspect dist/main"), [file("dist/main.js")]);
        assert_eq!(started("sh -c \"node ./server\""), [file("./server.js")]);
        assert_eq!(started("bash -c './run.sh a'"), [file("./run.sh")]);
        assert_eq!(started("./wait.sh db:5432 -- python app.py"), [file("./wait.sh"), file("app.py")]);
        assert!(started("redis-server --port 6379 a=b/c ${X}/run.py").is_empty());
    }

    #[test]
    fn what_a_program_only_reads_is_not_started() {
        let file = |path: &str| Started::File(path.to_owned());
        let wsgi = Started::Module("app.wsgi".to_owned());
        assert_eq!(started("gunicorn app.wsgi:app -c gunicorn.conf.py"), [wsgi]);
        assert_eq!(started("node scripts/x.js --config config/x.js"), [file("scripts/x.js")]);
        assert_eq!(started("[\"python\", \"main.py\", \"config/x.js\"]"), [file("main.py")]);
        assert_eq!(started("python -m pytest tests/unit.py"), [Started::Run("pytest".to_owned())]);
        assert_eq!(started("python a.py x.py && python b.py"), [file("a.py"), file("b.py")]);
        assert!(started("webpack serve --config webpack.config.js").is_empty());
    }

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
