use std::path::Path;

use clap::CommandFactory as _;
use clap::error::ErrorKind;

use super::*;

#[test]
fn the_command_line_is_sound() {
    Cli::command().debug_assert();
}

/// What may stand before a command that is a line of its own, in YAML as in a shell.
const BEFORE: [&str; 5] = ["", "-", "run:", "run: >-", "$"];

/// The words of every command line of ours in a text, as a shell would split them. Comments are for people.
fn command_lines(text: &str) -> Vec<Vec<String>> {
    let code: Vec<&str> = text.lines().filter(|line| !line.trim_start().starts_with('#')).collect();
    let code = code.join("\n");
    let starts = code.match_indices("devmentor ").map(|(at, _)| code.split_at(at)).filter(|(before, _)| {
        let line = before.rsplit('\n').next().unwrap_or_default();
        before.ends_with(['`', '(']) || BEFORE.contains(&line.trim())
    });
    starts.map(|(before, command)| words(command, before.ends_with('`'))).collect()
}

/// The words up to the end of the command: a line after which no option follows, a shell's own sign, or the mark at
/// which quoted code ends.
fn words(text: &str, in_prose: bool) -> Vec<String> {
    let (mut words, mut word, mut quoted) = (Vec::new(), String::new(), None);
    for (at, letter) in text.char_indices() {
        match letter {
            '`' if in_prose => break,
            mark @ ('"' | '\'') if quoted == Some(mark) => quoted = None,
            mark @ ('"' | '\'') if quoted.is_none() => quoted = Some(mark),
            ')' | ';' | '|' | '&' | '>' if quoted.is_none() => break,
            '#' if word.is_empty() && quoted.is_none() => break,
            '\n' if quoted.is_none() && !text[at..].trim_start().starts_with("--") => break,
            ' ' | '\n' if quoted.is_none() => words.push(std::mem::take(&mut word)),
            other => word.push(other),
        }
    }
    words.push(word);
    words.retain(|word| !word.is_empty());
    words
}

#[test]
fn every_command_line_of_the_documentation_can_be_typed() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    for (file, least) in [
        ("docs/ci/github-actions.yml", 2),
        ("docs/ci/gitlab-ci.yml", 2),
        ("docs/ci/pre-push", 1),
        ("docs/ci/README.md", 1),
        ("docs/cli.md", 5),
        ("README.md", 1),
    ] {
        let text = std::fs::read_to_string(root.join(file)).unwrap();
        let found = command_lines(&text);
        assert!(found.len() >= least, "{file}: {found:?}");
        // `COMMAND` stands for any command.
        for words in found.iter().filter(|words| !words.iter().any(|word| word == "COMMAND")) {
            let Err(mistake) = Cli::try_parse_from(words) else { continue };
            // In prose a command may be named without all that it needs.
            let named = words.len() == 2
                && matches!(
                    mistake.kind(),
                    ErrorKind::MissingRequiredArgument
                        | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand
                        | ErrorKind::MissingSubcommand
                );
            let asks_for_help = mistake.kind() == ErrorKind::DisplayHelp;
            assert!(named || asks_for_help, "{file}: {}: {mistake}", words.join(" "));
        }
    }
}

#[test]
fn command_lines_are_found_and_split() {
    let text = "# devmentor comment\n  - devmentor analyze . --since \"a b\"\n    --html x\nrun: devmentor doctor\n\
                if ! x=$(devmentor link --json); then\nsay `devmentor schema` and devmentor is\n";
    let wanted: [&[&str]; 4] = [
        &["devmentor", "analyze", ".", "--since", "a b", "--html", "x"],
        &["devmentor", "doctor"],
        &["devmentor", "link", "--json"],
        &["devmentor", "schema"],
    ];
    assert_eq!(command_lines(text), wanted);
}

#[test]
fn the_help_of_every_command_has_examples_of_its_own() {
    fn look(command: &clap::Command, path: &str) -> u32 {
        let mut seen = 0;
        for each in command.get_subcommands().filter(|each| !each.is_hide_set()) {
            let path = format!("{path} {}", each.get_name());
            let after = each.get_after_help().map(ToString::to_string).unwrap_or_default();
            assert!(after.contains(&format!("\n  {path}")), "{path}: {after}");
            for words in command_lines(&after) {
                let typed = Cli::try_parse_from(&words);
                assert!(typed.is_ok(), "{}: {:?}", words.join(" "), typed.err());
            }
            seen += 1 + look(each, &path);
        }
        seen
    }
    assert!(look(&Cli::command(), "devmentor") >= 14);
}

#[test]
fn a_mistake_is_one_line_and_what_to_do() {
    for (typed, what, next) in [
        (&["analize"][..], "unrecognized subcommand 'analize'", "did you mean `analyze`?"),
        (
            &["analyze"],
            "the following required arguments were not provided: <SOURCE>",
            "`devmentor analyze --help` shows what can be typed",
        ),
        (
            &["analyze", ".", "--no-cash"],
            "unexpected argument '--no-cash' found",
            "did you mean `--no-cache`?",
        ),
        (
            &["analyze", ".", "--fail-on", "awful"],
            "invalid value 'awful' for '--fail-on <SEVERITY>'",
            "it is one of info, low, medium, high, critical",
        ),
        (
            &["analyze", ".", "--fail-on", "hihg"],
            "invalid value 'hihg' for '--fail-on <SEVERITY>'",
            "did you mean `high`? It is one of info, low, medium, high, critical",
        ),
        (
            &["analyze", ".", "--baseline", "a", "--since", "b"],
            "the argument '--baseline <FILE>' cannot be used with '--since <REV>'",
            "`devmentor analyze --help` shows what can be typed",
        ),
        (
            &["advisories", "mode", "offline"],
            "invalid value 'offline' for '[MODE]'",
            "did you mean `online`? It is one of online, mirror, none",
        ),
        (&["analyze-chil"], "unrecognized subcommand 'analyze-chil'", "did you mean `analyze`?"),
    ] {
        let typed = ["devmentor"].iter().chain(typed);
        let mistake = Cli::try_parse_from(typed).unwrap_err();
        assert_eq!((mistake::what(&mistake).as_str(), mistake::next_step(&mistake).as_str()), (what, next));
    }
}
