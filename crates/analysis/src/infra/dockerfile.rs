//! Dockerfiles: instructions, stages, and what the last stage runs as.
//!
//! Follows the Dockerfile reference: the `escape` directive, continued lines with comments between them, here
//! documents, several stages. What is written in a `RUN` is text; no shell is understood.

use std::collections::HashMap;

use super::hosts::hosts;
use super::program::{self, Started};
use super::subject::{Subject, image, list, map, text, variable};
use super::units::{Unit, UnitSource};
use crate::inventory::folder;
use crate::inventory::tree::Node;

/// Instructions of one file; more would be generated.
const MOST: usize = 5_000;
/// Longer names of images and users are none, in bytes: every stage has its own copy.
const LONGEST: usize = 1_000;

/// One instruction. The lines of its arguments stay lines, so that a match in them can be placed.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Instruction {
    /// In upper case.
    keyword: String,
    arguments: String,
    line: u32,
}

/// One stage of the build.
#[derive(Debug, Default)]
struct Stage {
    line: u32,
    name: Option<String>,
    /// What it starts from, as written.
    base: String,
    instructions: Vec<Instruction>,
}

pub(super) fn read(path: &str, content: &str) -> (Vec<Subject>, Vec<Unit>) {
    let instructions = instructions(content);
    let (before, stages) = stages(instructions);
    let defaults = defaults(&before);
    let file = Subject::root("file", path, map(1, [("text", Some(text(1, content)))]));
    let mut subjects = Vec::new();
    let mut states: HashMap<String, State> = HashMap::new();
    let mut last = None;
    for (number, stage) in stages.iter().enumerate() {
        let from = states.get(&stage.base.to_ascii_lowercase()).cloned();
        let inherited = from.is_some();
        let state = State::after(stage, from);
        if let Some(name) = &stage.name {
            states.insert(name.to_ascii_lowercase(), state.clone());
        }
        states.insert(number.to_string(), state.clone());
        let of_stage = file.part("stage", "the image", state.node(stage, number + 1 == stages.len()));
        let base = if inherited { None } else { image(stage.line, &filled(&defaults, &stage.base)) };
        if let Some(base) = base.filter(|_| !stage.base.eq_ignore_ascii_case("scratch")) {
            subjects.push(of_stage.part("image", &stage.base, base));
        }
        for instruction in &stage.instructions {
            of_instruction(&of_stage, instruction, &mut subjects);
        }
        subjects.push(of_stage);
        last = Some(state);
    }
    let unit = last.filter(|state| state.starts).map(|_| unit(path, &stages));
    (subjects, unit.into_iter().collect())
}

/// What a stage has become at its end.
#[derive(Debug, Clone, Default)]
struct State {
    user: Option<(String, u32)>,
    starts: bool,
    exposes: bool,
    /// The image that the first of its stages started from.
    root: String,
}

impl State {
    fn after(stage: &Stage, from: Option<Self>) -> Self {
        let mut state = from.unwrap_or_else(|| Self { root: stage.base.clone(), ..Self::default() });
        for instruction in &stage.instructions {
            match instruction.keyword.as_str() {
                "USER" if instruction.arguments.len() > LONGEST => state.user = None,
                "USER" => state.user = Some((instruction.arguments.trim().to_owned(), instruction.line)),
                "CMD" | "ENTRYPOINT" => state.starts = true,
                "EXPOSE" => state.exposes = true,
                _ => {}
            }
        }
        state
    }

    fn node(&self, stage: &Stage, is_last: bool) -> Node {
        let yes = |holds: bool| holds.then(|| text(stage.line, "true"));
        map(
            stage.line,
            [
                ("name", stage.name.as_ref().map(|name| text(stage.line, name))),
                ("last", yes(is_last)),
                ("starts", yes(self.starts)),
                ("exposes", yes(self.exposes)),
                ("root", Some(text(stage.line, &self.root))),
                ("user", self.user.as_ref().map(|(user, line)| text(*line, user))),
            ],
        )
    }
}

