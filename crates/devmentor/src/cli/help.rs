//! What stands under the help of each command: examples that can be typed as they are, and the exit codes.

/// Shown under the help of every command that can fail in more than one way.
macro_rules! exit_codes {
    () => {
        "\
Exit codes:
  0    done
  1    done, and something was found at or above --fail-on or --fail-on-new
  2    the command line, the configuration or the source is not valid
  3    it could not be done; the message says why
  4    a limit of time, memory or size ended it
  130  interrupted"
    };
}

pub(super) const PROGRAM: &str = concat!(
    "\
Examples:
  devmentor analyze .        # what a repository holds, and what to do about it
  devmentor serve --open     # the same in the browser
  devmentor doctor           # whether everything is there

",
    exit_codes!()
);

pub(super) const ANALYZE: &str = concat!(
    "\
Examples:
  devmentor analyze .
  devmentor analyze https://github.com/pallets/flask --branch stable
  devmentor analyze . --since origin/main --fail-on high --sarif findings.sarif
  devmentor analyze . --html report.html --sbom bom.cdx.json
  devmentor analyze . --diagram modules.svg
  devmentor analyze . --diagram files.mmd --diagram-level files --diagram-focus src/api

",
    exit_codes!()
);

pub(super) const LANGUAGES: &str = concat!(
    "\
Examples:
  devmentor languages .
  devmentor languages https://github.com/pallets/flask --branch stable
  devmentor languages . --json

",
    exit_codes!()
);

pub(super) const SEARCH: &str = concat!(
    "\
Examples:
  devmentor search \"where are uploads tried again\"
  devmentor search parseConfig . --symbols
  cargo test 2>&1 | devmentor search - ../service --json

",
    exit_codes!()
);

pub(super) const COMPARE: &str = concat!(
    "\
Examples:
  devmentor compare old.json new.json
  devmentor compare old.json new.json --fail-on-new medium --json

",
    exit_codes!()
);

pub(super) const SERVE: &str = "\
Examples:
  devmentor serve --open
  devmentor serve --listen 127.0.0.1:0 --data-dir ./data";

pub(super) const IMPORT: &str = "\
Examples:
  devmentor advisories import ./osv-export";

pub(super) const STATUS: &str = "\
Examples:
  devmentor advisories status --json";

pub(super) const MODE: &str = "\
Examples:
  devmentor advisories mode
  devmentor advisories mode mirror";

pub(super) const ADVISORIES: &str = "\
Examples:
  devmentor advisories mode online
  devmentor advisories import ./osv-export
  devmentor advisories status";

pub(super) const RULES: &str = "\
Examples:
  devmentor rules
  devmentor rules python
  devmentor rules injection --json";

pub(super) const EXPLAIN: &str = "\
Examples:
  devmentor explain py.sql-injection
  devmentor explain secret.github-token --json";

pub(super) const CACHE: &str = "\
Examples:
  devmentor cache
  devmentor cache clear
  devmentor cache --data-dir ./data --json";

pub(super) const REMEMBER: &str = "\
Examples:
  devmentor remember \"Uploads need a port of their own\" --kind decision --tag uploads
  devmentor remember \"connection refused on start\" --kind error-fix --text \"Start the database first.\" --file compose.yaml
  git log -1 --format=%b | devmentor remember \"Why retries have jitter\" --text -";

pub(super) const ASK: &str = concat!(
    "\
Examples:
  devmentor ask \"where are retries decided\"
  cargo test 2>&1 | devmentor ask - .
  devmentor ask \"should this be a queue\" --mode review
  devmentor ask \"what changes most often\" ../web --no-model --json

",
    exit_codes!()
);

pub(super) const RECALL: &str = "\
Examples:
  devmentor recall \"why do retries have jitter\"
  cargo test 2>&1 | devmentor recall - --kind error-fix
  devmentor recall uploads --tag uploads --limit 3 --json";

pub(super) const REINDEX: &str = "\
Examples:
  devmentor reindex
  devmentor reindex --json";

pub(super) const SECRETS: &str = "\
Examples:
  devmentor secrets status
  devmentor secrets rotate
  devmentor secrets prune";

pub(super) const SECRETS_STATUS: &str = "\
Examples:
  devmentor secrets status --json";

pub(super) const ROTATE: &str = "\
Examples:
  devmentor secrets rotate && devmentor secrets prune";

pub(super) const PRUNE: &str = "\
Examples:
  devmentor secrets prune --json";

pub(super) const LOGIN: &str = "\
Examples:
  devmentor login https://mentor.example.org
  devmentor login --json";

pub(super) const LOGOUT: &str = "\
Examples:
  devmentor logout";

pub(super) const WHOAMI: &str = "\
Examples:
  devmentor whoami
  devmentor whoami --json";

pub(super) const TASK: &str = "\
Examples:
  devmentor task list";

pub(super) const TASK_LIST: &str = "\
Examples:
  devmentor task list --workspace team --limit 100
  devmentor task list --json";

pub(super) const LINK: &str = "\
Examples:
  devmentor link
  devmentor link --data-dir ./data --json";

pub(super) const CONFIG: &str = "\
Examples:
  devmentor config
  devmentor config --template > devmentor.toml
  devmentor config --config ./devmentor.toml --json";

pub(super) const DOCTOR: &str = "\
Examples:
  devmentor doctor
  devmentor doctor --data-dir ./data --json";

pub(super) const MIGRATE: &str = "\
Examples:
  devmentor migrate
  devmentor migrate --json";

pub(super) const COMPLETIONS: &str = "\
Examples:
  devmentor completions bash > ~/.local/share/bash-completion/completions/devmentor
  devmentor completions fish > ~/.config/fish/completions/devmentor.fish";

pub(super) const MAN: &str = "\
Examples:
  devmentor man > ~/.local/share/man/man1/devmentor.1
  devmentor man analyze";

pub(super) const SCHEMA: &str = "\
Examples:
  devmentor schema > report.schema.json
  devmentor schema comparison";