fn of_instruction(stage: &Subject, instruction: &Instruction, subjects: &mut Vec<Subject>) {
    let Instruction { keyword, arguments, line } = instruction;
    if matches!(keyword.as_str(), "ENV" | "ARG") {
        let owner = stage.part("instruction", keyword, map(*line, [("keyword", Some(text(*line, keyword)))]));
        subjects.extend(assignments(keyword, arguments).into_iter().map(|(name, value)| match value {
            Some(value) => variable(&owner, &name, value, *line),
            None => owner.part("variable", &name, map(*line, [("name", Some(text(*line, &name)))])),
        }));
        return;
    }
    let words: Vec<&str> = arguments.split_whitespace().collect();
    let flags = words.iter().take_while(|word| word.starts_with("--")).count();
    let listed = |words: &[&str]| list(*line, words.iter().map(|word| text(*line, *word)).collect());
    let sources = words.get(flags..words.len().saturating_sub(1)).unwrap_or_default();
    let node = map(
        *line,
        [
            ("keyword", Some(text(*line, keyword))),
            ("text", Some(text(*line, arguments))),
            ("flags", Some(listed(&words[..flags]))),
            ("sources", matches!(keyword.as_str(), "ADD" | "COPY").then(|| listed(sources))),
        ],
    );
    subjects.push(stage.part("instruction", keyword, node));
}

/// The names that `ENV` and `ARG` give values to. `ARG NAME` gives none.
fn assignments(keyword: &str, arguments: &str) -> Vec<(String, Option<String>)> {
    let trimmed = arguments.trim();
    let first = trimmed.split_whitespace().next().unwrap_or_default();
    if keyword == "ENV" && !first.contains('=') {
        // The old form: one name, and the rest of the line is its value.
        let value = trimmed.get(first.len()..).unwrap_or_default().trim();
        return vec![(first.to_owned(), Some(value.to_owned()))];
    }
    words(trimmed)
        .into_iter()
        .map(|word| match word.split_once('=') {
            Some((name, value)) => (name.to_owned(), Some(value.to_owned())),
            None => (word, None),
        })
        .filter(|(name, _)| !name.is_empty())
        .collect()
}

/// Splits at blanks outside quotes, and takes the quotes away.
fn words(line: &str) -> Vec<String> {
    let mut found = Vec::new();
    let (mut word, mut quote, mut any) = (String::new(), None, false);
    for letter in line.chars() {
        match quote {
            Some(open) if letter == open => quote = None,
            None if letter == '"' || letter == '\'' => {
                quote = Some(letter);
                any = true;
            }
            None if letter.is_whitespace() => {
                if any {
                    found.push(std::mem::take(&mut word));
                }
                any = false;
            }
            _ => {
                word.push(letter);
                any = true;
            }
        }
    }
    if any {
        found.push(word);
    }
    found
}

/// What the arguments before the first stage are by default; of two of one name the first.
fn defaults(before: &[Instruction]) -> HashMap<String, Option<String>> {
    let mut defaults = HashMap::new();
    for one in before.iter().filter(|one| one.keyword == "ARG") {
        for (name, value) in assignments("ARG", &one.arguments) {
            defaults.entry(name).or_insert(value);
        }
    }
    defaults
}

/// The base with a single variable at its end replaced by its default.
fn filled(defaults: &HashMap<String, Option<String>>, base: &str) -> String {
    let Some(at) = base.find('$') else { return base.to_owned() };
    let name = base[at + 1..].trim_start_matches('{').trim_end_matches('}');
    let name = name.split(":-").next().unwrap_or(name);
    match defaults.get(name) {
        Some(Some(value)) if value.len() <= LONGEST => format!("{}{value}", &base[..at]),
        _ => base.to_owned(),
    }
}

fn unit(path: &str, stages: &[Stage]) -> Unit {
    let file = path.rsplit('/').next().unwrap_or(path);
    let lower = file.to_ascii_lowercase();
    // `Dockerfile.worker` and `worker.Dockerfile` name what they build.
    let suffix = ["dockerfile", "containerfile"].iter().find_map(|base| {
        let after = lower.strip_prefix(base).map(|rest| rest.trim_start_matches(['.', '-']));
        after.or_else(|| lower.strip_suffix(base).map(|rest| rest.trim_end_matches('.')))
    });
    let last = stages.last();
    let environment = stages.iter().flat_map(|stage| &stage.instructions).filter(|one| one.keyword == "ENV");
    Unit {
        source: UnitSource::Dockerfile,
        name: suffix.unwrap_or_default().to_owned(),
        line: last.map_or(1, |stage| stage.line),
        folder: Some(folder(path).to_owned()),
        dockerfile: Some(path.to_owned()),
        hosts: environment
            .flat_map(|one| {
                assignments("ENV", &one.arguments)
                    .into_iter()
                    .flat_map(|(name, value)| hosts(&name, &value.unwrap_or_default(), one.line))
            })
            .collect(),
        program: last.and_then(program),
        starts: starts(stages),
        ..Unit::default()
    }
}

/// What a stage starts, or where.
fn program(stage: &Stage) -> Option<String> {
    let last = |keyword: &str| stage.instructions.iter().rfind(|one| one.keyword == keyword);
    let started = |keyword: &str| program::of_command(&last(keyword)?.arguments);
    let found = started("ENTRYPOINT").or_else(|| started("CMD"));
    found.or_else(|| program::of_folder(&last("WORKDIR")?.arguments)).map(str::to_owned)
}

/// What the image may start: by its last stage, or by the nearest of those it is built on that says so.
fn starts(stages: &[Stage]) -> Vec<(u32, Started)> {
    let mut end = stages.len();
    while let Some(stage) = stages.get(..end).and_then(<[Stage]>::last) {
        let last = |keyword: &str| stage.instructions.iter().rfind(|one| one.keyword == keyword);
        let commands: Vec<&Instruction> = [last("ENTRYPOINT"), last("CMD")].into_iter().flatten().collect();
        if !commands.is_empty() {
            let of = |one: &Instruction| {
                let line = one.line;
                program::started(&one.arguments).into_iter().map(move |started| (line, started))
            };
            return commands.into_iter().flat_map(of).collect();
        }
        let named =
            |other: &Stage| other.name.as_ref().is_some_and(|it| it.eq_ignore_ascii_case(&stage.base));
        let Some(base) = stages.iter().take(end - 1).rposition(named) else { break };
        end = base + 1;
    }
    Vec::new()
}

/// The stages, and the instructions before the first.
fn stages(instructions: Vec<Instruction>) -> (Vec<Instruction>, Vec<Stage>) {
    let mut before = Vec::new();
    let mut stages: Vec<Stage> = Vec::new();
    for instruction in instructions {
        if instruction.keyword == "FROM" {
            let mut words = instruction.arguments.split_whitespace().filter(|word| !word.starts_with("--"));
            let base = words.next().filter(|base| base.len() <= LONGEST).unwrap_or_default().to_owned();
            let name = words.next().filter(|word| word.eq_ignore_ascii_case("as")).and_then(|_| words.next());
            let name = name.map(str::to_owned);
            stages.push(Stage { line: instruction.line, name, base, instructions: Vec::new() });
        } else if let Some(stage) = stages.last_mut() {
            stage.instructions.push(instruction);
        } else {
            before.push(instruction);
        }
    }
    (before, stages)
}

fn instructions(content: &str) -> Vec<Instruction> {
    let escape = escape(content);
    let mut lines = (1_u32..).zip(content.lines());
    let mut found = Vec::new();
    while let Some((line, first)) = lines.next() {
        if found.len() >= MOST {
            break;
        }
        let start = first.trim();
        if start.is_empty() || start.starts_with('#') {
            continue;
        }
        let mut whole = String::new();
        let mut part = start;
        loop {
            let continued = part.trim_end().strip_suffix(escape);
            whole.push_str(continued.unwrap_or(part));
            if continued.is_none() {
                break;
            }
            // Comments and empty lines inside a continued instruction are left out, but they stay lines.
            let mut next = None;
            for (_, more) in lines.by_ref() {
                whole.push('\n');
                if !(more.trim().is_empty() || more.trim_start().starts_with('#')) {
                    next = Some(more);
                    break;
                }
            }
            match next {
                Some(more) => part = more,
                None => break,
            }
        }
        for end in here_documents(&whole) {
            for (_, more) in lines.by_ref() {
                whole.push('\n');
                if more.trim_start_matches('\t') == end {
                    break;
                }
                whole.push_str(more);
            }
        }
        let (keyword, arguments) = whole.split_once(char::is_whitespace).unwrap_or((&whole, ""));
        found.push(Instruction {
            keyword: keyword.to_ascii_uppercase(),
            arguments: arguments.trim_end().to_owned(),
            line,
        });
    }
    found
}

/// The escape character: a directive at the top of the file may change it.
fn escape(content: &str) -> char {
    let directive = content.lines().map_while(|line| line.trim().strip_prefix('#')).find_map(|line| {
        let (name, value) = line.split_once('=')?;
        name.trim().eq_ignore_ascii_case("escape").then(|| value.trim())
    });
    if directive == Some("`") { '`' } else { '\\' }
}

/// The words that end the here documents an instruction opens.
fn here_documents(instruction: &str) -> Vec<String> {
    let keyword = instruction.split_whitespace().next().unwrap_or_default().to_ascii_uppercase();
    if !matches!(keyword.as_str(), "RUN" | "COPY" | "ADD") {
        return Vec::new();
    }
    instruction
        .split_whitespace()
        .filter_map(|word| {
            let word = word.split_once("<<").map(|(_, end)| end)?.trim_start_matches('-');
            let end = word.trim_matches(['"', '\'']);
            let plain =
                !end.is_empty() && end.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
            plain.then(|| end.to_owned())
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instructions_keep_their_lines_and_lose_their_comments() {
        let text = "# syntax=docker/dockerfile:1\nFROM a\nRUN one \\\n  # why\n\n  && two\nRUN <<EOF\nthree\nEOF\ncmd [\"x\"]\n";
        let found: Vec<(String, String, u32)> =
            instructions(text).into_iter().map(|one| (one.keyword, one.arguments, one.line)).collect();
        assert_eq!(
            found,
            [
                ("FROM".to_owned(), "a".to_owned(), 2),
                ("RUN".to_owned(), "one \n\n\n  && two".to_owned(), 3),
                ("RUN".to_owned(), "<<EOF\nthree".to_owned(), 7),
                ("CMD".to_owned(), "[\"x\"]".to_owned(), 10),
            ]
        );
        assert_eq!(instructions("# escape=`\nFROM a\nRUN x `\n y\n")[1].arguments, "x \n y");
        assert!(instructions("RUN <<EOF\nnever ends\n").len() == 1);
    }

    #[test]
    fn names_and_values_are_taken_apart() {
        assert_eq!(
            assignments("ENV", "A=1 B=\"two words\""),
            [("A".into(), Some("1".into())), ("B".into(), Some("two words".into()))]
        );
        assert_eq!(assignments("ENV", "PATH /a /b"), [("PATH".into(), Some("/a /b".into()))]);
        assert_eq!(assignments("ARG", "TOKEN"), [("TOKEN".into(), None)]);
    }

    #[test]
    fn a_stage_takes_over_what_the_one_before_it_was() {
        let text = "ARG TAG=3.12\nFROM python:${TAG} AS base\nUSER app\nFROM base\nCMD [\"x\"]\n";
        let (subjects, units) = read("svc/Dockerfile.worker", text);
        let last = subjects.iter().rfind(|subject| subject.level() == "stage").unwrap();
        assert_eq!(last.values("stage.user")[0].text(), Some("app"));
        assert_eq!(last.values("stage.last")[0].text(), Some("true"));
        let image = subjects.iter().find(|subject| subject.level() == "image").unwrap();
        assert_eq!(image.values("image.tag")[0].text(), Some("3.12"));
        assert_eq!((units[0].name.as_str(), units[0].folder.as_deref()), ("worker", Some("svc")));
    }

    #[test]
    fn the_last_command_says_what_is_started_though_an_earlier_stage_holds_it() {
        let text = "FROM node AS base\nCMD [\"node\", \"old.js\"]\nCMD [\"node\", \"dist/main.js\"]\nFROM base\nUSER node\n";
        let (_, units) = read("Dockerfile", text);
        assert_eq!(units[0].starts, [(3, Started::File("dist/main.js".to_owned()))]);
    }

    #[test]
    fn arguments_are_parsed_once_and_no_stage_copies_a_long_one() {
        let arguments = (0..100_000).map(|n| format!("a{n}=1")).collect::<Vec<_>>().join(" ");
        let stages = "FROM x:$a99999\n".repeat(4_900);
        let (subjects, _) = read("Dockerfile", &format!("ARG {arguments}\n{stages}"));
        let images: Vec<_> = subjects.iter().filter(|one| one.level() == "image").collect();
        assert_eq!((images.len(), images[4_899].values("image.tag")[0].text()), (4_900, Some("1")));

        let long = "a".repeat(2 * LONGEST);
        let text =
            format!("ARG x={long}\nFROM $x AS a\nUSER {long}\nFROM {long} AS b\nFROM b\nFROM a\nCMD x\n");
        let (subjects, _) = read("Dockerfile", &text);
        for stage in subjects.iter().filter(|one| one.level() == "stage") {
            let longest = stage.values("stage.*").iter().filter_map(|node| node.text()).map(str::len).max();
            assert!(longest < Some(LONGEST));
        }
        assert!(!subjects.iter().any(|one| one.level() == "image" && one.values("image.name").len() > 1));
    }
}
